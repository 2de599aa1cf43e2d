// SPDX-License-Identifier: GPL-3.0-or-later
// Entries by what they say. Pure.
#ifndef BINDWALK_HELP_SEARCH_H
#define BINDWALK_HELP_SEARCH_H

#include "core/command/help_topic.h"

// Entries in which every word of `words` occurs, upper or lower case. The best come first: those that are called so, then those
// with it in the name, in the title, in the text. Fills up to room of them, returns how many there are.
size_t help_search(const char *words, struct entry *out, size_t room);

// The same as a text for markup_line(): each entry's name, what it is, its title, and the paragraph with the first word that is
// in neither. *found is how many there are. The caller frees it; NULL when there is no memory.
char *help_hits(const char *words, size_t *found);

#endif
