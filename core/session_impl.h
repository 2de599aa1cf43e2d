// SPDX-License-Identifier: GPL-3.0-or-later
// Inside the session: core/session*.c.
#ifndef BINDWALK_SESSION_IMPL_H
#define BINDWALK_SESSION_IMPL_H

#include <jansson.h>

#include "core/session.h"

// One command being carried out.
struct run {
	struct session *session;
	const struct command_call *call;
	const struct session_out *out;
	struct session_error *error;
	json_t *rows;   // the lines of text, NULL when nobody wants JSON
	json_t *result; // more of the object: "walk", "matrix"
};

// Hands a line over, and clears it for the next one.
void run_row(struct run *r, struct row *row);
__attribute__((format(printf, 3, 4))) void run_line(struct run *r, enum role role, const char *fmt, ...);
// An error about parameter n (-1: the whole command).
__attribute__((format(printf, 4, 5))) enum session_result run_fail(struct run *r, enum session_result how, int param,
								   const char *fmt, ...);
const char *run_value(const struct run *r, unsigned n);
// The walk of the present attempt: predicted, when nothing was bound since it changed.
enum session_result run_walk(struct run *r);
// The walk, printed and as JSON.
void run_add_walk(struct run *r);

enum session_result run_bind(struct run *r);
enum session_result run_step(struct run *r);
enum session_result run_detail(struct run *r);
enum session_result run_expect(struct run *r);
enum session_result run_write(struct run *r);
enum session_result run_compare(struct run *r);
enum session_result run_show(struct run *r);
enum session_result run_help(struct run *r);
enum session_result run_change(struct run *r);
enum session_result run_undo(struct run *r);
enum session_result run_reset(struct run *r);
enum session_result run_keep(struct run *r);

#endif
