// SPDX-License-Identifier: GPL-3.0-or-later
// A lab closed off: what runs in it reaches nothing outside, as root either.
#ifndef BINDWALK_LAB_SEAL_H
#define BINDWALK_LAB_SEAL_H

#include <stddef.h>

// Puts the processes that this one starts next into a PID namespace of their own; they end with the first of them. This
// process must have one thread. 0, or -errno with the cause in why.
int lab_seal_processes(char *why, size_t whylen);

// For one of them that is about to execute a command: gives it mount, IPC and UTS namespaces, the mounts of
// lab_mounts(), and no capabilities but those that a lab is for. Of its open files the command gets standard input,
// output and error, and pipes. 0, with a remark or "" in why; or -errno with the cause.
int lab_seal(char *why, size_t whylen);

#endif
