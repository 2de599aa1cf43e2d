// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/cases/case_answer.h"

#include <stdlib.h>
#include <string.h>

// "*" stands for any characters.
static bool matches(const char *pattern, const char *text)
{
	for (; *pattern != '*'; pattern++, text++)
		if (*pattern != *text)
			return false;
		else if (!*pattern)
			return true;
	do
		if (matches(pattern + 1, text))
			return true;
	while (*text++);
	return false;
}

const char *string_of(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));
	return text ? text : "";
}

// Any value as text: good until the next call.
static const char *as_text(const json_t *value)
{
	static char text[1024];
	if (json_is_string(value))
		return json_string_value(value);
	if (json_is_array(value)) {
		size_t i, n = 0;
		json_t *item;
		*text = 0;
		json_array_foreach(value, i, item)
		{
			if (n < sizeof text)
				n += (size_t)snprintf(text + n, sizeof text - n, "%s%s", i ? " " : "",
						      json_string_value(item));
		}
		return text;
	}
	if (json_is_integer(value))
		snprintf(text, sizeof text, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
	else
		snprintf(text, sizeof text, "%s",
			 json_is_true(value)    ? "true"
			 : json_is_false(value) ? "false"
						: "null");
	return text;
}

json_t *answer_walks(const char *text)
{
	json_t *walks = json_array(), *item, *inner;
	size_t i, at = 0, length = strlen(text);
	while (at < length && text[at + strspn(text + at, " \n")]) {
		json_error_t e;
		json_t *one = json_loads(text + at, JSON_DISABLE_EOF_CHECK, &e);
		if (!one) {
			json_decref(walks);
			return NULL;
		}
		at += (size_t)e.position;
		json_t *several = json_is_array(one) ? one : json_object_get(one, "walks");
		if (several)
			json_array_extend(walks, several);
		else
			json_array_append(walks, one);
		json_decref(one);
	}
	json_array_foreach(walks, i, item)
	{
		if ((inner = json_object_get(item, "walk")))
			json_array_set(walks, i, inner);
	}
	return walks;
}

const char *answer_errno(const json_t *walk)
{
	const json_t *end = json_object_get(walk, "observed");
	const char *name = string_of(json_is_object(end) ? end : json_object_get(walk, "predicted"), "errno");
	return *name ? name : "ok";
}

const char *answer_code(const json_t *walk)
{
	return string_of(json_object_get(walk, "verdict"), "code");
}

static const char *const fields[] = {"kind",   "needs", "command", "arguments", "then",
				     "change", "keep",  "wait",    "spelled",   "verified"};
enum { FIELDS = sizeof fields / sizeof *fields };

// Where in the text the next FIELD= begins; NULL if there is none.
static const char *next_field(const char *text)
{
	for (; text; text = strchr(text, ' ') ? strchr(text, ' ') + 1 : NULL)
		for (size_t i = 0; i < FIELDS; i++)
			if (strncmp(text, fields[i], strlen(fields[i])) == 0 && text[strlen(fields[i])] == '=')
				return text;
	return NULL;
}

// Has any of these strings the pattern?
static bool any_matches(const json_t *list, const char *pattern)
{
	size_t i;
	json_t *item;
	json_array_foreach(list, i, item)
	{
		if (json_is_string(item) && matches(pattern, json_string_value(item)))
			return true;
	}
	return false;
}

static bool spelled(const json_t *remedy, char *pattern)
{
	char *colon = strchr(pattern, ':');
	if (!colon)
		return false;
	*colon = 0;
	bool yes = matches(colon + 1, string_of(json_object_get(remedy, "spelled"), pattern));
	*colon = ':';
	return yes;
}

static bool field_matches(const json_t *remedy, const char *name, char *pattern)
{
	if (strcmp(name, "command") == 0)
		return any_matches(json_object_get(remedy, "commands"), pattern);
	if (strcmp(name, "then") == 0) {
		const json_t *then = json_object_get(remedy, "then");
		return matches(pattern, json_is_object(then) ? string_of(then, "errno") : "null");
	}
	if (strcmp(name, "wait") == 0)
		return matches(pattern, as_text(json_object_get(remedy, "wait_ms")));
	if (strcmp(name, "spelled") == 0)
		return spelled(remedy, pattern);
	return matches(pattern, as_text(json_object_get(remedy, name)));
}

static bool remedy_matches(const json_t *remedy, const char *rest)
{
	const char *end;
	for (const char *at = next_field(rest); at; at = end) {
		char name[16], pattern[256];
		size_t n = strcspn(at, "=");
		const char *value = at + n + 1, *space = strchr(value, ' ');
		end = space ? next_field(space + 1) : NULL;
		snprintf(name, sizeof name, "%.*s", (int)n, at);
		snprintf(pattern, sizeof pattern, "%.*s", (int)(end ? end - value - 1 : (long)strlen(value)), value);
		if (!field_matches(remedy, name, pattern))
			return false;
	}
	return true;
}

static bool remedies_as_expected(const json_t *walk, const struct expectation *e)
{
	const json_t *remedies = json_object_get(walk, "remedies");
	size_t i, found = 0;
	json_t *remedy;
	if (strcmp(e->rest, "none") == 0)
		return json_array_size(remedies) == 0;
	if (strcmp(e->word, "first") == 0)
		return json_array_size(remedies) > 0 && remedy_matches(json_array_get(remedies, 0), e->rest);
	json_array_foreach(remedies, i, remedy)
	{
		found += remedy_matches(remedy, e->rest);
	}
	return (found > 0) == (strcmp(e->word, "remedy") == 0);
}

static bool input_as_expected(const json_t *walk, const char *name, const char *pattern)
{
	size_t i;
	json_t *step;
	json_array_foreach(json_object_get(walk, "steps"), i, step)
	{
		const json_t *input = json_object_get(json_object_get(step, "inputs"), name);
		if (input && matches(pattern, as_text(input)))
			return true;
	}
	return false;
}

static bool next_as_expected(const json_t *walk, const char *call, const char *name)
{
	size_t i;
	json_t *next;
	json_array_foreach(json_object_get(walk, "next"), i, next)
	{
		const char *got = string_of(next, "errno");
		if (strcmp(string_of(next, "call"), call) == 0 && matches(name, *got ? got : "ok"))
			return true;
	}
	return false;
}

// What the answer has where the expectation is not met, for the message.
static const json_t *part_of(const json_t *walk, const char *word)
{
	static const struct {
		const char *word, *part;
	} parts[] = {{"holder", "holder"},   {"caller", "caller"},  {"condition", "condition"},
		     {"unknown", "unknown"}, {"next", "next"},      {"certain", "predicted"},
		     {"remedy", "remedies"}, {"first", "remedies"}, {"never", "remedies"}};
	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
		if (strcmp(word, parts[i].word) == 0)
			return json_object_get(walk, parts[i].part);
	return json_object_get(walk, "verdict");
}

static bool is_met(const json_t *walk, const struct expectation *e, FILE *wrong)
{
	const json_t *verdict = json_object_get(walk, "verdict"), *condition = json_object_get(walk, "condition");
	char first[64], *second = e->rest + strcspn(e->rest, " ");
	snprintf(first, sizeof first, "%.*s", (int)(second - e->rest), e->rest);
	second += strspn(second, " ");
	if (strcmp(e->word, "errno") == 0)
		return matches(e->rest, answer_errno(walk));
	if (strcmp(e->word, "code") == 0 || strcmp(e->word, "class") == 0 || strcmp(e->word, "object") == 0)
		return matches(e->rest, as_text(json_object_get(verdict, e->word)));
	if (strcmp(e->word, "certain") == 0)
		return (strcmp(e->rest, "yes") == 0) ==
		       json_is_true(json_object_get(json_object_get(walk, "predicted"), "certain"));
	if (strcmp(e->word, "holder") == 0 || strcmp(e->word, "caller") == 0)
		return matches(second, as_text(json_object_get(json_object_get(walk, e->word), first)));
	if (strcmp(e->word, "condition") == 0)
		return strcmp(first, string_of(condition, "fails")) == 0 &&
		       (!*second || strcmp(second, string_of(condition, "side")) == 0);
	if (strcmp(e->word, "unknown") == 0)
		return any_matches(json_object_get(walk, "unknown"), e->rest);
	if (strcmp(e->word, "next") == 0)
		return next_as_expected(walk, first, second);
	if (strcmp(e->word, "input") == 0)
		return input_as_expected(walk, first, second);
	if (strcmp(e->word, "remedy") == 0 || strcmp(e->word, "first") == 0 || strcmp(e->word, "never") == 0)
		return remedies_as_expected(walk, e);
	fprintf(wrong, "line %d: '%s' is no expectation\n", e->line, e->word);
	return false;
}

static const json_t *walk_of(const json_t *walks, const char *address)
{
	size_t i;
	json_t *walk;
	json_array_foreach(walks, i, walk)
	{
		if (matches(address, string_of(json_object_get(walk, "attempt"), "address")))
			return walk;
	}
	return NULL;
}

bool answer_as_expected(json_t *walks, const struct case_attempt *a, FILE *wrong)
{
	const json_t *walk = json_array_get(walks, 0);
	bool good = true;
	for (const struct expectation *e = a->expect; e < a->expect + a->n; e++) {
		bool chosen = strcmp(e->word, "walk") == 0;
		if (chosen)
			walk = walk_of(walks, e->rest);
		if (walk && (chosen || is_met(walk, e, wrong)))
			continue;
		char *got = json_dumps(walk ? part_of(walk, e->word) : NULL, JSON_ENCODE_ANY | JSON_COMPACT);
		fprintf(wrong, "line %d: expected %s %s; errno %s, got %s\n", e->line, e->word, e->rest,
			walk ? answer_errno(walk) : "none", got ? got : "nothing");
		free(got);
		good = false;
	}
	return good;
}

static bool prints(const char *output, const char *pattern)
{
	char line[1024];
	for (size_t n; *output; output += n + (output[n] == '\n')) {
		n = strcspn(output, "\n");
		snprintf(line, sizeof line, "%.*s", (int)n, output);
		if (matches(pattern, line))
			return true;
	}
	return false;
}

bool output_as_expected(const char *output, int status, const struct case_attempt *a, FILE *wrong)
{
	bool good = true;
	for (const struct expectation *e = a->expect; e < a->expect + a->n; e++) {
		bool met = strcmp(e->word, "status") == 0   ? status == atoi(e->rest)
			   : strcmp(e->word, "prints") == 0 ? prints(output, e->rest)
							    : false;
		if (!met)
			fprintf(wrong, "line %d: expected %s %s; status %d, got:\n%s", e->line, e->word, e->rest,
				status, output);
		good = good && met;
	}
	return good;
}

bool answer_holds(const json_t *walk, FILE *wrong)
{
	const json_t *remedies = json_object_get(walk, "remedies");
	bool good = true, refused = strcmp(answer_errno(walk), "ok") != 0;
	int last = 0;
	size_t i;
	json_t *remedy;
	if (json_is_false(json_object_get(walk, "agree")) || strcmp(answer_code(walk), "DISAGREEMENT") == 0) {
		fprintf(wrong, "model and kernel disagree\n");
		good = false;
	}
	if (!refused && json_array_size(remedies)) {
		fprintf(wrong, "remedies for what succeeds\n");
		good = false;
	}
	json_array_foreach(remedies, i, remedy)
	{
		// What needs nothing comes first; of either what leaves an obstacle comes last. What mends the cause
		// itself may come before all.
		int rank = 2 * (strcmp(string_of(remedy, "needs"), "nothing") != 0) +
			   json_is_object(json_object_get(remedy, "then"));
		if (rank < last) {
			fprintf(wrong, "remedy %zu comes too late: %s\n", i + 1, string_of(remedy, "change"));
			good = false;
		}
		last = i ? rank : 0;
	}
	return good;
}
