// SPDX-License-Identifier: GPL-3.0-or-later
// The observer follows changes in namespaces of our own: single ones, storms of them, and lost events. It reads again
// what the kernel did not announce, and nothing else.
#include <arpa/inet.h>
#include <errno.h>
#include <linux/if.h>
#include <linux/if_addr.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/model/decide.h"
#include "core/model/host_equal.h"
#include "core/model/host_left.h"
#include "tests/live/observed.h"

static char seen_status[64]; // the last status about trouble

static bool complete(const struct host *h)
{
	return h->routes4_read && h->nrules > 0;
}

static void take(void)
{
	assert_true(observe_on_readable(o) >= 0);
	if (strstr(observe_status(o), "lost"))
		snprintf(seen_status, sizeof seen_status, "%s", observe_status(o));
}

static bool as_fresh(const struct host *h)
{
	struct host *fresh = observe();
	bool same = host_equal(h, fresh);
	host_free(fresh);
	return same;
}

// Takes over hosts until one is as wanted.
static void wait_for(bool (*wanted)(const struct host *))
{
	time_t end = now() + PATIENCE;
	for (;;) {
		if (wanted(observe_host(o)) && complete(observe_host(o)) && !*observe_status(o))
			return;
		if (now() > end)
			fail_msg("waited in vain; status \"%s\"", observe_status(o));
		struct pollfd p = {.fd = observe_fd(o), .events = POLLIN};
		poll(&p, 1, 1000);
		take();
	}
}

static void follow(void)
{
	char err[256];
	assert_int_equal(observe_follow(o, err, sizeof err), 0);
	assert_non_null(observe_host(o));
	wait_for(complete);
}

static bool has_address(const struct host *h)
{
	return find_addr(h, "10.1.1.1") && find_route(h, "10.1.1.1/32", RT_TABLE_LOCAL);
}

static bool has_no_address(const struct host *h)
{
	return !find_addr(h, "10.1.1.1") && !find_route(h, "10.1.1.1/32", RT_TABLE_LOCAL);
}

static bool has_anyip(const struct host *h)
{
	return find_route(h, "192.168.123.0/24", RT_TABLE_LOCAL);
}

static bool has_anyip6(const struct host *h)
{
	return find_route(h, "2001:db8:123::/64", RT_TABLE_LOCAL);
}

static bool has_main(const struct host *h)
{
	return find_route(h, "203.0.113.0/24", RT_TABLE_MAIN);
}

static bool is_split(const struct host *h)
{
	return h->trie == TRIE_SPLIT && !has_main(h);
}

static bool has_v0(const struct host *h)
{
	return host_link_named(h, "v0") && host_link_named(h, "v0")->flags & IFF_UP;
}

static bool v0_is_down(const struct host *h)
{
	return !has_v0(h) && !find_route(h, "10.2.0.255/32", RT_TABLE_LOCAL);
}

static bool has_v0_route(const struct host *h)
{
	return find_route(h, "10.2.0.255/32", RT_TABLE_LOCAL);
}

static bool is_nonlocal(const struct host *h)
{
	return h->sysctl[SYSCTL_V4_NONLOCAL] == 1;
}

static bool has_rule6(const struct host *h)
{
	for (size_t i = 0; i < h->nrules; i++)
		if (h->rules[i].family == AF_INET6 && h->rules[i].priority == 5)
			return true;
	return false;
}

static void changes(void **state)
{
	(void)state;
	follow();
	struct addr a = live_addr("10.1.1.1"), b = live_addr("10.2.0.1"), broadcast = live_addr("10.2.0.255");
	assert_int_equal(change_addr_add(c, "lo", &a, 24, 0, UINT32_MAX, NULL), 0);
	wait_for(has_address);
	assert_int_equal(route(true, "192.168.123.0/24", RTN_LOCAL, 0, "lo"), 0);
	wait_for(has_anyip);
	assert_int_equal(route(true, "2001:db8:123::/64", RTN_LOCAL, 0, "lo"), 0);
	wait_for(has_anyip6);
	assert_int_equal(change_veth_add(c, "v0", "v1", -1), 0);
	assert_int_equal(change_link_up(c, "v0", true), 0);
	wait_for(has_v0);
	assert_int_equal(change_addr_add(c, "v0", &b, 24, 0, UINT32_MAX, &broadcast), 0);
	wait_for(has_v0_route);
	assert_int_equal(change_link_up(c, "v0", false), 0); // its routes go without a word
	wait_for(v0_is_down);
	assert_int_equal(change_addr_del(c, "lo", &a, 24), 0);
	wait_for(has_no_address);
	assert_int_equal(route(true, "203.0.113.0/24", RTN_BLACKHOLE, 0, NULL), 0);
	wait_for(has_main);
	assert_int_equal(rule(true, 100, RT_TABLE_MAIN, "192.0.2.1/32"), 0);
	wait_for(is_split);
	struct edit_rule r = {.rule = {.family = AF_INET6, .priority = 5, .table = RT_TABLE_MAIN},
			      .has_priority = true};
	assert_int_equal(change_rule(c, true, &r), 0);
	wait_for(has_rule6);
}

static bool has_secondary(const struct host *h)
{
	const struct host_addr *a = find_addr(h, "10.1.1.20");
	return a && a->flags & IFA_F_SECONDARY && find_addr(h, "10.1.1.30");
}

static bool has_lost_address_back(const struct host *h)
{
	return find_addr(h, "10.1.1.20");
}

static bool has_lost_both(const struct host *h)
{
	return !find_addr(h, "10.1.1.10") && !find_addr(h, "10.1.1.20") && !find_addr(h, "10.1.1.30");
}

// A secondary address goes with its primary, where it is not promoted; one that was deleted alone did not.
static void lost_secondary(void **state)
{
	(void)state;
	struct addr primary = live_addr("10.1.1.10"), lost = live_addr("10.1.1.20"), deleted = live_addr("10.1.1.30");
	assert_int_equal(change_sysctl("net.ipv4.conf.all.promote_secondaries", "0"), 0);
	assert_int_equal(change_sysctl("net.ipv4.conf.lo.promote_secondaries", "0"), 0);
	follow();
	assert_int_equal(change_addr_add(c, "lo", &primary, 24, 0, UINT32_MAX, NULL), 0);
	assert_int_equal(change_addr_add(c, "lo", &lost, 24, 0, UINT32_MAX, NULL), 0);
	assert_int_equal(change_addr_add(c, "lo", &deleted, 24, 0, UINT32_MAX, NULL), 0);
	wait_for(has_secondary);
	assert_null(host_find_left(observe_host(o), &lost));
	assert_int_equal(change_addr_del(c, "lo", &deleted, 24), 0);
	assert_int_equal(change_addr_del(c, "lo", &primary, 24), 0);
	wait_for(has_lost_both);
	const struct left_addr *l = host_find_left(observe_host(o), &lost);
	assert_true(l && addr_equal(&l->primary, &primary));
	assert_string_equal(l->device, "lo");
	l = host_find_left(observe_host(o), &deleted);
	assert_true(l && l->primary.family == 0);
	l = host_find_left(observe_host(o), &primary);
	assert_true(l && l->primary.family == 0);
	assert_int_equal(change_addr_add(c, "lo", &lost, 24, 0, UINT32_MAX, NULL), 0);
	wait_for(has_lost_address_back);
	assert_null(host_find_left(observe_host(o), &lost));
}

static bool has_both6(const struct host *h)
{
	return host_link_named(h, "v0")->flags & IFF_UP && find_addr(h, "2001:db8::53") && find_addr(h, "2001:db8::54");
}

static bool has_one6(const struct host *h)
{
	return find_addr(h, "2001:db8::53") && !find_addr(h, "2001:db8::54");
}

static bool has_v0_down(const struct host *h)
{
	return !(host_link_named(h, "v0")->flags & IFF_UP) && !find_addr(h, "2001:db8::53");
}

// A link that goes down loses its IPv6 addresses: that is said to be why, and not before.
static void lost_with_its_link(void **state)
{
	(void)state;
	struct addr lost = live_addr("2001:db8::53"), deleted = live_addr("2001:db8::54");
	struct attempt to_lost = attempt_new(&lost), to_deleted = attempt_new(&deleted);
	struct walk w;
	assert_int_equal(change_veth_add(c, "v0", "v1", -1), 0);
	follow();
	assert_int_equal(change_link_up(c, "v0", true), 0);
	assert_int_equal(change_addr_add(c, "v0", &deleted, 64, IFA_F_NODAD, UINT32_MAX, NULL), 0);
	assert_int_equal(change_addr_add(c, "v0", &lost, 64, IFA_F_NODAD, UINT32_MAX, NULL), 0);
	wait_for(has_both6);
	assert_int_equal(change_addr_del(c, "v0", &deleted, 64), 0);
	wait_for(has_one6);
	decide(live_facts(observe_host(o), false), &to_deleted, &w);
	assert_int_equal(w.code, CODE_ADDR_REMOVED);
	assert_int_equal(change_link_up(c, "v0", false), 0);
	wait_for(has_v0_down);
	decide(live_facts(observe_host(o), false), &to_lost, &w);
	assert_int_equal(w.code, CODE_LINK_DOWN);
}

static void sysctl_changes(void **state)
{
	(void)state;
	follow();
	assert_int_equal(change_sysctl("net.ipv4.ip_nonlocal_bind", "1"), 0);
	// By itself where inotify tells of it, else when asked to look.
	for (time_t end = now() + 2; !is_nonlocal(observe_host(o)) && now() < end;) {
		struct pollfd p = {.fd = observe_fd(o), .events = POLLIN};
		poll(&p, 1, 500);
		assert_true(observe_on_readable(o) >= 0);
	}
	bool by_itself = is_nonlocal(observe_host(o));
	assert_int_equal(observe_refresh(o), !by_itself);
	assert_true(is_nonlocal(observe_host(o)));
	assert_false(observe_refresh(o));
}

static void closing_at_once(void **state)
{
	for (unsigned i = 0; i < 20; i++) {
		assert_int_equal(enter_up(state), 0);
		char err[256];
		assert_int_equal(observe_follow(o, err, sizeof err), 0);
		assert_int_equal(observe_follow(o, err, sizeof err), -EALREADY);
		leave(state);
	}
}

// ------------------------------------------------------------------------------------------------------- storms

// How many routes a test takes: an emulated kernel is ten times as long about each.
static unsigned routes(unsigned count)
{
	return getenv("BINDWALK_EMULATED") ? count / 10 : count;
}

// Adds or deletes `count` routes under 10/8, from number `first` on, many to a send and without asking for
// acknowledgement. Local ones of lo, or through a next hop object.
static void storm_of(bool add, unsigned first, unsigned count, uint8_t table, uint32_t nhid)
{
	enum { BATCH = 64 };
	struct message {
		struct nlmsghdr head;
		struct rtmsg rt;
		struct rtattr a;
		uint32_t dst;
		struct rtattr b;
		uint32_t oif;
	} batch[BATCH];
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
	assert_true(fd >= 0);
	for (unsigned done = 0; done < count;) {
		unsigned n = 0;
		for (; n < BATCH && done < count; n++, done++)
			batch[n] = (struct message){
				.head = {.nlmsg_len = sizeof *batch,
					 .nlmsg_type = add ? RTM_NEWROUTE : RTM_DELROUTE,
					 .nlmsg_flags = NLM_F_REQUEST | (add ? NLM_F_CREATE | NLM_F_EXCL : 0)},
				.rt = {.rtm_family = AF_INET,
				       .rtm_dst_len = 32,
				       .rtm_table = table,
				       .rtm_type = nhid ? RTN_UNICAST : RTN_LOCAL,
				       .rtm_scope = nhid ? RT_SCOPE_UNIVERSE : RT_SCOPE_HOST,
				       .rtm_protocol = RTPROT_STATIC},
				.a = {sizeof(struct rtattr) + 4, RTA_DST},
				.dst = htonl(0x0a000000 + (first + done) * 7),
				.b = {sizeof(struct rtattr) + 4, nhid ? RTA_NH_ID : RTA_OIF},
				.oif = nhid ? nhid : 1,
			};
		assert_true(send(fd, batch, n * sizeof *batch, 0) > 0);
	}
	// No news is good news; and the kernel has done all of it when send() returns.
	char buf[4096];
	assert_true(recv(fd, buf, sizeof buf, MSG_DONTWAIT) < 0 && errno == EAGAIN);
	close(fd);
}

static void storm(bool add, unsigned first, unsigned count, uint8_t table)
{
	storm_of(add, first, count, table, 0);
}

static void after_a_storm(void **state)
{
	(void)state;
	follow();
	size_t own = observe_host(o)->nroutes4;
	for (unsigned left = 0; left < 3; left++) {
		storm(true, 0, 5000, RT_TABLE_LOCAL);
		storm(false, 0, 5000 - left, RT_TABLE_LOCAL);
		storm(true, 0, 2000, RT_TABLE_MAIN);
		wait_for(as_fresh);
		storm(false, 0, 2000, RT_TABLE_MAIN);
		if (left)
			storm(false, 5000 - left, left, RT_TABLE_LOCAL);
		if (left == 1)
			add_and_delete_rule();
		wait_for(as_fresh);
	}
	assert_int_equal(observe_host(o)->nroutes4, own);
}

// The listener's, found by its large buffer.
static int event_socket(void)
{
	for (int fd = 3; fd < 64; fd++) {
		int domain = 0, size = 0;
		socklen_t len = sizeof domain;
		if (getsockopt(fd, SOL_SOCKET, SO_DOMAIN, &domain, &len) < 0 || domain != AF_NETLINK)
			continue;
		len = sizeof size;
		assert_int_equal(getsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, &len), 0);
		if (size > 400000)
			return fd;
	}
	fail_msg("no event socket");
	return -1;
}

static void after_a_loss(void **state)
{
	(void)state;
	enum { PART = 1000 };
	const unsigned count = routes(20000);
	follow();
	size_t own = observe_host(o)->nroutes4;
	int smallest = 1;
	assert_int_equal(setsockopt(event_socket(), SOL_SOCKET, SO_RCVBUF, &smallest, sizeof smallest), 0);
	seen_status[0] = '\0';
	// The status of a loss stands until the next reading has begun. Who is held up for that long does not see it,
	// but will another time. With one processor, as in a guest, the worker may keep up.
	time_t end = now() + PATIENCE;
	do {
		for (unsigned i = 0; i < count; i += PART) {
			storm(true, i, PART, RT_TABLE_LOCAL);
			take();
		}
		wait_for(as_fresh);
		for (unsigned i = 0; i < count; i += PART) {
			storm(false, i, PART, RT_TABLE_LOCAL);
			take();
		}
		wait_for(as_fresh);
		assert_int_equal(observe_host(o)->nroutes4, own);
	} while (!seen_status[0] && sysconf(_SC_NPROCESSORS_ONLN) > 1 && now() < end);
	if (sysconf(_SC_NPROCESSORS_ONLN) > 1 || seen_status[0])
		assert_string_equal(seen_status, "events lost, reading again");
}

// ----------------------------------------------------------------------------------------------- what is read

static bool is_marked(const struct host *h)
{
	return find_route(h, "10.255.255.254/32", RT_TABLE_LOCAL) && !observe_busy(o);
}

static bool is_unmarked(const struct host *h)
{
	return !find_route(h, "10.255.255.254/32", RT_TABLE_LOCAL) && !observe_busy(o);
}

// Waits until the observer has dealt with every change so far. Events arrive in order, so we wait for one more change
// of our own.
static void settle(void)
{
	assert_int_equal(route(true, "10.255.255.254/32", RTN_LOCAL, 0, "lo"), 0);
	wait_for(is_marked);
	assert_int_equal(route(false, "10.255.255.254/32", RTN_LOCAL, 0, "lo"), 0);
	wait_for(is_unmarked);
}

static void counts_equal(struct observe_counts a, struct observe_counts b, const char *after)
{
	if (a.links != b.links || a.addrs != b.addrs || a.rules != b.rules || a.routes4 != b.routes4 ||
	    a.routes6 != b.routes6)
		fail_msg("%s: read again: links %lu, addresses %lu, rules %lu, IPv4 routes %lu, IPv6 routes %lu", after,
			 a.links - b.links, a.addrs - b.addrs, a.rules - b.rules, a.routes4 - b.routes4,
			 a.routes6 - b.routes6);
}

static int route_as(bool add, const char *dst, uint8_t type, const char *dev, bool append, bool replace)
{
	return change_route(
		c, add, dev,
		&(struct edit_route){.dst = live_prefix(dst), .type = type, .append = append, .replace = replace});
}

static int addr_as(bool add, const char *dev, const char *text, unsigned len)
{
	struct addr a = live_addr(text);
	return add ? change_addr_add(c, dev, &a, len, IFA_F_NODAD, UINT32_MAX, NULL) : change_addr_del(c, dev, &a, len);
}

static bool has_link_locals(const struct host *h)
{
	unsigned n = 0;
	for (size_t i = 0; i < h->naddrs; i++)
		n += h->addrs[i].scope == RT_SCOPE_LINK;
	return n == 2;
}

// Where the kernel announces everything, its events are enough.
static void nothing_needless(void **state)
{
	(void)state;
	assert_int_equal(change_veth_add(c, "v0", "v1", -1), 0);
	assert_int_equal(change_sysctl("net.ipv6.conf.v0.accept_dad", "0"), 0); // tentative addresses come unannounced
	assert_int_equal(change_sysctl("net.ipv6.conf.v1.accept_dad", "0"), 0);
	assert_int_equal(change_link_up(c, "v0", true), 0);
	assert_int_equal(change_link_up(c, "v1", true), 0);
	assert_int_equal(addr_as(true, "v0", "10.3.0.1", 24), 0);
	follow();
	wait_for(has_link_locals);
	settle();
	struct observe_counts before = observe_counts(o);
	for (unsigned round = 0; round < 3; round++) {
		assert_int_equal(route_as(true, "10.4.0.0/16", RTN_LOCAL, "lo", false, false), 0);
		assert_int_equal(route_as(true, "10.4.0.0/16", RTN_LOCAL, "v0", true, false), 0);
		assert_int_equal(route_as(true, "10.4.0.0/16", RTN_LOCAL, "v1", false, true), 0);
		assert_int_equal(route_as(true, "10.5.0.0/16", RTN_UNICAST, "v0", false, false), 0);
		assert_int_equal(route_as(true, "2001:db8:4::/64", RTN_LOCAL, "lo", false, false), 0);
		assert_int_equal(addr_as(true, "v0", "10.3.0.2", 24), 0);
		assert_int_equal(addr_as(true, "v0", "10.6.0.1", 16), 0);
		assert_int_equal(addr_as(true, "v0", "2001:db8:3::1", 64), 0);
		assert_int_equal(change_veth_add(c, "w0", "w1", -1), 0);
		struct edit_rule r = {.rule = {.family = AF_INET6, .priority = 5, .table = RT_TABLE_MAIN},
				      .has_priority = true};
		assert_int_equal(change_rule(c, true, &r), 0);
		settle();
		wait_for(as_fresh); // IPv6 addresses are made by and by
		counts_equal(observe_counts(o), before, "added");
		assert_int_equal(route_as(false, "10.4.0.0/16", RTN_LOCAL, "v0", false, false), 0);
		assert_int_equal(route_as(false, "10.4.0.0/16", RTN_LOCAL, "v1", false, false), 0);
		assert_int_equal(route_as(false, "10.5.0.0/16", RTN_UNICAST, "v0", false, false), 0);
		assert_int_equal(route_as(false, "2001:db8:4::/64", RTN_LOCAL, "lo", false, false), 0);
		assert_int_equal(addr_as(false, "v0", "10.3.0.2", 24), 0);
		assert_int_equal(addr_as(false, "v0", "10.6.0.1", 16), 0);
		assert_int_equal(addr_as(false, "v0", "2001:db8:3::1", 64), 0);
		assert_int_equal(change_rule(c, false, &r), 0);
		assert_int_equal(change_link_del(c, "w0"), 0);
		settle();
		wait_for(as_fresh);
		counts_equal(observe_counts(o), before, "deleted");
	}
	assert_true(observe_counts(o).events > before.events + 30);
}

// What the kernel drops silently is read again, once, and the other family is not.
static void only_what_is_open(void **state)
{
	(void)state;
	assert_int_equal(change_veth_add(c, "v0", "v1", -1), 0);
	assert_int_equal(change_link_no_autoaddr(c, "v0"), 0);
	assert_int_equal(change_link_up(c, "v0", true), 0);
	assert_int_equal(addr_as(true, "v0", "10.3.0.1", 24), 0);
	follow();
	settle();
	struct observe_counts before = observe_counts(o);
	assert_int_equal(change_link_up(c, "v0", false), 0); // the route of 10.3.0.0/24
	settle();
	assert_true(as_fresh(observe_host(o)));
	assert_int_equal(observe_counts(o).routes4, before.routes4 + 1);
	struct addr source = live_addr("10.3.0.1");
	struct edit_route r = {.dst = live_prefix("10.9.0.0/16"), .type = RTN_UNICAST, .src = source};
	assert_int_equal(change_route(c, true, "lo", &r), 0);
	settle();
	assert_int_equal(observe_counts(o).routes4, before.routes4 + 1);
	assert_int_equal(addr_as(false, "v0", "10.3.0.1", 24), 0); // the route that prefers it
	settle();
	assert_true(as_fresh(observe_host(o)));
	assert_null(find_route(observe_host(o), "10.9.0.0/16", RT_TABLE_MAIN));
	assert_int_equal(observe_counts(o).routes6, before.routes6);
	unsigned long routes4 = observe_counts(o).routes4;
	assert_true(routes4 <= before.routes4 + 2); // newer kernels announce that one
	// An IPv4 rule may split the tries: then table main counts no more, and else no route is read.
	assert_int_equal(rule(true, 100, RT_TABLE_MAIN, "192.0.2.1/32"), 0);
	settle();
	assert_true(as_fresh(observe_host(o)));
	assert_int_equal(observe_counts(o).routes4, routes4 + 1);
	assert_int_equal(rule(true, 101, RT_TABLE_MAIN, "192.0.2.1/32"), 0);
	settle();
	assert_true(as_fresh(observe_host(o)));
	assert_int_equal(observe_counts(o).routes4, routes4 + 1);
}

static const struct route_info *the_linkdown(void)
{
	return find_route(observe_host(o), "203.0.113.0/24", RT_TABLE_MAIN);
}

static void linkdown_switches(void **state)
{
	(void)state;
	static const char *const switches[] = {"net.ipv4.conf.v0.ignore_routes_with_linkdown",
					       "net.ipv4.conf.default.ignore_routes_with_linkdown",
					       "net.ipv4.conf.all.ignore_routes_with_linkdown"};
	assert_int_equal(change_veth_add(c, "v0", "v1", -1), 0);
	assert_int_equal(change_link_up(c, "v0", true), 0); // and no carrier
	assert_int_equal(route_as(true, "203.0.113.0/24", RTN_UNICAST, "v0", false, false), 0);
	follow();
	settle();
	assert_int_equal(the_linkdown()->flags, ROUTE_LINKDOWN);
	for (unsigned i = 0; i < sizeof switches / sizeof *switches; i++) {
		for (int on = 1; on >= 0; on--) {
			assert_int_equal(change_sysctl(switches[i], on ? "1" : "0"), 0);
			settle();
			wait_for(as_fresh); // the kernel says a moment later that there is no carrier
			bool dead = on && (i != 2 || kernel_has(&observe_host(o)->kernel, TRAIT_LINKDOWN_ALL));
			if (i != 1) // a device that was set individually ignores the default
				assert_int_equal(the_linkdown()->flags, ROUTE_LINKDOWN | (dead ? ROUTE_DEAD : 0));
		}
	}
	assert_int_equal(change_link_up(c, "v1", true), 0); // carrier
	wait_for(as_fresh);
	assert_int_equal(the_linkdown()->flags, 0);
}

static bool ipv6_off(const struct host *h)
{
	return host_link_named(h, "v0")->disables_ipv6 && !find_addr(h, "2001:db8::7");
}

static bool ipv6_on(const struct host *h)
{
	return !host_link_named(h, "v0")->disables_ipv6;
}

static bool promoting(const struct host *h)
{
	return host_link_named(h, "v0")->promotes;
}

// What a link's own switches are shows without an event of theirs.
static void link_switches(void **state)
{
	(void)state;
	static const char *const switches[] = {"net.ipv6.conf.v0.disable_ipv6", "net.ipv6.conf.all.disable_ipv6"};
	struct addr a = live_addr("2001:db8::7"), first = live_addr("10.1.1.1"), second = live_addr("10.1.1.2");
	assert_int_equal(change_sysctl("net.ipv6.conf.default.accept_dad", "0"), 0);
	assert_int_equal(change_veth_add(c, "v0", "v1", -1), 0);
	assert_int_equal(change_link_up(c, "v0", true), 0);
	assert_int_equal(change_link_up(c, "v1", true), 0);
	follow();
	for (unsigned i = 0; i < sizeof switches / sizeof *switches; i++) {
		assert_int_equal(change_addr_add(c, "v0", &a, 64, 0, UINT32_MAX, NULL), 0);
		assert_int_equal(change_sysctl(switches[i], "1"), 0);
		wait_for(ipv6_off);
		assert_int_equal(change_sysctl(switches[i], "0"), 0);
		wait_for(ipv6_on);
	}
	assert_int_equal(change_addr_add(c, "v0", &first, 24, 0, UINT32_MAX, NULL), 0);
	assert_int_equal(change_addr_add(c, "v0", &second, 24, 0, UINT32_MAX, NULL), 0);
	settle();
	assert_int_equal(change_sysctl("net.ipv4.conf.v0.promote_secondaries", "1"), 0);
	observe_refresh(o);
	wait_for(promoting);
	wait_for(as_fresh);
}

// The kernel does not announce these names; a refresh finds them.
static void unannounced_names(void **state)
{
	(void)state;
	assert_int_equal(change_veth_add(c, "v0", "v1", -1), 0);
	follow();
	settle();
	if (system("ip link property add dev v0 altname enp0s31f6 2>/dev/null"))
		skip(); // no ip, or one that does not know them
	settle();
	assert_null(host_link_named(observe_host(o), "enp0s31f6"));
	observe_refresh(o);
	wait_for(as_fresh);
	assert_non_null(host_link_named(observe_host(o), "enp0s31f6"));
	assert_int_equal(system("ip link property add dev v0 altname other"), 0);
	assert_int_equal(observe_again(o), 1);
	assert_true(as_fresh(observe_host(o)));
	assert_int_equal(observe_again(o), 0);
}

// The kernel announces that it deletes a next hop before it drops the routes: the reading must wait, however long that
// takes. The kernel goes through the tables by number, and the first one here is large and not read.
static void deleted_nexthop(void **state)
{
	(void)state;
	enum { OTHER_TABLE = 20, ROUNDS = 3 };
	assert_int_equal(change_veth_add(c, "v0", "v1", -1), 0);
	assert_int_equal(change_link_up(c, "v0", true), 0);
	assert_int_equal(change_link_up(c, "v1", true), 0);
	storm(true, 0, routes(300000), OTHER_TABLE);
	if (change_nexthop(c, true, AF_INET, 7, "v0") < 0)
		skip(); // before 5.3
	follow();
	settle();
	for (unsigned i = 0; i < ROUNDS; i++) {
		storm_of(true, 0, 500, RT_TABLE_MAIN, 7);
		settle();
		assert_true(observe_host(o)->nroutes4 > 500);
		unsigned long before = observe_counts(o).routes4;
		assert_int_equal(change_nexthop(c, false, AF_INET, 7, NULL), 0);
		for (time_t end = now() + PATIENCE; observe_counts(o).routes4 == before && now() < end;) {
			struct pollfd p = {.fd = observe_fd(o), .events = POLLIN};
			poll(&p, 1, 1000);
			take();
		}
		assert_int_equal(observe_counts(o).routes4, before + 1);
		assert_true(as_fresh(observe_host(o))); // after the first reading, not after some
		assert_int_equal(change_nexthop(c, true, AF_INET, 7, "v0"), 0);
	}
}

// Adds and deletes a route, and puts another in its place, again and again, until it is killed. The route is the second
// of a storm's, so that no datagram of a reading ends at it.
static pid_t start_churn(void)
{
	pid_t pid = fork();
	assert_true(pid >= 0);
	if (pid)
		return pid;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	struct edit_route r = {.dst = live_prefix("10.0.0.1/32"), .type = RTN_LOCAL, .table = RT_TABLE_LOCAL};
	for (;; poll(NULL, 0, 1)) {
		r.protocol = RTPROT_BOOT;
		change_route(c, true, "lo", &r);
		poll(NULL, 0, 1);
		r.protocol = RTPROT_STATIC;
		r.replace = true;
		change_route(c, true, "lo", &r);
		r.replace = false;
		poll(NULL, 0, 1);
		change_route(c, false, "lo", &r);
	}
}

// Events that a reading already includes don't lead to another reading.
static void endless_changes(void **state)
{
	(void)state;
	enum { EVENTS = 1000 };
	storm(true, 0, routes(100000), RT_TABLE_LOCAL);
	pid_t churn = start_churn();
	char err[256];
	assert_int_equal(observe_follow(o, err, sizeof err), 0);
	wait_for(complete);
	assert_int_equal(observe_again(o), 1);
	for (time_t end = now() + PATIENCE; observe_counts(o).events < EVENTS && now() < end;) {
		struct pollfd p = {.fd = observe_fd(o), .events = POLLIN};
		poll(&p, 1, 1000);
		take();
	}
	kill(churn, SIGKILL);
	assert_int_equal(waitpid(churn, NULL, 0), churn);
	settle();
	assert_true(as_fresh(observe_host(o)));
	assert_int_equal(observe_counts(o).routes4, 2); // the first one, and the one asked for
}

static void record(void **state)
{
	(void)state;
	follow();
	settle();
	uint64_t generation = observe_host(o)->generation;
	assert_int_equal(route(true, "192.168.123.0/24", RTN_LOCAL, 0, "lo"), 0);
	struct pollfd p = {.fd = observe_fd(o), .events = POLLIN};
	assert_int_equal(poll(&p, 1, PATIENCE * 1000), 1);
	assert_int_equal(observe_on_readable(o), OBSERVE_HOST);
	const struct host_changes *changes = observe_changes(o);
	assert_int_equal(changes->n, 1);
	assert_int_equal(changes->item[0].list, HOST_ROUTES4);
	assert_int_equal(changes->item[0].how, CHANGE_ADDED);
	assert_int_equal(addr_v4(&changes->item[0].after.route.dst.addr), 0xc0a87b00);
	assert_int_equal(observe_host(o)->generation, generation + 1);
	assert_int_equal(observe_on_readable(o), 0);
	assert_int_equal(observe_changes(o)->n, 0);
	// A reading is compared with what was there.
	assert_int_equal(change_sysctl("net.ipv4.ip_nonlocal_bind", "1"), 0);
	assert_int_equal(observe_again(o), 1);
	assert_int_equal(observe_changes(o)->n, 1);
	assert_int_equal(observe_changes(o)->item[0].list, HOST_SYSCTLS);
	assert_int_equal(observe_changes(o)->item[0].after.sysctl.value, 1);
	generation = observe_host(o)->generation;
	assert_int_equal(observe_again(o), 0);
	assert_int_equal(observe_host(o)->generation, generation);
}

// Three routes that change a hundred times each take no more room than three routes.
static void kept_small(void **state)
{
	(void)state;
	follow();
	settle();
	size_t infos = observe_host(o)->infos4.used;
	for (uint32_t i = 0; i < 300; i++) {
		struct edit_route r = {
			.dst = live_prefix("10.4.0.0/16"), .type = RTN_LOCAL, .metric = i, .append = true};
		r.dst.addr.bytes[2] = (uint8_t)(i % 3);
		r.dst.len = 24;
		assert_int_equal(change_route(c, true, "lo", &r), 0);
		r.metric -= 3;
		if (i >= 3)
			assert_int_equal(change_route(c, false, "lo", &r), 0);
		if (i % 50 == 0)
			settle();
	}
	wait_for(as_fresh);
	assert_int_equal(observe_host(o)->infos4.used, infos + 3);
	assert_true(observe_host(o)->infos4.n < 40);
}

// The status names the failure of the socket until another one is open.
static void broken_socket(void **state)
{
	(void)state;
	follow();
	settle();
	struct rlimit limit, none;
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &limit), 0);
	none = limit;
	none.rlim_cur = 3;
	// From here on no other one can be opened, whenever the thread notices that this one is gone.
	int events = event_socket();
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &none), 0);
	assert_int_equal(close(events), 0);
	int err = route(true, "192.168.123.0/24", RTN_LOCAL, 0, "lo"); // wakes the old one
	for (time_t end = now() + PATIENCE; !strstr(observe_status(o), "cannot hear") && now() < end;) {
		struct pollfd p = {.fd = observe_fd(o), .events = POLLIN};
		poll(&p, 1, 1000);
		take();
	}
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &limit), 0);
	assert_int_equal(err, 0);
	assert_string_equal(observe_status(o), "cannot hear changes: Too many open files; trying again");
	wait_for(has_anyip);
	assert_int_equal(route(true, "2001:db8:123::/64", RTN_LOCAL, 0, "lo"), 0);
	wait_for(has_anyip6);
	assert_true(as_fresh(observe_host(o)));
}

int main(void)
{
	if (!live_enter())
		return 0;
	const struct CMUnitTest tests[] = {
		IN(changes, enter_up),           IN(sysctl_changes, enter_up),     cmocka_unit_test(closing_at_once),
		IN(after_a_storm, enter_up),     IN(after_a_loss, enter_up),       IN(nothing_needless, enter_up),
		IN(only_what_is_open, enter_up), IN(linkdown_switches, enter_up),  IN(unannounced_names, enter_up),
		IN(deleted_nexthop, enter_up),   IN(endless_changes, enter_up),    IN(record, enter_up),
		IN(lost_secondary, enter_up),    IN(lost_with_its_link, enter_up), IN(kept_small, enter_up),
		IN(broken_socket, enter_up),     IN(link_switches, enter_up),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
