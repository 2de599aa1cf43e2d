// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/cases/case_file.h"

#include <ctype.h>
#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char *whole(const char *path)
{
	char *text = NULL;
	size_t size = 0;
	FILE *f = fopen(path, "re");
	if (!f || getdelim(&text, &size, '\0', f) < 0)
		err(1, "%s", path);
	fclose(f);
	return text;
}

static void add(char script[static CASE_SCRIPT], const char *path, const char *command)
{
	size_t n = strlen(script);
	if ((size_t)snprintf(script + n, CASE_SCRIPT - n, "%s\n", command) >= CASE_SCRIPT - n)
		errx(1, "%s: too long a script", path);
}

static void take(struct one_case *c, const char *path, int line, const char *word, char *rest)
{
	struct case_attempt *a = c->nattempts ? &c->attempt[c->nattempts - 1] : NULL;
	char *colon;
	if (strcmp(word, "setup") == 0) {
		add(c->setup, path, rest);
	} else if (strcmp(word, "processes") == 0 && strcmp(rest, "all") == 0) {
		c->all_processes = true;
	} else if (strcmp(word, "pass") == 0) {
		add(c->pass, path, rest);
	} else if (strcmp(word, "needs") == 0 && c->nneeds < CASE_NEEDS && (colon = strstr(rest, ": "))) {
		*colon = 0;
		c->needs[c->nneeds].what = rest;
		c->needs[c->nneeds++].command = colon + 2;
	} else if ((strcmp(word, "explain") == 0 || strcmp(word, "run") == 0) && c->nattempts < CASE_ATTEMPTS) {
		c->attempt[c->nattempts++] = (struct case_attempt){.arguments = rest, .runs = *word == 'r'};
	} else if (strcmp(word, "via") == 0 && a) {
		a->via = rest;
	} else if (a && a->n < CASE_LINES && strlen(word) < sizeof a->expect->word && *rest) {
		struct expectation *e = &a->expect[a->n++];
		e->line = line;
		e->rest = rest;
		strcpy(e->word, word);
	} else {
		errx(1, "%s:%d: '%s' is wrong here", path, line, word);
	}
}

struct one_case *case_read(const char *path)
{
	struct one_case *c = calloc(1, sizeof *c);
	const char *name = strrchr(path, '/');
	if (!c)
		err(1, "case");
	name = name ? name + 1 : path;
	snprintf(c->name, sizeof c->name, "%.*s", (int)strcspn(name, "."), name);
	c->text = whole(path);
	int line = 0;
	for (char *at = c->text, *next; at; at = next) {
		next = strchr(at, '\n');
		if (next)
			*next++ = 0;
		line++;
		while (isspace((unsigned char)*at))
			at++;
		if (*at == '#' && !c->title && strncmp(at, "# SPDX", 6) != 0)
			c->title = at + 1 + strspn(at + 1, " ");
		if (!*at || *at == '#')
			continue;
		char *rest = at + strcspn(at, " \t");
		if (*rest)
			*rest++ = 0;
		take(c, path, line, at, rest + strspn(rest, " \t"));
	}
	if (!c->title || !c->nattempts)
		errx(1, "%s: has no title or no attempt", path);
	return c;
}

void case_free(struct one_case *c)
{
	free(c->text);
	free(c);
}
