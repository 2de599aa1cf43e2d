// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/record/record_write.h"

#include <string.h>

#include "core/record/export_bpftrace.h"
#include "core/record/export_cast.h"
#include "core/record/export_html.h"
#include "core/record/export_markdown.h"
#include "core/record/export_shell.h"
#include "core/record/recording_json.h"

static const struct record_format_info formats[RECORD_FORMATS] = {
	[RECORD_JSON] = {".json", "a recording", recording_json_write},
	[RECORD_MARKDOWN] = {".md", "a handout in Markdown", export_markdown},
	[RECORD_HTML] = {".html", "a handout for browsers and paper", export_html},
	[RECORD_SHELL] = {".sh", "a script that does the same again and compares", export_shell},
	[RECORD_BPFTRACE] = {".bt", "a bpftrace script that watches what decided", export_bpftrace},
	[RECORD_CAST] = {".cast", "an asciinema cast", export_cast},
};

const struct record_format_info *record_format_info(enum record_format f)
{
	return &formats[f];
}

int record_format_of(const char *path)
{
	size_t len = strlen(path);
	for (int f = 0; f < RECORD_FORMATS; f++) {
		size_t n = strlen(formats[f].end);
		if (len > n && strcmp(path + len - n, formats[f].end) == 0)
			return f;
	}
	return -1;
}

int record_write(const struct recording *r, enum record_format f, FILE *out)
{
	return formats[f].write(r, out);
}
