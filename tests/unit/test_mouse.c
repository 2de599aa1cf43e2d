// SPDX-License-Identifier: GPL-3.0-or-later
// The mouse: a click is the key that stands there, in a pane it selects, toggles or acts, and it never answers whether
// a host may be changed.
#include <errno.h>

#include "core/text/width.h"
#include "tests/unit/made_host.h"
#include "tui/app_layout.h"
#include "tui/app_run.h"
#include "tui/app_update.h"
#include "tui/frame.h"
#include "tui/frame_title.h"
#include "tui/mouse.h"
#include "tui/pane/pane.h"
#include "tui/pane/panes.h"

static struct app app;
static struct host *host;

static void start(int rows, int cols, bool lab)
{
	struct addr a = made_addr("192.168.123.123");
	struct attempt first = attempt_new(&a);
	host = made_host("lo; link v0; addr 192.0.2.2/24 dev v0; addr 2001:db8::2/64 dev v0");
	for (int i = 0; i < SYSCTL_COUNT; i++)
		host->sysctl_known[i] = true;
	app_init(&app, &first, lab);
	app.caller = made_caller;
	app_resize(&app, rows, cols);
	app_set_host(&app, host);
	app_take_effects(&app);
	app_focus(&app, PANE_SOCKET);
}

static void end(void)
{
	app_free(&app);
	host_free(host);
}

static void at(uint32_t code, int y, int x)
{
	struct key key = {.code = code, .y = y, .x = x};
	if (mouse_presses(&app, &key))
		app_key(&app, &key);
	else
		mouse_run(&app, &key);
}

// The line of the screen that shows this in a pane.
static int line_of(enum pane_id pane, const char *text)
{
	const struct list *l = &app.lists[pane];
	for (size_t i = 0; i < l->height; i++) {
		struct row r;
		row_clear(&r);
		size_t line = list_at(l, i);
		if (line < l->count)
			pane_ops(pane)->row(&app, list_item(l, line), pane_width(&app, pane), &r);
		if (strstr(r.text, text))
			return app.layout.pane[pane].y + app.layout.border + (int)i;
	}
	fail_msg("%s is not on the screen", text);
	return -1;
}

static void click(enum pane_id pane, const char *text, int column)
{
	at(K_CLICK, line_of(pane, text), app.layout.pane[pane].x + app.layout.border + 1 + column);
}

// Each name that is drawn is a key that can be clicked at, and nothing else is.
static void expect_keys(int y, const struct row *r, unsigned from)
{
	unsigned at_col = from;
	for (unsigned i = 0; i < r->nspans; i++) {
		const struct span *s = &r->spans[i];
		char name[KEY_NAME] = "";
		unsigned cols = width_text(r->text + s->start, s->len);
		if (s->role == ROLE_KEY) {
			const char *text = r->text + s->start;
			size_t skip = *text == ' ', len = s->len - skip;
			uint32_t code = frame_key_at(&app, y, (int)(at_col + skip));
			keys_name(code, name);
			if (len == 0 || strncmp(text + skip, name, strlen(name)) != 0)
				fail_msg("at %u: %.*s is %s", at_col, (int)s->len, text, name);
			const char *slash = memchr(text + skip, '/', len);
			if (slash && len > 1) // "n/p"
				assert_int_equal(frame_key_at(&app, y, (int)(at_col + (size_t)(slash + 1 - text))),
						 slash[1]);
		}
		at_col += cols;
	}
	assert_int_equal(frame_key_at(&app, y, app.cols), K_NONE);
}

static void test_keys_where_they_are_drawn(void **state)
{
	(void)state;
	static const int sizes[][2] = {{10, 40}, {18, 60}, {24, 80}, {36, 120}, {60, 200}};
	for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
		start(sizes[i][0], sizes[i][1], true);
		for (int p = 0; p <= PANE_WALK; p++) {
			struct row r;
			app_focus(&app, (enum pane_id)p);
			frame_keys(&app, (unsigned)app.cols, &r);
			expect_keys(app.layout.keys.y, &r, 0);
			frame_title(&app, (unsigned)app.cols, &r);
			struct row right;
			row_clear(&right);
			for (unsigned k = 0; k < r.nspans; k++)
				if (r.spans[k].right)
					row_add_part(&right, &r, r.spans[k].start, r.spans[k].start + r.spans[k].len);
			for (unsigned k = 0; k < right.nspans; k++)
				right.spans[k].right = false;
			expect_keys(app.layout.title.y, &right,
				    (unsigned)app.cols - width_text(right.text, right.used));
		}
		end();
	}
}

// Also in the hint.
static void test_keys_in_sentences(void **state)
{
	(void)state;
	start(24, 80, true);
	struct row rows[HINT_LINES];
	int cursor;
	frame_hint(&app, 80, rows, &cursor);
	const char *enter = strstr(rows[0].text, "Enter");
	assert_non_null(enter);
	int x = (int)(enter - rows[0].text);
	assert_int_equal(frame_key_at(&app, app.layout.hint.y, x), K_ENTER);
	assert_int_equal(frame_key_at(&app, app.layout.hint.y, x + 8), K_ENTER); // "binds for real"
	assert_int_equal(frame_key_at(&app, app.layout.hint.y, 3), K_NONE);
	app_say(&app, ROLE_PLAIN, "f is no key here");
	for (x = 0; x < 80; x++)
		assert_int_equal(frame_key_at(&app, app.layout.hint.y, x), K_NONE);
	app_hush(&app);
	app_resize(&app, 18, 60);
	frame_hint(&app, 60, rows, &cursor);
	assert_int_equal(frame_key_at(&app, app.layout.hint.y, 60 - 2), K_F5); // "F5 walk"
	end();
}

static void test_boxes_and_rows(void **state)
{
	(void)state;
	start(36, 120, true);
	click(PANE_SOCKET, "IP_FREEBIND", 1);
	assert_true(attempt_on(&app.attempt, OPT_FREEBIND));
	click(PANE_SOCKET, "IP_FREEBIND", 1);
	assert_false(attempt_on(&app.attempt, OPT_FREEBIND));
	click(PANE_SOCKET, "IP_TRANSPARENT", 8); // selects
	assert_false(attempt_on(&app.attempt, OPT_TRANSPARENT));
	click(PANE_SOCKET, "IP_TRANSPARENT", 8); // acts, as Space does: Enter would bind
	assert_true(attempt_on(&app.attempt, OPT_TRANSPARENT));
	assert_int_equal(app_take_effects(&app) & EFFECT_BIND, 0);
	click(PANE_LINKS, "192.0.2.2", 4);
	assert_int_equal(app.focus, PANE_LINKS);
	assert_false(addr_equal(&app.attempt.addr, &host->addrs[0].addr));
	click(PANE_LINKS, "192.0.2.2", 4);
	char text[ADDR_TEXT];
	assert_string_equal(addr_print(&app.attempt.addr, text), "192.0.2.2");
	click(PANE_WALK, "family", 4);
	assert_int_equal(app.focus, PANE_WALK);
	assert_string_equal(step_info(app_step(&app)->step)->name, "family");
	click(PANE_WALK, "family", 4);
	assert_int_equal(app.focus, PANE_DETAIL);
	end();
}

static void test_headings_and_wheel(void **state)
{
	(void)state;
	start(24, 80, true);
	const struct rect routes = app.layout.pane[PANE_ROUTES];
	at(K_WHEEL_DOWN, routes.y + 2, routes.x + 3);
	assert_int_equal(app.focus, PANE_SOCKET);
	assert_int_equal(app.lists[PANE_ROUTES].selected, 3);
	at(K_CLICK, routes.y, routes.x + 3);
	assert_int_equal(app.focus, PANE_ROUTES);
	assert_false(app.zoom);
	at(K_CLICK, routes.y, routes.x + 3);
	assert_true(app.zoom);
	at(K_CLICK, app.layout.pane[PANE_ROUTES].y, 3);
	assert_false(app.zoom);
	at(K_CLICK, 0, 1); // the program's name is nothing to click at
	assert_int_equal(app.focus, PANE_ROUTES);
	end();
}

static void test_without_rights(void **state)
{
	(void)state;
	start(36, 120, false);
	click(PANE_SOCKET, "nonlocal_bind", 1);
	assert_int_equal(app_take_effects(&app) & EFFECT_SYSCTL, 0);
	assert_non_null(strstr(app.message, "read-only"));
	end();
}

// No place of the screen answers the question.
static void test_no_consent(void **state)
{
	(void)state;
	start(24, 80, false);
	app_ask_change(&app, "Change this host: ip route add local 192.0.2.0/24 dev lo?");
	app_take_effects(&app);
	for (int y = 0; y < app.rows; y++)
		for (int x = 0; x < app.cols; x++)
			at(K_CLICK, y, x);
	assert_int_equal(app.mode, MODE_CONFIRM);
	assert_true(app.question[0]);
	assert_int_equal(app_take_effects(&app), 0);
	end();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_keys_where_they_are_drawn),
		cmocka_unit_test(test_keys_in_sentences),
		cmocka_unit_test(test_boxes_and_rows),
		cmocka_unit_test(test_headings_and_wheel),
		cmocka_unit_test(test_without_rights),
		cmocka_unit_test(test_no_consent),
	};
	return cmocka_run_group_tests_name("mouse", tests, NULL, NULL);
}
