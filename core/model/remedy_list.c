// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/remedy_list.h"

#include <netinet/in.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "core/model/decide.h"
#include "core/model/walk_text.h"

enum { DEEPEST = 2, MOST_JOINED = 2 };

static struct facts world_facts(const struct world *v)
{
	return (struct facts){v->host, &v->caller, v->question};
}

bool remedy_is_v4(const struct attempt *a)
{
	return a->family == AF_INET || addr_is_mapped(&a->addr);
}

struct remedy remedy_new(enum remedy_kind kind, enum remedy_reach reach, enum remedy_needs needs)
{
	return (struct remedy){.kind = kind,
			       .reach = reach,
			       .needs = needs,
			       .by_hand = reach == REACH_PROGRAM || reach == REACH_OTHER_PROGRAM,
			       .waits = kind == REMEDY_WAIT};
}

void remedy_change(struct remedy *r, const char *fmt, ...)
{
	va_list args;
	va_start(args, fmt);
	vsnprintf(r->change, sizeof r->change, fmt, args);
	va_end(args);
}

void remedy_keep(struct remedy *r, const char *fmt, ...)
{
	va_list args;
	va_start(args, fmt);
	vsnprintf(r->keep, sizeof r->keep, fmt, args);
	va_end(args);
}

void remedy_shell(struct remedy *r, const char *fmt, ...)
{
	va_list args;
	va_start(args, fmt);
	vsnprintf(r->shell, sizeof r->shell, fmt, args);
	va_end(args);
}

void remedy_command(struct remedy *r, const char *fmt, ...)
{
	va_list args;
	if (r->ncommands == REMEDY_COMMANDS)
		return;
	va_start(args, fmt);
	vsnprintf(r->commands[r->ncommands], sizeof r->commands[0], fmt, args);
	va_end(args);
	if (!r->change[0])
		remedy_change(r, "%s", r->commands[r->ncommands]);
	r->ncommands++;
}

// The kernel's order of decisions, from the end: a refusal with fewer steps left is a later obstacle.
static unsigned steps_left(const struct walk *w)
{
	return w->nsteps - w->decisive;
}

// What undoes the cause comes first, then what needs no privilege. Of either what leaves no obstacle, then what
// concerns the fewest, then what is sure.
static unsigned cost(const struct remedy *r)
{
	if (r->mends && !r->then.remains)
		return 0;
	return 1 + (r->needs != NEEDS_NOTHING) * 1000u + r->then.remains * 100u + r->reach * 10u + !r->verified;
}

// Do both come to the same socket?
static bool is_same(const struct remedy *a, const struct remedy *b)
{
	bool sockets = a->reach == REACH_SOCKET && b->reach == REACH_SOCKET && !a->ncommands && !b->ncommands &&
		       a->kind != REMEDY_WAIT && b->kind != REMEDY_WAIT;
	return strcmp(a->change, b->change) == 0 || (sockets && attempt_equal(&a->attempt, &b->attempt));
}

static void insert(struct remedy_list *l, const struct remedy *r)
{
	unsigned at = l->n;
	for (unsigned i = 0; i < l->n; i++)
		if (is_same(&l->out[i], r))
			return;
	while (at > 0 && cost(&l->out[at - 1]) > cost(r))
		at--;
	if (at == REMEDIES)
		return;
	for (unsigned i = 0, joined = 0; i < at && r->joined; i++)
		if ((joined += l->out[i].joined) == MOST_JOINED)
			return;
	unsigned behind = (l->n < REMEDIES ? l->n : REMEDIES - 1) - at;
	memmove(&l->out[at + 1], &l->out[at], behind * sizeof *l->out);
	l->out[at] = *r;
	l->n += l->n < REMEDIES;
	for (unsigned i = 0, joined = 0; i < l->n; i++) {
		joined += l->out[i].joined;
		if (l->out[i].joined && joined > MOST_JOINED) {
			memmove(&l->out[i], &l->out[i + 1], (l->n - i - 1) * sizeof *l->out);
			l->n--;
			return;
		}
	}
}

// Both as one: `second` is for the obstacle behind the first one's.
static bool join(const struct remedy *first, const struct remedy *second, struct remedy *out)
{
	const char both[] = "%s, and %s";
	if (first->ncommands + second->ncommands > REMEDY_COMMANDS ||
	    strlen(first->change) + strlen(second->change) + sizeof both > sizeof out->change)
		return false;
	*out = *first;
	out->then = second->then;
	out->verified = first->verified && second->verified;
	out->needs = second->needs > first->needs ? second->needs : first->needs;
	out->reach = second->reach > first->reach ? second->reach : first->reach;
	out->wait_ms = second->wait_ms > first->wait_ms ? second->wait_ms : first->wait_ms;
	out->pid = second->pid ? second->pid : first->pid;
	out->attempt = second->attempt;
	out->joined = true;
	out->by_hand = first->by_hand || second->by_hand;
	out->waits = first->waits || second->waits;
	if (!first->shell[0])
		memcpy(out->shell, second->shell, sizeof out->shell);
	remedy_change(out, both, first->change, second->change);
	if (!first->keep[0])
		memcpy(out->keep, second->keep, sizeof out->keep);
	for (unsigned i = 0; i < second->ncommands; i++)
		memcpy(out->commands[out->ncommands++], second->commands[i], REMEDY_COMMAND);
	return true;
}

// The cheapest way past the obstacle that is left.
static void combine(struct remedy_list *l, const struct world *changed, const struct walk *w, const struct remedy *r)
{
	struct remedy more[REMEDIES], both;
	struct remedy_list behind = {
		.world = *changed, .walk = w, .depth = l->depth + 1, .out = more, .collect = l->collect};
	l->collect(&behind);
	for (unsigned i = 0; i < behind.n; i++)
		if (more[i].verified && !more[i].then.remains && join(r, &more[i], &both)) {
			insert(l, &both);
			return;
		}
}

// Port 0, of few ports to choose from, and who holds them was not asked: perhaps none is free.
static bool may_be_full(const struct world *v, const struct walk *w)
{
	enum { NARROW_RANGE = 1024 };
	const int64_t *s = v->host->sysctl;
	bool narrow =
		attempt_setting(&v->attempt, OPT_PORTRANGE) || s[SYSCTL_PORT_HIGH] - s[SYSCTL_PORT_LOW] < NARROW_RANGE;
	return w->predicted.exhaustible && narrow && v->attempt.kind != KIND_PING;
}

// Does it say who is in the way of the attempt?
static bool answers(const struct question *q, const struct attempt *a)
{
	int protocol = kind_port_protocol(a->kind);
	return q->socks_known == YES && q->socks_protocol == protocol && (!q->socks_port || q->socks_port == a->port);
}

void remedy_offer(struct remedy_list *l, const struct world *as_changed, const struct remedy *r, bool sure)
{
	struct walk w;
	struct remedy one = *r;
	struct world with = *as_changed;
	const struct world *changed = &with;
	const struct question *further = with.question->further;
	if (further && !answers(with.question, &with.attempt) && answers(further, &with.attempt))
		with.question = further;
	const struct facts f = world_facts(changed);
	decide(&f, &changed->attempt, &w);
	bool refused = w.predicted.err != 0;
	if (refused && steps_left(&w) >= steps_left(l->walk))
		return;
	if (l->open && (refused || !w.predicted.certain))
		return; // the kernel has refused what looked like this
	one.verified = sure && w.predicted.certain && !may_be_full(changed, &w);
	one.attempt = changed->attempt;
	one.then.remains = refused;
	if (refused) {
		one.then.err = w.predicted.err;
		one.then.code = w.code;
		walk_sentence(&f, &w, one.then.sentence, sizeof one.then.sentence);
		if (one.verified && l->depth < DEEPEST)
			combine(l, changed, &w, &one);
	}
	insert(l, &one);
}
