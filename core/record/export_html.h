// SPDX-License-Identifier: GPL-3.0-or-later
// A recording as a handout in HTML: one file, which loads nothing and runs nothing, reads in any browser and prints on
// paper. It is well-formed XML as well. Pure.
#ifndef BINDWALK_EXPORT_HTML_H
#define BINDWALK_EXPORT_HTML_H

#include <stdio.h>

#include "core/record/recording.h"

// 0 or -errno of the stream; -ENOMEM where a walk could not be made.
int export_html(const struct recording *r, FILE *out);

#endif
