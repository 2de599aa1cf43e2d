// SPDX-License-Identifier: GPL-3.0-or-later
// What can be read about: topics, which are files of help/topics/ compiled in, and everything that has a row in a table
// (steps, codes, errors, options, sysctls, commands, kernel traits). Each of the latter leads to the topic that explains its
// subject. Pure.
#ifndef BINDWALK_HELP_TOPIC_H
#define BINDWALK_HELP_TOPIC_H

#include <stdbool.h>
#include <stddef.h>

#include "core/command/command.h"
#include "core/model/option.h"
#include "core/model/step.h"

struct topic {
	const char *name;  // "anyip"
	const char *title; // one line
	const char *text;  // the source after the title; "@..." lines stand for tables
};

// In reading order; NULL at the end.
const struct topic *topic_at(size_t n);
// By exact name, NULL for none.
const struct topic *topic_find(const char *name);

// Never NULL.
const struct topic *topic_of_step(enum step_id id);
const struct topic *topic_of_code(enum code c);
const struct topic *topic_of_option(enum option_id id);
const struct topic *topic_of_sysctl(enum sysctl_id id);
const struct topic *topic_of_command(enum command_id id);

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

// One thing to read about.
struct entry {
	enum about about;
	unsigned id; // of that table
};

// All of them, topics first. False at the end.
bool entry_at(size_t n, struct entry *out);
const char *about_name(enum about a); // "step"
const char *entry_name(struct entry e);
// Its other name: the symbol of an option, "" for none.
const char *entry_alias(struct entry e);
// In one line: what it is. Returns buf; TOPIC_TITLE bytes hold any of them.
enum { TOPIC_TITLE = 256 };
char *entry_title(struct entry e, char *buf, size_t len);
const struct topic *entry_topic(struct entry e);

// The nth entry (from 0) of that name or alias, or the topic that a word of the field stands in ("FIB", "RTN_LOCAL"), upper or
// lower case: "device" is a step, an option and a command; "route" is
// "route add", "route del" and others. False when there are no more.
bool entry_find(const char *name, size_t n, struct entry *out);

// A code's sentence with the names of its inputs in capitals: "Port PORT is held by HOLDER." Returns buf.
char *code_plain(enum code c, char *buf, size_t len);
// The errno with which a bind can be refused, each once, in no order that means anything; 0 at the end.
int topic_errno(unsigned n);
// The codes with which a step can end a bind, and their errno: calls `each` for each pair once.
void step_refusals(enum step_id id, void (*each)(void *context, int err, enum code c), void *context);

#endif
