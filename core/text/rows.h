// SPDX-License-Identifier: GPL-3.0-or-later
// One line of styled text: what panes and reports are made of. Pure.
#ifndef BINDWALK_ROWS_H
#define BINDWALK_ROWS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// What a piece of text is; a theme says how it looks.
enum role {
	ROLE_PLAIN,
	ROLE_TITLE,
	ROLE_DIM,
	ROLE_LABEL,
	ROLE_VALUE,
	ROLE_ADDR,
	ROLE_IFNAME,
	ROLE_KEY,
	ROLE_OK,
	ROLE_FAIL,
	ROLE_WARN,
	ROLE_DECISIVE,
	ROLE_POINTED, // pointed at by the selected step
	ROLE_MODEL,
	ROLE_SYSCALL,
	ROLE_ASKED,
	ROLE_KERNEL, // kinds of evidence
	ROLE_COUNT
};

enum { ROW_TEXT = 1024, ROW_SPANS = 24 };

struct span {
	uint16_t start, len; // bytes of row.text
	uint8_t role;        // enum role
	bool right;          // pushed to the right edge, with all spans after it
};

struct row {
	unsigned nspans;
	struct span spans[ROW_SPANS];
	uint16_t used;
	uint8_t hanging; // columns that each further line begins with, where it is wrapped
	bool truncated;
	char text[ROW_TEXT]; // UTF-8 that can be shown, NUL-terminated
};

void row_clear(struct row *r);
// Appends; characters from outside that cannot be shown become visible here. A text too long is cut at a character and
// `truncated` is set.
__attribute__((format(printf, 3, 4))) void row_add(struct row *r, enum role role, const char *fmt, ...);
// The same, but this and the following spans stand at the right edge.
__attribute__((format(printf, 3, 4))) void row_right(struct row *r, enum role role, const char *fmt, ...);
// Appends the bytes [from, to) of another row, each in its role.
void row_add_part(struct row *out, const struct row *r, size_t from, size_t to);

#endif
