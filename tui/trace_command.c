// SPDX-License-Identifier: GPL-3.0-or-later
#include "tui/trace_command.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "core/command/command_words.h"
#include "core/model/addr.h"
#include "tui/app_layout.h"
#include "tui/app_update.h"
#include "tui/bind_watch.h"
#include "tui/pane/panes.h"
#include "tui/trace_text.h"

void trace_changed(struct app *app)
{
	struct list *l = &app->lists[PANE_PROGRAM];
	bool last = l->selected + 1 >= l->count;
	pane_update(app, PANE_PROGRAM);
	pane_update(app, PANE_BINDS); // what is said in the place of rows
	app_fit(app);
	if (last && l->count)
		list_select(l, l->count - 1);
}

// The words after `trace`, and what they ask for.
struct request {
	struct command_words words;
	const char *command; // of the line, where it begins
	bool stop;
	unsigned long pid;
};

static bool is_word(const struct request *r, size_t n, const char *word)
{
	return n < r->words.n && strcmp(r->words.word[n], word) == 0;
}

static int take_options(struct request *r, char *err, size_t errlen)
{
	const struct command_words *w = &r->words;
	if (is_word(r, 0, "stop") && w->n == 1) {
		r->stop = true;
		return 0;
	}
	if (is_word(r, 0, "-p") || is_word(r, 0, "--pid")) {
		if (w->n == 2 && number_parse(w->word[1], INT_MAX, &r->pid) == 0 && r->pid > 0)
			return 0;
		snprintf(err, errlen, "%s needs the id of a process that runs, as in trace -p 4711", w->word[0]);
		return -EINVAL;
	}
	if (is_word(r, 0, "--")) {
		r->command += strspn(r->command, " \t") + strlen("--");
		return command_words(r->command, &r->words, err, errlen);
	}
	if (w->word[0][0] != '-')
		return 0;
	snprintf(err, errlen, "\"%.60s\" is not valid here. Expected: %s", w->word[0],
		 command_info(CMD_TRACE)->synopsis);
	return -EINVAL;
}

static int read_request(const char *line, struct request *r, char *err, size_t errlen)
{
	*r = (struct request){.command = line};
	int rc = command_words(line, &r->words, err, errlen);
	if (rc < 0 || r->words.n == 0)
		return rc;
	rc = take_options(r, err, errlen);
	if (rc == 0 && !r->stop && !r->pid && (r->words.n == 0 || !r->words.word[0][0])) {
		snprintf(err, errlen, "expected a command to trace, as in trace nginx -t");
		return -EINVAL;
	}
	return rc;
}

// Nothing is started where somebody else decides what is typed, or where there is no kernel to ask.
static bool may_begin(const struct app *app, char *err, size_t errlen)
{
	char who[TRACE_WHO];
	if (app->lesson.state) {
		snprintf(err, errlen, "no program is traced while a lesson is open");
		return false;
	}
	if (traced_goes_on(&app->traced)) {
		snprintf(err, errlen, "%s is still traced; :trace stop ends that first", trace_who(app, who));
		return false;
	}
	return true;
}

static int stop(struct app *app, char *err, size_t errlen, unsigned *changed)
{
	char who[TRACE_WHO];
	if (!traced_goes_on(&app->traced)) {
		snprintf(err, errlen, "no program is traced; :trace COMMAND runs one");
		return -EINVAL;
	}
	app->traced.order.stop = true;
	*changed |= app_want(app, EFFECT_TRACE);
	*changed |= app_say(app, ROLE_PLAIN, app->traced.status.attached ? "letting go of %s" : "ending %s",
			    trace_who(app, who));
	return 0;
}

static unsigned explain(struct app *app)
{
	return app_say(app, ROLE_PLAIN, "%s",
		       traced_goes_on(&app->traced) ? "this program is traced; :trace stop ends it"
						    : "type :trace COMMAND, as in :trace nginx -t, or :trace -p PID");
}

int trace_command(struct app *app, const struct command_call *call, char *err, size_t errlen, unsigned *changed)
{
	struct request r;
	const char *line = command_value(call, 0);
	int rc = read_request(line ? line : "", &r, err, errlen);
	if (rc < 0)
		return rc;
	if (r.stop)
		return stop(app, err, errlen, changed);
	bool begins = r.words.n > 0;
	if (begins && !may_begin(app, err, errlen))
		return -EINVAL;
	*changed |= app_view(app, VIEW_BINDS) | bind_show_traced(app, true);
	app->watched.binds.begun = true; // the view does not begin a watch of its own
	if (!begins) {
		*changed |= explain(app);
		return 0;
	}
	app->traced.order.pid = (pid_t)r.pid;
	snprintf(app->traced.order.command, sizeof app->traced.order.command, "%s",
		 r.pid ? "" : r.command + strspn(r.command, " \t"));
	*changed |= app_want(app, EFFECT_TRACE);
	return 0;
}
