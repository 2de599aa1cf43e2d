// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/rt_names.h"

#include <linux/fib_rules.h>
#include <linux/if_addr.h>
#include <linux/rtnetlink.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "core/model/addr.h"

struct word {
	enum rt_list list;
	unsigned value;
	const char *word;
};

static const struct word words[] = {
	{LIST_SCOPES, RT_SCOPE_UNIVERSE, "global"},
	{LIST_SCOPES, RT_SCOPE_SITE, "site"},
	{LIST_SCOPES, RT_SCOPE_LINK, "link"},
	{LIST_SCOPES, RT_SCOPE_HOST, "host"},
	{LIST_SCOPES, RT_SCOPE_NOWHERE, "nowhere"},
	{LIST_PROTOCOLS, RTPROT_STATIC, "static"},
	{LIST_PROTOCOLS, RTPROT_BOOT, "boot"},
	{LIST_PROTOCOLS, RTPROT_KERNEL, "kernel"},
	{LIST_PROTOCOLS, RTPROT_DHCP, "dhcp"},
	{LIST_PROTOCOLS, RTPROT_RA, "ra"},
	{LIST_PROTOCOLS, RTPROT_REDIRECT, "redirect"},
	{LIST_TABLES, RT_TABLE_LOCAL, "local"},
	{LIST_TABLES, RT_TABLE_MAIN, "main"},
	{LIST_TABLES, RT_TABLE_DEFAULT, "default"},
	{LIST_ROUTE_TYPES, RTN_UNICAST, "unicast"},
	{LIST_ROUTE_TYPES, RTN_LOCAL, "local"},
	{LIST_ROUTE_TYPES, RTN_BROADCAST, "broadcast"},
	{LIST_ROUTE_TYPES, RTN_MULTICAST, "multicast"},
	{LIST_ROUTE_TYPES, RTN_ANYCAST, "anycast"},
	{LIST_ROUTE_TYPES, RTN_BLACKHOLE, "blackhole"},
	{LIST_ROUTE_TYPES, RTN_UNREACHABLE, "unreachable"},
	{LIST_ROUTE_TYPES, RTN_PROHIBIT, "prohibit"},
	{LIST_ROUTE_TYPES, RTN_THROW, "throw"},
	{LIST_RULE_ACTIONS, FR_ACT_BLACKHOLE, "blackhole"},
	{LIST_RULE_ACTIONS, FR_ACT_UNREACHABLE, "unreachable"},
	{LIST_RULE_ACTIONS, FR_ACT_PROHIBIT, "prohibit"},
	// First what keeps an address from counting.
	{LIST_ADDR_FLAGS, IFA_F_DADFAILED, "dadfailed"},
	{LIST_ADDR_FLAGS, IFA_F_OPTIMISTIC, "optimistic"},
	{LIST_ADDR_FLAGS, IFA_F_TENTATIVE, "tentative"},
	{LIST_ADDR_FLAGS, IFA_F_DEPRECATED, "deprecated"},
	{LIST_ADDR_FLAGS, IFA_F_TEMPORARY, "temporary"},
	{LIST_ADDR_FLAGS, IFA_F_NODAD, "nodad"},
	{LIST_ADDR_FLAGS, IFA_F_NOPREFIXROUTE, "noprefixroute"},
	{LIST_ADDR_FLAGS, IFA_F_HOMEADDRESS, "home"},
	{LIST_ADDR_FLAGS, IFA_F_MANAGETEMPADDR, "mngtmpaddr"},
	{LIST_ADDR_FLAGS, IFA_F_MCAUTOJOIN, "autojoin"},
};

int rt_value(enum rt_list list, const char *word)
{
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (words[i].list == list && strcmp(words[i].word, word) == 0)
			return (int)words[i].value;
	return -1;
}

const char *rt_name(enum rt_list list, unsigned value)
{
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (words[i].list == list && words[i].value == value)
			return words[i].word;
	return NULL;
}

const char *rt_word(enum rt_list list, size_t n)
{
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (words[i].list == list && n-- == 0)
			return words[i].word;
	return NULL;
}

bool rt_number(const char *text, unsigned long max, unsigned long *out)
{
	if (strncmp(text, "0x", 2) != 0)
		return number_parse(text, max, out) == 0;
	char *end;
	text += 2;
	size_t digits = strspn(text, "0123456789abcdefABCDEF");
	if (digits == 0 || digits > 8 || text[digits])
		return false;
	*out = strtoul(text, &end, 16);
	return *out <= max;
}
