// SPDX-License-Identifier: GPL-3.0-or-later
// A recording as a shell script that builds the same lab in a namespace of its own, makes the same changes and binds,
// and checks that each bind ends as it did. Pure.
#ifndef BINDWALK_EXPORT_SHELL_H
#define BINDWALK_EXPORT_SHELL_H

#include <stdio.h>

#include "core/record/recording.h"

// Without a recipe for the recording's lab, the script builds the first host that was recorded. 0 or -errno of the
// stream.
int export_shell(const struct recording *r, FILE *out);

#endif
