// SPDX-License-Identifier: GPL-3.0-or-later
// A random state of a network namespace, made for real in the namespace that the caller is in.
#ifndef BINDWALK_STATE_H
#define BINDWALK_STATE_H

#include <stdio.h>

#include "core/change/change.h"
#include "core/model/attempt.h"
#include "core/model/host.h"
#include "core/model/inquiry.h"
#include "tests/oracle/chance.h"

enum {
	STATE_LOG = 16384,
	STATE_HOLDERS = 64,
	STATE_DEVICES = 5,
	STATE_HOPS = 4,  // next hop objects have the numbers from 1 on,
	STATE_GROUPS = 2 // groups of them those behind
};

extern const char *const state_devices[STATE_DEVICES]; // that may be there

struct state {
	char log[STATE_LOG]; // the changes made, as iproute2 commands
	size_t logged;
	bool vrf, sctp;
	bool sockets;                       // are there any to be
	int holders[STATE_HOLDERS];         // sockets that hold ports
	struct attempt held[STATE_HOLDERS]; // how each was bound
	unsigned nholders;
};

// An address near the places where things happen: small pools, so that routes, addresses and attempts meet often.
struct addr random_v4(struct chance *c);
struct addr random_v6(struct chance *c);
uint16_t random_port(struct chance *c);

struct addr mapped_v4(const struct addr *v4);

// A line of the log, and an error in it.
__attribute__((format(printf, 2, 3))) void state_note(struct state *s, const char *fmt, ...);
const char *state_result(int err);

// Single random changes, in files of their own.
void random_holder(struct state *s, struct chance *c);
void random_connection(struct state *s, struct chance *c);
void random_peer(struct state *s, struct chance *c);
void random_crowd(struct state *s, struct chance *c);
void random_multipath(struct state *s, struct chance *c);
void random_group(struct state *s, struct chance *c);

// Goes on in a child that sees no other processes, where that can be had: who holds a port is looked for in all of
// them. The two end together.
void state_alone(void);
// Before a namespace is made for the state.
void state_before(struct chance *c);
// Makes the state, with or without sockets that hold ports; single changes may be refused by the kernel, which is part
// of the game.
void state_make(struct state *s, struct chance *c, bool sockets);
// One more random change.
void state_change(struct state *s, struct chance *c);
void state_drop(struct state *s); // closes the holders

// Adds the holders that are bound and nothing more, which TCP before 6.8 and SCTP do not show, to what is known of
// sockets.
void state_tell_bound(const struct state *s, struct question *q);
// Reads afresh what the attempt rests on besides the host: who binds, and who holds the port.
void state_look(const struct state *s, struct inquiry *now, const struct attempt *a, bool unprivileged);

#endif
