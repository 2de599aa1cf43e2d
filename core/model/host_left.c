// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/host_left.h"

#include <linux/if_addr.h>
#include <stdio.h>
#include <sys/socket.h>

static bool same_subnet(const struct host_addr *a, const struct host_addr *b)
{
	struct addr x = addr_masked(&a->addr, a->prefixlen), y = addr_masked(&b->addr, b->prefixlen);
	return a->index == b->index && a->prefixlen == b->prefixlen && addr_equal(&x, &y);
}

static void note_primary(struct host *h, const struct host_addr *primary, struct left_by by)
{
	for (unsigned i = 0; i < HOST_LEFT; i++) {
		struct left_addr *l = &h->left[i];
		if (l->entry.addr.family == AF_INET && l->entry.flags & IFA_F_SECONDARY && by.port &&
		    l->sequence == by.sequence && l->port == by.port && same_subnet(&l->entry, primary))
			l->primary = primary->addr;
	}
}

void host_note_left(struct host *h, const struct host_addr *entry, struct left_by by)
{
	if (entry->addr.family == AF_INET && !(entry->flags & IFA_F_SECONDARY))
		note_primary(h, entry, by);
	struct left_addr *l = &h->left[h->nleft++ % HOST_LEFT];
	*l = (struct left_addr){.entry = *entry, .sequence = by.sequence, .port = by.port};
	host_link_name(h, entry->index, l->device);
}

void host_forget_left(struct host *h, unsigned count)
{
	while (h->nleft > count)
		h->left[--h->nleft % HOST_LEFT] = (struct left_addr){0};
}

const struct left_addr *host_find_left(const struct host *h, const struct addr *a)
{
	if (host_find_addr(h, a) < h->naddrs)
		return NULL;
	for (unsigned i = h->nleft; i > 0 && h->nleft - i < HOST_LEFT; i--) {
		const struct left_addr *l = &h->left[(i - 1) % HOST_LEFT];
		if (addr_equal(&l->entry.addr, a))
			return l;
	}
	return NULL;
}
