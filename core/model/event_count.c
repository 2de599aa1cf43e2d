// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/event_count.h"

#include <stdlib.h>
#include <string.h>

enum { INDEX = 2 * EVENT_GROUPS, FIRST = 16 };

static uint64_t mix(uint64_t hash, const void *bytes, size_t len)
{
	const unsigned char *p = bytes;
	for (size_t i = 0; i < len; i++)
		hash = (hash ^ p[i]) * 0x100000001b3;
	return hash;
}

static uint64_t hash_of(const struct bind_event *e)
{
	const struct attempt *a = &e->attempt;
	const uint64_t numbers[] = {(uint64_t)e->call, (uint64_t)e->err, e->netns, e->addr_known, e->socket_known,
				    (uint64_t)a->kind, a->family,        a->port,  a->scope};
	uint64_t hash = mix(0xcbf29ce484222325, numbers, sizeof numbers);
	hash = mix(hash, a->addr.bytes, sizeof a->addr.bytes);
	return mix(hash, e->program, strlen(e->program));
}

bool event_count_same_place(const struct bind_event *a, const struct bind_event *b)
{
	const struct attempt *x = &a->attempt, *y = &b->attempt;
	return a->call == b->call && a->netns == b->netns && a->addr_known && b->addr_known && a->socket_known &&
	       b->socket_known && x->kind == y->kind && x->family == y->family && x->port == y->port &&
	       x->scope == y->scope && addr_equal(&x->addr, &y->addr) && strcmp(a->program, b->program) == 0;
}

bool event_count_same(const struct bind_event *a, const struct bind_event *b)
{
	return a->call == b->call && a->err == b->err && a->netns == b->netns && a->family == b->family &&
	       a->addr_known == b->addr_known && a->socket_known == b->socket_known && a->addrlen == b->addrlen &&
	       attempt_equal(&a->attempt, &b->attempt) && strcmp(a->program, b->program) == 0;
}

// Its place in the index: that of its group, or a free one.
static uint32_t *find(struct event_counts *c, const struct bind_event *e)
{
	size_t at = hash_of(e) % INDEX;
	while (c->index[at] && !event_count_same(c->groups[c->index[at] - 1].event, e))
		at = (at + 1) % INDEX;
	return &c->index[at];
}

static struct event_group *add(struct event_counts *c, const struct bind_event *e)
{
	if (c->n == EVENT_GROUPS)
		return NULL;
	if (c->n == c->cap) {
		size_t cap = c->cap ? 2 * c->cap : FIRST;
		struct event_group *more = reallocarray(c->groups, cap, sizeof *more);
		if (!more)
			return NULL;
		c->groups = more;
		c->cap = cap;
	}
	struct event_group *g = &c->groups[c->n];
	*g = (struct event_group){.first = e->when, .event = malloc(sizeof *e)};
	c->n += g->event != NULL;
	return g->event ? g : NULL;
}

const struct event_group *event_count_find(struct event_counts *c, const struct bind_event *e)
{
	uint32_t at = c->index ? *find(c, e) : 0;
	return at ? &c->groups[at - 1] : NULL;
}

void event_count(struct event_counts *c, const struct bind_event *e, const struct event_verdict *v)
{
	c->total++;
	if (!c->index)
		c->index = calloc(INDEX, sizeof *c->index);
	uint32_t *at = c->index ? find(c, e) : NULL;
	struct event_group *g = !at ? NULL : *at ? &c->groups[*at - 1] : add(c, e);
	if (!g) {
		c->others++;
		return;
	}
	*at = (uint32_t)(g - c->groups) + 1;
	g->times++;
	g->last = e->when;
	*g->event = *e;
	if (v && (v->present || g->times == 1))
		g->verdict = *v;
}

static int worse(const void *a, const void *b)
{
	const struct event_group *x = a, *y = b;
	bool refused = x->event->err, other = y->event->err;
	if (refused != other)
		return refused ? -1 : 1;
	if (x->times != y->times)
		return x->times > y->times ? -1 : 1;
	return x->first < y->first ? -1 : x->first > y->first;
}

void event_count_sort(struct event_counts *c)
{
	if (c->n)
		qsort(c->groups, c->n, sizeof *c->groups, worse);
	free(c->index);
	c->index = NULL;
}

void event_count_free(struct event_counts *c)
{
	for (size_t i = 0; i < c->n; i++)
		free(c->groups[i].event);
	free(c->groups);
	free(c->index);
	*c = (struct event_counts){0};
}
