// SPDX-License-Identifier: GPL-3.0-or-later
// What the view of binds says of a traced program besides its binds. Pure.
#ifndef BINDWALK_TRACE_TEXT_H
#define BINDWALK_TRACE_TEXT_H

#include "tui/app.h"

enum { TRACE_WHO = 64, TRACE_TEXT = 512 };

// "nginx[4711]", as it can be shown. Returns buf.
char *trace_who(const struct app *app, char buf[static TRACE_WHO]);
// In place of rows where there are none.
void trace_text_state(const struct app *app, char text[static TRACE_TEXT]);
// The title of its binds, and of what it wrote.
void trace_text_heading(const struct app *app, struct row *out);
void trace_text_warning(const struct app *app, struct row *out);
void trace_text_program(const struct app *app, struct row *out);
// How it goes on, or ended: a sentence.
void trace_text_end(const struct app *app, char text[static TRACE_TEXT]);
// A note that came, as a line.
void trace_text_note(enum trace_note note, pid_t process, const char *program, char *buf, size_t len);

#endif
