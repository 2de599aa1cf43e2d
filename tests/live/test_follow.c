// SPDX-License-Identifier: GPL-3.0-or-later
// The observer follows what changes in namespaces of our own: one change, storms of them, and events that get lost.
#include <arpa/inet.h>
#include <errno.h>
#include <linux/if.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/live/observed.h"

static char seen_status[64]; // the last status that told of trouble

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
	enum { ROUTES = 20000, PART = 1000 };
	follow();
	size_t own = observe_host(o)->nroutes4;
	shrink_event_buffer();
	seen_status[0] = '\0';
	// The status of a loss stands until the next reading has begun. Who is held up for that long does not see it, but will
	// another time. With one processor, as in a guest, the worker may keep up.
	time_t end = now() + PATIENCE;
	do {
		for (unsigned i = 0; i < ROUTES; i += PART) {
			storm(true, i, PART, RT_TABLE_LOCAL);
			take();
		}
		wait_for(as_fresh);
		for (unsigned i = 0; i < ROUTES; i += PART) {
			storm(false, i, PART, RT_TABLE_LOCAL);
			take();
		}
		wait_for(as_fresh);
		assert_int_equal(observe_host(o)->nroutes4, own);
	} while (!seen_status[0] && sysconf(_SC_NPROCESSORS_ONLN) > 1 && now() < end);
	if (sysconf(_SC_NPROCESSORS_ONLN) > 1 || seen_status[0])
		assert_string_equal(seen_status, "events lost, reading again");
}

int main(void)
{
	if (!live_enter())
		return 0;
	const struct CMUnitTest tests[] = {
		IN(changes, enter_up),       IN(sysctl_changes, enter_up), cmocka_unit_test(closing_at_once),
		IN(after_a_storm, enter_up), IN(after_a_loss, enter_up),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
