// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/text/report_markdown.h"

#include <string.h>

#include "core/model/remedy.h"
#include "core/text/markdown.h"
#include "core/text/report.h"
#include "core/text/report_calls.h"
#include "core/text/report_remedy.h"
#include "core/text/snapshot.h"
#include "core/text/stream_end.h"

static void put_part(const struct row *r, size_t from, size_t to, FILE *out)
{
	struct row part;
	row_clear(&part);
	row_add_part(&part, r, from, to);
	markdown_put(part.text, out);
}

static void put_step(const struct snapshot *s, unsigned i, FILE *out)
{
	const struct row *r = &s->steps[i];
	const struct walk_step *step = &s->walk.steps[i];
	size_t from, to;
	snapshot_answer(s, i, &from, &to);
	fprintf(out, "| %s | %u | %s | ", mark_info(report_mark(&s->walk, step))->text, i + 1,
		step_info(step->step)->name);
	put_part(r, from, to, out);
	fputs(" | ", out);
	snapshot_evidence(s, i, &from, &to);
	put_part(r, from, to, out);
	fputs(" |\n", out);
}

// What the kernel's functions returned, a line for each step, and what stayed unseen.
static void put_calls(const struct walk *w, FILE *out)
{
	struct row r;
	bool any = false;
	for (unsigned i = 0; i < w->nsteps; i++) {
		row_clear(&r);
		if (!report_calls(w, i, &r))
			continue;
		fprintf(out, "%s- %s: ", any ? "" : "\nWitnessed in the kernel:\n\n",
			step_info(w->steps[i].step)->name);
		markdown_put(r.text, out);
		fputc('\n', out);
		any = true;
	}
	for (unsigned n = 0; report_unseen(w, n, &r); n++) {
		const char *text = r.text + strcspn(r.text, " ");
		fputs(n || any ? "- unseen: " : "\n- unseen: ", out);
		markdown_put(text + strspn(text, " "), out);
		fputc('\n', out);
	}
}

int report_markdown(const struct facts *f, const struct walk *w, FILE *out)
{
	struct snapshot s;
	struct row r;
	struct remedy fix[REMEDIES];
	snapshot_take(&s, f, w);
	row_clear(&r);
	snapshot_attempt(&s, ROLE_PLAIN, &r);
	fprintf(out, "**%s%sbind ", s.recorded ? report_replay : "", s.recorded ? " " : "");
	markdown_put(r.text, out);
	row_clear(&r);
	snapshot_outcome(&s, &r);
	fputs("**, Linux ", out);
	markdown_put(f->host->kernel.release, out);
	fputs(", ", out);
	markdown_put(r.text, out);
	fputs("\n\n", out);
	markdown_put(s.verdict.text, out);
	fputs("\n\n| | | step | answer | evidence |\n|---|---|---|---|---|\n", out);
	for (unsigned i = 0; i < w->nsteps; i++)
		put_step(&s, i, out);
	fprintf(out, "\nCode `%s`\n", code_info(w->code)->name);
	put_calls(w, out);
	unsigned count = remedies(f, w, fix);
	for (unsigned n = 0; report_remedy(w, fix, count, REMEDY_TEXT, n, &r); n++) {
		const char *text = r.text + (strncmp(r.text, "remedy", 6) == 0 ? 6 : 0);
		fputs(n ? "- " : "\n- ", out);
		markdown_put(text + strspn(text, " "), out);
		fputc('\n', out);
	}
	return stream_end(out);
}
