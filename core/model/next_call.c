// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/next_call.h"

#include <errno.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "core/model/decide.h"
#include "core/model/walk_text.h"

enum { STATE_TIME_WAIT = 6, STATE_CLOSE = 7, STATE_LISTEN = 10, STATE_BOUND_ONLY = 13 };

static const struct {
	const char *name;
	enum call call;
	const char *sentence;
} infos[NEXT_COUNT] = {
#define NEXT(name, call, sentence) [NEXT_##name] = {#name, call, sentence},
#include "core/model/next.def"
#undef NEXT
};

const char *next_name(enum next_id id)
{
	return infos[id].name;
}

char *next_sentence(const struct facts *f, const struct walk *w, const struct next_call *n, char *buf, size_t len)
{
	return walk_expand(f, w, &n->step, infos[n->id].sentence, buf, len);
}

static bool is_stream(const struct attempt *a)
{
	return kind_info(a->kind)->sock_type == SOCK_STREAM;
}

bool next_is_harmless(const struct attempt *a, enum call call)
{
	(void)call; // a datagram socket's listen() is refused, and its connect() only looks a route up
	return !is_stream(a);
}

// TCP, alone or below MPTCP. SCTP was not tested.
static bool is_tcp(const struct attempt *a)
{
	return a->kind == KIND_TCP || a->kind == KIND_MPTCP;
}

static bool is_v4(const struct addr *a)
{
	return a->family == AF_INET || addr_is_mapped(a);
}

static bool is_loopback(const struct addr *a)
{
	return is_v4(a) ? addr_v4(a) >> 24 == 127 : addr6_class(a) & ADDR6_LOOPBACK;
}

static void say(struct next_call *n, enum next_id id, int err)
{
	n->id = id;
	n->call = infos[id].call;
	n->err = err;
}

static void put(struct next_call *n, struct input in)
{
	n->step.inputs[n->step.ninputs++] = in;
}

static void put_text(struct next_call *n, enum input_id id, const char *text)
{
	put(n, (struct input){.id = id, .type = V_TEXT, .text = text});
}

static void put_sock(const struct facts *f, struct next_call *n, const struct sock *s)
{
	put(n, (struct input){.id = IN_HOLDER,
			      .type = V_SOCK,
			      .ref = {REF_SOCK, (uint32_t)(s - f->question->socks)},
			      .number = s - f->question->socks});
}

// Would this attempt be refused, if that were the only other socket?
static enum tri meets(const struct facts *f, const struct attempt *a, const struct sock *other)
{
	struct walk w;
	struct sock one = *other;
	struct question q = *f->question;
	q.socks = &one;
	q.nsocks = q.socks_cap = 1;
	decide(&(struct facts){f->host, f->caller, &q}, a, &w);
	if (!w.predicted.certain)
		return UNKNOWN;
	return w.predicted.err == EADDRINUSE ? YES : NO;
}

static bool not_connected(const struct sock *s)
{
	return s->state == STATE_CLOSE || s->state == STATE_BOUND_ONLY;
}

// A socket that shares the port, and whose listening would keep this one from it: inet_csk_listen_start() asks
// get_port() once more.
static bool is_contested(const struct facts *f, const struct attempt *a, struct next_call *n)
{
	enum tri worst = NO;
	for (size_t i = 0; i < f->question->nsocks && worst != YES; i++) {
		struct sock s = f->question->socks[i];
		if (s.port != a->port || !not_connected(&s))
			continue;
		s.state = STATE_LISTEN;
		enum tri clash = meets(f, a, &s);
		if (clash == NO || (clash == UNKNOWN && worst == UNKNOWN))
			continue;
		worst = clash;
		if (s.pid)
			snprintf(n->value, sizeof n->value, "pid %u (%.15s)", s.pid, s.comm);
		else
			snprintf(n->value, sizeof n->value, "the other socket");
	}
	if (worst == NO)
		return false;
	put_text(n, IN_VALUE, n->value);
	say(n, worst == YES ? NEXT_LISTEN_CONTESTED : NEXT_LISTEN_MAY_CONTEST, EADDRINUSE);
	return true;
}

// The bind left the port to the next call, which finds none.
static bool finds_no_port(const struct facts *f, const struct attempt *a, struct next_call *n)
{
	struct walk w;
	struct attempt now = *a;
	if (a->port || !attempt_on(a, OPT_NOPORT))
		return false;
	attempt_unset(&now, OPT_NOPORT);
	decide(f, &now, &w);
	if (!w.predicted.certain || w.predicted.err != EADDRINUSE)
		return false;
	say(n, NEXT_LISTEN_NO_PORT, EADDRINUSE);
	return true;
}

static const struct sock *first_listener(const struct facts *f, const struct attempt *a)
{
	for (size_t i = 0; i < f->question->nsocks; i++) {
		const struct sock *s = &f->question->socks[i];
		if (s->port == a->port && s->state == STATE_LISTEN && meets(f, a, s) != NO)
			return s;
	}
	return NULL;
}

// A listener that perhaps shares the port: bind() was let in by what the port's bucket remembers.
static bool meets_listener(const struct facts *f, const struct attempt *a, struct next_call *n)
{
	const struct sock *s = first_listener(f, a);
	if (!s)
		return false;
	put_sock(f, n, s);
	say(n, NEXT_LISTEN_DOUBTFUL, EADDRINUSE);
	return true;
}

// What listen() will do; false where there is nothing to say unasked.
static bool say_listen(const struct facts *f, const struct walk *w, struct next_call *n)
{
	const struct attempt *a = &w->attempt;
	bool asked = a->then.listen;
	if (is_tcp(a) && (finds_no_port(f, a, n) || is_contested(f, a, n)))
		return true;
	if (is_tcp(a) && w->predicted.source_any) {
		put(n, (struct input){.id = IN_ADDRESS, .type = V_ADDR, .addr = a->addr});
		say(n, NEXT_LISTEN_DEAF, 0);
		return true;
	}
	if (!asked)
		return false;
	if (!is_stream(a))
		say(n, NEXT_LISTEN_NOT_STREAM, EOPNOTSUPP);
	else if (!is_tcp(a))
		say(n, NEXT_LISTEN_UNKNOWN, 0);
	else if (!meets_listener(f, a, n))
		say(n, NEXT_LISTEN_OK, 0);
	return true;
}

// It came after the bind: before, the bind itself would have failed.
static bool see_listener(const struct facts *f, const struct walk *w, struct next_call *n)
{
	const struct sock *s = w->listened.err == EADDRINUSE && w->attempt.port ? first_listener(f, &w->attempt) : NULL;
	if (!s)
		return false;
	*n = (struct next_call){.observed = true};
	put_sock(f, n, s);
	say(n, NEXT_LISTEN_TAKEN, EADDRINUSE);
	return true;
}

static void see_listen(const struct facts *f, const struct walk *w, struct next_call *n)
{
	int err = w->listened.err;
	if (see_listener(f, w, n))
		return;
	bool warned =
		n->id == NEXT_LISTEN_CONTESTED || n->id == NEXT_LISTEN_MAY_CONTEST || n->id == NEXT_LISTEN_DOUBTFUL;
	n->observed = true;
	if (err == n->err || (warned && !err)) {
		if (n->id == NEXT_LISTEN_UNKNOWN || n->id == NEXT_LISTEN_DOUBTFUL)
			say(n, err ? NEXT_LISTEN_FAILED : NEXT_LISTEN_OK, err);
	} else {
		n->contradicts = !warned && n->id != NEXT_LISTEN_UNKNOWN;
		say(n, err ? NEXT_LISTEN_FAILED : NEXT_LISTEN_OK, err);
	}
	n->err = err;
	put(n, (struct input){.id = IN_ERRNO, .type = V_ERRNO, .number = err});
}

// An IPv4 source that this host does not have: ip_route_output_key_hash_rcu() requires one, unless the socket may
// send from any (FLOWI_FLAG_ANYSRC).
static bool sends_from_nowhere(const struct walk *w)
{
	const struct attempt *a = &w->attempt;
	bool nonlocal = w->code == CODE_NONLOCAL_BY_SYSCTL || w->code == CODE_NONLOCAL_BY_FREEBIND ||
			w->code == CODE_NONLOCAL_BY_TRANSPARENT;
	return nonlocal && is_v4(&a->addr) && !attempt_on(a, OPT_TRANSPARENT) && a->kind != KIND_RAW;
}

// How far do IPv4 routes lead? From a host that has only lo, nowhere; where the tables are split, main is not read.
enum reach { TO_NOBODY, TO_SOME, TO_ALL };

static bool has_only_lo(const struct host *h)
{
	for (size_t i = 0; i < h->nlinks; i++)
		if (!(h->links[i].flags & IFF_LOOPBACK) && h->links[i].flags & IFF_UP)
			return false;
	return true;
}

static enum reach reach4(const struct host *h)
{
	if (has_only_lo(h))
		return TO_NOBODY;
	for (size_t i = 0; i < h->nroutes4 && h->routes4[i].len == 0; i++)
		if (host_info4(h, i)->type == RTN_UNICAST && host_info4(h, i)->table == RT_TABLE_MAIN)
			return TO_ALL;
	return TO_SOME;
}

// What people stumble over who did not ask.
static bool warn_connect(const struct facts *f, const struct walk *w, struct next_call *n)
{
	const struct attempt *a = &w->attempt;
	if (a->kind == KIND_RAW || a->kind == KIND_SCTP)
		return false;
	put(n, (struct input){.id = IN_ADDRESS, .type = V_ADDR, .addr = a->addr});
	if (sends_from_nowhere(w)) {
		say(n, NEXT_SOURCE_NOT_LOCAL, ENETUNREACH);
	} else if (!is_loopback(&a->addr)) {
		return false;
	} else if (!is_v4(&a->addr)) {
		bool nobody = has_only_lo(f->host);
		say(n, NEXT_LOOPBACK6_ONLY, nobody ? ENETUNREACH : 0);
		if (!nobody)
			put_text(n, IN_HINT, "gets no answer where there is a route");
	} else {
		enum reach reach = reach4(f->host);
		int err = reach == TO_NOBODY ? ENETUNREACH : EINVAL;
		say(n, NEXT_LOOPBACK_ONLY, err);
		put(n, (struct input){.id = IN_ERRNO, .type = V_ERRNO, .number = err});
		if (reach == TO_SOME)
			put_text(n, IN_STATE, "ENETUNREACH where there is no route");
		if (err == EINVAL)
			put_text(n, IN_HINT, "route_localnet");
	}
	return true;
}

static bool is_local(const struct facts *f, const struct addr *dest)
{
	struct addr real = addr_unmapped(dest);
	return addr_is_any(dest) || is_loopback(dest) || host_find_addr(f->host, &real) < f->host->naddrs;
}

// Why nothing may come of a connect() that goes well.
static void hint(const struct facts *f, const struct walk *w, struct next_call *n)
{
	const struct attempt *a = &w->attempt;
	const struct addr *dest = &a->then.dest.addr;
	bool elsewhere = !is_local(f, dest);
	bool linklocal = !is_v4(&a->addr) && addr6_class(&a->addr) & ADDR6_LINKLOCAL;
	bool nonlocal = w->code == CODE_NONLOCAL_BY_SYSCTL || w->code == CODE_NONLOCAL_BY_FREEBIND ||
			w->code == CODE_NONLOCAL_BY_TRANSPARENT;
	char addr[ADDR_TEXT];
	addr_print(&a->addr, addr);
	if (addr_is_any(dest))
		snprintf(n->hint, sizeof n->hint, "%s means this host itself", addr_print(dest, addr));
	else if (elsewhere && !is_v4(&a->addr) && is_loopback(&a->addr))
		snprintf(n->hint, sizeof n->hint, "another host drops packets from %s", addr);
	else if (elsewhere && linklocal && !addr6_needs_scope(dest))
		snprintf(n->hint, sizeof n->hint, "routers do not forward packets from %s", addr);
	else if (elsewhere && nonlocal)
		snprintf(n->hint, sizeof n->hint, "answers come back only if %s is routed to this host", addr);
	if (n->hint[0])
		put_text(n, IN_HINT, n->hint);
}

static bool same_pair(const struct walk *w, const struct route_answer *r, const struct sock *s)
{
	const struct next_ask *then = &w->attempt.then;
	const struct addr *from = addr_is_any(&w->attempt.addr) ? &r->local : &w->attempt.addr;
	bool four = is_v4(&s->peer) && is_v4(&then->dest.addr) && addr_v4(&s->peer) == addr_v4(&then->dest.addr);
	bool source = is_v4(&s->addr) == is_v4(from) &&
		      (is_v4(from) ? addr_v4(&s->addr) == addr_v4(from) : addr_equal(&s->addr, from));
	return s->peer.family && s->peer_port == then->dest.port && source &&
	       (four || addr_equal(&s->peer, &then->dest.addr));
}

// __inet_hash_connect(): a connection with the same two ends is in the way, but a TIME_WAIT one perhaps not
// (tcp_twsk_unique()).
static bool pair_taken(const struct facts *f, const struct walk *w, struct next_call *n)
{
	const struct question *q = f->question;
	for (size_t i = 0; i < q->nsocks && w->attempt.port; i++) {
		const struct sock *s = &q->socks[i];
		if (s->port != w->attempt.port || s->state == STATE_LISTEN || not_connected(s) ||
		    !same_pair(w, &q->route, s))
			continue;
		if (s->state == STATE_TIME_WAIT) {
			put_text(n, IN_HINT, "this port has a connection to it in TIME_WAIT");
			say(n, NEXT_CONNECT_UNKNOWN, 0);
		} else {
			put_sock(f, n, s);
			say(n, NEXT_CONNECT_PAIR_TAKEN, EADDRNOTAVAIL);
		}
		return true;
	}
	return false;
}

// The same, where connect() chooses the port: it passes over each port that somebody bound, and each whose pair is
// taken.
static bool ports_taken(const struct facts *f, const struct walk *w, struct next_call *n)
{
	const struct question *q = f->question;
	struct walk choice;
	struct attempt now = w->attempt;
	if (now.port || !attempt_on(&now, OPT_NOPORT) || q->socks_known != YES || q->socks_port)
		return false;
	attempt_unset(&now, OPT_NOPORT);
	decide(f, &now, &choice);
	const struct walk_step *s = walk_find(&choice, STEP_PORT);
	const struct input *low = s ? step_input(s, IN_LOW) : NULL, *high = s ? step_input(s, IN_HIGH) : NULL;
	if (!low || !high)
		return false;
	bool doubt = q->socks_bound != YES;
	for (int64_t port = low->number; port <= high->number; port++) {
		bool used = f->host->reserved_ports[port / 8] >> (port % 8) & 1, taken = used;
		for (size_t i = 0; i < q->nsocks && !taken; i++) {
			const struct sock *o = &q->socks[i];
			if (o->port != port)
				continue;
			used = true;
			taken = o->state == STATE_LISTEN || not_connected(o) ||
				(o->state != STATE_TIME_WAIT && same_pair(w, &q->route, o));
		}
		if (!used)
			return false;
		doubt |= !taken;
	}
	if (doubt) {
		put_text(n, IN_HINT, "each port to choose from has a socket, which may or may not be in the way");
		say(n, NEXT_CONNECT_UNKNOWN, 0);
	} else {
		put(n, *low);
		put(n, *high);
		say(n, NEXT_CONNECT_PORTS_TAKEN, EADDRNOTAVAIL);
	}
	return true;
}

// Do rules look at more than a datagram socket's connect() shows of a stream's?
static bool rules_tell_apart(const struct host *h)
{
	for (size_t i = 0; i < h->nrules; i++)
		if (h->rules[i].ipproto || h->rules[i].source.low || h->rules[i].dest.low)
			return true;
	return false;
}

// Names an errno of connect() by what leads to it.
static void name_error(const struct facts *f, const struct walk *w, int err, struct next_call *n)
{
	const struct attempt *a = &w->attempt;
	const struct addr *from = &a->addr, *dest = &a->then.dest.addr;
	bool v4 = is_v4(dest), from_v4 = is_v4(from);
	bool other_family = a->family == AF_INET ? dest->family == AF_INET6 : from_v4 != v4 && !addr_is_any(from);
	bool group = addr_is_multicast(dest) || f->question->route.broadcast;
	bool unscoped = !v4 && addr6_needs_scope(dest);
	enum next_id id = NEXT_CONNECT_FAILED;
	put(n, (struct input){.id = IN_ERRNO, .type = V_ERRNO, .number = err});
	put(n, (struct input){.id = IN_ADDRESS, .type = V_ADDR, .addr = *from});
	if (w->device_after)
		put(n, (struct input){.id = IN_DEVICE, .type = V_DEVICE, .number = w->device_after});
	if (other_family)
		id = NEXT_CONNECT_FAMILY;
	else if (err == ENETUNREACH && v4 && a->family == AF_INET6 && attempt_on(a, OPT_V6ONLY))
		id = NEXT_CONNECT_V6ONLY;
	else if (err == ENETUNREACH && sends_from_nowhere(w))
		id = NEXT_CONNECT_FROM_NOWHERE;
	else if (err == ENETUNREACH && is_stream(a) && group)
		id = NEXT_CONNECT_TO_GROUP;
	else if (err == EACCES && group)
		id = NEXT_CONNECT_TO_BROADCAST;
	else if (err == EINVAL && unscoped && a->then.dest_scope && w->device_after &&
		 a->then.dest_scope != w->device_after)
		id = NEXT_CONNECT_OTHER_DEVICE;
	else if (err == EINVAL && unscoped && !a->then.dest_scope && !w->device_after)
		id = NEXT_CONNECT_SCOPE;
	else if (err == EINVAL && from_v4 && is_loopback(from))
		id = NEXT_CONNECT_FROM_LOOPBACK;
	else if (err == ENETUNREACH)
		id = NEXT_CONNECT_NO_ROUTE;
	else if (err == EHOSTUNREACH)
		id = NEXT_CONNECT_UNREACHABLE;
	else if (err == EACCES)
		id = NEXT_CONNECT_PROHIBITED;
	else if (err == EINVAL)
		id = NEXT_CONNECT_BLACKHOLE;
	if (id == NEXT_CONNECT_SCOPE) {
		const struct link *l = NULL;
		char addr[ADDR_TEXT];
		for (size_t i = 0; i < f->host->nlinks && !l; i++)
			l = (f->host->links[i].flags & (IFF_LOOPBACK | IFF_UP)) == IFF_UP ? &f->host->links[i] : NULL;
		snprintf(n->hint, sizeof n->hint, "%s%%%s", addr_print(dest, addr), l ? l->name : "eth0");
		put_text(n, IN_HINT, n->hint);
	}
	say(n, id, err);
}

static void unknown(struct next_call *n, const char *why)
{
	if (why)
		put_text(n, IN_HINT, why);
	say(n, NEXT_CONNECT_UNKNOWN, 0);
}

static void name_success(const struct facts *f, const struct walk *w, enum next_id id, struct next_call *n)
{
	const struct route_answer *r = &f->question->route;
	if (r->present && r->local.family && !w->predicted.source_any)
		put(n, (struct input){.id = IN_LOCAL, .type = V_ADDR, .addr = r->local});
	hint(f, w, n);
	say(n, id, 0);
}

// What connect() will do.
static void predict_connect(const struct facts *f, const struct walk *w, struct next_call *n)
{
	const struct attempt *a = &w->attempt;
	const struct addr *dest = &a->then.dest.addr;
	const struct route_answer *r = &f->question->route;
	bool tcp = is_tcp(a), one_family = is_v4(dest) == is_v4(&a->addr);
	if (!tcp && a->kind != KIND_UDP && a->kind != KIND_UDPLITE)
		unknown(n, "for this kind of socket it is not predicted");
	else if (a->family == AF_INET && dest->family == AF_INET6)
		name_error(f, w, EAFNOSUPPORT, n);
	else if ((tcp && !is_v4(dest) && addr_is_multicast(dest)) ||
		 (!r->present && one_family && sends_from_nowhere(w)))
		name_error(f, w, ENETUNREACH, n); // tcp_v6_connect() looks at a multicast address before it routes
	else if (!r->present)
		unknown(n, "the kernel was not asked for a route");
	else if (tcp && w->predicted.source_any)
		unknown(n, "a socket at such an address takes its source from the route");
	else if (tcp && rules_tell_apart(f->host))
		unknown(n, "a routing rule looks at the protocol or at ports");
	else if (r->err)
		name_error(f, w, r->err, n);
	else if (tcp ? r->broadcast || addr_is_multicast(dest) : r->broadcast)
		name_error(f, w, tcp ? ENETUNREACH : EACCES, n);
	else if (tcp && (pair_taken(f, w, n) || ports_taken(f, w, n)))
		return;
	else
		name_success(f, w, tcp ? NEXT_CONNECT_SENDS : NEXT_CONNECT_OK, n);
}

// May a connect() that was predicted to go out have ended so? What peers and routers answer is theirs.
static bool is_answer(int err)
{
	return err == 0 || err == EINPROGRESS || err == ECONNREFUSED || err == ETIMEDOUT || err == EHOSTUNREACH ||
	       err == ENETUNREACH || err == ECONNRESET;
}

static void put_dest(const struct walk *w, struct next_call *n)
{
	dest_print(&w->attempt.then, n->value);
	put_text(n, IN_VALUE, n->value);
}

// What it did do.
static void see_connect(const struct facts *f, const struct walk *w, struct next_call *n)
{
	int err = w->connected.err, expected = n->err;
	bool open = n->id == NEXT_CONNECT_UNKNOWN;
	if (!err || err != expected) {
		*n = (struct next_call){0};
		put_dest(w, n);
		if (!err && is_stream(&w->attempt)) {
			say(n, NEXT_CONNECT_ACCEPTED, 0);
		} else if (!err) {
			name_success(f, w, NEXT_CONNECT_OK, n);
		} else if (err == ECONNREFUSED) {
			say(n, NEXT_CONNECT_REFUSED, err);
		} else if (err == EINPROGRESS) {
			hint(f, w, n);
			put(n, (struct input){.id = IN_START, .type = V_NUMBER, .number = NEXT_WAIT_MS});
			say(n, NEXT_CONNECT_WAITS, err);
		} else {
			name_error(f, w, err, n);
		}
	}
	n->observed = true;
	// A datagram socket whose port is left to connect() finds none.
	open |= err == EAGAIN && !w->attempt.port && attempt_on(&w->attempt, OPT_NOPORT);
	n->contradicts = !open && err != expected && (expected || !is_stream(&w->attempt) || !is_answer(err));
}

static bool say_connect(const struct facts *f, const struct walk *w, struct next_call *n)
{
	if (!w->attempt.then.dest.addr.family)
		return warn_connect(f, w, n);
	put_dest(w, n);
	predict_connect(f, w, n);
	if (w->connected.present)
		see_connect(f, w, n);
	return true;
}

unsigned next_calls(const struct facts *f, const struct walk *w, struct next_call out[static NEXT_CALLS])
{
	unsigned n = 0;
	if (!walk_bound(w) || w->agreement == DISAGREES)
		return 0;
	out[n] = (struct next_call){0};
	if (say_listen(f, w, &out[n])) {
		if (w->listened.present)
			see_listen(f, w, &out[n]);
		n++;
	}
	out[n] = (struct next_call){0};
	return n + say_connect(f, w, &out[n]);
}
