// SPDX-License-Identifier: GPL-3.0-or-later
// Consent on the explorer's own screen: asks before a host is changed, and judges whether a key can be an answer.
//
// tui/confirm.h asks line by line instead.
#ifndef BINDWALK_SCREEN_CONSENT_H
#define BINDWALK_SCREEN_CONSENT_H

#include "core/change/editor.h"
#include "tui/app.h"

// Both are lent; editor may be NULL.
struct screen_consent {
	struct app *app;
	struct editor *editor;
	char agreed[QUESTION_TEXT]; // the question that was answered with yes; good for one change
	int64_t asked;              // since when all of the question is on the screen, in ms; 0: it is not
};

// An editor_confirm; data is a struct screen_consent. Opens a question, unless it was just answered with yes: the
// command is carried out again after a yes. An undo was asked for by a key or a line and brings back only what was
// there, so it needs no question.
enum editor_consent screen_consent_confirm(enum editor_act act, const struct edit *e, void *data);
// The open question, if there is one, was answered with yes.
void screen_consent_given(struct screen_consent *c);
// The screen was drawn; or something else hid it, and who answers must see the question again.
void screen_consent_drawn(struct screen_consent *c, int64_t now);
void screen_consent_hidden(struct screen_consent *c);
// Why the key does not count as an answer to the open question; NULL if it does, or if there is no question. Not all
// terminals mark what is pasted, and keys may be typed ahead: a key that comes too early does not count. Ctrl-C quits
// wherever no change is asked about.
const char *screen_consent_no_answer(const struct screen_consent *c, const struct key *key, int64_t now);

#endif
