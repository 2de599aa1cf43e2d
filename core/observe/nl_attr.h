// SPDX-License-Identifier: GPL-3.0-or-later
// The attributes of netlink messages: each length is checked, and nothing outside the message is read. Pure.
#ifndef BINDWALK_NL_ATTR_H
#define BINDWALK_NL_ATTR_H

#include <errno.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <string.h>
#include <sys/socket.h>

#include "core/model/addr.h"

enum { ATTR_HEAD = sizeof(struct nlattr), ATTR_TYPE = 0x3fff }; // without the nested and byte-order bits

struct bytes {
	const uint8_t *data;
	size_t len;
};

struct attr {
	uint16_t type;
	struct bytes value;
};

// Messages, attributes and next hops all begin at multiples of four.
static inline size_t align4(size_t n)
{
	return (n + 3) & ~(size_t)3;
}

static inline size_t smaller(size_t a, size_t b)
{
	return a < b ? a : b;
}

// The family's own header at the front of a message, and the attributes after it. False when it is too short.
static inline bool split_message(const struct nlmsghdr *m, void *head, size_t headlen, struct bytes *attrs)
{
	size_t skip = sizeof *m + align4(headlen);
	if (m->nlmsg_len < sizeof *m + headlen)
		return false;
	memcpy(head, m + 1, headlen);
	*attrs = (struct bytes){0};
	if (m->nlmsg_len > skip)
		*attrs = (struct bytes){(const uint8_t *)m + skip, m->nlmsg_len - skip};
	return true;
}

// Takes the next attribute off `rest`: 1, 0 at the end, -EBADMSG.
static inline int next_attr(struct bytes *rest, struct attr *out)
{
	struct nlattr head;
	if (rest->len < sizeof head)
		return 0; // padding
	memcpy(&head, rest->data, sizeof head);
	if (head.nla_len < ATTR_HEAD || head.nla_len > rest->len)
		return -EBADMSG;
	out->type = head.nla_type & ATTR_TYPE;
	out->value = (struct bytes){rest->data + ATTR_HEAD, (size_t)head.nla_len - ATTR_HEAD};
	size_t step = smaller(align4(head.nla_len), rest->len);
	rest->data += step;
	rest->len -= step;
	return 1;
}

static inline bool get_u32(struct bytes b, uint32_t *out)
{
	if (b.len < sizeof *out)
		return false;
	memcpy(out, b.data, sizeof *out);
	return true;
}

static inline bool get_u8(struct bytes b, uint8_t *out)
{
	if (b.len < 1)
		return false;
	*out = b.data[0];
	return true;
}

// A port number, in network byte order.
static inline bool get_port(struct bytes b, uint16_t *out)
{
	if (b.len < sizeof *out)
		return false;
	*out = (uint16_t)(b.data[0] << 8 | b.data[1]);
	return true;
}

// A string with or without its NUL, which must fit.
static inline bool get_text(struct bytes b, char *out, size_t outlen)
{
	size_t len = b.len ? strnlen((const char *)b.data, b.len) : 0;
	if (len >= outlen)
		return false;
	memset(out, 0, outlen);
	if (len)
		memcpy(out, b.data, len);
	return true;
}

static inline bool get_addr(struct bytes b, uint8_t family, struct addr *out)
{
	size_t want = family == AF_INET ? 4 : 16;
	if (b.len < want)
		return false;
	*out = (struct addr){.family = family};
	memcpy(out->bytes, b.data, want);
	return true;
}

static inline bool is_inet(unsigned family)
{
	return family == AF_INET || family == AF_INET6;
}

static inline unsigned max_len(unsigned family)
{
	return family == AF_INET ? 32 : 128;
}

// Takes the next hop off RTA_MULTIPATH: 1 with its attributes, 0 at the end, -EBADMSG.
static inline int next_hop(struct bytes *rest, struct rtnexthop *hop, struct bytes *attrs)
{
	size_t skip = align4(sizeof *hop);
	if (rest->len < sizeof *hop)
		return 0;
	memcpy(hop, rest->data, sizeof *hop);
	if (hop->rtnh_len < sizeof *hop || hop->rtnh_len > rest->len)
		return -EBADMSG;
	*attrs = (struct bytes){0};
	if (hop->rtnh_len > skip)
		*attrs = (struct bytes){rest->data + skip, hop->rtnh_len - skip};
	size_t step = smaller(align4(hop->rtnh_len), rest->len);
	rest->data += step;
	rest->len -= step;
	return 1;
}

// The attributes of a message or nest by type; the value of one that is missing has no data. Types beyond these are
// left out.
struct attrs {
	struct bytes at[64];
};

static inline int attrs_collect(struct bytes rest, struct attrs *out) // 0 or -EBADMSG
{
	struct attr a;
	int more;
	*out = (struct attrs){0};
	while ((more = next_attr(&rest, &a)) > 0)
		if (a.type < sizeof out->at / sizeof *out->at)
			out->at[a.type] = a.value;
	return more;
}

#endif
