// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/inner_fit.h"

#include <errno.h>
#include <sys/socket.h>

#include "core/model/walk_inner.h"

// One step, with what was seen of it.
struct seen_step {
	const struct walk *w;
	unsigned index;
	const struct walk_step *s;
	enum inner_said said;
	const struct kernel_call *answer; // NULL for none
};

static int64_t number_of(const struct walk_step *s, enum input_id id, int64_t otherwise)
{
	const struct input *in = step_input(s, id);
	return in ? in->number : otherwise;
}

static enum outcome outcome_of(const struct walk_step *s)
{
	return finding_info(s->finding)->outcome;
}

// It ran if it should have.
static bool ran_if(const struct seen_step *k, bool expected)
{
	return k->said == INNER_SILENT || (k->said == INNER_RAN) == expected;
}

// That function is not the step's own, but helps it.
static bool helper_fits(const struct walk *w, enum kernel_function f, bool expected)
{
	return !witnessed_watched(&w->inner, f) || (w->inner.counts[f] > 0) == expected;
}

static enum finding_id family_finding(const struct walk *w)
{
	for (unsigned i = 0; i < w->nsteps; i++)
		if (w->steps[i].step == STEP_FAMILY)
			return w->steps[i].finding;
	return NOT_REACHED;
}

// move_addr_to_kernel(), net/socket.c, comes before the first hook.
static bool fits_hooks(const struct seen_step *k)
{
	return ran_if(k, family_finding(k->w) != FAMILY_LONG);
}

// inet_bind() and inet6_bind() look at the length, and what they call at the rest.
static bool fits_family(const struct seen_step *k)
{
	bool goes_on = k->s->finding != FAMILY_SHORT && k->s->finding != FAMILY_LONG;
	bool six = k->w->attempt.family == AF_INET6;
	switch (k->w->attempt.kind) {
	case KIND_RAW:
	case KIND_PING:
	case KIND_SCTP:
		return true;
	default:
		return (k->s->reached && goes_on) || !k->w->inner.counts[six ? KF___inet6_bind : KF___inet_bind];
	}
}

static bool fits_type(const struct seen_step *k)
{
	enum { CLASS_BITS = 0xffff }; // above them is the scope
	return ran_if(k, k->s->reached) &&
	       (!k->answer || (k->answer->returned & CLASS_BITS) == number_of(k->s, IN_CLASS, -1));
}

static bool fits_privilege(const struct seen_step *k)
{
	enum finding_id f = k->s->finding;
	bool asks = f == PRIVILEGE_HELD || f == PRIVILEGE_MISSING || f == PRIVILEGE_UNREAD;
	return ran_if(k, asks) &&
	       (!k->answer || f == PRIVILEGE_UNREAD || (k->answer->returned != 0) == (f == PRIVILEGE_HELD));
}

// raw_bind() asks only for a bound device.
static bool asks_for_table(const struct walk *w, const struct walk_step *s)
{
	bool needed = w->attempt.kind != KIND_RAW || step_input(s, IN_DEVICE);
	return s->reached && s->finding != TABLE_NOT_VRF_AWARE && needed;
}

static bool fits_table(const struct seen_step *k)
{
	int64_t table = k->s->finding == TABLE_VRF ? number_of(k->s, IN_TABLE, -1) : 0;
	bool same_device = !k->answer || k->answer->device == number_of(k->s, IN_DEVICE, 0);
	return ran_if(k, asks_for_table(k->w, k->s)) && (!k->answer || k->answer->returned == table) && same_device;
}

static bool fits_lookup(const struct walk *w, const struct walk_step *s)
{
	const struct input *lookup = s->reached ? step_input(s, IN_LOOKUP) : NULL;
	const struct kernel_call *c = witnessed_call(&w->inner, KF_fib_table_lookup);
	if (!helper_fits(w, KF_fib_table_lookup, lookup && lookup->number != ENOENT))
		return false;
	if (!c || !lookup)
		return true;
	bool same_error = s->lookup_open ? c->returned != 0 : c->returned == -lookup->number;
	return same_error && c->table == number_of(s, IN_TABLE, -1) &&
	       (c->returned || c->rtn == number_of(s, IN_TYPE, -1));
}

// IPv6 asks no such question, by whichever function.
static bool asked_ipv4(const struct walk *w)
{
	return w->inner.counts[KF_inet_addr_type] || w->inner.counts[KF_inet_addr_type_table] ||
	       w->inner.counts[KF_inet_addr_type_dev_table];
}

static bool fits_classify(const struct seen_step *k)
{
	const struct kernel_call *c = k->answer;
	if (k->s->finding == CLASSIFY_NEVER_ASKED && asked_ipv4(k->w))
		return false;
	if (!ran_if(k, k->s->reached && k->s->finding != CLASSIFY_ANY_PING) || !fits_lookup(k->w, k->s))
		return false;
	bool tells_table = c && kernel_function_info(c->function)->takes == TAKES_NET_ADDR4_TABLE;
	return !c || (c->returned == number_of(k->s, IN_TYPE, -1) &&
		      (!tells_table || c->table == number_of(k->s, IN_TABLE, -1)));
}

static bool fits_nonlocal(const struct seen_step *k)
{
	enum tri seen = walk_inner_nonlocal(k->w);
	return !k->s->reached || seen == UNKNOWN || (seen == YES) == (outcome_of(k->s) == ACCEPTS);
}

// sctp_inet6_bind_verify() looks for a link-local address in the list of its scope's device before anybody asks whether
// it is unicast at all, or where the socket is bound to.
static bool may_ask_list(const struct walk *w)
{
	const struct attempt a = attempt_as_read(&w->attempt);
	for (unsigned i = 0; i < w->nsteps; i++)
		if (w->steps[i].finding == TYPE_NOT_UNICAST_SCTP || w->steps[i].finding == DEVICE_GONE_SCTP)
			return addr6_needs_scope(&a.addr);
	return false;
}

// Does the kernel look into the list? A ping socket always does.
static bool asks_list(const struct walk *w, const struct walk_step *s)
{
	if (!s->reached)
		return false;
	switch (s->finding) {
	case LIST_ANY:
		return w->attempt.kind == KIND_PING;
	case LIST_MULTICAST:
	case LIST_NOT_ASKED:
		return false;
	default:
		return true;
	}
}

static bool fits_list(const struct seen_step *k)
{
	const struct kernel_call *c = k->answer;
	if (may_ask_list(k->w))
		return true;
	bool names_device = k->s->finding != LIST_ANY && k->s->finding != LIST_NOT_NEEDED;
	return ran_if(k, asks_list(k->w, k->s)) && (!c || (c->returned != 0) == (k->s->finding == LIST_MATCH)) &&
	       (!c || !names_device || c->device == number_of(k->s, IN_DEVICE, 0));
}

// SCTP has a function for it.
static bool fits_acceptable(const struct seen_step *k)
{
	return ran_if(k, k->s->reached) && (!k->answer || (k->answer->returned != 0) == (outcome_of(k->s) != REFUSES));
}

static bool fits_port(const struct seen_step *k)
{
	const struct kernel_call *c = k->answer;
	bool tells_port = c && kernel_function_info(c->function)->takes == TAKES_PORT;
	return ran_if(k, k->s->reached) && (!c || (c->returned != 0) == (outcome_of(k->s) == REFUSES)) &&
	       (!tells_port || c->port == k->w->attempt.port);
}

// All that the bind passed through hand on the same answer.
static bool fits_result(const struct seen_step *k)
{
	const struct kernel_call *c;
	for (unsigned n = 0; (c = walk_inner_call(k->w, k->index, n)); n++)
		if (c->returned != -k->w->predicted.err)
			return false;
	return ran_if(k, k->s->reached);
}

static bool (*const fits[STEP_COUNT])(const struct seen_step *k) = {
	[STEP_HOOKS] = fits_hooks,         [STEP_FAMILY] = fits_family,     [STEP_TYPE] = fits_type,
	[STEP_PRIVILEGE] = fits_privilege, [STEP_TABLE] = fits_table,       [STEP_CLASSIFY] = fits_classify,
	[STEP_NONLOCAL] = fits_nonlocal,   [STEP_ADDRESS_LIST] = fits_list, [STEP_ACCEPTABLE] = fits_acceptable,
	[STEP_PORT] = fits_port,           [STEP_RESULT] = fits_result,
};

// Behind a step that could not tell, the kernel may have gone another way.
static bool is_sure(const struct walk *w, unsigned step)
{
	bool same = w->observed.present && w->observed.call == w->predicted.call && w->observed.err == w->predicted.err;
	for (unsigned i = 0; i <= step; i++)
		if (w->steps[i].unknown || w->steps[i].uncertain || (w->steps[i].unsure && !same))
			return false;
	return true;
}

bool inner_fits(const struct walk *w, unsigned step)
{
	const struct walk_step *s = &w->steps[step];
	struct seen_step k = {.w = w,
			      .index = step,
			      .s = s,
			      .said = walk_inner_said(w, step, NULL),
			      .answer = walk_inner_answer(w, step)};
	return !w->inner.present || !fits[s->step] || !is_sure(w, step) || fits[s->step](&k);
}

// The lookup, where no tracepoint has told of it.
static void take_lookup(const struct walk *w, struct claim *c)
{
	const struct kernel_call *looked = witnessed_call(&w->inner, KF_fib_table_lookup);
	if (c->of_lookups || !witnessed_watched(&w->inner, KF_fib_table_lookup))
		return;
	c->of_lookups = true;
	c->oif = 0;
	c->count = w->inner.counts[KF_fib_table_lookup];
	c->table = looked ? looked->table : 0;
	c->err = looked ? kernel_call_errno(looked) : 0;
	c->value = looked ? (int)looked->rtn : 0;
	c->len = looked ? (uint8_t)looked->len : 0;
}

void walk_witness_inner(struct walk *w, const struct witnessed *inner)
{
	w->inner = *inner;
	for (unsigned i = 0; i < w->nsteps && inner->present; i++) {
		struct walk_step *s = &w->steps[i];
		struct claim *c = &s->claims[EV_KERNEL];
		bool fitting = inner_fits(w, i);
		bool derived = s->step == STEP_NONLOCAL && walk_inner_nonlocal(w) != UNKNOWN;
		if (walk_inner_said(w, i, NULL) == INNER_SILENT && !derived && fitting)
			continue;
		c->contradicts = !fitting || (c->present && c->contradicts);
		c->present = c->of_calls = true;
		if (s->step == STEP_CLASSIFY)
			take_lookup(w, c);
	}
}
