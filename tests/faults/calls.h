// SPDX-License-Identifier: GPL-3.0-or-later
// The calls that can be made to fail, and how. calls.c has the table.
#ifndef BINDWALK_CALLS_H
#define BINDWALK_CALLS_H

// An allocation is reported to the supervisor as a system call that no kernel has.
enum { FAULT_MEMORY = 100000, FAULT_ERRNOS = 2 };

// fail.so ends the program with it where the kernel gives no listener.
enum { FAULT_NO_LISTENER = 98 };

struct fault_call {
	const char *name;
	int number;
	int errnos[FAULT_ERRNOS]; // 0: no more
	unsigned second;          // its second argument must be this; 0: any
};

extern const struct fault_call fault_calls[];
extern const unsigned fault_call_count;

// The environment names the descriptor by this variable, over which fail.so hands out its listener.
#define FAULT_CHANNEL "BINDWALK_FAULT_CHANNEL"

#endif
