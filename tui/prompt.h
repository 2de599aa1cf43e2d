// SPDX-License-Identifier: GPL-3.0-or-later
// The one-line prompt: readline as an editor without a terminal. Keys come in, text and cursor come out; curses keeps
// the screen, and nothing waits here. readline is known to prompt.c, history.c and shell.c only.
#ifndef BINDWALK_PROMPT_H
#define BINDWALK_PROMPT_H

#include "tui/app.h"

enum prompt_result { PROMPT_EDITING, PROMPT_LINE, PROMPT_CANCELLED };

// `app` is what completion asks.
void prompt_init(const struct app *app);
// Saves the history and frees everything.
void prompt_done(void);
// Begins with readline; what it has to say is complained about.
void prompt_initialize(void);
// Puts other commands in the place of those after which readline 8.2 frees an undo list twice, in every mode and on
// every terminal; once readline is initialized.
void prompt_avoid_crashes(void);
// What readline has for the name of a file.
char **prompt_match_files(const char *text);

void prompt_open(enum prompt_kind kind, const char *text);
// The same, and the first key that types text replaces it.
void prompt_offer(enum prompt_kind kind, const char *text);
// Puts the cursor at a byte of the line: where an error is.
void prompt_point(size_t at);
// One key. After PROMPT_LINE, prompt_line() is what was typed; the prompt is closed then and after PROMPT_CANCELLED.
enum prompt_result prompt_key(const struct key *key);
const char *prompt_line(void);
// Keeps a line that was accepted.
void prompt_remember(enum prompt_kind kind, const char *line);
// What is to be seen within `width` columns, and of possible completions in so many lines. True when it differs from
// before.
bool prompt_view(unsigned width, unsigned lines, struct prompt_view *out);

#endif
