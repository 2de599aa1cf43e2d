// SPDX-License-Identifier: GPL-3.0-or-later
// Lines of the command language that change a namespace, read into a value.
#include "core/change/edit_parse.h"

#include <errno.h>
#include <linux/fib_rules.h>
#include <linux/if_addr.h>
#include <linux/rtnetlink.h>
#include <stdio.h>
#include <string.h>

#include "core/change/edit.h"
#include "core/model/rt_names.h"

enum { WORDS = 48 };

// The words of a line, one taken after the other.
struct line {
	char text[EDIT_TEXT];
	const char *words[WORDS + 1];
	unsigned n, at;
	int family; // of -4 and -6, else 0
	char *err;
	size_t errlen;
};

static int wrong(struct line *l, const char *what, const char *word)
{
	if (word)
		snprintf(l->err, l->errlen, "'%.60s' is no %s", word, what);
	else
		snprintf(l->err, l->errlen, "%s is missing", what);
	return -EINVAL;
}

// Blanks separate, quotes keep them, and a word that begins with # ends the line.
static int split(const char *text, struct line *l)
{
	size_t used = 0;
	while (*(text += strspn(text, " \t\n"))) {
		if (*text == '#')
			break;
		if (l->n == WORDS)
			return wrong(l, "line of this length", text);
		l->words[l->n++] = l->text + used;
		char quote = '\0';
		for (; *text && (quote || !strchr(" \t\n", *text)); text++) {
			if (quote ? *text == quote : *text == '"' || *text == '\'') {
				quote = quote ? '\0' : *text;
				continue;
			}
			if (used + 2 > sizeof l->text)
				return wrong(l, "line of this length", l->words[0]);
			l->text[used++] = *text;
		}
		if (quote || used + 1 > sizeof l->text)
			return wrong(l, "line: a quote is left open", l->words[0]);
		l->text[used++] = '\0';
	}
	return 0;
}

static const char *next(struct line *l)
{
	return l->at < l->n ? l->words[l->at++] : NULL;
}

static bool take(struct line *l, const char *word)
{
	if (l->at >= l->n || strcmp(l->words[l->at], word) != 0)
		return false;
	l->at++;
	return true;
}

static int take_name(struct line *l, char out[static 16])
{
	const char *word = next(l);
	if (!word || !*word || strlen(word) >= 16 || strchr(word, '/') || strcmp(word, ".") == 0 ||
	    strcmp(word, "..") == 0)
		return wrong(l, "name of an interface", word);
	memset(out, 0, 16);
	memcpy(out, word, strlen(word));
	return 0;
}

static int take_number(struct line *l, unsigned long max, unsigned long *out)
{
	const char *word = next(l);
	return word && rt_number(word, max, out) ? 0 : wrong(l, "number", word);
}

static int take_u32(struct line *l, uint32_t *out)
{
	unsigned long n;
	int err = take_number(l, UINT32_MAX, &n);
	*out = err ? 0 : (uint32_t)n;
	return err;
}

// Of a named list, or in digits up to 255.
static int take_byte(struct line *l, enum rt_list list, const char *what, uint8_t *out)
{
	unsigned long n;
	const char *word = next(l);
	int value = word ? rt_value(list, word) : -1;
	if (value < 0 && word && rt_number(word, 255, &n))
		value = (int)n;
	if (value < 0)
		return wrong(l, what, word);
	*out = (uint8_t)value;
	return 0;
}

static int take_table(struct line *l, uint32_t *out)
{
	unsigned long n;
	const char *word = next(l);
	int value = word ? rt_value(LIST_TABLES, word) : -1;
	if (value < 0 && (!word || !rt_number(word, UINT32_MAX, &n) || n == 0))
		return wrong(l, "table", word);
	*out = value < 0 ? (uint32_t)n : (uint32_t)value;
	return 0;
}

static int take_addr(struct line *l, struct addr *out)
{
	const char *word = next(l);
	return word && addr_parse(word, out) == 0 ? 0 : wrong(l, "address", word);
}

static int take_seconds(struct line *l, uint32_t *out)
{
	if (take(l, "forever")) {
		*out = UINT32_MAX;
		return 0;
	}
	return take_u32(l, out);
}

// ADDRESS[/LENGTH] with its host bits; a bare address is of full length.
static int take_cidr(struct line *l, struct addr *addr, uint8_t *len)
{
	const char *word = next(l);
	struct prefix p;
	char bare[ADDR_TEXT];
	size_t n = word ? strcspn(word, "/") : 0;
	if (!word || n >= sizeof bare || prefix_parse(word, &p) < 0)
		return wrong(l, "address of the form ADDRESS/LENGTH", word);
	memcpy(bare, word, n);
	bare[n] = '\0';
	*len = p.len;
	return addr_parse(bare, addr);
}

static int take_prefix(struct line *l, struct prefix *out)
{
	const char *word = next(l);
	if (word && (strcmp(word, "default") == 0 || strcmp(word, "all") == 0)) {
		*out = (struct prefix){{.family = (uint8_t)l->family}, 0}; // the family may come out later
		return 0;
	}
	if (!word || prefix_parse(word, out) < 0)
		return wrong(l, "prefix", word);
	// Bits beyond the length are a slip, not a wish.
	struct addr whole;
	char bare[ADDR_TEXT];
	snprintf(bare, sizeof bare, "%.*s", (int)strcspn(word, "/"), word);
	return addr_parse(bare, &whole) == 0 && addr_equal(&whole, &out->addr)
		       ? 0
		       : wrong(l, "prefix: it has host bits", word);
}

static int parse_link_add(struct line *l, struct edit *e)
{
	if (!take(l, "dev"))
		take(l, "name");
	int err = take_name(l, e->dev);
	if (err)
		return err;
	const char *type = take(l, "type") ? next(l) : NULL;
	if (!type || (strcmp(type, "veth") != 0 && strcmp(type, "dummy") != 0 && strcmp(type, "vrf") != 0))
		return wrong(l, "type of interface (type veth, dummy or vrf)", type);
	snprintf(e->link.type, sizeof e->link.type, "%s", type);
	if (type[0] == 'v' && type[1] == 'e') {
		if (!take(l, "peer"))
			return wrong(l, "peer NAME", NULL);
		take(l, "name");
		int rc = take_name(l, e->link.peer);
		e->link.neighbour = rc == 0 && take(l, "netns");
		return e->link.neighbour && !take(l, "neighbour")
			       ? wrong(l, "namespace here (netns neighbour)", next(l))
			       : rc;
	}
	if (type[0] == 'v')
		return take(l, "table") ? take_table(l, &e->link.table) : wrong(l, "table N", NULL);
	return 0;
}

static int parse_link(struct line *l, struct edit *e, const char *verb)
{
	if (strcmp(verb, "add") == 0)
		return parse_link_add(l, e);
	take(l, "dev");
	int err = take_name(l, e->dev);
	if (err || strcmp(verb, "set") != 0)
		return err;
	e->add = true;
	if (take(l, "up") || take(l, "down")) {
		e->kind = EDIT_UP;
		e->add = strcmp(l->words[l->at - 1], "up") == 0;
		return 0;
	}
	if (take(l, "mtu")) {
		e->kind = EDIT_MTU;
		return take_u32(l, &e->mtu);
	}
	e->kind = EDIT_MASTER;
	if (take(l, "nomaster"))
		return 0;
	return take(l, "master") ? take_name(l, e->master) : wrong(l, "up, down, master IF, nomaster or mtu N", NULL);
}

static int parse_address(struct line *l, struct edit *e)
{
	static const struct {
		const char *word;
		uint32_t flag;
	} flags[] = {{"nodad", IFA_F_NODAD},
		     {"optimistic", IFA_F_OPTIMISTIC},
		     {"noprefixroute", IFA_F_NOPREFIXROUTE},
		     {"home", IFA_F_HOMEADDRESS},
		     {"mngtmpaddr", IFA_F_MANAGETEMPADDR},
		     {"autojoin", IFA_F_MCAUTOJOIN}};
	uint8_t peer_len;
	e->addr.valid = e->addr.preferred = UINT32_MAX;
	take(l, "local");
	int err = take_cidr(l, &e->addr.addr, &e->addr.len);
	while (err == 0 && l->at < l->n) {
		bool known = false;
		for (size_t i = 0; i < sizeof flags / sizeof *flags && !known; i++)
			if ((known = take(l, flags[i].word)))
				e->addr.flags |= flags[i].flag;
		if (known)
			continue;
		if (take(l, "dev"))
			err = take_name(l, e->dev);
		else if (take(l, "broadcast") || take(l, "brd"))
			err = take_addr(l, &e->addr.broadcast);
		else if (take(l, "peer")) {
			err = take_cidr(l, &e->addr.peer, &peer_len);
			e->addr.len = err ? e->addr.len : peer_len;
		} else if (take(l, "scope")) {
			err = take_byte(l, LIST_SCOPES, "scope", &e->addr.scope);
			e->addr.has_scope = true;
		} else if (take(l, "valid_lft"))
			err = take_seconds(l, &e->addr.valid);
		else if (take(l, "preferred_lft"))
			err = take_seconds(l, &e->addr.preferred);
		else
			err = wrong(l, "word of `address`", next(l));
	}
	if (err == 0 && !e->dev[0])
		err = wrong(l, "dev IF", NULL);
	if (err == 0 && l->family && l->family != e->addr.addr.family)
		err = wrong(l, "address of that family", l->words[l->n - 1]);
	return err;
}

static int parse_nexthop(struct line *l, struct edit *e)
{
	unsigned long id = 0;
	int err = take(l, "id") ? take_number(l, UINT32_MAX, &id) : wrong(l, "id N", NULL);
	e->nexthop.id = (uint32_t)id;
	e->nexthop.family = l->family == AF_INET6 ? AF_INET6 : AF_INET;
	if (err == 0 && id == 0)
		err = wrong(l, "id", "0");
	while (err == 0 && l->at < l->n) {
		if (take(l, "blackhole"))
			e->nexthop.blackhole = true;
		else if (take(l, "dev"))
			err = take_name(l, e->dev);
		else
			err = wrong(l, "word of `nexthop`", next(l));
	}
	if (err == 0 && e->add && !e->nexthop.blackhole && !e->dev[0])
		err = wrong(l, "dev IF or blackhole", NULL);
	return err;
}

static int route_word(struct line *l, struct edit *e)
{
	if (take(l, "dev"))
		return take_name(l, e->dev);
	if (take(l, "via")) {
		take(l, "inet");
		take(l, "inet6");
		return take_addr(l, &e->route.via);
	}
	if (take(l, "src"))
		return take_addr(l, &e->route.src);
	if (take(l, "table"))
		return take_table(l, &e->route.table);
	if (take(l, "metric") || take(l, "preference"))
		return take_u32(l, &e->route.metric);
	if (take(l, "tos") || take(l, "dsfield"))
		return take_byte(l, NO_LIST, "number from 0 to 255", &e->route.tos);
	if (take(l, "nhid"))
		return take_u32(l, &e->route.nhid);
	if (take(l, "proto") || take(l, "protocol"))
		return take_byte(l, LIST_PROTOCOLS, "routing protocol", &e->route.protocol);
	if (take(l, "scope")) {
		e->route.has_scope = true;
		return take_byte(l, LIST_SCOPES, "scope", &e->route.scope);
	}
	if (take(l, "onlink")) {
		e->route.onlink = true;
		return 0;
	}
	return wrong(l, "word of `route`", next(l));
}

static int parse_route(struct line *l, struct edit *e, const char *verb)
{
	int type = l->at < l->n ? rt_value(LIST_ROUTE_TYPES, l->words[l->at]) : -1;
	if (type >= 0)
		l->at++;
	e->route.type = type >= 0 ? (uint8_t)type : e->add ? RTN_UNICAST : RTN_UNSPEC;
	take(l, "to");
	int err = take_prefix(l, &e->route.dst);
	e->route.append = strcmp(verb, "append") == 0;
	e->route.replace = strcmp(verb, "replace") == 0;
	while (err == 0 && l->at < l->n)
		err = route_word(l, e);
	if (err)
		return err;
	if (!e->route.dst.addr.family)
		e->route.dst.addr.family = e->route.via.family ? e->route.via.family : AF_INET;
	bool local = type == RTN_LOCAL || type == RTN_BROADCAST || type == RTN_NAT || type == RTN_ANYCAST;
	if (!e->route.table)
		e->route.table = local ? RT_TABLE_LOCAL : RT_TABLE_MAIN;
	if (l->family && l->family != e->route.dst.addr.family)
		return wrong(l, "prefix of that family", l->words[l->n - 1]);
	return 0;
}

static int rule_mark(struct line *l, struct rule *r)
{
	const char *word = next(l);
	char mark[16];
	unsigned long value, mask = UINT32_MAX;
	size_t n = word ? strcspn(word, "/") : sizeof mark;
	if (n >= sizeof mark)
		return wrong(l, "mark", word);
	memcpy(mark, word, n);
	mark[n] = '\0';
	if (!rt_number(mark, UINT32_MAX, &value) || (word[n] && !rt_number(word + n + 1, UINT32_MAX, &mask)))
		return wrong(l, "mark", word);
	r->mark = (uint32_t)value;
	r->mask = (uint32_t)mask;
	return 0;
}

static int rule_word(struct line *l, struct edit *e)
{
	struct rule *r = &e->rule.rule;
	int type;
	if (take(l, "pref") || take(l, "priority") || take(l, "preference")) {
		e->rule.has_priority = true;
		return take_u32(l, &r->priority);
	}
	if (take(l, "from"))
		return take_prefix(l, &r->from);
	if (take(l, "to"))
		return take_prefix(l, &r->to);
	if (take(l, "lookup") || take(l, "table"))
		return take_table(l, &r->table);
	if (take(l, "iif"))
		return take_name(l, r->iif);
	if (take(l, "oif"))
		return take_name(l, r->oif);
	if (take(l, "fwmark"))
		return rule_mark(l, r);
	if (take(l, "tos"))
		return take_byte(l, NO_LIST, "number from 0 to 255", &r->tos);
	if (take(l, "protocol"))
		return take_byte(l, LIST_PROTOCOLS, "routing protocol", &e->rule.protocol);
	if (take(l, "not")) {
		r->invert = true;
		return 0;
	}
	if (take(l, "l3mdev")) {
		r->l3mdev = true;
		return 0;
	}
	if (l->at < l->n && (type = rt_value(LIST_RULE_ACTIONS, l->words[l->at])) >= 0) {
		l->at++;
		r->action = (uint8_t)type;
		return 0;
	}
	return wrong(l, "word of `rule`", next(l));
}

static int parse_rule(struct line *l, struct edit *e)
{
	struct rule *r = &e->rule.rule;
	int err = 0;
	r->action = FR_ACT_TO_TBL;
	while (err == 0 && l->at < l->n)
		err = rule_word(l, e);
	if (err)
		return err;
	r->family = r->from.addr.family ? r->from.addr.family : r->to.addr.family;
	if (!r->family)
		r->family = l->family ? (uint8_t)l->family : AF_INET;
	if (l->family && l->family != r->family)
		return wrong(l, "prefix of that family", l->words[l->n - 1]);
	if ((r->from.addr.family && r->from.addr.family != r->family) ||
	    (r->to.addr.family && r->to.addr.family != r->family))
		return wrong(l, "pair of prefixes of one family", l->words[l->n - 1]);
	// "all" selects nothing.
	if (r->from.len == 0)
		r->from = (struct prefix){0};
	if (r->to.len == 0)
		r->to = (struct prefix){0};
	if (r->action == FR_ACT_TO_TBL && !r->table && !r->l3mdev && e->add)
		return wrong(l, "lookup T", NULL);
	return 0;
}

static int parse_sysctl(struct line *l, struct edit *e)
{
	take(l, "-w");
	const char *word = next(l);
	char *value = e->sysctl.value;
	size_t used = 0, n = word ? strcspn(word, "=") : 0;
	bool given = word && word[n] == '=';
	if (!word || n == 0 || n >= sizeof e->sysctl.name || strstr(word, "..") || strstr(word, "//"))
		return wrong(l, "name of a sysctl", word);
	memcpy(e->sysctl.name, word, n);
	if (given)
		used = (size_t)snprintf(value, sizeof e->sysctl.value, "%s", word + n + 1);
	while (used < sizeof e->sysctl.value && (word = next(l))) {
		given = true;
		used += (size_t)snprintf(value + used, sizeof e->sysctl.value - used, "%s%s", used ? " " : "", word);
	}
	if (used >= sizeof e->sysctl.value)
		return wrong(l, "value of a length that is taken here", e->sysctl.name);
	return given ? 0 : wrong(l, "value", NULL);
}

static int parse_words(struct line *l, struct edit *e)
{
	static const struct {
		const char *object;
		enum edit_kind kind;
	} objects[] = {{"link", EDIT_LINK},       {"address", EDIT_ADDR}, {"addr", EDIT_ADDR},    {"route", EDIT_ROUTE},
		       {"nexthop", EDIT_NEXTHOP}, {"rule", EDIT_RULE},    {"sysctl", EDIT_SYSCTL}};
	for (; take(l, "ip") || take(l, "-4") || take(l, "-6");)
		l->family = strcmp(l->words[l->at - 1], "-4") == 0   ? AF_INET
			    : strcmp(l->words[l->at - 1], "-6") == 0 ? AF_INET6
								     : l->family;
	const char *object = next(l), *verb;
	size_t i = 0;
	while (object && i < sizeof objects / sizeof *objects && strcmp(object, objects[i].object) != 0)
		i++;
	if (!object || i == sizeof objects / sizeof *objects)
		return wrong(l, "change (link, address, nexthop, route, rule, sysctl)", object);
	e->kind = objects[i].kind;
	e->add = true;
	if (e->kind == EDIT_SYSCTL)
		return parse_sysctl(l, e);
	verb = next(l);
	bool set = verb && strcmp(verb, "set") == 0 && e->kind == EDIT_LINK;
	bool route = verb && e->kind == EDIT_ROUTE && (strcmp(verb, "append") == 0 || strcmp(verb, "replace") == 0);
	e->add = verb && (strcmp(verb, "add") == 0 || route);
	if (!verb || (!set && !e->add && strcmp(verb, "del") != 0 && strcmp(verb, "delete") != 0))
		return wrong(l, "add or del", verb);
	switch (e->kind) {
	case EDIT_ADDR:
		return parse_address(l, e);
	case EDIT_NEXTHOP:
		return parse_nexthop(l, e);
	case EDIT_ROUTE:
		return parse_route(l, e, verb);
	case EDIT_RULE:
		return parse_rule(l, e);
	default:
		return parse_link(l, e, verb);
	}
}

int edit_parse(const char *line, struct edit *out, char *err, size_t errlen)
{
	struct line l = {.err = err, .errlen = errlen};
	memset(out, 0, sizeof *out); // whole-value comparison in tests
	int rc = split(line, &l);
	if (rc == 0)
		rc = parse_words(&l, out);
	if (rc == 0 && l.at < l.n)
		rc = wrong(&l, "word that may stand here", l.words[l.at]);
	return rc;
}
