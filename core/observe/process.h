// SPDX-License-Identifier: GPL-3.0-or-later
// Another process, and in what it differs from the calling thread as far as bind can tell.
#ifndef BINDWALK_PROCESS_H
#define BINDWALK_PROCESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "core/model/caller.h"
#include "core/observe/credentials.h"

// Can process `pid` bind anything at all? 0; -ESRCH for none, or one that has exited; -EINVAL for a thread of the
// kernel; with a sentence in err.
int process_check(pid_t pid, char *err, size_t errlen);

// Is there a process (or thread) of that id that had begun by then, in nanoseconds since 1970? Another one may have got
// the number of one that is gone.
bool process_is_from_before(pid_t pid, int64_t when);

// Who it is, and in what it differs from the calling thread: the set of DIFFERS() that can be seen. 0 or -errno, and
// then nothing is known.
int process_compare(pid_t pid, char *comm, size_t len, unsigned *differs);

// The part of it that their credentials show: uid, groups, capabilities, no_new_privs, seccomp filters.
unsigned process_credentials_differ(const struct credentials *own, const struct credentials *its);

// Are both in the same user namespace? UNKNOWN where that can't be seen.
enum tri process_same_user_ns(pid_t pid);

#endif
