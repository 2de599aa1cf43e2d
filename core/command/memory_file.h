// SPDX-License-Identifier: GPL-3.0-or-later
// A stream into memory that tells when memory ran out: of the C library's own, a write that failed may go unnoticed.
#ifndef BINDWALK_MEMORY_FILE_H
#define BINDWALK_MEMORY_FILE_H

#include <stdio.h>

#include "core/text/growing.h"

struct memory_file {
	FILE *file;
	struct growing text;
};

// 0 or -ENOMEM; then there is nothing to close.
int memory_file_open(struct memory_file *m);
// Ends the writing, which went as `err` says: 0, and m->text is whole and its owner frees m->text.p; or -errno, and it
// is freed.
int memory_file_close(struct memory_file *m, int err);

#endif
