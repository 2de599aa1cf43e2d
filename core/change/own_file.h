// SPDX-License-Identifier: GPL-3.0-or-later
// Files that are read or written without being asked for: the config, the history, the journals. None of them makes us
// wait, follow a link, or believe what somebody else wrote: it must be a regular file with one name, of our own uid,
// that nobody else may write, and not too large.
#ifndef BINDWALK_OWN_FILE_H
#define BINDWALK_OWN_FILE_H

#include <sys/types.h>

#include "core/change/own_folder.h"

enum { OWN_FILE_WHY = 160 };

// Opens a file of a folder; flags: O_RDONLY, O_RDWR or O_WRONLY, with O_APPEND, O_CREAT and O_EXCL. A new one is for us
// alone (mode 0600, whatever the umask). A descriptor; -ENOENT; -errno; with why in words that go on after the path.
int own_file_open(const struct own_folder *f, const char *name, int flags, char *why, size_t len);
// Does the name still lead to the file that is open? Somebody may have removed it, or put another one there.
bool own_file_is_at(const struct own_folder *f, const char *name, int fd);
// Reads an open file from its beginning into memory that the caller frees; a NUL follows. Its length; -EFBIG when it
// has more than `most` bytes; -errno; with why as above.
ssize_t own_file_read(int fd, size_t most, char **out, char *why, size_t len);
// Writes a file whole or not at all: beside its place, then moved there. 0 or -errno.
int own_file_replace(const struct own_folder *f, const char *name, const char *text, size_t len);
// Writes all of it. 0 or -errno.
int own_file_write(int fd, const char *text, size_t len);
// Opens any path to read it, as a library is about to; links are followed, and whose it is does not matter. A
// descriptor; -EINVAL when it is not a regular file; another -errno.
int own_file_peek(const char *path);
// Reads a file that the user named, whoever it belongs to, as own_file_read(); what went wrong is a sentence in err.
ssize_t own_file_named(const char *path, size_t most, char **out, char *err, size_t errlen);

#endif
