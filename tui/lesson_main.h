// SPDX-License-Identifier: GPL-3.0-or-later
// `bindwalk lesson`: plays a lesson, lists and checks lessons, asks again, and reports on a class.
#ifndef BINDWALK_LESSON_MAIN_H
#define BINDWALK_LESSON_MAIN_H

#include "tui/explorer.h"

// argv[0] is "lesson". On a terminal, a lesson is handed to explore(), with `o` for the lesson's lab, that was entered.
// The exit status.
int lesson_main(int argc, char **argv, struct explorer_options *o, int (*explore)(struct explorer_options *o));

#endif
