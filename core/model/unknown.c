// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/unknown.h"

#include <errno.h>
#include <linux/rtnetlink.h>
#include <string.h>
#include <sys/socket.h>

const char *unknown_name(unsigned id)
{
	static const char *const names[] = {
		[UNKNOWN_RESERVED - SYSCTL_COUNT] = "net.ipv4.ip_local_reserved_ports",
		[UNKNOWN_INET6 - SYSCTL_COUNT] = "IPv6 support of the kernel",
		[UNKNOWN_KIND - SYSCTL_COUNT] = "kernel support for such sockets",
		[UNKNOWN_ROUTES4 - SYSCTL_COUNT] = "IPv4 routes",
		[UNKNOWN_TABLES4 - SYSCTL_COUNT] = "IPv4 tables",
		[UNKNOWN_TRIE - SYSCTL_COUNT] = "IPv4 tries",
		[UNKNOWN_CAPABILITIES - SYSCTL_COUNT] = "capabilities of the process",
		[UNKNOWN_PING_GROUP - SYSCTL_COUNT] = "groups of the process",
	};
	return id < SYSCTL_COUNT ? sysctl_info((enum sysctl_id)id)->name : names[id - SYSCTL_COUNT];
}

static bool is_unknown(const struct facts *f, const struct attempt *a, struct walk *w, unsigned id)
{
	const struct host *h = f->host;
	const struct walk_step *classify = walk_find(w, STEP_CLASSIFY);
	if (id < SYSCTL_COUNT) // one file may have two of them
		return h->sysctl_hidden[id] && sysctl_find(unknown_name(id)) == (int)id;
	switch ((enum unknown_id)id) {
	case UNKNOWN_RESERVED:
		return h->reserved_hidden;
	case UNKNOWN_INET6:
		return a->family == AF_INET6 && h->has_inet6 == UNKNOWN;
	case UNKNOWN_KIND:
		return h->has_kind[a->kind] == UNKNOWN;
	case UNKNOWN_ROUTES4:
		return !h->routes4_read && classify && classify->rests_on != EV_ASKED;
	case UNKNOWN_TABLES4:
		return h->has_local4 == UNKNOWN || h->has_main4 == UNKNOWN;
	case UNKNOWN_TRIE:
		return h->trie == TRIE_UNKNOWN;
	case UNKNOWN_CAPABILITIES: // all of them are read at once
		return f->caller->net_admin == UNKNOWN;
	case UNKNOWN_PING_GROUP:
		return f->caller->ping_group == UNKNOWN;
	case UNKNOWN_COUNT:
		break;
	}
	return false;
}

// The other world: what of the facts is not as it was.
struct world {
	struct host host; // shares all arrays; only read
	struct caller caller;
	struct question question;
};

// An answer to the lookup that was not made.
static void answer(struct question *q, struct walk *w, bool local)
{
	const struct walk_step *s = walk_find(w, STEP_CLASSIFY);
	const struct input *table = s ? step_input(s, IN_TABLE) : NULL;
	if (!table)
		return;
	q->fib = (struct fib_answer){.present = true,
				     .table = (uint32_t)table->number,
				     .dst = addr_v4(&w->attempt.addr),
				     .err = local ? 0 : -EAGAIN,
				     .type = local ? RTN_LOCAL : 0,
				     .len = 32};
}

// Whatever range it is: all of its ports may be reserved, or held.
static void fill_range(struct world *o)
{
	bool any = o->host.reserved_hidden || o->question.nsocks > 0;
	for (size_t i = 0; i < sizeof o->host.reserved_ports && !any; i++)
		any = o->host.reserved_ports[i] != 0;
	if (any)
		memset(o->host.reserved_ports, 0xff, sizeof o->host.reserved_ports);
}

// Gives the input its lowest value, or its highest.
static void suppose(struct world *o, const struct attempt *a, struct walk *w, unsigned id, bool high)
{
	enum { ODD_AND_BEYOND_PORTS = 65537 };
	struct host *h = &o->host;
	if (id == SYSCTL_PING_GID_LOW || id == SYSCTL_PING_GID_HIGH)
		o->caller.ping_group = high ? YES : NO;
	if (id == SYSCTL_PORT_LOW) {
		if (high)
			fill_range(o);
		return;
	}
	if (id < SYSCTL_COUNT) {
		h->sysctl[id] = high ? ODD_AND_BEYOND_PORTS : 0;
		return;
	}
	switch ((enum unknown_id)id) {
	case UNKNOWN_RESERVED:
		for (size_t i = 0; i < sizeof h->reserved_ports; i++)
			h->reserved_ports[i] = high ? 0xff : 0;
		break;
	case UNKNOWN_INET6:
		h->has_inet6 = high ? YES : NO;
		break;
	case UNKNOWN_KIND:
		h->has_kind[a->kind] = high ? YES : NO;
		break;
	case UNKNOWN_ROUTES4:
		answer(&o->question, w, high);
		break;
	case UNKNOWN_TABLES4:
		h->has_local4 = h->has_local4 != UNKNOWN ? h->has_local4 : high ? YES : NO;
		h->has_main4 = h->has_main4 != UNKNOWN ? h->has_main4 : high ? YES : NO;
		break;
	case UNKNOWN_TRIE:
		h->trie = high ? TRIE_MERGED : TRIE_SPLIT;
		break;
	case UNKNOWN_CAPABILITIES:
		// The highest start of unprivileged ports counts where the capability is missing.
		o->caller.net_bind_service = o->caller.net_raw = o->caller.net_admin = high ? NO : YES;
		break;
	case UNKNOWN_PING_GROUP:
		o->caller.ping_group = high ? YES : NO;
		break;
	case UNKNOWN_COUNT:
		break;
	}
}

static bool ends_otherwise(const struct walk *w, const struct walk *other)
{
	return w->predicted.call != other->predicted.call || w->predicted.err != other->predicted.err;
}

static enum outcome steered(const struct walk_step *s)
{
	enum outcome o = finding_info(s->finding)->outcome;
	return o == SPEAKS_FOR ? GOES_ON : o;
}

// Another way to the same is the same; so is a question that is not asked there, unless it ends the bind here.
static bool differs(const struct walk_step *s, const struct walk_step *there)
{
	enum outcome a = steered(s), b = steered(there);
	if (s->finding == NOT_REACHED || there->finding == NOT_REACHED || a == b)
		return false;
	return (a != PASSED_BY && b != PASSED_BY) || a == REFUSES || b == REFUSES;
}

// Which steps found something else there?
static void compare(struct walk *w, const struct walk *other, uint32_t ids)
{
	for (unsigned i = 0; i < w->nsteps; i++) {
		struct walk_step *s = &w->steps[i];
		bool several = ids & (ids - 1); // which say nothing of a step that one of them explains
		if (!differs(s, &other->steps[i]) || (several && s->uncertain))
			continue;
		s->unknown |= ids;
		s->uncertain = true;
	}
	w->predicted.certain &= !ends_otherwise(w, other);
}

// Decides on the lowest, or highest, values of these inputs.
static void decide_there(const struct facts *f, const struct attempt *a, decide_fn *decide_as_read, struct walk *w,
			 uint32_t ids, bool high, struct walk *out)
{
	struct world o = {.host = *f->host, .caller = *f->caller, .question = *f->question};
	const struct facts there = {&o.host, &o.caller, &o.question};
	for (unsigned id = 0; id < UNKNOWN_COUNT; id++)
		if (ids >> id & 1)
			suppose(&o, a, w, id, high);
	decide_as_read(&there, a, out);
}

// Of inputs that together end the bind otherwise: those without which they do not.
static uint32_t needed(const struct facts *f, const struct attempt *a, decide_fn *decide_as_read, struct walk *w,
		       uint32_t ids, bool high)
{
	struct walk other;
	for (unsigned id = 0; id < UNKNOWN_COUNT; id++) {
		uint32_t fewer = ids & ~(UINT32_C(1) << id);
		if (fewer == ids)
			continue;
		decide_there(f, a, decide_as_read, w, fewer, high, &other);
		ids = ends_otherwise(w, &other) ? fewer : ids;
	}
	return ids;
}

void unknown_judge(const struct facts *f, const struct attempt *a, decide_fn *decide_as_read, struct walk *w)
{
	struct walk other;
	uint32_t all = 0;
	for (unsigned id = 0; id < UNKNOWN_COUNT; id++)
		all |= (uint32_t)is_unknown(f, a, w, id) << id;
	for (unsigned id = 0; id < UNKNOWN_COUNT; id++)
		for (int high = 0; all >> id & 1 && high < 2; high++) {
			decide_there(f, a, decide_as_read, w, UINT32_C(1) << id, high, &other);
			compare(w, &other, UINT32_C(1) << id);
		}
	for (int high = 0; all & (all - 1) && w->predicted.certain && high < 2; high++) { // some count together only
		decide_there(f, a, decide_as_read, w, all, high, &other);
		if (ends_otherwise(w, &other))
			compare(w, &other, needed(f, a, decide_as_read, w, all, high));
	}
	w->steps[w->nsteps - 1].uncertain = !w->predicted.certain;
	if (w->steps[w->decisive].uncertain && !w->predicted.certain && w->decisive < w->nsteps - 1)
		w->code = CODE_INPUT_UNKNOWN;
}
