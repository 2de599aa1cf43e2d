// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/evidence/tracepoint.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

// "__u8 dst[4]", "struct sockaddr * umyaddr", "__data_loc char[] name": the last word, without its brackets.
static bool take_name(const char *declaration, size_t len, struct trace_field *f)
{
	size_t end = len;
	if (end && declaration[end - 1] == ']')
		while (end && declaration[end - 1] != '[')
			end--;
	if (end && declaration[end - 1] == '[')
		end--;
	size_t start = end;
	while (start && declaration[start - 1] != ' ' && declaration[start - 1] != '*')
		start--;
	if (start == end || end - start >= sizeof f->name)
		return false;
	memcpy(f->name, declaration + start, end - start);
	f->name[end - start] = '\0';
	f->located = strncmp(declaration, "__data_loc ", strlen("__data_loc ")) == 0;
	return true;
}

static bool take_field(const char *line, struct trace_field *f)
{
	static const char prefix[] = "\tfield:";
	int is_signed;
	if (strncmp(line, prefix, strlen(prefix)) != 0)
		return false;
	const char *declaration = line + strlen(prefix);
	size_t len = strcspn(declaration, ";\n");
	// A size above this would be a mistake, and must not overflow what is added to it.
	if (sscanf(declaration + len, "; offset:%5u; size:%5u; signed:%1d;", &f->offset, &f->size, &is_signed) != 3)
		return false;
	f->is_signed = is_signed != 0;
	return take_name(declaration, len, f);
}

int tracepoint_parse(const char *text, struct tracepoint *out)
{
	bool has_id = false;
	*out = (struct tracepoint){0};
	for (const char *line = text; line && *line; line = strchr(line, '\n'), line = line ? line + 1 : NULL) {
		unsigned id;
		if (!has_id && sscanf(line, "ID: %9u", &id) == 1 && id > 0 && id <= UINT16_MAX) {
			out->id = (uint16_t)id;
			has_id = true;
		} else if (out->nfields < TRACE_FIELDS && take_field(line, &out->fields[out->nfields])) {
			out->nfields++;
		}
	}
	return has_id && out->nfields ? 0 : -EINVAL;
}

const struct trace_field *tracepoint_field(const struct tracepoint *t, const char *name)
{
	for (unsigned i = 0; i < t->nfields; i++)
		if (strcmp(t->fields[i].name, name) == 0)
			return &t->fields[i];
	return NULL;
}

static bool holds(size_t len, size_t offset, size_t size)
{
	return offset <= len && size <= len - offset;
}

bool trace_bytes(const struct trace_field *f, const void *record, size_t len, void *out, size_t size)
{
	if (f->size != size || f->located || !holds(len, f->offset, size))
		return false;
	memcpy(out, (const uint8_t *)record + f->offset, size);
	return true;
}

bool trace_number(const struct trace_field *f, const void *record, size_t len, int64_t *out)
{
	union {
		uint8_t u8;
		uint16_t u16;
		uint32_t u32;
		uint64_t u64;
	} raw;
	if (f->size > sizeof raw || !trace_bytes(f, record, len, &raw, f->size))
		return false;
	switch (f->size) {
	case 1:
		*out = f->is_signed ? (int8_t)raw.u8 : raw.u8;
		return true;
	case 2:
		*out = f->is_signed ? (int16_t)raw.u16 : raw.u16;
		return true;
	case 4:
		*out = f->is_signed ? (int32_t)raw.u32 : (int64_t)raw.u32;
		return true;
	case 8:
		*out = (int64_t)raw.u64;
		return true;
	default:
		return false;
	}
}

bool trace_text(const struct trace_field *f, const void *record, size_t len, char *buf, size_t buflen)
{
	size_t offset = f->offset, size = f->size;
	if (f->located) {
		uint32_t place;
		if (size != sizeof place || !holds(len, offset, size))
			return false;
		memcpy(&place, (const uint8_t *)record + offset, sizeof place);
		offset = place & 0xffff;
		size = place >> 16;
	}
	if (!buflen || !holds(len, offset, size))
		return false;
	size_t n = strnlen((const char *)record + offset, size);
	if (n >= buflen)
		n = buflen - 1;
	memcpy(buf, (const char *)record + offset, n);
	buf[n] = '\0';
	return true;
}
