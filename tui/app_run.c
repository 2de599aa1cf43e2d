// SPDX-License-Identifier: GPL-3.0-or-later
// Commands, and the keys and clicks that stand for them.
#include "tui/app_run.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "core/command/argument.h"
#include "core/command/command_parse.h"
#include "tui/app_attempt.h"
#include "tui/app_cover.h"
#include "tui/app_layout.h"
#include "tui/app_update.h"
#include "tui/bind_keep.h"
#include "tui/bind_open.h"
#include "tui/bind_watch.h"
#include "tui/compare.h"
#include "tui/compare_run.h"
#include "tui/event_open.h"
#include "tui/help_run.h"
#include "tui/lesson_view.h"
#include "tui/palette_run.h"
#include "tui/pane/pane.h"
#include "tui/pane/panes.h"
#include "tui/picking.h"
#include "tui/remedy_apply.h"
#include "tui/trace_command.h"
#include "tui/view.h"
#include "tui/walk_rows.h"

bool app_is_text(enum pane_id p)
{
	return p == PANE_DETAIL || p == PANE_HELP || p == PANE_LESSON;
}

unsigned app_moved(struct app *app, enum pane_id pane)
{
	if (pane == PANE_OTHER || pane == PANE_MATRIX)
		return compare_moved(app);
	return pane == PANE_WALK ? app_select_step(app, app_step_index(app)) : DIRTY_SCREEN;
}

unsigned app_move(struct app *app, enum pane_id pane, long lines)
{
	struct list *l = &app->lists[pane];
	if (app_is_text(pane))
		list_scroll(l, lines);
	else
		list_move(l, lines);
	return app_moved(app, pane);
}

static unsigned on_list(struct app *app, const struct command_call *call)
{
	enum pane_id pane = app->focus;
	long page = (long)app->lists[pane].height, far = 1L << 40;
	page = page > 1 ? page - 1 : 1;
	switch (call->id) {
	case CMD_UP:
		return app_move(app, pane, -1);
	case CMD_DOWN:
		return app_move(app, pane, 1);
	case CMD_PAGE_UP:
		return app_move(app, pane, -page);
	case CMD_PAGE_DOWN:
		return app_move(app, pane, page);
	case CMD_HALF_UP:
		return app_move(app, pane, -(page + 1) / 2);
	case CMD_HALF_DOWN:
		return app_move(app, pane, (page + 1) / 2);
	case CMD_FIRST:
		return app_move(app, pane, -far);
	default:
		return app_move(app, pane, far);
	}
}

// Names the selected step if its pane is hidden.
static unsigned name_step(struct app *app, unsigned changed)
{
	unsigned step = app_step_index(app), last;
	struct row row;
	if (!(app->layout.hidden & 1u << PANE_WALK) || step >= app->now.walk.nsteps)
		return changed;
	row_clear(&row);
	pane_ops(PANE_WALK)->row(app, walk_rows_of(&app->now.walk, app->unfolded, step), UINT_MAX, &row);
	for (last = row.nspans; last > 0 && row.spans[last - 1].right; last--)
		;
	int left = last < row.nspans ? row.spans[last].start : row.used; // then, on what it rests
	return changed | app_say(app, ROLE_PLAIN, left < row.used ? "%.*s [%s]" : "%.*s%s", left, row.text,
				 row.text + left + (left < row.used));
}

static unsigned go_to_step(struct app *app, unsigned step)
{
	return name_step(app, app_select_step(app, step));
}

static unsigned step_by(struct app *app, int by)
{
	const struct walk *w = &app->now.walk;
	if (by > 0 && app_covers(app))
		return name_step(app, app_cover_next(app));
	if (app_explained_pane(app) == PANE_OTHER)
		return app_move(app, PANE_OTHER, by);
	unsigned row = walk_rows_of(w, app->unfolded, app_step_index(app));
	if (by > 0 && !app->stepped && w->nsteps) // the story begins at its beginning
		return go_to_step(app, 0);
	if (by > 0 && row + 1 < walk_rows_count(w, app->unfolded))
		return go_to_step(app, walk_rows_step(w, app->unfolded, row + 1));
	if (by < 0 && row > 0)
		return go_to_step(app, walk_rows_step(w, app->unfolded, row - 1));
	return app_say(app, ROLE_DIM,
		       by > 0 ? "this is the last step; press s for the first one" : "this is the first step");
}

// Unfolds a row of several steps first.
static unsigned open_detail(struct app *app)
{
	const struct walk *w = &app->now.walk;
	bool walk = app_explained_pane(app) == PANE_WALK;
	if (walk && walk_rows_folded(w, app->unfolded, walk_rows_of(w, app->unfolded, app_step_index(app))) > 1)
		return app_unfold(app, true);
	app_output_drop(app);
	app->mode = MODE_MAIN;
	if (app_explained_pane(app) != PANE_OTHER && !view_has_walk(app->view))
		app_view(app, VIEW_EXPLORE);
	app->focus = PANE_DETAIL;
	app->detail = true;
	return app_relayout(app);
}

static unsigned back(struct app *app)
{
	if (app->view == VIEW_PALETTE)
		return palette_close(app);
	if (app->view == VIEW_HELP)
		return app_leave_view(app);
	if (app->mode == MODE_FILTER || picking_is_filtered(app))
		return picking_drop_filter(app);
	if (app->focus == PANE_DETAIL)
		return app_focus(app, app->output.shown && app_plays(app) ? PANE_LESSON : app_explained_pane(app));
	if (app->lesson.compares && app->focus == PANE_OTHER && app_plays(app))
		return app_compare_beside(app, false);
	if (app->view == VIEW_MATRIX && app->focus != PANE_MATRIX)
		return app_focus(app, PANE_MATRIX);
	if (bind_is_open(app))
		return bind_close(app);
	if (app->view != VIEW_EXPLORE)
		return app_leave_view(app);
	if (app->zoom) {
		app->zoom = false;
		return app_relayout(app);
	}
	if (app->lesson.state && app->lesson.state->paced)
		return lesson_return(app); // a remote control has no other key that leads there
	return app_say(app, ROLE_DIM, "nothing to close; press q to quit");
}

// What the pane has for the selected item, as a line that is carried out as if it had been typed.
static int on_item(struct app *app, bool use, char *err, size_t errlen, unsigned *changed)
{
	const struct pane_ops *ops = pane_ops(app->focus);
	const struct list *l = &app->lists[app->focus];
	pane_line *act = use ? ops->use : ops->toggle;
	char lines[COMMAND_ARG], text[ATTEMPT_TEXT];
	if (use && app->focus == PANE_EVENTS && l->count) {
		*changed |= event_open(app, list_item(l, l->selected));
		return 0;
	}
	if (use && app->focus == PANE_BINDS && l->count) {
		*changed |= bind_open(app, list_item(l, l->selected));
		return 0;
	}
	if (use && app->view == VIEW_BINDS)
		return bind_use(app, err, errlen, changed);
	if (!act || l->count == 0) {
		snprintf(err, errlen,
			 use ? "nothing to bind to here"
			     : "nothing to toggle here; the switches are in the socket pane");
		return -EINVAL;
	}
	if (!act(app, list_item(l, l->selected), lines)) {
		*changed |= app_say(app, ROLE_WARN, "%s", lines);
		return 0;
	}
	int ret = 0;
	for (char *rest = lines, *line; ret == 0 && (line = strsep(&rest, "\n"));)
		ret = app_take_line(app, PROMPT_COMMAND, line, err, errlen, changed);
	if (ret == 0 && use && app->focus == PANE_SOCKETS)
		*changed |= app_say(app, ROLE_PLAIN, "the attempt is now %s; press b to bind",
				    attempt_print(&app->attempt, text));
	else if (ret == 0 && use)
		*changed |= app_say(app, ROLE_PLAIN, "the address is now %s; press b to bind",
				    addr_print(&app->attempt.addr, text));
	return ret;
}

// Before the change is made there is the prompt, or, for the selected thing, nothing in a lab and a question on a host.
static int insert(struct app *app, const struct command_call *call, char *err, size_t errlen, unsigned *changed)
{
	const char *begin = call->arg;
	char line[COMMAND_ARG];
	const struct pane_ops *ops = pane_ops(app->focus);
	if (begin[0])
		snprintf(line, sizeof line, "%.*s ", (int)sizeof line - 2, begin);
	else if (ops->insert && app->now.host)
		ops->insert(app, line);
	if (!begin[0] && !(ops->insert && app->now.host)) {
		snprintf(err, errlen, "nothing can be added here; use the interfaces or routes pane");
		return -EINVAL;
	}
	const char *gap = strstr(line, "  "); // the cursor goes there
	*changed |= app_prompt(app, PROMPT_COMMAND, line);
	if (gap)
		app->wrong_at = (size_t)(gap + 1 - line);
	return 0;
}

static int take_away(struct app *app, const struct command_call *call, char *err, size_t errlen, unsigned *changed)
{
	(void)call;
	char line[COMMAND_ARG];
	const struct pane_ops *ops = pane_ops(app->focus);
	const struct list *l = &app->lists[app->focus];
	if (!ops->remove || l->count == 0) {
		snprintf(err, errlen, "nothing to delete here; select an address, interface or route");
		return -EINVAL;
	}
	ops->remove(app, list_item(l, l->selected), line);
	return app_take_line(app, PROMPT_COMMAND, line, err, errlen, changed);
}

static int pick_pane(struct app *app, const struct command_call *call, char *err, size_t errlen, unsigned *changed)
{
	const char *name = call->arg;
	enum view_id view = view_find(app->view, name) == PANE_COUNT ? VIEW_EXPLORE : app->view;
	enum pane_id pane = view_find(view, name);
	*changed |= app_view(app, view);
	if (pane == PANE_COUNT) {
		snprintf(err, errlen, "'%.40s' is not a pane (interfaces, routes, socket, walk)", name);
		return -EINVAL;
	}
	*changed |= app_focus(app, pane);
	return 0;
}

static int pick_view(struct app *app, const struct command_call *call, char *err, size_t errlen, unsigned *changed)
{
	enum view_id view = view_by_name(call->arg);
	if (view == VIEW_COUNT) {
		snprintf(err, errlen, "'%.40s' is not a view (explore, compare, matrix, sockets, events, binds)",
			 call->arg);
		return -EINVAL;
	}
	*changed |= app_view(app, view);
	return 0;
}

static int pick_theme(struct app *app, const struct command_call *call, char *err, size_t errlen, unsigned *changed)
{
	const char *name = call->arg;
	int theme = name[0] ? theme_find(name) : (int)(app->theme + 1) % THEME_COUNT;
	if (theme < 0) {
		snprintf(err, errlen, "'%.40s' is not a theme (dark, light, mono)", name);
		return -EINVAL;
	}
	app->theme = (enum theme_id)theme;
	*changed |= app_want(app, EFFECT_THEME) | app_say(app, ROLE_PLAIN, "theme %s", theme_name(app->theme));
	return 0;
}

static unsigned bind_live(struct app *app)
{
	if (!app->now.host || app->now.walk.nsteps == 0)
		return app_say(app, ROLE_WARN, "Bindwalk is still reading this host");
	return app_want(app, EFFECT_BIND) |
	       (app_covers(app) ? app_say(app, ROLE_PLAIN, "bind() is called; what it returns stays covered") : 0);
}

static unsigned switch_mouse(struct app *app, const char *to)
{
	app->mouse = argument_switch(to, app->mouse);
	return app_want(app, EFFECT_MOUSE) |
	       app_say(app, ROLE_PLAIN, "mouse %s",
		       app->mouse ? "on: click on rows, boxes, headings and the keys below"
				  : "off: the terminal selects text");
}

static unsigned switch_witness(struct app *app, const char *to)
{
	app->witness = argument_switch(to, app->witness);
	return app_want(app, EFFECT_WITNESS) |
	       app_say(app, ROLE_PLAIN, "witness %s", app->witness ? "on: b also shows what the kernel did" : "off");
}

// A step that may be folded away.
static unsigned open_step(struct app *app, unsigned step)
{
	const struct walk *w = &app->now.walk;
	unsigned row = walk_rows_of(w, app->unfolded, step);
	if (walk_rows_folded(w, app->unfolded, row) > 1)
		app_unfold(app, true);
	return go_to_step(app, step);
}

static unsigned step_to(struct app *app, const char *number)
{
	unsigned long n = 0;
	if (!number || number_parse(number, WALK_STEPS, &n) < 0 || n == 0 || n > app->now.walk.nsteps)
		return app_say(app, ROLE_FAIL, "the walk has %u steps", app->now.walk.nsteps);
	return open_step(app, (unsigned)n - 1);
}

static unsigned step_at(struct app *app, const char *name)
{
	const struct walk *w = &app->now.walk;
	for (unsigned n = 0; n < w->nsteps; n++)
		if (strcmp(step_info(w->steps[n].step)->name, name) == 0)
			return open_step(app, n);
	return app_say(app, ROLE_FAIL, "this walk has no step %s", name);
}

// A bind with an address aims first.
static int bind_to(struct app *app, const struct command_call *call, char *err, size_t errlen, unsigned *changed)
{
	int ret = call->arg[0] ? app_run_attempt(app, call, err, errlen, changed) : 0;
	if (ret == 0)
		*changed |= bind_live(app);
	return ret;
}

static int toggle(struct app *app, const struct command_call *call, char *err, size_t errlen, unsigned *changed)
{
	(void)call;
	return on_item(app, false, err, errlen, changed);
}

static int use(struct app *app, const struct command_call *call, char *err, size_t errlen, unsigned *changed)
{
	(void)call;
	return on_item(app, true, err, errlen, changed);
}

static int open_palette(struct app *app, const struct command_call *call, char *err, size_t errlen, unsigned *changed)
{
	(void)err;
	(void)errlen;
	*changed |= palette_open(app, call->arg);
	return 0;
}

static int choose(struct app *app, const struct command_call *call, char *err, size_t errlen, unsigned *changed)
{
	struct command_call chosen;
	(void)call;
	return palette_choose(app, &chosen, changed) ? app_run(app, &chosen, err, errlen, changed) : 0;
}

static int bind_key(struct app *app, const struct command_call *call, char *err, size_t errlen, unsigned *changed)
{
	(void)app;
	(void)changed;
	return keys_bind(command_value(call, 0), command_value(call, 1), err, errlen);
}

// What can't go wrong.
static unsigned on_walk(struct app *app, const struct command_call *call)
{
	if (bind_is_open(app) && (call->id == CMD_STEP_FIRST || call->id == CMD_STEP_DECIDING)) {
		bind_step(app, call->id);
		return app_moved(app, PANE_OTHER);
	}
	switch (call->id) {
	case CMD_STEP:
		return step_to(app, command_value(call, 0));
	case CMD_STEP_AT:
		return step_at(app, command_value(call, 0));
	case CMD_STEP_NEXT:
		return step_by(app, 1);
	case CMD_STEP_PREV:
		return step_by(app, -1);
	case CMD_STEP_FIRST:
		return go_to_step(app, 0);
	case CMD_STEP_DECIDING:
		if (app_covers(app))
			return app_say(app, ROLE_DIM, "the deciding step is covered; :cover off uncovers it");
		return go_to_step(app, app->now.walk.decisive);
	default:
		return open_detail(app);
	}
}

static unsigned on_view(struct app *app, const struct command_call *call)
{
	switch (call->id) {
	case CMD_PANE_NEXT:
		return app_focus(app, view_next(app->view, &app->layout, app->focus, 1));
	case CMD_PANE_PREV:
		return app_focus(app, view_next(app->view, &app->layout, app->focus, -1));
	case CMD_FILTER_KEEP:
		return app_set_mode(app, MODE_MAIN);
	case CMD_FILTER_DROP:
		return picking_drop_filter(app);
	case CMD_ZOOM:
		app->zoom = !app->zoom;
		return app_relayout(app);
	case CMD_HELP:
		return call->arg[0] ? app_hand_over(app, call) : app_open_help(app);
	case CMD_COMMAND:
		return app_prompt(app, PROMPT_COMMAND, "");
	default:
		return back(app);
	}
}

static unsigned on_terminal(struct app *app, const struct command_call *call)
{
	switch (call->id) {
	case CMD_MOUSE:
		return switch_mouse(app, command_value(call, 0));
	case CMD_WITNESS:
		return switch_witness(app, command_value(call, 0));
	case CMD_REDRAW:
		return app_want(app, EFFECT_REDRAW);
	default:
		return app_want(app, EFFECT_SUSPEND);
	}
}

// Leaving, and the answers to a question.
static unsigned on_question(struct app *app, const struct command_call *call)
{
	switch (call->id) {
	case CMD_INTERRUPT:
		return app->view == VIEW_HELP ? back(app) : app_set_mode(app, MODE_CONFIRM);
	case CMD_QUIT_YES:
		return app->question[0] ? app_set_mode(app, MODE_MAIN) | app_want(app, EFFECT_COMMAND)
					: app_want(app, EFFECT_QUIT);
	case CMD_QUIT_NO:
		if (app->question[0])
			app_say(app, ROLE_PLAIN, "not changed");
		remedy_apply_stop(app);
		app->question[0] = '\0';
		return app_set_mode(app, MODE_MAIN);
	default:
		return app_want(app, EFFECT_QUIT);
	}
}

typedef int may_fail_fn(struct app *app, const struct command_call *call, char *err, size_t errlen, unsigned *changed);
typedef unsigned does_fn(struct app *app, const struct command_call *call);

// The functions that run the commands. The session runs all others.
static may_fail_fn *const may_fail[CMD_COUNT] = {
	[CMD_ADDRESS] = app_run_attempt,
	[CMD_PORT] = app_run_attempt,
	[CMD_SCOPE] = app_run_attempt,
	[CMD_TYPE] = app_run_attempt,
	[CMD_PROTO] = app_run_attempt,
	[CMD_DEVICE] = app_run_attempt,
	[CMD_TOGGLE] = app_run_attempt,
	[CMD_SET] = app_run_attempt,
	[CMD_UNSET] = app_run_attempt,
	[CMD_SYSCTL] = app_run_attempt,
	[CMD_FAMILY] = app_run_attempt,
	[CMD_SA_FAMILY] = app_run_attempt,
	[CMD_ADDRLEN] = app_run_attempt,
	[CMD_AGAIN] = app_run_attempt,
	[CMD_UNPRIVILEGED] = app_run_attempt,
	[CMD_REMEDY] = remedy_apply,
	[CMD_BIND] = bind_to,
	[CMD_TOGGLE_SELECTED] = toggle,
	[CMD_USE] = use,
	[CMD_INSERT] = insert,
	[CMD_DELETE] = take_away,
	[CMD_PANE] = pick_pane,
	[CMD_FILTER] = picking_filter,
	[CMD_FILTER_ALL] = picking_filter,
	[CMD_SORT] = picking_sort,
	[CMD_HIDE] = picking_hide,
	[CMD_VIEW] = pick_view,
	[CMD_WATCH] = bind_watch,
	[CMD_TRACE] = trace_command,
	[CMD_COVER] = app_cover_run,
	[CMD_ANSWER] = app_cover_run,
	[CMD_ASK] = app_cover_run,
	[CMD_LESSON] = lesson_run,
	[CMD_LESSON_NEXT] = lesson_run,
	[CMD_LESSON_BACK] = lesson_run,
	[CMD_LESSON_GOTO] = lesson_run,
	[CMD_LESSON_ANSWER] = lesson_run,
	[CMD_LESSON_RECORDING] = lesson_run,
	[CMD_HINT] = lesson_run,
	[CMD_SOLUTION] = lesson_run,
	[CMD_COMPARE_WITH] = compare_with,
	[CMD_COUNTERPART] = compare_counterpart,
	[CMD_THEME] = pick_theme,
	[CMD_KEY] = bind_key,
	[CMD_PALETTE] = open_palette,
	[CMD_PALETTE_RUN] = choose,
};
static does_fn *const does[CMD_COUNT] = {
	[CMD_STEP] = on_walk,          [CMD_STEP_NEXT] = on_walk,
	[CMD_STEP_PREV] = on_walk,     [CMD_STEP_FIRST] = on_walk,
	[CMD_STEP_DECIDING] = on_walk, [CMD_DETAIL] = on_walk,
	[CMD_STEP_AT] = on_walk,       [CMD_UP] = on_list,
	[CMD_DOWN] = on_list,          [CMD_PAGE_UP] = on_list,
	[CMD_PAGE_DOWN] = on_list,     [CMD_HALF_UP] = on_list,
	[CMD_HALF_DOWN] = on_list,     [CMD_FIRST] = on_list,
	[CMD_LAST] = on_list,          [CMD_PANE_NEXT] = on_view,
	[CMD_PANE_PREV] = on_view,     [CMD_FILTER_KEEP] = on_view,
	[CMD_FILTER_DROP] = on_view,   [CMD_ZOOM] = on_view,
	[CMD_HELP] = on_view,          [CMD_COMMAND] = on_view,
	[CMD_BACK] = on_view,          [CMD_MOUSE] = on_terminal,
	[CMD_WITNESS] = on_terminal,   [CMD_REDRAW] = on_terminal,
	[CMD_SUSPEND] = on_terminal,   [CMD_INTERRUPT] = on_question,
	[CMD_QUIT_YES] = on_question,  [CMD_QUIT_NO] = on_question,
	[CMD_QUIT] = on_question,      [CMD_SECTION] = help_run,
	[CMD_SECTION_NEXT] = help_run, [CMD_SECTION_PREV] = help_run,
	[CMD_PIN] = compare_pin,       [CMD_CELL] = compare_cell,
};

int app_run(struct app *app, const struct command_call *call, char *err, size_t errlen, unsigned *changed)
{
	if (app_is_replay(app) && command_is_live(call)) {
		snprintf(err, errlen, "%s", command_recorded);
		return -EINVAL;
	}
	if (!app_may(app, call->id)) {
		snprintf(err, errlen, "read-only: %s needs --edit, or a lab", command_info(call->id)->name);
		return -EINVAL;
	}
	if (bind_keeps_back(app, call->id)) {
		bind_kept_back(app, call->id, err, errlen);
		return -EINVAL;
	}
	*changed |= app_cover_give_way(app, call);
	if (may_fail[call->id])
		return may_fail[call->id](app, call, err, errlen, changed);
	*changed |= does[call->id] ? does[call->id](app, call) : app_hand_over(app, call);
	return 0;
}

unsigned app_dispatch(struct app *app, const struct command_call *call)
{
	char err[MESSAGE_TEXT] = "";
	unsigned changed = 0;
	app->typed[0] = '\0';
	if (app_run(app, call, err, sizeof err, &changed) < 0)
		changed |= app_say(app, ROLE_FAIL, "%s", err);
	return changed;
}

unsigned app_key(struct app *app, const struct key *key)
{
	unsigned changed = app_hush(app);
	app->stage.passes -= app->stage.passes > 0;
	compare_changed(app, NULL);
	if (app_cover_digit(app, key) || lesson_digit(app, key))
		return changed | DIRTY_SCREEN;
	bool palette = app->mode == MODE_MAIN && app->focus == PANE_PALETTE;
	if (palette && app->palette.pasting) // no key in it means anything
		return palette_type(app, key) ? changed | DIRTY_SCREEN : changed;
	const struct binding *b = key->alt ? NULL : lesson_key(app, key);
	if (!b && !key->alt)
		b = keys_find(app_context(app), key->code);
	app->cover.told = false;
	if (b) {
		struct command_call call;
		char err[MESSAGE_TEXT];
		if (command_make(b->command, b->arg, &call, err, sizeof err) < 0)
			return changed | app_say(app, ROLE_FAIL, "%s", err);
		return changed | app_dispatch(app, &call);
	}
	if (palette ? palette_type(app, key) : app->mode == MODE_FILTER && picking_key(app, key))
		return changed | DIRTY_SCREEN;
	char name[KEY_NAME];
	return app_say(app, ROLE_DIM, "%s%s does nothing here; ? finds a command", key->alt ? "Alt-" : "",
		       keys_name(key->code, name));
}

unsigned app_do_line(struct app *app, const char *line)
{
	char err[MESSAGE_TEXT] = "";
	unsigned changed = 0;
	if (app_take_line(app, PROMPT_COMMAND, line, err, sizeof err, &changed) < 0)
		changed |= app_say(app, ROLE_FAIL, "%s", err);
	return changed;
}

int app_take_line(struct app *app, enum prompt_kind kind, const char *line, char *err, size_t errlen, unsigned *changed)
{
	static const enum command_id of_kind[] = {
		[PROMPT_ADDRESS] = CMD_ADDRESS, [PROMPT_PORT] = CMD_PORT, [PROMPT_DEVICE] = CMD_DEVICE};
	struct command_call call = {0};
	int ret;
	app->wrong_at = SIZE_MAX;
	if (kind == PROMPT_COMMAND) {
		ret = command_parse(line, &call, err, errlen, &app->wrong_at);
		if (ret == 0)
			app->wrong_at = SIZE_MAX;
	} else {
		line += strspn(line, " ");
		if (strlen(line) >= sizeof call.arg) {
			snprintf(err, errlen, "a command cannot be longer than %zu bytes", sizeof call.arg - 1);
			return -EINVAL;
		}
		ret = *line ? command_make(of_kind[kind], line, &call, err, errlen) : -ENODATA;
	}
	if (ret < 0)
		return ret == -ENODATA ? 0 : ret;
	return app_run(app, &call, err, errlen, changed);
}
