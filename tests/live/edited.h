// SPDX-License-Identifier: GPL-3.0-or-later
// What the tests of changes share: a furnished lab with a state folder of its own, changes by their words, and looks
// before and after.
#ifndef BINDWALK_EDITED_H
#define BINDWALK_EDITED_H

#include "core/change/change.h"
#include "core/change/editor.h"
#include "core/change/inventory.h"
#include "tests/live/live.h"

extern struct changer *changer; // of the lab
extern char state_home[];       // $XDG_STATE_HOME
extern unsigned asked;          // how often an editor of open_editor() asked; the answer is yes

// Runs the tests in a lab in which routes hang on an address, a device and a next hop object; the status to end with.
int edited_run(const struct CMUnitTest *tests, size_t n);

// Each fails the test where it can't be done.
struct edit line(const char *text);
void make(struct editor *e, const char *text); // by an editor
void apply(const char *text);                  // past it
struct editor *open_editor(bool journal);
void close_editor(struct editor *e);
// Of type editor_confirm. agree() counts in *data.
enum editor_consent agree(enum editor_act act, const struct edit *e, void *data);
enum editor_consent decline(enum editor_act act, const struct edit *e, void *data);

struct inventory look(void);
struct inventory look_settled(void); // when the kernel has made all of its own
// The kernel settles a link that came up again a moment later: a difference counts when it stays. In both directions:
// nothing is missing, nothing is new, interfaces have their indexes, IPv4 routes, rules and IPv6 addresses are in
// order, ::1 is the kernel's.
void assert_same(const struct inventory *before, const char *when);

unsigned journals(void); // how many files
void clear_journals(void);

#endif
