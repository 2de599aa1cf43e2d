// SPDX-License-Identifier: GPL-3.0-or-later
// Hooks that refuse a bind or change it, each seen by what its function returned: BPF programs of a cgroup, Landlock,
// and seccomp, behind which no function runs. Needs a kernel that lets BPF watch it.
#include <errno.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "core/evidence/merge.h"
#include "core/evidence/witness.h"
#include "core/model/decide.h"
#include "core/model/walk_inner.h"
#include "core/observe/observe.h"
#include "tests/live/live.h"

// The kernel's numbers, for C libraries that do not know them yet.
enum { NR_CREATE_RULESET = 444, NR_RESTRICT_SELF = 446, NET_BIND_TCP = 1 };
enum { OTHER_PORT = 8081, LOW_PORT = 80 };

static struct witness *witness;
static struct host *host;
static struct walk walk;
static int cgroups = -1, cgroup = -1; // the root of them, and our own
static char own_name[32];

static long bpf(enum bpf_cmd cmd, union bpf_attr *attr)
{
	return syscall(SYS_bpf, cmd, attr, sizeof *attr);
}

static bool move_into(int folder)
{
	int procs = openat(folder, "cgroup.procs", O_WRONLY | O_CLOEXEC);
	bool moved = procs >= 0 && write(procs, "0", 1) == 1;
	if (procs >= 0)
		close(procs);
	return moved;
}

static void drop_cgroup(void)
{
	move_into(cgroups);
	close(cgroup);
	unlinkat(cgroups, own_name, AT_REMOVEDIR);
	cgroup = -1;
}

// A cgroup of our own, if it can be had.
static void make_cgroup(void)
{
	char folder[] = "/tmp/bindwalk-cgroup-XXXXXX";
	if (!mkdtemp(folder))
		return;
	if (mount("none", folder, "cgroup2", 0, NULL) == 0) {
		cgroups = open(folder, O_DIRECTORY | O_CLOEXEC);
		umount2(folder, MNT_DETACH);
	}
	rmdir(folder);
	snprintf(own_name, sizeof own_name, "bindwalk-test-%d", (int)getpid());
	if (cgroups >= 0 && mkdirat(cgroups, own_name, 0700) == 0)
		cgroup = openat(cgroups, own_name, O_DIRECTORY | O_CLOEXEC);
	if (cgroup >= 0 && !move_into(cgroup))
		drop_cgroup();
}

// Attaches a program of these instructions; skips the test where the kernel refuses it.
static int attach(enum bpf_prog_type type, enum bpf_attach_type at, const struct bpf_insn *code, size_t n)
{
	union bpf_attr load = {.prog_type = type, .insn_cnt = (uint32_t)n, .expected_attach_type = at};
	load.insns = (uintptr_t)code;
	load.license = (uintptr_t) "GPL";
	int fd = (int)bpf(BPF_PROG_LOAD, &load);
	union bpf_attr put = {.target_fd = (uint32_t)cgroup, .attach_bpf_fd = (uint32_t)fd, .attach_type = at};
	if (cgroup < 0 || fd < 0 || bpf(BPF_PROG_ATTACH, &put) < 0) {
		print_message("# SKIP no BPF program on a cgroup: %s\n", strerror(errno));
		skip();
	}
	return fd;
}

static void detach(enum bpf_attach_type at, int fd)
{
	union bpf_attr off = {.target_fd = (uint32_t)cgroup, .attach_bpf_fd = (uint32_t)fd, .attach_type = at};
	assert_int_equal(bpf(BPF_PROG_DETACH, &off), 0);
	close(fd);
}

static void bind_to(const char *addr, uint16_t port, bool unprivileged, int err)
{
	struct trial t;
	struct seen s;
	const struct attempt a = live_attempt(addr, port);
	decide(live_facts(host, unprivileged), &a, &walk);
	walk.predicted.certain = true; // nobody else is in this namespace
	assert_int_equal(witness_trial(witness, &a, unprivileged ? &live_low : &live_root, &t, &s), 0);
	merge_bind(&t, &s, host, &walk);
	assert_int_equal(t.err, err);
	assert_true(walk.inner.present || walk.inner.not_reached);
}

static void expect(enum inner_hook hook, enum agreement agreement, enum code code)
{
	assert_int_equal(walk_inner_hook(&walk, NULL), hook);
	assert_int_equal(walk.agreement, agreement);
	assert_int_equal(walk.code, code);
	for (unsigned i = 0; i < walk.nsteps; i++)
		assert_false(walk.steps[i].claims[EV_KERNEL].present && walk.steps[i].claims[EV_KERNEL].contradicts);
}

static void nothing_refuses(void **state)
{
	(void)state;
	bind_to("127.0.0.1", 0, false, 0);
	expect(INNER_HOOK_NONE, AGREES, CODE_ADDR_LOCAL);
	bind_to("127.0.0.1", LOW_PORT, true, EACCES); // as an LSM would, but it is the capability
	expect(INNER_HOOK_NONE, AGREES, CODE_PORT_PRIVILEGED);
}

// Registers 0 and 1 are the return value and the context.
#define RETURN(n)                                                                                                      \
	{.code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = 0, .imm = (n)},                                               \
	{                                                                                                              \
		.code = BPF_JMP | BPF_EXIT                                                                             \
	}

static void cgroup_refuses(void **state)
{
	(void)state;
	static const struct bpf_insn refuse[] = {RETURN(0)};
	static const struct {
		const char *addr;
		enum bpf_attach_type at;
	} cases[] = {{"127.0.0.1", BPF_CGROUP_INET4_BIND}, {"::1", BPF_CGROUP_INET6_BIND}};
	for (int i = 0; i < 2; i++) {
		int fd = attach(BPF_PROG_TYPE_CGROUP_SOCK_ADDR, cases[i].at, refuse, 2);
		bind_to(cases[i].addr, 0, false, EPERM);
		expect(INNER_HOOK_CGROUP, HOOK, CODE_HOOK_REFUSED);
		detach(cases[i].at, fd);
	}
}

static void cgroup_refuses_after_port(void **state)
{
	(void)state;
	static const struct bpf_insn refuse[] = {RETURN(0)};
	int fd = attach(BPF_PROG_TYPE_CGROUP_SOCK, BPF_CGROUP_INET4_POST_BIND, refuse, 2);
	bind_to("127.0.0.1", 0, false, EPERM);
	expect(INNER_HOOK_CGROUP_POST, HOOK, CODE_HOOK_REFUSED);
	detach(BPF_CGROUP_INET4_POST_BIND, fd);
}

static void cgroup_rewrites_port(void **state)
{
	(void)state;
	const struct bpf_insn rewrite[] = {
		{.code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = 2, .imm = htons(OTHER_PORT)},
		{.code = BPF_STX | BPF_MEM | BPF_W,
		 .dst_reg = 1,
		 .src_reg = 2,
		 .off = offsetof(struct bpf_sock_addr, user_port)},
		RETURN(1),
	};
	int fd = attach(BPF_PROG_TYPE_CGROUP_SOCK_ADDR, BPF_CGROUP_INET4_BIND, rewrite, 4);
	bind_to("127.0.0.1", LOW_PORT, false, 0);
	expect(INNER_HOOK_CGROUP, HOOK, CODE_HOOK_REWROTE);
	assert_int_equal(walk.observed.port, OTHER_PORT);
	detach(BPF_CGROUP_INET4_BIND, fd);
}

static void cgroup_waives_privilege(void **state)
{
	(void)state;
	static const struct bpf_insn waive[] = {RETURN(3)}; // BPF_RET_BIND_NO_CAP_NET_BIND_SERVICE
	int fd = attach(BPF_PROG_TYPE_CGROUP_SOCK_ADDR, BPF_CGROUP_INET4_BIND, waive, 2);
	bind_to("127.0.0.1", LOW_PORT, true, 0);
	expect(INNER_HOOK_CGROUP, HOOK, CODE_HOOK_WAIVED);
	detach(BPF_CGROUP_INET4_BIND, fd);
}

// It cannot be undone, and so comes last.
static void landlock_refuses(void **state)
{
	(void)state;
	const struct {
		uint64_t fs, net;
	} rules = {.net = NET_BIND_TCP};
	int fd = (int)syscall(NR_CREATE_RULESET, &rules, sizeof rules, 0);
	if (fd < 0 || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 || syscall(NR_RESTRICT_SELF, fd, 0) < 0) {
		print_message("# SKIP no network rules of Landlock: %s\n", strerror(errno));
		skip();
	}
	close(fd);
	bind_to("127.0.0.1", 0, false, EACCES);
	expect(INNER_HOOK_LANDLOCK, HOOK, CODE_HOOK_REFUSED);
}

// Neither can a filter, which answers before the kernel's own code.
static void seccomp_answers(void **state)
{
	(void)state;
	const unsigned answers[] = {0, EPERM};
	for (int i = 0; i < 2; i++) { // of two filters the later one counts
		struct sock_filter code[] = {
			BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
			BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_bind, 0, 1),
			BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | answers[i]),
			BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
		};
		struct sock_fprog program = {.len = sizeof code / sizeof *code, .filter = code};
		if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 ||
		    prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) < 0)
			skip();
		bind_to("127.0.0.1", 0, false, (int)answers[i]);
		expect(INNER_HOOK_BEFORE, HOOK, i ? CODE_HOOK_REFUSED : CODE_HOOK_FAKED);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_refuses),           cmocka_unit_test(cgroup_refuses),
		cmocka_unit_test(cgroup_refuses_after_port), cmocka_unit_test(cgroup_rewrites_port),
		cmocka_unit_test(cgroup_waives_privilege),   cmocka_unit_test(landlock_refuses),
		cmocka_unit_test(seccomp_answers),
	};
	char err[WITNESS_ERROR] = "";
	struct observer *o;
	if (!live_enter())
		return 0;
	if (witness_open(&witness, err, sizeof err) < 0 || witness_without(witness)[0]) {
		printf("1..0 # SKIP no witness by BPF: %s\n", witness ? witness_without(witness) : err);
		witness_close(witness);
		return 0;
	}
	if (observe_open(&o, err, sizeof err) < 0 || observe_read(o, &host, err, sizeof err) < 0) {
		printf("1..0 # SKIP %s\n", err);
		return 0;
	}
	make_cgroup();
	int failed = cmocka_run_group_tests(tests, NULL, NULL);
	if (cgroup >= 0)
		drop_cgroup();
	host_free(host);
	observe_close(o);
	witness_close(witness);
	return failed;
}
