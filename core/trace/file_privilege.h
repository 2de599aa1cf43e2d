// SPDX-License-Identifier: GPL-3.0-or-later
// Does a program get rights from its file when it is executed?
#ifndef BINDWALK_FILE_PRIVILEGE_H
#define BINDWALK_FILE_PRIVILEGE_H

#include <stdbool.h>
#include <stddef.h>

enum file_privilege {
	FILE_PLAIN,
	FILE_SET_ID,       // its set-user-ID or set-group-ID bit, for another id than ours
	FILE_CAPABILITIES, // security.capability
};

// Of a file that can be reached, else FILE_PLAIN. What is mounted nosuid gives none.
enum file_privilege file_privilege(const char *path);

// The file that execvp() would execute; NULL for none. Writes at most len bytes, returns buf.
const char *file_of_command(const char *command, char *buf, size_t len);

#endif
