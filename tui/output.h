// SPDX-License-Identifier: GPL-3.0-or-later
// Output of a one-shot run: colours, width, and whether it took all.
#ifndef BINDWALK_OUTPUT_H
#define BINDWALK_OUTPUT_H

#include <stdbool.h>
#include <stddef.h>

#include "core/command/exit_status.h"
#include "core/command/memory_file.h"
#include "core/text/report.h"

// Are standard input and output a terminal, and the same one? Then who sees what is written is who types.
bool output_terminal(void);
// Whether to colour: the wish (auto, always, never; NULL is auto), NO_COLOR and the terminal decide.
struct report_style output_style(const char *color, bool ascii);
// The same for what goes to another descriptor; -1: to no terminal.
struct report_style output_style_of(int fd, const char *color, bool ascii);
// Columns: what COLUMNS says, else those of the terminal; 80 without one, or with less than 20.
unsigned output_width(void);
// Writes one line. Characters from outside that cannot be shown become visible, line ends included.
__attribute__((format(printf, 1, 2))) void output_line(const char *fmt, ...);
// Likewise without the line's end: a question, which is on the screen when this returns.
__attribute__((format(printf, 1, 2))) void output_ask(const char *fmt, ...);
// Writes a line made by json_text_print().
void output_json(const char *object);
// Creates a file for -o FILE, which must not be there. EXIT_OK with its descriptor, or a line on standard error.
enum exit_status output_new_file(const char *path, int *fd);
// Writes a text made of rows in one go, so that nothing is left printed half. EXIT_OK, or EXIT_MISSING, complained
// about.
enum exit_status output_text(const char *text, size_t len);
// The same of what was written to memory, and frees it; rc is what memory_file_open() or memory_file_close() returned,
// and `what` names it: "walk".
enum exit_status output_memory(struct memory_file *m, int rc, const char *what);
// The walk as text or JSON, likewise.
enum exit_status output_walk(const struct facts *f, const struct walk *w, bool json, struct report_style style);
// Flushes. EXIT_OK, or EXIT_MISSING where something could not be written: complained about, unless the reader of a pipe
// has left, as `head` does.
enum exit_status output_finish(void);
// From now on a write to such a pipe fails, and does not end the program before it has tidied up; nor does one to a
// file that may not grow. In a child that becomes another program: as it was before.
void output_ignore_signals(void);
void output_forget_signals(void);
// And this is then its end: by SIGPIPE if the reader has left, as with any other tool, unless the program was started
// with that signal ignored. Returns otherwise.
void output_leave(void);

#endif
