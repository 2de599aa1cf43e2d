// SPDX-License-Identifier: GPL-3.0-or-later
#include "config.h"

#include "core/trace/call_filter.h"

#include <errno.h>
#include <linux/seccomp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "core/model/fail.h"
#include "core/model/option.h"

#ifdef HAVE_SECCOMP
#include <seccomp.h>

static int add_calls(scmp_filter_ctx ctx, bool every_option)
{
	static const int calls[] = {SCMP_SYS(bind),    SCMP_SYS(socket),         SCMP_SYS(listen),
				    SCMP_SYS(connect), SCMP_SYS(io_uring_setup), SCMP_SYS(seccomp)};
	static const scmp_datum_t operations[] = {PR_SET_SECCOMP, PR_SET_NO_NEW_PRIVS};
	int rc = every_option ? seccomp_rule_add(ctx, SCMP_ACT_TRACE(0), SCMP_SYS(setsockopt), 0) : 0;
	for (size_t i = 0; i < sizeof calls / sizeof *calls && rc == 0; i++)
		rc = seccomp_rule_add(ctx, SCMP_ACT_TRACE(0), calls[i], 0);
	for (size_t i = 0; i < sizeof operations / sizeof *operations && rc == 0; i++)
		rc = seccomp_rule_add(ctx, SCMP_ACT_TRACE(0), SCMP_SYS(prctl), 1,
				      SCMP_A0(SCMP_CMP_MASKED_EQ, UINT32_MAX, operations[i]));
	return rc;
}

// A server sets options of each connection, such as TCP_NODELAY, which have nothing to do with bind.
static int add_options(scmp_filter_ctx ctx)
{
	int rc = 0;
	for (int i = 0; i < OPT_COUNT && rc == 0; i++) {
		const struct sockopt *o = option_info((enum option_id)i);
		rc = seccomp_rule_add(ctx, SCMP_ACT_TRACE(0), SCMP_SYS(setsockopt), 2,
				      SCMP_A1(SCMP_CMP_MASKED_EQ, UINT32_MAX, (scmp_datum_t)o->level),
				      SCMP_A2(SCMP_CMP_MASKED_EQ, UINT32_MAX, (scmp_datum_t)o->number));
	}
	return rc;
}

// libseccomp hands the program over through a descriptor only.
static int export(scmp_filter_ctx ctx, struct sock_fprog *out)
{
	struct stat st;
	int fd = memfd_create("bindwalk-filter", MFD_CLOEXEC);
	int rc = fd < 0 ? -errno : seccomp_export_bpf(ctx, fd);
	if (rc == 0 && fstat(fd, &st) < 0)
		rc = -errno;
	size_t size = rc == 0 ? (size_t)st.st_size : 0;
	if (rc == 0 && !(out->filter = malloc(size)))
		rc = -ENOMEM;
	if (rc == 0 && pread(fd, out->filter, size, 0) != (ssize_t)size)
		rc = -EIO;
	out->len = (unsigned short)(size / sizeof *out->filter);
	if (fd >= 0)
		close(fd);
	return rc;
}

int call_filter_make(bool every_option, struct sock_fprog *out, char *err, size_t errlen)
{
	*out = (struct sock_fprog){0};
	scmp_filter_ctx ctx = seccomp_init(SCMP_ACT_ALLOW);
	if (!ctx)
		return fail(-ENOMEM, err, errlen, "no memory for a seccomp filter");
	// Programs of the other word size run, and are named when they begin.
	int rc = seccomp_attr_set(ctx, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_ALLOW);
	if (rc == 0)
		rc = add_calls(ctx, every_option);
	if (rc == 0 && !every_option)
		rc = add_options(ctx);
	if (rc == 0)
		rc = export(ctx, out);
	seccomp_release(ctx);
	if (rc == 0)
		return 0;
	free(out->filter);
	*out = (struct sock_fprog){0};
	return fail(rc, err, errlen, "cannot make a seccomp filter: %s", strerror(-rc));
}
#else
int call_filter_make(bool every_option, struct sock_fprog *out, char *err, size_t errlen)
{
	(void)every_option;
	*out = (struct sock_fprog){0};
	return fail(-ENOSYS, err, errlen, "this Bindwalk was built without libseccomp");
}
#endif

// Speculation is none of a trace's business: without the flag, kernels before 5.16 slow the program down for it.
static int install(const struct sock_fprog *filter)
{
	if (syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_SPEC_ALLOW, filter) == 0)
		return 0;
	if (errno != EINVAL)
		return -errno;
	return syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, filter) < 0 ? -errno : 0;
}

int call_filter_install(const struct sock_fprog *filter, bool *no_new_privs)
{
	int rc = install(filter);
	*no_new_privs = false;
	if (rc != -EACCES)
		return rc;
	*no_new_privs = prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 0;
	return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 ? -errno : install(filter);
}

// What is known of the accumulator where an instruction is reached.
struct reached {
	bool at_all, known;
	uint32_t value;
};

static void reach(struct reached *r, bool known, uint32_t value)
{
	if (!r->at_all)
		*r = (struct reached){true, known, value};
	else if (r->value != value)
		r->known = false;
	r->known &= known;
}

static void load(const struct sock_filter *code, uint32_t arch, uint32_t number, struct reached *a)
{
	bool absolute = code->code == (BPF_LD | BPF_W | BPF_ABS);
	a->known = absolute &&
		   (code->k == offsetof(struct seccomp_data, nr) || code->k == offsetof(struct seccomp_data, arch));
	a->value = code->k == offsetof(struct seccomp_data, nr) ? number : arch;
}

static bool holds(const struct sock_filter *code, uint32_t a)
{
	switch (BPF_OP(code->code)) {
	case BPF_JEQ:
		return a == code->k;
	case BPF_JGT:
		return a > code->k;
	case BPF_JGE:
		return a >= code->k;
	default:
		return a & code->k;
	}
}

static void jump(const struct sock_filter *code, const struct reached *a, struct reached *next)
{
	if (BPF_OP(code->code) == BPF_JA) {
		reach(next + code->k, a->known, a->value);
		return;
	}
	bool decided = a->known && BPF_SRC(code->code) == BPF_K, yes = decided && holds(code, a->value);
	if (!decided || yes)
		reach(next + code->jt, a->known, a->value);
	if (!decided || !yes)
		reach(next + code->jf, a->known, a->value);
}

static bool returns_refusal(const struct sock_filter *code)
{
	uint32_t action = code->k & SECCOMP_RET_ACTION_FULL;
	return BPF_RVAL(code->code) != BPF_K || (action != SECCOMP_RET_ALLOW && action != SECCOMP_RET_LOG);
}

bool call_filter_may_refuse(const struct sock_filter *code, size_t len, uint32_t arch, uint32_t number)
{
	struct reached *at = calloc(2 * len + BPF_MAXINSNS, sizeof *at); // a jump that the kernel refuses ends in here
	bool out = !at || len == 0 || len > BPF_MAXINSNS;
	if (at)
		at[0].at_all = true;
	for (size_t i = 0; i < len && !out; i++) {
		struct reached now = at[i];
		unsigned class = BPF_CLASS(code[i].code);
		if (!now.at_all)
			continue;
		if (class == BPF_RET) {
			out = returns_refusal(&code[i]);
		} else if (class == BPF_JMP) {
			out = BPF_OP(code[i].code) == BPF_JA && code[i].k >= len;
			if (!out)
				jump(&code[i], &now, at + i + 1);
		} else {
			if (class == BPF_LD)
				load(&code[i], arch, number, &now);
			else if (class == BPF_ALU || class == BPF_MISC)
				now.known = false;
			reach(&at[i + 1], now.known, now.value);
		}
	}
	free(at);
	return out;
}
