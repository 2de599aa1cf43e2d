// SPDX-License-Identifier: GPL-3.0-or-later
// Events of the kernel's from words, such as "new 10.0.0.0/8 oif 2 append", and what must hold for any host they are
// applied to.
#ifndef BINDWALK_MADE_EVENT_H
#define BINDWALK_MADE_EVENT_H

#include <linux/fib_rules.h>
#include <linux/if_addr.h>
#include <linux/if_link.h>
#include <linux/ip.h>
#include <linux/netconf.h>
#include <linux/nexthop.h>

#include "core/observe/host_adopt.h"
#include "core/observe/host_apply.h"
#include "core/observe/host_apply_route.h"
#include "tests/unit/made_host.h"
#include "tests/unit/made_message.h"
#include "tests/unit/sound_host.h"

// The number after a word, or another one.
MADE uint32_t event_number(const char *text, const char *word, uint32_t otherwise)
{
	char padded[32];
	snprintf(padded, sizeof padded, " %s ", word);
	const char *at = strstr(text, padded);
	return at ? (uint32_t)strtoul(at + strlen(padded), NULL, 0) : otherwise;
}

MADE bool event_word(const char *text, const char *word)
{
	const char *at = text;
	size_t len = strlen(word);
	while ((at = strstr(at, word)) && ((at > text && at[-1] != ' ') || (at[len] && at[len] != ' ')))
		at += len;
	return at != NULL;
}

MADE struct addr made_addr_after(const char *text, const char *word)
{
	char copy[64];
	const char *at = strstr(text, word);
	snprintf(copy, sizeof copy, "%s", at ? at + strlen(word) : text);
	copy[strcspn(copy, " ")] = '\0';
	return made_addr(copy);
}

MADE void put_addr(struct message *m, uint16_t type, const struct addr *a)
{
	put_attr(m, type, a->bytes, a->family == AF_INET ? 4 : 16);
}

// "new|del PREFIX [table N] [type N] [metric N] [tos N] [oif N] [via N] [nhid N] [scope N] [src ADDR] [proto N] [flags
// N] [excl|append|prepend|replace] [hops N N]"; hops: two next hops with these devices.
MADE struct message made_route_event(const char *text)
{
	char word[64];
	snprintf(word, sizeof word, "%s", text + 4);
	word[strcspn(word, " ")] = '\0';
	struct prefix p = made_prefix(word);
	struct rtmsg rt = {.rtm_family = p.addr.family,
			   .rtm_dst_len = p.len,
			   .rtm_tos = (uint8_t)event_number(text, "tos", 0),
			   .rtm_table = (uint8_t)event_number(text, "table", RT_TABLE_LOCAL),
			   .rtm_protocol = (uint8_t)event_number(text, "proto", RTPROT_BOOT),
			   .rtm_scope = (uint8_t)event_number(text, "scope", RT_SCOPE_LINK),
			   .rtm_type = (uint8_t)event_number(text, "type", RTN_LOCAL),
			   .rtm_flags = event_number(text, "flags", 0)};
	struct message m = message(text[0] == 'n' ? RTM_NEWROUTE : RTM_DELROUTE, &rt, sizeof rt);
	const char *const attrs[] = {"table", "metric", "oif", "nhid"};
	const uint16_t types[] = {RTA_TABLE, RTA_PRIORITY, RTA_OIF, RTA_NH_ID};
	put_addr(&m, RTA_DST, &p.addr);
	for (size_t i = 0; i < 4; i++) {
		uint32_t n = event_number(text, attrs[i], UINT32_MAX);
		if (n != UINT32_MAX)
			put_attr(&m, types[i], &n, sizeof n);
	}
	uint32_t gateway = event_number(text, "via", 0);
	if (gateway)
		put_attr(&m, RTA_GATEWAY, &gateway, sizeof gateway);
	if (strstr(text, " src ")) {
		struct addr src = made_addr_after(text, " src ");
		put_addr(&m, RTA_PREFSRC, &src);
	}
	const char *hops = strstr(text, " hops ");
	if (hops) {
		char *end;
		unsigned long device = strtoul(hops + 6, &end, 10);
		struct nlattr *nest = begin_nest(&m, RTA_MULTIPATH);
		for (int i = 0; i < 2; i++, device = strtoul(end, NULL, 10)) {
			struct rtnexthop hop = {.rtnh_len = sizeof hop, .rtnh_ifindex = (int)device};
			put(&m, &hop, sizeof hop);
		}
		end_nest(&m, nest);
	}
	m.head.nlmsg_flags = event_word(text, "excl")      ? NLM_F_EXCL | NLM_F_CREATE
			     : event_word(text, "append")  ? NLM_F_APPEND | NLM_F_CREATE
			     : event_word(text, "prepend") ? NLM_F_CREATE
			     : event_word(text, "replace") ? NLM_F_REPLACE
							   : 0;
	return m;
}

// "new|del ADDR/LEN dev N [peer ADDR] [flags N]"
MADE struct message made_addr_event(const char *text)
{
	char word[64];
	snprintf(word, sizeof word, "%s", text + 4);
	word[strcspn(word, "/")] = '\0';
	struct addr a = made_addr(word);
	struct ifaddrmsg head = {.ifa_family = a.family,
				 .ifa_prefixlen = (uint8_t)strtoul(strchr(text, '/') + 1, NULL, 10),
				 .ifa_index = event_number(text, "dev", 0)};
	struct message m = message(text[0] == 'n' ? RTM_NEWADDR : RTM_DELADDR, &head, sizeof head);
	uint32_t flags = event_number(text, "flags", 0);
	struct addr peer = strstr(text, " peer ") ? made_addr_after(text, " peer ") : a;
	put_addr(&m, IFA_ADDRESS, &peer);
	put_addr(&m, IFA_LOCAL, &a);
	put_attr(&m, IFA_FLAGS, &flags, sizeof flags);
	return m;
}

// "new|del NAME index N [flags N] [master N] [vrf N] [altname NAME]"
MADE struct message made_link_event(const char *text)
{
	char name[16];
	snprintf(name, sizeof name, "%.*s", (int)strcspn(text + 4, " "), text + 4);
	struct ifinfomsg head = {.ifi_index = (int)event_number(text, "index", 0),
				 .ifi_flags = event_number(text, "flags", 0)};
	struct message m = message(text[0] == 'n' ? RTM_NEWLINK : RTM_DELLINK, &head, sizeof head);
	uint32_t master = event_number(text, "master", 0), table = event_number(text, "vrf", 0);
	put_attr(&m, IFLA_IFNAME, name, strlen(name) + 1);
	if (master)
		put_attr(&m, IFLA_MASTER, &master, sizeof master);
	if (table) {
		struct nlattr *info = begin_nest(&m, IFLA_LINKINFO);
		put_attr(&m, IFLA_INFO_KIND, "vrf", 4);
		struct nlattr *data = begin_nest(&m, IFLA_INFO_DATA);
		put_attr(&m, IFLA_VRF_TABLE, &table, sizeof table);
		end_nest(&m, data);
		end_nest(&m, info);
	}
	const char *other = strstr(text, " altname ");
	if (other) {
		struct nlattr *names = begin_nest(&m, IFLA_PROP_LIST);
		put_attr(&m, IFLA_ALT_IFNAME, other + 9, strlen(other + 9) + 1);
		end_nest(&m, names);
	}
	return m;
}

#endif
