// SPDX-License-Identifier: GPL-3.0-or-later
// What a walk says in words: values, answers, the verdict's sentence. Pure.
#ifndef BINDWALK_WALK_TEXT_H
#define BINDWALK_WALK_TEXT_H

#include "core/model/facts.h"
#include "core/model/walk.h"

// The text of one value, or of a template with {placeholders}, over what the walk was decided on. They write at most
// len bytes and always end with NUL; they return buf.
char *walk_value(const struct facts *f, const struct walk *w, const struct input *in, char *buf, size_t len);
char *walk_expand(const struct facts *f, const struct walk *w, const struct walk_step *s, const char *tmpl, char *buf,
		  size_t len);
// "loopback": in words, what addr6_class() gives.
const char *class6_name(unsigned class);
// "local 192.168.123.0/24 dev lo"; at most len bytes. Returns buf.
char *route_print(const struct host *h, const struct prefix *p, const struct route_info *info, char *buf, size_t len);
// What a step found, in one line.
char *walk_answer(const struct facts *f, const struct walk *w, const struct walk_step *s, char *buf, size_t len);
// Of a secondary IPv4 address, what becomes of it: "goes when 10.1.1.10/24 goes (promote_secondaries is 0)". "" for any
// other address, and where it is not known.
char *addr_fate(const struct host *h, const struct host_addr *e, char *buf, size_t len);
// Hooks that may have refused the caller where the model saw no reason: LSMs, cgroup programs, seccomp.
char *walk_candidates(const struct caller *c, char *buf, size_t len);
// The verdict in one plain sentence.
char *walk_sentence(const struct facts *f, const struct walk *w, char *buf, size_t len);

// What the sentence is about: the text of the code's object. NULL where it has none.
const char *walk_object(const struct facts *f, const struct walk *w, char *buf, size_t len);

#endif
