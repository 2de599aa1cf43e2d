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
	static const int calls[] = {SCMP_SYS(bind),           SCMP_SYS(socket),  SCMP_SYS(listen), SCMP_SYS(connect),
				    SCMP_SYS(io_uring_setup), SCMP_SYS(seccomp), SCMP_SYS(prctl)};
	int rc = every_option ? seccomp_rule_add(ctx, SCMP_ACT_TRACE(0), SCMP_SYS(setsockopt), 0) : 0;
	for (size_t i = 0; i < sizeof calls / sizeof *calls && rc == 0; i++)
		if (calls[i] == SCMP_SYS(prctl))
			rc = seccomp_rule_add(ctx, SCMP_ACT_TRACE(0), calls[i], 1,
					      SCMP_A0(SCMP_CMP_MASKED_EQ, UINT32_MAX, PR_SET_SECCOMP));
		else
			rc = seccomp_rule_add(ctx, SCMP_ACT_TRACE(0), calls[i], 0);
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

static int install(const struct sock_fprog *filter)
{
	return syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, filter) < 0 ? -errno : 0;
}

int call_filter_install(const struct sock_fprog *filter)
{
	int rc = install(filter);
	if (rc != -EACCES)
		return rc;
	return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 ? -errno : install(filter);
}
