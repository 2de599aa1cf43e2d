// SPDX-License-Identifier: GPL-3.0-or-later
// The observer against namespaces of our own, whose state is known because we made it.
#include "tests/live/live.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/if.h>
#include <linux/if_addr.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <poll.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "core/change.h"
#include "core/observe.h"
#include "core/trial.h"

enum { PATIENCE = 20 }; // seconds until a state that must come is given up

static struct changer *c;
static struct observer *o;

// A namespace of its own for each test; with `lo` up.
static int enter_fresh(void **state)
{
	(void)state;
	char err[256];
	if (unshare(CLONE_NEWNET) < 0 || change_open(&c) < 0 || observe_open(&o, err, sizeof err) < 0)
		return -1;
	return 0;
}

static int enter_up(void **state)
{
	return enter_fresh(state) < 0 || change_link_up(c, "lo", true) < 0 ? -1 : 0;
}

static int leave(void **state)
{
	(void)state;
	change_close(c);
	observe_close(o);
	return 0;
}

static struct host *observe(void)
{
	struct host *h;
	char err[256] = "";
	if (observe_read(o, &h, err, sizeof err) < 0)
		fail_msg("%s", err);
	return h;
}

static int bind_to(const char *text)
{
	struct trial t;
	struct addr a = live_addr(text);
	struct attempt attempt = attempt_new(&a);
	assert_int_equal(trial_run(&attempt, &t), 0);
	return t.err;
}

static int route(bool add, const char *dst, uint8_t type, uint32_t table, const char *dev)
{
	return change_route(c, add,
			    &(struct route_change){.dst = live_prefix(dst), .type = type, .table = table, .dev = dev});
}

static int rule(bool add, uint32_t priority, uint32_t table, const char *from)
{
	struct rule_change r = {.family = AF_INET, .priority = priority, .table = table, .has_priority = true};
	if (from)
		r.from = live_prefix(from);
	return change_rule(c, add, &r);
}

static const struct route_info *find_route(const struct host *h, const char *text, uint32_t table)
{
	struct prefix want = live_prefix(text);
	bool v4 = want.addr.family == AF_INET;
	for (size_t i = 0; i < (v4 ? h->nroutes4 : h->nroutes6); i++) {
		struct prefix p = v4 ? host_prefix4(h, i) : host_prefix6(h, i);
		const struct route_info *info = v4 ? host_info4(h, i) : host_info6(h, i);
		if (p.len == want.len && addr_equal(&p.addr, &want.addr) && info->table == table)
			return info;
	}
	return NULL;
}

// The same, where there must be one.
static const struct route_info *the_route(const struct host *h, const char *text, uint32_t table)
{
	const struct route_info *info = find_route(h, text, table);
	if (!info)
		fail_msg("no route %s in table %u", text, table);
	return info;
}

static const struct host_addr *find_addr(const struct host *h, const char *text)
{
	struct addr a = live_addr(text);
	size_t i = host_find_addr(h, &a);
	return i < h->naddrs ? &h->addrs[i] : NULL;
}

static const struct host_addr *the_addr(const struct host *h, const char *text)
{
	const struct host_addr *a = find_addr(h, text);
	if (!a)
		fail_msg("no address %s", text);
	return a;
}

static time_t now(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec;
}

// Reads until a route is there: the kernel makes those of IPv6 addresses a little later.
static struct host *observe_with(const char *text, uint32_t table)
{
	time_t end = now() + PATIENCE;
	struct host *h = observe();
	while (!find_route(h, text, table) && now() <= end) {
		host_free(h);
		h = observe();
	}
	return h;
}

// -------------------------------------------------------------------------------------------------- one reading

static void empty_namespace(void **state)
{
	(void)state;
	struct host *h = observe();
	assert_int_equal(h->nlinks, 1);
	assert_string_equal(h->links[0].name, "lo");
	assert_false(h->links[0].flags & IFF_UP);
	assert_int_equal(h->naddrs, 0);
	assert_int_equal(h->nroutes4, 0);
	assert_int_equal(h->has_local4, NO);
	assert_int_equal(h->has_main4, NO);
	assert_true(h->routes4_read);
	assert_true(h->cred.net_bind_service && h->cred.net_raw && h->cred.net_admin); // the namespace is ours
	assert_int_equal(h->sysctl[SYSCTL_UNPRIV_PORT], 1024);
	assert_true(h->sysctl_known[SYSCTL_UNPRIV_PORT]);
	assert_int_equal(bind_to("8.8.8.8"), 0);
	host_free(h);
}

static void everything(void **state)
{
	(void)state;
	struct addr a4 = live_addr("192.0.2.2"), a6 = live_addr("2001:db8::2"), old = live_addr("2001:db8::3");
	struct addr waiting = live_addr("2001:db8::4"), broadcast = live_addr("192.0.2.255");
	assert_int_equal(change_veth_add(c, "v0", "v1", -1), 0);
	assert_int_equal(change_link_up(c, "v0", true), 0);
	assert_int_equal(change_link_up(c, "v1", true), 0);
	assert_int_equal(change_veth_add(c, "w0", "w1", -1), 0);
	assert_int_equal(change_link_up(c, "w0", true), 0); // without carrier, as w1 is down
	assert_int_equal(change_addr_add(c, "v0", &a4, 24, IFA_F_NOPREFIXROUTE, UINT32_MAX, &broadcast), 0);
	assert_int_equal(change_addr_add(c, "v0", &a6, 64, IFA_F_NODAD, UINT32_MAX, NULL), 0);
	assert_int_equal(change_addr_add(c, "v0", &old, 64, IFA_F_NODAD, 0, NULL), 0);
	assert_int_equal(change_addr_add(c, "w0", &waiting, 64, 0, UINT32_MAX, NULL), 0); // stays tentative
	assert_int_equal(route(true, "192.168.123.0/24", RTN_LOCAL, 0, "lo"), 0);
	assert_int_equal(route(true, "203.0.113.0/24", RTN_BLACKHOLE, 0, NULL), 0);
	assert_int_equal(route(true, "198.51.100.0/24", RTN_UNREACHABLE, 300, NULL), 0); // of no table that counts
	assert_int_equal(route(true, "2001:db8:123::/64", RTN_LOCAL, 0, "lo"), 0);
	struct host *h = observe_with("2001:db8::2/128", RT_TABLE_LOCAL);

	const struct link *v0 = host_link_named(h, "v0");
	assert_non_null(v0);
	assert_string_equal(v0->kind, "veth");
	assert_true(v0->flags & IFF_UP);
	assert_int_equal(v0->vrf_table, 0);

	const struct host_addr *a = find_addr(h, "192.0.2.2");
	assert_non_null(a);
	assert_int_equal(a->prefixlen, 24);
	assert_int_equal(a->index, v0->index);
	assert_true(a->flags & IFA_F_NOPREFIXROUTE);
	assert_int_equal(the_addr(h, "127.0.0.1")->scope, RT_SCOPE_HOST);
	assert_true(the_addr(h, "2001:db8::2")->flags & IFA_F_NODAD);
	assert_false(the_addr(h, "2001:db8::2")->flags & IFA_F_TENTATIVE);
	assert_true(the_addr(h, "2001:db8::3")->flags & IFA_F_DEPRECATED);
	assert_true(the_addr(h, "2001:db8::4")->flags & IFA_F_TENTATIVE);

	const struct route_info *info = find_route(h, "192.168.123.0/24", RT_TABLE_LOCAL);
	assert_non_null(info);
	assert_int_equal(info->type, RTN_LOCAL);
	assert_true(route_is_anyip(info, 24, AF_INET));
	info = find_route(h, "192.0.2.2/32", RT_TABLE_LOCAL);
	assert_non_null(info);
	assert_int_equal(info->protocol, RTPROT_KERNEL);
	assert_int_equal(info->oif, v0->index);
	assert_int_equal(the_route(h, "192.0.2.255/32", RT_TABLE_LOCAL)->type, RTN_BROADCAST);
	assert_int_equal(the_route(h, "203.0.113.0/24", RT_TABLE_MAIN)->type, RTN_BLACKHOLE);
	assert_null(find_route(h, "198.51.100.0/24", 300));
	assert_int_equal(the_route(h, "2001:db8:123::/64", RT_TABLE_LOCAL)->type, RTN_LOCAL);
	assert_int_equal(the_route(h, "2001:db8::2/128", RT_TABLE_LOCAL)->type, RTN_LOCAL);

	unsigned rules4 = 0;
	for (size_t i = 0; i < h->nrules; i++)
		rules4 += h->rules[i].family == AF_INET;
	assert_int_equal(rules4, 3);
	assert_int_equal(h->has_local4, YES);
	assert_int_equal(h->has_main4, YES);
	assert_int_equal(h->trie, TRIE_MERGED);
	host_free(h);

	// The rule splits the tries: table main counts no more.
	assert_int_equal(rule(true, 100, RT_TABLE_MAIN, "192.0.2.1/32"), 0);
	h = observe();
	assert_int_equal(h->trie, TRIE_SPLIT);
	assert_null(find_route(h, "203.0.113.0/24", RT_TABLE_MAIN));
	assert_non_null(find_route(h, "192.168.123.0/24", RT_TABLE_LOCAL));
	host_free(h);
}

static void vrf(void **state)
{
	(void)state;
	if (change_vrf_add(c, "red", 1010) < 0)
		skip(); // this kernel has no VRF
	struct addr a = live_addr("10.0.0.1"), a6 = live_addr("2001:db8::1");
	assert_int_equal(change_veth_add(c, "d0", "d1", -1), 0);
	assert_int_equal(change_link_master(c, "d0", "red"), 0);
	assert_int_equal(change_link_up(c, "red", true), 0);
	assert_int_equal(change_link_up(c, "d0", true), 0);
	assert_int_equal(change_addr_add(c, "d0", &a, 24, 0, UINT32_MAX, NULL), 0);
	assert_int_equal(change_addr_add(c, "d0", &a6, 64, IFA_F_NODAD, UINT32_MAX, NULL), 0);
	struct host *h = observe_with("2001:db8::1/128", 1010);
	const struct link *red = host_link_named(h, "red");
	assert_int_equal(red->vrf_table, 1010);
	assert_int_equal(host_link_named(h, "d0")->master, red->index);
	assert_int_equal(the_route(h, "10.0.0.1/32", 1010)->type, RTN_LOCAL);
	assert_int_equal(the_route(h, "2001:db8::1/128", 1010)->type, RTN_LOCAL);
	assert_null(find_route(h, "2001:db8::/64", 1010)); // of a VRF's IPv6 routes only local ones are shown
	assert_int_equal(h->trie, TRIE_SPLIT);
	host_free(h);
}

// ------------------------------------------------------------------------------------------------- shared tries

static void add_and_delete_rule(void)
{
	assert_int_equal(rule(true, 100, RT_TABLE_MAIN, "192.0.2.1/32"), 0);
	assert_int_equal(rule(false, 100, RT_TABLE_MAIN, "192.0.2.1/32"), 0);
}

static void delete_local_rule(void)
{
	assert_int_equal(rule(false, 0, RT_TABLE_LOCAL, NULL), 0);
}

static void delete_default_rule(void)
{
	assert_int_equal(rule(false, 32767, RT_TABLE_DEFAULT, NULL), 0);
}

static void default_route_without_local_rule(void)
{
	assert_int_equal(route(true, "0.0.0.0/0", RTN_UNICAST, 0, "lo"), 0);
	delete_local_rule();
}

static void replace_local_rule(void)
{
	delete_local_rule();
	assert_int_equal(rule(true, 0, RT_TABLE_LOCAL, NULL), 0);
}

static void hide_loopback(void)
{
	struct route_change hole = {
		.dst = live_prefix("127.0.0.1/32"), .type = RTN_BLACKHOLE, .table = RT_TABLE_LOCAL, .metric = 5};
	assert_int_equal(change_route(c, true, &hole), 0);
	assert_int_equal(route(false, "127.0.0.1/32", RTN_LOCAL, RT_TABLE_LOCAL, "lo"), 0);
}

static void empty_local_table(void)
{
	assert_int_equal(route(false, "127.0.0.0/8", RTN_LOCAL, RT_TABLE_LOCAL, "lo"), 0);
	assert_int_equal(route(false, "127.0.0.1/32", RTN_LOCAL, RT_TABLE_LOCAL, "lo"), 0);
	assert_int_equal(route(false, "127.255.255.255/32", RTN_BROADCAST, RT_TABLE_LOCAL, "lo"), 0);
	assert_int_equal(route(true, "10.3.0.0/16", RTN_BLACKHOLE, 0, NULL), 0);
}

static void empty_local_table_after_split(void)
{
	add_and_delete_rule();
	empty_local_table();
}

static void nothing(void)
{
}

// What bind makes of a local route in table main is the truth about the tries; the observer must have seen it before.
static void tries(void **state)
{
	static void (*const made[])(void) = {
		nothing,
		add_and_delete_rule,
		delete_local_rule,
		delete_default_rule,
		default_route_without_local_rule,
		replace_local_rule,
		hide_loopback,
		empty_local_table,
		empty_local_table_after_split,
	};
	for (unsigned i = 0; i < sizeof made / sizeof *made; i++) {
		assert_int_equal(enter_up(state), 0);
		made[i]();
		struct host *h = observe();
		assert_int_equal(route(true, "10.9.0.0/16", RTN_LOCAL, RT_TABLE_MAIN, "lo"), 0);
		enum trie truth = bind_to("10.9.1.1") == 0 ? TRIE_MERGED : TRIE_SPLIT;
		if (h->trie != truth)
			fail_msg("state %u: seen %d, is %d", i, h->trie, truth);
		host_free(h);
		leave(state);
	}
}

// Where no bind can tell the difference, "unknown" is all that may be said; never the wrong thing.
static void tries_without_routes(void **state)
{
	(void)state;
	struct host *h = observe();
	assert_int_equal(h->has_local4, NO);
	assert_int_equal(h->trie, TRIE_UNKNOWN);
	host_free(h);
	assert_int_equal(rule(true, 100, RT_TABLE_MAIN, "192.0.2.1/32"), 0);
	h = observe();
	assert_int_equal(h->trie, TRIE_SPLIT); // a rule settles it
	host_free(h);
}

static void asking(void **state)
{
	(void)state;
	struct asked a;
	assert_int_equal(observe_ask(o, RT_TABLE_LOCAL, 0x7f010203, &a), 0);
	assert_int_equal(a.err, 0);
	assert_int_equal(a.type, RTN_LOCAL);
	assert_int_equal(a.len, 8);
	assert_int_equal(a.table, RT_TABLE_LOCAL);
	assert_int_equal(observe_ask(o, RT_TABLE_LOCAL, 0x7fffffff, &a), 0);
	assert_int_equal(a.type, RTN_BROADCAST);
	assert_int_equal(a.len, 32);
	assert_int_equal(observe_ask(o, RT_TABLE_LOCAL, 0x08080808, &a), 0);
	assert_int_equal(a.err, -EAGAIN);
	assert_int_equal(observe_ask(o, 77, 0x7f000001, &a), 0);
	assert_int_equal(a.err, -ENOENT);
	assert_int_equal(observe_ask(o, 300, 0x7f000001, &a), -ENOTSUP);
	assert_int_equal(route(true, "203.0.113.0/24", RTN_PROHIBIT, RT_TABLE_LOCAL, NULL), 0);
	assert_int_equal(observe_ask(o, RT_TABLE_LOCAL, 0xcb007101, &a), 0);
	assert_int_equal(a.err, -EACCES);
}

static void small_reading(void **state)
{
	(void)state;
	char err[256];
	struct host *h = observe();
	size_t own = h->nroutes4; // of lo: one more on kernels before 5.14
	host_free(h);
	for (unsigned i = 0; i < 40; i++) {
		char text[32];
		snprintf(text, sizeof text, "10.0.%u.0/24", i);
		assert_int_equal(route(true, text, RTN_BLACKHOLE, 0, NULL), 0);
	}
	assert_int_equal(observe_read_small(o, 20, &h, err, sizeof err), 0);
	assert_false(h->routes4_read);
	assert_int_equal(h->nroutes4, 0);
	assert_int_equal(h->trie, TRIE_MERGED);
	assert_int_equal(h->naddrs, 2);
	host_free(h);
	assert_int_equal(observe_read_small(o, 100, &h, err, sizeof err), 0);
	assert_true(h->routes4_read);
	assert_int_equal(h->nroutes4, 40 + own);
	host_free(h);
	// Split, the many routes of main are no reason to leave out the few of local.
	add_and_delete_rule();
	assert_int_equal(observe_read_small(o, 20, &h, err, sizeof err), 0);
	assert_true(h->routes4_read);
	assert_int_equal(h->nroutes4, own);
	host_free(h);
}

// ----------------------------------------------------------------------------------------------------- sockets

static int open_socket(int family, int type, const char *text, uint16_t port)
{
	int fd = socket(family, type | SOCK_CLOEXEC, 0);
	assert_true(fd >= 0);
	struct addr a = live_addr(text);
	struct attempt at = attempt_new(&a);
	at.port = port;
	struct sockaddr_storage ss;
	unsigned len = attempt_sockaddr(&at, &ss);
	assert_int_equal(bind(fd, (struct sockaddr *)&ss, len), 0);
	return fd;
}

static void holders(void **state)
{
	(void)state;
	int on = 1;
	struct host *h = observe();
	int bound = open_socket(AF_INET, SOCK_STREAM, "127.0.0.1", 7000);
	int listening = open_socket(AF_INET6, SOCK_STREAM, "::1", 7000);
	assert_int_equal(setsockopt(listening, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on), 0);
	assert_int_equal(listen(listening, 1), 0);
	int other = open_socket(AF_INET, SOCK_STREAM, "127.0.0.1", 7001);
	int datagram = open_socket(AF_INET, SOCK_DGRAM, "127.0.0.2", 7000);

	assert_int_equal(observe_socks(h, IPPROTO_TCP, 7000), 0);
	assert_int_equal(h->socks_known, YES);
	assert_int_equal(h->socks_port, 7000);
	assert_int_equal(h->socks_protocol, IPPROTO_TCP);
	assert_int_equal(h->nsocks, h->socks_bound == YES ? 2 : 1);
	for (size_t i = 0; i < h->nsocks; i++) {
		const struct sock *s = &h->socks[i];
		bool v6 = s->family == AF_INET6;
		assert_int_equal(s->state, v6 ? 10 : 7);
		assert_int_equal(s->v6only, v6 ? YES : NO);
		assert_int_equal(s->pid, getpid());
		assert_string_not_equal(s->comm, "");
		assert_int_equal(s->reuseaddr, v6 ? YES : NO);
		assert_int_equal(s->reuseport, NO);
		assert_int_equal(s->uid, geteuid());
	}
	assert_int_equal(observe_socks(h, IPPROTO_UDP, 7000), 0);
	assert_int_equal(h->nsocks, 1);
	assert_int_equal(h->socks_bound, YES);
	assert_int_equal(observe_socks(h, IPPROTO_UDP, 7002), 0);
	assert_int_equal(h->nsocks, 0);
	assert_int_equal(h->socks_known, YES);
	assert_int_equal(observe_socks(h, IPPROTO_TCP, 0), 0);
	assert_int_equal(h->nsocks, h->socks_bound == YES ? 3 : 1);
	close(bound);
	close(listening);
	close(other);
	close(datagram);
	host_free(h);
}

// --------------------------------------------------------------------------------------------------- following

static char seen_status[64]; // the last status that told of trouble

static bool complete(const struct host *h)
{
	return h->routes4_read && h->nrules > 0;
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
		assert_true(observe_on_readable(o) >= 0);
		if (strstr(observe_status(o), "lost"))
			snprintf(seen_status, sizeof seen_status, "%s", observe_status(o));
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
	struct rule_change r = {.family = AF_INET6, .priority = 5, .table = RT_TABLE_MAIN, .has_priority = true};
	assert_int_equal(change_rule(c, true, &r), 0);
	wait_for(has_rule6);
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

static void present_socks(void **state)
{
	(void)state;
	assert_int_equal(observe_present_socks(o, IPPROTO_UDP, 7000), -EINVAL); // not following
	follow();
	int fd = open_socket(AF_INET, SOCK_DGRAM, "127.0.0.1", 7000);
	assert_int_equal(observe_present_socks(o, IPPROTO_UDP, 7000), 0);
	assert_int_equal(observe_host(o)->nsocks, 1);
	close(fd);
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

// Adds or deletes `count` local routes under 10/8, from number `first` on, many to a send and without asking for
// acknowledgement.
static void storm(bool add, unsigned first, unsigned count, uint8_t table)
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
				       .rtm_type = RTN_LOCAL,
				       .rtm_scope = RT_SCOPE_HOST,
				       .rtm_protocol = RTPROT_STATIC},
				.a = {sizeof(struct rtattr) + 4, RTA_DST},
				.dst = htonl(0x0a000000 + (first + done) * 7),
				.b = {sizeof(struct rtattr) + 4, RTA_OIF},
				.oif = 1,
			};
		assert_true(send(fd, batch, n * sizeof *batch, 0) > 0);
	}
	// No news is good news; and the kernel has done all of it when send() returns.
	char buf[4096];
	assert_true(recv(fd, buf, sizeof buf, MSG_DONTWAIT) < 0 && errno == EAGAIN);
	close(fd);
}

static bool same_routes(const struct host *a, const struct host *b)
{
	if (a->nroutes4 != b->nroutes4 || a->nroutes6 != b->nroutes6)
		return false;
	for (size_t i = 0; i < a->nroutes4; i++) {
		const struct route_info *x = host_info4(a, i), *y = host_info4(b, i);
		if (a->routes4[i].dst != b->routes4[i].dst || a->routes4[i].len != b->routes4[i].len ||
		    x->table != y->table || x->type != y->type || x->metric != y->metric || x->oif != y->oif ||
		    x->flags != y->flags || x->protocol != y->protocol)
			return false;
	}
	for (size_t i = 0; i < a->nroutes6; i++)
		if (memcmp(&a->routes6[i].dst, &b->routes6[i].dst, sizeof a->routes6[i].dst) != 0 ||
		    a->routes6[i].len != b->routes6[i].len)
			return false;
	return true;
}

static bool as_fresh(const struct host *h)
{
	struct host *fresh = observe();
	bool same = same_routes(h, fresh) && h->naddrs == fresh->naddrs && h->nlinks == fresh->nlinks &&
		    h->nrules == fresh->nrules && h->trie == fresh->trie && h->has_main4 == fresh->has_main4 &&
		    h->has_local4 == fresh->has_local4;
	host_free(fresh);
	return same;
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

// The worker's event socket, found by its large buffer, gets the smallest one.
static void shrink_event_buffer(void)
{
	for (int fd = 3; fd < 64; fd++) {
		int domain = 0, size = 0;
		socklen_t len = sizeof domain;
		if (getsockopt(fd, SOL_SOCKET, SO_DOMAIN, &domain, &len) < 0 || domain != AF_NETLINK)
			continue;
		len = sizeof size;
		assert_int_equal(getsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, &len), 0);
		int smallest = 1;
		if (size > 400000)
			assert_int_equal(setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &smallest, sizeof smallest), 0);
	}
}

static void after_a_loss(void **state)
{
	(void)state;
	follow();
	size_t own = observe_host(o)->nroutes4;
	shrink_event_buffer();
	seen_status[0] = '\0';
	storm(true, 0, 20000, RT_TABLE_LOCAL);
	wait_for(as_fresh);
	// With one processor, as in a guest, the worker may keep up.
	if (sysconf(_SC_NPROCESSORS_ONLN) > 1 || seen_status[0])
		assert_string_equal(seen_status, "events lost, reading again");
	storm(false, 0, 20000, RT_TABLE_LOCAL);
	wait_for(as_fresh);
	assert_int_equal(observe_host(o)->nroutes4, own);
}

#define IN(test, setup) cmocka_unit_test_setup_teardown(test, setup, leave)

int main(void)
{
	if (!live_enter())
		return 0;
	const struct CMUnitTest tests[] = {
		IN(empty_namespace, enter_fresh),
		IN(everything, enter_up),
		IN(vrf, enter_up),
		cmocka_unit_test(tries),
		IN(tries_without_routes, enter_fresh),
		IN(asking, enter_up),
		IN(small_reading, enter_up),
		IN(holders, enter_up),
		IN(changes, enter_up),
		IN(sysctl_changes, enter_up),
		IN(present_socks, enter_up),
		cmocka_unit_test(closing_at_once),
		IN(after_a_storm, enter_up),
		IN(after_a_loss, enter_up),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
