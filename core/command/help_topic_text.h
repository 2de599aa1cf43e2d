// SPDX-License-Identifier: GPL-3.0-or-later
// The texts of the entries, made from topics and tables. Pure.
#ifndef BINDWALK_HELP_TOPIC_TEXT_H
#define BINDWALK_HELP_TOPIC_TEXT_H

#include "core/command/help_topic.h"

// Its whole text for markup_line(). The caller frees it; NULL when there is no memory.
char *entry_markup(const struct entry *e);
// The same without what other entries say as well: a topic without its title, and without tables of entries.
char *entry_own_text(const struct entry *e);

#endif
