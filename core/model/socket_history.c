// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/socket_history.h"

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

struct histories {
	size_t n, next; // next: the place of the next one
	uint64_t keys[HISTORY_SOCKETS];
	struct socket_history *at[HISTORY_SOCKETS];
};

// Of one without an inode: never that of an inode, which has 32 bits.
static uint64_t key_of(uint64_t inode, int pid, int fd)
{
	return inode ? inode : UINT64_C(1) << 63 | (uint64_t)(uint32_t)pid << 32 | (uint32_t)fd;
}

struct histories *histories_new(void)
{
	return calloc(1, sizeof(struct histories));
}

void histories_free(struct histories *h)
{
	for (size_t i = 0; h && i < h->n; i++)
		free(h->at[i]);
	free(h);
}

static size_t place_of(const struct histories *h, uint64_t key)
{
	size_t i = 0;
	while (i < h->n && h->keys[i] != key)
		i++;
	return i;
}

struct socket_history *history_find(const struct histories *h, uint64_t inode, int pid, int fd)
{
	size_t i = h ? place_of(h, key_of(inode, pid, fd)) : 0;
	return h && i < h->n ? h->at[i] : NULL;
}

struct socket_history *history_begin(struct histories *h, uint64_t inode, int pid, int fd)
{
	uint64_t key = key_of(inode, pid, fd);
	size_t i = h ? place_of(h, key) : 0;
	if (!h)
		return NULL;
	if (i == h->n) {
		i = h->next;
		if (i == h->n && !(h->at[i] = malloc(sizeof *h->at[i])))
			return NULL;
		h->n += i == h->n;
		h->next = (i + 1) % HISTORY_SOCKETS;
	}
	h->keys[i] = key;
	*h->at[i] = (struct socket_history){.inode = inode, .pid = pid, .fd = fd};
	return h->at[i];
}

void history_add(struct socket_history *s, const struct option_call *c)
{
	if (s->ncalls == HISTORY_CALLS) {
		memmove(s->calls, s->calls + 1, sizeof s->calls - sizeof s->calls[0]);
		s->ncalls--;
		s->left_out++;
	}
	s->calls[s->ncalls++] = *c;
}

struct socket_history *history_at(const struct histories *h, size_t n)
{
	size_t first = h && h->n == HISTORY_SOCKETS ? h->next : 0;
	return h && n < h->n ? h->at[(first + n) % HISTORY_SOCKETS] : NULL;
}

// As the kernel reads it: an int, or where fewer bytes are given, one byte.
static uint32_t number_of(const struct option_call *c)
{
	uint32_t n = 0;
	memcpy(&n, c->value, c->got >= sizeof n ? sizeof n : 1);
	return n;
}

// Without a name it is unbound, which the index 0 does as well.
static bool take_device(const struct option_call *c, struct setting *out)
{
	size_t len = (size_t)(c->len < HISTORY_VALUE - 1 ? c->len : HISTORY_VALUE - 1);
	memcpy(out->device, c->value, len < sizeof out->device - 1 ? len : sizeof out->device - 1);
	if (!out->device[0])
		out->option = OPT_IFINDEX;
	return c->got >= len;
}

bool option_call_setting(const struct option_call *c, struct setting *out)
{
	int id = option_numbered(c->level, c->number);
	if (id < 0)
		return false;
	*out = (struct setting){.option = (enum option_id)id};
	enum option_value kind = option_info(out->option)->value;
	if (kind == VALUE_DEVICE)
		return c->len >= 0 && take_device(c, out);
	out->value = c->got ? number_of(c) : 0;
	if (kind == VALUE_BOOL)
		out->value = out->value != 0;
	return c->got >= (kind == VALUE_BOOL ? 1 : sizeof out->value);
}

static bool kind_of(const struct socket_history *s, struct attempt *out)
{
	struct addr any = {.family = (uint8_t)s->family};
	if (!s->made || s->left_out || (s->family != AF_INET && s->family != AF_INET6))
		return false;
	*out = attempt_new(&any);
	return kind_made(out, s->type, s->protocol);
}

// Off is how most of them begin: but IPV6_V6ONLY where the sysctl says so, and SO_REUSEADDR of ping sockets.
static bool is_worth_saying(const struct setting *s)
{
	bool named = option_info(s->option)->value == VALUE_DEVICE;
	return named || s->value || s->option == OPT_V6ONLY || s->option == OPT_REUSEADDR;
}

bool history_attempt(const struct socket_history *s, struct attempt *out)
{
	struct setting set;
	if (!kind_of(s, out))
		return false;
	for (unsigned i = 0; i < s->ncalls; i++) {
		const struct option_call *c = &s->calls[i];
		if (c->err || option_numbered(c->level, c->number) < 0)
			continue;
		if (!option_call_setting(c, &set))
			return false;
		attempt_unset(out, set.option);
		if (is_worth_saying(&set) && attempt_set(out, &set) < 0)
			return false;
	}
	return true;
}

static bool set_later(const struct socket_history *s, unsigned from, const struct setting *what)
{
	struct setting later;
	struct attempt a = {0};
	for (unsigned i = from; i < s->ncalls; i++)
		if (!s->calls[i].err && option_call_setting(&s->calls[i], &later)) {
			a.nsettings = 0;
			attempt_set(&a, &later);
			if (attempt_setting(&a, what->option))
				return true;
		}
	return false;
}

bool history_refused(const struct socket_history *s, unsigned n, struct setting *out, int *err)
{
	for (unsigned i = 0; s && i < s->ncalls; i++) {
		*err = s->calls[i].err;
		if (*err && option_call_setting(&s->calls[i], out) && !set_later(s, i + 1, out) && n-- == 0)
			return true;
	}
	return false;
}

bool history_has_port(const struct socket_history *s)
{
	return !s || (s->bound ? !(s->chosen && s->let_go) : !s->made);
}

bool history_failed(const struct socket_history *s)
{
	for (unsigned i = 0; i < s->ncalls; i++)
		if (s->calls[i].err)
			return true;
	return false;
}
