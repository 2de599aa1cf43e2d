// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/record/recording_json.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "core/model/fail.h"
#include "core/record/bind_json.h"
#include "core/record/host_json.h"
#include "core/text/growing.h"
#include "core/text/json_memory.h"
#include "core/text/json_text.h"
#include "core/text/stream_end.h"

static const char *kind_word(unsigned n)
{
	return frame_kind_name((enum frame_kind)n);
}

static const struct field recording_fields[] = {
	FIELD_BYTES("title", struct recording, title),
	FIELD_BYTES("lab", struct recording, lab),
	FIELD_BYTES("kernel", struct recording, kernel),
	FIELD("left_out", FIELD_NUMBER, struct recording, left_out, UINT32_MAX),
	{0},
};
static const struct field frame_fields[] = {
	FIELD_OF_WORDS("kind", struct frame, kind, FRAME_KINDS, kind_word),
	FIELD_U32("line", struct frame, line),
	{0},
};
static const struct field left_fields[] = {
	FIELD("interfaces", FIELD_NUMBER, struct frame_host, left_links, UINT32_MAX),
	FIELD("addresses", FIELD_NUMBER, struct frame_host, left_addrs, UINT32_MAX),
	FIELD("rules", FIELD_NUMBER, struct frame_host, left_rules, UINT32_MAX),
	FIELD("routes4", FIELD_NUMBER, struct frame_host, left_routes4, UINT32_MAX),
	FIELD("routes6", FIELD_NUMBER, struct frame_host, left_routes6, UINT32_MAX),
	{0},
};

// Writing.

// One line, or an array of lines.
static json_t *lines_json(const char *text)
{
	if (!strchr(text, '\n'))
		return json_text(text);
	json_t *out = json_array();
	for (const char *end; text; text = end ? end + 1 : NULL) {
		end = strchr(text, '\n');
		char *line = strndup(text, end ? (size_t)(end - text) : strlen(text));
		if (!line)
			json_memory_lose();
		json_array_append_new(out, json_text(line ? line : ""));
		free(line);
	}
	return out;
}

static void set_lines(json_t *out, const char *name, const char *text)
{
	if (text)
		json_object_set_new(out, name, lines_json(text));
}

// What makes one list of another: at a place so many objects go, and others come.
static json_t *splice(const json_t *before, const json_t *now)
{
	size_t n = json_array_size(before), m = json_array_size(now), at = 0, end = 0;
	json_t *put = json_array();
	while (at < n && at < m && json_equal(json_array_get(before, at), json_array_get(now, at)))
		at++;
	while (end < n - at && end < m - at &&
	       json_equal(json_array_get(before, n - end - 1), json_array_get(now, m - end - 1)))
		end++;
	for (size_t i = at; i < m - end; i++)
		json_array_append(put, json_array_get(now, i));
	return json_pack("{s:I,s:I,s:o}", "at", (json_int_t)at, "cut", (json_int_t)(n - end - at), "put", put);
}

// The members of `now` that `before` (NULL: none) does not have like this; of a list, what changed in it.
static json_t *difference(const json_t *before, json_t *now)
{
	const char *key;
	json_t *value, *out = json_object();
	json_object_foreach(now, key, value)
	{
		const json_t *was = json_object_get(before, key);
		if (was && json_equal(was, value))
			continue;
		if (json_is_array(was) && json_is_array(value))
			json_object_set_new(out, key, splice(was, value));
		else
			json_object_set(out, key, value);
	}
	return out;
}

// What the frames before have said.
struct said {
	const struct frame_host *at;
	json_t *host, *caller; // whole
};

static void put_host(json_t *out, const struct frame_host *at, struct said *s)
{
	if (!at || at == s->at)
		return;
	json_t *host = host_json(at->host);
	json_object_set_new(host, "left_out", row_json(left_fields, at));
	json_object_set_new(out, "host", difference(s->host, host));
	json_decref(s->host);
	s->host = host;
	s->at = at;
}

static void put_bind(json_t *out, const struct frame_bind *b, struct said *s)
{
	json_t *caller = bind_caller_json(b);
	json_object_set_new(out, "bind", bind_json(b));
	if (!s->caller || !json_equal(s->caller, caller))
		json_object_set(out, "caller", caller);
	json_decref(s->caller);
	s->caller = caller;
}

static json_t *frame_json(const struct frame *f, struct said *s)
{
	json_t *out = row_json(frame_fields, f);
	set_lines(out, "text", f->text);
	set_lines(out, "command", f->command);
	set_lines(out, "answer", f->answer);
	if (f->at)
		json_object_set_new(out, "known", json_true());
	put_host(out, f->at, s);
	if (f->bind)
		put_bind(out, f->bind, s);
	return out;
}

// A value on a line of its own, so that two recordings compare line by line. False when memory runs out.
static bool print_line(json_t *value, const char *before, const char *after, FILE *out)
{
	char *text = json_text_print(value, JSON_COMPACT);
	bool ok = text != NULL;
	if (ok)
		fprintf(out, "%s%s%s", before, text, after);
	free(text);
	json_decref(value);
	return ok;
}

int recording_json_write(const struct recording *r, FILE *out)
{
	struct said said = {0};
	json_memory_watch();
	json_t *about = row_json(recording_fields, r);
	put_host(about, r->first, &said);
	fprintf(out, "{\"bindwalk_recording\":%d,\n\"about\":", RECORDING_VERSION);
	bool ok = print_line(about, "", ",\n\"frames\":[", out);
	for (size_t i = 0; i < r->n && ok; i++)
		ok = print_line(frame_json(&r->frames[i], &said), i ? ",\n" : "\n", "", out);
	fputs("\n]}\n", out);
	json_decref(said.host);
	json_decref(said.caller);
	if (json_memory_lost() || !ok)
		return -ENOMEM;
	return stream_end(out);
}

// Reading.

// Before any memory is spent: how deep is it, and of how many values?
static bool is_bounded(const char *text, size_t len, struct json_place *p)
{
	size_t depth = 0, values = 1;
	bool inside = false;
	if (len > RECORDING_FILE)
		return json_wrong(p, "expected at most %d bytes", RECORDING_FILE);
	for (size_t i = 0; i < len; i++) {
		char c = text[i];
		if (inside && c == '\\')
			i++;
		else if (c == '"')
			inside = !inside;
		else if (!inside && (c == '{' || c == '[')) {
			values++;
			depth++;
		} else if (!inside && (c == '}' || c == ']'))
			depth -= depth > 0;
		else if (!inside && c == ',')
			values++;
		if (depth > RECORDING_DEPTH)
			return json_wrong(p, "byte %zu: arrays and objects are nested deeper than %d", i + 1,
					  RECORDING_DEPTH);
		if (values > RECORDING_VALUES)
			return json_wrong(p, "expected at most %d values", RECORDING_VALUES);
	}
	return true;
}

// NULL if it is not there, and then p->failed says whether that is an error.
static char *read_lines(const json_t *from, struct json_place *p, const char *name)
{
	struct growing all = {0};
	const json_t *v = json_object_get(from, name);
	if (!v)
		return NULL;
	size_t was = json_enter(p, name, 0), n = json_is_array(v) ? json_array_size(v) : 1;
	for (size_t i = 0; i < n && !p->failed; i++) {
		const char *line = json_text_of(json_is_array(v) ? json_array_get(v, i) : v);
		if (!line)
			json_wrong(p, "expected a text, or an array of lines");
		else if (all.len + strlen(line) > RECORDING_TEXT)
			json_wrong(p, "expected at most %d bytes", RECORDING_TEXT);
		else
			growing_add(&all, "%s%s", i ? "\n" : "", line);
	}
	if (all.failed || (!all.p && !p->failed && !(all.p = strdup(""))))
		json_wrong(p, "out of memory");
	json_leave(p, was);
	if (!p->failed)
		return all.p;
	free(all.p);
	return NULL;
}

// A list with the objects that a splice cuts and puts; NULL, and an error at its place.
static json_t *spliced(const json_t *list, const json_t *how, struct json_place *p)
{
	const json_t *put = json_member(p, how, "put", JSON_ARRAY, true);
	const json_t *at = json_member(p, how, "at", JSON_INTEGER, true);
	const json_t *cut = json_member(p, how, "cut", JSON_INTEGER, true);
	json_int_t n = (json_int_t)json_array_size(list), from = json_integer_value(at), gone = json_integer_value(cut);
	if (!put || !at || !cut)
		return NULL;
	if (from < 0 || from > n || gone < 0 || gone > n - from) {
		json_wrong(p, "expected a part of a list of %lld", (long long)n);
		return NULL;
	}
	json_t *out = json_array();
	for (json_int_t i = 0; i < n; i++) {
		if (i == from)
			json_array_extend(out, (json_t *)(uintptr_t)put);
		if (i < from || i >= from + gone)
			json_array_append(out, json_array_get(list, (size_t)i));
	}
	if (from == n)
		json_array_extend(out, (json_t *)(uintptr_t)put);
	return out;
}

// Takes the members of `now` over; what is not in it stays as before.
static void take_difference(json_t *host, json_t *now, struct json_place *p)
{
	const char *key;
	json_t *value;
	json_object_foreach(now, key, value)
	{
		const json_t *was = json_object_get(host, key);
		size_t outside = json_enter(p, key, 0);
		if (json_is_array(was) && json_is_object(value)) {
			json_t *list = spliced(was, value, p);
			if (list)
				json_object_set_new(host, key, list);
		} else {
			json_object_set(host, key, value);
		}
		json_leave(p, outside);
	}
}

static struct frame_host *read_host(const json_t *now, struct json_place *p, struct said *s)
{
	struct frame_host *f = calloc(1, sizeof *f);
	size_t was = json_enter(p, "host", 0);
	if (!s->host)
		s->host = json_object();
	if (!f || !s->host)
		json_wrong(p, "out of memory");
	else if (!json_is_object(now))
		json_wrong(p, "expected an object");
	else
		take_difference(s->host, (json_t *)(uintptr_t)now, p);
	if (!p->failed && fields_take_member(left_fields, p, s->host, "left_out", false, f))
		f->host = host_json_read(s->host, p);
	json_leave(p, was);
	if (f && f->host)
		return f;
	free(f);
	return NULL;
}

// The frame's own, or a share of the last one.
static bool read_at(struct frame_host *last, const json_t *from, struct json_place *p, struct said *s, struct frame *f)
{
	const json_t *host = json_object_get(from, "host");
	if (host)
		f->at = read_host(host, p, s);
	else if (json_is_true(json_object_get(from, "known")))
		f->at = last;
	if (f->at)
		f->at->frames++;
	return !p->failed && (f->at || f->kind != FRAME_BIND || json_wrong(p, "a bind needs a host"));
}

static bool read_frame(const json_t *from, struct json_place *p, struct said *s, struct frame_host *last,
		       struct frame *f)
{
	if (!json_member(p, from, "kind", JSON_STRING, true) || !fields_take(frame_fields, p, from, f) ||
	    !read_at(last, from, p, s, f))
		return false;
	f->text = read_lines(from, p, "text");
	f->command = read_lines(from, p, "command");
	f->answer = read_lines(from, p, "answer");
	if (p->failed || f->kind != FRAME_BIND)
		return !p->failed;
	json_t *caller = json_object_get(from, "caller");
	if (caller) {
		json_decref(s->caller);
		s->caller = json_incref(caller);
	}
	f->bind = bind_json_read(json_object_get(from, "bind"), s->caller, p);
	return f->bind != NULL;
}

static struct frame_host *read_first(const json_t *about, struct json_place *p, struct said *s, struct recording *r)
{
	const json_t *host = json_object_get(about, "host");
	size_t was = json_enter(p, "about", 0);
	r->first = host ? read_host(host, p, s) : NULL;
	if (r->first)
		r->first->frames = 1;
	json_leave(p, was);
	return r->first;
}

static bool read_frames(const json_t *root, struct json_place *p, struct recording *r)
{
	struct said said = {0};
	const json_t *list = json_member(p, root, "frames", JSON_ARRAY, true), *about = json_object_get(root, "about");
	struct frame_host *last = read_first(about, p, &said, r);
	size_t was = json_enter(p, "frames", 0), n = json_array_size(list);
	if (n > RECORDING_FRAMES)
		json_wrong(p, "expected at most %d", RECORDING_FRAMES);
	for (size_t i = 0; i < n && !p->failed; i++) {
		size_t outside = json_enter(p, NULL, i);
		struct frame f = {0};
		read_frame(json_array_get(list, i), p, &said, last, &f);
		if (f.at)
			last = f.at;
		recording_adopt(r, &f);
		if (r->bytes > 2 * (size_t)RECORDING_BYTES)
			json_wrong(p, "it takes more than %d MiB of memory", 2 * RECORDING_BYTES >> 20);
		else if (r->n != i + 1)
			json_wrong(p, "out of memory");
		json_leave(p, outside);
	}
	json_leave(p, was);
	json_decref(said.host);
	json_decref(said.caller);
	return !p->failed;
}

static bool read_root(const json_t *root, struct json_place *p, struct recording *r)
{
	const json_t *version = json_object_get(root, "bindwalk_recording");
	if (!json_is_integer(version))
		return json_wrong(p, "this is not a recording of Bindwalk");
	if (json_integer_value(version) != RECORDING_VERSION)
		return json_wrong(p, "this is a recording of version %lld; expected %d",
				  (long long)json_integer_value(version), RECORDING_VERSION);
	return fields_take_member(recording_fields, p, root, "about", false, r) && read_frames(root, p, r);
}

int recording_json_read(const char *text, size_t len, struct recording *out, char *err, size_t errlen)
{
	struct json_place p = {.err = err, .errlen = errlen};
	json_error_t wrong;
	*out = (struct recording){0};
	json_memory_watch();
	if (!is_bounded(text, len, &p))
		return -EINVAL;
	json_t *root = json_loadb(text, len, JSON_REJECT_DUPLICATES, &wrong);
	if (!root && !json_memory_lost())
		return fail(-EINVAL, err, errlen, "this is not a recording: line %d, column %d: %s", wrong.line,
			    wrong.column, wrong.text);
	if (root)
		read_root(root, &p, out);
	json_decref(root);
	bool lost = json_memory_lost();
	if (!lost && !p.failed)
		return 0;
	recording_free(out);
	return lost ? fail(-ENOMEM, err, errlen, "out of memory") : -EINVAL;
}
