// SPDX-License-Identifier: GPL-3.0-or-later
// Rectangles: nothing overlaps or leaves the screen at any size, and each size gets its stage.
// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
// clang-format on

#include <string.h>

#include "tui/layout.h"
#include "tui/view.h"

static bool inside(const struct rect *r, int rows, int cols)
{
	return r->y >= 0 && r->x >= 0 && r->h > 0 && r->w > 0 && r->y + r->h <= rows && r->x + r->w <= cols;
}

static bool overlap(const struct rect *a, const struct rect *b)
{
	return a->y < b->y + b->h && b->y < a->y + a->h && a->x < b->x + b->w && b->x < a->x + a->w;
}

// Each cell of the screen belongs to exactly one rectangle: none overlap, and together they are as large as it.
static void expect_tiled(const struct layout *l)
{
	const struct rect *all[4 + PANE_COUNT] = {&l->title, &l->verdict, &l->hint, &l->keys};
	size_t n = 4;
	int area = 0;
	for (int p = 0; p < PANE_COUNT; p++)
		if (l->pane[p].h)
			all[n++] = &l->pane[p];
	for (size_t i = 0; i < n; i++) {
		if (all[i] == &l->hint && l->hint.h == 0)
			continue;
		assert_true(inside(all[i], l->rows, l->cols));
		area += all[i]->h * all[i]->w;
		for (size_t k = 0; k < i; k++)
			assert_false(overlap(all[i], all[k]));
	}
	assert_int_equal(area, l->rows * l->cols);
}

static void test_every_size(void **state)
{
	(void)state;
	for (int rows = 1; rows <= 110; rows += rows > 60 ? 7 : 1) {
		for (int cols = 1; cols <= 290; cols += cols > 170 ? 13 : 3) {
			for (int v = 0; v < 16 * VIEW_COUNT; v++) {
				struct layout_wish w = {.rows = rows,
							.cols = cols,
							.focus = (enum pane_id)(v & 3),
							.side = v & 2 ? PANE_ROUTES : PANE_SOCKET,
							.zoom = v & 4,
							.detail = v & 8,
							.view = (enum view_id)(v % VIEW_COUNT),
							.verdict = v * rows % 9,
							.hint = v * cols % 7};
				for (int p = 0; p < PANE_COUNT; p++)
					w.need[p] = v * (p + 3) % 31;
				w.focus = view_info(w.view)->panes[w.focus % view_info(w.view)->npanes];
				struct layout l = layout_compute(&w);
				bool small = rows < LAYOUT_MIN_ROWS || cols < LAYOUT_MIN_COLS;
				assert_int_equal(l.stage == STAGE_NONE, small);
				if (!small)
					expect_tiled(&l);
			}
		}
	}
}

static struct layout at(int rows, int cols)
{
	struct layout_wish w = {.rows = rows, .cols = cols, .focus = PANE_WALK, .side = PANE_ROUTES};
	w.need[PANE_WALK] = 9;
	return layout_compute(&w);
}

static void test_stages(void **state)
{
	(void)state;
	assert_int_equal(at(9, 80).stage, STAGE_NONE);
	assert_int_equal(at(24, 39).stage, STAGE_NONE);
	assert_int_equal(at(10, 40).stage, STAGE_BARE);
	assert_int_equal(at(17, 80).stage, STAGE_BARE);
	assert_int_equal(at(24, 59).stage, STAGE_BARE);
	assert_int_equal(at(18, 60).stage, STAGE_SINGLE);
	assert_int_equal(at(23, 200).stage, STAGE_SINGLE);
	assert_int_equal(at(24, 79).stage, STAGE_PAIR);
	assert_int_equal(at(24, 80).stage, STAGE_FULL);
	assert_int_equal(at(60, 159).stage, STAGE_FULL);
	assert_int_equal(at(24, 160).stage, STAGE_WIDE);
}

static void test_what_is_hidden(void **state)
{
	(void)state;
	assert_int_equal(at(24, 80).hidden, 0);
	assert_int_equal(at(24, 160).hidden, 0);
	assert_int_equal(at(24, 70).hidden, 1u << PANE_LINKS | 1u << PANE_SOCKET);
	assert_int_equal(at(18, 60).hidden, 1u << PANE_LINKS | 1u << PANE_ROUTES | 1u << PANE_SOCKET);
	assert_true(at(18, 60).pane[PANE_WALK].h > 0);
}

static void test_details(void **state)
{
	(void)state;
	struct layout_wish w = {.rows = 24, .cols = 80, .focus = PANE_WALK, .side = PANE_SOCKET};
	struct layout l = layout_compute(&w);
	assert_int_equal(l.pane[PANE_DETAIL].h, 0);
	struct rect walk = l.pane[PANE_WALK];
	w.detail = true; // takes the walk's place, and more rows of the panes than that needs
	l = layout_compute(&w);
	assert_int_equal(l.pane[PANE_DETAIL].y + l.pane[PANE_DETAIL].h, walk.y + walk.h);
	assert_true(l.pane[PANE_DETAIL].h >= walk.h);
	assert_int_equal(l.pane[PANE_WALK].h, 0);
	assert_true(l.pane[PANE_LINKS].h > 0);
	w.detail = false; // with room: always there
	w.rows = 43;
	w.need[PANE_WALK] = 9;
	l = layout_compute(&w);
	assert_true(l.pane[PANE_DETAIL].h >= 7);
	assert_int_equal(l.pane[PANE_WALK].h, 9 + 2);
}

// The walk has exactly the rows that it needs, the details what is left, and the panes never less than some.
static void test_rows_by_need(void **state)
{
	(void)state;
	for (int rows = 24; rows < 70; rows++)
		for (int need = 4; need < 20; need++) {
			struct layout_wish w = {
				.rows = rows, .cols = 80, .focus = PANE_WALK, .side = PANE_SOCKET, .verdict = 3};
			w.need[PANE_WALK] = need;
			w.need[PANE_SOCKET] = 17;
			struct layout l = layout_compute(&w);
			assert_true(l.pane[PANE_SOCKET].h >= 6);
			if (l.pane[PANE_SOCKET].h > 6)
				assert_int_equal(l.pane[PANE_WALK].h, need + 2);
			else
				assert_true(l.pane[PANE_WALK].h <= need + 2);
		}
}

// Verdict and messages get what they need, within reason, and never the same lines.
static void test_verdict(void **state)
{
	(void)state;
	for (int lines = 0; lines < 9; lines++)
		for (int hint = 0; hint < 8; hint++) {
			struct layout_wish w = {.rows = 24,
						.cols = 80,
						.focus = PANE_WALK,
						.side = PANE_SOCKET,
						.verdict = lines,
						.hint = hint};
			struct layout l = layout_compute(&w);
			assert_int_equal(l.verdict.h, clamp(lines, 1, LAYOUT_VERDICT_MAX));
			assert_int_equal(l.hint.h, clamp(hint, 1, LAYOUT_HINT_MAX));
			assert_int_equal(l.verdict.y + l.verdict.h, l.hint.y);
			assert_true(l.pane[PANE_WALK].h >= 5);
			w.rows = 10; // the message takes the pane's lines rather than the verdict's
			w.cols = 40;
			l = layout_compute(&w);
			assert_true(l.verdict.h >= clamp(lines, 1, 3));
			assert_int_equal(l.hint.h, clamp(hint, 0, LAYOUT_HINT_MAX));
		}
}

static void test_hit(void **state)
{
	(void)state;
	struct layout l = at(24, 80);
	assert_int_equal(layout_hit(&l, 0, 0), PANE_COUNT);
	assert_int_equal(layout_hit(&l, 1, 0), PANE_LINKS);
	assert_int_equal(layout_hit(&l, 5, 30), PANE_ROUTES);
	assert_int_equal(layout_hit(&l, 5, 79), PANE_SOCKET);
	assert_int_equal(layout_hit(&l, 15, 40), PANE_WALK);
	assert_int_equal(layout_hit(&l, 23, 79), PANE_COUNT);
	assert_int_equal(layout_hit(&l, 200, 200), PANE_COUNT);
}

// Forward and back, through every pane of a view that is on the screen, and each once.
static void test_focus_order(void **state)
{
	(void)state;
	for (int v = 0; v < VIEW_COUNT; v++) {
		const struct view *view = view_info((enum view_id)v);
		for (int rows = LAYOUT_MIN_ROWS; rows < 60; rows++)
			for (int cols = 40; cols < 240; cols += 40) {
				struct layout_wish w = {.rows = rows,
							.cols = cols,
							.view = (enum view_id)v,
							.focus = view->panes[view->npanes - 1],
							.side = view->panes[0]};
				struct layout l = layout_compute(&w);
				unsigned panes = view->npanes, seen = 0;
				for (unsigned i = 0; i < view->nextras; i++)
					panes += l.pane[view->extras[i]].h > 0;
				enum pane_id pane = view->panes[0];
				for (unsigned i = 0; i < panes; i++) {
					enum pane_id next = view_next(w.view, &l, pane, 1);
					assert_int_equal(view_next(w.view, &l, next, -1), pane);
					assert_false(seen & 1u << next);
					seen |= 1u << next;
					pane = next;
				}
				assert_int_equal(pane, view->panes[0]);
			}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_size),   cmocka_unit_test(test_focus_order),
		cmocka_unit_test(test_stages),       cmocka_unit_test(test_what_is_hidden),
		cmocka_unit_test(test_details),      cmocka_unit_test(test_verdict),
		cmocka_unit_test(test_rows_by_need), cmocka_unit_test(test_hit),
	};
	return cmocka_run_group_tests_name("layout", tests, NULL, NULL);
}
