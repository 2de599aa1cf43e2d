// SPDX-License-Identifier: GPL-3.0-or-later
// Build-time program: copies a skeleton from standard input to standard output, with each line "@NAME@" replaced by
// what the tables say.
#include "help/mkdoc.h"

#include <stdlib.h>
#include <string.h>

#include "tui/keys.h"

enum { ROFF_LINE = 80 };

// Does the key make the same call in every pane?
static bool is_wide(const struct binding *b)
{
	const struct binding *other;
	for (size_t i = 0; (other = keys_at(i)) != NULL; i++)
		if (other->context <= CONTEXT_MAIN && other->key == b->key && other->command == b->command &&
		    strcmp(other->arg, b->arg) == 0)
			return true;
	return false;
}

// The names of the contexts in which the key makes the call: "interfaces, routes".
static void print_contexts(const struct binding *like, char *buf, size_t len)
{
	const struct binding *b;
	size_t at = 0;
	buf[0] = '\0';
	for (size_t i = 0; (b = keys_at(i)) != NULL && at < len; i++)
		if (b->key == like->key && b->command == like->command && strcmp(b->arg, like->arg) == 0 &&
		    b->context != CONTEXT_PROMPT)
			at += (size_t)snprintf(buf + at, len - at, "%s%s", at ? ", " : "",
					       keys_context_name(b->context));
}

void print_keys(enum command_id id, const char *arg, char *buf, size_t len)
{
	enum { MOST = 16 };
	const struct binding *b;
	uint32_t said[MOST];
	size_t n = 0, at = 0;
	buf[0] = '\0';
	for (int narrow = 0; narrow <= 1; narrow++)
		for (size_t i = 0; (b = keys_at(i)) != NULL; i++) {
			char name[KEY_NAME], where[128] = "";
			bool again = b->command != id || strcmp(b->arg, arg) != 0 || b->context == CONTEXT_PROMPT ||
				     is_wide(b) == narrow || n == MOST;
			for (size_t k = 0; k < n && !again; k++)
				again = said[k] == b->key;
			if (again)
				continue;
			said[n++] = b->key;
			if (narrow)
				print_contexts(b, where, sizeof where);
			int used = snprintf(buf + at, len - at, narrow ? "%s%s (%s)" : "%s%s%s", at ? "; " : "",
					    keys_is_digit(b) ? "1-9" : keys_name(b->key, name), where);
			if (used < 0 || (size_t)used >= len - at) {
				buf[at] = '\0';
				return;
			}
			at += (size_t)used;
		}
}

void each_key_argument(enum command_id id, void (*each)(enum command_id id, const char *arg, FILE *out), FILE *out)
{
	const struct binding *b;
	for (size_t i = 0; (b = keys_at(i)) != NULL; i++) {
		bool again = b->command != id || b->context == CONTEXT_PROMPT || (keys_is_digit(b) && b->key != '1');
		for (size_t j = 0; j < i && !again; j++)
			again = keys_at(j)->command == id && keys_at(j)->context != CONTEXT_PROMPT &&
				strcmp(keys_at(j)->arg, b->arg) == 0;
		if (!again)
			each(id, b->arg, out);
	}
}

static const struct part *find_part(const struct part *parts, const char *name, size_t len)
{
	for (; parts->name; parts++)
		if (strlen(parts->name) == len && memcmp(parts->name, name, len) == 0)
			return parts;
	return NULL;
}

// Copies the skeleton, with its parts filled in.
static bool fill_in(FILE *in, FILE *out)
{
	char line[4096];
	while (fgets(line, sizeof line, in)) {
		size_t len = strcspn(line, "\n");
		const struct part *p = NULL;
		if (len > 2 && line[0] == '@' && line[len - 1] == '@') {
			p = find_part(man_parts, line + 1, len - 2);
			if (!p)
				p = find_part(shell_parts, line + 1, len - 2);
			if (!p) {
				fprintf(stderr, "mkdoc: no part is called %.*s\n", (int)len, line);
				return false;
			}
		}
		if (p)
			p->print(out);
		else
			fputs(line, out);
	}
	return !ferror(in);
}

// Where a line of roff's running text is broken, within the 80 bytes that mandoc's lint wants: before a word that is
// not a request, and not at the end of a sentence, where roff would set more space.
static size_t break_at(const char *line, size_t len)
{
	size_t at = len < ROFF_LINE ? len : ROFF_LINE;
	while (at > 0 && len > ROFF_LINE &&
	       (line[at] != ' ' || strchr("\\.?!", line[at - 1]) || line[at + 1] == '.' || line[at + 1] == '\''))
		at--;
	return at ? at : len;
}

static void print_roff(const char *text, FILE *out)
{
	bool literal = false, tag = false;
	for (size_t len; *text; text += len + (text[len] == '\n')) {
		len = strcspn(text, "\n");
		literal = strncmp(text, ".EX", 3) == 0 || (literal && strncmp(text, ".EE", 3) != 0);
		bool whole = literal || tag || *text == '.' || *text == '\'';
		tag = strncmp(text, ".TP", 3) == 0;
		for (size_t at = 0, n; at < len || at == 0; at += n + 1) {
			n = whole ? len : break_at(text + at, len - at);
			fprintf(out, "%.*s\n", (int)n, text + at);
		}
	}
}

int main(void)
{
	char *text = NULL;
	size_t len = 0;
	FILE *memory = open_memstream(&text, &len);
	bool done = memory && fill_in(stdin, memory);
	if (!memory || fclose(memory) != 0 || !done)
		return EXIT_FAILURE;
	if (strncmp(text, ".\\\"", 3) == 0)
		print_roff(text, stdout);
	else
		fputs(text, stdout);
	free(text);
	return fflush(stdout) || ferror(stdout) ? EXIT_FAILURE : EXIT_SUCCESS;
}
