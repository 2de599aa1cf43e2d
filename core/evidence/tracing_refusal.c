// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/evidence/tracing_refusal.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <linux/capability.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "core/evidence/unseen_mount.h"
#include "core/model/fail.h"

enum { FIRST_USER_NS = 0xEFFFFFFD }; // the inode of the user namespace that is there from the start
enum { SUSPECTS = 256 };

// What a file of the kernel says, "" where it can't be read. `dir` is where a relative path starts.
static void read_text(int dir, const char *path, char *buf, size_t buflen)
{
	int fd = openat(dir, path, O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? -1 : read(fd, buf, buflen - 1);
	if (fd >= 0)
		close(fd);
	buf[n > 0 ? n : 0] = '\0';
}

static void read_security(const char *name, char *buf, size_t buflen)
{
	char path[64];
	snprintf(path, sizeof path, "/sys/kernel/security/%s", name);
	read_text(AT_FDCWD, path, buf, buflen);
	int dir = buf[0] ? -1 : unseen_mount("securityfs");
	if (dir < 0)
		return;
	read_text(dir, name, buf, buflen);
	close(dir);
}

bool lockdown_is_confidential(void)
{
	char text[128];
	read_security("lockdown", text, sizeof text);
	return strstr(text, "[confidentiality]");
}

static bool has_capability(unsigned cap)
{
	struct __user_cap_header_struct head = {.version = _LINUX_CAPABILITY_VERSION_3};
	struct __user_cap_data_struct sets[_LINUX_CAPABILITY_U32S_3] = {0};
	return syscall(SYS_capget, &head, sets) == 0 && sets[cap / 32].effective >> cap % 32 & 1;
}

static bool in_user_namespace(void)
{
	struct stat ns;
	return stat("/proc/self/ns/user", &ns) == 0 && ns.st_ino != FIRST_USER_NS;
}

__attribute__((format(printf, 2, 3))) static void add(char *list, const char *fmt, ...)
{
	size_t used = strlen(list);
	va_list args;
	if (used)
		used += (size_t)snprintf(list + used, SUSPECTS - used, ", ");
	va_start(args, fmt);
	if (used < SUSPECTS)
		vsnprintf(list + used, SUSPECTS - used, fmt, args);
	va_end(args);
}

static void suspect_lockdown(char *list)
{
	char text[128];
	read_security("lockdown", text, sizeof text);
	char *mode = strchr(text, '['), *end = mode ? strchr(mode, ']') : NULL;
	if (!end)
		return;
	*end = '\0';
	if (strcmp(mode, "[none") != 0)
		add(list, "kernel lockdown (%s)", mode + 1);
}

static bool confined_by_apparmor(void)
{
	char label[64];
	read_text(AT_FDCWD, "/proc/self/attr/apparmor/current", label, sizeof label);
	return strncmp(label, "unconfined", strlen("unconfined")) != 0;
}

// The security modules that can refuse bpf(), perf_event_open() or a capability.
static void suspect_modules(char *list)
{
	char text[256], *save = NULL;
	read_security("lsm", text, sizeof text);
	if (!text[0])
		add(list, "a security module (none can be seen without CAP_SYS_ADMIN)");
	for (char *name = strtok_r(text, ",\n", &save); name; name = strtok_r(NULL, ",\n", &save)) {
		if (strcmp(name, "bpf") == 0)
			add(list, "a program of the security module bpf");
		else if (strcmp(name, "selinux") == 0 || (strcmp(name, "apparmor") == 0 && confined_by_apparmor()))
			add(list, "the security module %s", name);
	}
}

static void suspect_filter(char *list)
{
	char text[4096];
	read_text(AT_FDCWD, "/proc/self/status", text, sizeof text);
	const char *mode = strstr(text, "\nSeccomp:");
	if (mode && strtol(mode + strlen("\nSeccomp:"), NULL, 10) > 0)
		add(list, "the seccomp filter of this process");
}

// Kernels before 5.11 count maps and programs as locked memory, and have no other word than EPERM for it.
static bool limits_memory(void)
{
	struct utsname kernel;
	struct rlimit limit;
	int major, minor;
	return uname(&kernel) == 0 && sscanf(kernel.release, "%d.%d", &major, &minor) == 2 &&
	       (major < 5 || (major == 5 && minor < 11)) && getrlimit(RLIMIT_MEMLOCK, &limit) == 0 &&
	       limit.rlim_cur != RLIM_INFINITY;
}

// The kernel's errno for a map of so many bytes, 0 for success.
static int try_map(uint32_t bytes)
{
	union bpf_attr attr = {
		.map_type = BPF_MAP_TYPE_ARRAY, .key_size = sizeof(uint32_t), .value_size = bytes, .max_entries = 1};
	int fd = (int)syscall(SYS_bpf, BPF_MAP_CREATE, &attr, sizeof attr);
	if (fd < 0)
		return errno;
	close(fd);
	return 0;
}

// And for a program that sees nothing of the kernel.
static int try_program(void)
{
	const struct bpf_insn return_0[] = {{.code = BPF_ALU64 | BPF_MOV | BPF_K}, {.code = BPF_JMP | BPF_EXIT}};
	union bpf_attr attr = {.prog_type = BPF_PROG_TYPE_SOCKET_FILTER,
			       .insns = (uintptr_t)return_0,
			       .insn_cnt = sizeof return_0 / sizeof *return_0,
			       .license = (uintptr_t) "GPL"};
	int fd = (int)syscall(SYS_bpf, BPF_PROG_LOAD, &attr, sizeof attr);
	if (fd < 0)
		return errno;
	close(fd);
	return 0;
}

// Says what was seen, and what may stand behind it.
static int refuse(int code, const char *what, const char *suspects, char *err, size_t errlen)
{
	return fail(code, err, errlen, "%s (%s); %s%s%s", what, strerror(-code),
		    suspects[0] ? "possible reasons here: " : "Bindwalk sees no reason for it", suspects,
		    suspects[0] ? "; it may work without them" : "");
}

static int refuse_otherwise(int code, const char *words, char *err, size_t errlen)
{
	if (lockdown_is_confidential())
		return fail(code, err, errlen,
			    "the kernel is locked down (confidentiality): no BPF program may read its memory; boot it "
			    "without lockdown=confidentiality");
	return fail(code, err, errlen, "the kernel refuses the BPF programs: %s%s%.200s", strerror(-code),
		    words[0] ? ": " : "", words);
}

// What the caller lacks, whatever else may be: 0 where it lacks nothing.
static int refuse_caller(int code, const char *what, bool with_bpf, char *err, size_t errlen)
{
	const char *needs = with_bpf ? "CAP_BPF and CAP_PERFMON" : "CAP_PERFMON";
	bool admin = has_capability(CAP_SYS_ADMIN), bpf = admin || !with_bpf || has_capability(CAP_BPF),
	     perfmon = admin || has_capability(CAP_PERFMON);
	if (!bpf || !perfmon)
		return fail(code, err, errlen, "%s need %s, or root: this process lacks %s", what, needs,
			    bpf       ? "CAP_PERFMON"
			    : perfmon ? "CAP_BPF"
				      : "both");
	if (in_user_namespace())
		return fail(code, err, errlen,
			    "%s need %s outside of any user namespace; this process is inside of one", what, needs);
	return 0;
}

// bpf() itself is refused.
static int refuse_call(int code, char *err, size_t errlen)
{
	char suspects[SUSPECTS] = "";
	suspect_filter(suspects);
	if (limits_memory())
		add(suspects, "its limit of locked memory (ulimit -l)");
	suspect_modules(suspects);
	return refuse(code, "the kernel refuses bpf() although this process has CAP_BPF and CAP_PERFMON", suspects, err,
		      errlen);
}

// Of a program a seccomp filter sees no more than where it is.
static int refuse_kind(int code, char *err, size_t errlen)
{
	char suspects[SUSPECTS] = "";
	suspect_lockdown(suspects);
	suspect_modules(suspects);
	return refuse(code, "the kernel takes other BPF programs, but none that traces its functions", suspects, err,
		      errlen);
}

static int refuse_tracing(int code, const char *words, char *err, size_t errlen)
{
	enum { LITTLE = 8, MUCH = 1 << 20 };
	if (refuse_caller(code, "BPF programs", true, err, errlen) < 0)
		return code;
	if (try_map(LITTLE) != 0 || try_program() != 0)
		return refuse_call(code, err, errlen);
	if (limits_memory() && try_map(MUCH) == EPERM)
		return fail(code, err, errlen,
			    "BPF programs need more locked memory than this process may have: ulimit -l unlimited");
	if (code == -EACCES) // the word of the verifier, too
		return refuse_otherwise(code, words, err, errlen);
	return refuse_kind(code, err, errlen);
}

// It may also be hidden by a filter.
static int refuse_missing(const char *what, char *err, size_t errlen)
{
	char suspects[SUSPECTS] = "";
	suspect_filter(suspects);
	return fail(-ENOSYS, err, errlen, "this kernel has no %s%s%s", what, suspects[0] ? ", or it is hidden by " : "",
		    suspects);
}

int tracing_refusal(int code, const char *words, char *err, size_t errlen)
{
	switch (code) {
	case -EPERM:
	case -EACCES:
		return refuse_tracing(code, words, err, errlen);
	case -ENOSYS:
		return refuse_missing("BPF (CONFIG_BPF_SYSCALL)", err, errlen);
	case -ENOMEM:
		return fail(code, err, errlen,
			    "no memory for BPF programs; where it is the limit of locked memory: ulimit -l unlimited");
	case -EMFILE:
		return fail(code, err, errlen,
			    "BPF programs need more open files than this process may have: ulimit -n");
	default:
		return refuse_otherwise(code, words, err, errlen);
	}
}

// Debian's kernels know a 3, and ask for more then.
static bool is_paranoid(void)
{
	char text[16];
	read_text(AT_FDCWD, "/proc/sys/kernel/perf_event_paranoid", text, sizeof text);
	return strtol(text, NULL, 10) > 2;
}

static int refuse_events(int code, const char *name, char *err, size_t errlen)
{
	char what[128], suspects[SUSPECTS] = "";
	if (refuse_caller(code, "perf events", false, err, errlen) < 0)
		return code;
	if (!has_capability(CAP_SYS_ADMIN) && is_paranoid())
		return fail(code, err, errlen,
			    "perf events need CAP_SYS_ADMIN or root while kernel.perf_event_paranoid is above 2; with "
			    "CAP_PERFMON alone: sysctl -w kernel.perf_event_paranoid=2");
	suspect_filter(suspects);
	suspect_modules(suspects);
	snprintf(what, sizeof what, "the kernel refuses perf events of %s although this process has CAP_PERFMON", name);
	return refuse(code, what, suspects, err, errlen);
}

int perf_refusal(int code, const char *name, char *err, size_t errlen)
{
	switch (code) {
	case -EPERM:
	case -EACCES:
		return refuse_events(code, name, err, errlen);
	case -ENOSYS:
		return refuse_missing("perf events (CONFIG_PERF_EVENTS)", err, errlen);
	case -ENOBUFS:
		return fail(code, err, errlen,
			    "perf events need more locked memory than this process may have: raise "
			    "kernel.perf_event_mlock_kb");
	case -EMFILE:
		return fail(code, err, errlen,
			    "perf events need more open files than this process may have: ulimit -n");
	default:
		return fail(code, err, errlen, "perf events of %s: %s", name, strerror(-code));
	}
}
