// SPDX-License-Identifier: GPL-3.0-or-later
#include "tui/output.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/command/memory_file.h"
#include "core/text/report_json.h"
#include "tui/charset.h"
#include "tui/complain.h"
#include "tui/end_signal.h"

enum { WIDTH = 80, NARROWEST = 20, WIDEST = 1000, LINE = 4096 };

// Its number, however it was opened: /dev/tty has one of its own.
static unsigned long terminal_number(int fd)
{
	unsigned number;
	struct stat st;
	if (ioctl(fd, TIOCGDEV, &number) == 0)
		return number;
	return fstat(fd, &st) == 0 ? st.st_rdev : 0;
}

bool output_terminal(void)
{
	return isatty(STDIN_FILENO) && isatty(STDOUT_FILENO) &&
	       terminal_number(STDIN_FILENO) == terminal_number(STDOUT_FILENO);
}

// As in other programs, COLUMNS overrides the terminal.
static unsigned width_of(int fd)
{
	const char *wish = getenv("COLUMNS");
	struct winsize size;
	unsigned long columns;
	if (wish && number_parse(wish, WIDEST, &columns) == 0 && columns >= NARROWEST)
		return (unsigned)columns;
	if (ioctl(fd, TIOCGWINSZ, &size) < 0 || size.ws_col < NARROWEST)
		return WIDTH;
	return size.ws_col;
}

struct report_style output_style(const char *color, bool ascii)
{
	return output_style_of(STDOUT_FILENO, color, ascii);
}

struct report_style output_style_of(int fd, const char *color, bool ascii)
{
	const char *no_color = getenv("NO_COLOR"), *term = getenv("TERM");
	bool automatic = isatty(fd) && !(no_color && *no_color) && term && strcmp(term, "dumb") != 0;
	return (struct report_style){
		.color = !color || strcmp(color, "auto") == 0 ? automatic : strcmp(color, "always") == 0,
		.ascii = ascii || !charset_utf8(),
		.width = width_of(fd),
	};
}

unsigned output_width(void)
{
	return width_of(STDOUT_FILENO);
}

__attribute__((format(printf, 1, 0))) static void print_shown(const char *fmt, va_list args)
{
	char text[LINE], shown[4 * LINE];
	vsnprintf(text, sizeof text, fmt, args);
	fputs(charset_show(text, shown, sizeof shown), stdout);
}

void output_line(const char *fmt, ...)
{
	va_list args;
	va_start(args, fmt);
	print_shown(fmt, args);
	va_end(args);
	putchar('\n');
}

void output_ask(const char *fmt, ...)
{
	va_list args;
	va_start(args, fmt);
	print_shown(fmt, args);
	va_end(args);
	fflush(stdout);
}

void output_json(const char *object)
{
	puts(object);
	fflush(stdout);
}

enum exit_status output_new_file(const char *path, int *fd)
{
	*fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0666);
	if (*fd >= 0)
		return EXIT_OK;
	if (errno == EEXIST) {
		complain("'%.200s' exists; -o writes a new file only", path);
		return EXIT_WRONG;
	}
	complain("cannot create '%.200s': %s", path, strerror(errno));
	return EXIT_MISSING;
}

enum exit_status output_text(const char *text, size_t len)
{
	fwrite(text, 1, len, stdout);
	return output_finish();
}

enum exit_status output_memory(struct memory_file *m, int rc, const char *what)
{
	if (rc < 0) {
		complain("cannot print the %s: %s", what, strerror(-rc));
		return EXIT_MISSING;
	}
	enum exit_status how = output_text(m->text.p, m->text.len);
	free(m->text.p);
	return how;
}

enum exit_status output_walk(const struct facts *f, const struct walk *w, bool json, struct report_style style)
{
	struct memory_file memory;
	int rc = memory_file_open(&memory);
	if (rc == 0)
		rc = memory_file_close(&memory,
				       json ? report_json(f, w, memory.file) : report_text(f, w, style, memory.file));
	return output_memory(&memory, rc, "walk");
}

// Has the reader left?
static bool is_left(void)
{
	struct pollfd out = {.fd = STDOUT_FILENO, .events = POLLOUT};
	return ferror(stdout) && poll(&out, 1, 0) > 0 && (out.revents & (POLLERR | POLLHUP));
}

enum exit_status output_finish(void)
{
	errno = 0;
	if (fflush(stdout) == 0 && !ferror(stdout))
		return EXIT_OK;
	int err = errno;
	if (!end_signal_noted() && !is_left()) // it cut the output off
		complain("standard output: %s", strerror(err ? err : EIO));
	return EXIT_MISSING;
}

static bool pipes_end;
static void (*large_files)(int) = SIG_DFL;

void output_ignore_signals(void)
{
	pipes_end = signal(SIGPIPE, SIG_IGN) != SIG_IGN;
	large_files = signal(SIGXFSZ, SIG_IGN);
}

void output_forget_signals(void)
{
	if (pipes_end)
		signal(SIGPIPE, SIG_DFL);
	signal(SIGXFSZ, large_files);
}

void output_leave(void)
{
	sigset_t pipe;
	fflush(stdout);
	if (!pipes_end || !is_left())
		return;
	signal(SIGPIPE, SIG_DFL);
	sigemptyset(&pipe);
	sigaddset(&pipe, SIGPIPE);
	sigprocmask(SIG_UNBLOCK, &pipe, NULL);
	raise(SIGPIPE);
}
