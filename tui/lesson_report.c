// SPDX-License-Identifier: GPL-3.0-or-later
#include "tui/lesson_report.h"

#include <stdio.h>
#include <string.h>

#include "core/lesson/class_read.h"
#include "core/text/json_memory.h"
#include "core/text/json_text.h"
#include "core/text/visible.h"
#include "core/text/width.h"
#include "tui/complain.h"
#include "tui/lesson_print.h"
#include "tui/output.h"

enum { NAME_LEAST = 7, NAME_MOST = 32, HARDEST = 10 };

// As it is shown, in so many columns.
static void add_name(const char *name, unsigned columns, struct row *r)
{
	char shown[CLASS_NAME * (VISIBLE_MOST - 1)], cut[sizeof shown];
	width_elide(visible_copy(name, shown, sizeof shown), columns, cut, sizeof cut);
	row_add(r, ROLE_VALUE, "%s%*s", cut, (int)(columns - width_text(cut, strlen(cut))), "");
}

static unsigned name_columns(const struct class_report *c)
{
	char shown[CLASS_NAME * (VISIBLE_MOST - 1)];
	unsigned most = NAME_LEAST;
	for (unsigned i = 0; i < c->nlearners; i++) {
		visible_copy(c->learners[i].name, shown, sizeof shown);
		unsigned width = width_text(shown, strlen(shown));
		most = width > most ? width : most;
	}
	return most < NAME_MOST ? most : NAME_MOST;
}

static void print_learner(const struct class_learner *l, unsigned columns, struct report_style style)
{
	struct row r;
	row_clear(&r);
	add_name(l->name, columns, &r);
	row_add(&r, ROLE_PLAIN, " %5u %5u %6u %6u %6u %9u  %.10s", l->begun, l->done, l->answers, l->right, l->hints,
		l->solutions, l->last);
	report_print(&r, style, stdout);
}

static void print_question(const struct class_question *q, struct report_style style)
{
	struct row r;
	row_clear(&r);
	row_add(&r, ROLE_PLAIN, "%5u of %-5u ", q->wrong, q->learners);
	row_add(&r, ROLE_VALUE, "%s", q->lesson);
	row_add(&r, ROLE_PLAIN, ", step %u", q->step);
	if (q->question > 1)
		row_add(&r, ROLE_PLAIN, ", question %u", q->question);
	report_print(&r, style, stdout);
}

static void print_head(const char *text, struct report_style style)
{
	struct row r;
	row_clear(&r);
	row_add(&r, ROLE_TITLE, "%s", text);
	report_print(&r, style, stdout);
}

static void print_text(const struct class_report *c, struct report_style style)
{
	unsigned columns = name_columns(c);
	char head[128];
	snprintf(head, sizeof head, "%-*s %5s %5s %6s %6s %6s %9s  %s", (int)columns, "learner", "begun", "done",
		 "asked", "right", "hints", "solutions", "last");
	print_head(head, style);
	for (unsigned i = 0; i < c->nlearners; i++)
		print_learner(&c->learners[i], columns, style);
	for (unsigned i = 0; i < c->nquestions && i < HARDEST && c->questions[i].wrong; i++) {
		if (i == 0) {
			output_line("%s", "");
			print_head("answered wrongly by", style);
		}
		print_question(&c->questions[i], style);
	}
	output_line("%s", "");
	output_line("%u learner%s", c->nlearners, c->nlearners == 1 ? "" : "s");
}

static void print_json(const struct class_report *c)
{
	json_memory_watch();
	json_t *root = json_object(), *learners = json_array(), *questions = json_array();
	for (unsigned i = 0; i < c->nlearners; i++) {
		const struct class_learner *l = &c->learners[i];
		json_t *o = json_object();
		json_object_set_new(o, "name", json_text(l->name));
		json_object_set_new(o, "begun", json_integer(l->begun));
		json_object_set_new(o, "done", json_integer(l->done));
		json_object_set_new(o, "answers", json_integer(l->answers));
		json_object_set_new(o, "right", json_integer(l->right));
		json_object_set_new(o, "hints", json_integer(l->hints));
		json_object_set_new(o, "solutions", json_integer(l->solutions));
		json_object_set_new(o, "last", json_text(l->last));
		json_array_append_new(learners, o);
	}
	for (unsigned i = 0; i < c->nquestions; i++) {
		const struct class_question *q = &c->questions[i];
		json_t *o = json_object();
		json_object_set_new(o, "lesson", json_text(q->lesson));
		json_object_set_new(o, "step", json_integer(q->step));
		json_object_set_new(o, "question", json_integer(q->question));
		json_object_set_new(o, "learners", json_integer(q->learners));
		json_object_set_new(o, "wrong", json_integer(q->wrong));
		json_array_append_new(questions, o);
	}
	json_object_set_new(root, "learners", learners);
	json_object_set_new(root, "questions", questions);
	json_object_set_new(root, "lines_skipped", json_integer(c->skipped));
	json_object_set_new(root, "other_files", json_integer(c->others));
	json_object_set_new(root, "files_not_read", json_integer(c->left));
	lesson_print_json(root);
}

enum exit_status lesson_report_print(const char *path, bool json, struct report_style style)
{
	struct class_report c;
	char err[512];
	if (class_read(path, &c, err, sizeof err) < 0) {
		complain("%s", err);
		return EXIT_WRONG;
	}
	enum exit_status how = c.nlearners ? EXIT_OK : EXIT_WRONG;
	if (c.left)
		complain("%u file%s not read: %s", c.left, c.left == 1 ? "" : "s", c.why);
	if (c.skipped)
		complain("%u line%s skipped: torn, or of another version", c.skipped, c.skipped == 1 ? "" : "s");
	if (how != EXIT_OK)
		complain("%.200s holds no progress files; expected one for each learner", path);
	else if (json)
		print_json(&c);
	else
		print_text(&c, style);
	class_free(&c);
	return output_finish() == EXIT_OK ? how : EXIT_MISSING;
}
