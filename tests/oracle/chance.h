// SPDX-License-Identifier: GPL-3.0-or-later
// Reproducible chance: one seed gives one run. Tests start from the same seed each time, so that only the code decides
// the result; the seed "random" draws one.
#ifndef BINDWALK_CHANCE_H
#define BINDWALK_CHANCE_H

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

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

// The seed in an environment variable, or `otherwise`.
static inline uint64_t chance_seed(const char *variable, uint64_t otherwise)
{
	const char *text = getenv(variable);
	uint32_t drawn;
	if (!text || !*text)
		return otherwise;
	if (strcmp(text, "random") == 0 && getrandom(&drawn, sizeof drawn, 0) == sizeof drawn)
		return drawn;
	return strtoull(text, NULL, 10);
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
