// SPDX-License-Identifier: GPL-3.0-or-later
// The kinds of arguments: which values each takes, and its fixed words. Pure.
#ifndef BINDWALK_ARGUMENT_H
#define BINDWALK_ARGUMENT_H

#include "core/command/command.h"
#include "core/model/caller.h"

// Is the value one that this kind of argument takes? 0, or -EINVAL with a sentence.
int argument_check(enum argument kind, const char *text, char *err, size_t errlen);
// Fixed words of a kind, in turn; NULL at the end.
const char *argument_word(enum argument kind, size_t n);
// Does it take nothing but its words, and do they say what is chosen (as on and off do not)?
bool argument_is_list(enum argument kind);
// All that it takes: "on, off", "inet, inet6, unspec or a number from 0 to 65535". Returns buf.
char *argument_list(enum argument kind, char *buf, size_t len);
// "on" or "off" of ARG_SWITCH, else what `now` is not.
bool argument_switch(const char *text, bool now);
// The same of ARG_PRIVILEGES, which has more words.
enum unprivileged argument_unprivileged(const char *text, enum unprivileged now);

#endif
