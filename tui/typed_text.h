// SPDX-License-Identifier: GPL-3.0-or-later
// A short text that is typed without readline: a filter, what is looked for in the palette. Pure.
#ifndef BINDWALK_TYPED_TEXT_H
#define BINDWALK_TYPED_TEXT_H

#include "tui/keys.h"

// Adds what the key types to text[size], or erases: Backspace a character, Ctrl-U and Ctrl-W all. False for a key that
// is not text.
bool typed_text(char *text, size_t size, const struct key *key);

#endif
