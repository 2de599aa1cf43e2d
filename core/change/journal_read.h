// SPDX-License-Identifier: GPL-3.0-or-later
// What a journal says.
#ifndef BINDWALK_JOURNAL_READ_H
#define BINDWALK_JOURNAL_READ_H

#include "core/change/journal_file.h"

// Reads an open journal of the namespace `id`: what is still to be undone. 0; -EINVAL for one that must not be used,
// with why in words that go on after its path; -errno, with why.
int journal_read(struct journal *j, const char *id, edit_reader *read, char *why, size_t len);
// The same of a text in memory, in which ends of lines become NUL.
int journal_parse(struct journal *j, const char *id, char *text, size_t n, edit_reader *read, char *why, size_t len);

#endif
