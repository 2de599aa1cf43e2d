// SPDX-License-Identifier: GPL-3.0-or-later
// A traced thread wakes up where it would not untraced: when we look in, and at a signal that it ignores. Most calls
// go on after that; a few end with EINTR, as signal(7) lists them: epoll_wait(), sigtimedwait(), a socket's with a
// timeout.
#ifndef BINDWALK_INTERRUPTED_CALL_H
#define BINDWALK_INTERRUPTED_CALL_H

#include <sys/types.h>

// The thread waits for us on its way out of the kernel: at a signal, or since we stopped it. If it leaves such a call
// with EINTR, has the kernel make the call again, unless a handler of the program's runs: then it gets its EINTR. A
// timeout begins anew. Only on x86-64: elsewhere a tracer can't reach what is needed for it.
void interrupted_call_resume(pid_t tid);

#endif
