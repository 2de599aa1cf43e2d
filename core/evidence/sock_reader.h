// SPDX-License-Identifier: GPL-3.0-or-later
// Reads all sockets of the calling thread's network namespace, and whose they are, on a thread of its own: where there
// are many, the screen must not wait for it.
#ifndef BINDWALK_SOCK_READER_H
#define BINDWALK_SOCK_READER_H

#include "core/model/sock_table.h"

struct sock_reader;

// 0 or -errno. Begins no thread before it is asked to read.
int sock_reader_open(struct sock_reader **out);
// Waits for the end of a reading. NULL is fine.
void sock_reader_close(struct sock_reader *r);
// Becomes readable when a reading is done.
int sock_reader_fd(const struct sock_reader *r);
// Reads, unless a reading goes on already. Never blocks. `when` is the time that the table will show.
void sock_reader_begin(struct sock_reader *r, const struct host *h, const char *when);
// Does a reading go on?
bool sock_reader_busy(const struct sock_reader *r);
// Takes over what was read: 1, 0 if nothing was, or -errno.
int sock_reader_take(struct sock_reader *r);
// The last one; valid until the next sock_reader_take().
const struct sock_table *sock_reader_table(const struct sock_reader *r);

#endif
