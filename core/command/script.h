// SPDX-License-Identifier: GPL-3.0-or-later
// The lines of a script, and a place among them. What runs a script takes line after line and decides what each is for; here is
// only the text. script_read.h brings it from files and streams. Pure.
#ifndef BINDWALK_SCRIPT_H
#define BINDWALK_SCRIPT_H

#include <stdbool.h>
#include <stddef.h>

enum { SCRIPT_LINE = 4096 }; // bytes that a line may have

struct script {
	const char *name;          // what errors call it; lent
	unsigned line;             // number of the line taken last, from 1; 0 before the first
	char now[SCRIPT_LINE + 1]; // that line, without its end
	const char *wrong;         // why that is not a line of text: a NUL byte, a CR within it, too long; else NULL
	size_t column;             // the byte of it that this is about; `now` ends before it
	int err;                   // -errno that ended the reading of a stream, else 0
	// What is left to take.
	const char *text;
	size_t len, at;
	// Puts the next line of a stream into text. NULL: the text is whole.
	bool (*more)(struct script *s);
	void *source;
	char *own; // memory to free
};

// Stands before the first line of a text, which stays the caller's.
void script_begin(struct script *s, const char *name, const char *text, size_t len);

// Takes the next line. False at the end.
bool script_next(struct script *s);

// Stands before the first line again. False for a stream, which is read only once.
bool script_rewind(struct script *s);

// Stands before line n, after each() has seen every line from the first up to there: state that lines build up is made anew.
// Returns what each() returned where that is not 0, and the lines after that one are still to come; -ESPIPE for a stream.
int script_jump(struct script *s, unsigned n, int (*each)(void *data, const struct script *at), void *data);

#endif
