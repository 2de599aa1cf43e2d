// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/observe/host_take.h"

#include <errno.h>
#include <linux/rtnetlink.h>
#include <string.h>
#include <sys/socket.h>

#include "core/observe/nl_parse.h"

bool host_has_vrf_table(const struct host *h, uint32_t table)
{
	for (size_t i = 0; i < h->nlinks; i++)
		if (h->links[i].vrf_table == table && table)
			return true;
	return false;
}

bool host_wants4(const struct host *h, uint32_t table)
{
	return table == RT_TABLE_LOCAL || (table == RT_TABLE_MAIN && h->trie != TRIE_SPLIT) ||
	       host_has_vrf_table(h, table);
}

bool host_wants6(const struct host *h, uint32_t table, uint8_t type)
{
	if (table == RT_TABLE_LOCAL)
		return true;
	return (type == RTN_LOCAL || type == RTN_ANYCAST) && host_has_vrf_table(h, table);
}

static int take_link(struct host *h, const struct nlmsghdr *m)
{
	struct link link;
	int err = nl_parse_link(m, &link);
	size_t at = 0;
	char name[16];
	while (!err && nl_parse_altname(m, &at, name))
		err = host_add_altname(h, link.index, name);
	return err ? err : host_add_link(h, &link);
}

static int take_addr(struct host *h, const struct nlmsghdr *m)
{
	struct host_addr addr;
	int err = nl_parse_addr(m, &addr);
	return err ? err : host_add_addr(h, &addr);
}

static int take_rule(struct host *h, const struct nlmsghdr *m)
{
	struct rule rule;
	int err = nl_parse_rule(m, &rule);
	return err ? err : host_add_rule(h, &rule);
}

static int take_route(struct host *h, const struct nlmsghdr *m)
{
	struct prefix dst;
	struct route_info info;
	int err = nl_parse_route(m, &dst, &info);
	if (err)
		return err;
	bool wanted = dst.addr.family == AF_INET ? host_wants4(h, info.table) : host_wants6(h, info.table, info.type);
	return wanted ? host_add_route(h, &dst, &info) : 0;
}

int host_take(struct host *h, const struct nlmsghdr *m)
{
	int err = 0;
	switch (m->nlmsg_type) {
	case RTM_NEWLINK:
		err = take_link(h, m);
		break;
	case RTM_NEWADDR:
		err = take_addr(h, m);
		break;
	case RTM_NEWRULE:
		err = take_rule(h, m);
		break;
	case RTM_NEWROUTE:
		err = take_route(h, m);
		break;
	}
	return err == -ENOMSG ? 0 : err;
}

// A link's other names: how many, and from where on.
static size_t find_altnames(const struct host *h, uint32_t index, size_t *first)
{
	size_t i = 0, n = 0;
	while (i < h->naltnames && h->altnames[i].index < index)
		i++;
	*first = i;
	while (i + n < h->naltnames && h->altnames[i + n].index == index)
		n++;
	return n;
}

void host_drop_altnames(struct host *h, uint32_t index)
{
	size_t first, n = find_altnames(h, index, &first);
	if (!n)
		return;
	memmove(h->altnames + first, h->altnames + first + n, (h->naltnames - first - n) * sizeof *h->altnames);
	h->naltnames -= n;
}

// Moves the last ones, from a place on, to where they belong.
static void sort_altnames(struct host *h, size_t from)
{
	for (size_t i = from; i < h->naltnames; i++) {
		struct altname x = h->altnames[i];
		size_t j = i;
		for (; j > 0 && h->altnames[j - 1].index > x.index; j--)
			h->altnames[j] = h->altnames[j - 1];
		h->altnames[j] = x;
	}
}

int host_take_altnames(struct host *h, uint32_t index, const struct nlmsghdr *m)
{
	size_t first, had = find_altnames(h, index, &first), n = 0, at = 0, before = h->naltnames;
	char name[16];
	bool same = true;
	for (; nl_parse_altname(m, &at, name); n++)
		same = same && n < had && strcmp(h->altnames[first + n].name, name) == 0;
	if (same && n == had)
		return 0;
	// The new ones go to the end first, under no index yet, so that nothing is lost where memory fails.
	for (at = 0; nl_parse_altname(m, &at, name);)
		if (host_add_altname(h, 0, name) < 0) {
			h->naltnames = before;
			return -ENOMEM;
		}
	host_drop_altnames(h, index);
	for (size_t i = before - had; i < h->naltnames; i++)
		h->altnames[i].index = index;
	sort_altnames(h, before - had);
	return 1;
}
