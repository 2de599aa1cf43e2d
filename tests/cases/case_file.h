// SPDX-License-Identifier: GPL-3.0-or-later
// A case: a situation that people meet, an attempt in it, and the contents of the right answer.
//
//   # TITLE                          the first line; further lines with # are comments
//   needs WHAT: COMMAND              skipped, with WHAT as the reason, where the command fails
//   setup COMMAND                    for sh, in the case's own namespaces, as root; all of them are one script
//   processes all                    those outside are visible as well; the set-up may start none that stays
//   pass COMMAND                     lets a remedy's wait pass that would take too long (TIME_WAIT)
//   explain ARGUMENT...              an attempt; sh expands the arguments
//     via COMMAND...                 runs it by this command
//     errno NAME|ok                  what follows is expected of its answer; "*" stands for any characters
//     code NAME   class NAME   object TEXT   certain yes|no   unknown TEXT   next CALL NAME
//     walk ADDRESS                   of an answer for several addresses: the following lines are about that one
//     holder FIELD TEXT              a field of the holder, null if it has none
//     caller FIELD TEXT              the same of whose bind it is
//     condition FAILS [SIDE]
//     input NAME TEXT                an input that a step looked at
//     remedy FIELD=TEXT...           one is offered, with kind, needs, command, arguments, then, change, keep, wait,
//                                    verified, spelled=PROGRAM:TEXT
//     first FIELD=TEXT...            ... and comes first
//     never FIELD=TEXT...            none is
//   run COMMAND                      another command, for sh
//     status N
//     prints TEXT                    a line of its output is that
#ifndef BINDWALK_CASE_FILE_H
#define BINDWALK_CASE_FILE_H

#include <stdbool.h>
#include <stddef.h>

enum { CASE_ATTEMPTS = 24, CASE_LINES = 24, CASE_NEEDS = 4, CASE_SCRIPT = 8192 };

struct expectation {
	int line;
	char word[16], *rest;
};

struct case_attempt {
	char *arguments, *via;
	bool runs; // `arguments` are a command
	struct expectation expect[CASE_LINES];
	size_t n;
};

struct one_case {
	char name[64];
	char *text; // what all strings below point into
	const char *title;
	struct {
		char *what, *command;
	} needs[CASE_NEEDS];
	size_t nneeds;
	bool all_processes;
	char setup[CASE_SCRIPT], pass[CASE_SCRIPT];
	struct case_attempt attempt[CASE_ATTEMPTS];
	size_t nattempts;
};

// Reads a case; ends the program when the file is wrong: it is ours.
struct one_case *case_read(const char *path);
void case_free(struct one_case *c);

#endif
