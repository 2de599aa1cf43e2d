// SPDX-License-Identifier: GPL-3.0-or-later
// Brings keys to where they belong: to the prompt while one is open, else to the app; and pasted text to the prompt only.
#ifndef BINDWALK_TYPING_H
#define BINDWALK_TYPING_H

#include "tui/app.h"

void typing_key(struct app *app, const struct key *key);
// EFFECT_PROMPT: opens what app->ask asks for.
void typing_open(struct app *app);
// Before painting: what the prompt shows at this width.
void typing_show(struct app *app);

#endif
