// SPDX-License-Identifier: GPL-3.0-or-later
// One bind, as IPv4, as v4-mapped and as IPv6, under each thing that may allow an address that is not local. Pure.
#ifndef BINDWALK_MATRIX_H
#define BINDWALK_MATRIX_H

#include "core/model/facts.h"
#include "core/model/step.h"
#include "core/model/walk.h"

enum matrix_way { WAY_NOTHING, WAY_ANYIP, WAY_FREEBIND, WAY_TRANSPARENT, WAY_SYSCTL, WAY_COUNT };
enum matrix_column { AS_IPV4, AS_MAPPED, AS_IPV6, AS_COUNT };

struct matrix_cell {
	struct attempt attempt;
	int err; // predicted, 0 for success
	enum code code;
	bool certain;
	bool live; // bound for real as well
	int live_err;
};

struct matrix {
	struct matrix_cell cells[WAY_COUNT][AS_COUNT];
};

// "nothing", "Any-IP route", ...
const char *matrix_way_name(enum matrix_way w);
const char *matrix_column_name(enum matrix_column c); // "IPv4"

// The address of the other family that stands in the same relation to the host: of the same interface, loopback,
// unspecified, else one that is for documentation.
struct addr matrix_counterpart(const struct host *h, const struct addr *a);
// The prefix that an Any-IP route for the address would have.
struct prefix matrix_anyip(const struct addr *a);

// Predicts all cells, on copies of the host as it is but for both ip_nonlocal_bind switches, which are off. 0 or
// -ENOMEM.
int matrix_predict(const struct facts *f, const struct attempt *a, struct matrix *out);

#endif
