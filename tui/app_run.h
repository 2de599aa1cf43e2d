// SPDX-License-Identifier: GPL-3.0-or-later
// What a command does to the explorer. Pure.
#ifndef BINDWALK_APP_RUN_H
#define BINDWALK_APP_RUN_H

#include "tui/app.h"

unsigned app_dispatch(struct app *app, const struct command_call *call);
// The same, but a refusal is -EINVAL and a sentence in err instead of a message. Bits are added to *changed.
int app_run(struct app *app, const struct command_call *call, char *err, size_t errlen, unsigned *changed);
// One key, in every mode but MODE_PROMPT.
unsigned app_key(struct app *app, const struct key *key);

// A line that was typed at a prompt; as app_run().
int app_take_line(struct app *app, enum prompt_kind kind, const char *line, char *err, size_t errlen,
		  unsigned *changed);
// A line that a key stands for, carried out; a refusal is a message.
unsigned app_do_line(struct app *app, const char *line);

// What is selected in a pane is another line.
unsigned app_moved(struct app *app, enum pane_id pane);
// Moves the selection of a pane, or scrolls one whose content is a text.
unsigned app_move(struct app *app, enum pane_id pane, long lines);
bool app_is_text(enum pane_id pane);

#endif
