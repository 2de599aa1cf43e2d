// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/lesson/stage_page.h"

#include <stdlib.h>
#include <string.h>

#include "core/text/json_text.h"
#include "core/text/width.h"

enum { MOST_STEPS = 10000, MOST_MINUTES = 10000 };
static const int64_t most_ms = INT64_C(1000) * 60 * MOST_MINUTES;

// As they stand in JSON, and what a person reads.
static const struct {
	const char *name, *verb;
} keys[PAGE_KEYS] = {
	[PAGE_GOES_ON] = {"on", ""},         [PAGE_SHOWS] = {"show", "shows"},
	[PAGE_RUNS] = {"run", "runs"},       [PAGE_ASKS] = {"ask", "awaits an answer"},
	[PAGE_CHECKS] = {"check", "checks"}, [PAGE_ENDS] = {"end", "ends the talk"},
	[PAGE_OVER] = {"over", ""},
};

const char *page_key_verb(enum page_key key)
{
	return keys[key].verb;
}

char *stage_page_print(const struct stage_page *p)
{
	json_t *o = json_object();
	json_object_set_new(o, "talk", json_text(p->talk));
	json_object_set_new(o, "step", json_integer(p->step));
	json_object_set_new(o, "steps", json_integer(p->steps));
	json_object_set_new(o, "title", json_text(p->title));
	json_object_set_new(o, "notes", json_text(p->notes));
	json_object_set_new(o, "key", json_text(keys[p->key].name));
	json_object_set_new(o, "command", json_text(p->command));
	json_object_set_new(o, "next_title", json_text(p->next_title));
	json_object_set_new(o, "next_command", json_text(p->next_command));
	json_object_set_new(o, "minutes", json_integer(p->minutes));
	json_object_set_new(o, "planned_ms", json_integer(p->planned_ms));
	json_object_set_new(o, "elapsed_ms", json_integer(p->elapsed_ms));
	json_object_set_new(o, "replay", json_boolean(p->replay));
	char *text = json_text_print(o, JSON_COMPACT);
	json_decref(o);
	return text;
}

// A text that is not there is "".
static void take_text(const json_t *o, const char *key, char *out, size_t size)
{
	const char *text = json_string_value(json_object_get(o, key));
	size_t len = text ? strlen(text) : 0, fits = 0;
	for (uint32_t c; fits < len;) {
		size_t n = width_decode(text + fits, len - fits, &c);
		if (fits + n >= size)
			break;
		fits += n;
	}
	memcpy(out, text ? text : "", fits);
	out[fits] = '\0';
}

static bool take_number(const json_t *o, const char *key, int64_t least, int64_t most, int64_t *out)
{
	const json_t *value = json_object_get(o, key);
	*out = json_integer_value(value);
	return json_is_integer(value) && *out >= least && *out <= most;
}

static bool take_key(const json_t *o, enum page_key *out)
{
	const char *name = json_string_value(json_object_get(o, "key"));
	int k = 0;
	while (k < PAGE_KEYS && !(name && strcmp(name, keys[k].name) == 0))
		k++;
	*out = (enum page_key)k;
	return k < PAGE_KEYS;
}

static bool take_page(const json_t *o, struct stage_page *p)
{
	int64_t step, steps, minutes;
	*p = (struct stage_page){0};
	if (!take_number(o, "step", 0, MOST_STEPS, &step) || !take_number(o, "steps", 0, MOST_STEPS, &steps) ||
	    !take_number(o, "minutes", 0, MOST_MINUTES, &minutes) ||
	    !take_number(o, "planned_ms", 0, most_ms, &p->planned_ms) ||
	    !take_number(o, "elapsed_ms", -1, most_ms, &p->elapsed_ms) || !take_key(o, &p->key))
		return false;
	p->step = (unsigned)step;
	p->steps = (unsigned)steps;
	p->minutes = (unsigned)minutes;
	p->replay = json_is_true(json_object_get(o, "replay"));
	take_text(o, "talk", p->talk, sizeof p->talk);
	take_text(o, "title", p->title, sizeof p->title);
	take_text(o, "notes", p->notes, sizeof p->notes);
	take_text(o, "command", p->command, sizeof p->command);
	take_text(o, "next_title", p->next_title, sizeof p->next_title);
	take_text(o, "next_command", p->next_command, sizeof p->next_command);
	return true;
}

bool stage_page_parse(const char *text, size_t len, struct stage_page *out)
{
	json_t *o = len <= PAGE_BYTES ? json_loadb(text, len, 0, NULL) : NULL;
	bool good = o && take_page(o, out);
	json_decref(o);
	return good;
}

bool stage_page_same(const struct stage_page *a, const struct stage_page *b)
{
	return a->step == b->step && a->steps == b->steps && a->minutes == b->minutes &&
	       a->planned_ms == b->planned_ms && a->replay == b->replay && a->key == b->key &&
	       strcmp(a->talk, b->talk) == 0 && strcmp(a->title, b->title) == 0 && strcmp(a->notes, b->notes) == 0 &&
	       strcmp(a->command, b->command) == 0 && strcmp(a->next_title, b->next_title) == 0 &&
	       strcmp(a->next_command, b->next_command) == 0;
}
