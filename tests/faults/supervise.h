// SPDX-License-Identifier: GPL-3.0-or-later
// Decides, on a thread, which call of the program under test fails. A call is known by what is called, by where in the
// program it is called from, and by how often that was before; so other threads of the program don't shift it.
#ifndef BINDWALK_SUPERVISE_H
#define BINDWALK_SUPERVISE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

enum { SITE_DEPTH = 2, SITE_CALLS = 1 << 17 };

struct site {
	unsigned call;           // of fault_calls
	uint32_t at[SITE_DEPTH]; // return addresses in the program, from its beginning; 0: none was found
	unsigned before;         // calls of the same kind from there
};

struct fault {
	struct site site;
	int err;
};

// Shared between the process that supervises and the one that counts.
struct trace {
	struct fault fault; // err 0: none
	bool done;
	// A fault that is part of the scenario: from when it is set on, the next such call fails; -1 for none.
	int given, given_errno;
	unsigned after; // how many calls there were before it; 0: it did not come
	unsigned n;     // of calls
	struct site calls[SITE_CALLS];
};

// Sets the environment up for the next program that is started. False when that can't be.
bool supervise_begin(const char *preload, struct trace *t);
// After it was started.
void supervise_child(void);
// When it has ended.
void supervise_end(void);

#endif
