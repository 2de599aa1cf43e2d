// SPDX-License-Identifier: GPL-3.0-or-later
// A text that grows. Pure.
#ifndef BINDWALK_GROWING_H
#define BINDWALK_GROWING_H

#include <stdbool.h>
#include <stddef.h>

// Begins zeroed; its owner frees p.
struct growing {
	char *p; // NULL: nothing was added yet, or an allocation failed
	size_t len, cap;
	bool failed;
};

__attribute__((format(printf, 2, 3))) void growing_add(struct growing *t, const char *fmt, ...);

#endif
