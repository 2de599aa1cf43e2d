// SPDX-License-Identifier: GPL-3.0-or-later
#include <linux/types.h>

#include "core/trace/traced_call.h"

#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "core/evidence/record_take.h"
#include "core/observe/credentials.h"
#include "core/observe/proc.h"
#include "core/trace/traced_memory.h"
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

static int64_t nanoseconds(clockid_t clock)
{
	struct timespec t;
	clock_gettime(clock, &t);
	return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static void name_program(pid_t tgid, char name[static RECORD_PROGRAM])
{
	char path[64], text[64];
	ssize_t n = proc_read("", proc_path(tgid, "comm", path, sizeof path), text, sizeof text);
	if (n > 0) // the kernel ends it with a line end; others are part of the name
		snprintf(name, RECORD_PROGRAM, "%.*s", (int)n - 1, text);
}

static uint64_t netns_of(pid_t tid)
{
	char path[64];
	struct stat st;
	return stat(proc_path(tid, "ns/net", path, sizeof path), &st) == 0 ? st.st_ino : 0;
}

// The file system's: what its sockets get.
static void take_uid(pid_t tid, struct bind_event *e)
{
	struct credentials *cred = malloc(sizeof *cred);
	e->uid_known = cred && credentials_read(tid, cred) == 0;
	e->uid = e->uid_known ? cred->uid[ID_FS] : 0;
	free(cred);
}

// As move_addr_to_kernel() (net/socket.c) would copy it.
static void read_address(pid_t tid, const uint64_t args[], struct bind_record *r)
{
	int len = (int)args[2];
	r->addrlen = len;
	if (len <= 0 || len > (int)sizeof(struct sockaddr_storage))
		return;
	size_t want = (size_t)len < sizeof r->sockaddr ? (size_t)len : sizeof r->sockaddr;
	size_t got = traced_memory_read(tid, args[1], r->sockaddr, want);
	r->got = got == want ? (__u8)got : 0;
}

// What it will be: it is not there yet.
static void read_socket_call(const uint64_t args[], struct bind_record *r)
{
	const int flags = SOCK_NONBLOCK | SOCK_CLOEXEC;
	r->got_socket = 1;
	r->family = (__u16)args[0];
	r->type = (__u16)((int)args[1] & ~flags);
	r->protocol = (__u16)args[2];
	if (r->protocol == 0 && r->type == SOCK_STREAM)
		r->protocol = IPPROTO_TCP;
	else if (r->protocol == 0 && r->type == SOCK_DGRAM)
		r->protocol = IPPROTO_UDP;
	r->fd = -1;
}

// Of an address that plays no part.
static void leave_address_out(struct bind_event *e)
{
	e->addr_known = true;
	e->addrlen = -1;
}

static void read_socket(pid_t tid, pid_t tgid, struct bind_record *r, uint64_t *netns)
{
	int fd = traced_socket_take(tid, tgid, r->fd);
	if (fd < 0)
		return;
	traced_socket_ask(fd, r);
	if (r->got_socket)
		*netns = traced_socket_netns(fd, tid);
	close(fd);
}

static void read_call(pid_t tid, pid_t tgid, enum call call, const uint64_t args[], struct bind_event *out)
{
	struct bind_record *r = calloc(1, sizeof *r);
	uint64_t netns = netns_of(tid);
	if (!r)
		return;
	r->fd = (int)args[0];
	r->addrlen = -1;
	name_program(tgid, r->program);
	if (call == CALL_SOCKET)
		read_socket_call(args, r);
	else
		read_socket(tid, tgid, r, &netns);
	if (call == CALL_BIND || call == CALL_CONNECT)
		read_address(tid, args, r);
	record_event(r, sizeof *r, &(struct function_sets){0}, nanoseconds(CLOCK_REALTIME), out);
	free(r);
	out->netns = netns;
}

struct traced_call *traced_call_begin(pid_t tid, pid_t tgid, enum call call, const uint64_t args[TRACED_ARGUMENTS],
				      bool filtered)
{
	struct traced_call *c = calloc(1, sizeof *c);
	if (!c)
		return NULL;
	struct bind_event *e = &c->event;
	memcpy(c->args, args, sizeof c->args);
	read_call(tid, tgid, call, args, e);
	e->source = SOURCE_PTRACE;
	e->call = call;
	e->pid = tgid;
	e->thread = tid;
	e->filtered = filtered;
	e->inner = (struct witnessed){0};
	take_uid(tid, e);
	if (call == CALL_SOCKET || call == CALL_SETSOCKOPT || call == CALL_LISTEN)
		leave_address_out(e);
	if (call == CALL_BIND && e->addr_known && e->socket_known && event_walk_foresee(e, &c->walk) == 0 &&
	    !event_walk_wait(c->walk, WALK_MS)) {
		event_walk_close(c->walk);
		c->walk = NULL;
	}
	c->began = nanoseconds(CLOCK_MONOTONIC);
	return c;
}

static void take_local(struct bind_event *e)
{
	int fd = traced_socket_take(e->thread, e->pid, e->fd);
	if (fd < 0)
		return;
	e->local_known = traced_socket_local(fd, &e->local, &e->local_port, &e->local_scope);
	close(fd);
}

// A walk of what was not foreseen, or did not come as foreseen.
static void walk_now(struct traced_call *c)
{
	event_walk_close(c->walk);
	c->walk = NULL;
	if (event_walk_begin(&c->event, &c->walk) == 0 && event_walk_wait(c->walk, WALK_MS))
		return;
	event_walk_close(c->walk);
	c->walk = NULL;
}

// What is walked: each bind, and a socket or an option that was refused.
static bool is_walked(const struct bind_event *e)
{
	bool before = e->call == CALL_SOCKET || e->call == CALL_SETSOCKOPT;
	return (e->call == CALL_BIND || (before && e->err)) && e->family != AF_UNIX && e->family != AF_NETLINK;
}

void traced_call_end(struct traced_call *c, int64_t returned)
{
	struct bind_event *e = &c->event;
	e->ns = (uint64_t)(nanoseconds(CLOCK_MONOTONIC) - c->began);
	e->err = returned < 0 ? (int)-returned : 0;
	if (!e->err && (e->call == CALL_BIND || e->call == CALL_CONNECT))
		take_local(e);
	if (!is_walked(e))
		return;
	if (!c->walk || !event_walk_seen(c->walk, e))
		walk_now(c);
}

void traced_call_free(struct traced_call *c)
{
	if (!c)
		return;
	event_walk_close(c->walk);
	free(c);
}
