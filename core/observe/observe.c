// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/observe/observe.h"

#include <errno.h>
#include <linux/netlink.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/observe/dump.h"
#include "core/observe/fib_query.h"
#include "core/observe/follow.h"
#include "core/observe/nl.h"
#include "core/observe/subscribe.h"

struct observer {
	struct nl *route;
	struct nl *fib; // NULL where the kernel can't be asked
	struct follow *follow;
	int events, sysctls; // observe_watch(); -1: not watching
};

static void end_watch(struct observer *o)
{
	if (o->events >= 0)
		close(o->events);
	if (o->sysctls >= 0)
		close(o->sysctls);
	o->events = o->sysctls = -1;
}

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
	o->events = o->sysctls = -1;
	*out = o;
	return 0;
}

void observe_close(struct observer *o)
{
	if (!o)
		return;
	follow_stop(o->follow);
	end_watch(o);
	nl_close(o->route);
	nl_close(o->fib);
	free(o);
}

static int read_host(struct observer *o, size_t limit, struct host **out, char *err, size_t errlen)
{
	*out = NULL;
	struct dump d = {.route = o->route, .fib = o->fib, .host = host_new(), .limit = limit, .what = "the host"};
	int res = d.host ? dump_read(&d, DUMP_ALL) : -ENOMEM;
	free(d.edges);
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

void observe_forget_left(struct observer *o, unsigned count)
{
	if (o->follow)
		follow_forget_left(o->follow, count);
}

const char *observe_status(const struct observer *o)
{
	return o->follow ? follow_status(o->follow) : "";
}

const struct host_changes *observe_changes(const struct observer *o)
{
	return o->follow ? follow_changes(o->follow) : NULL;
}

bool observe_busy(struct observer *o)
{
	return o->follow && follow_busy(o->follow);
}

int observe_again(struct observer *o)
{
	return o->follow ? follow_again(o->follow) : -EINVAL;
}

struct observe_counts observe_counts(const struct observer *o)
{
	return o->follow ? follow_counts(o->follow) : (struct observe_counts){0};
}

bool observe_refresh(struct observer *o)
{
	return o->follow && follow_refresh(o->follow);
}

int observe_watch(struct observer *o)
{
	end_watch(o);
	o->events = subscribe_open();
	o->sysctls = sysctl_watch();
	return o->events < 0 ? o->events : 0;
}

bool observe_watch_changed(struct observer *o)
{
	static const struct event_scope all = {.main4 = true, .vrf = true};
	struct batch heard = {0};
	bool changed = subscribe_drain(o->events, &all, &heard) < 0 || heard.len || heard.left_out4 || heard.left_out6;
	changed |= sysctl_watch_drain(o->sysctls);
	batch_free(&heard);
	end_watch(o);
	return changed;
}
