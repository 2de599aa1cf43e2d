// SPDX-License-Identifier: GPL-3.0-or-later
// The formats in which a recording is written. Pure.
#ifndef BINDWALK_RECORD_WRITE_H
#define BINDWALK_RECORD_WRITE_H

#include <stdio.h>

#include "core/record/recording.h"

enum record_format {
	RECORD_JSON,
	RECORD_MARKDOWN,
	RECORD_HTML,
	RECORD_SHELL,
	RECORD_BPFTRACE,
	RECORD_CAST,
	RECORD_FORMATS
};

struct record_format_info {
	const char *end;   // of a file's name: ".json"
	const char *about; // what such a file is: "a recording"
	int (*write)(const struct recording *r, FILE *out);
};

const struct record_format_info *record_format_info(enum record_format f);
// By the end of a file's name; -1 for none of them.
int record_format_of(const char *path);
// 0, or -errno. The same recording gives the same bytes.
int record_write(const struct recording *r, enum record_format f, FILE *out);

#endif
