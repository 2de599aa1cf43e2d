// SPDX-License-Identifier: GPL-3.0-or-later
// Why a system refuses a private namespace.
#ifndef BINDWALK_LAB_REFUSAL_H
#define BINDWALK_LAB_REFUSAL_H

#include <stddef.h>

// Why a namespace was refused with errno `err` (positive), and what to do: reads what the system says about it from
// files under `root` ("" for this system's). Returns buf.
char *lab_refusal(const char *root, int err, char *buf, size_t len);

#endif
