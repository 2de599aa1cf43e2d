// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/command/script.h"

#include <assert.h>
#include <errno.h>
#include <string.h>

void script_begin(struct script *s, const char *name, const char *text, size_t len)
{
	*s = (struct script){.name = name, .text = text, .len = len};
}

bool script_next(struct script *s)
{
	if (s->at == s->len && !(s->more && s->more(s)))
		return false;
	const char *line = s->text + s->at, *end = memchr(line, '\n', s->len - s->at);
	size_t n = end ? (size_t)(end - line) : s->len - s->at;
	s->at += n + (end != NULL);
	s->line++;
	s->wrong = NULL;
	s->column = 0;
	if (n && line[n - 1] == '\r') // a line may end in CR LF
		n--;
	size_t good = 0;
	while (good < n && good < SCRIPT_LINE && line[good] != '\0' && line[good] != '\r')
		good++;
	if (good < n) {
		static_assert(SCRIPT_LINE == 4096, "as the message says");
		s->wrong = good == SCRIPT_LINE ? "the line is too long; at most 4096 bytes"
			   : line[good]        ? "carriage return in line"
					       : "NUL byte in line";
		s->column = good;
	}
	memcpy(s->now, line, good);
	s->now[good] = '\0';
	return true;
}

bool script_rewind(struct script *s)
{
	if (s->more)
		return false;
	s->at = s->line = 0;
	return true;
}

int script_jump(struct script *s, unsigned n, int (*each)(void *data, const struct script *at), void *data)
{
	int ret = script_rewind(s) ? 0 : -ESPIPE;
	while (ret == 0 && s->line + 1 < n && script_next(s))
		ret = each(data, s);
	return ret;
}
