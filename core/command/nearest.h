// SPDX-License-Identifier: GPL-3.0-or-later
// Finds the word that was meant by one with typing errors. Pure.
#ifndef BINDWALK_NEAREST_H
#define BINDWALK_NEAREST_H

#include <stddef.h>

// The word with the fewest typing errors between it and the typed one; NULL when none is near. word() returns NULL at
// the end, and "" for a place without a word.
const char *nearest_word(const char *typed, const char *(*word)(void *data, size_t n), void *data);

#endif
