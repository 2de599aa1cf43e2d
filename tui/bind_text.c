// SPDX-License-Identifier: GPL-3.0-or-later
#include "tui/bind_text.h"

#include <stdio.h>
#include <string.h>

#include "core/text/call_text.h"
#include "core/text/event_row.h"
#include "core/text/report.h"
#include "core/text/width.h"
#include "tui/bind_item.h"
#include "tui/pane/pane.h"
#include "tui/pane/pane_walk.h"
#include "tui/trace_text.h"

enum { STATE_TEXT = 1024 };

static void state_text(const struct app *app, char text[static STATE_TEXT])
{
	const struct watched_binds *b = &app->watched.binds;
	if (app->traced.shown) {
		trace_text_state(app, text);
		return;
	}
	switch (b->state) {
	case WATCH_OFF:
		snprintf(text, STATE_TEXT, "%s",
			 b->on ? "Attaching to the kernel." : "Binds are not watched. :watch on watches them.");
		break;
	case WATCH_ATTACHING:
		snprintf(text, STATE_TEXT, "Attaching to the kernel, which may take a second.");
		break;
	case WATCH_ENDING:
		snprintf(text, STATE_TEXT, "Letting go of the kernel, which may take some seconds.");
		break;
	case WATCH_REFUSED:
		snprintf(text, STATE_TEXT,
			 "Binds cannot be watched here: %s.\n"
			 ":trace COMMAND runs one program and shows its binds, without any privilege.",
			 b->why);
		break;
	case WATCH_ON:
		snprintf(text, STATE_TEXT, "%s%s%s%s%s%s",
			 b->all ? "No program has bound a socket yet."
				: "No bind was refused yet. Space also shows those that succeed.",
			 b->source == SOURCE_BPF ? "" : "\n", event_row_missing(b->source),
			 !b->why[0]                        ? ""
			 : b->source == SOURCE_TRACEPOINTS ? " BPF would: "
							   : " The reason: ",
			 b->why, b->why[0] ? "." : "");
		strncat(text, "\n:trace COMMAND runs one program, and shows only its binds.",
			STATE_TEXT - strlen(text) - 1);
		break;
	}
}

// Line n of a text that is wrapped at blanks and ends; returns how many lines there are up to it.
static size_t wrapped(const char *text, unsigned width, size_t n, struct row *out)
{
	size_t lines = 0, next;
	while (*text && width) {
		size_t len = strcspn(text, "\n"), end = width_wrap(text, len, width, &next);
		if (lines++ == n) {
			row_add(out, ROLE_PLAIN, "%.*s", (int)end, text);
			return lines;
		}
		text += next;
		text += *text == '\n' && next >= len;
	}
	return lines;
}

size_t bind_text_lines(const struct app *app, unsigned width)
{
	char text[STATE_TEXT];
	struct row unused;
	state_text(app, text);
	return wrapped(text, width, SIZE_MAX, &unused);
}

void bind_text_line(const struct app *app, unsigned width, size_t n, struct row *out)
{
	char text[STATE_TEXT];
	state_text(app, text);
	wrapped(text, width, n, out);
}

void bind_text_warning(const struct app *app, struct row *out)
{
	static const char *const states[] = {
		[WATCH_OFF] = "off",
		[WATCH_ATTACHING] = "attaching",
		[WATCH_ENDING] = "letting go",
		[WATCH_REFUSED] = "not possible here",
	};
	const struct watched_binds *b = &app->watched.binds;
	if (app->traced.shown)
		trace_text_warning(app, out);
	else if (b->state != WATCH_ON)
		row_add(out, ROLE_WARN, " · %s", states[b->state]);
	else if (b->lost)
		row_add(out, ROLE_FAIL, " · %llu lost", (unsigned long long)b->lost);
}

void bind_text_heading(const struct app *app, struct row *out)
{
	const struct watched_binds *b = &app->watched.binds;
	bool on = b->state == WATCH_ON;
	if (app->traced.shown) {
		trace_text_heading(app, out);
		return;
	}
	if (on)
		row_add(out, ROLE_DIM, " · %s", b->all ? "all" : "refused");
	if (on && (app->lab || app->place[0]))
		row_add(out, ROLE_PLAIN, " · of the whole host");
	bind_text_warning(app, out);
	if (on && b->source == SOURCE_TRACEPOINTS)
		row_add(out, ROLE_WARN, " · tracepoints only");
	else if (on && b->source == SOURCE_BPF_TRACEPOINTS)
		row_add(out, ROLE_WARN, " · no return values");
	if (b->oldest)
		row_add(out, ROLE_DIM, " · %llu older ones gone", (unsigned long long)b->oldest);
}

static bool has_walk(const struct app *app)
{
	return app->opened.open && app->opened.walk;
}

bool bind_text_verdict(const struct app *app, struct row *out)
{
	const struct bind_event *e = app->opened.open ? &app->opened.of : bind_item_selected(app);
	if (app->view != VIEW_BINDS)
		return false;
	row_clear(out);
	if (has_walk(app)) {
		const struct facts f = inquiry_facts(app->opened.walk);
		report_verdict(&f, &app->opened.walk->walk, out);
	} else if (e) {
		event_row(e, app->opened.open ? NULL : bind_item_verdict(app), &app->watched.binds.look, out);
	}
	return true;
}

int bind_text_verdict_lines(const struct app *app)
{
	enum { SMALL = 2, LARGE = 3, ROOMY = 120 };
	if (app->view != VIEW_BINDS || has_walk(app))
		return 0;
	if (!app->opened.open && !bind_item_selected(app))
		return 1;
	return app->rows < LAYOUT_FULL_ROWS || app->cols >= ROOMY ? SMALL : LARGE;
}

// How its walk ends, set against how it ended.
static void add_outcome(const struct app *app, struct row *out)
{
	const struct bind_event *e = &app->opened.of;
	enum agreement agreement = has_walk(app) ? app->opened.walk->walk.agreement : NOT_TRIED;
	if (agreement == AGREES)
		row_right(out, ROLE_SYSCALL, "%s ", mark_info(MARK_PREDICTED)->text);
	row_right(out, e->err ? ROLE_FAIL : ROLE_OK, "%s", e->err ? errno_name(e->err) : "bound");
	if (agreement == AGREES)
		row_right(out, ROLE_SYSCALL, ", as predicted");
	else if (agreement == CHANGED || agreement == DISAGREES)
		row_right(out, ROLE_WARN, ", not so now");
	else if (agreement == HOOK)
		row_right(out, ROLE_WARN, ", by a hook");
}

void bind_text_opened(const struct app *app, struct row *out)
{
	const struct bind_event *e = &app->opened.of;
	char text[EVENT_ROW_TEXT], time[EVENT_ROW_TIME];
	if (!app->opened.open)
		return;
	event_row_time(e->when, &app->watched.binds.look, time);
	row_add(out, ROLE_LABEL, " %s", event_row_who(e, text));
	row_add(out, ROLE_ADDR, " %s", event_row_bind(e, text));
	if (*event_row_options(e, text))
		row_add(out, ROLE_VALUE, " %s", text);
	row_add(out, ROLE_DIM, " at %.8s", time);
	if (*event_row_where(e, text))
		row_add(out, ROLE_DIM, ", %s", text);
	add_outcome(app, out);
}

// Of a walk that was made while the program waited for it.
static void add_kept(const struct app *app, struct row *out)
{
	switch (app->opened.walk->walk.agreement) {
	case CHANGED:
	case DISAGREES:
		row_add(out, ROLE_WARN, " Not as predicted: something changed while it was asked for.");
		break;
	case HOOK:
		row_add(out, ROLE_WARN, " Not as predicted: an LSM, Landlock, cgroup BPF or seccomp?");
		break;
	case OPEN:
		row_add(out, ROLE_WARN, " The model cannot tell how it ends.");
		break;
	default:
		row_add(out, ROLE_PLAIN, " Walked while the program waited at this call.");
	}
}

// Of the walk that is open. The host was read only when it was opened.
static void add_agreement(const struct app *app, struct row *out)
{
	const struct inquiry *in = app->opened.walk;
	if (app->opened.kept) {
		add_kept(app, out);
		return;
	}
	switch (in->walk.agreement) {
	case CHANGED:
	case DISAGREES:
		row_add(out, ROLE_WARN, " Not so now: its network or the program has changed since.");
		break;
	case HOOK:
		row_add(out, ROLE_WARN, " Not as predicted: an LSM, Landlock, cgroup BPF or seccomp?");
		break;
	case OPEN:
		row_add(out, ROLE_WARN, " By its network as it is now, the model cannot tell how it ends.");
		break;
	default:
		row_add(out, ROLE_PLAIN,
			in->caller.stand_in == SEEN_OF_IT
				? " Judged by its network and its privileges as they are now."
				: " Judged by its network as it is now; the program has ended.");
	}
}

void bind_text_hint(const struct app *app, struct row *out)
{
	const struct watched_binds *b = &app->watched.binds;
	if (app->opening.wanted)
		row_add(out, ROLE_WARN, " Reading the network of the program.");
	else if (has_walk(app))
		add_agreement(app, out);
	else if (!app->traced.shown && b->state == WATCH_ON && b->source != SOURCE_BPF)
		row_add(out, ROLE_DIM, " %s", event_row_missing(b->source));
}

size_t bind_text_reason(const struct app *app, unsigned width, size_t n, struct row *out)
{
	enum { BORDERS = 4, BLANK_AND_TITLE = 2 }; // of a pane that is not on the screen yet
	const struct witnessed *inner = &app->opened.of.inner;
	char why[VERDICT_WHY + 32];
	if (!app->opened.open)
		return 0;
	if (!width && app->cols > BORDERS)
		width = (unsigned)app->cols - BORDERS;
	snprintf(why, sizeof why, "It has no walk: %s.", app->opened.why);
	size_t lines = wrapped(why, width, n, out), calls = inner->present ? inner->ncalls : 0;
	if (n < lines || !calls)
		return lines;
	if (n == lines + 1)
		row_add(out, ROLE_TITLE, "What the kernel called");
	lines += BLANK_AND_TITLE;
	if (n >= lines && n - lines < calls)
		call_add(&inner->calls[n - lines], NULL, width, out);
	return lines + calls;
}
