// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/text/report_holder.h"

#include <string.h>

#include "core/model/holder_text.h"
#include "core/text/width.h"

enum { LABEL = 8, NARROWEST = 20 };

// Takes the lines of a text off *n, and makes a row of the one that it comes to.
static bool take_line(const char *label, const char *text, unsigned width, unsigned *n, struct row *out)
{
	size_t len = strlen(text);
	unsigned cols = width > LABEL + NARROWEST ? width - LABEL : NARROWEST;
	for (bool first = true; len > 0; first = false) {
		size_t next = len, fits = width_wrap(text, len, cols, &next);
		if ((*n)-- == 0) {
			row_clear(out);
			row_add(out, ROLE_LABEL, "%-*s", LABEL, first ? label : "");
			row_add(out, ROLE_VALUE, "%.*s", (int)fits, text);
			return true;
		}
		text += next;
		len -= next;
	}
	return false;
}

bool report_holder(const struct facts *f, const struct walk *w, unsigned width, unsigned n, struct row *out)
{
	const struct sock *s = walk_holder(f, w);
	char text[HOLDER_TEXT];
	if (!s)
		return false;
	return take_line("holder", holder_print(f, s, text, sizeof text), width, &n, out) ||
	       take_line("sharing", sharing_print(f, w, text, sizeof text), width, &n, out);
}
