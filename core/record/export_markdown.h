// SPDX-License-Identifier: GPL-3.0-or-later
// A recording as a handout in Markdown, as forges render it. Pure.
#ifndef BINDWALK_EXPORT_MARKDOWN_H
#define BINDWALK_EXPORT_MARKDOWN_H

#include <stdio.h>

#include "core/record/recording.h"

// 0 or -errno of the stream; -ENOMEM where a walk could not be made.
int export_markdown(const struct recording *r, FILE *out);

#endif
