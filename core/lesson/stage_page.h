// SPDX-License-Identifier: GPL-3.0-or-later
// What a stage tells its notes: the present step, what the next key does, and the time. As JSON it goes through a
// socket, so nothing in it is believed when it comes out again but that it fits. Pure.
#ifndef BINDWALK_STAGE_PAGE_H
#define BINDWALK_STAGE_PAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { PAGE_BYTES = 40960, PAGE_TITLE = 160, PAGE_COMMAND = 512, PAGE_NOTES = 4096 };

// What the next key does.
enum page_key { PAGE_GOES_ON, PAGE_SHOWS, PAGE_RUNS, PAGE_ASKS, PAGE_CHECKS, PAGE_ENDS, PAGE_OVER, PAGE_KEYS };

struct stage_page {
	char talk[PAGE_TITLE];
	unsigned step, steps; // from 1
	unsigned minutes;     // planned for all of it; 0: not known
	int64_t planned_ms;   // when this step should end
	int64_t elapsed_ms;   // since the first key, at the moment of sending; -1: not begun
	bool replay;          // the recording is shown
	char title[PAGE_TITLE];
	char notes[PAGE_NOTES]; // lines
	enum page_key key;
	char command[PAGE_COMMAND]; // that the key shows or runs; the question that is asked
	char next_title[PAGE_TITLE];
	char next_command[PAGE_COMMAND]; // "" for none
};

// One line of JSON of at most PAGE_BYTES; the caller frees it. NULL when memory fails.
char *stage_page_print(const struct stage_page *p);
// False for anything else than such a line. Texts too long are cut between characters.
bool stage_page_parse(const char *text, size_t len, struct stage_page *out);

// Do both show the same? The time that has passed does not matter.
bool stage_page_same(const struct stage_page *a, const struct stage_page *b);

// "runs", what the next key does with the command; "" where it only goes on, or does nothing more.
const char *page_key_verb(enum page_key key);

#endif
