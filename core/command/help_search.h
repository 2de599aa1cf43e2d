// SPDX-License-Identifier: GPL-3.0-or-later
// Entries by what they say. Pure.
#ifndef BINDWALK_HELP_SEARCH_H
#define BINDWALK_HELP_SEARCH_H

#include "core/command/help_topic.h"

// Finds the entries that contain every word of `words`, in upper or lower case. The best come first: those with such a
// name, then those with the words in a name, in a title, in a text. Fills up to room of them and returns how many there
// are.
size_t help_search(const char *words, struct entry *out, size_t room);

// The same as a text for markup_line(): each entry's name, kind and title, and the paragraph with the first word that
// neither name nor title contains. *found gets how many there are. The caller frees it; NULL without memory.
char *help_hits(const char *words, size_t *found);

#endif
