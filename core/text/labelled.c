// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/text/labelled.h"

#include <string.h>

#include "core/text/width.h"

enum { NARROWEST = 20 };

bool labelled_line(const struct labelled *at, const char *label, enum role role, const char *text, unsigned *n,
		   struct row *out)
{
	size_t len = strlen(text);
	unsigned left = at->indent + at->label, cols = at->width > left + NARROWEST ? at->width - left : NARROWEST;
	for (bool first = true; len > 0; first = false) {
		size_t next = len, fits = width_wrap(text, len, cols, &next);
		if ((*n)-- == 0) {
			row_clear(out);
			row_add(out, ROLE_LABEL, "%*s%-*s", (int)at->indent, "", (int)at->label, first ? label : "");
			row_add(out, role, "%.*s", (int)fits, text);
			return true;
		}
		text += next;
		len -= next;
	}
	return false;
}
