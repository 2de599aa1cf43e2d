// SPDX-License-Identifier: GPL-3.0-or-later
#include "tui/screen_consent.h"

#include <stdio.h>
#include <string.h>

#include "tui/answer.h"
#include "tui/app_update.h"
#include "tui/frame.h"

enum editor_consent screen_consent_confirm(enum editor_act act, const struct edit *e, void *data)
{
	struct screen_consent *c = data;
	char text[EDIT_TEXT], question[QUESTION_TEXT];
	_Static_assert(sizeof question > sizeof text + 32, "a question that is cut would be asked for ever");
	if (act == EDITOR_UNDO)
		return EDITOR_YES;
	if (act == EDITOR_KEEP)
		snprintf(question, sizeof question, "Keep the changes (%zu) for good?", editor_count(c->editor));
	else
		snprintf(question, sizeof question, "Change this host: %s?", edit_shell(e, text, sizeof text));
	if (strcmp(question, c->agreed) == 0) {
		c->agreed[0] = '\0';
		return EDITOR_YES;
	}
	app_ask_change(c->app, question);
	c->asked = 0;
	return EDITOR_NO;
}

void screen_consent_given(struct screen_consent *c)
{
	snprintf(c->agreed, sizeof c->agreed, "%s", c->app->question);
	c->app->question[0] = '\0';
}

void screen_consent_drawn(struct screen_consent *c, int64_t now)
{
	if (c->app->mode != MODE_CONFIRM || !frame_asks(c->app))
		c->asked = 0;
	else if (!c->asked)
		c->asked = now;
}

void screen_consent_hidden(struct screen_consent *c)
{
	c->asked = 0;
}

const char *screen_consent_no_answer(const struct screen_consent *c, const struct key *key, int64_t now)
{
	if (c->app->mode != MODE_CONFIRM || (key->code == K_CTRL('C') && !c->app->question[0]))
		return NULL;
	if (!frame_asks(c->app))
		return "this screen is too small for the question; nothing was changed";
	if (key->code == K_PASTE_BEGIN)
		return "a pasted answer does not count; nothing was changed";
	return !c->asked || now - c->asked < ANSWER_TOO_SOON_MS
		       ? "that key came too early to be an answer; nothing was changed"
		       : NULL;
}
