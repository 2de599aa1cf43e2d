// SPDX-License-Identifier: GPL-3.0-or-later
#include "tui/session_command.h"

#include <stdio.h>
#include <string.h>

#include "core/command/command_parse.h"
#include "core/command/exit_status.h"
#include "core/command/session_run.h"
#include "tui/app_output.h"
#include "tui/app_update.h"
#include "tui/compare.h"
#include "tui/pane/pane.h"

enum { WIDTH = 76 };

static void keep_row(void *data, const struct row *row)
{
	app_output_add(data, row);
}

enum exit_status session_command_run(struct app *app, struct session *s)
{
	struct session_error error;
	unsigned width = pane_width(app, PANE_DETAIL);
	struct session_out out = {
		.row = keep_row, .data = app, .width = width >= 20 ? width : WIDTH, .ascii = app->ascii};
	char title[64];
	const struct command_call call = app->command;
	// The walk on the screen is the one that is meant.
	s->attempt = app->attempt;
	s->unprivileged = app->unprivileged;
	s->now = app->now; // lent
	s->followed = app->now.host;
	s->walked = app->now.walk.nsteps > 0;
	s->step = app_step_index(app);
	s->shows = app_compares(app) ? SHOWS_VERSUS : app->view == VIEW_MATRIX ? SHOWS_MATRIX : SHOWS_WALK;
	s->versus = app->compare.versus;
	s->has_versus = app->compare.versus.walk[0] != NULL;
	s->matrix = app->compare.matrix;
	s->matrix_of = app->compare.of;
	s->has_matrix = app->compare.of.addr.family != 0;
	snprintf(title, sizeof title, call.arg[0] ? "%s %.40s" : "%s", command_info(call.id)->name, call.arg);
	app_output_begin(app, title);
	enum exit_status how = session_run(s, &call, &out, &error);
	if (how == EXIT_OK && call.id == CMD_RESET) {
		app->unprivileged = s->unprivileged;
		app_set_attempt(app, &s->attempt);
	}
	s->now = (struct inquiry){0};
	s->followed = NULL;
	s->walked = false;
	s->has_versus = false; // its walks were lent
	if (call.id == CMD_COMPARE && call.arg[0] && s->has_matrix)
		compare_live(app, &s->matrix, &s->matrix_of);
	if (how == EXIT_OK && app->output.n > 0 && (command_info(call.id)->needs & NEED_LAB))
		compare_changed(app, app->output.rows[0].text);
	if (how == EXIT_OK && app->output.n == 1 && command_changes(call.id))
		app_say(app, ROLE_OK, "done: %s; :undo reverts it", app->output.rows[0].text);
	else if (call.id == CMD_COMPARE && app->view == VIEW_MATRIX && (how == EXIT_OK || how == EXIT_DISAGREE))
		app_say(app, ROLE_PLAIN,
			call.arg[0] ? "bound for real under each change, and changed back" : "predicted");
	else if (how == EXIT_OK || app->output.n > 1)
		app_output_end(app);
	// A line that can be mended comes back, with the cursor where it is wrong.
	if (how == EXIT_WRONG && app->typed[0] && !app->question[0]) {
		app_prompt(app, PROMPT_COMMAND, app->typed);
		app->wrong_at = error.has_column ? error.column : SIZE_MAX;
	}
	if (how != EXIT_OK && !app->question[0])
		app_say(app, ROLE_FAIL, "%.250s", error.text);
	return how;
}

// A file may hold two numbers: the other one stays.
bool session_command_sysctl(struct app *app)
{
	const struct sysctl *info = sysctl_info(app->sysctl.id);
	char arg[COMMAND_ARG], err[COMMAND_ERROR];
	int n = snprintf(arg, sizeof arg, "%s", info->name);
	for (unsigned field = 0; field < 2; field++)
		for (int i = 0; i < SYSCTL_COUNT; i++) {
			const struct sysctl *other = sysctl_info((enum sysctl_id)i);
			if (other->field != field || strcmp(other->name, info->name) != 0)
				continue;
			int64_t number = i == (int)app->sysctl.id ? app->sysctl.value : app->now.host->sysctl[i];
			n += snprintf(arg + n, sizeof arg - (size_t)n, " %lld", (long long)number);
		}
	if (command_make(CMD_SYSCTL, arg, &app->command, err, sizeof err) == 0)
		return true;
	app_say(app, ROLE_FAIL, "%.250s", err);
	return false;
}
