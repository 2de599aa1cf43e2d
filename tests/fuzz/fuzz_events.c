// SPDX-License-Identifier: GPL-3.0-or-later
// Applies events in any order and of any content, and sometimes a reading. The host's lists must stay sound.
#include <linux/fib_rules.h>
#include <linux/if_addr.h>
#include <linux/if_link.h>
#include <linux/netconf.h>
#include <linux/nexthop.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>

#include "core/model/host_equal.h"
#include "core/observe/host_adopt.h"
#include "core/observe/host_apply.h"
#include "core/observe/host_apply_route.h"
#include "tests/fuzz/fuzz.h"
#include "tests/unit/made_message.h"
#include "tests/unit/sound_host.h"

enum { STEP = 6 }; // bytes of input that make one event

// Small numbers, so that events meet.
static struct message route_event(const uint8_t *b)
{
	static const uint16_t flags[] = {NLM_F_EXCL | NLM_F_CREATE, NLM_F_APPEND | NLM_F_CREATE, NLM_F_CREATE,
					 NLM_F_REPLACE, 0};
	static const uint8_t tables[] = {RT_TABLE_LOCAL, RT_TABLE_MAIN, 10};
	bool four = b[0] & 1;
	uint32_t metric = b[2] & 1, oif = b[2] >> 1 & 3, nhid = b[2] >> 3 & 1,
		 address = (b[3] & 3u) << 24 | (b[3] & 12u);
	struct rtmsg rt = {.rtm_family = four ? AF_INET : AF_INET6,
			   .rtm_dst_len = (uint8_t)(b[4] % 37),
			   .rtm_src_len = b[5] == 255,
			   .rtm_table = tables[b[1] % 3],
			   .rtm_type = (uint8_t)(1 + b[4] % 5),
			   .rtm_scope = b[5] & 1 ? RT_SCOPE_HOST : RT_SCOPE_LINK,
			   .rtm_protocol = b[5] & 2 ? RTPROT_KERNEL : RTPROT_BOOT,
			   .rtm_flags = b[5] & 4 ? RTNH_F_LINKDOWN : 0};
	struct message m = message(b[0] & 2 ? RTM_NEWROUTE : RTM_DELROUTE, &rt, sizeof rt);
	uint8_t dst[16] = {0};
	memcpy(dst, &address, sizeof address);
	m.head.nlmsg_flags = flags[b[1] % 5];
	put_attr(&m, RTA_DST, dst, four ? 4 : 16);
	put_attr(&m, RTA_PRIORITY, &metric, sizeof metric);
	if (oif)
		put_attr(&m, RTA_OIF, &oif, sizeof oif);
	if (nhid)
		put_attr(&m, RTA_NH_ID, &nhid, sizeof nhid);
	if (b[5] & 8)
		put_attr(&m, RTA_GATEWAY, dst, four ? 4 : 16);
	return m;
}

static struct message addr_event(const uint8_t *b)
{
	bool four = b[0] & 1;
	uint8_t addr[16] = {b[2] & 3, 0, 0, b[3] & 3};
	struct ifaddrmsg head = {
		.ifa_family = four ? AF_INET : AF_INET6, .ifa_prefixlen = b[4] & 7, .ifa_index = b[1] & 3};
	struct message m = message(b[0] & 2 ? RTM_NEWADDR : RTM_DELADDR, &head, sizeof head);
	put_attr(&m, IFA_LOCAL, addr, four ? 4 : 16);
	addr[3] = b[5] & 1;
	put_attr(&m, IFA_ADDRESS, addr, four ? 4 : 16);
	return m;
}

static struct message link_event(const uint8_t *b)
{
	char name[] = "v0";
	uint32_t master = b[3] & 3, table = b[4] & 3 ? 0 : 10;
	struct ifinfomsg head = {.ifi_index = 1 + (b[1] & 3), .ifi_flags = b[2]};
	struct message m = message(b[0] & 2 ? RTM_NEWLINK : RTM_DELLINK, &head, sizeof head);
	name[1] = (char)('0' + (b[5] & 3));
	put_attr(&m, IFLA_IFNAME, name, sizeof name);
	put_attr(&m, IFLA_MASTER, &master, sizeof master);
	struct nlattr *info = begin_nest(&m, IFLA_LINKINFO);
	put_attr(&m, IFLA_INFO_KIND, "vrf", 4);
	struct nlattr *data = begin_nest(&m, IFLA_INFO_DATA);
	put_attr(&m, IFLA_VRF_TABLE, &table, sizeof table);
	end_nest(&m, data);
	end_nest(&m, info);
	struct nlattr *names = begin_nest(&m, IFLA_PROP_LIST);
	for (unsigned i = 0; i < (b[5] >> 2 & 3u); i++)
		put_attr(&m, IFLA_ALT_IFNAME, i % 2 ? "one" : "other", i % 2 ? 4 : 6);
	end_nest(&m, names);
	return m;
}

static struct message other_event(const uint8_t *b)
{
	struct fib_rule_hdr rule = {.family = b[1] & 1 ? AF_INET : AF_INET6, .table = b[2] & 1};
	struct netconfmsg conf = {.ncm_family = AF_INET};
	uint32_t number = b[3] & 3;
	struct message m;
	if (b[2] & 2) {
		m = message(b[0] & 2 ? RTM_NEWRULE : RTM_DELRULE, &rule, sizeof rule);
		put_attr(&m, FRA_PRIORITY, &number, sizeof number);
	} else if (b[2] & 4) {
		m = message(RTM_NEWNETCONF, &conf, sizeof conf);
		number -= 2;
		put_attr(&m, NETCONFA_IFINDEX, &number, sizeof number);
		number = b[4] & 1;
		put_attr(&m, NETCONFA_IGNORE_ROUTES_WITH_LINKDOWN, &number, sizeof number);
	} else {
		m = message(RTM_NEWNEXTHOP, b, STEP);
	}
	return m;
}

// A message cut or bent at one place.
static void bend(struct message *m, const uint8_t *b)
{
	uint32_t len = m->head.nlmsg_len - (uint32_t)sizeof m->head;
	if (!len)
		return;
	m->body[b[1] % len] = b[2];
	if (b[3] & 1)
		m->head.nlmsg_len = (uint32_t)sizeof m->head + b[4] % len;
}

static struct message event(const uint8_t *b)
{
	switch (b[0] >> 2 & 7) {
	case 0:
		return addr_event(b);
	case 1:
		return link_event(b);
	case 2:
		return other_event(b);
	default:
		return route_event(b);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct host_changes changes;
	static const struct dump_edge edge = {0, 1 << 24};
	struct host *h = host_new(), *reading = host_new();
	struct host_apply apply = {.changes = &changes, .edges = &edge, .nedges = 1};
	FUZZ_REQUIRE(h && reading);
	h->trie = TRIE_MERGED;
	for (size_t at = 0; at + STEP <= size; at += STEP) {
		const uint8_t *b = data + at;
		struct message m = event(b);
		unsigned kinds = 0;
		switch (b[0] >> 5) {
		case 0:
			bend(&m, b);
			kinds = host_apply(h, &m.head, &apply);
			break;
		case 1:
			apply.unsure = b[1] & DUMP_ALL;
			kinds = host_settle(h, &apply.doubts);
			break;
		case 2: // an earlier state replaces the present one
			host_changes_clear(&changes);
			kinds = host_foresee(h, &m.head);
			host_adopt(h, reading, b[1] & DUMP_ALL, &changes);
			host_free(reading);
			reading = host_copy(h);
			FUZZ_REQUIRE(reading);
			break;
		default:
			kinds = host_apply(h, &m.head, &apply);
		}
		FUZZ_REQUIRE((kinds & ~(unsigned)DUMP_ALL) == 0);
		FUZZ_REQUIRE(!host_fault(h));
	}
	struct host *sorted = host_copy(h);
	FUZZ_REQUIRE(sorted);
	host_sort(sorted);
	FUZZ_REQUIRE(host_equal(h, sorted));
	host_free(sorted);
	host_free(reading);
	host_free(h);
	return 0;
}

uint8_t *fuzz_seed(size_t n, size_t *size)
{
	enum { LEN = 600 };
	uint8_t *seed = n < 40 ? malloc(LEN) : NULL;
	uint32_t x = (uint32_t)n * 2654435761u + 1;
	for (size_t i = 0; seed && i < LEN; i++) {
		x = x * 1664525 + 1013904223;
		seed[i] = (uint8_t)(x >> 24);
	}
	*size = LEN;
	return seed;
}

const char *fuzz_word(size_t n)
{
	(void)n;
	return NULL;
}
