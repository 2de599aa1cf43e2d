// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/trace/traced_memory.h"

#include <errno.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/uio.h>

// Word by word. A tracer may always do that, also where the thread is one that others must not look into.
static size_t peek(pid_t tid, uint64_t from, char *to, size_t len)
{
	size_t got = 0;
	while (got < len) {
		uint64_t at = from + got, word = at & ~(uint64_t)(sizeof(long) - 1);
		size_t skip = (size_t)(at - word), n = sizeof(long) - skip;
		errno = 0;
		long value = ptrace(PTRACE_PEEKDATA, tid, (void *)(uintptr_t)word, NULL);
		if (errno)
			break;
		n = n < len - got ? n : len - got;
		memcpy(to + got, (const char *)&value + skip, n);
		got += n;
	}
	return got;
}

size_t traced_memory_read(pid_t tid, uint64_t from, void *to, size_t len)
{
	struct iovec here = {.iov_base = to, .iov_len = len};
	struct iovec there = {.iov_base = (void *)(uintptr_t)from, .iov_len = len};
	ssize_t n = process_vm_readv(tid, &here, 1, &there, 1, 0);
	return n == (ssize_t)len ? len : peek(tid, from, to, len);
}

// Without FOLL_FORCE, which PTRACE_PEEKDATA has.
bool traced_memory_is_open(pid_t tid, uint64_t from, int len)
{
	struct sockaddr_storage to;
	struct iovec here = {.iov_base = &to, .iov_len = sizeof to};
	struct iovec there = {.iov_base = (void *)(uintptr_t)from, .iov_len = (size_t)len};
	return len > 0 && len <= (int)sizeof to && process_vm_readv(tid, &here, 1, &there, 1, 0) == len;
}
