// SPDX-License-Identifier: GPL-3.0-or-later
// Where a run takes place: this host, another namespace, a lab; and whether it may change something there.
#ifndef BINDWALK_TARGET_H
#define BINDWALK_TARGET_H

#include <stdbool.h>
#include <stddef.h>

#include "core/change/editor.h"
#include "core/command/cli.h"

struct target {
	const char *netns; // NAME, PID or path; NULL: the one that we are in
	const char *with;  // what a lab begins with, NULL for `host`
	bool lab;
	bool edit; // the host may be changed, each change confirmed
	bool yes;  // all of them at once, before
};

// The target that a command line names.
struct target target_of(const struct cli_line *line);
// Goes there. -1 to go on, else the exit status, with a line on standard error.
int target_enter(const struct target *p);
// Why the last target_enter() found no lab, "" for no reason.
const char *target_refusal(void);
// An editor for a place that may be changed, NULL for another. With a terminal, offers first to take back what
// processes that are gone left changed here. -1, or the exit status with a line on standard error.
int target_edit(const struct target *p, bool terminal, struct editor **out);
// A sentence about changes that processes that are gone left here, or about a journal that can't be used; NULL for
// neither. For a buffer of JOURNAL_ERROR.
char *target_left(char *buf, size_t len);
// Undoes what was not kept, and says so. False when something could not be undone, with a line on standard error.
bool target_leave(struct editor *e);
// "nsenter -t 1234 -U -n --preserve-credentials -S 0": how to join the lab that we are in. Returns buf.
char *target_join(char *buf, size_t len);
// For the explorer's first line: "lab", "netns blue", "" for this host. Returns buf.
char *target_name(const struct target *p, char *buf, size_t len);
// Why nothing may be changed, for who tries.
const char *target_read_only(const struct target *p);

#endif
