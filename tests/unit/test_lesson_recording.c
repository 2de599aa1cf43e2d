// SPDX-License-Identifier: GPL-3.0-or-later
// The recordings that the program brings: each is of the text that its lesson has today, says what the model says
// today, and holds what each check of the lesson asks for.
#include "core/lesson/lesson_recording.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "core/command/ask_text.h"
#include "core/command/command_parse.h"
#include "core/lesson/lesson_list.h"

enum { MOST = 40 << 10 /* bytes of memory, for each frame */ };

static bool is_recorded(const struct listed_lesson *l)
{
	return l->kind == LESSON_CORE || strcmp(l->name, "demo") == 0;
}

static void read_both(const struct listed_lesson *listed, struct recording *r, struct lesson *l)
{
	struct lesson_error wrong;
	if (lesson_recording(listed->name, r) < 0)
		fail_msg("%s has no recording, or not a sound one; run: make recordings", listed->name);
	if (lesson_read(l, listed->name, listed->text, strlen(listed->text), r->kernel, &wrong) < 0)
		fail_msg("%s:%u: %s", listed->file, wrong.line, wrong.text);
}

// The frame of that line that has words, NULL for none.
static const struct frame *words_of(const struct recording *r, unsigned line)
{
	for (size_t i = 0; i < r->n; i++)
		if (r->frames[i].line == line && r->frames[i].kind != FRAME_CHANGE && r->frames[i].kind != FRAME_BIND)
			return &r->frames[i];
	return NULL;
}

static void check_words(const struct listed_lesson *listed, const struct recording *r, unsigned line, const char *text)
{
	const struct frame *f = words_of(r, line);
	if (!f || strncmp(f->text, text, strlen(text)) != 0)
		fail_msg("%s:%u: '%.60s' was '%.60s' when it was recorded; run: make recordings", listed->file, line,
			 text, f ? f->text : "");
}

// What was said and asked is what the lesson says and asks.
static void test_texts(void **state)
{
	(void)state;
	const struct listed_lesson *listed;
	for (size_t n = 0; (listed = listed_lesson(n)); n++) {
		static struct lesson l;
		struct recording r;
		struct ask ask;
		char why[COMMAND_ERROR];
		size_t at, words = 0, recorded = 0;
		if (!is_recorded(listed))
			continue;
		read_both(listed, &r, &l);
		assert_string_equal(r.title, l.title);
		assert_string_equal(r.lab, l.lab);
		for (unsigned i = 0; i < l.nsteps; i++)
			check_words(listed, &r, l.steps[i].line, l.steps[i].title);
		for (unsigned i = 0; i < l.nitems; i++) {
			const struct lesson_item *item = &l.items[i];
			words += item->kind == ITEM_SAY || item->kind == ITEM_ASK || item->kind == ITEM_NOTE;
			if (item->kind == ITEM_SAY || item->kind == ITEM_NOTE)
				check_words(listed, &r, item->line, item->text);
			if (item->kind == ITEM_ASK && ask_parse(item->text, &ask, why, sizeof why, &at) == 0)
				check_words(listed, &r, item->line, ask.text);
		}
		for (size_t i = 0; i < r.n; i++)
			recorded += r.frames[i].kind == FRAME_SAY || r.frames[i].kind == FRAME_ASK ||
				    r.frames[i].kind == FRAME_NOTE;
		assert_int_equal(recorded, words + (l.goal[0] != '\0'));
		lesson_free(&l);
		recording_free(&r);
	}
}

static bool has(const char *const *list, const char *word)
{
	return *list && (strcmp(*list, word) == 0 || has(list + 1, word));
}

static void check_bind(const struct listed_lesson *listed, const struct recording *r, size_t frame, unsigned line,
		       const struct command_call *check)
{
	static struct inquiry in;
	assert_true(recording_inquiry(r, frame, &in));
	if (!frame_bind_is_same(r->frames[frame].bind, &in.walk))
		fail_msg("%s:%u: the model has changed since; run: make recordings", listed->file, line);
	for (unsigned i = 1; check && i <= 3; i++) {
		const char *want = command_value(check, i);
		if (want && !ask_outcome_is(&in.walk, want))
			fail_msg("%s:%u: the recording is not %s", listed->file, line, want);
	}
	inquiry_free(&in);
}

// Each command that needs a kernel has its frame, and the checks hold.
static void test_frames(void **state)
{
	static const char *const silent[] = {"undo", "reset", "release", "hold", NULL};
	(void)state;
	const struct listed_lesson *listed;
	unsigned lessons = 0;
	for (size_t n = 0; (listed = listed_lesson(n)); n++) {
		static struct lesson l;
		struct recording r;
		size_t from = 0, bound = SIZE_MAX;
		if (!is_recorded(listed))
			continue;
		lessons++;
		read_both(listed, &r, &l);
		assert_int_equal(r.left_out, 0);
		assert_non_null(r.first);
		assert_true(r.bytes < r.n * MOST);
		for (unsigned i = 0; i < l.nitems; i++) {
			const struct lesson_item *item = &l.items[i];
			struct command_call call;
			char why[COMMAND_ERROR];
			if (item->kind != ITEM_SETUP && item->kind != ITEM_DO && item->kind != ITEM_CHECK)
				continue;
			assert_int_equal(command_parse(item->text, &call, why, sizeof why, NULL), 0);
			size_t at = lesson_recording_find(&r, from, item->line);
			bool needs = command_is_live(&call) && !has(silent, command_info(call.id)->name) &&
				     !(call.id == CMD_CHECK && !command_value(&call, 0)) && call.id != CMD_COMPARE &&
				     call.id != CMD_SHOW && call.id != CMD_WITNESS;
			if (needs && at == SIZE_MAX)
				fail_msg("%s:%u: '%.60s' is not in the recording; run: make recordings", listed->file,
					 item->line, item->text);
			from = at == SIZE_MAX ? from : at + 1;
			if (call.id == CMD_BIND)
				bound = at;
			if (at != SIZE_MAX && r.frames[at].bind)
				check_bind(listed, &r, at, item->line, call.id == CMD_CHECK ? &call : NULL);
			else if (call.id == CMD_CHECK)
				check_bind(listed, &r, bound, item->line, &call);
		}
		lesson_free(&l);
		recording_free(&r);
	}
	assert_int_equal(lessons, 9);
}

static void test_none(void **state)
{
	(void)state;
	struct recording r;
	assert_true(lesson_recording("no-such-lesson", &r) < 0);
	assert_int_equal(r.n, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_texts),
		cmocka_unit_test(test_frames),
		cmocka_unit_test(test_none),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
