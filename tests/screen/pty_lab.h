// SPDX-License-Identifier: GPL-3.0-or-later
// What the end-to-end tests share: the program, a home of its own, and the explorer started in a private lab and ended.
#ifndef BINDWALK_PTY_LAB_H
#define BINDWALK_PTY_LAB_H

// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
// clang-format on

#include "tests/screen/pty.h"

extern char program[512];
extern char home[];

// Runs the tests with both, and an environment in which nothing else counts; the status to end with. Where no lab can
// be made all of them are skipped.
int pty_lab_run(const struct CMUnitTest *tests, size_t n);

// Answers the question that is on the screen, when it is not too soon for that.
void answer(struct pty *p, const char *keys);
void say_yes(struct pty *p);
// The explorer in a lab, all of its host read.
struct pty *start_lab(int rows, int cols);
// The prompt is closed: until then a key would count as Alt and that key, as it comes right after Escape. Pictures come
// in parts, so neither line of them tells it alone.
void until_main_screen(struct pty *p);
// Fails unless it ends with status 0 and the terminal is as it was. The second one types q first.
void end_normally(struct pty *p);
void quit(struct pty *p);

#endif
