// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/observe/resolve.h"

#include <errno.h>
#include <netdb.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "core/model/fail.h"

static bool take(const struct addrinfo *info, struct endpoint *out)
{
	*out = (struct endpoint){0};
	if (info->ai_family == AF_INET) {
		struct sockaddr_in sin;
		memcpy(&sin, info->ai_addr, sizeof sin);
		out->addr = addr_from_in(&sin.sin_addr);
	} else if (info->ai_family == AF_INET6) {
		struct sockaddr_in6 sin6;
		memcpy(&sin6, info->ai_addr, sizeof sin6);
		out->addr = addr_from_in6(&sin6.sin6_addr);
		if (sin6.sin6_scope_id)
			snprintf(out->scope, sizeof out->scope, "%u", sin6.sin6_scope_id);
	}
	return out->addr.family;
}

static bool has(const struct endpoint *all, int n, const struct endpoint *one)
{
	for (int i = 0; i < n; i++)
		if (addr_equal(&all[i].addr, &one->addr) && strcmp(all[i].scope, one->scope) == 0)
			return true;
	return false;
}

int resolve(const char *name, enum kind kind, struct endpoint out[static RESOLVED], char *err, size_t errlen)
{
	// Without AI_ADDRCONFIG, which leaves out the addresses of a family that no interface has: bind does not ask.
	const struct addrinfo hints = {.ai_family = AF_UNSPEC, .ai_socktype = kind_info(kind)->sock_type};
	struct addrinfo *list = NULL;
	int n = 0, rc = getaddrinfo(name, NULL, &hints, &list);
	bool none = rc == EAI_NONAME;
#ifdef EAI_NODATA
	none |= rc == EAI_NODATA || rc == EAI_ADDRFAMILY;
#endif
	if (none)
		return fail(-EINVAL, err, errlen, "'%.80s' has no address: %s", name, gai_strerror(rc));
	if (rc)
		return fail(-EAGAIN, err, errlen, "'%.80s' could not be looked up: %s", name,
			    rc == EAI_SYSTEM ? strerror(errno) : gai_strerror(rc));
	for (const struct addrinfo *at = list; at && n < RESOLVED; at = at->ai_next)
		if (take(at, &out[n]) && !has(out, n, &out[n]))
			n++;
	freeaddrinfo(list);
	return n ? n : fail(-EINVAL, err, errlen, "'%.80s' has neither an IPv4 nor an IPv6 address", name);
}
