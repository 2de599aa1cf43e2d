// SPDX-License-Identifier: GPL-3.0-or-later
// A new reading replaces an older one: the host equals it, the record turns the old lists into the new ones, and lists
// that are the same stay in place.
#include "tests/oracle/chance.h"

#include "core/model/host_equal.h"
#include "core/model/host_left.h"
#include "tests/unit/made_event.h"

static struct chance chance;

static unsigned below(unsigned n)
{
	return chance_below(&chance, n);
}

// Two of these are alike in much.
static struct host *some_host(void)
{
	struct host *h = made_host("lo");
	for (unsigned n = below(12); n > 0; n--) {
		struct route_info info = {.table = 254 + below(2),
					  .type = RTN_LOCAL,
					  .oif = 1 + below(3),
					  .metric = below(2),
					  .flags = below(2) ? ROUTE_LINKDOWN : 0};
		struct prefix four = {.addr = addr_from_v4(0x0a000000 + below(3) * 256),
				      .len = (uint8_t)(24 + below(2))};
		struct prefix six = {.addr = made_addr("2001:db8::"), .len = (uint8_t)(64 + below(3))};
		assert_int_equal(host_add_route(h, below(3) ? &four : &six, &info), 0);
	}
	for (uint32_t i = 2; i < 6; i++)
		if (below(2)) {
			struct link l = {.index = i, .flags = below(2)};
			snprintf(l.name, sizeof l.name, "v%u", i);
			assert_int_equal(host_add_link(h, &l), 0);
			if (below(2))
				assert_int_equal(host_add_altname(h, i, below(2) ? "one" : "other"), 0);
		}
	for (unsigned n = below(5); n > 0; n--)
		assert_int_equal(host_add_rule(h, &(struct rule){.family = below(2) ? AF_INET : AF_INET6,
								 .priority = below(3),
								 .mark = below(2)}),
				 0);
	for (uint32_t i = 2; i < 6; i++) {
		struct host_addr a = {
			.addr = addr_from_v4(0x0a000001), .index = i, .flags = below(2), .valid = below(9)};
		if (below(2))
			assert_int_equal(host_add_addr(h, &a), 0);
	}
	h->sysctl[SYSCTL_V4_NONLOCAL] = below(2);
	h->reserved_ports[7] = (uint8_t)below(2);
	h->trie = below(2) ? TRIE_SPLIT : TRIE_MERGED;
	h->has_main4 = below(2) ? YES : NO;
	host_sort(h);
	return h;
}

static void redo(struct host *h, const struct host_changes *c)
{
	for (size_t i = 0; i < c->n; i++) {
		const struct host_change *k = &c->item[i];
		if (k->list == HOST_SYSCTLS)
			continue;
		if (k->how == CHANGE_ADDED)
			assert_int_equal(host_insert(h, k->list, k->at, &k->after, NULL), 0);
		else if (k->how == CHANGE_REMOVED)
			host_remove(h, k->list, k->at, NULL);
		else
			assert_int_equal(host_replace(h, k->list, k->at, &k->after, NULL), 0);
	}
}

static bool same_lists(struct host *a, const struct host *b)
{
	struct host other = *b; // with everything that is not a list as in a
	other.trie = a->trie;
	other.has_main4 = a->has_main4;
	memcpy(other.sysctl, a->sysctl, sizeof other.sysctl);
	memcpy(other.reserved_ports, a->reserved_ports, sizeof other.reserved_ports);
	other.naltnames = a->naltnames; // the record names only their link
	other.altnames = a->altnames;
	return host_equal(a, &other);
}

static void test_pairs(void **state)
{
	(void)state;
	unsigned equal = 0;
	for (uint64_t seed = 1; seed <= 2000; seed++) {
		static struct host_changes changes;
		chance = chance_new(seed);
		struct host *h = some_host();
		struct host *fresh = below(10) ? some_host() : host_copy(h), *wanted = host_copy(fresh),
			    *before = host_copy(h);
		bool same = host_equal(h, fresh);
		uint64_t generation = h->generation;
		host_changes_clear(&changes);
		assert_int_equal(host_adopt(h, fresh, DUMP_ALL, &changes), !same);
		assert_int_equal(h->generation, generation + !same);
		assert_true(host_equal(h, wanted));
		assert_null(host_fault(h));
		assert_int_equal(changes.more, 0);
		redo(before, &changes);
		assert_true(same_lists(before, wanted));
		if (same)
			assert_int_equal(changes.n, 0);
		equal += same;
		host_free(h);
		host_free(fresh);
		host_free(wanted);
		host_free(before);
	}
	assert_true(equal > 100 && equal < 1000);
}

// Only the parts that were read are replaced, and lists that did not change stay in place.
static void test_parts(void **state)
{
	(void)state;
	static const struct {
		unsigned kind;
		const char *now;
	} rows[] = {
		{DUMP_LINKS, "lo; link v0"},
		{DUMP_ROUTES4, "lo; route local 10.0.0.0/8 dev lo"},
		{DUMP_ROUTES6, "lo; route local 2001:db8::/32 dev lo"},
		{DUMP_PROC, "lo; sysctl net.ipv4.ip_nonlocal_bind=1"},
		{DUMP_RULES, "lo; split"},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct host *h = made_host("lo"), *fresh = made_host(rows[i].now);
		assert_false(host_adopt(h, fresh, DUMP_ALL & ~rows[i].kind, NULL));
		assert_true(host_adopt(h, fresh, rows[i].kind, NULL));
		host_free(fresh);
		fresh = made_host(rows[i].now);
		assert_true(host_equal(h, fresh));
		const struct route4 *routes = h->routes4;
		const struct link *links = h->links;
		assert_false(host_adopt(h, fresh, DUMP_ALL, NULL));
		assert_ptr_equal(h->routes4, routes);
		assert_ptr_equal(h->links, links);
		host_free(h);
		host_free(fresh);
	}
}

// If there are too many changes, the record has the first ones and the number of the others.
static void test_many(void **state)
{
	(void)state;
	static struct host_changes changes;
	struct host *h = made_host(""), *fresh = made_host("");
	for (uint32_t i = 0; i < 1000; i++) {
		struct prefix p = {.addr = addr_from_v4(i), .len = 32};
		assert_int_equal(host_add_route(fresh, &p, &(struct route_info){.table = 255, .type = RTN_LOCAL}), 0);
	}
	host_sort(fresh);
	assert_true(host_adopt(h, fresh, DUMP_ROUTES4, &changes));
	assert_int_equal(changes.n, HOST_CHANGES);
	assert_int_equal(changes.more, 1000 - HOST_CHANGES);
	host_free(h);
	host_free(fresh);
}

// A reading may be ahead of the message that announces what left.
static void test_left(void **state)
{
	(void)state;
	static const char was[] = "lo; link v0; addr 10.0.0.1/24 dev v0; addr 10.0.0.2/24 dev v0 secondary";
	struct addr primary = made_addr("10.0.0.1"), secondary = made_addr("10.0.0.2");
	struct host *h = made_host(was), *fresh = made_host("lo; link v1");
	struct host_apply apply = {0};
	assert_true(host_adopt(h, fresh, DUMP_ALL, NULL));
	const struct left_addr *left = host_find_left(h, &secondary);
	assert_non_null(left);
	assert_string_equal(left->device, "v0");
	assert_int_equal(left->primary.family, 0);
	struct message m = made_addr_event("del 10.0.0.2/24 dev 2 flags 1");
	m.head.nlmsg_seq = m.head.nlmsg_pid = 7;
	host_apply(h, &m.head, &apply);
	m = made_addr_event("del 10.0.0.1/24 dev 2");
	m.head.nlmsg_seq = m.head.nlmsg_pid = 7;
	host_apply(h, &m.head, &apply);
	assert_true(addr_equal(&host_find_left(h, &secondary)->primary, &primary));
	host_free(fresh);
	fresh = made_host(was);
	assert_true(host_adopt(h, fresh, DUMP_ALL, NULL));
	assert_null(host_find_left(h, &secondary));
	host_free(h);
	host_free(fresh);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_pairs),
		cmocka_unit_test(test_parts),
		cmocka_unit_test(test_many),
		cmocka_unit_test(test_left),
	};
	return cmocka_run_group_tests_name("host_adopt", tests, NULL, NULL);
}
