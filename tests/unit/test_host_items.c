// SPDX-License-Identifier: GPL-3.0-or-later
// A list that was changed in place equals one that was built again, including filter and selection.
#include "tests/oracle/chance.h"

#include "core/model/host_order.h"
#include "tests/unit/made_walk.h"
#include "tui/app_layout.h"
#include "tui/app_update.h"
#include "tui/pane/panes.h"

static struct chance chance;
static struct app app;
static struct host *host;

static unsigned below(unsigned n)
{
	return chance_below(&chance, n);
}

static union host_value some_route(enum host_list *list)
{
	static const uint8_t types[] = {RTN_LOCAL, RTN_LOCAL, RTN_UNICAST, RTN_BROADCAST, RTN_BLACKHOLE};
	static const uint32_t tables[] = {RT_TABLE_LOCAL, RT_TABLE_MAIN};
	union host_value v = {.route.info = {.table = CHANCE_OF(&chance, tables),
					     .type = CHANCE_OF(&chance, types),
					     .oif = 1 + below(2),
					     .metric = below(2),
					     .protocol = RTPROT_BOOT,
					     .rest = below(2)}};
	struct prefix *p = &v.route.dst;
	*list = below(4) ? HOST_ROUTES4 : HOST_ROUTES6;
	if (*list == HOST_ROUTES4) {
		p->addr = addr_from_v4(0x0a000000 + below(40));
		p->len = 32;
	} else {
		*p = made_prefix("2001:db8::");
		p->addr.bytes[15] = (uint8_t)below(10);
		p->len = 128;
	}
	return v;
}

static int compare(enum host_list list, size_t i, const union host_value *v)
{
	const struct route_info *info = list == HOST_ROUTES4 ? host_info4(host, i) : host_info6(host, i);
	struct prefix p = list == HOST_ROUTES4 ? host_prefix4(host, i) : host_prefix6(host, i);
	int c = addr_compare(&p.addr, &v->route.dst.addr);
	return c ? c : route_info_compare(info, &v->route.info);
}

// One change of the host, at a place where it stays sorted.
static void change_host(struct host_changes *c)
{
	enum host_list list;
	union host_value v = some_route(&list);
	size_t n = host_count(host, list), at = 0;
	while (at < n && compare(list, at, &v) < 0)
		at++;
	bool equal = at < n && compare(list, at, &v) == 0;
	unsigned what = below(equal ? 3 : 1) + (n > 60);
	if (what == 0 || n == 0)
		assert_int_equal(host_insert(host, list, at, &v, c), 0);
	else if (equal && what == 1)
		assert_int_equal(host_replace(host, list, at, &v, c), 0);
	else
		host_remove(host, list, equal ? at : below((unsigned)n), c);
}

static void check_sorted(void)
{
	struct host *again = host_copy(host);
	host_sort(again);
	assert_memory_equal(again->routes4, host->routes4, host->nroutes4 * sizeof *host->routes4);
	assert_true(again->lengths4 == host->lengths4);
	assert_memory_equal(again->count4, host->count4, sizeof host->count4);
	host_free(again);
}

static void check_list(void)
{
	struct host_items fresh = {0};
	assert_int_equal(host_items_build_routes(&fresh, host), 0);
	assert_true(host_items_point_routes(&fresh, &app.now.walk) >= 0);
	assert_int_equal(app.routes.count, fresh.count);
	assert_memory_equal(app.routes.item, fresh.item, fresh.count * sizeof *fresh.item);
	assert_int_equal(app.routes.nextra, fresh.nextra);
	host_items_free(&fresh);

	struct list *l = &app.lists[PANE_ROUTES], before = *l;
	size_t size = l->count * sizeof *l->match;
	uint32_t *match = l->match ? malloc(size + 1) : NULL;
	if (match)
		memcpy(match, l->match, size);
	pane_update(&app, PANE_ROUTES); // filters again
	assert_int_equal(l->count, before.count);
	if (match)
		assert_memory_equal(l->match, match, size);
	free(match);
}

static struct identity selected(void)
{
	const struct list *l = &app.lists[PANE_ROUTES];
	return l->count ? identity_of(host, pane_ops(PANE_ROUTES)->object(&app, list_item(l, l->selected)))
			: (struct identity){0};
}

static void test_changes(void **state)
{
	(void)state;
	static const char *const filters[] = {"", "10.0.0.1", "v0", "main", "bcast", "2001", "nothing has this"};
	static const char *const attempts[] = {"tcp4 10.0.0.3 0", "tcp4 10.0.0.17 80", "tcp6 2001:db8::3 0"};
	for (uint64_t seed = 1; seed <= 40; seed++) {
		struct host_changes changes;
		chance = chance_new(seed);
		host = made_host("lo; link v0");
		for (unsigned i = 0; i < 60; i++)
			change_host(NULL);
		struct attempt a = made_attempt(host, CHANCE_OF(&chance, attempts));
		app_init(&app, &a, false);
		app_set_host(&app, host);
		app_resize(&app, 30, 100);
		for (unsigned round = 0; round < 60; round++) {
			if (below(10) == 0)
				pane_filter(&app, PANE_ROUTES, CHANCE_OF(&chance, filters));
			if (below(10) == 0) {
				a = made_attempt(host, CHANCE_OF(&chance, attempts));
				app_set_attempt(&app, &a);
			}
			list_select(&app.lists[PANE_ROUTES], below(50));
			struct identity was = selected();
			struct ref ref;
			app_keep_selection(&app);
			host_changes_clear(&changes);
			uint64_t generation = host->generation;
			for (unsigned n = below(4) ? 1 : below(HOST_CHANGES + 10); n > 0; n--)
				change_host(&changes);
			assert_int_equal(host->generation - generation, changes.n + changes.more);
			app_host_changed(&app, &changes);
			check_sorted();
			check_list();
			// The same object, unless it is gone; one that looks the same may be another to the kernel.
			struct identity is = selected();
			if (was.kind != REF_NONE && identity_find(host, &was, &ref) &&
			    list_line(&app.lists[PANE_ROUTES], host_items_find_route(&app.routes, &ref)) != SIZE_MAX) {
				assert_int_equal(is.kind, was.kind);
				assert_true(addr_equal(&is.addr, &was.addr) && is.len == was.len);
				assert_true(is.info.table == was.info.table && is.info.type == was.info.type);
			}
		}
		app_free(&app);
		host_free(host);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_changes)};
	return cmocka_run_group_tests_name("host_items", tests, NULL, NULL);
}
