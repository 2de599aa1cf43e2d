// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/remedy_holders.h"

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

// The question without some of its sockets; the array is the caller's.
static struct question without(const struct question *q, struct sock *room, bool (*leaves)(const struct sock *, void *),
			       void *data)
{
	struct question less = *q;
	less.socks = room;
	less.nsocks = 0;
	for (size_t i = 0; i < q->nsocks; i++)
		if (!leaves(&q->socks[i], data))
			room[less.nsocks++] = q->socks[i];
	return less;
}

struct timing_out {
	uint32_t longest;
	bool extended; // the other end has not closed: when it does, the kernel waits for another minute
};

static bool is_timing_out(const struct sock *s, void *data)
{
	struct timing_out *t = data;
	enum { STATE_TIME_WAIT = 6 };
	if (!sock_is_timewait(s))
		return false;
	t->extended |= s->state != STATE_TIME_WAIT;
	if (s->expires > t->longest)
		t->longest = s->expires;
	return true;
}

static void by_time_wait(struct remedy_list *l, struct sock *room)
{
	struct timing_out t = {0};
	struct question less = without(l->world.question, room, is_timing_out, &t);
	struct world v = l->world;
	struct remedy r = remedy_new(REMEDY_WAIT, REACH_SOCKET, NEEDS_NOTHING);
	const char *what = t.extended ? "the closed connection" : "TIME_WAIT";
	if (less.nsocks == l->world.question->nsocks)
		return;
	v.question = &less;
	r.wait_ms = t.longest;
	if (t.longest)
		remedy_change(&r, "wait %u s until %s ends", (t.longest + 999) / 1000, what);
	else
		remedy_change(&r, "wait until %s ends, a minute at most", what);
	remedy_keep(&r, "SO_REUSEADDR on the server's socket: later restarts need not wait");
	remedy_offer(l, &v, &r, !t.extended);
}

static bool is_of_process(const struct sock *s, void *data)
{
	const struct sock *holder = data;
	return holder->pid ? s->pid == holder->pid : s->inode == holder->inode && s->state == holder->state;
}

// A socket of the kernel's own, likely a tunnel's.
static void by_tunnel(struct remedy_list *l, struct sock *room, struct sock *holder)
{
	const struct link *dev = host_link(l->world.host, holder->likely);
	struct question less = without(l->world.question, room, is_of_process, holder);
	struct world v = l->world;
	struct remedy r = remedy_new(REMEDY_LINK, REACH_HOST, NEEDS_NET_ADMIN);
	if (!dev)
		return;
	v.question = &less;
	r.by_hand = true;
	remedy_change(&r, "give %s another port, or delete it", dev->name);
	remedy_shell(&r, "ip link del %s", dev->name);
	remedy_offer(l, &v, &r, false);
}

// Who has the port is known by name: one program that ends, and its sockets with it.
static void by_stopping(struct remedy_list *l, struct sock *room)
{
	const struct walk_step *s = NULL;
	for (unsigned i = 0; i < l->walk->nsteps; i++)
		if (l->walk->steps[i].step == STEP_PORT)
			s = &l->walk->steps[i];
	const struct input *in = s ? step_input(s, IN_HOLDER) : NULL;
	if (!in || (size_t)in->number >= l->world.question->nsocks)
		return;
	struct sock holder = l->world.question->socks[in->number];
	if (holder.likely)
		by_tunnel(l, room, &holder);
	if (!holder.pid)
		return;
	struct question less = without(l->world.question, room, is_of_process, &holder);
	struct world v = l->world;
	struct remedy r = remedy_new(REMEDY_OTHER, REACH_OTHER_PROGRAM,
				     holder.pid_uid == l->world.caller.uid ? NEEDS_NOTHING : NEEDS_ROOT);
	v.question = &less;
	const struct caller *c = &l->world.caller;
	if (holder.pid == c->pid && c->stand_in != ASKED_AS_OURSELVES) { // it would have two sockets
		r = remedy_new(REMEDY_OTHER, REACH_SOCKET, NEEDS_NOTHING);
		r.by_hand = true;
		remedy_change(&r, "close the socket that this process has at the port first");
		remedy_offer(l, &v, &r, false);
		return;
	}
	r.pid = holder.pid;
	if (holder.pid == 1 && strcmp(holder.comm, "systemd") == 0) {
		remedy_shell(&r, "systemctl list-sockets");
		remedy_change(&r, "stop the socket unit for which pid 1 has it: %s", r.shell);
	} else {
		remedy_shell(&r, "kill %u", holder.pid);
		remedy_change(&r, "stop %.15s, pid %u", holder.comm[0] ? holder.comm : "the program", holder.pid);
	}
	const int64_t *range = l->world.host->sysctl;
	bool outgoing =
		holder.peer.family && holder.port >= range[SYSCTL_PORT_LOW] && holder.port <= range[SYSCTL_PORT_HIGH];
	if (outgoing)
		remedy_keep(
			&r,
			"sysctl -w net.ipv4.ip_local_reserved_ports=%u, for the next time: the kernel gives it to no "
			"outgoing connection then",
			holder.port);
	remedy_offer(l, &v, &r, false); // other processes may have the socket as well
}

static bool is_dual_stack(const struct sock *s, void *data)
{
	(void)data;
	return s->family == AF_INET6 && s->v6only == NO && addr_is_any(&s->addr);
}

// [::] holds the port for IPv4 as well, unless it has IPV6_V6ONLY.
static void by_their_v6only(struct remedy_list *l, struct sock *room)
{
	const struct question *q = l->world.question;
	struct question less = without(q, room, is_dual_stack, NULL);
	struct world v = l->world;
	struct remedy r = remedy_new(REMEDY_OTHER, REACH_OTHER_PROGRAM, NEEDS_ROOT);
	if (less.nsocks + 1 != q->nsocks || !remedy_is_v4(&v.attempt))
		return;
	for (size_t i = 0; i < q->nsocks; i++)
		if (is_dual_stack(&q->socks[i], NULL)) {
			r.pid = q->socks[i].pid;
			remedy_change(&r, "set IPV6_V6ONLY on the socket of %.15s that has [::]:%u",
				      q->socks[i].comm[0] ? q->socks[i].comm : "the program", q->socks[i].port);
		}
	v.question = &less;
	r.spelling.what = SPELLED_V6ONLY;
	remedy_offer(l, &v, &r, false); // that program must start anew
}

void remedy_by_holders(struct remedy_list *l)
{
	size_t n = l->world.question->nsocks;
	struct sock *room = n ? malloc(n * sizeof *room) : NULL;
	if (!room)
		return;
	by_time_wait(l, room);
	by_their_v6only(l, room);
	by_stopping(l, room);
	free(room);
}
