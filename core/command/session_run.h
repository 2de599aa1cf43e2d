// SPDX-License-Identifier: GPL-3.0-or-later
// Carries commands out in a session.
#ifndef BINDWALK_SESSION_RUN_H
#define BINDWALK_SESSION_RUN_H

#include "core/command/script.h"
#include "core/command/session.h"

enum exit_status session_run(struct session *s, const struct command_call *call, const struct session_out *out,
			     struct session_error *error);
// A line as it was typed; an empty one is EXIT_OK.
enum exit_status session_line(struct session *s, const char *line, const struct session_out *out,
			      struct session_error *error);

// The current line of a script; its number is in the JSON.
enum exit_status session_script(struct session *s, const struct script *at, const struct session_out *out,
				struct session_error *error);

#endif
