// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/change/change.h"

#include <errno.h>
#include <fcntl.h>
#include <libmnl/libmnl.h>
#include <linux/fib_rules.h>
#include <linux/if_addr.h>
#include <linux/if_link.h>
#include <linux/nexthop.h>
#include <linux/rtnetlink.h>
#include <linux/veth.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/change/edit.h"
#include "core/observe/nl.h"

// Every attribute put below has a bounded size; the largest message (a veth pair) takes less than 200 bytes.
enum { MESSAGE_SIZE = 1024 };

struct changer {
	struct nl *nl;
	int fd; // asks for interface indexes; of the same namespace as nl, wherever the thread goes later
	_Alignas(struct nlmsghdr) char buf[MESSAGE_SIZE];
};

int change_open(struct changer **out)
{
	struct changer *c = calloc(1, sizeof *c);
	int err;

	*out = NULL;
	if (!c)
		return -ENOMEM;
	c->fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	err = c->fd < 0 ? -errno : nl_open(&c->nl, NETLINK_ROUTE);
	if (err < 0) {
		change_close(c);
		return err;
	}
	*out = c;
	return 0;
}

void change_close(struct changer *c)
{
	if (!c)
		return;
	if (c->fd >= 0)
		close(c->fd);
	nl_close(c->nl);
	free(c);
}

bool change_answered(const struct changer *c)
{
	return nl_answered(c->nl);
}

const char *change_why(const struct changer *c)
{
	return nl_why(c->nl);
}

static struct nlmsghdr *begin(struct changer *c, uint16_t type, uint16_t flags)
{
	struct nlmsghdr *m = mnl_nlmsg_put_header(c->buf);
	m->nlmsg_type = type;
	m->nlmsg_flags = flags;
	return m;
}

static int find_index(struct changer *c, const char *name, uint32_t *index)
{
	struct ifreq req = {0};
	size_t len = strlen(name);

	if (len >= sizeof req.ifr_name)
		return -ENODEV;
	memcpy(req.ifr_name, name, len);
	if (ioctl(c->fd, SIOCGIFINDEX, &req) < 0)
		return -errno;
	*index = (uint32_t)req.ifr_ifindex;
	return 0;
}

static bool name_fits(const char *name)
{
	return name[0] && strlen(name) < IFNAMSIZ;
}

static size_t addr_size(const struct addr *a)
{
	return a->family == AF_INET6 ? 16 : 4;
}

static void put_addr(struct nlmsghdr *m, uint16_t type, const struct addr *a)
{
	mnl_attr_put(m, type, addr_size(a), a->bytes);
}

// Links

// A request about an existing link.
static int begin_link(struct changer *c, uint16_t type, const char *name, struct nlmsghdr **m, struct ifinfomsg **ifi)
{
	uint32_t index = 0;
	int err = find_index(c, name, &index);
	if (err < 0)
		return err;
	*m = begin(c, type, 0);
	*ifi = mnl_nlmsg_put_extra_header(*m, sizeof **ifi);
	(*ifi)->ifi_index = (int)index;
	return 0;
}

int change_link_up(struct changer *c, const char *name, bool up)
{
	struct nlmsghdr *m;
	struct ifinfomsg *ifi;
	int err = begin_link(c, RTM_NEWLINK, name, &m, &ifi);
	if (err < 0)
		return err;
	ifi->ifi_change = IFF_UP;
	ifi->ifi_flags = up ? IFF_UP : 0;
	return nl_request(c->nl, m);
}

int change_link_del(struct changer *c, const char *name)
{
	struct nlmsghdr *m;
	struct ifinfomsg *ifi;
	int err = begin_link(c, RTM_DELLINK, name, &m, &ifi);
	return err < 0 ? err : nl_request(c->nl, m);
}

int change_link_master(struct changer *c, const char *name, const char *master)
{
	struct nlmsghdr *m;
	struct ifinfomsg *ifi;
	uint32_t index = 0;
	int err = master ? find_index(c, master, &index) : 0;
	if (err < 0)
		return err;
	err = begin_link(c, RTM_NEWLINK, name, &m, &ifi);
	if (err < 0)
		return err;
	mnl_attr_put_u32(m, IFLA_MASTER, index);
	return nl_request(c->nl, m);
}

int change_link_mtu(struct changer *c, const char *name, uint32_t mtu)
{
	struct nlmsghdr *m;
	struct ifinfomsg *ifi;
	int err = begin_link(c, RTM_NEWLINK, name, &m, &ifi);
	if (err < 0)
		return err;
	mnl_attr_put_u32(m, IFLA_MTU, mtu);
	return nl_request(c->nl, m);
}

int change_link_no_autoaddr(struct changer *c, const char *name)
{
	struct nlmsghdr *m;
	struct ifinfomsg *ifi;
	int err = begin_link(c, RTM_NEWLINK, name, &m, &ifi);
	if (err < 0)
		return err;
	struct nlattr *spec = mnl_attr_nest_start(m, IFLA_AF_SPEC);
	struct nlattr *inet6 = mnl_attr_nest_start(m, AF_INET6);
	mnl_attr_put_u8(m, IFLA_INET6_ADDR_GEN_MODE, IN6_ADDR_GEN_MODE_NONE);
	mnl_attr_nest_end(m, inet6);
	mnl_attr_nest_end(m, spec);
	return nl_request(c->nl, m);
}

int change_link_add(struct changer *c, const char *name, const struct edit_link *l, int peer_netns)
{
	bool veth = strcmp(l->type, "veth") == 0, vrf = strcmp(l->type, "vrf") == 0;
	if (!name_fits(name) || (veth && !name_fits(l->peer)))
		return -EINVAL;
	if (!veth && !vrf && strcmp(l->type, "dummy") != 0)
		return -EOPNOTSUPP;
	struct nlmsghdr *m = begin(c, RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL);
	struct ifinfomsg *ifi = mnl_nlmsg_put_extra_header(m, sizeof *ifi);
	ifi->ifi_index = (int)l->index;
	mnl_attr_put_strz(m, IFLA_IFNAME, name);
	struct nlattr *info = mnl_attr_nest_start(m, IFLA_LINKINFO);
	mnl_attr_put_strz(m, IFLA_INFO_KIND, l->type);
	struct nlattr *data = mnl_attr_nest_start(m, IFLA_INFO_DATA);
	if (vrf)
		mnl_attr_put_u32(m, IFLA_VRF_TABLE, l->table);
	if (veth) {
		struct nlattr *end = mnl_attr_nest_start(m, VETH_INFO_PEER);
		ifi = mnl_nlmsg_put_extra_header(m, sizeof *ifi);
		ifi->ifi_index = (int)l->peer_index;
		mnl_attr_put_strz(m, IFLA_IFNAME, l->peer);
		if (peer_netns >= 0)
			mnl_attr_put_u32(m, IFLA_NET_NS_FD, (uint32_t)peer_netns);
		mnl_attr_nest_end(m, end);
	}
	mnl_attr_nest_end(m, data);
	mnl_attr_nest_end(m, info);
	return nl_request(c->nl, m);
}

int change_dummy_add(struct changer *c, const char *name)
{
	return change_link_add(c, name, &(struct edit_link){.type = "dummy"}, -1);
}

int change_vrf_add(struct changer *c, const char *name, uint32_t table)
{
	return change_link_add(c, name, &(struct edit_link){.type = "vrf", .table = table}, -1);
}

int change_veth_add(struct changer *c, const char *name, const char *peer, int peer_netns)
{
	struct edit_link l = {.type = "veth"};
	if (!name_fits(peer))
		return -EINVAL;
	snprintf(l.peer, sizeof l.peer, "%s", peer);
	return change_link_add(c, name, &l, peer_netns);
}

// Addresses

static uint8_t addr_scope(const struct edit_addr *a)
{
	if (a->has_scope)
		return a->scope;
	return a->addr.family == AF_INET && a->addr.bytes[0] == 127 ? RT_SCOPE_HOST : RT_SCOPE_UNIVERSE;
}

int change_addr(struct changer *c, bool add, const char *dev, const struct edit_addr *a)
{
	uint32_t index = 0;
	int err = find_index(c, dev, &index);
	if (err < 0)
		return err;
	struct nlmsghdr *m = begin(c, add ? RTM_NEWADDR : RTM_DELADDR, add ? NLM_F_CREATE | NLM_F_EXCL : 0);
	struct ifaddrmsg *ifa = mnl_nlmsg_put_extra_header(m, sizeof *ifa);
	ifa->ifa_family = a->addr.family;
	ifa->ifa_prefixlen = a->len;
	ifa->ifa_index = index;
	ifa->ifa_scope = addr_scope(a);
	put_addr(m, IFA_LOCAL, &a->addr);
	put_addr(m, IFA_ADDRESS, a->peer.family ? &a->peer : &a->addr);
	if (a->broadcast.family)
		put_addr(m, IFA_BROADCAST, &a->broadcast);
	if (a->flags)
		mnl_attr_put_u32(m, IFA_FLAGS, a->flags);
	if (add && (a->preferred != UINT32_MAX || a->valid != UINT32_MAX)) {
		struct ifa_cacheinfo life = {.ifa_valid = a->valid, .ifa_prefered = a->preferred};
		mnl_attr_put(m, IFA_CACHEINFO, sizeof life, &life);
	}
	return nl_request(c->nl, m);
}

int change_addr_add(struct changer *c, const char *dev, const struct addr *a, unsigned prefixlen, uint32_t flags,
		    uint32_t preferred, const struct addr *broadcast)
{
	struct edit_addr what = {
		.addr = *a, .len = (uint8_t)prefixlen, .flags = flags, .valid = UINT32_MAX, .preferred = preferred};
	if (broadcast)
		what.broadcast = *broadcast;
	return change_addr(c, true, dev, &what);
}

int change_addr_del(struct changer *c, const char *dev, const struct addr *a, unsigned prefixlen)
{
	return change_addr(c, false, dev, &(struct edit_addr){.addr = *a, .len = (uint8_t)prefixlen});
}

// Routes, rules, next hops. Where iproute2 fills in a default, so does this, since people compare with `ip`.

static uint8_t route_scope(bool add, const struct edit_route *r)
{
	if (r->has_scope)
		return r->scope;
	if (r->dst.addr.family == AF_INET6)
		return RT_SCOPE_UNIVERSE;
	if (!add && (r->type == RTN_UNICAST || r->type == RTN_UNSPEC))
		return RT_SCOPE_NOWHERE;
	return edit_default_scope(r->type, r->via.family || r->nhid);
}

static void put_gateway(struct nlmsghdr *m, int family, const struct addr *via)
{
	char buf[sizeof(struct rtvia) + 16];
	struct rtvia head = {.rtvia_family = via->family};

	if (via->family == family) {
		put_addr(m, RTA_GATEWAY, via);
		return;
	}
	memcpy(buf, &head, sizeof head);
	memcpy(buf + offsetof(struct rtvia, rtvia_addr), via->bytes, addr_size(via));
	mnl_attr_put(m, RTA_VIA, offsetof(struct rtvia, rtvia_addr) + addr_size(via), buf);
}

int change_route(struct changer *c, bool add, const char *dev, const struct edit_route *r)
{
	uint32_t index = 0, table = r->table ? r->table : edit_default_table(r->type);
	int err = dev ? find_index(c, dev, &index) : 0;
	if (err < 0)
		return err;

	uint16_t how = r->append ? NLM_F_APPEND : r->replace ? NLM_F_REPLACE : NLM_F_EXCL;
	uint16_t flags = add ? (uint16_t)(NLM_F_CREATE | how) : 0;
	struct nlmsghdr *m = begin(c, add ? RTM_NEWROUTE : RTM_DELROUTE, flags);
	struct rtmsg *rtm = mnl_nlmsg_put_extra_header(m, sizeof *rtm);
	rtm->rtm_family = r->dst.addr.family;
	rtm->rtm_dst_len = r->dst.len;
	rtm->rtm_tos = r->tos;
	rtm->rtm_table = table < 256 ? (uint8_t)table : RT_TABLE_UNSPEC;
	rtm->rtm_type = r->type;
	rtm->rtm_scope = route_scope(add, r);
	rtm->rtm_protocol = r->protocol ? r->protocol : add ? RTPROT_BOOT : RTPROT_UNSPEC;
	rtm->rtm_flags = r->onlink ? RTNH_F_ONLINK : 0;
	if (r->dst.len)
		put_addr(m, RTA_DST, &r->dst.addr);
	mnl_attr_put_u32(m, RTA_TABLE, table);
	if (r->metric)
		mnl_attr_put_u32(m, RTA_PRIORITY, r->metric);
	if (dev)
		mnl_attr_put_u32(m, RTA_OIF, index);
	if (r->via.family)
		put_gateway(m, r->dst.addr.family, &r->via);
	if (r->src.family)
		put_addr(m, RTA_PREFSRC, &r->src);
	if (r->nhid)
		mnl_attr_put_u32(m, RTA_NH_ID, r->nhid);
	return nl_request(c->nl, m);
}

static void put_selector(struct nlmsghdr *m, uint16_t type, const struct prefix *p, uint8_t *len)
{
	*len = p->addr.family ? p->len : 0;
	if (*len)
		put_addr(m, type, &p->addr);
}

int change_rule(struct changer *c, bool add, const struct edit_rule *what)
{
	const struct rule *r = &what->rule;
	uint16_t flags = what->append ? NLM_F_CREATE : NLM_F_CREATE | NLM_F_EXCL;
	struct nlmsghdr *m = begin(c, add ? RTM_NEWRULE : RTM_DELRULE, add ? flags : 0);
	struct fib_rule_hdr *head = mnl_nlmsg_put_extra_header(m, sizeof *head);

	head->family = r->family;
	head->table = r->table < 256 ? (uint8_t)r->table : RT_TABLE_UNSPEC;
	head->action = r->action ? r->action : FR_ACT_TO_TBL;
	head->tos = r->tos;
	head->flags = r->invert ? FIB_RULE_INVERT : 0;
	put_selector(m, FRA_SRC, &r->from, &head->src_len);
	put_selector(m, FRA_DST, &r->to, &head->dst_len);
	if (r->table)
		mnl_attr_put_u32(m, FRA_TABLE, r->table);
	if (what->has_priority)
		mnl_attr_put_u32(m, FRA_PRIORITY, r->priority);
	if (r->iif[0])
		mnl_attr_put_strz(m, FRA_IIFNAME, r->iif);
	if (r->oif[0])
		mnl_attr_put_strz(m, FRA_OIFNAME, r->oif);
	if (r->mark || r->mask) {
		mnl_attr_put_u32(m, FRA_FWMARK, r->mark);
		mnl_attr_put_u32(m, FRA_FWMASK, r->mask);
	}
	if (r->l3mdev)
		mnl_attr_put_u8(m, FRA_L3MDEV, 1);
	if (what->protocol)
		mnl_attr_put_u8(m, FRA_PROTOCOL, what->protocol);
	return nl_request(c->nl, m);
}

int change_nexthop(struct changer *c, bool add, int family, uint32_t id, const char *dev)
{
	uint32_t index = 0;
	int err = add && dev ? find_index(c, dev, &index) : 0;
	if (err < 0)
		return err;

	struct nlmsghdr *m = begin(c, add ? RTM_NEWNEXTHOP : RTM_DELNEXTHOP, add ? NLM_F_CREATE | NLM_F_EXCL : 0);
	struct nhmsg *nhm = mnl_nlmsg_put_extra_header(m, sizeof *nhm);
	mnl_attr_put_u32(m, NHA_ID, id);
	if (add) {
		nhm->nh_family = (uint8_t)family;
		if (dev)
			mnl_attr_put_u32(m, NHA_OIF, index);
		else
			mnl_attr_put(m, NHA_BLACKHOLE, 0, NULL);
	}
	return nl_request(c->nl, m);
}

int change_sysctl(const char *name, const char *value)
{
	char path[256];
	int n = snprintf(path, sizeof path, "/proc/sys/%s", name);

	if (n < 0 || (size_t)n >= sizeof path || strstr(name, "//"))
		return -EINVAL;
	// As sysctl(8) has it: a dot separates, and a slash stands for a dot inside a name ("eth0/100").
	for (char *p = path + strlen("/proc/sys/"); *p; p++)
		*p = *p == '.' ? '/' : *p == '/' ? '.' : *p;
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	if (!*value)
		value = "\n"; // a write of nothing does nothing
	size_t len = strlen(value);
	ssize_t done = write(fd, value, len);
	int err = done < 0 ? -errno : (size_t)done == len ? 0 : -EIO;
	close(fd);
	return err;
}
