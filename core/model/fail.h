// SPDX-License-Identifier: GPL-3.0-or-later
// An error as a number and a sentence.
#ifndef BINDWALK_FAIL_H
#define BINDWALK_FAIL_H

#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

// Writes the sentence to err and returns rc.
__attribute__((format(printf, 4, 5))) static inline int fail(int rc, char *err, size_t errlen, const char *fmt, ...)
{
	va_list args;
	va_start(args, fmt);
	vsnprintf(err, errlen, fmt, args);
	va_end(args);
	return rc;
}

#endif
