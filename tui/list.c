// SPDX-License-Identifier: GPL-3.0-or-later
#include "tui/list.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

void list_free(struct list *l)
{
	free(l->match);
	*l = (struct list){0};
}

size_t list_item(const struct list *l, size_t line)
{
	return l->match ? l->match[line] : line;
}

// The line of the first match that is not before an item.
static size_t find_match(const struct list *l, size_t item)
{
	size_t low = 0, high = l->count;
	while (low < high) {
		size_t mid = low + (high - low) / 2;
		if (l->match[mid] < item)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

size_t list_line(const struct list *l, size_t item)
{
	if (!l->match)
		return item < l->count ? item : SIZE_MAX;
	size_t line = l->sort ? 0 : find_match(l, item);
	while (l->sort && line < l->count && l->match[line] != item)
		line++;
	return line < l->count && l->match[line] == item ? line : SIZE_MAX;
}

// Lines that scroll: all but a last one that is pinned.
static size_t scrolling(const struct list *l)
{
	return l->pinned && l->height > 1 && l->count > l->height ? l->height - 1 : l->height;
}

size_t list_at(const struct list *l, size_t offset)
{
	return offset == scrolling(l) && offset + 1 == l->height ? l->count - 1 : l->top + offset;
}

static void settle(struct list *l)
{
	if (l->selected >= l->count)
		l->selected = l->count ? l->count - 1 : 0;
	if (l->height == 0)
		return;
	size_t last = l->count > l->height ? l->count - l->height : 0;
	if (l->top > last)
		l->top = last;
}

static void drop_filter(struct list *l, size_t items)
{
	free(l->match);
	l->match = NULL;
	l->match_cap = 0;
	l->filter[0] = '\0';
	l->count = items;
}

static int make_room(struct list *l)
{
	if (l->count < l->match_cap)
		return 0;
	size_t cap = l->match_cap ? l->match_cap * 2 : 64;
	uint32_t *grown = realloc(l->match, cap * sizeof *grown);
	if (!grown)
		return -ENOMEM;
	l->match = grown;
	l->match_cap = cap;
	return 0;
}

void list_insert(struct list *l, size_t item)
{
	if (!l->match)
		l->count++;
	for (size_t i = l->match ? find_match(l, item) : l->count; i < l->count; i++)
		l->match[i]++;
}

void list_remove(struct list *l, size_t item)
{
	if (l->match)
		list_set_match(l, item, false);
	else
		l->count--;
	for (size_t i = l->match ? find_match(l, item) : l->count; i < l->count; i++)
		l->match[i]--;
	settle(l);
}

int list_set_match(struct list *l, size_t item, bool matches)
{
	if (!l->match)
		return 0;
	size_t line = find_match(l, item);
	bool does = line < l->count && l->match[line] == item;
	if (does && !matches) {
		l->count--;
		memmove(l->match + line, l->match + line + 1, (l->count - line) * sizeof *l->match);
		settle(l);
	} else if (!does && matches) {
		if (make_room(l) < 0)
			return -ENOMEM;
		memmove(l->match + line + 1, l->match + line, (l->count - line) * sizeof *l->match);
		l->match[line] = (uint32_t)item;
		l->count++;
	}
	return 0;
}

// Keeps the matching ones of the first `items` items, or of the present matches. In place: never writes past what it
// reads.
static int scan(struct list *l, bool narrow, size_t items, list_matcher *matches, const void *data)
{
	size_t n = 0, candidates = narrow ? l->count : items;
	for (size_t i = 0; i < candidates; i++) {
		size_t item = narrow ? l->match[i] : i;
		if (!matches(data, item, l->filter))
			continue;
		if (n == l->match_cap) {
			size_t cap = l->match_cap ? l->match_cap * 2 : 64;
			uint32_t *grown = realloc(l->match, cap * sizeof *grown);
			if (!grown) {
				drop_filter(l, items);
				settle(l);
				return -ENOMEM;
			}
			l->match = grown;
			l->match_cap = cap;
		}
		l->match[n++] = (uint32_t)item;
	}
	l->count = n;
	return 0;
}

// `match` must exist while a filter does, also when nothing matches.
static int need_room(struct list *l)
{
	if (l->match)
		return 0;
	l->match = malloc(64 * sizeof *l->match);
	l->match_cap = l->match ? 64 : 0;
	return l->match ? 0 : -ENOMEM;
}

static int pick(struct list *l, bool narrow, size_t items, list_matcher *matches, const void *data)
{
	int ret = 0;
	if ((l->filter[0] == '\0' && !l->hides && !l->sort) || (ret = need_room(l)) < 0)
		drop_filter(l, items);
	else
		ret = scan(l, narrow, items, matches, data);
	if (l->match && l->sort && !narrow)
		l->sort(data, l->match, l->count);
	return ret;
}

int list_update(struct list *l, size_t items, list_matcher *matches, const void *data)
{
	int ret = pick(l, false, items, matches, data);
	settle(l);
	return ret;
}

int list_set_filter(struct list *l, const char *text, size_t items, list_matcher *matches, const void *data)
{
	size_t item = l->count ? list_item(l, l->selected) : 0;
	bool narrow = l->match && strncmp(text, l->filter, strlen(l->filter)) == 0;
	size_t len = strnlen(text, LIST_FILTER - 1);
	memmove(l->filter, text, len);
	l->filter[len] = '\0';
	int ret = pick(l, narrow, items, matches, data);
	size_t line = list_line(l, item);
	l->selected = line == SIZE_MAX ? 0 : line;
	settle(l);
	list_reveal(l, l->selected);
	return ret;
}

void list_resize(struct list *l, size_t height)
{
	l->height = height;
	settle(l);
	list_reveal(l, l->selected);
}

void list_reveal(struct list *l, size_t line)
{
	if (line >= l->count || l->height == 0)
		return;
	size_t last = l->count > l->height ? l->count - l->height : 0, height = scrolling(l);
	if (line < l->top)
		l->top = line < last ? line : last; // of a pinned line only what is before it scrolls
	else if (line >= l->top + height)
		l->top = line - height + 1 < last ? line - height + 1 : last;
}

void list_select(struct list *l, size_t line)
{
	if (l->count == 0)
		return;
	l->selected = line < l->count ? line : l->count - 1;
	list_reveal(l, l->selected);
}

void list_move(struct list *l, long lines)
{
	size_t by = lines < 0 ? 0 - (size_t)lines : (size_t)lines;
	if (lines < 0)
		list_select(l, by > l->selected ? 0 : l->selected - by);
	else
		list_select(l, by > SIZE_MAX - l->selected ? SIZE_MAX : l->selected + by);
}

void list_scroll(struct list *l, long lines)
{
	size_t last = l->count > l->height ? l->count - l->height : 0;
	size_t by = lines < 0 ? 0 - (size_t)lines : (size_t)lines;
	if (lines < 0)
		l->top = by > l->top ? 0 : l->top - by;
	else
		l->top = by > last - l->top ? last : l->top + by;
	l->selected = l->top;
}
