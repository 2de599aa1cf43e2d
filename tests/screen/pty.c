// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/screen/pty.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#include "core/observe/clock.h"
#include "core/text/width.h"
#include "tests/screen/terminal.h"

enum { DEADLINE_MS = 120000 }; // the deadline only bounds a hang

static int on_property(VTermProp prop, VTermValue *value, void *data)
{
	struct pty *p = data;
	if (prop == VTERM_PROP_ALTSCREEN)
		p->alternate = value->boolean;
	else if (prop == VTERM_PROP_CURSORVISIBLE)
		p->cursor_visible = value->boolean;
	else if (prop == VTERM_PROP_MOUSE)
		p->mouse = value->number != VTERM_PROP_MOUSE_NONE;
	return 1;
}

static const VTermScreenCallbacks callbacks = {.settermprop = on_property};

static void run_child(const char *term, const char *const *argv)
{
	struct rlimit no_core = {0, 0};
	sigset_t none;
	setrlimit(RLIMIT_CORE, &no_core);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	// A test run in the background or under nohup ignores some: what is ignored stays so over exec.
	static const int signals[] = {SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGTSTP, SIGPIPE};
	for (size_t i = 0; i < sizeof signals / sizeof *signals; i++)
		signal(signals[i], SIG_DFL);
	setenv("TERM", term, 1);
	execvp(argv[0], (char *const *)(const void *)argv);
	fprintf(stderr, "%s: %s\n", argv[0], strerror(errno));
	_exit(127);
}

struct pty *pty_start(int rows, int cols, const char *term, const char *const *argv)
{
	struct pty *p = calloc(1, sizeof *p);
	struct winsize size = {.ws_row = (unsigned short)rows, .ws_col = (unsigned short)cols};
	assert_non_null(p);
	p->rows = rows;
	p->cols = cols;
	p->vt = vterm_new(rows, cols);
	vterm_set_utf8(p->vt, 1);
	p->vts = vterm_obtain_screen(p->vt);
	p->cursor_visible = true;
	vterm_screen_set_callbacks(p->vts, &callbacks, p);
	vterm_screen_enable_altscreen(p->vts, 1);
	vterm_screen_reset(p->vts, 1);
	p->child = terminal_fork(&p->master, &size, &p->before, &p->leader);
	assert_true(p->child >= 0);
	if (p->child == 0)
		run_child(term, argv);
	return p;
}

// What the emulator answers to questions goes back to the program.
static void send_answers(struct pty *p)
{
	char buf[256];
	size_t n;
	while ((n = vterm_output_read(p->vt, buf, sizeof buf)) > 0)
		if (write(p->master, buf, n) < 0)
			return;
}

// Takes what has come. False when nothing more will.
static bool take_bytes(struct pty *p, int ms)
{
	char buf[8192];
	struct pollfd fd = {.fd = p->master, .events = POLLIN};
	if (poll(&fd, 1, ms) <= 0)
		return true;
	ssize_t n = read(p->master, buf, sizeof buf);
	if (n <= 0)
		return false;
	p->received += (size_t)n;
	if (p->saw)
		p->saw(buf, (size_t)n);
	vterm_input_write(p->vt, buf, (size_t)n);
	send_answers(p);
	return true;
}

void pty_line(struct pty *p, int y, char out[static PTY_LINE])
{
	size_t used = 0;
	for (int x = 0; x < p->cols; x++) {
		VTermScreenCell cell = {0};
		VTermPos pos = {.row = y, .col = x};
		vterm_screen_get_cell(p->vts, pos, &cell);
		if (cell.chars[0] == (uint32_t)-1)
			continue;
		if (!cell.chars[0])
			out[used++] = ' ';
		for (int i = 0; i < VTERM_MAX_CHARS_PER_CELL && cell.chars[i]; i++)
			used += width_encode(cell.chars[i], out + used);
	}
	out[used] = '\0';
}

bool pty_shows(struct pty *p, const char *text)
{
	char line[PTY_LINE];
	for (int y = 0; y < p->rows; y++) {
		pty_line(p, y, line);
		if (strstr(line, text))
			return true;
	}
	return false;
}

static void print_screen(struct pty *p)
{
	char line[PTY_LINE];
	for (int y = 0; y < p->rows; y++) {
		pty_line(p, y, line);
		print_error("|%s|\n", line);
	}
}

static void wait_for(struct pty *p, const char *text, bool shown)
{
	int64_t end = now_ms() + DEADLINE_MS;
	while (pty_shows(p, text) != shown && now_ms() < end)
		if (!take_bytes(p, 100))
			break;
	if (pty_shows(p, text) == shown)
		return;
	print_screen(p);
	fail_msg("the screen %s \"%s\"", shown ? "never showed" : "still shows", text);
}

// The first line of a process's file, "" for none.
static void read_first(const char *pid, const char *file, char *line, int size)
{
	char path[300];
	snprintf(path, sizeof path, "/proc/%s/%s", pid, file);
	FILE *f = fopen(path, "re");
	if (!f || !fgets(line, size, f))
		line[0] = '\0';
	if (f)
		fclose(f);
}

// The state of a process in the terminal's session, of its first thread, which is the one that draws; 0 for others.
static char state_of(const char *pid, pid_t session)
{
	char line[512], state = 0;
	int of = -1;
	read_first(pid, "stat", line, sizeof line);
	const char *end = strrchr(line, ')'); // of the name, which may be anything
	return end && sscanf(end + 1, " %c %*d %*d %d", &state, &of) == 2 && of == session ? state : 0;
}

// Does a process of the session pass? `any`: does one, else do all?
static bool ask_session(const struct pty *p, bool (*passes)(const char *pid, char state), bool any)
{
	bool found = !any;
	DIR *d = opendir("/proc");
	assert_non_null(d);
	for (struct dirent *e; found != any && (e = readdir(d));) {
		int pid = atoi(e->d_name);
		char state = pid <= 0 || pid == p->leader ? 0 : state_of(e->d_name, p->leader);
		if (state && passes(e->d_name, state) == any)
			found = any;
	}
	closedir(d);
	return found;
}

// The state of a thread, "PID/task/TID", or of the first one, "PID"; 0 when it has ended.
static char state_at(const char *path)
{
	char line[512], state = 0;
	read_first(path, "stat", line, sizeof line);
	const char *end = strrchr(line, ')'); // of the name, which may be anything
	return end && sscanf(end + 1, " %c", &state) == 1 ? state : 0;
}

// One that stays as long as a program is traced.
static bool is_of_trace(const char *path)
{
	char name[32];
	read_first(path, "comm", name, sizeof name);
	return strcmp(name, "bindwalk-trace\n") == 0 || strcmp(name, "bindwalk-output\n") == 0;
}

// Does a thread beside the one that draws run, or read something and end with that, as none does but the one that
// listens and those of a trace?
static bool works_aside(const char *pid)
{
	enum { STAY = 2 };
	char path[300];
	unsigned threads = 0;
	bool runs = false;
	snprintf(path, sizeof path, "/proc/%s/task", pid);
	DIR *d = opendir(path);
	for (struct dirent *e; d && (e = readdir(d));) {
		if (e->d_name[0] == '.')
			continue;
		snprintf(path, sizeof path, "%s/task/%.20s", pid, e->d_name);
		threads += !is_of_trace(path);
		runs |= strcmp(e->d_name, pid) != 0 && state_at(path) != 'S';
	}
	if (d)
		closedir(d);
	return runs || threads > STAY;
}

// One that has ended does as well. A thread that has just ended has woken the one that draws.
static bool sleeps(const char *pid, char state)
{
	return (state == 'S' && !works_aside(pid) && state_at(pid) == 'S') || state == 'Z' || state == 'X';
}

static bool all_sleep(const struct pty *p)
{
	return ask_session(p, sleeps, false);
}

static bool more_came(struct pty *p)
{
	size_t before = p->received;
	take_bytes(p, 0);
	return p->received != before;
}

void pty_until_waiting(struct pty *p)
{
	enum { LOOK_MS = 5 };
	for (int64_t end = now_ms() + DEADLINE_MS; now_ms() < end; take_bytes(p, LOOK_MS)) {
		while (more_came(p))
			;
		// In this order: what it wrote before it slept has come then.
		if (all_sleep(p) && !more_came(p))
			return;
	}
	print_screen(p);
	fail_msg("the program never waits");
}

static bool is_alive(const char *pid, char state)
{
	(void)pid;
	return state != 'Z' && state != 'X';
}

// The system call that it sleeps in, with its first three arguments; false if unknown.
static bool system_call(const char *pid, long *number, unsigned long args[static 3])
{
	char line[256];
	read_first(pid, "syscall", line, sizeof line);
	return sscanf(line, "%ld %lx %lx %lx", number, &args[0], &args[1], &args[2]) == 4;
}

// Many descriptors, as the explorer's.
static bool waits_for_keys(const char *pid, char state)
{
	long number;
	unsigned long args[3];
	return state == 'S' && system_call(pid, &number, args) && number == SYS_ppoll && args[1] > 1;
}

// A lab's first process reads from a pipe for as long as the lab is there.
static bool is_terminal(const char *pid, unsigned long fd)
{
	char path[64], to[64] = "";
	snprintf(path, sizeof path, "/proc/%.20s/fd/%lu", pid, fd);
	return readlink(path, to, sizeof to - 1) > 0 && strncmp(to, "/dev/", 5) == 0;
}

// Without a limit of time: one that has a limit is over soon, and waits for what comes too soon for an answer.
static bool waits_for_line(const char *pid, char state)
{
	long number;
	unsigned long args[3];
	if (state != 'S' || !system_call(pid, &number, args))
		return false;
	return (number == SYS_read && is_terminal(pid, args[0])) || number == SYS_pselect6 ||
	       (number == SYS_ppoll && args[1] == 1 && args[2] == 0);
}

static bool hides(const char *pid, char state)
{
	char line[256];
	read_first(pid, "syscall", line, sizeof line);
	return is_alive(pid, state) && !line[0];
}

void pty_until_asking(struct pty *p)
{
	enum { LOOK_MS = 5, SEEN_MS = 120, UNSEEN_MS = 400 }; // longer than what is too soon for an answer
	for (int64_t end = now_ms() + DEADLINE_MS; now_ms() < end; take_bytes(p, LOOK_MS)) {
		pty_until_waiting(p);
		if (ask_session(p, waits_for_line, true) || !ask_session(p, is_alive, true))
			return;
		bool keys = ask_session(p, waits_for_keys, true);
		if (!keys && !ask_session(p, hides, true))
			continue;
		pty_listen(p, keys ? SEEN_MS : UNSEEN_MS);
		return;
	}
	print_screen(p);
	fail_msg("the program waits for no answer");
}

// Has the program read all that was typed? To poll the other end brings what is still under way there.
static bool all_is_read(const struct pty *p)
{
	int slave = ioctl(p->master, TIOCGPTPEER, O_RDWR | O_NOCTTY | O_CLOEXEC);
	struct pollfd fd = {.fd = slave, .events = POLLIN};
	assert_true(slave >= 0);
	bool none = poll(&fd, 1, 0) == 0;
	close(slave);
	return none;
}

bool pty_settle(struct pty *p)
{
	enum { LOOK_MS = 1 };
	char pid[16];
	snprintf(pid, sizeof pid, "%d", p->child);
	for (int64_t end = now_ms() + DEADLINE_MS; now_ms() < end; take_bytes(p, LOOK_MS)) {
		while (more_came(p))
			;
		p->ended = p->ended || waitpid(p->child, &p->status, WNOHANG) == p->child;
		if (p->ended)
			return false;
		// In this order: what it wrote before it slept has come then.
		if (all_is_read(p) && sleeps(pid, state_of(pid, p->leader)) && !more_came(p))
			return true;
	}
	print_screen(p);
	fail_msg("the program never waits");
	return false;
}

void pty_until(struct pty *p, const char *text)
{
	wait_for(p, text, true);
}

void pty_until_gone(struct pty *p, const char *text)
{
	do { // a picture comes in parts, and the first part may lack it only for a moment
		wait_for(p, text, false);
		pty_until_waiting(p);
	} while (pty_shows(p, text));
}

static bool cursor_is_at(struct pty *p, int row, int col, VTermPos *cursor)
{
	vterm_state_get_cursorpos(vterm_obtain_state(p->vt), cursor);
	return (row < 0 || cursor->row == row) && cursor->col == col && p->cursor_visible;
}

void pty_until_cursor(struct pty *p, int row, int col)
{
	VTermPos cursor;
	int64_t end = now_ms() + DEADLINE_MS;
	do {
		if (cursor_is_at(p, row, col, &cursor)) { // and not on its way elsewhere
			pty_until_waiting(p);
			if (cursor_is_at(p, row, col, &cursor))
				return;
		}
	} while (take_bytes(p, 100) && now_ms() < end);
	fail_msg("the cursor is at %d,%d, not at %d,%d", cursor.row, cursor.col, row, col);
}

size_t pty_listen(struct pty *p, int ms)
{
	size_t before = p->received;
	for (int64_t end = now_ms() + ms; now_ms() < end;)
		if (!take_bytes(p, (int)(end - now_ms())))
			break;
	return p->received - before;
}

void pty_type(struct pty *p, const char *bytes)
{
	for (size_t len = strlen(bytes); len > 0;) {
		ssize_t n = write(p->master, bytes,
				  len); // long ones go in parts, between which a stopped process breaks off
		assert_true(n > 0);
		bytes += n;
		len -= (size_t)n;
	}
}

void pty_resize(struct pty *p, int rows, int cols)
{
	struct winsize size = {.ws_row = (unsigned short)rows, .ws_col = (unsigned short)cols};
	p->rows = rows;
	p->cols = cols;
	vterm_set_size(p->vt, rows, cols);
	assert_int_equal(ioctl(p->master, TIOCSWINSZ, &size), 0);
}

static int open_slave(const struct pty *p)
{
	int fd = open(ptsname(p->master), O_RDWR | O_NOCTTY | O_CLOEXEC);
	assert_true(fd >= 0);
	return fd;
}

static bool has_room(int fd)
{
	return poll(&(struct pollfd){.fd = fd, .events = POLLOUT}, 1, 0) > 0;
}

void pty_until_full(struct pty *p)
{
	int fd = open_slave(p);
	for (int64_t end = now_ms() + DEADLINE_MS; has_room(fd);) {
		assert_true(now_ms() < end);
		pty_type(p, "\014");
		while (poll(NULL, 0, 5) == 0 && has_room(fd) && !all_sleep(p) && now_ms() < end)
			;
	}
	close(fd);
}

void pty_stop_output(struct pty *p)
{
	int fd = open_slave(p);
	assert_int_equal(tcflow(fd, TCOOFF), 0);
	close(fd);
}

// Bytes written to the master may still be on their way: poll() waits until they arrive.
static bool has_input(int fd)
{
	return poll(&(struct pollfd){.fd = fd, .events = POLLIN}, 1, 0) > 0;
}

void pty_until_taken(struct pty *p)
{
	int fd = open_slave(p);
	for (int64_t end = now_ms() + DEADLINE_MS; has_input(fd) || !all_sleep(p); poll(NULL, 0, 5))
		assert_true(now_ms() < end);
	close(fd);
}

int pty_wait(struct pty *p)
{
	for (int64_t end = now_ms() + DEADLINE_MS; !p->ended && now_ms() < end;) {
		bool more = p->unread ? poll(NULL, 0, 5) == 0 : p->master >= 0 && take_bytes(p, 20);
		p->ended = waitpid(p->child, &p->status, more ? WNOHANG : 0) == p->child;
	}
	if (!p->ended) {
		print_screen(p);
		fail_msg("the program does not end");
	}
	while (p->master >= 0 && take_bytes(p, 0)) { // what it wrote last
		struct pollfd fd = {.fd = p->master, .events = POLLIN};
		if (poll(&fd, 1, 0) <= 0)
			break;
	}
	return p->status;
}

// What the terminal would send for it now.
static void expect_sent(struct pty *p, const char *bytes)
{
	char buf[64];
	size_t n = vterm_output_read(p->vt, buf, sizeof buf - 1);
	buf[n] = '\0';
	assert_string_equal(buf, bytes);
}

void pty_expect_restored(struct pty *p)
{
	struct termios now;
	assert_false(p->alternate);
	assert_false(p->mouse);
	assert_true(p->cursor_visible);
	vterm_keyboard_start_paste(p->vt);
	expect_sent(p, "");
	vterm_keyboard_key(p->vt, VTERM_KEY_UP, VTERM_MOD_NONE);
	expect_sent(p, "\033[A"); // not the keypad's form
	assert_int_equal(tcgetattr(p->master, &now), 0);
	assert_int_equal(now.c_iflag, p->before.c_iflag);
	assert_int_equal(now.c_oflag, p->before.c_oflag);
	assert_int_equal(now.c_cflag, p->before.c_cflag);
	assert_int_equal(now.c_lflag, p->before.c_lflag);
	assert_memory_equal(now.c_cc, p->before.c_cc, sizeof now.c_cc);
}

void pty_close(struct pty *p)
{
	if (!p->ended) {
		kill(p->child, SIGKILL);
		waitpid(p->child, &p->status, 0);
	}
	if (p->master >= 0)
		close(p->master);
	waitpid(p->leader, NULL, 0);
	vterm_free(p->vt);
	free(p);
}
