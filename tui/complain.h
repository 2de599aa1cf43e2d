// SPDX-License-Identifier: GPL-3.0-or-later
// What is said on standard error.
#ifndef BINDWALK_COMPLAIN_H
#define BINDWALK_COMPLAIN_H

// Prints one line on standard error: "bindwalk: ...". Control characters of what was given show as '?'.
__attribute__((format(printf, 1, 2))) void complain(const char *fmt, ...);

#endif
