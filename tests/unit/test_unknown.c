// SPDX-License-Identifier: GPL-3.0-or-later
// Inputs that could not be read: which walks they leave open, and what those say.
#include "core/model/unknown.h"

#include "tests/unit/made_walk.h"

#define NONLOCAL   "net.ipv4.ip_nonlocal_bind"
#define NONLOCAL6  "net.ipv6.ip_nonlocal_bind"
#define START      "net.ipv4.ip_unprivileged_port_start"
#define BINDV6ONLY "net.ipv6.bindv6only"
#define L3MDEV     "net.ipv4.tcp_l3mdev_accept"

// A walk: whether it is certain, its code, the steps that it can't tell of, and the inputs that it names.
struct open {
	const char *host, *bind;
	bool certain;
	enum code code;
	const char *steps, *unknown;
};

static void check(const struct open *c)
{
	struct host *h;
	struct walk w;
	char text[512], steps[128] = "", unknown[512] = "";
	made_decide(c->host, c->bind, &h, &w);
	made_check_shape(h, &w, c->bind);
	for (unsigned i = 0; i + 1 < w.nsteps; i++) {
		const struct walk_step *s = &w.steps[i];
		walk_answer(made_facts(h), &w, s, text, sizeof text);
		if (s->uncertain != (strncmp(text, "cannot tell: ", 13) == 0) || (s->uncertain && !s->unknown))
			fail_msg("%s: %s says '%s'", c->bind, step_info(s->step)->name, text);
		if (s->uncertain)
			snprintf(steps + strlen(steps), sizeof steps - strlen(steps), "%s%s", *steps ? " " : "",
				 step_info(s->step)->name);
	}
	for (unsigned id = 0; id < UNKNOWN_COUNT; id++)
		if (walk_unknown(&w) >> id & 1)
			snprintf(unknown + strlen(unknown), sizeof unknown - strlen(unknown), "%s%s",
				 *unknown ? " " : "", unknown_name(id));
	if (w.predicted.certain != c->certain || w.code != c->code || strcmp(steps, c->steps) != 0 ||
	    strcmp(unknown, c->unknown) != 0)
		fail_msg("%s on %s: %s, %s, open are [%s] by [%s]", c->bind, c->host,
			 w.predicted.certain ? "certain" : "open", code_info(w.code)->name, steps, unknown);
	const struct walk_step *last = &w.steps[w.nsteps - 1];
	walk_answer(made_facts(h), &w, last, text, sizeof text);
	assert_int_equal(strcmp(text, "not known") == 0, !w.predicted.certain);
	host_free(h);
}

static void test_open(void **state)
{
	(void)state;
#define NET "lo; link v0; addr 192.0.2.2/24 dev v0; addr 2001:db8::2/64 dev v0; "
#define VRF "lo; vrf red 10; link d0 master red; sock tcp4 0.0.0.0 80 listen; "
	static const struct open cases[] = {
		{NET, "tcp4 10.0.0.1 0", true, CODE_ADDR_NOT_LOCAL, "", ""},
		{NET "noread " NONLOCAL, "tcp4 10.0.0.1 0", false, CODE_INPUT_UNKNOWN, "nonlocal acceptable", NONLOCAL},
		// the same way whatever it is
		{NET "noread " NONLOCAL, "tcp4 192.0.2.2 0", true, CODE_ADDR_LOCAL, "nonlocal", NONLOCAL},
		{NET "noread " NONLOCAL, "tcp4 10.0.0.1 0 freebind", true, CODE_NONLOCAL_BY_FREEBIND, "", NONLOCAL},
		{NET "noread " NONLOCAL, "tcp6 2001:db8::9 0", true, CODE_ADDR_NOT_LOCAL, "", ""}, // not its switch
		{NET "noread " NONLOCAL6, "tcp6 2001:db8::9 0", false, CODE_INPUT_UNKNOWN, "nonlocal address-list",
		 NONLOCAL6},
		{NET "noread " NONLOCAL6, "tcp6 2001:db8::2 0", true, CODE_ADDR_CONFIGURED, "nonlocal", NONLOCAL6},
		{NET "noread " NONLOCAL6, "tcp6 :: 0", true, CODE_ADDR_ANY, "", ""},
		// the right to a port
		{NET "ports tcp; noread " START, "tcp4 192.0.2.2 80", true, CODE_ADDR_LOCAL, "", START}, // held
		{NET "nocaps; ports tcp; noread " START, "tcp4 192.0.2.2 80", false, CODE_INPUT_UNKNOWN, "privilege",
		 START},
		{NET "nocaps; ports tcp; noread " START, "tcp4 192.0.2.2 8080", false, CODE_ADDR_LOCAL, "privilege",
		 START},
		{NET "nocaps; ports tcp; noread " START, "tcp4 10.0.0.1 80", true, CODE_ADDR_NOT_LOCAL, "",
		 ""}, // not reached
		// two that count together only: the one alone does not even show
		{NET "nocaps; ports tcp; noread " START "; noread " NONLOCAL, "tcp4 10.0.0.1 80", false,
		 CODE_INPUT_UNKNOWN, "nonlocal acceptable", NONLOCAL},
		// where a socket begins
		{NET "noread " BINDV6ONLY, "tcp6 ::ffff:192.0.2.2 0", false, CODE_ADDR_LOCAL, "mapped", BINDV6ONLY},
		{NET "noread " BINDV6ONLY, "tcp6 ::ffff:192.0.2.2 0 v6only=0", true, CODE_ADDR_LOCAL, "", ""},
		{NET "noread " BINDV6ONLY, "tcp6 :: 0", true, CODE_ADDR_ANY, "", ""},
		{NET "sock tcp4 0.0.0.0 80 listen; noread " BINDV6ONLY, "tcp6 :: 80", false, CODE_INPUT_UNKNOWN, "port",
		 BINDV6ONLY},
		{NET "sock tcp4 0.0.0.0 80 listen; noread " BINDV6ONLY, "tcp6 :: 80 v6only", true, CODE_ADDR_ANY, "",
		 ""},
		{NET "noread net.mptcp.enabled", "mptcp4 192.0.2.2 0", false, CODE_ADDR_LOCAL, "socket",
		 "net.mptcp.enabled"},
		{NET "noread net.ipv4.ping_group_range", "ping4 192.0.2.2 0", false, CODE_ADDR_LOCAL, "socket",
		 "net.ipv4.ping_group_range"},
		// ports
		{NET "noread reserved", "tcp4 192.0.2.2 8080", false, CODE_ADDR_LOCAL, "", ""}, // nobody was asked
		{NET "ports tcp; noread reserved", "tcp4 192.0.2.2 8080", true, CODE_ADDR_LOCAL, "", ""},
		{VRF "noread " L3MDEV, "tcp4 0.0.0.0 80 dev=d0", false, CODE_ADDR_ANY, "port", L3MDEV},
		{VRF "noread " L3MDEV, "tcp4 0.0.0.0 81 dev=d0", true, CODE_ADDR_ANY, "", ""},
		// what the caller may do
		{"lo; unreadcaps; ports tcp", "tcp4 127.0.0.1 80", false, CODE_ADDR_LOCAL, "privilege",
		 "capabilities of the process"},
		{"lo; unreadcaps; ports tcp", "tcp4 127.0.0.1 8080", true, CODE_ADDR_LOCAL, "", ""},
		{"lo; unreadcaps; ports tcp", "tcp4 127.0.0.1 80 uid=1000", true, CODE_PORT_PRIVILEGED, "", ""},
		{"lo; unreadcaps", "raw4 127.0.0.1 0", false, CODE_ADDR_LOCAL, "socket", "capabilities of the process"},
		{"lo; unreadcaps", "ping4 127.0.0.1 0", false, CODE_ADDR_LOCAL, "socket", "groups of the process"},
		{"lo; unreadcaps", "tcp4 10.9.9.9 0 transparent", false, CODE_NONLOCAL_BY_TRANSPARENT, "setsockopt",
		 "capabilities of the process"},
		// other parts of the host
		{"lo; inet6 maybe", "tcp6 ::1 0", false, CODE_ADDR_CONFIGURED, "socket", "IPv6 support of the kernel"},
		{"lo; inet6 maybe", "tcp4 127.0.0.1 0", true, CODE_ADDR_LOCAL, "", ""},
		{"lo; maybe sctp", "sctp4 127.0.0.1 0", false, CODE_ADDR_LOCAL, "socket",
		 "kernel support for such sockets"},
		{"lo; unread", "tcp4 10.0.0.1 0", false, CODE_INPUT_UNKNOWN, "classify acceptable", "IPv4 routes"},
		{"lo; unread", "tcp4 0.0.0.0 0", true, CODE_ADDR_ANY, "", ""},
		{"lo; unread", "tcp4 10.0.0.1 0 freebind", true, CODE_NONLOCAL_BY_FREEBIND, "classify", "IPv4 routes"},
		{"lo; unread; asked 10.0.0.1 11", "tcp4 10.0.0.1 0", true, CODE_ADDR_NOT_LOCAL, "", ""},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		check(&cases[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_open)};
	return cmocka_run_group_tests_name("unknown", tests, NULL, NULL);
}
