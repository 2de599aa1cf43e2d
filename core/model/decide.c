// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/decide.h"

#include <errno.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <string.h>
#include <sys/socket.h>

#include "core/model/decide_absent.h"
#include "core/model/decide_calls.h"
#include "core/model/decide_context.h"
#include "core/model/decide_list.h"
#include "core/model/decide_port.h"
#include "core/model/fib.h"
#include "core/model/unknown.h"

static enum finding_id decide_hooks(struct context *c, struct walk_step *s)
{
	if (c->caller->hooks.lsms[0])
		put_text(s, IN_LSMS, c->caller->hooks.lsms);
	if (c->caller->hooks.seccomp != UNKNOWN)
		put_number(s, IN_SECCOMP, V_BOOL, c->caller->hooks.seccomp == YES);
	return HOOKS_UNSEEN;
}

static enum finding_id decide_family(struct context *c, struct walk_step *s)
{
	const struct attempt *a = c->attempt;
	const struct bind_path *path = c->walk->path;
	struct sockaddr_storage sa;
	unsigned len = attempt_sockaddr(a, &sa);
	put_number(s, IN_FAMILY, V_FAMILY, sa.ss_family);
	put_number(s, IN_ADDRLEN, V_NUMBER, (int)len);
	if (len > sizeof sa) // move_addr_to_kernel(), net/socket.c, comes first; a negative length counts as too long
		return FAMILY_LONG;
	bool as_v4 =
		a->kind == KIND_SCTP && sa.ss_family == AF_INET; // the length must do for the family that is written
	unsigned least = as_v4 ? sizeof(struct sockaddr_in) : path->addrlen_min;
	if (len < least) {
		put_number(s, IN_LOW, V_NUMBER, least);
		return FAMILY_SHORT;
	}
	if (path->family_rule == FAMILY_IGNORED)
		return FAMILY_NOT_READ;
	if (sa.ss_family == a->family)
		return FAMILY_FITS;
	if (as_v4 && !c->v6only) {
		c->walk->predicted.certain = false; // what getsockname() will show is not modelled
		return FAMILY_AS_V4;
	}
	if (path->family_rule == FAMILY_EINVAL)
		return FAMILY_WRONG_RAW6;
	if (path->family_rule == FAMILY_UNSPEC_ANY && sa.ss_family == AF_UNSPEC && addr_is_any(&a->addr)) {
		s->inputs[0].number = a->family;
		return FAMILY_UNSPEC;
	}
	return FAMILY_WRONG;
}

static enum finding_id decide_type(struct context *c, struct walk_step *s)
{
	const struct attempt *a = c->attempt;
	unsigned class = addr6_class(&a->addr);
	put_addr(s, &a->addr);
	if (a->kind == KIND_SCTP && a->sa_family == AF_INET) // sctp_inet6_bind_verify(), net/sctp/ipv6.c
		return TYPE_NOT_ASKED;
	put_number(s, IN_CLASS, V_CLASS6, class);
	bool unicast = class == ADDR6_ANY || class & ADDR6_UNICAST;
	if (a->kind == KIND_PING && !unicast)
		return TYPE_NOT_UNICAST;
	return a->kind == KIND_SCTP && !unicast && !addr_is_mapped(&c->attempt->addr) ? TYPE_NOT_UNICAST_SCTP
										      : TYPE_KNOWN;
}

static enum finding_id decide_multicast(struct context *c, struct walk_step *s)
{
	const struct attempt *a = c->attempt;
	put_addr(s, &a->addr);
	if (!addr_is_multicast(&a->addr))
		return MULTICAST_NO;
	return kind_info(a->kind)->sock_type == SOCK_STREAM ? MULTICAST_REFUSED : MULTICAST_DGRAM;
}

static enum finding_id decide_state(struct context *c, struct walk_step *s)
{
	(void)s;
	if (c->attempt->kind == KIND_RAW)
		return c->attempt->binds == BINDS_OTHER ? STATE_CONNECTED : STATE_RAW;
	if (c->bound)
		return STATE_BOUND;
	return c->attempt->binds > 1 ? STATE_NO_PORT : STATE_FRESH;
}

static enum finding_id decide_mapped(struct context *c, struct walk_step *s)
{
	put_addr(s, &c->attempt->addr);
	if (!addr_is_mapped(&c->attempt->addr))
		return MAPPED_NO;
	if (c->attempt->kind == KIND_RAW)
		return MAPPED_RAW;
	put_ref(s, IN_V6ONLY, V_BOOL, REF_OPTION, OPT_V6ONLY);
	s->inputs[s->ninputs - 1].number = c->v6only;
	return c->v6only ? MAPPED_V6ONLY : MAPPED_YES;
}

// A device with which the address would do, to complete a sentence with: one that has it, and for multicast any one
// that is up, best not lo. NULL for none.
static const struct link *scope_hint(const struct context *c)
{
	const struct host *h = c->host;
	const struct link *found = NULL;
	size_t exact = host_find_addr(h, &c->attempt->addr);
	if (exact < h->naddrs)
		return host_link(h, h->addrs[exact].index);
	for (size_t i = 0; i < h->nlinks && addr_is_multicast(&c->attempt->addr); i++)
		if (h->links[i].flags & IFF_UP && (!found || found->flags & IFF_LOOPBACK))
			found = &h->links[i];
	return found;
}

static enum finding_id decide_scope(struct context *c, struct walk_step *s)
{
	const struct attempt *a = c->attempt;
	struct sockaddr_storage sa;
	bool read = attempt_sockaddr(a, &sa) >= sizeof(struct sockaddr_in6);
	put_addr(s, &a->addr);
	if (addr_is_any(&a->addr) && a->kind != KIND_PING)
		return SCOPE_ANY;
	if (a->scope)
		put_number(s, IN_SCOPE, V_DEVICE, a->scope);
	if (!addr6_needs_scope(&a->addr))
		return a->scope ? SCOPE_NOT_READ : SCOPE_NOT_NEEDED;
	if (a->kind == KIND_SCTP && a->scope)
		return SCOPE_NAMED;
	if (read && a->scope) {
		if (a->kind != KIND_PING) // a ping socket is bound only once the address was accepted
			c->device = a->scope;
		return SCOPE_GIVEN;
	}
	if (c->device && a->kind != KIND_PING && a->kind != KIND_SCTP) {
		put_device(s, c->host, c->device);
		return SCOPE_BY_DEVICE;
	}
	const struct link *hint = scope_hint(c);
	put_number(s, IN_CLASS, V_CLASS6, addr6_class(&a->addr));
	if (hint) {
		put_link(s, IN_NEAREST, c->host, hint);
		s->inputs[s->ninputs - 1].type = V_SCOPED;
	}
	return a->kind == KIND_PING ? SCOPE_NONE_PING : a->kind == KIND_SCTP ? SCOPE_NONE_SCTP : SCOPE_NONE;
}

// sctp_inet6_bind_verify() looks the scope up, sctp_v6_available() the bound device; neither has an errno of its own.
static enum finding_id decide_device_sctp(struct context *c, struct walk_step *s)
{
	const struct attempt *a = c->attempt;
	bool scoped = addr6_needs_scope(&a->addr);
	uint32_t bound = kernel_has(&c->host->kernel, TRAIT_SCTP_VRF) ? c->device : 0;
	uint32_t index = scoped && (!bound || !host_link(c->host, a->scope)) ? a->scope : bound;
	if (!index)
		return DEVICE_ANY;
	put_device(s, c->host, index);
	return host_link(c->host, index) ? DEVICE_THERE : DEVICE_GONE_SCTP;
}

static enum finding_id decide_device(struct context *c, struct walk_step *s)
{
	const struct attempt *a = c->attempt;
	bool ping = a->kind == KIND_PING;
	uint32_t index = c->device;
	if (ping && a->scope)
		index = a->scope; // for any address, not only link-local ones
	else if (ping && !kernel_has(&c->host->kernel, TRAIT_PING_VRF))
		index = 0;
	if (addr_is_any(&a->addr) && !ping)
		return DEVICE_NOT_READ;
	if (a->kind == KIND_SCTP)
		return decide_device_sctp(c, s);
	if (!index)
		return DEVICE_ANY;
	put_device(s, c->host, index);
	return host_link(c->host, index) ? DEVICE_THERE : DEVICE_GONE;
}

static bool reads_vrf_table(const struct context *c)
{
	switch (c->attempt->kind) {
	case KIND_PING:
		return kernel_has(&c->host->kernel, TRAIT_PING_VRF);
	case KIND_SCTP:
		return kernel_has(&c->host->kernel, TRAIT_SCTP_VRF);
	default:
		return true;
	}
}

// l3mdev_fib_table_by_index(), net/l3mdev/l3mdev.c: the table of the VRF that the device is, or is in.
static enum finding_id decide_table(struct context *c, struct walk_step *s)
{
	const struct link *vrf = host_vrf_of(c->host, c->device);
	c->table = RT_TABLE_LOCAL;
	if (c->attempt->kind == KIND_PING && addr_is_any(&c->attempt->addr)) {
		put_addr(s, &c->attempt->addr);
		return TABLE_NOT_ASKED;
	}
	enum finding_id found = TABLE_LOCAL;
	if (!reads_vrf_table(c)) {
		found = TABLE_NOT_VRF_AWARE;
	} else if (c->device) {
		put_device(s, c->host, c->device);
		found = TABLE_NO_VRF;
		if (vrf) {
			put_link(s, IN_VRF, c->host, vrf);
			c->table = vrf->vrf_table;
			found = TABLE_VRF;
		}
	}
	put_number(s, IN_TABLE, V_TABLE, c->table);
	if (c->table == RT_TABLE_LOCAL || c->table == RT_TABLE_MAIN)
		put_number(s, IN_TRIE, V_TRIE, c->host->trie);
	return found;
}

static enum finding_id type_finding(const struct context *c, unsigned type)
{
	switch (type) {
	case RTN_LOCAL: {
		const struct route_info *info = c->route_found ? host_info4(c->host, c->route) : NULL;
		if (info && info->table != c->table)
			return CLASSIFY_MERGED;
		return info && route_is_anyip(info, c->host->routes4[c->route].len, AF_INET) ? CLASSIFY_ANYIP
											     : CLASSIFY_LOCAL;
	}
	case RTN_BROADCAST:
		return CLASSIFY_BROADCAST_ROUTE;
	case RTN_MULTICAST:
		return CLASSIFY_MULTICAST_ROUTE;
	default:
		return CLASSIFY_OTHER_ROUTE;
	}
}

// __inet_dev_addr_type(), net/ipv4/fib_frontend.c, with no device to compare.
static enum finding_id classify(struct context *c, struct walk_step *s)
{
	const struct host *h = c->host;
	const struct fib_answer *asked = &c->question->fib;
	uint32_t dst = addr_v4(&c->attempt->addr);
	put_number(s, IN_TABLE, V_TABLE, c->table);
	if (dst == INADDR_ANY || dst == INADDR_BROADCAST) {
		c->type = RTN_BROADCAST;
		return dst == INADDR_ANY ? CLASSIFY_ANY : CLASSIFY_BROADCAST;
	}
	if (IN_MULTICAST(dst)) {
		c->type = RTN_MULTICAST;
		return CLASSIFY_MULTICAST;
	}
	bool answered = !h->routes4_read && asked->present && asked->table == c->table && asked->dst == dst;
	if (answered)
		s->rests_on = EV_ASKED;
	if (answered ? asked->err == -ENOENT : fib_table_exists(h, c->table) == NO) {
		put_number(s, IN_LOOKUP, V_ERRNO, ENOENT);
		c->type = RTN_BROADCAST;
		return CLASSIFY_NO_TABLE;
	}

	// An answer without a type: -EAGAIN means no route (or one of type throw); any other error is a route that ends
	// the lookup.
	struct fib_result r = {.err = asked->err, .type = asked->type, .found = asked->err != -EAGAIN};
	if (!answered) {
		r = fib_lookup4(h, c->table, dst);
		if (r.found) {
			c->route = r.route;
			c->route_found = true;
			put_ref(s, IN_ROUTE, V_ROUTE4, REF_ROUTE4, r.route);
			put_number(s, IN_ROUTE_TABLE, V_TABLE, r.table);
		}
	}
	// A dump calls every route with a blackhole nexthop object a blackhole, also those of another error type.
	s->lookup_open = c->route_found && r.type == RTN_BLACKHOLE && host_info4(h, c->route)->nhid;
	put_number(s, IN_LOOKUP, V_ERRNO, -r.err);
	c->type = r.err ? RTN_UNICAST : r.type;
	if (!r.err)
		return type_finding(c, c->type);
	return c->route_found ? CLASSIFY_ERROR_ROUTE : r.found ? CLASSIFY_ERROR_ASKED : CLASSIFY_NO_ROUTE;
}

// The local address is a secondary one: that it may go with another one is worth knowing before.
static void put_secondary(const struct context *c, struct walk_step *s)
{
	const struct addr v4 = addr_from_v4(addr_v4(&c->attempt->addr));
	size_t i = host_find_addr(c->host, &v4);
	if (c->type == RTN_LOCAL && i < c->host->naddrs && !c->host->sysctl_hidden[SYSCTL_ALL_PROMOTE] &&
	    host_primary_of(c->host, &c->host->addrs[i]))
		put_ref(s, IN_SECONDARY, V_SECONDARY, REF_ADDR, i);
}

static enum finding_id decide_classify(struct context *c, struct walk_step *s)
{
	put_addr(s, &c->attempt->addr);
	if (c->attempt->family == AF_INET6 && !addr_is_mapped(&c->attempt->addr))
		return CLASSIFY_NEVER_ASKED;
	enum finding_id found = classify(c, s);
	c->type_known = true;
	put_number(s, IN_TYPE, V_RTN, c->type);
	put_secondary(c, s);
	bool any = addr_v4(&c->attempt->addr) == INADDR_ANY;
	if (any && c->attempt->kind == KIND_PING)
		return CLASSIFY_ANY_PING;
	// SCTP does not accept broadcast and multicast.
	return c->attempt->kind == KIND_SCTP && !any && finding_info(found)->outcome == ACCEPTS && c->type != RTN_LOCAL
		       ? CLASSIFY_OTHER_ROUTE
		       : found;
}

// inet_can_nonlocal_bind(), include/net/inet_sock.h; ipv6_can_nonlocal_bind(), include/net/ipv6.h.
static enum finding_id decide_nonlocal(struct context *c, struct walk_step *s)
{
	const struct attempt *a = c->attempt;
	bool six = a->family == AF_INET6 && !addr_is_mapped(&c->attempt->addr);
	if (six && (addr_is_any(&a->addr) || addr_is_multicast(&a->addr)) && a->kind != KIND_PING) {
		put_addr(s, &a->addr);
		return NONLOCAL_NOT_ASKED;
	}
	if (a->kind == KIND_RAW && !six && !kernel_has(&c->host->kernel, TRAIT_RAW4_NONLOCAL))
		return NONLOCAL_UNKNOWN_HERE;
	enum sysctl_id sysctl = six ? SYSCTL_V6_NONLOCAL : SYSCTL_V4_NONLOCAL;
	put_sysctl(s, IN_SYSCTL, c->host, sysctl);
	put_ref(s, IN_FREEBIND, V_BOOL, REF_OPTION, OPT_FREEBIND);
	s->inputs[s->ninputs - 1].number = c->freebind;
	put_ref(s, IN_TRANSPARENT, V_BOOL, REF_OPTION, OPT_TRANSPARENT);
	s->inputs[s->ninputs - 1].number = c->transparent;
	put_addr(s, &a->addr);
	c->nonlocal = true;
	if (c->host->sysctl[sysctl])
		return NONLOCAL_SYSCTL;
	bool options_count = !six || a->kind != KIND_RAW || kernel_has(&c->host->kernel, TRAIT_RAW6_OPTIONS);
	if (c->freebind && options_count)
		return NONLOCAL_FREEBIND;
	bool counts = six || a->kind != KIND_SCTP; // sctp_v4_available() does not ask for it
	if (c->transparent && counts && options_count)
		return NONLOCAL_TRANSPARENT;
	c->nonlocal = false;
	return c->transparent && !counts ? NONLOCAL_NO_SCTP : NONLOCAL_NO;
}

// A local route of table main, which would count if no rule had ever been changed.
static bool put_split(const struct context *c, struct walk_step *s)
{
	const struct fib_answer *in_main = &c->question->in_main;
	bool asked = in_main->present && in_main->dst == addr_v4(&c->attempt->addr);
	if (c->table != RT_TABLE_LOCAL || c->host->trie != TRIE_SPLIT || !asked || in_main->err ||
	    in_main->type != RTN_LOCAL)
		return false;
	if (c->route_found && c->host->routes4[c->route].len > in_main->len)
		return false;
	put_number(s, IN_ROUTE, V_ASKED, in_main->len);
	put_number(s, IN_ROUTE_TABLE, V_TABLE, in_main->table);
	put_number(s, IN_TABLE, V_TABLE, c->table);
	return true;
}

static enum finding_id decide_acceptable(struct context *c, struct walk_step *s)
{
	const struct attempt *a = c->attempt;
	const struct host *h = c->host;
	struct addr v4 = addr_from_v4(addr_v4(&a->addr));
	bool own_type = c->type == RTN_LOCAL || c->type == RTN_MULTICAST || c->type == RTN_BROADCAST;
	put_addr(s, &a->addr);
	put_number(s, IN_TYPE, V_RTN, c->type);
	const struct kernel *k = &h->kernel;
	bool like_udp = kernel_has(k, TRAIT_PING_LIKE_UDP) && !kernel_has(k, TRAIT_PING_VRF);
	if (a->kind == KIND_PING && c->type != RTN_LOCAL && own_type && !addr_is_any(&v4) && !like_udp)
		return ACCEPTABLE_PING;
	bool local_only = a->kind == KIND_SCTP && !addr_is_any(&v4);
	if (own_type && (!local_only || c->type == RTN_LOCAL))
		return ACCEPTABLE_TYPE;
	if (c->nonlocal)
		return ACCEPTABLE_NONLOCAL;
	if (own_type)
		return ACCEPTABLE_SCTP;

	size_t hidden;
	if (c->route_found &&
	    fib_hidden_local(h, c->table, addr_v4(&a->addr), h->routes4[c->route].len + 1u, &hidden)) {
		put_ref(s, IN_ROUTE, V_ROUTE4, REF_ROUTE4, c->route);
		return ACCEPTABLE_SHADOWED;
	}
	enum finding_id absent = decide_absent4(c, s);
	if (absent != FINDING_COUNT)
		return absent;
	if (put_split(c, s))
		return ACCEPTABLE_SPLIT;
	size_t entry = host_find_addr(h, &v4);
	if (entry < h->naddrs) {
		put_number(s, IN_TABLE, V_TABLE, c->table);
		put_ref(s, IN_ENTRY, V_ENTRY, REF_ADDR, entry);
		return ACCEPTABLE_OTHER_VRF;
	}
	if (put_left(s, h, &v4))
		return step_input(s, IN_PRIMARY) ? ACCEPTABLE_SECONDARY : ACCEPTABLE_REMOVED;
	put_nearest(s, h, &v4);
	return ACCEPTABLE_NOT_LOCAL;
}

// __inet_bind() (net/ipv4/af_inet.c) and raw_bind() (net/ipv4/raw.c) do not send from such an address; __inet6_bind()
// does so at a v4-mapped one, and so do ping and SCTP.
static bool clears_source(const struct context *c)
{
	const struct attempt *a = c->attempt;
	bool clears = a->family == AF_INET && a->kind != KIND_SCTP && a->kind != KIND_PING;
	return clears && c->type_known && (c->type == RTN_BROADCAST || c->type == RTN_MULTICAST) &&
	       addr_v4(&a->addr) != INADDR_ANY;
}

static enum finding_id decide_result(struct context *c, struct walk_step *s)
{
	put_number(s, IN_ERRNO, V_ERRNO, 0);
	if (!clears_source(c))
		return RESULT_OK;
	c->walk->predicted.source_any = true;
	put_number(s, IN_TYPE, V_RTN, c->type);
	return RESULT_SOURCE_ANY;
}

static step_fn *const functions[STEP_COUNT] = {
	[STEP_SOCKET] = decide_socket,
	[STEP_SETSOCKOPT] = decide_setsockopt,
	[STEP_HOOKS] = decide_hooks,
	[STEP_FAMILY] = decide_family,
	[STEP_TYPE] = decide_type,
	[STEP_MULTICAST] = decide_multicast,
	[STEP_PRIVILEGE] = decide_privilege,
	[STEP_STATE] = decide_state,
	[STEP_MAPPED] = decide_mapped,
	[STEP_SCOPE] = decide_scope,
	[STEP_DEVICE] = decide_device,
	[STEP_TABLE] = decide_table,
	[STEP_CLASSIFY] = decide_classify,
	[STEP_NONLOCAL] = decide_nonlocal,
	[STEP_ADDRESS_LIST] = decide_address_list,
	[STEP_ACCEPTABLE] = decide_acceptable,
	[STEP_PORT] = decide_port,
	[STEP_RESULT] = decide_result,
};

static struct walk_step *add_step(struct walk *w, enum step_id id, const struct path_step *where)
{
	struct walk_step *s = &w->steps[w->nsteps++];
	s->step = id;
	s->finding = NOT_REACHED;
	s->where = where;
	s->reached = s->decisive = s->uncertain = s->unsure = s->lookup_open = false;
	s->unknown = 0;
	s->rests_on = EV_MODEL;
	s->setting = s->ninputs = 0;
	for (int i = 0; i < EV_COUNT; i++)
		s->claims[i].present = s->claims[i].of_lookups = s->claims[i].of_calls = false;
	return s;
}

static void lay_out(struct walk *w, const struct attempt *a)
{
	w->attempt = *a;
	w->path = bind_path_of(a);
	w->nsteps = 0;
	add_step(w, STEP_SOCKET, NULL);
	for (unsigned i = 0; i < a->nsettings; i++)
		add_step(w, STEP_SETSOCKOPT, NULL)->setting = i;
	const struct path_step *p = w->path->steps;
	do
		add_step(w, p->step, p);
	while (p++->step != STEP_RESULT);
	w->predicted.call = CALL_BIND;
	w->predicted.err = 0;
	w->predicted.certain = true;
	w->predicted.source_any = w->predicted.waivable = w->predicted.exhaustible = false;
	w->observed.present = false;
	w->unaimed = false;
	w->listened = w->connected = (struct next_seen){0};
	w->agreement = NOT_TRIED;
	w->unwitnessed = NULL;
	w->inner.present = w->inner.not_reached = false;
	w->inner.why_not[0] = '\0';
	w->inner.ncalls = 0;
	w->inner.sets = (struct function_sets){0};
	w->code = CODE_NONE;
	w->holds_for = (struct prefix){0};
}

static void refuse(struct walk *w, unsigned at)
{
	struct walk_step *s = &w->steps[at], *last = &w->steps[w->nsteps - 1];
	w->predicted.call = s->step == STEP_SOCKET       ? CALL_SOCKET
			    : s->step == STEP_SETSOCKOPT ? CALL_SETSOCKOPT
							 : CALL_BIND;
	w->predicted.err = finding_info(s->finding)->err;
	w->decisive = at;
	put_number(last, IN_ERRNO, V_ERRNO, w->predicted.err);
	last->finding = RESULT_REFUSED;
	last->reached = w->predicted.call == CALL_BIND;
}

// Takes the steps in turn; returns whether bind succeeds.
static bool take_steps(struct context *c)
{
	struct walk *w = c->walk;
	bool accepted = false;
	for (unsigned i = 0; i < w->nsteps; i++) {
		struct walk_step *s = &w->steps[i];
		if (s->step == STEP_HOOKS) { // the door of bind()
			c->option_device = c->device;
			if (c->again)
				c->device = c->left_device;
		}
		bool certain = w->predicted.certain;
		s->finding = functions[s->step](c, s);
		s->unsure = certain && !w->predicted.certain;
		enum outcome outcome = finding_info(s->finding)->outcome;
		s->reached = outcome != PASSED_BY;
		if (outcome == REFUSES) {
			refuse(w, i);
			return false;
		}
		if (outcome == ACCEPTS && !accepted) {
			accepted = true;
			w->decisive = i;
		}
	}
	return true;
}

// Why a capability is missing says more than what it is missing for.
static enum code code_of_lack(enum lack lack, enum code otherwise)
{
	switch (lack) {
	case LACK_DROPPED:
		return CODE_CAP_DROPPED;
	case LACK_BOUNDING:
		return CODE_CAP_BOUNDING_ONLY;
	case LACK_NO_NEW_PRIVS:
		return CODE_CAP_NO_NEW_PRIVS;
	case LACK_PLAIN:
		break;
	}
	return otherwise;
}

static bool walk_once(struct context *c, struct walk *out)
{
	const struct attempt *a = c->attempt;
	c->walk = out;
	lay_out(out, a);
	out->decisive = out->nsteps - 1;
	out->claimant = (struct claimant){0};
	out->sharing = (struct sharing){0};
	bool ok = take_steps(c);
	if (ok && a->kind == KIND_PING && a->family == AF_INET6 && addr6_needs_scope(&a->addr))
		c->device = a->scope; // ping_check_bind_addr() binds it last
	// MPTCP binds its first subflow; what a scope does to that one does not show on the MPTCP socket.
	out->device_after = a->kind == KIND_MPTCP ? c->option_device : c->device;
	out->steps[out->decisive].decisive = true;
	out->code = finding_info(out->steps[out->decisive].finding)->code;
	if (step_input(&out->steps[out->decisive], IN_CAPABILITY) && out->predicted.err)
		out->code = code_of_lack(c->lack, out->code);
	return ok;
}

static void decide_as_read(const struct facts *f, const struct attempt *a, struct walk *out)
{
	struct attempt again = attempt_as_read(a), once = again;
	once.binds = 1;
	bool other = a->binds == BINDS_OTHER;
	struct context c = {.host = f->host,
			    .caller = f->caller,
			    .question = f->question,
			    .attempt = other ? &again : &once,
			    .bound = other};
	bool ok = walk_once(&c, out);
	if (ok && a->binds > 1 && !other) {
		// IP_BIND_ADDRESS_NO_PORT counts for sockets that have ports to give.
		const struct walk_step *port = walk_find(out, STEP_PORT);
		bool bound = !port || port->finding != PORT_LATER, certain = out->predicted.certain;
		c = (struct context){.host = f->host,
				     .caller = f->caller,
				     .question = f->question,
				     .attempt = &again,
				     .again = true,
				     .bound = bound,
				     .left_device = c.device};
		walk_once(&c, out);
		out->predicted.certain &= certain;
	}
	out->attempt = *a;
}

void decide(const struct facts *f, const struct attempt *a, struct walk *out)
{
	decide_as_read(f, a, out);
	out->filtered = f->caller->hooks.seccomp;
	unknown_judge(f, a, decide_as_read, out);
}
