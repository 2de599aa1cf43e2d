// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/remedy.h"

#include <errno.h>
#include <sys/socket.h>

#include "core/model/remedy_caller.h"
#include "core/model/remedy_holders.h"
#include "core/model/remedy_host.h"
#include "core/model/remedy_list.h"
#include "core/model/remedy_socket.h"
#include "core/model/walk_inner.h"

// Raw IPv6 sockets know no options of the IP level.
static bool is_raw6(const struct attempt *a)
{
	return a->kind == KIND_RAW && a->family == AF_INET6;
}

static void for_address(struct remedy_list *l)
{
	const struct attempt *a = &l->world.attempt;
	remedy_by_dad(l);
	remedy_by_carrier(l);
	if (l->walk->code == CODE_IPV6_DISABLED)
		remedy_by_ipv6(l);
	if (l->walk->code == CODE_ADDR_SHADOWED)
		remedy_by_unshadowing(l);
	remedy_by_scope(l); // before it is bound on an interface that does not have it
	remedy_by_option(l, is_raw6(a) ? OPT_FREEBIND6 : OPT_FREEBIND);
	remedy_by_device(l);
	remedy_by_address(l);
	remedy_by_option(l, is_raw6(a) ? OPT_TRANSPARENT6 : OPT_TRANSPARENT);
	remedy_by_link(l);
	if (l->walk->code != CODE_LINK_DOWN) { // what is a broadcast address otherwise is nobody's own
		remedy_by_route(l);
		remedy_by_adding(l);
	}
	remedy_by_sysctl(l, remedy_is_v4(a) ? SYSCTL_V4_NONLOCAL : SYSCTL_V6_NONLOCAL, 1);
	if (l->walk->code == CODE_MAPPED_REFUSED)
		remedy_by_ipv4(l);
	if (l->walk->code == CODE_ADDR_TYPE)
		remedy_by_kind(l, KIND_UDP);
}

static void for_socket(struct remedy_list *l, enum finding_id found)
{
	enum kind kind = l->world.attempt.kind;
	remedy_by_ipv4(l);
	if (found == SOCKET_UNPRIVILEGED)
		remedy_by_capability(l, REMEDY_NET_RAW);
	if (found == SOCKET_NO_PING_GROUP)
		remedy_by_ping_group(l);
	if (found == SOCKET_SWITCHED_OFF)
		remedy_by_sysctl(l, SYSCTL_MPTCP, 1);
	if (kind == KIND_MPTCP || kind == KIND_SCTP)
		remedy_by_kind(l, KIND_TCP);
	if (kind == KIND_UDPLITE)
		remedy_by_kind(l, KIND_UDP);
}

static void for_option(struct remedy_list *l, enum finding_id found)
{
	enum option_id id = l->world.attempt.settings[l->walk->steps[l->walk->decisive].setting].option;
	remedy_without_option(l);
	if (found == OPTION_NOT_BY_MPTCP)
		remedy_by_kind(l, KIND_TCP);
	if (found == OPTION_NO_RIGHT) {
		remedy_by_capability(l, REMEDY_NET_RAW);
		if (id == OPT_MARK)
			remedy_by_capability(l, REMEDY_NET_ADMIN);
	}
	if (found == OPTION_NO_DEVICE)
		remedy_by_device(l);
}

static void for_permission(struct remedy_list *l)
{
	enum finding_id found = l->walk->steps[l->walk->decisive].finding;
	switch (finding_info(found)->step) {
	case STEP_SOCKET:
		for_socket(l, found);
		break;
	case STEP_SETSOCKOPT:
		for_option(l, found);
		break;
	case STEP_PRIVILEGE:
		remedy_by_unprivileged_port(l);
		remedy_by_any_port(l);
		remedy_by_capability(l, REMEDY_NET_BIND_SERVICE);
		remedy_by_sysctl(l, SYSCTL_UNPRIV_PORT, l->world.attempt.port);
		break;
	default:
		break;
	}
}

static void for_argument(struct remedy_list *l)
{
	switch (l->walk->code) {
	case CODE_SCOPE_MISSING:
		remedy_by_scope(l);
		remedy_by_device(l);
		break;
	case CODE_DEVICE_UNKNOWN:
		if (l->walk->steps[l->walk->decisive].step == STEP_SETSOCKOPT)
			remedy_without_option(l);
		remedy_by_scope(l);
		remedy_by_device(l);
		break;
	case CODE_V6ONLY_MAPPED:
		remedy_by_clearing_v6only(l);
		remedy_by_ipv4(l);
		break;
	case CODE_MULTICAST_STREAM:
		remedy_by_kind(l, KIND_UDP);
		break;
	case CODE_ARGUMENT_LENGTH:
	case CODE_ARGUMENT_FAMILY:
	case CODE_ALREADY_BOUND:
		remedy_by_argument(l);
		break;
	default:
		break;
	}
}

// A socket of the kernel's own shares with nobody.
static bool is_kernels(const struct remedy_list *l)
{
	const struct question *q = l->world.question;
	for (size_t i = 0; i < q->nsocks; i++)
		if (q->socks[i].port == l->world.attempt.port && q->socks[i].owner == OWNER_KERNEL &&
		    !q->socks[i].peer.family)
			return true;
	return false;
}

static void for_port(struct remedy_list *l)
{
	const struct attempt *a = &l->world.attempt;
	if (!a->port) {
		remedy_by_option(l, OPT_NOPORT);
		remedy_by_unprivileged_port(l);
		remedy_by_range(l);
		return;
	}
	if (!is_kernels(l)) {
		remedy_by_option(l, OPT_REUSEADDR);
		remedy_by_option(l, OPT_REUSEPORT);
	}
	if (a->family == AF_INET6)
		remedy_by_option(l, OPT_V6ONLY);
	remedy_by_device(l);
	remedy_by_address(l);
	unsigned before = l->n;
	remedy_by_any_port(l);
	if (l->n == before) // the kernel has none to choose
		remedy_by_unprivileged_port(l);
	remedy_by_holders(l);
	remedy_by_user(l);
}

// All remedies of the list's refusal.
static void collect(struct remedy_list *l)
{
	switch (l->open ? CLASS_PORT : code_info(l->walk->code)->class) {
	case CLASS_ADDRESS:
		for_address(l);
		break;
	case CLASS_ARGUMENT:
		for_argument(l);
		break;
	case CLASS_PERMISSION:
		for_permission(l);
		break;
	case CLASS_PORT:
		for_port(l);
		break;
	case CLASS_NONE:
		break;
	}
}

// Did the kernel refuse at the port, although the model could not tell?
static bool is_open(const struct walk *w)
{
	return w->agreement == OPEN && !w->predicted.err && w->observed.call == CALL_BIND &&
	       w->observed.err == EADDRINUSE;
}

unsigned remedies(const struct facts *f, const struct walk *w, struct remedy out[static REMEDIES])
{
	struct remedy_list l = {.world = {f->host, f->question, *f->caller, w->attempt},
				.walk = w,
				.open = is_open(w),
				.out = out,
				.collect = collect};
	if (w->code == CODE_FAMILY_FILTERED) {
		remedy_by_ipv4(&l);
		for (unsigned i = 0; i < l.n; i++)
			l.out[i].verified = false; // the filter may refuse those too
	}
	bool observed_otherwise = w->observed.present && w->observed.err != w->predicted.err;
	if (l.open || (w->predicted.err && !observed_otherwise))
		collect(&l);
	for (unsigned i = 0; i < l.n; i++)
		out[i].price = remedy_price(&out[i]);
	return l.n;
}

// Who could lift it.
static const char *hook_none(const struct walk *w)
{
	switch (walk_inner_hook(w, NULL)) {
	case INNER_HOOK_LSM:
		return "the policy of the security module would have to allow it; its log names the rule (journalctl -k)";
	case INNER_HOOK_LANDLOCK:
		return "nobody can lift Landlock rules; start the process without them";
	case INNER_HOOK_CGROUP:
	case INNER_HOOK_CGROUP_POST:
		return "a BPF program on the control group decides; bpftool cgroup tree lists it";
	case INNER_HOOK_BEFORE:
		return "a seccomp filter cannot be lifted, but the process can be started without it; a tracer can be detached";
	case INNER_HOOK_UNSEEN:
	case INNER_HOOK_NONE:
		break;
	}
	return "Bindwalk cannot see what a hook decides, so it knows no remedy";
}

const char *remedy_none(const struct walk *w)
{
	int err = walk_errno(w);
	if (!err)
		return NULL;
	if (w->agreement == HOOK)
		return hook_none(w);
	if (w->agreement == DISAGREES || w->agreement == CHANGED)
		return "the cause is not known";
	switch (walk_class(w)) {
	case CLASS_ADDRESS:
		return "neither an option nor a change of the host makes this kind of socket take the address";
	case CLASS_PERMISSION:
		return "no change that Bindwalk knows grants it here";
	case CLASS_PORT:
		return "no option and no other port lets this socket in";
	case CLASS_ARGUMENT:
		return "the call itself must be another one";
	case CLASS_NONE:
		break;
	}
	return "the cause is not known";
}
