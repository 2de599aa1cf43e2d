// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/oracle/state.h"

#include <arpa/inet.h>
#include <linux/if_addr.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <stdarg.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/evidence/trial.h"
#include "core/model/rt_names.h"
#include "core/observe/proc.h"

const char *const state_devices[STATE_DEVICES] = {"lo", "v0", "v1", "w0", "w1"};
static const char *const masters[] = {"red", "blue"};

void state_note(struct state *s, const char *fmt, ...)
{
	va_list args;
	va_start(args, fmt);
	int n = vsnprintf(s->log + s->logged, sizeof s->log - s->logged, fmt, args);
	va_end(args);
	if (n > 0)
		s->logged += (size_t)n < sizeof s->log - s->logged ? (size_t)n : sizeof s->log - s->logged - 1;
}

const char *state_result(int err)
{
	return err ? errno_name(-err) : "ok";
}

struct addr mapped_v4(const struct addr *v4)
{
	struct addr a = {.family = AF_INET6, .bytes = {[10] = 0xff, [11] = 0xff}};
	memcpy(a.bytes + 12, v4->bytes, 4);
	return a;
}

struct addr random_v4(struct chance *c)
{
	static const uint8_t last[] = {0, 1, 2, 3, 4, 5, 127, 128, 254, 255};
	static const uint32_t special[] = {0,          0xffffffff, 0xe0000001, 0xefffffff, 0x7f000001, 0x7f000005,
					   0x00000001, 0xf0000001, 0x08080808, 0x7fffffff, 0xdfffffff};
	if (chance_percent(c, 15))
		return addr_from_v4(CHANCE_OF(c, special));
	return addr_from_v4(0x0a000000 | chance_below(c, 2) << 16 | chance_below(c, 2) << 8 | CHANCE_OF(c, last));
}

struct addr random_v6(struct chance *c)
{
	static const char *const special[] = {"::",         "::1",        "ff01::1", "ff02::1",   "ff05::1",
					      "ff0e::1",    "::2",        "fec0::1", "fe80::9",   "fc00::1",
					      "2001:db8::", "64:ff9b::1", "febf::1", "::10.0.0.1"};
	struct addr a;
	char text[ADDR_TEXT];
	if (chance_percent(c, 25)) {
		addr_parse(CHANCE_OF(c, special), &a);
		return a;
	}
	snprintf(text, sizeof text, "%s%u",
		 chance_percent(c, 25)   ? "fe80::"
		 : chance_percent(c, 50) ? "2001:db8::"
					 : "2001:db8:0:1::",
		 chance_below(c, 6));
	addr_parse(text, &a);
	return a;
}

uint16_t random_port(struct chance *c)
{
	static const uint16_t ports[] = {80, 1023, 1024, 1500, 7001, 7002, 7003, 40000, 65535};
	return chance_percent(c, 60) ? 0 : CHANCE_OF(c, ports);
}

static void random_address(struct state *s, struct changer *ch, struct chance *c)
{
	static const uint8_t lens4[] = {8, 16, 24, 24, 30, 31, 32}, lens6[] = {48, 64, 64, 127, 128};
	static const uint32_t flags6[] = {IFA_F_NODAD, IFA_F_NODAD,      IFA_F_NODAD,
					  0,           IFA_F_OPTIMISTIC, IFA_F_NOPREFIXROUTE | IFA_F_NODAD};
	bool six = chance_percent(c, 50);
	struct addr a = six ? random_v6(c) : random_v4(c), broadcast = random_v4(c);
	unsigned len = six ? CHANCE_OF(c, lens6) : CHANCE_OF(c, lens4);
	uint32_t flags = six ? CHANCE_OF(c, flags6) : chance_percent(c, 10) ? IFA_F_NOPREFIXROUTE : 0;
	uint32_t preferred = chance_percent(c, 10) ? 0 : UINT32_MAX;
	bool with_broadcast = !six && chance_percent(c, 40);
	bool with_peer = chance_percent(c, 10), add = chance_percent(c, 92);
	struct addr peer = six ? random_v6(c) : random_v4(c);
	const char *dev = CHANCE_OF(c, state_devices);
	char text[ADDR_TEXT], brd[ADDR_TEXT], far[ADDR_TEXT];
	struct edit_addr what = {
		.addr = a, .len = (uint8_t)len, .flags = flags, .valid = UINT32_MAX, .preferred = preferred};
	if (with_broadcast)
		what.broadcast = broadcast;
	if (with_peer)
		what.peer = peer;
	int err = change_addr(ch, add, dev, &what);
	state_note(s, "ip addr %s %s peer %s/%u dev %s flags %x preferred %u brd %s: %s\n", add ? "add" : "del",
		   addr_print(&a, text), with_peer ? addr_print(&peer, far) : "-", len, dev, flags, preferred,
		   with_broadcast ? addr_print(&broadcast, brd) : "-", state_result(err));
}

static void random_route(struct state *s, struct changer *ch, struct chance *c)
{
	static const uint8_t types[] = {RTN_LOCAL,       RTN_LOCAL,    RTN_LOCAL,     RTN_UNICAST,
					RTN_BROADCAST,   RTN_ANYCAST,  RTN_MULTICAST, RTN_BLACKHOLE,
					RTN_UNREACHABLE, RTN_PROHIBIT, RTN_THROW};
	static const uint8_t types6[] = {RTN_LOCAL, RTN_LOCAL, RTN_UNICAST, RTN_BLACKHOLE, RTN_PROHIBIT};
	static const uint8_t lens4[] = {0, 8, 16, 23, 24, 25, 31, 32, 32}, lens6[] = {0, 32, 64, 120, 128};
	static const uint32_t tables[] = {
		RT_TABLE_LOCAL, RT_TABLE_LOCAL, RT_TABLE_MAIN, RT_TABLE_MAIN, RT_TABLE_DEFAULT, 10, 20};
	static const uint32_t metrics[] = {0, 0, 0, 10, 20, 4000000};
	bool six = chance_percent(c, 15);
	struct addr a = six ? random_v6(c) : random_v4(c);
	uint8_t len = six ? CHANCE_OF(c, lens6) : CHANCE_OF(c, lens4);
	struct edit_route r = {
		.dst = {.addr = addr_masked(&a, len), .len = len},
		.type = six ? CHANCE_OF(c, types6) : CHANCE_OF(c, types),
		.table = CHANCE_OF(c, tables),
		.metric = CHANCE_OF(c, metrics),
		.tos = !six && chance_percent(c, 12) ? 0x10 : 0,
		.append = chance_percent(c, 15),
		.nhid = !six && chance_percent(c, 10) ? 1 + chance_below(c, STATE_HOPS + STATE_GROUPS) : 0,
	};
	bool error_type =
		r.type == RTN_BLACKHOLE || r.type == RTN_UNREACHABLE || r.type == RTN_PROHIBIT || r.type == RTN_THROW;
	const char *dev = error_type || r.nhid ? NULL : CHANCE_OF(c, state_devices);
	char text[PREFIX_TEXT];
	bool add = chance_percent(c, 88);
	int err = change_route(ch, add, dev, &r);
	state_note(s, "ip route %s %s %s table %u metric %u tos %u dev %s nhid %u%s: %s %s\n", add ? "add" : "del",
		   rtn_name(r.type), prefix_print(&r.dst, text), r.table, r.metric, r.tos, dev ? dev : "-", r.nhid,
		   r.append ? " append" : "", state_result(err), err ? change_why(ch) : "");
}

static void random_nexthop(struct state *s, struct changer *ch, struct chance *c)
{
	uint32_t id = 1 + chance_below(c, STATE_HOPS);
	bool blackhole = chance_percent(c, 40), add = chance_percent(c, 85);
	const char *dev = CHANCE_OF(c, state_devices);
	int err = change_nexthop(ch, add, AF_INET, id, blackhole ? NULL : dev);
	state_note(s, "ip nexthop %s id %u %s: %s\n", add ? "add" : "del", id, blackhole ? "blackhole" : dev,
		   state_result(err));
}

static void random_rule(struct state *s, struct changer *ch, struct chance *c)
{
	static const uint32_t priorities[] = {0, 100, 200, 32766, 32767};
	static const uint32_t tables[] = {RT_TABLE_LOCAL, RT_TABLE_MAIN, RT_TABLE_DEFAULT, 10};
	struct edit_rule r = {
		.rule = {.family = chance_percent(c, 75) ? AF_INET : AF_INET6,
			 .priority = CHANCE_OF(c, priorities),
			 .table = CHANCE_OF(c, tables)},
		.has_priority = true,
	};
	bool add = chance_percent(c, 50);
	int err = change_rule(ch, add, &r);
	state_note(s, "ip%s rule %s pref %u lookup %u: %s\n", r.rule.family == AF_INET6 ? " -6" : "",
		   add ? "add" : "del", r.rule.priority, r.rule.table, state_result(err));
}

static void random_sysctl(struct state *s, struct chance *c)
{
	static const struct {
		const char *name;
		const char *values[3];
	} all[] = {
		{"net.ipv4.ip_nonlocal_bind", {"0", "0", "1"}},
		{"net.ipv6.ip_nonlocal_bind", {"0", "0", "1"}},
		{"net.ipv4.ip_unprivileged_port_start", {"1024", "0", "81"}},
		{"net.ipv6.bindv6only", {"0", "2", "255"}},
		{"net.ipv4.ip_local_port_range", {"32768 60999", "50000 50003", "50000 50004"}},
		{"net.ipv4.ip_local_port_range", {"50000 50000", "50000 50001", "50000 50002"}},
		{"net.ipv4.ip_local_reserved_ports", {"", "50000-50001", "40000"}},
		{"net.ipv4.ip_local_reserved_ports", {"50000-50004", "50001,50003", "50002"}},
		{"net.ipv4.tcp_l3mdev_accept", {"0", "1", "0"}},
		{"net.ipv4.udp_l3mdev_accept", {"0", "1", "1"}},
		{"net.ipv4.nexthop_compat_mode", {"1", "0", "0"}},
		{"net.ipv4.conf.v0.ignore_routes_with_linkdown", {"0", "1", "1"}},
		{"net.ipv4.conf.all.ignore_routes_with_linkdown", {"0", "0", "1"}},
		{"net.ipv6.conf.v0.optimistic_dad", {"0", "1", "1"}},
		{"net.ipv6.conf.v0.disable_ipv6", {"0", "0", "1"}},
		{"net.ipv6.conf.v1.forwarding", {"0", "1", "1"}},
		{"net.ipv6.conf.all.forwarding", {"0", "1", "1"}},
		{"net.ipv6.conf.v0.keep_addr_on_down", {"0", "1", "1"}},
		{"net.ipv4.ping_group_range", {"0 2147483647", "0 2147483647", "1 0"}},
		{"net.ipv4.ip_autobind_reuse", {"0", "0", "1"}},
		{"net.mptcp.enabled", {"1", "1", "0"}},
	};
	unsigned i = chance_below(c, sizeof all / sizeof *all);
	const char *value = CHANCE_OF(c, all[i].values);
	int err = change_sysctl(all[i].name, value);
	state_note(s, "sysctl -w %s='%s': %s\n", all[i].name, value, state_result(err));
}

static void random_link(struct state *s, struct changer *ch, struct chance *c)
{
	const char *dev = CHANCE_OF(c, state_devices);
	if (s->vrf && chance_percent(c, 40)) {
		const char *master = chance_percent(c, 80) ? CHANCE_OF(c, masters) : NULL;
		int err = change_link_master(ch, dev, master);
		state_note(s, "ip link set %s master %s: %s\n", dev, master ? master : "none", state_result(err));
		return;
	}
	if (chance_percent(c, 3)) { // its peer goes with it
		int err = change_link_del(ch, dev);
		state_note(s, "ip link del %s: %s\n", dev, state_result(err));
		return;
	}
	bool up = chance_percent(c, 65);
	int err = change_link_up(ch, dev, up);
	state_note(s, "ip link set %s %s: %s\n", dev, up ? "up" : "down", state_result(err));
}

// Addresses that are usable while duplicate detection runs.
static void prepare_dad(struct state *s)
{
	static const char *const names[] = {"net.ipv6.conf.v0.optimistic_dad", "net.ipv6.conf.w0.optimistic_dad",
					    "net.ipv6.conf.v1.optimistic_dad"};
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		change_sysctl(names[i], "1");
	state_note(s, "sysctl -w net.ipv6.conf.{v0,w0,v1}.optimistic_dad=1\n");
}

// An address that v0's neighbour has: duplicate detection, made quick, fails.
static void duplicate_address(struct state *s, struct changer *ch, struct chance *c)
{
	enum { DETECTION_US = 40000 };
	struct addr a = random_v6(c);
	char text[ADDR_TEXT];
	change_sysctl("net.ipv6.conf.v0.router_solicitation_delay", "0");
	change_sysctl("net.ipv6.neigh.v0.retrans_time_ms", "20");
	change_link_up(ch, "v0", true);
	change_link_up(ch, "v1", true);
	change_addr_add(ch, "v1", &a, 64, IFA_F_NODAD, UINT32_MAX, NULL);
	int err = change_addr_add(ch, "v0", &a, 64, 0, UINT32_MAX, NULL);
	usleep(DETECTION_US);
	state_note(s, "ip addr add %s/64 dev v0 and v1, which are neighbours: %s\n", addr_print(&a, text),
		   state_result(err));
}

// One to five ports to choose from, some reserved, most held.
static void crowd_ports(struct state *s, struct chance *c)
{
	char range[32], reserved[32] = "";
	unsigned high = 50000 + chance_below(c, 5);
	snprintf(range, sizeof range, "50000 %u", high);
	if (chance_percent(c, 50))
		snprintf(reserved, sizeof reserved, "%u-%u", high - chance_below(c, 2), high);
	change_sysctl("net.ipv4.ip_local_port_range", range);
	if (*reserved)
		change_sysctl("net.ipv4.ip_local_reserved_ports", reserved);
	state_note(s, "sysctl -w net.ipv4.ip_local_port_range='%s' ip_local_reserved_ports=%s\n", range, reserved);
	for (unsigned n = s->sockets ? 4 + chance_below(c, 16) : 0; n > 0; n--)
		if (chance_percent(c, 80))
			random_holder(s, c);
		else if (chance_percent(c, 50))
			random_connection(s, c);
		else
			random_peer(s, c);
}

static void change_once(struct state *s, struct changer *ch, struct chance *c)
{
	unsigned what = chance_below(c, 100);
	if (what < 28)
		random_address(s, ch, c);
	else if (what < 30)
		duplicate_address(s, ch, c);
	else if (what < 58)
		random_route(s, ch, c);
	else if (what < 62)
		random_multipath(s, c);
	else if (what < 66)
		random_nexthop(s, ch, c);
	else if (what < 68)
		random_group(s, c);
	else if (what < 72)
		random_rule(s, ch, c);
	else if (what < 82)
		random_sysctl(s, c);
	else if (what < 89)
		random_link(s, ch, c);
	else if (s->sockets && what < 95)
		random_holder(s, c);
	else if (s->sockets && what < 97)
		random_connection(s, c);
	else if (s->sockets && what < 99)
		random_peer(s, c);
	else if (s->sockets)
		random_crowd(s, c);
}

void state_change(struct state *s, struct chance *c)
{
	struct changer *ch;
	if (change_open(&ch) == 0) {
		change_once(s, ch, c);
		change_close(ch);
	}
}

// The next namespace has hash tables of its own for UDP, with few slots, or shares those of all.
void state_before(struct chance *c)
{
	change_sysctl("net.ipv4.udp_child_hash_entries", chance_percent(c, 30) ? "128" : "0");
}

void state_make(struct state *s, struct chance *c, bool sockets)
{
	struct changer *ch;
	enum tri has[KIND_COUNT] = {NO}, inet6;
	*s = (struct state){.sockets = sockets};
	proc_protocols("", has, &inet6);
	s->sctp = has[KIND_SCTP] == YES;
	if (change_open(&ch) < 0)
		return;
	if (chance_percent(c, 80))
		change_sysctl("net.ipv4.ping_group_range", "0 2147483647");
	if (chance_percent(c, 92)) {
		state_note(s, "ip link add v0 type veth peer v1; w0, w1 alike\n");
		change_veth_add(ch, "v0", "v1", -1);
		change_veth_add(ch, "w0", "w1", -1);
		if (chance_percent(c, 40) && change_vrf_add(ch, "red", 10) == 0) {
			s->vrf = true;
			change_vrf_add(ch, "blue", chance_percent(c, 80) ? 20 : RT_TABLE_MAIN);
			change_link_up(ch, "red", true);
			state_note(s, "ip link add red type vrf table 10; blue\n");
		}
		for (size_t i = 0; i < STATE_DEVICES; i++)
			if (chance_percent(c, 75)) {
				change_link_up(ch, state_devices[i], true);
				state_note(s, "ip link set %s up\n", state_devices[i]);
			}
		if (chance_percent(c, 20))
			prepare_dad(s);
		for (unsigned n = chance_below(c, 30); n > 0; n--)
			change_once(s, ch, c);
		if (chance_percent(c, 25))
			crowd_ports(s, c);
	}
	change_close(ch);
}
