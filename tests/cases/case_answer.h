// SPDX-License-Identifier: GPL-3.0-or-later
// Holds an answer of `explain --json` against what a case expects, and against what is expected of every answer. Pure:
// says what is wrong in a text.
#ifndef BINDWALK_CASE_ANSWER_H
#define BINDWALK_CASE_ANSWER_H

#include <stdbool.h>
#include <stdio.h>

#include <jansson.h>

#include "tests/cases/case_file.h"

// The walks of an answer; each is one object with "attempt" and "verdict". NULL if the text is not an answer.
json_t *answer_walks(const char *text);

// Is this what the attempt expects? Each difference is a line in `wrong`.
bool answer_as_expected(json_t *walks, const struct case_attempt *a, FILE *wrong);

// The same for what a command printed.
bool output_as_expected(const char *output, int status, const struct case_attempt *a, FILE *wrong);

// Checks that hold for each answer: prediction and bind() agree, only refusals have remedies, cheap ones first.
bool answer_holds(const json_t *walk, FILE *wrong);

// The errno that the walk ended with, "ok" when there is none: what bind() returned, or what was predicted.
const char *answer_errno(const json_t *walk);
// The verdict's code.
const char *answer_code(const json_t *walk);
// A string of an object, or "" when it is none.
const char *string_of(const json_t *object, const char *key);

#endif
