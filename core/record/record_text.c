// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/record/record_text.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "core/text/json_memory.h"
#include "core/text/json_text.h"
#include "core/text/report.h"
#include "core/text/report_json.h"
#include "core/text/stream_end.h"

// "A title: 9 frames, recorded on Linux 6.18.44, lab host".
static void put_head(const struct recording *r, const char *name, struct row *out)
{
	row_clear(out);
	out->hanging = 2;
	row_add(out, ROLE_TITLE, "%s", r->title[0] ? r->title : name);
	row_add(out, ROLE_PLAIN, ": %zu frame%s, recorded", r->n, r->n == 1 ? "" : "s");
	if (r->kernel[0])
		row_add(out, ROLE_PLAIN, " on Linux %s", r->kernel);
	if (r->lab[0])
		row_add(out, ROLE_PLAIN, ", lab %s", r->lab);
	if (r->left_out)
		row_add(out, ROLE_WARN, "; %zu earlier frame%s left out", r->left_out, r->left_out == 1 ? "" : "s");
}

bool record_remark(const struct frame *f, struct row *out)
{
	static struct inquiry in;
	char left[160] = "";
	row_clear(out);
	out->hanging = 2;
	if (f->at)
		row_add(out, ROLE_DIM, "%s", frame_host_left(f->at, left, sizeof left));
	if (f->bind && f->bind->more_socks)
		row_add(out, ROLE_DIM, "%s%zu holders of the port", left[0] ? ", " : "left out: ", f->bind->more_socks);
	if (f->bind && f->at && frame_bind_inquiry(f->bind, f->at->host, &in)) {
		if (!frame_bind_is_same(f->bind, &in.walk))
			row_add(out, ROLE_WARN, "%sthe recorded verdict was %s (%s)", out->used ? "; " : "",
				errno_name(f->bind->observed.present ? f->bind->observed.err : f->bind->predicted),
				code_info(f->bind->code)->name);
		inquiry_free(&in);
	}
	return out->used > 0;
}

struct printer {
	struct report_style style;
	FILE *out;
};

// Each line of a text, after a mark.
static void print_lines(const struct printer *p, enum role role, const char *mark, const char *text)
{
	for (const char *end; text; text = end ? end + 1 : NULL) {
		struct row row;
		end = strchr(text, '\n');
		row_clear(&row);
		row.hanging = (uint8_t)strlen(mark);
		row_add(&row, ROLE_DIM, "%s", mark);
		row_add(&row, role, "%.*s", (int)(end ? end - text : (ptrdiff_t)strlen(text)), text);
		report_print(&row, p->style, p->out);
	}
}

static void print_row(const struct printer *p, struct row *row)
{
	report_print(row, p->style, p->out);
	row_clear(row);
}

// 0 or -errno.
static int print_bind(const struct printer *p, const struct frame *f)
{
	static struct inquiry in;
	struct row row;
	if (!f->at || !frame_bind_inquiry(f->bind, f->at->host, &in))
		return -ENOMEM;
	const struct facts facts = inquiry_facts(&in);
	int rc = report_text(&facts, &in.walk, p->style, p->out);
	inquiry_free(&in);
	if (record_remark(f, &row))
		print_row(p, &row);
	return rc;
}

static int print_frame(const struct printer *p, const struct frame *f)
{
	struct row row;
	fputc('\n', p->out);
	switch (f->kind) {
	case FRAME_STEP:
		print_lines(p, ROLE_TITLE, "# ", f->text);
		return 0;
	case FRAME_ASK:
		print_lines(p, ROLE_TITLE, "? ", f->text);
		row_clear(&row);
		row_add(&row, ROLE_PLAIN, "  answered: %s", f->answer ? f->answer : "");
		if (f->answer && f->answer[0])
			print_row(p, &row);
		return 0;
	case FRAME_CHANGE:
		print_lines(p, ROLE_KEY, "$ ", f->text && f->text[0] ? f->text : f->command);
		return 0;
	case FRAME_BIND:
		return f->bind ? print_bind(p, f) : 0;
	default:
		print_lines(p, ROLE_PLAIN, f->kind == FRAME_NOTE ? "  note: " : "", f->text);
		return 0;
	}
}

int record_text(const struct recording *r, const char *name, struct report_style style, FILE *out)
{
	const struct printer p = {style, out};
	struct row row, head;
	int rc = 0;
	row_clear(&row);
	row_add(&row, ROLE_WARN, "%s ", report_replay);
	put_head(r, name, &head);
	row_add_part(&row, &head, 0, head.used);
	print_row(&p, &row);
	for (size_t i = 0; i < r->n && rc == 0; i++)
		rc = print_frame(&p, &r->frames[i]);
	return rc < 0 ? rc : stream_end(out);
}

static json_t *frame_json(const struct frame *f, size_t number)
{
	static struct inquiry in;
	json_t *out = json_object();
	json_object_set_new(out, "replay", json_true());
	json_object_set_new(out, "frame", json_integer((json_int_t)number));
	json_object_set_new(out, "kind", json_text(frame_kind_name(f->kind)));
	if (f->line)
		json_object_set_new(out, "line", json_integer(f->line));
	if (f->text)
		json_object_set_new(out, "text", json_text(f->text));
	if (f->command)
		json_object_set_new(out, "command", json_text(f->command));
	if (f->answer && f->answer[0])
		json_object_set_new(out, "answer", json_text(f->answer));
	if (f->bind && f->at && frame_bind_inquiry(f->bind, f->at->host, &in)) {
		const struct facts facts = inquiry_facts(&in);
		json_object_set_new(out, "same", json_boolean(frame_bind_is_same(f->bind, &in.walk)));
		json_object_set_new(out, "walk", report_json_walk(&facts, &in.walk));
		inquiry_free(&in);
	}
	return out;
}

int record_json_lines(const struct recording *r, FILE *out)
{
	json_memory_watch();
	for (size_t i = 0; i < r->n; i++) {
		json_t *frame = frame_json(&r->frames[i], i + 1);
		char *text = json_text_print(frame, JSON_COMPACT);
		json_decref(frame);
		if (text)
			fprintf(out, "%s\n", text);
		free(text);
		if (json_memory_lost() || !text)
			return -ENOMEM;
	}
	return stream_end(out);
}
