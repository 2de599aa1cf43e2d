// SPDX-License-Identifier: GPL-3.0-or-later
// Brings keys to where they belong: to the prompt while one is open, else to the app; and pasted text to the prompt
// only.
#ifndef BINDWALK_PROMPT_KEYS_H
#define BINDWALK_PROMPT_KEYS_H

#include "tui/app.h"

void prompt_keys_key(struct app *app, const struct key *key);
// EFFECT_PROMPT: opens what app->ask asks for.
void prompt_keys_open(struct app *app);
// Before painting: what the prompt shows at this width.
void prompt_keys_show(struct app *app);

#endif
