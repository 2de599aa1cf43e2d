// SPDX-License-Identifier: GPL-3.0-or-later
// The command language at a readline prompt, for who wants no full screen.
#ifndef BINDWALK_SHELL_H
#define BINDWALK_SHELL_H

#include "core/command/session.h"

// Until `quit` or the end of input.
void shell_run(struct session *s, const struct session_out *out);

#endif
