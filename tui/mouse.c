// SPDX-License-Identifier: GPL-3.0-or-later
#include "tui/mouse.h"

#include <stdio.h>
#include <string.h>

#include "tui/app_layout.h"
#include "tui/app_run.h"
#include "tui/app_update.h"
#include "tui/compare_run.h"
#include "tui/frame.h"
#include "tui/layout.h"
#include "tui/pane/pane.h"
#include "tui/pane/panes.h"
#include "tui/view.h"

bool mouse_is(const struct key *key)
{
	return key->code == K_CLICK || key->code == K_WHEEL_UP || key->code == K_WHEEL_DOWN;
}

bool mouse_presses(const struct app *app, struct key *key)
{
	if (key->code != K_CLICK || (app->mode == MODE_CONFIRM && app->question[0]))
		return false;
	uint32_t code = frame_key_at(app, key->y, key->x);
	if (code != K_NONE)
		*key = (struct key){.code = code};
	return code != K_NONE;
}

static unsigned do_key(struct app *app, uint32_t code)
{
	return app_key(app, &(struct key){.code = code});
}

// Is a check box drawn at that column of the line?
static bool is_box(const struct app *app, enum pane_id pane, size_t line, int x)
{
	enum { MARK = 1, BOX = 3 };
	struct row r;
	int left = app->layout.pane[pane].x + layout_border(&app->layout, pane) + MARK;
	row_clear(&r);
	pane_ops(pane)->row(app, list_item(&app->lists[pane], line), pane_width(app, pane), &r);
	return pane_ops(pane)->toggle && r.text[0] == '[' && r.text[BOX - 1] == ']' && x >= left && x < left + BOX;
}

static unsigned on_heading(struct app *app, enum pane_id pane)
{
	if (app->focus != pane)
		return app_focus(app, pane);
	app->zoom ^= view_info(app->view)->npanes > 1;
	return app_relayout(app);
}

// Enter; but in a pane where Enter binds, Space, which acts on the selected line.
static unsigned act(struct app *app, enum pane_id pane)
{
	enum key_context context = app_pane_context(pane);
	const struct binding *b = keys_find(context, K_ENTER);
	return do_key(app, b && b->command == CMD_BIND ? K_SPACE : K_ENTER);
}

static unsigned on_line(struct app *app, enum pane_id pane, size_t line, int x, bool box)
{
	struct list *l = &app->lists[pane];
	bool again = app->focus == pane && l->selected == line;
	unsigned changed = app->focus == pane ? 0 : app_focus(app, pane);
	list_select(l, line);
	if (pane == PANE_MATRIX || pane == PANE_OTHER)
		again &= compare_click(app, pane, x);
	if (box)
		return changed | do_key(app, K_SPACE);
	if (again)
		return changed | act(app, pane);
	return changed | app_moved(app, pane);
}

// A topic that the help names.
static unsigned on_help(struct app *app, size_t line)
{
	static const char help[] = ":help ";
	struct row r;
	row_clear(&r);
	if (line < app->lists[PANE_HELP].count)
		pane_ops(PANE_HELP)->row(app, line, 0, &r);
	const char *at = r.text + strspn(r.text, " ");
	if (strncmp(at, help, sizeof help - 1) != 0)
		return 0;
	char command[COMMAND_ARG];
	at += sizeof help - 1;
	snprintf(command, sizeof command, "help %.*s", (int)strcspn(at, " "), at);
	return app_do_line(app, command);
}

unsigned mouse_run(struct app *app, const struct key *key)
{
	enum { FAST = 3 };
	enum pane_id pane = layout_hit(&app->layout, key->y, key->x);
	app->cover.told &= key->code != K_CLICK;
	if (app->mode != MODE_MAIN || pane == PANE_COUNT || pane == PANE_KEYS)
		return app_hush(app);
	const struct list *l = &app->lists[pane];
	int row = key->y - app->layout.pane[pane].y - layout_border(&app->layout, pane);
	size_t line = row >= 0 && (size_t)row < l->height ? list_at(l, (size_t)row) : SIZE_MAX;
	bool box = line < l->count && is_box(app, pane, line, key->x);
	unsigned changed = app_hush(app); // after which things may stand elsewhere
	if (key->code != K_CLICK)
		return app_move(app, pane, (key->code == K_WHEEL_UP ? -1 : 1) * (pane == PANE_WALK ? 1 : FAST));
	if (row < 0)
		return on_heading(app, pane);
	if (pane == PANE_HELP)
		return on_help(app, line);
	if (line < l->count && !app_is_text(pane))
		return on_line(app, pane, line, key->x, box);
	return app->focus == pane ? changed : app_focus(app, pane);
}
