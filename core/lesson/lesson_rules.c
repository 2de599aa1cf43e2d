// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/lesson/lesson_rules.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/command/command_parse.h"
#include "core/command/help_topic.h"
#include "core/lesson/prose.h"

enum { COMPLAINTS = 256, COMPLAINT = 240 };

struct complaint {
	unsigned line;
	size_t column;
	char text[COMPLAINT];
};

struct checking {
	const struct lesson *lesson;
	const char *source;
	size_t len;
	struct lesson_size size;
	struct complaint *found;
	unsigned n;
};

const char *lesson_sort_name(enum lesson_sort s)
{
	static const char *const names[] = {
		[SORT_LESSON] = "lesson", [SORT_CHALLENGE] = "challenge", [SORT_STAGE] = "talk"};
	return names[s];
}

unsigned lesson_minutes(const struct lesson_size *s)
{
	return (s->seconds + 59) / 60;
}

// What the learner reads of an item: of a question not its choices. "" for nothing.
static const char *shown(const struct lesson_item *i, char buf[static ASK_TEXT])
{
	struct ask ask;
	if (i->kind == ITEM_SAY)
		return i->text;
	snprintf(buf, ASK_TEXT, "%s", lesson_read_ask(i, &ask) ? ask.text : "");
	return buf;
}

static unsigned words_of(const char *text)
{
	return prose_words(text, strlen(text));
}

static unsigned count_kind(const struct lesson *l, const struct lesson_step *s, enum item_kind kind)
{
	unsigned n = 0;
	for (unsigned i = s->first; i < s->first + s->n; i++)
		n += l->items[i].kind == kind;
	return n;
}

struct lesson_size lesson_size(const struct lesson *l, const char *name)
{
	struct lesson_size s = {.words = words_of(l->title) + words_of(l->goal) + words_of(l->done)};
	char buf[ASK_TEXT];
	const char *dot = strrchr(name, '.');
	for (unsigned i = 0; i < l->nitems; i++) {
		s.words += words_of(shown(&l->items[i], buf));
		s.commands += l->items[i].kind == ITEM_DO;
		s.questions += l->items[i].kind == ITEM_ASK;
	}
	for (unsigned i = 0; i < l->nsteps; i++) {
		s.words += words_of(l->steps[i].title);
		s.tasks += l->steps[i].is_task;
	}
	s.sort = dot && strcmp(dot, ".stage") == 0 ? SORT_STAGE : s.tasks && !s.commands ? SORT_CHALLENGE : SORT_LESSON;
	s.seconds = (s.words * 60 + RULE_SPEED - 1) / RULE_SPEED + s.commands * RULE_RUN + s.questions * RULE_ANSWER;
	return s;
}

__attribute__((format(printf, 4, 5))) static void complain(struct checking *c, unsigned line, size_t column,
							   const char *fmt, ...)
{
	va_list args;
	if (c->n == COMPLAINTS)
		return;
	struct complaint *x = &c->found[c->n++];
	x->line = line;
	x->column = column;
	va_start(args, fmt);
	vsnprintf(x->text, sizeof x->text, fmt, args);
	va_end(args);
}

// Line n of the source, from 1, without its end; NULL after the last.
static const char *source_line(const struct checking *c, unsigned n, size_t *len)
{
	const char *at = c->source, *end = c->source + c->len;
	for (unsigned i = 1; at < end; i++) {
		const char *stop = memchr(at, '\n', (size_t)(end - at));
		stop = stop ? stop : end;
		*len = (size_t)(stop - at);
		if (i == n)
			return at;
		at = stop < end ? stop + 1 : end;
	}
	return NULL;
}

// Where a line has this text; its beginning where it does not stand there as it is.
static size_t column_of(const struct checking *c, unsigned line, const char *text)
{
	size_t len;
	const char *source = source_line(c, line, &len);
	const char *at = source && *text ? memmem(source, len, text, strlen(text)) : NULL;
	return at ? (size_t)(at - source) : 0;
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

// The line that begins with this word; 0 for none.
static unsigned find_line(const struct checking *c, const char *word)
{
	size_t len, n = strlen(word);
	const char *at;
	for (unsigned line = 1; (at = source_line(c, line, &len)); line++) {
		size_t blanks = 0;
		while (blanks < len && is_blank(at[blanks]))
			blanks++;
		if (blanks + n < len && memcmp(at + blanks, word, n) == 0 && is_blank(at[blanks + n]))
			return line;
	}
	return 0;
}

// The same; what is about the file as a whole, or stands behind another word, is told at its first command.
static unsigned line_of(const struct checking *c, const char *word)
{
	unsigned line = find_line(c, word);
	line = line ? line : find_line(c, "lesson");
	return line ? line : 1;
}

static void check_sentences(struct checking *c, unsigned line, const char *text)
{
	struct sentence s = {0};
	while (prose_sentence(text, &s))
		if (s.words > RULE_SENTENCE_WORDS)
			complain(c, line, column_of(c, line, text) + s.at,
				 "this sentence has %u words; at most %d can be followed", s.words,
				 RULE_SENTENCE_WORDS);
}

static unsigned count_sentences(const char *text)
{
	struct sentence s = {0};
	unsigned n = 0;
	while (prose_sentence(text, &s))
		n++;
	return n;
}

static bool is_bind(const char *line, bool outright)
{
	struct command_call call;
	char why[COMMAND_ERROR];
	size_t column;
	if (command_parse(line, &call, why, sizeof why, &column) < 0)
		return false;
	return call.id == CMD_BIND || (!outright && call.id == CMD_CHECK && strncmp(call.arg, "bind", 4) == 0);
}

// Does anything from this item on really bind?
static bool binds_after(const struct lesson *l, unsigned item)
{
	for (unsigned i = item + 1; i < l->nitems; i++) {
		enum item_kind k = l->items[i].kind;
		if ((k == ITEM_DO || k == ITEM_SOLUTION || k == ITEM_SETUP) && is_bind(l->items[i].text, true))
			return true;
		if (k == ITEM_CHECK && is_bind(l->items[i].text, false))
			return true;
	}
	return false;
}

static void check_question(struct checking *c, unsigned item)
{
	const struct lesson_item *i = &c->lesson->items[item];
	struct ask ask;
	if (!lesson_read_ask(i, &ask))
		return; // refused when it was read
	if ((ask.judge == ASK_KERNEL || ask.judge == ASK_STEP) && !binds_after(c->lesson, item))
		complain(c, i->line, column_of(c, i->line, i->text),
			 "no bind comes after this question, so nothing judges it; let a step do one");
}

// A second one of its kind in a step.
static void check_single(struct checking *c, const struct lesson_step *s, enum item_kind kind, const char *what)
{
	unsigned n = 0;
	for (unsigned i = s->first; i < s->first + s->n; i++) {
		const struct lesson_item *item = &c->lesson->items[i];
		if (item->kind == kind && ++n > 1)
			complain(c, item->line, column_of(c, item->line, item->text),
				 "a step has at most one %s; begin another step", what);
	}
}

static void check_task(struct checking *c, const struct lesson_step *s)
{
	const struct lesson *l = c->lesson;
	const char *third = lesson_hint(l, (unsigned)(s - l->steps), LESSON_HINTS - 1);
	unsigned hints = count_kind(l, s, ITEM_HINT), solutions = 0;
	bool told = false;
	for (unsigned i = s->first; i < s->first + s->n; i++)
		if (l->items[i].kind == ITEM_SOLUTION) {
			solutions++;
			told |= third && strstr(third, l->items[i].text);
		}
	if (!solutions)
		complain(c, s->line, 0, "this step asks for something and has no solution");
	if (c->size.sort != SORT_CHALLENGE)
		return;
	if (hints != LESSON_HINTS)
		complain(c, s->line, 0, "a challenge has %d hints; this one has %u", LESSON_HINTS, hints);
	else if (solutions && !told)
		complain(c, s->line, 0, "the third hint must say a command of the solution");
}

static void check_step(struct checking *c, const struct lesson_step *s)
{
	const struct lesson *l = c->lesson;
	char buf[ASK_TEXT];
	unsigned words = words_of(s->title);
	check_sentences(c, s->line, s->title);
	for (unsigned i = s->first; i < s->first + s->n; i++) {
		const struct lesson_item *item = &l->items[i];
		const char *text = shown(item, buf);
		words += words_of(text);
		if (item->kind == ITEM_HINT || item->kind == ITEM_NOTE)
			text = item->text;
		check_sentences(c, item->line, text);
		if (item->kind == ITEM_ASK)
			check_question(c, i);
	}
	if (words > RULE_STEP_WORDS)
		complain(c, s->line, 0, "this step has %u words to read; at most %d fit one idea", words,
			 RULE_STEP_WORDS);
	check_single(c, s, ITEM_DO, "command (do)");
	check_single(c, s, ITEM_ASK, "question (ask)");
	if (s->is_task)
		check_task(c, s);
}

static void check_time(struct checking *c)
{
	const struct lesson *l = c->lesson;
	const struct lesson_size *s = &c->size;
	unsigned line = line_of(c, "time"), minutes = lesson_minutes(s);
	if (s->sort == SORT_LESSON && s->seconds > RULE_SECONDS)
		complain(c, line_of(c, "lesson"), 0,
			 "the lesson takes %u:%02u by reading speed; at most %d minutes keep a learner",
			 s->seconds / 60, s->seconds % 60, RULE_SECONDS / 60);
	if (!l->minutes)
		complain(c, line_of(c, "lesson"), 0, "the file does not say how long it takes: time %u", minutes);
	else if (l->minutes < minutes)
		complain(c, line, 0, "it takes %u:%02u by reading speed, more than that: time %u", s->seconds / 60,
			 s->seconds % 60, minutes);
	else if (s->sort == SORT_LESSON && l->minutes > minutes + 1)
		complain(c, line, 0, "it takes only %u:%02u by reading speed: time %u", s->seconds / 60,
			 s->seconds % 60, minutes);
}

static void check_head(struct checking *c)
{
	const struct lesson *l = c->lesson;
	unsigned goal = line_of(c, "goal"), done = line_of(c, "done");
	check_sentences(c, line_of(c, "lesson"), l->title);
	check_sentences(c, goal, l->goal);
	check_sentences(c, done, l->done);
	if (!l->goal[0] && c->size.sort != SORT_STAGE)
		complain(c, line_of(c, "lesson"), 0, "the file does not say what it is for: goal TEXT");
	else if (count_sentences(l->goal) > 1)
		complain(c, goal, 0, "the goal is one sentence; this has %u", count_sentences(l->goal));
	if (!l->done[0] && c->size.sort == SORT_LESSON)
		complain(c, line_of(c, "lesson"), 0, "the lesson has no last words to remember: done TEXT");
	if (c->size.sort == SORT_LESSON && c->size.questions < RULE_QUESTIONS)
		complain(c, line_of(c, "lesson"), 0, "a lesson has at least %d questions (ask); this one has %u",
			 RULE_QUESTIONS, c->size.questions);
	if (c->size.sort != SORT_STAGE && l->nsteps > RULE_STEPS)
		complain(c, l->steps[RULE_STEPS].line, 0, "a %s has at most %d steps; this is one more",
			 lesson_sort_name(c->size.sort), RULE_STEPS);
}

static void check_reading(struct checking *c)
{
	char names[COMMAND_ARG], *rest = names;
	unsigned line = line_of(c, "read");
	snprintf(names, sizeof names, "%s", c->lesson->read);
	for (char *name; (name = strsep(&rest, " \t"));) {
		struct entry e = {0};
		if (*name && !entry_find(name, &e))
			complain(c, line, column_of(c, line, name), "help has no text on %.60s", name);
	}
}

static int by_place(const void *a, const void *b)
{
	const struct complaint *x = a, *y = b;
	if (x->line != y->line)
		return x->line < y->line ? -1 : 1;
	return x->column != y->column ? (x->column < y->column ? -1 : 1) : strcmp(x->text, y->text);
}

unsigned lesson_rules_check(const struct lesson *l, const char *name, const char *source, size_t len,
			    lesson_complaint *each, void *data)
{
	struct checking c = {.lesson = l, .source = source, .len = len, .size = lesson_size(l, name)};
	c.found = calloc(COMPLAINTS, sizeof *c.found);
	if (!c.found) {
		each(data, 1, 0, "not enough memory to check it");
		return 1;
	}
	check_head(&c);
	check_time(&c);
	check_reading(&c);
	for (unsigned i = 0; i < l->nsteps; i++)
		check_step(&c, &l->steps[i]);
	qsort(c.found, c.n, sizeof *c.found, by_place);
	for (unsigned i = 0; i < c.n; i++)
		each(data, c.found[i].line, c.found[i].column, c.found[i].text);
	free(c.found);
	return c.n;
}
