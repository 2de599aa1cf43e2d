// SPDX-License-Identifier: GPL-3.0-or-later
// A recording as text and as JSON, frame by frame, with its walks made again. Pure.
#ifndef BINDWALK_RECORD_TEXT_H
#define BINDWALK_RECORD_TEXT_H

#include <stdio.h>

#include "core/record/recording.h"
#include "core/text/row_print.h"

// What keeps a frame from being shown as it was: objects that were left out, or a model that decides otherwise. False
// when there is nothing to say.
bool record_remark(const struct frame *f, struct row *out);

// 0 or -errno. `name` stands for a title that there is none of.
int record_text(const struct recording *r, const char *name, struct report_style style, FILE *out);
// An object for each frame, a line each.
int record_json_lines(const struct recording *r, FILE *out);

#endif
