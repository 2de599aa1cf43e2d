// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/walk_inner.h"

#include <errno.h>
#include <linux/capability.h>
#include <linux/rtnetlink.h>
#include <string.h>
#include <sys/socket.h>

enum { ASKERS = 3 };

// The functions that answer a step's question, under the names that they have in this kernel or that one. Those that
// only help them (fib_table_lookup) are not among them. Of several rows for a step the path says which one is meant, by
// the first function's name; `always`: whatever the path says. `near`: in one file with its caller, into which the
// compiler may have copied it, so that its silence says nothing.
static const struct askers {
	enum step_id step;
	bool always, near;
	unsigned n;
	enum kernel_function functions[ASKERS];
} askers[] = {
	{STEP_HOOKS, true, false, 1, {KF_security_socket_bind}},
	{STEP_TYPE, true, false, 1, {KF___ipv6_addr_type}},
	{STEP_PRIVILEGE, true, false, 1, {KF_ns_capable}},
	{STEP_TABLE, false, false, 1, {KF_l3mdev_fib_table_rcu}},
	{STEP_TABLE, true, false, 1, {KF_l3mdev_fib_table_by_index}},
	{STEP_CLASSIFY, false, false, 1, {KF_inet_addr_type_dev_table}},
	{STEP_CLASSIFY, true, false, 2, {KF_inet_addr_type_table, KF_inet_addr_type}},
	{STEP_ADDRESS_LIST,
	 true,
	 false,
	 3,
	 {KF_ipv6_chk_addr, KF_ipv6_chk_addr_and_flags, KF___ipv6_chk_addr_and_flags}},
	{STEP_ACCEPTABLE, false, true, 1, {KF_sctp_v4_available}},
	{STEP_PORT, false, false, 1, {KF_inet_csk_get_port}},
	{STEP_PORT, false, false, 2, {KF_udp_v4_get_port, KF_udp_lib_get_port}},
	{STEP_PORT, false, false, 2, {KF_udp_v6_get_port, KF_udp_lib_get_port}},
	{STEP_PORT, false, true, 1, {KF_ping_get_port}},
	{STEP_PORT, false, true, 1, {KF_sctp_get_port_local}},
	{STEP_RESULT, true, false, 1, {KF___sys_bind}},
};

static const struct askers *askers_of(const struct walk_step *s)
{
	int named = s->where ? kernel_function_find(s->where->function) : -1;
	for (size_t i = 0; i < sizeof askers / sizeof *askers && s->where; i++)
		if (askers[i].step == s->step && (askers[i].always || (int)askers[i].functions[0] == named))
			return &askers[i];
	return NULL;
}

// Of a bind's path the step that a function's calls belong to.
static bool belongs(const struct walk *w, const struct walk_step *s, enum kernel_function f)
{
	const struct walk_step *own = NULL;
	enum step_id id = kernel_function_info(f)->step;
	if (!s->where)
		return false;
	for (unsigned i = 0; i < w->nsteps && !own; i++)
		if (w->steps[i].step == id)
			own = &w->steps[i];
	// A v4-mapped address has no step for the IPv6 address list, which this asks for others.
	return own ? own == s : f == KF_sctp_v6_available && s->step == STEP_ACCEPTABLE;
}

// An interrupt, or another question of the kernel's, may have called it too.
static bool is_of_bind(const struct walk_step *s, const struct kernel_call *c)
{
	const struct input *device = step_input(s, IN_DEVICE);
	switch (kernel_function_info(c->function)->takes) {
	case TAKES_CAPABILITY:
		return c->capability == CAP_NET_BIND_SERVICE;
	case TAKES_DEVICE:
		return c->device == (device ? (uint32_t)device->number : 0);
	default:
		return true;
	}
}

const struct kernel_call *walk_inner_call(const struct walk *w, unsigned step, unsigned n)
{
	const struct walk_step *s = &w->steps[step];
	for (unsigned i = 0; i < w->inner.ncalls && w->inner.present; i++) {
		const struct kernel_call *c = &w->inner.calls[i];
		if (belongs(w, s, c->function) && is_of_bind(s, c) && n-- == 0)
			return c;
	}
	return NULL;
}

// The last call of that function, NULL for none.
static const struct kernel_call *last_call(const struct walk *w, const struct walk_step *s, enum kernel_function f)
{
	const struct kernel_call *found = NULL;
	for (unsigned i = 0; i < w->inner.ncalls && w->inner.present; i++) {
		const struct kernel_call *c = &w->inner.calls[i];
		if (c->function == f && is_of_bind(s, c))
			found = c;
	}
	return found;
}

static enum inner_said said_of(const struct walk *w, const struct walk_step *s, enum kernel_function f)
{
	const struct witnessed *in = &w->inner;
	if (!in->present || !witnessed_watched(in, f))
		return INNER_SILENT;
	if (last_call(w, s, f))
		return INNER_RAN;
	bool all_kept = in->counts[f] <= KERNEL_CALLS_EACH && in->ncalls < KERNEL_CALLS;
	return !in->counts[f] || all_kept ? INNER_NOT_RUN : INNER_SILENT;
}

enum inner_said walk_inner_said(const struct walk *w, unsigned step, enum kernel_function *function)
{
	const struct walk_step *s = &w->steps[step];
	const struct askers *a = askers_of(s);
	enum inner_said said = INNER_SILENT;
	bool hidden = a && a->near; // one of them may have run unseen
	for (unsigned i = 0; a && i < a->n && said != INNER_RAN; i++) {
		enum kernel_function f = a->functions[i];
		enum inner_said now = said_of(w, s, f);
		hidden |= now == INNER_SILENT && !(w->inner.sets.absent >> f & 1);
		if (now == INNER_SILENT || now == said)
			continue;
		said = now;
		if (function)
			*function = f;
	}
	return said == INNER_NOT_RUN && hidden ? INNER_SILENT : said;
}

const struct kernel_call *walk_inner_answer(const struct walk *w, unsigned step)
{
	enum kernel_function f;
	if (walk_inner_said(w, step, &f) != INNER_RAN)
		return NULL;
	return last_call(w, &w->steps[step], f);
}

// The function that the bind came to last, whose answer the others hand on: NULL for none.
static const struct kernel_call *innermost(const struct walk *w)
{
	return walk_inner_call(w, w->nsteps - 1, 0);
}

static unsigned index_of(const struct walk *w, enum step_id id)
{
	unsigned i = 0;
	while (i < w->nsteps && w->steps[i].step != id)
		i++;
	return i;
}

static bool came_to_port(const struct walk *w)
{
	unsigned port = index_of(w, STEP_PORT);
	return port < w->nsteps && walk_inner_said(w, port, NULL) == INNER_RAN;
}

// Was the address accepted? It is asked for last of those that end with that errno.
static enum tri was_accepted(const struct walk *w)
{
	const struct kernel_call *c = innermost(w);
	if (came_to_port(w))
		return YES;
	return !c ? UNKNOWN : c->returned == -EADDRNOTAVAIL ? NO : YES;
}

static bool is_taken_anyway(const struct walk *w, int64_t type)
{
	const struct attempt a = attempt_as_read(&w->attempt);
	bool own = type == RTN_LOCAL || type == RTN_BROADCAST || type == RTN_MULTICAST;
	return a.kind == KIND_SCTP ? type == RTN_LOCAL || addr_v4(&a.addr) == INADDR_ANY : own;
}

enum tri walk_inner_nonlocal(const struct walk *w)
{
	unsigned list = index_of(w, STEP_ADDRESS_LIST), classify = index_of(w, STEP_CLASSIFY);
	const struct kernel_call *c;
	if (list == w->nsteps) {
		c = walk_inner_answer(w, classify);
		return c && !is_taken_anyway(w, c->returned) ? was_accepted(w) : UNKNOWN;
	}
	const struct attempt a = attempt_as_read(&w->attempt);
	bool ping = a.kind == KIND_PING; // which asks the list first, and for all addresses
	if (addr_is_any(&a.addr) || (addr_is_multicast(&a.addr) && !ping))
		return UNKNOWN;
	c = walk_inner_answer(w, list);
	if (c)
		return !ping ? NO : c->returned ? UNKNOWN : was_accepted(w);
	// It went past the list, unless it ended before.
	bool went_on = came_to_port(w) || (innermost(w) && innermost(w)->returned == 0);
	return !ping && went_on && walk_inner_said(w, list, NULL) == INNER_NOT_RUN ? YES : UNKNOWN;
}

// Did it put another address or port in its place?
static bool rewrote(const struct walk *w, const struct kernel_call *c)
{
	const struct attempt a = attempt_as_read(&w->attempt);
	return c->addr.family && (!addr_equal(&c->addr, &a.addr) || c->port != a.port);
}

// The port needed the privilege by all that the model knows, and nobody asked for it.
static bool waived(const struct walk *w)
{
	unsigned i = index_of(w, STEP_PRIVILEGE);
	return i < w->nsteps && w->steps[i].finding == PRIVILEGE_MISSING && came_to_port(w) &&
	       walk_inner_said(w, i, NULL) == INNER_NOT_RUN;
}

// The port was given, and yet the bind failed.
static bool refused_after_port(const struct walk *w)
{
	unsigned port = index_of(w, STEP_PORT);
	const struct kernel_call *given = port < w->nsteps ? walk_inner_answer(w, port) : NULL, *ended = innermost(w);
	return given && !given->returned && ended && ended->returned &&
	       (ended->function == KF___inet_bind || ended->function == KF___inet6_bind);
}

static bool is_seen(const struct walk *w, enum kernel_function f)
{
	return (w->inner.sets.watched | w->inner.sets.absent) >> f & 1;
}

const char *inner_hook_name(enum inner_hook hook)
{
	static const char *const names[] = {
		[INNER_HOOK_BEFORE] = "a seccomp filter or a tracer",
		[INNER_HOOK_LSM] = "a security module",
		[INNER_HOOK_LANDLOCK] = "Landlock",
		[INNER_HOOK_CGROUP] = "a cgroup BPF program",
		[INNER_HOOK_CGROUP_POST] = "a cgroup BPF program",
	};
	return names[hook];
}

enum inner_hook walk_inner_hook(const struct walk *w, const struct kernel_call **call)
{
	const struct kernel_call *landlock = witnessed_call(&w->inner, KF_hook_socket_bind),
				 *lsm = witnessed_call(&w->inner, KF_security_socket_bind),
				 *cgroup = witnessed_call(&w->inner, KF___cgroup_bpf_run_filter_sock_addr),
				 *none = NULL, **out = call ? call : &none;
	*out = NULL;
	if (!w->inner.present)
		return w->inner.not_reached ? INNER_HOOK_BEFORE : INNER_HOOK_UNSEEN;
	if (landlock && landlock->returned) {
		*out = landlock;
		return INNER_HOOK_LANDLOCK;
	}
	if (lsm && lsm->returned) {
		*out = lsm;
		return INNER_HOOK_LSM;
	}
	if (cgroup && (cgroup->returned || rewrote(w, cgroup) || waived(w))) {
		*out = cgroup;
		return INNER_HOOK_CGROUP;
	}
	if (refused_after_port(w))
		return INNER_HOOK_CGROUP_POST;
	bool all =
		is_seen(w, KF_security_socket_bind) && is_seen(w, KF___cgroup_bpf_run_filter_sock_addr) && innermost(w);
	return all ? INNER_HOOK_NONE : INNER_HOOK_UNSEEN;
}

// Is that a function that this step calls, whatever it is called in this kernel?
static bool is_called(const struct walk_step *s, const struct askers *a, enum kernel_function f)
{
	for (unsigned i = 0; i < a->n; i++)
		if (a->functions[i] == f)
			return true;
	return s->step == STEP_HOOKS && kernel_function_info(f)->step == STEP_HOOKS;
}

static bool any_watched(const struct walk *w, const struct askers *a)
{
	for (unsigned i = 0; i < a->n; i++)
		if (witnessed_watched(&w->inner, a->functions[i]))
			return true;
	return false;
}

const char *walk_inner_unwatched(const struct walk *w, unsigned step, unsigned n, enum inner_unwatched *why)
{
	static const char header[] = "include/";
	const struct walk_step *s = &w->steps[step];
	const struct askers *a = askers_of(s);
	const struct function_sets *sets = &w->inner.sets;
	if (!w->inner.present || !s->where)
		return NULL;
	*why = INNER_INLINE;
	if (!a)
		return n == 0 && strncmp(s->where->file, header, strlen(header)) == 0 ? s->where->function : NULL;
	uint64_t missing = sets->refused | (any_watched(w, a) ? 0 : sets->absent);
	for (int f = 0; f < KERNEL_FUNCTIONS; f++) {
		if (!(missing >> f & 1) || !is_called(s, a, (enum kernel_function)f) || n-- > 0)
			continue;
		*why = sets->refused >> f & 1 ? INNER_REFUSED : INNER_ABSENT;
		return kernel_function_info((enum kernel_function)f)->name;
	}
	return NULL;
}
