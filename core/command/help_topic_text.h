// SPDX-License-Identifier: GPL-3.0-or-later
// The texts of the entries, made from topics and tables, and the search in them. Pure.
#ifndef BINDWALK_HELP_TOPIC_TEXT_H
#define BINDWALK_HELP_TOPIC_TEXT_H

#include "core/command/help_topic.h"

// Its whole text for markup_line(). The caller frees it; NULL when there is no memory.
char *entry_markup(struct entry e);

// Entries in which every word of `words` occurs, upper or lower case, the best first: the name itself, then part of a name, of
// a title, of a text. Fills up to room of them, returns how many there are.
size_t topic_search(const char *words, struct entry *out, size_t room);
// The paragraph of an entry's text in which the first word occurs that is in no name or title, else "". Returns buf.
char *topic_excerpt(struct entry e, const char *words, char *buf, size_t len);

// What topic_search() finds, as a text for markup_line(): each entry's name, what it is, its title and the paragraph that speaks
// of it. *found is how many there are. The caller frees it; NULL when there is no memory.
char *topic_hits(const char *words, size_t *found);

#endif
