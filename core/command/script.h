// SPDX-License-Identifier: GPL-3.0-or-later
// A cursor over the lines of a script: take the next one, rewind, jump. Whoever runs the script decides what a line
// does. script_read.h reads scripts from files and streams. Pure.
#ifndef BINDWALK_SCRIPT_H
#define BINDWALK_SCRIPT_H

#include <stdbool.h>
#include <stddef.h>

enum { SCRIPT_LINE = 4096 }; // bytes that a line may have

struct script {
	const char *name;          // what errors call it; lent
	unsigned line;             // number of the current line, from 1; 0 before the first
	char now[SCRIPT_LINE + 1]; // the current line, without its end
	const char *wrong;         // why it is not a text line: a NUL byte, a CR inside, too long; NULL if it is one
	size_t column;             // the byte that this is about; `now` ends before it
	int err;                   // -errno of a stream that could not be read to its end, else 0
	// The lines that follow.
	const char *text;
	size_t len, at;
	// Puts the next line of a stream into text. NULL: text holds all lines.
	bool (*more)(struct script *s);
	void *source;
	char *own; // memory to free
};

// Places the cursor before the first line of a text, which stays the caller's.
void script_begin(struct script *s, const char *name, const char *text, size_t len);

// Moves on to the next line. False at the end.
bool script_next(struct script *s);

// Back to before the first line. False for a stream, which is read only once.
bool script_rewind(struct script *s);

// To before line n, and calls each() with every line from the first up to there, so that the caller can build up the
// state that they lead to. Stops behind the first line for which each() does not return 0, and returns that; -ESPIPE
// for a stream.
int script_jump(struct script *s, unsigned n, int (*each)(void *data, const struct script *at), void *data);

#endif
