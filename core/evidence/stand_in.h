// SPDX-License-Identifier: GPL-3.0-or-later
// A child that is somebody else does something in our place, so that nothing of this process changes: its threads, its
// dumpable flag, its capabilities.
#ifndef BINDWALK_STAND_IN_H
#define BINDWALK_STAND_IN_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "core/model/caller.h"

// The function to run: fills *result, which is copied to this process. 0 or -errno.
typedef int stand_in_fn(const void *data, void *result);

enum { STAND_IN_RESULT = 2048 }; // bytes of a result at most: with what goes before them they come whole (PIPE_BUF)

// By a child with the caller's uid and the capabilities that its `unprivileged` says, in each of the sets; the result
// has `len` bytes. 0 or -errno: its own, or -EPERM where the uid or the sets can't be taken.
int stand_in_lowered(const struct caller *c, stand_in_fn *run, const void *data, void *result, size_t len);
// The set of effective capabilities that is left then.
uint64_t stand_in_keeps(enum unprivileged how);

// By a child with the user namespace, uids, groups and capabilities of process `pid`; this process has one thread.
// *missing: the set of DIFFERS() of those that could not be taken on. Where one of `needed` is among them nothing is
// done, and *result is left alone. 0 or -errno.
int stand_in_process(pid_t pid, unsigned needed, stand_in_fn *run, const void *data, void *result, size_t len,
		     unsigned *missing);

#endif
