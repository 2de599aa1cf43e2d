// SPDX-License-Identifier: GPL-3.0-or-later
#include <linux/types.h>

#include "core/trace/traced_call.h"

#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include "core/model/decide.h"
#include "core/observe/clock.h"
#include "core/trace/traced_event.h"
#include "core/trace/traced_memory.h"
#include "core/trace/traced_reason.h"
#include "core/trace/traced_socket.h"

enum { WALK_MS = 5000 }; // the program waits so long at most

static const struct {
	uint64_t number;
	enum call call;
} numbers[] = {
	{SYS_bind, CALL_BIND},     {SYS_socket, CALL_SOCKET},   {SYS_setsockopt, CALL_SETSOCKOPT},
	{SYS_listen, CALL_LISTEN}, {SYS_connect, CALL_CONNECT},
};

bool traced_call_is(uint64_t number, enum call *out)
{
	for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
		if (numbers[i].number == number) {
			*out = numbers[i].call;
			return true;
		}
	return false;
}

static bool is_inet(uint64_t family)
{
	return (int)family == AF_INET || (int)family == AF_INET6;
}

// What its arguments alone say.
static bool is_ours(enum call call, const uint64_t args[], const struct traced_calls *all)
{
	if (call == CALL_SOCKET) // another one may get the number of a socket that can't be told by its inode
		return is_inet(args[0]) || all->nameless;
	return call != CALL_SETSOCKOPT || all->every_option || option_numbered((int)args[1], (int)args[2]) >= 0;
}

static void drop_walk(struct traced_call *c)
{
	event_walk_close(c->walk);
	c->walk = NULL;
}

static bool foresee(struct traced_call *c)
{
	if (event_walk_foresee(&c->event, &c->walk) < 0)
		return false;
	if (!event_walk_wait(c->walk, WALK_MS))
		drop_walk(c);
	return c->walk;
}

// False: none of ours.
static bool begin_bind(struct traced_call *c, const struct traced_calls *all)
{
	struct bind_event *e = &c->event;
	traced_event_bind(c->tid, c->tgid, c->args, all->histories, e);
	e->filtered = all->filtered;
	e->lowered = c->lowered;
	if (traced_event_is_foreign(e))
		return false;
	if (e->addr_known && e->socket_known)
		foresee(c);
	return true;
}

struct traced_call *traced_call_begin(pid_t tid, pid_t tgid, bool lowered, enum call call,
				      const uint64_t args[TRACED_ARGUMENTS], struct traced_calls *all)
{
	struct traced_call *c = is_ours(call, args, all) ? calloc(1, sizeof *c) : NULL;
	if (!c)
		return NULL;
	all->histories = all->histories ? all->histories : histories_new();
	memcpy(c->args, args, sizeof c->args);
	c->call = call;
	c->tid = tid;
	c->tgid = tgid;
	c->lowered = lowered;
	c->when = clock_ns(CLOCK_REALTIME);
	if (call == CALL_SETSOCKOPT)
		traced_event_option(tid, args, &c->option);
	if (call == CALL_BIND && !begin_bind(c, all)) {
		traced_call_free(c);
		return NULL;
	}
	c->began = clock_ns(CLOCK_MONOTONIC);
	return c;
}

// A walk of what was not foreseen, or did not come as foreseen.
static void walk_now(struct traced_call *c)
{
	drop_walk(c);
	if (event_walk_begin(&c->event, &c->walk) < 0 || !event_walk_wait(c->walk, WALK_MS))
		drop_walk(c);
}

// Of a call whose walk is worth it only when it was refused. As long as the thread waits, the host is as it was.
static void walk_refused(struct traced_call *c)
{
	if (!foresee(c) || !event_walk_seen(c->walk, &c->event))
		walk_now(c);
}

// Would the bind have succeeded with an option that was refused? Nothing in the socket says that it was wanted.
static void find_missing(struct traced_call *c)
{
	struct option_refused *out = &c->event.missing, was;
	struct attempt a;
	const struct inquiry *in = c->walk ? event_walk_inquiry(c->walk) : NULL;
	struct walk *other = in && c->history ? malloc(sizeof *other) : NULL;
	struct caller able = in ? in->caller : (struct caller){0};
	able.net_raw = able.net_admin = able.ping_group = YES;
	for (unsigned i = 0; other && !out->err && history_refused(c->history, i, &was.set, &was.err); i++) {
		const struct facts f = {in->host, &able, &in->question};
		a = c->event.attempt;
		if (attempt_set(&a, &was.set) < 0)
			continue;
		decide(&f, &a, other);
		if (a.nsettings > c->event.attempt.nsettings && !other->predicted.err)
			*out = was;
	}
	free(other);
}

// Another thread closed the descriptor, or gave its number to another socket: which one the kernel took is not known.
static void forget_socket(struct traced_call *c)
{
	struct bind_event *e = &c->event;
	drop_walk(c);
	e->socket_known = e->addr_known = e->local_known = false;
	e->family = 0;
	e->inode = 0;
	e->attempt = (struct attempt){0};
	c->history = NULL;
}

static void look_at_bound(struct traced_call *c)
{
	struct bind_event *e = &c->event;
	struct stat st;
	int fd = traced_socket_take(c->tid, c->tgid, e->fd);
	bool other = fd >= 0 ? fstat(fd, &st) == 0 && st.st_ino != e->inode : fd == -EBADF;
	if ((other && e->inode) || e->attempt.binds == BINDS_OTHER) // one that is bound is refused
		forget_socket(c);
	else
		e->local_known = fd >= 0 && traced_socket_local(fd, &e->local, &e->local_port, &e->local_scope);
	traced_socket_close(fd);
}

// Was the kernel given what was predicted? Other threads run on while this one waits, and a tracer also reads memory
// that the thread itself must not.
static void doubt_refused(struct traced_call *c, const struct histories *h)
{
	struct bind_event *e = &c->event, now = {0};
	if (!e->socket_known)
		return;
	traced_event_bind(c->tid, c->tgid, c->args, h, &now);
	if (e->inode && now.inode != e->inode) {
		forget_socket(c);
	} else if (e->addr_known &&
		   (!now.addr_known || !attempt_equal(&now.attempt, &e->attempt) ||
		    (e->err == EFAULT && !traced_memory_is_open(c->tid, c->args[1], (int)c->args[2])))) {
		drop_walk(c);
		e->addr_known = false;
	}
}

static void end_bind(struct traced_call *c, const struct histories *h)
{
	struct bind_event *e = &c->event;
	if (e->err)
		doubt_refused(c, h);
	else
		look_at_bound(c);
	if (!c->walk || !event_walk_seen(c->walk, e))
		walk_now(c);
	if (e->err)
		find_missing(c);
}

// False: none of ours.
static bool end_socket(struct traced_call *c, int64_t returned, struct traced_calls *all)
{
	if (returned >= 0) {
		uint64_t inode = traced_socket_inode(c->tid, (int)returned);
		if (inode && !is_inet(c->args[0]))
			return false;
		all->nameless |= !inode;
		struct socket_history *s = history_begin(all->histories, inode, c->tgid, (int)returned);
		if (s) {
			s->made = true;
			s->family = (int)c->args[0];
			s->type = (int)c->args[1] & ~(SOCK_NONBLOCK | SOCK_CLOEXEC);
			s->protocol = (int)c->args[2];
		}
		return false;
	}
	if (is_inet(c->args[0]))
		traced_event_socket(c->tid, c->tgid, c->args, &c->event);
	return is_inet(c->args[0]);
}

static bool is_inet_socket(const struct traced_call *c)
{
	int fd = traced_socket_take(c->tid, c->tgid, (int)c->args[0]);
	bool inet = fd >= 0 && traced_socket_is_inet(fd);
	traced_socket_close(fd);
	return inet;
}

// That of the socket of a setsockopt(); one that was made before the trace, or elsewhere, gets its own.
static struct socket_history *history_of(const struct traced_call *c, struct traced_calls *all)
{
	int fd = (int)c->args[0];
	uint64_t inode = traced_socket_inode(c->tid, fd);
	struct socket_history *s = history_find(all->histories, inode, c->tgid, fd);
	return s || !inode || !is_inet_socket(c) ? s : history_begin(all->histories, inode, c->tgid, fd);
}

static bool end_setsockopt(struct traced_call *c, int err, struct traced_calls *all)
{
	struct setting set;
	int id = option_numbered(c->option.level, c->option.number);
	struct socket_history *s = history_of(c, all);
	c->option.err = err;
	if (err && id >= 0)
		traced_event_on_socket(c->tid, c->tgid, c->args, all->histories, &c->event);
	if (s)
		history_add(s, &c->option);
	if (!err || id < 0)
		return false;
	option_call_setting(&c->option, &set);
	attempt_set(&c->event.attempt, &set);
	return true;
}

static bool is_closed(const struct traced_call *c)
{
	int fd = traced_socket_take(c->tid, c->tgid, (int)c->args[0]);
	bool closed = fd >= 0 && traced_socket_closed(fd);
	traced_socket_close(fd);
	return closed;
}

// A connection that comes to nothing, now or later, leaves the socket as new, but for a port that the program asked
// for: tcp_set_state() (net/ipv4/tcp.c). One that never began does not.
static void note_connect(const struct traced_call *c, int err, const struct traced_calls *all)
{
	bool begun = err == 0 || err == EINPROGRESS || err == EINTR || err == ECONNREFUSED || err == ETIMEDOUT ||
		     err == ECONNRESET || err == EADDRNOTAVAIL;
	int fd = (int)c->args[0];
	if (!all->chosen || !begun)
		return;
	struct socket_history *s = history_find(all->histories, traced_socket_inode(c->tid, fd), c->tgid, fd);
	bool no_source = err == EADDRNOTAVAIL && s && s->family == AF_INET6; // which IPv6 finds out before
	if (s && !no_source && (err || !is_closed(c)))                       // AF_UNSPEC succeeds as well
		s->let_go = true;
}

static bool end_connect(struct traced_call *c, int err, struct traced_calls *all)
{
	struct bind_event dest = {0};
	note_connect(c, err, all);
	if (!call_is_refused(CALL_CONNECT, err) || !traced_event_dest(c->tid, c->args, &dest))
		return false;
	traced_event_on_socket(c->tid, c->tgid, c->args, all->histories, &c->event);
	c->event.attempt.then = dest.attempt.then;
	c->event.addrlen = dest.addrlen;
	// A datagram socket that finds no port gets it; of others it is no refusal.
	return err != EAGAIN || c->event.attempt.kind == KIND_UDP || c->event.attempt.kind == KIND_UDPLITE;
}

// After a connect() that failed, getsockname() may still tell the port that was chosen for it.
static bool was_bound(const struct traced_call *c)
{
	const struct bind_event *e = &c->event;
	if (c->call != CALL_CONNECT)
		return e->local_port || !addr_is_any(&e->local);
	return c->history && (c->history->bound || c->history->made) ? c->history->bound : !addr_is_any(&e->local);
}

// What a socket that listens or connects is bound to is its address.
static void take_bound(struct traced_call *c)
{
	struct bind_event *e = &c->event;
	e->local_known = e->local_known && was_bound(c);
	e->addr_known = e->socket_known && e->local_known;
	if (!e->addr_known)
		return;
	if (c->call == CALL_CONNECT && c->history && c->history->bound) {
		e->local = c->history->local;
		e->local_port = c->history->port;
	}
	e->attempt.addr = e->local;
	e->attempt.port = e->local_port;
	e->attempt.scope = e->local_scope;
}

static bool same_connect(const struct bind_event *a, const struct bind_event *b)
{
	const int64_t second = 1000000000;
	return a->reason.code[0] && a->call == CALL_CONNECT && a->err == b->err && a->netns == b->netns &&
	       a->pid == b->pid && b->when - a->when < second && attempt_equal(&a->attempt, &b->attempt);
}

// listen() and connect() have no walk, but a reason.
static void find_reason(struct traced_call *c, struct traced_calls *all)
{
	struct bind_event *e = &c->event;
	if (e->reason.code[0])
		return;
	if (same_connect(&all->last, e)) {
		e->reason = all->last.reason;
		return;
	}
	if (traced_reason(c->tid, &c->option, e))
		return;
	walk_now(c);
	if (c->walk)
		e->reason = *event_walk_reason(c->walk);
	if (e->reason.code[0])
		drop_walk(c);
	if (e->call == CALL_CONNECT)
		all->last = *e;
}

// False: it need not be told.
static bool end_other(struct traced_call *c, int64_t returned, struct traced_calls *all)
{
	int err = returned < 0 ? (int)-returned : 0;
	if (c->call == CALL_SOCKET)
		return end_socket(c, returned, all);
	if (c->call == CALL_SETSOCKOPT)
		return end_setsockopt(c, err, all);
	if (c->call == CALL_CONNECT)
		return end_connect(c, err, all);
	traced_event_on_socket(c->tid, c->tgid, c->args, all->histories, &c->event);
	c->event.attempt.then.listen = true;
	return true;
}

static void explain(struct traced_call *c, struct traced_calls *all)
{
	struct bind_event *e = &c->event;
	if (c->call == CALL_LISTEN || c->call == CALL_CONNECT) {
		take_bound(c);
		if (e->err)
			find_reason(c, all);
	} else if (!e->reason.code[0] && !traced_reason(c->tid, &c->option, e)) {
		walk_refused(c);
	}
}

static void note_bind(const struct bind_event *e, struct socket_history *s, struct traced_calls *all)
{
	s->told = true;
	if (e->err || !e->local_known)
		return;
	s->chosen = attempt_as_read(&e->attempt).port == 0;
	s->let_go = false;
	all->chosen |= s->chosen && kind_port_protocol(e->attempt.kind) == IPPROTO_TCP;
	s->bound = true;
	s->local = e->local;
	s->port = e->local_port;
}

bool traced_call_end(struct traced_call *c, int64_t returned, struct traced_calls *all)
{
	struct bind_event *e = &c->event;
	int64_t ended = clock_ns(CLOCK_MONOTONIC);
	if (c->call != CALL_BIND && !end_other(c, returned, all))
		return false;
	if (traced_event_is_foreign(e))
		return false;
	e->call = c->call;
	e->when = c->when;
	e->ns = (uint64_t)(ended - c->began);
	e->err = returned < 0 ? (int)-returned : 0;
	e->filtered = all->filtered;
	e->lowered = c->lowered;
	if (e->fd >= 0)
		c->history = history_find(all->histories, e->inode, c->tgid, e->fd);
	if (c->call == CALL_BIND)
		end_bind(c, all->histories);
	else
		explain(c, all);
	if (c->history && c->call == CALL_BIND)
		note_bind(e, c->history, all);
	return true;
}

void traced_call_free(struct traced_call *c)
{
	if (!c)
		return;
	event_walk_close(c->walk);
	free(c);
}

void traced_calls_close(struct traced_calls *all)
{
	histories_free(all->histories);
	all->histories = NULL;
}
