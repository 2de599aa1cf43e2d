// SPDX-License-Identifier: GPL-3.0-or-later
// Build-time program: copies a skeleton from standard input to standard output, with each line "@NAME@" replaced by what the
// tables say.
#include "help/mkdoc.h"

#include <stdlib.h>
#include <string.h>

#include "tui/keys.h"

// Is the key in force for the same call in every pane?
static bool is_wide(const struct binding *b)
{
	const struct binding *other;
	for (size_t i = 0; (other = keys_at(i)) != NULL; i++)
		if (other->context <= CONTEXT_MAIN && other->key == b->key && other->command == b->command &&
		    strcmp(other->arg, b->arg) == 0)
			return true;
	return false;
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
			char name[KEY_NAME];
			bool again = b->command != id || strcmp(b->arg, arg) != 0 || b->context == CONTEXT_PROMPT ||
				     is_wide(b) == narrow || n == MOST;
			for (size_t k = 0; k < n && !again; k++)
				again = said[k] == b->key;
			if (again)
				continue;
			said[n++] = b->key;
			int used = snprintf(buf + at, len - at, "%s%s%s%s%s", at ? ", " : "", keys_name(b->key, name),
					    narrow ? " (" : "", narrow ? keys_context_name(b->context) : "",
					    narrow ? ")" : "");
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
		bool again = b->command != id || b->context == CONTEXT_PROMPT;
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

int main(void)
{
	char line[4096];
	while (fgets(line, sizeof line, stdin)) {
		size_t len = strcspn(line, "\n");
		const struct part *p = NULL;
		if (len > 2 && line[0] == '@' && line[len - 1] == '@') {
			p = find_part(man_parts, line + 1, len - 2);
			if (!p)
				p = find_part(shell_parts, line + 1, len - 2);
			if (!p) {
				fprintf(stderr, "mkdoc: no part is called %.*s\n", (int)len, line);
				return EXIT_FAILURE;
			}
		}
		if (p)
			p->print(stdout);
		else
			fputs(line, stdout);
	}
	return ferror(stdin) || fflush(stdout) || ferror(stdout) ? EXIT_FAILURE : EXIT_SUCCESS;
}
