// SPDX-License-Identifier: GPL-3.0-or-later
// A call of a kernel function, as it was witnessed, in words. Pure.
#ifndef BINDWALK_CALL_TEXT_H
#define BINDWALK_CALL_TEXT_H

#include "core/model/host.h"
#include "core/model/kernel_call.h"
#include "core/text/rows.h"

enum { CALL_ARGUMENTS = 4, CALL_WORDS = 80 };

struct call_argument {
	const char *name; // the key in JSON: "table"
	const char *lead; // what stands before it in a line: "table ", or ""
	bool is_number;
	int64_t number;
	bool is_endpoint;      // an address with the call's port and scope
	char text[CALL_WORDS]; // "local"
};

// Those that were read, of which there are at most CALL_ARGUMENTS. `h` names devices; NULL where the call was in
// another network. Returns how many.
unsigned call_arguments(const struct kernel_call *c, const struct host *h, struct call_argument out[CALL_ARGUMENTS]);

struct call_value {
	char number[16];  // "-98", "0x20011"; "" for a pointer
	const char *name; // "EADDRINUSE", "RTN_UNICAST", "NULL"; NULL where a number has none
	char note[40];    // "no route found"; "" for none
};
struct call_value call_value(const struct kernel_call *c);

// Appends "-11 EAGAIN: no route found", or without the `note`.
void call_add_value(const struct kernel_call *c, bool note, struct row *out);
// Appends "inet_addr_type_table(192.168.123.123, table local) = 1 RTN_UNICAST  +1,204 ns"; the time is that since the
// entry of bind. Where `width` columns are too few, the time goes first, then the note, then the arguments.
void call_add(const struct kernel_call *c, const struct host *h, unsigned width, struct row *out);

#endif
