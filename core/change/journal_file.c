// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/change/journal_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/observe/proc.h"

#ifndef SO_NETNS_COOKIE
#define SO_NETNS_COOKIE 71
#endif

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

int journal_id(char out[static JOURNAL_ID])
{
	struct stat st;
	char boot[40] = "";
	if (stat("/proc/thread-self/ns/net", &st) < 0)
		return -errno;
	ssize_t n = proc_read("", "/proc/sys/kernel/random/boot_id", boot, sizeof boot);
	if (n < 0)
		return (int)n;
	boot[strcspn(boot, "\n")] = '\0';
	snprintf(out, JOURNAL_ID, "%lu.%llu-%.36s", (unsigned long)st.st_ino, netns_cookie(), boot);
	return 0;
}

size_t journal_head(const char *id, char out[static JOURNAL_HEAD])
{
	return (size_t)snprintf(out, JOURNAL_HEAD,
				"# What bindwalk changed in network namespace %s, and how to undo it.\n", id);
}

struct journal *journal_new(const struct own_folder *f, const char *name)
{
	struct journal *j = calloc(1, sizeof *j);
	if (!j)
		return NULL;
	j->fd = -1;
	j->folder = *f;
	j->folder.fd = fcntl(f->fd, F_DUPFD_CLOEXEC, 0);
	int n = snprintf(j->path, sizeof j->path, "%s/", f->path);
	snprintf(j->path + n, sizeof j->path - (size_t)n, "%s", name);
	j->name = j->path + n;
	return j;
}

int journal_lock(int fd)
{
	struct flock whole = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
	return fcntl(fd, F_OFD_SETLK, &whole) < 0 ? -errno : 0;
}

bool journal_is_held(int fd)
{
	struct flock whole = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
	return fcntl(fd, F_OFD_GETLK, &whole) < 0 || whole.l_type != F_UNLCK;
}

void journal_clear(struct journal *j)
{
	for (size_t i = 0; i < j->n; i++)
		inventory_free(&j->changes[i].back);
	j->n = j->done = 0;
}

void journal_leave(struct journal *j)
{
	if (!j)
		return;
	journal_clear(j);
	free(j->changes);
	if (j->fd >= 0)
		close(j->fd);
	own_folder_close(&j->folder);
	free(j);
}

int journal_add(struct journal *j, struct journal_change *c)
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
	j->last = c->number;
	*c = (struct journal_change){0};
	return 0;
}

static int by_number(const void *a, const void *b)
{
	const struct journal_change *x = a, *y = b;
	return x->number < y->number ? -1 : x->number > y->number;
}

void journal_remove(struct journal *j, unsigned number)
{
	struct journal_change key = {.number = number};
	struct journal_change *c = j->n ? bsearch(&key, j->changes, j->n, sizeof key, by_number) : NULL;
	if (!c || c->done)
		return;
	inventory_free(&c->back);
	c->done = true;
	j->done++;
	for (; j->n > 0 && j->changes[j->n - 1].done; j->n--)
		j->done--;
}
