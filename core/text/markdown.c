// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/text/markdown.h"

#include <string.h>

#include "core/text/visible.h"

void markdown_put(const char *text, FILE *out)
{
	char shown[VISIBLE_MOST];
	for (size_t left = strlen(text), used; left > 0; text += used, left -= used) {
		used = visible_one(text, left, false, shown);
		for (const char *c = shown; *c; c++)
			fprintf(out, strchr("|\\`*_~<>[]&#", *c) ? "\\%c" : "%c", *c);
	}
}
