// SPDX-License-Identifier: GPL-3.0-or-later
// What the panes list, what their lines say, what a step points at, and how objects are found again in another reading.
#include "core/text/width.h"
#include "tests/unit/made_host.h"
#include "tui/app_layout.h"
#include "tui/app_run.h"
#include "tui/app_update.h"
#include "tui/frame.h"
#include "tui/pane/pane.h"
#include "tui/pane/pane_help.h"
#include "tui/pane/panes.h"

static struct host *host;
static struct app app;

static void open_app(const char *script, const char *line)
{
	host = made_host(script);
	struct attempt first = made_attempt(host, line);
	app_init(&app, &first, true);
	app.caller = made_caller;
	app_resize(&app, 50, 160);
	app_set_host(&app, host);
}

static void close_app(void)
{
	app_free(&app);
	host_free(host);
}

static const char *text_of(enum pane_id pane, size_t item, unsigned width)
{
	static struct row r;
	row_clear(&r);
	pane_ops(pane)->row(&app, item, width, &r);
	return r.text;
}

// The item whose line has the text.
static size_t item_with(enum pane_id pane, const char *text)
{
	for (size_t i = 0; i < pane_ops(pane)->count(&app); i++)
		if (strstr(text_of(pane, i, 120), text))
			return i;
	fail_msg("no line has \"%s\"", text);
	return 0;
}

static bool points_at(enum pane_id pane, const char *text)
{
	size_t item[STEP_INPUTS];
	unsigned n = pane_pointed(&app, pane, item);
	for (unsigned i = 0; i < n; i++)
		if (strstr(text_of(pane, item[i], 120), text))
			return true;
	return false;
}

static void select_step(enum step_id id)
{
	for (unsigned i = 0; i < app.now.walk.nsteps; i++)
		if (app.now.walk.steps[i].step == id)
			app_select_step(&app, i);
}

static void test_links(void **state)
{
	(void)state;
	open_app("lo; vrf red 10; link v0 master red down; addr 2001:db8::2/64 dev v0 tentative;"
		 "addr 192.0.2.2/24 dev v0 deprecated",
		 "tcp4 192.0.2.2 0");
	assert_int_equal(pane_ops(PANE_LINKS)->count(&app), host->nlinks + host->naddrs);
	// Each interface with its own addresses under it.
	size_t lo = item_with(PANE_LINKS, "lo"), v0 = item_with(PANE_LINKS, "v0");
	assert_true(item_with(PANE_LINKS, "127.0.0.1/8") == lo + 1);
	assert_true(item_with(PANE_LINKS, "192.0.2.2/24") == v0 + 1);
	assert_true(item_with(PANE_LINKS, "2001:db8::2/64") == v0 + 2);
	assert_non_null(strstr(text_of(PANE_LINKS, v0, 60), "in red"));
	assert_non_null(strstr(text_of(PANE_LINKS, v0, 60), "DOWN"));
	assert_non_null(strstr(text_of(PANE_LINKS, item_with(PANE_LINKS, "red vrf"), 60), "table 10"));
	assert_non_null(strstr(text_of(PANE_LINKS, v0 + 1, 60), "deprecated"));
	assert_non_null(strstr(text_of(PANE_LINKS, v0 + 2, 60), "tentative"));
	assert_non_null(strstr(text_of(PANE_LINKS, v0 + 2, 20), "tentative")); // a flag never goes for lack of room
	close_app();
}

static void test_routes(void **state)
{
	(void)state;
	open_app(
		"lo; link v0; addr 192.0.2.2/24 dev v0; route local 198.51.100.0/24 dev lo; route local 2001:db8:5::/48 dev lo;"
		"route blackhole 203.0.113.0/24 table local; route 10.0.0.0/8 dev v0; route local 10.9.0.0/16 dev lo table 7",
		"tcp4 198.51.100.9 0");
	assert_non_null(strstr(text_of(PANE_ROUTES, item_with(PANE_ROUTES, "198.51.100.0/24"), 60), "Any-IP"));
	assert_non_null(strstr(text_of(PANE_ROUTES, item_with(PANE_ROUTES, "2001:db8:5::/48"), 60), "Any-IP"));
	assert_non_null(strstr(text_of(PANE_ROUTES, item_with(PANE_ROUTES, "192.0.2.2v0"), 60), "kernel"));
	assert_non_null(strstr(text_of(PANE_ROUTES, item_with(PANE_ROUTES, "203.0.113.0/24"), 60), "blackhole"));
	assert_non_null(strstr(text_of(PANE_ROUTES, item_with(PANE_ROUTES, "10.9.0.0/16"), 60), " 7")); // its table
	for (size_t i = 0; i < pane_ops(PANE_ROUTES)->count(&app); i++)
		assert_null(strstr(text_of(PANE_ROUTES, i, 60), "10.0.0.0/8")); // makes nothing local
	close_app();
}

// A route that only the walk makes interesting is listed while the walk points at it.
static void test_routes_pointed(void **state)
{
	(void)state;
	open_app("lo; link v0; addr 192.0.2.2/24 dev v0", "tcp4 192.0.2.77 0");
	size_t with = pane_ops(PANE_ROUTES)->count(&app);
	select_step(STEP_CLASSIFY);
	assert_true(points_at(PANE_ROUTES, "192.0.2.0/24"));
	assert_non_null(strstr(text_of(PANE_ROUTES, item_with(PANE_ROUTES, "192.0.2.0/24"), 60), "main"));
	struct attempt other = made_attempt(host, "tcp4 10.1.1.1 0");
	app_set_attempt(&app, &other);
	assert_int_equal(pane_ops(PANE_ROUTES)->count(&app), with - 1);
	close_app();
}

static void test_pointing(void **state)
{
	(void)state;
	open_app(
		"lo; link v0; addr 192.0.2.2/24 dev v0; addr 2001:db8::2/64 dev v0; route local 198.51.100.0/24 dev lo",
		"tcp4 198.51.100.9 0");
	select_step(STEP_CLASSIFY);
	assert_true(points_at(PANE_ROUTES, "198.51.100.0/24"));
	assert_false(points_at(PANE_ROUTES, "192.0.2.2"));
	select_step(STEP_NONLOCAL);
	assert_true(points_at(PANE_SOCKET, "IP_FREEBIND"));
	assert_true(points_at(PANE_SOCKET, "IP_TRANSPARENT"));
	assert_true(points_at(PANE_SOCKET, "net.ipv4.ip_nonlocal_bind"));
	assert_false(points_at(PANE_SOCKET, "net.ipv6.ip_nonlocal_bind"));
	struct attempt six = made_attempt(host, "tcp6 2001:db8::2 80");
	app_set_attempt(&app, &six);
	select_step(STEP_ADDRESS_LIST);
	assert_true(points_at(PANE_LINKS, "2001:db8::2/64"));
	select_step(STEP_NONLOCAL);
	assert_true(points_at(PANE_SOCKET, "net.ipv6.ip_nonlocal_bind"));
	select_step(STEP_PRIVILEGE);
	assert_true(points_at(PANE_SOCKET, "port     80"));
	assert_true(points_at(PANE_SOCKET, "unpriv port"));
	close_app();
}

static void test_pointed_is_in_view(void **state)
{
	(void)state;
	open_app("lo; link v0", "tcp4 10.200.0.9 0");
	for (int i = 0; i < 500; i++) {
		char text[32];
		snprintf(text, sizeof text, "10.%d.%d.0/24", i / 2, i % 2);
		struct prefix p = made_prefix(text);
		struct route_info r = {.table = RT_TABLE_LOCAL, .type = RTN_LOCAL, .oif = 1, .protocol = RTPROT_BOOT};
		made_add_route(host, &p, &r);
	}
	host_sort(host);
	app_set_host(&app, host);
	select_step(STEP_CLASSIFY);
	size_t item[STEP_INPUTS];
	assert_true(pane_pointed(&app, PANE_ROUTES, item) > 0);
	const struct list *l = &app.lists[PANE_ROUTES];
	assert_true(item[0] >= l->top && item[0] < l->top + l->height);
	close_app();
}

static void test_identities(void **state)
{
	(void)state;
	struct host *a = made_host(
		"lo; link v0; addr 192.0.2.2/24 dev v0; addr 2001:db8::2/64 dev v0; route local 198.51.100.0/24 dev lo");
	struct host *b =
		made_host("lo; link v0; addr 10.0.0.1/8 dev v0; addr 192.0.2.2/24 dev v0; addr 2001:db8::2/64 dev v0;"
			  "route local 198.51.0.0/16 dev lo; route local 198.51.100.0/24 dev lo");
	struct ref ref, back;
	for (uint32_t i = 0; i < a->naddrs; i++) {
		struct identity id = identity_of(a, (struct ref){REF_ADDR, i});
		assert_true(identity_find(b, &id, &ref));
		assert_true(addr_equal(&b->addrs[ref.index].addr, &a->addrs[i].addr));
	}
	for (uint32_t i = 0; i < a->nroutes4; i++) {
		struct identity id = identity_of(a, (struct ref){REF_ROUTE4, i});
		struct prefix p = host_prefix4(a, i);
		assert_true(identity_find(b, &id, &ref));
		struct prefix q = host_prefix4(b, ref.index);
		assert_memory_equal(&p, &q, sizeof p);
	}
	struct identity gone = identity_of(
		b, (struct ref){REF_ADDR, (uint32_t)host_find_addr(b, &(struct addr){AF_INET, {10, 0, 0, 1}})});
	assert_false(identity_find(a, &gone, &back));
	struct identity none = identity_of(a, (struct ref){REF_ADDR, 99});
	assert_int_equal(none.kind, REF_NONE);
	host_free(a);
	host_free(b);
}

// No line has a control byte or more than it may, however odd the names.
static void test_outside_text(void **state)
{
	(void)state;
	open_app("lo; link v0; addr 192.0.2.2/24 dev v0", "tcp4 192.0.2.2 0");
	snprintf(host->links[1].name, sizeof host->links[1].name, "\033[31m\n\xff");
	app_set_host(&app, host);
	for (int p = 0; p < PANE_COUNT; p++) // the help shows nothing from outside
		for (size_t i = 0; p != PANE_HELP && i < pane_ops((enum pane_id)p)->count(&app); i++)
			for (const char *c = text_of((enum pane_id)p, i, 40); *c; c++)
				assert_true((unsigned char)*c >= 0x20);
	close_app();
}

static const char *keys_line(unsigned width)
{
	static struct row r;
	frame_keys(&app, width, &r);
	return r.text;
}

static void test_bottom_line(void **state)
{
	(void)state;
	open_app("lo; link v0", "tcp4 192.0.2.2 0");
	app_focus(&app, PANE_SOCKET);
	assert_non_null(strstr(keys_line(80), "Enter bind"));
	assert_non_null(strstr(keys_line(80), "Space toggle"));
	assert_non_null(strstr(keys_line(80), "n/p step"));
	app_focus(&app, PANE_WALK);
	assert_non_null(strstr(keys_line(80), "Enter bind"));
	assert_non_null(strstr(keys_line(80), "Space details"));
	for (unsigned width = 1; width < 200; width++)
		assert_true(strlen(keys_line(width)) <= width);
	close_app();
}

// "Shift-Tab" does not imply "h".
static bool has_word(const char *text, const char *word)
{
	size_t len = strlen(word);
	for (const char *at = text; (at = strstr(at, word)); at += len)
		if ((at == text || at[-1] == ' ') && (at[len] == ' ' || at[len] == '\0'))
			return true;
	return false;
}

// The lines of the help, read once: to make one of them the pane goes through all.
static struct {
	char line[1000][ROW_TEXT];
	size_t n;
} help;

static void open_help(void)
{
	app_key(&app, &(struct key){.code = K_F1});
	help.n = pane_ops(PANE_HELP)->count(&app);
	assert_in_range(help.n, 1, sizeof help.line / sizeof help.line[0]);
	for (size_t i = 0; i < help.n; i++)
		snprintf(help.line[i], ROW_TEXT, "%s", text_of(PANE_HELP, i, 160));
}

static size_t help_lines(const char *word)
{
	size_t found = 0;
	for (size_t i = 0; i < help.n; i++)
		found += has_word(help.line[i], word);
	return found;
}

static void test_help_has_every_key(void **state)
{
	(void)state;
	open_app("lo", "tcp4 127.0.0.1 0");
	open_help();
	for (size_t i = 0; keys_at(i); i++) {
		const struct binding *b = keys_at(i);
		char name[KEY_NAME];
		if (b->context != CONTEXT_PROMPT && !help_lines(keys_is_digit(b) ? "1-9" : keys_name(b->key, name)))
			fail_msg("the help lacks %s", name);
	}
	close_app();
}

// Digits, n and p, Tab go from section to section; the heading names the one that is on the screen.
static void test_help_sections(void **state)
{
	(void)state;
	static const char *const titles[] = {"In this pane: Walk",   "The bind", "The walk",
					     "Changing the network", "Moving",   "The view",
					     "Scripts and lessons",  "Bindwalk", "Topics"};
	static const int sizes[][2] = {{10, 40}, {24, 80}};
	open_app("lo", "tcp4 127.0.0.1 0");
	for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
		app_resize(&app, sizes[i][0], sizes[i][1]);
		app_focus(&app, PANE_WALK);
		app_key(&app, &(struct key){.code = K_F1});
		const struct list *l = &app.lists[PANE_HELP];
		assert_int_equal(l->top, 0);
		for (unsigned s = 1; s <= HELP_SECTIONS; s++) {
			char title[64];
			struct row r;
			app_key(&app, &(struct key){.code = s % 2 ? 'n' : K_TAB});
			snprintf(title, sizeof title, "%u %s", s, titles[s - 1]);
			assert_string_equal(text_of(PANE_HELP, l->top, 160), title);
			pane_title(&app, PANE_HELP, &r);
			assert_non_null(strstr(r.text, titles[s - 1]));
			app_key(&app, &(struct key){.code = 'G'});
			app_key(&app, &(struct key){.code = '0' + s});
			assert_string_equal(text_of(PANE_HELP, l->top, 160), title);
		}
		app_key(&app, &(struct key){.code = 'n'});
		assert_non_null(strstr(app.message, "last section"));
		for (unsigned s = HELP_SECTIONS - 1; s > 0; s--)
			app_key(&app, &(struct key){.code = s % 2 ? 'p' : K_BACKTAB});
		assert_int_equal(pane_help_section(&app), 1);
		app_key(&app, &(struct key){.code = 'p'});
		assert_int_equal(l->top, 0);
		app_key(&app, &(struct key){.code = K_ENTER}); // the topics, in the palette
		assert_string_equal(app.palette.text, "help");
		app_key(&app, &(struct key){.code = K_ESCAPE});
		app_key(&app, &(struct key){.code = K_ESCAPE});
		assert_int_equal(app.view, VIEW_EXPLORE);
	}
	close_app();
}

// The pane in focus comes first, and nothing is cut off at any width: each command's synopsis is there to its last
// word.
static void test_help_is_whole(void **state)
{
	(void)state;
	static const char *const panes[] = {"Interfaces", "Local routes", "Socket", "Walk"};
	size_t long_ones = 0; // commands with many arguments; none may be cut off
	for (int id = 0; id < CMD_COUNT; id++)
		long_ones += strstr(command_info((enum command_id)id)->synopsis, "[nhid") != NULL;
	assert_true(long_ones > 0);
	open_app("lo", "tcp4 127.0.0.1 0");
	for (int p = PANE_LINKS; p <= PANE_WALK; p++) {
		char title[64];
		app_focus(&app, (enum pane_id)p);
		app_key(&app, &(struct key){.code = K_F1});
		snprintf(title, sizeof title, "1 In this pane: %s", panes[p]);
		assert_string_equal(text_of(PANE_HELP, pane_help_line(&app, 1), 160), title);
		app_key(&app, &(struct key){.code = 'q'});
	}
	static const int widths[] = {LAYOUT_MIN_COLS, 80, 200};
	for (size_t i = 0; i < sizeof widths / sizeof *widths; i++) {
		app_resize(&app, 24, widths[i]);
		open_help();
		unsigned width = pane_width(&app, PANE_HELP);
		for (size_t line = 0; line < help.n; line++)
			assert_true(width_text(help.line[line], strlen(help.line[line])) <= width);
		assert_int_equal(help_lines("[nhid"), long_ones);
		app_key(&app, &(struct key){.code = 'q'});
	}
	close_app();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_links),
		cmocka_unit_test(test_routes),
		cmocka_unit_test(test_routes_pointed),
		cmocka_unit_test(test_pointing),
		cmocka_unit_test(test_pointed_is_in_view),
		cmocka_unit_test(test_identities),
		cmocka_unit_test(test_outside_text),
		cmocka_unit_test(test_bottom_line),
		cmocka_unit_test(test_help_has_every_key),
		cmocka_unit_test(test_help_sections),
		cmocka_unit_test(test_help_is_whole),
	};
	return cmocka_run_group_tests_name("pane", tests, NULL, NULL);
}
