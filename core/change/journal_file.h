// SPDX-License-Identifier: GPL-3.0-or-later
// The open file of a journal, and the changes in it that are still to be undone: what core/change/journal*.c share.
#ifndef BINDWALK_JOURNAL_FILE_H
#define BINDWALK_JOURNAL_FILE_H

#include <sys/types.h>

#include "core/change/inventory.h"
#include "core/change/own_file.h"

enum {
	JOURNAL_ID = 96,
	JOURNAL_HEAD = 256,
	// Nothing more is begun in a journal of this size. One that is read may be larger by the records of its ends.
	JOURNAL_BYTES = 4 << 20,
	JOURNAL_CHANGES = 16384
};

// One change that is still to be undone, and its way back, in order.
struct journal_change {
	unsigned number;
	bool done;
	struct edit edit;
	struct inventory back; // an adopter may move it out
};

struct journal {
	struct own_folder folder;
	char path[PATH_MAX];
	const char *name;               // in path
	int fd;                         // locked, unless it is only looked at
	off_t size;                     // of whole records
	off_t head;                     // of the first line
	bool torn;                      // something follows its whole records
	unsigned last;                  // number of the latest change
	struct journal_change *changes; // in ascending order of their numbers
	size_t n, cap;
	size_t done; // how many of them are over
};

// "4026531840.17-" and the boot: what the changes of this thread's namespace are filed under. 0 or -errno.
int journal_id(char out[static JOURNAL_ID]);
// The first line of a journal. Returns its length.
size_t journal_head(const char *id, char out[static JOURNAL_HEAD]);
// A journal in folder f, which it copies: open, nothing read yet. NULL when out of memory.
struct journal *journal_new(const struct own_folder *f, const char *name);
// Frees it and leaves the file.
void journal_leave(struct journal *j);
// Adds a change, whose `back` is moved. 0 or -ENOMEM.
int journal_add(struct journal *j, struct journal_change *c);
// The change is over. One that is unknown is as well.
void journal_remove(struct journal *j, unsigned number);
// All changes are.
void journal_clear(struct journal *j);
// Nobody else can hold it. 0 or -errno. The lock is the open file's, and on NFS holds for all hosts.
int journal_lock(int fd);
// Does a living process hold it, or is that unknown?
bool journal_is_held(int fd);

#endif
