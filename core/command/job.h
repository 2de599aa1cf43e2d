// SPDX-License-Identifier: GPL-3.0-or-later
// One command of a session being carried out: its result as lines, as JSON, as an error.
#ifndef BINDWALK_JOB_H
#define BINDWALK_JOB_H

#include <jansson.h>

#include "core/command/session.h"

enum { NOT_TOLD = -1 }; // as the parameter of an error: it is about the whole command

struct job {
	struct session *session;
	const struct command_call *call;
	const struct session_out *out;
	struct session_error *error;
	json_t *rows;   // the lines of text, NULL when nobody wants JSON
	json_t *result; // more of the object: "walk", "matrix"
};

// Hands a line over, and clears it for the next one.
void job_row(struct job *r, struct row *row);
__attribute__((format(printf, 3, 4))) void job_line(struct job *r, enum role role, const char *fmt, ...);
// An error about a parameter, or NOT_TOLD.
__attribute__((format(printf, 4, 5))) enum exit_status job_fail(struct job *r, enum exit_status how, int param,
								const char *fmt, ...);
const char *job_value(const struct job *r, unsigned n);
// Columns that texts are wrapped to.
unsigned job_width(const struct job *r);

#endif
