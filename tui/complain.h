// SPDX-License-Identifier: GPL-3.0-or-later
// What is said on standard error.
#ifndef BINDWALK_COMPLAIN_H
#define BINDWALK_COMPLAIN_H

// Prints one line on standard error: "bindwalk: ...". What can't be shown of text from outside becomes visible.
__attribute__((format(printf, 1, 2))) void complain(const char *fmt, ...);

#endif
