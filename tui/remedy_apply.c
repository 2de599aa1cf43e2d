// SPDX-License-Identifier: GPL-3.0-or-later
#include "tui/remedy_apply.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "core/command/command_parse.h"
#include "core/text/width.h"
#include "tui/answer.h"
#include "tui/app.h"
#include "tui/app_output.h"
#include "tui/app_update.h"
#include "tui/pane/pane.h"

// Seconds that run off make no other remedy.
static bool is_same(const struct remedy *a, const struct remedy *b)
{
	bool same = a->ncommands == b->ncommands && a->by_hand == b->by_hand && a->waits == b->waits &&
		    attempt_equal(&a->attempt, &b->attempt) && (a->waits || strcmp(a->change, b->change) == 0);
	for (unsigned i = 0; same && i < a->ncommands; i++)
		same = strcmp(a->commands[i], b->commands[i]) == 0;
	return same;
}

void remedy_apply_drawn(struct app *app, int64_t now_ms)
{
	struct remedy_applied *p = &app->applied;
	for (unsigned i = 0; i < app->nremedies; i++) {
		if (i < p->ndrawn && is_same(&p->drawn[i], &app->remedies[i]))
			continue;
		p->taken_ms[i] = i < p->ndrawn && !p->by_key ? now_ms : 0;
		p->drawn[i] = app->remedies[i];
	}
	p->ndrawn = app->nremedies;
	p->by_key = false;
}

void remedy_apply_key(struct app *app, int64_t now_ms)
{
	app->applied.on_screen = app->applied.by_key = true;
	app->applied.key_ms = now_ms;
}

// Does the screen show this remedy under this number, and has it done so long enough to be read?
static bool is_drawn(const struct app *app, unsigned long n)
{
	const struct remedy_applied *p = &app->applied;
	bool same = n <= p->ndrawn && is_same(&p->drawn[n - 1], &app->remedies[n - 1]);
	return same && (!p->taken_ms[n - 1] || p->key_ms - p->taken_ms[n - 1] >= ANSWER_TOO_SOON_MS);
}

// A text over as many lines of the output as it needs.
static void show(struct app *app, enum role role, const char *text)
{
	enum { LEAST = 20, BORDERS = 4 };
	unsigned width = pane_width(app, PANE_DETAIL);
	size_t len = strlen(text), next;
	if (width < LEAST)
		width = app->cols > LEAST + BORDERS ? (unsigned)app->cols - BORDERS : LEAST;
	for (size_t from = 0; from < len; from += next) {
		struct row row;
		size_t fits = width_wrap(text + from, len - from, width, &next);
		row_clear(&row);
		row_add(&row, role, "%.*s", (int)fits, text + from);
		app_output_add(app, &row);
	}
}

// Shows what cannot be done from here, line by line, to be copied.
static unsigned tell(struct app *app, unsigned number, const struct remedy *r)
{
	char title[32], text[sizeof r->change + 80];
	snprintf(title, sizeof title, "remedy %u", number);
	app_output_begin(app, title);
	if (r->by_hand)
		show(app, ROLE_WARN, "Nothing was changed: Bindwalk cannot apply this remedy itself.");
	else
		show(app, ROLE_WARN,
		     app_is_replay(app) ? "Nothing was changed: this is a recording."
					: "Nothing was changed: this host is read-only without --edit.");
	if (r->ncommands == 0 || r->by_hand) {
		snprintf(text, sizeof text, "Remedy: %s (%s).", r->change, remedy_price(r));
		show(app, ROLE_PLAIN, text);
	}
	if (r->ncommands || r->shell[0])
		show(app, ROLE_PLAIN,
		     r->by_hand && r->ncommands + (r->shell[0] != '\0') == 1 ? "In a shell:"
		     : r->needs == NEEDS_NOTHING                             ? "Run in a shell:"
									     : "Run in a shell, as root:");
	for (unsigned i = 0; i < r->ncommands; i++)
		show(app, ROLE_KEY, r->commands[i]);
	if (r->shell[0])
		show(app, ROLE_KEY, r->shell);
	if (r->keep[0]) {
		snprintf(text, sizeof text, "To keep it: %s.", r->keep);
		show(app, ROLE_DIM, text);
	}
	return app_output_end(app);
}

static unsigned say_applied(struct app *app, const struct remedy *r)
{
	const char *more = "";
	if (r->ncommands && !attempt_equal(&r->attempt, &app->attempt))
		more = "; :undo reverts all of it except the socket options";
	else if (r->ncommands)
		more = r->ncommands > 1 ? "; one :undo reverts it" : "; :undo reverts it";
	return app_say(app, ROLE_OK, "done: %s%s", r->change, more);
}

// The last command is done, or there was none.
static unsigned finish(struct app *app)
{
	const struct remedy *r = &app->applied.now;
	unsigned changed = say_applied(app, r);
	app->applied.number = 0;
	if (!attempt_equal(&r->attempt, &app->attempt))
		changed |= app_set_attempt(app, &r->attempt);
	return changed;
}

static int start_command(struct app *app, char *err, size_t errlen)
{
	struct remedy_applied *p = &app->applied;
	int ret = command_parse(p->now.commands[p->next], &app->command, err, errlen, NULL);
	if (ret < 0)
		p->number = 0;
	else
		app_want(app, EFFECT_COMMAND);
	p->next += ret == 0;
	return ret < 0 ? -EINVAL : 0;
}

bool remedy_apply_next(struct app *app, bool done, bool made)
{
	struct remedy_applied *p = &app->applied;
	char err[COMMAND_ERROR];
	if (p->number == 0)
		return false;
	p->made += made;
	bool joined = made && p->made > 1;
	if (!done)
		remedy_apply_stop(app);
	else if (p->next == p->now.ncommands)
		finish(app);
	else if (start_command(app, err, sizeof err) < 0)
		app_say(app, ROLE_FAIL, "%.250s", err);
	return joined;
}

void remedy_apply_stop(struct app *app)
{
	struct remedy_applied *p = &app->applied;
	char before[MESSAGE_TEXT];
	memcpy(before, app->message, sizeof before);
	if (p->number && p->made)
		app_say(app, ROLE_WARN, "%.250s; %u of the %u commands of this remedy %s, and :undo reverts %s", before,
			p->made, p->now.ncommands, p->made == 1 ? "was run" : "were run", p->made == 1 ? "it" : "them");
	p->number = 0;
}

static int apply(struct app *app, unsigned number, char *err, size_t errlen, unsigned *changed)
{
	struct remedy_applied *p = &app->applied;
	const struct remedy *r = &app->remedies[number - 1];
	bool other = !attempt_equal(&r->attempt, &app->attempt);
	app->typed[0] = '\0';
	if (r->by_hand || (r->ncommands && !app->lab && !app->editable)) {
		*changed |= tell(app, number, r);
		return 0;
	}
	if (r->waits && !r->ncommands && !other) {
		*changed |= app_say(app, ROLE_PLAIN, "%s: this screen follows, and shows when the bind would succeed",
				    r->change);
		return 0;
	}
	p->now = *r;
	p->next = p->made = 0;
	p->number = number;
	if (r->ncommands)
		return start_command(app, err, errlen);
	*changed |= finish(app);
	return 0;
}

int remedy_apply(struct app *app, const struct command_call *call, char *err, size_t errlen, unsigned *changed)
{
	const char *text = command_value(call, 0);
	unsigned long n = 0;
	int ret = -EINVAL;
	if (!app->now.host || app->now.walk.nsteps == 0)
		snprintf(err, errlen, "Bindwalk is still reading this host");
	else if (app_covers(app))
		snprintf(err, errlen, "the remedies are covered; :cover off uncovers them");
	else if (!app->tells_remedies)
		snprintf(err, errlen, "there is nothing to remedy: the bind is not refused");
	else if (app->nremedies == 0)
		snprintf(err, errlen, "there is no remedy: %s", remedy_none(&app->now.walk));
	else if (number_parse(text ? text : "", REMEDIES, &n) < 0 || n == 0 || n > app->nremedies)
		snprintf(err, errlen,
			 app->nremedies == 1 ? "there is no such remedy; there is only remedy 1"
					     : "there is no such remedy; the remedies are 1 to %u",
			 app->nremedies);
	else if (app->applied.on_screen && !is_drawn(app, n))
		snprintf(err, errlen, "the remedies have changed just now; press again to apply remedy %lu: %s", n,
			 app->remedies[n - 1].change);
	else
		ret = apply(app, (unsigned)n, err, errlen, changed);
	return ret;
}
