// SPDX-License-Identifier: GPL-3.0-or-later
// How far a verdict holds: the largest prefix around the address in which nothing changes that the verdict rests on.
#include "core/model/decide_range.h"

#include <linux/rtnetlink.h>
#include <string.h>
#include <sys/socket.h>

#include "core/model/fib.h"

// Addresses that are judged without a look at routes or the address list.
static const struct prefix special[] = {
	{{AF_INET, {0}}, 32},                         // 0.0.0.0
	{{AF_INET, {255, 255, 255, 255}}, 32},        // 255.255.255.255
	{{AF_INET, {224}}, 4},                        // 224.0.0.0/4
	{{AF_INET6, {0}}, 128},                       // ::
	{{AF_INET6, {[15] = 1}}, 128},                // ::1
	{{AF_INET6, {0}}, 96},                        // ::/96
	{{AF_INET6, {[10] = 0xff, [11] = 0xff}}, 96}, // ::ffff:0:0/96
	{{AF_INET6, {0xfe, 0x80}}, 10},               // fe80::/10
	{{AF_INET6, {0xfe, 0xc0}}, 10},               // fec0::/10
	{{AF_INET6, {0xff}}, 8},                      // ff00::/8
};

// Does p begin inside the block without covering it?
static bool cuts(const struct prefix *p, const struct prefix *block)
{
	return p->len > block->len && prefix_covers(block, &p->addr);
}

// Multicast of scope 1 and 2 needs a device, whatever the flags before the scope are: ff01::/16, ff02::/16, ff11::/16,
// ...
static bool scope_cuts(const struct prefix *block)
{
	const uint8_t *b = block->addr.bytes;
	if (block->addr.family != AF_INET6 || b[0] != 0xff || block->len < 8 || block->len >= 16)
		return false;
	for (unsigned second = b[1]; second <= (b[1] | 0xffu >> (block->len - 8)); second++)
		if ((second & 0x0f) == 1 || (second & 0x0f) == 2)
			return true;
	return false;
}

static bool special_cuts(const struct prefix *block)
{
	for (size_t i = 0; i < sizeof special / sizeof *special; i++)
		if (cuts(&special[i], block))
			return true;
	return scope_cuts(block);
}

// Routes of other tables are stepped over, but not without end: a block with more of them than this is not looked
// through, and the range that is named stays smaller than it might be.
enum { LOOKS = 4096 };

static bool route4_cuts(const struct host *h, uint32_t table, const struct prefix *block)
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
	for (size_t i = lo; i < h->nroutes4 && h->routes4[i].dst <= end; i++) {
		const struct route_info *info = host_info4(h, i);
		bool counts = !info->tos && fib_in_table(h, table, info->table);
		if (h->routes4[i].len > block->len && (counts || i - lo >= LOOKS))
			return true;
	}
	return false;
}

// Routes count for the reason of a refusal only, and those of table local alone.
static bool route6_cuts(const struct host *h, const struct prefix *block)
{
	size_t lo = 0, hi = h->nroutes6;
	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;
		if (memcmp(&h->routes6[mid].dst, block->addr.bytes, 16) < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	for (size_t i = lo; i < h->nroutes6; i++) {
		struct prefix p = host_prefix6(h, i);
		if (!prefix_covers(block, &p.addr))
			return false;
		if (p.len > block->len && (host_info6(h, i)->table == RT_TABLE_LOCAL || i - lo >= LOOKS))
			return true;
	}
	return false;
}

// An address of the host cuts every block that is more than itself.
static bool addrs_cut(const struct host *h, const struct prefix *block)
{
	size_t lo = 0, hi = h->naddrs;
	if (block->len == (block->addr.family == AF_INET ? 32 : 128))
		return false;
	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;
		if (addr_compare(&h->addrs[mid].addr, &block->addr) < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo < h->naddrs && prefix_covers(block, &h->addrs[lo].addr);
}

// Where the reason of a refusal changes though no route is there: it may be an interface that is down
// (decide_absent4()).
static bool absent_cuts(const struct host *h, const struct prefix *block)
{
	const struct prefix loop = {{AF_INET, {127}}, 8};
	bool cut = cuts(&loop, block);
	for (size_t i = 0; i < h->naddrs && h->addrs[i].addr.family == AF_INET && !cut; i++) {
		const struct host_addr *e = &h->addrs[i];
		struct prefix own = {addr_masked(&e->addr, e->prefixlen), e->prefixlen}, last = {own.addr, 32};
		last.addr = addr_from_v4(addr_v4(&own.addr) | (uint32_t)(UINT64_C(0xffffffff) >> own.len));
		cut = cuts(&own, block) || cuts(&last, block);
	}
	return cut;
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

// The IPv4 address by which TCP and UDP know some sockets of IPv6.
static const struct addr shadow = {AF_INET, {127, 0, 0, 6}};

// As an IPv6 socket writes it.
static struct addr as_mapped(const struct addr *v4)
{
	struct addr a = {AF_INET6, {[10] = 0xff, [11] = 0xff}};
	memcpy(a.bytes + 12, v4->bytes, 4);
	return a;
}

static bool meets(const struct facts *f, const struct walk *w, const struct claimant *me, const struct sock *holder)
{
	uint16_t port = w->attempt.port;
	return (!port || holder->port == port) && port_conflict(f->host, me, holder, !port) != NO;
}

// Does a socket at another address of the block keep the port from those who bind there? One that has it everywhere was
// judged for the address itself. Of the ports that the kernel chooses from, any one counts.
static bool holders_cut(const struct facts *f, const struct walk *w, const struct prefix *block, bool mapped)
{
	const struct question *q = f->question;
	struct claimant me = w->claimant;
	bool shadowed = prefix_covers(block, &shadow);
	for (size_t i = 0; i < q->nsocks; i++) {
		const struct addr *a = &q->socks[i].addr;
		bool v4 = a->family == AF_INET || addr_is_mapped(a);
		struct addr plain = v4 ? addr_from_v4(addr_v4(a)) : *a;
		me.addr = mapped ? as_mapped(&plain) : plain;
		if (prefix_covers(block, &plain) && !addr_equal(&me.addr, &w->attempt.addr) &&
		    meets(f, w, &me, &q->socks[i]))
			return true;
		me.addr = mapped ? as_mapped(&shadow) : shadow;
		if (shadowed && !addr_equal(&me.addr, &w->attempt.addr) && meets(f, w, &me, &q->socks[i]))
			return true;
	}
	return false;
}

// Who else has the port may not be known: then neither is how it ends at another address.
static bool holders_unseen(const struct walk *w)
{
	for (unsigned i = 0; i < w->nsteps; i++)
		if (w->steps[i].reached && (w->steps[i].finding == PORT_UNASKED || w->steps[i].finding == PORT_UNSEEN))
			return true;
	return false;
}

void decide_range(const struct facts *f, struct walk *w)
{
	const struct host *h = f->host;
	const struct addr *a = &w->attempt.addr;
	bool mapped = addr_is_mapped(a), v4 = a->family == AF_INET || mapped;
	struct addr plain = v4 ? addr_from_v4(addr_v4(a)) : *a;
	bool otherwise = w->agreement == HOOK || w->agreement == DISAGREES; // the verdict is not the model's
	otherwise |= w->code == CODE_TABLE_SPLIT;                           // what else is in that table was not read
	bool other_family = w->attempt.family != a->family; // another address is read than the one given
	if (otherwise || other_family || !rests_on_address(w) || holders_unseen(w) || (v4 && !h->routes4_read))
		return;
	enum step_id decisive = w->steps[w->decisive].step;
	const struct walk_step *classify = walk_find(w, STEP_CLASSIFY);
	const struct input *in = classify ? step_input(classify, IN_TABLE) : NULL;
	uint32_t table = in ? (uint32_t)in->number : RT_TABLE_LOCAL;
	bool lists = v4 ? decisive == STEP_ACCEPTABLE : decisive == STEP_ADDRESS_LIST;
	for (unsigned len = 0; len <= (v4 ? 32u : 128u); len++) {
		struct prefix block = {.addr = addr_masked(&plain, len), .len = (uint8_t)len};
		if (special_cuts(&block) || (v4 && route4_cuts(h, table, &block)) || (lists && addrs_cut(h, &block)) ||
		    (lists && v4 && absent_cuts(h, &block)) || (lists && !v4 && route6_cuts(h, &block)) ||
		    (!w->predicted.err && holders_cut(f, w, &block, mapped)))
			continue;
		if (mapped) { // back into its clothes
			block.len = (uint8_t)(96 + len);
			block.addr = addr_masked(a, block.len);
		}
		w->holds_for = block;
		return;
	}
}
