// SPDX-License-Identifier: GPL-3.0-or-later
// Back to the first state.
#ifndef BINDWALK_EDITOR_RESET_H
#define BINDWALK_EDITOR_RESET_H

#include "core/change/editor.h"

// Back to the state at editor_open(), whoever changed it since. 0; -EPERM with a journal; -errno with a sentence in err.
int editor_reset(struct editor *e, char *err, size_t errlen);

#endif
