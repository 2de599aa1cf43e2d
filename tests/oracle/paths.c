// SPDX-License-Identifier: GPL-3.0-or-later
// Routes of several next hops, and groups of next hop objects, which bindwalk itself does not make.
#include <libmnl/libmnl.h>
#include <linux/nexthop.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <string.h>
#include <sys/socket.h>

#include "core/model/rt_names.h"
#include "core/observe/nl.h"
#include "tests/oracle/state.h"

enum { REQUEST = 512 };

static int request(struct nlmsghdr *m)
{
	struct nl *nl;
	int err = nl_open(&nl, NETLINK_ROUTE);
	if (err)
		return err;
	err = nl_request(nl, m);
	nl_close(nl);
	return err;
}

static struct nlmsghdr *begin(char buf[static REQUEST], uint16_t type)
{
	struct nlmsghdr *m = mnl_nlmsg_put_header(buf);
	m->nlmsg_type = type;
	m->nlmsg_flags = NLM_F_CREATE | NLM_F_EXCL;
	return m;
}

void random_multipath(struct state *s, struct chance *c)
{
	static const uint8_t types[] = {RTN_UNICAST, RTN_UNICAST, RTN_BROADCAST, RTN_ANYCAST, RTN_MULTICAST},
			     lens[] = {8, 16, 24, 25, 32, 32};
	static const uint32_t tables[] = {RT_TABLE_LOCAL, RT_TABLE_MAIN, 10};
	char buf[REQUEST] = {0}, text[PREFIX_TEXT];
	uint8_t type = CHANCE_OF(c, types), len = CHANCE_OF(c, lens);
	uint32_t table = CHANCE_OF(c, tables);
	struct addr a = random_v4(c);
	struct prefix dst = {.addr = addr_masked(&a, len), .len = len};
	struct nlmsghdr *m = begin(buf, RTM_NEWROUTE);
	struct rtmsg *rt = mnl_nlmsg_put_extra_header(m, sizeof *rt);
	*rt = (struct rtmsg){.rtm_family = AF_INET,
			     .rtm_dst_len = len,
			     .rtm_protocol = RTPROT_BOOT,
			     .rtm_scope = RT_SCOPE_LINK,
			     .rtm_type = type};
	mnl_attr_put(m, RTA_DST, 4, dst.addr.bytes);
	mnl_attr_put_u32(m, RTA_TABLE, table);
	struct nlattr *paths = mnl_attr_nest_start(m, RTA_MULTIPATH);
	const char *devs[2];
	for (unsigned i = 0; i < 2; i++) {
		devs[i] = CHANCE_OF(c, state_devices);
		struct rtnexthop hop = {.rtnh_len = sizeof hop, .rtnh_ifindex = (int)if_nametoindex(devs[i])};
		memcpy(mnl_nlmsg_get_payload_tail(m), &hop, sizeof hop);
		m->nlmsg_len += (uint32_t)sizeof hop;
	}
	mnl_attr_nest_end(m, paths);
	int err = request(m);
	state_note(s, "ip route add %s %s table %u nexthop dev %s nexthop dev %s: %s\n", rtn_name(type),
		   prefix_print(&dst, text), table, devs[0], devs[1], state_result(err));
}

void random_group(struct state *s, struct chance *c)
{
	char buf[REQUEST] = {0};
	uint32_t id = STATE_HOPS + 1 + chance_below(c, STATE_GROUPS);
	unsigned n = 1 + chance_below(c, 2);
	struct nexthop_grp members[2] = {{.id = 1 + chance_below(c, STATE_HOPS)},
					 {.id = 1 + chance_below(c, STATE_HOPS)}};
	struct nlmsghdr *m = begin(buf, RTM_NEWNEXTHOP);
	struct nhmsg *nh = mnl_nlmsg_put_extra_header(m, sizeof *nh);
	nh->nh_family = AF_UNSPEC;
	mnl_attr_put_u32(m, NHA_ID, id);
	mnl_attr_put(m, NHA_GROUP, n * sizeof *members, members);
	int err = request(m);
	state_note(s, "ip nexthop add id %u group %u/%u: %s\n", id, members[0].id, n > 1 ? members[1].id : 0,
		   state_result(err));
}
