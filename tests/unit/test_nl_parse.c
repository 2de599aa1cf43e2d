// SPDX-License-Identifier: GPL-3.0-or-later
// The netlink parsers over recorded dumps (tests/data/record.py) and over messages made by hand.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <endian.h>
#include <errno.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/netconf.h>
#include <linux/fib_rules.h>
#include <linux/if_link.h>
#include <linux/inet_diag.h>
#include <linux/rtnetlink.h>
#include <linux/sock_diag.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "core/observe/nl_parse.h"
#include "tests/unit/made_message.h"

struct file {
	size_t len;
	char bytes[1 << 14] __attribute__((aligned(8)));
};

static void load(struct file *f, const char *name)
{
	if (BYTE_ORDER != LITTLE_ENDIAN)
		skip(); // the recordings are those of a little-endian machine
	const char *top = getenv("top_srcdir");
	char path[512];
	snprintf(path, sizeof path, "%s/tests/data/%s.nl", top ? top : ".", name);
	FILE *in = fopen(path, "rb");
	if (!in)
		fail_msg("cannot open %s", path);
	f->len = fread(f->bytes, 1, sizeof f->bytes, in);
	fclose(in);
	assert_true(f->len > 0 && f->len < sizeof f->bytes);
}

static struct addr addr(const char *text)
{
	struct addr a;
	assert_int_equal(addr_parse(text, &a), 0);
	return a;
}

static void links(void **state)
{
	static const struct link expected[] = {
		{.index = 1, .name = "lo", .flags = 0x10049},
		{.index = 2, .name = "v1", .kind = "veth", .flags = 0x11043, .operstate = 6, .master = 4},
		{.index = 3, .name = "v0", .kind = "veth", .flags = 0x11043, .operstate = 6, .ignores_linkdown = true},
		{.index = 4, .name = "br0", .kind = "bridge", .flags = 0x1002, .operstate = 2},
	};
	(void)state;
	struct file f;
	load(&f, "links");
	size_t at = 0, n = 0;
	const struct nlmsghdr *m;
	while ((m = nl_message(f.bytes, f.len, &at))) {
		struct link l;
		if (nl_parse_link(m, &l) != 0)
			continue;
		assert_true(n < 4);
		assert_memory_equal(&l, &expected[n], sizeof l);
		n++;
	}
	assert_int_equal(n, 4);
	assert_int_equal(at, f.len);
}

static void check_addr(const struct host_addr *got, const char *text, unsigned len, uint32_t flags, uint32_t index)
{
	char buf[ADDR_TEXT];
	assert_string_equal(addr_print(&got->addr, buf), text);
	assert_int_equal(got->prefixlen, len);
	assert_int_equal(got->flags, flags);
	assert_int_equal(got->index, index);
}

static void addresses(void **state)
{
	(void)state;
	struct file f;
	load(&f, "addrs");
	struct host_addr a[16];
	size_t at = 0, n = 0;
	const struct nlmsghdr *m;
	while (n < 16 && (m = nl_message(f.bytes, f.len, &at)))
		n += nl_parse_addr(m, &a[n]) == 0;
	assert_int_equal(n, 9);
	check_addr(&a[0], "127.0.0.1", 8, 0x80, 1);
	assert_int_equal(a[0].scope, RT_SCOPE_HOST);
	assert_int_equal(a[0].valid, UINT32_MAX);
	check_addr(&a[1], "10.5.0.1", 32, 0x80, 3); // and not 10.5.0.2, the other end
	assert_true(a[1].peer != 0 && a[0].peer == 0);
	check_addr(&a[2], "192.0.2.1", 24, 0x200, 3); // beyond the eight bits of the header
	assert_int_equal(a[2].valid, 4000000);
	assert_int_equal(a[2].preferred, 3000000);
	check_addr(&a[5], "2001:db8::3", 64, 0xa2, 3); // deprecated
	assert_int_equal(a[5].preferred, 0);
	check_addr(&a[8], "2001:db8::1", 64, 0xc0, 4); // tentative
}

// The route of a prefix in a recording.
static struct route_info find_route(const struct file *f, const char *text, uint32_t table)
{
	struct prefix want, dst;
	struct route_info info;
	assert_int_equal(prefix_parse(text, &want), 0);
	size_t at = 0;
	const struct nlmsghdr *m;
	while ((m = nl_message(f->bytes, f->len, &at)))
		if (nl_parse_route(m, &dst, &info) == 0 && dst.len == want.len && addr_equal(&dst.addr, &want.addr) &&
		    info.table == table)
			return info;
	fail_msg("no route %s in table %u", text, table);
	return info;
}

static void check_route(const struct file *f, const char *text, struct route_info want)
{
	struct route_info got = find_route(f, text, want.table);
	assert_int_equal(got.type, want.type);
	assert_int_equal(got.metric, want.metric);
	assert_int_equal(got.oif, want.oif);
	assert_int_equal(got.nhid, want.nhid);
	assert_int_equal(got.tos, want.tos);
	assert_int_equal(got.protocol, want.protocol);
	assert_int_equal(got.flags, want.flags);
}

static void routes(void **state)
{
	(void)state;
	struct file f;
	load(&f, "routes");
	check_route(&f, "0.0.0.0/0", (struct route_info){.table = 254, .type = RTN_UNICAST, .oif = 3, .protocol = 3});
	check_route(&f, "198.51.101.0/24",
		    (struct route_info){.table = 300, .type = RTN_UNICAST, .oif = 3, .protocol = 3});
	check_route(&f, "198.51.100.0/24",
		    (struct route_info){.table = 254, .type = RTN_UNICAST, .oif = 3, .protocol = 3});
	check_route(&f, "198.51.102.0/24",
		    (struct route_info){.table = 254, .type = RTN_UNICAST, .oif = 3, .tos = 0x10, .protocol = 3});
	check_route(&f, "198.51.103.0/24",
		    (struct route_info){.table = 254, .type = RTN_UNICAST, .oif = 3, .nhid = 9, .protocol = 3});
	check_route(&f, "198.51.104.0/24",
		    (struct route_info){.table = 254, .type = RTN_BLACKHOLE, .oif = 1, .nhid = 10, .protocol = 3});
	check_route(&f, "203.0.113.0/24",
		    (struct route_info){.table = 254, .type = RTN_BLACKHOLE, .metric = 77, .protocol = 3});
	check_route(&f, "192.168.123.0/24",
		    (struct route_info){.table = 255, .type = RTN_LOCAL, .oif = 1, .protocol = 3});
	check_route(&f, "127.255.255.255/32",
		    (struct route_info){.table = 255, .type = RTN_BROADCAST, .oif = 1, .protocol = 2});
	check_route(&f, "2001:db8:123::/64",
		    (struct route_info){.table = 255, .type = RTN_LOCAL, .metric = 1024, .oif = 1, .protocol = 3});
	check_route(&f, "ff00::/8",
		    (struct route_info){.table = 255, .type = RTN_MULTICAST, .metric = 256, .oif = 2, .protocol = 2});
}

static void dead_routes(void **state)
{
	(void)state;
	struct file f;
	load(&f, "routes_linkdown");
	uint8_t both = ROUTE_DEAD | ROUTE_LINKDOWN;
	assert_int_equal(find_route(&f, "198.51.101.0/24", 300).flags, both);
	assert_int_equal(find_route(&f, "198.51.100.0/24", 254).flags, both); // both of its next hops
	assert_int_equal(find_route(&f, "192.0.2.255/32", 255).flags, both);
	assert_int_equal(find_route(&f, "192.0.2.1/32", 255).flags, 0); // a local route needs no carrier
	assert_int_equal(find_route(&f, "2001:db8::/64", 254).flags, ROUTE_LINKDOWN);
}

static void rules(void **state)
{
	(void)state;
	struct file f;
	load(&f, "rules");
	struct rule r[12];
	size_t at = 0, n = 0;
	const struct nlmsghdr *m;
	while (n < 12 && (m = nl_message(f.bytes, f.len, &at)))
		n += nl_parse_rule(m, &r[n]) == 0;
	assert_int_equal(n, 8);
	static const bool own[] = {true, false, true, false, true, true, false, true};
	for (size_t i = 0; i < n; i++)
		assert_int_equal(r[i].builtin, own[i]);
	char buf[PREFIX_TEXT];
	assert_int_equal(r[1].family, AF_INET);
	assert_int_equal(r[1].priority, 100);
	assert_int_equal(r[1].table, 300);
	assert_string_equal(prefix_print(&r[1].from, buf), "10.0.0.0/8");
	assert_string_equal(prefix_print(&r[1].to, buf), "172.16.0.0/12");
	assert_string_equal(r[1].iif, "v0");
	assert_string_equal(r[1].oif, "br0");
	assert_int_equal(r[1].mark, 1);
	assert_int_equal(r[1].mask, 0xff);
	// Looks like one of the kernel's own, and is none.
	assert_int_equal(r[3].priority, 32766);
	assert_int_equal(r[3].table, 254);
	assert_int_equal(r[6].family, AF_INET6);
	assert_string_equal(prefix_print(&r[6].from, buf), "2001:db8::/32");
}

static void socks(void **state)
{
	(void)state;
	struct file f;
	load(&f, "socks");
	struct sock s[4];
	size_t at = 0, n = 0;
	const struct nlmsghdr *m;
	while (n < 4 && (m = nl_message(f.bytes, f.len, &at)))
		n += nl_parse_sock(m, 6, &s[n]) == 0;
	assert_int_equal(n, 3);
	struct addr loopback = addr("127.0.0.1"), loopback6 = addr("::1"), any6 = addr("::");
	assert_true(addr_equal(&s[0].addr, &loopback));
	assert_int_equal(s[0].port, 7000);
	assert_int_equal(s[0].state, 10);
	assert_int_equal(s[0].v6only, NO);
	assert_int_equal(s[0].reuseaddr, UNKNOWN);
	assert_int_not_equal(s[0].inode, 0);
	assert_true(addr_equal(&s[1].addr, &loopback6));
	assert_int_equal(s[1].v6only, YES);
	assert_int_equal(s[1].device, 1);
	assert_true(addr_equal(&s[2].addr, &any6));
	assert_int_equal(s[2].v6only, NO);
	assert_int_equal(s[2].device, 0);
}

// ---------------------------------------------------------------------------------------------------- by hand

static struct message vrf_link(const void *table, size_t len)
{
	struct ifinfomsg body = {.ifi_index = 7};
	struct message m = message(RTM_NEWLINK, &body, sizeof body);
	put_attr(&m, IFLA_IFNAME, "red", 4);
	struct nlattr *info = begin_nest(&m, IFLA_LINKINFO | NLA_F_NESTED);
	struct nlattr *data = begin_nest(&m, IFLA_INFO_DATA | NLA_F_NESTED); // the kind may come after it
	put_attr(&m, IFLA_VRF_TABLE, table, len);
	end_nest(&m, data);
	put_attr(&m, IFLA_INFO_KIND, "vrf", 3); // no NUL: the kernel sends it so
	end_nest(&m, info);
	return m;
}

static void vrf(void **state)
{
	(void)state;
	uint32_t table = 1010;
	struct message m = vrf_link(&table, sizeof table);
	struct link l;
	assert_int_equal(nl_parse_link(&m.head, &l), 0);
	assert_int_equal(l.index, 7);
	assert_string_equal(l.kind, "vrf");
	assert_int_equal(l.vrf_table, 1010);
	m = vrf_link(&table, 2);
	assert_int_equal(nl_parse_link(&m.head, &l), -EBADMSG);
}

// The UDP port of a tunnel.
static void tunnels(void **state)
{
	(void)state;
	static const struct {
		const char *kind;
		uint16_t attr;
		uint16_t port;
	} cases[] = {{"vxlan", IFLA_VXLAN_PORT, 4789},
		     {"geneve", IFLA_GENEVE_PORT, 6081},
		     {"bareudp", IFLA_BAREUDP_PORT, 6635},
		     {"veth", IFLA_VXLAN_PORT, 0}};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		for (size_t len = 2; len > 0; len--) {
			struct ifinfomsg body = {.ifi_index = 7};
			struct message m = message(RTM_NEWLINK, &body, sizeof body);
			uint16_t port = htons(cases[i].port);
			struct link l;
			struct nlattr *info = begin_nest(&m, IFLA_LINKINFO | NLA_F_NESTED);
			put_attr(&m, IFLA_INFO_KIND, cases[i].kind, strlen(cases[i].kind));
			struct nlattr *data = begin_nest(&m, IFLA_INFO_DATA | NLA_F_NESTED);
			put_attr(&m, cases[i].attr, &port, len);
			end_nest(&m, data);
			end_nest(&m, info);
			assert_int_equal(nl_parse_link(&m.head, &l), len == 2 || !cases[i].port ? 0 : -EBADMSG);
			if (len == 2)
				assert_int_equal(l.tunnel_port, cases[i].port);
		}
}

// Both ends, the timer, and that no file belongs to it.
static void connection(void **state)
{
	(void)state;
	struct inet_diag_msg body = {.idiag_family = AF_INET,
				     .idiag_state = 6,
				     .idiag_timer = 3,
				     .idiag_expires = 59000,
				     .id = {.idiag_sport = htons(80), .idiag_dport = htons(39240)}};
	struct addr far = addr("192.0.2.9");
	struct sock s;
	memcpy(body.id.idiag_dst, far.bytes, 4);
	struct message m = message(SOCK_DIAG_BY_FAMILY, &body, sizeof body);
	assert_int_equal(nl_parse_sock(&m.head, IPPROTO_TCP, &s), 0);
	assert_true(addr_equal(&s.peer, &far));
	assert_int_equal(s.peer_port, 39240);
	assert_int_equal(s.timer, 3);
	assert_int_equal(s.expires, 59000);
	assert_int_equal(s.owner, OWNER_NONE);
	assert_true(s.searched && sock_is_timewait(&s));
	body.idiag_state = 10; // a listener without a file belongs to no program
	body.id.idiag_dport = 0;
	m = message(SOCK_DIAG_BY_FAMILY, &body, sizeof body);
	assert_int_equal(nl_parse_sock(&m.head, IPPROTO_TCP, &s), 0);
	assert_int_equal(s.owner, OWNER_KERNEL);
	assert_int_equal(s.peer.family, 0);
	body.idiag_inode = 4711;
	m = message(SOCK_DIAG_BY_FAMILY, &body, sizeof body);
	assert_int_equal(nl_parse_sock(&m.head, IPPROTO_TCP, &s), 0);
	assert_int_equal(s.owner, OWNER_UNSEARCHED);
}

static void names_that_do_not_fit(void **state)
{
	(void)state;
	struct ifinfomsg body = {.ifi_index = 7};
	struct message m = message(RTM_NEWLINK, &body, sizeof body);
	put_attr(&m, IFLA_IFNAME, "sixteen-letters!", 16);
	struct link l;
	assert_int_equal(nl_parse_link(&m.head, &l), -EBADMSG);
	m = message(RTM_NEWLINK, &body, sizeof body);
	struct nlattr *info = begin_nest(&m, IFLA_LINKINFO);
	put_attr(&m, IFLA_INFO_KIND, "a-very-long-kind-of-link", 24);
	end_nest(&m, info);
	assert_int_equal(nl_parse_link(&m.head, &l), 0);
	assert_string_equal(l.kind, "a-very-long-kin");
}

// Of the other names, those that fit where a name is asked for; and whether the device ignores routes without a
// carrier.
static void link_extras(void **state)
{
	(void)state;
	enum { SWITCH = IPV4_DEVCONF_IGNORE_ROUTES_WITH_LINKDOWN };
	struct ifinfomsg body = {.ifi_index = 7};
	uint32_t row[SWITCH] = {[SWITCH - 1] = 1};
	char name[16];
	size_t at = 0;
	struct message m = message(RTM_NEWLINK, &body, sizeof body);
	put_attr(&m, IFLA_IFNAME, "v0", 3);
	assert_int_equal(nl_parse_altname(&m.head, &at, name), 0);
	struct nlattr *names = begin_nest(&m, IFLA_PROP_LIST | NLA_F_NESTED);
	put_attr(&m, IFLA_ALT_IFNAME, "enp0s31f6", 10);
	put_attr(&m, IFLA_ALT_IFNAME, "sixteen-letters!", 17);
	put_attr(&m, IFLA_ALT_IFNAME, "other", 6);
	end_nest(&m, names);
	struct nlattr *families = begin_nest(&m, IFLA_AF_SPEC);
	struct nlattr *six = begin_nest(&m, AF_INET6);
	put_attr(&m, IFLA_INET6_CONF, row, sizeof row);
	end_nest(&m, six);
	struct nlattr *four = begin_nest(&m, AF_INET);
	struct nlattr *conf = put_attr(&m, IFLA_INET_CONF, row, sizeof row);
	end_nest(&m, four);
	end_nest(&m, families);
	struct link l;
	assert_int_equal(nl_parse_link(&m.head, &l), 0);
	assert_true(l.ignores_linkdown);
	assert_int_equal(nl_parse_altname(&m.head, &at, name), 1);
	assert_string_equal(name, "enp0s31f6");
	assert_int_equal(nl_parse_altname(&m.head, &at, name), 1);
	assert_string_equal(name, "other");
	assert_int_equal(nl_parse_altname(&m.head, &at, name), 0);
	row[SWITCH - 1] = 0;
	memcpy(conf + 1, row, sizeof row);
	assert_int_equal(nl_parse_link(&m.head, &l), 0);
	assert_false(l.ignores_linkdown);
	// A kernel may know fewer switches, but no attribute ends behind its nest.
	m = message(RTM_NEWLINK, &body, sizeof body);
	families = begin_nest(&m, IFLA_AF_SPEC);
	four = begin_nest(&m, AF_INET);
	conf = put_attr(&m, IFLA_INET_CONF, row, sizeof row - 4);
	end_nest(&m, four);
	end_nest(&m, families);
	assert_int_equal(nl_parse_link(&m.head, &l), 0);
	assert_false(l.ignores_linkdown);
	conf->nla_len = (uint16_t)(conf->nla_len + 4);
	assert_int_equal(nl_parse_link(&m.head, &l), -EBADMSG);
	// Each family numbers its own.
	uint32_t off[DEVCONF_DISABLE_IPV6 + 1] = {[DEVCONF_DISABLE_IPV6] = 1};
	uint32_t promote[IPV4_DEVCONF_PROMOTE_SECONDARIES] = {[IPV4_DEVCONF_PROMOTE_SECONDARIES - 1] = 1};
	m = message(RTM_NEWLINK, &body, sizeof body);
	families = begin_nest(&m, IFLA_AF_SPEC);
	six = begin_nest(&m, AF_INET6);
	put_attr(&m, IFLA_INET6_CONF, off, sizeof off);
	end_nest(&m, six);
	four = begin_nest(&m, AF_INET);
	put_attr(&m, IFLA_INET_CONF, promote, sizeof promote);
	end_nest(&m, four);
	end_nest(&m, families);
	assert_int_equal(nl_parse_link(&m.head, &l), 0);
	assert_true(l.disables_ipv6 && l.promotes);
	assert_false(l.ignores_linkdown);
}

// What a rule may ask for beyond what stands in the recorded ones.
static void rule_selectors(void **state)
{
	(void)state;
	struct fib_rule_hdr body = {.family = AF_INET, .action = FR_ACT_GOTO, .tos = 0x10, .flags = FIB_RULE_INVERT};
	struct fib_rule_uid_range users = {5, 9};
	struct fib_rule_port_range source = {1, 9}, dest = {80, 80};
	uint32_t target = 32766, length = 0, group = 3, none = UINT32_MAX;
	uint8_t tcp = 6;
	struct rule r;
	struct message m = message(RTM_NEWRULE, &body, sizeof body);
	put_attr(&m, FRA_GOTO, &target, sizeof target);
	put_attr(&m, FRA_UID_RANGE, &users, sizeof users);
	put_attr(&m, FRA_IP_PROTO, &tcp, sizeof tcp);
	put_attr(&m, FRA_SPORT_RANGE, &source, sizeof source);
	put_attr(&m, FRA_DPORT_RANGE, &dest, sizeof dest);
	put_attr(&m, FRA_SUPPRESS_PREFIXLEN, &length, sizeof length);
	put_attr(&m, FRA_SUPPRESS_IFGROUP, &group, sizeof group);
	assert_int_equal(nl_parse_rule(&m.head, &r), 0);
	assert_true(r.invert && r.of_users && r.suppresses && r.suppresses_group);
	assert_int_equal(r.tos, 0x10);
	assert_int_equal(r.target, 32766);
	assert_int_equal(r.uid_low * 100 + r.uid_high, 509);
	assert_int_equal(r.ipproto, 6);
	assert_int_equal(r.source.low * 100 + r.source.high, 109);
	assert_int_equal(r.dest.low, 80);
	assert_int_equal(r.suppressed, 0);
	assert_int_equal(r.group, 3);
	static const uint16_t types[] = {FRA_GOTO,        FRA_UID_RANGE,          FRA_SPORT_RANGE,
					 FRA_DPORT_RANGE, FRA_SUPPRESS_PREFIXLEN, FRA_SUPPRESS_IFGROUP};
	for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
		m = message(RTM_NEWRULE, &body, sizeof body);
		put_attr(&m, types[i], &tcp, sizeof tcp);
		assert_int_equal(nl_parse_rule(&m.head, &r), -EBADMSG);
	}
	m = message(RTM_NEWRULE, &body, sizeof body);
	put_attr(&m, FRA_SUPPRESS_PREFIXLEN, &none, sizeof none);
	put_attr(&m, FRA_SUPPRESS_IFGROUP, &none, sizeof none);
	assert_int_equal(nl_parse_rule(&m.head, &r), 0);
	assert_false(r.suppresses || r.suppresses_group || r.of_users);
}

static void wrong_headers(void **state)
{
	(void)state;
	struct link l;
	struct host_addr a;
	struct prefix dst;
	struct route_info info;
	struct ifinfomsg link = {.ifi_index = 0};
	struct message m = message(RTM_NEWLINK, &link, sizeof link);
	assert_int_equal(nl_parse_link(&m.head, &l), -EBADMSG);
	link = (struct ifinfomsg){.ifi_index = 1, .ifi_family = AF_BRIDGE};
	m = message(RTM_NEWLINK, &link, sizeof link);
	assert_int_equal(nl_parse_link(&m.head, &l), -ENOMSG);
	assert_int_equal(nl_parse_addr(&m.head, &a), -ENOMSG);
	m = message(RTM_NEWADDR, "\2\41\0\0\1\0\0", 8); // IPv4, /33
	assert_int_equal(nl_parse_addr(&m.head, &a), -EBADMSG);
	m = message(RTM_NEWADDR, "\2\40\0\0\1\0\0", 8); // no address in it
	assert_int_equal(nl_parse_addr(&m.head, &a), -EBADMSG);
	struct rtmsg rt = {.rtm_family = AF_INET, .rtm_dst_len = 33};
	m = message(RTM_NEWROUTE, &rt, sizeof rt);
	assert_int_equal(nl_parse_route(&m.head, &dst, &info), -EBADMSG);
	rt = (struct rtmsg){.rtm_family = AF_INET6, .rtm_flags = RTM_F_CLONED};
	m = message(RTM_NEWROUTE, &rt, sizeof rt);
	assert_int_equal(nl_parse_route(&m.head, &dst, &info), -ENOMSG);
	rt = (struct rtmsg){.rtm_family = AF_DECnet};
	m = message(RTM_NEWROUTE, &rt, sizeof rt);
	assert_int_equal(nl_parse_route(&m.head, &dst, &info), -ENOMSG);
}

static struct message multipath(const uint8_t *flags, unsigned count)
{
	struct rtmsg rt = {
		.rtm_family = AF_INET, .rtm_dst_len = 24, .rtm_table = RT_TABLE_MAIN, .rtm_type = RTN_UNICAST};
	struct message m = message(RTM_NEWROUTE, &rt, sizeof rt);
	put_attr(&m, RTA_DST, "\12\1\2\377", 4);
	struct nlattr *nest = begin_nest(&m, RTA_MULTIPATH);
	for (unsigned i = 0; i < count; i++) {
		struct rtnexthop hop = {.rtnh_len = sizeof hop, .rtnh_flags = flags[i], .rtnh_ifindex = (int)i + 3};
		put(&m, &hop, sizeof hop);
	}
	end_nest(&m, nest);
	return m;
}

static void next_hops(void **state)
{
	(void)state;
	struct prefix dst;
	struct route_info info;
	char buf[PREFIX_TEXT];
	struct message m = multipath((const uint8_t[]){RTNH_F_DEAD | RTNH_F_LINKDOWN, 0}, 2);
	assert_int_equal(nl_parse_route(&m.head, &dst, &info), 0);
	assert_string_equal(prefix_print(&dst, buf), "10.1.2.0/24"); // host bits cleared
	assert_int_equal(info.oif, 4);                               // one of them serves
	assert_int_equal(info.flags, 0);
	m = multipath((const uint8_t[]){0, RTNH_F_DEAD, 0}, 3);
	assert_int_equal(nl_parse_route(&m.head, &dst, &info), 0);
	assert_int_equal(info.oif, 3);
	m = multipath((const uint8_t[]){RTNH_F_DEAD | RTNH_F_LINKDOWN, RTNH_F_DEAD}, 2);
	assert_int_equal(nl_parse_route(&m.head, &dst, &info), 0);
	assert_int_equal(info.flags, ROUTE_DEAD);
	assert_int_equal(info.oif, 3);
	m = multipath((const uint8_t[]){0}, 1);
	struct rtnexthop *hop = (struct rtnexthop *)(m.body + m.head.nlmsg_len - sizeof m.head - sizeof *hop);
	hop->rtnh_len = 200;
	assert_int_equal(nl_parse_route(&m.head, &dst, &info), -EBADMSG);
	hop->rtnh_len = 0;
	assert_int_equal(nl_parse_route(&m.head, &dst, &info), -EBADMSG);
}

static struct route_info info_of(uint8_t family, uint16_t type, const void *data, size_t len, unsigned flags)
{
	struct rtmsg rt = {.rtm_family = family, .rtm_dst_len = 24, .rtm_table = RT_TABLE_MAIN, .rtm_flags = flags};
	struct message m = message(RTM_NEWROUTE, &rt, sizeof rt);
	struct prefix dst;
	struct route_info info;
	put_attr(&m, RTA_DST, "\12\1\2\0\0\0\0\0\0\0\0\0\0\0\0", 16);
	if (type)
		put_attr(&m, type, data, len);
	assert_int_equal(nl_parse_route(&m.head, &dst, &info), 0);
	return info;
}

// The properties by which the kernel distinguishes routes do so here; those that change on their own do not.
static void identity(void **state)
{
	(void)state;
	static const char one[16] = {1}, two[16] = {2};
	static const struct {
		uint16_t type;
		size_t len;
		bool four, six; // counts
	} rows[] = {
		{RTA_GATEWAY, 4, true, true},  {RTA_VIA, 8, true, true},          {RTA_METRICS, 12, true, false},
		{RTA_FLOW, 4, true, true},     {RTA_ENCAP, 8, true, true},        {RTA_NH_ID, 4, true, true},
		{RTA_PREFSRC, 16, true, true}, {RTA_OIF, 4, true, true},          {RTA_PRIORITY, 4, true, true},
		{RTA_SRC, 16, true, true},     {RTA_CACHEINFO, 32, false, false}, {RTA_PREF, 1, false, false},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		for (int six = 0; six < 2; six++) {
			uint8_t family = six ? AF_INET6 : AF_INET;
			size_t len = rows[i].type == RTA_CACHEINFO ? 16 : rows[i].len;
			struct route_info none = info_of(family, 0, NULL, 0, 0),
					  a = info_of(family, rows[i].type, one, len, 0),
					  again = info_of(family, rows[i].type, one, len, 0),
					  b = info_of(family, rows[i].type, two, len, 0);
			bool counts = six ? rows[i].six : rows[i].four;
			assert_true(route_info_equal(&a, &again));
			if (route_info_same(&a, &b) == counts || route_info_same(&a, &none) == counts)
				fail_msg("attribute %u of %s", rows[i].type, six ? "IPv6" : "IPv4");
		}
	}
	struct route_info a = info_of(AF_INET, 0, NULL, 0, 0), b = info_of(AF_INET, 0, NULL, 0, RTNH_F_LINKDOWN),
			  c = info_of(AF_INET, 0, NULL, 0, RTNH_F_ONLINK);
	assert_true(route_info_same(&a, &b) && !route_info_equal(&a, &b) && !route_info_same(&a, &c));
	assert_int_equal(info_of(AF_INET6, 0, NULL, 0, RTNH_F_LINKDOWN | RTNH_F_DEAD).flags, ROUTE_LINKDOWN);
	assert_int_equal(info_of(AF_INET, RTA_PREFSRC, "\300\0\2\1", 4, 0).prefsrc, 0xc0000201);
	assert_true(info_of(AF_INET, RTA_GATEWAY, one, 4, 0).via);

	// Next hops: their order and weights count, their state does not.
	struct prefix dst;
	struct message m = multipath((const uint8_t[]){0, 0}, 2);
	assert_int_equal(nl_parse_route(&m.head, &dst, &a), 0);
	assert_true(a.several && !a.via && a.devices == (1 << 3 | 1 << 4));
	assert_true(route_info_uses(&a, 3) && route_info_uses(&a, 4) && !route_info_uses(&a, 5));
	m = multipath((const uint8_t[]){RTNH_F_DEAD, RTNH_F_LINKDOWN}, 2);
	assert_int_equal(nl_parse_route(&m.head, &dst, &b), 0);
	assert_true(route_info_same(&a, &b) && a.oif != b.oif);
	struct rtnexthop *hop = (struct rtnexthop *)(m.body + m.head.nlmsg_len - sizeof m.head - sizeof *hop);
	hop->rtnh_hops = 3;
	assert_int_equal(nl_parse_route(&m.head, &dst, &b), 0);
	assert_false(route_info_same(&a, &b));
	// A next hop object that does not show its devices may use any.
	a = info_of(AF_INET, RTA_NH_ID, one, 4, 0);
	assert_true(route_info_uses(&a, 77));
}

static void netconf(void **state)
{
	(void)state;
	struct netconfmsg head = {.ncm_family = AF_INET};
	int32_t index = 7, on = 1;
	struct netconf n;
	struct message m = message(RTM_NEWNETCONF, &head, sizeof head);
	put_attr(&m, NETCONFA_IFINDEX, &index, sizeof index);
	assert_int_equal(nl_parse_netconf(&m.head, &n), -ENOMSG); // of another switch
	put_attr(&m, NETCONFA_IGNORE_ROUTES_WITH_LINKDOWN, &on, sizeof on);
	assert_int_equal(nl_parse_netconf(&m.head, &n), 0);
	assert_int_equal(n.index, 7);
	assert_true(n.ignores_linkdown);
	put_attr(&m, NETCONFA_IFINDEX, &index, 2);
	assert_int_equal(nl_parse_netconf(&m.head, &n), -EBADMSG);
	head.ncm_family = AF_INET6;
	m = message(RTM_NEWNETCONF, &head, sizeof head);
	put_attr(&m, NETCONFA_IGNORE_ROUTES_WITH_LINKDOWN, &on, sizeof on);
	assert_int_equal(nl_parse_netconf(&m.head, &n), -ENOMSG);
}

static void parse_any(const struct nlmsghdr *m)
{
	struct link l;
	struct host_addr a;
	struct prefix dst;
	struct route_info info;
	struct rule rule;
	struct sock s;
	struct netconf conf;
	char name[16];
	size_t names = 0;
	const int results[] = {nl_parse_link(m, &l), nl_parse_addr(m, &a), nl_parse_route(m, &dst, &info),
			       nl_parse_rule(m, &rule), nl_parse_netconf(m, &conf)};
	unsigned taken = 0;
	for (unsigned i = 0; i < sizeof results / sizeof *results; i++) {
		assert_true(results[i] == 0 || results[i] == -ENOMSG || results[i] == -EBADMSG);
		taken += results[i] != -ENOMSG;
	}
	assert_true(taken <= 1);
	while (nl_parse_altname(m, &names, name))
		assert_non_null(memchr(name, '\0', sizeof name));
	// Its type is a number of rtnetlink as well.
	int err = nl_parse_sock(m, 6, &s);
	assert_true(err == 0 || err == -ENOMSG || err == -EBADMSG);
}

// A copy with not a byte behind it, so that a sanitizer sees any step too far.
static void parse_cut(const struct nlmsghdr *m, size_t len)
{
	struct nlmsghdr *copy = malloc(len);
	assert_non_null(copy);
	memcpy(copy, m, len);
	copy->nlmsg_len = (uint32_t)len;
	parse_any(copy);
	free(copy);
}

static void damage(void **state)
{
	static const char *const names[] = {"links", "addrs", "routes", "routes_linkdown", "rules", "socks"};
	(void)state;
	for (unsigned i = 0; i < sizeof names / sizeof *names; i++) {
		struct file f;
		load(&f, names[i]);
		size_t at = 0;
		const struct nlmsghdr *m;
		while ((m = nl_message(f.bytes, f.len, &at))) {
			for (size_t len = sizeof *m; len <= m->nlmsg_len; len++)
				parse_cut(m, len);
			uint8_t *bytes = (uint8_t *)(uintptr_t)m;
			for (size_t k = sizeof *m; k < m->nlmsg_len; k++) {
				uint8_t before = bytes[k];
				bytes[k] ^= 0xff;
				parse_cut(m, m->nlmsg_len);
				bytes[k] = 1;
				parse_cut(m, m->nlmsg_len);
				bytes[k] = before;
			}
		}
	}
}

static void messages_in_a_buffer(void **state)
{
	(void)state;
	struct message m = message(RTM_NEWLINK, "abcd", 4);
	size_t at = 0;
	assert_ptr_equal(nl_message(&m, m.head.nlmsg_len, &at), &m.head);
	assert_int_equal(at, m.head.nlmsg_len);
	assert_null(nl_message(&m, m.head.nlmsg_len, &at));
	at = 0;
	assert_null(nl_message(&m, m.head.nlmsg_len - 1, &at)); // cut short
	m.head.nlmsg_len = 3;
	assert_null(nl_message(&m, sizeof m, &at)); // shorter than itself
	at = sizeof m + 1;
	assert_null(nl_message(&m, sizeof m, &at));
}

// What ends a reply. How long the request is that the kernel quotes is not believed.
static void ends_of_replies(void **state)
{
	(void)state;
	static const char text[] = "no such thing";
	char why[16] = "";
	struct nlmsgerr e = {.error = -ENODEV, .msg = {.nlmsg_len = sizeof e.msg + 8}};
	struct message m = message(NLMSG_ERROR, &e, sizeof e);
	m.head.nlmsg_flags = NLM_F_ACK_TLVS;
	put(&m, "request", 8);
	put_attr(&m, NLMSGERR_ATTR_MSG, text, sizeof text);
	assert_int_equal(nl_parse_end(&m.head, why, sizeof why), -ENODEV);
	assert_string_equal(why, text);
	assert_int_equal(nl_parse_end(&m.head, why, 4), -ENODEV); // without room for it
	struct nlmsgerr *inside = (struct nlmsgerr *)m.body;
	static const uint32_t lengths[] = {0, sizeof e.msg, 400, INT32_MAX, UINT32_MAX - 16, UINT32_MAX};
	for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
		inside->msg.nlmsg_len = lengths[i];
		why[0] = '\0';
		assert_int_equal(nl_parse_end(&m.head, why, sizeof why), -ENODEV);
		assert_string_equal(why, "");
	}
	inside->error = 1;
	assert_int_equal(nl_parse_end(&m.head, why, sizeof why), -EBADMSG);
	m.head.nlmsg_len = sizeof m.head + sizeof e - 1;
	assert_int_equal(nl_parse_end(&m.head, why, sizeof why), -EBADMSG);
	// Without the request, and where a dump ends.
	e.error = -EPERM;
	m = message(NLMSG_ERROR, &e, sizeof e);
	m.head.nlmsg_flags = NLM_F_ACK_TLVS | NLM_F_CAPPED;
	put_attr(&m, NLMSGERR_ATTR_MSG, text, sizeof text);
	assert_int_equal(nl_parse_end(&m.head, why, sizeof why), -EPERM);
	assert_string_equal(why, text);
	m = message(NLMSG_DONE, &(int32_t){-EINTR}, 4);
	assert_int_equal(nl_parse_end(&m.head, why, sizeof why), -EINTR);
	m = message(NLMSG_DONE, "", 0);
	assert_int_equal(nl_parse_end(&m.head, why, sizeof why), 0);
	m = message(NLMSG_ERROR, &(struct nlmsgerr){0}, sizeof e);
	assert_int_equal(nl_parse_end(&m.head, why, sizeof why), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(links),
		cmocka_unit_test(addresses),
		cmocka_unit_test(routes),
		cmocka_unit_test(dead_routes),
		cmocka_unit_test(rules),
		cmocka_unit_test(socks),
		cmocka_unit_test(vrf),
		cmocka_unit_test(tunnels),
		cmocka_unit_test(connection),
		cmocka_unit_test(names_that_do_not_fit),
		cmocka_unit_test(link_extras),
		cmocka_unit_test(rule_selectors),
		cmocka_unit_test(wrong_headers),
		cmocka_unit_test(next_hops),
		cmocka_unit_test(identity),
		cmocka_unit_test(netconf),
		cmocka_unit_test(damage),
		cmocka_unit_test(messages_in_a_buffer),
		cmocka_unit_test(ends_of_replies),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
