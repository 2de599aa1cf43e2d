// SPDX-License-Identifier: GPL-3.0-or-later
// Lessons of any bytes: an error has a place in the file, and what is read can be walked through to its end, checked by
// the rules, and looked up.
#include <errno.h>
#include <string.h>

#include "core/lesson/lesson_event.h"
#include "core/lesson/lesson_rules.h"
#include "core/lesson/lesson_state.h"
#include "core/lesson/review.h"
#include "tests/fuzz/fuzz.h"

enum { MOST = 1500 };

static struct lesson lesson;

static unsigned lines_in(const char *text, size_t size)
{
	unsigned n = size && text[size - 1] != '\n';
	for (size_t i = 0; i < size; i++)
		n += text[i] == '\n';
	return n;
}

struct places {
	unsigned lines, said;
};

static void check_place(void *data, unsigned line, size_t column, const char *text)
{
	struct places *p = data;
	FUZZ_REQUIRE(line > 0 && line <= p->lines && column <= MOST && text[0]);
	p->said++;
}

// Whatever is answered and whether it goes well or not, somebody who goes on comes to the end.
static void play(uint8_t choice)
{
	struct lesson_state s;
	unsigned turns = 0, before = 0;
	lesson_start(&s, &lesson, choice & 1);
	while (s.wait != LESSON_END) {
		FUZZ_REQUIRE(turns++ < 8 * LESSON_ITEMS);
		FUZZ_REQUIRE(s.step < lesson.nsteps && s.step >= before);
		before = s.step;
		const struct lesson_item *now = lesson_now(&s);
		FUZZ_REQUIRE(!now == (s.wait == LESSON_GO_ON));
		FUZZ_REQUIRE(!now || lesson_step_of(&lesson, (unsigned)(now - lesson.items)) == s.step ||
			     now < lesson.items + lesson.nsetup);
		if (s.wait == LESSON_CARRY)
			lesson_carried(&s, turns % 4 != 3);
		else if (s.wait == LESSON_ANSWER)
			FUZZ_REQUIRE(lesson_answer(&s, choice % 3) || lesson_answer(&s, 0));
		else
			FUZZ_REQUIRE(lesson_go_on(&s));
		lesson_open_hint(&s);
		FUZZ_REQUIRE(lesson_back(&s) <= s.step);
	}
	FUZZ_REQUIRE(s.step + 1 == lesson.nsteps);
}

static void check(const char *text, size_t size)
{
	static struct review review;
	struct places places = {.lines = lines_in(text, size)};
	const struct progress nothing = {0};
	char name[PROGRESS_NAME];
	unsigned at = 0, n = 0;
	FUZZ_REQUIRE(lesson.nsteps > 0 && lesson.nsteps <= LESSON_STEPS && lesson.title[0]);
	FUZZ_REQUIRE(lesson_rules_check(&lesson, "f.lesson", text, size, check_place, &places) == places.said);
	while (lesson_before(&lesson, lesson.nsteps, &at))
		n++;
	FUZZ_REQUIRE(n <= lesson.nitems);
	for (unsigned i = 0; i < lesson.nitems; i++) {
		FUZZ_REQUIRE(lesson.items[i].line > 0 && lesson.items[i].line <= places.lines);
		if (lesson.items[i].kind == ITEM_ASK)
			FUZZ_REQUIRE(lesson_question_number(&lesson, i) > 0);
	}
	review.n = 0;
	review_add(&review, &lesson, "f", &nothing);
	review_choose(&review, REVIEW_QUESTIONS);
	FUZZ_REQUIRE(review.n <= REVIEW_QUESTIONS && lesson_short_name(lesson.name, name)[0]);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct lesson_error error;
	if (size < 2)
		return 0;
	uint8_t choice = data[0];
	size = size - 1 > MOST ? MOST : size - 1;
	char *text = malloc(size);
	FUZZ_REQUIRE(text);
	memcpy(text, data + 1, size);
	int rc = lesson_read(&lesson, "f.lesson", text, size, choice & 2 ? "5.10" : NULL, &error);
	if (rc == 0) {
		check(text, size);
		play(choice);
	} else {
		FUZZ_REQUIRE(rc == -EINVAL && error.text[0] && memchr(error.text, '\0', sizeof error.text));
		FUZZ_REQUIRE(error.line <= lines_in(text, size) && (!error.has_column || error.column <= MOST));
	}
	lesson_free(&lesson);
	free(text);
	return 0;
}

static const char *const seeds[] = {
	"-lesson \"A\"\ngoal G.\ntime 4\nlab host\nneeds ipv6\nstep \"one\"\nsay \"S.\"\nask \"Q\" [binds refused]\ndo bind "
	"127.0.0.1\ncheck ok ADDR_LOCAL\nnote N\ndone D.\nread anyip\n",
	".lesson \"C\"\naddress 203.0.113.9\nstep \"Go\"\nhint A.\nhint B.\nhint set freebind\nsolution set freebind\ncheck bind "
	"203.0.113.9:80 ok\n",
	"/lesson T\nunprivileged on\nstep a\nsince 6.1 do bind ::1\nbefore 6.1 do bind ::\nask W [step]\nbind 203.0.113.1\nstep at "
	"classify\nstep b\nask X [+one two]\n",
	"-lesson T\nstep a\n \t "}; // whose last line has no end

uint8_t *fuzz_seed(size_t n, size_t *size)
{
	return n < sizeof seeds / sizeof *seeds ? fuzz_copy(seeds[n], size) : NULL;
}

const char *fuzz_word(size_t n)
{
	static const char *const words[] = {
		"\n",        "lesson \"",        "step \"",   "step 3\n",   "say ",       "do ",
		"ask ",      " [binds refused]", " [step]",   " [+a b]",    "hint ",      "solution ",
		"check ok ", "check bind ",      "goal ",     "done ",      "since 6.1 ", "before 9 ",
		"lab host",  "needs vrf\n",      "time 60\n", "read dad\n", "note ",      "bind 127.0.0.1",
		"e.g. ",     "\xc3\xa9. ",       "\"",        "[",          "]",          "set freebind"};
	return n < sizeof words / sizeof *words ? words[n] : NULL;
}
