// SPDX-License-Identifier: GPL-3.0-or-later
// `bindwalk lesson review`: asks questions again, each in a fresh lab at its step, and has a real bind judge the
// answer.
#ifndef BINDWALK_LESSON_REVIEW_H
#define BINDWALK_LESSON_REVIEW_H

#include <stdbool.h>

#include "core/command/exit_status.h"
#include "core/text/row_print.h"

// Reads answers from standard input, one per line, until its end. EXIT_OK once something was answered; EXIT_MISSING
// without an answer or without a lab.
enum exit_status lesson_review_ask(bool json, struct report_style style);

#endif
