// SPDX-License-Identifier: GPL-3.0-or-later
// A remedy as a value: what to do against a refusal, what it costs, and how it ends. Pure.
#ifndef BINDWALK_REMEDY_VALUE_H
#define BINDWALK_REMEDY_VALUE_H

#include "core/model/attempt.h"
#include "core/model/remedy_program.h"
#include "core/model/step.h"

enum remedy_kind {
	REMEDY_OPTION,     // a socket option
	REMEDY_SCOPE,      // ADDRESS%INTERFACE
	REMEDY_DEVICE,     // the interface that the socket is bound to
	REMEDY_PORT,       // another port
	REMEDY_ADDRESS,    // another address, or one more on the host
	REMEDY_ROUTE,      // a local route
	REMEDY_LINK,       // the state of an interface
	REMEDY_SYSCTL,     // a sysctl
	REMEDY_WAIT,       // time alone
	REMEDY_CAPABILITY, // a capability of the process
	REMEDY_GROUP,      // a group of the process
	REMEDY_USER,       // the user of the process
	REMEDY_FAMILY,     // a socket of the other address family
	REMEDY_OTHER,      // another kind of socket, another program stopped
	REMEDY_KIND_COUNT
};

enum remedy_needs { NEEDS_NOTHING, NEEDS_NET_RAW, NEEDS_NET_ADMIN, NEEDS_ROOT, NEEDS_COUNT };

// Whom it concerns.
enum remedy_reach { REACH_SOCKET, REACH_PROGRAM, REACH_OTHER_PROGRAM, REACH_HOST, REACH_COUNT };

enum { REMEDIES = 14, REMEDY_COMMANDS = 3, REMEDY_COMMAND = 128 };

struct remedy {
	char change[224];  // what to do now: a command, or a sentence without its stop
	char keep[176];    // how to keep it, "" if the change is permanent already
	const char *price; // whom it concerns and which privilege it needs
	// The model is certain: the bind succeeds after it, or fails as `then` says. Otherwise it may be enough: that
	// rests on what can't be seen.
	bool verified;
	bool mends;   // undoes the very cause, so it comes first
	bool joined;  // of several changes, each past one obstacle
	bool by_hand; // at least a part is for another program, a process or a cable: nothing that commands[] do
	bool waits;   // at least a part is waiting
	enum remedy_kind kind;
	enum remedy_needs needs;
	enum remedy_reach reach;
	struct spelling spelling; // in the configuration of well-known programs
	unsigned ncommands;       // none where the socket or the program changes
	char commands[REMEDY_COMMANDS][REMEDY_COMMAND];
	char shell
		[REMEDY_COMMAND]; // by_hand: what somebody may run in a shell, with PROGRAM to fill in; "" for nothing
	struct attempt attempt;   // as changed
	uint32_t wait_ms;         // REMEDY_WAIT: when it is over, 0 where nobody knows
	uint32_t pid;             // REACH_OTHER_PROGRAM: the process to stop, 0 where it is not known
	struct {
		bool remains;
		int err;
		enum code code;
		char sentence[256];
	} then; // the next obstacle
};

const char *remedy_kind_name(enum remedy_kind k);       // "option"
const char *remedy_needs_name(enum remedy_needs n);     // "nothing", "CAP_NET_ADMIN"
const char *remedy_price_short(const struct remedy *r); // of a few words, for a line of text
// Whom it concerns and which privilege it needs, in one phrase.
const char *remedy_price(const struct remedy *r);

#endif
