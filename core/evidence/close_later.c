// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/evidence/close_later.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

// Whoever reads our output, or waits for a lock of ours, is not to wait for that process.
static void close_all_but(const int *fds, unsigned n, int gate)
{
	unsigned from = 0;
	while (from <= INT_MAX) {
		unsigned next = (unsigned)gate >= from ? (unsigned)gate : UINT_MAX;
		for (unsigned i = 0; i < n; i++)
			if ((unsigned)fds[i] >= from && (unsigned)fds[i] < next)
				next = (unsigned)fds[i];
		if (next > from)
			syscall(SYS_close_range, from, next == UINT_MAX ? next : next - 1, 0);
		if (next == UINT_MAX)
			return;
		from = next + 1;
	}
}

int close_later(const int *fds, unsigned n)
{
	int gate[2];
	if (pipe2(gate, O_CLOEXEC) < 0)
		return -1;
	pid_t child = fork();
	if (child == 0) {
		char byte;
		if (fork() == 0) {
			close_all_but(fds, n, gate[0]);
			while (read(gate[0], &byte, 1) < 0 && errno == EINTR)
				;
		}
		_exit(0);
	}
	close(gate[0]);
	while (child > 0 && waitpid(child, NULL, 0) < 0 && errno == EINTR)
		;
	return gate[1];
}
