// SPDX-License-Identifier: GPL-3.0-or-later
// What a journal says.
#ifndef BINDWALK_JOURNAL_READ_H
#define BINDWALK_JOURNAL_READ_H

#include "core/change/journal_file.h"

// Reads an open journal of the namespace `id`: what is still to be undone. 0; -EINVAL for one that must not be used,
// with why in words that go on after its path; -errno, with why.
int journal_read(struct journal *j, const char *id, edit_reader *read, char *why, size_t len);

#endif
