// SPDX-License-Identifier: GPL-3.0-or-later
// The parsers for a process: status texts, id maps, file capabilities.
// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
// clang-format on

#include <errno.h>
#include <linux/capability.h>
#include <string.h>

#include "core/observe/cap_lack.h"
#include "core/observe/credentials.h"
#include "core/observe/id_map.h"

#define HEAD     "Name:\tweb server\nUmask:\t0022\nState:\tS (sleeping)\n"
#define IDS_PART "Uid:\t1\t2\t3\t4\nGid:\t5\t6\t7\t8\nFDSize:\t64\nGroups:\t9 10 4294967294 \n"
#define CAPS                                                                                                           \
	"CapInh:\t0000000000000001\nCapPrm:\t0000000000000002\nCapEff:\t0000000000000400\nCapBnd:\t000001ffffffffff\n"

static void test_status(void **state)
{
	(void)state;
	static struct credentials c;
	uint32_t gid, groups[4];
	size_t n = 0;
	assert_int_equal(credentials_parse(HEAD IDS_PART CAPS "CapAmb:\t0000000000000010\nNoNewPrivs:\t1\nSeccomp:\t2\n"
							      "Seccomp_filters:\t3\n",
					   &c),
			 0);
	assert_string_equal(c.comm, "web server");
	assert_int_equal(c.state, 'S');
	for (uint32_t i = 0; i < IDS; i++) {
		assert_int_equal(c.uid[i], 1 + i);
		assert_int_equal(c.gid[i], 5 + i);
	}
	for (const char *at = c.groups; credentials_next_group(&at, &gid);)
		groups[n++] = gid;
	assert_int_equal(n, 3);
	assert_true(groups[0] == 9 && groups[1] == 10 && groups[2] == 4294967294);
	assert_true(c.inheritable == 1 && c.permitted == 2 && c.effective == 1U << CAP_NET_BIND_SERVICE &&
		    c.ambient == 16 && c.bounding == 0x1ffffffffff);
	assert_true(c.no_new_privs && c.seccomp == YES && c.filters == 3);
	// Older kernels have less lines.
	assert_int_equal(credentials_parse(HEAD IDS_PART CAPS, &c), 0);
	assert_true(c.ambient == 0 && !c.no_new_privs && c.seccomp == NO && c.filters == 0);
}

static void test_no_status(void **state)
{
	(void)state;
	static struct credentials c;
	static const char *const texts[] = {
		"",
		"Name:",
		HEAD,
		HEAD IDS_PART,
		HEAD CAPS,
		HEAD "Uid:\t1\t2\t3\nGid:\t5\t6\t7\t8\nGroups:\t\n" CAPS,
		HEAD IDS_PART "CapInh:\tx\nCapPrm:\t0\nCapEff:\t0\nCapBnd:\t0\n",
	};
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		assert_int_equal(credentials_parse(texts[i], &c), -EBADMSG);
}

static void test_same_groups(void **state)
{
	(void)state;
	static struct credentials a, b;
	static const struct {
		const char *groups;
		bool same;
	} cases[] = {{"9 10 4294967294", true},
		     {"9 10", false},
		     {"9 10 4294967294 4294967295", false},
		     {"9 11 4294967294", false},
		     {"", false}};
	assert_int_equal(credentials_parse(HEAD IDS_PART CAPS, &a), 0);
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		b = a;
		b.groups = cases[i].groups;
		assert_int_equal(credentials_same_groups(&a, &b), cases[i].same);
		assert_int_equal(credentials_same_groups(&b, &a), cases[i].same);
	}
	b = a;
	b.gid[ID_FS]++;
	assert_false(credentials_same_groups(&a, &b));
}

static void test_map(void **state)
{
	(void)state;
	struct id_map m;
	assert_int_equal(id_map_parse("         0          0 4294967295\n", &m), 0);
	assert_true(id_map_is_whole(&m));
	assert_int_equal(id_map_extent(&m, 0), 0);
	assert_int_equal(id_map_extent(&m, 4294967294), 0);
	assert_int_equal(id_map_extent(&m, 4294967295), -1);
	assert_int_equal(id_map_parse("0 1000 1\n1 100000 65536\n", &m), 0);
	assert_false(id_map_is_whole(&m));
	assert_int_equal(id_map_outside(&m, 0), 1000);
	assert_int_equal(id_map_outside(&m, 34), 100033);
	assert_int_equal(id_map_outside(&m, 70000), 70000);
	assert_int_equal(id_map_extent(&m, 0), 0);
	assert_int_equal(id_map_extent(&m, 1), 1);
	assert_int_equal(id_map_extent(&m, 65536), 1);
	assert_int_equal(id_map_extent(&m, 65537), -1);
	assert_int_equal(id_map_parse("", &m), 0); // before it was written
	assert_int_equal(id_map_extent(&m, 0), -1);
	assert_int_equal(id_map_parse("0 1000\n", &m), -EBADMSG);
}

static void test_file(void **state)
{
	(void)state;
	const uint32_t bind = 1U << CAP_NET_BIND_SERVICE;
	struct vfs_ns_cap_data d = {.magic_etc = VFS_CAP_REVISION_2 | VFS_CAP_FLAGS_EFFECTIVE,
				    .data[0].permitted = bind};
	assert_true(cap_in_file(&d, XATTR_CAPS_SZ_2, CAP_NET_BIND_SERVICE));
	assert_false(cap_in_file(&d, XATTR_CAPS_SZ_2, CAP_NET_RAW));
	assert_false(cap_in_file(&d, XATTR_CAPS_SZ_3, CAP_NET_BIND_SERVICE)); // of another length than it says
	assert_false(cap_in_file(&d, 4, CAP_NET_BIND_SERVICE));
	d.magic_etc = VFS_CAP_REVISION_3;
	assert_true(cap_in_file(&d, XATTR_CAPS_SZ_3, CAP_NET_BIND_SERVICE));
	d.data[1].permitted = 1U << (CAP_BPF - 32);
	assert_true(cap_in_file(&d, XATTR_CAPS_SZ_3, CAP_BPF));
	d.magic_etc = VFS_CAP_REVISION_1;
	assert_true(cap_in_file(&d, XATTR_CAPS_SZ_1, CAP_NET_BIND_SERVICE));
	assert_false(cap_in_file(&d, XATTR_CAPS_SZ_1, CAP_BPF));
	d.magic_etc = 0;
	assert_false(cap_in_file(&d, XATTR_CAPS_SZ_2, CAP_NET_BIND_SERVICE));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_status), cmocka_unit_test(test_no_status), cmocka_unit_test(test_same_groups),
		cmocka_unit_test(test_map),    cmocka_unit_test(test_file),
	};
	return cmocka_run_group_tests_name("credentials", tests, NULL, NULL);
}
