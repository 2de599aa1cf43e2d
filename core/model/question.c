// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/question.h"

#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

void question_free(struct question *q)
{
	if (q->further)
		question_free(q->further);
	free(q->further);
	free(q->socks);
	*q = (struct question){0};
}

void question_forget_socks(struct question *q)
{
	q->nsocks = 0;
	q->socks_known = q->socks_bound = NO;
}

int question_add_sock(struct question *q, const struct sock *s)
{
	if (q->nsocks == q->socks_cap) {
		size_t cap = q->socks_cap ? q->socks_cap * 2 : 8;
		struct sock *more = realloc(q->socks, cap * sizeof *more);
		if (!more)
			return -ENOMEM;
		q->socks = more;
		q->socks_cap = cap;
	}
	q->socks[q->nsocks++] = *s;
	return 0;
}

bool sock_is_timewait(const struct sock *s)
{
	enum { STATE_TIME_WAIT = 6, TIMER_TIME_WAIT = 3 };
	return s->protocol == IPPROTO_TCP && (s->state == STATE_TIME_WAIT || s->timer == TIMER_TIME_WAIT);
}

void question_keep_owners(struct question *q, const struct question *before)
{
	size_t next = 0; // both are in the kernel's order, so that the next one is most likely the same
	for (size_t i = 0; i < q->nsocks; i++)
		for (size_t k = 0; k < before->nsocks; k++) {
			struct sock *s = &q->socks[i];
			const struct sock *old = &before->socks[(next + k) % before->nsocks];
			if (!s->inode || s->inode != old->inode || s->port != old->port || !old->searched)
				continue;
			s->searched = true;
			s->owner = old->owner;
			s->pid = old->pid;
			s->pid_uid = old->pid_uid;
			memcpy(s->comm, old->comm, sizeof s->comm);
			s->reuseaddr = old->reuseaddr;
			s->reuseport = old->reuseport;
			if (s->v6only == UNKNOWN)
				s->v6only = old->v6only;
			next += k + 1;
			break;
		}
}

static bool sock_equal(const struct sock *a, const struct sock *b)
{
	return a->family == b->family && a->protocol == b->protocol && a->state == b->state && a->v6only == b->v6only &&
	       a->reuseaddr == b->reuseaddr && a->reuseport == b->reuseport && addr_equal(&a->addr, &b->addr) &&
	       a->port == b->port && addr_equal(&a->peer, &b->peer) && a->peer_port == b->peer_port &&
	       a->device == b->device && a->uid == b->uid && a->uid_unmapped == b->uid_unmapped &&
	       a->timer == b->timer && a->inode == b->inode && a->owner == b->owner && a->likely == b->likely &&
	       a->pid == b->pid && strcmp(a->comm, b->comm) == 0;
}

static bool fib_equal(const struct fib_answer *a, const struct fib_answer *b)
{
	return a->present == b->present && a->table == b->table && a->dst == b->dst && a->err == b->err &&
	       a->type == b->type && a->len == b->len;
}

bool question_equal(const struct question *a, const struct question *b)
{
	if (a->nsocks != b->nsocks || a->socks_known != b->socks_known || a->socks_bound != b->socks_bound ||
	    a->socks_port != b->socks_port || a->socks_protocol != b->socks_protocol || !fib_equal(&a->fib, &b->fib))
		return false;
	for (size_t i = 0; i < a->nsocks; i++)
		if (!sock_equal(&a->socks[i], &b->socks[i]))
			return false;
	if (!a->further || !b->further)
		return a->further == b->further;
	return question_equal(a->further, b->further);
}

bool question_has(const struct question *q, const struct sock *s)
{
	for (size_t i = 0; i < q->nsocks; i++) {
		const struct sock *o = &q->socks[i];
		bool alike = o->protocol == s->protocol && o->state == s->state && o->port == s->port &&
			     addr_equal(&o->addr, &s->addr) && addr_equal(&o->peer, &s->peer) &&
			     o->peer_port == s->peer_port;
		if (s->inode ? o->inode == s->inode : alike)
			return true;
	}
	return false;
}

struct question question_of_ports(const struct question *q)
{
	struct question out = *q;
	out.fib = out.in_main = (struct fib_answer){0};
	out.route = (struct route_answer){0};
	return out;
}
