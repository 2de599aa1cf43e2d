// SPDX-License-Identifier: GPL-3.0-or-later
#include "tui/complain.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "core/text/width.h"
#include "tui/end_signal.h"

void complain(const char *fmt, ...)
{
	va_list args;
	char text[1024], line[sizeof text + 16];
	va_start(args, fmt);
	vsnprintf(text, sizeof text, fmt, args);
	va_end(args);
	// What was typed is said again, but never as something that a terminal acts on.
	uint32_t c;
	for (size_t at = 0, n, len = strlen(text); at < len; at += n) {
		n = width_decode(text + at, len - at, &c);
		if (c < 0x20 || (c >= 0x7f && c < 0xa0) || (n == 1 && c > 0x7f))
			memset(text + at, '?', n);
	}
	int len = snprintf(line, sizeof line, "bindwalk: %s\n", text);
	end_signal_say(line, (size_t)len);
}
