// SPDX-License-Identifier: GPL-3.0-or-later
// Rings as the kernel fills them, and as it never should.
// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
// clang-format on

#include <errno.h>
#include <string.h>

#include "core/evidence/perf_ring.h"

enum { SIZE = 4096 };

static struct perf_event_mmap_page page;
static uint8_t data[SIZE];
static struct perf_ring ring;
static struct perf_record record;

static int set_up(void **state)
{
	(void)state;
	memset(&page, 0, sizeof page);
	memset(data, 0, sizeof data);
	ring = (struct perf_ring){.page = &page, .data = data, .size = SIZE};
	return 0;
}

static void put(const void *bytes, size_t len)
{
	for (size_t i = 0; i < len; i++)
		data[page.data_head++ % SIZE] = ((const uint8_t *)bytes)[i];
}

static void write_record(uint32_t type, uint16_t size, uint8_t fill)
{
	struct perf_event_header header = {.type = type, .size = size};
	put(&header, sizeof header);
	for (size_t i = sizeof header; i < size; i++)
		put(&fill, 1);
}

static void expect_next(uint32_t type, size_t len, uint8_t fill)
{
	assert_int_equal(perf_ring_next(&ring, &record), 1);
	assert_int_equal(record.type, type);
	assert_int_equal(record.len, len);
	for (size_t i = 0; i < len; i++)
		assert_int_equal(record.body[i], fill);
}

static void test_rounds(void **state)
{
	(void)state;
	for (int i = 0; i < 1000; i++) {
		write_record(PERF_RECORD_SAMPLE, 104, (uint8_t)i);
		write_record(PERF_RECORD_COMM, 56, 7);
		assert_true(perf_ring_begin(&ring));
		assert_true(perf_ring_has(&ring, PERF_RECORD_COMM));
		assert_false(perf_ring_has(&ring, PERF_RECORD_LOST));
		expect_next(PERF_RECORD_SAMPLE, 96, (uint8_t)i);
		write_record(PERF_RECORD_FORK, 48, 9); // has to wait
		expect_next(PERF_RECORD_COMM, 48, 7);
		assert_int_equal(perf_ring_next(&ring, &record), 0);
		perf_ring_end(&ring);
		assert_int_equal(page.data_head - page.data_tail, 48);
		assert_true(perf_ring_begin(&ring));
		expect_next(PERF_RECORD_FORK, 40, 9);
		perf_ring_end(&ring);
		assert_int_equal(page.data_head, page.data_tail);
	}
}

static void test_full(void **state)
{
	(void)state;
	while (page.data_head + 104 <= SIZE)
		write_record(PERF_RECORD_SAMPLE, 104, 1);
	assert_false(perf_ring_begin(&ring));
	while (perf_ring_next(&ring, &record) > 0) {
	}
	perf_ring_end(&ring);
	write_record(PERF_RECORD_LOST, 24, 1);
	assert_true(perf_ring_begin(&ring));
	assert_true(perf_ring_has(&ring, PERF_RECORD_LOST));
}

static void test_long(void **state)
{
	(void)state;
	write_record(PERF_RECORD_SAMPLE, 2048, 5);
	write_record(PERF_RECORD_SAMPLE, 8, 0);
	perf_ring_begin(&ring);
	expect_next(PERF_RECORD_SAMPLE, sizeof record.body, 5);
	expect_next(PERF_RECORD_SAMPLE, 0, 0);
	assert_int_equal(perf_ring_next(&ring, &record), 0);
}

static void test_nonsense(void **state)
{
	(void)state;
	static const uint16_t sizes[] = {0, 7, 400};
	for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
		struct perf_event_header header = {.type = PERF_RECORD_SAMPLE, .size = sizes[i]};
		put(&header, sizeof header);
		write_record(PERF_RECORD_SAMPLE, 80, 3);
		perf_ring_begin(&ring);
		assert_false(perf_ring_has(&ring, PERF_RECORD_LOST));
		assert_int_equal(perf_ring_next(&ring, &record), -EBADMSG);
		assert_int_equal(perf_ring_next(&ring, &record), 0);
		perf_ring_end(&ring);
		write_record(PERF_RECORD_SAMPLE, 80, 4);
		perf_ring_begin(&ring);
		expect_next(PERF_RECORD_SAMPLE, 72, 4);
		perf_ring_end(&ring);
	}
}

static void test_take(void **state)
{
	(void)state;
	struct perf_record r = {.len = 12};
	uint64_t n;
	uint32_t m;
	size_t at = 0;
	memset(r.body, 1, r.len);
	assert_true(perf_record_take(&r, &at, &n, sizeof n));
	assert_int_equal(n, 0x0101010101010101);
	assert_false(perf_record_take(&r, &at, &n, sizeof n));
	assert_true(perf_record_take(&r, &at, &m, sizeof m));
	assert_false(perf_record_take(&r, &at, &m, 1));
	at = 13;
	assert_false(perf_record_take(&r, &at, &m, 0));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_rounds, set_up), cmocka_unit_test_setup(test_full, set_up),
		cmocka_unit_test_setup(test_long, set_up),   cmocka_unit_test_setup(test_nonsense, set_up),
		cmocka_unit_test_setup(test_take, set_up),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
