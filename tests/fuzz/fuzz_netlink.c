// SPDX-License-Identifier: GPL-3.0-or-later
// Netlink messages of any content: nothing outside of the buffer is read, and what is taken is a sound value.
#include <glob.h>
#include <string.h>
#include <sys/socket.h>

#include "core/change/inventory_take.h"
#include "core/model/host_equal.h"
#include "core/model/host_order.h"
#include "core/observe/host_take.h"
#include "core/observe/nl_parse.h"
#include "tests/fuzz/fuzz.h"

static void check_message(const struct nlmsghdr *m)
{
	struct link link;
	struct host_addr addr;
	struct prefix dst;
	struct route_info info;
	struct rule rule;
	struct sock sock;
	struct netconf conf;
	char name[16];
	size_t names = 0;
	if (nl_parse_link(m, &link) == 0)
		FUZZ_REQUIRE(memchr(link.name, '\0', sizeof link.name) && memchr(link.kind, '\0', sizeof link.kind));
	while (nl_parse_altname(m, &names, name))
		FUZZ_REQUIRE(memchr(name, '\0', sizeof name));
	if (nl_parse_addr(m, &addr) == 0)
		FUZZ_REQUIRE(addr.prefixlen <= (addr.addr.family == AF_INET6 ? 128 : 32));
	if (nl_parse_route(m, &dst, &info) == 0)
		FUZZ_REQUIRE(dst.len <= (dst.addr.family == AF_INET6 ? 128 : 32));
	if (nl_parse_rule(m, &rule) == 0)
		FUZZ_REQUIRE(memchr(rule.iif, '\0', sizeof rule.iif) && memchr(rule.oif, '\0', sizeof rule.oif));
	nl_parse_netconf(m, &conf);
	char why[24] = "";
	FUZZ_REQUIRE(nl_parse_end(m, why, sizeof why) <= 0 && memchr(why, '\0', sizeof why));
	nl_parse_sock(m, IPPROTO_TCP, &sock);
}

static void check_edit(const struct edit *e)
{
	char text[EDIT_TEXT];
	FUZZ_REQUIRE(memchr(e->dev, '\0', sizeof e->dev));
	FUZZ_REQUIRE(e->kind != EDIT_NEXTHOP || e->nexthop.nmembers <= EDIT_GROUP);
	edit_print(e, text, sizeof text);
	FUZZ_REQUIRE(memchr(text, '\0', sizeof text));
}

// Whatever a dump was made of, its host can be sorted, and is then what a copy of it is.
static void check_host(struct host *h)
{
	host_sort(h);
	struct host *copy = host_copy(h);
	FUZZ_REQUIRE(copy && host_equal(h, copy));
	host_free(copy);
	host_free(h);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	// A buffer of its own size, so that a byte too far is noticed; malloc() aligns it.
	uint8_t *copy = malloc(size ? size : 1);
	const struct nlmsghdr *m;
	size_t at = 0;
	struct inventory all = {0};
	struct inventory_reading r = {.out = &all, .kinds = INVENTORY_ALL};
	if (!copy)
		return 0;
	if (size)
		memcpy(copy, data, size);
	struct host *h = host_new();
	FUZZ_REQUIRE(h);
	while ((m = nl_message(copy, size, &at))) {
		check_message(m);
		host_take(h, m);
		inventory_take(&r, m);
	}
	inventory_take_links(&r);
	check_host(h);
	for (size_t i = 0; i < all.n; i++)
		check_edit(&all.edits[i]);
	inventory_free(&all);
	free(r.links);
	FUZZ_REQUIRE(at <= size);
	free(copy);
	return 0;
}

uint8_t *fuzz_seed(size_t n, size_t *size)
{
	const char *top = getenv("top_srcdir");
	char pattern[512];
	glob_t files;
	uint8_t *seed = NULL;
	snprintf(pattern, sizeof pattern, "%s/tests/data/*.nl", top ? top : ".");
	if (glob(pattern, 0, NULL, &files) != 0)
		return NULL;
	FILE *f = n < files.gl_pathc ? fopen(files.gl_pathv[n], "re") : NULL;
	if (f) {
		seed = malloc(4096);
		*size = seed ? fread(seed, 1, 4096, f) : 0;
		fclose(f);
	}
	globfree(&files);
	return seed;
}

const char *fuzz_word(size_t n)
{
	(void)n;
	return NULL;
}
