// SPDX-License-Identifier: GPL-3.0-or-later
// Whose bind a walk is about, where it is not simply ours: as text and JSON. Pure.
#ifndef BINDWALK_REPORT_CALLER_H
#define BINDWALK_REPORT_CALLER_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "core/model/caller.h"
#include "core/text/rows.h"

enum { CALLER_TEXT = 640 };

// "asked as process 77 (nginx), uid 33, but without its seccomp filter"; "" where there is nothing to say. Returns buf.
char *report_caller_say(const struct caller *c, bool bound, char *buf, size_t len);
// Line n of it, of at most `width` columns. False after the last line.
bool report_caller_line(const struct caller *c, bool bound, unsigned width, unsigned n, struct row *out);

// The object "caller".
json_t *report_caller_json(const struct caller *c);

#endif
