// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/trace/interrupted_call.h"

#include <elf.h>
#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/user.h>

#ifdef __x86_64__
enum { RESTART_WITHOUT_HANDLER = 514 }; // ERESTARTNOHAND, include/linux/errno.h

// Calls that have done nothing when they return EINTR.
static bool can_be_repeated(unsigned long long number)
{
	static const unsigned short calls[] = {
		SYS_epoll_wait,   SYS_epoll_pwait,  SYS_rt_sigtimedwait, SYS_semop,
		SYS_semtimedop,   SYS_io_getevents, SYS_io_pgetevents,   SYS_read,
		SYS_readv,        SYS_write,        SYS_writev,          SYS_accept,
		SYS_accept4,      SYS_recvfrom,     SYS_recvmsg,         SYS_sendto,
		SYS_sendmsg,      SYS_recvmmsg,     SYS_sendmmsg,        SYS_io_uring_enter,
#ifdef SYS_epoll_pwait2
		SYS_epoll_pwait2,
#endif
	};
	for (size_t i = 0; i < sizeof calls / sizeof *calls; i++)
		if (calls[i] == number)
			return true;
	return false;
}

void interrupted_call_resume(pid_t tid)
{
	struct user_regs_struct regs;
	struct iovec io = {.iov_base = &regs, .iov_len = sizeof regs};
	if (ptrace(PTRACE_GETREGSET, tid, (void *)NT_PRSTATUS, &io) < 0 || io.iov_len != sizeof regs)
		return;
	if ((long long)regs.rax != -EINTR || !can_be_repeated(regs.orig_rax))
		return;
	regs.rax = (unsigned long long)-RESTART_WITHOUT_HANDLER;
	ptrace(PTRACE_SETREGSET, tid, (void *)NT_PRSTATUS, &io);
}
#else
void interrupted_call_resume(pid_t tid)
{
	(void)tid;
}
#endif
