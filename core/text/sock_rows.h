// SPDX-License-Identifier: GPL-3.0-or-later
// The list of sockets as rows and as JSON. Pure.
#ifndef BINDWALK_SOCK_ROWS_H
#define BINDWALK_SOCK_ROWS_H

#include <jansson.h>

#include "core/model/sock_list.h"
#include "core/text/rows.h"

// Columns of the list: its widest local end, as far as it leaves room.
unsigned sock_rows_local(const struct host *h, const struct sock_list *l, unsigned width);
// The heading.
void sock_rows_head(unsigned local, struct row *out);
// Line n of one socket: what it is and whose, then, where it would not bind again, why. False when there is no such
// line.
bool sock_rows_line(const struct host *h, const struct listed *s, unsigned local, unsigned width, unsigned n,
		    struct row *out);
// How many would bind again.
void sock_rows_sum(const struct sock_list *l, struct row *out);

// One socket; a new value.
json_t *listed_json(const struct host *h, const struct listed *s);
// All of them, as an array; a new value. If memory ran out, parts are missing: see json_memory_lost().
json_t *sock_list_json(const struct host *h, const struct sock_list *l);

#endif
