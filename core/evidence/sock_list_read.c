// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/evidence/sock_list_read.h"

#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#include "core/model/holder.h"
#include "core/observe/sock_owner.h"
#include "core/observe/socks.h"
#include "core/observe/unit.h"

// Sockets whose owner is looked up come first: those a restart binds, and those that are shown.
static int asked_first(const void *x, const void *y)
{
	return restart_counts(y) - restart_counts(x);
}

static int add_all(struct question *to, const struct question *from)
{
	int err = 0;
	for (size_t i = 0; i < from->nsocks && !err; i++)
		err = question_add_sock(to, &from->socks[i]);
	return err;
}

int socks_read_all(const struct kernel *k, int protocol, uint16_t port, struct question *all)
{
	static const int protocols[] = {IPPROTO_TCP,  IPPROTO_UDP, IPPROTO_UDPLITE,
					IPPROTO_SCTP, IPPROTO_RAW, IPPROTO_ICMP};
	struct question q = {0};
	int err = 0;
	for (size_t i = 0; i < sizeof protocols / sizeof *protocols && !err; i++) {
		if (protocol && protocol != protocols[i])
			continue;
		int rc = socks_read(k, protocols[i], port, &q);
		if (rc == -ENOMEM || (rc < 0 && protocols[i] == IPPROTO_TCP))
			err = rc;
		else if (rc == 0)
			err = add_all(all, &q);
	}
	question_free(&q);
	return err;
}

static void name_units(struct sock_list *l)
{
	const struct listed *before = NULL; // of the same process; they often follow each other
	const char *why;
	if (!unit_can_tell(&why))
		return;
	for (size_t i = 0; i < l->n; i++) {
		struct listed *row = &l->rows[i];
		if (!row->sock.pid)
			continue;
		if (before && before->sock.pid == row->sock.pid) {
			memcpy(row->unit, before->unit, sizeof row->unit);
			memcpy(row->container, before->container, sizeof row->container);
		} else {
			unit_of((pid_t)row->sock.pid, row->unit);
			container_of((pid_t)row->sock.pid, row->unit, row->container);
		}
		before = row;
	}
}

int sock_list_read(const struct host *h, const struct sock_wish *wish, struct sock_list *out)
{
	struct question all = {0};
	*out = (struct sock_list){0};
	int err = socks_read_all(&h->kernel, wish->protocol, wish->port, &all);
	size_t asked = 0;
	if (!err && all.nsocks && !wish->all)
		qsort(all.socks, all.nsocks, sizeof *all.socks, asked_first);
	while (!err && asked < all.nsocks && (wish->all || restart_counts(&all.socks[asked])))
		asked++;
	if (!err) {
		sock_owners_find(all.socks, asked, true);
		for (size_t i = 0; i < all.nsocks; i++)
			all.socks[i].likely = sock_likely_link(h, &all.socks[i]);
		err = sock_list_fill(h, all.socks, all.nsocks, wish, out);
	}
	question_free(&all);
	if (!err)
		name_units(out);
	return err;
}
