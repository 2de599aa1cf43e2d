// SPDX-License-Identifier: GPL-3.0-or-later
// Two walks side by side: which steps correspond, where they part, and how that is written.
#include "core/model/bind_path.h"
#include "core/model/counterpart.h"
#include "core/model/decide.h"
#include "core/text/versus.h"
#include "core/text/walks_seen.h"
#include "core/text/width.h"
#include "tests/unit/made_host.h"

static struct snapshot first, second;
static struct versus v;

static void look(const char *script, const char *bind, struct snapshot *out)
{
	struct walk w;
	struct host *h = made_host(script);
	struct attempt a = made_attempt(h, bind);
	decide(made_facts(h), &a, &w);
	snapshot_take(out, made_facts(h), &w);
	host_free(h); // a snapshot needs it no longer
}

static void beside(const char *script, const char *bind, const char *script2, const char *bind2)
{
	look(script, bind, &first);
	look(script2, bind2, &second);
	v = (struct versus){0};
	versus_make(&v, &first, &second);
	snprintf(v.title[0], sizeof v.title[0], "one");
	snprintf(v.title[1], sizeof v.title[1], "two");
}

// The role of the first row that differs, and which steps stand there; NULL: none.
static void part_at(const char *name, int step, int step2)
{
	if (!name) {
		assert_int_equal(v.beside.first, v.beside.n);
		return;
	}
	assert_true(v.beside.first < v.beside.n);
	const struct beside_row *r = &v.beside.row[v.beside.first];
	enum step_id id = r->step[0] >= 0 ? first.walk.steps[r->step[0]].step : second.walk.steps[r->step[1]].step;
	assert_string_equal(beside_role(id), name);
	assert_int_equal(r->step[0] + 1, step);
	assert_int_equal(r->step[1] + 1, step2);
}

// Each step of both walks stands in one row, in its order, and beside its like if the order lets it.
static void rows_are_whole(void)
{
	int next[2] = {0, 0};
	for (unsigned i = 0; i < v.beside.n; i++) {
		const struct beside_row *r = &v.beside.row[i];
		assert_true(r->step[0] >= 0 || r->step[1] >= 0);
		for (unsigned side = 0; side < 2; side++)
			if (r->step[side] >= 0)
				assert_int_equal(r->step[side], next[side]++);
		if (r->step[0] >= 0 && r->step[1] >= 0)
			assert_string_equal(beside_role(first.walk.steps[r->step[0]].step),
					    beside_role(second.walk.steps[r->step[1]].step));
	}
	assert_int_equal(next[0], first.walk.nsteps);
	assert_int_equal(next[1], second.walk.nsteps);
}

#define NET   "lo; link v0; addr 192.0.2.1/24 dev v0; addr 2001:db8::1/64 dev v0;"
#define ANYIP "route local 192.168.123.0/24 dev lo; route local 2001:db8:123::/64 dev lo;"

static void test_families(void **state)
{
	(void)state;
	beside(NET ANYIP, "tcp4 192.168.123.123 0", NET ANYIP, "tcp6 2001:db8:123::123 0");
	part_at("classify", 5, 11);
	rows_are_whole();
	for (unsigned i = 0; i < v.beside.n; i++)
		if (v.beside.row[i].step[0] == 6) // whether the address is accepted
			assert_int_equal(second.walk.steps[v.beside.row[i].step[1]].step, STEP_ADDRESS_LIST);
	// IPv6 asks for the privilege first: there it ends with another errno.
	beside(NET "nocaps", "tcp4 203.0.113.9 80", NET "nocaps", "tcp6 2001:db8:9::9 80");
	part_at("privilege", 0, 6);
	assert_int_equal(v.beside.row[v.beside.first].elsewhere[0] + 1, 8);
	beside(NET, "tcp6 ff0e::1 0", NET, "tcp4 239.1.1.1 0");
	part_at("multicast", 5, 0);
	// An IPv6 socket takes the IPv4 way for a v4-mapped address.
	beside(NET ANYIP, "tcp4 192.168.123.123 0", NET ANYIP, "tcp6 ::ffff:192.168.123.123 0");
	part_at(NULL, 0, 0);
	beside(NET ANYIP, "tcp4 192.168.123.123 0", NET ANYIP, "tcp6 ::ffff:192.168.123.123 0 v6only");
	part_at("mapped", 0, 8);
}

static void test_before_and_after(void **state)
{
	(void)state;
	beside(NET, "tcp4 203.0.113.9 0", NET, "tcp4 203.0.113.9 0 freebind");
	part_at("nonlocal", 6, 7);
	rows_are_whole();
	beside(NET, "tcp4 192.168.123.1 0", NET ANYIP, "tcp4 192.168.123.1 0");
	part_at("classify", 5, 5);
	beside(NET, "tcp4 192.0.2.1 80", NET "sock tcp4 0.0.0.0 80 listen", "tcp4 192.0.2.1 80");
	part_at("port", 10, 10);
	beside(NET, "raw4 192.0.2.1 0", NET "nocaps", "raw4 192.0.2.1 0");
	part_at("socket", 1, 1);
	beside(NET, "tcp4 192.0.2.1 0", NET, "tcp4 192.0.2.1 0");
	part_at(NULL, 0, 0);
}

// Any two paths of the kernel's: no step is lost, and the widths are kept.
static void test_all_paths(void **state)
{
	static const char *const binds[] = {
		"tcp4 192.0.2.1 80",           "udp4 203.0.113.9 0",   "raw4 192.0.2.1 0",
		"ping4 192.0.2.1 0",           "sctp4 192.0.2.1 80",   "tcp6 2001:db8::1 80",
		"udp6 ::ffff:192.0.2.1 80",    "raw6 2001:db8::1 0",   "ping6 2001:db8::9 0",
		"sctp6 ::ffff:203.0.113.1 80", "sctp6 2001:db8::1 80", "mptcp6 :: 80 v6only reuseaddr freebind"};
	enum { BINDS = sizeof binds / sizeof *binds };
	(void)state;
	for (size_t i = 0; i < BINDS; i++)
		for (size_t k = 0; k < BINDS; k++) {
			struct versus_line line[VERSUS_LINES];
			struct row r;
			beside(NET, binds[i], NET, binds[k]);
			rows_are_whole();
			if (i == k)
				part_at(NULL, 0, 0);
			for (unsigned row = 0; row < v.beside.n; row++) {
				versus_row(&v, row, 96, false, &r);
				assert_int_equal(width_text(r.text, r.used), 96);
			}
			for (int fold = VERSUS_WHOLE; fold <= VERSUS_BRIEF; fold++) {
				unsigned n = versus_lines(&v, (enum versus_fold)fold, line);
				assert_in_range(n, 4, VERSUS_LINES);
				for (unsigned l = 0; l < n; l++)
					versus_line_row(&v, &line[l], 56, false, &r);
			}
			for (unsigned n = 0; versus_text_line(&v, 79, n, &r); n++)
				assert_true(width_text(r.text, r.used) <= 79);
		}
}

static void test_small(void **state)
{
	(void)state;
	struct versus_line line[VERSUS_LINES];
	struct row r;
	beside(NET ANYIP, "tcp4 192.168.123.123 0", NET ANYIP, "tcp6 2001:db8:123::123 0");
	unsigned n = versus_lines(&v, VERSUS_BRIEF, line), marked = 0;
	assert_true(n <= 10); // what a screen of 60x18 has
	for (unsigned i = 0; i < n; i++) {
		versus_line_row(&v, &line[i], 56, false, &r);
		marked += strncmp(r.text, "≠", strlen("≠")) == 0;
	}
	assert_int_equal(marked, 2); // in both walks
	row_clear(&r);
	versus_summary(&v, &r);
	assert_string_equal(r.text, "≠ First difference: classify (one step 5, two step 11)");
}

static char *markdown(void)
{
	char *text;
	size_t len;
	FILE *f = open_memstream(&text, &len);
	assert_int_equal(versus_markdown(&v, f), 0);
	fclose(f);
	return text;
}

// Each line of the table has the same number of cells, also where a step's words have what Markdown takes for its own.
static void test_markdown(void **state)
{
	(void)state;
	beside(NET "link we|rd_*", "tcp4 192.0.2.1 0 dev=we|rd_*", NET, "tcp6 2001:db8::1 80");
	char *text = markdown(), *rest = text;
	unsigned rows = 0;
	for (char *l; (l = strsep(&rest, "\n")) && *l == '|'; rows++) {
		unsigned bars = 0;
		for (char *p = l; *p; p++)
			bars += *p == '|' && (p == l || p[-1] != '\\');
		assert_int_equal(bars, 5);
	}
	assert_int_equal(rows, v.beside.n + 3);
	free(text);
	json_t *json = versus_json(&v);
	assert_int_equal(json_array_size(json_object_get(json, "rows")), v.beside.n);
	json_decref(json);
}

// What was seen: the walk before, and what changed since.
static void test_seen(void **state)
{
	static struct walks_seen s;
	(void)state;
	struct host *h = made_host(NET);
	struct walk w;
	struct attempt a = made_attempt(h, "tcp4 203.0.113.9 0");
	decide(made_facts(h), &a, &w);
	assert_false(walks_seen_note(&s, made_facts(h), &w, NULL));
	assert_false(walks_seen_before(&s, &v));
	assert_false(walks_seen_note(&s, made_facts(h), &w, NULL)); // the same again
	a = made_attempt(h, "tcp4 203.0.113.9 80 freebind");
	decide(made_facts(h), &a, &w);
	assert_true(walks_seen_note(&s, made_facts(h), &w, "a route"));
	assert_true(walks_seen_before(&s, &v));
	assert_string_equal(v.about, "What changed: port 80 instead of 0, IP_FREEBIND set");
	walks_seen_pin(&s);
	host_free(h);
	h = made_host(NET "addr 203.0.113.9/24 dev v0");
	decide(made_facts(h), &a, &w);
	assert_true(walks_seen_note(&s, made_facts(h), &w, "203.0.113.9/24 was added to v0"));
	assert_true(walks_seen_before(&s, &v));
	assert_string_equal(v.about, "What changed: 203.0.113.9/24 was added to v0");
	assert_true(walks_seen_pinned(&s, &v));
	assert_string_equal(v.title[0], "pinned");
	struct row r;
	row_clear(&r);
	snapshot_outcome(v.walk[0], &r);
	assert_string_equal(r.text, "predicted: binds (not certain)"); // who holds port 80 was not asked
	host_free(h);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_families),  cmocka_unit_test(test_before_and_after),
		cmocka_unit_test(test_all_paths), cmocka_unit_test(test_small),
		cmocka_unit_test(test_markdown),  cmocka_unit_test(test_seen),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
