// SPDX-License-Identifier: GPL-3.0-or-later
// readline's file of keys, which readline opens itself.
#ifndef BINDWALK_INPUTRC_H
#define BINDWALK_INPUTRC_H

#include <stdbool.h>
#include <stddef.h>

// Before readline begins: where its file, or one that it includes, is a FIFO or a device, on which readline would wait
// for ever, is too large, or includes itself, sets INPUTRC so that none is read. False then, with a sentence in err.
bool inputrc_check(char *err, size_t errlen);

#endif
