// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/observe/nl_parse.h"

#include <errno.h>
#include <linux/fib_rules.h>
#include <linux/if_addr.h>
#include <linux/if_link.h>
#include <linux/inet_diag.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/netconf.h>
#include <linux/rtnetlink.h>
#include <linux/sock_diag.h>
#include <string.h>
#include <sys/socket.h>

#include "core/observe/nl_attr.h"

const struct nlmsghdr *nl_message(const void *buf, size_t len, size_t *at)
{
	if (*at > len || len - *at < sizeof(struct nlmsghdr))
		return NULL;
	const struct nlmsghdr *m = (const void *)((const char *)buf + *at);
	if (m->nlmsg_len < sizeof *m || m->nlmsg_len > len - *at)
		return NULL;
	*at += smaller(align4(m->nlmsg_len), len - *at);
	return m;
}

// What follows the request that the kernel quotes, or left out.
static void skip_quoted(const struct nlmsghdr *m, const struct nlmsghdr *request, struct bytes *rest)
{
	if (m->nlmsg_flags & NLM_F_CAPPED || request->nlmsg_len < sizeof *request || !rest->len)
		return;
	size_t skip = smaller(align4(request->nlmsg_len - sizeof *request), rest->len);
	rest->data += skip;
	rest->len -= skip;
}

int nl_parse_end(const struct nlmsghdr *m, char *why, size_t len)
{
	struct nlmsgerr head = {0};
	struct bytes rest;
	struct attr a;
	if (m->nlmsg_type == NLMSG_ERROR) {
		if (!split_message(m, &head, sizeof head, &rest))
			return -EBADMSG;
		skip_quoted(m, &head.msg, &rest);
	} else if (!split_message(m, &head.error, sizeof head.error, &rest)) {
		return 0; // an old kernel's NLMSG_DONE
	}
	if (head.error > 0)
		return -EBADMSG;
	while (head.error && m->nlmsg_flags & NLM_F_ACK_TLVS && next_attr(&rest, &a) > 0)
		if (a.type == NLMSGERR_ATTR_MSG)
			get_text(a.value, why, len);
	return head.error;
}

// The attribute of IFLA_INFO_DATA with the UDP port of such a tunnel, 0 for none.
static uint16_t tunnel_port_attr(const char *kind)
{
	static const struct {
		const char *kind;
		uint16_t attr;
	} table[] = {{"vxlan", IFLA_VXLAN_PORT}, {"geneve", IFLA_GENEVE_PORT}, {"bareudp", IFLA_BAREUDP_PORT}};
	for (size_t i = 0; i < sizeof table / sizeof *table; i++)
		if (strcmp(table[i].kind, kind) == 0)
			return table[i].attr;
	return 0;
}

static int parse_linkinfo(struct bytes nest, struct link *out)
{
	struct bytes data = {0};
	struct attr a;
	int more;
	while ((more = next_attr(&nest, &a)) > 0) {
		if (a.type == IFLA_INFO_KIND && !get_text(a.value, out->kind, sizeof out->kind))
			memcpy(out->kind, a.value.data, sizeof out->kind - 1); // no kind that matters is that long
		else if (a.type == IFLA_INFO_DATA)
			data = a.value;
	}
	bool vrf = strcmp(out->kind, "vrf") == 0;
	uint16_t port = tunnel_port_attr(out->kind);
	if (!vrf && !port)
		return more;
	while (more == 0 && (more = next_attr(&data, &a)) > 0) {
		if (vrf && a.type == IFLA_VRF_TABLE && !get_u32(a.value, &out->vrf_table))
			return -EBADMSG;
		if (port && a.type == port && !get_port(a.value, &out->tunnel_port))
			return -EBADMSG;
		more = 0;
	}
	return more;
}

// Is the switch on? They stand in a row by their numbers.
static bool get_switch(struct bytes row, size_t at)
{
	uint32_t value = 0;
	if (row.len >= (at + 1) * sizeof value)
		memcpy(&value, row.data + at * sizeof value, sizeof value);
	return value != 0;
}

// IFLA_AF_SPEC: those of each family's switches for the device that count. IPv4 numbers its own from 1.
static int parse_af_spec(struct bytes families, struct link *out)
{
	struct attr family, a;
	int more;
	while ((more = next_attr(&families, &family)) > 0) {
		struct bytes rest = family.value;
		bool four = family.type == AF_INET, six = family.type == AF_INET6;
		while ((four || six) && (more = next_attr(&rest, &a)) > 0) {
			if (four && a.type == IFLA_INET_CONF) {
				out->ignores_linkdown =
					get_switch(a.value, IPV4_DEVCONF_IGNORE_ROUTES_WITH_LINKDOWN - 1);
				out->promotes = get_switch(a.value, IPV4_DEVCONF_PROMOTE_SECONDARIES - 1);
			} else if (six && a.type == IFLA_INET6_CONF) {
				out->disables_ipv6 = get_switch(a.value, DEVCONF_DISABLE_IPV6);
			}
		}
		if (more < 0)
			break;
	}
	return more;
}

int nl_parse_link(const struct nlmsghdr *m, struct link *out)
{
	if (m->nlmsg_type != RTM_NEWLINK && m->nlmsg_type != RTM_DELLINK)
		return -ENOMSG;
	struct ifinfomsg head;
	struct bytes rest;
	if (!split_message(m, &head, sizeof head, &rest) || head.ifi_index <= 0)
		return -EBADMSG;
	if (head.ifi_family != AF_UNSPEC)
		return -ENOMSG; // a bridge's or IPv6's view of the link
	*out = (struct link){.index = (uint32_t)head.ifi_index, .flags = head.ifi_flags};
	struct attr a;
	int more;
	while ((more = next_attr(&rest, &a)) > 0) {
		bool ok = true;
		switch (a.type) {
		case IFLA_IFNAME:
			ok = get_text(a.value, out->name, sizeof out->name);
			break;
		case IFLA_OPERSTATE:
			ok = get_u8(a.value, &out->operstate);
			break;
		case IFLA_MASTER:
			ok = get_u32(a.value, &out->master);
			break;
		case IFLA_LINKINFO:
			ok = parse_linkinfo(a.value, out) == 0;
			break;
		case IFLA_AF_SPEC:
			ok = parse_af_spec(a.value, out) == 0;
			break;
		case IFLA_WIRELESS: // an event of the radio, which has nothing else in it
			return -ENOMSG;
		}
		if (!ok)
			return -EBADMSG;
	}
	return more;
}

int nl_parse_altname(const struct nlmsghdr *m, size_t *at, char out[static 16])
{
	struct ifinfomsg head;
	struct bytes rest, names;
	struct attr a, name;
	size_t n = 0;
	if (!split_message(m, &head, sizeof head, &rest))
		return 0;
	while (next_attr(&rest, &a) > 0) {
		names = a.value;
		while (a.type == IFLA_PROP_LIST && next_attr(&names, &name) > 0)
			if (name.type == IFLA_ALT_IFNAME && n++ >= *at && get_text(name.value, out, 16)) {
				*at = n;
				return 1;
			}
	}
	return 0;
}

static uint32_t hash_addr(const struct addr *a)
{
	uint32_t h = 0;
	for (size_t i = 0; i < sizeof a->bytes; i++)
		h = (h ^ a->bytes[i]) * 0x01000193 + 1;
	return h ? h : 1;
}

int nl_parse_addr(const struct nlmsghdr *m, struct host_addr *out)
{
	if (m->nlmsg_type != RTM_NEWADDR && m->nlmsg_type != RTM_DELADDR)
		return -ENOMSG;
	struct ifaddrmsg head;
	struct bytes rest;
	if (!split_message(m, &head, sizeof head, &rest))
		return -EBADMSG;
	if (!is_inet(head.ifa_family))
		return -ENOMSG;
	if (head.ifa_prefixlen > max_len(head.ifa_family))
		return -EBADMSG;
	*out = (struct host_addr){.prefixlen = head.ifa_prefixlen,
				  .scope = head.ifa_scope,
				  .flags = head.ifa_flags,
				  .index = head.ifa_index,
				  .valid = UINT32_MAX,
				  .preferred = UINT32_MAX};
	// On a point-to-point link IFA_ADDRESS is the other end, and IFA_LOCAL is ours.
	struct addr local = {0}, address = {0};
	struct ifa_cacheinfo life;
	struct attr a;
	int more;
	while ((more = next_attr(&rest, &a)) > 0) {
		bool ok = true;
		switch (a.type) {
		case IFA_LOCAL:
			ok = get_addr(a.value, head.ifa_family, &local);
			break;
		case IFA_ADDRESS:
			ok = get_addr(a.value, head.ifa_family, &address);
			break;
		case IFA_FLAGS: // the header has room for eight bits only
			ok = get_u32(a.value, &out->flags);
			break;
		case IFA_CACHEINFO:
			ok = a.value.len >= sizeof life;
			if (ok) {
				memcpy(&life, a.value.data, sizeof life);
				out->valid = life.ifa_valid;
				out->preferred = life.ifa_prefered;
			}
			break;
		}
		if (!ok)
			return -EBADMSG;
	}
	out->addr = local.family ? local : address;
	if (more == 0 && !out->addr.family)
		return -EBADMSG;
	if (local.family && address.family && !addr_equal(&local, &address))
		out->peer = hash_addr(&address);
	return more;
}

static bool get_ports(struct bytes b, struct ports *out)
{
	struct fib_rule_port_range range;
	if (b.len < sizeof range)
		return false;
	memcpy(&range, b.data, sizeof range);
	*out = (struct ports){range.start, range.end};
	return true;
}

static bool get_users(struct bytes b, struct rule *out)
{
	struct fib_rule_uid_range range;
	if (b.len < sizeof range)
		return false;
	memcpy(&range, b.data, sizeof range);
	out->of_users = true;
	out->uid_low = range.start;
	out->uid_high = range.end;
	return true;
}

static bool is_default_rule(const struct rule *r)
{
	return (r->priority == 0 && r->table == RT_TABLE_LOCAL) ||
	       (r->priority == 0x7FFE && r->table == RT_TABLE_MAIN) ||
	       (r->priority == 0x7FFF && r->table == RT_TABLE_DEFAULT);
}

int nl_parse_rule(const struct nlmsghdr *m, struct rule *out)
{
	if (m->nlmsg_type != RTM_NEWRULE && m->nlmsg_type != RTM_DELRULE)
		return -ENOMSG;
	struct fib_rule_hdr head;
	struct bytes rest;
	if (!split_message(m, &head, sizeof head, &rest))
		return -EBADMSG;
	if (!is_inet(head.family))
		return -ENOMSG;
	if (head.src_len > max_len(head.family) || head.dst_len > max_len(head.family))
		return -EBADMSG;
	*out = (struct rule){.family = head.family,
			     .action = head.action,
			     .table = head.table,
			     .tos = head.tos,
			     .invert = (head.flags & FIB_RULE_INVERT) != 0};
	bool plain = head.action == FR_ACT_TO_TBL && !head.tos && !(head.flags & FIB_RULE_INVERT) && !head.src_len &&
		     !head.dst_len;
	uint8_t protocol = 0, l3mdev = 0;
	struct attr a;
	int more;
	while ((more = next_attr(&rest, &a)) > 0) {
		bool ok = true;
		switch (a.type) {
		case FRA_TABLE:
			ok = get_u32(a.value, &out->table);
			break;
		case FRA_PRIORITY:
			ok = get_u32(a.value, &out->priority);
			break;
		case FRA_PROTOCOL:
			ok = get_u8(a.value, &protocol);
			break;
		case FRA_SRC:
			ok = get_addr(a.value, head.family, &out->from.addr);
			out->from.len = head.src_len;
			break;
		case FRA_DST:
			ok = get_addr(a.value, head.family, &out->to.addr);
			out->to.len = head.dst_len;
			break;
		case FRA_IIFNAME:
			ok = get_text(a.value, out->iif, sizeof out->iif);
			plain = false;
			break;
		case FRA_OIFNAME:
			ok = get_text(a.value, out->oif, sizeof out->oif);
			plain = false;
			break;
		case FRA_FWMARK:
			ok = get_u32(a.value, &out->mark);
			plain = false;
			break;
		case FRA_FWMASK:
			ok = get_u32(a.value, &out->mask);
			plain = false;
			break;
		case FRA_GOTO:
			ok = get_u32(a.value, &out->target);
			break;
		case FRA_UID_RANGE:
			ok = get_users(a.value, out);
			break;
		case FRA_IP_PROTO:
			ok = get_u8(a.value, &out->ipproto);
			break;
		case FRA_SPORT_RANGE:
			ok = get_ports(a.value, &out->source);
			break;
		case FRA_DPORT_RANGE:
			ok = get_ports(a.value, &out->dest);
			break;
		case FRA_SUPPRESS_PREFIXLEN: // always there, -1 for none
			ok = get_u32(a.value, &out->suppressed);
			out->suppresses = ok && out->suppressed != UINT32_MAX;
			break;
		case FRA_SUPPRESS_IFGROUP:
			ok = get_u32(a.value, &out->group);
			out->suppresses_group = ok && out->group != UINT32_MAX;
			break;
		case FRA_L3MDEV:
			ok = get_u8(a.value, &l3mdev);
			out->l3mdev = l3mdev != 0;
			break;
		}
		if (!ok)
			return -EBADMSG;
	}
	out->builtin = plain && protocol == RTPROT_KERNEL && !out->l3mdev && is_default_rule(out);
	return more;
}

int nl_parse_netconf(const struct nlmsghdr *m, struct netconf *out)
{
	if (m->nlmsg_type != RTM_NEWNETCONF)
		return -ENOMSG;
	struct netconfmsg head;
	struct bytes rest;
	if (!split_message(m, &head, sizeof head, &rest))
		return -EBADMSG;
	if (head.ncm_family != AF_INET)
		return -ENOMSG;
	uint32_t index = 0, value = 0;
	bool told = false, ok = true;
	struct attr a;
	int more;
	while ((more = next_attr(&rest, &a)) > 0 && ok) {
		if (a.type == NETCONFA_IFINDEX)
			ok = get_u32(a.value, &index);
		else if (a.type == NETCONFA_IGNORE_ROUTES_WITH_LINKDOWN)
			told = ok = get_u32(a.value, &value);
	}
	if (!ok || more < 0)
		return -EBADMSG;
	*out = (struct netconf){(int32_t)index, value != 0};
	return told ? 0 : -ENOMSG;
}

// Without a file no process can have it: of TCP it is what is left of a connection, or waits to be accepted.
static void own_no_file(struct sock *s)
{
	enum { STATE_CLOSE = 7, STATE_LISTEN = 10, STATE_BOUND = 13 };
	bool ends = s->protocol == IPPROTO_TCP && s->state != STATE_CLOSE && s->state != STATE_LISTEN &&
		    s->state != STATE_BOUND;
	s->searched = true;
	s->owner = ends ? OWNER_NONE : OWNER_KERNEL;
}

int nl_parse_sock(const struct nlmsghdr *m, uint8_t protocol, struct sock *out)
{
	if (m->nlmsg_type != SOCK_DIAG_BY_FAMILY && m->nlmsg_type != TCPDIAG_GETSOCK)
		return -ENOMSG;
	struct inet_diag_msg head;
	struct bytes rest;
	if (!split_message(m, &head, sizeof head, &rest))
		return -EBADMSG;
	if (!is_inet(head.idiag_family))
		return -ENOMSG;
	*out = (struct sock){.family = head.idiag_family,
			     .protocol = protocol,
			     .state = head.idiag_state,
			     .v6only = UNKNOWN,
			     .reuseaddr = UNKNOWN,
			     .reuseport = UNKNOWN,
			     .nonlocal = UNKNOWN,
			     .port = ntohs(head.id.idiag_sport),
			     .peer_port = ntohs(head.id.idiag_dport),
			     .timer = head.idiag_timer,
			     .expires = head.idiag_expires,
			     .device = head.id.idiag_if,
			     .uid = head.idiag_uid,
			     .inode = head.idiag_inode};
	struct bytes source = {(const uint8_t *)head.id.idiag_src, sizeof head.id.idiag_src};
	struct bytes dest = {(const uint8_t *)head.id.idiag_dst, sizeof head.id.idiag_dst};
	get_addr(source, head.idiag_family, &out->addr);
	if (out->peer_port)
		get_addr(dest, head.idiag_family, &out->peer);
	if (!out->inode)
		own_no_file(out);
	if (head.idiag_family == AF_INET)
		out->v6only = NO;
	uint8_t v6only = 0;
	struct attr a;
	int more;
	while ((more = next_attr(&rest, &a)) > 0) {
		if (a.type == INET_DIAG_SKV6ONLY) {
			if (!get_u8(a.value, &v6only))
				return -EBADMSG;
			out->v6only = v6only ? YES : NO;
		} else if (a.type == INET_DIAG_SOCKOPT) {
			struct inet_diag_sockopt set = {0};
			if (a.value.len < 1)
				return -EBADMSG;
			memcpy(&set, a.value.data, a.value.len < sizeof set ? a.value.len : sizeof set);
			out->nonlocal = set.freebind || set.transparent ? YES : NO;
		}
	}
	return more;
}
