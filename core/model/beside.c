// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/beside.h"

#include <string.h>

// Steps of one family that correspond to a differently named step of the other. All others correspond by name.
static enum step_id role(enum step_id id)
{
	return id == STEP_ADDRESS_LIST ? STEP_ACCEPTABLE : id;
}

const char *beside_role(enum step_id id)
{
	return step_info(role(id))->name;
}

// How much it matters that a step stands beside its like. The families ask for the privilege and the state at other
// times than the address: the address stays together.
static unsigned weight(enum step_id id)
{
	switch (role(id)) {
	case STEP_PRIVILEGE:
	case STEP_STATE:
		return 1;
	default:
		return 4;
	}
}

static bool same_role(const struct walk_step *a, const struct walk_step *b)
{
	return role(a->step) == role(b->step);
}

// The same option set to another value stands beside it, too; of more than one the setting says which.
static unsigned match(const struct walk *a, unsigned i, const struct walk *b, unsigned k)
{
	const struct walk_step *s = &a->steps[i], *t = &b->steps[k];
	if (!same_role(s, t))
		return 0;
	if (s->step == STEP_SETSOCKOPT &&
	    a->attempt.settings[s->setting].option != b->attempt.settings[t->setting].option)
		return 0;
	return weight(s->step);
}

// Inputs that differ with every address and say nothing about what the kernel did.
static bool tells(enum input_id id, enum value_type type)
{
	switch (type) {
	case V_NUMBER:
	case V_BOOL:
	case V_PROTOCOL:
	case V_OPTION:
	case V_CLASS6:
	case V_TABLE:
	case V_RTN:
	case V_ERRNO:
		return id != IN_ADDRLEN;
	default:
		return false;
	}
}

static bool same_inputs(const struct walk_step *a, const struct walk_step *b)
{
	if (a->ninputs != b->ninputs)
		return false;
	for (unsigned i = 0; i < a->ninputs; i++) {
		const struct input *x = &a->inputs[i], *y = &b->inputs[i];
		if (x->id != y->id || x->type != y->type || (tells(x->id, x->type) && x->number != y->number))
			return false;
	}
	return true;
}

// What a step did to the bind.
static enum outcome effect(const struct walk_step *s)
{
	enum outcome o = finding_info(s->finding)->outcome;
	return !s->reached ? PASSED_BY : o == REFUSES || o == ACCEPTS ? o : GOES_ON;
}

static int end_of(const struct walk *w)
{
	return walk_errno(w);
}

// Walks of the same path are compared by what they found; of two families, whose findings have other words, by what
// came of it.
static bool parts(const struct walk *a, const struct walk_step *s, const struct walk *b, const struct walk_step *t)
{
	if (s->step == STEP_RESULT)
		return end_of(a) != end_of(b);
	if (s->reached != t->reached || step_open(s) != step_open(t))
		return true;
	if (!s->reached)
		return false;
	if (a->path == b->path)
		return s->finding != t->finding || !same_inputs(s, t);
	return effect(s) != effect(t) ||
	       (effect(s) == REFUSES && finding_info(s->finding)->err != finding_info(t->finding)->err);
}

// A step that the other walk does not take here is a difference if it decides something.
static bool alone_matters(const struct walk_step *s)
{
	return s->reached && effect(s) != GOES_ON;
}

static int find_elsewhere(const struct walk *w, const struct walk_step *like)
{
	for (unsigned i = 0; like->step != STEP_SETSOCKOPT && i < w->nsteps; i++)
		if (same_role(&w->steps[i], like))
			return (int)i;
	return BESIDE_NONE;
}

static void add(struct beside *out, const struct walk *a, int i, const struct walk *b, int k)
{
	struct beside_row *r = &out->row[out->n];
	*r = (struct beside_row){.step = {i, k}, .elsewhere = {BESIDE_NONE, BESIDE_NONE}};
	if (i == BESIDE_NONE)
		r->elsewhere[0] = find_elsewhere(a, &b->steps[k]);
	if (k == BESIDE_NONE)
		r->elsewhere[1] = find_elsewhere(b, &a->steps[i]);
	r->differs = i == BESIDE_NONE   ? alone_matters(&b->steps[k])
		     : k == BESIDE_NONE ? alone_matters(&a->steps[i])
					: parts(a, &a->steps[i], b, &b->steps[k]);
	if (r->differs && out->first == BESIDE_ROWS)
		out->first = out->n;
	out->n++;
}

void walk_beside(const struct walk *first, const struct walk *second, struct beside *out)
{
	// best[i][k]: the largest total weight of pairs among the steps from i and from k on.
	uint16_t best[WALK_STEPS + 1][WALK_STEPS + 1];
	memset(best, 0, sizeof best);
	for (unsigned i = first->nsteps; i-- > 0;)
		for (unsigned k = second->nsteps; k-- > 0;) {
			unsigned m = match(first, i, second, k), with = m ? m + best[i + 1][k + 1] : 0;
			unsigned most = best[i + 1][k] > best[i][k + 1] ? best[i + 1][k] : best[i][k + 1];
			best[i][k] = (uint16_t)(with > most ? with : most);
		}
	*out = (struct beside){.first = BESIDE_ROWS};
	for (unsigned i = 0, k = 0; i < first->nsteps || k < second->nsteps;) {
		bool both = i < first->nsteps && k < second->nsteps;
		unsigned m = both ? match(first, i, second, k) : 0;
		if (m && best[i][k] == m + best[i + 1][k + 1])
			add(out, first, (int)i++, second, (int)k++);
		else if (i < first->nsteps && (k == second->nsteps || best[i][k] == best[i + 1][k]))
			add(out, first, (int)i++, second, BESIDE_NONE);
		else
			add(out, first, BESIDE_NONE, second, (int)k++);
	}
	if (out->first == BESIDE_ROWS)
		out->first = out->n;
}
