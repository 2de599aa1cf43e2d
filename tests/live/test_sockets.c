// SPDX-License-Identifier: GPL-3.0-or-later
// The list of sockets, and the restart check against real restarts: what it says of a socket is what the same bind
// returns once the socket is closed.
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/change/change.h"
#include "core/evidence/evidence.h"
#include "core/evidence/sock_list_read.h"
#include "core/model/option.h"
#include "tests/live/live.h"

static struct observer *o;
static struct inquiry in;
static struct sock_list list;

static int open_observer(void **state)
{
	(void)state;
	char err[256];
	return observe_open(&o, err, sizeof err);
}

static int close_observer(void **state)
{
	(void)state;
	sock_list_free(&list);
	inquiry_free(&in);
	observe_close(o);
	return 0;
}

static void look(const struct sock_wish *wish)
{
	char err[512] = "";
	if (evidence_read(o, true, &in, err, sizeof err) < 0)
		fail_msg("%s", err);
	sock_list_free(&list);
	assert_int_equal(sock_list_read(in.host, wish, &list), 0);
}

static const struct listed *row_of(uint16_t port)
{
	for (size_t i = 0; i < list.n; i++)
		if (list.rows[i].sock.port == port && list.rows[i].counts)
			return &list.rows[i];
	return NULL;
}

struct made {
	const char *addr;
	uint16_t port;
	int type;
	enum option_id set; // OPT_COUNT: none
	bool listens, busy; // busy: it has closed a connection, which is in TIME_WAIT
};

static int bind_one(const struct made *m)
{
	struct addr addr = live_addr(m->addr);
	struct attempt a = attempt_new(&addr);
	struct sockaddr_storage sa;
	int on = 1, fd = socket(addr.family, m->type | SOCK_CLOEXEC, 0);
	assert_true(fd >= 0);
	a.port = m->port;
	unsigned len = attempt_sockaddr(&a, &sa);
	if (m->set != OPT_COUNT) {
		const struct sockopt *s = option_info(m->set);
		assert_int_equal(setsockopt(fd, s->level, s->number, &on, sizeof on), 0);
	}
	if (bind(fd, (struct sockaddr *)&sa, len) < 0) {
		int err = errno;
		close(fd);
		return -err;
	}
	if (m->listens)
		assert_int_equal(listen(fd, 4), 0);
	return fd;
}

// The server closes first, so that it is its end that waits.
static void leave_time_wait(int listener)
{
	struct sockaddr_storage sa;
	socklen_t len = sizeof sa;
	char byte;
	assert_int_equal(getsockname(listener, (struct sockaddr *)&sa, &len), 0);
	int client = socket(sa.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_int_equal(connect(client, (struct sockaddr *)&sa, len), 0);
	int server = accept(listener, NULL, NULL);
	assert_true(server >= 0);
	close(server);
	assert_int_equal(read(client, &byte, 1), 0);
	close(client);
}

static void test_restarts(void **state)
{
	(void)state;
	static const struct made rows[] = {
		{"127.0.0.1", 8001, SOCK_STREAM, OPT_COUNT, true, false},
		{"127.0.0.1", 8002, SOCK_STREAM, OPT_COUNT, true, true},
		{"127.0.0.1", 8003, SOCK_STREAM, OPT_REUSEADDR, true, true},
		{"198.51.100.1", 8004, SOCK_STREAM, OPT_COUNT, true, false}, // its address goes
		{"203.0.113.1", 8005, SOCK_STREAM, OPT_FREEBIND, true, false},
		{"::1", 8006, SOCK_STREAM, OPT_COUNT, true, false},
		{"::", 8007, SOCK_DGRAM, OPT_V6ONLY, false, false},
		{"0.0.0.0", 8008, SOCK_DGRAM, OPT_COUNT, false, false},
		{"198.51.100.1", 8009, SOCK_DGRAM, OPT_COUNT, false, false},
	};
	enum { N = sizeof rows / sizeof *rows };
	struct changer *c;
	int fds[N];
	unsigned refused = 0, told = 0;
	struct addr gone = live_addr("198.51.100.1");
	assert_int_equal(change_open(&c), 0);
	assert_int_equal(change_addr_add(c, "eth0", &gone, 24, 0, UINT32_MAX, NULL), 0);
	for (int i = 0; i < N; i++) {
		fds[i] = bind_one(&rows[i]);
		assert_true(fds[i] >= 0);
		if (rows[i].busy)
			leave_time_wait(fds[i]);
	}
	assert_int_equal(change_addr_del(c, "eth0", &gone, 24), 0);
	look(&(struct sock_wish){0});
	for (int i = 0; i < N; i++) {
		const struct listed *l = row_of(rows[i].port);
		assert_non_null(l);
		if (l->sock.owner == OWNER_PROCESS)
			assert_int_equal(l->sock.pid, getpid());
		close(fds[i]);
		int again = bind_one(&rows[i]);
		if (l->again.binds != UNKNOWN) {
			told++;
			if ((l->again.binds == YES) != (again >= 0) || (again < 0 && l->again.err != -again))
				fail_msg("%s:%u: said %d %s, bind gave %d", rows[i].addr, rows[i].port, l->again.binds,
					 errno_name(l->again.err), again);
		}
		refused += again < 0;
		if (again >= 0)
			close(again);
	}
	assert_int_equal(refused, 3);
	assert_true(told >= N - 1); // a kernel may keep IP_FREEBIND for itself
	change_close(c);
}

// Connections show on request only, with both ends and their state.
static void test_connections(void **state)
{
	(void)state;
	const struct made m = {"127.0.0.1", 8010, SOCK_STREAM, OPT_REUSEADDR, true, false};
	int fd = bind_one(&m);
	struct sockaddr_storage sa;
	socklen_t len = sizeof sa;
	assert_int_equal(getsockname(fd, (struct sockaddr *)&sa, &len), 0);
	int client = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_int_equal(connect(client, (struct sockaddr *)&sa, len), 0);
	int server = accept(fd, NULL, NULL);
	look(&(struct sock_wish){.port = 8010});
	assert_int_equal(list.n, 1);
	assert_int_equal(list.rows[0].again.binds, YES); // its own connection is not in its way
	look(&(struct sock_wish){.port = 8010, .all = true});
	assert_int_equal(list.n, 2);
	const struct sock *s = &list.rows[1].sock;
	assert_false(list.rows[1].counts);
	assert_true(s->peer.family == AF_INET && s->peer_port != 0 && s->state == 1);
	look(&(struct sock_wish){.port = 8010, .protocol = IPPROTO_UDP});
	assert_int_equal(list.n, 0);
	close(client);
	close(server);
	close(fd);
}

int main(void)
{
	if (!live_enter())
		return 0;
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_restarts),
		cmocka_unit_test(test_connections),
	};
	return cmocka_run_group_tests(tests, open_observer, close_observer);
}
