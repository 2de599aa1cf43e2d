// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/text/markdown.h"

#include <errno.h>
#include <string.h>

void markdown_put(const char *text, FILE *out)
{
	for (; *text; text++) {
		if (strchr("|\\`*_~<>[]&#", *text))
			fputc('\\', out);
		fputc(*text, out);
	}
}

int markdown_end(FILE *out)
{
	return fflush(out) || ferror(out) ? -(errno ? errno : EIO) : 0;
}
