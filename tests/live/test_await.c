// SPDX-License-Identifier: GPL-3.0-or-later
// Waiting for a bind: whatever stands in the way goes, and the wait ends by it and says so. The change is made from
// within the wait, once it has been refused, so that nothing here rests on time.
#include <errno.h>
#include <linux/if_addr.h>
#include <linux/rtnetlink.h>
#include <string.h>
#include <sys/socket.h>

#include "core/evidence/await.h"
#include "tests/live/observed.h"

enum { LONG_MS = 120000, EVENTS = 32 };

static struct waited {
	void (*acts[2])(void);   // one at each turn
	enum code codes[EVENTS]; // of each turn
	char happened[EVENTS][160];
	unsigned nturns, nhappened;
} waited;

static void happened(void *data, int64_t ms, const char *what)
{
	(void)data;
	assert_true(ms >= 0);
	if (waited.nhappened < EVENTS)
		snprintf(waited.happened[waited.nhappened++], sizeof waited.happened[0], "%s", what);
}

static void turned(void *data, int64_t ms, const struct inquiry *in)
{
	void (*act)(void) = waited.nturns < 2 ? waited.acts[waited.nturns] : NULL;
	(void)data;
	assert_true(ms >= 0);
	if (waited.nturns < EVENTS)
		waited.codes[waited.nturns++] = in->walk.code;
	if (act)
		act();
}

static int wait_for(const char *text, uint16_t port, enum kind kind, int64_t limit, void (*act)(void),
		    void (*then)(void))
{
	static const struct evidence_how live = {0};
	const struct await_out out = {.happened = happened, .turned = turned};
	struct addr addr = live_addr(text);
	struct attempt a = attempt_new(&addr);
	struct inquiry in = {0};
	char err[256] = "";
	int64_t ms;
	a.port = port;
	a.kind = kind;
	waited = (struct waited){.acts = {act, then}};
	int rc = await_bind(o, &in, &a, &live, limit, &out, &ms, err, sizeof err);
	if (rc < 0)
		fail_msg("%s", err);
	assert_int_equal(rc == 1, walk_errno(&in.walk) == 0);
	assert_true(in.walk.agreement == AGREES || in.walk.agreement == OPEN);
	inquiry_free(&in);
	return rc;
}

static bool was_said(const char *one, const char *other)
{
	for (unsigned i = 0; i < waited.nhappened; i++)
		if (strstr(waited.happened[i], one) && strstr(waited.happened[i], other))
			return true;
	return false;
}

static void assert_turns(enum code first, enum code last)
{
	assert_true(waited.nturns >= 2);
	assert_int_equal(waited.codes[0], first);
	assert_int_equal(waited.codes[waited.nturns - 1], last);
}

static void test_at_once(void **state)
{
	(void)state;
	assert_int_equal(wait_for("127.0.0.1", 0, KIND_TCP, LONG_MS, NULL, NULL), 1);
	assert_int_equal(waited.nturns, 0);
}

static void test_limit(void **state)
{
	(void)state;
	assert_int_equal(wait_for("192.0.2.9", 0, KIND_TCP, 30, NULL, NULL), 0);
	assert_int_equal(waited.nturns, 1);
	assert_int_equal(waited.codes[0], CODE_ADDR_NOT_LOCAL);
}

static void add_address(void)
{
	struct addr a = live_addr("192.0.2.9");
	assert_int_equal(change_addr_add(c, "lo", &a, 24, 0, UINT32_MAX, NULL), 0);
}

static void test_address(void **state)
{
	(void)state;
	assert_int_equal(wait_for("192.0.2.9", 0, KIND_TCP, LONG_MS, add_address, NULL), 1);
	assert_turns(CODE_ADDR_NOT_LOCAL, CODE_ADDR_LOCAL);
	assert_true(was_said("192.0.2.9", "lo"));
}

static void add_route(void)
{
	assert_int_equal(route(true, "192.168.123.0/24", RTN_LOCAL, RT_TABLE_LOCAL, "lo"), 0);
}

static void test_route(void **state)
{
	(void)state;
	assert_int_equal(wait_for("192.168.123.123", 0, KIND_TCP, LONG_MS, add_route, NULL), 1);
	assert_turns(CODE_ADDR_NOT_LOCAL, CODE_ADDR_ANYIP);
	assert_true(was_said("192.168.123.0/24", "lo"));
}

static void allow_nonlocal(void)
{
	assert_int_equal(change_sysctl("net.ipv6.ip_nonlocal_bind", "1"), 0);
}

static void test_sysctl(void **state)
{
	(void)state;
	assert_int_equal(wait_for("2001:db8::9", 0, KIND_TCP, LONG_MS, allow_nonlocal, NULL), 1);
	assert_turns(CODE_ADDR_NOT_LOCAL, CODE_NONLOCAL_BY_SYSCTL);
	assert_true(was_said("net.ipv6.ip_nonlocal_bind", "1"));
}

// Duplicate detection begins with the link, and takes a second.
static void link_up(void)
{
	assert_int_equal(change_link_up(c, "v0", true), 0);
	assert_int_equal(change_link_up(c, "v1", true), 0);
}

static void test_duplicate_detection(void **state)
{
	(void)state;
	struct addr a = live_addr("2001:db8::9");
	assert_int_equal(change_veth_add(c, "v0", "v1", -1), 0);
	assert_int_equal(change_addr_add(c, "v0", &a, 64, 0, UINT32_MAX, NULL), 0);
	assert_int_equal(wait_for("2001:db8::9", 0, KIND_TCP, LONG_MS, link_up, NULL), 1);
	assert_int_equal(waited.codes[waited.nturns - 1], CODE_ADDR_CONFIGURED);
	assert_true(was_said("v0", "up"));
	assert_true(was_said("2001:db8::9", "has finished"));
}

static int holder;

static void close_holder(void)
{
	close(holder);
}

static void assert_released(int type, enum kind kind)
{
	holder = open_socket(AF_INET, type, "127.0.0.1", 4000);
	assert_true(holder >= 0);
	if (type == SOCK_STREAM)
		assert_int_equal(listen(holder, 1), 0);
	assert_int_equal(wait_for("0.0.0.0", 4000, kind, LONG_MS, close_holder, NULL), 1);
	assert_turns(CODE_PORT_TAKEN, CODE_ADDR_ANY);
	assert_true(was_said("4000", "is gone"));
}

static void test_tcp_holder(void **state)
{
	(void)state;
	assert_released(SOCK_STREAM, KIND_TCP);
}

static void test_udp_holder(void **state)
{
	(void)state;
	assert_released(SOCK_DGRAM, KIND_UDP);
}

// One obstacle goes, and the next one is there.
static void test_next_obstacle(void **state)
{
	(void)state;
	holder = open_socket(AF_INET, SOCK_STREAM, "0.0.0.0", 4000);
	assert_true(holder >= 0);
	assert_int_equal(wait_for("192.0.2.9", 4000, KIND_TCP, LONG_MS, add_address, close_holder), 1);
	assert_int_equal(waited.nturns, 3);
	assert_int_equal(waited.codes[0], CODE_ADDR_NOT_LOCAL);
	assert_int_equal(waited.codes[1], CODE_PORT_TAKEN);
	assert_int_equal(waited.codes[2], CODE_ADDR_LOCAL);
}

int main(void)
{
	if (!live_enter())
		return 0;
	const struct CMUnitTest tests[] = {
		IN(test_at_once, enter_up),    IN(test_limit, enter_up),      IN(test_address, enter_up),
		IN(test_route, enter_up),      IN(test_sysctl, enter_up),     IN(test_duplicate_detection, enter_up),
		IN(test_tcp_holder, enter_up), IN(test_udp_holder, enter_up), IN(test_next_obstacle, enter_up),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
