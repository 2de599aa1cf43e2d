// SPDX-License-Identifier: GPL-3.0-or-later
// What happened to a host, as causes with their consequences: the secondary addresses that went with a primary one, the
// routes and addresses of a link that went down. Many changes of one kind are summed up. Pure.
#ifndef BINDWALK_CHANGE_GROUP_H
#define BINDWALK_CHANGE_GROUP_H

#include "core/model/change_text.h"

enum {
	CHANGE_GROUPS = 16,
	CHANGE_SINGLES = 3,     // as many of one kind stand alone, more are summed up
	CHANGE_WITH = 2,        // addresses that are named among the consequences
	CHANGE_TOGETHER = 1000, // milliseconds: what comes later is not of one cause
	CHANGE_AT_MOST = 10000, // milliseconds: an endless stream begins anew
	CHANGE_GROUP_TEXT = 400
};

struct change_group {
	struct host_change cause; // of those that are summed up the first; only list and how if that is not known
	bool summed;
	size_t n;                                       // of causes: 1 unless summed
	struct prefix cover;                            // of summed routes: holds all of them; family 0 for none
	size_t addrs[CHANGE_HOWS], routes[CHANGE_HOWS]; // went along
	struct host_addr with[CHANGE_WITH];             // of those the first that were removed
	size_t nwith;
	bool own;             // caused by ourselves
	bool fresh;           // new or altered by the last batch
	int64_t began, grown; // milliseconds
	uint64_t note;        // the caller's
};

// Of the last second or so; all zeros at first.
struct change_groups {
	struct change_group at[CHANGE_GROUPS];
	size_t n;
	uint8_t of[HOST_CHANGES]; // by item of the last batch: its group, CHANGE_GROUPS for none
};

// Did we make this change ourselves?
typedef bool change_is_own(const void *data, const struct host *h, const struct host_change *c);

// Takes over a batch. h is the host after it; `now` in milliseconds, of a clock that never goes back. Groups that it
// made or altered are fresh. What changes nothing for a bind is left out.
void change_group(struct change_groups *g, const struct host *h, const struct host_changes *c, change_is_own *own,
		  const void *data, int64_t now);

// "eth0 went down: 3 routes went with it", "10000 IPv4 routes added, all of them in 10.0.0.0/8". Returns buf.
char *change_group_print(const struct host *h, const struct change_group *g, char buf[static CHANGE_GROUP_TEXT]);
// The group of an item of the last batch, NULL for none.
const struct change_group *change_group_of(const struct change_groups *g, size_t item);
// Has it consequences?
bool change_group_went_along(const struct change_group *g);
// Did the kernel do it on its own, such as the end of duplicate address detection?
bool change_by_kernel(const struct host_change *c);

#endif
