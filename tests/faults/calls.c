// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/faults/calls.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/syscall.h>

#define CALL(name, ...)                                                                                                \
	{                                                                                                              \
#name, SYS_##name, {__VA_ARGS__ }, 0                                                                   \
	}

// Errors that the kernel may return at any time, whatever the arguments. Not here: close(), which ends what it closes
// even when it fails, and what fails only for arguments that we never pass.
const struct fault_call fault_calls[] = {
	{"memory", FAULT_MEMORY, {ENOMEM}, 0},
	CALL(bind, ENOMEM),
	CALL(bpf, EPERM),
	CALL(capget, EPERM),
	CALL(clone, EAGAIN),
	CALL(clone3, EAGAIN),
	CALL(dup, EMFILE),
	CALL(dup3, EMFILE),
	CALL(eventfd2, EMFILE),
	{"fcntl(F_DUPFD)", SYS_fcntl, {EMFILE}, F_DUPFD_CLOEXEC},
	CALL(fdatasync, EIO),
	CALL(flock, ENOLCK),
	CALL(fstatfs, EIO),
	CALL(fsync, EIO),
	CALL(getdents64, EIO),
	CALL(getgroups, EPERM),
	CALL(getsockname, ENOBUFS),
	CALL(getsockopt, ENOMEM),
	CALL(inotify_add_watch, ENOSPC),
	CALL(inotify_init1, EMFILE),
	CALL(ioctl, EIO),
	CALL(linkat, ENOSPC),
	CALL(memfd_create, EMFILE),
	CALL(mkdirat, ENOSPC),
	CALL(mmap, ENOMEM),
	CALL(mount, EPERM),
	CALL(newfstatat, EIO),
	CALL(openat, EMFILE, EACCES),
	CALL(pidfd_open, EMFILE),
	CALL(ppoll, EINTR, ENOMEM),
	CALL(read, EIO, EINTR),
	CALL(readlinkat, EIO),
	CALL(recvfrom, ENOBUFS, EINTR),
	CALL(recvmmsg, ENOBUFS, EINTR),
	CALL(recvmsg, ENOBUFS, EINTR),
	CALL(renameat2, ENOSPC),
	CALL(sendmsg, ENOBUFS, EINTR),
	CALL(sendto, ENOBUFS, EINTR),
	CALL(setns, EPERM),
	CALL(setsockopt, ENOMEM),
	CALL(socket, EMFILE),
	CALL(socketpair, EMFILE),
	CALL(statfs, EIO),
	CALL(umount2, EPERM),
	CALL(unlinkat, EIO),
	CALL(unshare, EPERM),
	CALL(wait4, EINTR),
	CALL(write, ENOSPC, EINTR),
// The same by the names that older machines have for them.
#ifdef SYS_open
	CALL(open, EMFILE, EACCES),
#endif
#ifdef SYS_dup2
	CALL(dup2, EMFILE),
#endif
#ifdef SYS_fstat
	CALL(fstat, EIO),
#endif
#ifdef SYS_stat
	CALL(stat, EIO),
#endif
#ifdef SYS_poll
	CALL(poll, EINTR, ENOMEM),
#endif
#ifdef SYS_rename
	CALL(rename, ENOSPC),
#endif
#ifdef SYS_mkdir
	CALL(mkdir, ENOSPC),
#endif
#ifdef SYS_unlink
	CALL(unlink, EIO),
#endif
#ifdef SYS_readlink
	CALL(readlink, EIO),
#endif
};

const unsigned fault_call_count = sizeof fault_calls / sizeof fault_calls[0];
