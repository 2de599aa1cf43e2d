// SPDX-License-Identifier: GPL-3.0-or-later
// A pane: a list of items that can tell each one's line. Panes produce rows and never draw. Pure.
#ifndef BINDWALK_PANE_H
#define BINDWALK_PANE_H

#include "tui/app.h"

struct pane_ops {
	const char *name;  // as the command "pane" takes it
	const char *title; // "Interfaces"
	// More for the title: what the pane's content is worth knowing by. May be NULL.
	void (*heading)(const struct app *app, struct row *out);
	size_t (*count)(const struct app *app);
	// One item as a line that is `width` columns wide. `out` is empty.
	void (*row)(const struct app *app, size_t item, unsigned width, struct row *out);
	// Called before a filter scans: works out once what many items share. May be NULL.
	void (*prepare)(struct app *app, const char *text);
	// For the filter; NULL: the line's text is searched.
	bool (*matches)(const struct app *app, size_t item, const char *text);
	// The item that an input of a step was read from, SIZE_MAX for none. NULL: inputs never come from here.
	size_t (*find)(const struct app *app, const struct input *in);
	unsigned (*toggle)(struct app *app, size_t item); // NULL: nothing to flip here
	unsigned (*use)(struct app *app, size_t item);    // NULL: nothing to take over
	// Changes, as a line of the command language: what one begins to type to add something here, and what takes an item away.
	// NULL: this pane shows nothing of that kind.
	void (*insert)(const struct app *app, char line[static COMMAND_ARG]);
	void (*remove)(const struct app *app, size_t item, char line[static COMMAND_ARG]);
	// What the item stands for, for finding it again in another reading; NULL: its number does.
	struct ref (*object)(const struct app *app, size_t item);
};

const struct pane_ops *pane_ops(enum pane_id pane);
int pane_find(const char *name); // -1 for none

// The columns for text inside a pane's borders, between the mark and a blank.
unsigned pane_width(const struct app *app, enum pane_id pane);
// The items of a pane that the selected step points at; returns how many.
unsigned pane_pointed(const struct app *app, enum pane_id pane, size_t out[static STEP_INPUTS]);
// Counts and filters a pane's list again.
void pane_update(struct app *app, enum pane_id pane);
void pane_filter(struct app *app, enum pane_id pane, const char *text);
// "Interfaces /eth 12 of 40000" and so on.
void pane_title(const struct app *app, enum pane_id pane, struct row *out);
// Appends bytes [from, to) of a row, with their roles.
void pane_add_part(struct row *out, const struct row *r, size_t from, size_t to);
// Does text hold part? Letter case does not matter.
bool pane_text_has(const char *text, const char *part);

#endif
