// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/holder_text.h"

#include <netinet/in.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum tcp_state {
	ESTABLISHED = 1,
	SYN_SENT,
	SYN_RECV,
	FIN_WAIT1,
	FIN_WAIT2,
	TIME_WAIT,
	CLOSE,
	CLOSE_WAIT,
	LAST_ACK,
	LISTEN,
	CLOSING,
	NEW_SYN_RECV,
	BOUND_INACTIVE
};

__attribute__((format(printf, 3, 4))) static void append(char *buf, size_t len, const char *format, ...)
{
	size_t used = strlen(buf);
	va_list args;
	va_start(args, format);
	if (used < len)
		vsnprintf(buf + used, len - used, format, args);
	va_end(args);
}

static void append_end(char *buf, size_t len, const struct addr *a, const char *device, uint16_t port)
{
	char text[ADDR_TEXT];
	const char *percent = *device ? "%" : "";
	addr_print(a, text);
	append(buf, len, a->family == AF_INET6 ? "[%s%s%s]:%u" : "%s%s%s:%u", text, percent, device, port);
}

char *sock_local_print(const struct host *h, const struct sock *s, char *buf, size_t len)
{
	const struct link *device = s->device ? host_link(h, s->device) : NULL;
	buf[0] = '\0';
	append_end(buf, len, &s->addr, device ? device->name : "", s->port);
	return buf;
}

char *sock_peer_print(const struct sock *s, char *buf, size_t len)
{
	buf[0] = '\0';
	if (s->peer_port)
		append_end(buf, len, &s->peer, "", s->peer_port);
	return buf;
}

char *sock_device_print(const struct host *h, const struct sock *s, char *buf, size_t len)
{
	const struct link *device = s->device ? host_link(h, s->device) : NULL;
	buf[0] = '\0';
	if (device)
		append(buf, len, "%s", device->name);
	else if (s->device)
		append(buf, len, "interface %u, which is gone", s->device);
	return buf;
}

const char *sock_state_name(const struct sock *s)
{
	static const char *const names[] = {
		"",      "ESTABLISHED", "SYN_SENT", "SYN_RECV", "FIN_WAIT1", "FIN_WAIT2",    "TIME_WAIT",
		"bound", "CLOSE_WAIT",  "LAST_ACK", "LISTEN",   "CLOSING",   "NEW_SYN_RECV", "bound",
	};
	if (s->protocol != IPPROTO_TCP)
		return s->state == ESTABLISHED ? "connected" : "bound";
	return s->state < sizeof names / sizeof *names ? names[s->state] : "?";
}

const char *sock_owner_name(enum sock_owner o)
{
	static const char *const names[] = {
		[OWNER_UNSEARCHED] = "unsearched", [OWNER_PROCESS] = "process", [OWNER_KERNEL] = "kernel",
		[OWNER_HIDDEN] = "hidden",         [OWNER_NONE] = "none",
	};
	return names[o];
}

// What a connection is doing, if its state alone does not say.
static const char *doing(const struct facts *f, const struct sock *s)
{
	if (s->protocol != IPPROTO_TCP)
		return NULL;
	switch (s->state) {
	case ESTABLISHED:
	case CLOSE_WAIT:
		if (s->owner == OWNER_NONE)
			return "a connection that no program has accepted yet";
		if (s->state == CLOSE_WAIT)
			return "a connection that the other end has closed, but this program has not";
		return sock_is_outgoing(f, s) == UNKNOWN ? "likely an outgoing connection" : NULL;
	case SYN_SENT:
		return "an outgoing connection that is being opened";
	case FIN_WAIT1:
	case FIN_WAIT2:
	case LAST_ACK:
	case CLOSING:
		return "a connection that is being closed";
	default:
		return NULL;
	}
}

static void append_what(const struct facts *f, const struct sock *s, char *buf, size_t len)
{
	char text[ADDR_TEXT + 24];
	const char *does = doing(f, s);
	sock_local_print(f->host, s, text, sizeof text);
	append(buf, len, "%s %s", protocol_name(s->protocol) ? protocol_name(s->protocol) : "?", text);
	sock_peer_print(s, text, sizeof text);
	if (sock_is_timewait(s)) {
		append(buf, len, ", a closed connection%s%s", text[0] ? " to " : "", text);
		if (s->timer)
			append(buf, len, ", ends in %u s", (s->expires + 999) / 1000);
		return;
	}
	if (text[0])
		append(buf, len, " -> %s", text);
	if (does)
		append(buf, len, ", %s", does);
	else
		append(buf, len, " %s", sock_state_name(s));
}

static void append_likely(const struct host *h, const struct sock *s, const char *before, char *buf, size_t len)
{
	const struct link *l = s->likely ? host_link(h, s->likely) : NULL;
	if (l && l->tunnel_port)
		append(buf, len, "%s likely %s (%s, port %u)", before, l->name, l->kind, l->tunnel_port);
	else if (l)
		append(buf, len, "%s likely %s (%s)", before, l->name, l->kind);
}

static void append_user(const struct sock *s, const char *before, char *buf, size_t len)
{
	if (s->uid_unmapped)
		append(buf, len, "%sa uid without a number here", before);
	else
		append(buf, len, "%suid %u", before, s->uid);
}

// Whose it is; `full`: with the user.
static void append_who(const struct host *h, const struct sock *s, bool full, char *buf, size_t len)
{
	switch (s->owner) {
	case OWNER_KERNEL:
		append(buf, len, full ? ", held by no process: a socket of the kernel" : ", a socket of the kernel");
		append_likely(h, s, ",", buf, len);
		break;
	case OWNER_HIDDEN:
		append(buf, len, ", its process is not visible to you");
		if (full)
			append_user(s, ": it belongs to ", buf, len);
		append_likely(h, s, ", or it is the kernel's:", buf, len);
		break;
	case OWNER_PROCESS:
	case OWNER_UNSEARCHED:
		if (full)
			append_user(s, ", ", buf, len);
		if (s->pid)
			append(buf, len, ", pid %u (%.15s)", s->pid, s->comm);
		break;
	case OWNER_NONE:
		break;
	}
}

char *sock_print(const struct facts *f, const struct sock *s, char *buf, size_t len)
{
	buf[0] = '\0';
	append_what(f, s, buf, len);
	append_who(f->host, s, false, buf, len);
	return buf;
}

static bool is_reserved(const struct host *h, unsigned port)
{
	return h->reserved_ports[port / 8] >> port % 8 & 1;
}

// Where the port of an outgoing connection comes from.
static void append_range(const struct host *h, const struct sock *s, char *buf, size_t len)
{
	long long low = h->sysctl[SYSCTL_PORT_LOW], high = h->sysctl[SYSCTL_PORT_HIGH];
	if (!h->sysctl_known[SYSCTL_PORT_LOW] || s->port < low || s->port > high)
		return;
	append(buf, len, "; %u lies in ip_local_port_range %lld-%lld and is %sreserved", s->port, low, high,
	       is_reserved(h, s->port) ? "now " : "not ");
}

char *sock_gone_print(const struct facts *f, const struct sock *s, char *buf, size_t len)
{
	struct sock was = *s;
	was.timer = 0; // nothing is left of its time
	sock_print(f, &was, buf, len);
	append(buf, len, sock_is_timewait(s) ? " has ended" : " is gone");
	return buf;
}

char *holder_print(const struct facts *f, const struct sock *s, char *buf, size_t len)
{
	const struct host *h = f->host;
	buf[0] = '\0';
	append_what(f, s, buf, len);
	if (s->device && !host_link(h, s->device))
		append(buf, len, ", on interface %u, which is gone", s->device);
	append_who(h, s, true, buf, len);
	if (sock_is_outgoing(f, s) != NO)
		append_range(h, s, buf, len);
	return buf;
}

// Is it the only socket whose conflict is uncertain?
static bool only_doubt(const struct facts *f, const struct walk *w)
{
	unsigned doubts = 0;
	for (size_t i = 0; i < f->question->nsocks; i++)
		doubts += f->question->socks[i].port == w->attempt.port &&
			  port_conflict(f->host, &w->claimant, &f->question->socks[i], false) == UNKNOWN;
	return doubts == 1;
}

static void option_text(const struct facts *f, const struct walk *w, const struct sock *s, char *buf, size_t len)
{
	const struct sharing *share = &w->sharing;
	bool by_port = share->fails == CONDITION_REUSEPORT;
	const char *option = by_port ? "SO_REUSEPORT" : "SO_REUSEADDR";
	if (s->owner == OWNER_KERNEL && s->likely && !share->open) {
		append(buf, len, "no option makes the kernel's own socket share its port");
		return;
	}
	if (by_port && s->state == LISTEN && s->protocol == IPPROTO_TCP)
		append(buf, len, "a listening TCP socket shares its port only through SO_REUSEPORT; ");
	if (share->open && w->observed.present && w->observed.err && share->side == SIDE_THERE)
		append(buf, len, "this socket has set %s, and the refusal shows that %s", option,
		       !only_doubt(f, w)     ? "not every holder of the port has"
		       : sock_is_timewait(s) ? "the server that was here had not"
					     : "the holder has not");
	else if (share->open && sock_is_timewait(s))
		append(buf, len, "%s is enough if the earlier server had set it, which is not visible", option);
	else if (share->open)
		append(buf, len, "%s is enough if the holder has set it as well, which is not visible", option);
	else if (share->side == SIDE_BOTH)
		append(buf, len, "neither socket has set %s", option);
	else if (share->side == SIDE_HERE)
		append(buf, len, "the holder has set %s, this socket has not", option);
	else
		append(buf, len, "this socket has set %s, the holder has not", option);
}

static void user_text(const struct facts *f, const struct sock *s, char *buf, size_t len)
{
	append(buf, len,
	       s->reuseport == YES ? "both have set SO_REUSEPORT, but "
				   : "SO_REUSEPORT works only between sockets of one user; ");
	if (s->uid_unmapped)
		append(buf, len, "the holder's uid has no number here, and this is uid %u", f->caller->uid);
	else
		append(buf, len, "the holder is uid %u and this is uid %u", s->uid, f->caller->uid);
}

char *sharing_print(const struct facts *f, const struct walk *w, char *buf, size_t len)
{
	const struct sock *s = walk_holder(f, w);
	const struct sharing *share = walk_sharing(w);
	bool here = share && share->side == SIDE_HERE;
	char device[40];
	buf[0] = '\0';
	switch (s && share ? share->fails : CONDITION_MET) {
	case CONDITION_REUSEADDR:
	case CONDITION_REUSEPORT:
		option_text(f, w, s, buf, len);
		break;
	case CONDITION_UID:
		user_text(f, s, buf, len);
		break;
	case CONDITION_LISTEN:
		append(buf, len, "SO_REUSEADDR does not share a port with a listening socket");
		break;
	case CONDITION_V6ONLY:
		append(buf, len,
		       here ? "without IPV6_V6ONLY, [::] takes the port for IPv4 as well, where the holder has it"
			    : "the holder is bound to [::] without IPV6_V6ONLY, so it has the port for IPv4 as well");
		if (share->open)
			append(buf, len, "; whether it has set that option is not visible");
		break;
	case CONDITION_DEVICE:
		if (here)
			append(buf, len,
			       "the holder is bound to %s; this socket is bound to no device, so it overlaps that one",
			       sock_device_print(f->host, s, device, sizeof device));
		else
			append(buf, len, "the holder is bound to no device, so it overlaps the device of this socket");
		break;
	case CONDITION_MET:
	case CONDITION_COUNT:
		break;
	}
	return buf;
}
