// SPDX-License-Identifier: GPL-3.0-or-later
// Reproducible chance: one seed gives one run.
#ifndef BINDWALK_CHANCE_H
#define BINDWALK_CHANCE_H

#include <stdbool.h>
#include <stdint.h>

struct chance {
	uint64_t state;
};

// xorshift64*; the state must not be zero.
static inline uint32_t chance_next(struct chance *c)
{
	c->state ^= c->state >> 12;
	c->state ^= c->state << 25;
	c->state ^= c->state >> 27;
	return (uint32_t)(c->state * UINT64_C(2685821657736338717) >> 32);
}

static inline struct chance chance_new(uint64_t seed)
{
	struct chance c = {.state = seed * UINT64_C(0x9e3779b97f4a7c15) + 1};
	if (!c.state)
		c.state = 1;
	chance_next(&c);
	return c;
}

static inline unsigned chance_below(struct chance *c, unsigned n)
{
	return chance_next(c) % n;
}

static inline bool chance_percent(struct chance *c, unsigned percent)
{
	return chance_below(c, 100) < percent;
}

#define CHANCE_OF(c, array) ((array)[chance_below(c, sizeof(array) / sizeof *(array))])

#endif
