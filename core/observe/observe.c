// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/observe/observe.h"

#include <errno.h>
#include <linux/netlink.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/observe/dump.h"
#include "core/observe/fib_query.h"
#include "core/observe/follow.h"
#include "core/observe/nl.h"
#include "core/observe/proc.h"

struct observer {
	struct nl *route;
	struct nl *fib; // NULL where the kernel can't be asked
	struct follow *follow;
};

int observe_open(struct observer **out, char *err, size_t errlen)
{
	*out = NULL;
	struct observer *o = calloc(1, sizeof *o);
	int res = o ? nl_open(&o->route, NETLINK_ROUTE) : -ENOMEM;
	if (res) {
		snprintf(err, errlen, "cannot open a netlink socket: %s", strerror(-res));
		free(o);
		return res;
	}
	nl_open(&o->fib, NETLINK_FIB_LOOKUP);
	*out = o;
	return 0;
}

void observe_close(struct observer *o)
{
	if (!o)
		return;
	follow_stop(o->follow);
	nl_close(o->route);
	nl_close(o->fib);
	free(o);
}

static int read_host(struct observer *o, size_t limit, struct host **out, char *err, size_t errlen)
{
	*out = NULL;
	struct dump d = {.route = o->route, .fib = o->fib, .host = host_new(), .limit = limit, .what = "the host"};
	int res = d.host ? dump_read(&d, DUMP_ALL) : -ENOMEM;
	if (res == 0) {
		*out = d.host;
		return 0;
	}
	const char *why = nl_why(o->route);
	if (res == -EAGAIN)
		snprintf(err, errlen, "%s change faster than they can be read", d.what);
	else
		snprintf(err, errlen, "cannot read %s: %s%s%s%s", d.what, strerror(-res), *why ? " (" : "", why,
			 *why ? ")" : "");
	host_free(d.host);
	nl_reopen(o->route);
	return res;
}

int observe_read(struct observer *o, struct host **out, char *err, size_t errlen)
{
	return read_host(o, 0, out, err, errlen);
}

int observe_read_small(struct observer *o, size_t limit, struct host **out, char *err, size_t errlen)
{
	return read_host(o, limit ? limit : 1, out, err, errlen);
}

int observe_ask(struct observer *o, uint32_t table, uint32_t dst, struct fib_answer *out)
{
	return fib_query_lookup(o->fib, table, dst, out);
}

int observe_follow(struct observer *o, char *err, size_t errlen)
{
	int res = o->follow ? -EALREADY : follow_start(&o->follow);
	if (res)
		snprintf(err, errlen, "cannot follow changes: %s", strerror(-res));
	return res;
}

int observe_fd(const struct observer *o)
{
	return o->follow ? follow_fd(o->follow) : -1;
}

int observe_on_readable(struct observer *o)
{
	return o->follow ? follow_take(o->follow) : 0;
}

const struct host *observe_host(const struct observer *o)
{
	return o->follow ? follow_host(o->follow) : NULL;
}

const char *observe_status(const struct observer *o)
{
	return o->follow ? follow_status(o->follow) : "";
}

int observe_again(struct observer *o)
{
	char err[256];
	struct host *fresh;
	if (!o->follow)
		return -EINVAL;
	int res = observe_read(o, &fresh, err, sizeof err);
	return res < 0 ? res : follow_replace(o->follow, fresh);
}

bool observe_refresh(struct observer *o)
{
	if (!o->follow)
		return false;
	struct host *h = follow_lock(o->follow);
	bool changed = proc_sysctls("", h);
	follow_unlock(o->follow);
	return changed;
}
