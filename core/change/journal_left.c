// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/change/journal_left.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "core/change/journal_read.h"
#include "core/model/fail.h"

enum {
	MOST_LOOKED_AT = 10000,
	MOST_TAKEN = 200 // each one keeps two descriptors
};

// One look at the folder.
struct search {
	struct own_folder folder;
	DIR *dir;
	char id[JOURNAL_ID], begin[JOURNAL_ID + 16]; // how the names of this namespace begin
	size_t seen;
	bool take;
	edit_reader *read;
	char *err; // about the first journal that can't be used
	size_t errlen;
};

// 0; -ENOENT if there is no folder, so nothing was ever written; -errno with a sentence in err.
static int search_open(struct search *s)
{
	s->err[0] = '\0';
	int rc = own_folder_open(&s->folder, OWN_STATE, false, s->err, s->errlen);
	if (rc == -ENOENT)
		s->err[0] = '\0';
	if (rc < 0)
		return rc;
	rc = journal_id(s->id);
	int fd = rc < 0 ? -1 : openat(s->folder.fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	s->dir = fd < 0 ? NULL : fdopendir(fd);
	if (s->dir) {
		snprintf(s->begin, sizeof s->begin, "journal-%s-", s->id);
		return 0;
	}
	rc = rc < 0 ? rc : -errno;
	if (fd >= 0)
		close(fd);
	fail(rc, s->err, s->errlen, "cannot search %.*s for undo journals: %s", (int)(s->errlen / 2), s->folder.path,
	     strerror(-rc));
	own_folder_close(&s->folder);
	return rc;
}

static void search_close(struct search *s)
{
	closedir(s->dir);
	own_folder_close(&s->folder);
}

static void say_unused(struct search *s, const char *name, const char *why)
{
	if (!s->err[0])
		snprintf(s->err, s->errlen, "the undo journal %.*s/%s %s", (int)(s->errlen / 3), s->folder.path, name,
			 why);
}

// A journal that was left, and what it says; NULL for a living process's, and for one that can't be used.
static struct journal *open_one(struct search *s, const char *name)
{
	char why[OWN_FILE_WHY];
	struct journal *j = journal_new(&s->folder, name);
	if (!j) {
		say_unused(s, name, strerror(ENOMEM));
		return NULL;
	}
	j->fd = own_file_open(&s->folder, name, s->take ? O_RDWR | O_APPEND : O_RDONLY, why, sizeof why);
	bool gone = j->fd == -ENOENT, held = false;
	if (j->fd >= 0 && !s->take)
		held = journal_is_held(j->fd);
	else if (j->fd >= 0) // whoever had it may have removed it meanwhile
		held = journal_lock(j->fd) < 0 || !own_file_is_at(&j->folder, j->name, j->fd);
	if (!gone && !held && (j->fd < 0 || journal_read(j, s->id, s->read, why, sizeof why) < 0))
		say_unused(s, name, why);
	else if (!gone && !held && (!s->take || !j->torn || ftruncate(j->fd, j->size) == 0))
		return j;
	journal_leave(j);
	return NULL;
}

static struct journal *search_next(struct search *s)
{
	for (struct dirent *entry; (entry = readdir(s->dir));) {
		if (strncmp(entry->d_name, s->begin, strlen(s->begin)) != 0)
			continue;
		if (s->seen++ == MOST_LOOKED_AT) {
			say_unused(s, "", "has too many undo journals; only the first were looked at");
			return NULL;
		}
		struct journal *j = open_one(s, entry->d_name);
		if (j)
			return j;
	}
	return NULL;
}

int journal_adopt(journal_taker *take, void *data, edit_reader *read, char *err, size_t errlen)
{
	struct search s = {.take = true, .read = read, .err = err, .errlen = errlen};
	int rc = search_open(&s);
	if (rc < 0)
		return rc == -ENOENT ? 0 : rc;
	size_t taken = 0;
	for (struct journal *j; rc == 0 && taken < MOST_TAKEN && (j = search_next(&s));) {
		if (!journal_at(j, 0)) {
			journal_close(j);
			continue;
		}
		taken++;
		rc = take(data, j);
	}
	if (rc < 0)
		fail(rc, err, errlen, "cannot take over an undo journal: %s", strerror(-rc));
	else if (taken == MOST_TAKEN && !err[0])
		snprintf(err, errlen, "there may be more undo journals; the next run offers them");
	search_close(&s);
	return rc;
}

unsigned journal_left(edit_reader *read, char *err, size_t errlen)
{
	struct search s = {.read = read, .err = err, .errlen = errlen};
	unsigned n = 0;
	if (search_open(&s) < 0)
		return 0;
	for (struct journal *j; (j = search_next(&s)); journal_leave(j))
		for (size_t i = 0; journal_at(j, i); i++)
			n++;
	search_close(&s);
	return n;
}
