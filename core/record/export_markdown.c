// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/record/export_markdown.h"

#include "core/record/handout.h"
#include "core/text/markdown.h"
#include "core/text/quoting.h"
#include "core/text/report_markdown.h"
#include "core/text/stream_end.h"

// A line in a block of code. The prompt keeps it from being the block's end.
static void put_command(const char *line, FILE *out)
{
	fputs("# ", out);
	quote_comment(line, out);
	fputc('\n', out);
}

static void put_commands(const char *text, FILE *out)
{
	fputs("```console\n", out);
	handout_lines(text, put_command, out);
	fputs("```\n\n", out);
}

static int put_bind(const struct recording *r, size_t n, struct handout_steps *seen, FILE *out)
{
	struct handout_walk w;
	int err = handout_walk(r, n, &w);
	if (err < 0)
		return err;
	const struct facts f = inquiry_facts(&w.in);
	handout_saw(seen, &w.in.walk);
	err = report_markdown(&f, &w.in.walk, out);
	fputc('\n', out);
	inquiry_free(&w.in);
	return err;
}

static int put_frame(const struct recording *r, size_t n, struct handout_steps *seen, FILE *out)
{
	const struct frame *f = &r->frames[n];
	switch (f->kind) {
	case FRAME_STEP:
		fputs("## ", out);
		markdown_put(f->text, out);
		fputs("\n\n", out);
		break;
	case FRAME_ASK:
		fputs("> **Predict:** ", out);
		markdown_put(f->text, out);
		if (f->answer && *f->answer) {
			fputs(" Predicted: ", out);
			markdown_put(f->answer, out);
		}
		fputs("\n\n", out);
		break;
	case FRAME_SAY:
	case FRAME_DONE:
		markdown_put(f->text, out);
		fputs("\n\n", out);
		break;
	case FRAME_CHANGE:
		put_commands(f->text && *f->text ? f->text : f->command, out);
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
	fputs("## The steps that decided\n\n", out);
	for (int i = 0; i < STEP_COUNT; i++) {
		const struct step *s = step_info((enum step_id)i);
		if (!seen->seen[i])
			continue;
		fprintf(out, "**%s**: ", s->name);
		markdown_put(s->question, out);
		fputs("\n", out);
		markdown_put(s->paragraph, out);
		fputs("\n\n", out);
		put_commands(s->watch, out);
	}
}

int export_markdown(const struct recording *r, FILE *out)
{
	struct handout_steps seen = {0};
	char origin[HANDOUT_LINE];
	int err = 0;
	fputs("# ", out);
	markdown_put(handout_title(r), out);
	fputs("\n\n", out);
	markdown_put(handout_origin(r, origin, sizeof origin), out);
	fputs("\n\n", out);
	for (size_t i = 0; i < r->n && err == 0; i++)
		err = put_frame(r, i, &seen, out);
	put_steps(&seen, out);
	return err ? err : stream_end(out);
}
