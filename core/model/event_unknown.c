// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/event_unknown.h"

#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <sys/socket.h>

enum { WHOLE4 = sizeof(struct sockaddr_in), WHOLE6 = 24 }; // SIN6_LEN_RFC2133: without the scope

// move_addr_to_kernel() takes no other.
static bool is_length(int len)
{
	return len >= 0 && len <= (int)sizeof(struct sockaddr_storage);
}

// Of a bind that did not begin (seccomp answered), or whose beginning was not seen, neither is known.
static bool began(const struct bind_event *e)
{
	return e->source != SOURCE_TRACEPOINTS && (e->fd >= 0 || e->addrlen >= 0);
}

static bool say_length(const struct bind_event *e, char *out, size_t size)
{
	bool six = e->family == AF_INET6;
	int whole = six ? WHOLE6 : WHOLE4;
	if (!is_length(e->addrlen))
		snprintf(out, size, "bind() was given %d as the length of the address", e->addrlen);
	else if (e->socket_known && e->addrlen < whole)
		snprintf(out, size, "bind() was given %d byte%s, too few for an address of IPv%d (%d)", e->addrlen,
			 e->addrlen == 1 ? "" : "s", six ? 6 : 4, whole);
	else
		return false;
	return true;
}

void event_unknown_say(const struct bind_event *e, char *out, size_t size)
{
	if (began(e) && !e->socket_known && !e->family && e->err == EBADF)
		snprintf(out, size, "file descriptor %d is not open for use", e->fd);
	else if (began(e) && !e->socket_known && !e->family && e->err == ENOTSOCK)
		snprintf(out, size, "file descriptor %d is not a socket", e->fd);
	else if (began(e) && !e->addr_known && e->err == EFAULT)
		snprintf(out, size, "bind() was given an address in memory that cannot be read");
	else if (!began(e) || e->addr_known || e->err != EINVAL || !say_length(e, out, size))
		snprintf(out, size, "what it was asked for is not known");
}
