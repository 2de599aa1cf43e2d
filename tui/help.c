// SPDX-License-Identifier: GPL-3.0-or-later
#include "tui/help.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/command/help_search.h"
#include "core/command/help_topic_text.h"
#include "core/text/markup.h"
#include "tui/arguments.h"
#include "tui/complain.h"
#include "tui/output.h"

enum { WORDS = 256 };

struct page {
	FILE *out;
	struct report_style style;
};

static void print_line(const struct page *p, enum role role, const char *text)
{
	struct row r;
	row_clear(&r);
	row_add(&r, role, "%s", text);
	report_print(&r, p->style, p->out);
}

static void print_row(const struct page *p, const struct row *r)
{
	if (strcmp(r->text, " ") == 0) // an empty line of the screen
		fputc('\n', p->out);
	else
		report_print(r, p->style, p->out);
}

static void print_text(const struct page *p, const char *text)
{
	enum { WIDEST = 100 }; // a longer line is hard to read
	struct row r;
	for (size_t n = 0; markup_line(text, p->style.width < WIDEST ? p->style.width : WIDEST, n, &r); n++)
		print_row(p, &r);
}

// Everything of that name. How many there are.
static size_t print_name(const struct page *p, const char *name)
{
	size_t n = 0;
	for (struct entry e = {0}; entry_find(name, &e); n++) {
		char *text = entry_markup(&e), head[TOPIC_TITLE];
		if (!text)
			return 0;
		if (n)
			fputc('\n', p->out);
		snprintf(head, sizeof head, "%s: the %s", e.name, about_name(e.about));
		if (e.about != ABOUT_TOPIC)
			print_line(p, ROLE_DIM, head);
		print_text(p, text);
		free(text);
	}
	return n;
}

static void print_topics(const struct page *p)
{
	enum { NAME = 18 };
	struct row r;
	print_line(p, ROLE_TITLE, "Topics");
	for (size_t i = 0; topic_at(i); i++) {
		row_clear(&r);
		r.hanging = sizeof "  " - 1 + NAME + 1;
		row_add(&r, ROLE_PLAIN, "  %-*s %s", NAME, topic_at(i)->name, topic_at(i)->title);
		report_print(&r, p->style, p->out);
	}
	print_line(p, ROLE_PLAIN, "");
	print_text(
		p,
		"More\nbindwalk help NAME prints a topic, or the text on a step, code, option, sysctl or command of that "
		"name. bindwalk help --search WORD... searches all texts. bindwalk --help lists the options of the "
		"command line.");
}

static size_t print_hits(const struct page *p, const char *words)
{
	size_t found;
	char *text = help_hits(words, &found);
	if (text && found)
		print_text(p, text);
	free(text);
	return text ? found : 0;
}

static enum exit_status not_found(const char *words, bool search)
{
	if (search) {
		complain("no text contains '%s'", words);
		return EXIT_WRONG;
	}
	struct entry near[5];
	char names[256] = "";
	size_t n = help_search(words, near, 5), at = 0;
	for (size_t i = 0; i < n && i < 5 && at < sizeof names; i++)
		at += (size_t)snprintf(names + at, sizeof names - at, "%s%s", i ? ", " : "", near[i].name);
	complain("no help is named '%s'; %s%s", words, n ? "it occurs in " : "bindwalk help lists the topics", names);
	return EXIT_WRONG;
}

// Text goes to the page, complaints to standard error.
static enum exit_status answer(const struct cli_line *line, const struct page *p)
{
	char words[WORDS] = "";
	for (int i = 0; i < line->count; i++) {
		size_t at = strlen(words);
		if (at + strlen(line->operands[i]) + 2 > sizeof words) {
			complain("'%.40s...' is too long for a name", line->operands[i]);
			return EXIT_WRONG;
		}
		snprintf(words + at, sizeof words - at, "%s%s", at ? " " : "", line->operands[i]);
	}
	if (line->value[CLI_OPT_SEARCH] && !words[0]) {
		complain("--search needs words, as in: bindwalk help --search tentative");
		return EXIT_WRONG;
	}
	if (line->value[CLI_OPT_SEARCH])
		return print_hits(p, words) ? EXIT_OK : not_found(words, true);
	if (line->count == 0)
		print_topics(p);
	else if (print_name(p, words) == 0) // not one name of several words, then several names
		for (int i = 0; i < line->count; i++) {
			if (i)
				fputc('\n', p->out);
			if (print_name(p, line->operands[i]) == 0)
				return not_found(line->operands[i], false);
		}
	return EXIT_OK;
}

int help_main(int argc, char **argv)
{
	char *text = NULL;
	size_t len = 0;
	struct cli_line line;
	int wrong = arguments_read(CLI_HELP, argc, argv, NULL, NULL, &line);
	if (wrong >= 0)
		return wrong;
	struct page p = {
		.out = open_memstream(&text, &len),
		.style = output_style(line.value[CLI_OPT_COLOR], line.value[CLI_OPT_ASCII]),
	};
	if (!p.out) {
		complain("%s", strerror(ENOMEM));
		return EXIT_MISSING;
	}
	enum exit_status status = answer(&line, &p);
	if (fclose(p.out) != 0) {
		complain("%s", strerror(errno));
		status = EXIT_MISSING;
	}
	if (status == EXIT_OK)
		status = output_text(text, len);
	free(text);
	return (int)status;
}
