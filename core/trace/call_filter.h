// SPDX-License-Identifier: GPL-3.0-or-later
// The seccomp filter of a program that is launched to be traced: it stops for its tracer at the calls that a bind is
// made of, and runs at its own speed everywhere else. Once the tracer is gone the kernel answers these calls with
// ENOSYS, so the program must end with it.
#ifndef BINDWALK_CALL_FILTER_H
#define BINDWALK_CALL_FILTER_H

#include <linux/filter.h>
#include <stdbool.h>
#include <stddef.h>

// `every_option`: stops at each setsockopt(), not only at those of the option table. 0, or -errno with a sentence in
// err: -ENOSYS where Bindwalk was built without libseccomp. The caller frees out->filter.
int call_filter_make(bool every_option, struct sock_fprog *out, char *err, size_t errlen);

// Puts it on the calling thread, for good. Sets no_new_privs only where the kernel wants it for that: of a thread
// without CAP_SYS_ADMIN. 0 or -errno. For a child of fork().
int call_filter_install(const struct sock_fprog *filter);

#endif
