// SPDX-License-Identifier: GPL-3.0-or-later
// Identifies an object of a host by its contents rather than its index, to find it again after another reading. Pure.
#ifndef BINDWALK_IDENTITY_H
#define BINDWALK_IDENTITY_H

#include "core/model/host_change.h"
#include "core/model/walk.h"

struct identity {
	enum ref_kind kind; // REF_NONE for none
	uint32_t ifindex;
	struct addr addr; // of the address or the prefix
	uint8_t len;
	struct route_info info;
	uint32_t number; // of a sysctl: its enum sysctl_id
};
struct identity identity_of(const struct host *h, struct ref ref);
// The object of a change, even if it is gone; kind REF_NONE for a rule.
struct identity identity_changed(const struct host_change *c);
// False when it is gone.
bool identity_find(const struct host *h, const struct identity *id, struct ref *out);
// Are they the same object? Of a route: the same prefix, table, type, device, metric and TOS.
bool identity_equal(const struct identity *a, const struct identity *b);

// The first route of a prefix, or where it would be; and whether one is of that prefix.
size_t identity_first_route(const struct host *h, bool six, const struct addr *addr, unsigned len);
bool identity_is_of_prefix(const struct host *h, bool six, size_t i, const struct addr *addr, unsigned len);

#endif
