// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/change/journal.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/change/state_dir.h"
#include "core/observe/proc.h"

#ifndef SO_NETNS_COOKIE
#define SO_NETNS_COOKIE 71
#endif

enum { ID = 96 };

struct journal {
	char path[PATH_MAX];
	int fd;        // locked
	unsigned last; // number of the latest change
	struct journal_change *changes;
	size_t n, cap;
};

// What no other namespace of this boot has, unlike its inode's number; 0 before Linux 5.14.
static unsigned long long netns_cookie(void)
{
	uint64_t cookie = 0;
	socklen_t len = sizeof cookie;
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0 || getsockopt(fd, SOL_SOCKET, SO_NETNS_COOKIE, &cookie, &len) < 0)
		cookie = 0;
	if (fd >= 0)
		close(fd);
	return cookie;
}

// "4026531840.17-" and the boot: what a journal's changes are about.
static int namespace_id(char out[static ID])
{
	struct stat st;
	char boot[40] = "";
	if (stat("/proc/thread-self/ns/net", &st) < 0)
		return -errno;
	ssize_t n = proc_read("", "/proc/sys/kernel/random/boot_id", boot, sizeof boot);
	if (n < 0)
		return (int)n;
	boot[strcspn(boot, "\n")] = '\0';
	snprintf(out, ID, "%lu.%llu-%.36s", (unsigned long)st.st_ino, netns_cookie(), boot);
	return 0;
}

static int folder(char *out, size_t len, char *err, size_t errlen)
{
	int rc = state_dir(out, len);
	if (rc < 0)
		snprintf(err, errlen, "no place for the undo journal: neither XDG_STATE_HOME nor HOME is a folder");
	return rc;
}

static int no_journal(int rc, const char *path, char *err, size_t errlen)
{
	snprintf(err, errlen, "the undo journal %.*s can't be written: %s", (int)(errlen / 2), path, strerror(-rc));
	return rc;
}

static int write_text(struct journal *j, const char *text, size_t len)
{
	while (len > 0) {
		ssize_t n = write(j->fd, text, len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		text += n;
		len -= (size_t)n;
	}
	return fdatasync(j->fd) < 0 ? -errno : 0;
}

int journal_open(struct journal **out, char *err, size_t errlen)
{
	char id[ID], dir[PATH_MAX - 128], head[256];
	*out = NULL;
	struct journal *j = calloc(1, sizeof *j);
	if (!j)
		return -ENOMEM;
	j->fd = -1;
	int rc = folder(dir, sizeof dir, err, errlen);
	if (rc < 0)
		goto fail;
	rc = state_dir_make(dir);
	if (rc == 0)
		rc = namespace_id(id);
	if (rc < 0) {
		no_journal(rc, dir, err, errlen);
		goto fail;
	}
	// A number that was used before belongs to somebody who is gone, or who is in another namespace of processes.
	for (unsigned i = 0; j->fd < 0 && i < 1000; i++) {
		snprintf(j->path, sizeof j->path, "%s/journal-%s-%d.%u", dir, id, (int)getpid(), i);
		j->fd = open(j->path, O_RDWR | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, 0600);
		if (j->fd < 0 && errno != EEXIST)
			break;
	}
	rc = j->fd < 0 || flock(j->fd, LOCK_EX | LOCK_NB) < 0 ? -errno : 0;
	int n = snprintf(head, sizeof head,
			 "# What bindwalk changed in network namespace %s, and how to take it back.\n", id);
	if (rc == 0)
		rc = write_text(j, head, (size_t)n);
	int at = rc == 0 ? open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
	if (at >= 0) { // the name itself must be on the disk, too
		fsync(at);
		close(at);
	}
	if (rc == 0) {
		*out = j;
		return 0;
	}
	no_journal(rc, j->path, err, errlen);
fail:
	journal_close(j);
	return rc;
}

static void drop_changes(struct journal *j)
{
	for (size_t i = 0; i < j->n; i++)
		inventory_free(&j->changes[i].back);
	j->n = 0;
}

static void leave(struct journal *j)
{
	drop_changes(j);
	free(j->changes);
	if (j->fd >= 0)
		close(j->fd);
	free(j);
}

void journal_close(struct journal *j)
{
	if (!j)
		return;
	if (j->fd >= 0 && j->n == 0)
		unlink(j->path);
	leave(j);
}

struct journal_change *journal_at(struct journal *j, size_t n)
{
	return n < j->n ? &j->changes[n] : NULL;
}

const char *journal_path(const struct journal *j)
{
	return j->path;
}

// Adds a change, whose `back` is moved. 0 or -ENOMEM.
static int add_change(struct journal *j, struct journal_change *c)
{
	if (j->n == j->cap) {
		size_t cap = j->cap ? j->cap * 2 : 8;
		struct journal_change *more = realloc(j->changes, cap * sizeof *more);
		if (!more)
			return -ENOMEM;
		j->changes = more;
		j->cap = cap;
	}
	j->changes[j->n++] = *c;
	j->last = c->number > j->last ? c->number : j->last;
	*c = (struct journal_change){0};
	return 0;
}

static void remove_change(struct journal *j, unsigned number)
{
	size_t kept = 0;
	for (size_t i = 0; i < j->n; i++)
		if (j->changes[i].number != number)
			j->changes[kept++] = j->changes[i];
		else
			inventory_free(&j->changes[i].back);
	j->n = kept;
}

int journal_begin(struct journal *j, const struct edit *e, const struct inventory *back)
{
	char *text = NULL, line[EDIT_TEXT];
	size_t len = 0;
	unsigned number = j->last + 1;
	FILE *f = open_memstream(&text, &len);
	if (!f)
		return -errno;
	fprintf(f, "change %u %s\n", number, edit_print(e, line, sizeof line));
	for (size_t i = 0; i < back->n; i++)
		fprintf(f, "back %u %s\n", number, edit_print(&back->edits[i], line, sizeof line));
	fprintf(f, "ready %u\n", number);
	int rc = fclose(f) != 0 ? -ENOMEM : add_change(j, &(struct journal_change){.number = number});
	if (rc == 0 && (rc = write_text(j, text, len)) < 0)
		j->n--;
	free(text);
	return rc < 0 ? rc : (int)number;
}

void journal_end(struct journal *j, unsigned number, const char *what)
{
	char line[64];
	int n = snprintf(line, sizeof line, "%s %u\n", what, number);
	write_text(j, line, (size_t)n);
	remove_change(j, number);
}

int journal_keep(struct journal *j)
{
	int rc = write_text(j, "kept\n", 5);
	if (rc == 0)
		drop_changes(j);
	return rc;
}

// One whole line of a journal. What is not understood is left out: better to undo less than something else.
static int take_line(struct journal *j, edit_reader *read, struct journal_change *begun, char *line)
{
	char what[16], err[EDIT_ERROR];
	unsigned number;
	int at = 0;
	struct edit e[2];
	if (line[0] == '#')
		return 0;
	if (strcmp(line, "kept") == 0) {
		drop_changes(j);
		return 0;
	}
	if (sscanf(line, "%15s %u%n", what, &number, &at) != 2)
		return 0;
	bool change = strcmp(what, "change") == 0, back = strcmp(what, "back") == 0;
	if (change || back) {
		if (read(line + at, e, err, sizeof err) != 1)
			return 0;
		if (change) {
			inventory_free(&begun->back);
			*begun = (struct journal_change){.number = number, .edit = e[0]};
			return 0;
		}
		return begun->number == number ? inventory_add(&begun->back, &e[0]) : 0;
	}
	if (strcmp(what, "ready") == 0)
		return begun->number == number ? add_change(j, begun) : 0;
	if (strcmp(what, "undone") == 0 || strcmp(what, "failed") == 0)
		remove_change(j, number);
	return 0;
}

static int read_journal(struct journal *j, edit_reader *read)
{
	struct journal_change begun = {0};
	char *line = NULL;
	size_t room = 0;
	int fd = dup(j->fd), rc = 0;
	FILE *f = fd < 0 ? NULL : fdopen(fd, "r");
	if (!f) {
		rc = -errno;
		if (fd >= 0)
			close(fd);
		return rc;
	}
	rewind(f);
	for (ssize_t n; rc == 0 && (n = getline(&line, &room, f)) > 0;) {
		if (line[n - 1] != '\n')
			break; // torn off in the middle: the change was not made
		line[n - 1] = '\0';
		rc = take_line(j, read, &begun, line);
	}
	inventory_free(&begun.back);
	free(line);
	fclose(f);
	return rc;
}

// The boot in a journal's name is not this one: its namespace is gone.
static bool is_of_old_boot(const char *name, const char *id)
{
	const char *boot = strchr(id, '-');
	const char *dash = strchr(name + strlen("journal-"), '-');
	return dash && strncmp(dash, boot, strlen(boot)) != 0;
}

int journal_adopt(struct journal **out, edit_reader *read, char *err, size_t errlen)
{
	char id[ID], dir[PATH_MAX - 300], mine[ID + 16];
	*out = NULL;
	int rc = folder(dir, sizeof dir, err, errlen);
	if (rc < 0)
		return -ENOENT; // nothing was ever written
	if ((rc = namespace_id(id)) < 0)
		return no_journal(rc, dir, err, errlen);
	snprintf(mine, sizeof mine, "journal-%s-", id);
	DIR *d = opendir(dir);
	if (!d)
		return errno == ENOENT ? -ENOENT : no_journal(-errno, dir, err, errlen);
	rc = -ENOENT;
	for (struct dirent *entry; rc == -ENOENT && (entry = readdir(d));) {
		bool here = strncmp(entry->d_name, mine, strlen(mine)) == 0;
		if (strncmp(entry->d_name, "journal-", 8) != 0 || (!here && !is_of_old_boot(entry->d_name, id)))
			continue;
		struct journal *j = calloc(1, sizeof *j);
		if (!j) {
			rc = no_journal(-ENOMEM, dir, err, errlen);
			break;
		}
		snprintf(j->path, sizeof j->path, "%s/%s", dir, entry->d_name);
		j->fd = open(j->path, O_RDWR | O_APPEND | O_NOFOLLOW | O_CLOEXEC);
		bool gone = j->fd >= 0 && flock(j->fd, LOCK_EX | LOCK_NB) == 0;
		int failed = gone && here ? read_journal(j, read) : 0;
		if (gone && !failed && j->n > 0) {
			*out = j;
			rc = 0;
		} else if (!gone || failed) { // a living process's, or unreadable: left alone
			leave(j);
		} else {
			journal_close(j);
		}
	}
	closedir(d);
	return rc;
}

unsigned journal_left(edit_reader *read)
{
	char err[EDIT_ERROR];
	struct journal *j;
	if (journal_adopt(&j, read, err, sizeof err) < 0)
		return 0;
	// While this one is held it is not found again.
	unsigned n = (unsigned)j->n + journal_left(read);
	journal_close(j);
	return n;
}
