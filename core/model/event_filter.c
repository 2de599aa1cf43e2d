// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/event_filter.h"

#include <string.h>
#include <sys/socket.h>

static enum tri same(bool known, bool is)
{
	return !known ? UNKNOWN : is ? YES : NO;
}

static enum tri by_kind(const struct event_filter *f, const struct bind_event *e)
{
	bool ip = e->family == AF_INET || e->family == AF_INET6;
	if (e->family && !ip)
		return NO;
	return f->all || e->err ? YES : NO;
}

static enum tri by_port(const struct event_filter *f, const struct bind_event *e)
{
	return f->by_port ? same(e->addr_known && e->socket_known, e->attempt.port == f->port) : YES;
}

static enum tri by_netns(const struct event_filter *f, const struct bind_event *e)
{
	if (!f->netns && !f->netns_name)
		return YES;
	if (f->netns_name && strcmp(e->netns_name, f->netns_name) == 0)
		return YES;
	return same(e->netns != 0, f->netns && e->netns == f->netns);
}

// "sshd" is "sshd.service".
static bool is_unit(const char *unit, const char *wanted)
{
	size_t len = strlen(wanted);
	return strcmp(unit, wanted) == 0 || (strncmp(unit, wanted, len) == 0 && strcmp(unit + len, ".service") == 0);
}

// "1a2b3c4d5e6f" is "docker 1a2b3c4d5e6f".
static bool is_container(const char *container, const char *wanted)
{
	const char *blank = strrchr(container, ' ');
	return strcmp(container, wanted) == 0 || (blank && strcmp(blank + 1, wanted) == 0);
}

static enum tri by_unit(const struct event_filter *f, const struct bind_event *e)
{
	if (!f->unit)
		return YES;
	bool is = (e->unit[0] && is_unit(e->unit, f->unit)) || (e->container[0] && is_container(e->container, f->unit));
	return same(e->unit[0] || e->container[0] || e->cgroup_path[0], is);
}

enum tri event_filter_passes(const struct event_filter *f, const struct bind_event *e)
{
	const enum tri each[] = {
		by_kind(f, e),  f->pid ? same(e->pid != 0, e->pid == f->pid) : YES,
		by_port(f, e),  f->family ? same(e->family != 0, e->family == f->family) : YES,
		by_netns(f, e), by_unit(f, e),
	};
	enum tri passes = YES;
	for (size_t i = 0; i < sizeof each / sizeof *each && passes != NO; i++)
		passes = each[i] == YES ? passes : each[i];
	return passes;
}
