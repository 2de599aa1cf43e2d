// SPDX-License-Identifier: GPL-3.0-or-later
// The real program on a pseudo-terminal, with a terminal emulator at the other end. Nothing sleeps: everything waits
// until the screen shows something, or the process ends.
#ifndef BINDWALK_PTY_H
#define BINDWALK_PTY_H

#include <stdbool.h>
#include <sys/types.h>
#include <termios.h>
#include <vterm.h>

struct pty {
	int master;
	pid_t child, leader; // the leader of the session is none of the program's
	VTerm *vt;
	VTermScreen *vts;
	int rows, cols;
	bool alternate, cursor_visible, mouse;
	struct termios before;
	bool unread; // nobody reads until it has ended
	bool ended;
	int status;                               // as waitpid() gives it
	size_t received;                          // bytes so far
	void (*saw)(const char *bytes, size_t n); // gets them all, unless NULL
};

enum { PTY_LINE = 8192 }; // bytes that hold a line of any screen

// Starts argv on a terminal of that size. `term` is its $TERM.
struct pty *pty_start(int rows, int cols, const char *term, const char *const *argv);
// Ends what still runs, and frees.
void pty_close(struct pty *p);

void pty_type(struct pty *p, const char *bytes);
void pty_resize(struct pty *p, int rows, int cols);
// Reads until the screen shows the text (or no longer shows it); fails with a picture of the screen after two minutes.
// The other end is gone for good: the program then waits for input.
void pty_until(struct pty *p, const char *text);
void pty_until_gone(struct pty *p, const char *text);
// The cursor, which may come later than the text; row -1 is any.
void pty_until_cursor(struct pty *p, int row, int col);
// Reads until the program has nothing more to do or to draw and sleeps. What was typed must have shown something
// before: while it is on its way the program sleeps as well.
void pty_until_waiting(struct pty *p);
// Reads until an answer to what the screen asks would count: the program waits for it, and has waited for as long as
// what comes is too soon. Or until it has ended.
void pty_until_asking(struct pty *p);
// Reads until the program has read all that was typed, has done with it and sleeps: for a program of one process. False
// if it has ended. A key that waits for whether more follows (Escape) must not be the last one.
bool pty_settle(struct pty *p);
bool pty_shows(struct pty *p, const char *text);
// The text of a line of the screen.
void pty_line(struct pty *p, int y, char out[static PTY_LINE]);
// Reads what comes within a time, and returns how many bytes came.
size_t pty_listen(struct pty *p, int ms);
// Redraws (Ctrl-L), and reads nothing, until the terminal takes no more and the program waits for it.
void pty_until_full(struct pty *p);
// Stops the terminal's output; and waits until the program has taken what was typed and sleeps, as it waits to write.
void pty_stop_output(struct pty *p);
void pty_until_taken(struct pty *p);
// Waits for the end: the status.
int pty_wait(struct pty *p);
// Fails unless the terminal is as it was before: the shell's screen, a cursor, the modes; and marks no paste, reports
// no mouse, sends the usual keys.
void pty_expect_restored(struct pty *p);

#endif
