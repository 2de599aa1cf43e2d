// SPDX-License-Identifier: GPL-3.0-or-later
#include "tui/write_patiently.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <unistd.h>

#include "tui/hand_on.h"

// A pipe that has room has it for so much.
static ssize_t write_piece(int fd, const char *text, size_t len)
{
	return write(fd, text, len < PIPE_BUF ? len : PIPE_BUF);
}

int write_patiently(int fd, const char *text, size_t len)
{
	struct pollfd fds[] = {{.fd = fd, .events = POLLOUT}, {.fd = hand_on_fd(), .events = POLLIN}};
	while (len) {
		if (poll(fds, 2, -1) < 0 && errno != EINTR)
			return -errno;
		if (!fds[0].revents && fds[1].revents)
			return -EINTR;
		if (!fds[0].revents)
			continue;
		ssize_t n = write_piece(fd, text, len);
		if (n < 0 && errno != EINTR && errno != EAGAIN)
			return -errno;
		text += n > 0 ? n : 0;
		len -= n > 0 ? (size_t)n : 0;
	}
	hand_on_clear(); // whoever reads, reads on
	return 0;
}
