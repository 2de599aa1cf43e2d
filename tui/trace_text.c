// SPDX-License-Identifier: GPL-3.0-or-later
#include "tui/trace_text.h"

#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

#include "core/text/visible.h"

char *trace_who(const struct app *app, char buf[static TRACE_WHO])
{
	enum { NAME = PROGRAM_TEXT * 3 };
	const struct feed_status *s = &app->traced.status;
	char name[NAME];
	visible_copy(s->program[0] ? s->program : "it", name, sizeof name);
	if (s->process && !s->why[0])
		snprintf(buf, TRACE_WHO, "%s[%d]", name, s->process);
	else
		snprintf(buf, TRACE_WHO, "%s", name);
	return buf;
}

// "runs", "ended with 1", "killed by SIGTERM"
static void outcome(const struct app *app, char *buf, size_t len)
{
	static const char *const states[] = {
		[FEED_NONE] = "", [FEED_BEGINS] = "begins", [FEED_RUNS] = "runs", [FEED_STOPS] = "is being ended"};
	const struct feed_status *s = &app->traced.status;
	char sig[SIGNAL_NAME];
	if (s->state == FEED_STOPS && s->attached)
		snprintf(buf, len, "is being let go");
	else if (s->state != FEED_ENDED)
		snprintf(buf, len, "%s", states[s->state]);
	else if (s->why[0])
		snprintf(buf, len, "not traced");
	else if (s->attached)
		snprintf(buf, len, s->stopped ? "let go" : "has ended");
	else if (s->status_known && WIFEXITED(s->status))
		snprintf(buf, len, "ended with %d", WEXITSTATUS(s->status));
	else if (s->stopped)
		snprintf(buf, len, "ended by :trace stop");
	else if (s->status_known)
		snprintf(buf, len, "killed by %s", signal_name(WTERMSIG(s->status), sig));
	else
		snprintf(buf, len, "has ended");
}

static bool runs(const struct app *app)
{
	enum feed_state s = app->traced.status.state;
	return s == FEED_BEGINS || s == FEED_RUNS;
}

void trace_text_end(const struct app *app, char text[static TRACE_TEXT])
{
	const struct feed_status *s = &app->traced.status;
	char who[TRACE_WHO], how[64];
	trace_who(app, who);
	outcome(app, how, sizeof how);
	if (s->state == FEED_NONE)
		text[0] = '\0';
	else if (s->state == FEED_ENDED && s->why[0])
		visible_copy(s->why, text, TRACE_TEXT - 1);
	else if (runs(app) && s->attached)
		snprintf(text, TRACE_TEXT, "%s %s. X lets go of it, and so does leaving", who, how);
	else if (runs(app))
		snprintf(text, TRACE_TEXT, "%s %s. It ends with X, or with Bindwalk", who, how);
	else
		snprintf(text, TRACE_TEXT, "%s %s", who, how);
	if (text[0])
		strcat(text, ".");
}

void trace_text_state(const struct app *app, char text[static TRACE_TEXT])
{
	const struct feed_status *s = &app->traced.status;
	char who[TRACE_WHO];
	const char *so_far = s->state == FEED_ENDED ? "" : " yet";
	trace_who(app, who);
	if (s->state == FEED_NONE)
		snprintf(text, TRACE_TEXT,
			 "No program was traced yet.\n"
			 ":trace COMMAND runs one, such as :trace nginx -t. Each bind that it makes is predicted "
			 "before the kernel sees it, and explained.\n"
			 ":trace -p PID follows one that runs.\n"
			 ":watch on shows the binds of all programs again.");
	else if (s->state == FEED_ENDED && s->why[0])
		snprintf(text, TRACE_TEXT, "No binds to show: the program was not traced.");
	else if (s->binds)
		snprintf(text, TRACE_TEXT, "No bind of %s was refused%s. Space also shows those that succeed.", who,
			 so_far);
	else
		snprintf(text, TRACE_TEXT, "%s has bound no socket%s.", who, so_far);
}

void trace_text_warning(const struct app *app, struct row *out)
{
	const struct feed_status *s = &app->traced.status;
	char how[64];
	if (s->state == FEED_NONE)
		return;
	outcome(app, how, sizeof how);
	row_add(out, s->why[0] ? ROLE_FAIL : runs(app) ? ROLE_OK : ROLE_WARN, " · %s", how);
	if (s->lost)
		row_add(out, ROLE_FAIL, " · %llu lost", (unsigned long long)s->lost);
}

void trace_text_heading(const struct app *app, struct row *out)
{
	const struct feed_status *s = &app->traced.status;
	char who[TRACE_WHO];
	if (s->state == FEED_NONE) {
		row_add(out, ROLE_DIM, " · of a traced program");
		return;
	}
	row_add(out, ROLE_PLAIN, " · %s", trace_who(app, who));
	trace_text_warning(app, out);
	row_add(out, ROLE_DIM, " · %llu bind%s", (unsigned long long)s->binds, s->binds == 1 ? "" : "s");
	if (s->refused)
		row_add(out, ROLE_FAIL, " · %llu refusal%s", (unsigned long long)s->refused,
			s->refused == 1 ? "" : "s");
	if (app->watched.binds.oldest)
		row_add(out, ROLE_DIM, " · %llu older ones gone", (unsigned long long)app->watched.binds.oldest);
}

void trace_text_program(const struct app *app, struct row *out)
{
	const struct traced *t = &app->traced;
	if (t->status.state != FEED_NONE)
		row_add(out, ROLE_PLAIN, " · %s", t->command[0] ? t->command : "its output goes where it always went");
}

void trace_text_note(enum trace_note note, pid_t process, const char *program, char *buf, size_t len)
{
	const char *more = note == TRACE_ENDED ? ", and is traced" : "";
	snprintf(buf, len, "%.60s[%d] %s%s", program, process, trace_note_text(note), more);
}
