// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/walk.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

struct walk_step *walk_find(struct walk *w, enum step_id id)
{
	for (unsigned i = 0; i < w->nsteps; i++)
		if (w->steps[i].step == id)
			return &w->steps[i];
	return NULL;
}

const struct input *step_input(const struct walk_step *s, enum input_id id)
{
	for (unsigned i = 0; i < s->ninputs; i++)
		if (s->inputs[i].id == id)
			return &s->inputs[i];
	return NULL;
}

void walk_observe_call(struct walk *w, unsigned step, int ret, int err)
{
	struct walk_step *s = &w->steps[step];
	s->claims[EV_SYSCALL] = (struct claim){.present = true, .value = ret, .err = err};
	s->claims[EV_SYSCALL].contradicts = err != (s->reached ? finding_info(s->finding)->err : 0);
}

void walk_observe(struct walk *w, enum call call, int err, const struct addr *local, uint16_t port, uint32_t scope)
{
	w->observed.present = true;
	w->observed.call = call;
	w->observed.err = err;
	w->observed.local = local && !err ? *local : (struct addr){0};
	w->observed.port = port;
	w->observed.scope = scope;
	if (call == CALL_BIND) {
		struct claim *c = &w->steps[w->nsteps - 1].claims[EV_SYSCALL];
		*c = (struct claim){.present = true, .value = err ? -1 : 0, .err = err};
		c->contradicts = call != w->predicted.call || err != w->predicted.err;
	}
}

static int64_t number_of(const struct walk_step *s, enum input_id id, int64_t otherwise)
{
	const struct input *in = step_input(s, id);
	return in ? in->number : otherwise;
}

// Did a lookup of the kernel's end as the model says?
static bool lookup_fits(const struct walk_step *s, int err)
{
	int64_t predicted = number_of(s, IN_LOOKUP, 0);
	return s->lookup_open ? err != 0 : predicted == err;
}

void walk_ask(struct walk *w, int err, unsigned type, uint32_t table, uint8_t len)
{
	struct walk_step *s = walk_find(w, STEP_CLASSIFY);
	const struct input *lookup = s && s->reached ? step_input(s, IN_LOOKUP) : NULL;
	if (!lookup)
		return; // bind looks nothing up here
	struct claim *c = &s->claims[EV_ASKED];
	*c = (struct claim){.present = true, .err = -err, .value = err ? 0 : (int)type, .table = table, .len = len};
	if (s->rests_on == EV_MODEL) // else the model says the same by construction
		c->contradicts = !lookup_fits(s, c->err) || (!err && number_of(s, IN_TYPE, -1) != c->value);
}

void walk_witness(struct walk *w, unsigned lookups, uint32_t table, int err, uint32_t oif)
{
	struct walk_step *s = walk_find(w, STEP_CLASSIFY);
	if (!s)
		return;
	struct claim *c = &s->claims[EV_KERNEL];
	*c = (struct claim){.present = true,
			    .of_lookups = true,
			    .of_points = true,
			    .count = lookups,
			    .table = table,
			    .err = -err,
			    .oif = oif};
	const struct input *lookup = s->reached ? step_input(s, IN_LOOKUP) : NULL;
	bool expected = lookup && lookup->number != ENOENT;
	c->contradicts = expected != (lookups > 0) ||
			 (expected && (number_of(s, IN_TABLE, 0) != table || !lookup_fits(s, c->err)));
}

bool step_open(const struct walk_step *s)
{
	return s->uncertain && !s->claims[EV_SYSCALL].present;
}

uint32_t walk_unknown(const struct walk *w)
{
	uint32_t ids = 0;
	for (unsigned i = 0; i < w->nsteps; i++)
		ids |= w->steps[i].unknown;
	return ids;
}

const struct walk_step *walk_telling(const struct walk *w)
{
	const struct walk_step *s = &w->steps[w->decisive], *last = &w->steps[w->nsteps - 1];
	switch (w->code) {
	case CODE_FAMILY_FILTERED:
		return &w->steps[0];
	case CODE_INPUT_UNKNOWN:
		for (s = w->steps; s < last && !(s->uncertain && s->unknown);)
			s++;
		return s;
	case CODE_PORT_TAKEN: // also where another socket's sharing could not be seen
	case CODE_IDENT_TAKEN:
	case CODE_PORT_EXHAUSTED:
		for (s = w->steps; s < last && s->step != STEP_PORT;)
			s++;
		return s;
	case CODE_HOOK_REFUSED:
	case CODE_HOOK_FAKED:
	case CODE_HOOK_REWROTE:
	case CODE_HOOK_WAIVED:
	case CODE_UNFORESEEN:
	case CODE_HOST_CHANGED:
	case CODE_CHANGED_SINCE:
	case CODE_DISAGREEMENT:
		return last;
	default:
		return s;
	}
}

void walk_unaim(struct walk *w)
{
	unsigned n = 0;
	w->unaimed = true;
	while (n + 1 < w->nsteps && (w->steps[n].step == STEP_SOCKET || w->steps[n].step == STEP_SETSOCKOPT))
		n++;
	w->steps[n] = w->steps[w->nsteps - 1];
	w->nsteps = n + 1;
	w->decisive = w->decisive < n ? w->decisive : n;
}

int walk_errno(const struct walk *w)
{
	return w->observed.present ? w->observed.err : w->predicted.err;
}

bool walk_bound(const struct walk *w)
{
	return walk_errno(w) == 0 && w->code != CODE_HOOK_FAKED;
}

enum code_class walk_class(const struct walk *w)
{
	int err = walk_errno(w);
	if (w->code == CODE_INPUT_UNKNOWN && err == w->predicted.err)
		return code_info(finding_info(w->steps[w->decisive].finding)->code)->class;
	bool before_bind = w->code == CODE_SOCKET_REFUSED || w->code == CODE_OPTION_REFUSED;
	return before_bind && err != EPERM && err != EACCES ? CLASS_ARGUMENT : code_info(w->code)->class;
}
