// SPDX-License-Identifier: GPL-3.0-or-later
#include <linux/types.h>

#include "core/trace/traced_event.h"

#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "core/evidence/record_take.h"
#include "core/model/kernel.h"
#include "core/observe/clock.h"
#include "core/observe/credentials.h"
#include "core/observe/proc.h"
#include "core/trace/traced_memory.h"
#include "core/trace/traced_socket.h"

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

// What a record of the socket says, and what its duplicate says besides.
struct asked {
	struct bind_record record;
	unsigned unasked; // SOCKET_*
	uint64_t netns, inode;
	bool closed, asked, hidden, local_known;
	struct addr local;
	uint16_t port;
	uint32_t scope;
};

static void ask_socket(pid_t tid, pid_t tgid, struct asked *a)
{
	struct stat st;
	int fd = traced_socket_take(tid, tgid, a->record.fd);
	if (fd < 0) {
		a->inode = traced_socket_inode(tid, a->record.fd);
		a->hidden = fd == -EPERM && !a->inode;
		return;
	}
	traced_socket_ask(fd, &a->record, &a->unasked);
	if (a->record.family == AF_INET || a->record.family == AF_INET6) {
		a->asked = true;
		a->netns = traced_socket_netns(fd, tid);
		a->inode = fstat(fd, &st) == 0 ? st.st_ino : 0;
		a->closed = traced_socket_closed(fd);
		a->local_known = traced_socket_local(fd, &a->local, &a->port, &a->scope);
	}
	close(fd);
}

// Who makes the call. The members of the socket and the call are those of the record.
static void fill(pid_t tid, pid_t tgid, const struct asked *a, struct bind_event *out)
{
	record_event(&a->record, sizeof a->record, &(struct function_sets){0}, clock_ns(CLOCK_REALTIME), out);
	out->source = SOURCE_PTRACE;
	out->pid = tgid;
	out->thread = tid;
	out->inner = (struct witnessed){0};
	out->netns = a->asked ? a->netns : netns_of(tid);
	out->inode = a->inode;
	take_uid(tid, out);
}

static struct asked *begin(pid_t tgid, const uint64_t args[])
{
	struct asked *a = calloc(1, sizeof *a);
	if (!a)
		return NULL;
	a->record.fd = (int)args[0];
	a->record.addrlen = -1;
	proc_comm(tgid, a->record.program, sizeof a->record.program);
	return a;
}

static void put(struct attempt *to, const struct attempt *from)
{
	to->kind = from->kind;
	to->raw_protocol = from->raw_protocol;
	to->nsettings = from->nsettings;
	memcpy(to->settings, from->settings, sizeof to->settings);
}

// The socket could not be asked, but all that was done to it was seen.
static void take_history(const struct socket_history *s, struct asked *a, struct bind_event *out)
{
	struct attempt seen;
	if (out->socket_known || out->family || !s || !history_attempt(s, &seen))
		return;
	a->record.got_socket = 1;
	a->record.family = (__u16)s->family;
	a->record.type = (__u16)s->type;
	a->record.protocol = (__u16)kind_info(seen.kind)->protocol;
	if (seen.kind == KIND_RAW)
		a->record.protocol = seen.raw_protocol;
	else if (s->family == AF_INET6)
		a->record.protocol = (__u16)kind_info(seen.kind)->protocol6;
	fill(out->thread, out->pid, a, out);
	put(&out->attempt, &seen);
	out->from_calls = out->socket_known;
}

static bool kernel_here_has(int trait)
{
	struct kernel k;
	struct utsname u;
	return uname(&u) < 0 || kernel_parse(u.release, &k) < 0 || kernel_has(&k, (enum trait)trait);
}

// An MPTCP socket does not tell each of its options: those may have been seen, or the kernel refuses to set them.
static void take_untold(const struct socket_history *s, unsigned unasked, struct bind_event *e)
{
	static const struct {
		unsigned bit;
		enum option_id id;
		int since; // enum trait: without it none can be set
	} bits[] = {{SOCKET_FREEBIND, OPT_FREEBIND, TRAIT_MPTCP_OPTIONS},
		    {SOCKET_TRANSPARENT, OPT_TRANSPARENT, TRAIT_MPTCP_OPTIONS},
		    {SOCKET_V6ONLY, OPT_V6ONLY, -1},
		    {SOCKET_REUSEADDR, OPT_REUSEADDR, -1},
		    {SOCKET_REUSEPORT, OPT_REUSEPORT, -1},
		    {SOCKET_NOPORT, OPT_NOPORT, TRAIT_PORT_RANGE_MPTCP}};
	struct attempt seen;
	bool known = s && history_attempt(s, &seen);
	if (!e->socket_known || e->attempt.kind != KIND_MPTCP)
		return;
	for (size_t i = 0; i < sizeof bits / sizeof *bits; i++) {
		const struct setting *set = known ? attempt_setting(&seen, bits[i].id) : NULL;
		if (!(unasked & bits[i].bit) || (bits[i].id == OPT_V6ONLY && e->family != AF_INET6))
			continue;
		if (set)
			attempt_set(&e->attempt, set);
		else if (!known && (bits[i].since < 0 || kernel_here_has(bits[i].since)))
			e->socket_known = false;
	}
}

// What was done to the socket before says what the socket does not say itself.
static void complete(const struct histories *h, struct asked *a, struct bind_event *e)
{
	const struct socket_history *s = history_find(h, a->inode, e->pid, e->fd);
	take_history(s, a, e);
	take_untold(s, a->unasked, e);
	if (!e->socket_known && a->hidden && s && s->made)
		e->family = (uint16_t)s->family;
	if (!(e->socket_known && e->addr_known) && a->hidden)
		reason_say(&e->reason, REASON_HIDDEN);
}

// A port is what bind() wants to be missing; raw sockets have none, and of these the walk finds out.
static bool is_bound(const struct asked *a, const struct histories *h, const struct bind_event *e)
{
	bool tcp = e->attempt.kind == KIND_TCP || e->attempt.kind == KIND_MPTCP;
	if (!a->local_known || !e->socket_known || e->attempt.kind == KIND_RAW || !a->port)
		return false;
	return !tcp || !a->closed || history_has_port(history_find(h, a->inode, e->pid, e->fd));
}

static void take_local(const struct asked *a, struct bind_event *e)
{
	e->local_known = a->local_known;
	e->local = a->local;
	e->local_port = a->port;
	e->local_scope = a->scope;
}

void traced_event_bind(pid_t tid, pid_t tgid, const uint64_t args[], const struct histories *h, struct bind_event *out)
{
	struct asked *a = begin(tgid, args);
	if (!a)
		return;
	ask_socket(tid, tgid, a);
	read_address(tid, args, &a->record);
	fill(tid, tgid, a, out);
	complete(h, a, out);
	if (is_bound(a, h, out)) {
		out->attempt.binds = BINDS_OTHER;
		take_local(a, out);
	}
	free(a);
}

void traced_event_on_socket(pid_t tid, pid_t tgid, const uint64_t args[], const struct histories *h,
			    struct bind_event *out)
{
	struct asked *a = begin(tgid, args);
	if (!a)
		return;
	ask_socket(tid, tgid, a);
	fill(tid, tgid, a, out);
	complete(h, a, out);
	take_local(a, out);
	free(a);
}

void traced_event_socket(pid_t tid, pid_t tgid, const uint64_t args[], struct bind_event *out)
{
	struct asked *a = begin(tgid, args);
	struct addr any = {.family = (uint8_t)args[0]};
	if (!a)
		return;
	a->record.fd = -1;
	fill(tid, tgid, a, out);
	out->family = any.family;
	out->attempt = attempt_new(&any);
	out->socket_known = kind_made(&out->attempt, (int)args[1] & ~(SOCK_NONBLOCK | SOCK_CLOEXEC), (int)args[2]);
	free(a);
}

bool traced_event_dest(pid_t tid, const uint64_t args[], struct bind_event *out)
{
	struct bind_record r = {0};
	struct next_ask *then = &out->attempt.then;
	sa_family_t family;
	union {
		struct sockaddr_in in;
		struct sockaddr_in6 in6;
		uint8_t bytes[RECORD_SOCKADDR];
	} s = {0};
	read_address(tid, args, &r);
	out->addrlen = r.addrlen;
	memcpy(s.bytes, r.sockaddr, sizeof s.bytes);
	memcpy(&family, s.bytes, sizeof family);
	if (!(family == AF_INET && r.got >= 8) && !(family == AF_INET6 && r.got >= 24))
		return r.got < sizeof family || family == AF_INET || family == AF_INET6;
	then->dest.addr = family == AF_INET ? addr_from_in(&s.in.sin_addr) : addr_from_in6(&s.in6.sin6_addr);
	then->dest.has_port = true;
	then->dest.port = ntohs(s.in.sin_port);
	then->dest_scope = family == AF_INET6 ? s.in6.sin6_scope_id : 0;
	return true;
}

void traced_event_option(pid_t tid, const uint64_t args[], struct option_call *out)
{
	*out = (struct option_call){.level = (int)args[1], .number = (int)args[2], .len = (int)args[4]};
	size_t want = out->len <= 0 ? 0 : (size_t)out->len < sizeof out->value ? (size_t)out->len : sizeof out->value;
	out->got = (uint8_t)traced_memory_read(tid, args[3], out->value, want);
}

bool traced_event_is_foreign(const struct bind_event *e)
{
	return e->family && e->family != AF_INET && e->family != AF_INET6;
}
