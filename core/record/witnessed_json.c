// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/record/witnessed_json.h"

#include "core/text/json_text.h"

static const char *function_word(unsigned n)
{
	return kernel_function_info((enum kernel_function)n)->name;
}

static const struct field head_fields[] = {
	FIELD_FLAG("present", struct witnessed, present),
	FIELD_BYTES("missing", struct witnessed, why_not),
	FIELD_FLAG("not_reached", struct witnessed, not_reached),
	{0},
};
static const struct field call_fields[] = {
	FIELD_OF_WORDS("function", struct kernel_call, function, KERNEL_FUNCTIONS, function_word),
	FIELD_I64("returned", struct kernel_call, returned),
	FIELD_U32("ns", struct kernel_call, ns),
	FIELD_AT("address", struct kernel_call, addr),
	FIELD_U16("port", struct kernel_call, port),
	FIELD_U32("scope", struct kernel_call, scope),
	FIELD_U32("table", struct kernel_call, table),
	FIELD_U32("device", struct kernel_call, device),
	FIELD_INT("capability", struct kernel_call, capability),
	FIELD_INT("fd", struct kernel_call, fd),
	FIELD_INT("addrlen", struct kernel_call, addrlen),
	FIELD("type", FIELD_NUMBER, struct kernel_call, rtn, UINT8_MAX),
	FIELD("length", FIELD_NUMBER, struct kernel_call, len, 32),
	{0},
};

static const struct {
	const char *name;
	size_t offset;
} sets[] = {
	{"watched", offsetof(struct function_sets, watched)},
	{"absent", offsetof(struct function_sets, absent)},
	{"refused", offsetof(struct function_sets, refused)},
};
enum { SETS = sizeof sets / sizeof *sets };

static json_t *set_json(uint64_t set)
{
	json_t *out = json_array();
	for (unsigned f = 0; f < KERNEL_FUNCTIONS; f++)
		if (set >> f & 1)
			json_array_append_new(out, json_text(function_word(f)));
	return out;
}

static json_t *counts_json(const struct witnessed *w)
{
	json_t *out = json_object();
	for (unsigned f = 0; f < KERNEL_FUNCTIONS; f++)
		if (w->counts[f])
			json_object_set_new(out, function_word(f), json_integer(w->counts[f]));
	return out;
}

// A value of 0 is an answer, too.
static json_t *calls_json(const struct witnessed *w)
{
	json_t *out = json_array();
	for (unsigned i = 0; i < w->ncalls; i++) {
		json_t *call = row_json(call_fields, &w->calls[i]);
		json_object_set_new(call, "returned", json_integer(w->calls[i].returned));
		json_array_append_new(out, call);
	}
	return out;
}

json_t *witnessed_json(const struct witnessed *w)
{
	json_t *out = row_json(head_fields, w);
	if (!w->present)
		return out;
	for (int i = 0; i < SETS; i++)
		json_object_set_new(out, sets[i].name,
				    set_json(*(const uint64_t *)((const char *)&w->sets + sets[i].offset)));
	json_object_set_new(out, "counts", counts_json(w));
	json_object_set_new(out, "calls", calls_json(w));
	return out;
}

static bool find(struct json_place *p, const char *name, enum kernel_function *out)
{
	int f = name ? kernel_function_find(name) : -1;
	if (f >= 0)
		*out = (enum kernel_function)f;
	return f >= 0 || (name ? json_wrong(p, "this version does not know the function '%.40s'", name)
			       : json_wrong(p, "expected a function's name"));
}

static bool read_set(const json_t *from, struct json_place *p, const char *name, uint64_t *out)
{
	const json_t *list = json_member(p, from, name, JSON_ARRAY, true);
	size_t was = json_enter(p, name, 0);
	for (size_t i = 0; i < json_array_size(list) && !p->failed; i++) {
		enum kernel_function f;
		if (find(p, json_text_of(json_array_get(list, i)), &f))
			*out |= 1ULL << f;
	}
	json_leave(p, was);
	return !p->failed;
}

static void read_count(struct json_place *p, const char *name, const json_t *value, struct witnessed *out)
{
	enum kernel_function f;
	json_int_t n = json_integer_value(value);
	if (!find(p, name, &f))
		return;
	if (json_is_integer(value) && n >= 0 && n <= UINT16_MAX)
		out->counts[f] = (uint16_t)n;
	else
		json_wrong(p, "expected a number from 0 to %d", UINT16_MAX);
}

static bool read_counts(const json_t *from, struct json_place *p, struct witnessed *out)
{
	json_t *counts = json_member(p, from, "counts", JSON_OBJECT, true), *value;
	const char *name;
	size_t was = json_enter(p, "counts", 0);
	json_object_foreach(counts, name, value)
	{
		read_count(p, name, value, out);
	}
	json_leave(p, was);
	return !p->failed;
}

static bool read_calls(const json_t *from, struct json_place *p, struct witnessed *out)
{
	const json_t *list = json_member(p, from, "calls", JSON_ARRAY, true);
	size_t was = json_enter(p, "calls", 0), n = json_array_size(list);
	if (n > KERNEL_CALLS)
		json_wrong(p, "expected at most %d", KERNEL_CALLS);
	for (size_t i = 0; i < n && !p->failed; i++) {
		size_t outside = json_enter(p, NULL, i);
		const json_t *call = json_array_get(list, i);
		json_member(p, call, "function", JSON_STRING, true);
		if (!p->failed && fields_take(call_fields, p, call, &out->calls[i]))
			out->ncalls++;
		json_leave(p, outside);
	}
	json_leave(p, was);
	return !p->failed;
}

bool witnessed_json_read(const json_t *from, struct json_place *p, struct witnessed *out)
{
	if (!from)
		return true;
	if (!fields_take(head_fields, p, from, out))
		return false;
	for (int i = 0; i < SETS && out->present; i++)
		if (!read_set(from, p, sets[i].name, (uint64_t *)((char *)&out->sets + sets[i].offset)))
			return false;
	return !out->present || (read_counts(from, p, out) && read_calls(from, p, out));
}
