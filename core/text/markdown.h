// SPDX-License-Identifier: GPL-3.0-or-later
// Text in Markdown, as forges render it. Pure.
#ifndef BINDWALK_MARKDOWN_H
#define BINDWALK_MARKDOWN_H

#include <stdio.h>

// Writes a text, also into the cell of a table: whatever Markdown would take for its own is escaped, and what can't be
// shown is shown as visible.h says.
void markdown_put(const char *text, FILE *out);

#endif
