// SPDX-License-Identifier: GPL-3.0-or-later
// Edits as text, and what they have in common.
#include "core/change/edit.h"

#include <errno.h>
#include <linux/fib_rules.h>
#include <linux/rtnetlink.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/model/rt_names.h"
#include "core/text/quoting.h"

enum { METRIC6 = 1024 }; // IP6_RT_PRIO_USER: what the kernel makes of metric 0

// Text that grows in a buffer; what does not fit is cut.
struct out {
	char *buf;
	size_t len, used;
	bool shell;
	bool script; // of a shell, and not for people alone
};

__attribute__((format(printf, 2, 3))) static void put(struct out *o, const char *fmt, ...)
{
	va_list args;
	va_start(args, fmt);
	int n = o->used < o->len ? vsnprintf(o->buf + o->used, o->len - o->used, fmt, args) : 0;
	va_end(args);
	o->used += n > 0 ? (size_t)n : 0;
}

// As bash and others read $'...': whatever is in it, it is ASCII, and every byte of it can be seen.
static void put_escaped(struct out *o, const char *word)
{
	put(o, "$'");
	for (const char *c = word; *c; c++)
		if (*c == '\'' || *c == '\\')
			put(o, "\\%c", *c);
		else if (*c >= ' ' && *c <= '~')
			put(o, "%c", *c);
		else
			put(o, "\\x%02x", (unsigned char)*c);
	put(o, "'");
}

static void put_piece(const char *piece, void *o)
{
	put(o, "%s", piece);
}

static bool is_ascii(const char *word)
{
	while (*word >= ' ' && *word <= '~')
		word++;
	return *word == '\0';
}

// A word that blanks, quotes or a shell would take apart goes into quotes. As a command it is what people are asked
// about: two names that look the same must not.
static void put_word(struct out *o, const char *key, const char *word)
{
	const char *quote = "";
	if (o->script) {
		put(o, "%s", key);
		quote_shell_pieces(word, put_piece, o);
		return;
	}
	if (o->shell && (!is_ascii(word) || strchr(word, '\''))) {
		put(o, "%s", key);
		put_escaped(o, word);
		return;
	}
	if (!*word || strpbrk(word, " \t\r\n=#\"$`\\;&|<>()*?[]!~{}"))
		quote = "'";
	else if (strchr(word, '\''))
		quote = "\"";
	put(o, "%s%s%s%s", key, quote, word, quote);
}

static void put_addr(struct out *o, const char *key, const struct addr *a)
{
	char text[ADDR_TEXT];
	if (a->family)
		put(o, "%s%s", key, addr_print(a, text));
}

static void put_listed(struct out *o, const char *key, enum rt_list list, uint32_t value)
{
	const char *word = rt_name(list, value);
	if (word)
		put(o, "%s%s", key, word);
	else
		put(o, "%s%u", key, value);
}

static void put_dev(struct out *o, const char *dev)
{
	if (dev[0])
		put_word(o, " dev ", dev);
}

static void put_prefix(struct out *o, const char *key, const struct prefix *p)
{
	char text[PREFIX_TEXT];
	if (p->addr.family)
		put(o, "%s%s", key, p->len == 0 && p->addr.family == AF_INET ? "default" : prefix_print(p, text));
}

static void put_seconds(struct out *o, const char *key, uint32_t seconds)
{
	if (seconds != UINT32_MAX)
		put(o, "%s%u", key, seconds);
}

// The language has "dev" here, since an interface may have the name of a keyword.
static void put_link(struct out *o, const char *verb, const struct edit *e)
{
	put(o, "link %s", verb);
	put_word(o, o->shell && !o->script ? " " : " dev ", e->dev);
}

static void print_link(struct out *o, const struct edit *e)
{
	put_link(o, e->add ? "add" : "del", e);
	if (!e->add)
		return;
	put_word(o, " type ", e->link.type[0] ? e->link.type : "none");
	if (e->link.peer[0])
		put_word(o, o->shell ? " peer name " : " peer ", e->link.peer);
	if (e->link.neighbour)
		put(o, " netns neighbour");
	if (e->link.table)
		put(o, " table %u", e->link.table);
}

static void print_addr(struct out *o, const struct edit *e)
{
	const char *flag;
	put(o, "address %s", e->add ? "add" : "del");
	put_addr(o, " ", &e->addr.addr);
	put_addr(o, " peer ", &e->addr.peer);
	put(o, "/%u", e->addr.len);
	put_dev(o, e->dev);
	if (!e->add)
		return;
	put_addr(o, " broadcast ", &e->addr.broadcast);
	if (e->addr.has_scope)
		put_listed(o, " scope ", LIST_SCOPES, e->addr.scope);
	for (size_t i = 0; (flag = rt_word(LIST_ADDR_FLAGS, i)); i++)
		if (e->addr.flags & (uint32_t)rt_value(LIST_ADDR_FLAGS, flag))
			put(o, " %s", flag);
	put_seconds(o, " valid_lft ", e->addr.valid);
	put_seconds(o, " preferred_lft ", e->addr.preferred);
}

static void print_nexthop(struct out *o, const struct edit *e)
{
	if (e->nexthop.family == AF_INET6)
		put(o, "-6 ");
	put(o, "nexthop %s id %u", e->add ? "add" : "del", e->nexthop.id);
	if (e->add && e->nexthop.blackhole)
		put(o, " blackhole");
	else if (e->add)
		put_dev(o, e->dev);
}

static void print_route(struct out *o, const struct edit *e)
{
	put(o, "route %s", !e->add ? "del" : e->route.append ? "append" : e->route.replace ? "replace" : "add");
	if (e->route.type != RTN_UNICAST && e->route.type != RTN_UNSPEC)
		put_listed(o, " ", LIST_ROUTE_TYPES, e->route.type);
	else if (e->route.type == RTN_UNICAST && !e->add)
		put(o, " unicast"); // `route del` without a type takes any
	put_prefix(o, " ", &e->route.dst);
	if (o->shell && e->route.via.family && e->route.via.family != e->route.dst.addr.family)
		put_addr(o, e->route.via.family == AF_INET6 ? " via inet6 " : " via inet ", &e->route.via);
	else
		put_addr(o, " via ", &e->route.via);
	put_dev(o, e->dev);
	if (e->route.table != edit_default_table(e->route.type))
		put_listed(o, " table ", LIST_TABLES, e->route.table);
	if (e->route.metric)
		put(o, " metric %u", e->route.metric);
	if (e->route.tos)
		put(o, " tos 0x%02x", e->route.tos);
	if (e->route.nhid)
		put(o, " nhid %u", e->route.nhid);
	put_addr(o, " src ", &e->route.src);
	if (e->route.has_scope)
		put_listed(o, " scope ", LIST_SCOPES, e->route.scope);
	if (e->route.protocol && e->route.protocol != RTPROT_BOOT)
		put_listed(o, " proto ", LIST_PROTOCOLS, e->route.protocol);
	if (e->route.onlink)
		put(o, " onlink");
}

static void print_rule(struct out *o, const struct edit *e)
{
	const struct rule *r = &e->rule.rule;
	if (r->family == AF_INET6 && !r->from.addr.family && !r->to.addr.family)
		put(o, "-6 ");
	put(o, "rule %s", e->add ? "add" : "del");
	if (e->rule.has_priority)
		put(o, " pref %u", r->priority);
	if (r->invert)
		put(o, " not");
	put_prefix(o, " from ", &r->from);
	put_prefix(o, " to ", &r->to);
	if (r->iif[0])
		put_word(o, " iif ", r->iif);
	if (r->oif[0])
		put_word(o, " oif ", r->oif);
	if (r->mark || (r->mask && r->mask != UINT32_MAX))
		put(o, " fwmark 0x%x/0x%x", r->mark, r->mask);
	if (r->tos)
		put(o, " tos 0x%02x", r->tos);
	if (r->l3mdev)
		put(o, " l3mdev");
	else if (r->action != FR_ACT_TO_TBL)
		put_listed(o, " ", LIST_RULE_ACTIONS, r->action);
	else if (r->table)
		put_listed(o, " lookup ", LIST_TABLES, r->table);
	if (e->rule.protocol)
		put_listed(o, " protocol ", LIST_PROTOCOLS, e->rule.protocol);
}

static void print_sysctl(struct out *o, const struct edit *e)
{
	if (o->script) {
		char both[sizeof e->sysctl.name + sizeof e->sysctl.value];
		snprintf(both, sizeof both, "%s=%s", e->sysctl.name, e->sysctl.value);
		put_word(o, "sysctl -q -w ", both);
		return;
	}
	put(o, o->shell ? "sysctl -w %s=" : "sysctl %s ", e->sysctl.name);
	put_word(o, "", e->sysctl.value);
}

static void print(const struct edit *e, struct out *o)
{
	if (o->shell && e->kind != EDIT_SYSCTL)
		put(o, "ip ");
	switch (e->kind) {
	case EDIT_LINK:
		print_link(o, e);
		break;
	case EDIT_UP:
		put_link(o, "set", e);
		put(o, e->add ? " up" : " down");
		break;
	case EDIT_MASTER:
		put_link(o, "set", e);
		if (e->master[0])
			put_word(o, " master ", e->master);
		else
			put(o, " nomaster");
		break;
	case EDIT_MTU:
		put_link(o, "set", e);
		put(o, " mtu %u", e->mtu);
		break;
	case EDIT_ADDR:
		print_addr(o, e);
		break;
	case EDIT_NEXTHOP:
		print_nexthop(o, e);
		break;
	case EDIT_ROUTE:
		print_route(o, e);
		break;
	case EDIT_RULE:
		print_rule(o, e);
		break;
	case EDIT_SYSCTL:
		print_sysctl(o, e);
		break;
	case EDIT_KINDS:
		break;
	}
}

char *edit_print(const struct edit *e, char *buf, size_t len)
{
	print(e, &(struct out){.buf = buf, .len = len});
	return buf;
}

char *edit_shell(const struct edit *e, char *buf, size_t len)
{
	print(e, &(struct out){.buf = buf, .len = len, .shell = true});
	return buf;
}

bool edit_script(const struct edit *e, char *buf, size_t len)
{
	struct out o = {.buf = buf, .len = len, .shell = true, .script = true};
	print(e, &o);
	return o.used < o.len;
}

uint32_t edit_default_table(uint8_t type)
{
	bool local = type == RTN_LOCAL || type == RTN_BROADCAST || type == RTN_NAT || type == RTN_ANYCAST;
	return local ? RT_TABLE_LOCAL : RT_TABLE_MAIN;
}

uint8_t edit_default_scope(uint8_t type, bool has_next_hop)
{
	switch (type) {
	case RTN_LOCAL:
	case RTN_NAT:
		return RT_SCOPE_HOST;
	case RTN_BROADCAST:
	case RTN_MULTICAST:
	case RTN_ANYCAST:
		return RT_SCOPE_LINK;
	case RTN_UNICAST:
	case RTN_UNSPEC:
		return has_next_hop ? RT_SCOPE_UNIVERSE : RT_SCOPE_LINK;
	default:
		return RT_SCOPE_UNIVERSE;
	}
}

static uint8_t scope_of(const struct edit *e)
{
	return e->route.has_scope ? e->route.scope
				  : edit_default_scope(e->route.type, e->route.via.family || e->route.nhid);
}

static uint32_t metric_of(const struct edit *e)
{
	return e->route.metric || e->route.dst.addr.family == AF_INET ? e->route.metric : METRIC6;
}

static bool same_prefix(const struct prefix *a, const struct prefix *b)
{
	return a->len == b->len && addr_equal(&a->addr, &b->addr);
}

// What an edit leaves open, as `route del PREFIX` does, fits anything.
static bool fits(bool open, uint32_t a, uint32_t b)
{
	return a == b || (open && (!a || !b));
}

static bool fits_addr(bool open, const struct addr *a, const struct addr *b)
{
	return addr_equal(a, b) || (open && (!a->family || !b->family));
}

static bool fits_prefix(bool open, const struct prefix *a, const struct prefix *b)
{
	return same_prefix(a, b) || (open && (!a->addr.family || !b->addr.family));
}

static bool fits_name(bool open, const char *a, const char *b)
{
	return strcmp(a, b) == 0 || (open && (!a[0] || !b[0]));
}

// A next hop object that drops hides the route's type.
static bool fits_type(const struct edit *a, const struct edit *b)
{
	bool hidden = a->route.nhid && a->route.nhid == b->route.nhid &&
		      (a->route.type == RTN_BLACKHOLE || b->route.type == RTN_BLACKHOLE);
	return hidden || fits(true, a->route.type, b->route.type);
}

static uint32_t protocol_of(const struct edit *e)
{
	return e->route.protocol || !e->add ? e->route.protocol : RTPROT_BOOT;
}

// Scopes are of IPv4 only.
static bool fits_scope(const struct edit *a, const struct edit *b)
{
	if (a->route.dst.addr.family != AF_INET || (!a->add && !a->route.has_scope) || (!b->add && !b->route.has_scope))
		return true;
	return scope_of(a) == scope_of(b);
}

static bool same_route(const struct edit *a, const struct edit *b)
{
	bool open = !a->add || !b->add;
	return same_prefix(&a->route.dst, &b->route.dst) && a->route.table == b->route.table &&
	       a->route.tos == b->route.tos &&
	       (metric_of(a) == metric_of(b) || fits(open, a->route.metric, b->route.metric)) && fits_type(a, b) &&
	       fits_name(true, a->dev, b->dev) && fits_addr(open, &a->route.via, &b->route.via) &&
	       fits(open, a->route.nhid, b->route.nhid) && fits_addr(open, &a->route.src, &b->route.src) &&
	       fits(open, protocol_of(a), protocol_of(b)) && fits_scope(a, b);
}

bool edit_same_key(const struct edit *a, const struct edit *b)
{
	if (a->kind == EDIT_ROUTE && b->kind == EDIT_ROUTE)
		return same_prefix(&a->route.dst, &b->route.dst) && a->route.table == b->route.table &&
		       a->route.tos == b->route.tos && metric_of(a) == metric_of(b);
	return a->kind == EDIT_RULE && b->kind == EDIT_RULE && a->rule.rule.family == b->rule.rule.family &&
	       a->rule.rule.priority == b->rule.rule.priority;
}

struct edit edit_deletion(const struct edit *thing)
{
	struct edit del = *thing;
	del.add = del.by_kernel = false;
	if (del.kind != EDIT_ROUTE)
		return del;
	del.route.append = del.route.replace = false;
	if (del.route.nhid &&
	    del.route.type == RTN_BLACKHOLE) // the type that the next hop object shows hides the route's own
		del.route.type = RTN_UNSPEC;
	// Without a scope, the kernel also matches one with a gateway.
	if (del.route.dst.addr.family == AF_INET && del.route.type == RTN_UNICAST && !del.route.via.family &&
	    !del.route.nhid) {
		del.route.scope = scope_of(thing);
		del.route.has_scope = true;
	}
	return del;
}

bool edit_replaces(const struct edit *e, const struct edit *fact)
{
	return e->kind == EDIT_ROUTE && e->add && e->route.replace && edit_same_key(e, fact);
}

static bool same_rule(const struct edit *a, const struct edit *b)
{
	const struct rule *x = &a->rule.rule, *y = &b->rule.rule;
	bool any = !a->rule.has_priority || !b->rule.has_priority, open = !a->add || !b->add;
	return x->family == y->family && (any || x->priority == y->priority) && x->action == y->action &&
	       (fits(open, x->table, y->table) || x->l3mdev) && x->l3mdev == y->l3mdev &&
	       fits_prefix(open, &x->from, &y->from) && fits_prefix(open, &x->to, &y->to) &&
	       fits_name(open, x->iif, y->iif) && fits_name(open, x->oif, y->oif) && fits(open, x->mark, y->mark) &&
	       fits(open, x->mask, y->mask) && fits(open, x->tos, y->tos) && x->invert == y->invert &&
	       fits(open, a->rule.protocol, b->rule.protocol);
}

bool edit_same_object(const struct edit *a, const struct edit *b)
{
	if (a->kind != b->kind)
		return false;
	switch (a->kind) {
	case EDIT_LINK:
	case EDIT_UP:
	case EDIT_MASTER:
	case EDIT_MTU:
		return strcmp(a->dev, b->dev) == 0;
	case EDIT_ADDR:
		return strcmp(a->dev, b->dev) == 0 && a->addr.len == b->addr.len &&
		       addr_equal(&a->addr.addr, &b->addr.addr);
	case EDIT_NEXTHOP:
		return a->nexthop.id == b->nexthop.id;
	case EDIT_ROUTE:
		return same_route(a, b);
	case EDIT_RULE:
		return same_rule(a, b);
	case EDIT_SYSCTL:
		return strcmp(a->sysctl.name, b->sysctl.name) == 0;
	case EDIT_KINDS:
		break;
	}
	return false;
}

bool edit_is_state(const struct edit *e)
{
	return e->kind == EDIT_UP || e->kind == EDIT_MASTER || e->kind == EDIT_MTU || e->kind == EDIT_SYSCTL;
}

int edit_family(const struct edit *e)
{
	return e->kind == EDIT_ADDR      ? e->addr.addr.family
	       : e->kind == EDIT_ROUTE   ? e->route.dst.addr.family
	       : e->kind == EDIT_NEXTHOP ? e->nexthop.family
					 : AF_UNSPEC;
}
