// SPDX-License-Identifier: GPL-3.0-or-later
// Out of memory at each allocation in turn: reports -ENOMEM or NULL, loses nothing, leaks nothing. The linker puts the
// functions below in the place of the C library's (--wrap).
#include <limits.h>

#include "core/model/host_change.h"
#include "core/model/host_equal.h"
#include "core/model/remedy.h"
#include "core/observe/host_adopt.h"
#include "tests/unit/made_walk.h"
#include "tests/unit/sound_host.h"

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *old, size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *old, size_t size);

static unsigned long left = ULONG_MAX; // allocations that still succeed

static bool have(void)
{
	if (left == ULONG_MAX)
		return true;
	return left > 0 && left-- > 0;
}

void *__wrap_malloc(size_t size)
{
	return have() ? __real_malloc(size) : NULL;
}

void *__wrap_calloc(size_t count, size_t size)
{
	return have() ? __real_calloc(count, size) : NULL;
}

void *__wrap_realloc(void *old, size_t size)
{
	return have() ? __real_realloc(old, size) : NULL;
}

static const char script[] =
	"lo; link v0; addr 192.0.2.1/24 dev v0; addr 2001:db8::1/64 dev v0; route local 10.9.0.0/16 dev lo;"
	"sock tcp4 0.0.0.0 80 listen";

static void test_new(void **state)
{
	(void)state;
	left = 0;
	struct host *h = host_new();
	left = ULONG_MAX;
	assert_null(h);
}

static void test_copy(void **state)
{
	(void)state;
	struct host *h = made_host(script);
	unsigned long needed = 0;
	for (;; needed++) {
		left = needed;
		struct host *c = host_copy(h);
		left = ULONG_MAX;
		if (c) {
			assert_int_equal(c->nroutes4, h->nroutes4);
			host_free(c);
			break;
		}
	}
	assert_int_equal(needed, 11); // the host, its six lists, and two arrays of infos for each family
	host_free(h);
}

// Adding fails as a whole: what was there is still there, and the next one goes in.
static void test_add(void **state)
{
	(void)state;
	for (int what = 0; what < 7; what++) {
		struct host *h = made_host("");
		unsigned added = 0, refused = 0;
		for (uint32_t i = 0; i < 300; i++) {
			struct prefix p = {.addr = addr_from_v4(i), .len = 32}, p6 = made_prefix("2001:db8::1");
			struct route_info info = {.table = i, .type = RTN_LOCAL};
			left = i % 3 ? ULONG_MAX : 0;
			int err = what == 0   ? host_add_link(h, &(struct link){.index = i})
				  : what == 1 ? host_add_addr(h, &(struct host_addr){.addr = p.addr, .index = i})
				  : what == 2 ? host_add_rule(h, &(struct rule){.priority = i})
				  : what == 3 ? question_add_sock(&made_question, &(struct sock){.port = (uint16_t)i})
				  : what == 4 ? host_add_route(h, &p, &info)
				  : what == 5 ? host_add_altname(h, i, "other")
					      : host_add_route(h, &p6, &info);
			left = ULONG_MAX;
			assert_true(err == 0 || err == -ENOMEM);
			added += !err;
			refused += err != 0;
		}
		assert_true(refused > 0 && added > 250);
		host_sort(h);
		size_t n = what == 0   ? h->nlinks
			   : what == 1 ? h->naddrs
			   : what == 2 ? h->nrules
			   : what == 3 ? made_question.nsocks
			   : what == 4 ? h->nroutes4
			   : what == 5 ? h->naltnames
				       : h->nroutes6;
		assert_int_equal(n, added);
		for (size_t i = 0; i < h->nroutes4; i++)
			assert_int_equal(host_info4(h, i)->table, h->routes4[i].dst);
		host_free(h);
	}
	for (unsigned long n = 0; n < 3; n++) { // each of the allocations of the very first route
		struct host *h = host_new();
		struct prefix p = made_prefix("10.0.0.0/8");
		struct route_info info = {.table = 1, .type = RTN_LOCAL};
		left = n;
		int err = host_add_route(h, &p, &info);
		left = ULONG_MAX;
		assert_int_equal(err, -ENOMEM);
		assert_int_equal(host_add_route(h, &p, &info), 0);
		host_sort(h);
		assert_int_equal(h->nroutes4, 1);
		assert_int_equal(host_info4(h, 0)->table, 1);
		host_free(h);
	}
}

// A change in place is made or not.
static void test_change(void **state)
{
	(void)state;
	for (int list = HOST_LINKS; list <= HOST_ROUTES6; list++) {
		struct host *h = made_host("");
		unsigned added = 0, refused = 0;
		for (uint32_t i = 0; i < 300; i++) {
			union host_value v;
			memset(&v, 0, sizeof v);
			if (list == HOST_LINKS)
				v.link.index = i;
			else if (list >= HOST_ROUTES4)
				v.route = (struct host_route){
					.dst = {list == HOST_ROUTES4 ? addr_from_v4(i) : made_addr("2001:db8::"), 32},
					.info = {.table = 255, .metric = i}};
			size_t n = host_count(h, (enum host_list)list);
			left = i % 3 ? ULONG_MAX : i % 2;
			int err = host_insert(h, (enum host_list)list, n, &v, NULL);
			left = ULONG_MAX;
			assert_int_equal(host_count(h, (enum host_list)list), n + !err);
			added += !err;
			refused += err == -ENOMEM;
			if (!err && list >= HOST_ROUTES4) { // its own info is let go only when the new one is there
				v.route.info.flags = ROUTE_DEAD;
				left = 0;
				refused += host_replace(h, (enum host_list)list, n, &v, NULL) < 0;
				left = ULONG_MAX;
			}
			assert_null(list >= HOST_ROUTES4 ? host_fault(h) : NULL);
		}
		assert_true(added > 200 && refused > 0);
		host_free(h);
	}
}

// A reading takes the place of another also where its infos can't be compared beforehand.
static void test_adopt(void **state)
{
	(void)state;
	static const char other[] = "lo; link v0; addr 192.0.2.1/24 dev v0; route local 10.8.0.0/16 dev lo";
	struct host *h = made_host(script), *fresh = made_host(other), *wanted = made_host(other);
	left = 0;
	bool changed = host_adopt(h, fresh, DUMP_ALL, NULL), again = host_adopt(h, wanted, DUMP_ALL, NULL);
	left = ULONG_MAX;
	assert_true(changed && !again);
	assert_true(host_equal(h, wanted));
	host_free(h);
	host_free(fresh);
	host_free(wanted);
}

// Sorting goes on without memory, slowly, and gives the same order.
static void test_sort(void **state)
{
	(void)state;
	struct host *sorted[2];
	for (int poor = 0; poor < 2; poor++) {
		struct host *h = sorted[poor] = made_host("");
		for (uint32_t i = 0; i < 500; i++) {
			struct prefix p = {.addr = addr_from_v4(i * 7919 % 61), .len = 32},
				      p6 = made_prefix("2001:db8::");
			p6.addr.bytes[15] = (uint8_t)(i * 7919 % 61);
			p6.len = 128;
			struct route_info info = {.table = i % 3, .metric = i % 5, .oif = i, .type = RTN_LOCAL};
			assert_int_equal(host_add_route(h, &p, &info), 0);
			assert_int_equal(host_add_route(h, &p6, &info), 0);
		}
		left = poor ? 0 : ULONG_MAX;
		host_sort(h);
		left = ULONG_MAX;
	}
	assert_memory_equal(sorted[0]->routes4, sorted[1]->routes4, 500 * sizeof *sorted[0]->routes4);
	assert_memory_equal(sorted[0]->routes6, sorted[1]->routes6, 500 * sizeof *sorted[0]->routes6);
	assert_true(sorted[0]->lengths4 == sorted[1]->lengths4);
	host_free(sorted[0]);
	host_free(sorted[1]);
}

// What can't be tried is left out, and a walk itself needs no memory at all.
static void test_remedies(void **state)
{
	(void)state;
	static const char *const binds[] = {"tcp4 9.9.9.9 0", "tcp6 2001:db8::9 0", "tcp4 127.0.0.1 80"};
	for (size_t i = 0; i < 3; i++) {
		struct host *h = made_host(script);
		struct attempt a = made_attempt(h, binds[i]);
		struct remedy fix[REMEDIES];
		struct walk w;
		for (unsigned long n = 0; n < 40; n++) {
			left = n;
			decide(made_facts(h), &a, &w);
			unsigned found = remedies(made_facts(h), &w, fix);
			left = ULONG_MAX;
			assert_true(w.predicted.err != 0 && found > 0);
			for (unsigned r = 0; r < found; r++)
				if (n == 0)
					assert_true(strncmp(fix[r].change, "ip ", 3) != 0);
		}
		host_free(h);
	}
	struct host *h = made_host("lo; link v0; addr 2001:db8::1/64 dev v0 tentative");
	struct attempt a = made_attempt(h, "tcp6 2001:db8::1 0");
	struct remedy fix[REMEDIES];
	struct walk w;
	decide(made_facts(h), &a, &w);
	left = 0;
	unsigned found = remedies(made_facts(h), &w, fix);
	left = ULONG_MAX;
	assert_true(found > 0);
	for (unsigned r = 0; r < found; r++) // it could not be tried
		assert_true(fix[r].kind != REMEDY_WAIT);
	host_free(h);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_new),      cmocka_unit_test(test_copy),  cmocka_unit_test(test_add),
		cmocka_unit_test(test_change),   cmocka_unit_test(test_adopt), cmocka_unit_test(test_sort),
		cmocka_unit_test(test_remedies),
	};
	return cmocka_run_group_tests_name("memory", tests, NULL, NULL);
}
