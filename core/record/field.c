// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/record/field.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "core/model/addr.h"
#include "core/model/tri.h"
#include "core/text/json_text.h"

size_t json_enter(struct json_place *p, const char *name, size_t index)
{
	size_t was = strlen(p->at), room = sizeof p->at - was;
	if (name)
		snprintf(p->at + was, room, "%s%s", was ? "." : "", name);
	else
		snprintf(p->at + was, room, "[%zu]", index);
	return was;
}

void json_leave(struct json_place *p, size_t was)
{
	p->at[was] = '\0';
}

bool json_wrong(struct json_place *p, const char *fmt, ...)
{
	va_list args;
	if (p->failed)
		return false;
	p->failed = true;
	int n = snprintf(p->err, p->errlen, "%s%s", p->at, p->at[0] ? ": " : "");
	if (n < 0 || (size_t)n >= p->errlen)
		return false;
	va_start(args, fmt);
	vsnprintf(p->err + n, p->errlen - (size_t)n, fmt, args);
	va_end(args);
	return false;
}

static const char *type_name(json_type type)
{
	switch (type) {
	case JSON_OBJECT:
		return "an object";
	case JSON_ARRAY:
		return "an array";
	case JSON_STRING:
		return "a string";
	case JSON_INTEGER:
		return "a whole number";
	default:
		return "true or false";
	}
}

json_t *json_member(struct json_place *p, const json_t *object, const char *name, json_type type, bool needed)
{
	json_t *v = json_object_get(object, name);
	if (v && json_typeof(v) == type)
		return v;
	if (v || needed) {
		size_t was = json_enter(p, name, 0);
		json_wrong(p, "expected %s", type_name(type));
		json_leave(p, was);
	}
	return NULL;
}

static uint64_t number_at(const void *at, size_t size)
{
	switch (size) {
	case 1:
		return *(const uint8_t *)at;
	case 2:
		return *(const uint16_t *)at;
	case 4:
		return *(const uint32_t *)at;
	default:
		return *(const uint64_t *)at;
	}
}

static void set_number(void *at, size_t size, uint64_t n)
{
	switch (size) {
	case 1:
		*(uint8_t *)at = (uint8_t)n;
		break;
	case 2:
		*(uint16_t *)at = (uint16_t)n;
		break;
	case 4:
		*(uint32_t *)at = (uint32_t)n;
		break;
	default:
		*(uint64_t *)at = n;
	}
}

static int64_t signed_at(const void *at, size_t size)
{
	return size == sizeof(int) ? *(const int *)at : *(const int64_t *)at;
}

static void set_signed(void *at, size_t size, int64_t n)
{
	if (size == sizeof(int))
		*(int *)at = (int)n;
	else
		*(int64_t *)at = n;
}

static int hex_digit(char c)
{
	return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bool take_name(struct json_place *p, const json_t *v, char *to, size_t size)
{
	const char *text = json_text_of(v), *hex = json_text_of(json_object_get(v, "bytes"));
	size_t len = text ? strlen(text) : hex ? strlen(hex) / 2 : 0;
	if (!text && !hex)
		return json_wrong(p, "expected a string");
	if (len >= size)
		return json_wrong(p, "expected at most %zu bytes", size - 1);
	if (text) {
		snprintf(to, size, "%s", text);
		return true;
	}
	for (size_t i = 0; i < len; i++) {
		int high = hex_digit(hex[2 * i]), low = hex_digit(hex[2 * i + 1]);
		if (high < 0 || low < 0 || (high == 0 && low == 0))
			return json_wrong(p, "expected hexadecimal digits");
		to[i] = (char)(high << 4 | low);
	}
	return true;
}

static json_t *tri_json(enum tri t)
{
	return t == UNKNOWN ? json_null() : json_boolean(t == YES);
}

static json_t *value_json(const struct field *f, const void *at)
{
	char text[PREFIX_TEXT];
	switch (f->type) {
	case FIELD_BOOL:
		return *(const bool *)at ? json_true() : NULL;
	case FIELD_TRI:
		return *(const enum tri *)at == NO ? NULL : tri_json(*(const enum tri *)at);
	case FIELD_NUMBER:
		return number_at(at, f->size) ? json_integer((json_int_t)number_at(at, f->size)) : NULL;
	case FIELD_SIGNED:
		return signed_at(at, f->size) ? json_integer(signed_at(at, f->size)) : NULL;
	case FIELD_NAME:
		return *(const char *)at ? json_bytes(at) : NULL;
	case FIELD_ADDR:
		return ((const struct addr *)at)->family ? json_text(addr_print(at, text)) : NULL;
	case FIELD_PREFIX:
		return ((const struct prefix *)at)->addr.family ? json_text(prefix_print(at, text)) : NULL;
	case FIELD_WORD:
		return number_at(at, f->size) < f->most ? json_text(f->word((unsigned)number_at(at, f->size))) : NULL;
	}
	return NULL;
}

void fields_put(const struct field *table, const void *from, json_t *out)
{
	for (const struct field *f = table; f->name; f++) {
		json_t *v = value_json(f, (const char *)from + f->offset);
		if (v)
			json_object_set_new(out, f->name, v);
	}
}

json_t *row_json(const struct field *table, const void *row)
{
	json_t *out = json_object();
	fields_put(table, row, out);
	return out;
}

json_t *list_json(const struct field *table, const void *rows, size_t n, size_t size)
{
	json_t *out = json_array();
	for (size_t i = 0; i < n; i++)
		json_array_append_new(out, row_json(table, (const char *)rows + i * size));
	return out;
}

static bool take_word(const struct field *f, struct json_place *p, const json_t *v, void *at)
{
	const char *text = json_text_of(v);
	for (unsigned i = 0; text && i < f->most; i++)
		if (strcmp(f->word(i), text) == 0) {
			set_number(at, f->size, i);
			return true;
		}
	return text ? json_wrong(p, "this version does not know the word '%.40s'", text)
		    : json_wrong(p, "expected a word");
}

// Of a FIELD_SIGNED that may have all values of its type, there is one more below zero.
static json_int_t least(const struct field *f)
{
	return -(json_int_t)f->most - (f->most == INT32_MAX || f->most == INT64_MAX);
}

static bool take_value(const struct field *f, struct json_place *p, const json_t *v, void *at)
{
	const char *text = json_text_of(v);
	json_int_t n = json_integer_value(v);
	switch (f->type) {
	case FIELD_BOOL:
		if (!json_is_boolean(v))
			return json_wrong(p, "expected true or false");
		*(bool *)at = json_is_true(v);
		return true;
	case FIELD_TRI:
		if (!json_is_boolean(v) && !json_is_null(v))
			return json_wrong(p, "expected true, false or null");
		*(enum tri *)at = json_is_null(v) ? UNKNOWN : json_is_true(v) ? YES : NO;
		return true;
	case FIELD_NUMBER: // one of 64 bits may look negative
		if (!json_is_integer(v) || (f->most <= INT64_MAX && n < 0) || (uint64_t)n > f->most)
			return json_wrong(p, "expected a number from 0 to %llu", (unsigned long long)f->most);
		set_number(at, f->size, (uint64_t)n);
		return true;
	case FIELD_SIGNED:
		if (!json_is_integer(v) || n < least(f) || n > (json_int_t)f->most)
			return json_wrong(p, "expected a whole number up to %llu", (unsigned long long)f->most);
		set_signed(at, f->size, n);
		return true;
	case FIELD_NAME:
		return take_name(p, v, at, f->size);
	case FIELD_ADDR:
		return (text && addr_parse(text, at) == 0) || json_wrong(p, "expected an IP address");
	case FIELD_PREFIX:
		return (text && prefix_parse(text, at) == 0) || json_wrong(p, "expected ADDRESS/LENGTH");
	case FIELD_WORD:
		return take_word(f, p, v, at);
	}
	return false;
}

bool fields_take(const struct field *table, struct json_place *p, const json_t *from, void *to)
{
	bool ok = json_is_object(from) || json_wrong(p, "expected an object");
	for (const struct field *f = table; f->name && ok; f++) {
		const json_t *v = json_object_get(from, f->name);
		if (!v)
			continue;
		size_t was = json_enter(p, f->name, 0);
		ok = take_value(f, p, v, (char *)to + f->offset);
		json_leave(p, was);
	}
	return ok;
}

bool fields_take_member(const struct field *table, struct json_place *p, const json_t *object, const char *name,
			bool needed, void *to)
{
	const json_t *part = json_member(p, object, name, JSON_OBJECT, needed);
	size_t was = json_enter(p, name, 0);
	bool ok = part ? fields_take(table, p, part, to) : !p->failed;
	json_leave(p, was);
	return ok;
}
