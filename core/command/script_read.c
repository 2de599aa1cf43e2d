// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/command/script_read.h"

#include <errno.h>
#include <stdlib.h>

enum { CHUNK = 16384, STREAM_LINE = SCRIPT_LINE + 2 }; // one more than a line may have, and its end

int script_read(struct script *s, const char *name, FILE *in)
{
	char *text = NULL;
	size_t len = 0, cap = 0;
	int err = 0;
	do {
		if (len == cap) {
			char *grown = realloc(text, cap ? 2 * cap : CHUNK);
			if (!grown) {
				err = -ENOMEM;
				break;
			}
			text = grown;
			cap = cap ? 2 * cap : CHUNK;
		}
		errno = 0;
		len += fread(text + len, 1, cap - len, in);
		if (ferror(in))
			err = errno ? -errno : -EIO;
		else if (len > SCRIPT_BYTES)
			err = -EFBIG;
	} while (err == 0 && !feof(in));
	if (err < 0) {
		free(text);
		text = NULL;
		len = 0;
	}
	script_begin(s, name, text, len);
	s->own = text;
	return err;
}

// A line that an error cut off does not count.
static bool read_line(struct script *s)
{
	FILE *in = s->source;
	int c = 0;
	errno = 0;
	for (s->len = s->at = 0; s->len < STREAM_LINE && c != '\n' && (c = getc(in)) != EOF;)
		s->own[s->len++] = (char)c;
	if (!ferror(in))
		return s->len > 0;
	s->err = errno ? -errno : -EIO;
	s->len = 0;
	return false;
}

int script_follow(struct script *s, const char *name, FILE *in)
{
	script_begin(s, name, NULL, 0);
	s->text = s->own = malloc(STREAM_LINE);
	s->more = read_line;
	s->source = in;
	return s->own ? 0 : -ENOMEM;
}

void script_free(struct script *s)
{
	free(s->own);
	script_begin(s, s->name, NULL, 0);
}
