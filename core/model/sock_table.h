// SPDX-License-Identifier: GPL-3.0-or-later
// All sockets of a namespace at one moment, each with a searchable text and whether it is new since the reading before.
// Pure.
#ifndef BINDWALK_SOCK_TABLE_H
#define BINDWALK_SOCK_TABLE_H

#include "core/model/host.h"
#include "core/model/question.h"

enum { SOCK_WHEN = 12 };

// The widest text of each column.
struct sock_columns {
	unsigned local, peer, state, device, owner;
};

// Begins zeroed.
struct sock_table {
	struct sock_row {
		struct sock sock;
		uint32_t text; // where its text begins in `texts`
		bool fresh;    // not in the table before
	} * rows;              // by protocol, port, address
	size_t n;
	char *texts;
	struct sock_columns widest;
	size_t added, removed; // since the table before
	char when[SOCK_WHEN];  // "18:03:12"; "": never
};

// Takes over these sockets, which it sorts and frees. `links` has the devices' names; `before` is the table before, one
// without rows for none. 0, or -ENOMEM and the table is empty.
int sock_table_fill(struct sock_table *t, struct question *all, const struct host *links,
		    const struct sock_table *before);
void sock_table_free(struct sock_table *t);

const char *sock_row_text(const struct sock_table *t, size_t row);
// Each writes at most len bytes, and returns buf. "tcp4"; "127.0.0.1:80"; "pid 77 (nginx)".
char *sock_protocol_print(const struct sock *s, char *buf, size_t len);
char *sock_end_print(const struct host *h, const struct sock *s, char *buf, size_t len);
char *sock_whose_print(const struct host *h, const struct sock *s, char *buf, size_t len);

#endif
