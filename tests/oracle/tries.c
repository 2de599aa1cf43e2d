// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/oracle/tries.h"

#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "tests/oracle/state.h"

static struct addr random_address(const struct host *h, struct chance *c)
{
	unsigned what = chance_below(c, 100);
	if (what < 35 && h->naddrs)
		return h->addrs[chance_below(c, (unsigned)h->naddrs)].addr;
	if (what < 55 && h->nroutes4) {
		struct prefix p = host_prefix4(h, chance_below(c, (unsigned)h->nroutes4));
		uint32_t host = p.len == 32 ? 0 : chance_percent(c, 50) ? ~UINT32_C(0) >> p.len : chance_below(c, 3);
		return addr_from_v4(addr_v4(&p.addr) | (host & (uint32_t)(UINT64_C(0xffffffff) >> p.len)));
	}
	if (what < 62 && h->nroutes6)
		return host_prefix6(h, chance_below(c, (unsigned)h->nroutes6)).addr;
	return chance_percent(c, 55) ? random_v4(c) : random_v6(c);
}

// Of one port and more, also ends that count alone, and some that are refused.
static uint32_t random_range(struct chance *c)
{
	static const uint32_t ranges[] = {50001u << 16 | 50000, 100u << 16 | 200,
					  200u << 16 | 100,     0,
					  40001u << 16 | 40000, 50000u << 16 | 50000,
					  50002u << 16 | 50000, 50004u << 16 | 50001,
					  50003u << 16,         50002};
	return CHANCE_OF(c, ranges);
}

static void random_setting(const struct host *h, struct chance *c, struct attempt *a)
{
	struct setting s = {.option = (enum option_id)chance_below(c, OPT_COUNT), .value = 1};
	const struct link *l = h->nlinks ? &h->links[chance_below(c, (unsigned)h->nlinks)] : NULL;
	switch (option_info(s.option)->value) {
	case VALUE_BOOL:
		s.value = chance_percent(c, 85);
		break;
	case VALUE_NUMBER:
		s.value = chance_percent(c, 15)        ? 999
			  : chance_percent(c, 5)       ? UINT32_MAX
			  : l && chance_percent(c, 85) ? l->index
						       : 0;
		break;
	case VALUE_DEVICE:
		snprintf(s.device, sizeof s.device, "%s", l && chance_percent(c, 90) ? l->name : "nosuch");
		break;
	case VALUE_RANGE:
		s.value = random_range(c);
		break;
	}
	attempt_set(a, &s);
}

static void switch_on(struct chance *c, struct attempt *a, enum option_id id, unsigned percent)
{
	if (chance_percent(c, percent))
		attempt_set(a, &(struct setting){.option = id, .value = 1});
}

// Goes for a port that somebody holds, at an address that overlaps more often than not.
static struct attempt rival(const struct host *h, const struct state *s, struct chance *c)
{
	const struct attempt *held = &s->held[chance_below(c, s->nholders)];
	struct addr v4 = addr_from_v4(addr_v4(&held->addr)), any4 = addr_from_v4(0), any6 = {.family = AF_INET6};
	struct addr mapped4 = mapped_v4(&v4), mapped_any = mapped_v4(&any4);
	bool four = held->family == AF_INET || addr_is_mapped(&held->addr);
	struct addr shadow = addr_from_v4(0x7f000006); // by which an IPv6 socket is known to IPv4 ones
	struct addr choices[] = {held->addr,
				 held->addr,
				 any4,
				 four ? any4 : shadow,
				 any6,
				 four ? v4 : held->addr,
				 four ? mapped4 : held->addr,
				 mapped_any,
				 random_address(h, c)};
	struct addr addr = CHANCE_OF(c, choices);
	struct attempt a = attempt_new(&addr);
	a.kind = held->kind;
	if (a.kind == KIND_TCP && chance_percent(c, 10))
		a.kind = KIND_MPTCP;
	else if (a.kind == KIND_MPTCP && chance_percent(c, 50))
		a.kind = KIND_TCP;
	a.port = chance_percent(c, 80) ? held->port : 0;
	a.scope = held->scope;
	switch_on(c, &a, OPT_FREEBIND, 80);
	switch_on(c, &a, OPT_REUSEADDR, 50);
	if (a.kind == KIND_PING && chance_percent(c, 50))
		attempt_set(&a, &(struct setting){.option = OPT_REUSEADDR, .value = 0});
	switch_on(c, &a, OPT_REUSEPORT, 40);
	if (chance_percent(c, 12))
		attempt_set(&a, &(struct setting){.option = OPT_PORTRANGE, .value = random_range(c)});
	if (addr.family == AF_INET6)
		switch_on(c, &a, OPT_V6ONLY, 30);
	if (chance_percent(c, 25) && h->nlinks)
		attempt_set(&a, &(struct setting){.option = OPT_IFINDEX,
						  .value = h->links[chance_below(c, (unsigned)h->nlinks)].index});
	return a;
}

struct attempt random_attempt(const struct host *h, const struct state *s, struct chance *c, bool *unprivileged)
{
	static const int families[] = {AF_UNSPEC, AF_INET, AF_INET6, AF_UNIX, 77};
	static const int lengths[] = {0, 2, 8, 15, 16, 20, 23, 24, 27, 28, 64, 128, 129, -1};
	static const enum kind kinds[] = {KIND_TCP, KIND_TCP,  KIND_TCP,     KIND_UDP,  KIND_UDP,
					  KIND_RAW, KIND_PING, KIND_UDPLITE, KIND_MPTCP};
	*unprivileged = false;
	if (s->nholders && chance_percent(c, 25))
		return rival(h, s, c);
	struct addr addr = random_address(h, c);
	if (addr.family == AF_INET && chance_percent(c, 25))
		addr = mapped_v4(&addr);
	struct attempt a = attempt_new(&addr);
	a.kind = h->has_kind[KIND_SCTP] == YES && chance_percent(c, 10) ? KIND_SCTP : CHANCE_OF(c, kinds);
	a.port = random_port(c);
	if (addr.family == AF_INET6 && (addr6_needs_scope(&addr) ? chance_percent(c, 75) : chance_percent(c, 10)))
		a.scope = chance_percent(c, 12) ? 999
			  : h->nlinks           ? h->links[chance_below(c, (unsigned)h->nlinks)].index
						: 0;
	while (chance_percent(c, 35) && a.nsettings < 6)
		random_setting(h, c, &a);
	*unprivileged = chance_percent(c, 25);
	if (chance_percent(c, 4))
		a.family = a.family == AF_INET ? AF_INET6 : AF_INET;
	if (chance_percent(c, 4))
		a.sa_family = CHANCE_OF(c, families);
	if (chance_percent(c, addr_is_any(&addr) || a.family != addr.family ? 20 : 0))
		a.sa_family = AF_UNSPEC;
	if (a.family != addr.family && chance_percent(c, 20))
		a.sa_family = a.family;
	if (chance_percent(c, a.family == addr.family ? 4 : 50))
		a.addrlen = CHANCE_OF(c, lengths);
	if (chance_percent(c, 6)) {
		a.binds = 2;
		switch_on(c, &a, OPT_NOPORT, 30);
		switch_on(c, &a, OPT_FREEBIND, 50);
	}
	return a;
}
