// SPDX-License-Identifier: GPL-3.0-or-later
// Input from curses as struct key: Escape and sequences kept apart, unknown sequences dropped, pastes marked.
#ifndef BINDWALK_INPUT_H
#define BINDWALK_INPUT_H

#include <stdbool.h>
#include <stddef.h>

#include "tui/keys.h"

bool input_open(void); // after newterm(); false: out of memory, and no key would be read
void input_close(void);
// The next key that is there; false when nothing more is. Never waits, but for the rest of a sequence that has begun.
bool input_next(struct key *out);
// Forgets what was typed and not read yet.
void input_drop(void);
// The bytes that readline understands for a key: returns how many, 0 for a key that means nothing to it.
size_t input_bytes(const struct key *key, char *buf, size_t len);

#endif
