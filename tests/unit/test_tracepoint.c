// SPDX-License-Identifier: GPL-3.0-or-later
// Formats of tracepoints as kernels write them, and records that are shorter than they promise.
// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
// clang-format on

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "core/evidence/tracepoint.h"

static const char lookup[] = "name: fib_table_lookup\n"
			     "ID: 2264\n"
			     "format:\n"
			     "\tfield:unsigned short common_type;\toffset:0;\tsize:2;\tsigned:0;\n"
			     "\tfield:unsigned char common_flags;\toffset:2;\tsize:1;\tsigned:0;\n"
			     "\n"
			     "\tfield:u32 tb_id;\toffset:8;\tsize:4;\tsigned:0;\n"
			     "\tfield:int err;\toffset:12;\tsize:4;\tsigned:1;\n"
			     "\tfield:__u8 dst[4];\toffset:16;\tsize:4;\tsigned:0;\n"
			     "\tfield:char name[16];\toffset:20;\tsize:16;\tsigned:0;\n"
			     "\tfield:struct sockaddr * umyaddr;\toffset:40;\tsize:8;\tsigned:0;\n"
			     "\tfield:__data_loc char[] where;\toffset:36;\tsize:4;\tsigned:0;\n"
			     "\tfield:s16 tiny;\toffset:48;\tsize:2;\tsigned:1;\n"
			     "\tfield:s8 least;\toffset:50;\tsize:1;\tsigned:1;\n"
			     "\n"
			     "print fmt: \"table %u ==> dev %s ID: 7\", REC->tb_id, REC->name\n";

struct record {
	uint16_t type;
	uint8_t flags, pad[5];
	uint32_t table;
	int32_t err;
	uint8_t dst[4];
	char name[16];
	uint32_t where;
	uint64_t pointer;
	int16_t tiny;
	int8_t least;
	char text[9];
};

static struct tracepoint point;

static const struct trace_field *field(const char *name)
{
	const struct trace_field *f = tracepoint_field(&point, name);
	assert_non_null(f);
	return f;
}

static int set_up(void **state)
{
	(void)state;
	return tracepoint_parse(lookup, &point);
}

static void test_parse(void **state)
{
	(void)state;
	assert_int_equal(point.id, 2264);
	assert_int_equal(point.nfields, 10);
	assert_int_equal(field("dst")->offset, 16);
	assert_int_equal(field("dst")->size, 4);
	assert_true(field("err")->is_signed);
	assert_false(field("tb_id")->is_signed);
	assert_true(field("where")->located);
	assert_false(field("name")->located);
	assert_int_equal(field("umyaddr")->size, 8);
	assert_null(tracepoint_field(&point, "nam"));
}

static void test_read(void **state)
{
	(void)state;
	struct record r = {.type = 2264, .table = 0xffffffff, .err = -11, .dst = {192, 0, 2, 1}, .name = "eth0"};
	char text[16];
	uint8_t dst[4];
	int64_t n;
	r.where = 6u << 16 | offsetof(struct record, text);
	r.tiny = -300;
	r.least = -3;
	r.pointer = UINT64_MAX;
	memcpy(r.text, "behind", 6);

	assert_true(trace_number(field("common_type"), &r, sizeof r, &n));
	assert_int_equal(n, 2264);
	assert_true(trace_number(field("tb_id"), &r, sizeof r, &n));
	assert_int_equal(n, 0xffffffff);
	assert_true(trace_number(field("err"), &r, sizeof r, &n));
	assert_int_equal(n, -11);
	assert_true(trace_number(field("tiny"), &r, sizeof r, &n));
	assert_int_equal(n, -300);
	assert_true(trace_number(field("least"), &r, sizeof r, &n));
	assert_int_equal(n, -3);
	assert_true(trace_number(field("common_flags"), &r, sizeof r, &n));
	assert_true(trace_number(field("umyaddr"), &r, sizeof r, &n));
	assert_int_equal(n, -1);
	assert_true(trace_bytes(field("dst"), &r, sizeof r, dst, sizeof dst));
	assert_memory_equal(dst, r.dst, sizeof dst);
	assert_true(trace_text(field("name"), &r, sizeof r, text, sizeof text));
	assert_string_equal(text, "eth0");
	assert_true(trace_text(field("where"), &r, sizeof r, text, sizeof text));
	assert_string_equal(text, "behind");
	assert_true(trace_text(field("where"), &r, sizeof r, text, 4));
	assert_string_equal(text, "beh");
}

static void test_short(void **state)
{
	(void)state;
	struct record r = {0};
	char text[32];
	uint8_t dst[4];
	int64_t n;
	memcpy(r.name, "0123456789abcdef", sizeof r.name);
	assert_false(trace_number(field("err"), &r, 15, &n));
	assert_true(trace_number(field("err"), &r, 16, &n));
	assert_false(trace_bytes(field("dst"), &r, 19, dst, sizeof dst));
	assert_false(trace_text(field("name"), &r, 35, text, sizeof text));
	assert_true(trace_text(field("name"), &r, 36, text, sizeof text)); // no NUL within
	assert_string_equal(text, "0123456789abcdef");
	assert_false(trace_text(field("name"), &r, sizeof r, text, 0));

	// The record itself says where the text is, so it may lie.
	assert_false(trace_text(field("where"), &r, 39, text, sizeof text));
	r.where = 0xffffu << 16 | 50;
	assert_false(trace_text(field("where"), &r, sizeof r, text, sizeof text));
	r.where = 4u << 16 | 0xffff;
	assert_false(trace_text(field("where"), &r, sizeof r, text, sizeof text));
}

static void test_other_kind(void **state)
{
	(void)state;
	struct record r = {0};
	uint8_t bytes[16];
	int64_t n;
	assert_false(trace_number(field("name"), &r, sizeof r, &n));
	assert_false(trace_number(field("where"), &r, sizeof r, &n));
	assert_false(trace_bytes(field("dst"), &r, sizeof r, bytes, sizeof bytes));
	assert_false(trace_number(&(struct trace_field){.size = 3}, &r, sizeof r, &n));
	assert_false(trace_number(&(struct trace_field){.size = 0}, &r, sizeof r, &n));
}

static void test_no_format(void **state)
{
	(void)state;
	static const char *const texts[] = {
		"",
		"\n",
		"name: x\nID: 5\nformat:\n",
		"\tfield:int err;\toffset:12;\tsize:4;\tsigned:1;\n",
		"ID: 0\n\tfield:int err;\toffset:12;\tsize:4;\tsigned:1;\n",
		"ID: 65536\n\tfield:int err;\toffset:12;\tsize:4;\tsigned:1;\n",
		"ID: 5\n\tfield:int err\toffset:12\n",
		"ID: 5\n\tfield:;\toffset:12;\tsize:4;\tsigned:1;\n",
		"ID: 5\n\tfield:int [4];\toffset:12;\tsize:4;\tsigned:1;\n",
		"ID: 5\n\tfield:int a_name_of_more_than_thirty_one_bytes;\toffset:12;\tsize:4;\tsigned:1;\n",
		"ID: 5\n\tfield:int err;\toffset:999999;\tsize:4;\tsigned:1;\n",
	};
	struct tracepoint t;
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		assert_int_equal(tracepoint_parse(texts[i], &t), -EINVAL);
}

static void test_many_fields(void **state)
{
	(void)state;
	char text[8192];
	size_t used = (size_t)snprintf(text, sizeof text, "ID: 5\n");
	for (int i = 0; i < TRACE_FIELDS + 9; i++)
		used += (size_t)snprintf(text + used, sizeof text - used,
					 "\tfield:int f%d;\toffset:12;\tsize:4;\tsigned:1;\n", i);
	struct tracepoint t;
	assert_int_equal(tracepoint_parse(text, &t), 0);
	assert_int_equal(t.nfields, TRACE_FIELDS);
	assert_non_null(tracepoint_field(&t, "f31"));
	assert_null(tracepoint_field(&t, "f32"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_parse),      cmocka_unit_test(test_read),      cmocka_unit_test(test_short),
		cmocka_unit_test(test_other_kind), cmocka_unit_test(test_no_format), cmocka_unit_test(test_many_fields),
	};
	return cmocka_run_group_tests(tests, set_up, NULL);
}
