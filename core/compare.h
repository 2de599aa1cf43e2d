// SPDX-License-Identifier: GPL-3.0-or-later
// One bind, as IPv4, as v4-mapped and as IPv6, under each thing that may allow an address that is not local. Pure.
#ifndef BINDWALK_COMPARE_H
#define BINDWALK_COMPARE_H

#include "core/step.h"
#include "core/walk.h"

enum compare_way { WAY_NOTHING, WAY_ANYIP, WAY_FREEBIND, WAY_TRANSPARENT, WAY_SYSCTL, WAY_COUNT };
enum compare_column { AS_IPV4, AS_MAPPED, AS_IPV6, AS_COUNT };

struct compare_cell {
	struct attempt attempt;
	int err; // predicted, 0 for success
	enum code code;
	bool certain;
	bool live; // bound for real, too
	int live_err;
};

struct comparison {
	struct compare_cell cells[WAY_COUNT][AS_COUNT];
};

// "nothing", "Any-IP route", ...
const char *compare_way_name(enum compare_way w);
const char *compare_column_name(enum compare_column c); // "IPv4"

// The address of the other family that stands in the same relation to the host: of the same interface, loopback, unspecified,
// else one that is for documentation.
struct addr compare_counterpart(const struct host *h, const struct addr *a);
// The prefix that an Any-IP route for the address would have.
struct prefix compare_anyip(const struct addr *a);

// Predicts all cells, on copies of the host as it is but for both ip_nonlocal_bind switches, which are off. 0 or -ENOMEM.
int compare_predict(const struct host *h, const struct attempt *a, struct comparison *out);

#endif
