// SPDX-License-Identifier: GPL-3.0-or-later
// The log of events, and how another attempt is told.
#include "core/command/event_log.h"

#include "core/model/attempt_change.h"
#include "tests/unit/made_host.h"

static const char *at(const struct event_log *l, uint64_t number)
{
	static char text[EVENT_TEXT];
	const struct event *e = event_log_at(l, number);
	return e ? event_print(e, text) : NULL;
}

static void test_log(void **state)
{
	(void)state;
	struct event_log l = {0};
	char text[32], when[EVENT_WHEN];
	assert_null(event_log_at(&l, 0));
	for (unsigned i = 0; i < EVENT_LOG + 100; i++) {
		snprintf(text, sizeof text, "event %u", i);
		assert_int_equal(event_log_add(&l, "2026-11-29T18:03:12+0100", EVENT_OUTSIDE, text), i);
		assert_string_equal(at(&l, i), text);
		assert_int_equal(event_log_first(&l), i < EVENT_LOG ? 0 : i - EVENT_LOG + 1);
	}
	assert_null(event_log_at(&l, 99));
	assert_null(event_log_at(&l, EVENT_LOG + 100));
	assert_string_equal(at(&l, 100), "event 100");
	struct event *e = event_log_at(&l, 500);
	event_say_effect(e, "192.0.2.1 now binds", true);
	assert_string_equal(at(&l, 500), "event 500: 192.0.2.1 now binds");
	event_say(e, "eth0 went down: 1 route went with it");
	e->long_text = true;
	assert_string_equal(at(&l, 500), "eth0 went down: 1 route went with it; 192.0.2.1 now binds");
	assert_string_equal(event_time(e, when), "18:03:12");
	assert_string_equal(event_day(e, when), "2026-11-29");
	assert_string_equal(event_day_time(e, when), "2026-11-29 18:03:12");
	assert_string_equal(event_by_name(e->by), "outside");
	event_log_free(&l);
	assert_int_equal(l.ever, 0);
}

// A clock that tells nothing.
static void test_no_time(void **state)
{
	(void)state;
	struct event_log l = {0};
	char when[EVENT_WHEN];
	event_log_add(&l, "", EVENT_HERE, "x");
	assert_string_equal(event_time(event_log_at(&l, 0), when), "");
	assert_string_equal(event_day(event_log_at(&l, 0), when), "");
	event_log_free(&l);
}

static void test_attempts(void **state)
{
	(void)state;
	static const struct {
		const char *was, *is, *said;
	} cases[] = {
		{"tcp4 192.0.2.1 80", "tcp4 192.0.2.1 80", ""},
		{"tcp4 192.0.2.1 80", "tcp4 192.0.2.1 80 freebind", "IP_FREEBIND on"},
		{"tcp4 192.0.2.1 80 freebind reuseaddr", "tcp4 192.0.2.1 80 reuseaddr", "IP_FREEBIND off"},
		{"tcp4 192.0.2.1 80", "tcp6 ::1 81", "address ::1, port 81"},
		{"tcp4 192.0.2.1 80", "udp4 192.0.2.1 80", "protocol udp"},
		{"tcp4 192.0.2.1 80", "tcp4 192.0.2.1 80 portrange=5-9", "IP_LOCAL_PORT_RANGE 5-9"},
	};
	struct host *h = made_host("lo");
	char text[ATTEMPT_CHANGE_TEXT];
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct attempt was = made_attempt(h, cases[i].was), is = made_attempt(h, cases[i].is);
		assert_string_equal(attempt_change_print(&was, &is, text), cases[i].said);
	}
	struct attempt was = made_attempt(h, "tcp4 192.0.2.1 80"), is = was;
	is.addrlen = 5;
	assert_string_equal(attempt_change_print(&was, &is, text), "other arguments of the call");
	host_free(h);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_log),
		cmocka_unit_test(test_no_time),
		cmocka_unit_test(test_attempts),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
