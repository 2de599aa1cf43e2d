// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/text/report_holder.h"

#include <string.h>

#include "core/model/holder_text.h"
#include "core/text/width.h"

enum { NARROWEST = 20 };

struct place {
	unsigned indent, label, width; // columns; the text begins after indent and label
};

// Takes the lines of a text off *n, and makes a row of the one that it comes to.
static bool take_line(const struct place *at, const char *label, const char *text, unsigned *n, struct row *out)
{
	size_t len = strlen(text);
	unsigned left = at->indent + at->label, cols = at->width > left + NARROWEST ? at->width - left : NARROWEST;
	for (bool first = true; len > 0; first = false) {
		size_t next = len, fits = width_wrap(text, len, cols, &next);
		if ((*n)-- == 0) {
			row_clear(out);
			row_add(out, ROLE_LABEL, "%*s%-*s", (int)at->indent, "", (int)at->label, first ? label : "");
			row_add(out, ROLE_VALUE, "%.*s", (int)fits, text);
			return true;
		}
		text += next;
		len -= next;
	}
	return false;
}

bool report_holder(const struct facts *f, const struct walk *w, bool detail, unsigned width, unsigned n,
		   struct row *out)
{
	const struct place at = {.indent = detail ? 2 : 0, .label = detail ? 12 : 8, .width = width};
	const struct sock *s = walk_holder(f, w);
	char text[HOLDER_TEXT];
	if (!s)
		return false;
	return take_line(&at, "holder", holder_print(f, s, text, sizeof text), &n, out) ||
	       take_line(&at, "sharing", sharing_print(f, w, text, sizeof text), &n, out);
}
