// SPDX-License-Identifier: GPL-3.0-or-later
// Where what outlives a run is kept: $XDG_STATE_HOME/bindwalk, else $HOME/.local/state/bindwalk.
#ifndef BINDWALK_STATE_DIR_H
#define BINDWALK_STATE_DIR_H

#include <stddef.h>

// Its path. 0, or -ENOENT when neither variable holds an absolute path that fits.
int state_dir(char *out, size_t len);
// Makes it, for its user alone, with what is missing on the way; but never a home that is missing (-ENOENT), since one
// that does not exist, as Debian's /nonexistent, is not meant to. 0 or -errno.
int state_dir_make(const char *dir);

#endif
