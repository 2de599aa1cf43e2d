// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/text/history_row.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "core/model/step.h"

enum { FASTOPEN_CONNECT = 30, ZEROCOPY = 60, INCOMING_CPU = 49, BUSY_POLL = 46, IPV6_ONLY_PREFERENCES = 72 };

enum form { NUMBER, NAME, BYTES };

// Those that programs set and that do not bear on bind; the others are of the option table.
static const struct {
	int level, number;
	const char *name;
	enum form form;
} others[] = {
	{SOL_SOCKET, SO_KEEPALIVE, "SO_KEEPALIVE", NUMBER},
	{SOL_SOCKET, SO_BROADCAST, "SO_BROADCAST", NUMBER},
	{SOL_SOCKET, SO_RCVBUF, "SO_RCVBUF", NUMBER},
	{SOL_SOCKET, SO_SNDBUF, "SO_SNDBUF", NUMBER},
	{SOL_SOCKET, SO_RCVBUFFORCE, "SO_RCVBUFFORCE", NUMBER},
	{SOL_SOCKET, SO_SNDBUFFORCE, "SO_SNDBUFFORCE", NUMBER},
	{SOL_SOCKET, SO_PRIORITY, "SO_PRIORITY", NUMBER},
	{SOL_SOCKET, SO_OOBINLINE, "SO_OOBINLINE", NUMBER},
	{SOL_SOCKET, SO_DONTROUTE, "SO_DONTROUTE", NUMBER},
	{SOL_SOCKET, SO_LINGER, "SO_LINGER", BYTES},
	{SOL_SOCKET, SO_RCVTIMEO, "SO_RCVTIMEO", BYTES},
	{SOL_SOCKET, SO_SNDTIMEO, "SO_SNDTIMEO", BYTES},
	{SOL_SOCKET, SO_TIMESTAMP, "SO_TIMESTAMP", NUMBER},
	{SOL_SOCKET, SO_ATTACH_FILTER, "SO_ATTACH_FILTER", BYTES},
	{SOL_SOCKET, SO_ATTACH_REUSEPORT_CBPF, "SO_ATTACH_REUSEPORT_CBPF", BYTES},
	{SOL_SOCKET, SO_ATTACH_REUSEPORT_EBPF, "SO_ATTACH_REUSEPORT_EBPF", NUMBER},
	{SOL_SOCKET, INCOMING_CPU, "SO_INCOMING_CPU", NUMBER},
	{SOL_SOCKET, BUSY_POLL, "SO_BUSY_POLL", NUMBER},
	{SOL_SOCKET, ZEROCOPY, "SO_ZEROCOPY", NUMBER},
	{IPPROTO_IP, IP_TOS, "IP_TOS", NUMBER},
	{IPPROTO_IP, IP_TTL, "IP_TTL", NUMBER},
	{IPPROTO_IP, IP_HDRINCL, "IP_HDRINCL", NUMBER},
	{IPPROTO_IP, IP_OPTIONS, "IP_OPTIONS", BYTES},
	{IPPROTO_IP, IP_PKTINFO, "IP_PKTINFO", NUMBER},
	{IPPROTO_IP, IP_RECVERR, "IP_RECVERR", NUMBER},
	{IPPROTO_IP, IP_RECVORIGDSTADDR, "IP_RECVORIGDSTADDR", NUMBER},
	{IPPROTO_IP, IP_MTU_DISCOVER, "IP_MTU_DISCOVER", NUMBER},
	{IPPROTO_IP, IP_MULTICAST_IF, "IP_MULTICAST_IF", BYTES},
	{IPPROTO_IP, IP_MULTICAST_TTL, "IP_MULTICAST_TTL", NUMBER},
	{IPPROTO_IP, IP_MULTICAST_LOOP, "IP_MULTICAST_LOOP", NUMBER},
	{IPPROTO_IP, IP_ADD_MEMBERSHIP, "IP_ADD_MEMBERSHIP", BYTES},
	{IPPROTO_IP, IP_DROP_MEMBERSHIP, "IP_DROP_MEMBERSHIP", BYTES},
	{IPPROTO_IPV6, IPV6_RECVPKTINFO, "IPV6_RECVPKTINFO", NUMBER},
	{IPPROTO_IPV6, IPV6_RECVERR, "IPV6_RECVERR", NUMBER},
	{IPPROTO_IPV6, IPV6_TCLASS, "IPV6_TCLASS", NUMBER},
	{IPPROTO_IPV6, IPV6_UNICAST_HOPS, "IPV6_UNICAST_HOPS", NUMBER},
	{IPPROTO_IPV6, IPV6_MTU_DISCOVER, "IPV6_MTU_DISCOVER", NUMBER},
	{IPPROTO_IPV6, IPV6_MULTICAST_IF, "IPV6_MULTICAST_IF", NUMBER},
	{IPPROTO_IPV6, IPV6_MULTICAST_HOPS, "IPV6_MULTICAST_HOPS", NUMBER},
	{IPPROTO_IPV6, IPV6_ADD_MEMBERSHIP, "IPV6_ADD_MEMBERSHIP", BYTES},
	{IPPROTO_IPV6, IPV6_ONLY_PREFERENCES, "IPV6_ADDR_PREFERENCES", NUMBER},
	{IPPROTO_TCP, TCP_NODELAY, "TCP_NODELAY", NUMBER},
	{IPPROTO_TCP, TCP_CORK, "TCP_CORK", NUMBER},
	{IPPROTO_TCP, TCP_MAXSEG, "TCP_MAXSEG", NUMBER},
	{IPPROTO_TCP, TCP_KEEPIDLE, "TCP_KEEPIDLE", NUMBER},
	{IPPROTO_TCP, TCP_KEEPINTVL, "TCP_KEEPINTVL", NUMBER},
	{IPPROTO_TCP, TCP_KEEPCNT, "TCP_KEEPCNT", NUMBER},
	{IPPROTO_TCP, TCP_SYNCNT, "TCP_SYNCNT", NUMBER},
	{IPPROTO_TCP, TCP_DEFER_ACCEPT, "TCP_DEFER_ACCEPT", NUMBER},
	{IPPROTO_TCP, TCP_QUICKACK, "TCP_QUICKACK", NUMBER},
	{IPPROTO_TCP, TCP_CONGESTION, "TCP_CONGESTION", NAME},
	{IPPROTO_TCP, TCP_USER_TIMEOUT, "TCP_USER_TIMEOUT", NUMBER},
	{IPPROTO_TCP, TCP_FASTOPEN, "TCP_FASTOPEN", NUMBER},
	{IPPROTO_TCP, FASTOPEN_CONNECT, "TCP_FASTOPEN_CONNECT", NUMBER},
	{IPPROTO_TCP, TCP_MD5SIG, "TCP_MD5SIG", BYTES},
};

// Its place among the others, -1 for none.
static int other_of(const struct option_call *c)
{
	for (size_t i = 0; i < sizeof others / sizeof *others; i++)
		if (others[i].level == c->level && others[i].number == c->number)
			return (int)i;
	return -1;
}

char *option_call_name(const struct option_call *c, char buf[static OPTION_TEXT])
{
	int id = option_numbered(c->level, c->number), other = other_of(c);
	if (id >= 0)
		snprintf(buf, OPTION_TEXT, "%s", option_info((enum option_id)id)->symbol);
	else if (other >= 0)
		snprintf(buf, OPTION_TEXT, "%s", others[other].name);
	else
		snprintf(buf, OPTION_TEXT, "level %d, option %d", c->level, c->number);
	return buf;
}

static enum form form_of(const struct option_call *c)
{
	int id = option_numbered(c->level, c->number), other = other_of(c);
	if (id >= 0)
		return option_info((enum option_id)id)->value == VALUE_DEVICE ? NAME : NUMBER;
	return other >= 0 ? others[other].form : BYTES;
}

static void print_bytes(const struct option_call *c, char *buf)
{
	size_t used = (size_t)snprintf(buf, OPTION_TEXT, c->got ? "0x" : "");
	for (unsigned i = 0; i < c->got; i++)
		used += (size_t)snprintf(buf + used, OPTION_TEXT - used, "%02x", c->value[i]);
	if (c->len > c->got && c->got)
		snprintf(buf + used, OPTION_TEXT - used, "…");
}

static void print_number(const struct option_call *c, char *buf)
{
	int n = c->value[0];
	bool range = option_numbered(c->level, c->number) == OPT_PORTRANGE;
	if (c->got >= sizeof n)
		memcpy(&n, c->value, sizeof n);
	if (range)
		snprintf(buf, OPTION_TEXT, "%u-%u", (unsigned)n & 0xffff, (unsigned)n >> 16);
	else
		snprintf(buf, OPTION_TEXT, "%d", n);
}

char *option_call_value(const struct option_call *c, char buf[static OPTION_TEXT])
{
	enum form form = form_of(c);
	buf[0] = '\0';
	if (form == NAME)
		snprintf(buf, OPTION_TEXT, "\"%.*s\"", (int)c->got, (const char *)c->value);
	else if (form == NUMBER && c->got > 0 && c->len <= (int)sizeof(int))
		print_number(c, buf);
	else
		print_bytes(c, buf);
	return buf;
}

static void add_socket(const struct socket_history *s, struct row *out)
{
	static const char *const types[] = {
		[SOCK_STREAM] = "SOCK_STREAM", [SOCK_DGRAM] = "SOCK_DGRAM", [SOCK_RAW] = "SOCK_RAW"};
	bool named = s->type > 0 && (size_t)s->type < sizeof types / sizeof *types;
	const char *family = s->family == AF_INET6 ? "AF_INET6" : "AF_INET";
	if (!s->made)
		row_add(out, ROLE_DIM, "its socket() was not seen: it was made before, or by another program");
	else if (named)
		row_add(out, ROLE_PLAIN, "socket(%s, %s, %d)", family, types[s->type], s->protocol);
	else
		row_add(out, ROLE_PLAIN, "socket(%s, %d, %d)", family, s->type, s->protocol);
}

static void add_option(const struct option_call *c, bool went_on, struct row *out)
{
	char name[OPTION_TEXT], value[OPTION_TEXT];
	row_add(out, ROLE_PLAIN, "setsockopt(%s", option_call_name(c, name));
	if (*option_call_value(c, value))
		row_add(out, ROLE_VALUE, ", %s", value);
	row_add(out, ROLE_PLAIN, ")");
	if (c->err)
		row_add(out, ROLE_FAIL, " %s", errno_name(c->err));
	if (c->err && went_on)
		row_add(out, ROLE_WARN, ", and the program went on");
}

bool history_row(const struct socket_history *s, bool went_on, unsigned n, struct row *out)
{
	unsigned left_out = s->left_out > 0;
	row_clear(out);
	if (n == 0) {
		add_socket(s, out);
	} else if (n == 1 && left_out) {
		row_add(out, ROLE_DIM, "%llu calls of setsockopt() are left out here", (unsigned long long)s->left_out);
	} else if (n - 1 - left_out < s->ncalls) {
		unsigned i = n - 1 - left_out;
		add_option(&s->calls[i], went_on || i + 1 < s->ncalls, out);
	} else {
		return false;
	}
	return true;
}
