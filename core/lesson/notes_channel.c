// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/lesson/notes_channel.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "core/model/fail.h"
#include "core/observe/clock.h"

static const char name[] = "stage";

enum {
	RETRY_MS = 250,
	AT_ONCE = 64 // messages taken in one look: whoever floods us does not keep us from the keyboard
};

// Through the open folder, whatever is put in the place of its path, and however long that is.
static struct sockaddr_un address(const struct own_folder *f, const char *file)
{
	struct sockaddr_un a = {.sun_family = AF_UNIX};
	snprintf(a.sun_path, sizeof a.sun_path, "/proc/self/fd/%d/%s", f->fd, file);
	return a;
}

// Listens under a name of its own, then moves it to where the notes look: whoever sees it there can connect.
static int listen_there(struct notes_sender *s)
{
	char beside[32];
	struct stat st;
	snprintf(beside, sizeof beside, "%s.%d~", name, (int)getpid());
	const struct sockaddr_un a = address(&s->folder, beside);
	unlinkat(s->folder.fd, beside, 0); // of a process with our number that is gone
	s->listener = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (s->listener < 0)
		return -errno;
	int rc = bind(s->listener, (const struct sockaddr *)&a, sizeof a) < 0 ? -errno : 0;
	if (rc < 0)
		return rc;
	if (fchmodat(s->folder.fd, beside, 0600, 0) < 0 || listen(s->listener, NOTES_READERS) < 0 ||
	    fstatat(s->folder.fd, beside, &st, AT_SYMLINK_NOFOLLOW) < 0 ||
	    renameat(s->folder.fd, beside, s->folder.fd, name) < 0) {
		rc = -errno;
		unlinkat(s->folder.fd, beside, 0);
		return rc;
	}
	s->dev = st.st_dev;
	s->ino = st.st_ino;
	return 0;
}

int notes_sender_open(struct notes_sender *s, char *err, size_t errlen)
{
	*s = (struct notes_sender){.listener = -1};
	int rc = own_folder_open(&s->folder, OWN_RUNTIME, true, err, errlen);
	if (rc < 0)
		return rc;
	rc = listen_there(s);
	if (rc < 0) {
		fail(rc, err, errlen, "%s: %s", s->folder.path, strerror(-rc));
		if (s->listener >= 0)
			close(s->listener);
		s->listener = -1;
		own_folder_close(&s->folder);
	}
	return rc;
}

// The page as it is now; NULL before the first, or when memory fails. The caller frees it.
static char *print(const struct notes_sender *s)
{
	struct stage_page now = s->page;
	if (now.elapsed_ms >= 0)
		now.elapsed_ms += now_ms() - s->told;
	return s->told ? stage_page_print(&now) : NULL;
}

// False when the reader has left, or does not read.
static bool give(int fd, const char *page)
{
	struct pollfd there = {.fd = fd};
	return poll(&there, 1, 0) == 0 && (!page || send(fd, page, strlen(page), MSG_DONTWAIT | MSG_NOSIGNAL) >= 0);
}

static void give_all(struct notes_sender *s, const char *page)
{
	unsigned kept = 0;
	for (unsigned i = 0; i < s->readers; i++)
		if (give(s->reader[i], page))
			s->reader[kept++] = s->reader[i];
		else
			close(s->reader[i]);
	s->readers = kept;
}

void notes_sender_accept(struct notes_sender *s)
{
	int fd = s->listener < 0 ? -1 : accept4(s->listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
	if (fd < 0)
		return;
	if (s->readers == NOTES_READERS)
		give_all(s, NULL); // some may have left
	char *page = print(s);
	if (s->readers < NOTES_READERS && give(fd, page))
		s->reader[s->readers++] = fd;
	else
		close(fd);
	free(page);
}

void notes_sender_tell(struct notes_sender *s, const struct stage_page *p)
{
	s->page = *p;
	s->told = now_ms();
	char *page = s->readers ? print(s) : NULL;
	if (page)
		give_all(s, page);
	free(page);
}

void notes_sender_close(struct notes_sender *s)
{
	struct stat st;
	if (s->listener < 0)
		return;
	for (unsigned i = 0; i < s->readers; i++)
		close(s->reader[i]);
	if (fstatat(s->folder.fd, name, &st, AT_SYMLINK_NOFOLLOW) == 0 && st.st_dev == s->dev && st.st_ino == s->ino)
		unlinkat(s->folder.fd, name, 0);
	close(s->listener);
	own_folder_close(&s->folder);
	*s = (struct notes_sender){.listener = -1};
}

// The folder does not stay open: as long as anybody has it open, nobody hears that it was removed.
static int open_folder(struct notes_reader *r, char *err, size_t errlen)
{
	int rc = own_folder_open(&r->folder, OWN_RUNTIME, true, err, errlen);
	if (rc < 0 || r->watch >= 0)
		return rc;
	char path[32];
	snprintf(path, sizeof path, "/proc/self/fd/%d", r->folder.fd);
	r->watch = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
	if (r->watch >= 0 && inotify_add_watch(r->watch, path, IN_MOVED_TO | IN_DELETE_SELF | IN_MOVE_SELF) < 0) {
		close(r->watch);
		r->watch = -1;
	}
	return 0;
}

int notes_reader_open(struct notes_reader *r, char *err, size_t errlen)
{
	*r = (struct notes_reader){.watch = -1, .fd = -1, .next = 0, .last = -RETRY_MS};
	int rc = open_folder(r, err, errlen);
	own_folder_close(&r->folder);
	return rc;
}

static void stop_watching(struct notes_reader *r)
{
	if (r->watch >= 0)
		close(r->watch);
	r->watch = -1;
}

// Has a stage come since, or has the folder gone?
static bool drain_watch(struct notes_reader *r, bool *gone)
{
	char events[4096] __attribute__((aligned(__alignof__(struct inotify_event))));
	bool come = false;
	ssize_t n;
	*gone = false;
	while (r->watch >= 0 && (n = read(r->watch, events, sizeof events)) > 0)
		for (ssize_t at = 0; at < n;) {
			const struct inotify_event *e = (const struct inotify_event *)(events + at);
			come |= e->len && strcmp(e->name, name) == 0;
			come |= (e->mask & IN_Q_OVERFLOW) != 0;
			*gone |= (e->mask & (IN_DELETE_SELF | IN_MOVE_SELF | IN_IGNORED)) != 0;
			at += (ssize_t)(sizeof *e + e->len);
		}
	return come;
}

// A socket, or -errno: -EAGAIN when others wait before us.
static int find_stage(const struct own_folder *f)
{
	const struct sockaddr_un a = address(f, name);
	struct stat st;
	if (fstatat(f->fd, name, &st, AT_SYMLINK_NOFOLLOW) < 0 || !S_ISSOCK(st.st_mode) || st.st_uid != geteuid())
		return -ENOENT;
	int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (fd < 0 || connect(fd, (const struct sockaddr *)&a, sizeof a) == 0)
		return fd < 0 ? -errno : fd;
	int rc = -errno;
	close(fd);
	return rc;
}

// Tries again after a while where nothing tells that a stage has come, and where one lets us go at once.
static void try_stage(struct notes_reader *r, int64_t now)
{
	char err[NOTES_ERROR];
	int fd = open_folder(r, err, sizeof err);
	if (fd == 0)
		fd = find_stage(&r->folder);
	own_folder_close(&r->folder);
	bool again = fd < 0 && (r->watch < 0 || fd == -EAGAIN || fd == -EMFILE || fd == -ENFILE || fd == -ENOMEM);
	r->next = again ? now + RETRY_MS : -1;
	if (fd < 0)
		return;
	r->fd = fd;
	r->last = now;
}

// A stage that lets us go as soon as it is found, as it has no room, is not asked all the time.
static unsigned take(struct notes_reader *r, struct stage_page *out)
{
	static char text[PAGE_BYTES + 1];
	unsigned events = NOTES_NOTHING;
	ssize_t n = 1;
	for (int i = 0; r->fd >= 0 && i < AT_ONCE; i++) {
		n = recv(r->fd, text, sizeof text, MSG_TRUNC);
		if (n <= 0)
			break;
		bool good = (size_t)n <= PAGE_BYTES && stage_page_parse(text, (size_t)n, out);
		events |= good ? NOTES_PAGE : NOTES_STRANGE;
	}
	if (r->fd < 0 || n > 0 || (n < 0 && (errno == EAGAIN || errno == EINTR)))
		return events;
	close(r->fd);
	r->fd = -1;
	int64_t now = now_ms();
	r->next = now - r->last < RETRY_MS ? r->last + RETRY_MS : now;
	return events | NOTES_LOST;
}

unsigned notes_reader_look(struct notes_reader *r, struct stage_page *out)
{
	bool gone, come = drain_watch(r, &gone);
	unsigned events = take(r, out);
	int64_t now = now_ms();
	if (gone) {
		stop_watching(r);
		r->next = now;
	}
	bool due = come || (r->next >= 0 && now >= r->next);
	if (!due)
		return events;
	int before = r->fd;
	r->fd = -1;
	try_stage(r, now);
	if (r->fd < 0) {
		r->fd = before;
		return events;
	}
	if (before >= 0) // an older stage
		close(before);
	return (events & ~(unsigned)NOTES_LOST) | NOTES_FOUND | take(r, out);
}

int notes_reader_patience(const struct notes_reader *r)
{
	if (r->next < 0)
		return -1;
	int64_t left = r->next - now_ms();
	return left < 0 ? 0 : (int)left;
}

void notes_reader_close(struct notes_reader *r)
{
	if (r->fd >= 0)
		close(r->fd);
	r->fd = -1;
	stop_watching(r);
}
