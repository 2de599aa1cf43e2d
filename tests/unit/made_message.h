// SPDX-License-Identifier: GPL-3.0-or-later
// Netlink messages made by hand.
#ifndef BINDWALK_MADE_MESSAGE_H
#define BINDWALK_MADE_MESSAGE_H

#include <linux/netlink.h>
#include <stdint.h>
#include <string.h>

struct message {
	struct nlmsghdr head;
	uint8_t body[512];
};

static inline void *put(struct message *m, const void *data, size_t len)
{
	uint8_t *at = (uint8_t *)m + m->head.nlmsg_len;
	memcpy(at, data, len);
	m->head.nlmsg_len += (uint32_t)((len + 3) & ~(size_t)3);
	return at;
}

static inline struct message message(uint16_t type, const void *body, size_t len)
{
	struct message m = {.head = {.nlmsg_len = sizeof m.head, .nlmsg_type = type}};
	put(&m, body, len);
	return m;
}

static inline struct nlattr *put_attr(struct message *m, uint16_t type, const void *data, size_t len)
{
	struct nlattr a = {.nla_len = (uint16_t)(sizeof a + len), .nla_type = type};
	struct nlattr *at = put(m, &a, sizeof a);
	if (len)
		put(m, data, len);
	return at;
}

static inline struct nlattr *begin_nest(struct message *m, uint16_t type)
{
	return put_attr(m, type, "", 0);
}

static inline void end_nest(struct message *m, struct nlattr *nest)
{
	uint16_t len = (uint16_t)((uint8_t *)m + m->head.nlmsg_len - (uint8_t *)nest);
	memcpy(&nest->nla_len, &len, sizeof len);
}

#endif
