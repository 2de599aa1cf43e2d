// SPDX-License-Identifier: GPL-3.0-or-later
// What can be read about: topics, which are files of help/topics/ compiled in, and everything that has a row in a table
// (steps, codes, errors, options, sysctls, commands, kernel traits). Each of the latter leads to the topic that
// explains its subject. Pure.
#ifndef BINDWALK_HELP_TOPIC_H
#define BINDWALK_HELP_TOPIC_H

#include <stdbool.h>
#include <stddef.h>

#include "core/model/step.h"

struct topic {
	const char *name;     // "anyip"
	const char *title;    // one line
	const char *explains; // names of rows of tables, with ", " between; "step:type" is only the step
	const char *also;     // other words for its subject, likewise
	const char *text;     // the source after the title; "@..." lines stand for tables
};

// In reading order; NULL at the end.
const struct topic *topic_at(size_t n);

enum about {
	ABOUT_TOPIC,
	ABOUT_STEP,
	ABOUT_CODE,
	ABOUT_ERRNO,
	ABOUT_OPTION,
	ABOUT_SYSCTL,
	ABOUT_COMMAND,
	ABOUT_TRAIT,
	ABOUT_COUNT
};

const char *about_name(enum about a); // "step"

// One thing to read about.
struct entry {
	enum about about;
	unsigned id;       // of that table
	const char *name;  // NULL: before the first
	const char *alias; // the symbol of an option, a sysctl without "net.ipv4."; "" for none
	const char *title; // from its table: see entry_title()
};

// Moves on to the next entry, topics first; a zeroed one stands before the first. False at the end.
bool entry_next(struct entry *e);
// Moves on to the next entry for which entry_is_called().
bool entry_find(const char *name, struct entry *e);
// Is that its name or alias, the first words of its name, or another word for a topic, in upper or lower case? "device"
// is a step, an option and a command; "route" is "route add", "route del" and others; "FIB" is the topic local-table.
bool entry_is_called(const struct entry *e, const char *name);
// In one line: what it is. Returns buf; TOPIC_TITLE bytes hold any of them.
enum { TOPIC_TITLE = 256 };
char *entry_title(const struct entry *e, char *buf, size_t len);
// Never NULL.
const struct topic *entry_topic(const struct entry *e);

// A code's sentence with the names of its inputs in capitals and its optional parts in brackets: "Port PORT is held by
// another socket[: HOLDER]." Returns buf.
char *code_plain(enum code c, char *buf, size_t len);
// The input that a code's sentence is about, and the topic: "Object: holder. Topic: ports."
char *code_links(enum code c, char *buf, size_t len);
// The errno with which a bind can be refused, each once, in no order that means anything; 0 at the end.
int topic_errno(unsigned n);
// The codes with which a step can end a bind, and their errno: calls `each` for each pair once.
void step_refusals(enum step_id id, void (*each)(void *context, int err, enum code c), void *context);

#endif
