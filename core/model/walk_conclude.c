// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/walk_conclude.h"

#include <errno.h>

#include "core/model/walk_inner.h"

// bind() returned success, and has given the socket no port: it has not run.
static bool is_unbound(const struct walk *w)
{
	const struct attempt *a = &w->attempt;
	return w->observed.call == CALL_BIND && !w->observed.err && w->observed.local.family && !w->observed.port &&
	       a->kind != KIND_RAW && !attempt_on(a, OPT_NOPORT);
}

// The address that getsockname() must show after the predicted success.
static bool local_fits(const struct walk *w)
{
	if (w->observed.err || w->observed.call != CALL_BIND || !w->observed.local.family)
		return true;
	if (is_unbound(w))
		return false;
	struct attempt a = attempt_as_read(&w->attempt);
	uint16_t port = a.kind == KIND_RAW ? w->observed.port : a.port;
	return addr_equal(&w->observed.local, &a.addr) && (port == 0 || port == w->observed.port);
}

static bool any_contradiction(const struct walk *w)
{
	for (unsigned i = 0; i < w->nsteps; i++)
		for (int e = 0; e < EV_COUNT; e++)
			if (w->steps[i].claims[e].present && w->steps[i].claims[e].contradicts)
				return true;
	return false;
}

// Done by what the model can't see: refused, the address or port rewritten, or the right to a port waived. A seccomp
// filter may answer with any errno.
static enum code by_hook(const struct walk *w)
{
	int err = w->observed.err;
	if (walk_inner_hook(w, NULL) == INNER_HOOK_NONE)
		return CODE_NONE; // they were seen to let it pass
	bool filtered = err && w->filtered == YES;
	if (filtered && w->observed.call == CALL_SOCKET)
		return CODE_FAMILY_FILTERED;
	if (err == EPERM || err == EACCES || filtered)
		return CODE_HOOK_REFUSED;
	if (is_unbound(w))
		return CODE_HOOK_FAKED;
	if (!local_fits(w))
		return CODE_HOOK_REWROTE;
	return !err && w->predicted.waivable ? CODE_HOOK_WAIVED : CODE_NONE;
}

// There is nothing to contradict.
static void settle(struct walk *w)
{
	for (unsigned i = 0; i < w->nsteps; i++)
		for (int e = 0; e < EV_COUNT; e++)
			w->steps[i].claims[e].contradicts = false;
}

// Did a call before bind() not end as its step says? Then the errno is another one's, though it may be the same.
static bool call_contradicts(const struct walk *w)
{
	for (unsigned i = 0; i + 1 < w->nsteps; i++)
		if (w->steps[i].claims[EV_SYSCALL].present && w->steps[i].claims[EV_SYSCALL].contradicts)
			return true;
	return false;
}

// A hook was seen to act.
static enum code by_seen_hook(const struct walk *w)
{
	const struct kernel_call *call;
	enum inner_hook hook = walk_inner_hook(w, &call);
	if (hook == INNER_HOOK_UNSEEN || hook == INNER_HOOK_NONE)
		return CODE_NONE;
	if (w->observed.err)
		return CODE_HOOK_REFUSED;
	if (hook == INNER_HOOK_BEFORE)
		return CODE_HOOK_FAKED;
	return w->predicted.waivable && local_fits(w) ? CODE_HOOK_WAIVED : CODE_HOOK_REWROTE;
}

// Behind a hook the kernel did not run what the model says, or for another address: that says nothing against it. What
// did run for this one must fit.
static void settle_behind_hook(struct walk *w)
{
	for (unsigned i = 0; i < w->nsteps; i++) {
		struct claim *c = &w->steps[i].claims[EV_KERNEL];
		bool ran = (c->of_lookups && c->count > 0) ||
			   (w->steps[i].step != STEP_RESULT && walk_inner_said(w, i, NULL) == INNER_RAN);
		if (!ran || w->code == CODE_HOOK_REWROTE || w->code == CODE_HOOK_WAIVED)
			c->contradicts = false;
	}
}

void walk_conclude(struct walk *w)
{
	if (!w->observed.present)
		return;
	int err = w->observed.err;
	bool same = w->observed.call == w->predicted.call && err == w->predicted.err && !call_contradicts(w);
	bool port_given = w->attempt.port != 0;
	enum code seen_hook = by_seen_hook(w), hook = seen_hook != CODE_NONE ? seen_hook : by_hook(w);
	if (seen_hook != CODE_NONE)
		w->agreement = HOOK; // NOLINT(bugprone-branch-clone): it was seen, below it is concluded
	else if (same && local_fits(w))
		w->agreement = any_contradiction(w) ? DISAGREES : AGREES;
	else if (!w->predicted.certain)
		w->agreement = OPEN; // NOLINT(bugprone-branch-clone): another reason for the same
	else if (err == EADDRINUSE && !w->predicted.err && w->predicted.exhaustible)
		w->agreement = OPEN; // all of them are in use
	else if (hook != CODE_NONE)
		w->agreement = HOOK;
	else
		w->agreement = DISAGREES;

	if (w->agreement == HOOK || w->agreement == DISAGREES)
		w->holds_for = (struct prefix){0}; // it was the prediction's
	if (w->agreement == HOOK)
		w->code = hook;
	else if (w->agreement == DISAGREES)
		w->code = CODE_DISAGREEMENT;
	else if (w->agreement == OPEN && err == EADDRINUSE)
		w->code = !port_given                    ? CODE_PORT_EXHAUSTED
			  : w->attempt.kind == KIND_PING ? CODE_IDENT_TAKEN
							 : CODE_PORT_TAKEN;
	else if (w->agreement == OPEN)
		w->code = walk_unknown(w) ? CODE_INPUT_UNKNOWN : CODE_UNFORESEEN;
	else if (w->agreement == AGREES && w->code == CODE_INPUT_UNKNOWN) // no other value would have led here
		w->code = finding_info(w->steps[w->decisive].finding)->code;
	if (w->agreement == OPEN)
		settle(w);
	else if (w->agreement == HOOK)
		settle_behind_hook(w);
}

static void drop_surprise(struct walk *w, enum agreement agreement, enum code code)
{
	w->agreement = agreement;
	w->code = code;
	settle(w);
}

void walk_changed(struct walk *w)
{
	if (w->agreement == DISAGREES || w->agreement == HOOK)
		drop_surprise(w, CHANGED, CODE_HOST_CHANGED);
}

void walk_changed_since(struct walk *w)
{
	if (w->agreement == DISAGREES || w->agreement == HOOK)
		drop_surprise(w, CHANGED, CODE_CHANGED_SINCE);
}

void walk_unchecked(struct walk *w)
{
	if (w->agreement != DISAGREES)
		return;
	w->predicted.certain = false;
	drop_surprise(w, OPEN, CODE_UNFORESEEN);
}
