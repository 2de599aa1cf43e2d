// SPDX-License-Identifier: GPL-3.0-or-later
#include "tui/rehearse.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>

#include "core/change/feature.h"
#include "core/lesson/lesson_open.h"
#include "core/lesson/rehearsal.h"
#include "core/text/json_text.h"
#include "tui/arguments.h"
#include "tui/complain.h"
#include "tui/output.h"
#include "tui/target.h"

static double milliseconds(int64_t us)
{
	return (double)us / 1000;
}

static void print_step(const struct lesson *l, const struct rehearsed_step *r, unsigned n, struct report_style style)
{
	struct row row;
	row_clear(&row);
	row.hanging = 9;
	row_add(&row, r->command ? ROLE_FAIL : ROLE_OK, "%s", r->command ? "FAIL" : "ok  ");
	row_add(&row, ROLE_PLAIN, " %3u %s", n + 1, l->steps[n].title);
	row_right(&row, ROLE_DIM, "%.1f ms", milliseconds(r->us));
	report_print(&row, style, stdout);
	if (!r->command)
		return;
	row_clear(&row);
	row.hanging = 9;
	row_add(&row, ROLE_PLAIN, "%9sline %u: %s", "", r->line, r->command);
	report_print(&row, style, stdout);
	row_clear(&row);
	row.hanging = 9;
	row_add(&row, ROLE_FAIL, "%9s%s", "", r->wrong);
	report_print(&row, style, stdout);
}

static const char *release(void)
{
	static struct utsname u;
	return uname(&u) == 0 ? u.release : "?";
}

static void print_text(const struct lesson *l, const struct rehearsal *r, struct report_style style)
{
	for (unsigned n = 0; n < l->nsteps; n++)
		print_step(l, &r->step[n], n, style);
	output_line("%u step%s in %.2f s on Linux %s: %u would fail", l->nsteps, l->nsteps == 1 ? "" : "s",
		    (double)r->us / 1e6, release(), r->failed);
}

static json_t *step_json(const struct lesson *l, const struct rehearsed_step *r, unsigned n)
{
	json_t *o = json_object();
	json_object_set_new(o, "step", json_integer(n + 1));
	json_object_set_new(o, "title", json_text(l->steps[n].title));
	json_object_set_new(o, "ok", json_boolean(!r->command));
	json_object_set_new(o, "ms", json_real(milliseconds(r->us)));
	if (r->command) {
		json_object_set_new(o, "line", json_integer(r->line));
		json_object_set_new(o, "command", json_text(r->command));
		json_object_set_new(o, "error", json_text(r->wrong));
		json_object_set_new(o, "expected", json_text(r->expected[0] ? r->expected : NULL));
		json_object_set_new(o, "found", json_text(r->found[0] ? r->found : NULL));
	}
	return o;
}

static void print_json(const struct lesson *l, const struct rehearsal *r)
{
	json_t *o = json_object(), *steps = json_array();
	for (unsigned n = 0; n < l->nsteps; n++)
		json_array_append_new(steps, step_json(l, &r->step[n], n));
	json_object_set_new(o, "title", json_text(l->title));
	json_object_set_new(o, "kernel", json_text(release()));
	json_object_set_new(o, "ok", json_boolean(r->failed == 0));
	json_object_set_new(o, "failed", json_integer(r->failed));
	json_object_set_new(o, "ms", json_real(milliseconds(r->us)));
	json_object_set_new(o, "steps", steps);
	char *text = json_text_print(o, JSON_COMPACT | JSON_REAL_PRECISION(6));
	json_decref(o);
	if (text)
		output_json(text);
	free(text);
}

// In the lab that the talk asks for.
static int play(const struct lesson *l, struct rehearsal *out)
{
	const struct target place = {.lab = true, .with = l->lab};
	struct editor *editor = NULL;
	struct session s;
	char err[COMMAND_ERROR];
	int status = target_enter(&place);
	if (status < 0 && l->needs[0] && feature_try(l->needs, err, sizeof err) < 0) {
		complain("%s: %s", l->name, err);
		return EXIT_MISSING;
	}
	if (status < 0)
		status = target_edit(&place, false, &editor);
	if (status >= 0)
		return status;
	if (session_open(&s, editor, "", err, sizeof err) < 0) {
		complain("%s", err);
		status = EXIT_MISSING;
	} else {
		rehearse(l, &s, out);
		session_close(&s);
	}
	return target_leave(editor) || status >= 0 ? status : EXIT_MISSING;
}

int rehearse_main(int argc, char **argv)
{
	static struct lesson lesson;
	static struct rehearsal r;
	struct cli_line line;
	struct lesson_error error;
	int status = arguments_read(CLI_REHEARSE, argc, argv, NULL, NULL, &line);
	if (status >= 0)
		return status;
	if (line.count != 1) {
		if (line.count == 0)
			complain("rehearse needs a stage file, or the name of a talk: demo");
		else
			complain("'%.80s' is one argument too many; expected one FILE or NAME", line.operands[1]);
		return EXIT_WRONG;
	}
	int rc = lesson_open(&lesson, line.operands[0], &error);
	if (rc < 0)
		complain("%s", error.text);
	status = rc == 0 ? play(&lesson, &r) : rc == -EINVAL || rc == -ENOENT ? EXIT_WRONG : EXIT_MISSING;
	if (status < 0) {
		if (line.value[CLI_OPT_JSON])
			print_json(&lesson, &r);
		else
			print_text(&lesson, &r, output_style(line.value[CLI_OPT_COLOR], line.value[CLI_OPT_ASCII]));
		status = output_finish() != EXIT_OK ? EXIT_MISSING : r.failed ? EXIT_REFUSED : EXIT_OK;
	}
	lesson_free(&lesson);
	return status;
}
