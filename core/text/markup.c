// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/text/markup.h"

#include <string.h>

#include "core/text/width.h"

enum { NARROWEST = 20 };

// Counts lines down to the one that is wanted.
struct lines {
	size_t wanted, seen;
	unsigned width;
	struct row *out;
};

// What begins a line's first piece and its others, how it looks, and how many bytes of the markup are not text.
struct style {
	enum role role;
	const char *first, *next;
	size_t mark;
	bool wraps;
};

static struct style style_of(const char *text, bool title)
{
	if (title)
		return (struct style){ROLE_TITLE, "", "", 0, true};
	if (strncmp(text, "== ", 3) == 0)
		return (struct style){ROLE_TITLE, "", "", 3, true};
	if (strncmp(text, "* ", 2) == 0)
		return (struct style){ROLE_LABEL, "", "    ", 2, true};
	if (strncmp(text, "    $ ", 6) == 0)
		return (struct style){ROLE_KEY, "", "", 0, false};
	if (strncmp(text, "    ", 4) == 0)
		return (struct style){ROLE_VALUE, "", "", 0, false};
	if (strncmp(text, "  ", 2) == 0)
		return (struct style){ROLE_PLAIN, "    ", "    ", 2, true};
	if (strncmp(text, "- ", 2) == 0)
		return (struct style){ROLE_PLAIN, "- ", "  ", 2, true};
	return (struct style){ROLE_PLAIN, "", "", 0, true};
}

static void add_line(struct lines *l, enum role role, const char *indent, const char *text, size_t len)
{
	if (l->seen++ != l->wanted)
		return;
	row_clear(l->out);
	// A line without a span would not be drawn over what stood there.
	row_add(l->out, role, "%s%.*s", len ? indent : " ", (int)len, text);
}

static void add_paragraph(struct lines *l, const char *text, size_t len, bool title)
{
	struct style s = style_of(text, title);
	const char *indent = s.first;
	text += s.mark;
	len -= s.mark;
	do {
		size_t next = len, n = len;
		if (s.wraps && len > 0)
			n = width_wrap(text, len, l->width - (unsigned)strlen(indent), &next);
		add_line(l, s.role, indent, text, n);
		text += next;
		len -= next;
		indent = s.next;
	} while (len > 0);
}

static size_t walk_text(const char *text, struct lines *l)
{
	bool title = true;
	if (l->width < NARROWEST)
		l->width = NARROWEST;
	while (*text && (!l->out || l->seen <= l->wanted)) {
		size_t len = strcspn(text, "\n");
		add_paragraph(l, text, len, title);
		title = false;
		text += len + (text[len] == '\n');
	}
	return l->seen;
}

bool markup_line(const char *text, unsigned width, size_t n, struct row *out)
{
	struct lines l = {.wanted = n, .width = width, .out = out};
	return walk_text(text, &l) > n;
}

size_t markup_lines(const char *text, unsigned width)
{
	struct lines l = {.wanted = (size_t)-1, .width = width};
	return walk_text(text, &l);
}
