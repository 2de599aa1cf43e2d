// SPDX-License-Identifier: GPL-3.0-or-later
// What is marked until the next key, and how many came and went.
#include "tui/changed.h"

#include "core/observe/host_adopt.h"
#include "tests/unit/made_host.h"

static struct host *host;
static struct changed changed;

static void begin(const char *script)
{
	struct attempt a = {0};
	host_free(host);
	host = made_host(script);
	changed_forget(&changed, &a, false);
}

static void turns_into(const char *script)
{
	static struct host_changes changes;
	struct host *fresh = made_host(script);
	host_changes_clear(&changes);
	host_adopt(host, fresh, DUMP_ALL, &changes);
	host_free(fresh);
	changed_take(&changed, &changes);
}

// The marks of all links and addresses, then of all routes; and the counts of both.
static const char *marks(void)
{
	static char text[256];
	struct row row;
	size_t n = 0;
	const struct {
		enum ref_kind kind;
		size_t n;
	} lists[] = {{REF_LINK, host->nlinks}, {REF_ADDR, host->naddrs}, {REF_ROUTE4, host->nroutes4}};
	for (size_t l = 0; l < 3; l++, text[n++] = '|')
		for (size_t i = 0; i < lists[l].n; i++) {
			struct identity id = identity_of(host, (struct ref){lists[l].kind, (uint32_t)i});
			text[n++] = changed_mark(&changed, &id);
		}
	row_clear(&row);
	changed_count(&changed, CHANGED_LINKS, &row);
	row_add(&row, ROLE_PLAIN, "|");
	changed_count(&changed, CHANGED_ROUTES, &row);
	snprintf(text + n, sizeof text - n, "%s", row.text);
	return text;
}

static void test_marks(void **state)
{
	(void)state;
	static const struct {
		const char *before, *after, *marks;
	} cases[] = {
		{"link v0", "link v0", " ||||"},
		{"link v0", "link v0 down", "*||||"},
		{"link v0", "link v0; link v1",
		 " +|||"
		 " +1|"},
		{"link v0; link v1", "link v0",
		 " |||"
		 " -1|"},
		{"link v0; addr 10.0.0.1/8 dev v0 noroute", "link v0; addr 10.0.0.1/8 dev v0 noroute deprecated",
		 " |*|||"},
		{"link v0", "link v0; route local 10.0.0.0/8 dev v0",
		 " ||+|"
		 "| +1"},
		{"link v0; route local 10.0.0.0/8 dev v0", "link v0; route local 11.0.0.0/8 dev v0", " ||+|| +1 -1"},
		// Not in the list of local routes.
		{"link v0", "link v0; route 10.0.0.0/8 dev v0 table 254", " || ||"},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		begin(cases[i].before);
		turns_into(cases[i].after);
		assert_string_equal(marks(), cases[i].marks);
	}
}

// Until the next key; and what came and went meanwhile is nothing.
static void test_until_the_next_key(void **state)
{
	(void)state;
	struct attempt a = {0};
	begin("link v0");
	turns_into("link v0; route local 10.0.0.0/8 dev v0");
	turns_into("link v0; route local 10.0.0.0/8 dev v0; route local 11.0.0.0/8 dev v0");
	assert_string_equal(marks(), " ||++|| +2");
	turns_into("link v0; route local 11.0.0.0/8 dev v0");
	assert_string_equal(marks(), " ||+|| +1");
	changed_forget(&changed, &a, false);
	assert_string_equal(marks(), " || ||");
	turns_into("link v0");
	assert_string_equal(marks(), " |||| -1");
}

// More than there are marks for: the count has them all.
static void test_burst(void **state)
{
	(void)state;
	static struct host_changes changes;
	struct row row;
	begin("link v0");
	for (unsigned i = 0; i < 10000; i++) {
		union host_value v = {.route = {.dst = {addr_from_v4(0x0a000000 + i), 32},
						.info = {.table = RT_TABLE_LOCAL, .type = RTN_LOCAL, .oif = 1}}};
		assert_int_equal(host_insert(host, HOST_ROUTES4, i, &v, &changes), 0);
	}
	changed_take(&changed, &changes);
	assert_int_equal(changed.nmarks, CHANGED_MARKS);
	row_clear(&row);
	changed_count(&changed, CHANGED_ROUTES, &row);
	assert_string_equal(row.text, " +10000");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_marks),
		cmocka_unit_test(test_until_the_next_key),
		cmocka_unit_test(test_burst),
	};
	int failed = cmocka_run_group_tests(tests, NULL, NULL);
	host_free(host);
	return failed;
}
