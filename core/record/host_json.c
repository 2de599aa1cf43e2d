// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/record/host_json.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "core/model/host_order.h"
#include "core/text/growing.h"
#include "core/text/json_text.h"

enum { LIST_MOST = 4096 }; // objects of one kind

static const char *trie_word(unsigned n)
{
	static const char *const words[] = {"unknown", "merged", "split"};
	return words[n];
}

static const struct field host_fields[] = {
	FIELD_BYTES("name", struct host, name),
	FIELD_MAYBE("inet6", struct host, has_inet6),
	FIELD_FLAG("lacks_rules4", struct host, lacks_rules4),
	FIELD_MAYBE("table_local4", struct host, has_local4),
	FIELD_MAYBE("table_main4", struct host, has_main4),
	FIELD_OF_WORDS("trie", struct host, trie, 3, trie_word),
	FIELD_FLAG("routes4_read", struct host, routes4_read),
	FIELD_FLAG("reserved_hidden", struct host, reserved_hidden),
	{0},
};
static const struct field kernel_fields[] = {
	FIELD_BYTES("release", struct kernel, release),
	FIELD_U16("major", struct kernel, major),
	FIELD_U16("minor", struct kernel, minor),
	FIELD_U16("patch", struct kernel, patch),
	{0},
};
static const struct field link_fields[] = {
	FIELD_U32("index", struct link, index),
	FIELD_BYTES("name", struct link, name),
	FIELD_BYTES("kind", struct link, kind),
	FIELD_U32("flags", struct link, flags),
	FIELD_U8("operstate", struct link, operstate),
	FIELD_FLAG("ignores_linkdown", struct link, ignores_linkdown),
	FIELD_FLAG("promotes", struct link, promotes),
	FIELD_FLAG("disables_ipv6", struct link, disables_ipv6),
	FIELD_U32("master", struct link, master),
	FIELD_U32("vrf_table", struct link, vrf_table),
	FIELD_U16("tunnel_port", struct link, tunnel_port),
	{0},
};
static const struct field altname_fields[] = {
	FIELD_U32("index", struct altname, index),
	FIELD_BYTES("name", struct altname, name),
	{0},
};
static const struct field addr_fields[] = {
	FIELD_AT("address", struct host_addr, addr),
	FIELD("length", FIELD_NUMBER, struct host_addr, prefixlen, 128),
	FIELD_U8("scope", struct host_addr, scope),
	FIELD_U32("flags", struct host_addr, flags),
	FIELD_U32("interface", struct host_addr, index),
	FIELD_U32("valid", struct host_addr, valid),
	FIELD_U32("preferred", struct host_addr, preferred),
	FIELD_U32("peer", struct host_addr, peer),
	{0},
};
static const struct field left_fields[] = {
	FIELD_BYTES("device", struct left_addr, device),
	FIELD_AT("primary", struct left_addr, primary),
	{0},
};
static const struct field rule_fields[] = {
	FIELD_U8("family", struct rule, family),
	FIELD_U8("action", struct rule, action),
	FIELD_U8("tos", struct rule, tos),
	FIELD_U8("ipproto", struct rule, ipproto),
	FIELD_FLAG("builtin", struct rule, builtin),
	FIELD_FLAG("invert", struct rule, invert),
	FIELD_U32("priority", struct rule, priority),
	FIELD_U32("table", struct rule, table),
	FIELD_NET("from", struct rule, from),
	FIELD_NET("to", struct rule, to),
	FIELD_BYTES("iif", struct rule, iif),
	FIELD_BYTES("oif", struct rule, oif),
	FIELD_U32("mark", struct rule, mark),
	FIELD_U32("mask", struct rule, mask),
	FIELD_U32("target", struct rule, target),
	FIELD_FLAG("l3mdev", struct rule, l3mdev),
	FIELD_FLAG("of_users", struct rule, of_users),
	FIELD_FLAG("suppresses", struct rule, suppresses),
	FIELD_FLAG("suppresses_group", struct rule, suppresses_group),
	FIELD_U32("uid_low", struct rule, uid_low),
	FIELD_U32("uid_high", struct rule, uid_high),
	FIELD_U32("suppressed", struct rule, suppressed),
	FIELD_U32("group", struct rule, group),
	FIELD_U16("source_low", struct rule, source.low),
	FIELD_U16("source_high", struct rule, source.high),
	FIELD_U16("dest_low", struct rule, dest.low),
	FIELD_U16("dest_high", struct rule, dest.high),
	{0},
};
struct route {
	struct prefix dst;
	struct route_info info;
};
static const struct field route_fields[] = {
	FIELD_NET("to", struct route, dst),
	FIELD_U32("table", struct route, info.table),
	FIELD_U32("metric", struct route, info.metric),
	FIELD_U32("dev", struct route, info.oif),
	FIELD_U32("nhid", struct route, info.nhid),
	FIELD_U32("prefsrc", struct route, info.prefsrc),
	FIELD_U8("type", struct route, info.type),
	FIELD_U8("tos", struct route, info.tos),
	FIELD_U8("protocol", struct route, info.protocol),
	FIELD_U8("scope", struct route, info.scope),
	FIELD_U8("flags", struct route, info.flags),
	FIELD_FLAG("via", struct route, info.via),
	FIELD_FLAG("several", struct route, info.several),
	FIELD_U64("devices", struct route, info.devices),
	FIELD_U64("rest", struct route, info.rest),
	{0},
};

static json_t *routes_json(const struct host *h, bool six)
{
	json_t *out = json_array();
	for (size_t i = 0; i < (six ? h->nroutes6 : h->nroutes4); i++) {
		struct route r = {six ? host_prefix6(h, i) : host_prefix4(h, i),
				  six ? *host_info6(h, i) : *host_info4(h, i)};
		json_array_append_new(out, row_json(route_fields, &r));
	}
	return out;
}

// From the oldest one on.
static json_t *left_json(const struct host *h)
{
	json_t *out = json_array();
	unsigned n = h->nleft < HOST_LEFT ? h->nleft : HOST_LEFT;
	for (unsigned i = h->nleft - n; i < h->nleft; i++) {
		json_t *row = row_json(left_fields, &h->left[i % HOST_LEFT]);
		fields_put(addr_fields, &h->left[i % HOST_LEFT].entry, row);
		json_array_append_new(out, row);
	}
	return out;
}

// "net.ipv4.ip_local_port_range[1]" is the second number of that file.
static const char *sysctl_key(enum sysctl_id id, char buf[static 64])
{
	const struct sysctl *s = sysctl_info(id);
	snprintf(buf, 64, s->field ? "%s[%u]" : "%s", s->name, s->field);
	return buf;
}

// A number that was read; null: could not be read. What this kernel does not have is left out. (Others are made up.)
static json_t *sysctls_json(const struct host *h)
{
	char key[64];
	json_t *out = json_object();
	for (unsigned i = 0; i < SYSCTL_COUNT; i++) {
		const char *name = sysctl_key((enum sysctl_id)i, key);
		bool initial = h->sysctl[i] == sysctl_info((enum sysctl_id)i)->initial;
		json_t *value = json_integer(h->sysctl[i]);
		if (h->sysctl_known[i] && !h->sysctl_hidden[i])
			json_object_set(out, name, value);
		else if (h->sysctl_hidden[i] && !h->sysctl_known[i] && initial)
			json_object_set_new(out, name, json_null());
		else if (h->sysctl_hidden[i] || !initial)
			json_object_set_new(out, name,
					    json_pack("{s:O,s:b,s:b}", "value", value, "known", (int)h->sysctl_known[i],
						      "hidden", (int)h->sysctl_hidden[i]));
		json_decref(value);
	}
	return out;
}

static bool reserved(const struct host *h, unsigned port)
{
	return port <= UINT16_MAX && h->reserved_ports[port / 8] >> port % 8 & 1;
}

// As the kernel prints them: "80,8000-8009".
static json_t *reserved_json(const struct host *h)
{
	struct growing text = {0};
	for (unsigned port = 0; port <= UINT16_MAX; port++) {
		unsigned last = port;
		if (!reserved(h, port))
			continue;
		while (reserved(h, last + 1))
			last++;
		growing_add(&text, last > port ? "%s%u-%u" : "%s%u", text.len ? "," : "", port, last);
		port = last;
	}
	json_t *out = json_text(text.p ? text.p : "");
	free(text.p);
	return out;
}

static json_t *kinds_json(const struct host *h)
{
	json_t *out = json_object();
	for (unsigned i = 0; i < KIND_COUNT; i++)
		json_object_set_new(out, kind_info((enum kind)i)->name,
				    h->has_kind[i] == UNKNOWN ? json_null() : json_boolean(h->has_kind[i] == YES));
	return out;
}

json_t *host_json(const struct host *h)
{
	json_t *out = json_object();
	json_object_set_new(out, "facts", row_json(host_fields, h));
	json_object_set_new(out, "kernel", row_json(kernel_fields, &h->kernel));
	json_object_set_new(out, "kinds", kinds_json(h));
	json_object_set_new(out, "interfaces", list_json(link_fields, h->links, h->nlinks, sizeof *h->links));
	json_object_set_new(out, "altnames", list_json(altname_fields, h->altnames, h->naltnames, sizeof *h->altnames));
	json_object_set_new(out, "addresses", list_json(addr_fields, h->addrs, h->naddrs, sizeof *h->addrs));
	json_object_set_new(out, "left", left_json(h));
	json_object_set_new(out, "rules", list_json(rule_fields, h->rules, h->nrules, sizeof *h->rules));
	json_object_set_new(out, "routes4", routes_json(h, false));
	json_object_set_new(out, "routes6", routes_json(h, true));
	json_object_set_new(out, "sysctls", sysctls_json(h));
	json_object_set_new(out, "reserved_ports", reserved_json(h));
	return out;
}

// Reading. Each adder gets a row that was read, and says what is wrong with it, or NULL.

static const char *const no_memory = "out of memory";

static const char *added(int rc)
{
	return rc < 0 ? no_memory : NULL;
}

static const char *add_link(struct host *h, const void *row)
{
	const struct link *l = row;
	return !l->index || !l->name[0] ? "an interface needs an index and a name" : added(host_add_link(h, l));
}

static const char *add_altname(struct host *h, const void *row)
{
	const struct altname *a = row;
	return added(host_add_altname(h, a->index, a->name));
}

static const char *addr_fault(const struct host_addr *a)
{
	if (!a->addr.family)
		return "an address is missing";
	return a->addr.family == AF_INET && a->prefixlen > 32 ? "expected a length of at most 32" : NULL;
}

static const char *add_addr(struct host *h, const void *row)
{
	const char *fault = addr_fault(row);
	return fault ? fault : added(host_add_addr(h, row));
}

static const char *add_rule(struct host *h, const void *row)
{
	const struct rule *r = row;
	if (r->family != AF_INET && r->family != AF_INET6)
		return "expected a rule of family 2 or 10";
	if ((r->from.addr.family && r->from.addr.family != r->family) ||
	    (r->to.addr.family && r->to.addr.family != r->family))
		return "a prefix has another family than its rule";
	return added(host_add_rule(h, r));
}

static const char *add_route4(struct host *h, const void *row)
{
	const struct route *r = row;
	return r->dst.addr.family != AF_INET ? "expected an IPv4 route" : added(host_add_route(h, &r->dst, &r->info));
}

static const char *add_route6(struct host *h, const void *row)
{
	const struct route *r = row;
	return r->dst.addr.family != AF_INET6 ? "expected an IPv6 route" : added(host_add_route(h, &r->dst, &r->info));
}

union row {
	struct link link;
	struct altname altname;
	struct host_addr addr;
	struct rule rule;
	struct route route;
};

static bool read_list(struct host *h, const json_t *from, struct json_place *p, const char *name,
		      const struct field *table, const char *(*add)(struct host *h, const void *row))
{
	const json_t *list = json_member(p, from, name, JSON_ARRAY, true);
	size_t was = json_enter(p, name, 0), n = json_array_size(list);
	bool ok = list && (n <= LIST_MOST || json_wrong(p, "expected at most %d", LIST_MOST));
	for (size_t i = 0; i < n && ok; i++) {
		union row row;
		const char *fault;
		size_t outside = json_enter(p, NULL, i);
		memset(&row, 0, sizeof row);
		ok = fields_take(table, p, json_array_get(list, i), &row);
		if (ok && (fault = add(h, &row)))
			ok = json_wrong(p, "%s", fault);
		json_leave(p, outside);
	}
	json_leave(p, was);
	return ok;
}

static bool read_left(struct host *h, const json_t *from, struct json_place *p)
{
	const json_t *list = json_member(p, from, "left", JSON_ARRAY, true);
	size_t was = json_enter(p, "left", 0), n = json_array_size(list);
	bool ok = list && (n <= HOST_LEFT || json_wrong(p, "expected at most %d", HOST_LEFT));
	for (size_t i = 0; i < n && ok; i++) {
		struct left_addr *l = &h->left[i];
		const char *fault;
		size_t outside = json_enter(p, NULL, i);
		*l = (struct left_addr){0};
		ok = fields_take(left_fields, p, json_array_get(list, i), l) &&
		     fields_take(addr_fields, p, json_array_get(list, i), &l->entry);
		if (ok && (fault = addr_fault(&l->entry)))
			ok = json_wrong(p, "%s", fault);
		json_leave(p, outside);
	}
	h->nleft = ok ? (unsigned)n : 0;
	json_leave(p, was);
	return ok;
}

// What the kernel writes there: ports and group ids, or switches.
static int64_t sysctl_most(enum sysctl_id id)
{
	return strstr(sysctl_info(id)->name, "port") ? UINT16_MAX : UINT32_MAX;
}

static bool read_sysctl(struct host *h, const json_t *v, struct json_place *p, enum sysctl_id id)
{
	const json_t *value = json_is_object(v) ? json_object_get(v, "value") : v;
	bool hidden = json_is_null(v) || json_is_true(json_object_get(v, "hidden"));
	h->sysctl_hidden[id] = hidden;
	h->sysctl_known[id] = json_is_integer(v) || json_is_true(json_object_get(v, "known"));
	if (json_is_null(v))
		return true;
	h->sysctl[id] = json_integer_value(value);
	return (json_is_integer(value) && h->sysctl[id] >= 0 && h->sysctl[id] <= sysctl_most(id)) ||
	       json_wrong(p, "expected a number from 0 to %lld", (long long)sysctl_most(id));
}

static bool read_sysctls(struct host *h, const json_t *from, struct json_place *p)
{
	char key[64];
	const json_t *list = json_member(p, from, "sysctls", JSON_OBJECT, true);
	size_t was = json_enter(p, "sysctls", 0);
	bool ok = list != NULL;
	for (unsigned i = 0; i < SYSCTL_COUNT && ok; i++) {
		const json_t *v = json_object_get(list, sysctl_key((enum sysctl_id)i, key));
		size_t outside = json_enter(p, key, 0);
		ok = !v || read_sysctl(h, v, p, (enum sysctl_id)i);
		json_leave(p, outside);
	}
	json_leave(p, was);
	return ok;
}

static bool read_reserved(struct host *h, const json_t *from, struct json_place *p)
{
	const json_t *v = json_member(p, from, "reserved_ports", JSON_STRING, true);
	const char *text = json_text_of(v);
	for (bool more = text && *text; more;) {
		char *end;
		unsigned long low = strtoul(text, &end, 10), high = *end == '-' ? strtoul(end + 1, &end, 10) : low;
		if (end == text || low > high || high > UINT16_MAX || (*end && *end != ',')) {
			size_t was = json_enter(p, "reserved_ports", 0);
			json_wrong(p, "expected ports as in 80,8000-8009");
			json_leave(p, was);
			return false;
		}
		for (; low <= high; low++)
			h->reserved_ports[low / 8] |= (uint8_t)(1U << low % 8);
		more = *end == ',';
		text = end + 1;
	}
	return v != NULL;
}

static bool read_kinds(struct host *h, const json_t *from, struct json_place *p)
{
	const json_t *list = json_member(p, from, "kinds", JSON_OBJECT, true);
	for (unsigned i = 0; i < KIND_COUNT && list; i++) {
		const json_t *v = json_object_get(list, kind_info((enum kind)i)->name);
		h->has_kind[i] = json_is_true(v) ? YES : json_is_false(v) ? NO : UNKNOWN;
	}
	return list != NULL;
}

// What no kernel has: two objects with the same key.
static bool is_sound(const struct host *h, struct json_place *p)
{
	for (size_t i = 1; i < h->nlinks; i++)
		if (link_compare(&h->links[i - 1], &h->links[i]) == 0)
			return json_wrong(p, "two interfaces have the index %u", h->links[i].index);
	for (size_t i = 1; i < h->naddrs; i++)
		if (host_addr_compare(&h->addrs[i - 1], &h->addrs[i]) == 0)
			return json_wrong(p, "an address stands there twice");
	return true;
}

struct host *host_json_read(const json_t *from, struct json_place *p)
{
	struct host *h = host_new();
	if (!h) {
		json_wrong(p, "%s", no_memory);
		return NULL;
	}
	h->has_inet6 = h->has_local4 = h->has_main4 = NO; // what is zero is left out
	h->routes4_read = false;
	h->recorded = true;
	if (fields_take_member(host_fields, p, from, "facts", true, h) &&
	    fields_take_member(kernel_fields, p, from, "kernel", true, &h->kernel) && read_kinds(h, from, p) &&
	    read_list(h, from, p, "interfaces", link_fields, add_link) &&
	    read_list(h, from, p, "altnames", altname_fields, add_altname) &&
	    read_list(h, from, p, "addresses", addr_fields, add_addr) && read_left(h, from, p) &&
	    read_list(h, from, p, "rules", rule_fields, add_rule) &&
	    read_list(h, from, p, "routes4", route_fields, add_route4) &&
	    read_list(h, from, p, "routes6", route_fields, add_route6) && read_sysctls(h, from, p) &&
	    read_reserved(h, from, p)) {
		host_sort(h);
		if (is_sound(h, p))
			return h;
	}
	host_free(h);
	return NULL;
}
