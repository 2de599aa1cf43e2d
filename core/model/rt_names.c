// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/rt_names.h"

#include <linux/fib_rules.h>
#include <linux/if_addr.h>
#include <linux/rtnetlink.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "core/model/addr.h"

struct word {
	enum rt_list list;
	unsigned value;
	const char *word, *symbol; // of route types only
};

#define WORD(list, value, word)                                                                                        \
	{                                                                                                              \
		list, value, word, NULL                                                                                \
	}
#define TYPE(list, type, word)                                                                                         \
	{                                                                                                              \
		list, RTN_##type, word, "RTN_" #type                                                                   \
	}

static const struct word words[] = {
	WORD(LIST_SCOPES, RT_SCOPE_UNIVERSE, "global"),
	WORD(LIST_SCOPES, RT_SCOPE_SITE, "site"),
	WORD(LIST_SCOPES, RT_SCOPE_LINK, "link"),
	WORD(LIST_SCOPES, RT_SCOPE_HOST, "host"),
	WORD(LIST_SCOPES, RT_SCOPE_NOWHERE, "nowhere"),
	WORD(LIST_PROTOCOLS, RTPROT_STATIC, "static"),
	WORD(LIST_PROTOCOLS, RTPROT_BOOT, "boot"),
	WORD(LIST_PROTOCOLS, RTPROT_KERNEL, "kernel"),
	WORD(LIST_PROTOCOLS, RTPROT_DHCP, "dhcp"),
	WORD(LIST_PROTOCOLS, RTPROT_RA, "ra"),
	WORD(LIST_PROTOCOLS, RTPROT_REDIRECT, "redirect"),
	WORD(LIST_TABLES, RT_TABLE_LOCAL, "local"),
	WORD(LIST_TABLES, RT_TABLE_MAIN, "main"),
	WORD(LIST_TABLES, RT_TABLE_DEFAULT, "default"),
	TYPE(LIST_ROUTE_TYPES, UNICAST, "unicast"),
	TYPE(LIST_ROUTE_TYPES, LOCAL, "local"),
	TYPE(LIST_ROUTE_TYPES, BROADCAST, "broadcast"),
	TYPE(LIST_ROUTE_TYPES, MULTICAST, "multicast"),
	TYPE(LIST_ROUTE_TYPES, ANYCAST, "anycast"),
	TYPE(LIST_ROUTE_TYPES, BLACKHOLE, "blackhole"),
	TYPE(LIST_ROUTE_TYPES, UNREACHABLE, "unreachable"),
	TYPE(LIST_ROUTE_TYPES, PROHIBIT, "prohibit"),
	TYPE(LIST_ROUTE_TYPES, THROW, "throw"),
	TYPE(LIST_OLD_TYPES, UNSPEC, "none"),
	TYPE(LIST_OLD_TYPES, NAT, "nat"),
	TYPE(LIST_OLD_TYPES, XRESOLVE, "xresolve"),
	WORD(LIST_RULE_ACTIONS, FR_ACT_BLACKHOLE, "blackhole"),
	WORD(LIST_RULE_ACTIONS, FR_ACT_UNREACHABLE, "unreachable"),
	WORD(LIST_RULE_ACTIONS, FR_ACT_PROHIBIT, "prohibit"),
	// What keeps bind from using an address comes first.
	WORD(LIST_ADDR_FLAGS, IFA_F_DADFAILED, "dadfailed"),
	WORD(LIST_ADDR_FLAGS, IFA_F_OPTIMISTIC, "optimistic"),
	WORD(LIST_ADDR_FLAGS, IFA_F_TENTATIVE, "tentative"),
	WORD(LIST_ADDR_FLAGS, IFA_F_DEPRECATED, "deprecated"),
	WORD(LIST_ADDR_FLAGS, IFA_F_TEMPORARY, "temporary"),
	WORD(LIST_ADDR_FLAGS, IFA_F_NODAD, "nodad"),
	WORD(LIST_ADDR_FLAGS, IFA_F_NOPREFIXROUTE, "noprefixroute"),
	WORD(LIST_ADDR_FLAGS, IFA_F_HOMEADDRESS, "home"),
	WORD(LIST_ADDR_FLAGS, IFA_F_MANAGETEMPADDR, "mngtmpaddr"),
	WORD(LIST_ADDR_FLAGS, IFA_F_MCAUTOJOIN, "autojoin"),
};

int rt_value(enum rt_list list, const char *word)
{
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (words[i].list == list && strcmp(words[i].word, word) == 0)
			return (int)words[i].value;
	return -1;
}

static const struct word *find(enum rt_list list, unsigned value)
{
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (words[i].list == list && words[i].value == value)
			return &words[i];
	return NULL;
}

const char *rt_name(enum rt_list list, unsigned value)
{
	const struct word *w = find(list, value);
	return w ? w->word : NULL;
}

char *rt_flags(int family, uint32_t flags, uint32_t which, char *buf, size_t len)
{
	size_t used = 0;
	buf[0] = '\0';
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (words[i].list == LIST_ADDR_FLAGS && flags & which & words[i].value && used < len)
			used += (size_t)snprintf(
				buf + used, len - used, "%s%s", used ? " " : "",
				family == AF_INET && words[i].value == IFA_F_SECONDARY ? "secondary" : words[i].word);
	return buf;
}

const char *table_name(uint32_t table, char buf[static 12])
{
	const struct word *w = find(LIST_TABLES, table);
	snprintf(buf, 12, "%u", table);
	return w ? w->word : buf;
}

static const struct word *find_type(unsigned type)
{
	const struct word *w = find(LIST_ROUTE_TYPES, type);
	return w ? w : find(LIST_OLD_TYPES, type);
}

const char *rtn_name(unsigned type)
{
	const struct word *w = find_type(type);
	return w ? w->word : "?";
}

const char *rtn_symbol(unsigned type)
{
	const struct word *w = find_type(type);
	return w ? w->symbol : "RTN_?";
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
