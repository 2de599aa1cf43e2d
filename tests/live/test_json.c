// SPDX-License-Identifier: GPL-3.0-or-later
// The JSON of a walk: parsed again, and held against the contract that scripts rely on. Needs no rights, but links
// jansson.
#include <jansson.h>

#include "core/model/decide_range.h"
#include "core/model/walk_conclude.h"
#include "core/text/report.h"
#include "core/text/report_json.h"
#include "tests/unit/made_walk.h"

static json_t *json_of(const struct host *h, const struct walk *w)
{
	char *text = NULL;
	size_t len = 0;
	json_error_t error;
	FILE *out = open_memstream(&text, &len);
	assert_non_null(out);
	assert_int_equal(report_json(made_facts(h), w, out), 0);
	fclose(out);
	assert_int_equal(text[len - 1], '\n');
	for (const char *p = text; *p; p++)
		if (*p != '\n' && (*p < 0x20 || *p > 0x7e))
			fail_msg("byte %02x in: %s", (unsigned char)*p, text);
	json_t *root = json_loads(text, JSON_REJECT_DUPLICATES, &error);
	if (!root)
		fail_msg("%s at line %d:\n%s", error.text, error.line, text);
	free(text);
	return root;
}

static json_t *walk_json(const char *host, const char *bind)
{
	struct host *h;
	struct walk w;
	made_decide(host, bind, &h, &w);
	decide_range(made_facts(h), &w);
	json_t *root = json_of(h, &w);
	host_free(h);
	return root;
}

static const json_t *member(const json_t *object, const char *key)
{
	const json_t *value = json_object_get(object, key);
	if (!value)
		fail_msg("no key %s", key);
	return value;
}

static void expect_text(const json_t *object, const char *key, const char *text) // NULL: null
{
	const json_t *value = member(object, key);
	if (!text) {
		assert_true(json_is_null(value));
		return;
	}
	if (!json_is_string(value) || strcmp(json_string_value(value), text) != 0)
		fail_msg("%s is %s, not %s", key, json_is_string(value) ? json_string_value(value) : "no string", text);
}

static void expect_number(const json_t *object, const char *key, json_int_t number)
{
	const json_t *value = member(object, key);
	assert_true(json_is_integer(value));
	assert_int_equal(json_integer_value(value), number);
}

static void expect_bool(const json_t *object, const char *key, bool wanted)
{
	const json_t *value = member(object, key);
	assert_true(json_is_boolean(value));
	assert_int_equal(json_is_true(value), wanted);
}

static const json_t *step_called(const json_t *root, const char *name)
{
	const json_t *steps = member(root, "steps");
	for (size_t i = 0; i < json_array_size(steps); i++) {
		const json_t *s = json_array_get(steps, i);
		if (strcmp(json_string_value(member(s, "step")), name) == 0)
			return s;
	}
	fail_msg("no step %s", name);
	return NULL;
}

// The example of the contract.
static void test_contract(void **state)
{
	(void)state;
	json_t *root = walk_json("lo; route local 192.168.123.0/24 dev lo", "tcp4 192.168.123.123 0 freebind");
	const json_t *attempt = member(root, "attempt");
	expect_text(attempt, "family", "inet");
	expect_text(attempt, "type", "stream");
	expect_text(attempt, "protocol", "tcp");
	expect_text(attempt, "address", "192.168.123.123");
	expect_number(attempt, "port", 0);
	expect_text(attempt, "scope", NULL);
	expect_text(attempt, "device", NULL);
	expect_number(member(attempt, "options"), "freebind", 1);
	expect_text(attempt, "sa_family", "inet");
	expect_number(attempt, "addrlen", 16);
	expect_number(attempt, "binds", 1);
	expect_text(root, "kernel", "6.18.44");

	const json_t *classify = step_called(root, "classify");
	expect_text(classify, "function", "inet_addr_type_table");
	expect_text(classify, "file", "net/ipv4/fib_frontend.c");
	expect_text(classify, "question", step_info(STEP_CLASSIFY)->question);
	expect_text(classify, "answer", "RTN_LOCAL");
	expect_number(classify, "value", RTN_LOCAL);
	expect_text(classify, "evidence", "model");
	expect_bool(classify, "reached", true);
	expect_bool(classify, "decisive", true);
	const json_t *inputs = member(classify, "inputs");
	expect_number(inputs, "table", 255);
	expect_text(inputs, "route", "192.168.123.0/24");
	expect_text(inputs, "type", "local");

	const json_t *verdict = member(root, "verdict");
	expect_text(verdict, "class", NULL);
	expect_text(verdict, "code", "ADDR_ANYIP");
	expect_text(verdict, "holds_for", "192.168.123.0/24");
	assert_true(json_string_length(member(verdict, "sentence")) > 10);
	expect_text(member(root, "predicted"), "call", "bind");
	expect_text(member(root, "predicted"), "errno", NULL);
	assert_true(json_is_null(member(root, "observed")));
	assert_true(json_is_null(member(root, "agree")));
	assert_int_equal(json_array_size(member(root, "remedies")), 0);
	json_decref(root);
}

static void test_refusal(void **state)
{
	(void)state;
	json_t *root = walk_json("lo; link v0", "udp6 fe80::1 53 dev=v0 scope=lo v6only=0 portrange=5-6 uid=1000");
	const json_t *attempt = member(root, "attempt");
	expect_text(attempt, "family", "inet6");
	expect_text(attempt, "type", "dgram");
	expect_text(attempt, "scope", "lo");
	expect_text(attempt, "device", "v0");
	expect_text(member(attempt, "options"), "device", "v0");
	expect_text(member(attempt, "options"), "portrange", "5-6");
	expect_number(member(attempt, "options"), "v6only", 0);
	expect_bool(attempt, "unprivileged", true);
	expect_text(attempt, "sa_family", "inet6");
	expect_number(attempt, "addrlen", 28);
	expect_text(member(root, "verdict"), "class", "PERMISSION");
	expect_text(member(root, "verdict"), "code", "PORT_PRIVILEGED");
	expect_text(member(root, "verdict"), "holds_for", NULL);
	expect_text(member(root, "predicted"), "errno", "EACCES");
	const json_t *fix = json_array_get(member(root, "remedies"), 0);
	expect_bool(fix, "verified", true);
	assert_true(json_is_string(member(fix, "change")) && json_is_string(member(fix, "price")));
	expect_text(fix, "needs", "nothing");
	expect_text(fix, "kind", "port");
	expect_text(fix, "wait_ms", NULL);
	assert_true(json_is_array(member(fix, "commands")) && json_is_object(member(fix, "spelled")));
	assert_true(json_is_array(member(fix, "arguments")) && json_array_size(member(fix, "arguments")) > 2);
	member(fix, "keep");
	member(fix, "then");
	expect_bool(step_called(root, "scope"), "reached", false);
	json_decref(root);

	root = walk_json("lo", "tcp6 ::1 0 family=77 len=20 twice");
	attempt = member(root, "attempt");
	expect_number(attempt, "sa_family", 77);
	expect_number(attempt, "addrlen", 20);
	expect_number(attempt, "binds", 2);
	json_decref(root);

	root = walk_json("lo; nocaps", "tcp4 9.9.9.9 0 transparent");
	expect_text(member(root, "predicted"), "call", "setsockopt");
	expect_text(member(root, "predicted"), "errno", "EPERM");
	const json_t *option = step_called(root, "setsockopt");
	expect_text(option, "function", NULL); // before bind
	expect_text(option, "value", NULL);
	expect_bool(option, "decisive", true);
	json_decref(root);
}

// The socket in the way, and the condition of sharing that fails.
static void test_holder(void **state)
{
	(void)state;
	json_t *root = walk_json("lo; link br9; sock udp4 0.0.0.0 67 dev=br9 uid=7", "udp4 0.0.0.0 67");
	const json_t *holder = member(root, "holder"), *condition = member(root, "condition");
	expect_text(holder, "protocol", "udp");
	expect_text(holder, "local", "0.0.0.0%br9:67");
	expect_text(holder, "peer", NULL);
	expect_text(holder, "state", "bound");
	assert_true(json_is_null(member(holder, "timer_ms")));
	expect_text(holder, "device", "br9");
	expect_number(holder, "uid", 7);
	expect_number(holder, "pid", 41);
	expect_text(holder, "program", "server");
	expect_text(holder, "owner", "process");
	expect_text(holder, "likely", NULL);
	expect_text(condition, "fails", "device");
	expect_text(condition, "side", "here");
	assert_true(json_is_false(member(condition, "open")));
	json_decref(root);

	root = walk_json("lo; sock tcp4 127.0.0.1 80 timewait reuse=? peer=127.0.0.9 peerport=9", "tcp4 127.0.0.1 80");
	holder = member(root, "holder");
	condition = member(root, "condition");
	expect_text(holder, "peer", "127.0.0.9:9");
	expect_text(holder, "state", "TIME_WAIT");
	expect_number(holder, "timer_ms", 59000);
	assert_true(json_is_null(member(holder, "uid")) && json_is_null(member(holder, "pid")));
	expect_text(holder, "owner", "none");
	expect_text(condition, "fails", "reuseaddr");
	assert_true(json_is_true(member(condition, "open")));
	json_decref(root);

	root = walk_json("lo", "tcp4 127.0.0.1 0");
	assert_true(json_is_null(member(root, "holder")) && json_is_null(member(root, "condition")));
	json_decref(root);
}

static void test_observed(void **state)
{
	(void)state;
	static const struct {
		const char *bind;
		int err;
		const char *local, *json_local, *code;
		int agree; // -1: null
	} cases[] = {
		{"tcp4 127.0.0.1 0", 0, "127.0.0.1", "127.0.0.1:40123", "ADDR_LOCAL", 1},
		{"tcp6 ::1 0", 0, "::1", "[::1]:40123", "ADDR_CONFIGURED", 1},
		{"tcp4 9.9.9.9 0", EADDRNOTAVAIL, NULL, NULL, "ADDR_NOT_LOCAL", 1},
		{"tcp4 9.9.9.9 0", 0, "9.9.9.9", "9.9.9.9:40123", "DISAGREEMENT", 0},
		{"tcp4 127.0.0.1 0", EPERM, NULL, NULL, "HOOK_REFUSED", -1},
		{"tcp4 127.0.0.1 0", 0, "127.0.0.2", "127.0.0.2:40123", "HOOK_REWROTE", -1},
		{"tcp4 127.0.0.1 80", EADDRINUSE, NULL, NULL, "PORT_TAKEN", -1},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct host *h;
		struct walk w;
		made_decide("lo", cases[i].bind, &h, &w);
		struct addr local = {0};
		if (cases[i].local)
			local = made_addr(cases[i].local);
		walk_observe(&w, CALL_BIND, cases[i].err, &local, 40123, 0);
		walk_conclude(&w);
		json_t *root = json_of(h, &w);
		const json_t *observed = member(root, "observed");
		expect_text(observed, "call", "bind");
		expect_text(observed, "errno", cases[i].err ? errno_name(cases[i].err) : NULL);
		expect_text(observed, "local", cases[i].json_local);
		expect_text(member(root, "verdict"), "code", cases[i].code);
		if (cases[i].agree < 0)
			assert_true(json_is_null(member(root, "agree")));
		else
			expect_bool(root, "agree", cases[i].agree);
		expect_text(step_called(root, "result"), "evidence", "syscall");
		json_decref(root);
		host_free(h);
	}
}

static void test_claims(void **state)
{
	(void)state;
	struct host *h;
	struct walk w;
	made_decide("lo", "tcp4 127.0.0.1 0", &h, &w);
	walk_observe_call(&w, 0, 3, 0);
	walk_ask(&w, 0, RTN_LOCAL, 255, 32);
	walk_witness(&w, 1, 255, 0, 1);
	json_t *root = json_of(h, &w);
	const json_t *claims = member(step_called(root, "classify"), "claims");
	expect_number(member(claims, "asked"), "table", 255);
	expect_text(member(claims, "asked"), "type", "local");
	expect_number(member(claims, "asked"), "prefixlen", 32);
	expect_text(member(claims, "asked"), "errno", NULL);
	expect_number(member(claims, "kernel"), "lookups", 1);
	expect_number(member(claims, "kernel"), "table", 255);
	expect_text(member(claims, "kernel"), "device", "lo");
	expect_number(member(member(step_called(root, "socket"), "claims"), "syscall"), "returned", 3);
	json_decref(root);
	walk_ask(&w, -EAGAIN, 0, 255, 0);
	walk_witness(&w, 0, 0, 0, 0);
	walk_observe_call(&w, 0, -1, EMFILE);
	root = json_of(h, &w);
	claims = member(step_called(root, "classify"), "claims");
	expect_text(member(claims, "asked"), "errno", "EAGAIN");
	expect_text(member(claims, "asked"), "type", NULL);
	expect_number(member(claims, "kernel"), "lookups", 0);
	expect_text(member(claims, "kernel"), "table", NULL);
	expect_text(member(member(step_called(root, "socket"), "claims"), "syscall"), "errno", "EMFILE");
	json_decref(root);
	walk_find(&w, STEP_CLASSIFY)->claims[EV_KERNEL].present = false;
	w.unwitnessed = "its events were lost";
	root = json_of(h, &w);
	expect_text(member(member(step_called(root, "classify"), "claims"), "kernel"), "missing",
		    "its events were lost");
	json_decref(root);
	host_free(h);
}

// Whatever the walk, all keys are there, and each step's inputs have a name of their own.
static void test_all_keys(void **state)
{
	(void)state;
	static const char *const hosts[] = {
		"",
		"lo; noping",
		"lo; nocaps; sock tcp4 0.0.0.0 80 listen",
		"lo; vrf red 10; link d0 master red; addr 10.0.0.1/24 dev d0; addr fe80::1/64 dev d0 tentative; route local 2001:db8::/64 dev lo",
	};
	static const char *const binds[] = {
		"tcp4 10.0.0.1 0",         "tcp4 10.0.0.1 80 dev=red", "udp4 0.0.0.0 0 family=0",
		"tcp6 ::ffff:10.0.0.1 80", "udp6 fe80::1 0 scope=2",   "raw4 127.0.0.1 0",
		"ping6 2001:db8::1 0",     "mptcp4 9.9.9.9 0 noport",  "tcp6 2001:db8::1 0 scope=999",
		"sctp4 127.0.0.1 0",       "tcp4 127.0.0.1 0 twice",   "udp6 ff02::1 0 ifindex=999",
	};
	static const char *const keys[] = {"attempt",   "kernel",   "steps", "verdict",
					   "predicted", "observed", "agree", "remedies"};
	static const char *const step_keys[] = {"step",    "function", "file",    "question", "inputs",
						"answer",  "text",     "finding", "evidence", "claims",
						"reached", "decisive", "value"};
	for (size_t i = 0; i < sizeof hosts / sizeof *hosts; i++) {
		for (size_t j = 0; j < sizeof binds / sizeof *binds; j++) {
			struct host *h;
			struct walk w;
			made_decide(hosts[i], binds[j], &h, &w);
			json_t *root = json_of(h, &w);
			for (size_t k = 0; k < sizeof keys / sizeof *keys; k++)
				member(root, keys[k]);
			const json_t *steps = member(root, "steps");
			unsigned decisive = 0;
			assert_int_equal(json_array_size(steps), w.nsteps);
			for (unsigned s = 0; s < w.nsteps; s++) {
				const json_t *step = json_array_get(steps, s);
				for (size_t k = 0; k < sizeof step_keys / sizeof *step_keys; k++)
					member(step, step_keys[k]);
				decisive += json_is_true(member(step, "decisive"));
				assert_int_equal(json_object_size(member(step, "inputs")), w.steps[s].ninputs);
			}
			assert_int_equal(decisive, 1);
			json_decref(root);
			host_free(h);
		}
	}
}

// Interface names are bytes; JSON is UTF-8. Nothing may get lost by it.
static void test_strange_names(void **state)
{
	(void)state;
	struct host *h = made_host("lo; link v0; addr fe80::1/64 dev v0");
	struct walk w;
	struct attempt a = made_attempt(h, "tcp6 fe80::1 0");
	strcpy(h->links[1].name, "\xff\"\\");
	decide(made_facts(h), &a, &w);
	json_t *root = json_of(h, &w);
	expect_text(member(root, "verdict"), "code", "SCOPE_MISSING");
	expect_text(member(root, "verdict"), "sentence",
		    "fe80::1 is link-local: it needs an interface, as in fe80::1%\\xff\"\\.");
	expect_text(json_array_get(member(root, "remedies"), 0), "change", "bind to fe80::1%\\xff\"\\");
	expect_text(member(step_called(root, "scope"), "inputs"), "nearest", "fe80::1%\\xff\"\\");
	json_decref(root);
	strcpy(a.scope_name, "\xff");
	a.scope = 2;
	decide(made_facts(h), &a, &w);
	root = json_of(h, &w);
	expect_text(member(root, "attempt"), "scope", "\\xff");
	json_decref(root);
	// Valid UTF-8 stays unchanged, even where it may not be shown; json_of() looks at the bytes.
	static const char *const names[] = {"\033[31m\x7f",
					    "\xc2\x9b"
					    "1m",
					    "\xe2\x80\xae"
					    "0hte",
					    "\x7f\x7f", "é\u200b"};
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		strcpy(a.scope_name, names[i]);
		decide(made_facts(h), &a, &w);
		root = json_of(h, &w);
		expect_text(member(root, "attempt"), "scope", names[i]);
		json_decref(root);
	}
	host_free(h);
}

static void test_full_device(void **state)
{
	(void)state;
	struct host *h;
	struct walk w;
	made_decide("lo", "tcp4 9.9.9.9 0", &h, &w);
	FILE *full = fopen("/dev/full", "w");
	if (!full)
		skip();
	assert_true(report_json(made_facts(h), &w, full) < 0);
	fclose(full);
	host_free(h);
}

// The object of the sentence, the unreadable inputs, and the note on the kernel.
static void test_object(void **state)
{
	(void)state;
	static const struct {
		const char *host, *bind, *object;
	} cases[] = {
		{"lo", "tcp4 9.9.9.9 0", "9.9.9.9"},
		{"lo down", "tcp4 127.0.0.1 0", "lo"},
		{"lo; link v0 down; addr 10.0.0.1/24 dev v0", "udp4 10.0.0.255 0", "v0"},
		{"lo; link v0 noipv6", "tcp6 2001:db8::1 0", "net.ipv6.conf.v0.disable_ipv6"},
		{"lo; link v0; addr 10.0.0.1/24 dev v0 noroute", "tcp4 10.0.0.1 0", "10.0.0.1/24 on v0"},
		{"lo; sock tcp4 0.0.0.0 80 listen", "tcp4 127.0.0.1 80", "tcp 0.0.0.0:80 LISTEN, pid 41 (server)"},
		{"lo; noread net.ipv4.ip_nonlocal_bind", "tcp4 9.9.9.9 0", "net.ipv4.ip_nonlocal_bind"},
		{"lo", "tcp4 127.0.0.1 80 twice", NULL},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		json_t *root = walk_json(cases[i].host, cases[i].bind);
		expect_text(member(root, "verdict"), "object", cases[i].object);
		expect_text(root, "note", NULL);
		json_decref(root);
	}
	json_t *root = walk_json("lo; kernel 99.0; noread net.ipv4.ip_nonlocal_bind", "tcp4 9.9.9.9 0");
	const json_t *unknown = member(root, "unknown");
	assert_int_equal(json_array_size(unknown), 1);
	assert_string_equal(json_string_value(json_array_get(unknown, 0)), "net.ipv4.ip_nonlocal_bind");
	assert_true(json_equal(member(step_called(root, "acceptable"), "unknown"), unknown));
	assert_true(json_is_null(member(member(step_called(root, "nonlocal"), "inputs"), "sysctl")));
	assert_true(json_is_string(member(root, "note")));
	json_decref(root);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_contract),    cmocka_unit_test(test_refusal),
		cmocka_unit_test(test_holder),      cmocka_unit_test(test_observed),
		cmocka_unit_test(test_object),      cmocka_unit_test(test_claims),
		cmocka_unit_test(test_all_keys),    cmocka_unit_test(test_strange_names),
		cmocka_unit_test(test_full_device),
	};
	return cmocka_run_group_tests_name("json", tests, NULL, NULL);
}
