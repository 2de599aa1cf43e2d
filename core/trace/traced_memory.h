// SPDX-License-Identifier: GPL-3.0-or-later
// Bytes of a traced thread's memory.
#ifndef BINDWALK_TRACED_MEMORY_H
#define BINDWALK_TRACED_MEMORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

// Of a stopped thread of ours. How many bytes could be read: fewer than `len` where its memory ends before.
size_t traced_memory_read(pid_t tid, uint64_t from, void *to, size_t len);
// May the thread itself read so many bytes there, at most those of a sockaddr_storage? False where nobody can tell.
bool traced_memory_is_open(pid_t tid, uint64_t from, int len);

#endif
