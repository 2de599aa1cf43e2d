// SPDX-License-Identifier: GPL-3.0-or-later
// The palette: every command, with each word that it can be given, found by a few letters. Its entries are made from
// the command table, the tables of its arguments and the topics of the help: what is added there can be found here.
// Pure.
#ifndef BINDWALK_PALETTE_H
#define BINDWALK_PALETTE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/command/command.h"
#include "tui/keys.h"
#include "tui/view.h"

enum { PALETTE_TEXT = 48, PALETTE_MOST = 600, PALETTE_LINE = 96, PALETTE_MEANING = 320 };

// "toggle freebind": a command, and the word after its name.
struct palette_entry {
	enum command_id id;
	unsigned word;   // 0: the command alone; else the word's number, from 1
	const char *arg; // the word, "" for none
};

struct palette {
	char text[PALETTE_TEXT];      // as it was typed, UTF-8
	uint16_t found[PALETTE_MOST]; // the numbers of the entries that fit, the best first
	size_t n;
	bool pasting;        // every key is text
	enum view_id over;   // it was opened over this view,
	enum pane_id under;  // and this pane had the focus
	bool detail, output; // details, or what a command showed, were open
};

// Moves on to the next entry; begin with {.arg = NULL}. False at the end.
bool palette_next(struct palette_entry *e);
// The n-th entry; false after the last.
bool palette_at(size_t n, struct palette_entry *e);
// The command line of the entry, as one would type it. Returns buf.
char *palette_line(const struct palette_entry *e, char buf[static PALETTE_LINE]);
// What it does, in one line. Returns buf.
char *palette_meaning(const struct palette_entry *e, char *buf, size_t len);
// Other words people may search for, "" for none.
const char *palette_synonyms(const struct palette_entry *e);
// The key that runs it: in that context, or else anywhere; NULL for none.
const struct binding *palette_key(const struct palette_entry *e, enum key_context context);
// Does it need more input before it can run?
bool palette_asks(const struct palette_entry *e);
// Why it can't run in a lab, or on a host that may be changed or not; NULL where it can.
const char *palette_why_not(bool lab, bool editable, const struct palette_entry *e);
// Finds the entries that have all words of the text, the best first; without a text all of them.
void palette_search(struct palette *p, const char *text);

#endif
