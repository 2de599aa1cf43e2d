// SPDX-License-Identifier: GPL-3.0-or-later
// Why a program is not traced, and what a trace takes away: from facts that are made up.
// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
// clang-format on

#include <errno.h>
#include <linux/audit.h>
#include <linux/capability.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stdlib.h>
#include <string.h>

#include "core/trace/call_filter.h"
#include "core/trace/file_privilege.h"
#include "core/trace/trace_refusal.h"

static void expect_known(const struct trace_facts *f, const char *word)
{
	char err[320] = "";
	assert_true(trace_refusal_known(f, err, sizeof err));
	if (!strstr(err, word))
		fail_msg("'%s' does not have '%s'", err, word);
	assert_null(strchr(err, '\n'));
}

static void expect_said(const struct trace_facts *f, int error, const char *word)
{
	char err[320] = "";
	assert_false(trace_refusal_known(f, err, sizeof err));
	trace_refusal_say(f, error, err, sizeof err);
	if (!strstr(err, word))
		fail_msg("'%s' does not have '%s'", err, word);
	assert_null(strchr(err, '\n'));
	assert_true(strlen(err) < 200);
}

static void test_what_it_is(void **state)
{
	(void)state;
	expect_known(&(struct trace_facts){.pid = 7, .missing = true}, "no process 7");
	expect_known(&(struct trace_facts){.pid = 7, .of_kernel = true, .program = "kthreadd"}, "7 (kthreadd)");
	expect_known(&(struct trace_facts){.pid = 7, .tgid = 5}, "-p 5");
	expect_known(&(struct trace_facts){.pid = 7, .zombie = true}, "zombie");
	expect_known(&(struct trace_facts){.pid = 7, .ourselves = true}, "itself");
	expect_known(&(struct trace_facts){.pid = 7, .started_us = true}, "another terminal");
	expect_known(&(struct trace_facts){.pid = 7, .tracer = 9, .tracer_program = "gdb"}, "9 (gdb)");
}

static void test_who_it_is(void **state)
{
	(void)state;
	struct trace_facts f = {.pid = 7, .other_user = true};
	expect_said(&f, EPERM, "another user");
	expect_said(&f, EPERM, "sudo bindwalk trace -p 7");
	expect_said(&(struct trace_facts){.pid = 7, .more_capabilities = true}, EPERM, "capabilities that you lack");
	expect_said(&(struct trace_facts){.pid = 7, .hidden = true}, EPERM, "set-uid");
	expect_said(&(struct trace_facts){.pid = 7, .other_user_ns = YES}, EPERM, "user namespace");
	// What has another reason is not put on these.
	f = (struct trace_facts){.pid = 7, .other_user = true, .capable = true, .filtered = true};
	expect_said(&f, EPERM, "seccomp filter");
	expect_said(&f, ESRCH, "has ended");
	expect_said(&f, ENOMEM, "ENOMEM");
	expect_said(&(struct trace_facts){.pid = 7}, EPERM, "security module");
}

static void test_yama(void **state)
{
	(void)state;
	expect_said(&(struct trace_facts){.pid = 7, .yama = 1}, EPERM, "ptrace_scope is 1");
	expect_said(&(struct trace_facts){.pid = 7, .yama = 1, .from_us = true}, EPERM, "security module");
	expect_said(&(struct trace_facts){.pid = 7, .yama = 2}, EPERM, "ptrace_scope is 2");
	expect_said(&(struct trace_facts){.pid = 7, .yama = 2, .launched = true, .from_us = true}, EPERM, "--user");
	expect_said(&(struct trace_facts){.pid = 7, .yama = 2, .capable = true}, EPERM, "security module");
	expect_said(&(struct trace_facts){.pid = 7, .yama = 3, .capable = true}, EPERM, "ptrace_scope is 3");
}

// A file's attribute, as the kernel's headers have it.
static uint64_t gain(uint32_t revision, uint64_t permitted, uint32_t rootid, const struct credentials *c, uint32_t root)
{
	struct vfs_ns_cap_data data = {
		.magic_etc = htole32(revision | VFS_CAP_FLAGS_EFFECTIVE),
		.data = {{htole32((uint32_t)permitted), 0}, {htole32((uint32_t)(permitted >> 32)), 0}},
		.rootid = htole32(rootid)};
	size_t len = revision == VFS_CAP_REVISION_3 ? XATTR_CAPS_SZ_3 : XATTR_CAPS_SZ_2;
	return file_capabilities_gain(&data, len, c, root);
}

static void test_file_capabilities(void **state)
{
	(void)state;
	const uint64_t bind = UINT64_C(1) << CAP_NET_BIND_SERVICE, bpf = UINT64_C(1) << CAP_BPF;
	struct credentials *c = calloc(1, sizeof *c);
	assert_non_null(c);
	c->bounding = UINT64_MAX;
	assert_int_equal(gain(VFS_CAP_REVISION_2, bind, 0, c, 0), bind);
	assert_int_equal(gain(VFS_CAP_REVISION_2, bpf, 0, c, 0), bpf);
	// One of a namespace's root counts there only.
	assert_int_equal(gain(VFS_CAP_REVISION_3, bind, 1000, c, 0), 0);
	assert_int_equal(gain(VFS_CAP_REVISION_3, bind, 1000, c, 1000), bind);
	c->permitted = bind;
	assert_int_equal(gain(VFS_CAP_REVISION_2, bind | bpf, 0, c, 0), bpf);
	c->bounding = bind;
	assert_int_equal(gain(VFS_CAP_REVISION_2, bind | bpf, 0, c, 0), 0);
	assert_int_equal(file_capabilities_gain("x", 1, c, 0), 0);
	free(c);
}

enum { X86 = AUDIT_ARCH_X86_64 };

static void test_filters(void **state)
{
	(void)state;
	const struct sock_filter named[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, arch)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)X86, 1, 0),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 100, 2, 0),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 49, 1, 0),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
	};
	const size_t n = sizeof named / sizeof *named;
	assert_true(call_filter_may_refuse(named, n, (uint32_t)X86, 49));
	assert_true(call_filter_may_refuse(named, n, (uint32_t)X86, 101));
	assert_false(call_filter_may_refuse(named, n, (uint32_t)X86, 50));
	assert_true(call_filter_may_refuse(named, n, AUDIT_ARCH_I386, 50));
	// By an argument: not known.
	const struct sock_filter argument[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, args)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 3, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_USER_NOTIF),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_LOG),
	};
	assert_true(call_filter_may_refuse(argument, 4, (uint32_t)X86, 49));
	assert_false(call_filter_may_refuse(argument + 3, 1, (uint32_t)X86, 49));
	// Rubbish from another's memory stays within.
	const struct sock_filter wild[] = {BPF_STMT(BPF_JMP | BPF_JA, UINT32_MAX),
					   BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_X, 1, 255, 255)};
	call_filter_may_refuse(wild, 2, (uint32_t)X86, 49);
	call_filter_may_refuse(wild + 1, 1, (uint32_t)X86, 49);
	assert_true(call_filter_may_refuse(wild, 0, (uint32_t)X86, 49));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_it_is),        cmocka_unit_test(test_who_it_is), cmocka_unit_test(test_yama),
		cmocka_unit_test(test_file_capabilities), cmocka_unit_test(test_filters),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
