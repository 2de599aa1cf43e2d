// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/kernel.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

// A stable branch that got the change by backport: from PATCH of MAJOR.MINOR on.
struct backport {
	unsigned major, minor, patch;
};

enum { BACKPORTS = 5 };

struct trait_row {
	struct trait_info info;
	struct backport backports[BACKPORTS];
};

static const struct trait_row table[TRAIT_COUNT] = {
	[TRAIT_LINKDOWN_ALL] = {{"linkdown-all", "5.11", "",
				 "net.ipv4.conf.all.ignore_routes_with_linkdown counts for every device"},
				{{0}}},
	[TRAIT_RAW6_OPTIONS] =
		{{"raw6-options", "5.14", "",
		  "raw IPv6 sockets honour IPV6_FREEBIND and IPV6_TRANSPARENT, not only ip_nonlocal_bind"},
		 {{5, 10, 223}}},
	[TRAIT_RAW4_NONLOCAL] = {{"raw4-nonlocal", "5.17", "",
				  "raw IPv4 sockets honour ip_nonlocal_bind, IP_FREEBIND and IP_TRANSPARENT"},
				 {{0}}},
	[TRAIT_PING_LIKE_UDP] = {{"ping-like-udp", "5.17", "5.19",
				  "ping sockets accept IPv4 broadcast and multicast addresses, as UDP does: a bug in "
				  "these releases"},
				 {{0}}},
	[TRAIT_PING_VRF] = {{"ping-vrf", "5.19", "",
			     "ping sockets classify the address in the table of the bound device's VRF, and an IPv6 "
			     "one checks that the device "
			     "exists"},
			    {{5, 18, 12}, {5, 15, 55}, {5, 10, 223}}},
	[TRAIT_PING_NETNS] = {{"ping-netns", "6.18", "",
			       "ping identifiers that sockets of other namespaces hold without SO_REUSEADDR never "
			       "conflict"},
			      {{6, 12, 117}, {6, 1, 192}}},
	[TRAIT_MARK_NET_RAW] = {{"mark-net-raw", "5.17", "", "CAP_NET_RAW is enough to set SO_MARK"}, {{0}}},
	[TRAIT_REUSE_MEMORY] =
		{{"reuse-memory", "", "6.8",
		  "TCP shares a port by the SO_REUSEADDR its holders had when they were bound, even if they have cleared "
		  "it since"},
		 {{0}}},
	[TRAIT_BHASH2] =
		{{"bhash2", "6.1", "",
		  "TCP compares a given address only with sockets at the same address and at wildcards: 127.0.0.6 meets "
		  "no IPv6 connection"},
		 {{0}}},
	[TRAIT_BHASH2_MAPPED] =
		{{"bhash2-mapped", "6.1", "6.8",
		  "TCP overlooks that ::ffff:0.0.0.0 and another v4-mapped address on the same port conflict"},
		 {{0}}},
	[TRAIT_SCTP_VRF] = {{"sctp-vrf", "6.2", "",
			     "SCTP respects the bound device: an address counts in its VRF, and ports on "
			     "different devices do not conflict"},
			    {{0}}},
	[TRAIT_PORT_RANGE] = {{"port-range", "6.3", "", "IP_LOCAL_PORT_RANGE narrows the ports for one socket"},
			      {{6, 1, 192}}},
	[TRAIT_PORT_RANGE_MPTCP] = {{"port-range-mptcp", "6.8", "",
				     "MPTCP accepts IP_LOCAL_PORT_RANGE and IP_BIND_ADDRESS_NO_PORT"},
				    {{0}}},
	[TRAIT_BIND_SK] = {{"bind-sk", "6.6", "",
			    "the checks of inet_bind() and inet6_bind() are in inet_bind_sk() and inet6_bind_sk()"},
			   {{0}}},
	[TRAIT_BOUND_DIAG] = {{"bound-diag", "6.8", "", "sock_diag lists TCP sockets that are only bound"}, {{0}}},
	[TRAIT_UDP_WILDCARD] =
		{{"udp-wildcard", "7.0", "",
		  "UDP at a wildcard address meets all holders of the port, even if there are more than ten"},
		 {{6, 19, 11}, {6, 18, 21}, {6, 12, 80}, {6, 6, 131}, {6, 1, 168}}},
	[TRAIT_UDPLITE] = {{"udplite", "", "7.1", "UDP-Lite exists"}, {{0}}},
	[TRAIT_MPTCP_OPTIONS] =
		{{"mptcp-options", "5.17", "",
		  "MPTCP passes IP_FREEBIND and IP_TRANSPARENT, and their IPv6 twins, to its TCP socket"},
		 {{0}}},
	[TRAIT_RULE_DEL_SPLITS] = {{"rule-del-splits", "", "7.2",
				    "deleting an IPv4 rule also splits the tables local and main for good"},
				   {{0}}},
};

const struct trait_info *trait_info(enum trait t)
{
	return &table[t].info;
}

// Digits only: sscanf() alone would take blanks and signs too.
static const char *parse_part(const char *text, unsigned *out)
{
	unsigned n = 0;
	const char *p = text;
	for (; *p >= '0' && *p <= '9' && p - text < 5; p++)
		n = n * 10 + (unsigned)(*p - '0');
	*out = n;
	return p > text ? p : NULL;
}

int kernel_parse(const char *release, struct kernel *out)
{
	struct kernel k = {0};
	const char *p = parse_part(release, &k.major);
	if (!p || *p != '.' || !(p = parse_part(p + 1, &k.minor)))
		return -EINVAL;
	if (*p == '.')
		parse_part(p + 1, &k.patch);
	snprintf(k.release, sizeof k.release, "%.64s", release);
	*out = k;
	return 0;
}

void kernel_refine(struct kernel *k, const char *text)
{
	for (const char *p = text; *p; p++) {
		struct kernel other;
		bool begins = p == text || p[-1] == ' ';
		if (begins && kernel_parse(p, &other) == 0 && kernel_compare(k, other.major, other.minor) == 0 &&
		    other.patch > k->patch)
			k->patch = other.patch;
	}
}

int kernel_compare(const struct kernel *k, unsigned major, unsigned minor)
{
	if (k->major != major)
		return k->major < major ? -1 : 1;
	return k->minor < minor ? -1 : k->minor > minor;
}

static bool at_or_after(const struct kernel *k, const char *release)
{
	unsigned major = 0, minor = 0;
	sscanf(release, "%u.%u", &major, &minor);
	return kernel_compare(k, major, minor) >= 0;
}

bool kernel_unchecked(const struct kernel *k)
{
	unsigned major = 0, minor = 0;
	sscanf(KERNEL_CHECKED, "%u.%u", &major, &minor);
	return kernel_compare(k, major, minor) > 0;
}

bool kernel_has(const struct kernel *k, enum trait t)
{
	const struct trait_row *row = &table[t];
	if (*row->info.until && at_or_after(k, row->info.until))
		return false;
	if (!*row->info.since || at_or_after(k, row->info.since))
		return true;
	for (unsigned i = 0; i < BACKPORTS; i++) {
		const struct backport *b = &row->backports[i];
		if (b->major && k->major == b->major && k->minor == b->minor && k->patch >= b->patch)
			return true;
	}
	return false;
}
