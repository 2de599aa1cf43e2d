// SPDX-License-Identifier: GPL-3.0-or-later
// A walk as Markdown. Pure.
#ifndef BINDWALK_REPORT_MARKDOWN_H
#define BINDWALK_REPORT_MARKDOWN_H

#include <stdio.h>

#include "core/model/facts.h"
#include "core/model/walk.h"

// 0 or -errno of the stream.
int report_markdown(const struct facts *f, const struct walk *w, FILE *out);

#endif
