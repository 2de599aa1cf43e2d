// SPDX-License-Identifier: GPL-3.0-or-later
// Scripts from files and streams.
#ifndef BINDWALK_SCRIPT_READ_H
#define BINDWALK_SCRIPT_READ_H

#include <stdio.h>

#include "core/command/script.h"

enum { SCRIPT_BYTES = 16 << 20 }; // that a file may have

// Reads a whole file into memory. 0; -EFBIG for one of more than SCRIPT_BYTES; -errno.
int script_read(struct script *s, const char *name, FILE *in);
// Reads each line when it is asked for, and keeps only that one: for pipes, and for what is being typed. `in` stays the
// caller's, and open. 0 or -ENOMEM.
int script_follow(struct script *s, const char *name, FILE *in);
// Frees what either of them allocated; a zeroed script is fine.
void script_free(struct script *s);

#endif
