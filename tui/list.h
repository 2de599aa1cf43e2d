// SPDX-License-Identifier: GPL-3.0-or-later
// Selection, scrolling, filter and order of a list of any length. Pure.
#ifndef BINDWALK_LIST_H
#define BINDWALK_LIST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { LIST_FILTER = 64 };

// Does an item match the text? With "", every item does except those hidden without a filter.
typedef bool list_matcher(const void *data, size_t item, const char *text);
// Sorts items, which come in ascending order; stable. If memory runs out, it leaves them as they are.
typedef void list_sorter(const void *data, uint32_t *items, size_t n);

struct list {
	size_t count;    // lines to be seen: all, or those that match
	size_t selected; // below count, or 0
	size_t top;      // the first line on the screen
	size_t height;   // lines on the screen
	bool pinned;     // the last line is always on the screen, at its end
	uint32_t *match; // items to be seen, in their order; NULL: all of them
	size_t match_cap;
	bool hides;               // some items are not to be seen, even without a filter
	list_sorter *sort;        // NULL: items rise
	char filter[LIST_FILTER]; // "" for none
};

void list_free(struct list *l);
// The item behind a line.
size_t list_item(const struct list *l, size_t line);
// The line of an item, or SIZE_MAX when the filter hides it.
size_t list_line(const struct list *l, size_t item);

// The number of items, `hides` or `sort` changed: filters and sorts again. Selection and scroll position stay if
// possible. -ENOMEM drops the filter.
int list_update(struct list *l, size_t items, list_matcher *matches, const void *data);
// Another filter text (cut to LIST_FILTER - 1 bytes). Scans only what matched before when the new text continues the
// old.
int list_set_filter(struct list *l, const char *text, size_t items, list_matcher *matches, const void *data);

// An item was inserted or removed here, so the items behind it have new numbers. A new one does not match the filter
// yet. Not for a sorted list: call list_update().
void list_insert(struct list *l, size_t item);
void list_remove(struct list *l, size_t item);
// Says whether this item matches the filter. 0, or -ENOMEM: call list_update().
int list_set_match(struct list *l, size_t item, bool matches);

// The line shown at so many lines below the top.
size_t list_at(const struct list *l, size_t offset);
void list_resize(struct list *l, size_t height);
void list_move(struct list *l, long lines); // clamped at both ends
// For text without a selection: scrolls, and moves the selection along.
void list_scroll(struct list *l, long lines);
void list_select(struct list *l, size_t line);
// Scrolls as little as needed to show a line, without selecting it.
void list_reveal(struct list *l, size_t line);

#endif
