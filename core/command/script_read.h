// SPDX-License-Identifier: GPL-3.0-or-later
// Scripts from files and streams.
#ifndef BINDWALK_SCRIPT_READ_H
#define BINDWALK_SCRIPT_READ_H

#include <stdio.h>

#include "core/command/script.h"

enum { SCRIPT_BYTES = 16 << 20 }; // that a script held in memory may have

// Holds all lines of a file, which is not needed any more then. 0; -EFBIG for one of more than SCRIPT_BYTES; -errno.
int script_read(struct script *s, const char *name, FILE *in);
// Takes each line when it is asked for, and forgets the one before: for what comes through a pipe or is being typed. `in` stays
// the caller's, and open. 0 or -ENOMEM.
int script_follow(struct script *s, const char *name, FILE *in);
// Frees what either of them took. It is enough to call it for a zeroed one.
void script_free(struct script *s);

#endif
