// SPDX-License-Identifier: GPL-3.0-or-later
// Made-up hosts and attempts for the unit tests, written as short scripts.
//
// A host: statements with ";" between them, each as it would be typed for iproute2, or nearly so.
//	lo [down] [noipv6]                  lo, up, with 127.0.0.1/8 and ::1/128, or as it begins; the IPv4 tables exist
//	link v0 [master red] [down] [nocarrier] [dormant] [ignores] [noipv6]
//	                                    a device, with the next free index from 2 on; `ignores`: routes without
//	                                    a carrier; `noipv6`: its disable_ipv6 is 1
//	altname v0 NAME                     another name of it
//	vrf red 10                          a VRF device; splits the tables
//	addr 192.0.2.1/24 dev v0 [tentative] [optimistic] [dadfailed] [deprecated] [secondary] [noroute]
//	                                    an address, with the routes that the kernel adds for it; `noroute`: they
//	                                    were deleted
//	left 192.0.2.1 dev v0 [with 192.0.2.2]
//	                                    an address that it had, until it left; with its primary one
//	route [TYPE] PREFIX [dev v0] [table T] [metric N] [tos N] [nhid N] [proto kernel] [dead] [linkdown]
//	tables | split                      both IPv4 tables exist | and do not share a trie
//	sysctl NAME=VALUE, kernel RELEASE, nocaps, noping, unread
//	asked 10.0.0.1 ERRNO                what the kernel answers to a lookup in table local: an error
//	inmain 10.0.0.1 LENGTH              it finds a local route of that length in table main
//	noread NAME|reserved                this sysctl, or the reserved ports, could not be read
//	filter                              a seccomp filter is active
//	nohooks                             no cgroup BPF bind programs; without it that can't be told
//	owner                               root's rights are those of who made the user namespace
//	without KIND | maybe KIND           such sockets do not exist | may not exist
//	inet6 off|maybe                     there are no IPv6 sockets at all | perhaps none
//	hidden                              TCP sockets that are bound only are not among the known ones
//	ports tcp|udp|udplite|icmp          who holds ports is known; without a sock statement: nobody
//	reserve LOW HIGH                    ports of net.ipv4.ip_local_reserved_ports
//	sock tcp4|udp6|... ADDRESS PORT [listen] [timewait] [ownerless] [peer=ADDRESS peerport=N]
//	     [reuse[=?]] [reuseport[=?]] [v6only[=?]] [dev=v0] [uid=N]
// A bind: PROTO ADDRESS PORT [OPTION...], PROTO is tcp4, udp6, raw4, ping6, mptcp4, ..., an option is one of --set,
// or scope=v0|999, dev=v0, len=24, family=77, uid=1000 (no capabilities), twice, bound (to something else before).
#ifndef BINDWALK_MADE_HOST_H
#define BINDWALK_MADE_HOST_H

// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
// clang-format on

#include <linux/if_addr.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "core/model/attempt.h"
#include "core/model/facts.h"
#include "core/model/host.h"
#include "core/model/host_order.h"
#include "core/model/rt_names.h"

#define MADE static inline __attribute__((unused))

enum { MADE_WORDS = 24, MADE_TEXT = 1024 };

// Who binds, and what was asked, go with the host that was made last.
static struct caller made_caller __attribute__((unused));
static struct question made_question __attribute__((unused));
static bool made_unprivileged __attribute__((unused)); // the attempt that was made last is one without capabilities

// All that a decision over a made-up host rests on.
MADE const struct facts *made_facts(const struct host *h)
{
	static struct caller caller;
	static struct facts f;
	caller = made_unprivileged ? caller_unprivileged(&made_caller) : made_caller;
	f = (struct facts){h, &caller, &made_question};
	return &f;
}

struct made_words {
	char text[MADE_TEXT];
	char *word[MADE_WORDS];
	unsigned n;
};

MADE void made_split(const char *text, size_t len, struct made_words *out)
{
	char *save = NULL;
	assert_true(len < sizeof out->text);
	memcpy(out->text, text, len);
	out->text[len] = '\0';
	out->n = 0;
	for (char *w = strtok_r(out->text, " \n\t", &save); w; w = strtok_r(NULL, " \n\t", &save)) {
		assert_true(out->n < MADE_WORDS);
		out->word[out->n++] = w;
	}
}

// The word after `name`, NULL when it is not there.
MADE const char *made_after(const struct made_words *w, const char *name)
{
	for (unsigned i = 1; i + 1 < w->n; i++)
		if (strcmp(w->word[i], name) == 0)
			return w->word[i + 1];
	return NULL;
}

MADE bool made_has(const struct made_words *w, const char *name)
{
	for (unsigned i = 1; i < w->n; i++)
		if (strcmp(w->word[i], name) == 0)
			return true;
	return false;
}

// What follows "name=", NULL when it is not there.
MADE const char *made_value(const struct made_words *w, const char *name)
{
	size_t len = strlen(name);
	for (unsigned i = 1; i < w->n; i++)
		if (strncmp(w->word[i], name, len) == 0 && w->word[i][len] == '=')
			return w->word[i] + len + 1;
	return NULL;
}

MADE uint32_t made_number(const char *text)
{
	unsigned long n = 0;
	assert_int_equal(number_parse(text, UINT32_MAX, &n), 0);
	return (uint32_t)n;
}

MADE struct addr made_addr(const char *text)
{
	struct addr a = {0};
	assert_int_equal(addr_parse(text, &a), 0);
	return a;
}

MADE struct prefix made_prefix(const char *text)
{
	struct prefix p = {0};
	assert_int_equal(prefix_parse(strcmp(text, "default") == 0 ? "0.0.0.0/0" : text, &p), 0);
	return p;
}

// A device by name, or an index in digits that need not exist; 0 for no text.
MADE uint32_t made_index(const struct host *h, const char *name)
{
	if (!name)
		return 0;
	const struct link *l = host_link_named(h, name);
	return l ? l->index : made_number(name);
}

MADE uint32_t made_table(const char *name)
{
	return strcmp(name, "local") == 0  ? RT_TABLE_LOCAL
	       : strcmp(name, "main") == 0 ? RT_TABLE_MAIN
					   : made_number(name);
}

MADE void made_add_route(struct host *h, const struct prefix *p, const struct route_info *info)
{
	assert_int_equal(host_add_route(h, p, info), 0);
	if (p->addr.family == AF_INET6)
		return;
	if (info->table == RT_TABLE_LOCAL)
		h->has_local4 = YES;
	if (info->table == RT_TABLE_MAIN)
		h->has_main4 = YES;
}

MADE void made_do_link(struct host *h, const struct made_words *w, uint32_t vrf_table)
{
	uint32_t index = 1;
	for (size_t i = 0; i < h->nlinks; i++)
		if (h->links[i].index >= index)
			index = h->links[i].index + 1;
	bool lo = strcmp(w->word[0], "lo") == 0;
	if (!lo && index < 2)
		index = 2;
	struct link l = {.index = index, .operstate = 6, .vrf_table = vrf_table};
	snprintf(l.name, sizeof l.name, "%s", lo ? "lo" : w->word[1]);
	snprintf(l.kind, sizeof l.kind, "%s", vrf_table ? "vrf" : lo ? "" : "veth");
	l.flags = (made_has(w, "down") ? 0u : IFF_UP) | (lo ? IFF_LOOPBACK : 0u);
	l.flags |= l.flags & IFF_UP && !made_has(w, "nocarrier") ? 0x10000u : 0u;
	l.operstate = made_has(w, "dormant") ? 5 : l.operstate;
	l.disables_ipv6 = made_has(w, "noipv6");
	l.master = made_index(h, made_after(w, "master"));
	l.ignores_linkdown = made_has(w, "ignores");
	assert_int_equal(host_add_link(h, &l), 0);
	if (vrf_table)
		h->trie = TRIE_SPLIT;
}

MADE void made_do_addr(struct host *h, const char *text, const struct made_words *w)
{
	struct host_addr e = {.flags = IFA_F_PERMANENT, .valid = UINT32_MAX, .preferred = UINT32_MAX};
	struct prefix all = {0}, net = made_prefix(text);
	const char *slash = strchr(text, '/');
	assert_non_null(slash);
	e.prefixlen = (uint8_t)made_number(slash + 1);
	char bare[ADDR_TEXT];
	snprintf(bare, sizeof bare, "%.*s", (int)(slash - text), text);
	e.addr = made_addr(bare);
	e.index = made_index(h, made_after(w, "dev"));
	if (!e.index)
		e.index = 1;
	if (made_has(w, "tentative"))
		e.flags |= IFA_F_TENTATIVE;
	if (made_has(w, "optimistic"))
		e.flags |= IFA_F_OPTIMISTIC;
	if (made_has(w, "dadfailed"))
		e.flags |= IFA_F_DADFAILED;
	if (made_has(w, "deprecated"))
		e.flags |= IFA_F_DEPRECATED;
	if (made_has(w, "secondary"))
		e.flags |= IFA_F_SECONDARY;
	bool six = e.addr.family == AF_INET6;
	bool loopback = six ? addr6_class(&e.addr) & ADDR6_LOOPBACK : e.addr.bytes[0] == 127;
	e.scope = loopback ? RT_SCOPE_HOST : six && addr6_needs_scope(&e.addr) ? RT_SCOPE_LINK : RT_SCOPE_UNIVERSE;
	assert_int_equal(host_add_addr(h, &e), 0);
	if (made_has(w, "noroute"))
		return;

	const struct link *vrf = host_vrf_of(h, e.index);
	struct route_info info = {.table = vrf ? vrf->vrf_table : RT_TABLE_LOCAL,
				  .type = RTN_LOCAL,
				  .oif = e.index,
				  .protocol = RTPROT_KERNEL,
				  .scope = RT_SCOPE_HOST};
	all = (struct prefix){.addr = e.addr, .len = six ? 128 : 32};
	if (!six || !(e.flags & IFA_F_TENTATIVE))
		made_add_route(h, &all, &info);
	const struct link *link = host_link(h, e.index);
	if (six || !link || !(link->flags & IFF_UP))
		return;
	if (e.index == 1) { // a loopback device: the whole prefix is local
		made_add_route(h, &net, &info);
	} else {
		info.type = RTN_UNICAST;
		info.scope = RT_SCOPE_LINK;
		info.table = vrf ? vrf->vrf_table : RT_TABLE_MAIN;
		made_add_route(h, &net, &info);
	}
	if (e.prefixlen < 31) {
		all.addr = addr_from_v4(addr_v4(&net.addr) | (uint32_t)(UINT64_C(0xffffffff) >> net.len));
		info.type = RTN_BROADCAST;
		info.table = vrf ? vrf->vrf_table : RT_TABLE_LOCAL;
		made_add_route(h, &all, &info);
	}
}

MADE void made_do_route(struct host *h, const struct made_words *w)
{
	struct route_info info = {.type = RTN_UNICAST, .protocol = RTPROT_BOOT};
	const char *text = w->word[1];
	for (unsigned t = RTN_UNSPEC; t <= RTN_XRESOLVE; t++) {
		if (strcmp(rtn_name(t), w->word[1]) == 0) {
			info.type = (uint8_t)t;
			text = w->word[2];
		}
	}
	bool ours = info.type == RTN_LOCAL || info.type == RTN_BROADCAST || info.type == RTN_ANYCAST;
	const char *table = made_after(w, "table"), *number;
	info.table = table ? made_table(table) : ours ? RT_TABLE_LOCAL : RT_TABLE_MAIN;
	info.oif = made_index(h, made_after(w, "dev"));
	if ((number = made_after(w, "metric")))
		info.metric = made_number(number);
	if ((number = made_after(w, "tos")))
		info.tos = (uint8_t)made_number(number);
	if ((number = made_after(w, "nhid")))
		info.nhid = made_number(number);
	if (made_after(w, "proto"))
		info.protocol = RTPROT_KERNEL;
	if (made_has(w, "dead"))
		info.flags |= ROUTE_DEAD;
	if (made_has(w, "linkdown"))
		info.flags |= ROUTE_LINKDOWN;
	struct prefix p = made_prefix(text);
	made_add_route(h, &p, &info);
}

MADE enum kind made_kind(const char *proto, uint8_t *family)
{
	char name[16];
	size_t n = strlen(proto);
	assert_true(n > 1 && n < sizeof name && (proto[n - 1] == '4' || proto[n - 1] == '6'));
	*family = proto[n - 1] == '6' ? AF_INET6 : AF_INET;
	snprintf(name, sizeof name, "%.*s", (int)(n - 1), proto);
	int kind = kind_find(strcmp(name, "ping") == 0 ? "icmp" : name);
	assert_true(kind >= 0);
	return (enum kind)kind;
}

MADE enum tri made_tri(const struct made_words *w, const char *name)
{
	return made_value(w, name) ? UNKNOWN : made_has(w, name) ? YES : NO;
}

MADE struct sock made_sock(const struct host *h, const struct made_words *w)
{
	struct sock s = {.owner = OWNER_PROCESS, .pid = 41, .comm = "server"};
	enum kind kind = made_kind(w->word[1], &s.family);
	s.protocol = (uint8_t)kind_info(kind)->protocol;
	s.addr = made_addr(w->word[2]);
	s.port = (uint16_t)made_number(w->word[3]);
	s.state = made_has(w, "listen") ? 10 : made_has(w, "timewait") ? 6 : kind == KIND_TCP ? 13 : 7;
	s.reuseaddr = made_tri(w, "reuse");
	s.reuseport = made_tri(w, "reuseport");
	s.v6only = made_tri(w, "v6only");
	s.device = made_index(h, made_value(w, "dev"));
	if (made_value(w, "uid"))
		s.uid = made_number(made_value(w, "uid"));
	if (made_value(w, "peer")) {
		s.peer = made_addr(made_value(w, "peer"));
		s.peer_port = (uint16_t)made_number(made_value(w, "peerport"));
		s.state = s.state == 6 ? 6 : 1;
	}
	if (s.state == 6) {
		s.timer = 3;
		s.expires = 59000;
	}
	if (s.state == 6 || made_has(w, "ownerless")) {
		s.owner = s.state == 6 ? OWNER_NONE : OWNER_KERNEL;
		s.pid = 0;
	}
	s.pid_uid = s.uid;
	return s;
}

MADE void made_do_left(struct host *h, const struct made_words *w)
{
	const char *primary = made_after(w, "with");
	struct left_addr *l = &h->left[h->nleft++];
	snprintf(l->device, sizeof l->device, "%s", made_after(w, "dev"));
	const struct link *dev = host_link_named(h, l->device); // it may be gone
	l->entry = (struct host_addr){
		.addr = made_addr(w->word[1]), .prefixlen = 24, .index = dev ? dev->index : UINT32_MAX};
	if (primary)
		l->primary = made_addr(primary);
}

MADE void made_do_sysctl(struct host *h, const struct made_words *w)
{
	char *equals = strchr(w->word[1], '=');
	assert_non_null(equals);
	*equals = '\0';
	int id = sysctl_find(w->word[1]);
	assert_true(id >= 0);
	h->sysctl[id] = made_number(equals + 1);
	if (w->n > 2) // the second number of a range
		h->sysctl[id + 1] = made_number(w->word[2]);
}

MADE void made_ports(int protocol)
{
	made_question.socks_known = made_question.socks_bound = YES;
	made_question.socks_protocol = (uint8_t)protocol;
}

MADE void made_do(struct host *h, struct made_words *w)
{
	const char *verb = w->word[0];
	if (strcmp(verb, "lo") == 0) {
		made_do_link(h, w, 0);
		if (!made_has(w, "down"))
			made_do_addr(h, "127.0.0.1/8", w);
		if (!made_has(w, "down") && !made_has(w, "noipv6"))
			made_do_addr(h, "::1/128", w);
		h->has_local4 = h->has_main4 = YES;
	} else if (strcmp(verb, "link") == 0) {
		made_do_link(h, w, 0);
	} else if (strcmp(verb, "altname") == 0) {
		assert_int_equal(host_add_altname(h, made_index(h, w->word[1]), w->word[2]), 0);
	} else if (strcmp(verb, "vrf") == 0) {
		made_do_link(h, w, made_number(w->word[2]));
	} else if (strcmp(verb, "addr") == 0) {
		made_do_addr(h, w->word[1], w);
	} else if (strcmp(verb, "left") == 0) {
		made_do_left(h, w);
	} else if (strcmp(verb, "route") == 0) {
		made_do_route(h, w);
	} else if (strcmp(verb, "tables") == 0) {
		h->has_local4 = h->has_main4 = YES;
	} else if (strcmp(verb, "split") == 0) {
		h->trie = TRIE_SPLIT;
	} else if (strcmp(verb, "kernel") == 0) {
		assert_int_equal(kernel_parse(w->word[1], &h->kernel), 0);
	} else if (strcmp(verb, "nocaps") == 0) {
		made_caller =
			(struct caller){.uid = 1000, .ping_group = made_caller.ping_group, .hooks = made_caller.hooks};
	} else if (strcmp(verb, "unreadcaps") == 0) {
		made_caller.net_bind_service = made_caller.net_raw = made_caller.net_admin = UNKNOWN;
		made_caller.ping_group = UNKNOWN;
	} else if (strcmp(verb, "lack") == 0) {
		made_caller.lack_bind_service = made_caller.lack_raw = strcmp(w->word[1], "dropped") == 0 ? LACK_DROPPED
								       : strcmp(w->word[1], "bounding") == 0
									       ? LACK_BOUNDING
									       : LACK_NO_NEW_PRIVS;
	} else if (strcmp(verb, "nohooks") == 0) {
		made_caller.hooks.cgroup_bind = 0;
	} else if (strcmp(verb, "owner") == 0) {
		made_caller.as_owner = true;
		made_caller.ordinary_uid = 0; // it is one that has no other
	} else if (strcmp(verb, "noping") == 0) {
		made_caller.ping_group = false;
	} else if (strcmp(verb, "inet6") == 0) {
		h->has_inet6 = strcmp(w->word[1], "off") == 0 ? NO : UNKNOWN;
	} else if (strcmp(verb, "without") == 0 || strcmp(verb, "maybe") == 0) {
		int kind = kind_find(w->word[1]);
		assert_true(kind >= 0);
		h->has_kind[kind] = *verb == 'w' ? NO : UNKNOWN;
	} else if (strcmp(verb, "reserve") == 0) {
		for (uint32_t port = made_number(w->word[1]); port <= made_number(w->word[2]); port++)
			h->reserved_ports[port / 8] |= (uint8_t)(1 << port % 8);
	} else if (strcmp(verb, "hidden") == 0) {
		made_question.socks_bound = NO;
	} else if (strcmp(verb, "unread") == 0) {
		h->routes4_read = false;
	} else if (strcmp(verb, "sysctl") == 0) {
		made_do_sysctl(h, w);
	} else if (strcmp(verb, "noread") == 0) {
		h->reserved_hidden |= strcmp(w->word[1], "reserved") == 0;
		for (int i = 0; i < SYSCTL_COUNT; i++)
			h->sysctl_hidden[i] |= strcmp(sysctl_info((enum sysctl_id)i)->name, w->word[1]) == 0;
	} else if (strcmp(verb, "filter") == 0) {
		made_caller.hooks.seccomp = YES;
	} else if (strcmp(verb, "asked") == 0) {
		struct addr dst = made_addr(w->word[1]);
		made_question.fib = (struct fib_answer){.present = true,
							.table = RT_TABLE_LOCAL,
							.dst = addr_v4(&dst),
							.err = -(int)made_number(w->word[2])};
	} else if (strcmp(verb, "inmain") == 0) {
		struct addr dst = made_addr(w->word[1]);
		made_question.in_main = (struct fib_answer){.present = true,
							    .table = RT_TABLE_MAIN,
							    .dst = addr_v4(&dst),
							    .type = RTN_LOCAL,
							    .len = (uint8_t)made_number(w->word[2])};
	} else if (strcmp(verb, "ports") == 0) {
		made_ports(kind_info((enum kind)kind_find(w->word[1]))->protocol);
	} else if (strcmp(verb, "sock") == 0) {
		struct sock s = made_sock(h, w);
		made_ports(s.protocol);
		assert_int_equal(question_add_sock(&made_question, &s), 0);
	} else {
		fail_msg("no statement %s", verb);
	}
}

// A host by its script; the caller frees it. Everything else is as root finds it on a new namespace of 6.18.
MADE struct host *made_host(const char *script)
{
	struct host *h = host_new();
	struct made_words w;
	assert_non_null(h);
	assert_int_equal(kernel_parse("6.18.44", &h->kernel), 0);
	h->has_local4 = h->has_main4 = NO;
	h->trie = TRIE_MERGED;
	made_caller = (struct caller){.net_bind_service = true,
				      .net_raw = true,
				      .net_admin = true,
				      .ping_group = true,
				      .ordinary_uid = 1000,
				      .hooks.cgroup_bind = -1};
	made_unprivileged = false;
	question_free(&made_question);
	while (*script) {
		size_t len = strcspn(script, ";");
		made_split(script, len, &w);
		if (w.n)
			made_do(h, &w);
		script += len + (script[len] == ';');
	}
	host_sort(h);
	return h;
}

MADE void made_option(const struct host *h, struct attempt *a, const char *text)
{
	struct setting s;
	char err[512], spelled[64];
	if (strncmp(text, "scope=", 6) == 0) {
		snprintf(a->scope_name, sizeof a->scope_name, "%s", text + 6);
		a->scope = made_index(h, text + 6);
	} else if (strncmp(text, "len=", 4) == 0) {
		a->addrlen = (int)made_number(text + 4);
	} else if (strncmp(text, "family=", 7) == 0) {
		a->sa_family = (int)made_number(text + 7);
	} else if (strcmp(text, "uid=1000") == 0) {
		made_unprivileged = true;
	} else if (strcmp(text, "bound") == 0) {
		a->binds = BINDS_OTHER;
	} else if (strcmp(text, "twice") == 0) {
		a->binds = 2;
	} else {
		snprintf(spelled, sizeof spelled, "%s%s", strncmp(text, "dev=", 4) == 0 ? "device" : "",
			 strncmp(text, "dev=", 4) == 0 ? text + 3 : text);
		if (setting_parse(spelled, &s, err, sizeof err) < 0)
			fail_msg("%s", err);
		assert_int_equal(attempt_set(a, &s), 0);
	}
}

// An attempt by its line, over a host whose devices it names.
MADE struct attempt made_attempt(const struct host *h, const char *line)
{
	struct made_words w;
	made_split(line, strlen(line), &w);
	assert_true(w.n >= 3);
	made_unprivileged = false;
	struct addr addr = made_addr(w.word[1]);
	struct attempt a = attempt_new(&addr);
	a.kind = made_kind(w.word[0], &a.family);
	a.port = (uint16_t)made_number(w.word[2]);
	for (unsigned i = 3; i < w.n; i++)
		made_option(h, &a, w.word[i]);
	return a;
}

#endif
