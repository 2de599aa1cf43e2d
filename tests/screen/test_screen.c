// SPDX-License-Identifier: GPL-3.0-or-later
// The screen as people see it: golden pictures, and that no key sequence leaves a stray cell.
#include <ftw.h>
#include <linux/rtnetlink.h>
#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "core/evidence/merge.h"
#include "core/model/host_order.h"
#include "core/model/walk_conclude.h"
#include "tests/screen/made_up.h"
#include "tests/screen/screen.h"
#include "tui/app_output.h"
#include "tui/app_run.h"
#include "tui/app_update.h"
#include "tui/frame.h"

static const struct screen_options usual;

static void golden(int rows, int cols, const struct screen_options *o, const char *keys, const char *name,
		   bool attributes)
{
	struct screen *s = screen_open(rows, cols, o);
	screen_keys(s, keys);
	screen_expect(s, name, attributes);
	screen_expect_clean(s, name);
	screen_close(s);
}

// Everything that matters is on the first screen, whatever its size.
static void test_start(void **state)
{
	(void)state;
	static const struct {
		int rows, cols;
	} sizes[] = {{10, 40}, {18, 60}, {24, 60}, {24, 80}, {30, 100}, {36, 120}, {45, 160}, {60, 200}};
	for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
		char name[32];
		snprintf(name, sizeof name, "start-%dx%d", sizes[i].cols, sizes[i].rows);
		golden(sizes[i].rows, sizes[i].cols, &usual, "", name, sizes[i].rows == 24 && sizes[i].cols == 80);
		struct screen *s = screen_open(sizes[i].rows, sizes[i].cols, &usual);
		assert_true(screen_shows(s, "ADDRESS EADDRNOTAVAIL"));
		assert_true(screen_shows(s, "▸✗  7 acceptable"));
		assert_true(screen_shows(s, "✗ 11 result"));
		assert_int_equal(screen_shows(s, " 1 set IP_FREEBIND on the socket"), sizes[i].rows > 10);
		screen_close(s);
	}
	golden(20, 100, &usual, "F5", "walk-100x20", false);
}

static void expect_used(const char *keys)
{
	enum { HEIGHT = 60, WIDTH = 200 };
	struct screen *s = screen_open(HEIGHT, WIDTH, &usual);
	unsigned blank = 0;
	screen_keys(s, keys);
	for (int y = 0; y < HEIGHT; y++) {
		const char *line = screen_line(s, y);
		unsigned used = 0;
		for (const char *c = line; *c; c++)
			used += *c != ' ' && (*c & 0xc0) != 0x80;
		blank += WIDTH - used;
	}
	if (blank > HEIGHT * WIDTH / 2)
		fail_msg("after '%s' %u cells of %d are blank", keys, blank, HEIGHT * WIDTH);
	screen_close(s);
}

// A large screen is used: more than half of it says something, also after a change and a bind.
static void test_large_is_used(void **state)
{
	(void)state;
	static const char *const keys[] = {"", "b", "f", "f b", "i", "i b", "f i b", "u b", "b P f b", "1", "4 b"};
	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
		expect_used(keys[i]);
}

static void test_too_small(void **state)
{
	(void)state;
	struct screen *s = screen_open(17, 59, &usual);
	screen_expect(s, "small-59x17", false);
	screen_resize(s, 1, 1);
	screen_expect_clean(s, "1x1");
	screen_resize(s, 24, 80);
	screen_keys(s, "F4");
	screen_expect(s, "start-80x24", true);
	screen_resize(s, 5, 30);
	screen_keys(s, "q");
	assert_true(s->quit);
	screen_close(s);
}

// Smaller for a moment and back, before the program looked: what had no room is lost, although the size is as before.
static void test_size_there_and_back(void **state)
{
	(void)state;
	struct screen *s = screen_open(24, 80, &usual);
	vterm_set_size(s->vt, 10, 20);
	vterm_set_size(s->vt, 24, 80);
	assert_false(screen_shows(s, "Socket"));
	term_set_size(&s->term, 24, 80);
	screen_draw(s);
	screen_expect(s, "start-80x24", true);
	screen_close(s);
}

static void test_story(void **state)
{
	(void)state;
	golden(24, 80, &usual, "Enter", "bound-refused", false);
	golden(24, 80, &usual, "f", "freebind-predicted", true);
	golden(24, 80, &usual, "f b", "freebind-bound", false);
	golden(24, 80, &usual, "a '198.51.100.9' Enter b", "anyip-bound", true);
	golden(24, 80, &usual, "a '2001:db8:5::9' Enter b", "ipv6-routed-only", false);
	golden(24, 80, &usual, "a '2001:db8:5:4321:5678:9abc:def0:1234' Enter b", "ipv6-routed-only-long", false);
	golden(18, 60, &usual, "a '2001:db8:5:4321:5678:9abc:def0:1234' Enter b", "ipv6-routed-only-small", false);
	golden(24, 80, &usual, "a '2001:db8::7' Enter", "ipv6-tentative", true);
	golden(24, 80, &usual, "a 'fe80::2' Enter", "ipv6-no-scope", false);
	golden(24, 80, &usual, "a '[fe80::2%eth0]:53' Enter", "ipv6-scope", false);
	golden(24, 80, &usual, "a '::ffff:198.51.100.9' Enter v", "ipv6-mapped-v6only", false);
	golden(24, 80, &usual, "a '127.0.0.1:80' Enter o b", "port-privileged", false);
	golden(24, 80, &usual, "u d", "udp-device", false);
}

static void test_walk_and_details(void **state)
{
	(void)state;
	golden(24, 80, &usual, "s n n n", "step-table", false);
	golden(24, 80, &usual, "F5 Space", "detail-80x24", false);
	golden(24, 80, &usual, "F5 Space p PgDn", "detail-80x24-scrolled", false);
	golden(43, 132, &usual, "F5 Space PgDn", "detail-132x43", false);
	golden(18, 60, &usual, "F5 Space", "detail-60x18", false);
	golden(24, 80, &usual, "z", "zoom-80x24", false);
}

// What a step found, and what a route is, comes before what it was found for where there is too little room.
static void test_little_room(void **state)
{
	(void)state;
	static const struct screen_options ascii = {.ascii = true};
	struct prefix p;
	struct route_info r = {.table = RT_TABLE_LOCAL, .oif = 1, .type = RTN_LOCAL, .protocol = RTPROT_BOOT};
	assert_int_equal(prefix_parse("192.168.123.0/24", &p), 0);
	for (int i = 0; i < 2; i++) {
		struct screen *s = screen_open(24, 80, i ? &ascii : &usual);
		struct host *h = made_up_host();
		assert_int_equal(host_add_route(h, &p, &r), 0);
		host_sort(h);
		screen_set_host(s, h);
		screen_draw(s);
		assert_true(screen_shows(s, i ? "|>192.168.123.0/24  lo Any-IP |" : "│▸192.168.123.0/24  lo Any-IP │"));
		screen_resize(s, 18, 60);
		screen_keys(s, "F5");
		assert_true(screen_shows(s, i ? "classify     local 192.168.123~ -> RTN_LOCAL  model |"
					      : "classify     local 192.168.123.… → RTN_LOCAL  model │"));
		assert_true(screen_shows(s, i ? "~ -> no  model |" : "… → no  model │"));
		screen_close(s);
	}
}

// What became of steps that have no room, and how many remedies there are, is not cut.
static void test_cut_before(void **state)
{
	(void)state;
	static const char raw[] = "':proto raw' Enter ':unprivileged' Enter F5";
	struct screen *s = screen_open(24, 80, &usual);
	screen_keys(s, raw);
	assert_true(screen_shows(s, "✗  1 socket"));
	assert_true(screen_shows(s, " ·  2-8 not reached: hooks, state, family, "));
	assert_true(screen_shows(s, "✗  9 result       socket() = -1 EPERM"));
	assert_true(screen_shows(s, "… · x shows 1 more"));
	screen_close(s);
	s = screen_open(10, 40, &usual);
	screen_keys(s, raw);
	assert_true(screen_shows(s, " ·  2-8 not reached"));
	screen_close(s);
}

// Where the walk is not seen, a bind and a step are seen all the same.
static void test_walk_unseen(void **state)
{
	(void)state;
	struct screen *s = screen_open(18, 60, &usual);
	assert_true(screen_shows(s, " Predicted  "));
	screen_keys(s, "F4 b");
	assert_true(screen_shows(s, " Refused as predicted  "));
	assert_true(screen_shows(s, "  F2 interfaces  F3 routes  F5 walk"));
	screen_keys(s, "s");
	assert_true(screen_shows(s, " ✓  1 socket       AF_INET, SOCK_STREAM, tcp [syscall]"));
	screen_keys(s, "D n");
	assert_true(screen_shows(s, " ·  8-10 not reached: privilege, state, port"));
	screen_keys(s, "F5 n");
	assert_false(screen_shows(s, "["));
	screen_close(s);
}

// Hints name the keys as the user has bound them.
static void test_own_keys(void **state)
{
	(void)state;
	char err[256];
	assert_int_equal(keys_bind("Enter", "step next", err, sizeof err), 0);
	assert_int_equal(keys_bind("n", "undo", err, sizeof err), 0);
	struct screen *s = screen_open(24, 80, &usual);
	assert_true(screen_shows(s, " Predicted. b binds for real."));
	screen_keys(s, "b");
	assert_true(screen_shows(s, "Enter and p step, f toggles IP_FREEBIND."));
	screen_close(s);
	keys_reset();
}

static void test_help(void **state)
{
	(void)state;
	golden(24, 80, &usual, "F1", "help-80x24", false);
	golden(50, 160, &usual, "F1", "help-160x50", false);
	golden(60, 120, &usual, "F1 End", "help-120x60-end", false);
	golden(18, 60, &usual, "F1 PgDn", "help-60x18", false);
	// Closed, it leaves nothing behind.
	golden(24, 80, &usual, "F1 PgDn q", "start-80x24", true);
	// It can be searched.
	struct screen *s = screen_open(24, 80, &usual);
	screen_keys(s, "F1 / 'dad'");
	assert_string_equal(screen_line(s, 22), " :help --search dad");
	screen_keys(s, "Esc");
	assert_int_equal(s->app.view, VIEW_HELP);
	screen_close(s);
}

static void test_looks(void **state)
{
	(void)state;
	static const struct screen_options mono = {.type = "vt100"}, never = {.color = "never"},
					   ascii = {.ascii = true}, eight = {.type = "linux"};
	golden(24, 80, &mono, "a '198.51.100.9' Enter", "mono-vt100", true);
	golden(24, 80, &never, "a '198.51.100.9' Enter", "mono-never", true);
	golden(24, 80, &eight, "a '198.51.100.9' Enter", "linux-8-colours", true);
	golden(24, 80, &ascii, "b", "ascii-80x24", false);
	golden(24, 80, &ascii, "?", "ascii-help", false);
	golden(24, 80, &usual, "T b", "light-80x24", false);
	golden(18, 60, &usual, "T b", "light-60x18", true);
	golden(18, 60, &mono, "b", "mono-60x18", true);
	golden(18, 60, &eight, "b", "linux-60x18", true);
	golden(10, 40, &ascii, "b", "ascii-40x10", false);
	golden(36, 120, &ascii, "f b", "ascii-120x36", false);
	golden(60, 200, &ascii, "b", "ascii-200x60", false);
}

static void test_no_color(void **state)
{
	(void)state;
	static const struct screen_options automatic = {.color = "auto"};
	setenv("NO_COLOR", "1", 1);
	struct screen *s = screen_open(24, 80, &automatic);
	assert_int_equal(s->term.colors, 0);
	screen_close(s);
	setenv("NO_COLOR", "", 1); // empty: not meant
	s = screen_open(24, 80, &automatic);
	assert_int_equal(s->term.colors, 256);
	screen_close(s);
	unsetenv("NO_COLOR");
}

// In a locale without UTF-8 nothing beyond ASCII is sent.
static void test_ascii_locale(void **state)
{
	(void)state;
	setlocale(LC_ALL, "C");
	struct screen *s = screen_open(43, 132, &usual);
	screen_keys(s, "b");
	for (int y = 0; y < s->rows; y++)
		for (const char *p = screen_line(s, y); *p; p++)
			assert_true((unsigned char)*p < 0x80);
	screen_close(s);
	setlocale(LC_ALL, "C.UTF-8");
}

// A character that is none yet takes its place and is seen; curses would draw a blank.
static void test_unassigned(void **state)
{
	(void)state;
	struct screen *s = screen_open(24, 80, &usual);
	strcpy(s->host->links[0].name, "u\xcd\xb8z");
	screen_keys(s, "Ctrl-L");
	assert_true(screen_shows(s, "u\xef\xbf\xbdz "));
	screen_close(s);
}

static void test_prompt(void **state)
{
	(void)state;
	golden(24, 80, &usual, "a", "prompt-empty", false);
	golden(24, 80, &usual, "a Tab", "prompt-completions", false);
	golden(24, 80, &usual, "a 'fe80::2%' Tab", "prompt-scopes", false);
	golden(24, 80, &usual, "a '300.1.1.1' Enter", "prompt-error", false);
	golden(24, 80, &usual, ": 'no' Enter", "prompt-command-error", false);
	golden(24, 80, &usual, ": 'set ' Tab", "prompt-options", false);
	golden(24, 80, &usual, ": Tab", "prompt-commands", false);
	golden(24, 80, &usual, ": Tab Tab", "prompt-commands-more", false);
}

static void test_prompt_editing(void **state)
{
	(void)state;
	struct screen *s = screen_open(24, 80, &usual);
	// The error goes with the next key, the text stays.
	screen_keys(s, "a '1.2.3' Enter");
	assert_true(screen_shows(s, "is not an address"));
	screen_keys(s, "'.4' Enter");
	assert_true(screen_shows(s, "bind tcp4 1.2.3.4:0"));
	// History, and given up.
	screen_keys(s, "a Up");
	assert_string_equal(screen_line(s, 22), " address: 1.2.3.4");
	screen_keys(s, "Esc");
	assert_int_equal(s->app.mode, MODE_MAIN);
	// Cancelled inside a search: the next prompt is none.
	screen_keys(s, "a Ctrl-R '1'");
	assert_true(screen_shows(s, "reverse-i-search"));
	screen_keys(s, "Ctrl-C a 'x'");
	assert_string_equal(screen_line(s, 22), " address: x");
	// A key that is the first of two ends a search, and so does one that is not about it.
	screen_keys(s, "Ctrl-U Ctrl-R '1' Ctrl-X 'd'");
	screen_keys(s, "Ctrl-U Ctrl-R '1.2' Ctrl-A 'x'");
	assert_string_equal(screen_line(s, 22), " address: x1.2.3.4");
	// Alt-p and Alt-n would search in a way that readline 8.2 does not survive.
	screen_key(s, (struct key){.code = 'p', .alt = true});
	screen_draw(s);
	assert_true(screen_shows(s, "reverse-i-search"));
	screen_keys(s, "Ctrl-C a");
	screen_key(s, (struct key){.code = 'n', .alt = true});
	screen_draw(s);
	assert_true(screen_shows(s, "(i-search)"));
	screen_keys(s, "Ctrl-C a 'x'");
	// Ctrl-D on an empty line gives up, and does not quit.
	screen_keys(s, "Ctrl-U Ctrl-D");
	assert_int_equal(s->app.mode, MODE_MAIN);
	assert_false(s->quit);
	screen_close(s);
}

static void test_prompt_columns(void **state)
{
	(void)state;
	struct screen *s = screen_open(24, 80, &usual);
	VTermPos cursor;
	screen_keys(s, "a 'é界'"); // one and two columns
	vterm_state_get_cursorpos(vterm_obtain_state(s->vt), &cursor);
	assert_int_equal(cursor.row, 22);
	assert_int_equal(cursor.col, 1 + 9 + 3);
	assert_true(s->cursor_visible);
	screen_keys(s, "Left");
	vterm_state_get_cursorpos(vterm_obtain_state(s->vt), &cursor);
	assert_int_equal(cursor.col, 1 + 9 + 1);
	screen_keys(s, "Esc");
	assert_false(s->cursor_visible);
	// What can't be shown stands there as what it is, and the cursor moves over all of it.
	screen_keys(s, "a 'x\xe2\x80\xae\xc2\x9by' Left");
	assert_string_equal(screen_line(s, 22), " address: x\\u202e\\u009by");
	vterm_state_get_cursorpos(vterm_obtain_state(s->vt), &cursor);
	assert_int_equal(cursor.col, 1 + 9 + 13);
	screen_keys(s, "Left Left"); // for readline what has no width belongs to the x
	vterm_state_get_cursorpos(vterm_obtain_state(s->vt), &cursor);
	assert_int_equal(cursor.col, 1 + 9);
	screen_keys(s, "Esc");
	// A line that is longer than the screen scrolls, the cursor stays on it.
	screen_keys(s, "a");
	for (int i = 0; i < 30; i++)
		screen_keys(s, "'0123456789'");
	vterm_state_get_cursorpos(vterm_obtain_state(s->vt), &cursor);
	assert_true(cursor.col > 60 && cursor.col < 80);
	screen_keys(s, "Home");
	assert_memory_equal(screen_line(s, 22), " address: 0123456789", 20);
	screen_resize(s, 30, 61);
	screen_keys(s, "End");
	vterm_state_get_cursorpos(vterm_obtain_state(s->vt), &cursor);
	assert_int_equal(cursor.row, 28);
	assert_true(cursor.col < 61);
	screen_close(s);
}

// A line that was too long is whole again when it has room.
static void test_prompt_grows(void **state)
{
	(void)state;
	struct screen *s = screen_open(24, 120, &usual);
	screen_keys(s,
		    ": 'route add local 192.168.123.0/24 dev lo table local metric 100 src 192.0.2.2 protocol static'");
	screen_resize(s, 24, 60);
	screen_draw(s);
	assert_false(screen_shows(s, ":route add"));
	screen_resize(s, 24, 120);
	screen_draw(s);
	assert_true(screen_shows(s, ":route add local 192.168.123.0/24"));
	assert_true(screen_shows(s, "protocol static"));
	screen_resize(s, 24, 80);
	screen_draw(s);
	assert_false(screen_shows(s, ":route add"));
	screen_keys(
		s,
		"Backspace Backspace Backspace Backspace Backspace Backspace Backspace Backspace Backspace Backspace "
		"Backspace Backspace Backspace Backspace Backspace Backspace Backspace Backspace Backspace Backspace");
	screen_draw(s);
	assert_true(screen_shows(s, ":route add local"));
	screen_close(s);
}

static void test_paste(void **state)
{
	(void)state;
	struct screen *s = screen_open(24, 80, &usual);
	struct attempt before = s->app.attempt;
	// Outside a prompt: not one key of it acts.
	screen_key(s, (struct key){.code = K_PASTE_BEGIN});
	screen_keys(s, "b f q Enter");
	screen_key(s, (struct key){.code = K_PASTE_END});
	screen_draw(s);
	assert_true(attempt_equal(&before, &s->app.attempt));
	assert_false(s->quit);
	assert_false(s->app.now.walk.observed.present);
	assert_true(screen_shows(s, "pasted text"));
	// In a prompt: text, and its line end takes nothing.
	screen_keys(s, "a");
	screen_key(s, (struct key){.code = K_PASTE_BEGIN});
	screen_keys(s, "'10.9.8.7' Enter Tab");
	screen_key(s, (struct key){.code = K_PASTE_END});
	screen_draw(s);
	assert_true(screen_shows(s, "address: 10.9.8.7"));
	screen_keys(s, "Enter");
	assert_true(screen_shows(s, "bind tcp4 10.9.8.7:0"));
	screen_close(s);
}

static void test_filter(void **state)
{
	(void)state;
	static const struct screen_options large = {.large = true};
	golden(24, 80, &large, "F3 / '10.3.'", "filter-routes", false);
	golden(24, 80, &large, "F3 / '10.3.' Enter Down Down Enter", "filter-kept-used", false);
	golden(24, 80, &large, "F2 / 'deprecated' Enter End", "filter-addresses", false);
	golden(24, 80, &large, "F3 / 'nowhere'", "filter-nothing", false);
	golden(24, 80, &large, "F2 PgDn PgDn F3 End", "large-80x24", false);
}

static void test_host_changes(void **state)
{
	(void)state;
	static const struct screen_options large = {.large = true}, empty = {.empty = true};
	struct screen *s = screen_open(24, 80, &empty);
	screen_expect(s, "reading", false);
	screen_keys(s, "b f n Enter / x Esc Tab");
	screen_set_host(s, made_up_host());
	screen_keys(s, "F4 Home");
	screen_expect(s, "start-80x24", true);
	screen_close(s);

	// The selection stays with what was selected, though it stands elsewhere now.
	s = screen_open(24, 80, &usual);
	screen_keys(s, "F3 Down Down Down b");
	assert_true(s->app.now.walk.observed.present);
	const struct list *l = &s->app.lists[PANE_ROUTES];
	struct ref_item item = s->app.routes.item[list_item(l, l->selected)];
	struct prefix p = host_prefix4(s->host, item.index);
	screen_set_host(s, made_up_large_host());
	screen_draw(s);
	item = s->app.routes.item[list_item(l, l->selected)];
	struct prefix now = host_prefix4(s->host, item.index);
	assert_memory_equal(&p, &now, sizeof p);
	// And the bind's evidence, as the model still says the same.
	assert_true(s->app.now.walk.observed.present);
	assert_int_equal(s->app.now.walk.agreement, AGREES);
	// Not if it says anything different.
	struct host *h = made_up_host();
	h->sysctl[SYSCTL_V4_NONLOCAL] = 1;
	screen_set_host(s, h);
	screen_draw(s);
	assert_false(s->app.now.walk.observed.present);
	assert_true(screen_shows(s, "Predicted."));
	screen_expect_clean(s, "another host");
	screen_close(s);

	// What a command showed stays as well: `compare live` changes the host itself.
	struct row row;
	s = screen_open(24, 80, &usual);
	app_output_begin(&s->app, "compare live");
	for (int i = 0; i < 30; i++) {
		row_clear(&row);
		row_add(&row, ROLE_PLAIN, "line %d", i);
		app_output_add(&s->app, &row);
	}
	app_output_end(&s->app);
	screen_keys(s, "Down Down");
	h = made_up_host();
	h->sysctl[SYSCTL_V4_NONLOCAL] = 1;
	screen_set_host(s, h);
	screen_draw(s);
	assert_int_equal(s->app.now.walk.code, CODE_NONLOCAL_BY_SYSCTL); // the verdict went with the host
	assert_true(screen_shows(s, "Output: compare live"));
	assert_false(screen_shows(s, "│ line 1 "));
	assert_true(screen_shows(s, "│ line 2 "));
	// It has all the room that there is, as long as it needs that.
	assert_true(screen_shows(s, "│ line 18 "));
	assert_false(screen_shows(s, "Interfaces"));
	screen_resize(s, 50, 160);
	assert_false(screen_shows(s, "Interfaces"));
	screen_resize(s, 70, 160);
	assert_true(screen_shows(s, "Interfaces"));
	assert_true(screen_shows(s, "│ line 29 "));
	screen_resize(s, 24, 80);
	screen_keys(s, "Esc");
	assert_true(screen_shows(s, "Interfaces"));
	assert_true(screen_shows(s, "Walk  bind tcp4"));
	screen_close(s);

	s = screen_open(24, 80, &large);
	screen_keys(s, "F3 End");
	screen_set_host(s, made_up_host()); // far fewer lines than before
	screen_draw(s);
	screen_expect_clean(s, "a smaller host");
	screen_close(s);
}

static void test_disagreement(void **state)
{
	(void)state;
	struct screen *s = screen_open(24, 80, &usual);
	struct trial trial;
	made_up_trial(&s->app.now.walk, &trial);
	trial.err = 0;
	trial.calls[trial.ncalls - 1] = (struct trial_call){.call = CALL_BIND};
	trial.local = s->app.attempt.addr;
	trial.port = 40123;
	merge_bind(&trial, NULL, NULL, &s->app.now.walk);
	app_walk_changed(&s->app);
	screen_draw(s);
	screen_expect(s, "disagreement", true);
	screen_close(s);
}

static void test_quitting(void **state)
{
	(void)state;
	struct screen *s = screen_open(24, 80, &usual);
	screen_keys(s, "Esc Esc");
	assert_false(s->quit);
	screen_keys(s, "? q");
	assert_false(s->quit);
	screen_keys(s, "F5 Space q");
	assert_false(s->quit);
	screen_keys(s, "Ctrl-C");
	screen_expect(s, "confirm", false);
	screen_keys(s, "n");
	assert_false(s->quit);
	screen_keys(s, "Ctrl-C y");
	assert_true(s->quit);
	screen_close(s);
}

// Why there is no lab, and the remedy: the longest reason stays, whole, until a key.
static void test_long_message(void **state)
{
	(void)state;
	struct screen *s = screen_open(24, 80, &usual);
	screen_draw(s);
	char verdict[256];
	snprintf(verdict, sizeof verdict, "%s", screen_line(s, 20));
	app_say(&s->app, ROLE_WARN, "%s",
		"this host, read-only, because there is no lab: AppArmor denies user namespaces to ordinary users here "
		"(kernel.apparmor_restrict_unprivileged_userns is 1); as root: sysctl -w "
		"kernel.apparmor_restrict_unprivileged_userns=0, or run Bindwalk as root");
	screen_draw(s);
	assert_true(screen_shows(s, "this host, read-only, because there is no lab: AppArmor"));
	assert_true(screen_shows(s, " Bindwalk as root"));
	assert_true(screen_shows(s, "Enter bind"));
	screen_expect_clean(s, "a long message");
	screen_keys(s, "m m");
	assert_false(screen_shows(s, "AppArmor"));
	assert_string_equal(screen_line(s, 20), verdict);
	screen_close(s);
}

static void test_read_only(void **state)
{
	(void)state;
	static const struct screen_options o = {.read_only = true};
	struct screen *s = screen_open(24, 80, &o);
	screen_keys(s, "F4 End Up Up Up Space");
	assert_true(screen_shows(s, "read-only:"));
	assert_int_equal(s->host->sysctl[SYSCTL_BINDV6ONLY], 0);
	screen_expect(s, "read-only", false);
	screen_close(s);
}

// The first line tells where a change would be made, and how many of them wait for their undo.
static void test_place(void **state)
{
	(void)state;
	static const struct screen_options o = {.read_only = true};
	static const char *const told[][2] = {
		{" bindwalk  workshop · Linux 6.18.44 · read-only", ""},
		{" bindwalk  workshop · Linux 6.18.44 · netns blue · edit · 1 change", "netns blue"},
		{" bindwalk  workshop · Linux 6.18.44 · netns blue-and-green · edit · 12 changes",
		 "netns blue-and-green"},
	};
	struct screen *s = screen_open(24, 110, &o);
	for (size_t i = 0; i < sizeof told / sizeof told[0]; i++) {
		s->app.editable = i > 0;
		s->app.changes = i == 0 ? 0 : i == 1 ? 1 : 12;
		snprintf(s->app.place, sizeof s->app.place, "%s", told[i][1]);
		screen_draw(s);
		assert_memory_equal(screen_line(s, 0), told[i][0], strlen(told[i][0]));
		assert_string_equal(screen_line(s, 0) + strlen(screen_line(s, 0)) - 15, "F1 help  q quit");
	}
	screen_resize(s, 24, 80);
	assert_true(screen_shows(s, " bindwalk  netns blue-and-green · edit · 12 changes "));
	screen_close(s);

	// A lab says how to join it, where there is room.
	s = screen_open(36, 120, &usual);
	snprintf(s->app.place, sizeof s->app.place, "lab router");
	snprintf(s->app.join, sizeof s->app.join, "nsenter -t 4711 -n");
	screen_draw(s);
	assert_true(screen_shows(s, " bindwalk  workshop · Linux 6.18.44 · lab router · nsenter -t 4711 -n "));
	screen_resize(s, 24, 80);
	assert_false(screen_shows(s, "nsenter"));
	assert_true(screen_shows(s, "· lab router "));
	screen_close(s);
}

// What somebody is to confirm, and why the kernel refused, is not cut off.
static void test_said_at_length(void **state)
{
	(void)state;
	struct screen *s = screen_open(24, 80, &usual);
	app_ask_change(
		&s->app,
		"Change this host: ip route add local 2001:db8:1111:2222:3333:4444:5555:0/112 dev averyverylong0 "
		"table 1000 metric 1000000?");
	screen_draw(s);
	screen_expect(s, "confirm-change", false);
	assert_true(frame_asks(&s->app));
	screen_resize(s, 18, 60);
	assert_true(screen_shows(s, "metric 1000000?"));
	assert_true(frame_asks(&s->app));
	screen_resize(s, 9, 60); // where it is not on the screen it is not asked
	assert_false(frame_asks(&s->app));
	screen_resize(s, 18, 60);
	screen_keys(s, "n");
	assert_true(screen_shows(s, "not changed"));
	assert_true(screen_shows(s, "EADDRNOTAVAIL"));
	screen_resize(s, 24, 80);
	app_say(&s->app, ROLE_FAIL,
		"ip route add 10.0.0.0/8 via 1.2.3.4: Network is unreachable: Nexthop has invalid gateway");
	screen_draw(s);
	screen_expect(s, "refused-change", false);
	screen_keys(s, "n");
	assert_false(screen_shows(s, "gateway"));
	screen_resize(s, 18, 60);
	char more[QUESTION_TEXT] = "Change this host: ";
	memset(more + strlen(more), 'x', 400);
	app_ask_change(&s->app, more); // nor where its end has no room
	assert_false(frame_asks(&s->app));
	screen_resize(s, 24, 120);
	assert_true(frame_asks(&s->app));
	screen_close(s);
}

static void test_mouse(void **state)
{
	(void)state;
	struct screen *s = screen_open(24, 80, &usual);
	screen_key(s, (struct key){.code = K_CLICK, .y = 4, .x = 30});
	assert_int_equal(s->app.focus, PANE_ROUTES);
	assert_int_equal(s->app.lists[PANE_ROUTES].selected, 2);
	screen_key(s, (struct key){.code = K_CLICK, .y = 10, .x = 10});
	assert_int_equal(s->app.focus, PANE_WALK);
	assert_int_equal(app_step_index(&s->app), 1);
	screen_key(s, (struct key){.code = K_WHEEL_DOWN, .y = 10, .x = 10});
	assert_int_equal(app_step_index(&s->app), 2);
	screen_key(s, (struct key){.code = K_CLICK, .y = 0, .x = 10});
	screen_key(s, (struct key){.code = K_CLICK, .y = 23, .x = 79});
	screen_draw(s);
	screen_expect_clean(s, "clicks");
	screen_close(s);
}

static unsigned random_below(uint64_t *seed, unsigned n)
{
	*seed = *seed * 6364136223846793005u + 1442695040888963407u;
	return (unsigned)(*seed >> 33) % n;
}

static uint32_t random_code(uint64_t *seed)
{
	static const char usual_keys[] = "bnpaftvreudosDxhl1234zjkgGTm/:?  \r\t\033";
	unsigned r = random_below(seed, 10);
	if (r < 5)
		return (unsigned char)usual_keys[random_below(seed, sizeof usual_keys - 1)];
	if (r < 7)
		return K_NONE + 1 + random_below(seed, K_END_OF_KEYS - K_NONE - 1);
	if (r < 8)
		return 1 + random_below(seed, 127);
	if (r < 9)
		return (unsigned char)"0123456789.:%/abcdef"[random_below(seed, 20)];
	// Where libc, curses and the emulator agree on widths: Latin and its controls, wide ones.
	static const uint32_t blocks[] = {0x80, 0xc0, 0x4e00};
	return blocks[random_below(seed, 3)] + random_below(seed, 0x40);
}

// Whatever is typed, and however the host and the size change meanwhile: no crash, and never a cell that a full redraw
// would show otherwise.
static void test_random_keys(void **state)
{
	(void)state;
	static const int sizes[][2] = {{24, 80}, {18, 60}, {43, 132}, {50, 160},
				       {30, 70}, {17, 59}, {60, 200}, {3, 10}};
	const char *wish = getenv("BINDWALK_RANDOM_KEYS"), *fixed = getenv("BINDWALK_SEED");
	unsigned long keys = wish ? strtoul(wish, NULL, 10) : 4000;
	uint64_t seed = fixed ? strtoull(fixed, NULL, 10) : 20261123;
	print_message("# random keys: BINDWALK_RANDOM_KEYS=%lu BINDWALK_SEED=%llu\n", keys, (unsigned long long)seed);
	struct screen *s = screen_open(24, 80, &usual);
	for (unsigned long i = 0; i < keys; i++) {
		char what[64];
		struct key key = {.code = random_code(&seed), .alt = random_below(&seed, 40) == 0};
		key.y = (int)random_below(&seed, (unsigned)s->rows);
		key.x = (int)random_below(&seed, (unsigned)s->cols);
		screen_key(s, key);
		if (random_below(&seed, 100) == 0) {
			const int *size = sizes[random_below(&seed, sizeof sizes / sizeof sizes[0])];
			screen_resize(s, size[0], size[1]);
		}
		if (random_below(&seed, 200) == 0)
			screen_set_host(s, random_below(&seed, 2) ? made_up_large_host() : made_up_host());
		s->quit = false;
		screen_draw(s);
		if (i % 4 == 0) {
			snprintf(what, sizeof what, "key %lu (0x%x)", i, (unsigned)key.code);
			screen_expect_clean(s, what);
		}
	}
	screen_close(s);
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

static void remove_tree(const char *path)
{
	nftw(path, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

int main(void)
{
	char home[] = "/tmp/bindwalk-screen-XXXXXX";
	if (!mkdtemp(home))
		return 99;
	setenv("HOME", home, 1);
	setenv("INPUTRC", "/dev/null", 1);
	setlocale(LC_ALL, "C.UTF-8");
	static const char *const cleared[] = {"NO_COLOR", "COLORTERM",      "COLORFGBG", "LINES",
					      "COLUMNS",  "XDG_STATE_HOME", "ESCDELAY",  "TERMINFO"};
	for (size_t i = 0; i < sizeof cleared / sizeof cleared[0]; i++)
		unsetenv(cleared[i]);
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_start),          cmocka_unit_test(test_large_is_used),
		cmocka_unit_test(test_too_small),      cmocka_unit_test(test_size_there_and_back),
		cmocka_unit_test(test_story),          cmocka_unit_test(test_walk_and_details),
		cmocka_unit_test(test_little_room),    cmocka_unit_test(test_walk_unseen),
		cmocka_unit_test(test_cut_before),     cmocka_unit_test(test_own_keys),
		cmocka_unit_test(test_help),           cmocka_unit_test(test_looks),
		cmocka_unit_test(test_no_color),       cmocka_unit_test(test_ascii_locale),
		cmocka_unit_test(test_unassigned),     cmocka_unit_test(test_prompt),
		cmocka_unit_test(test_prompt_editing), cmocka_unit_test(test_prompt_columns),
		cmocka_unit_test(test_paste),          cmocka_unit_test(test_prompt_grows),
		cmocka_unit_test(test_filter),         cmocka_unit_test(test_host_changes),
		cmocka_unit_test(test_disagreement),   cmocka_unit_test(test_quitting),
		cmocka_unit_test(test_long_message),   cmocka_unit_test(test_read_only),
		cmocka_unit_test(test_mouse),          cmocka_unit_test(test_place),
		cmocka_unit_test(test_said_at_length), cmocka_unit_test(test_random_keys),
	};
	int failed = cmocka_run_group_tests_name("screen", tests, NULL, NULL);
	remove_tree(home);
	return failed;
}
