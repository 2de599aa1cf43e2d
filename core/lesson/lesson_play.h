// SPDX-License-Identifier: GPL-3.0-or-later
// Plays a lesson in a session without a screen, and takes a session to any of its steps.
#ifndef BINDWALK_LESSON_PLAY_H
#define BINDWALK_LESSON_PLAY_H

#include "core/command/session.h"
#include "core/lesson/lesson_place.h"
#include "core/lesson/lesson_state.h"

// Who sees a lesson being played. Any function may be NULL.
struct lesson_watcher {
	void (*step)(void *data, const struct lesson_state *state); // begins
	void (*item)(void *data, const struct lesson_item *item);   // what is said, asked, or carried out next
	// The answer to a question: a choice from 0, or a step of the walk from 0; -1: nobody answers.
	int (*answer)(void *data, const struct lesson_item *item, const struct ask *ask);
	// The kernel's answer, after a bind; of a question that nobody answered, only p->truth counts.
	void (*judged)(void *data, const struct prediction *p, bool answered);
	bool (*goes_on)(void *data); // false: enough
	struct session_out out;      // what commands print
	void *data;
};

// Where it stopped, and why.
struct lesson_stop {
	const struct lesson_item *item; // NULL: nothing was carried out
	struct session_error error;
};

// Plays steps [from, until) in a session that lesson_jump() took to the first of them, or a fresh one for step 0. A
// task is solved by its solution. EXIT_OK; EXIT_REFUSED where a check does not hold; how else a command ended.
enum exit_status lesson_play(struct session *s, const struct lesson *l, unsigned from, unsigned until,
			     const struct lesson_watcher *who, struct lesson_stop *stop);

// Carries out silently, in a fresh session, all that comes before a step. As above.
enum exit_status lesson_replay(struct session *s, const struct lesson *l, unsigned step, struct lesson_stop *stop);
// The beginning of a step in a fresh lab: exactly the state to which the straight way leads. EXIT_MISSING where there
// is no lab. As above.
enum exit_status lesson_jump(struct lesson_place *p, const struct lesson *l, unsigned step, struct lesson_stop *stop);

// Can the lesson be played on this kernel? False with a sentence in why.
bool lesson_is_possible(const struct lesson *l, char *why, size_t len);

#endif
