// SPDX-License-Identifier: GPL-3.0-or-later
// The same bind as IPv4, v4-mapped and IPv6, under each change that may allow an address that is not local. Pure.
#ifndef BINDWALK_MATRIX_H
#define BINDWALK_MATRIX_H

#include "core/model/facts.h"
#include "core/model/host_overlay.h"
#include "core/model/step.h"
#include "core/model/walk.h"

enum matrix_way { WAY_NOTHING, WAY_CONFIGURED, WAY_ANYIP, WAY_FREEBIND, WAY_TRANSPARENT, WAY_SYSCTL, WAY_COUNT };
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

// "nothing", "Any-IP route", ...: stable, for JSON.
const char *matrix_way_name(enum matrix_way w);
const char *matrix_column_name(enum matrix_column c); // "IPv4"
// The change of a row: "with an Any-IP route"; "without any of these" for the first one.
const char *matrix_way_heading(enum matrix_way w);
// The command that makes a cell's change on the host: "address add 192.0.2.9/32 dev lo". "" if there is none: the row
// changes the socket or a sysctl, or the host cannot have the address that way. Returns buf.
enum { MATRIX_CHANGE = 128 };
char *matrix_change(const struct host *h, const struct attempt *a, enum matrix_way w, char buf[static MATRIX_CHANGE]);

// The host of a cell: `base` (which must outlive it) with the row's change, and with both ip_nonlocal_bind sysctls off
// unless the row sets them. Lookups are right only for the cell's address. 0 or -ENOMEM; end it with overlay_end() in
// either case.
int matrix_host(const struct host *base, const struct attempt *a, enum matrix_way w, struct overlay *out);

// Predicts all cells, each over its matrix_host(). 0 or -ENOMEM.
int matrix_predict(const struct facts *f, const struct attempt *a, struct matrix *out);

// The prefix that an Any-IP route for the address would have.
struct prefix matrix_anyip(const struct addr *a);

#endif
