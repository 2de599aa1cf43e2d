// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/remedy_socket.h"

#include <net/if.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

static enum spelled spelled_option(enum option_id id)
{
	switch (id) {
	case OPT_FREEBIND:
	case OPT_FREEBIND6:
		return SPELLED_FREEBIND;
	case OPT_TRANSPARENT:
	case OPT_TRANSPARENT6:
		return SPELLED_TRANSPARENT;
	case OPT_V6ONLY:
		return SPELLED_V6ONLY;
	case OPT_REUSEPORT:
		return SPELLED_REUSEPORT;
	default:
		return SPELLED_NOT;
	}
}

static struct remedy of_socket(enum remedy_kind kind)
{
	return remedy_new(kind, REACH_SOCKET, NEEDS_NOTHING);
}

void remedy_by_option(struct remedy_list *l, enum option_id id)
{
	const struct sockopt *o = option_info(id);
	struct world v = l->world;
	struct remedy r = of_socket(REMEDY_OPTION);
	if (attempt_on(&v.attempt, id) || attempt_toggle(&v.attempt, id) < 0)
		return;
	if (o->cap == CAP_RAW_OR_ADMIN)
		r.needs = NEEDS_NET_RAW;
	r.spelling.what = spelled_option(id);
	remedy_change(&r, "set %s on the socket", o->symbol);
	if (id == OPT_REUSEADDR || id == OPT_REUSEPORT)
		remedy_keep(&r, "the other socket must go on setting it, too");
	remedy_offer(l, &v, &r, true);
}

void remedy_by_clearing_v6only(struct remedy_list *l)
{
	struct world v = l->world;
	struct remedy r = of_socket(REMEDY_OPTION);
	attempt_unset(&v.attempt, OPT_V6ONLY);
	if (attempt_set(&v.attempt, &(struct setting){.option = OPT_V6ONLY, .value = 0}) < 0)
		return;
	r.spelling.what = SPELLED_DUALSTACK;
	remedy_change(&r, "set IPV6_V6ONLY to 0 on the socket");
	remedy_offer(l, &v, &r, true);
}

static void remove_setting(struct attempt *a, unsigned at)
{
	memmove(&a->settings[at], &a->settings[at + 1], (a->nsettings - at - 1) * sizeof *a->settings);
	a->nsettings--;
}

void remedy_without_option(struct remedy_list *l)
{
	static const struct {
		enum option_id wrong, right;
	} levels[] = {{OPT_FREEBIND, OPT_FREEBIND6},
		      {OPT_TRANSPARENT, OPT_TRANSPARENT6},
		      {OPT_FREEBIND6, OPT_FREEBIND},
		      {OPT_TRANSPARENT6, OPT_TRANSPARENT}};
	unsigned at = l->walk->steps[l->walk->decisive].setting;
	const struct setting failing = l->world.attempt.settings[at];
	const struct sockopt *o = option_info(failing.option);
	struct world v = l->world;
	struct remedy r = of_socket(REMEDY_OPTION);
	for (size_t i = 0; i < sizeof levels / sizeof *levels; i++)
		if (levels[i].wrong == failing.option) {
			v.attempt.settings[at].option = levels[i].right;
			r.spelling.what = spelled_option(levels[i].right);
			remedy_change(&r, "set %s instead of %s", option_info(levels[i].right)->symbol, o->symbol);
			remedy_offer(l, &v, &r, true);
		}
	v = l->world;
	r = of_socket(REMEDY_OPTION);
	remove_setting(&v.attempt, at);
	remedy_change(&r, "do not set %s on the socket", o->symbol);
	remedy_offer(l, &v, &r, true);
	if (failing.option != OPT_DEVICE && failing.option != OPT_IFINDEX)
		return;
	// A device that is bound already needs a capability to be changed: only the last one counts.
	v = l->world;
	attempt_unset(&v.attempt, failing.option);
	if (v.attempt.nsettings + 1 >= l->world.attempt.nsettings || attempt_set(&v.attempt, &failing) < 0)
		return;
	r = of_socket(REMEDY_DEVICE);
	remedy_change(&r, "bind the socket to one interface only, the last one");
	remedy_offer(l, &v, &r, true);
}

static bool is_up(const struct link *l)
{
	return l->flags & IFF_UP;
}

static void to_scope(struct remedy_list *l, const struct link *dev)
{
	struct world v = l->world;
	struct remedy r = of_socket(REMEDY_SCOPE);
	char text[ADDR_TEXT];
	v.attempt.scope = dev->index;
	snprintf(v.attempt.scope_name, sizeof v.attempt.scope_name, "%s", dev->name);
	r.mends = host_find_addr_on(l->world.host, &v.attempt.addr, dev->index) < l->world.host->naddrs;
	r.spelling = (struct spelling){.what = SPELLED_SCOPE, .port = v.attempt.port};
	snprintf(r.spelling.name, sizeof r.spelling.name, "%s%%%s", addr_print(&v.attempt.addr, text), dev->name);
	remedy_change(&r, "bind to %s", r.spelling.name);
	remedy_offer(l, &v, &r, true);
}

// The interfaces that have the address; where none has it, or it is multicast, those that are up, a loopback device
// last.
void remedy_by_scope(struct remedy_list *l)
{
	enum { HAS, UP, UP_LOOPBACK, PASSES, MOST = 8 };
	const struct host *h = l->world.host;
	const struct addr *a = &l->world.attempt.addr;
	unsigned first = l->n;
	if (l->world.attempt.family != AF_INET6 || !addr6_needs_scope(a))
		return;
	bool multicast = addr_is_multicast(a), nowhere = host_find_addr(h, a) == h->naddrs;
	for (int pass = HAS; pass < PASSES && l->n < first + MOST; pass++)
		for (size_t i = 0; i < h->nlinks && l->n < first + MOST; i++) {
			const struct link *dev = &h->links[i];
			bool lo = dev->flags & IFF_LOOPBACK;
			bool fits = pass == HAS  ? host_find_addr_on(h, a, dev->index) < h->naddrs
				    : pass == UP ? (multicast || nowhere) && is_up(dev) && !lo
						 : multicast && is_up(dev) && lo;
			if (fits && dev->index != l->world.attempt.scope)
				to_scope(l, dev);
		}
}

static void to_device(struct remedy_list *l, const struct link *dev)
{
	struct world v = l->world;
	struct remedy r = of_socket(REMEDY_DEVICE);
	struct setting s = {.option = OPT_DEVICE};
	snprintf(s.device, sizeof s.device, "%s", dev->name);
	if (v.attempt.scope && v.attempt.scope != dev->index && addr6_needs_scope(&v.attempt.addr))
		return; // the right scope will do, and no other one
	attempt_unset(&v.attempt, OPT_DEVICE);
	if (attempt_set(&v.attempt, &s) < 0)
		return;
	r.spelling.what = SPELLED_DEVICE;
	snprintf(r.spelling.name, sizeof r.spelling.name, "%s", dev->name);
	remedy_change(&r, "bind the socket to %s", dev->name);
	remedy_offer(l, &v, &r, true);
}

// The VRF whose table has the address.
static const struct link *vrf_of_address(const struct host *h, const struct addr *a)
{
	size_t i = host_find_addr(h, a);
	return i < h->naddrs ? host_vrf_of(h, h->addrs[i].index) : NULL;
}

void remedy_by_device(struct remedy_list *l)
{
	enum { MOST = 4 };
	const struct host *h = l->world.host;
	const struct attempt *a = &l->world.attempt;
	struct addr real = remedy_is_v4(a) ? addr_from_v4(addr_v4(&a->addr)) : a->addr;
	bool nowhere = addr_is_multicast(&real) || host_find_addr(h, &real) == h->naddrs;
	bool any = addr_is_any(&real), scope = l->walk->code == CODE_SCOPE_MISSING && nowhere;
	bool failing = l->walk->steps[l->walk->decisive].step == STEP_SETSOCKOPT; // is dealt with already
	if (attempt_setting(a, OPT_DEVICE) && !failing) {
		struct world v = l->world;
		struct remedy r = of_socket(REMEDY_DEVICE);
		attempt_unset(&v.attempt, OPT_DEVICE);
		remedy_change(&r, "do not bind the socket to an interface");
		remedy_offer(l, &v, &r, true);
	}
	const struct link *vrf = vrf_of_address(h, &real);
	if (vrf)
		to_device(l, vrf);
	unsigned n = 0;
	for (size_t i = 0; i < h->nlinks && n < MOST; i++) {
		const struct link *dev = &h->links[i];
		bool lo = dev->flags & IFF_LOOPBACK;
		unsigned before = l->n;
		if (is_up(dev) && dev != vrf &&
		    (host_find_addr_on(h, &real, dev->index) < h->naddrs || (!lo && (any || scope))))
			to_device(l, dev);
		n += l->n > before;
	}
}

void remedy_by_any_port(struct remedy_list *l)
{
	struct world v = l->world;
	struct remedy r = of_socket(REMEDY_PORT);
	if (!v.attempt.port)
		return;
	v.attempt.port = 0;
	remedy_change(&r, v.attempt.kind == KIND_PING ? "bind to identifier 0: the kernel chooses one"
						      : "bind to port 0: the kernel chooses a free one");
	remedy_offer(l, &v, &r, true);
}

// As a configuration says where to listen: without what only IPv6 sockets have.
static struct spelling spelled_place(enum spelled what, const struct attempt *a)
{
	struct spelling s = {.what = what, .port = a->port};
	struct addr plain = addr_unmapped(&a->addr);
	char text[ADDR_TEXT];
	snprintf(s.name, sizeof s.name, "%s", addr_print(&plain, text));
	return s;
}

static bool is_reserved(const struct host *h, unsigned port)
{
	return h->reserved_ports[port / 8] >> port % 8 & 1;
}

void remedy_by_unprivileged_port(struct remedy_list *l)
{
	struct world v = l->world;
	struct remedy r = of_socket(REMEDY_PORT);
	const struct question *q = v.question;
	const unsigned low = (unsigned)v.host->sysctl[SYSCTL_UNPRIV_PORT];
	if (v.host->sysctl_hidden[SYSCTL_UNPRIV_PORT])
		return; // nobody knows where those begin
	if (q->socks_port && q->further && q->further->socks_protocol == q->socks_protocol)
		q = q->further;
	// Of a port that nobody was asked about the text says that it must be free.
	bool all = q->socks_known == YES && q->socks_port == 0;
	struct question none = {.socks_known = YES, .socks_bound = YES, .socks_protocol = q->socks_protocol};
	none.socks_protocol = (uint8_t)kind_port_protocol(v.attempt.kind);
	for (unsigned port = low ? low : 1; port <= UINT16_MAX; port++) {
		bool held = is_reserved(v.host, port);
		for (size_t i = 0; i < q->nsocks && !held; i++)
			held = q->socks[i].port == port;
		if (held)
			continue;
		v.attempt.port = (uint16_t)port;
		r.spelling = spelled_place(SPELLED_PORT, &v.attempt);
		v.question = all ? q : &none;
		none.socks_port = (uint16_t)port;
		if (all)
			remedy_change(&r, "bind to a port of your choice, such as %u", port);
		else
			remedy_change(&r, "bind to a free port, %u or above", port);
		remedy_offer(l, &v, &r, true);
		return;
	}
}

static void to_address(struct remedy_list *l, const struct addr *a, const char *what)
{
	struct world v = l->world;
	struct remedy r = of_socket(REMEDY_ADDRESS);
	char text[ADDR_TEXT];
	v.attempt.addr = *a;
	v.attempt.scope = 0;
	v.attempt.scope_name[0] = '\0';
	remedy_change(&r, "bind to %s%s", addr_print(a, text), what);
	r.spelling = spelled_place(SPELLED_BIND, &v.attempt);
	remedy_offer(l, &v, &r, true);
}

static struct addr as_family(const struct attempt *a, const struct addr *real)
{
	struct addr mapped = {.family = AF_INET6, .bytes = {[10] = 0xff, [11] = 0xff}};
	if (a->family == real->family)
		return *real;
	memcpy(mapped.bytes + 12, real->bytes, 4);
	return mapped;
}

void remedy_by_address(struct remedy_list *l)
{
	enum { MOST = 2 };
	const struct host *h = l->world.host;
	const struct attempt *a = &l->world.attempt;
	struct addr v4 = addr_from_v4(addr_v4(&a->addr)), real = remedy_is_v4(a) ? v4 : a->addr;
	unsigned n = 0;
	if (!addr_is_any(&real)) {
		struct addr any = {.family = real.family}, whole = as_family(a, &any);
		bool loopback = real.family == AF_INET ? real.bytes[0] == 127 : addr6_class(&real) & ADDR6_LOOPBACK;
		if (!loopback) // a service for this host alone must not open to the network
			to_address(l, &whole, ", which takes every address");
		return;
	}
	if (l->depth)
		return; // the routes of another address may be missing
	for (size_t i = 0; i < h->naddrs && n < MOST; i++) {
		struct addr one = as_family(a, &h->addrs[i].addr);
		bool fits = h->addrs[i].addr.family == real.family && !addr6_needs_scope(&one);
		unsigned before = l->n;
		if (fits)
			to_address(l, &one, " alone");
		n += l->n > before;
	}
}

void remedy_by_ipv4(struct remedy_list *l)
{
	struct world v = l->world;
	struct remedy r = of_socket(REMEDY_FAMILY);
	char text[ADDR_TEXT];
	struct addr *a = &v.attempt.addr, loopback = addr_from_v4(0x7f000001);
	if (v.attempt.family != AF_INET6)
		return;
	if (addr_is_mapped(a))
		*a = addr_from_v4(addr_v4(a));
	else if (addr_is_any(a))
		*a = addr_from_v4(0);
	else if (addr6_class(a) & ADDR6_LOOPBACK)
		*a = loopback;
	else
		return;
	v.attempt.family = AF_INET;
	v.attempt.scope = 0;
	v.attempt.scope_name[0] = '\0';
	attempt_unset(&v.attempt, OPT_V6ONLY);
	r.spelling = spelled_place(SPELLED_IPV4, &v.attempt);
	remedy_change(&r, "use an IPv4 socket, bound to %s", addr_print(a, text));
	remedy_offer(l, &v, &r, true);
}

void remedy_by_kind(struct remedy_list *l, enum kind kind)
{
	struct world v = l->world;
	struct remedy r = of_socket(REMEDY_OTHER);
	if (v.attempt.kind == kind)
		return;
	v.attempt.kind = kind;
	remedy_change(&r, "use a %s socket",
		      kind == KIND_TCP   ? "TCP"
		      : kind == KIND_UDP ? "UDP"
					 : kind_info(kind)->name);
	// Who holds the port in the other protocol was not asked.
	remedy_offer(l, &v, &r, true);
}

// An IPv4 address on an IPv6 socket, or the other way round.
static void by_fitting_family(struct remedy_list *l)
{
	struct world v = l->world;
	struct remedy r = of_socket(REMEDY_FAMILY);
	char text[ADDR_TEXT];
	v.attempt.sa_family = SA_FAMILY_AS_ADDRESS;
	v.attempt.addrlen = ADDRLEN_WHOLE;
	v.attempt.family = v.attempt.addr.family;
	remedy_change(&r, "use an %s socket", v.attempt.family == AF_INET ? "IPv4" : "IPv6");
	remedy_offer(l, &v, &r, true);
	if (l->world.attempt.family != AF_INET6)
		return;
	v.attempt.family = AF_INET6;
	v.attempt.addr = as_family(&v.attempt, &l->world.attempt.addr);
	r = of_socket(REMEDY_ADDRESS);
	remedy_change(&r, "bind to %s, in an IPv6 sockaddr", addr_print(&v.attempt.addr, text));
	remedy_offer(l, &v, &r, true);
}

void remedy_by_argument(struct remedy_list *l)
{
	struct world v = l->world;
	struct remedy r = of_socket(REMEDY_OTHER);
	if (v.attempt.family != v.attempt.addr.family && l->walk->code != CODE_ALREADY_BOUND) {
		by_fitting_family(l);
		return;
	}
	if (l->walk->code == CODE_ALREADY_BOUND) {
		v.attempt.binds = 1;
		remedy_change(&r, "bind once, or use a new socket");
	} else if (l->walk->code == CODE_ARGUMENT_LENGTH) {
		v.attempt.addrlen = ADDRLEN_WHOLE;
		remedy_change(&r, "pass the length of the whole address to bind()");
	} else {
		v.attempt.sa_family = SA_FAMILY_AS_ADDRESS;
		remedy_change(&r, "write the socket's own family into the address");
	}
	remedy_offer(l, &v, &r, true);
}
