// SPDX-License-Identifier: GPL-3.0-or-later
#include "tui/answer.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include "core/text/width.h"
#include "tui/charset.h"
#include "tui/end_signal.h"
#include "tui/output.h"

enum { LINE = 256, ROWS = 24, COLUMNS = 80, SHOWN = 1024 };

struct asked_on {
	int in, out;
	int opened; // -1: nothing to be closed
};

// Where the question is seen must be where the answer comes from.
static bool open_terminal(struct asked_on *t)
{
	*t = (struct asked_on){STDIN_FILENO, STDOUT_FILENO, -1};
	if (output_terminal())
		return true;
	t->in = t->out = t->opened = open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC);
	end_signal_cut(t->opened);
	return t->opened >= 0;
}

static void close_terminal(const struct asked_on *t)
{
	if (t->opened < 0)
		return;
	end_signal_spare(t->opened);
	close(t->opened);
}

bool answer_possible(void)
{
	struct asked_on t;
	bool possible = open_terminal(&t);
	close_terminal(&t);
	return possible;
}

static void terminal_size(unsigned *rows, unsigned *columns)
{
	struct asked_on t;
	struct winsize size = {0};
	if (open_terminal(&t)) {
		ioctl(t.out, TIOCGWINSZ, &size);
		close_terminal(&t);
	}
	*rows = size.ws_row ? size.ws_row : ROWS;
	*columns = size.ws_col ? size.ws_col : COLUMNS;
}

static bool write_all(int fd, const char *text)
{
	for (size_t left = strlen(text); left > 0;) {
		ssize_t n = write(fd, text, left);
		if (n <= 0)
			return false;
		text += n;
		left -= (size_t)n;
	}
	return true;
}

// Not by way of stdio, which would keep what is left over for the next one who reads. It is on the terminal then.
static bool show(const struct asked_on *t, const char *text)
{
	char line[SHOWN], shown[4 * SHOWN];
	fflush(stdout);
	for (size_t n; *text; text += n) {
		n = strcspn(text, "\n");
		snprintf(line, sizeof line, "%.*s", (int)n, text);
		bool ends = text[n] == '\n';
		if (!write_all(t->out, charset_show(line, shown, sizeof shown)) || (ends && !write_all(t->out, "\n")))
			return false;
		n += ends;
	}
	return tcdrain(t->out) == 0;
}

// Opens the terminal for one text. False when it could not be written.
static bool show_once(const char *text)
{
	struct asked_on t;
	bool shown = open_terminal(&t) && show(&t, text);
	close_terminal(&t);
	return shown;
}

bool answer_show_lines(const char *heading, const char *lines)
{
	enum { AROUND = 5 }; // the heading, the question, and the line of its answer
	unsigned rows, columns, used = AROUND;
	size_t total = 0, first = 1, n = 0, len;
	char line[SHOWN], question[80];
	for (const char *end = lines; (end = strchr(end, '\n')); end++)
		total++;
	terminal_size(&rows, &columns);
	bool shown = show_once(heading);
	for (const char *at = lines; shown && *at; at += len, n++) {
		len = strcspn(at, "\n") + 1;
		unsigned takes = (width_text(at, len - 1) + columns - 1) / columns;
		if (n >= first && used + takes > rows) {
			snprintf(question, sizeof question, "%zu to %zu of %zu: continue? [y/N] ", first, n, total);
			shown = answer_ask(question, "y") == 'y';
			first = n + 1;
			used = AROUND;
		}
		snprintf(line, sizeof line, "%.*s", (int)len, at);
		shown = shown && show_once(line);
		used += takes;
	}
	return shown;
}

// 1 when there is something to read, 0 when the time is over (-1: no limit), -1 after a hangup, or a signal that is
// handled.
static int comes(int fd, int ms, const sigset_t *mask)
{
	struct timespec limit = {.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000L};
	struct pollfd in = {.fd = fd, .events = POLLIN};
	int n = end_signal_noted() ? -1 : ppoll(&in, 1, ms < 0 ? NULL : &limit, mask);
	return n > 0 && (in.revents & (POLLIN | POLLHUP)) != POLLIN ? -1 : n;
}

// One line, without its end. False when it is longer than `line`, or has no end.
static bool read_line(int fd, char line[static LINE], const sigset_t *mask)
{
	bool whole = false, fits = true;
	size_t used = 0;
	while (!whole && comes(fd, -1, mask) > 0) {
		char some[LINE];
		ssize_t n = read(fd, some, sizeof some);
		if (n <= 0)
			return false;
		whole = some[n - 1] == '\n';
		fits = fits && used + (size_t)n <= LINE && (whole || n == sizeof some);
		if (fits)
			memcpy(line + used, some, (size_t)n);
		used += (size_t)n;
	}
	if (!whole || !fits)
		return false;
	line[used - 1] = '\0';
	return strlen(line) == used - 1;
}

static char meaning(const char *line, const char *letters)
{
	if (strcmp(line, "yes") == 0)
		line = "y";
	char small = line[0] >= 'A' && line[0] <= 'Z' ? (char)(line[0] - 'A' + 'a') : line[0];
	return line[0] && !line[1] && strchr(letters, small) ? small : 'n';
}

// *why gets what to say of an answer that does not count.
static char await_answer(int fd, const char *letters, const sigset_t *mask, const char **why)
{
	char line[LINE];
	tcflush(fd, TCIFLUSH);
	int soon = comes(fd, ANSWER_TOO_SOON_MS, mask);
	if (soon) {
		*why = soon > 0 ? "\nthat came too early to be an answer; nothing was changed\n" : "\n";
		return 'n';
	}
	tcflush(fd, TCIFLUSH); // a line that has no end yet
	if (!read_line(fd, line, mask)) {
		*why = "\n";
		return 'n';
	}
	if (comes(fd, 0, mask)) {
		*why = "that was more than one answer; nothing was changed\n";
		return 'n';
	}
	return meaning(line, letters);
}

char answer_ask(const char *question, const char *letters)
{
	struct asked_on t;
	sigset_t before, mask;
	const char *why = NULL;
	char answer = 'n';
	if (!open_terminal(&t))
		return answer;
	if (show(&t, question)) {
		// They come only while we wait, and so can't come between looking and waiting.
		sigprocmask(SIG_SETMASK, NULL, &before);
		mask = before;
		end_signal_hold();
		end_signal_unmask(&mask);
		answer = await_answer(t.in, letters, &mask, &why);
		tcflush(t.in, TCIFLUSH); // the rest of the input is neither an answer nor a command
		sigprocmask(SIG_SETMASK, &before, NULL);
	}
	if (why)
		show(&t, why);
	close_terminal(&t);
	return answer;
}
