// SPDX-License-Identifier: GPL-3.0-or-later
// What comes out of the socket of the notes: a page or nothing; a page stays one when it is sent again, and all of a
// screen that shows it can be shown.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/lesson/stage_page.h"
#include "core/text/visible.h"
#include "tests/fuzz/fuzz.h"
#include "tui/notes_rows.h"

enum { LINES = 30 };

static void show(const struct stage_page *p, size_t size)
{
	static struct row rows[LINES];
	struct notes_screen n = {.page = *p,
				 .has_page = true,
				 .connected = size % 2,
				 .elapsed_ms = p->elapsed_ms,
				 .folder = "/run",
				 .scroll = (unsigned)size};
	notes_rows_screen(&n, (unsigned)(size % LINES), 10 + (unsigned)(size % 90), rows);
	for (size_t i = 0; i < size % LINES; i++)
		FUZZ_REQUIRE(visible_span(rows[i].text, rows[i].used) == rows[i].used);
	for (size_t i = 0; notes_rows_text(&n, i, rows); i++)
		FUZZ_REQUIRE(visible_span(rows[0].text, rows[0].used) == rows[0].used);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct stage_page page, again;
	if (!stage_page_parse((const char *)data, size, &page))
		return 0;
	FUZZ_REQUIRE(page.key < PAGE_KEYS && memchr(page.notes, '\0', sizeof page.notes));
	FUZZ_REQUIRE(memchr(page.command, '\0', sizeof page.command) && memchr(page.title, '\0', sizeof page.title));
	show(&page, size);
	char *text = stage_page_print(&page);
	FUZZ_REQUIRE(text && strlen(text) <= PAGE_BYTES);
	FUZZ_REQUIRE(stage_page_parse(text, strlen(text), &again));
	FUZZ_REQUIRE(again.step == page.step && again.elapsed_ms == page.elapsed_ms && again.key == page.key);
	FUZZ_REQUIRE(strcmp(again.notes, page.notes) == 0 && strcmp(again.command, page.command) == 0);
	free(text);
	return 0;
}

uint8_t *fuzz_seed(size_t n, size_t *size)
{
	static const char *const seeds[] = {
		"{\"talk\":\"T\",\"step\":3,\"steps\":12,\"title\":\"A\",\"notes\":\"one\\ntwo\",\"key\":\"run\","
		"\"command\":\"bind\",\"next_title\":\"B\",\"next_command\":\"\",\"minutes\":10,\"planned_ms\":1000,"
		"\"elapsed_ms\":-1,\"replay\":false}",
		"{\"step\":1,\"steps\":2,\"minutes\":0,\"planned_ms\":0,\"elapsed_ms\":7,\"key\":\"ask\","
		"\"notes\":\"\\u001b[2J\"}",
		"{\"step\":0,\"steps\":0,\"minutes\":0,\"planned_ms\":0,\"elapsed_ms\":0,\"key\":\"over\"}",
	};
	return n < sizeof seeds / sizeof *seeds ? fuzz_copy(seeds[n], size) : NULL;
}

const char *fuzz_word(size_t n)
{
	static const char *const words[] = {"\"key\":\"show\"",
					    "\"key\":\"end\"",
					    "\"notes\":\"",
					    "\\n",
					    "\\u202e",
					    "600000000",
					    "-1",
					    "\xff",
					    "true",
					    "{}"};
	return n < sizeof words / sizeof *words ? words[n] : NULL;
}
