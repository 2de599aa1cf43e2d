// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/change/journal_read.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/change/edit_inverse.h"
#include "core/model/fail.h"

struct reading {
	struct journal *journal;
	edit_reader *read;
	struct journal_change begun; // not ready yet; number 0 for none
	const char *why;             // the line is refused
};

// "12 " and what follows it. 0 for none.
static unsigned take_number(const char **at)
{
	unsigned long n = 0;
	const char *p = *at;
	for (; *p >= '0' && *p <= '9' && n < INT_MAX; p++)
		n = n * 10 + (unsigned long)(*p - '0');
	if (n > INT_MAX || (*p && *p != ' '))
		return 0;
	*at = *p ? p + 1 : p;
	return (unsigned)n;
}

static int refuse(struct reading *r, const char *why)
{
	r->why = why;
	return -EINVAL;
}

static int take_edit(struct reading *r, const char *text, struct edit *out)
{
	char err[EDIT_ERROR];
	struct edit e[2];
	if (r->read(text, e, err, sizeof err) != 1)
		return refuse(r, "is not one change");
	*out = e[0];
	return 0;
}

static int take_change(struct reading *r, unsigned number, const char *text)
{
	inventory_free(&r->begun.back);
	r->begun = (struct journal_change){.number = number};
	return number > r->journal->last ? take_edit(r, text, &r->begun.edit) : refuse(r, "is out of order");
}

static int take_back(struct reading *r, const char *text)
{
	struct edit e = {0};
	int rc = take_edit(r, text, &e);
	return rc ? rc : inventory_add(&r->begun.back, &e);
}

static int take_ready(struct reading *r)
{
	if (!edit_is_undone_by(&r->begun.edit, &r->begun.back))
		return refuse(r, "ends a change whose undo is not its opposite");
	if (r->journal->n == JOURNAL_CHANGES)
		return refuse(r, "is one change too many");
	return journal_add(r->journal, &r->begun);
}

static int take_line(struct reading *r, const char *line)
{
	static const char *const words[] = {"change ", "back ", "ready ", "undone ", "failed "};
	size_t i = 0;
	if (strcmp(line, "kept") == 0) {
		journal_clear(r->journal);
		return 0;
	}
	while (i < sizeof words / sizeof *words && strncmp(line, words[i], strlen(words[i])) != 0)
		i++;
	if (i == sizeof words / sizeof *words)
		return refuse(r, "is not valid");
	const char *rest = line + strlen(words[i]);
	unsigned number = take_number(&rest);
	bool has_text = i < 2, of_begun = i == 1 || i == 2;
	if (!number || has_text == !*rest || (of_begun && number != r->begun.number))
		return refuse(r, "is not valid");
	if (i >= 3) {
		journal_remove(r->journal, number);
		return 0;
	}
	return i == 0 ? take_change(r, number, rest) : i == 1 ? take_back(r, rest) : take_ready(r);
}

// A line torn off at the end belongs to a change that was never made.
static size_t whole_lines(const char *text, size_t len)
{
	const char *last = memrchr(text, '\n', len);
	return last ? (size_t)(last - text) + 1 : 0;
}

static bool has_control(const char *line, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if ((unsigned char)line[i] < ' ' || line[i] == 0x7f)
			return true;
	return false;
}

// Leaves out changes that are already undone.
static void compact(struct journal *j)
{
	size_t kept = 0;
	for (size_t i = 0; i < j->n; i++)
		if (!j->changes[i].done)
			j->changes[kept++] = j->changes[i];
	j->n = kept;
	j->done = 0;
}

int journal_parse(struct journal *j, const char *id, char *text, size_t n, edit_reader *read, char *why, size_t len)
{
	struct reading r = {.journal = j, .read = read};
	char head[JOURNAL_HEAD];
	size_t first = journal_head(id, head), whole = whole_lines(text, n), at = first, number = 1;
	int rc = 0;
	j->size = (off_t)whole;
	j->torn = n > whole;
	j->head = (off_t)first;
	if (whole > 0 && (whole < first || memcmp(text, head, first) != 0))
		rc = refuse(&r, "does not name this network namespace");
	while (rc == 0 && at < whole) {
		char *end = memchr(text + at, '\n', whole - at);
		size_t used = (size_t)(end - text) - at;
		*end = '\0';
		number++;
		rc = has_control(text + at, used) ? refuse(&r, "has control characters") : take_line(&r, text + at);
		at += used + 1;
	}
	if (rc < 0 && r.why)
		fail(rc, why, len, "is not used, and nothing in it is undone: line %zu %s", number, r.why);
	else if (rc < 0)
		fail(rc, why, len, "cannot be read: %s", strerror(-rc));
	compact(j);
	inventory_free(&r.begun.back);
	return rc;
}

int journal_read(struct journal *j, const char *id, edit_reader *read, char *why, size_t len)
{
	char *text;
	ssize_t n = own_file_read(j->fd, 2 * JOURNAL_BYTES, &text, why, len);
	if (n < 0)
		return (int)n;
	int rc = journal_parse(j, id, text, (size_t)n, read, why, len);
	free(text);
	return rc;
}
