// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/record/record_write.h"

#include <string.h>

#include "core/record/recording_json.h"

static const struct record_format_info formats[RECORD_FORMATS] = {
	[RECORD_JSON] = {".json", "a recording", recording_json_write},
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
