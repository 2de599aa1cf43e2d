// SPDX-License-Identifier: GPL-3.0-or-later
// A program on a terminal of its own, measured from outside. Times are in milliseconds.
#ifndef BINDWALK_WATCHED_H
#define BINDWALK_WATCHED_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct watched {
	pid_t pid;
	int fd;
	double began, last; // when it was started, and when its last bytes came
	size_t bytes;
};

// What all its threads have used so far.
struct cost {
	double cpu;
	unsigned long runs; // how often one of them got a processor
};

double now_ms(void);

// Starts argv on a terminal of that size. Prints an error and exits where no terminal can be opened.
void watched_start(struct watched *w, int rows, int cols, char **argv);
// Waits until there is something to read.
void watched_await(const struct watched *w, double most);
// Reads until nothing has come for `gap`, or `most` is over. Returns how many bytes came.
size_t watched_listen(struct watched *w, double gap, double most);
// Reads until it has neither written anything nor used the processor for a while. False: it goes on for longer than
// `most`.
bool watched_settle(struct watched *w, double most);
void watched_type(const struct watched *w, const char *keys);
struct cost watched_cost(const struct watched *w);
// Peak memory in KiB; -1 where it is not known.
long watched_peak(const struct watched *w);
// SIGTERM, and SIGKILL if that does not end it.
void watched_end(struct watched *w);

#endif
