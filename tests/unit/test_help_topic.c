// SPDX-License-Identifier: GPL-3.0-or-later
// Topics, entries, their texts and the search.

// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
// clang-format on

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/model/kernel.h"
#include "core/text/markup.h"
#include "core/command/help_search.h"
#include "core/model/option.h"
#include "core/command/help_topic_text.h"

static struct row r;

// Entry n (from 0) of that name.
static bool find(const char *name, size_t n, struct entry *out)
{
	*out = (struct entry){0};
	while (entry_find(name, out))
		if (n-- == 0)
			return true;
	return false;
}

static const struct topic *topic_of(const char *name, enum about about)
{
	struct entry e = {0};
	while (entry_find(name, &e))
		if (e.about == about && strcmp(e.name, name) == 0)
			return entry_topic(&e);
	fail_msg("no %s is called %s", about_name(about), name);
	return NULL;
}

static const char *line(const char *text, unsigned width, size_t n)
{
	assert_true(markup_line(text, width, n, &r));
	return r.text;
}

static void test_markup(void **state)
{
	(void)state;
	static const char text[] =
		"A title\n\nOne paragraph that is longer than twenty columns.\n== Head\n- an item of "
		"several words\n* Name\n  what it is, also long\n    $ command that is never wrapped\n";
	static const char *const lines[] = {"A title",
					    " ",
					    "One paragraph that",
					    "is longer than",
					    "twenty columns.",
					    "Head",
					    "- an item of several",
					    "  words",
					    "Name",
					    "    what it is, also",
					    "    long",
					    "    $ command that is never wrapped"};
	const size_t n = sizeof lines / sizeof *lines;
	for (size_t i = 0; i < n; i++)
		assert_string_equal(line(text, 20, i), lines[i]);
	assert_false(markup_line(text, 20, n, &r));
	assert_int_equal(markup_lines(text, 20), n);
	assert_int_equal(markup_lines(text, 1), n); // no narrower than 20
	assert_int_equal(markup_lines(text, 80), 8);
	line(text, 20, 0);
	assert_int_equal(r.spans[0].role, ROLE_TITLE);
	line(text, 20, 5);
	assert_int_equal(r.spans[0].role, ROLE_TITLE);
	line(text, 20, 8);
	assert_int_equal(r.spans[0].role, ROLE_LABEL);
	line(text, 20, 11);
	assert_int_equal(r.spans[0].role, ROLE_KEY);
}

static void test_markup_corners(void **state)
{
	(void)state;
	assert_int_equal(markup_lines("", 40), 0);
	assert_int_equal(markup_lines("no newline", 40), 1);
	// A word that is longer than a line is cut, exactly full lines are not.
	assert_string_equal(line("x\n0123456789012345678901234", 20, 1), "01234567890123456789");
	assert_string_equal(line("x\n0123456789012345678901234", 20, 2), "01234");
	assert_string_equal(line("x\n01234567 90123456789 next", 20, 1), "01234567 90123456789");
	assert_string_equal(line("x\n01234567 90123456789 next", 20, 2), "next");
}

static void test_topics(void **state)
{
	(void)state;
	size_t n = 0;
	for (const struct topic *t; (t = topic_at(n)) != NULL; n++) {
		assert_true(strlen(t->name) > 2 && strlen(t->title) > 10 && strlen(t->text) > 50);
	}
	assert_true(n >= 20);
	// Escapes survive being compiled in.
	assert_non_null(strstr(topic_of("merged-tries", ABOUT_TOPIC)->text, "answers with \"table local\" when"));
}

// All rows of all tables lead to a topic; those whose subject is clear, to that one.
static void test_links(void **state)
{
	(void)state;
	static const struct {
		enum about about;
		const char *name, *topic;
	} links[] = {
		{ABOUT_STEP, "scope", "scopes"},
		{ABOUT_STEP, "type", "ipv6-address-list"},
		{ABOUT_COMMAND, "type", "bind"},
		{ABOUT_CODE, "ADDR_TENTATIVE", "dad"},
		{ABOUT_CODE, "SCOPE_MISSING", "scopes"},
		{ABOUT_CODE, "PORT_TAKEN", "ports"},
		{ABOUT_ERRNO, "EACCES", "codes"},
		{ABOUT_OPTION, "v6only", "mapped"},
		{ABOUT_OPTION, "device", "vrf"},
		{ABOUT_SYSCTL, "net.ipv4.ip_local_port_range", "ports"},
		{ABOUT_TRAIT, "rule-del-splits", "kernels"},
		{ABOUT_COMMAND, "witness", "evidence"},
		{ABOUT_COMMAND, "quit", "keys"},
		{ABOUT_COMMAND, "address", "bind"},
		{ABOUT_COMMAND, "address add", "lab"},
		{ABOUT_COMMAND, "rule del", "merged-tries"},
		{ABOUT_COMMAND, "step next", "steps"},
		{ABOUT_COMMAND, "check", "lessons"},
		{ABOUT_COMMAND, "lesson next", "lessons"},
	};
	for (size_t i = 0; i < sizeof links / sizeof *links; i++)
		assert_string_equal(topic_of(links[i].name, links[i].about)->name, links[i].topic);
}

// A topic explains what there is, and its other words are nobody's names.
static void each_item(const char *list, void (*check)(const char *item))
{
	char copy[1024], *save = NULL;
	snprintf(copy, sizeof copy, "%s", list);
	for (char *item = strtok_r(copy, ",", &save); item; item = strtok_r(NULL, ",", &save))
		check(item + strspn(item, " "));
}

static void names_something(const char *item)
{
	const char *colon = strchr(item, ':');
	const char *name = colon ? colon + 1 : item;
	bool found = false;
	for (struct entry e = {0}; !found && entry_find(name, &e);)
		found = e.about != ABOUT_TOPIC && strncasecmp(e.name, name, strlen(name)) == 0 &&
			(!colon || strncmp(about_name(e.about), item, (size_t)(colon - item)) == 0);
	if (!found)
		fail_msg("nothing is called %s", item);
}

static void names_a_topic_only(const char *item)
{
	unsigned n = 0;
	for (struct entry e = {0}; entry_find(item, &e); n++)
		assert_int_equal(e.about, ABOUT_TOPIC);
	assert_int_equal(n, 1);
}

static void test_lists(void **state)
{
	(void)state;
	const struct topic *t;
	for (size_t i = 0; (t = topic_at(i)); i++) {
		each_item(t->explains, names_something);
		each_item(t->also, names_a_topic_only);
	}
}

// Every entry has a whole text: no placeholder, no table's mark, no line wider than the width, nothing cut.
static void test_entries(void **state)
{
	(void)state;
	static const unsigned widths[] = {20, 39, 80, 200};
	size_t of[ABOUT_COUNT] = {0};
	for (struct entry e = {0}; entry_next(&e);) {
		char title[TOPIC_TITLE];
		char *text = entry_markup(&e);
		of[e.about]++;
		assert_non_null(text);
		assert_true(strlen(entry_title(&e, title, sizeof title)) > 5);
		assert_true(strlen(title) < sizeof title - 1);
		assert_non_null(entry_topic(&e));
		assert_null(strstr(text, "\n@"));
		assert_true(e.about != ABOUT_CODE || !strpbrk(text, "{}<>"));
		assert_null(strstr(text, "\n\n\n"));
		assert_non_null(strstr(text, "See also: "));
		for (size_t w = 0; w < 4; w++)
			for (size_t l = 0; markup_line(text, widths[w], l, &r); l++) {
				assert_false(r.truncated);
				assert_true(strlen(r.text) <= widths[w] || strncmp(r.text, "    ", 4) == 0);
				assert_true(strlen(r.text) > 0);
			}
		free(text);
	}
	assert_int_equal(of[ABOUT_STEP], STEP_COUNT);
	assert_int_equal(of[ABOUT_CODE], CODE_COUNT - 1);
	assert_int_equal(of[ABOUT_OPTION], OPT_COUNT);
	assert_int_equal(of[ABOUT_TRAIT], TRAIT_COUNT);
	assert_true(of[ABOUT_SYSCTL] > 8 && of[ABOUT_SYSCTL] < SYSCTL_COUNT);
}

static char *text_of(const char *name, size_t n)
{
	struct entry e;
	assert_true(find(name, n, &e));
	char *text = entry_markup(&e);
	assert_non_null(text);
	return text;
}

static void assert_says(const char *name, size_t n, const char *what)
{
	char *text = text_of(name, n);
	if (!strstr(text, what))
		fail_msg("%s does not say \"%s\":\n%s", name, what, text);
	free(text);
}

static void test_texts(void **state)
{
	(void)state;
	assert_says("codes", 0, "* ADDR_NOT_LOCAL, ADDRESS\n");
	assert_says("steps", 0, "* classify\n  ");
	assert_says("kernels", 0, "* rule-del-splits, before 7.2\n");
	assert_says("socket-options", 0, "* portrange=LOW-HIGH, IP_LOCAL_PORT_RANGE\n");
	assert_says("anyip", 0, "See also: nonlocal, local-table,");
	assert_says("classify", 0, "inet_addr_type_table() in net/ipv4/fib_frontend.c");
	assert_says("acceptable", 0, "\n* EADDRNOTAVAIL\n  ADDR_NOT_LOCAL, ADDR_SHADOWED, ");
	assert_says("PORT_TAKEN", 0, "\n\nClass: PORT.\nObject: holder. Topic: ports.\n");
	assert_says("PORT_TAKEN", 0, "(EADDRINUSE).");
	assert_says("LO_DOWN", 0, "Topic: local-table.");
	assert_says("net.ipv4.ip_local_port_range", 0, "default is 60999.");
	assert_says("IP_TRANSPARENT", 0, "needs CAP_NET_RAW or CAP_NET_ADMIN.");
	assert_says("route add", 0, "For example:\n\n    :route add local");
	assert_says("rule", 1, "\n    :rule add pref 200 lookup 200\n    :rule del");
	assert_says("rule", 1, "--edit.");
	assert_says("nexthop add", 0, "In a lab only.");
	// An entry with the name of its topic does not refer to itself.
	assert_says("hooks", 1, "See also: steps\n");
	assert_says("bind", 1, "See also: keys\n");
	char *text = text_of("result", 0);
	assert_null(strstr(text, "\n* E")); // it never refuses
	free(text);
}

static void test_find(void **state)
{
	(void)state;
	struct entry e;
	assert_true(find("device", 0, &e));
	assert_int_equal(e.about, ABOUT_STEP);
	assert_true(find("device", 1, &e));
	assert_int_equal(e.about, ABOUT_OPTION);
	assert_int_equal(e.id, OPT_DEVICE);
	assert_true(find("device", 2, &e));
	assert_int_equal(e.about, ABOUT_COMMAND);
	assert_false(find("device", 3, &e));
	assert_true(find("ip_freebind", 0, &e));
	assert_int_equal(e.id, OPT_FREEBIND);
	assert_true(find("addr_not_local", 0, &e));
	assert_int_equal(e.id, CODE_ADDR_NOT_LOCAL);
	assert_true(find("net.ipv6.bindv6only", 0, &e));
	// The first word of a name finds all that begin with it; part of a word does not.
	assert_true(find("route", 1, &e));
	assert_string_equal(e.name, "route append");
	assert_true(find("Route Add", 0, &e));
	assert_false(find("Route Add", 1, &e));
	assert_false(find("rout", 0, &e));
	assert_false(find("route a", 0, &e));
	assert_false(find("", 0, &e));
	assert_false(find("NONE", 0, &e));
}

static void test_search(void **state)
{
	(void)state;
	struct entry hits[8];
	// The name itself, then names and titles, then texts.
	size_t n = help_search("DAD", hits, 8);
	assert_true(n >= 3);
	assert_string_equal(hits[0].name, "dad");
	assert_string_equal(hits[1].name, "ADDR_DADFAILED");
	// Every word must occur.
	assert_int_equal(help_search("carrier nosuchword", hits, 8), 0);
	size_t carrier = help_search("carrier", hits, 8), both = help_search("  carrier\twaiting ", hits, 8);
	assert_true(both >= 1 && both < carrier);
	assert_string_equal(hits[0].name, "dad");
	// More than there is room for are counted.
	assert_true(help_search("address", hits, 1) > 20);
	assert_int_equal(help_search("", hits, 8), 0);
	assert_int_equal(help_search("@see", hits, 8), 0); // how topics are written is not part of their text
	// As a text: all of them, with what each is and where it says so.
	char *text = help_hits("carrier waiting", &n);
	assert_non_null(text);
	assert_int_equal(n, both);
	assert_non_null(strstr(text, "* dad: the topic\n"));
	assert_non_null(strstr(text, "is up and has carrier"));
	free(text);
	text = help_hits("nosuchword", &n);
	assert_int_equal(n, 0);
	free(text);
	assert_int_equal(help_search("  ", hits, 8), 0);
	// Tables in a topic do not make it match: their rows are entries.
	n = help_search("ADDR_OTHER_DEVICE", hits, 8);
	assert_int_equal(hits[0].about, ABOUT_CODE);
	for (size_t i = 0; i < n; i++)
		assert_string_not_equal(hits[i].name, "codes");
}

// The excerpt is of the first word that neither name nor title has.
static void test_excerpt(void **state)
{
	(void)state;
	size_t n;
	char *text = help_hits("vrf ENSLAVED", &n);
	assert_non_null(strstr(text, "* vrf: the topic\n  Bound devices and VRFs\n  ... "));
	free(text);
	text = help_hits("vrf", &n);
	assert_non_null(strstr(text, "* vrf: the topic\n  Bound devices and VRFs\n* "));
	free(text);
}

static void test_plain(void **state)
{
	(void)state;
	char buf[TOPIC_TITLE], cut[8];
	assert_non_null(strstr(code_plain(CODE_ADDR_LOCAL, buf, sizeof buf), "ROUTE"));
	assert_null(strpbrk(buf, "{}<>"));
	assert_string_equal(code_plain(CODE_ADDR_LOCAL, cut, sizeof cut), "ADDRESS");
}

// Words that stand on the screen lead somewhere: errors, and what people call things.
static void test_words_of_the_screen(void **state)
{
	(void)state;
	static const char *const words[] = {"RTN_LOCAL", "Any-IP", "fib", "CAP_NET_RAW", "v4-mapped"};
	struct entry e, again;
	unsigned n = 0;
	for (int err; (err = topic_errno(n)); n++) {
		assert_true(find(errno_name(err), 0, &e));
		assert_int_equal(e.about, ABOUT_ERRNO);
		assert_false(find(errno_name(err), 1, &again));
		char *text = entry_markup(&e);
		assert_non_null(strstr(text, ", at the step "));
		free(text);
		for (unsigned i = 0; i < n; i++)
			assert_int_not_equal(topic_errno(i), err);
	}
	assert_true(n > 8);
	assert_true(find("eaddrnotavail", 0, &e));
	char *text = entry_markup(&e);
	assert_non_null(strstr(text, "ADDR_ROUTED_ONLY, at the step address-list"));
	assert_null(strstr(text, "PORT_TAKEN"));
	free(text);
	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		assert_true(find(words[i], 0, &e));
		assert_int_equal(e.about, ABOUT_TOPIC);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_markup),
		cmocka_unit_test(test_markup_corners),
		cmocka_unit_test(test_topics),
		cmocka_unit_test(test_links),
		cmocka_unit_test(test_lists),
		cmocka_unit_test(test_entries),
		cmocka_unit_test(test_texts),
		cmocka_unit_test(test_find),
		cmocka_unit_test(test_search),
		cmocka_unit_test(test_excerpt),
		cmocka_unit_test(test_words_of_the_screen),
		cmocka_unit_test(test_plain),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
