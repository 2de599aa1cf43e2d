// SPDX-License-Identifier: GPL-3.0-or-later
// A terminal whose last words are read. When the leader of a session ends, the kernel hangs up the terminal and throws
// away what has not been read (tty_vhangup_session(), drivers/tty/tty_io.c). So the program must not be the leader.
#ifndef BINDWALK_TERMINAL_H
#define BINDWALK_TERMINAL_H

#include <sys/ioctl.h>
#include <sys/types.h>
#include <termios.h>

// As forkpty(): returns 0 in the new process, which is a child of the caller and has the terminal; -1 with errno on
// failure. `leader` is a second child: it leads the session, and ends when the new process has ended or the terminal is
// hung up. The caller waits for both.
// `before`, unless NULL, gets the terminal's modes.
pid_t terminal_fork(int *master, const struct winsize *size, struct termios *before, pid_t *leader);

#endif
