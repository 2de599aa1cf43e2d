// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/command/parser.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>

int parser_wrong(struct parser *p, size_t column, const char *fmt, ...)
{
	va_list args;
	va_start(args, fmt);
	vsnprintf(p->err, p->errlen, fmt, args);
	va_end(args);
	p->column = column;
	return -EINVAL;
}

bool parser_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

const char *parser_text(const struct parser *p, const struct word *w)
{
	return p->call->text + w->at;
}

void parser_skip_blanks(struct parser *p)
{
	while (parser_blank(p->line[p->at]))
		p->at++;
}

int parser_put(struct parser *p, char c, size_t column)
{
	if (p->used == COMMAND_TEXT)
		return parser_wrong(p, column, "a line cannot be longer than %d bytes", COMMAND_ARG - 1);
	p->call->text[p->used++] = c;
	return 0;
}

int parser_next(struct parser *p, struct word *w)
{
	int ret = 0;
	parser_skip_blanks(p);
	*w = (struct word){.start = p->at, .end = p->at, .at = (uint16_t)p->used};
	if (p->line[p->at] == '\0' || p->line[p->at] == '#')
		return 0;
	char quote = '\0';
	size_t quote_at = 0;
	for (char c; (c = p->line[p->at]) != '\0' && (quote || !parser_blank(c)) && ret == 0; p->at++) {
		if (quote && c == quote) {
			quote = '\0';
		} else if (!quote && (c == '"' || c == '\'')) {
			quote = c;
			quote_at = p->at;
			w->quoted = true;
		} else {
			ret = parser_put(p, c, w->start);
		}
	}
	if (ret == 0 && quote)
		return parser_wrong(p, quote_at, "this quote has no end; expected %c...%c", quote, quote);
	w->end = p->at;
	ret = ret ? ret : parser_put(p, '\0', w->start);
	return ret ? ret : 1;
}

int parser_peek(struct parser *p, struct word *w)
{
	size_t at = p->at, used = p->used;
	int ret = parser_next(p, w);
	p->at = at;
	p->used = used;
	return ret;
}
