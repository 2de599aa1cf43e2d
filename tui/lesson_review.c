// SPDX-License-Identifier: GPL-3.0-or-later
#include "tui/lesson_review.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/command/command_parse.h"
#include "core/command/script_read.h"
#include "core/lesson/lesson_event.h"
#include "core/lesson/lesson_list.h"
#include "core/lesson/lesson_open.h"
#include "core/lesson/progress_file.h"
#include "core/lesson/review.h"
#include "core/model/addr.h"
#include "core/model/bind_path.h"
#include "core/text/json_memory.h"
#include "core/text/json_text.h"
#include "core/text/report.h"
#include "tui/complain.h"
#include "tui/lesson_ask.h"
#include "tui/lesson_print.h"
#include "tui/output.h"

enum { REMINDED = 4 }; // commands of the lesson that are shown before a question

struct asking {
	bool json;
	struct report_style style;
	struct script answers; // standard input
	bool ended;            // it has no more
	unsigned asked, answered, right;
	// The question that is asked now.
	const struct review_question *at;
	struct lesson lesson;
	struct lesson_place place;
	bool judged;
	bool unwritten; // progress can't be kept, and that was said
};

static void print_line(const struct asking *a, enum role role, const char *mark, const char *text)
{
	struct row r;
	row_clear(&r);
	r.hanging = 2;
	row_add(&r, ROLE_KEY, "%s", mark);
	row_add(&r, role, "%s", text);
	report_print(&r, a->style, stdout);
}

// What only looks at the walk leaves nothing behind.
static bool matters(const struct lesson_item *i)
{
	struct command_call call;
	char why[COMMAND_ERROR];
	return command_parse(i->text, &call, why, sizeof why, NULL) == 0 && command_info(call.id)->group != GROUP_WALK;
}

// What the lesson did before, so that the learner knows where they are.
static void remind(const struct asking *a)
{
	const struct lesson_item *i, *last[REMINDED] = {NULL};
	unsigned at = 0, n = 0;
	while ((i = lesson_before(&a->lesson, a->at->step, &at)))
		if (matters(i))
			last[n++ % REMINDED] = i;
	for (unsigned k = n > REMINDED ? n - REMINDED : 0; k < n; k++)
		print_line(a, ROLE_DIM, "$ ", last[k % REMINDED]->text);
}

static void begin(struct asking *a, unsigned step)
{
	char text[COMMAND_ARG * 2 + 64];
	if (step != a->at->step || a->json)
		return;
	snprintf(text, sizeof text, "%u. %s: %s", a->asked + 1, a->lesson.title, a->lesson.steps[step].title);
	if (!a->asked)
		output_line("Your answers are judged by real binds, each in a lab of its own.");
	output_line("%s", "");
	print_line(a, ROLE_TITLE, "", text);
	remind(a);
}

static void show(void *data, const struct lesson_item *i)
{
	struct asking *a = data;
	if (a->json || a->judged)
		return;
	if (i->kind == ITEM_SAY)
		print_line(a, ROLE_PLAIN, "", i->text);
	else if ((i->kind == ITEM_DO || i->kind == ITEM_SETUP) && matters(i))
		print_line(a, ROLE_VALUE, "$ ", i->text);
}

// The steps of the walk that the bind will have, in their order: what a question about a step is answered with.
static unsigned name_steps(const struct asking *a, const char *names[static WALK_STEPS])
{
	const struct attempt *attempt = &a->place.session.attempt;
	const struct path_step *p = bind_path_of(attempt)->steps;
	unsigned n = 0;
	names[n++] = step_info(STEP_SOCKET)->name;
	for (unsigned i = 0; i < attempt->nsettings && n < WALK_STEPS; i++)
		names[n++] = step_info(STEP_SETSOCKOPT)->name;
	do
		names[n++] = step_info(p->step)->name;
	while (p++->step != STEP_RESULT && n < WALK_STEPS);
	return n;
}

// The words that a question can be answered with. How many.
static unsigned words_of(const struct asking *a, const struct ask *ask, const char *words[static WALK_STEPS])
{
	if (ask->judge == ASK_STEP)
		return name_steps(a, words);
	for (unsigned i = 0; i < ask->nchoices; i++)
		words[i] = ask->choice[i];
	return ask->nchoices;
}

// One of them, its number, or the letter that the explorer takes for it. -1 for none.
static int find_choice(const struct ask *ask, const char *const *words, unsigned n, const char *text)
{
	int letter = strcmp(text, "y") == 0 ? 1 : strcmp(text, "n") == 0 ? -1 : 0;
	unsigned long number;
	for (unsigned i = 0; i < n; i++)
		if (strcmp(words[i], text) == 0)
			return (int)i;
	for (unsigned i = 0; letter && lesson_takes_letters(ask) && i < n; i++)
		if (lesson_means(ask, i) == letter)
			return (int)i;
	return number_parse(text, n, &number) == 0 && number > 0 ? (int)number - 1 : -1;
}

// The next line of standard input, without blanks around it; NULL at its end.
static char *next_answer(struct asking *a)
{
	if (a->ended || !script_next(&a->answers)) {
		a->ended = true;
		return NULL;
	}
	char *text = a->answers.now + strspn(a->answers.now, " \t");
	size_t len = strlen(text);
	while (len && (text[len - 1] == ' ' || text[len - 1] == '\t'))
		text[--len] = '\0';
	return text;
}

static void print_steps(const struct asking *a, const char *const *words, unsigned n)
{
	char text[ROW_TEXT];
	size_t used = 0;
	for (unsigned i = 0; i < n && used < sizeof text; i++)
		used += (size_t)snprintf(text + used, sizeof text - used, "%s%u %s", i ? ", " : "", i + 1, words[i]);
	print_line(a, ROLE_DIM, "  ", text);
}

static void print_question(const struct asking *a, const struct lesson_item *i, const struct ask *ask,
			   const char *const *words, unsigned n)
{
	char name[PROGRESS_NAME];
	if (!a->json) {
		lesson_print_question(a->style, ask);
		if (ask->judge == ASK_STEP)
			print_steps(a, words, n);
		return;
	}
	static const char *const whys[] = {[REVIEW_WRONG] = "wrong", [REVIEW_RIGHT] = "right", [REVIEW_NEW] = "new"};
	json_memory_watch();
	json_t *o = lesson_json_item("ask", i);
	json_object_set_new(o, "lesson", json_text(lesson_short_name(a->lesson.name, name)));
	json_object_set_new(o, "step", json_integer(a->at->step + 1));
	json_object_set_new(o, "before", json_text(whys[a->at->why]));
	lesson_json_choices(o, ask);
	json_t *choices = json_array();
	for (unsigned k = 0; k < n; k++)
		json_array_append_new(choices, json_text(words[k]));
	json_object_set_new(o, "choices", choices);
	lesson_print_json(o);
}

static int take_answer(void *data, const struct lesson_item *i, const struct ask *ask)
{
	struct asking *a = data;
	const char *words[WALK_STEPS];
	int choice = -1;
	if ((unsigned)(i - a->lesson.items) != a->at->item)
		return -1;
	unsigned n = words_of(a, ask, words);
	print_question(a, i, ask, words, n);
	for (char *text; choice < 0;) {
		if (!a->json && output_terminal())
			output_ask("> ");
		else
			fflush(stdout); // who answers through a pipe waits for the question
		if (!(text = next_answer(a)))
			break;
		choice = find_choice(ask, words, n, text);
		if (choice < 0)
			complain("'%.40s' is not one of the choices; expected one of them, or a number from 1 to %u",
				 text, n);
	}
	a->asked++;
	a->answered += choice >= 0;
	return choice;
}

static void keep(struct asking *a, const struct prediction *p)
{
	char err[PROGRESS_ERROR];
	const struct progress_event e = lesson_event_answer(&a->lesson, p);
	if (p->judgement == JUDGED_NEVER || progress_append(&e, err, sizeof err) == 0 || a->unwritten)
		return;
	complain("%s", err);
	a->unwritten = true;
}

// A wrong prediction stands beside the step that decided.
static void print_deciding(const struct asking *a)
{
	const struct facts f = inquiry_facts(&a->place.session.now);
	const struct walk *w = &a->place.session.now.walk;
	struct row r;
	row_clear(&r);
	row_add(&r, ROLE_PLAIN, "  ");
	report_step(&f, w, w->decisive, &r);
	report_print(&r, a->style, stdout);
}

static void take_judgement(void *data, const struct prediction *p, bool answered)
{
	struct asking *a = data;
	if (p->item != a->at->item)
		return;
	a->judged = true;
	if (!answered)
		return;
	a->right += p->judgement == JUDGED_RIGHT;
	keep(a, p);
	if (!a->json) {
		lesson_print_judged(a->style, p, true);
		if (p->judgement == JUDGED_WRONG)
			print_deciding(a);
		return;
	}
	json_memory_watch();
	json_t *o = json_object();
	json_object_set_new(o, "kind", json_text("answer"));
	lesson_json_judged(o, p, true);
	lesson_print_json(o);
}

static void begin_step(void *data, const struct lesson_state *state)
{
	begin(data, state->step);
}

static bool goes_on(void *data)
{
	const struct asking *a = data;
	return !a->judged && !a->ended && !ferror(stdout);
}

// One question. EXIT_OK, or why none more can be asked.
static enum exit_status ask_one(struct asking *a, const struct review_question *q)
{
	const struct lesson_watcher watcher = {.step = begin_step,
					       .item = show,
					       .answer = take_answer,
					       .judged = take_judgement,
					       .goes_on = goes_on,
					       .data = a};
	struct lesson_stop stop = {0};
	struct lesson_error error;
	a->at = q;
	a->judged = false;
	enum exit_status how = EXIT_WRONG;
	if (lesson_open(&a->lesson, q->name, &error) < 0)
		complain("%s", error.text);
	else
		how = lesson_jump(&a->place, &a->lesson, q->step, &stop);
	if (how == EXIT_OK)
		how = lesson_play(&a->place.session, &a->lesson, q->step, a->lesson.nsteps, &watcher, &stop);
	else if (how == EXIT_MISSING && !stop.item)
		complain("no lab: %s", stop.error.text);
	if (how != EXIT_OK && stop.item)
		lesson_print_stop(&a->lesson, &stop);
	lesson_place_close(&a->place);
	lesson_free(&a->lesson);
	return how;
}

static void print_end(const struct asking *a)
{
	if (!a->json) {
		output_line("%s", "");
		output_line("%u of %u right", a->right, a->answered);
		return;
	}
	json_memory_watch();
	json_t *o = json_object();
	json_object_set_new(o, "kind", json_text("done"));
	json_object_set_new(o, "asked", json_integer(a->asked));
	json_object_set_new(o, "answered", json_integer(a->answered));
	json_object_set_new(o, "right", json_integer(a->right));
	lesson_print_json(o);
}

static void collect(struct review *r, const struct progress *p)
{
	static struct lesson l;
	const struct listed_lesson *at;
	struct lesson_error error;
	char why[COMMAND_ERROR];
	for (size_t n = 0; (at = listed_lesson(n)); n++) {
		if (at->kind != LESSON_STAGE && lesson_open(&l, at->name, &error) == 0 &&
		    lesson_is_possible(&l, why, sizeof why))
			review_add(r, &l, at->name, p);
		lesson_free(&l);
	}
	review_choose(r, REVIEW_QUESTIONS);
}

enum exit_status lesson_review_ask(bool json, struct report_style style)
{
	static struct asking a;
	static struct review review;
	struct progress progress;
	char err[PROGRESS_ERROR];
	a = (struct asking){.json = json, .style = style};
	if (progress_load(&progress, err, sizeof err) < 0) {
		complain("%s", err);
		a.unwritten = true;
	}
	collect(&review, &progress);
	progress_free(&progress);
	enum exit_status how = EXIT_OK;
	if (script_follow(&a.answers, "standard input", stdin) < 0)
		how = EXIT_MISSING;
	for (unsigned i = 0; i < review.n && how == EXIT_OK && !a.ended && !ferror(stdout); i++)
		how = ask_one(&a, &review.questions[i]);
	if (a.answered)
		print_end(&a);
	else if (how == EXIT_OK)
		complain("no answers: lesson review asks on a terminal, or reads answers from standard input");
	script_free(&a.answers);
	if (output_finish() != EXIT_OK || (how == EXIT_OK && !a.answered))
		how = EXIT_MISSING;
	return how;
}
