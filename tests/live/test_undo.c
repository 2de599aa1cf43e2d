// SPDX-License-Identifier: GPL-3.0-or-later
// Undo where the kernel takes or leaves more than what it was asked for: nothing is lost, nothing is left, in the order
// it had.
#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/if_link.h>
#include <linux/nexthop.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <string.h>
#include <time.h>

#include "core/change/editor_undo.h"
#include "core/change/inventory_read.h"
#include "core/observe/nl.h"
#include "tests/live/edited.h"

enum { LINES = 16 };

// A namespace as `set` makes it, in which `change` is made and undone, `outside` somebody else's in between.
struct story {
	const char *set[LINES], *change, *outside;
	bool host; // is it made on a host as well? Else it is refused there, and nothing has changed
};

static void tell(const struct story *s, bool journal)
{
	char err[EDIT_ERROR] = "";
	bool refused = journal && !s->host;
	for (size_t i = 0; s->set[i]; i++)
		apply(s->set[i]);
	struct inventory before = look_settled();
	struct editor *e = open_editor(journal);
	struct edit change = line(s->change);
	asked = 0;
	int rc = editor_make(e, &change, err, sizeof err);
	if (rc != (refused ? -EOPNOTSUPP : 0) || (refused && !strstr(err, "only in a lab")))
		fail_msg("%s: %d %s", s->change, rc, err);
	assert_int_equal(editor_count(e), !refused);
	assert_int_equal(asked, journal && !refused);
	if (!refused) {
		struct inventory now;
		assert_int_equal(inventory_read_around(&now, &change), 0);
		assert_true(inventory_holds(&now, &change) || !change.add); // another one may fit what was deleted
		inventory_free(&now);
		if (s->outside)
			apply(s->outside);
		rc = editor_undo(e, false, err, sizeof err);
		if (rc != 1 || err[0])
			fail_msg("undo %s: %d %s", s->change, rc, err);
	}
	close_editor(e);
	assert_same(&before, s->change);
	inventory_free(&before);
}

// What a journal adds does not depend on the kernel: an emulated one, where a reading takes long, is spared it.
static void tell_all(const struct story *s, size_t n)
{
	const int journals_too = getenv("BINDWALK_EMULATED") ? 0 : 1;
	char err[EDIT_ERROR] = "";
	struct inventory before = look_settled();
	struct editor *lab = open_editor(false);
	for (size_t i = 0; i < n; i++)
		for (int journal = 0; journal <= journals_too; journal++) {
			tell(&s[i], journal);
			if (!s[i].set[0])
				continue;
			if (editor_reset(lab, err, sizeof err) < 0)
				fail_msg("reset after %s: %s", s[i].change, err);
			assert_same(&before, s[i].change);
		}
	close_editor(lab);
	inventory_free(&before);
	assert_int_equal(journals(), 0);
}

#define TELL(stories) tell_all(stories, sizeof stories / sizeof *stories)

static void each_change_is_undone(void **state)
{
	(void)state;
	static const struct story stories[] = {
		{.host = true, .change = "route add local 10.9.0.0/16 dev lo"},
		{.host = true, .change = "route add local 2001:db8:9::/64 dev lo"},
		{.host = true, .change = "route add blackhole 10.8.0.0/16 metric 3 table 44"},
		{.change = "route append local 10.1.0.0/16 dev eth0"},
		{.change = "route replace blackhole 10.1.0.0/16 table local"},
		{.change = "route replace local 10.1.0.0/16 dev lo src 198.51.100.1"},
		{.change = "route replace 203.0.113.0/24 dev eth0 scope link"},
		{.change = "route replace local 192.0.2.2 dev lo"},
		{.change = "route replace local 10.9.0.0/16 dev lo"},
		{.change = "-6 route replace blackhole 2001:db8:7::/48"},
		{.host = true, .change = "route del 203.0.113.0/24"},
		{.host = true, .change = "route del local 10.1.0.0/16 dev lo"},
		{.host = true, .change = "route del local 192.0.2.2 dev eth0 table local"},
		{.change = "route del local 2001:db8::2 dev eth0 table local"},
		{.host = true, .change = "-6 route del 2001:db8:7::/48"},
		{.host = true, .change = "address add 10.77.0.1/16 dev eth0 broadcast 10.77.255.255 scope link"},
		{.host = true, .change = "address add 2001:db8:77::1/64 dev lo nodad"},
		{.host = true, .change = "address del 198.51.100.2/24 dev eth0"},
		{.change = "address del 198.51.100.1/24 dev eth0"}, // the other one goes along, and a route
		{.host = true, .change = "address del 2001:db8::2/64 dev eth0"},
		{.host = true, .change = "rule add pref 88 to 10.0.0.0/8 fwmark 5 lookup 99"},
		{.host = true, .change = "rule del pref 77 from 10.0.0.0/8 lookup 77"},
		{.host = true, .change = "-6 rule add pref 88 iif eth0 blackhole"},
		{.change = "link add v7 type veth peer v8"},
		{.change = "link del eth0"},
		{.change = "link set eth0 down"},
		{.change = "link set lo down"},
		{.change = "nexthop add id 3 blackhole"},
		{.change = "nexthop del id 9"},
		{.host = true, .change = "sysctl net.ipv4.ip_nonlocal_bind 1"},
		{.host = true, .change = "sysctl net.ipv4.ip_local_port_range '40000 40010'"},
		{.host = true, .change = "sysctl net.ipv4.ip_local_reserved_ports 8080,9000-9010"},
		{.change = "sysctl net.ipv6.conf.eth0.disable_ipv6 1"},
		{.change = "sysctl net.ipv6.conf.all.disable_ipv6 1"},
		{.change = "sysctl net.ipv4.ip_forward 1"},
	};
	TELL(stories);
}

// Where only what the kernel makes again on its own goes along, a host is changed as well.
static void a_device_goes_down_and_comes_back(void **state)
{
	(void)state;
// Without a carrier, so that the kernel makes nothing of it a moment later.
#define PAIR "link add v5 type veth peer v6", "link set v5 up", "address add 10.33.0.1/24 dev v5"
	static const struct story stories[] = {
		{.host = true, .set = {PAIR}, .change = "link set v5 down"},
		{.set = {PAIR}, .change = "sysctl net.ipv6.conf.v5.disable_ipv6 1"},
		{.host = true,
		 .set = {PAIR, "sysctl net.ipv6.conf.v5.disable_ipv6 1"},
		 .change = "sysctl net.ipv6.conf.v5.disable_ipv6 0"},
		{.host = true, .set = {PAIR, "link set v5 down"}, .change = "link set v5 up"},
		{.set = {PAIR, "route add 10.34.0.0/16 via 10.33.0.9"}, .change = "link set v5 down"},
		{.set = {PAIR, "address add 2001:db8:33::1/64 dev v5 nodad"}, .change = "link set v5 down"},
		{.set = {PAIR, "link set v6 up", "nexthop add id 5 dev v5", "route add 10.34.0.0/16 nhid 5"},
		 .change = "link set v5 down"},
		{.host = true,
		 .set = {PAIR, "address add 10.34.0.1/24 dev v5"},
		 .change = "address del 10.34.0.1/24 dev v5"},
		{
			.set = {PAIR, "address add 10.34.0.1/24 dev v5"},
			.change = "address del 10.33.0.1/24 dev v5", // it would come back behind the other one
		},
		{.set = {PAIR, "address add 10.34.0.1/24 dev v5", "route add 10.35.0.0/16 dev eth0 src 10.34.0.1"},
		 .change = "address del 10.34.0.1/24 dev v5"},
		{
			.set = {PAIR, "route add blackhole 10.35.0.0/16", "route add 10.34.0.0/16 dev v5"},
			.change = "address del 10.33.0.1/24 dev v5", // the last one
		},
	};
	TELL(stories);
}

// `route del P` takes the first of several.
static void the_route_that_was_deleted_comes_back(void **state)
{
	(void)state;
	static const struct story stories[] = {
		{.host = true, .set = {"route add default via 192.0.2.9"}, .change = "route del default"},
		{.host = true,
		 .set = {"-6 route add default via 2001:db8::8 metric 50", "-6 route add default via 2001:db8::9"},
		 .change = "-6 route del default"},
		{.set = {"-6 route add default via 2001:db8::8", "-6 route append default via 2001:db8::9"},
		 .change = "-6 route del default"},
		{.set = {"-6 route add default via 2001:db8::8", "-6 route append default via 2001:db8::9"},
		 .change = "-6 route del default via 2001:db8::9"},
		{.set = {"route add 10.30.0.0/16 via 192.0.2.8", "route append 10.30.0.0/16 via 192.0.2.9",
			 "route append 10.30.0.0/16 dev eth0"},
		 .change = "route del 10.30.0.0/16"},
		{.set = {"route add 10.30.0.0/16 via 192.0.2.8", "route append 10.30.0.0/16 via 192.0.2.9",
			 "route append 10.30.0.0/16 dev eth0"},
		 .change = "route del 10.30.0.0/16 via 192.0.2.9"},
		{.set = {"route append local 10.1.0.0/16 dev eth0"}, .change = "route del local 10.1.0.0/16"},
		{.host = true,
		 .set = {"route add 10.30.0.0/16 dev eth0", "route add 10.30.0.0/16 dev eth0 metric 5"},
		 .change = "route del 10.30.0.0/16"},
		{.set = {"route add 10.30.0.0/16 via 192.0.2.8 dev eth0"},
		 .change = "route append 10.30.0.0/16 dev eth0"},
	};
	TELL(stories);
}

// Where several routes have one key, the first one counts.
static void routes_of_one_key_come_back_in_order(void **state)
{
	(void)state;
	static const struct story stories[] = {
		{.set = {"link add v5 type veth peer v6", "link set v5 up", "route add local 10.30.0.0/16 dev v5",
			 "route append local 10.30.0.0/16 dev lo", "route append 10.31.0.0/16 dev lo",
			 "route append 10.31.0.0/16 dev v5", "route append 10.31.0.0/16 dev eth0"},
		 .change = "link set v5 down"},
		{.set = {"address add 10.33.0.1/24 dev eth0", "route add local 10.30.0.0/16 dev eth0 src 10.33.0.1",
			 "route append local 10.30.0.0/16 dev lo"},
		 .change = "address del 10.33.0.1/24 dev eth0"},
		{.set = {"link add v5 type veth peer v6", "link set v5 up", "address add 10.33.0.1/24 dev v5",
			 "address add 10.33.0.2/24 dev eth0"},
		 .change = "address del 10.33.0.1/24 dev v5"},
	};
	TELL(stories);
}

static void rules_come_back_as_they_were(void **state)
{
	(void)state;
	static const struct story stories[] = {
		{.set = {"rule add pref 90 lookup 50", "rule add pref 90 to 10.0.0.0/8 lookup 51",
			 "rule add pref 90 lookup 52 protocol boot"},
		 .change = "rule del pref 90 lookup 50"},
		{.set = {"rule add pref 90 lookup 50", "rule add pref 90 from 10.0.0.0/8 lookup 50"},
		 .change = "rule del pref 90 lookup 50"},
		{.set = {"rule add pref 90 lookup 50", "rule add pref 90 from 10.0.0.0/8 lookup 50"},
		 .change = "rule del pref 90 from 10.0.0.0/8 lookup 50"},
	};
	TELL(stories);
	apply("rule add pref 91 lookup 50");
	struct inventory now = look();
	struct edit rule = line("rule add pref 91 lookup 50");
	assert_int_equal(inventory_find(&now, &rule)->rule.protocol, 0); // as `ip rule add` makes it
	inventory_free(&now);
	apply("rule del pref 91 lookup 50");
}

static void sysctls_come_back_for_each_interface(void **state)
{
	(void)state;
	static const struct story stories[] = {
		{.set = {"sysctl net.ipv4.conf.eth0.forwarding 1"}, .change = "sysctl net.ipv4.ip_forward 1"},
		{.set = {"sysctl net.ipv4.conf.eth0.forwarding 1", "sysctl net.ipv4.conf.default.forwarding 1",
			 "sysctl net.ipv4.conf.lo.forwarding 0"},
		 .change = "sysctl net.ipv4.conf.all.forwarding 1"},
		{.set = {"sysctl net.ipv6.conf.eth0.forwarding 1", "sysctl net.ipv6.conf.default.forwarding 1"},
		 .change = "sysctl net.ipv6.conf.all.forwarding 1"},
	};
	TELL(stories);
}

static void what_ipv6_takes_along_comes_back(void **state)
{
	(void)state;
#define REFUSING                                                                                                       \
	{                                                                                                              \
		"-6 route add blackhole 2001:db8:30::/48", "-6 route add prohibit 2001:db8:31::/48",                   \
			"-6 route add unreachable 2001:db8:32::/48", "-6 route add blackhole default metric 4000"      \
	}
	static const struct story stories[] = {
		{.set = REFUSING, .change = "link set lo down"},
		{.set = REFUSING, .change = "sysctl net.ipv6.conf.lo.disable_ipv6 1"},
		{.change = "-6 route append 2001:db8:7::/48 via 2001:db8::9"},
		{.set = {"-6 route append 2001:db8:7::/48 via 2001:db8::9"}, .change = "link set eth0 down"},
		{.set = {"-6 route append 2001:db8:7::/48 via 2001:db8::9"},
		 .change = "-6 route replace blackhole 2001:db8:7::/48"},
		{.change = "address del ::1/128 dev lo"},
	};
	TELL(stories);
	char err[EDIT_ERROR] = "";
	struct inventory before = look_settled();
	struct editor *e = open_editor(false);
	apply("address del ::1/128 dev lo");
	if (editor_reset(e, err, sizeof err) < 0)
		fail_msg("%s", err);
	close_editor(e);
	assert_same(&before, "reset ::1");
	inventory_free(&before);
}

static void ipv6_addresses_come_back_in_order(void **state)
{
	(void)state;
	static const struct story stories[] = {
		{.change = "link set eth0 down"},
		{.change = "sysctl net.ipv6.conf.eth0.disable_ipv6 1"},
	};
	apply("address add 2001:db8::3/64 dev eth0 nodad");
	apply("address add 2001:db8::4/64 dev eth0 nodad");
	TELL(stories);
	apply("address del 2001:db8::3/64 dev eth0");
	apply("address del 2001:db8::4/64 dev eth0");
}

static void next_hops(void **state)
{
	(void)state;
	static const struct story stories[] = {
		{.host = true, .set = {"nexthop add id 5 blackhole"}, .change = "route add 10.30.0.0/16 nhid 5"},
		{.set = {"nexthop add id 5 blackhole"}, .change = "link set lo down"},
	};
	TELL(stories);
}

// The language has no words for a group.
static int make_group(bool add, uint32_t id, uint32_t member)
{
	_Alignas(struct nlmsghdr) char buf[256];
	struct nl *nl;
	struct nexthop_grp group = {.id = member};
	assert_int_equal(nl_open(&nl, NETLINK_ROUTE), 0);
	struct nlmsghdr *m = mnl_nlmsg_put_header(buf);
	m->nlmsg_type = add ? RTM_NEWNEXTHOP : RTM_DELNEXTHOP;
	m->nlmsg_flags = add ? NLM_F_CREATE | NLM_F_EXCL : 0;
	mnl_nlmsg_put_extra_header(m, sizeof(struct nhmsg));
	mnl_attr_put_u32(m, NHA_ID, id);
	if (add)
		mnl_attr_put(m, NHA_GROUP, sizeof group, &group);
	int rc = nl_request(nl, m);
	nl_close(nl);
	return rc;
}

static void a_group_is_not_made_smaller(void **state)
{
	(void)state;
	static const char *const lines[] = {"nexthop del id 9", "link set eth0 down"};
	assert_int_equal(make_group(true, 70, 9), 0);
	struct inventory before = look_settled();
	for (int journal = 0; journal < 2; journal++) {
		char err[EDIT_ERROR] = "";
		struct editor *e = open_editor(journal);
		for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
			struct edit edit = line(lines[i]);
			assert_int_equal(editor_make(e, &edit, err, sizeof err), -EOPNOTSUPP);
			assert_non_null(strstr(err, journal ? "only in a lab" : "group 70"));
		}
		if (!journal) {
			make(e, "link set lo down"); // has none of its members
			assert_int_equal(editor_undo(e, false, err, sizeof err), 1);
		}
		close_editor(e);
	}
	assert_same(&before, "a group's next hop");
	inventory_free(&before);
	assert_int_equal(make_group(false, 70, 0), 0);
}

static int make_macvlan(const char *name, uint32_t lower)
{
	_Alignas(struct nlmsghdr) char buf[256];
	struct nl *nl;
	assert_int_equal(nl_open(&nl, NETLINK_ROUTE), 0);
	struct nlmsghdr *m = mnl_nlmsg_put_header(buf);
	m->nlmsg_type = RTM_NEWLINK;
	m->nlmsg_flags = NLM_F_CREATE | NLM_F_EXCL;
	mnl_nlmsg_put_extra_header(m, sizeof(struct ifinfomsg));
	mnl_attr_put_strz(m, IFLA_IFNAME, name);
	mnl_attr_put_u32(m, IFLA_LINK, lower);
	struct nlattr *info = mnl_attr_nest_start(m, IFLA_LINKINFO);
	mnl_attr_put_strz(m, IFLA_INFO_KIND, "macvlan");
	mnl_attr_nest_end(m, info);
	int rc = nl_request(nl, m);
	nl_close(nl);
	return rc;
}

// It would go down as well and lose its routes.
static void what_is_on_top_is_seen(void **state)
{
	(void)state;
	char err[EDIT_ERROR] = "";
	apply("link add v5 type veth peer v6");
	apply("link set v5 up");
	int rc = make_macvlan("m5", if_nametoindex("v5"));
	if (rc == -EOPNOTSUPP) {
		apply("link del v5");
		skip();
	}
	assert_int_equal(rc, 0);
	struct editor *e = open_editor(true);
	struct edit down = line("link set v5 down"), other = line("link set m5 up");
	assert_int_equal(editor_make(e, &down, err, sizeof err), -EOPNOTSUPP);
	assert_non_null(strstr(err, "ip link add m5 "));
	assert_int_equal(editor_make(e, &other, err, sizeof err), 0);
	close_editor(e);
	apply("link del v5");
}

static void lo_is_left_without_an_address(void **state)
{
	(void)state;
	static const struct story stories[] = {
		{.host = true,
		 .set = {"link set lo down", "address del 127.0.0.1/8 dev lo"},
		 .change = "link set lo up"},
	};
	TELL(stories);
}

// What somebody else has undone by half is undone by the rest.
static void the_rest_is_brought_back(void **state)
{
	(void)state;
	static const struct story stories[] = {
		{.change = "link set eth0 down", .outside = "link set eth0 up"},
		{.set = {"sysctl net.ipv4.conf.eth0.forwarding 1"},
		 .change = "sysctl net.ipv4.ip_forward 1",
		 .outside = "sysctl net.ipv4.ip_forward 0"},
		{.change = "address del 198.51.100.1/24 dev eth0", .outside = "address add 198.51.100.1/24 dev eth0"},
	};
	TELL(stories);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_change_is_undone),
		cmocka_unit_test(a_device_goes_down_and_comes_back),
		cmocka_unit_test(the_route_that_was_deleted_comes_back),
		cmocka_unit_test(routes_of_one_key_come_back_in_order),
		cmocka_unit_test(rules_come_back_as_they_were),
		cmocka_unit_test(sysctls_come_back_for_each_interface),
		cmocka_unit_test(what_ipv6_takes_along_comes_back),
		cmocka_unit_test(ipv6_addresses_come_back_in_order),
		cmocka_unit_test(next_hops),
		cmocka_unit_test(a_group_is_not_made_smaller),
		cmocka_unit_test(what_is_on_top_is_seen),
		cmocka_unit_test(lo_is_left_without_an_address),
		cmocka_unit_test(the_rest_is_brought_back),
	};
	return edited_run(tests, sizeof tests / sizeof *tests);
}
