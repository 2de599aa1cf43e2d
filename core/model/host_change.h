// SPDX-License-Identifier: GPL-3.0-or-later
// Changes single objects of a sorted host, and keeps a record: what was added, removed or altered, by value. Pure.
#ifndef BINDWALK_HOST_CHANGE_H
#define BINDWALK_HOST_CHANGE_H

#include "core/model/host.h"

enum host_list { HOST_LINKS, HOST_ADDRS, HOST_RULES, HOST_ROUTES4, HOST_ROUTES6, HOST_SYSCTLS, HOST_LISTS };

union host_value {
	struct link link; // also when only its other names changed
	struct host_addr addr;
	struct rule rule;
	struct host_route {
		struct prefix dst;
		struct route_info info;
	} route;
	struct host_sysctl {
		enum sysctl_id id; // SYSCTL_COUNT: the reserved ports, which have no value here
		int64_t value;
		bool known;
	} sysctl;
};

enum change_how { CHANGE_ADDED, CHANGE_REMOVED, CHANGE_ALTERED, CHANGE_HOWS };

struct host_change {
	enum host_list list;
	enum change_how how;
	size_t at; // the place in the list, after all changes before this one
	union host_value before, after;
};

enum { HOST_CHANGES = 64 };

// What was left out of one kind.
struct change_sum {
	size_t n;
	struct prefix cover; // of routes: the shortest prefix that holds all of them; family 0 for none
};

// In the order in which they were made. If there are too many, the first ones.
struct host_changes {
	struct host_change item[HOST_CHANGES];
	size_t n, more; // kept, and left out
	struct change_sum sum[HOST_LISTS][CHANGE_HOWS];
};

void host_changes_clear(struct host_changes *c);
// One more that is left out; `dst` is a route's, else NULL.
void host_changes_count(struct host_changes *c, enum host_list list, enum change_how how, const struct prefix *dst);
// The shortest prefix that holds both; of a prefix without a family and another one, the other one.
struct prefix change_cover(const struct prefix *a, const struct prefix *b);
bool host_list_is_routes(enum host_list list);

// Notes a change that was made elsewhere; `before` or `after` may be NULL.
void host_changes_note(struct host_changes *c, enum host_list list, enum change_how how, size_t at,
		       const union host_value *before, const union host_value *after);

size_t host_count(const struct host *h, enum host_list list);
union host_value host_value(const struct host *h, enum host_list list, size_t at);

// Each makes one change, at a place that keeps the list sorted, and notes it unless c is NULL. Not for sysctls. 0; or
// -ENOMEM, and nothing changed.
int host_insert(struct host *h, enum host_list list, size_t at, const union host_value *v, struct host_changes *c);
int host_replace(struct host *h, enum host_list list, size_t at, const union host_value *v, struct host_changes *c);
void host_remove(struct host *h, enum host_list list, size_t at, struct host_changes *c);

#endif
