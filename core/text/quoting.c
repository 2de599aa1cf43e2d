// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/text/quoting.h"

#include <string.h>

#include "core/text/visible.h"

// In the format of a printf.
static void put_byte(char c, void (*put)(const char *piece, void *data), void *data)
{
	char piece[8];
	bool plain = c >= ' ' && c <= '~' && !strchr("%'\\", c);
	snprintf(piece, sizeof piece, plain ? "%c" : "\\%03o", plain ? c : (unsigned char)c);
	put(piece, data);
}

bool quote_is_bare(const char *text)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./=:@%+-";
	return *text && !text[strspn(text, plain)];
}

void quote_shell_pieces(const char *text, void (*put)(const char *piece, void *data), void *data)
{
	const char *c = text;
	while (*c >= ' ' && *c <= '~')
		c++;
	bool shown = !*c, bare = quote_is_bare(text);
	put(bare ? "" : shown ? "'" : "\"$(printf '", data);
	for (c = text; *c; c++)
		if (bare || (shown && *c != '\''))
			put((const char[]){*c, '\0'}, data);
		else if (shown)
			put("'\\''", data);
		else
			put_byte(*c, put, data);
	put(bare ? "" : shown ? "'" : "')\"", data);
}

static void put_piece(const char *piece, void *data)
{
	fputs(piece, data);
}

void quote_shell(const char *text, FILE *out)
{
	quote_shell_pieces(text, put_piece, out);
}

void quote_python(const char *text, FILE *out)
{
	fputs("b\"", out);
	for (; *text; text++)
		if (*text < ' ' || *text > '~' || *text == '"' || *text == '\\')
			fprintf(out, "\\x%02x", (unsigned char)*text);
		else
			fputc(*text, out);
	fputc('"', out);
}

// Each character as it can be shown; `put` gets it.
static void each_shown(const char *text, void (*put)(const char *shown, FILE *out), FILE *out)
{
	char shown[VISIBLE_MOST];
	for (size_t left = strlen(text), used; left > 0; text += used, left -= used) {
		used = visible_one(text, left, false, shown);
		put(shown, out);
	}
}

static void put_html(const char *shown, FILE *out)
{
	const char *entity = *shown == '&'    ? "&amp;"
			     : *shown == '<'  ? "&lt;"
			     : *shown == '>'  ? "&gt;"
			     : *shown == '"'  ? "&quot;"
			     : *shown == '\'' ? "&#39;"
					      : shown;
	fputs(entity, out);
}

static void put_shown(const char *shown, FILE *out)
{
	fputs(shown, out);
}

void quote_html(const char *text, FILE *out)
{
	each_shown(text, put_html, out);
}

void quote_comment(const char *text, FILE *out)
{
	each_shown(text, put_shown, out);
}
