// SPDX-License-Identifier: GPL-3.0-or-later
// The texts of the entries, made from topics and tables. Pure.
#ifndef BINDWALK_HELP_TOPIC_TEXT_H
#define BINDWALK_HELP_TOPIC_TEXT_H

#include "core/command/help_topic.h"

// Its whole text for markup_line(). The caller frees it; NULL when there is no memory.
char *entry_markup(const struct entry *e);
// What of it no other entry says as well: a topic without its title and tables of entries. Likewise.
char *entry_own_text(const struct entry *e);

#endif
