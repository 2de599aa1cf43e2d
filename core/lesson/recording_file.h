// SPDX-License-Identifier: GPL-3.0-or-later
// A recording from a file. Whose file it is does not matter: it only shows.
#ifndef BINDWALK_RECORDING_FILE_H
#define BINDWALK_RECORDING_FILE_H

#include "core/record/recording_json.h"

// 0 and a recording that the caller frees; -EINVAL or -EFBIG for what is no recording, or another -errno, with a
// sentence in err that begins with the path.
int recording_file_read(const char *path, struct recording *out, char *err, size_t errlen);
// Of a lesson's or talk's own file: the recording beside it, "talk.json" for "talk.stage". As above; -ENOENT for none.
int recording_file_beside(const char *lesson, struct recording *out, char *err, size_t errlen);

// Of a lesson or talk by what a user calls it (lesson_open()): the one that the program brings, or the one beside its
// file. 0 or -errno.
int recording_of(const char *what, struct recording *out);

#endif
