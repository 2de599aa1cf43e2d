// SPDX-License-Identifier: GPL-3.0-or-later
// Does a program get privileges from its file when it is executed? They are what a traced program may miss: the kernel
// grants them only under a tracer who has CAP_SYS_PTRACE: cap_bprm_creds_from_file(), ptracer_capable().
#ifndef BINDWALK_FILE_PRIVILEGE_H
#define BINDWALK_FILE_PRIVILEGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "core/observe/credentials.h"

enum file_privilege {
	FILE_PLAIN,
	FILE_SET_ID,       // its set-user-ID or set-group-ID bit
	FILE_CAPABILITIES, // security.capability
};

// What the file gives to process `pid` (0: the caller) that it does not have now: before exec, what it would get; after
// exec, with /proc/PID/exe, what the kernel did not grant. FILE_PLAIN also where the file can't be reached, is mounted
// nosuid, or has ids and capabilities that mean nothing in the process's user namespace; and where the process has
// no_new_privs, unless that is `ours`: set for the sake of the trace.
enum file_privilege file_privilege(const char *path, pid_t pid, bool ours);

// Of a process with these credentials, what security.capability of `len` bytes adds to its permitted set. `root`: the
// user id, as the attribute counts, that is root in the process's namespace.
uint64_t file_capabilities_gain(const void *attribute, size_t len, const struct credentials *c, uint32_t root);

// The file that execvp() would execute; NULL for none. Writes at most len bytes, returns buf.
const char *file_of_command(const char *command, char *buf, size_t len);

#endif
