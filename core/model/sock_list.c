// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/sock_list.h"

#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <sys/socket.h>

enum { STATE_LISTEN = 10 };

static bool at(const struct addr *wanted, const struct addr *a)
{
	if (addr_equal(wanted, a))
		return true;
	bool four = wanted->family == AF_INET || addr_is_mapped(wanted);
	if (addr_is_any(a))
		return a->family == AF_INET6 || four;
	return four && (a->family == AF_INET || addr_is_mapped(a)) && addr_v4(a) == addr_v4(wanted);
}

int sock_list_protocol(enum kind k)
{
	return k == KIND_RAW ? IPPROTO_RAW : kind_port_protocol(k);
}

bool sock_wished(const struct sock_wish *wish, const struct sock *s)
{
	return (!wish->family || s->family == wish->family) && (!wish->protocol || s->protocol == wish->protocol) &&
	       (!wish->port || s->port == wish->port) && (!wish->addr.family || at(&wish->addr, &s->addr)) &&
	       (wish->all || restart_counts(s));
}

static int by_port(const struct sock *a, const struct sock *b)
{
	if (a->protocol != b->protocol)
		return a->protocol < b->protocol ? -1 : 1;
	return (a->port > b->port) - (a->port < b->port);
}

int sock_compare(const struct sock *a, const struct sock *b)
{
	int order = by_port(a, b);
	if (!order)
		order = restart_counts(b) - restart_counts(a);
	if (!order)
		order = addr_compare(&a->addr, &b->addr);
	if (!order)
		order = (a->device > b->device) - (a->device < b->device);
	if (!order)
		order = addr_compare(&a->peer, &b->peer);
	if (!order)
		order = (a->peer_port > b->peer_port) - (a->peer_port < b->peer_port);
	return order ? order : (a->inode > b->inode) - (a->inode < b->inode);
}

static int in_order(const void *x, const void *y)
{
	return sock_compare(x, y);
}

static bool is_of_any(const struct sock *s, const struct sock *group, size_t n)
{
	for (size_t i = 0; i < n && restart_counts(&group[i]); i++) // they come first
		if (restart_is_of(s, &group[i]))
			return true;
	return false;
}

static size_t count_accepted(const struct sock *listener, const struct sock *group, size_t n)
{
	size_t accepted = 0;
	for (size_t i = 0; i < n && listener->state == STATE_LISTEN; i++)
		accepted += restart_is_of(&group[i], listener);
	return accepted;
}

static void add(const struct host *h, const struct sock *s, struct sock *others, size_t nothers, size_t self,
		size_t accepted, struct sock_list *out)
{
	struct listed *row = &out->rows[out->n++];
	*row = (struct listed){.sock = *s, .counts = restart_counts(s)};
	if (!row->counts)
		return;
	// Itself is taken out of the others for the time being.
	struct sock kept = others[self];
	others[self] = others[nothers - 1];
	restart_check(h, s, others, nothers - 1, &row->again);
	others[self] = kept;
	restart_leaves(s, accepted, &row->again);
	out->refused += row->again.binds == NO;
	out->open += row->again.binds == UNKNOWN;
}

// The sockets of one port, those that count first. `others` has room for all of them.
static void fill_group(const struct host *h, const struct sock *group, size_t n, const struct sock_wish *wish,
		       struct sock *others, struct sock_list *out)
{
	size_t nothers = 0;
	for (size_t i = 0; i < n; i++) {
		bool counts = restart_counts(&group[i]);
		if (counts || !is_of_any(&group[i], group, n))
			others[nothers++] = group[i];
	}
	for (size_t i = 0; i < n; i++)
		if (sock_wished(wish, &group[i]))
			add(h, &group[i], others, nothers, i, count_accepted(&group[i], group, n), out);
}

int sock_list_fill(const struct host *h, struct sock *socks, size_t n, const struct sock_wish *wish,
		   struct sock_list *out)
{
	*out = (struct sock_list){0};
	size_t wanted = 0;
	for (size_t i = 0; i < n; i++)
		wanted += sock_wished(wish, &socks[i]);
	struct sock *others = malloc((n + 1) * sizeof *others);
	out->rows = malloc((wanted + 1) * sizeof *out->rows);
	if (!others || !out->rows) {
		free(others);
		sock_list_free(out);
		return -ENOMEM;
	}
	if (n)
		qsort(socks, n, sizeof *socks, in_order);
	for (size_t i = 0, end; i < n; i = end) {
		for (end = i + 1; end < n && by_port(&socks[i], &socks[end]) == 0;)
			end++;
		fill_group(h, socks + i, end - i, wish, others, out);
	}
	free(others);
	return 0;
}

void sock_list_free(struct sock_list *l)
{
	free(l->rows);
	*l = (struct sock_list){0};
}
