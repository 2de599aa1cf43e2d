// SPDX-License-Identifier: GPL-3.0-or-later
// How far a verdict holds: the largest prefix around the address in which nothing changes that the verdict rests on.
#include "core/decide.h"

#include <string.h>
#include <sys/socket.h>

// Addresses that are judged without a look at routes or the address list.
static const struct {
	const char *text;
} special[] = {
	{"0.0.0.0"}, {"255.255.255.255"}, {"224.0.0.0/4"}, {"::"},        {"::1"},
	{"::/96"},   {"::ffff:0:0/96"},   {"fe80::/10"},   {"fec0::/10"}, {"ff00::/8"},
};

// Does p begin inside the block without covering it?
static bool cuts(const struct prefix *p, const struct prefix *block)
{
	return p->len > block->len && prefix_covers(block, &p->addr);
}

static bool special_cuts(const struct prefix *block)
{
	for (size_t i = 0; i < sizeof special / sizeof *special; i++) {
		struct prefix p;
		if (prefix_parse(special[i].text, &p) == 0 && cuts(&p, block))
			return true;
	}
	return false;
}

static bool route4_cuts(const struct host *h, const struct prefix *block)
{
	uint32_t start = addr_v4(&block->addr), end = start | (uint32_t)(UINT64_C(0xffffffff) >> block->len);
	size_t lo = 0, hi = h->nroutes4;
	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;
		if (h->routes4[mid].dst < start)
			lo = mid + 1;
		else
			hi = mid;
	}
	for (; lo < h->nroutes4 && h->routes4[lo].dst <= end; lo++)
		if (h->routes4[lo].len > block->len)
			return true;
	return false;
}

static bool list_cuts(const struct host *h, const struct prefix *block)
{
	for (size_t i = 0; i < h->naddrs; i++) {
		struct prefix p = {.addr = h->addrs[i].addr, .len = 128};
		if (cuts(&p, block))
			return true;
	}
	for (size_t i = 0; i < h->nroutes6; i++) {
		struct prefix p = host_prefix6(h, i);
		if (cuts(&p, block))
			return true;
	}
	return false;
}

static bool rests_on_address(const struct walk *w)
{
	switch (w->steps[w->decisive].step) {
	case STEP_CLASSIFY:
	case STEP_NONLOCAL:
	case STEP_ACCEPTABLE:
	case STEP_ADDRESS_LIST:
		return true;
	default:
		return false;
	}
}

void decide_range(const struct host *h, struct walk *w)
{
	const struct addr *a = &w->attempt.addr;
	bool mapped = addr_is_mapped(a), v4 = a->family == AF_INET || mapped;
	struct addr plain = v4 ? addr_from_v4(addr_v4(a)) : *a;
	if (!rests_on_address(w) || (v4 && !h->routes4_read))
		return;
	for (unsigned len = 0; len <= (v4 ? 32u : 128u); len++) {
		struct prefix block = {.addr = addr_masked(&plain, len), .len = (uint8_t)len};
		if (special_cuts(&block) || (v4 ? route4_cuts(h, &block) : list_cuts(h, &block)))
			continue;
		if (mapped) { // back into its clothes
			block.len = (uint8_t)(96 + len);
			block.addr = addr_masked(a, block.len);
		}
		w->holds_for = block;
		return;
	}
}
