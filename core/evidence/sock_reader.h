// SPDX-License-Identifier: GPL-3.0-or-later
// Reads all sockets of the calling thread's network namespace, and their owners, on a separate thread, so that the
// screen never waits for a long list.
#ifndef BINDWALK_SOCK_READER_H
#define BINDWALK_SOCK_READER_H

#include "core/model/sock_table.h"

struct sock_reader;

// 0 or -errno. Starts no thread before the first reading.
int sock_reader_open(struct sock_reader **out);
// Waits for the end of a reading. NULL is fine.
void sock_reader_close(struct sock_reader *r);
// Becomes readable when a reading is done.
int sock_reader_fd(const struct sock_reader *r);
// Starts a reading unless one is running. Never blocks. The table will show `when` as its time.
void sock_reader_begin(struct sock_reader *r, const struct host *h, const char *when);
// Is a reading running?
bool sock_reader_busy(const struct sock_reader *r);
// Takes over a finished reading: 1; 0 if there is none; or -errno.
int sock_reader_take(struct sock_reader *r);
// The last reading; valid until the next sock_reader_take().
const struct sock_table *sock_reader_table(const struct sock_reader *r);

#endif
