// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/text/row_print.h"

#include <stdarg.h>
#include <string.h>

#include "core/text/visible.h"
#include "core/text/width.h"

char *report_ascii(const char *text, char *buf, size_t len)
{
	static const struct {
		const char *utf8, *ascii;
	} table[] = {{"✓", "v"},  {"✗", "x"},  {"●", "*"},   {"·", "."}, {"–", "-"},
		     {"→", "->"}, {"≠", "!="}, {"…", "..."}, {"▸", ">"}};
	size_t used = 0;
	char escape[VISIBLE_MOST];
	for (size_t left = strlen(text), skip; left > 0; text += skip, left -= skip) {
		const char *stand_in = NULL;
		for (size_t i = 0; (*text & 0x80) && i < sizeof table / sizeof *table && !stand_in; i++) {
			skip = strlen(table[i].utf8);
			if (strncmp(text, table[i].utf8, skip) == 0)
				stand_in = table[i].ascii;
		}
		if (!stand_in) {
			skip = visible_one(text, left, true, escape);
			stand_in = escape;
		}
		size_t n = strlen(stand_in);
		if (used + n >= len)
			break;
		memcpy(buf + used, stand_in, n);
		used += n;
	}
	if (len)
		buf[used] = '\0';
	return buf;
}

static const char *const colors[ROLE_COUNT] = {
	[ROLE_TITLE] = "1",   [ROLE_DIM] = "2",    [ROLE_ADDR] = "1",    [ROLE_IFNAME] = "36",  [ROLE_KEY] = "36",
	[ROLE_OK] = "32",     [ROLE_FAIL] = "31",  [ROLE_WARN] = "1;33", [ROLE_DECISIVE] = "1", [ROLE_MODEL] = "34",
	[ROLE_SYSCALL] = "1", [ROLE_ASKED] = "36", [ROLE_KERNEL] = "35",
};

enum {
	REPORT_COLUMNS = 80, // if the width is not known
	EVIDENCE = 12,       // the room for it at the right edge
	EDGE_MOST = 100,     // any further would be too far from its step
	NARROW = 60,         // below this the evidence has no column of its own, and wrapped lines hang less
	NARROW_HANGING = 5
};

unsigned report_width(struct report_style style)
{
	return style.width ? style.width : REPORT_COLUMNS;
}

// Where a row goes: a stream or a text.
struct sink {
	FILE *file;
	struct growing *text;
};

__attribute__((format(printf, 2, 3))) static void put(const struct sink *out, const char *fmt, ...)
{
	char piece[ROW_TEXT + 32];
	va_list args;
	va_start(args, fmt);
	if (out->file)
		vfprintf(out->file, fmt, args);
	else
		vsnprintf(piece, sizeof piece, fmt, args);
	va_end(args);
	if (!out->file)
		growing_add(out->text, "%s", piece);
}

static void put_blanks(unsigned n, const struct sink *out)
{
	put(out, "%*s", (int)n, "");
}

static void put_span(const struct row *r, const struct span *s, size_t from, size_t to, struct report_style style,
		     const struct sink *out)
{
	size_t a = s->start > from ? s->start : from, b = (size_t)s->start + s->len;
	const char *color = style.color ? colors[s->role] : NULL;
	b = b < to ? b : to;
	if (a < b)
		put(out, color ? "\033[%s%s%.*s\033[0m" : "%s%s%.*s", color ? color : "", color ? "m" : "",
		    (int)(b - a), r->text + a);
}

// The bytes [from, to) of a row.
static void put_part(const struct row *r, size_t from, size_t to, struct report_style style, const struct sink *out)
{
	for (unsigned i = 0; i < r->nspans; i++)
		put_span(r, &r->spans[i], from, to, style, out);
}

// The same row where only ASCII can be shown.
static void to_ascii(struct row *r)
{
	const struct row whole = *r;
	char text[ROW_TEXT], ascii[REPORT_ASCII];
	row_clear(r);
	r->hanging = whole.hanging;
	for (unsigned i = 0; i < whole.nspans; i++) {
		const struct span *s = &whole.spans[i];
		snprintf(text, sizeof text, "%.*s", (int)s->len, whole.text + s->start);
		report_ascii(text, ascii, sizeof ascii);
		if (s->right)
			row_right(r, (enum role)s->role, "%s", ascii);
		else
			row_add(r, (enum role)s->role, "%s", ascii);
	}
}

// What stands at the right edge: beside the first line where it has a column of its own, else where it finds room.
struct beside {
	size_t from;   // the byte where it begins
	unsigned room; // columns
	unsigned at;   // column, 0: it has none of its own
	bool put;
};

static void put_beside(const struct row *r, struct beside *b, unsigned column, bool last, struct report_style style,
		       const struct sink *out)
{
	unsigned at = b->at ? b->at : report_width(style) - b->room;
	if (b->put || b->room == 0 || (!b->at && !last && column >= at))
		return;
	if (column >= at) {
		put(out, "\n");
		column = 0;
	}
	put_blanks(at - column, out);
	put_part(r, b->from, r->used, style, out);
	b->put = true;
}

static void print(const struct row *wanted, struct report_style style, const struct sink *out)
{
	struct row r = *wanted;
	if (style.ascii)
		to_ascii(&r);
	unsigned width = report_width(style), edge = width < EDGE_MOST ? width : EDGE_MOST, k = 0;
	while (k < r.nspans && !r.spans[k].right)
		k++;
	struct beside b = {.from = k < r.nspans ? r.spans[k].start : r.used};
	b.room = width_text(r.text + b.from, r.used - b.from);
	if (b.room && width >= NARROW)
		b.at = b.room > EVIDENCE ? edge - b.room : edge - EVIDENCE;
	unsigned hanging = width < NARROW && r.hanging > width / 4 ? NARROW_HANGING : r.hanging;
	unsigned first = b.at ? b.at - 1 : width;
	for (size_t from = 0, next; from < b.from || from == 0; from += next) {
		unsigned indent = from ? hanging : 0;
		size_t len = width_wrap(r.text + from, b.from - from, from ? first - indent : first, &next);
		put_blanks(indent, out);
		put_part(&r, from, from + len, style, out);
		put_beside(&r, &b, indent + width_text(r.text + from, len), from + next >= b.from, style, out);
		put(out, "\n");
		if (next == 0)
			break;
	}
}

void report_print(const struct row *r, struct report_style style, FILE *out)
{
	print(r, style, &(struct sink){.file = out});
}

void report_add(const struct row *r, struct report_style style, struct growing *out)
{
	print(r, style, &(struct sink){.text = out});
}
