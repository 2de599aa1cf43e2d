// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/call_reason.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

static const struct {
	const char *name;
	enum code_class class;
	const char *sentence;
} reasons[REASON_COUNT] = {
#define REASON(name, class, sentence) [REASON_##name] = {#name, class, sentence},
#include "core/model/reasons.def"
#undef REASON
};

const char *reason_name(enum reason_id id)
{
	return reasons[id].name;
}

const char *reason_number(uint64_t n, char buf[static REASON_NUMBER])
{
	snprintf(buf, REASON_NUMBER, "%" PRIu64, n);
	return buf;
}

void reason_say(struct call_reason *out, enum reason_id id, ...)
{
	va_list texts;
	size_t used = 0;
	snprintf(out->code, sizeof out->code, "%s", reasons[id].name);
	out->class = reasons[id].class;
	va_start(texts, id);
	for (const char *p = reasons[id].sentence; *p && used + 1 < sizeof out->sentence; p++)
		if (p[0] == '{' && p[1] == '}') {
			int n = snprintf(out->sentence + used, sizeof out->sentence - used, "%s",
					 va_arg(texts, const char *));
			used += n > 0 ? (size_t)n : 0;
			p++;
		} else {
			out->sentence[used++] = *p;
		}
	va_end(texts);
	out->sentence[used < sizeof out->sentence ? used : sizeof out->sentence - 1] = '\0';
}
