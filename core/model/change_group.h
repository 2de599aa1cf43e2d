// SPDX-License-Identifier: GPL-3.0-or-later
// Groups changes of a host into causes and their consequences: secondary addresses that leave with their primary one,
// routes and addresses that leave with a link. Sums up many changes of one kind. Pure.
#ifndef BINDWALK_CHANGE_GROUP_H
#define BINDWALK_CHANGE_GROUP_H

#include "core/model/change_text.h"

enum {
	CHANGE_GROUPS = 16,
	CHANGE_SINGLES = 3,     // up to so many of one kind stay separate; more are summed up
	CHANGE_WITH = 2,        // addresses named among the consequences
	CHANGE_TOGETHER = 1000, // milliseconds between changes of one cause
	CHANGE_AT_MOST = 10000, // milliseconds until an endless stream starts a new group
	CHANGE_GROUP_TEXT = 400
};

struct change_group {
	struct host_change cause; // the first of summed causes; if unknown, only list and how are set
	bool summed;
	size_t n;                                       // causes: 1 unless summed
	struct prefix cover;                            // contains all summed routes; family 0 for none
	size_t addrs[CHANGE_HOWS], routes[CHANGE_HOWS]; // consequences
	struct host_addr with[CHANGE_WITH];             // the first addresses that were removed
	size_t nwith;
	bool own;             // caused by ourselves
	bool fresh;           // new or altered by the last batch
	int64_t began, grown; // milliseconds
	uint64_t note;        // the caller's
};

// The groups of the last second or so. Begins zeroed.
struct change_groups {
	struct change_group at[CHANGE_GROUPS];
	size_t n;
	uint8_t of[HOST_CHANGES]; // the group of each item of the last batch, CHANGE_GROUPS for none
};

// Did we make this change ourselves?
typedef bool change_is_own(const void *data, const struct host *h, const struct host_change *c);

// Adds a batch. h is the host after it; `now` is in milliseconds, of a monotonic clock. Groups that the batch made or
// altered are fresh. Changes that cannot affect a bind are left out.
void change_group(struct change_groups *g, const struct host *h, const struct host_changes *c, change_is_own *own,
		  const void *data, int64_t now);

// "eth0 went down: 3 routes went with it", "10000 IPv4 routes added, all of them in 10.0.0.0/8". Returns buf.
char *change_group_print(const struct host *h, const struct change_group *g, char buf[static CHANGE_GROUP_TEXT]);
// The group of an item of the last batch, NULL for none.
const struct change_group *change_group_of(const struct change_groups *g, size_t item);
// Does the group have consequences?
bool change_group_went_along(const struct change_group *g);
// Is it a change the kernel made on its own, such as the end of duplicate address detection?
bool change_by_kernel(const struct host_change *c);

#endif
