// SPDX-License-Identifier: GPL-3.0-or-later
// The seccomp filter of a program that is launched to be traced: it stops for its tracer at the calls that a bind is
// made of, and runs at its own speed everywhere else. Once the tracer is gone the kernel answers these calls with
// ENOSYS, so the program must end with it.
#ifndef BINDWALK_CALL_FILTER_H
#define BINDWALK_CALL_FILTER_H

#include <linux/filter.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// `every_option`: stops at each setsockopt(), not only at those of the option table. 0, or -errno with a sentence in
// err: -ENOSYS where Bindwalk was built without libseccomp. The caller frees out->filter.
int call_filter_make(bool every_option, struct sock_fprog *out, char *err, size_t errlen);

// Puts it on the calling thread, for good. Sets no_new_privs only where the kernel wants it for that: of a thread
// without CAP_SYS_ADMIN; *no_new_privs: it was not set before. 0 or -errno: -ENOSYS and -EINVAL where the kernel has no
// filters, -ENOMEM where those of the thread are too long together. For a child of fork().
int call_filter_install(const struct sock_fprog *filter, bool *no_new_privs);

// Can a filter that a program puts on itself keep that call from its tracer? One that returns an error for it, or asks
// somebody else, goes before ours. False only where it is sure to let the call pass, whatever its arguments.
bool call_filter_may_refuse(const struct sock_filter *code, size_t len, uint32_t arch, uint32_t number);

#endif
