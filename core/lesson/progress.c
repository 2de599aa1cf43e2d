// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/lesson/progress.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const kinds[PROGRESS_KINDS] = {
	[PROGRESS_BEGIN] = "begin", [PROGRESS_STEP] = "step",         [PROGRESS_ANSWER] = "answer",
	[PROGRESS_HINT] = "hint",   [PROGRESS_SOLUTION] = "solution", [PROGRESS_CHECK] = "check",
	[PROGRESS_DONE] = "done",
};

static bool in_name(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_' ||
	       c == '-';
}

// Bytes beyond ASCII are made visible where they are shown.
static bool in_word(char c)
{
	return (unsigned char)c > ' ' && c != 0x7f;
}

static void copy_word(const char *word, bool (*in)(char c), char *out, size_t size)
{
	size_t n = 0;
	for (; word[n] && n + 1 < size; n++)
		out[n] = in(word[n]) ? word[n] : '_';
	out[n] = '\0';
}

char *progress_name(const char *name, char out[static PROGRESS_NAME])
{
	copy_word(*name ? name : "_", in_name, out, PROGRESS_NAME);
	return out;
}

size_t progress_format(const struct progress_event *e, char out[static PROGRESS_LINE])
{
	char name[PROGRESS_NAME], word[PROGRESS_WORD];
	int n = snprintf(out, PROGRESS_LINE, "%.20s %s %s", e->when, progress_name(e->lesson, name), kinds[e->kind]);
	const struct {
		const char *name;
		unsigned value;
	} numbers[] = {{"step", e->step}, {"question", e->question}, {"degree", e->degree}};
	const struct {
		const char *name, *word;
	} words[] = {{"said", e->said},
		     {"was", e->was},
		     {"judged", e->kind != PROGRESS_ANSWER && e->kind != PROGRESS_CHECK ? ""
				: e->right                                              ? "right"
											: "wrong"}};
	for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
		if (numbers[i].value)
			n += snprintf(out + n, PROGRESS_LINE - (size_t)n, " %s=%u", numbers[i].name, numbers[i].value);
	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		copy_word(words[i].word, in_word, word, sizeof word);
		if (word[0])
			n += snprintf(out + n, PROGRESS_LINE - (size_t)n, " %s=%s", words[i].name, word);
	}
	return (size_t)n + (size_t)snprintf(out + n, PROGRESS_LINE - (size_t)n, "\n");
}

static bool is_date(const char *s)
{
	static const char form[] = "dddd-dd-ddTdd:dd:ddZ";
	for (size_t i = 0; i < sizeof form; i++)
		if (form[i] == 'd' ? s[i] < '0' || s[i] > '9' : s[i] != form[i])
			return false;
	return true;
}

static bool is_name(const char *s)
{
	size_t n = 0;
	while (in_name(s[n]))
		n++;
	return n > 0 && s[n] == '\0' && n < PROGRESS_NAME;
}

static int find_kind(const char *word)
{
	for (int k = 0; k < PROGRESS_KINDS; k++)
		if (strcmp(kinds[k], word) == 0)
			return k;
	return -1;
}

// 1 to `most`. False for anything else.
static bool take_number(const char *value, unsigned most, unsigned *out)
{
	unsigned n = 0;
	for (; *value >= '0' && *value <= '9' && n <= most; value++)
		n = n * 10 + (unsigned)(*value - '0');
	*out = n;
	return *value == '\0' && n > 0 && n <= most;
}

// A word NAME=VALUE. False where it is known and has no value that it can have.
static bool take_word(char *word, struct progress_event *e, bool *judged)
{
	char *value = strchr(word, '=');
	if (!value)
		return true;
	*value++ = '\0';
	if (strcmp(word, "step") == 0)
		return take_number(value, PROGRESS_STEPS, &e->step);
	if (strcmp(word, "question") == 0)
		return take_number(value, PROGRESS_STEPS, &e->question);
	if (strcmp(word, "degree") == 0)
		return take_number(value, PROGRESS_STEPS, &e->degree);
	if (strcmp(word, "said") == 0)
		copy_word(value, in_word, e->said, sizeof e->said);
	if (strcmp(word, "was") == 0)
		copy_word(value, in_word, e->was, sizeof e->was);
	if (strcmp(word, "judged") == 0) {
		*judged = e->right = strcmp(value, "right") == 0;
		*judged |= strcmp(value, "wrong") == 0;
		return *judged;
	}
	return true;
}

// Has it what an event of its kind needs?
static bool is_whole(const struct progress_event *e, bool judged)
{
	switch (e->kind) {
	case PROGRESS_ANSWER:
		return e->step && e->question && judged;
	case PROGRESS_CHECK:
		return e->step && judged;
	case PROGRESS_STEP:
	case PROGRESS_HINT:
	case PROGRESS_SOLUTION:
		return e->step;
	default:
		return true;
	}
}

// The next word of a line, NULL after the last.
static char *next_word(char **rest)
{
	char *word = strsep(rest, " ");
	while (word && !*word)
		word = strsep(rest, " ");
	return word;
}

bool progress_parse(const char *line, size_t len, struct progress_event *out)
{
	char copy[PROGRESS_LINE], *rest = copy;
	*out = (struct progress_event){0};
	if (len >= sizeof copy)
		return false;
	for (size_t i = 0; i < len; i++)
		if (line[i] != ' ' && !in_word(line[i]))
			return false;
	memcpy(copy, line, len);
	copy[len] = '\0';
	const char *when = next_word(&rest), *lesson = next_word(&rest), *event = next_word(&rest);
	int kind = event ? find_kind(event) : -1;
	if (kind < 0 || !is_date(when) || !is_name(lesson))
		return false;
	out->kind = (enum progress_kind)kind;
	memcpy(out->when, when, sizeof out->when);
	copy_word(lesson, in_name, out->lesson, sizeof out->lesson);
	bool judged = false;
	for (char *word; (word = next_word(&rest));)
		if (!take_word(word, out, &judged))
			return false;
	return is_whole(out, judged);
}

// A place for one more in an array that doubles; NULL when memory fails.
static void *grow(void *array, unsigned n, size_t size)
{
	bool full = n == 0 || (n >= 8 && (n & (n - 1)) == 0);
	return !full ? array : reallocarray(array, n < 8 ? 8 : 2 * (size_t)n, size);
}

static int find_lesson(const struct progress *p, const char *name)
{
	for (unsigned i = 0; i < p->nlessons; i++)
		if (strcmp(p->lessons[i].name, name) == 0)
			return (int)i;
	return -1;
}

static int find_question(const struct progress *p, unsigned lesson, unsigned step, unsigned question)
{
	for (unsigned i = 0; i < p->nquestions; i++) {
		const struct progress_question *q = &p->questions[i];
		if (q->lesson == lesson && q->step == step && q->question == question)
			return (int)i;
	}
	return -1;
}

static int add_lesson(struct progress *p, const char *name)
{
	struct progress_lesson *more = grow(p->lessons, p->nlessons, sizeof *more);
	if (!more)
		return -ENOMEM;
	p->lessons = more;
	more[p->nlessons] = (struct progress_lesson){0};
	copy_word(name, in_name, more[p->nlessons].name, sizeof more->name);
	return (int)p->nlessons++;
}

static int add_question(struct progress *p, unsigned lesson, const struct progress_event *e)
{
	struct progress_question *more = grow(p->questions, p->nquestions, sizeof *more);
	if (!more)
		return -ENOMEM;
	p->questions = more;
	more[p->nquestions] = (struct progress_question){.lesson = lesson, .step = e->step, .question = e->question};
	return (int)p->nquestions++;
}

// 0; -E2BIG for a question more than a file may speak of; -ENOMEM.
static int count_answer(struct progress *p, unsigned lesson, const struct progress_event *e)
{
	int i = find_question(p, lesson, e->step, e->question);
	if (i < 0 && p->nquestions == PROGRESS_QUESTIONS)
		return -E2BIG;
	if (i < 0 && (i = add_question(p, lesson, e)) < 0)
		return i;
	struct progress_question *q = &p->questions[i];
	q->answers++;
	q->wrong += !e->right;
	q->right = e->right;
	memcpy(q->when, e->when, sizeof q->when);
	memcpy(q->said, e->said, sizeof q->said);
	memcpy(q->was, e->was, sizeof q->was);
	p->lessons[lesson].answers++;
	p->lessons[lesson].right += e->right;
	return 0;
}

// Likewise.
static int count(struct progress *p, const struct progress_event *e)
{
	int i = find_lesson(p, e->lesson), rc = 0;
	if (i < 0 && p->nlessons == PROGRESS_LESSONS)
		return -E2BIG;
	if (i < 0 && (i = add_lesson(p, e->lesson)) < 0)
		return i;
	struct progress_lesson *l = &p->lessons[i];
	switch (e->kind) {
	case PROGRESS_BEGIN:
		l->at = e->step ? e->step - 1 : 0;
		break;
	case PROGRESS_STEP:
		l->steps |= UINT64_C(1) << (e->step - 1);
		l->at = e->step;
		break;
	case PROGRESS_ANSWER:
		rc = count_answer(p, (unsigned)i, e);
		break;
	case PROGRESS_HINT:
		l->hints++;
		break;
	case PROGRESS_SOLUTION:
		l->solutions++;
		break;
	case PROGRESS_DONE:
		l->done++;
		l->at = 0;
		break;
	default:
		break;
	}
	memcpy(l->last, e->when, sizeof l->last);
	return rc;
}

int progress_fold(struct progress *p, const char *text, size_t len)
{
	struct progress_event e;
	for (const char *end; (end = memchr(text, '\n', len)); len -= (size_t)(end + 1 - text), text = end + 1) {
		size_t n = (size_t)(end - text);
		if (n && text[n - 1] == '\r') // a file that was mailed may have lines that end in CR LF
			n--;
		if (n == 0) // after a line that was torn
			continue;
		int rc = progress_parse(text, n, &e) ? count(p, &e) : -EINVAL;
		if (rc == -ENOMEM)
			return rc;
		p->events += rc == 0;
		p->skipped += rc < 0;
	}
	p->skipped += len > 0;
	return 0;
}

void progress_free(struct progress *p)
{
	free(p->lessons);
	free(p->questions);
	*p = (struct progress){0};
}

const struct progress_lesson *progress_lesson(const struct progress *p, const char *name)
{
	char word[PROGRESS_NAME];
	int i = find_lesson(p, progress_name(name, word));
	return i < 0 ? NULL : &p->lessons[i];
}

const struct progress_question *progress_question(const struct progress *p, const char *name, unsigned step,
						  unsigned question)
{
	char word[PROGRESS_NAME];
	int i = find_lesson(p, progress_name(name, word));
	int q = i < 0 ? -1 : find_question(p, (unsigned)i, step, question);
	return q < 0 ? NULL : &p->questions[q];
}

unsigned progress_steps(const struct progress_lesson *l, unsigned nsteps)
{
	unsigned n = 0;
	for (unsigned i = 0; i < nsteps && i < PROGRESS_STEPS; i++)
		n += (unsigned)(l->steps >> i & 1);
	return n;
}
