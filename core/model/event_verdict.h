// SPDX-License-Identifier: GPL-3.0-or-later
// What a walk says about a bind that was seen. The host was read after the bind, so it may have changed since. Pure.
#ifndef BINDWALK_EVENT_VERDICT_H
#define BINDWALK_EVENT_VERDICT_H

#include "core/model/walk.h"

enum { VERDICT_TEXT = 512, VERDICT_WHY = 256 };

struct event_verdict {
	bool present;
	char why_not[VERDICT_WHY]; // where it is not: a sentence without a period; "" where nobody walked
	enum code code;
	enum code_class class;
	enum agreement agreement; // never DISAGREES: CHANGED then
	char sentence[VERDICT_TEXT];
};

#endif
