// SPDX-License-Identifier: GPL-3.0-or-later
// The user's folders of ours: $XDG_CONFIG_HOME/bindwalk, else $HOME/.config/bindwalk; $XDG_STATE_HOME/bindwalk, else
// $HOME/.local/state/bindwalk; and for what lives as long as a process, $XDG_RUNTIME_DIR/bindwalk, else the one before.
// A variable counts where it is an absolute path that belongs to us or root: sudo may leave a user's HOME to root, who
// then has the one of the password file. Each folder is opened once, and its files are reached through that descriptor,
// so that another folder in its place redirects nothing.
#ifndef BINDWALK_OWN_FOLDER_H
#define BINDWALK_OWN_FOLDER_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>

enum own_place { OWN_CONFIG, OWN_STATE, OWN_RUNTIME };

enum { OWN_PATH = PATH_MAX - 256 }; // leaves room for a file's name

struct own_folder {
	int fd; // -1 when it is not open
	char path[OWN_PATH];
};

// Opens it when it is a folder of ours that nobody else may write into; a link is not followed. With `make` it is made
// where it is missing, for us alone, with what is missing on the way, but never a home that is missing: one that does
// not exist, such as Debian's /nonexistent, is not meant to. 0; -ENOENT where there is none; -errno; both with a
// sentence in err that names the path.
int own_folder_open(struct own_folder *f, enum own_place place, bool make, char *err, size_t errlen);
// One that is not open is fine.
void own_folder_close(struct own_folder *f);

#endif
