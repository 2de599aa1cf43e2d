// SPDX-License-Identifier: GPL-3.0-or-later
// The credentials of a process, as /proc/PID/status has them: ids, groups, capability sets. Numbers are those of the
// calling thread's user namespace, in which what has no number shows as the overflow id.
#ifndef BINDWALK_CREDENTIALS_H
#define BINDWALK_CREDENTIALS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "core/model/tri.h"

enum which_id { ID_REAL, ID_EFFECTIVE, ID_SAVED, ID_FS, IDS };

struct credentials {
	uint32_t uid[IDS], gid[IDS];
	uint64_t inheritable, permitted, effective, bounding, ambient;
	bool no_new_privs;
	enum tri seccomp;      // under a filter
	unsigned long filters; // how many, 0 where the kernel does not say (before 5.9)
	char comm[64];         // with the escapes that status has
	char state;            // R, S, Z, ...
	const char *groups;    // of `text`: the numbers, up to the line's end
	char text[1 << 16];
};

// Of process `pid`, or of the calling thread with 0. 0, or -errno: -ESRCH for none, -EBADMSG for a text that is no
// status.
int credentials_read(pid_t pid, struct credentials *out);
// Those in a status text; out->text may be the text itself. 0 or -EBADMSG.
int credentials_parse(const char *text, struct credentials *out);
// The next number of the list of groups, and *at moves on. False at the end. *at begins as c->groups.
bool credentials_next_group(const char **at, uint32_t *gid);
// The same groups, in whatever order the kernel lists them, and the same group ids?
bool credentials_same_groups(const struct credentials *a, const struct credentials *b);

#endif
