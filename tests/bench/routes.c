// SPDX-License-Identifier: GPL-3.0-or-later
// routes N: adds N local routes of mixed lengths to this network namespace, the same each time.
#include <stdio.h>
#include <stdlib.h>

#include "tests/bench/route.h"

static uint32_t noise(uint32_t *seed)
{
	*seed = *seed * 1664525 + 1013904223;
	return *seed >> 8 ^ *seed << 13;
}

// A third are single addresses, the rest networks from /17 to /31. None is in 0/8, 10/8, 127/8 or 203/8, none is
// multicast.
static struct prefix4 next_prefix(uint32_t *seed)
{
	for (;;) {
		uint32_t addr = noise(seed), net = addr >> 24;
		uint8_t len = noise(seed) % 3 ? (uint8_t)(17 + noise(seed) % 15) : 32;
		if (net && net < 224 && net != 10 && net != 127 && net != 203)
			return (struct prefix4){addr & ~UINT32_C(0) << (32 - len), len};
	}
}

int main(int argc, char **argv)
{
	size_t wanted = argc == 2 ? strtoul(argv[1], NULL, 10) : 0;
	struct prefix4 *p = calloc(wanted ? wanted : 1, sizeof *p);
	uint32_t seed = 1;
	if (!wanted || !p) {
		fprintf(stderr, "usage: routes N\n");
		return 2;
	}
	// Duplicates are refused: draw others instead.
	for (size_t missing = wanted; missing;) {
		for (size_t i = 0; i < missing; i++)
			p[i] = next_prefix(&seed);
		missing = route_change(true, p, missing);
	}
	free(p);
	return 0;
}
