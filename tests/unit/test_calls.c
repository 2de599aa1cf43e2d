// SPDX-License-Identifier: GPL-3.0-or-later
// What the kernel's functions returned, as text and JSON: each kind of argument and value, in any width; what did not
// run, what could not be watched, and who refused. Prose is not compared: a line is a pattern, with * in the place of a
// sentence.
#include <fnmatch.h>
#include <jansson.h>

#include "core/model/walk_conclude.h"
#include "core/model/inner_fit.h"
#include "core/model/walk_inner.h"
#include "core/text/call_text.h"
#include "core/text/report.h"
#include "core/text/report_calls.h"
#include "core/text/report_json.h"
#include "core/text/report_markdown.h"
#include "core/text/width.h"
#include "tests/unit/made_inner.h"
#include "tests/unit/made_walk.h"

#define NET "lo; link v0; addr 192.0.2.1/24 dev v0; addr fe80::1/64 dev v0;"
#define REFUSED                                                                                                        \
	"security_socket_bind=0 l3mdev_fib_table_by_index=0 fib_table_lookup=-11@255 inet_addr_type_table=1@255 "      \
	"__inet_bind=-99 inet_bind=-99 __sys_bind=-99"

// A bind that was seen from inside. The caller frees the host.
static struct host *seen(const char *net, const char *bind, int err, const char *calls, struct walk *w)
{
	struct host *h;
	struct witnessed inner;
	made_decide(net, bind, &h, w);
	const struct attempt a = attempt_as_read(&w->attempt);
	walk_observe(w, CALL_BIND, err, &a.addr, a.port ? a.port : 40123, 0);
	made_inner(&w->attempt, calls, &inner);
	walk_witness_inner(w, &inner);
	walk_conclude(w);
	return h;
}

static void expect(const char *text, const char *pattern)
{
	if (fnmatch(pattern, text, 0) != 0)
		fail_msg("'%s' is not as '%s'", text, pattern);
}

static struct kernel_call call(const char *attempt, const char *word)
{
	struct host *h = made_host(NET);
	const struct attempt a = made_attempt(h, attempt);
	struct witnessed w;
	made_inner(&a, word, &w);
	host_free(h);
	return w.calls[0];
}

static void test_calls(void **state)
{
	(void)state;
	static const struct {
		const char *attempt, *call, *text;
	} cases[] = {
		{"tcp4 192.0.2.9 0", "inet_addr_type_table=1@255",
		 "inet_addr_type_table(192.0.2.9, table local) = 1 RTN_UNICAST"},
		{"tcp4 192.0.2.9 0", "inet_addr_type_table=99@10",
		 "inet_addr_type_table(192.0.2.9, table 10) = 99 RTN_[?]"},
		{"tcp4 192.0.2.9 0", "inet_addr_type_dev_table=2%2",
		 "inet_addr_type_dev_table(192.0.2.9, dev v0) = 2 RTN_LOCAL"},
		{"tcp4 192.0.2.9 0", "inet_addr_type=5", "inet_addr_type(192.0.2.9) = 5 RTN_MULTICAST"},
		{"tcp4 192.0.2.9 0", "fib_table_lookup=-11@254",
		 "fib_table_lookup(192.0.2.9, table main) = -11 EAGAIN: *"},
		{"tcp4 192.0.2.9 0", "fib_table_lookup=-22@255",
		 "fib_table_lookup(192.0.2.9, table local) = -22 EINVAL"},
		{"tcp4 192.0.2.9 0", "fib_table_lookup=0@255+2/24",
		 "fib_table_lookup(192.0.2.9, table local) = 0: RTN_LOCAL*/24"},
		{"tcp4 192.0.2.9 80", "security_socket_bind=-13", "security_socket_bind(192.0.2.9:80) = -13 EACCES"},
		{"tcp6 fe80::1 80", "__inet6_bind=-4096", "__inet6_bind([[]fe80::1]:80) = -4096"},
		{"tcp4 192.0.2.9 0", "__sys_bind=-99", "__sys_bind(length 0) = -99 EADDRNOTAVAIL"},
		{"tcp4 192.0.2.9 80", "inet_csk_get_port=-98", "inet_csk_get_port(80) = -98 EADDRINUSE"},
		{"tcp4 192.0.2.9 80", "inet_csk_get_port=1", "inet_csk_get_port(80) = 1"},
		{"tcp4 192.0.2.9 80", "inet_csk_bind_conflict=1", "inet_csk_bind_conflict() = 1"},
		{"tcp4 192.0.2.9 80", "ns_capable=1", "ns_capable(CAP_NET_BIND_SERVICE) = 1"},
		{"tcp4 192.0.2.9 80", "ns_capable=0:12", "ns_capable(CAP_NET_ADMIN) = 0"},
		{"tcp4 192.0.2.9 80", "ns_capable=0:63", "ns_capable(capability 63) = 0"},
		{"tcp4 192.0.2.9 80", "l3mdev_fib_table_by_index=0", "l3mdev_fib_table_by_index() = 0: *"},
		{"tcp4 192.0.2.9 80", "l3mdev_fib_table_by_index=10%2", "l3mdev_fib_table_by_index(dev v0) = 10"},
		{"tcp4 192.0.2.9 80", "l3mdev_fib_table_rcu=254%99", "l3mdev_fib_table_rcu(dev 99) = 254 main"},
		{"tcp6 ::1 80", "__ipv6_addr_type=0x20011", "__ipv6_addr_type(::1) = 0x20011 loopback"},
		{"tcp6 ::1 80", "__ipv6_addr_type=0", "__ipv6_addr_type(::1) = 0 unspecified"},
		{"tcp6 ::1 80", "__ipv6_chk_addr_and_flags=0", "__ipv6_chk_addr_and_flags(::1) = NULL: *"},
		{"tcp6 ::1 80", "__ipv6_chk_addr_and_flags=1%2", "__ipv6_chk_addr_and_flags(::1, dev v0) = *: *"},
		{"tcp6 ::1 80", "ipv6_chk_addr=1", "ipv6_chk_addr(::1) = 1"},
		{"sctp4 192.0.2.9 80", "sctp_v4_available=1", "sctp_v4_available() = 1"},
	};
	struct host *h = made_host(NET);
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct row r;
		struct kernel_call c = call(cases[i].attempt, cases[i].call);
		row_clear(&r);
		call_add(&c, h, 200, &r);
		expect(r.text, cases[i].text);
		row_clear(&r);
		call_add(&c, NULL, 200, &r); // in another network
		assert_true(r.used > 0);
	}
	host_free(h);
}

// Since bind's entry, with commas.
static void test_time(void **state)
{
	(void)state;
	static const struct {
		uint32_t ns;
		const char *text;
	} cases[] = {{0, "inet_addr_type(192.0.2.9) = 2 RTN_LOCAL"},
		     {7, "*  +7 ns"},
		     {1204, "*  +1,204 ns"},
		     {1000000, "*  +1,000,000 ns"},
		     {UINT32_MAX, "*  +4294,967,295 ns"}};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct row r;
		struct kernel_call c = call("tcp4 192.0.2.9 0", "inet_addr_type=2");
		c.ns = cases[i].ns;
		row_clear(&r);
		call_add(&c, NULL, 200, &r);
		expect(r.text, cases[i].text);
	}
}

// The less room, the less there is of a call; the function and its value stay.
static void test_narrow(void **state)
{
	(void)state;
	struct kernel_call c = call("tcp6 2001:db8::1 0", "__ipv6_chk_addr_and_flags=0%2");
	c.ns = 1204;
	unsigned before = 0;
	for (unsigned width = 0; width < 120; width++) {
		struct row r;
		row_clear(&r);
		call_add(&c, NULL, width, &r);
		unsigned used = width_text(r.text, r.used);
		expect(r.text, "__ipv6_chk_addr_and_flags(*) = NULL*");
		assert_true(used <= width || used == before || before == 0);
		assert_true(used >= before);
		before = used;
	}
}

static bool has_line(const char *text, const char *pattern)
{
	char around[160];
	snprintf(around, sizeof around, "*\n%s\n*", pattern);
	return fnmatch(around, text, 0) == 0;
}

static char *text_of(const struct host *h, const struct walk *w, unsigned width)
{
	char *text = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&text, &len);
	assert_int_equal(report_text(made_facts(h), w, (struct report_style){.width = width}, out), 0);
	assert_int_equal(report_markdown(made_facts(h), w, out), 0);
	fclose(out);
	return text;
}

static unsigned step_of(const struct walk *w, enum step_id id)
{
	for (unsigned i = 0; i < w->nsteps; i++)
		if (w->steps[i].step == id)
			return i;
	fail();
	return 0;
}

static char *detail_of(const struct host *h, const struct walk *w, enum step_id id)
{
	char *text = NULL;
	size_t len = 0;
	struct row r;
	FILE *out = open_memstream(&text, &len);
	fputs("\n", out);
	for (unsigned n = 0; report_detail(made_facts(h), w, step_of(w, id), DETAIL_FOUND, 100, n, &r); n++)
		fprintf(out, "%s\n", r.text);
	fclose(out);
	return text;
}

static void test_refused(void **state)
{
	(void)state;
	static const char *const lines[] = {
		"–  2 hooks        *kernel",
		"                  kernel: security_socket_bind() = 0",
		"–  4 table        *model+kernel",
		"–  5 classify     *→ RTN_UNICAST*model+kernel",
		"                  kernel: fib_table_lookup() = -11 EAGAIN: *; inet_addr_type_table() = 1 RTN_UNICAST",
		"· 10 port         not reached: *kernel: not run",
		"                  kernel: __inet_bind(), inet_bind(), __sys_bind() = -99 EADDRNOTAVAIL",
		"unseen inet_can_nonlocal_bind(), inet_addr_valid_or_nonlocal(): *",
		"= prediction and bind() agree: EADDRNOTAVAIL",
		"- classify: fib*table*lookup() = -11 EAGAIN: *; inet*addr*type*table() = 1 RTN*UNICAST",
	};
	struct walk w;
	struct host *h = seen("lo", "tcp4 192.168.123.123 0", EADDRNOTAVAIL, REFUSED, &w);
	assert_int_equal(w.agreement, AGREES);
	char *text = text_of(h, &w, 200);
	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
		if (!has_line(text, lines[i]))
			fail_msg("'%s' is not in\n%s", lines[i], text);
	free(text);
	text = detail_of(h, &w, STEP_CLASSIFY);
	assert_true(has_line(text, "  kernel      fib_table_lookup(192.168.123.123, table local) = -11 EAGAIN: *"));
	assert_true(has_line(text, "              inet_addr_type_table(192.168.123.123, table local) = 1 RTN_UNICAST"));
	free(text);
	text = detail_of(h, &w, STEP_PORT);
	assert_true(has_line(text, "  kernel      inet_csk_get_port() did not run"));
	free(text);
	text = detail_of(h, &w, STEP_NONLOCAL);
	assert_true(has_line(text, "  kernel      not allowed*"));
	assert_true(has_line(text, "              not watched: inet_can_nonlocal_bind(): *"));
	free(text);
	host_free(h);
}

// In a pane of any width a step has one line with as much of the value as there is room for.
static void test_step_wide(void **state)
{
	(void)state;
	static const char *const ends[] = {"model+kernel", "model+kernel = 1",
					   "model+kernel: inet_addr_type_table() = 1 RTN_UNICAST"};
	struct walk w;
	struct host *h = seen("lo", "tcp4 192.168.123.123 0", EADDRNOTAVAIL, REFUSED, &w);
	unsigned at = 0;
	for (unsigned width = 40; width < 160; width++) {
		struct row r;
		report_step_wide(made_facts(h), &w, step_of(&w, STEP_CLASSIFY), width, &r);
		const char *end = r.text + r.used - strlen(ends[at]);
		if (strcmp(end, ends[at]) != 0)
			end = r.text + r.used - strlen(ends[++at]);
		assert_true(at < 3);
		assert_string_equal(end, ends[at]);
	}
	assert_int_equal(at, 2);
	host_free(h);
}

// With IP_FREEBIND the IPv6 list of addresses is not asked, and its silence is what proves it.
static void test_not_run(void **state)
{
	(void)state;
	struct walk w;
	struct host *h = seen("lo", "tcp6 2001:db8::1 0 freebind", 0,
			      "security_socket_bind=0 __ipv6_addr_type=0xe0001 inet_csk_get_port=0 __inet6_bind=0 "
			      "inet6_bind=0 __sys_bind=0",
			      &w);
	assert_int_equal(w.agreement, AGREES);
	char *text = text_of(h, &w, 200);
	assert_true(has_line(text, "                  kernel: ipv6_chk_addr() did not run"));
	assert_true(has_line(text, "                  kernel: allowed*"));
	free(text);
	host_free(h);
}

static void test_often(void **state)
{
	(void)state;
	struct walk w;
	struct host *h = seen("lo", "tcp4 192.168.123.123 0", EADDRNOTAVAIL, REFUSED, &w);
	w.inner.counts[KF_inet_addr_type_table] = 17;
	char *text = detail_of(h, &w, STEP_CLASSIFY);
	assert_true(has_line(text, "              inet_addr_type_table() ran 17 times"));
	w.inner.counts[KF_inet_addr_type_table] = UINT16_MAX;
	free(text);
	text = detail_of(h, &w, STEP_CLASSIFY);
	assert_true(has_line(text, "              inet_addr_type_table() ran at least 65535 times"));
	free(text);
	host_free(h);
}

static void test_unwatched(void **state)
{
	(void)state;
	struct walk w;
	struct host *h =
		seen("lo", "tcp4 192.168.123.123 0", EADDRNOTAVAIL,
		     "security_socket_bind=0 __inet_bind=-99 __sys_bind=-99 !inet_addr_type_table !inet_addr_type "
		     "?inet_csk_get_port !__cgroup_bpf_run_filter_sock_addr !udp_v4_get_port ?hook_socket_bind",
		     &w);
	char *text = text_of(h, &w, 200);
	assert_true(has_line(text, "unseen inet_csk_get_port(): *"));
	assert_true(has_line(text, "       __cgroup_bpf_run_filter_sock_addr(), inet_addr_type(), "
				   "inet_addr_type_table(): *"));
	assert_true(has_line(text, "       inet_can_nonlocal_bind(), inet_addr_valid_or_nonlocal(): *"));
	assert_null(strstr(text, "udp_v4_get_port"));
	assert_null(strstr(text, "hook_socket_bind"));
	free(text);
	text = detail_of(h, &w, STEP_PORT);
	assert_true(has_line(text, "  kernel      not watched: inet_csk_get_port(): *"));
	free(text);
	host_free(h);
}

// One line with the reason, where only the tracepoints spoke.
static void test_no_bpf(void **state)
{
	(void)state;
	struct host *h;
	struct walk w;
	made_decide("lo", "tcp4 192.168.123.123 0", &h, &w);
	walk_observe(&w, CALL_BIND, EADDRNOTAVAIL, NULL, 0, 0);
	walk_witness(&w, 1, 255, -EAGAIN, 0);
	const struct witnessed none = {.why_not = "the kernel \033is locked"};
	walk_witness_inner(&w, &none);
	walk_conclude(&w);
	assert_int_equal(w.agreement, AGREES);
	char *text = text_of(h, &w, 200), *first = strstr(text, "is locked");
	assert_true(has_line(text, "unseen return values of the kernel's functions: the kernel *is locked"));
	assert_null(strchr(text, 27));
	assert_non_null(strstr(first + 1, "- unseen: ")); // in Markdown
	assert_true(has_line(text, "                  kernel: its lookup in table local *EAGAIN*"));
	free(text);
	text = detail_of(h, &w, STEP_RESULT);
	assert_true(has_line(text, "  kernel      *is locked"));
	free(text);
	host_free(h);
}

static void test_disagreement(void **state)
{
	(void)state;
	static const struct {
		const char *net, *bind;
		int err;
		const char *calls, *line;
	} cases[] = {
		{"lo", "tcp4 127.0.0.1 0", 0,
		 "security_socket_bind=0 l3mdev_fib_table_by_index=0 fib_table_lookup=0@255+1/8 inet_addr_type_table=1@255 "
		 "inet_csk_get_port=0 __inet_bind=0 inet_bind=0 __sys_bind=0",
		 "DISAGREEMENT: step classify: *RTN_LOCAL*inet_addr_type_table(127.0.0.1, table local) = 1 RTN_UNICAST"},
		{"lo", "tcp6 2001:db8::1 0 freebind", 0,
		 "security_socket_bind=0 __ipv6_addr_type=0xe0001 ipv6_chk_addr=0 inet_csk_get_port=0 __inet6_bind=0 "
		 "inet6_bind=0 __sys_bind=0",
		 "DISAGREEMENT: step nonlocal: *not allowed*"},
		{"lo", "tcp6 2001:db8::1 0", EADDRNOTAVAIL,
		 "security_socket_bind=0 __ipv6_addr_type=0xe0001 __inet6_bind=-99 inet6_bind=-99 __sys_bind=-99",
		 "DISAGREEMENT: step address-list: *ipv6_chk_addr() did not run"},
		{"lo", "tcp4 192.0.2.9 0", EADDRNOTAVAIL,
		 "security_socket_bind=0 l3mdev_fib_table_by_index=0 fib_table_lookup=-11@254 inet_addr_type_table=1@254 "
		 "__inet_bind=-99 inet_bind=-99 __sys_bind=-99",
		 "DISAGREEMENT: step classify: *RTN_UNICAST*inet_addr_type_table(192.0.2.9, table main) = 1 RTN_UNICAST"},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct walk w;
		struct host *h = seen(cases[i].net, cases[i].bind, cases[i].err, cases[i].calls, &w);
		assert_int_equal(w.agreement, DISAGREES);
		char *text = text_of(h, &w, 200);
		if (!has_line(text, cases[i].line))
			fail_msg("'%s' is not in\n%s", cases[i].line, text);
		assert_true(has_line(text, "DISAGREEMENT *"));
		free(text);
		host_free(h);
	}
}

static void test_hook(void **state)
{
	(void)state;
	static const struct {
		int err;
		const char *calls, *who, *function;
	} cases[] = {
		{EACCES, "security_socket_bind=-13 __sys_bind=-13", "a security module", "security_socket_bind"},
		{EACCES, "hook_socket_bind=-13 security_socket_bind=-13 __sys_bind=-13", "Landlock",
		 "hook_socket_bind"},
		{EPERM, "security_socket_bind=0 __cgroup_bpf_run_filter_sock_addr=-1 inet_bind=-1 __sys_bind=-1",
		 "a cgroup BPF program", "__cgroup_bpf_run_filter_sock_addr"},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct walk w;
		char line[128];
		struct host *h = seen("lo", "tcp4 127.0.0.1 8080", cases[i].err, cases[i].calls, &w);
		assert_int_equal(w.agreement, HOOK);
		char *text = text_of(h, &w, 200);
		snprintf(line, sizeof line, "hook: *%s: %s() = -%d %s", cases[i].who, cases[i].function, cases[i].err,
			 errno_name(cases[i].err));
		if (!has_line(text, line))
			fail_msg("'%s' is not in\n%s", line, text);
		assert_null(strstr(text, "candidates"));
		snprintf(line, sizeof line, "✗  2 hooks * %s refused: %s *kernel",
			 strrchr(cases[i].who, ' ') ? strrchr(cases[i].who, ' ') + 1 : cases[i].who,
			 errno_name(cases[i].err));
		if (!has_line(text, line))
			fail_msg("'%s' is not in\n%s", line, text);
		free(text);
		host_free(h);
	}
	struct walk w;
	struct host *h = seen("lo", "tcp4 127.0.0.1 0", EACCES, "!security_socket_bind __sys_bind=-13", &w);
	char *text = text_of(h, &w, 200);
	assert_true(has_line(text, "hook: *candidates*"));
	free(text);
	host_free(h);
}

static json_t *json_of(const struct host *h, const struct walk *w)
{
	json_t *root = report_json_walk(made_facts(h), w);
	assert_non_null(root);
	return root;
}

static const json_t *step_json(const json_t *root, const char *name)
{
	size_t i;
	json_t *step;
	json_array_foreach(json_object_get(root, "steps"), i,
			   step) if (strcmp(json_string_value(json_object_get(step, "step")), name) == 0) return step;
	fail();
	return NULL;
}

static void expect_json(const json_t *value, const char *wanted)
{
	char *text = json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY | JSON_SORT_KEYS);
	assert_non_null(text);
	assert_string_equal(text, wanted);
	free(text);
}

static const json_t *kernel_json(const json_t *root, const char *step)
{
	return json_object_get(json_object_get(step_json(root, step), "claims"), "kernel");
}

static void test_json(void **state)
{
	(void)state;
	struct walk w;
	struct host *h = seen("lo", "tcp4 192.168.123.123 0", EADDRNOTAVAIL, REFUSED, &w);
	json_t *root = json_of(h, &w);
	const json_t *witness = json_object_get(root, "witness");
	expect_json(
		json_object_get(kernel_json(root, "classify"), "calls"),
		"[{\"arguments\":{\"address\":\"192.168.123.123\",\"table\":255},\"function\":\"fib_table_lookup\","
		"\"name\":\"EAGAIN\",\"ns\":0,\"returned\":-11},"
		"{\"arguments\":{\"address\":\"192.168.123.123\",\"table\":255},\"function\":\"inet_addr_type_table\","
		"\"name\":\"RTN_UNICAST\",\"ns\":0,\"returned\":1}]");
	expect_json(json_object_get(kernel_json(root, "port"), "did_not_run"), "[\"inet_csk_get_port\"]");
	expect_json(
		json_object_get(kernel_json(root, "hooks"), "calls"),
		"[{\"arguments\":{\"address\":\"192.168.123.123\",\"port\":0},\"function\":\"security_socket_bind\","
		"\"name\":null,\"ns\":0,\"returned\":0}]");
	assert_null(kernel_json(root, "state"));
	expect_json(json_object_get(witness, "tier"), "\"bpf\"");
	expect_json(json_object_get(witness, "missing"), "null");
	assert_int_equal(json_array_size(json_object_get(witness, "not_watched")), 2);
	expect_json(json_object_get(json_array_get(json_object_get(witness, "not_watched"), 0), "function"),
		    "\"inet_can_nonlocal_bind\"");
	json_decref(root);
	host_free(h);
	h = seen("lo", "tcp4 127.0.0.1 8080", EACCES, "security_socket_bind=-13 __sys_bind=-13", &w);
	root = json_of(h, &w);
	expect_json(json_object_get(json_object_get(root, "hook"), "who"), "\"a security module\"");
	expect_json(json_object_get(json_object_get(json_object_get(root, "hook"), "call"), "returned"), "-13");
	assert_null(json_object_get(root, "candidates"));
	json_decref(root);
	host_free(h);
}

static void test_json_without(void **state)
{
	(void)state;
	struct host *h;
	struct walk w;
	made_decide("lo", "tcp4 192.168.123.123 0", &h, &w);
	json_t *root = json_of(h, &w);
	assert_true(json_is_null(json_object_get(root, "witness")));
	json_decref(root);
	walk_observe(&w, CALL_BIND, EADDRNOTAVAIL, NULL, 0, 0);
	const struct witnessed none = {.why_not = "locked"};
	walk_witness_inner(&w, &none);
	root = json_of(h, &w);
	expect_json(json_object_get(root, "witness"),
		    "{\"missing\":\"locked\",\"not_watched\":[],\"tier\":\"tracepoints\"}");
	json_decref(root);
	host_free(h);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_calls),        cmocka_unit_test(test_time),      cmocka_unit_test(test_narrow),
		cmocka_unit_test(test_refused),      cmocka_unit_test(test_step_wide), cmocka_unit_test(test_not_run),
		cmocka_unit_test(test_often),        cmocka_unit_test(test_unwatched), cmocka_unit_test(test_no_bpf),
		cmocka_unit_test(test_disagreement), cmocka_unit_test(test_hook),      cmocka_unit_test(test_json),
		cmocka_unit_test(test_json_without),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
