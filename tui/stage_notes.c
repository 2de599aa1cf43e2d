// SPDX-License-Identifier: GPL-3.0-or-later
#include "tui/stage_notes.h"

#include <stdio.h>

#include "core/observe/clock.h"
#include "tui/app_update.h"
#include "tui/stage_page_fill.h"

void stage_notes_open(struct stage_notes *n, struct app *app)
{
	char err[NOTES_ERROR];
	*n = (struct stage_notes){0};
	if (notes_sender_open(&n->sender, err, sizeof err) < 0)
		app_say(app, ROLE_WARN, "`bindwalk notes` cannot follow: %.300s", err);
}

// The time alone is no change.
static void tell(struct stage_notes *n, struct stage_page *page)
{
	if (stage_page_same(page, &n->told) && (n->told.elapsed_ms >= 0) == (n->began > 0))
		return;
	page->elapsed_ms = n->began ? now_ms() - n->began : -1;
	n->told = *page;
	notes_sender_tell(&n->sender, page);
}

void stage_notes_tell(struct stage_notes *n, const struct app *app)
{
	struct stage_page page;
	if (!app->lesson.state || !app->lesson.state->paced)
		return;
	if (!n->began && !app->stage.title)
		n->began = now_ms();
	stage_page_fill(app, &page);
	tell(n, &page);
}

void stage_notes_ahead(struct stage_notes *n, const struct app *app)
{
	struct stage_page page;
	if (!app->lesson.state || !app->lesson.state->paced || app->lesson.want.what != LESSON_WANTS_STEP)
		return;
	stage_page_fill_step(app, app->lesson.want.number, &page);
	tell(n, &page);
}

void stage_notes_close(struct stage_notes *n)
{
	notes_sender_close(&n->sender);
}
