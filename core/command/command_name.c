// SPDX-License-Identifier: GPL-3.0-or-later
// The name at the beginning of a line: one word or two, in iproute2's short forms too.
#include "core/command/command_name.h"

#include <stdio.h>
#include <string.h>

#include "core/command/nearest.h"

// iproute2's short forms, as far as they are taken without its name: each by name.
static const struct {
	const char *alias, *word;
} objects[] = {{"a", "address"}, {"addr", "address"}, {"r", "route"}, {"ro", "route"},
	       {"ru", "rule"},   {"l", "link"},       {"li", "link"}, {"nh", "nexthop"}},
  verbs[] = {{"a", "add"}, {"delete", "del"}, {"d", "del"}, {"s", "set"}};

// The objects that `ip OBJECT show` can list, in iproute2's order, and what `show` calls them.
static const struct {
	const char *name, *shown;
} shown[] = {{"address", "interfaces"}, {"route", "routes"}, {"rule", "rules"}, {"link", "interfaces"}};

const char *parser_object(size_t n)
{
	return n < sizeof shown / sizeof shown[0] ? shown[n].name : NULL;
}

static const char *shown_as(const char *object)
{
	for (size_t i = 0; i < sizeof shown / sizeof shown[0]; i++)
		if (strcmp(shown[i].name, object) == 0)
			return shown[i].shown;
	return NULL;
}

bool parser_is_object(const char *word)
{
	return shown_as(word) != NULL;
}

static bool begins(const char *word, const char *name)
{
	return word[0] && strncmp(word, name, strlen(word)) == 0;
}

// After "ip" any beginning of a word is that word, and where two begin so, the one that iproute2 has first.
static const char *object_of(const struct parser *p, const char *word)
{
	const char *name;
	for (size_t i = 0; i < sizeof objects / sizeof objects[0]; i++)
		if (strcmp(objects[i].alias, word) == 0)
			return objects[i].word;
	bool neighbour = begins(word, "ne"); // is meant by these two
	for (size_t i = 0; p->ip && !neighbour && (name = parser_object(i)); i++)
		if (begins(word, name))
			return name;
	return p->ip && !neighbour && begins(word, "nexthop") ? "nexthop" : word;
}

static bool has_verb(const char *object, const char *verb)
{
	char name[2 * NAME_WORD];
	snprintf(name, sizeof name, "%.*s %s", NAME_WORD - 1, object, verb);
	return command_find(name) >= 0;
}

static const char *verb_of(const struct parser *p, const char *object, const char *word)
{
	static const char *const names[] = {"set", "add", "replace", "append", "delete"};
	for (size_t i = 0; p->ip && i < sizeof names / sizeof names[0]; i++) {
		const char *verb = strcmp(names[i], "delete") == 0 ? "del" : names[i];
		if (begins(word, names[i]) && has_verb(object, verb))
			return verb;
	}
	for (size_t i = 0; i < sizeof verbs / sizeof verbs[0]; i++)
		if (strcmp(verbs[i].alias, word) == 0 && has_verb(object, verbs[i].word))
			return verbs[i].word;
	return word;
}

static bool shows(const struct parser *p, const char *verb)
{
	static const char *const words[] = {"show", "sh", "list", "lst", "ls"};
	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
		if (strcmp(words[i], verb) == 0 || (p->ip && begins(verb, words[i])))
			return true;
	return false;
}

// Names that a line may begin with: those without a key of their own only, and of two words the first, once.
const char *parser_first_word(void *data, size_t n)
{
	char *buf = data; // NAME_WORD bytes
	if (n >= CMD_COUNT)
		return NULL;
	const struct command *c = command_info((enum command_id)n);
	size_t len = 0;
	while (c->name[len] && c->name[len] != ' ')
		len++;
	const char *before = n ? command_info((enum command_id)(n - 1))->name : "";
	bool again = strncmp(before, c->name, len) == 0 && (before[len] == ' ' || before[len] == '\0');
	if ((c->needs & NEED_KEY) || again || len >= NAME_WORD)
		return "";
	memcpy(buf, c->name, len);
	buf[len] = '\0';
	return buf;
}

const char *parser_second_word(void *data, size_t n)
{
	const char *first = data, *name;
	if (n >= CMD_COUNT)
		return NULL;
	for (name = command_info((enum command_id)n)->name; *first; first++, name++)
		if (*first != *name)
			return "";
	return *name == ' ' ? name + 1 : "";
}

static bool has_second(char *first)
{
	const char *word = "";
	for (size_t n = 0; word && !word[0]; n++)
		word = parser_second_word(first, n);
	return word != NULL;
}

static void list_verbs(const char *object, bool show, char *buf, size_t len)
{
	char name[NAME_WORD];
	const char *verb;
	size_t at = 0;
	snprintf(name, sizeof name, "%s", object);
	for (size_t n = 0; (verb = parser_second_word(name, n)) && at + 24 < len; n++)
		if (verb[0])
			at += (size_t)snprintf(buf + at, len - at, "%s%s", at ? ", " : "", verb);
	if (show)
		snprintf(buf + at, len - at, ", show");
}

static int unknown_name(struct parser *p, const struct word *w)
{
	char buf[NAME_WORD];
	const char *near = nearest_word(parser_text(p, w), parser_first_word, buf);
	if (near)
		return parser_wrong(p, w->start, "\"%.40s\" is not a command; did you mean %s? help lists them all",
				    parser_text(p, w), near);
	return parser_wrong(p, w->start, "\"%.40s\" is not a command; help lists them all, Tab completes them",
			    parser_text(p, w));
}

static int unknown_verb(struct parser *p, const struct word *w, const char *object)
{
	char verbs_text[96] = "", name[NAME_WORD];
	list_verbs(object, parser_is_object(object), verbs_text, sizeof verbs_text);
	snprintf(name, sizeof name, "%s", object);
	if (w->start == w->end)
		return parser_wrong(p, w->start, "%s needs one more word. Expected: %s", object, verbs_text);
	const char *near = nearest_word(parser_text(p, w), parser_second_word, name);
	if (near)
		return parser_wrong(p, w->start, "%s does not know \"%.40s\"; did you mean %s? Expected: %s", object,
				    parser_text(p, w), near, verbs_text);
	return parser_wrong(p, w->start, "%s does not know \"%.40s\". Expected: %s", object, parser_text(p, w),
			    verbs_text);
}

// "ip route show ..." is `show routes ...`.
static int show_objects(struct parser *p, const char *object, size_t column)
{
	p->call->id = CMD_SHOW;
	p->call->at[0] = (uint16_t)p->used;
	p->call->column[0] = (uint16_t)column;
	int ret = 0;
	for (const char *c = shown_as(object); *c && ret == 0; c++)
		ret = parser_put(p, *c, column);
	return ret ? ret : parser_put(p, '\0', column);
}

// The name of the command: one word or two.
int parser_name(struct parser *p, const struct word *first)
{
	char two[2 * NAME_WORD];
	struct word second;
	const char *head = first->quoted ? "" : object_of(p, parser_text(p, first));
	int more = parser_peek(p, &second), id;
	if (more < 0)
		second.start = second.end;
	const char *tail = more > 0 && !second.quoted ? verb_of(p, head, parser_text(p, &second)) : "";
	bool object = parser_is_object(head);
	if (object && (shows(p, tail) || (p->ip && more == 0))) {
		if (more > 0)
			parser_next(p, &second);
		return show_objects(p, head, first->start);
	}
	snprintf(two, sizeof two, "%.*s", NAME_WORD - 1, head);
	if (has_second(two))
		snprintf(p->object, sizeof p->object, "%.*s", NAME_WORD - 1, head);
	snprintf(two, sizeof two, "%.*s %.*s", NAME_WORD - 1, head, NAME_WORD - 1, tail);
	id = *tail ? command_find(two) : -1;
	if (id >= 0)
		parser_next(p, &second);
	else if (!(object && p->ip))
		id = first->quoted ? -1 : command_find(parser_text(p, first));
	if (id >= 0 && !(command_info((enum command_id)id)->needs & NEED_KEY)) {
		p->call->id = (enum command_id)id;
		return 0;
	}
	return p->object[0] && id < 0 ? unknown_verb(p, &second, p->object) : unknown_name(p, first);
}
