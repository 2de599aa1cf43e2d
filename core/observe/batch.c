// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/observe/batch.h"

#include <errno.h>
#include <linux/rtnetlink.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "core/observe/nl_attr.h"
#include "core/observe/nl_parse.h"

void batch_free(struct batch *b)
{
	free(b->bytes);
	*b = (struct batch){0};
}

static int make_room(struct batch *b, size_t more)
{
	if (more > BATCH_MOST - b->len)
		return -ENOBUFS;
	if (b->len + more <= b->cap)
		return 0;
	size_t cap = b->cap ? b->cap : 4096;
	while (cap < b->len + more)
		cap *= 2;
	uint8_t *grown = realloc(b->bytes, cap);
	if (!grown)
		return -ENOMEM;
	b->bytes = grown;
	b->cap = cap;
	return 0;
}

static bool is_route(const struct nlmsghdr *m)
{
	return m->nlmsg_type == RTM_NEWROUTE || m->nlmsg_type == RTM_DELROUTE;
}

int batch_add(struct batch *b, const struct nlmsghdr *m)
{
	size_t size = align4(m->nlmsg_len);
	bool four = m->nlmsg_len > sizeof *m && *(const uint8_t *)(m + 1) == AF_INET;
	if (is_route(m) && size > BATCH_ROUTES - smaller(b->len, BATCH_ROUTES)) {
		*(four ? &b->left_out4 : &b->left_out6) = true;
		return 0;
	}
	int err = make_room(b, size);
	if (err)
		return err;
	memset(b->bytes + b->len + size - 4, 0, 4); // what fills it up
	memcpy(b->bytes + b->len, m, m->nlmsg_len);
	b->len += size;
	if (is_route(m))
		++*(four ? &b->routes4 : &b->routes6);
	return 0;
}

const struct nlmsghdr *batch_next(const struct batch *b, size_t *at)
{
	return nl_message(b->bytes, b->len, at);
}
