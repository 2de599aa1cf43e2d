// SPDX-License-Identifier: GPL-3.0-or-later
// A recording as an asciinema cast (version 2): the session as text, typed and answered at the pace of a reader. The
// times come from the texts, not from a clock. Pure.
#ifndef BINDWALK_EXPORT_CAST_H
#define BINDWALK_EXPORT_CAST_H

#include <stdio.h>

#include "core/record/recording.h"

// 0 or -errno of the stream; -ENOMEM.
int export_cast(const struct recording *r, FILE *out);

#endif
