// SPDX-License-Identifier: GPL-3.0-or-later
#include "tui/complain.h"

#include <stdarg.h>
#include <stdio.h>

#include "tui/charset.h"
#include "tui/end_signal.h"

void complain(const char *fmt, ...)
{
	va_list args;
	char text[1024], shown[4 * sizeof text], line[sizeof shown + 16];
	va_start(args, fmt);
	vsnprintf(text, sizeof text, fmt, args);
	va_end(args);
	int len = snprintf(line, sizeof line, "bindwalk: %s\n", charset_show(text, shown, sizeof shown));
	end_signal_say(line, (size_t)len);
}
