// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/change/journal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/model/fail.h"

// A record is written whole or not at all.
static int write_record(struct journal *j, const char *text, size_t len)
{
	int rc = own_file_write(j->fd, text, len);
	if (rc == 0 && fdatasync(j->fd) < 0)
		rc = -errno;
	if (rc == 0)
		j->size += (off_t)len;
	else if (ftruncate(j->fd, j->size) < 0)
		return -errno;
	return rc;
}

// Until a new file is locked somebody else may take it for one that was left, and remove it: then it is not ours.
static int make_file(struct journal *j)
{
	char why[OWN_FILE_WHY];
	int fd = own_file_open(&j->folder, j->name, O_RDWR | O_CREAT | O_EXCL | O_APPEND, why, sizeof why);
	if (fd < 0)
		return fd == -EEXIST || fd == -ENOENT ? -EAGAIN : fd;
	int rc = journal_lock(fd);
	if (rc == 0 && own_file_is_at(&j->folder, j->name, fd)) {
		j->fd = fd;
		return 0;
	}
	close(fd);
	return rc == 0 || rc == -EACCES ? -EAGAIN : rc;
}

static int write_head(struct journal *j, const char *id)
{
	char head[JOURNAL_HEAD];
	int rc = write_record(j, head, journal_head(id, head));
	j->head = j->size;
	fsync(j->folder.fd); // the name itself must be on the disk as well
	return rc;
}

static int make_journal(struct journal **out, const struct own_folder *f, const char *id)
{
	enum { TRIES = 1000 };
	char name[JOURNAL_ID + 40];
	int rc = -EAGAIN;
	// A number that was used before belongs to somebody who is gone, or who is in another namespace of processes.
	for (unsigned i = 0; rc == -EAGAIN && i < TRIES; i++) {
		snprintf(name, sizeof name, "journal-%s-%d.%u", id, (int)getpid(), i);
		struct journal *j = journal_new(f, name);
		rc = j ? make_file(j) : -ENOMEM;
		if (rc == 0)
			rc = write_head(j, id);
		if (rc == 0)
			*out = j;
		else
			journal_close(j);
	}
	return rc;
}

int journal_open(struct journal **out, char *err, size_t errlen)
{
	char id[JOURNAL_ID], why[JOURNAL_ERROR];
	struct own_folder folder;
	*out = NULL;
	int rc = own_folder_open(&folder, OWN_STATE, true, why, sizeof why);
	if (rc < 0)
		return fail(rc, err, errlen, "no place for the undo journal: %s", why);
	rc = journal_id(id);
	if (rc == 0)
		rc = make_journal(out, &folder, id);
	if (rc < 0)
		fail(rc, err, errlen, "cannot write the undo journal in %.*s: %s", (int)(errlen / 2), folder.path,
		     strerror(-rc));
	own_folder_close(&folder);
	return rc;
}

void journal_close(struct journal *j)
{
	if (j && j->fd >= 0 && j->n == j->done && own_file_is_at(&j->folder, j->name, j->fd))
		unlinkat(j->folder.fd, j->name, 0);
	journal_leave(j);
}

struct journal_change *journal_at(struct journal *j, size_t n)
{
	return n < j->n ? &j->changes[n] : NULL;
}

const char *journal_path(const struct journal *j)
{
	return j->path;
}

// A full journal begins anew when nothing in it counts any more.
static int make_room(struct journal *j, size_t len)
{
	if (j->size + (off_t)len <= JOURNAL_BYTES && j->n < JOURNAL_CHANGES)
		return 0;
	if (j->n > j->done)
		return -EFBIG;
	if (ftruncate(j->fd, j->head) < 0)
		return -errno;
	j->size = j->head;
	return 0;
}

int journal_begin(struct journal *j, const struct edit *e, const struct inventory *back)
{
	char *text = NULL, line[EDIT_TEXT];
	size_t len = 0;
	unsigned number = j->last + 1;
	if (!own_file_is_at(&j->folder, j->name, j->fd))
		return -ENOENT;
	FILE *f = open_memstream(&text, &len);
	if (!f)
		return -errno;
	fprintf(f, "change %u %s\n", number, edit_print(e, line, sizeof line));
	for (size_t i = 0; i < back->n; i++)
		fprintf(f, "back %u %s\n", number, edit_print(&back->edits[i], line, sizeof line));
	fprintf(f, "ready %u\n", number);
	int rc = fclose(f) != 0 ? -ENOMEM : make_room(j, len);
	if (rc == 0)
		rc = journal_add(j, &(struct journal_change){.number = number});
	if (rc == 0 && (rc = write_record(j, text, len)) < 0)
		journal_remove(j, number);
	free(text);
	return rc < 0 ? rc : (int)number;
}

void journal_end(struct journal *j, unsigned number, const char *what)
{
	char line[64];
	int n = snprintf(line, sizeof line, "%s %u\n", what, number);
	write_record(j, line, (size_t)n);
	journal_remove(j, number);
}

int journal_keep(struct journal *j)
{
	int rc = write_record(j, "kept\n", 5);
	if (rc == 0)
		journal_clear(j);
	return rc;
}
