// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/record/frame_bind.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/model/decide.h"
#include "core/model/walk_conclude.h"
#include "core/model/walk_merge.h"

// Room for `further`, and no more than FRAME_SOCKS holders of a port. False when memory runs out.
static bool copy_question(const struct question *q, struct question *out, size_t *more)
{
	size_t n = q->nsocks < FRAME_SOCKS ? q->nsocks : FRAME_SOCKS;
	*out = *q;
	out->further = NULL;
	out->socks = n ? malloc(n * sizeof *out->socks) : NULL;
	out->nsocks = out->socks_cap = n;
	*more += q->nsocks - n;
	if (n && !out->socks) {
		out->nsocks = out->socks_cap = 0;
		return false;
	}
	if (n)
		memcpy(out->socks, q->socks, n * sizeof *out->socks);
	if (!q->further)
		return true;
	out->further = calloc(1, sizeof *out->further);
	return out->further && copy_question(q->further, out->further, more);
}

static void take_claims(struct frame_bind *b, const struct walk *w)
{
	const struct walk_step *s = w->steps;
	for (; b->ncalls < sizeof b->calls / sizeof *b->calls && b->ncalls < w->nsteps; b->ncalls++, s++) {
		const struct claim *c = &s->claims[EV_SYSCALL];
		if (!c->present || (s->step != STEP_SOCKET && s->step != STEP_SETSOCKOPT))
			break;
		b->calls[b->ncalls] = (struct call_seen){c->value, c->err};
	}
	for (unsigned i = 0; i < w->nsteps; i++) {
		const struct claim *c = &w->steps[i].claims[EV_KERNEL];
		if (w->steps[i].step != STEP_CLASSIFY || !c->present || !c->of_points)
			continue;
		b->witness.present = true;
		b->witness.lookups = c->count;
		b->witness.table = c->table;
		b->witness.oif = c->oif;
		b->witness.err = c->err;
	}
}

struct frame_bind *frame_bind_take(const struct inquiry *in)
{
	const struct walk *w = &in->walk;
	struct frame_bind *b = calloc(1, sizeof *b);
	if (!b)
		return NULL;
	b->attempt = w->attempt;
	b->caller = in->caller;
	if (!copy_question(&in->question, &b->question, &b->more_socks)) {
		frame_bind_free(b);
		return NULL;
	}
	take_claims(b, w);
	b->observed.present = w->observed.present;
	b->observed.call = w->observed.call;
	b->observed.err = w->observed.err;
	b->observed.local = w->observed.local;
	b->observed.port = w->observed.port;
	b->observed.scope = w->observed.scope;
	snprintf(b->unwitnessed, sizeof b->unwitnessed, "%s", w->unwitnessed ? w->unwitnessed : "");
	b->inner = w->inner;
	b->listened = w->listened;
	b->connected = w->connected;
	b->agreement = w->agreement;
	b->code = w->code;
	b->predicted = w->predicted.err;
	b->holds_for = w->holds_for;
	return b;
}

void frame_bind_free(struct frame_bind *b)
{
	if (b)
		question_free(&b->question);
	free(b);
}

// What evidence_gather() merged, in its order.
static void merge(const struct frame_bind *b, struct walk *w)
{
	const struct fib_answer *fib = &b->question.fib;
	if (fib->present)
		walk_ask(w, fib->err, fib->type, fib->table, fib->len);
	struct bind_seen seen = {
		.ncalls = b->ncalls, .unwitnessed = b->unwitnessed[0] ? b->unwitnessed : NULL, .inner = &b->inner};
	memcpy(seen.calls, b->calls, sizeof seen.calls);
	seen.observed.present = b->observed.present;
	seen.observed.call = b->observed.call;
	seen.observed.err = b->observed.err;
	seen.observed.local = b->observed.local;
	seen.observed.port = b->observed.port;
	seen.observed.scope = b->observed.scope;
	seen.lookups.present = b->witness.present;
	seen.lookups.count = b->witness.lookups;
	seen.lookups.table = b->witness.table;
	seen.lookups.err = b->witness.err;
	seen.lookups.oif = b->witness.oif;
	walk_merge(w, &seen);
	if (b->agreement == CHANGED)
		walk_changed(w);
	else if (b->agreement == OPEN)
		walk_unchecked(w);
	w->listened = b->listened;
	w->connected = b->connected;
	w->holds_for = b->holds_for;
}

bool frame_bind_inquiry(const struct frame_bind *b, const struct host *h, struct inquiry *out)
{
	size_t more = 0;
	*out = (struct inquiry){.host = h, .caller = b->caller};
	if (!copy_question(&b->question, &out->question, &more)) {
		inquiry_free(out);
		return false;
	}
	const struct facts facts = inquiry_facts(out);
	decide(&facts, &b->attempt, &out->walk);
	merge(b, &out->walk);
	return true;
}

bool frame_bind_is_same(const struct frame_bind *b, const struct walk *w)
{
	return w->code == b->code && w->predicted.err == b->predicted && w->agreement == b->agreement;
}

// "192.0.2.1 80", "fe80::1%eth0 80".
static void print_endpoint(const struct addr *addr, const char *scope, uint32_t index, unsigned port, char *buf,
			   size_t len)
{
	char text[ADDR_TEXT], digits[SCOPE_TEXT];
	snprintf(digits, sizeof digits, "%u", index);
	const char *zone = scope[0] ? scope : index ? digits : "";
	snprintf(buf, len, "%s%s%s %u", addr_print(addr, text), zone[0] ? "%" : "", zone, port);
}

char *frame_bind_lines(const struct attempt *a, enum unprivileged how, char buf[static FRAME_BIND_LINES])
{
	enum { ENDPOINT = ADDR_TEXT + 2 * SCOPE_TEXT + 8 };
	char text[48], at[ENDPOINT];
	size_t used = 0;
#define LINE(...) used += (size_t)snprintf(buf + used, FRAME_BIND_LINES - used, __VA_ARGS__)
	buf[0] = '\0';
	if (how != UNPRIVILEGED_OFF)
		LINE("%s%s\n", unprivileged_name(how), how == UNPRIVILEGED_ON ? " on" : "");
	if (a->kind != KIND_TCP)
		LINE("proto %s\n", kind_info(a->kind)->name);
	for (unsigned i = 0; i < a->nsettings; i++)
		LINE("set %s\n", setting_print(&a->settings[i], text));
	print_endpoint(&a->addr, a->scope_name, a->scope, a->port, at, sizeof at);
	bool own_family = a->family != a->addr.family, own_sa = a->sa_family != SA_FAMILY_AS_ADDRESS;
	bool own_len = a->addrlen != ADDRLEN_WHOLE, again = a->binds > 1,
	     plain = !a->then.listen && !a->then.dest.addr.family;
	if (own_family || own_sa || own_len || again || !plain)
		LINE("address %s\n", at);
	if (own_family)
		LINE("family %s\n", a->family == AF_INET ? "inet" : "inet6");
	if (own_sa)
		LINE("sa-family %d\n", a->sa_family);
	if (own_len)
		LINE("addrlen %d\n", a->addrlen);
	if (again)
		LINE("again on\n");
	if (a->then.listen)
		LINE("listen");
	else if (!plain) {
		print_endpoint(&a->then.dest.addr, a->then.dest.scope, a->then.dest_scope, a->then.dest.port, at,
			       sizeof at);
		LINE("connect %s", at);
	} else if (own_family || own_sa || own_len || again)
		LINE("bind");
	else
		LINE("bind %s", at);
#undef LINE
	return buf;
}
