// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/record/export_cast.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "core/record/handout.h"
#include "core/text/json_text.h"
#include "core/text/report.h"
#include "core/text/stream_end.h"
#include "core/text/visible.h"

enum {
	COLUMNS = 90,
	LINES = 30,
	KEY_MS = 50,   // between two letters that are typed
	WORD_MS = 375, // 160 words a minute
	LEAST_MS = 800 // a look at any answer
};

struct cast {
	FILE *out;
	unsigned long ms; // of the next event
	int err;
};

static void put_json(struct cast *c, json_t *value)
{
	char *text = value ? json_text_print(value, JSON_ENCODE_ANY) : NULL;
	if (text)
		fputs(text, c->out);
	else
		c->err = -ENOMEM;
	free(text);
	json_decref(value);
}

// One event: text that appears, as it is. It must be UTF-8 without bytes from outside that a terminal acts on.
static void show(struct cast *c, const char *text)
{
	fprintf(c->out, "[%lu.%03lu, \"o\", ", c->ms / 1000, c->ms % 1000);
	put_json(c, json_text(text));
	fputs("]\n", c->out);
}

static unsigned words(const char *text)
{
	unsigned n = 0;
	for (text += strspn(text, " \n"); *text; text += strspn(text, " \n")) {
		text += strcspn(text, " \n");
		n++;
	}
	return n;
}

static void read_for(struct cast *c, const char *text)
{
	c->ms += LEAST_MS + words(text) * WORD_MS;
}

static void type(const char *line, struct cast *c)
{
	char key[VISIBLE_MOST];
	show(c, "\033[1m> \033[0m");
	for (size_t left = strlen(line), used; left > 0; line += used, left -= used) {
		used = visible_one(line, left, false, key);
		c->ms += KEY_MS;
		show(c, key);
	}
	c->ms += LEAST_MS;
	show(c, "\r\n");
}

static void add_row(const struct row *r, void *data)
{
	report_add(r, (struct report_style){.color = true, .width = COLUMNS}, data);
}

// A terminal goes to the next line's beginning only when it is told both.
static void show_lines(struct cast *c, const char *text)
{
	struct growing t = {0};
	for (size_t len; *text; text += len + (text[len] != '\0')) {
		len = strcspn(text, "\n");
		growing_add(&t, "%.*s\r\n", (int)len, text);
	}
	if (t.failed)
		c->err = -ENOMEM;
	else if (t.p)
		show(c, t.p);
	free(t.p);
}

static void say(struct cast *c, enum role role, const char *before, const char *text)
{
	struct growing t = {0};
	struct row r;
	row_clear(&r);
	row_add(&r, role, "%s%s", before, text);
	add_row(&r, &t);
	if (t.failed)
		c->err = -ENOMEM;
	else
		show_lines(c, t.p);
	free(t.p);
	read_for(c, text);
	show(c, "\r\n");
}

// The whole walk appears at once. Who knows such walks reads the verdict.
static void show_walk(struct cast *c, const struct recording *r, size_t n)
{
	struct handout_walk w;
	struct growing t = {0};
	struct row verdict;
	int err = handout_walk(r, n, &w);
	if (err < 0) {
		c->err = err;
		return;
	}
	const struct facts f = inquiry_facts(&w.in);
	report_rows(&f, &w.in.walk, COLUMNS, add_row, &t);
	report_verdict(&f, &w.in.walk, &verdict);
	if (t.failed)
		c->err = -ENOMEM;
	else
		show_lines(c, t.p);
	free(t.p);
	read_for(c, verdict.text);
	show(c, "\r\n");
	inquiry_free(&w.in);
}

static void show_changes(struct cast *c, const char *text)
{
	char line[HANDOUT_LINE];
	for (size_t len; text && *text; text += len + (text[len] != '\0')) {
		len = strcspn(text, "\n");
		snprintf(line, sizeof line, "%.*s", (int)len, text);
		type(line, c);
	}
}

static void show_frame(struct cast *c, const struct recording *r, size_t n)
{
	const struct frame *f = &r->frames[n];
	const char *text = f->text ? f->text : "";
	char line[HANDOUT_LINE], what[HANDOUT_LINE - 8];
	switch (f->kind) {
	case FRAME_STEP:
		say(c, ROLE_TITLE, "== ", text);
		break;
	case FRAME_ASK:
		say(c, ROLE_KEY, "? ", text);
		if (f->answer && *f->answer)
			type(f->answer, c);
		break;
	case FRAME_SAY:
	case FRAME_DONE:
		say(c, ROLE_PLAIN, "", text);
		break;
	case FRAME_CHANGE:
		show_changes(c, *text ? text : f->command);
		break;
	case FRAME_BIND:
		snprintf(line, sizeof line, "bind %s", handout_bind(f->bind, what, sizeof what));
		type(line, c);
		show_walk(c, r, n);
		break;
	default: // notes are the speaker's
		break;
	}
}

int export_cast(const struct recording *r, FILE *out)
{
	struct cast c = {.out = out};
	fprintf(out, "{\"version\": 2, \"width\": %d, \"height\": %d, \"title\": ", COLUMNS, LINES);
	put_json(&c, json_text(handout_title(r)));
	fputs(", \"env\": {\"TERM\": \"xterm-256color\"}}\n", out);
	char origin[HANDOUT_LINE];
	say(&c, ROLE_WARN, "", handout_origin(r, origin, sizeof origin));
	for (size_t i = 0; i < r->n && c.err == 0; i++)
		show_frame(&c, r, i);
	return c.err ? c.err : stream_end(out);
}
