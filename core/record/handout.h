// SPDX-License-Identifier: GPL-3.0-or-later
// What the handouts of a session have in common, whatever they are written in. Pure.
#ifndef BINDWALK_HANDOUT_H
#define BINDWALK_HANDOUT_H

#include <stdio.h>

#include "core/record/recording.h"

enum { HANDOUT_LINE = 1024 };

// The headline: the recording's title, or that it is a session.
const char *handout_title(const struct recording *r);
// Where and how it was recorded, in one sentence that says that it is no live view. Returns buf.
char *handout_origin(const struct recording *r, char *buf, size_t len);
// Calls `put` for each line of a text.
void handout_lines(const char *text, void (*put)(const char *line, FILE *out), FILE *out);
// The kernel's answer to a recorded bind, or the model's where it was only predicted: "EADDRNOTAVAIL", "ok".
const char *handout_answer(const struct frame_bind *b);
// "tcp4 192.0.2.1:80 freebind unprivileged"; returns buf.
char *handout_bind(const struct frame_bind *b, char *buf, size_t len);

// The walk of a bind, made again and marked as a replay, whether it comes from a file or from the session that still
// runs. inquiry_free() it.
struct handout_walk {
	struct host host; // shares what is lent
	struct inquiry in;
};
// 0 or -ENOMEM.
int handout_walk(const struct recording *r, size_t n, struct handout_walk *out);

// A step that decided, what it is good for: each once, in the order of the table.
struct handout_steps {
	bool seen[STEP_COUNT];
};
void handout_saw(struct handout_steps *s, const struct walk *w);

#endif
