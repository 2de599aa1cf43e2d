// SPDX-License-Identifier: GPL-3.0-or-later
// Why a call around bind was refused, of those that no walk explains. Pure.
#ifndef BINDWALK_CALL_REASON_H
#define BINDWALK_CALL_REASON_H

#include <stdint.h>

#include "core/model/step.h" // enum code_class

enum { REASON_CODE = 32, REASON_TEXT = 512 };

enum reason_id {
#define REASON(name, class, sentence) REASON_##name,
#include "core/model/reasons.def"
#undef REASON
	REASON_COUNT
};

// A value. "" in `code`: there is none.
struct call_reason {
	char code[REASON_CODE]; // "DESCRIPTORS", or the name of an enum next_id: "CONNECT_PORTS_TAKEN"
	enum code_class class;
	char sentence[REASON_TEXT];
};

const char *reason_name(enum reason_id id);

// Fills the {} of its sentence in reasons.def with as many texts (const char *), in turn.
void reason_say(struct call_reason *out, enum reason_id id, ...);
// A number as such a text. Returns buf.
enum { REASON_NUMBER = 24 };
const char *reason_number(uint64_t n, char buf[static REASON_NUMBER]);

#endif
