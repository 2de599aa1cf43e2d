// SPDX-License-Identifier: GPL-3.0-or-later
// The remedies on the screen, and the one that is being applied, as a part of struct app. Pure.
#ifndef BINDWALK_REMEDY_DRAWN_H
#define BINDWALK_REMEDY_DRAWN_H

#include "core/model/remedy.h"

struct remedy_applied {
	struct remedy drawn[REMEDIES]; // what the screen shows: a number means one of these
	unsigned ndrawn;
	int64_t taken_ms[REMEDIES]; // when a number moved to another remedy without a key; 0: never
	int64_t key_ms;             // when the last key was pressed
	bool on_screen;             // somebody looks at it
	bool by_key;                // a key was taken since they were drawn
	// A remedy whose commands are being carried out, one after the other; number 0: none.
	unsigned number, next, made; // next: of its commands; made: changes so far
	struct remedy now;
};

#endif
