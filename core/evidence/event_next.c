// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/evidence/event_next.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "core/evidence/evidence.h"
#include "core/evidence/trial.h"
#include "core/model/next_call.h"
#include "core/model/port_pool.h"
#include "core/observe/socks.h"

// The bind that came before, or none: then the call chooses a port, as after one with IP_BIND_ADDRESS_NO_PORT.
static struct attempt before(const struct bind_event *e)
{
	struct attempt a = e->attempt;
	const struct setting later = {.option = OPT_NOPORT, .value = 1};
	if (!e->addr_known)
		a.addr = (struct addr){.family = a.family};
	if (!a.port && !attempt_on(&a, OPT_NOPORT))
		attempt_set(&a, &later);
	a.binds = 1;
	return a;
}

static bool no_port_found(const struct bind_event *e)
{
	return e->err == EADDRNOTAVAIL || e->err == EADDRINUSE || e->err == EAGAIN;
}

static void leave_out(uint64_t inode, struct question *q)
{
	size_t kept = 0;
	for (size_t i = 0; i < q->nsocks; i++)
		if (!inode || q->socks[i].inode != (uint32_t)inode)
			q->socks[kept++] = q->socks[i];
	q->nsocks = kept;
}

// Who has the port; where the call was to choose one, who has which.
static void ask_holders(const struct bind_event *e, const struct attempt *a, struct inquiry *in)
{
	if (a->port)
		evidence_holders(in, a, e->call == CALL_LISTEN);
	else if (no_port_found(e) && socks_read(&in->host->kernel, kind_port_protocol(a->kind), 0, &in->question) < 0)
		in->question.socks_known = NO;
	leave_out(e->inode, &in->question);
}

// It was bound, whatever is there now.
static void take_bound(const struct bind_event *e, struct walk *w)
{
	const struct next_seen seen = {.present = true, .err = e->err, .local = w->attempt.addr, .port = e->local_port};
	w->observed.present = true;
	w->observed.call = CALL_BIND;
	w->observed.err = 0;
	w->agreement = AGREES;
	if (e->call == CALL_LISTEN)
		w->listened = seen;
	else
		w->connected = seen;
}

static bool is_taken_code(enum next_id id)
{
	return id == NEXT_CONNECT_PAIR_TAKEN || id == NEXT_LISTEN_TAKEN || id == NEXT_LISTEN_NO_PORT ||
	       id == NEXT_LISTEN_CONTESTED || id == NEXT_LISTEN_DOUBTFUL || id == NEXT_LISTEN_MAY_CONTEST;
}

static enum code_class class_of(enum next_id id)
{
	switch (id) {
	case NEXT_CONNECT_FROM_LOOPBACK:
	case NEXT_CONNECT_FROM_NOWHERE:
		return CLASS_ADDRESS;
	case NEXT_LISTEN_NOT_STREAM:
	case NEXT_CONNECT_TO_GROUP:
	case NEXT_CONNECT_FAMILY:
	case NEXT_CONNECT_V6ONLY:
	case NEXT_CONNECT_SCOPE:
	case NEXT_CONNECT_OTHER_DEVICE:
		return CLASS_ARGUMENT;
	case NEXT_CONNECT_TO_BROADCAST:
		return CLASS_PERMISSION;
	default:
		return is_taken_code(id) ? CLASS_PORT : CLASS_NONE;
	}
}

// An event has the call, its destination and its errno already: "connect() to 192.0.2.1:80 fails with EINVAL: ...".
static void without_lead(char *sentence)
{
	const bool is_call = strncmp(sentence, "connect() ", strlen("connect() ")) == 0 ||
			     strncmp(sentence, "listen() ", strlen("listen() ")) == 0;
	const char *fails = is_call ? strstr(sentence, "fails with ") : NULL;
	const char *rest = fails ? strstr(fails, ": ") : NULL;
	if (!rest)
		return;
	memmove(sentence, rest + 2, strlen(rest + 2) + 1);
	sentence[0] = (char)toupper((unsigned char)sentence[0]);
}

static void take_next(const struct facts *f, const struct walk *w, enum call call, struct call_reason *out)
{
	struct next_call next[NEXT_CALLS];
	unsigned n = next_calls(f, w, next);
	for (unsigned i = 0; i < n; i++) {
		if (next[i].call != call || !next[i].observed)
			continue;
		snprintf(out->code, sizeof out->code, "%s", next_name(next[i].id));
		next_sentence(f, w, &next[i], out->sentence, sizeof out->sentence);
		without_lead(out->sentence);
		out->class = class_of(next[i].id);
	}
}

static bool is_code(const struct call_reason *r, enum next_id id)
{
	return strcmp(r->code, next_name(id)) == 0;
}

// Nothing, where nothing is seen to be taken: then that is not why.
static void say_pool(const struct bind_event *e, const struct facts *f, struct call_reason *out)
{
	const struct setting *own = attempt_setting(&e->attempt, OPT_PORTRANGE);
	const struct pool p = pool_of(f->host, own ? (uint16_t)own->value : 0, own ? (uint16_t)(own->value >> 16) : 0);
	const struct route_answer *r = &f->question->route;
	const struct addr *from = e->addr_known && !addr_is_any(&e->attempt.addr) ? &e->attempt.addr : &r->local;
	const struct connect_pool c = pool_connect(&p, f->host, f->question, from, &e->attempt.then.dest);
	unsigned taken = c.bound + c.connected + p.reserved;
	if (!p.size || (taken < p.size && !c.bound && !c.connected))
		return;
	char low[REASON_NUMBER], high[REASON_NUMBER], size[REASON_NUMBER], seen[REASON_NUMBER];
	char connected[REASON_NUMBER], bound[REASON_NUMBER], reserved[REASON_NUMBER];
	reason_number(p.low, low);
	reason_number(p.high, high);
	reason_number(c.connected, connected);
	reason_number(c.bound, bound);
	reason_number(p.reserved, reserved);
	if (taken < p.size)
		reason_say(out, REASON_CONNECT_PORTS_LEFT, reason_number(p.size, size), low, high,
			   reason_number(taken, seen), connected, bound, reserved);
	else
		reason_say(out, REASON_CONNECT_PORTS_TAKEN, low, high, connected, bound, reserved);
}

// What the sentences about the next call do not tell apart.
static void refine_connect(const struct bind_event *e, const struct facts *f, struct call_reason *out)
{
	bool named = !is_code(out, NEXT_CONNECT_FAILED) && !is_code(out, NEXT_CONNECT_UNKNOWN) &&
		     !is_code(out, NEXT_CONNECT_PORTS_TAKEN);
	if (out->code[0] && named)
		return;
	if (e->err == EPERM || e->err == EACCES)
		reason_say(out, REASON_CONNECT_HOOK);
	else if (e->err == EADDRNOTAVAIL && f->question->route.err == EADDRNOTAVAIL)
		reason_say(out, REASON_CONNECT_NO_SOURCE);
	else if (no_port_found(e) && !e->local_port && f->question->socks_known == YES)
		say_pool(e, f, out);
}

static void refine_listen(const struct bind_event *e, struct call_reason *out)
{
	if (out->code[0] && !is_code(out, NEXT_LISTEN_FAILED))
		return;
	if (e->err == EINVAL)
		reason_say(out, REASON_LISTEN_STATE);
	else if (e->err == EPERM || e->err == EACCES)
		reason_say(out, REASON_LISTEN_HOOK);
}

void event_next(const struct bind_event *e, struct inquiry *in, struct observer *o, struct call_reason *out)
{
	const struct attempt a = before(e);
	ask_holders(e, &a, in);
	in->caller.net_raw = in->caller.net_admin = in->caller.ping_group = YES;
	evidence_predict(o, in, &a);
	if (e->call == CALL_CONNECT)
		trial_route(&a, &in->caller, &in->question.route);
	take_bound(e, &in->walk);
	const struct facts f = inquiry_facts(in);
	take_next(&f, &in->walk, e->call, out);
	if (e->call == CALL_CONNECT)
		refine_connect(e, &f, out);
	else
		refine_listen(e, out);
}
