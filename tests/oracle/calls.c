// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/oracle/calls.h"

#include <errno.h>
#include <stdio.h>

#include "core/model/inner_fit.h"
#include "core/model/walk_inner.h"

static int64_t number_of(const struct walk_step *s, enum input_id id)
{
	const struct input *in = s ? step_input(s, id) : NULL;
	return in ? in->number : -1;
}

// The prefix that the kernel matched is that of the predicted route.
static bool same_prefix(const struct walk_step *s, const struct host *h, const struct kernel_call *c)
{
	const struct input *route = s ? step_input(s, IN_ROUTE) : NULL;
	return c->returned || !route || route->type != V_ROUTE4 || c->len == host_prefix4(h, (size_t)route->number).len;
}

static bool list_fits(const struct walk *w, const struct walk_step *s, const struct kernel_call *c)
{
	bool scoped_sctp = w->attempt.kind == KIND_SCTP; // asks twice, and the first answer may be the better one
	return !s || (c->returned != 0) == (s->finding == LIST_MATCH) || (scoped_sctp && c->returned);
}

// One call, as no other function of its step may hide it. A device may have been asked about by an interrupt.
static bool call_fits(struct walk *w, const struct host *h, const struct kernel_call *c, int err)
{
	const struct walk_step *s = walk_find(w, kernel_function_info(c->function)->step);
	switch (c->function) {
	case KF_security_socket_bind:
	case KF_hook_socket_bind:
	case KF___cgroup_bpf_run_filter_sock_addr:
		return c->returned == 0;
	case KF___ipv6_addr_type:
		return !s || (c->returned & 0xffff) == number_of(s, IN_CLASS);
	case KF_inet_addr_type:
	case KF_inet_addr_type_table:
	case KF_inet_addr_type_dev_table:
		return s && c->returned == number_of(s, IN_TYPE);
	case KF_fib_table_lookup:
		return s && same_prefix(s, h, c);
	case KF_ipv6_chk_addr:
	case KF_ipv6_chk_addr_and_flags:
	case KF___ipv6_chk_addr_and_flags:
		return s && list_fits(w, s, c);
	default:
		return kernel_function_info(c->function)->step != STEP_RESULT || c->returned == -err;
	}
}

// Of a walk that could not tell, what the kernel did is not judged.
bool calls_agree(const struct walk *w, const struct host *h, int err, struct calls_tally *t, const char **why)
{
	static struct walk copy; // walk_find() is for those who change what they find
	if (!w->inner.present)
		return true;
	copy = *w;
	t->binds++;
	t->sets = w->inner.sets;
	bool same = w->agreement != OPEN;
	for (unsigned i = 0; i < w->nsteps; i++)
		if (!inner_fits(w, i)) {
			*why = step_info(w->steps[i].step)->name;
			return false;
		}
	for (unsigned i = 0; i < w->inner.ncalls; i++) {
		const struct kernel_call *c = &w->inner.calls[i];
		*why = kernel_function_info(c->function)->name;
		if (same && !call_fits(&copy, h, c, err))
			return false;
		t->compared[c->function] += same;
	}
	for (int f = 0; f < KERNEL_FUNCTIONS; f++)
		t->silent[f] += same && witnessed_watched(&w->inner, (enum kernel_function)f) && !w->inner.counts[f];
	return true;
}

void calls_print(const struct calls_tally *t)
{
	unsigned long all = 0;
	for (int f = 0; f < KERNEL_FUNCTIONS; f++) {
		const char *name = kernel_function_info((enum kernel_function)f)->name;
		if (t->sets.watched >> f & 1)
			printf("# %8lu calls of %s compared, %lu binds without one\n", t->compared[f], name,
			       t->silent[f]);
		else if (t->binds)
			printf("#        - %s: %s\n", name,
			       t->sets.refused >> f & 1 ? "refused" : "not in this kernel");
		all += t->compared[f];
	}
	printf("# %lu attempts were witnessed by BPF, %lu calls compared\n", t->binds, all);
}
