// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/text/report_next.h"

#include <string.h>

#include "core/text/json_text.h"
#include "core/text/labelled.h"

bool report_next(const struct facts *f, const struct walk *w, unsigned width, unsigned n, struct row *out)
{
	const struct labelled at = {.label = LABELLED, .width = width};
	struct next_call next[NEXT_CALLS];
	unsigned count = next_calls(f, w, next);
	for (unsigned i = 0; i < count; i++) {
		char text[640];
		const struct next_call *c = &next[i];
		next_sentence(f, w, c, text, sizeof text - 64);
		if (c->contradicts)
			strcat(text, " This is not as predicted.");
		enum role role = c->err || c->contradicts ? ROLE_WARN : ROLE_PLAIN;
		if (labelled_line(&at, c->observed ? "then" : "next", role, text, &n, out))
			return true;
	}
	return false;
}

json_t *next_json(const struct facts *f, const struct walk *w)
{
	struct next_call next[NEXT_CALLS];
	char text[512];
	json_t *out = json_array();
	unsigned n = next_calls(f, w, next);
	for (unsigned i = 0; i < n; i++)
		json_array_append_new(out,
				      json_pack("{s:s,s:s,s:o,s:o,s:s}", "call", call_name(next[i].call), "code",
						next_name(next[i].id), "errno",
						json_text(next[i].err ? errno_name(next[i].err) : NULL), "sentence",
						json_text(next_sentence(f, w, &next[i], text, sizeof text)), "evidence",
						next[i].observed ? "observed" : "predicted"));
	return out;
}
