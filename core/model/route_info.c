// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/route_info.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

bool route_info_same(const struct route_info *a, const struct route_info *b)
{
	return a->table == b->table && a->metric == b->metric && a->nhid == b->nhid && a->prefsrc == b->prefsrc &&
	       a->type == b->type && a->tos == b->tos && a->protocol == b->protocol && a->scope == b->scope &&
	       a->via == b->via && a->several == b->several && a->rest == b->rest && (a->several || a->oif == b->oif);
}

bool route_info_equal(const struct route_info *a, const struct route_info *b)
{
	return route_info_same(a, b) && a->oif == b->oif && a->flags == b->flags && a->devices == b->devices;
}

int route_info_compare(const struct route_info *a, const struct route_info *b)
{
	if (a->table != b->table)
		return a->table > b->table ? -1 : 1;
	if (a->tos != b->tos)
		return a->tos > b->tos ? -1 : 1;
	return a->metric < b->metric ? -1 : a->metric > b->metric;
}

bool route_info_uses(const struct route_info *i, uint32_t device)
{
	return i->oif == device || ((i->several || !i->oif) && i->devices >> device % 64 & 1);
}

void route_infos_free(struct route_infos *t)
{
	free(t->at);
	free(t->hash);
	*t = (struct route_infos){0};
}

void route_infos_clear(struct route_infos *t)
{
	t->n = t->used = 0;
	t->free = 0;
	if (t->hash_slots)
		memset(t->hash, 0, t->hash_slots * sizeof *t->hash);
}

int route_infos_copy(const struct route_infos *t, struct route_infos *out)
{
	*out = *t;
	out->at = malloc(t->n ? t->n * sizeof *t->at : 1);
	out->hash = malloc(t->hash_slots ? t->hash_slots * sizeof *t->hash : 1);
	if (!out->at || !out->hash) {
		route_infos_free(out);
		return -ENOMEM;
	}
	out->cap = t->n;
	if (t->n)
		memcpy(out->at, t->at, t->n * sizeof *t->at);
	if (t->hash_slots)
		memcpy(out->hash, t->hash, t->hash_slots * sizeof *t->hash);
	return 0;
}

// Where an info belongs in the hash.
static size_t home(const struct route_infos *t, const struct route_info *i)
{
	uint64_t x = (uint64_t)i->table << 32 | i->metric;
	x = (x ^ i->oif ^ (uint64_t)i->nhid << 20 ^ i->rest) * 0x9e3779b97f4a7c15u;
	x ^= (uint64_t)i->type | (uint64_t)i->tos << 8 | (uint64_t)i->protocol << 16 | (uint64_t)i->scope << 24 |
	     (uint64_t)i->flags << 32 | (uint64_t)i->prefsrc << 31;
	x *= 0xbf58476d1ce4e5b9u;
	return (size_t)(x ^ x >> 29) & (t->hash_slots - 1);
}

// The place in the hash of an equal info, or the empty one where it would go.
static size_t place(const struct route_infos *t, const struct route_info *info)
{
	size_t s = home(t, info);
	while (t->hash[s] && !route_info_equal(&t->at[t->hash[s] - 1].info, info))
		s = (s + 1) & (t->hash_slots - 1);
	return s;
}

static void put(struct route_infos *t, uint32_t slot)
{
	size_t s = home(t, &t->at[slot].info);
	while (t->hash[s])
		s = (s + 1) & (t->hash_slots - 1);
	t->hash[s] = slot + 1;
}

void route_infos_rehash(struct route_infos *t)
{
	if (!t->hash_slots)
		return;
	memset(t->hash, 0, t->hash_slots * sizeof *t->hash);
	for (uint32_t i = 0; i < t->n; i++)
		if (t->at[i].uses)
			put(t, i);
}

static int grow_hash(struct route_infos *t)
{
	size_t slots = t->hash_slots ? t->hash_slots * 2 : 64;
	uint32_t *fresh = malloc(slots * sizeof *fresh);
	if (!fresh)
		return -ENOMEM;
	free(t->hash);
	t->hash = fresh;
	t->hash_slots = slots;
	route_infos_rehash(t);
	return 0;
}

size_t route_infos_find(const struct route_infos *t, const struct route_info *info)
{
	uint32_t slot = t->hash_slots ? t->hash[place(t, info)] : 0;
	return slot ? slot - 1 : SIZE_MAX;
}

static int new_slot(struct route_infos *t, uint32_t *slot)
{
	if (t->free) {
		*slot = t->free - 1;
		t->free = t->at[*slot].info.table;
		return 0;
	}
	if (t->n == t->cap) {
		size_t cap = t->cap ? t->cap * 2 : 8;
		void *grown = realloc(t->at, cap * sizeof *t->at);
		if (!grown)
			return -ENOMEM;
		t->at = grown;
		t->cap = cap;
	}
	*slot = (uint32_t)t->n++;
	return 0;
}

int route_infos_take(struct route_infos *t, const struct route_info *info, uint32_t *slot)
{
	size_t found = route_infos_find(t, info);
	if (found != SIZE_MAX) {
		t->at[found].uses++;
		*slot = (uint32_t)found;
		return 0;
	}
	if (t->used * 2 >= t->hash_slots && grow_hash(t) < 0)
		return -ENOMEM;
	if (new_slot(t, slot) < 0)
		return -ENOMEM;
	t->at[*slot].info = *info;
	t->at[*slot].uses = 1;
	t->used++;
	put(t, *slot);
	return 0;
}

// Empties a place of the hash, and moves up what had to go past it.
static void unhash(struct route_infos *t, size_t hole)
{
	size_t mask = t->hash_slots - 1;
	t->hash[hole] = 0;
	for (size_t s = (hole + 1) & mask; t->hash[s]; s = (s + 1) & mask) {
		size_t from = home(t, &t->at[t->hash[s] - 1].info);
		if (((s - from) & mask) < ((s - hole) & mask))
			continue; // it may stay
		t->hash[hole] = t->hash[s];
		t->hash[s] = 0;
		hole = s;
	}
}

void route_infos_drop(struct route_infos *t, uint32_t slot)
{
	if (--t->at[slot].uses)
		return;
	size_t s = home(t, &t->at[slot].info);
	while (t->hash[s] != slot + 1)
		s = (s + 1) & (t->hash_slots - 1);
	unhash(t, s);
	t->at[slot].info.table = t->free;
	t->free = slot + 1;
	t->used--;
}
