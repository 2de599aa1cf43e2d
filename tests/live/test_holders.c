// SPDX-License-Identifier: GPL-3.0-or-later
// Who holds a port, on the real kernel: other users, TIME_WAIT, the kernel itself, devices that are gone, full and
// reserved ranges; and that bind() ends as the named condition says. Needs root, since it has sockets of two users.
#include <errno.h>
#include <netinet/in.h>
#include <sched.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include "core/evidence/evidence.h"
#include "core/model/holder_text.h"
#include "core/model/walk_text.h"
#include "core/observe/socks.h"
#include "tests/live/observed.h"

enum { PORT = 7000, SOMEBODY = 1000 };

static const struct evidence_how live = {0}, predicted = {.predict = true};
static struct inquiry in;

static struct attempt attempt_of(enum kind kind, const char *text, uint16_t port)
{
	struct addr a = live_addr(text);
	struct attempt attempt = attempt_new(&a);
	attempt.kind = kind;
	attempt.port = port;
	return attempt;
}

static void gather(const struct attempt *a, const struct evidence_how *how)
{
	char err[256] = "";
	inquiry_free(&in);
	if (evidence_read(o, true, &in, err, sizeof err) < 0 || evidence_gather(o, &in, a, how, err, sizeof err) < 0)
		fail_msg("%s", err);
	assert_int_not_equal(in.walk.agreement, DISAGREES);
}

static const struct sock *holder(void)
{
	const struct facts f = inquiry_facts(&in);
	const struct sock *s = walk_holder(&f, &in.walk);
	assert_non_null(s);
	return s;
}

static void expect(enum condition fails, enum side side, bool open)
{
	const struct sharing *s = walk_sharing(&in.walk);
	assert_non_null(s);
	assert_string_equal(condition_name(s->fails), condition_name(fails));
	assert_string_equal(side_name(s->side), side_name(side));
	assert_int_equal(s->open, open);
}

static void set(int fd, int option)
{
	int on = 1;
	assert_int_equal(setsockopt(fd, SOL_SOCKET, option, &on, sizeof on), 0);
}

// A socket of another user: bound, with the option set before, and listening.
static int open_as(uid_t uid, const char *text, uint16_t port, int option)
{
	struct addr a = live_addr(text);
	struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(addr_v4(&a))};
	assert_int_equal(seteuid(uid), 0);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_int_equal(seteuid(0), 0);
	set(fd, option);
	assert_int_equal(bind(fd, (struct sockaddr *)&to, sizeof to), 0);
	assert_int_equal(listen(fd, 8), 0);
	return fd;
}

static void another_user(void **state)
{
	(void)state;
	struct attempt a = attempt_of(KIND_TCP, "0.0.0.0", PORT);
	int fd = open_as(SOMEBODY, "0.0.0.0", PORT, SO_REUSEPORT);
	gather(&a, &live);
	assert_int_equal(in.walk.observed.err, EADDRINUSE);
	assert_int_equal(holder()->uid, SOMEBODY);
	assert_int_equal(holder()->owner, OWNER_PROCESS);
	expect(CONDITION_LISTEN, SIDE_THERE, false);
	assert_int_equal(attempt_toggle(&a, OPT_REUSEPORT), 0);
	gather(&a, &live);
	assert_int_equal(in.walk.observed.err, EADDRINUSE);
	expect(CONDITION_UID, SIDE_BOTH, false);
	close(fd);
	fd = open_as(0, "0.0.0.0", PORT, SO_REUSEPORT);
	gather(&a, &live);
	assert_int_equal(in.walk.observed.err, 0);
	assert_null(walk_sharing(&in.walk));
	close(fd);
}

// Seen from a user namespace that does not map the owner's uid.
static void no_number(void **state)
{
	(void)state;
	int fd = open_as(SOMEBODY, "0.0.0.0", PORT, SO_REUSEPORT), status;
	struct question q = {0};
	const struct host *h = observe();
	assert_int_equal(socks_read(&h->kernel, IPPROTO_TCP, PORT, &q), 0);
	assert_int_equal(q.nsocks, 1);
	assert_false(q.socks[0].uid_unmapped);
	pid_t child = fork();
	if (child == 0) {
		if (unshare(CLONE_NEWUSER) < 0)
			_exit(77);
		bool marked = socks_read(&h->kernel, IPPROTO_TCP, PORT, &q) == 0 && q.nsocks == 1 &&
			      q.socks[0].uid_unmapped && q.socks[0].uid != SOMEBODY;
		_exit(marked ? 0 : 1);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status) && (WEXITSTATUS(status) == 0 || WEXITSTATUS(status) == 77));
	close(fd);
	question_free(&q);
	host_free((struct host *)h);
}

static int connect_to(const char *text, uint16_t port)
{
	struct addr a = live_addr(text);
	struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(addr_v4(&a))};
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_int_equal(connect(fd, (struct sockaddr *)&to, sizeof to), 0);
	return fd;
}

// Waits until the connection's server side is in TIME_WAIT.
static void await_timewait(uint16_t port)
{
	struct question q = {0};
	struct host *h = observe();
	for (time_t end = now() + PATIENCE;; usleep(1000)) {
		assert_int_equal(socks_read(&h->kernel, IPPROTO_TCP, port, &q), 0);
		if (q.nsocks == 1 && q.socks[0].state == 6)
			break;
		assert_true(now() < end);
	}
	question_free(&q);
	host_free(h);
}

// A server that closes its connection first, and ends.
static void serve_once(uint16_t port, bool reuseaddr)
{
	int listener = open_as(0, "127.0.0.1", port, reuseaddr ? SO_REUSEADDR : SO_KEEPALIVE);
	int client = connect_to("127.0.0.1", port), server = accept(listener, NULL, NULL);
	assert_true(server >= 0);
	close(server);
	close(client);
	close(listener);
	await_timewait(port);
}

static void time_wait(void **state)
{
	(void)state;
	char text[HOLDER_TEXT];
	for (int reused = 0; reused < 2; reused++) {
		struct attempt a = attempt_of(KIND_TCP, "0.0.0.0", (uint16_t)(PORT + reused));
		serve_once(a.port, reused);
		gather(&a, &live);
		assert_int_equal(in.walk.observed.err, EADDRINUSE);
		const struct sock *s = holder();
		const struct facts f = inquiry_facts(&in);
		assert_int_equal(s->timer, 3);
		assert_true(s->expires > 0 && s->expires <= 60000);
		assert_true(s->peer_port != 0);
		assert_int_equal(s->owner, OWNER_NONE);
		expect(CONDITION_REUSEADDR, SIDE_HERE, true);
		assert_non_null(strstr(sock_print(&f, s, text, sizeof text), "closed connection to 127.0.0.1:"));
		assert_int_equal(attempt_toggle(&a, OPT_REUSEADDR), 0);
		gather(&a, &predicted);
		assert_false(in.walk.predicted.certain); // what the server had set can't be seen
		expect(CONDITION_REUSEADDR, SIDE_THERE, true);
		gather(&a, &live);
		assert_int_equal(in.walk.observed.err, reused ? 0 : EADDRINUSE);
		if (!reused) {
			assert_int_equal(in.walk.code, CODE_PORT_TAKEN);
			expect(CONDITION_REUSEADDR, SIDE_THERE, true);
		}
		// Time that runs makes no other answer.
		assert_false(evidence_holders(&in, &a, true));
	}
}

static void listener_before_connections(void **state)
{
	(void)state;
	struct attempt a = attempt_of(KIND_TCP, "127.0.0.1", PORT);
	int listener = open_as(0, "127.0.0.1", PORT, SO_REUSEADDR), client[4], server[4];
	for (int i = 0; i < 4; i++) {
		client[i] = connect_to("127.0.0.1", PORT);
		server[i] = accept(listener, NULL, NULL);
	}
	gather(&a, &live);
	assert_true(in.question.nsocks > 4);
	assert_int_equal(holder()->state, 10);
	close(listener);
	gather(&a, &live); // now the connections are all that is left
	assert_int_equal(holder()->state, 1);
	assert_int_equal(holder()->pid, getpid());
	for (int i = 0; i < 4; i++) {
		close(client[i]);
		close(server[i]);
	}
}

static void outgoing(void **state)
{
	(void)state;
	struct attempt a = attempt_of(KIND_TCP, "::", 50000);
	int listener = open_as(0, "127.0.0.1", PORT, SO_REUSEADDR);
	assert_int_equal(change_sysctl("net.ipv4.ip_local_port_range", "50000 50000"), 0);
	int client = connect_to("127.0.0.1", PORT);
	assert_int_equal(change_sysctl("net.ipv4.ip_local_port_range", "1024 65535"), 0);
	gather(&a, &live);
	const struct facts f = inquiry_facts(&in);
	assert_int_equal(in.walk.observed.err, EADDRINUSE);
	assert_int_equal(holder()->peer_port, PORT);
	assert_int_equal(sock_is_outgoing(&f, holder()), UNKNOWN);
	expect(CONDITION_V6ONLY, SIDE_HERE, false);
	assert_int_equal(attempt_toggle(&a, OPT_V6ONLY), 0);
	gather(&a, &live);
	assert_int_equal(in.walk.observed.err, 0);
	a = attempt_of(KIND_TCP, "127.0.0.1", PORT); // accepted: nobody called from there
	gather(&a, &live);
	close(listener);
	close(client);
}

static void device_gone(void **state)
{
	(void)state;
	char text[HOLDER_TEXT];
	struct attempt a = attempt_of(KIND_UDP, "0.0.0.0", PORT);
	assert_int_equal(change_veth_add(c, "d0", "d1", -1), 0);
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(PORT)};
	assert_int_equal(setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, "d0", 2), 0);
	assert_int_equal(bind(fd, (struct sockaddr *)&to, sizeof to), 0);
	gather(&a, &live);
	assert_int_equal(in.walk.observed.err, EADDRINUSE);
	assert_string_equal(sock_local_print(in.host, holder(), text, sizeof text), "0.0.0.0%d0:7000");
	expect(CONDITION_DEVICE, SIDE_HERE, false);
	assert_int_equal(change_link_del(c, "d0"), 0);
	gather(&a, &live);
	const struct facts f = inquiry_facts(&in);
	assert_int_equal(in.walk.observed.err, EADDRINUSE);
	assert_non_null(strstr(holder_print(&f, holder(), text, sizeof text), ", which is gone"));
	expect(CONDITION_DEVICE, SIDE_HERE, false);
	close(fd);
}

// No process has it: a tunnel's, that shares with nobody.
static void of_the_kernel(void **state)
{
	(void)state;
	struct attempt a = attempt_of(KIND_UDP, "127.0.0.1", PORT);
	if (system("ip link add vx0 type vxlan id 7 dstport 7000 local 127.0.0.1 2>/dev/null && ip link set vx0 up")) {
		print_message("no vxlan here\n");
		skip();
	}
	for (int set = 0; set < 2; set++) {
		gather(&a, &live);
		assert_int_equal(in.walk.observed.err, EADDRINUSE);
		assert_int_equal(holder()->pid, 0);
		assert_int_not_equal(holder()->owner, OWNER_PROCESS);
		assert_int_equal(holder()->likely, host_link_named(in.host, "vx0")->index);
		if (holder()->owner == OWNER_KERNEL) // in a PID namespace of its own it may be hidden
			assert_true(in.walk.predicted.certain && in.walk.agreement == AGREES);
		assert_int_equal(attempt_toggle(&a, OPT_REUSEADDR), 0);
	}
}

static void full_range(void **state)
{
	(void)state;
	char text[512];
	int held[4];
	struct attempt a = attempt_of(KIND_TCP, "127.0.0.1", 0);
	assert_int_equal(change_sysctl("net.ipv4.ip_local_port_range", "50000 50003"), 0);
	for (int i = 0; i < 4; i++)
		held[i] = open_as(i ? SOMEBODY : 0, "127.0.0.1", (uint16_t)(50000 + i), SO_REUSEADDR);
	gather(&a, &live);
	const struct facts f = inquiry_facts(&in);
	assert_int_equal(in.walk.observed.err, EADDRINUSE);
	assert_int_equal(in.walk.code, CODE_PORT_EXHAUSTED);
	walk_sentence(&f, &in.walk, text, sizeof text);
	assert_non_null(strstr(text, "4 of 4 are held (3 by uid 1000 ("));
	// Of exactly three ports the last is never tried.
	close(held[2]);
	assert_int_equal(change_sysctl("net.ipv4.ip_local_port_range", "50000 50002"), 0);
	for (int i = 0; i < 20; i++) {
		gather(&a, &live);
		assert_int_equal(in.walk.observed.err, EADDRINUSE);
		assert_true(in.walk.predicted.certain && in.walk.agreement == AGREES);
	}
	close(held[0]);
	close(held[1]);
	close(held[3]);
}

static void reserved_range(void **state)
{
	(void)state;
	assert_int_equal(change_sysctl("net.ipv4.ip_local_port_range", "50000 50009"), 0);
	assert_int_equal(change_sysctl("net.ipv4.ip_local_reserved_ports", "50000-50009"), 0);
	for (int udp = 0; udp < 2; udp++) {
		struct attempt a = attempt_of(udp ? KIND_UDP : KIND_TCP, "127.0.0.1", 0);
		gather(&a, &live);
		assert_int_equal(in.walk.observed.err, EADDRINUSE);
		assert_int_equal(in.walk.code, CODE_PORTS_RESERVED);
		assert_int_equal(in.walk.agreement, AGREES);
		a.port = 50001;
		gather(&a, &live);
		assert_int_equal(in.walk.observed.err, 0);
	}
}

// "The same for 127.0.0.0/8" would be false: another address of it holds the port.
static void range_of_addresses(void **state)
{
	(void)state;
	struct attempt a = attempt_of(KIND_TCP, "127.9.0.1", PORT);
	struct addr other = live_addr("127.9.9.9");
	gather(&a, &live);
	if (!kernel_has(&in.host->kernel, TRAIT_BOUND_DIAG)) // not all holders show: no range is named
		skip();
	assert_true(prefix_covers(&in.walk.holds_for, &other) && in.walk.holds_for.len > 0);
	int fd = open_as(0, "127.9.9.9", PORT, SO_REUSEADDR);
	gather(&a, &live);
	assert_int_equal(in.walk.observed.err, 0);
	assert_int_equal(in.walk.holds_for.addr.family, AF_INET);
	assert_false(prefix_covers(&in.walk.holds_for, &other));
	close(fd);
}

static int leave_inquiry(void **state)
{
	inquiry_free(&in);
	return leave(state);
}

#define HERE(test) cmocka_unit_test_setup_teardown(test, enter_up, leave_inquiry)

int main(void)
{
	if (geteuid() != 0 || unshare(CLONE_NEWNET) < 0 || seteuid(SOMEBODY) < 0 || seteuid(0) < 0) {
		printf("1..0 # SKIP needs root, to have sockets of two users\n");
		return 0;
	}
	const struct CMUnitTest tests[] = {
		HERE(another_user),       HERE(no_number),   HERE(time_wait),
		HERE(outgoing),           HERE(device_gone), HERE(listener_before_connections),
		HERE(of_the_kernel),      HERE(full_range),  HERE(reserved_range),
		HERE(range_of_addresses),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
