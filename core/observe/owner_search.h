// SPDX-License-Identifier: GPL-3.0-or-later
// Looks for the processes behind sockets on a thread of its own: walking all of /proc takes long where there are many,
// and the screen must not wait for it.
#ifndef BINDWALK_OWNER_SEARCH_H
#define BINDWALK_OWNER_SEARCH_H

#include "core/model/question.h"

struct owner_search;

// 0 or -errno. Begins no thread before there is something to look for.
int owner_search_open(struct owner_search **out);
// Waits for the end of a search. NULL is fine.
void owner_search_close(struct owner_search *s);
// Becomes readable when something was found out.
int owner_search_fd(const struct owner_search *s);
// Looks for the sockets of q that were not searched for, unless that search goes on already. Never blocks. True while
// one goes on.
bool owner_search_begin(struct owner_search *s, const struct question *q);
// Takes over what was found about the sockets that are in q still. True when something of q changed.
bool owner_search_take(struct owner_search *s, struct question *q);

#endif
