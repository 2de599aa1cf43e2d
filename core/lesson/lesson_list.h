// SPDX-License-Identifier: GPL-3.0-or-later
// The lessons, challenges and stage files that the program brings: files of help/lessons/ compiled in. Pure.
#ifndef BINDWALK_LESSON_LIST_H
#define BINDWALK_LESSON_LIST_H

#include <stddef.h>

enum lesson_kind {
	LESSON_CORE,
	LESSON_CHALLENGE, // something is broken, and the learner finds the way
	LESSON_STAGE      // a talk
};

struct listed_lesson {
	const char *name; // "ipv6", "challenge-vip", "demo": of the file without its number and suffix
	unsigned number;  // of a core lesson, from 1; 0 for the others
	enum lesson_kind kind;
	const char *file; // "4-ipv6.lesson": what errors in it call it
	const char *text; // for lesson_read()
};

// In the order in which they are best taken; NULL at the end.
const struct listed_lesson *listed_lesson(size_t n);

// The one with this name, or of the core lessons that with this number ("4"); NULL for none.
const struct listed_lesson *listed_lesson_find(const char *name);

// The name that was probably meant by one that is not there: one with few other letters, or one that contains it; NULL
// when none is near.
const char *listed_lesson_nearest(const char *typed);

// What comes after it, to be offered at its end: of the same kind, and after the last lesson the first challenge; NULL
// after the last challenge and the last talk.
const struct listed_lesson *listed_lesson_next(const struct listed_lesson *l);

#endif
