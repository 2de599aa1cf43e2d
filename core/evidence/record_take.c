// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/evidence/record_take.h"

#include <linux/types.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

#include "core/evidence/bind_record.h"

static struct addr address_of(const struct call_record *c)
{
	struct addr a = {.family = c->address == 6 ? AF_INET6 : c->address == 4 ? AF_INET : 0};
	memcpy(a.bytes, c->addr, a.family == AF_INET6 ? 16 : a.family ? 4 : 0);
	return a;
}

static struct kernel_call call_of(const struct call_record *c)
{
	struct kernel_call k = {
		.function = (enum kernel_function)c->function,
		.returned = c->returned,
		.ns = c->ns,
		.addr = address_of(c),
		.port = ntohs(c->port),
		.scope = c->scope,
		.table = c->table,
		.device = c->device,
		.capability = -1,
		.fd = -1,
		.addrlen = c->addrlen,
		.rtn = c->rtn,
		.len = c->len,
	};
	enum kernel_takes takes = kernel_function_info(k.function)->takes;
	if (takes == TAKES_CAPABILITY)
		k.capability = c->number;
	else if (takes == TAKES_SYSCALL)
		k.fd = c->number;
	return k;
}

void record_calls(const struct bind_record *r, size_t len, const struct function_sets *sets, struct witnessed *out)
{
	size_t room = (len - offsetof(struct bind_record, calls)) / sizeof r->calls[0];
	*out = (struct witnessed){.present = true, .sets = *sets};
	for (int i = 0; i < KERNEL_FUNCTIONS; i++)
		out->counts[i] = r->counts[i];
	for (unsigned i = 0; i < r->ncalls && i < room && i < KERNEL_CALLS; i++)
		if (r->calls[i].function < KERNEL_FUNCTIONS)
			out->calls[out->ncalls++] = call_of(&r->calls[i]);
}

static void set(struct attempt *a, enum option_id option, uint32_t value)
{
	struct setting s = {.option = option, .value = value};
	attempt_set(a, &s);
}

static void take_settings(const struct bind_record *r, struct attempt *a)
{
	static const struct {
		unsigned bit;
		enum option_id option, raw6; // raw IPv6 sockets know no SOL_IP
	} bits[] = {
		{SOCKET_FREEBIND, OPT_FREEBIND, OPT_FREEBIND6},
		{SOCKET_TRANSPARENT, OPT_TRANSPARENT, OPT_TRANSPARENT6},
		{SOCKET_V6ONLY, OPT_V6ONLY, OPT_V6ONLY},
		{SOCKET_REUSEADDR, OPT_REUSEADDR, OPT_REUSEADDR},
		{SOCKET_REUSEPORT, OPT_REUSEPORT, OPT_REUSEPORT},
		{SOCKET_NOPORT, OPT_NOPORT, OPT_NOPORT},
	};
	bool raw6 = a->kind == KIND_RAW && r->family == AF_INET6;
	bool ping = a->kind == KIND_PING, six = r->family == AF_INET6;
	bool reuse = a->kind == KIND_RAW || ping;          // begin with it
	bool v6only = six && a->kind != KIND_RAW && !ping; // so do ping sockets, and raw ones can't be told to
	unsigned left_out = (reuse ? SOCKET_REUSEADDR : 0) | (v6only ? 0 : SOCKET_V6ONLY);
	for (size_t i = 0; i < sizeof bits / sizeof *bits; i++)
		if (r->options & bits[i].bit & ~left_out)
			set(a, raw6 ? bits[i].raw6 : bits[i].option, 1);
	if (ping && !(r->options & SOCKET_REUSEADDR))
		set(a, OPT_REUSEADDR, 0);
	if (ping && six && !(r->options & SOCKET_V6ONLY))
		set(a, OPT_V6ONLY, 0);
	if (r->device)
		set(a, OPT_IFINDEX, r->device);
	if (r->mark)
		set(a, OPT_MARK, r->mark);
	if (r->port_range)
		set(a, OPT_PORTRANGE, r->port_range);
}

// How a socket reads an address: as one of its own family, but SCTP by the family that is written in it.
static uint8_t layout_of(const struct bind_record *r)
{
	sa_family_t written;
	memcpy(&written, r->sockaddr, sizeof written);
	return r->protocol == IPPROTO_SCTP && written == AF_INET ? AF_INET : (uint8_t)r->family;
}

static void take_address(const struct bind_record *r, struct attempt *a)
{
	uint8_t family = layout_of(r);
	union {
		struct sockaddr_in in;
		struct sockaddr_in6 in6;
		uint8_t bytes[RECORD_SOCKADDR];
	} s;
	memcpy(s.bytes, r->sockaddr, sizeof s.bytes);
	a->family = (uint8_t)r->family;
	a->addr = (struct addr){.family = family};
	if (family == AF_INET6) {
		memcpy(a->addr.bytes, &s.in6.sin6_addr, 16);
		a->scope = s.in6.sin6_scope_id;
	} else {
		memcpy(a->addr.bytes, &s.in.sin_addr, 4);
	}
	a->port = ntohs(s.in.sin_port);
	a->sa_family = s.in.sin_family == family ? SA_FAMILY_AS_ADDRESS : s.in.sin_family;
	size_t whole = family == AF_INET6 ? sizeof s.in6 : sizeof s.in;
	a->addrlen = r->addrlen == (int)whole ? ADDRLEN_WHOLE : r->addrlen;
}

void record_event(const struct bind_record *r, size_t len, const struct function_sets *sets, int64_t clock,
		  struct bind_event *out)
{
	bool inet = r->family == AF_INET || r->family == AF_INET6;
	*out = (struct bind_event){
		.source = SOURCE_BPF,
		.when = (int64_t)r->began + clock,
		.ns = r->ns,
		.pid = (int)r->pid,
		.thread = (int)r->thread,
		.uid_known = true,
		.uid = r->uid,
		.netns = r->netns,
		.cgroup = r->cgroup,
		.family = r->got_socket ? r->family : 0,
		.fd = r->fd,
		.addrlen = r->addrlen,
		.err = r->returned < 0 ? -r->returned : 0,
	};
	memcpy(out->program, r->program, sizeof out->program);
	out->program[sizeof out->program - 1] = '\0';
	record_calls(r, len, sets, &out->inner);
	if (!r->got_socket || !inet)
		return;
	struct addr any = {.family = (uint8_t)r->family};
	out->attempt = attempt_new(&any);
	if (!kind_made(&out->attempt, r->type, r->protocol))
		return;
	out->socket_known = true;
	out->addr_known = r->got >= (layout_of(r) == AF_INET6 ? 24 : 8);
	if (out->addr_known)
		take_address(r, &out->attempt);
	take_settings(r, &out->attempt);
}
