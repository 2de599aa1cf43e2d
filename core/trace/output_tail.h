// SPDX-License-Identifier: GPL-3.0-or-later
// The last lines that a program writes to a pipe, read on a thread: the program never waits for the screen.
#ifndef BINDWALK_OUTPUT_TAIL_H
#define BINDWALK_OUTPUT_TAIL_H

enum { TAIL_LINES = 100, TAIL_TEXT = 320 };

struct output_tail;

// Makes the pipe; *write_end is the caller's to close. After each read, 1 is written to the eventfd `news`,
// which is lent. 0 or -errno.
int output_tail_open(int news, struct output_tail **out, int *write_end);
// Waits for the thread, which ends at once, whoever still has the pipe. NULL is fine.
void output_tail_close(struct output_tail *t);
// Hands over the lines that came since the last time, the newest TAIL_LINES of them: raw bytes, at most TAIL_TEXT - 1;
// what is longer was cut. A line without an end comes when the last writer is gone. Empty ones are left out.
void output_tail_take(struct output_tail *t, void (*line)(void *data, const char *text), void *data);

#endif
