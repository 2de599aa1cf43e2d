// SPDX-License-Identifier: GPL-3.0-or-later
// Keys as values, and the key table: which key means which command where. Pure.
#ifndef BINDWALK_KEYS_H
#define BINDWALK_KEYS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/command/command.h"

// A character stands for itself (Ctrl-A is 1); other keys come after all characters.
enum key_code {
	K_TAB = 9,
	K_ENTER = 13,
	K_ESCAPE = 27,
	K_SPACE = 32,
	K_NONE = 0x110000,
	K_UP,
	K_DOWN,
	K_LEFT,
	K_RIGHT,
	K_PAGE_UP,
	K_PAGE_DOWN,
	K_HOME,
	K_END,
	K_INSERT,
	K_DELETE,
	K_BACKSPACE,
	K_BACKTAB,
	K_F1,
	K_F2,
	K_F3,
	K_F4,
	K_F5,
	K_F6,
	K_F7,
	K_F8,
	K_F9,
	K_F10,
	K_F11,
	K_F12,
	K_PASTE_BEGIN,
	K_PASTE_END,
	K_CLICK,
	K_WHEEL_UP,
	K_WHEEL_DOWN,
	K_UNKNOWN, // a sequence that nobody knows
	K_END_OF_KEYS
};

struct key {
	uint32_t code;
	bool alt;
	int y, x; // of the mouse
};

#define K_CTRL(letter) ((letter)&0x1f)

// Where a key is typed. A key is looked up in its own context first, then in the wider ones.
enum key_context {
	CONTEXT_ANY,  // everywhere but where text is typed or a question is open
	CONTEXT_MAIN, // any pane
	CONTEXT_LINKS,
	CONTEXT_ROUTES,
	CONTEXT_SOCKET,
	CONTEXT_WALK,
	CONTEXT_OTHER,
	CONTEXT_MATRIX,
	CONTEXT_SOCKETS,
	CONTEXT_EVENTS,
	CONTEXT_BINDS,
	CONTEXT_TRACED, // among the binds of a program that is traced at present
	CONTEXT_OPENED, // the walk of a bind that was seen
	CONTEXT_LESSON,
	CONTEXT_DETAIL,
	CONTEXT_PALETTE,
	CONTEXT_HELP,
	CONTEXT_ANSWER,     // a prediction is awaited
	CONTEXT_TOLD,       // it was judged a moment ago
	CONTEXT_LESSON_ASK, // a question of a lesson waits
	CONTEXT_STAGE,
	CONTEXT_STAGE_ASK,   // of a talk
	CONTEXT_LESSON_AWAY, // a lesson waits while somebody explores: comes before all others there
	CONTEXT_FILTER,      // typing the filter's text
	CONTEXT_CONFIRM,     // "quit?"
	CONTEXT_CHANGE,      // "change this host?"
	CONTEXT_PROMPT,      // readline has the keys; only for the bottom line
	CONTEXT_COUNT
};

struct binding {
	enum key_context context;
	uint32_t key;
	enum command_id command;
	const char *arg;
	const char *label; // for the bottom line, NULL: not there
};

enum { KEY_NAME = 16 };

// "Ctrl-L", "F1", "PgDn", "n". Returns buf.
char *keys_name(uint32_t code, char buf[static KEY_NAME]);
// The code of a key by that name; K_NONE for none.
uint32_t keys_code(const char *name);
// Gives a key another command, in all panes, until the program ends; it then means nothing else there. `line` is as it
// would be typed. 0, or -EINVAL with a sentence in err.
int keys_bind(const char *name, const char *line, char *err, size_t errlen);
// As it was at first.
void keys_reset(void);
// Is it one of the digits that each give their number to the same command? They are told of as one.
bool keys_is_digit(const struct binding *b);
// The binding of a key, or NULL.
const struct binding *keys_find(enum key_context context, uint32_t code);
// The table in its order; NULL at the end.
const struct binding *keys_at(size_t n);
// Is b active in that context (its own or a wider one, and not overridden)?
bool keys_reachable(enum key_context context, const struct binding *b);
// What does the same as b, a row of the table, in that context: b itself, or the key that the user gave its command.
// NULL where b does not apply, or nothing does.
const struct binding *keys_instead(enum key_context context, const struct binding *b);
// Context, command and its argument -> the first key for it, or NULL.
const struct binding *keys_for(enum key_context context, enum command_id command, const char *arg);
// Where it applies, for the help: "everywhere", "walk".
const char *keys_context_name(enum key_context context);

#endif
