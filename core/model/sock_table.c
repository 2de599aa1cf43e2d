// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/sock_table.h"

#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/model/attempt.h"
#include "core/model/holder_text.h"
#include "core/model/sock_list.h"

char *sock_protocol_print(const struct sock *s, char *buf, size_t len)
{
	const char *name = s->protocol == IPPROTO_RAW ? "raw" : protocol_name(s->protocol);
	snprintf(buf, len, "%s%c", name ? name : "?", s->family == AF_INET6 ? '6' : '4');
	return buf;
}

// The device has a column of its own.
char *sock_end_print(const struct host *h, const struct sock *s, char *buf, size_t len)
{
	struct sock plain = *s;
	plain.device = 0;
	return sock_local_print(h, &plain, buf, len);
}

char *sock_whose_print(const struct host *h, const struct sock *s, char *buf, size_t len)
{
	char name[16];
	buf[0] = '\0';
	if (s->pid)
		snprintf(buf, len, "pid %u (%.15s)", s->pid, s->comm);
	else if (s->owner == OWNER_KERNEL && s->likely)
		snprintf(buf, len, "kernel, likely %s", host_link_name(h, s->likely, name));
	else if (s->owner == OWNER_KERNEL)
		snprintf(buf, len, "kernel");
	else if (s->owner == OWNER_HIDDEN)
		snprintf(buf, len, "not visible to you");
	return buf;
}

static int in_order(const void *x, const void *y)
{
	return sock_compare(x, y);
}

// Marks new sockets and counts those that are gone; both tables have the same order.
static void compare(struct sock_table *t, const struct sock_table *before)
{
	size_t i = 0, j = 0;
	if (!before->when[0])
		return;
	while (i < before->n || j < t->n) {
		int c = i == before->n ? 1 : j == t->n ? -1 : sock_compare(&before->rows[i].sock, &t->rows[j].sock);
		if (c > 0)
			t->rows[j].fresh = true;
		t->added += c > 0;
		t->removed += c < 0;
		i += c <= 0;
		j += c >= 0;
	}
}

static void widen(unsigned *column, const char *text)
{
	unsigned n = (unsigned)strlen(text);
	if (n > *column)
		*column = n;
}

enum { TEXT = 512 };

// All text that its row may show.
static size_t print(struct sock_table *t, const struct sock *s, const struct host *links, char buf[static TEXT])
{
	char protocol[16], local[96], peer[96], device[40], whose[64];
	const char *state = sock_state_name(s);
	sock_protocol_print(s, protocol, sizeof protocol);
	widen(&t->widest.local, sock_end_print(links, s, local, sizeof local));
	widen(&t->widest.peer, sock_peer_print(s, peer, sizeof peer));
	widen(&t->widest.device, sock_device_print(links, s, device, sizeof device));
	widen(&t->widest.owner, sock_whose_print(links, s, whose, sizeof whose));
	widen(&t->widest.state, state);
	int n = snprintf(buf, TEXT, "%s %s %s %s %s", protocol, local, state, peer, device);
	if (!s->uid_unmapped)
		n += snprintf(buf + n, TEXT - (size_t)n, " uid %u", s->uid);
	n += snprintf(buf + n, TEXT - (size_t)n, " %s", whose);
	return (size_t)n + 1;
}

static int add_texts(struct sock_table *t, const struct host *links)
{
	size_t used = 0, cap = t->n * 80 + TEXT;
	char text[TEXT];
	t->texts = malloc(cap);
	for (size_t i = 0; t->texts && i < t->n; i++) {
		size_t len = print(t, &t->rows[i].sock, links, text);
		if (used + len > cap) {
			char *more = realloc(t->texts, cap *= 2);
			if (!more)
				return -ENOMEM;
			t->texts = more;
		}
		memcpy(t->texts + used, text, len);
		t->rows[i].text = (uint32_t)used;
		used += len;
	}
	return t->texts ? 0 : -ENOMEM;
}

int sock_table_fill(struct sock_table *t, struct question *all, const struct host *links,
		    const struct sock_table *before)
{
	*t = (struct sock_table){.rows = calloc(all->nsocks + 1, sizeof *t->rows)};
	int err = t->rows ? 0 : -ENOMEM;
	if (all->nsocks)
		qsort(all->socks, all->nsocks, sizeof *all->socks, in_order);
	for (size_t i = 0; !err && i < all->nsocks; i++)
		t->rows[t->n++].sock = all->socks[i];
	question_free(all);
	if (!err)
		err = add_texts(t, links);
	if (err)
		sock_table_free(t);
	else
		compare(t, before);
	return err;
}

void sock_table_free(struct sock_table *t)
{
	free(t->rows);
	free(t->texts);
	*t = (struct sock_table){0};
}

const char *sock_row_text(const struct sock_table *t, size_t row)
{
	return t->texts + t->rows[row].text;
}
