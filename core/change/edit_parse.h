// SPDX-License-Identifier: GPL-3.0-or-later
// A line of the command language as a change. Pure.
#ifndef BINDWALK_EDIT_PARSE_H
#define BINDWALK_EDIT_PARSE_H

#include "core/change/edit.h"

// "route add local 10.0.0.0/8 dev lo"; "ip" in front is allowed, and -4, -6 after it. Defaults are iproute2's. 0, or -EINVAL
// with a sentence in err. Pure.
int edit_parse(const char *line, struct edit *out, char *err, size_t errlen);

#endif
