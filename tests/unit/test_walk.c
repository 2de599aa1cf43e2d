// SPDX-License-Identifier: GPL-3.0-or-later
// What was observed, asked and witnessed, merged into a walk: each kind of agreement, and contradictions of a single
// step.
#include "core/model/walk_conclude.h"
#include "core/model/walk_text.h"
#include "tests/unit/made_walk.h"

#define SERVER "lo; sock tcp4 0.0.0.0 80 listen"

struct observed {
	const char *host, *bind;
	enum call call;
	int err;
	const char *local; // getsockname(), NULL for the address asked for
	int port;          // -1: the port asked for
	enum agreement agreement;
	enum code code;
	const char *says; // in the verdict's sentence
};

static void check(const struct observed *c)
{
	struct host *h;
	struct walk w;
	char text[512];
	made_decide(c->host, c->bind, &h, &w);
	int predicted = w.predicted.err;
	struct addr local = c->local ? made_addr(c->local) : w.attempt.addr;
	walk_observe(&w, c->call, c->err, c->err ? NULL : &local, (uint16_t)(c->port < 0 ? w.attempt.port : c->port),
		     0);
	walk_conclude(&w);
	if (w.agreement != c->agreement || w.code != c->code)
		fail_msg("%s: agreement %d, %s", c->bind, w.agreement, code_info(w.code)->name);
	assert_int_equal(w.predicted.err, predicted); // never overwritten
	assert_true(w.observed.present);
	assert_int_equal(w.observed.err, c->err);
	assert_int_equal(w.observed.call, c->call);
	assert_int_equal(w.observed.local.family, c->err ? 0 : local.family);
	walk_sentence(made_facts(h), &w, text, sizeof text);
	if ((c->says && !strstr(text, c->says)) || strpbrk(text, "?{}<>"))
		fail_msg("%s: %s", c->bind, text);
	const struct claim *last = &w.steps[w.nsteps - 1].claims[EV_SYSCALL];
	assert_int_equal(last->present, c->call == CALL_BIND);
	if (last->present) {
		assert_int_equal(last->err, c->err);
		assert_int_equal(last->value, c->err ? -1 : 0);
		bool same = w.predicted.call == CALL_BIND && w.predicted.err == c->err;
		assert_int_equal(last->contradicts, !same && c->agreement != OPEN);
	}
	host_free(h);
}

static void test_agreement(void **state)
{
	(void)state;
	static const struct observed cases[] = {
		// as predicted
		{"lo", "tcp4 127.0.0.1 0", CALL_BIND, 0, NULL, 40000, AGREES, CODE_ADDR_LOCAL, "127.0.0.1"},
		{"lo; ports tcp", "tcp4 127.0.0.1 80", CALL_BIND, 0, NULL, -1, AGREES, CODE_ADDR_LOCAL, NULL},
		{"lo", "tcp4 9.9.9.9 0", CALL_BIND, EADDRNOTAVAIL, NULL, -1, AGREES, CODE_ADDR_NOT_LOCAL, "9.9.9.9"},
		{"lo", "tcp4 9.9.9.9 0 freebind6", CALL_SETSOCKOPT, ENOPROTOOPT, NULL, -1, AGREES, CODE_OPTION_REFUSED,
		 "IPV6_FREEBIND"},
		{"lo; nocaps", "raw4 127.0.0.1 0", CALL_SOCKET, EPERM, NULL, -1, AGREES, CODE_SOCKET_REFUSED, NULL},
		{"lo", "raw4 127.0.0.1 80", CALL_BIND, 0, NULL, 253, AGREES, CODE_ADDR_LOCAL,
		 NULL}, // a raw socket's port is its protocol
		{SERVER, "tcp4 127.0.0.1 80", CALL_BIND, EADDRINUSE, NULL, -1, AGREES, CODE_PORT_TAKEN,
		 "tcp 0.0.0.0:80 LISTEN"},
		// the model was not certain: whatever comes does not contradict it
		{"lo", "tcp4 127.0.0.1 80", CALL_BIND, EADDRINUSE, NULL, -1, OPEN, CODE_PORT_TAKEN, "Port 80"},
		{"lo; ports tcp; hidden", "tcp4 127.0.0.1 80", CALL_BIND, EADDRINUSE, NULL, -1, OPEN, CODE_PORT_TAKEN,
		 "Port 80"},
		{"lo; sock ping4 127.0.0.2 14 reuse=?", "ping4 127.0.0.1 14", CALL_BIND, EADDRINUSE, NULL, -1, OPEN,
		 CODE_IDENT_TAKEN, "14"},
		{"lo; sock tcp4 0.0.0.0 80 reuse=?", "tcp4 127.0.0.1 80 reuseaddr", CALL_BIND, EADDRINUSE, NULL, -1,
		 OPEN, CODE_PORT_TAKEN, "tcp 0.0.0.0:80 bound"},
		{"lo; sock tcp4 0.0.0.0 80 reuse=?", "tcp4 127.0.0.1 80 reuseaddr", CALL_BIND, 0, NULL, -1, AGREES,
		 CODE_ADDR_LOCAL, NULL},
		// the kernel chose from a range whose holders nobody counted
		{"lo", "udp4 127.0.0.1 0", CALL_BIND, EADDRINUSE, NULL, -1, OPEN, CODE_PORT_EXHAUSTED, "60999"},
		{"lo", "ping4 127.0.0.1 0", CALL_BIND, EADDRINUSE, NULL, -1, OPEN, CODE_PORT_EXHAUSTED, NULL},
		// but not where they were, or where no port is chosen
		{"lo; ports udp", "udp4 127.0.0.1 0", CALL_BIND, EADDRINUSE, NULL, -1, DISAGREES, CODE_DISAGREEMENT,
		 NULL},
		{"lo; ports tcp; hidden", "tcp4 127.0.0.1 0", CALL_BIND, EADDRINUSE, NULL, -1, OPEN,
		 CODE_PORT_EXHAUSTED, NULL},
		{"lo", "udp4 127.0.0.1 0 noport", CALL_BIND, EADDRINUSE, NULL, -1, DISAGREES, CODE_DISAGREEMENT, NULL},
		{"lo", "raw4 127.0.0.1 0", CALL_BIND, EADDRINUSE, NULL, -1, DISAGREES, CODE_DISAGREEMENT, NULL},
		// another answer than the one that was given with doubt
		{"link lo; tables; unread", "tcp4 10.0.0.1 0", CALL_BIND, 0, NULL, 40000, OPEN, CODE_INPUT_UNKNOWN,
		 "IPv4 routes"},
		{"lo; noread net.ipv4.ip_nonlocal_bind", "tcp4 10.0.0.1 0", CALL_BIND, 0, NULL, 40000, OPEN,
		 CODE_INPUT_UNKNOWN, "net.ipv4.ip_nonlocal_bind"},
		{"lo; noread net.ipv4.ip_nonlocal_bind", "tcp4 10.0.0.1 0", CALL_BIND, EADDRNOTAVAIL, NULL, -1, AGREES,
		 CODE_ADDR_NOT_LOCAL, "10.0.0.1"},
		{"lo; maybe sctp", "sctp4 127.0.0.1 0", CALL_SOCKET, EPROTONOSUPPORT, NULL, -1, OPEN,
		 CODE_INPUT_UNKNOWN, "EPROTONOSUPPORT"},
		{SERVER, "tcp4 127.0.0.1 80 reuseport", CALL_BIND, 0, NULL, -1, OPEN, CODE_UNFORESEEN, " ok."},
		// nothing explains it but a hook
		{"lo", "tcp4 127.0.0.1 0", CALL_BIND, EPERM, NULL, -1, HOOK, CODE_HOOK_REFUSED, "EPERM"},
		{"lo", "tcp4 9.9.9.9 8080", CALL_BIND, EACCES, NULL, -1, HOOK, CODE_HOOK_REFUSED, "EACCES"},
		{"lo", "tcp4 127.0.0.1 0 freebind", CALL_SETSOCKOPT, EPERM, NULL, -1, HOOK, CODE_HOOK_REFUSED, "EPERM"},
		{"lo", "tcp4 127.0.0.1 0", CALL_SOCKET, EACCES, NULL, -1, HOOK, CODE_HOOK_REFUSED, "EACCES"},
		// a filter may answer with anything
		{"lo; filter", "tcp6 ::1 0", CALL_SOCKET, EAFNOSUPPORT, NULL, -1, HOOK, CODE_FAMILY_FILTERED,
		 "AF_INET6"},
		{"lo; filter", "tcp6 ::1 0", CALL_SOCKET, EPERM, NULL, -1, HOOK, CODE_FAMILY_FILTERED, "EPERM"},
		{"lo; filter", "tcp4 127.0.0.1 0 freebind", CALL_SETSOCKOPT, ENOSYS, NULL, -1, HOOK, CODE_HOOK_REFUSED,
		 "ENOSYS"},
		{"lo; filter", "tcp4 127.0.0.1 0", CALL_BIND, EADDRNOTAVAIL, NULL, -1, HOOK, CODE_HOOK_REFUSED,
		 "EADDRNOTAVAIL"},
		{"lo; filter", "tcp4 9.9.9.9 0", CALL_BIND, EINVAL, NULL, -1, HOOK, CODE_HOOK_REFUSED, "EINVAL"},
		{"lo; filter", "udp4 127.0.0.1 0", CALL_BIND, EADDRINUSE, NULL, -1, OPEN, CODE_PORT_EXHAUSTED, NULL},
		{"lo; filter", "tcp4 9.9.9.9 0", CALL_BIND, 0, NULL, 40000, DISAGREES, CODE_DISAGREEMENT, NULL},
		{"lo", "tcp6 ::1 0", CALL_SOCKET, EAFNOSUPPORT, NULL, -1, DISAGREES, CODE_DISAGREEMENT, NULL},
		// success without a port: the kernel has not bound it
		{"lo; ports tcp", "tcp4 127.0.0.1 80", CALL_BIND, 0, "0.0.0.0", 0, HOOK, CODE_HOOK_FAKED, "seccomp"},
		{"lo; filter", "tcp4 0.0.0.0 0", CALL_BIND, 0, "0.0.0.0", 0, HOOK, CODE_HOOK_FAKED, NULL},
		{"lo; filter", "udp6 2001:db8::9 0", CALL_BIND, 0, "::", 0, HOOK, CODE_HOOK_FAKED, NULL},
		{"lo; nocaps", "tcp4 127.0.0.1 80", CALL_BIND, 0, "0.0.0.0", 0, HOOK, CODE_HOOK_FAKED, NULL},
		{"lo", "tcp4 127.0.0.1 0 noport", CALL_BIND, 0, NULL, 0, AGREES, CODE_ADDR_LOCAL, NULL},
		{"lo; filter", "tcp4 127.0.0.1 0 noport", CALL_BIND, 0, "0.0.0.0", 0, HOOK, CODE_HOOK_REWROTE, NULL},
		// another address or port than asked for
		{"lo; ports tcp", "tcp4 127.0.0.1 80", CALL_BIND, 0, "127.0.0.2", -1, HOOK, CODE_HOOK_REWROTE, NULL},
		{"lo; ports tcp", "tcp4 127.0.0.1 80", CALL_BIND, 0, NULL, 81, HOOK, CODE_HOOK_REWROTE, NULL},
		{"lo", "tcp4 127.0.0.1 0", CALL_BIND, 0, "127.0.0.2", 5, HOOK, CODE_HOOK_REWROTE, NULL},
		{"lo", "tcp6 ::ffff:127.0.0.1 0", CALL_BIND, 0, "::1", 5, HOOK, CODE_HOOK_REWROTE, NULL},
		{"lo", "tcp4 9.9.9.9 0", CALL_BIND, 0, "127.0.0.1", 40000, HOOK, CODE_HOOK_REWROTE, NULL},
		{"lo; nocaps", "tcp4 127.0.0.1 80", CALL_BIND, 0, "127.0.0.1", 8080, HOOK, CODE_HOOK_REWROTE, NULL},
		// a right that is not held and was not asked for
		{"lo; nocaps", "tcp4 127.0.0.1 80", CALL_BIND, 0, NULL, -1, HOOK, CODE_HOOK_WAIVED, NULL},
		{"lo; nocaps", "tcp4 127.0.0.1 80", CALL_BIND, EADDRINUSE, NULL, -1, DISAGREES, CODE_DISAGREEMENT,
		 NULL},
		{"lo; nocaps; nohooks", "tcp4 127.0.0.1 80", CALL_BIND, 0, NULL, -1, DISAGREES, CODE_DISAGREEMENT,
		 NULL},
		{"lo; nocaps", "sctp4 127.0.0.1 80", CALL_BIND, 0, NULL, -1, DISAGREES, CODE_DISAGREEMENT, NULL},
		// none of this
		{"lo", "tcp4 9.9.9.9 0", CALL_BIND, 0, NULL, 40000, DISAGREES, CODE_DISAGREEMENT, NULL},
		{"lo", "tcp4 127.0.0.1 0", CALL_BIND, EADDRNOTAVAIL, NULL, -1, DISAGREES, CODE_DISAGREEMENT, NULL},
		{"lo", "tcp6 fe80::1 0", CALL_BIND, EADDRNOTAVAIL, NULL, -1, DISAGREES, CODE_DISAGREEMENT, NULL},
		{"lo; ports tcp", "tcp4 127.0.0.1 80", CALL_BIND, EADDRINUSE, NULL, -1, DISAGREES, CODE_DISAGREEMENT,
		 NULL},
		{"lo", "tcp4 9.9.9.9 0", CALL_BIND, EADDRINUSE, NULL, -1, DISAGREES, CODE_DISAGREEMENT, NULL},
		{"lo", "tcp4 127.0.0.1 0", CALL_SOCKET, EMFILE, NULL, -1, DISAGREES, CODE_DISAGREEMENT, NULL},
		{"lo", "tcp4 127.0.0.1 0 freebind", CALL_SETSOCKOPT, EINVAL, NULL, -1, DISAGREES, CODE_DISAGREEMENT,
		 NULL},
		{"lo; nocaps", "tcp4 9.9.9.9 0 transparent", CALL_BIND, EADDRNOTAVAIL, NULL, -1, DISAGREES,
		 CODE_DISAGREEMENT, NULL},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		check(&cases[i]);
}

// A hook refuses before the kernel looks anything up: that no lookup was seen fits.
static void test_hook_before_lookup(void **state)
{
	(void)state;
	struct host *h;
	struct walk w;
	made_decide("lo", "tcp4 127.0.0.1 0", &h, &w);
	walk_observe(&w, CALL_BIND, EPERM, NULL, 0, 0);
	walk_witness(&w, 0, 0, 0, 0);
	const struct claim *c = &walk_find(&w, STEP_CLASSIFY)->claims[EV_KERNEL];
	assert_true(c->contradicts);
	walk_conclude(&w);
	assert_int_equal(w.agreement, HOOK);
	assert_false(c->contradicts);
	walk_witness(&w, 1, 10, 0, 0); // another table is none of a hook's doing
	walk_conclude(&w);
	assert_true(c->contradicts);
	host_free(h);
}

// Neither a disagreement nor a hook is claimed where the host changed, and no disagreement where nobody could look
// again.
static void test_dropped_surprise(void **state)
{
	(void)state;
	static const struct {
		int err;
		void (*drop)(struct walk *w);
		enum agreement agreement;
		enum code code;
	} cases[] = {
		{0, walk_changed, CHANGED, CODE_HOST_CHANGED},
		{EACCES, walk_changed, CHANGED, CODE_HOST_CHANGED},
		{EADDRNOTAVAIL, walk_changed, AGREES, CODE_ADDR_NOT_LOCAL},
		{0, walk_changed_since, CHANGED, CODE_CHANGED_SINCE},
		{EACCES, walk_changed_since, CHANGED, CODE_CHANGED_SINCE},
		{EADDRNOTAVAIL, walk_changed_since, AGREES, CODE_ADDR_NOT_LOCAL},
		{0, walk_unchecked, OPEN, CODE_UNFORESEEN},
		{EACCES, walk_unchecked, HOOK, CODE_HOOK_REFUSED},
		{EADDRNOTAVAIL, walk_unchecked, AGREES, CODE_ADDR_NOT_LOCAL},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct host *h;
		struct walk w;
		made_decide("lo", "tcp4 9.9.9.9 0", &h, &w);
		walk_observe(&w, CALL_BIND, cases[i].err, NULL, 0, 0);
		walk_conclude(&w);
		cases[i].drop(&w);
		assert_int_equal(w.agreement, cases[i].agreement);
		assert_int_equal(w.code, cases[i].code);
		bool told = w.agreement == HOOK;
		assert_int_equal(w.steps[w.nsteps - 1].claims[EV_SYSCALL].contradicts, told);
		assert_int_equal(w.predicted.certain, w.agreement != OPEN);
		host_free(h);
	}
}

// The verdict of a bind that would succeed now names what may have changed, by the errno.
static void test_changed_since_says_what(void **state)
{
	(void)state;
	static const struct {
		const char *attempt;
		int err;
		const char *says;
	} cases[] = {
		{"tcp4 127.0.0.1 8080", EADDRINUSE, "port 8080"},
		{"tcp4 127.0.0.1 8080", EADDRNOTAVAIL, "address"},
		{"tcp4 127.0.0.1 8080", EINVAL, "EINVAL"},
		{"tcp4 9.9.9.9 8080", EADDRINUSE, "EADDRINUSE"},
	};
	char told[4][512];
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct host *h;
		struct walk w;
		made_decide("lo", cases[i].attempt, &h, &w);
		walk_observe(&w, CALL_BIND, cases[i].err, NULL, 0, 0);
		w.predicted.certain = true; // as where the sockets were read
		walk_conclude(&w);
		walk_changed_since(&w);
		assert_int_equal(w.code, CODE_CHANGED_SINCE);
		walk_sentence(made_facts(h), &w, told[i], sizeof told[i]);
		assert_non_null(strstr(told[i], cases[i].says));
		host_free(h);
	}
	assert_null(strstr(told[3], "port 8080")); // refused for its address now: nobody has looked at the port
}

static void test_not_tried(void **state)
{
	(void)state;
	struct host *h;
	struct walk w;
	made_decide("lo", "tcp4 9.9.9.9 0", &h, &w);
	walk_conclude(&w);
	assert_int_equal(w.agreement, NOT_TRIED);
	assert_int_equal(w.code, CODE_ADDR_NOT_LOCAL);
	host_free(h);
}

// The calls before bind, each with its own result.
static void test_calls(void **state)
{
	(void)state;
	struct host *h;
	struct walk w;
	made_decide("lo; nocaps", "tcp4 9.9.9.9 0 freebind transparent", &h, &w);
	walk_observe_call(&w, 0, 3, 0);
	walk_observe_call(&w, 1, 0, 0);
	walk_observe_call(&w, 2, -1, EPERM);
	assert_int_equal(w.steps[0].claims[EV_SYSCALL].value, 3);
	for (unsigned i = 0; i < 3; i++) {
		assert_true(w.steps[i].claims[EV_SYSCALL].present);
		assert_false(w.steps[i].claims[EV_SYSCALL].contradicts);
	}
	walk_observe_call(&w, 2, 0, 0); // it went through although the model says EPERM
	assert_true(w.steps[2].claims[EV_SYSCALL].contradicts);
	walk_observe_call(&w, 2, -1, EINVAL);
	assert_true(w.steps[2].claims[EV_SYSCALL].contradicts);
	assert_int_equal(w.steps[2].claims[EV_SYSCALL].err, EINVAL);
	walk_observe(&w, CALL_SETSOCKOPT, EPERM, NULL, 0, 0);
	walk_conclude(&w); // the errno is as predicted, but it is another call's
	assert_int_equal(w.agreement, HOOK);
	host_free(h);

	made_decide("lo", "tcp4 127.0.0.1 0 freebind freebind6", &h, &w);
	walk_observe_call(&w, 1, -1, ENOPROTOOPT); // predicted for the second
	walk_observe(&w, CALL_SETSOCKOPT, ENOPROTOOPT, NULL, 0, 0);
	walk_conclude(&w);
	assert_int_equal(w.agreement, DISAGREES);
	host_free(h);

	made_decide("lo", "tcp4 127.0.0.1 0 freebind6 freebind", &h, &w);
	walk_observe_call(&w, 2, 0, 0); // a step that was not predicted to come
	assert_false(w.steps[2].claims[EV_SYSCALL].contradicts);
	walk_observe_call(&w, 2, -1, EPERM);
	assert_true(w.steps[2].claims[EV_SYSCALL].contradicts);
	host_free(h);
}

struct answer_case {
	const char *host, *bind;
	int err; // of the lookup, negative
	unsigned type;
	bool present, contradicts;
};

// The kernel's own answer to the lookup.
static void test_asked(void **state)
{
	(void)state;
	static const struct answer_case cases[] = {
		{"lo", "tcp4 127.0.0.1 0", 0, RTN_LOCAL, true, false},
		{"lo", "tcp4 127.0.0.1 0", 0, RTN_UNICAST, true, true},
		{"lo", "tcp4 127.0.0.1 0", -EAGAIN, 0, true, true},
		{"lo", "tcp4 9.9.9.9 0", -EAGAIN, 0, true, false},
		{"lo", "tcp4 9.9.9.9 0", 0, RTN_UNICAST, true, true},
		{"lo", "tcp4 9.9.9.9 0", -EINVAL, 0, true, true},
		{"lo; route blackhole 9.9.9.9 table local", "tcp4 9.9.9.9 0", -EINVAL, 0, true, false},
		{"lo; route prohibit 9.9.9.9 table local", "tcp4 9.9.9.9 0", -EACCES, 0, true, false},
		{"lo; route prohibit 9.9.9.9 table local", "tcp4 9.9.9.9 0", -EHOSTUNREACH, 0, true, true},
		{"lo; route unicast 9.9.9.9 table local", "tcp4 9.9.9.9 0", 0, RTN_UNICAST, true, false},
		{"", "tcp4 9.9.9.9 0", -ENOENT, 0, true, false}, // no such table
		{"", "tcp4 9.9.9.9 0", -EAGAIN, 0, true, true},
		// a blackhole next hop hides what error type its route is of
		{"lo; route blackhole 9.9.9.9 nhid 2 table local", "tcp4 9.9.9.9 0", -EHOSTUNREACH, 0, true, false},
		{"lo; route blackhole 9.9.9.9 nhid 2 table local", "tcp4 9.9.9.9 0", 0, RTN_UNICAST, true, true},
		// bind looks nothing up here
		{"lo", "tcp4 0.0.0.0 0", 0, RTN_UNICAST, false, false},
		{"lo", "tcp4 224.0.0.1 0", 0, RTN_UNICAST, false, false},
		{"lo", "tcp6 ::1 0", 0, RTN_LOCAL, false, false},
		{"lo", "tcp4 127.0.0.1 0 len=3", 0, RTN_UNICAST, false, false},
		{"lo", "tcp6 ::ffff:127.0.0.1 0", 0, RTN_LOCAL, true, false},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct host *h;
		struct walk w;
		made_decide(cases[i].host, cases[i].bind, &h, &w);
		int err = w.predicted.err;
		walk_ask(&w, cases[i].err, cases[i].type, 255, 8);
		const struct claim *c = &walk_find(&w, STEP_CLASSIFY)->claims[EV_ASKED];
		if (c->present != cases[i].present || (c->present && c->contradicts != cases[i].contradicts))
			fail_msg("%s on [%s]", cases[i].bind, cases[i].host);
		if (c->present) {
			assert_int_equal(c->err, -cases[i].err);
			assert_int_equal(c->value, cases[i].err ? 0 : (int)cases[i].type);
			assert_int_equal(c->table, 255);
			assert_int_equal(c->len, 8);
		}
		walk_observe(&w, w.predicted.call, err, err ? NULL : &w.attempt.addr, 5, 0);
		walk_conclude(&w); // one contradicted step is enough
		assert_int_equal(w.agreement, cases[i].contradicts ? DISAGREES : AGREES);
		host_free(h);
	}
	// Where the model itself rests on the answer there is nothing to compare.
	struct host *h = made_host("link lo; tables; unread");
	struct walk w;
	struct attempt a = made_attempt(h, "tcp4 10.0.0.1 0");
	made_question.fib = (struct fib_answer){.present = true, .table = 255, .dst = 0x0a000001, .type = RTN_LOCAL};
	decide(made_facts(h), &a, &w);
	walk_ask(&w, 0, RTN_UNICAST, 255, 8);
	assert_true(walk_find(&w, STEP_CLASSIFY)->claims[EV_ASKED].present);
	assert_false(walk_find(&w, STEP_CLASSIFY)->claims[EV_ASKED].contradicts);
	host_free(h);
}

// Lookups that were seen inside the kernel while bind ran.
static void test_witnessed(void **state)
{
	(void)state;
	static const struct {
		const char *host, *bind;
		unsigned lookups;
		uint32_t table;
		int err; // negative
		bool contradicts;
	} cases[] = {
		{"lo", "tcp4 127.0.0.1 0", 1, 255, 0, false},
		{"lo", "tcp4 127.0.0.1 0", 0, 0, 0, true},         // one was expected
		{"lo", "tcp4 127.0.0.1 0", 1, 254, 0, true},       // in another table
		{"lo", "tcp4 127.0.0.1 0", 1, 255, -EAGAIN, true}, // with another end
		{"lo", "tcp4 9.9.9.9 0", 1, 255, -EAGAIN, false},
		{"lo", "tcp4 9.9.9.9 0", 1, 255, 0, true},
		{"lo; route blackhole 9.9.9.9 table local", "tcp4 9.9.9.9 0", 1, 255, -EINVAL, false},
		{"lo", "tcp4 0.0.0.0 0", 0, 0, 0, false},
		{"lo", "tcp4 0.0.0.0 0", 1, 255, 0, true},
		{"", "tcp4 8.8.8.8 0", 0, 0, 0, false}, // no table, no lookup
		{"", "tcp4 8.8.8.8 0", 1, 255, -EAGAIN, true},
		{"lo", "tcp6 ::1 0", 0, 0, 0, false}, // the whole story of IPv6
		{"lo", "tcp6 ::1 0", 1, 255, 0, true},
		{"lo; vrf red 10", "tcp4 9.9.9.9 0 dev=red", 1, 10, -EAGAIN, false},
		{"lo; vrf red 10", "tcp4 9.9.9.9 0 dev=red", 1, 255, -EAGAIN, true},
		{"lo", "tcp4 127.0.0.1 0 len=3", 0, 0, 0, false}, // refused before
		{"lo", "tcp4 127.0.0.1 0 len=3", 1, 255, 0, true},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct host *h;
		struct walk w;
		made_decide(cases[i].host, cases[i].bind, &h, &w);
		walk_witness(&w, cases[i].lookups, cases[i].table, cases[i].err, 1);
		const struct claim *c = &walk_find(&w, STEP_CLASSIFY)->claims[EV_KERNEL];
		assert_true(c->present);
		assert_int_equal(c->count, cases[i].lookups);
		if (c->contradicts != cases[i].contradicts)
			fail_msg("%s on [%s], %u lookups", cases[i].bind, cases[i].host, cases[i].lookups);
		walk_observe(&w, w.predicted.call, w.predicted.err, NULL, 0, 0);
		walk_conclude(&w);
		assert_int_equal(w.agreement, cases[i].contradicts ? DISAGREES : AGREES);
		host_free(h);
	}
}

static void test_finding(void **state)
{
	(void)state;
	struct host *h;
	struct walk w;
	made_decide("lo", "tcp4 127.0.0.1 0", &h, &w);
	assert_int_equal(walk_find(&w, STEP_SOCKET)->step, STEP_SOCKET);
	assert_ptr_equal(walk_find(&w, STEP_RESULT), &w.steps[w.nsteps - 1]);
	assert_null(walk_find(&w, STEP_SETSOCKOPT));
	assert_null(walk_find(&w, STEP_ADDRESS_LIST));
	struct walk_step *s = walk_find(&w, STEP_CLASSIFY);
	assert_int_equal(step_input(s, IN_TYPE)->number, RTN_LOCAL);
	assert_null(step_input(s, IN_HOLDER));
	// Each input points at what it was read from.
	assert_int_equal(step_input(s, IN_ROUTE)->ref.kind, REF_ROUTE4);
	assert_int_equal(step_input(s, IN_ADDRESS)->ref.kind, REF_ATTEMPT);
	assert_int_equal(step_input(walk_find(&w, STEP_NONLOCAL), IN_SYSCTL)->ref.kind, REF_SYSCTL);
	assert_int_equal(step_input(walk_find(&w, STEP_NONLOCAL), IN_SYSCTL)->ref.index, SYSCTL_V4_NONLOCAL);
	assert_int_equal(step_input(walk_find(&w, STEP_NONLOCAL), IN_FREEBIND)->ref.kind, REF_OPTION);
	host_free(h);
	made_decide("lo; link v0; addr 2001:db8::1/64 dev v0; sock tcp6 2001:db8::1 80 listen",
		    "tcp6 2001:db8::1 80 dev=v0", &h, &w);
	s = walk_find(&w, STEP_ADDRESS_LIST);
	assert_int_equal(step_input(s, IN_ENTRY)->ref.kind, REF_ADDR);
	assert_int_equal(h->addrs[step_input(s, IN_ENTRY)->ref.index].index, made_index(h, "v0"));
	assert_int_equal(step_input(s, IN_DEVICE)->ref.kind, REF_LINK);
	assert_string_equal(h->links[step_input(s, IN_DEVICE)->ref.index].name, "v0");
	assert_int_equal(step_input(walk_find(&w, STEP_PORT), IN_HOLDER)->ref.kind, REF_SOCK);
	host_free(h);
}

// The kind of problem is what has to be looked at: rights, or the argument.
static void test_class(void **state)
{
	(void)state;
	static const struct {
		const char *host, *bind;
		enum code code;
		enum code_class class;
	} cases[] = {
		{"lo", "tcp4 127.0.0.1 0", CODE_ADDR_LOCAL, CLASS_NONE},
		{"lo", "tcp4 9.9.9.9 0", CODE_ADDR_NOT_LOCAL, CLASS_ADDRESS},
		{"lo; nocaps", "tcp4 9.9.9.9 0 transparent", CODE_OPTION_REFUSED, CLASS_PERMISSION},
		{"lo", "tcp4 9.9.9.9 0 freebind6", CODE_OPTION_REFUSED, CLASS_ARGUMENT},
		{"lo", "tcp4 127.0.0.1 0 portrange=9-8", CODE_OPTION_REFUSED, CLASS_ARGUMENT},
		{"lo; nocaps", "raw4 127.0.0.1 0", CODE_SOCKET_REFUSED, CLASS_PERMISSION},
		{"lo; noping", "ping4 127.0.0.1 0", CODE_SOCKET_REFUSED, CLASS_PERMISSION},
		{"lo; without mptcp", "mptcp4 127.0.0.1 0", CODE_SOCKET_REFUSED, CLASS_ARGUMENT},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct host *h;
		struct walk w;
		made_decide(cases[i].host, cases[i].bind, &h, &w);
		if (w.code != cases[i].code || walk_class(&w) != cases[i].class)
			fail_msg("%s: %s, %s", cases[i].bind, code_info(w.code)->name,
				 code_class_name(walk_class(&w)) ? code_class_name(walk_class(&w)) : "none");
		host_free(h);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_agreement),
		cmocka_unit_test(test_hook_before_lookup),
		cmocka_unit_test(test_dropped_surprise),
		cmocka_unit_test(test_changed_since_says_what),
		cmocka_unit_test(test_not_tried),
		cmocka_unit_test(test_calls),
		cmocka_unit_test(test_asked),
		cmocka_unit_test(test_witnessed),
		cmocka_unit_test(test_finding),
		cmocka_unit_test(test_class),
	};
	return cmocka_run_group_tests_name("walk", tests, NULL, NULL);
}
