// SPDX-License-Identifier: GPL-3.0-or-later
// Messages on standard error.
#ifndef BINDWALK_COMPLAIN_H
#define BINDWALK_COMPLAIN_H

// Prints one line on standard error: "bindwalk: ...". Characters from outside that cannot be shown become visible.
__attribute__((format(printf, 1, 2))) void complain(const char *fmt, ...);

#endif
