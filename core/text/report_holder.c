// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/text/report_holder.h"

#include "core/model/holder_text.h"
#include "core/text/labelled.h"

bool report_holder(const struct facts *f, const struct walk *w, bool detail, unsigned width, unsigned n,
		   struct row *out)
{
	const struct labelled at = {.indent = detail ? 2 : 0, .label = detail ? 12 : LABELLED, .width = width};
	const struct sock *s = walk_holder(f, w);
	char text[HOLDER_TEXT];
	if (!s)
		return false;
	return labelled_line(&at, "holder", ROLE_VALUE, holder_print(f, s, text, sizeof text), &n, out) ||
	       labelled_line(&at, "sharing", ROLE_VALUE, sharing_print(f, w, text, sizeof text), &n, out);
}
