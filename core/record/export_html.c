// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/record/export_html.h"

#include <string.h>

#include "core/model/remedy.h"
#include "core/record/handout.h"
#include "core/text/quoting.h"
#include "core/text/report.h"
#include "core/text/report_holder.h"
#include "core/text/report_remedy.h"
#include "core/text/snapshot.h"
#include "core/text/stream_end.h"

// Each colour has a contrast of 7:1 or more with each ground that it stands on.
static const char style[] =
	":root { color-scheme: light }\n"
	"body { margin: 0 auto; max-width: 62em; padding: 1em 1.5em; background: #ffffff; color: #1a1a1a; font: 1.05em/1.5 "
	"system-ui, sans-serif }\n"
	"h1, h2, h3 { line-height: 1.25 }\n"
	"h3, pre, code, table { font-family: ui-monospace, 'DejaVu Sans Mono', monospace }\n"
	"h3 { font-size: 1em; margin: 0 }\n"
	"pre { background: #f3f3f3; padding: .5em .8em; overflow-x: auto; white-space: pre-wrap; overflow-wrap: anywhere }\n"
	"section { border: 1px solid #8a8a8a; border-radius: .3em; padding: .8em; margin: 1em 0 }\n"
	"table { border-collapse: collapse; width: 100%; font-size: .85em }\n"
	"th, td { border-top: 1px solid #c8c8c8; padding: .15em .5em; text-align: left; vertical-align: top }\n"
	"th { background: #f3f3f3 }\n"
	"blockquote { border-left: .3em solid #0a4b8f; margin: 1em 0; padding: .1em 1em }\n"
	".ok { color: #0a5220 }\n"
	".fail { color: #9b0f0f }\n"
	".warn { color: #6b4000 }\n"
	".dim { color: #474747 }\n"
	".decided { font-weight: bold }\n"
	"@page { margin: 16mm }\n"
	"@media print { body { max-width: none; padding: 0; font-size: 10pt } section, pre, tr, blockquote { break-inside: "
	"avoid } h1, h2, h3 { break-after: avoid } }\n";

static const char *role_class(enum role role)
{
	switch (role) {
	case ROLE_OK:
		return "ok";
	case ROLE_FAIL:
		return "fail";
	case ROLE_WARN:
		return "warn";
	case ROLE_DIM:
	case ROLE_MODEL:
	case ROLE_SYSCALL:
	case ROLE_ASKED:
	case ROLE_KERNEL:
		return "dim";
	default:
		return NULL;
	}
}

static void put_element(const char *name, const char *text, FILE *out)
{
	fprintf(out, "<%s>", name);
	quote_html(text, out);
	fprintf(out, "</%s>\n", name);
}

static void put_part(const char *text, size_t len, const char *class, FILE *out)
{
	char part[ROW_TEXT];
	snprintf(part, sizeof part, "%.*s", (int)len, text);
	if (class)
		fprintf(out, "<span class=\"%s\">", class);
	quote_html(part, out);
	fputs(class ? "</span>" : "", out);
}

// Bytes [from, to) of a row, each in its colour.
static void put_row(const struct row *r, size_t from, size_t to, FILE *out)
{
	for (unsigned i = 0; i < r->nspans; i++) {
		size_t start = r->spans[i].start, end = start + r->spans[i].len;
		start = start < from ? from : start;
		end = end > to ? to : end;
		if (start < end)
			put_part(r->text + start, end - start, role_class((enum role)r->spans[i].role), out);
	}
}

static void put_paragraph(const struct row *r, FILE *out)
{
	fputs("<p>", out);
	put_row(r, 0, r->used, out);
	fputs("</p>\n", out);
}

static void put_step(const struct snapshot *s, unsigned i, FILE *out)
{
	const struct row *r = &s->steps[i];
	const struct walk_step *step = &s->walk.steps[i];
	const struct mark_info *mark = mark_info(report_mark(&s->walk, step));
	const char *class = role_class(mark->role);
	size_t from, to;
	snapshot_answer(s, i, &from, &to);
	fprintf(out, "<tr%s><td%s%s%s title=\"%s\">%s</td><td>%u</td><td>%s</td><td>",
		step->decisive ? " class=\"decided\"" : "", class ? " class=\"" : "", class ? class : "",
		class ? "\"" : "", mark->meaning, mark->text, i + 1, step_info(step->step)->name);
	put_row(r, from, to, out);
	fputs("</td><td>", out);
	snapshot_evidence(s, i, &from, &to);
	put_row(r, from, to, out);
	fputs("</td></tr>\n", out);
}

static void put_remedies(const struct facts *f, const struct walk *w, FILE *out)
{
	struct remedy fix[REMEDIES];
	struct row r;
	unsigned count = remedies(f, w, fix);
	unsigned n = 0;
	for (; report_remedy(w, fix, count, REMEDY_TEXT, n, &r); n++) {
		const char *text = r.text + (strncmp(r.text, "remedy", 6) == 0 ? 6 : 0);
		fputs(n ? "<li>" : "<p>Remedies</p>\n<ul>\n<li>", out);
		quote_html(text + strspn(text, " "), out);
		fputs("</li>\n", out);
	}
	fputs(n ? "</ul>\n" : "", out);
}

static void put_walk(const struct facts *f, const struct walk *w, FILE *out)
{
	enum { WIDE = 1000 };
	struct snapshot s;
	struct row r;
	snapshot_take(&s, f, w);
	fprintf(out, "<section>\n<h3><span class=\"warn\">%s</span> bind ", report_replay);
	row_clear(&r);
	snapshot_attempt(&s, ROLE_PLAIN, &r);
	put_row(&r, 0, r.used, out);
	fputs(": ", out);
	row_clear(&r);
	snapshot_outcome(&s, &r);
	put_row(&r, 0, r.used, out);
	fputs("</h3>\n", out);
	put_paragraph(&s.verdict, out);
	for (unsigned n = 0; report_holder(f, w, false, WIDE, n, &r); n++)
		put_paragraph(&r, out);
	fputs("<table>\n<thead><tr><th scope=\"col\">mark</th><th scope=\"col\">n</th><th scope=\"col\">step</th><th "
	      "scope=\"col\">answer</th><th scope=\"col\">evidence</th></tr></thead>\n<tbody>\n",
	      out);
	for (unsigned i = 0; i < w->nsteps; i++)
		put_step(&s, i, out);
	fprintf(out, "</tbody>\n</table>\n<p class=\"dim\">Code <code>%s</code></p>\n", code_info(w->code)->name);
	put_remedies(f, w, out);
	fputs("</section>\n", out);
}

static int put_bind(const struct recording *r, size_t n, struct handout_steps *seen, FILE *out)
{
	struct handout_walk w;
	int err = handout_walk(r, n, &w);
	if (err < 0)
		return err;
	const struct facts f = inquiry_facts(&w.in);
	handout_saw(seen, &w.in.walk);
	put_walk(&f, &w.in.walk, out);
	inquiry_free(&w.in);
	return 0;
}

static void put_command(const char *line, FILE *out)
{
	fputs("# ", out);
	quote_html(line, out);
	fputc('\n', out);
}

static void put_commands(const char *text, FILE *out)
{
	fputs("<pre>", out);
	handout_lines(text, put_command, out);
	fputs("</pre>\n", out);
}

static int put_frame(const struct recording *r, size_t n, struct handout_steps *seen, FILE *out)
{
	const struct frame *f = &r->frames[n];
	const char *text = f->text ? f->text : "";
	switch (f->kind) {
	case FRAME_STEP:
		put_element("h2", text, out);
		break;
	case FRAME_ASK:
		fputs("<blockquote>\n<p><strong>Predict:</strong> ", out);
		quote_html(text, out);
		if (f->answer && *f->answer) {
			fputs(" Predicted: ", out);
			quote_html(f->answer, out);
		}
		fputs("</p>\n</blockquote>\n", out);
		break;
	case FRAME_SAY:
	case FRAME_DONE:
		put_element("p", text, out);
		break;
	case FRAME_CHANGE:
		put_commands(*text ? text : f->command, out);
		break;
	case FRAME_BIND:
		return put_bind(r, n, seen, out);
	default: // notes are the speaker's
		break;
	}
	return 0;
}

static void put_steps(const struct handout_steps *seen, FILE *out)
{
	put_element("h2", "The steps that decided", out);
	for (int i = 0; i < STEP_COUNT; i++) {
		const struct step *s = step_info((enum step_id)i);
		if (!seen->seen[i])
			continue;
		put_element("h3", s->name, out);
		fputs("<p><strong>", out);
		quote_html(s->question, out);
		fputs("</strong> ", out);
		quote_html(s->paragraph, out);
		fputs("</p>\n", out);
		put_commands(s->watch, out);
	}
}

int export_html(const struct recording *r, FILE *out)
{
	struct handout_steps seen = {0};
	char origin[HANDOUT_LINE];
	int err = 0;
	fputs("<!DOCTYPE html>\n<html xmlns=\"http://www.w3.org/1999/xhtml\" lang=\"en\" xml:lang=\"en\">\n<head>\n"
	      "<meta charset=\"utf-8\" />\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\" />\n"
	      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\" />\n",
	      out);
	put_element("title", handout_title(r), out);
	fprintf(out, "<style>\n%s</style>\n</head>\n<body>\n<main>\n", style);
	put_element("h1", handout_title(r), out);
	put_element("p", handout_origin(r, origin, sizeof origin), out);
	for (size_t i = 0; i < r->n && err == 0; i++)
		err = put_frame(r, i, &seen, out);
	put_steps(&seen, out);
	fputs("</main>\n</body>\n</html>\n", out);
	return err ? err : stream_end(out);
}
