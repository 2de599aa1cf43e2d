// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/host_equal.h"

#include <string.h>

bool link_equal(const struct link *a, const struct link *b)
{
	return a->index == b->index && strcmp(a->name, b->name) == 0 && strcmp(a->kind, b->kind) == 0 &&
	       a->flags == b->flags && a->operstate == b->operstate && a->ignores_linkdown == b->ignores_linkdown &&
	       a->promotes == b->promotes && a->disables_ipv6 == b->disables_ipv6 && a->master == b->master &&
	       a->vrf_table == b->vrf_table && a->tunnel_port == b->tunnel_port;
}

static bool altnames_equal(const struct altname *a, const struct altname *b)
{
	return a->index == b->index && strcmp(a->name, b->name) == 0;
}

bool host_addr_equal(const struct host_addr *a, const struct host_addr *b)
{
	return addr_equal(&a->addr, &b->addr) && a->prefixlen == b->prefixlen && a->scope == b->scope &&
	       a->flags == b->flags && a->index == b->index && a->peer == b->peer;
}

static bool prefixes_equal(const struct prefix *a, const struct prefix *b)
{
	return a->len == b->len && addr_equal(&a->addr, &b->addr);
}

static bool ports_equal(const struct ports *a, const struct ports *b)
{
	return a->low == b->low && a->high == b->high;
}

bool rule_equal(const struct rule *a, const struct rule *b)
{
	return a->family == b->family && a->action == b->action && a->tos == b->tos && a->ipproto == b->ipproto &&
	       a->builtin == b->builtin && a->invert == b->invert && a->priority == b->priority &&
	       a->table == b->table && prefixes_equal(&a->from, &b->from) && prefixes_equal(&a->to, &b->to) &&
	       strcmp(a->iif, b->iif) == 0 && strcmp(a->oif, b->oif) == 0 && a->mark == b->mark && a->mask == b->mask &&
	       a->target == b->target && a->l3mdev == b->l3mdev && a->of_users == b->of_users &&
	       a->suppresses == b->suppresses && a->suppresses_group == b->suppresses_group &&
	       a->uid_low == b->uid_low && a->uid_high == b->uid_high && a->suppressed == b->suppressed &&
	       a->group == b->group && ports_equal(&a->source, &b->source) && ports_equal(&a->dest, &b->dest);
}

static bool routes4_equal(const struct host *a, const struct host *b)
{
	for (size_t i = 0; i < a->nroutes4; i++)
		if (a->routes4[i].dst != b->routes4[i].dst || a->routes4[i].len != b->routes4[i].len ||
		    !route_info_equal(host_info4(a, i), host_info4(b, i)))
			return false;
	return true;
}

static bool routes6_equal(const struct host *a, const struct host *b)
{
	for (size_t i = 0; i < a->nroutes6; i++)
		if (memcmp(&a->routes6[i].dst, &b->routes6[i].dst, sizeof a->routes6[i].dst) != 0 ||
		    a->routes6[i].len != b->routes6[i].len || !route_info_equal(host_info6(a, i), host_info6(b, i)))
			return false;
	return true;
}

#define EACH_EQUAL(array, count, equal)                                                                                \
	for (size_t i = 0; i < a->count; i++)                                                                          \
		if (!equal(&a->array[i], &b->array[i]))                                                                \
	return false

bool host_equal(const struct host *a, const struct host *b)
{
	if (a->nlinks != b->nlinks || a->naltnames != b->naltnames || a->naddrs != b->naddrs ||
	    a->nroutes4 != b->nroutes4 || a->nroutes6 != b->nroutes6 || a->nrules != b->nrules ||
	    a->has_inet6 != b->has_inet6 || a->has_local4 != b->has_local4 || a->has_main4 != b->has_main4 ||
	    a->trie != b->trie || a->routes4_read != b->routes4_read ||
	    memcmp(a->has_kind, b->has_kind, sizeof a->has_kind) != 0 ||
	    memcmp(a->sysctl, b->sysctl, sizeof a->sysctl) != 0 ||
	    memcmp(a->sysctl_known, b->sysctl_known, sizeof a->sysctl_known) != 0 ||
	    memcmp(a->sysctl_hidden, b->sysctl_hidden, sizeof a->sysctl_hidden) != 0 ||
	    a->reserved_hidden != b->reserved_hidden ||
	    memcmp(a->reserved_ports, b->reserved_ports, sizeof a->reserved_ports) != 0)
		return false;
	EACH_EQUAL(links, nlinks, link_equal);
	EACH_EQUAL(altnames, naltnames, altnames_equal);
	EACH_EQUAL(addrs, naddrs, host_addr_equal);
	EACH_EQUAL(rules, nrules, rule_equal);
	return routes4_equal(a, b) && routes6_equal(a, b);
}
