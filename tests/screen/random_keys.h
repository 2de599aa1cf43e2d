// SPDX-License-Identifier: GPL-3.0-or-later
// What somebody, or a cat, may type: keys of the key table, commands, text, the mouse, pastes, and sequences that are
// broken off.
#ifndef BINDWALK_RANDOM_KEYS_H
#define BINDWALK_RANDOM_KEYS_H

#include <stddef.h>

#include "tests/oracle/chance.h"

enum { KEY_BYTES = 512 };

// Writes the bytes of one thing that is typed into out, and returns how many. *keys gets how many keys that were. rows
// and cols: of the terminal, for the mouse. Keys that end the program are rare.
size_t random_keys(struct chance *c, int rows, int cols, char out[static KEY_BYTES], unsigned *keys);

#endif
