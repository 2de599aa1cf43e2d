// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/screen/made_up.h"

#include <linux/if_addr.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/model/host_order.h"

enum { LOWER_UP = 0x10000, FD = 5, EPHEMERAL = 40123 };

static void must(int err)
{
	if (err)
		abort();
}

static void add_link(struct host *h, uint32_t index, const char *name, const char *kind, uint32_t flags)
{
	struct link l = {.index = index, .flags = flags};
	snprintf(l.name, sizeof l.name, "%s", name);
	snprintf(l.kind, sizeof l.kind, "%s", kind);
	must(host_add_link(h, &l));
}

static void add_addr(struct host *h, uint32_t index, const char *text, uint8_t len, uint8_t scope, uint32_t flags)
{
	struct host_addr a = {.prefixlen = len,
			      .scope = scope,
			      .flags = flags,
			      .index = index,
			      .valid = UINT32_MAX,
			      .preferred = UINT32_MAX};
	must(addr_parse(text, &a.addr));
	must(host_add_addr(h, &a));
}

static void add_route(struct host *h, const char *text, uint8_t type, uint32_t table, uint32_t oif, uint8_t protocol)
{
	struct prefix p;
	struct route_info r = {.table = table, .oif = oif, .type = type, .protocol = protocol};
	must(prefix_parse(text, &p));
	must(host_add_route(h, &p, &r));
}

static struct host *begin(void)
{
	struct host *h = host_new();
	if (!h)
		abort();
	must(kernel_parse("6.18.44", &h->kernel));
	snprintf(h->name, sizeof h->name, "workshop");
	h->has_local4 = h->has_main4 = YES;
	h->trie = TRIE_MERGED;
	h->routes4_read = true;
	for (int i = 0; i < SYSCTL_COUNT; i++) {
		h->sysctl[i] = sysctl_info((enum sysctl_id)i)->initial;
		h->sysctl_known[i] = true;
	}
	add_link(h, 1, "lo", "", IFF_UP | IFF_LOOPBACK | LOWER_UP);
	add_link(h, 2, "eth0", "veth", IFF_UP | LOWER_UP);
	add_addr(h, 1, "127.0.0.1", 8, RT_SCOPE_HOST, IFA_F_PERMANENT);
	add_addr(h, 1, "::1", 128, RT_SCOPE_HOST, IFA_F_PERMANENT);
	add_addr(h, 2, "192.0.2.2", 24, RT_SCOPE_UNIVERSE, IFA_F_PERMANENT);
	add_addr(h, 2, "2001:db8::2", 64, RT_SCOPE_UNIVERSE, IFA_F_PERMANENT);
	add_addr(h, 2, "2001:db8::7", 64, RT_SCOPE_UNIVERSE, IFA_F_PERMANENT | IFA_F_TENTATIVE);
	add_addr(h, 2, "fe80::2", 64, RT_SCOPE_LINK, IFA_F_PERMANENT);
	add_route(h, "127.0.0.0/8", RTN_LOCAL, RT_TABLE_LOCAL, 1, RTPROT_KERNEL);
	add_route(h, "127.0.0.1/32", RTN_LOCAL, RT_TABLE_LOCAL, 1, RTPROT_KERNEL);
	add_route(h, "127.255.255.255/32", RTN_BROADCAST, RT_TABLE_LOCAL, 1, RTPROT_KERNEL);
	add_route(h, "192.0.2.0/24", RTN_UNICAST, RT_TABLE_MAIN, 2, RTPROT_KERNEL);
	add_route(h, "192.0.2.2/32", RTN_LOCAL, RT_TABLE_LOCAL, 2, RTPROT_KERNEL);
	add_route(h, "192.0.2.255/32", RTN_BROADCAST, RT_TABLE_LOCAL, 2, RTPROT_KERNEL);
	add_route(h, "198.51.100.0/24", RTN_LOCAL, RT_TABLE_LOCAL, 1, RTPROT_BOOT);
	add_route(h, "::1/128", RTN_LOCAL, RT_TABLE_LOCAL, 1, RTPROT_KERNEL);
	add_route(h, "2001:db8::2/128", RTN_LOCAL, RT_TABLE_LOCAL, 2, RTPROT_KERNEL);
	add_route(h, "2001:db8:5::/48", RTN_LOCAL, RT_TABLE_LOCAL, 1, RTPROT_BOOT);
	add_route(h, "fe80::2/128", RTN_LOCAL, RT_TABLE_LOCAL, 2, RTPROT_KERNEL);
	add_route(h, "ff00::/8", RTN_MULTICAST, RT_TABLE_LOCAL, 2, RTPROT_KERNEL);
	return h;
}

struct caller made_up_caller(void)
{
	return (struct caller){.net_bind_service = true,
			       .net_raw = true,
			       .net_admin = true,
			       .hooks = {.lsms = "capability,landlock", .cgroup_bind = -1}};
}

struct host *made_up_host(void)
{
	struct host *h = begin();
	host_sort(h);
	return h;
}

struct host *made_up_large_host(void)
{
	struct host *h = begin();
	char text[32];
	for (int i = 0; i < 40; i++) {
		char name[24];
		snprintf(name, sizeof name, "dummy%d", i);
		add_link(h, 10 + (uint32_t)i, name, "dummy", i % 3 ? IFF_UP : 0);
		snprintf(text, sizeof text, "10.%d.0.1", i);
		add_addr(h, 10 + (uint32_t)i, text, 24, RT_SCOPE_UNIVERSE, i % 5 ? 0 : IFA_F_DEPRECATED);
	}
	for (int i = 0; i < 3000; i++) {
		snprintf(text, sizeof text, "10.%d.%d.0/24", i / 250, i % 250);
		add_route(h, text, i % 7 ? RTN_LOCAL : RTN_BLACKHOLE, RT_TABLE_LOCAL, 1, RTPROT_STATIC);
	}
	host_sort(h);
	return h;
}

static void add_call(struct trial *t, enum call call, int ret, int err, unsigned setting)
{
	t->calls[t->ncalls++] =
		(struct trial_call){.call = call, .ret = err ? -1 : ret, .err = err, .setting = setting};
}

void made_up_trial(const struct walk *w, struct trial *out)
{
	const struct attempt *a = &w->attempt;
	*out = (struct trial){.call = CALL_BIND};
	for (unsigned i = 0; i < w->nsteps; i++) {
		const struct walk_step *s = &w->steps[i];
		int err = s->reached ? finding_info(s->finding)->err : 0;
		if (s->step == STEP_SOCKET)
			add_call(out, CALL_SOCKET, FD, err, 0);
		else if (s->step == STEP_SETSOCKOPT && s->reached)
			add_call(out, CALL_SETSOCKOPT, 0, err, s->setting);
	}
	out->call = w->predicted.call;
	out->err = w->predicted.err;
	if (out->call == CALL_BIND)
		add_call(out, CALL_BIND, 0, out->err, 0);
	if (out->err)
		return;
	out->local = a->addr;
	out->port = a->port ? a->port : EPHEMERAL;
	out->scope = a->scope;
}
