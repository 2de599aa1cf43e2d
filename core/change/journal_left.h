// SPDX-License-Identifier: GPL-3.0-or-later
// The journals of this namespace that processes left behind.
#ifndef BINDWALK_JOURNAL_LEFT_H
#define BINDWALK_JOURNAL_LEFT_H

#include "core/change/journal.h"

// Gets a journal, to close it. 0, or -errno to stop.
typedef int journal_taker(void *data, struct journal *j);
// Takes over the journals of this namespace that processes left behind, and hands on those with something to undo.
// Those without are removed. 0, or -errno; a sentence in err on what stopped it, or on the first journal that can't be
// used, "" for none.
int journal_adopt(journal_taker *take, void *data, edit_reader *read, char *err, size_t errlen);
// How many changes of this namespace are still to be undone, in journals that processes left behind. Nothing is written
// or removed. A sentence in err as above.
unsigned journal_left(edit_reader *read, char *err, size_t errlen);

#endif
