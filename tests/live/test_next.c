// SPDX-License-Identifier: GPL-3.0-or-later
// The next call after a bind that succeeds: what is warned of does happen, and what is made in a lab only is not made
// elsewhere.
#include <arpa/inet.h>
#include <errno.h>
#include <linux/rtnetlink.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/change/change.h"
#include "core/evidence/evidence.h"
#include "core/model/next_call.h"
#include "tests/live/live.h"

static struct observer *o;
static struct inquiry in;
static const struct evidence_how on_host = {0}, in_lab = {.lab = true};

static int open_observer(void **state)
{
	(void)state;
	char err[256];
	return observe_open(&o, err, sizeof err);
}

static int close_observer(void **state)
{
	(void)state;
	inquiry_free(&in);
	observe_close(o);
	return 0;
}

static void ask_connect(struct attempt *a, const char *text, uint16_t port)
{
	a->then = (struct next_ask){.dest = {.addr = live_addr(text), .port = port}};
}

// Walks it, and gives what is said of that call; its sentence has every value that it names.
static struct next_call next_of(const struct attempt *a, const struct evidence_how *how, enum call call)
{
	struct next_call next[NEXT_CALLS];
	char err[512] = "", text[512];
	if (evidence_read(o, true, &in, err, sizeof err) < 0 || evidence_gather(o, &in, a, how, err, sizeof err) < 0)
		fail_msg("%s", err);
	const struct facts f = inquiry_facts(&in);
	unsigned n = next_calls(&f, &in.walk, next);
	for (unsigned i = 0; i < n; i++) {
		next_sentence(&f, &in.walk, &next[i], text, sizeof text);
		if (!text[0] || strpbrk(text, "?{}<>"))
			fail_msg("%s reads '%s'", next_name(next[i].id), text);
		if (next[i].call == call)
			return next[i];
	}
	return (struct next_call){.id = NEXT_COUNT};
}

static int bound_with(const struct attempt *a)
{
	struct sockaddr_storage sa;
	unsigned len = attempt_sockaddr(a, &sa);
	int on = 1, fd = socket(a->family, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_true(fd >= 0);
	for (unsigned i = 0; i < a->nsettings; i++) {
		const struct sockopt *s = option_info(a->settings[i].option);
		assert_int_equal(setsockopt(fd, s->level, s->number, &on, sizeof on), 0);
	}
	assert_int_equal(bind(fd, (struct sockaddr *)&sa, len), 0);
	return fd;
}

static void expect(const char *what, enum next_id found, enum next_id wanted)
{
	if (found != wanted)
		fail_msg("%s: %s instead of %s", what, found < NEXT_COUNT ? next_name(found) : "nothing",
			 wanted < NEXT_COUNT ? next_name(wanted) : "nothing");
}

// Two sockets that share a port: what the other one's listening does to ours is what was said before it listened.
static void test_contest(void **state)
{
	(void)state;
	static const enum option_id sets[][2] = {
		{OPT_REUSEADDR, OPT_REUSEADDR}, {OPT_REUSEPORT, OPT_REUSEPORT}, {OPT_REUSEADDR, OPT_REUSEPORT}};
	unsigned warned = 0, shared = 0;
	for (unsigned here = 0; here < 3; here++)
		for (unsigned there = 0; there < 3; there++) {
			struct attempt other = live_attempt("0.0.0.0", 5555), a = live_attempt("127.0.0.1", 5555);
			for (int i = 0; i < 2; i++) {
				attempt_set(&other, &(struct setting){.option = sets[there][i], .value = 1});
				attempt_set(&a, &(struct setting){.option = sets[here][i], .value = 1});
			}
			int fd = bound_with(&other);
			struct next_call n = next_of(&a, &on_host, CALL_LISTEN);
			bool binds = !walk_errno(&in.walk), told = in.walk.predicted.certain;
			if (binds && told) {
				int mine = bound_with(&a);
				assert_int_equal(listen(fd, 1), 0);
				bool refused = listen(mine, 1) < 0 && errno == EADDRINUSE;
				if (n.id != NEXT_LISTEN_MAY_CONTEST)
					expect("the second to listen", n.id,
					       refused ? NEXT_LISTEN_CONTESTED : NEXT_COUNT);
				warned += n.id == NEXT_LISTEN_CONTESTED;
				shared += n.id == NEXT_COUNT;
				close(mine);
			}
			close(fd);
		}
	if (warned + shared == 0)
		skip(); // what the other socket has set can't be seen here
	assert_true(warned > 0 && shared > 0);
}

static void test_sources(void **state)
{
	(void)state;
	static const struct {
		const char *from, *to;
		enum option_id set; // OPT_COUNT: none
		enum next_id unasked, asked;
	} rows[] = {
		{"127.0.0.1", "198.51.100.1", OPT_COUNT, NEXT_LOOPBACK_ONLY, NEXT_CONNECT_FROM_LOOPBACK},
		{"127.0.0.1", "127.0.0.2", OPT_COUNT, NEXT_LOOPBACK_ONLY, NEXT_CONNECT_SENDS},
		{"::1", "2001:db8:1::1", OPT_COUNT, NEXT_LOOPBACK6_ONLY, NEXT_COUNT},
		{"192.0.2.2", "198.51.100.1", OPT_COUNT, NEXT_COUNT, NEXT_CONNECT_SENDS},
		{"192.0.2.2", "192.0.2.255", OPT_COUNT, NEXT_COUNT, NEXT_CONNECT_TO_GROUP},
		{"192.0.2.2", "224.0.0.1", OPT_COUNT, NEXT_COUNT, NEXT_CONNECT_TO_GROUP},
		{"192.0.2.2", "2001:db8:1::1", OPT_COUNT, NEXT_COUNT, NEXT_CONNECT_FAMILY},
		{"::ffff:192.0.2.2", "2001:db8:1::1", OPT_COUNT, NEXT_COUNT, NEXT_CONNECT_FAMILY},
		{"::", "fe80::9", OPT_COUNT, NEXT_COUNT, NEXT_CONNECT_SCOPE},
		{"::", "192.0.2.9", OPT_V6ONLY, NEXT_COUNT, NEXT_CONNECT_V6ONLY},
		{"203.0.113.9", "198.51.100.1", OPT_FREEBIND, NEXT_SOURCE_NOT_LOCAL, NEXT_CONNECT_FROM_NOWHERE},
		{"192.0.2.2", "203.0.113.200", OPT_COUNT, NEXT_COUNT, NEXT_CONNECT_UNREACHABLE},
		{"0.0.0.0", "0.0.0.0", OPT_COUNT, NEXT_COUNT, NEXT_CONNECT_SENDS},
	};
	struct changer *c;
	struct edit_route unreachable = {.type = RTN_UNREACHABLE, .dst = live_prefix("203.0.113.200/32")};
	struct edit_route out = {.type = RTN_UNICAST, .dst = live_prefix("198.51.100.0/24")};
	assert_int_equal(change_open(&c), 0);
	assert_int_equal(change_route(c, true, NULL, &unreachable), 0);
	assert_int_equal(change_route(c, true, "eth0", &out), 0);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct attempt a = live_attempt(rows[i].from, 0);
		if (rows[i].set != OPT_COUNT)
			attempt_set(&a, &(struct setting){.option = rows[i].set, .value = 1});
		expect(rows[i].from, next_of(&a, &on_host, CALL_CONNECT).id, rows[i].unasked);
		if (rows[i].asked == NEXT_COUNT)
			continue;
		ask_connect(&a, rows[i].to, 80);
		struct next_call n = next_of(&a, &on_host, CALL_CONNECT);
		expect(rows[i].to, n.id, rows[i].asked);
		assert_false(n.observed); // a stream socket's connect() would send
	}
	assert_int_equal(change_route(c, false, NULL, &unreachable), 0);
	assert_int_equal(change_route(c, false, "eth0", &out), 0);
	change_close(c);
}

// What no peer notices is made anywhere, and the rest in a lab.
static void test_made(void **state)
{
	(void)state;
	struct attempt a = live_attempt("127.0.0.1", 0), udp = a;
	udp.kind = KIND_UDP;
	a.then.listen = udp.then.listen = true;
	struct next_call n = next_of(&udp, &on_host, CALL_LISTEN);
	expect("udp listens", n.id, NEXT_LISTEN_NOT_STREAM);
	assert_true(n.observed && n.err == EOPNOTSUPP && !n.contradicts);
	n = next_of(&a, &on_host, CALL_LISTEN);
	assert_true(n.id == NEXT_LISTEN_OK && !n.observed);
	n = next_of(&a, &in_lab, CALL_LISTEN);
	assert_true(n.id == NEXT_LISTEN_OK && n.observed && !n.contradicts);

	ask_connect(&udp, "127.0.0.5", 9);
	n = next_of(&udp, &on_host, CALL_CONNECT);
	assert_true(n.id == NEXT_CONNECT_OK && n.observed && n.err == 0);
	ask_connect(&a, "127.0.0.1", 9);
	n = next_of(&a, &in_lab, CALL_CONNECT);
	assert_true(n.id == NEXT_CONNECT_REFUSED && n.observed && n.err == ECONNREFUSED && !n.contradicts);
	struct attempt listener = live_attempt("127.0.0.1", 7001);
	int fd = bound_with(&listener);
	assert_int_equal(listen(fd, 1), 0);
	ask_connect(&a, "127.0.0.1", 7001);
	n = next_of(&a, &in_lab, CALL_CONNECT);
	assert_true(n.id == NEXT_CONNECT_ACCEPTED && n.observed && n.err == 0);
	close(fd);
}

// A port that is left to the next call: none is there for listen() or connect().
static void test_no_port(void **state)
{
	(void)state;
	enum { FIRST = 40000, LAST = 40003 };
	int fds[LAST - FIRST + 1];
	struct changer *c;
	assert_int_equal(change_open(&c), 0);
	assert_int_equal(change_sysctl("net.ipv4.ip_local_port_range", "40000 40003"), 0);
	for (int p = FIRST; p <= LAST; p++) {
		struct attempt holder = live_attempt("0.0.0.0", (uint16_t)p);
		fds[p - FIRST] = bound_with(&holder);
		assert_int_equal(listen(fds[p - FIRST], 1), 0);
	}
	struct attempt a = live_attempt("127.0.0.1", 0);
	attempt_set(&a, &(struct setting){.option = OPT_NOPORT, .value = 1});
	struct next_call n = next_of(&a, &on_host, CALL_LISTEN);
	expect("a full range", n.id, NEXT_LISTEN_NO_PORT);
	ask_connect(&a, "127.0.0.1", 9);
	n = next_of(&a, &on_host, CALL_CONNECT);
	if (in.question.socks_bound == YES)
		expect("a full range", n.id, NEXT_CONNECT_PORTS_TAKEN);
	n = next_of(&a, &in_lab, CALL_CONNECT);
	assert_true(n.observed && n.err == EADDRNOTAVAIL && !n.contradicts);
	for (int p = FIRST; p <= LAST; p++)
		close(fds[p - FIRST]);
	assert_int_equal(change_sysctl("net.ipv4.ip_local_port_range", "32768 60999"), 0);
	change_close(c);
}

int main(void)
{
	if (!live_enter())
		return 0;
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_contest),
		cmocka_unit_test(test_sources),
		cmocka_unit_test(test_made),
		cmocka_unit_test(test_no_port),
	};
	return cmocka_run_group_tests(tests, open_observer, close_observer);
}
