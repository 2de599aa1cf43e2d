// SPDX-License-Identifier: GPL-3.0-or-later
// What a tracepoint's `format` file in tracefs says of its records: nothing in them has a place that is promised. Pure.
#ifndef BINDWALK_TRACEPOINT_H
#define BINDWALK_TRACEPOINT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { TRACE_FIELDS = 32, TRACE_NAME = 32 };

struct trace_field {
	char name[TRACE_NAME];
	unsigned offset, size; // bytes in the record
	bool is_signed;
	bool located; // the record has only the place (offset, length << 16) of a text behind its fixed part
};

struct tracepoint {
	uint16_t id; // what perf_event_open() takes and what a record's common_type holds
	unsigned nfields;
	struct trace_field fields[TRACE_FIELDS];
};

// Takes in a whole `format` file. Fields beyond TRACE_FIELDS are left out. 0, or -EINVAL where it is none.
int tracepoint_parse(const char *text, struct tracepoint *out);

// The field of that name, or NULL.
const struct trace_field *tracepoint_field(const struct tracepoint *t, const char *name);

// Read one field of a record of `len` bytes. False where the record is too short for it, or where it is of another
// kind: a number has 1, 2, 4 or 8 bytes, bytes are exactly `size` many. A text is cut at the buffer's end.
bool trace_number(const struct trace_field *f, const void *record, size_t len, int64_t *out);
bool trace_bytes(const struct trace_field *f, const void *record, size_t len, void *out, size_t size);
bool trace_text(const struct trace_field *f, const void *record, size_t len, char *buf, size_t buflen);

#endif
