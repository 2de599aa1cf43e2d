// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/observe/sockstat.h"

#include <errno.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "core/observe/proc.h"

// Adds up the counters of a line: "TCP: inuse 5 orphan 0 tw 2 alloc 7 mem 1".
static bool add_counters(const char *text, const char *line, const char *const *names, unsigned *sum)
{
	const char *at = text;
	while (at && strncmp(at, line, strlen(line)) != 0) {
		at = strchr(at, '\n');
		at += at != NULL;
	}
	if (!at)
		return false;
	const char *end = strchrnul(at, '\n');
	for (; *names; names++) {
		char wanted[16];
		unsigned value;
		snprintf(wanted, sizeof wanted, " %s ", *names);
		const char *found = strstr(at, wanted);
		if (!found || found > end || sscanf(found + strlen(wanted), "%u", &value) != 1)
			return false;
		*sum += value;
	}
	return true;
}

int sockstat_most(const char *root, int protocol, unsigned *most)
{
	// A TCP socket that only has its port counts as allocated, wherever on the machine; TIME_WAIT is not a socket.
	static const char *const tcp[] = {"alloc", "tw", NULL}, *const inuse[] = {"inuse", NULL};
	char text[1024];
	unsigned sum = 0;
	if (protocol != IPPROTO_TCP && protocol != IPPROTO_UDP && protocol != IPPROTO_UDPLITE)
		return -ENOTSUP;
	ssize_t n = proc_read(root, "/proc/thread-self/net/sockstat", text, sizeof text);
	if (n < 0)
		return (int)n;
	bool known = protocol == IPPROTO_TCP
			     ? add_counters(text, "TCP:", tcp, &sum)
			     : add_counters(text, protocol == IPPROTO_UDP ? "UDP:" : "UDPLITE:", inuse, &sum);
	if (!known)
		return -EBADMSG;
	if (protocol != IPPROTO_TCP && proc_read(root, "/proc/thread-self/net/sockstat6", text, sizeof text) > 0)
		add_counters(text, protocol == IPPROTO_UDP ? "UDP6:" : "UDPLITE6:", inuse, &sum);
	*most = sum;
	return 0;
}
