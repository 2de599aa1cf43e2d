// SPDX-License-Identifier: GPL-3.0-or-later
// A typed line as a command with its arguments. Pure.
#ifndef BINDWALK_COMMAND_PARSE_H
#define BINDWALK_COMMAND_PARSE_H

#include "core/command/command.h"

// "address 10.0.0.1:80" into a call; "ip" in front is allowed, as in a line of iproute2. 0; -ENODATA for a line without
// a command; -EINVAL with a sentence in err that says what is accepted, and in *column (may be NULL) the byte of the
// line that it is about.
int command_parse(const char *line, struct command_call *out, char *err, size_t errlen, size_t *column);
// The same from a name and what follows it, as a key binding has them.
int command_make(enum command_id id, const char *arg, struct command_call *out, char *err, size_t errlen);

// For completion:
struct parser;
// The whole line: 0, -ENODATA, -EINVAL. After an error, the call has everything parsed before it.
int parser_run(struct parser *p);
// The parameter whose keyword the word is, or -1.
int parser_keyword(enum command_id id, const char *word);
// May parameter n no longer be given, since another one of its group was?
bool parser_excluded(const struct command_call *call, unsigned n);

#endif
