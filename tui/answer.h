// SPDX-License-Identifier: GPL-3.0-or-later
// Asking somebody at a terminal, line by line. (The explorer asks on its own screen.)
#ifndef BINDWALK_ANSWER_H
#define BINDWALK_ANSWER_H

#include <stdbool.h>

enum { ANSWER_TOO_SOON_MS = 100 }; // nobody reads a question in less: it would be typed ahead, or the rest of a paste

// Can a question be seen and answered? Yes if standard input and output are one terminal, or if there is a terminal
// that controls this process.
bool answer_possible(void);
// Shows a heading and lines, each with its end, by as many as the screen has room for; before more of them it asks
// whether to go on. False when not all could be shown, or somebody did not go on.
bool answer_show_lines(const char *heading, const char *lines);

// Shows a question, and waits for its answer: one whole line that was typed after the question was shown, with nothing
// after it. Returns the letter if the line is one of `letters` (small ones), capital or small, or "yes" for y. All else
// is 'n', with the reason on the terminal where one is of use: another line, one that is too long, what was typed ahead
// or pasted, the end of the input, a hangup, or a signal that somebody handles.
char answer_ask(const char *question, const char *letters);

#endif
