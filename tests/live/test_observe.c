// SPDX-License-Identifier: GPL-3.0-or-later
// One reading by the observer of namespaces of our own, whose state is known because we made it.
#include <errno.h>
#include <fcntl.h>
#include <linux/if.h>
#include <linux/if_addr.h>
#include <linux/rtnetlink.h>
#include <netinet/in.h>
#include <sched.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/evidence/merge.h"
#include "core/evidence/trial.h"
#include "core/model/decide.h"
#include "core/observe/sock_owner.h"
#include "core/observe/socks.h"
#include "tests/live/observed.h"

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
	const struct caller *we = live_facts(h, false)->caller;
	assert_true(we->net_bind_service && we->net_raw && we->net_admin); // the namespace is ours
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

// SO_BINDTODEVICE accepts an interface's other names as well.
static void altnames(void **state)
{
	(void)state;
	if (system("ip link property add dev lo altname enp0s31f6 2>/dev/null"))
		skip(); // no ip, or one that does not know them
	struct host *h = observe();
	struct addr loopback = live_addr("127.0.0.1");
	struct attempt a = attempt_new(&loopback);
	struct walk w;
	struct trial t;
	assert_string_equal(host_link_named(h, "enp0s31f6")->name, "lo");
	assert_int_equal(attempt_set(&a, &(struct setting){.option = OPT_DEVICE, .device = "enp0s31f6"}), 0);
	decide(live_facts(h, false), &a, &w);
	assert_int_equal(w.predicted.err, 0);
	assert_int_equal(w.device_after, 1);
	assert_int_equal(trial_run(&a, &live_root, &t), 0);
	merge_bind(&t, NULL, NULL, &w);
	assert_int_equal(w.agreement, AGREES);
	assert_int_equal(t.device, 1);
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
	struct edit_route hole = {
		.dst = live_prefix("127.0.0.1/32"), .type = RTN_BLACKHOLE, .table = RT_TABLE_LOCAL, .metric = 5};
	assert_int_equal(change_route(c, true, NULL, &hole), 0);
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
	struct fib_answer a;
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
	// With split tables, the many routes of main do not suppress the few of local.
	add_and_delete_rule();
	assert_int_equal(observe_read_small(o, 20, &h, err, sizeof err), 0);
	assert_true(h->routes4_read);
	assert_int_equal(h->nroutes4, own);
	host_free(h);
}

static int ask_holders(const struct host *h, int protocol, uint16_t port, struct question *q)
{
	int err = socks_read(&h->kernel, protocol, port, q);
	sock_owners_find(q->socks, q->nsocks, true);
	return err;
}

static void holders(void **state)
{
	(void)state;
	int on = 1;
	struct host *h = observe();
	struct question q = {0};
	int bound = open_socket(AF_INET, SOCK_STREAM, "127.0.0.1", 7000);
	int listening = open_socket(AF_INET6, SOCK_STREAM, "::1", 7000);
	assert_int_equal(setsockopt(listening, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on), 0);
	assert_int_equal(listen(listening, 1), 0);
	int other = open_socket(AF_INET, SOCK_STREAM, "127.0.0.1", 7001);
	int datagram = open_socket(AF_INET, SOCK_DGRAM, "127.0.0.2", 7000);

	assert_int_equal(ask_holders(h, IPPROTO_TCP, 7000, &q), 0);
	assert_int_equal(q.socks_known, YES);
	assert_int_equal(q.socks_port, 7000);
	assert_int_equal(q.socks_protocol, IPPROTO_TCP);
	assert_int_equal(q.nsocks, q.socks_bound == YES ? 2 : 1);
	for (size_t i = 0; i < q.nsocks; i++) {
		const struct sock *s = &q.socks[i];
		bool v6 = s->family == AF_INET6;
		assert_int_equal(s->state, v6 ? 10 : 7);
		assert_int_equal(s->v6only, v6 ? YES : NO);
		assert_int_equal(s->pid, getpid());
		assert_string_not_equal(s->comm, "");
		assert_int_equal(s->reuseaddr, v6 ? YES : NO);
		assert_int_equal(s->reuseport, NO);
		assert_int_equal(s->uid, geteuid());
	}
	assert_int_equal(ask_holders(h, IPPROTO_UDP, 7000, &q), 0);
	assert_int_equal(q.nsocks, 1);
	assert_int_equal(q.socks_bound, YES);
	assert_int_equal(ask_holders(h, IPPROTO_UDP, 7002, &q), 0);
	assert_int_equal(q.nsocks, 0);
	assert_int_equal(q.socks_known, YES);
	assert_int_equal(ask_holders(h, IPPROTO_TCP, 0, &q), 0);
	assert_int_equal(q.nsocks, q.socks_bound == YES ? 3 : 1);
	close(bound);
	close(listening);
	close(other);
	close(datagram);
	question_free(&q);
	host_free(h);
}

// sock_diag does not know them; /proc does.
static void ping_holders(void **state)
{
	(void)state;
	int off = 0;
	struct host *h = observe();
	struct question q = {0};
	assert_int_equal(change_sysctl("net.ipv4.ping_group_range", "0 0"), 0); // a user maps no other
	struct sockaddr_in a = {
		.sin_family = AF_INET, .sin_port = htons(77), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	struct sockaddr_in6 a6 = {.sin6_family = AF_INET6, .sin6_port = htons(77), .sin6_addr = IN6ADDR_LOOPBACK_INIT};
	int four = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, IPPROTO_ICMP);
	int six = socket(AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, IPPROTO_ICMPV6);
	assert_true(four >= 0 && six >= 0);
	assert_int_equal(bind(four, (struct sockaddr *)&a, sizeof a), 0);
	assert_int_equal(bind(six, (struct sockaddr *)&a6, sizeof a6), 0);
	assert_int_equal(setsockopt(four, SOL_SOCKET, SO_REUSEADDR, &off, sizeof off), 0);

	assert_int_equal(ask_holders(h, IPPROTO_ICMP, 78, &q), 0);
	assert_int_equal(q.nsocks, 0);
	assert_int_equal(q.socks_known, YES);
	assert_int_equal(ask_holders(h, IPPROTO_ICMP, 77, &q), 0);
	assert_int_equal(q.nsocks, 2);
	for (size_t i = 0; i < q.nsocks; i++) {
		const struct sock *s = &q.socks[i];
		struct addr loopback = live_addr(s->family == AF_INET6 ? "::1" : "127.0.0.1");
		assert_true(addr_equal(&s->addr, &loopback));
		assert_int_equal(s->port, 77);
		assert_int_equal(s->pid, getpid());
		assert_int_equal(s->reuseaddr, s->family == AF_INET6 ? YES : NO);
	}
	assert_true(q.socks[0].family != q.socks[1].family);
	close(four);
	close(six);
	question_free(&q);
	host_free(h);
}

int main(void)
{
	if (!live_enter())
		return 0;
	const struct CMUnitTest tests[] = {
		IN(empty_namespace, enter_fresh),
		IN(everything, enter_up),
		IN(altnames, enter_up),
		IN(vrf, enter_up),
		cmocka_unit_test(tries),
		IN(tries_without_routes, enter_fresh),
		IN(asking, enter_up),
		IN(small_reading, enter_up),
		IN(holders, enter_up),
		IN(ping_holders, enter_up),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
