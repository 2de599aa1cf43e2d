// SPDX-License-Identifier: GPL-3.0-or-later
// The parser has checked each argument: here are the values, iproute2's defaults, and the checks that need several
// arguments.
#include "core/command/command_edit.h"

#include <errno.h>
#include <linux/fib_rules.h>
#include <linux/rtnetlink.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "core/command/command_parse.h"
#include "core/model/fail.h"
#include "core/model/rt_names.h"

// The value after a keyword, or the keyword where it stands alone; NULL when it was not given.
static const char *after(const struct command_call *call, const char *keyword)
{
	int n = parser_keyword(call->id, keyword);
	return n < 0 ? NULL : command_value(call, (unsigned)n);
}

static uint32_t number(const char *text)
{
	unsigned long n = 0;
	if (text)
		rt_number(text, UINT32_MAX, &n);
	return (uint32_t)n;
}

// Of a list, or in digits.
static uint32_t listed(enum rt_list list, const char *text)
{
	int value = text ? rt_value(list, text) : -1;
	return value < 0 ? number(text) : (uint32_t)value;
}

static uint32_t seconds(const char *text)
{
	return text && strcmp(text, "forever") != 0 ? number(text) : UINT32_MAX;
}

static void put_name(const char *text, char out[static 16])
{
	if (text)
		snprintf(out, 16, "%s", text);
}

static void put_addr(const char *text, struct addr *out)
{
	if (text)
		addr_parse(text, out);
}

// ADDRESS[/LENGTH] with its host bits.
static void put_cidr(const char *text, struct addr *addr, uint8_t *len)
{
	struct prefix p;
	char bare[ADDR_TEXT];
	if (!text || prefix_parse(text, &p) < 0)
		return;
	snprintf(bare, sizeof bare, "%.*s", (int)strcspn(text, "/"), text);
	addr_parse(bare, addr);
	*len = p.len;
}

// "default" has that family, which may be 0: the gateway decides then.
static void put_prefix(const char *text, int family, struct prefix *out)
{
	if (text && prefix_parse(text, out) < 0)
		*out = (struct prefix){{.family = (uint8_t)family}, 0};
}

static int address(const struct command_call *call, struct edit *e)
{
	const char *flag, *scope = after(call, "scope");
	put_cidr(command_value(call, 0), &e->addr.addr, &e->addr.len);
	put_cidr(after(call, "peer"), &e->addr.peer, &e->addr.len);
	put_addr(after(call, "brd"), &e->addr.broadcast);
	put_name(after(call, "dev"), e->dev);
	for (size_t i = 0; (flag = rt_word(LIST_ADDR_FLAGS, i)); i++)
		if (after(call, flag))
			e->addr.flags |= (uint32_t)rt_value(LIST_ADDR_FLAGS, flag);
	e->addr.has_scope = scope != NULL;
	e->addr.scope = (uint8_t)listed(LIST_SCOPES, scope);
	e->addr.valid = seconds(after(call, "valid_lft"));
	e->addr.preferred = seconds(after(call, "preferred_lft"));
	return 1;
}

static int route(const struct command_call *call, struct edit *e)
{
	struct edit_route *r = &e->route;
	const char *type = command_value(call, 0), *scope = after(call, "scope");
	int usual = e->add ? RTN_UNICAST : RTN_UNSPEC;
	r->type = (uint8_t)(type ? rt_value(LIST_ROUTE_TYPES, type) : usual);
	put_prefix(command_value(call, 1), call->family, &r->dst);
	put_addr(after(call, "via"), &r->via);
	put_addr(after(call, "src"), &r->src);
	put_name(after(call, "dev"), e->dev);
	r->table = listed(LIST_TABLES, after(call, "table"));
	r->metric = number(after(call, "metric"));
	r->tos = (uint8_t)number(after(call, "tos"));
	r->nhid = number(after(call, "nhid"));
	r->protocol = (uint8_t)listed(LIST_PROTOCOLS, after(call, "proto"));
	r->has_scope = scope != NULL;
	r->scope = (uint8_t)listed(LIST_SCOPES, scope);
	r->onlink = after(call, "onlink") != NULL;
	r->append = call->id == CMD_ROUTE_APPEND;
	r->replace = call->id == CMD_ROUTE_REPLACE;
	if (!r->dst.addr.family)
		r->dst.addr.family = r->via.family ? r->via.family : AF_INET;
	if (!r->table)
		r->table = edit_default_table(r->type);
	return 1;
}

static int rule(const struct command_call *call, struct edit *e, char *err, size_t errlen)
{
	struct rule *r = &e->rule.rule;
	const char *priority = after(call, "pref"), *mark = after(call, "fwmark"), *action;
	char value[16];
	e->rule.has_priority = priority != NULL;
	r->priority = number(priority);
	put_prefix(after(call, "from"), call->family, &r->from);
	put_prefix(after(call, "to"), call->family, &r->to);
	put_name(after(call, "iif"), r->iif);
	put_name(after(call, "oif"), r->oif);
	r->table = listed(LIST_TABLES, after(call, "lookup"));
	r->tos = (uint8_t)number(after(call, "tos"));
	r->invert = after(call, "not") != NULL;
	r->l3mdev = after(call, "l3mdev") != NULL;
	r->action = FR_ACT_TO_TBL;
	for (size_t i = 0; (action = rt_word(LIST_RULE_ACTIONS, i)); i++)
		if (after(call, action))
			r->action = (uint8_t)rt_value(LIST_RULE_ACTIONS, action);
	e->rule.protocol = (uint8_t)listed(LIST_PROTOCOLS, after(call, "protocol"));
	if (mark) {
		size_t n = strcspn(mark, "/");
		snprintf(value, sizeof value, "%.*s", (int)n, mark);
		r->mark = number(value);
		r->mask = mark[n] ? number(mark + n + 1) : UINT32_MAX;
	}
	r->family = r->from.addr.family ? r->from.addr.family : r->to.addr.family;
	if (!r->family)
		r->family = call->family ? (uint8_t)call->family : AF_INET;
	if ((r->from.addr.family && r->from.addr.family != r->family) ||
	    (r->to.addr.family && r->to.addr.family != r->family))
		return fail(-EINVAL, err, errlen, "%s and %s are of different families", after(call, "from"),
			    after(call, "to"));
	// "all" selects nothing.
	if (r->from.len == 0)
		r->from = (struct prefix){0};
	if (r->to.len == 0)
		r->to = (struct prefix){0};
	return 1;
}

static int nexthop(const struct command_call *call, struct edit *e, char *err, size_t errlen)
{
	e->nexthop.id = number(after(call, "id"));
	e->nexthop.family = call->family == AF_INET6 ? AF_INET6 : AF_INET;
	e->nexthop.blackhole = after(call, "blackhole") != NULL;
	put_name(after(call, "dev"), e->dev);
	return e->nexthop.id ? 1 : fail(-EINVAL, err, errlen, "the id of a next hop cannot be 0");
}

static int link_add(const struct command_call *call, struct edit *e, char *err, size_t errlen)
{
	const char *netns = after(call, "netns");
	put_name(command_value(call, 0), e->dev);
	put_name(after(call, "type"), e->link.type);
	put_name(after(call, "peer"), e->link.peer);
	e->link.table = number(after(call, "table"));
	e->link.neighbour = netns != NULL;
	if (netns && (strcmp(netns, "neighbour") != 0 || !e->link.peer[0]))
		return fail(-EINVAL, err, errlen,
			    "only the peer of a veth can be in another namespace, and only in neighbour");
	return 1;
}

// One edit is about one property: first the master, then up or down.
static int link_set(const struct command_call *call, struct edit out[static COMMAND_EDITS])
{
	int n = 0;
	bool up = after(call, "up"), master = after(call, "master");
	if (master || after(call, "nomaster")) {
		out[n].kind = EDIT_MASTER;
		out[n].add = true;
		put_name(after(call, "master"), out[n].master);
		put_name(command_value(call, 0), out[n++].dev);
	}
	if (up || after(call, "down")) {
		out[n].kind = EDIT_UP;
		out[n].add = up;
		put_name(command_value(call, 0), out[n++].dev);
	}
	return n;
}

static int sysctl(const struct command_call *call, struct edit *e, char *err, size_t errlen)
{
	const char *value = command_value(call, 2);
	snprintf(e->sysctl.name, sizeof e->sysctl.name, "%s", command_value(call, 1));
	if (!value)
		return fail(-ENODATA, err, errlen, "sysctl %s needs a value", e->sysctl.name);
	if ((size_t)snprintf(e->sysctl.value, sizeof e->sysctl.value, "%s", value) >= sizeof e->sysctl.value)
		return fail(-EINVAL, err, errlen, "the value of %s is too long: at most %zu bytes", e->sysctl.name,
			    sizeof e->sysctl.value - 1);
	return 1;
}

int command_edits(const struct command_call *call, struct edit out[static COMMAND_EDITS], char *err, size_t errlen)
{
	static const struct {
		enum command_id id;
		enum edit_kind kind;
		bool del;
	} changes[] = {
		{CMD_ADDRESS_ADD, EDIT_ADDR, false},    {CMD_ADDRESS_DEL, EDIT_ADDR, true},
		{CMD_ROUTE_ADD, EDIT_ROUTE, false},     {CMD_ROUTE_APPEND, EDIT_ROUTE, false},
		{CMD_ROUTE_REPLACE, EDIT_ROUTE, false}, {CMD_ROUTE_DEL, EDIT_ROUTE, true},
		{CMD_RULE_ADD, EDIT_RULE, false},       {CMD_RULE_DEL, EDIT_RULE, true},
		{CMD_NEXTHOP_ADD, EDIT_NEXTHOP, false}, {CMD_NEXTHOP_DEL, EDIT_NEXTHOP, true},
		{CMD_LINK_ADD, EDIT_LINK, false},       {CMD_LINK_DEL, EDIT_LINK, true},
		{CMD_LINK_SET, EDIT_UP, false},         {CMD_SYSCTL, EDIT_SYSCTL, false},
	};
	size_t i = 0;
	while (i < sizeof changes / sizeof *changes && changes[i].id != call->id)
		i++;
	if (i == sizeof changes / sizeof *changes)
		return fail(-EINVAL, err, errlen, "%s does not change a namespace", command_info(call->id)->name);
	memset(out, 0, COMMAND_EDITS * sizeof *out); // whole-value comparison in tests
	out->kind = changes[i].kind;
	out->add = !changes[i].del;
	switch (changes[i].kind) {
	case EDIT_ADDR:
		return address(call, out);
	case EDIT_ROUTE:
		return route(call, out);
	case EDIT_RULE:
		return rule(call, out, err, errlen);
	case EDIT_NEXTHOP:
		return nexthop(call, out, err, errlen);
	case EDIT_LINK:
		return link_add(call, out, err, errlen);
	case EDIT_SYSCTL:
		return sysctl(call, out, err, errlen);
	default:
		return link_set(call, out);
	}
}

int command_edit_line(const char *line, struct edit out[static COMMAND_EDITS], char *err, size_t errlen)
{
	struct command_call call;
	int n = command_parse(line, &call, err, errlen, NULL);
	if (n == 0)
		n = command_edits(&call, out, err, errlen);
	return n < 0 ? -EINVAL : n;
}
