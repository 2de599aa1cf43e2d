// SPDX-License-Identifier: GPL-3.0-or-later
// A pane: a list of items that can tell each one's line. Panes produce rows and never draw. Pure.
#ifndef BINDWALK_PANE_H
#define BINDWALK_PANE_H

#include "tui/app.h"
#include "tui/pane/match.h"

// Writes the line of the command language that does something to an item, or several of them. False: nothing can be
// done, and the line says why.
typedef bool pane_line(const struct app *app, size_t item, char line[static COMMAND_ARG]);

enum { PANE_PAGE = 64 }; // lines that are made together

struct pane_ops {
	// More for the title: what the pane's content is worth knowing by. May be NULL.
	void (*heading)(const struct app *app, struct row *out);
	// Of that, what must not be missed where a filter takes its room. May be NULL.
	void (*warning)(const struct app *app, struct row *out);
	size_t (*count)(const struct app *app);
	// One item as a line that is `width` columns wide. `out` is empty.
	void (*row)(const struct app *app, size_t item, unsigned width, struct row *out);
	// The same for n of them, at most PANE_PAGE, all empty: where each alone costs as much as all. May be NULL.
	void (*rows)(const struct app *app, size_t first, size_t n, unsigned width, struct row *out);
	// Called before a filter scans: works out once what many items share. May be NULL.
	void (*prepare)(struct app *app, const struct match_words *words);
	// Has the item all of them? NULL: the line's text is searched.
	bool (*matches)(const struct app *app, size_t item, const struct match_words *words);
	// What the line does not say but is found by as well. May be NULL.
	void (*also)(const struct app *app, size_t item, struct row *out);
	// A row that is about link-local addresses alone, and so may be hidden. NULL: none is.
	bool (*link_local)(const struct app *app, size_t item);
	// A row that is not shown at present, whatever the filter. NULL: each is.
	bool (*left_out)(const struct app *app, size_t item);
	// The names of the orders that a list can have, NULL at their end; the first is that of its items. NULL: no
	// other one.
	const char *const *orders;
	// Puts items into an order, from 1; equal ones stay as they are. See pane/order.h.
	void (*sort)(const struct app *app, unsigned order, uint32_t *items, size_t n);
	// The item that an input of a step was read from, SIZE_MAX for none. NULL: inputs never come from here.
	size_t (*find)(const struct app *app, const struct input *in);
	// What a key does to an item. NULL: this pane has nothing of that kind.
	pane_line *toggle, *use, *remove;
	// What one begins to type to add something here. May be NULL.
	void (*insert)(const struct app *app, char line[static COMMAND_ARG]);
	// The mark of an item that changed since the last key, ' ' for any other; NULL: what it stands for says it.
	char (*changed)(const struct app *app, size_t item);
	// What the item stands for, for finding it again in another reading; NULL: its number does.
	struct ref (*object)(const struct app *app, size_t item);
};

// The columns for text inside a pane's borders, between the mark and a blank.
unsigned pane_width(const struct app *app, enum pane_id pane);
// The line that makes an address the one to bind to; a link-local one with its interface.
void pane_address(const struct app *app, const struct addr *a, uint32_t ifindex, char line[static COMMAND_ARG]);

#endif
