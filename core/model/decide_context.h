// SPDX-License-Identifier: GPL-3.0-or-later
// What the decision steps share while a walk is made. Inside the model. Pure.
#ifndef BINDWALK_DECIDE_CONTEXT_H
#define BINDWALK_DECIDE_CONTEXT_H

#include "core/model/facts.h"
#include "core/model/walk.h"

struct context {
	const struct host *host;
	const struct caller *caller;
	const struct question *question;
	const struct attempt *attempt;
	struct walk *walk;

	// The socket, as the calls so far have made it.
	bool freebind, transparent, v6only, reuseaddr, reuseport, noport;
	uint16_t range_low, range_high; // IP_LOCAL_PORT_RANGE, 0: not set
	uint32_t device;                // sk_bound_dev_if
	bool again, bound;              // an earlier bind() of this attempt succeeded; it took a port
	uint32_t left_device;           // the bound device that it left behind
	uint32_t option_device;         // sk_bound_dev_if as the options set it

	// What the steps so far have found out.
	uint32_t table;
	unsigned type; // RTN_*
	bool type_known;
	size_t route; // host.routes4, when route_found
	bool route_found;
	bool nonlocal;
	enum lack lack; // why the capability is missing that a call was refused for
};

typedef enum finding_id step_fn(struct context *c, struct walk_step *s);

// Inputs, in the order in which they are shown.
void put_number(struct walk_step *s, enum input_id id, enum value_type type, int64_t value);
void put_addr(struct walk_step *s, const struct addr *a);
void put_text(struct walk_step *s, enum input_id id, const char *text);
void put_ref(struct walk_step *s, enum input_id id, enum value_type type, enum ref_kind kind, size_t index);
void put_sysctl(struct walk_step *s, enum input_id id, const struct host *h, enum sysctl_id sysctl);
// A link and its reference.
void put_link(struct walk_step *s, enum input_id id, const struct host *h, const struct link *l);
void put_device(struct walk_step *s, const struct host *h, uint32_t index);
// The host's address that comes closest, when it is close enough to be of use.
// The address left while the host was followed; false: it did not.
bool put_left(struct walk_step *s, const struct host *h, const struct addr *a);
void put_nearest(struct walk_step *s, const struct host *h, const struct addr *a);

#endif
