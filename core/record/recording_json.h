// SPDX-License-Identifier: GPL-3.0-or-later
// A recording as JSON and back. What did not change since the frame before is not repeated. A file may come from a
// stranger: it is bounded in bytes, depth and counts, and nothing of it is ever run or opened. Pure.
#ifndef BINDWALK_RECORDING_JSON_H
#define BINDWALK_RECORDING_JSON_H

#include <stdio.h>

#include "core/record/recording.h"

enum {
	RECORDING_VERSION = 1,
	RECORDING_FILE = 8 * 1024 * 1024, // bytes
	RECORDING_VALUES = 500000,        // of JSON
	RECORDING_DEPTH = 16,
	RECORDING_ERROR = 512
};

// 0 or -errno.
int recording_json_write(const struct recording *r, FILE *out);
// 0 and a recording that the caller frees. Else *out is all zeros, and err has a sentence: -EINVAL with the place and
// what is expected there, or -ENOMEM.
int recording_json_read(const char *text, size_t len, struct recording *out, char *err, size_t errlen);

#endif
