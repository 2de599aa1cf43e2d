// SPDX-License-Identifier: GPL-3.0-or-later
// Progress files of any bytes: each line counts once, what counts is printed as an event that is read as the same, and
// however the text is cut, its whole lines say what they said.
#include <string.h>

#include "core/lesson/class_report.h"
#include "tests/fuzz/fuzz.h"

enum { MOST = 4000 };

static void check_line(const char *line, size_t len)
{
	struct progress_event e, again;
	char printed[PROGRESS_LINE], twice[PROGRESS_LINE];
	if (!progress_parse(line, len, &e))
		return;
	size_t n = progress_format(&e, printed);
	FUZZ_REQUIRE(n < PROGRESS_LINE && printed[n - 1] == '\n' && !memchr(printed, '\n', n - 1));
	FUZZ_REQUIRE(progress_parse(printed, n - 1, &again) && again.kind == e.kind && again.step == e.step);
	FUZZ_REQUIRE(progress_format(&again, twice) == n && memcmp(printed, twice, n) == 0);
}

static void check(const char *text, size_t size)
{
	struct progress all = {0}, halves = {0};
	struct class_report class = {0};
	unsigned lines = 0, empty = 0;
	const char *at = text, *end;
	for (; (end = memchr(at, '\n', size - (size_t)(at - text))); at = end + 1) {
		check_line(at, (size_t)(end - at));
		lines++;
		empty += end == at;
	}
	size_t torn = size - (size_t)(at - text);
	FUZZ_REQUIRE(progress_fold(&all, text, size) == 0);
	FUZZ_REQUIRE(all.events + all.skipped + empty == lines + (torn > 0));
	FUZZ_REQUIRE(all.nlessons <= PROGRESS_LESSONS && all.nquestions <= PROGRESS_QUESTIONS);
	for (unsigned i = 0; i < all.nquestions; i++) {
		const struct progress_question *q = &all.questions[i];
		FUZZ_REQUIRE(q->lesson < all.nlessons && q->answers >= q->wrong && q->step <= PROGRESS_STEPS);
		FUZZ_REQUIRE(progress_question(&all, all.lessons[q->lesson].name, q->step, q->question) == q);
	}
	// In two pieces, at the end of a line.
	const char *middle = memrchr(text, '\n', size / 2);
	size_t first = middle ? (size_t)(middle + 1 - text) : 0;
	FUZZ_REQUIRE(progress_fold(&halves, text, first) == 0 &&
		     progress_fold(&halves, text + first, size - first) == 0);
	FUZZ_REQUIRE(halves.events == all.events && halves.skipped == all.skipped && halves.nlessons == all.nlessons);
	for (unsigned i = 0; i < all.nlessons; i++)
		FUZZ_REQUIRE(halves.lessons[i].steps == all.lessons[i].steps &&
			     halves.lessons[i].at == all.lessons[i].at);
	FUZZ_REQUIRE(class_add(&class, "a", &all) == 0 && class_add(&class, "b", &halves) == 0);
	class_sort(&class);
	FUZZ_REQUIRE(class.nlearners == 2 && class.nquestions == all.nquestions);
	class_free(&class);
	progress_free(&all);
	progress_free(&halves);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	size = size > MOST ? MOST : size;
	char *text = malloc(size + 1);
	FUZZ_REQUIRE(text);
	if (size)
		memcpy(text, data, size);
	check(text, size);
	free(text);
	return 0;
}

static const char *const seeds[] = {
	"2026-11-29T20:41:07Z anyip begin\n2026-11-29T20:41:08Z anyip answer step=2 question=1 said=binds was=refused "
	"judged=wrong\n2026-11-29T20:41:09Z anyip step step=2\n",
	"2026-11-29T20:41:07Z c hint step=1 degree=3\n2026-11-29T20:41:08Z c solution step=1\n2026-11-29T20:41:09Z c check step=1 "
	"judged=right\n2026-11-29T20:41:10Z c done\n",
	"2026-11-29T20:41:07Z c begin step=4\n\nrubbish\n2026-11-29T20:41:07Z c confetti\n2026-11-29T20:41:0"};

uint8_t *fuzz_seed(size_t n, size_t *size)
{
	return n < sizeof seeds / sizeof *seeds ? fuzz_copy(seeds[n], size) : NULL;
}

const char *fuzz_word(size_t n)
{
	static const char *const words[] = {"\n",           "2026-11-29T20:41:07Z ",
					    "anyip ",       "begin",
					    "step ",        "answer ",
					    "hint ",        "check ",
					    "done\n",       "step=1 ",
					    "step=64 ",     "question=2 ",
					    "said=x",       "was=y",
					    "judged=right", "judged=wro",
					    "degree=3",     "=",
					    "4294967297"};
	return n < sizeof words / sizeof *words ? words[n] : NULL;
}
