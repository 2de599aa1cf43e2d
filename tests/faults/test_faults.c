// SPDX-License-Identifier: GPL-3.0-or-later
// Every allocation and every system call of a list fails once, in each scenario: nothing crashes or hangs, an answer is
// whole or is none, what is changed can be undone, and the terminal comes back. BINDWALK_FAULTS=all takes every call,
// otherwise a sample is taken that is the same each time: of each caller the first call.
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <locale.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <jansson.h>

#include "core/change/change.h"
#include "core/change/edit_apply.h"
#include "core/change/editor.h"
#include "core/change/editor_undo.h"
#include "core/change/inventory_read.h"
#include "core/command/command_edit.h"
#include "core/command/lab_make.h"
#include "core/observe/clock.h"
#include "tests/faults/calls.h"
#include "tests/faults/supervise.h"
#include "tests/screen/pty.h"

enum {
	TEXT = 1 << 16,
	WHY = 4096,
	WORKERS = 2,
	SAMPLE = 12, // one in so many
	LATE_MS = 2000,
	GUARD_MS = 120000, // only bounds a hang
};

struct outcome {
	char out[TEXT], err[TEXT];
	int status; // as waitpid() gives it
	bool hangs;
	bool left; // a terminal that was not restored
	bool said; // the explorer said that it is out of memory
};

enum judgement { ANSWER, JSON, LINES, JSON_LINES, EDIT, SCREEN };

struct scenario {
	const char *name;
	enum judgement kind;
	const char *argv[10]; // behind the program's name
	const char *script;   // the file `script`
	const struct step {
		const char *type, *until;
		const char *change; // of the namespace, by the test
	} * steps;
};

static const char changes[] = "link set lo up\n"
			      "addr add 198.51.100.7/32 dev lo\n"
			      "route add local 198.51.100.64/26 dev lo\n"
			      "bind 198.51.100.65:7000\n"
			      "expect ok\n"
			      "sysctl net.ipv4.ip_nonlocal_bind 1\n"
			      "bind 203.0.113.5:7000\n"
			      "expect ok\n"
			      "undo\n"
			      "bind 203.0.113.5:7000\n"
			      "expect EADDRNOTAVAIL\n";
static const char kept[] = "link set lo up\n"
			   "addr add 198.51.100.7/32 dev lo\n"
			   "sysctl net.ipv4.ip_nonlocal_bind 1\n"
			   "keep\n";

#define SILENCE "\001" // is never on the screen
static const struct step explorer[] = {
	{"", "n/p step", NULL},
	{":", ":", NULL},
	{"address 192.0.2.2:7000\r", "bind tcp4 192.0.2.2:7000", NULL},
	{"b", "as predicted", NULL},
	{"\f", SILENCE, NULL}, // what a lost write took from the screen is back
	{"\f", SILENCE, NULL}, // or what curses lost when it drew that
	{0},
};

// The kernel's queue of events runs over, so all is read again.
static const struct step resync[] = {
	{"", "n/p step", NULL},
	{"", "198.51.100.7", "addr add 198.51.100.7/32 dev lo"},
	{"\f", "198.51.100.7", NULL},
	{0},
};

static const struct scenario scenarios[] = {
	{.name = "explain", .kind = ANSWER, .argv = {"explain", "--ascii", "192.0.2.2", "7000"}},
	{.name = "explain --json", .kind = JSON, .argv = {"explain", "--json", "192.168.123.123", "7000"}},
	{.name = "run --lab", .kind = LINES, .argv = {"run", "--lab", "--ascii", "script"}, .script = changes},
	{.name = "run --lab --json",
	 .kind = JSON_LINES,
	 .argv = {"run", "--lab", "--json", "script"},
	 .script = changes},
	{.name = "run --edit",
	 .kind = EDIT,
	 .argv = {"run", "--edit", "--yes", "--ascii", "script"},
	 .script = changes},
	{.name = "run --edit, kept",
	 .kind = EDIT,
	 .argv = {"run", "--edit", "--yes", "--ascii", "script"},
	 .script = kept},
	{.name = "explorer", .kind = SCREEN, .argv = {"--ascii", "192.0.2.2"}, .steps = explorer},
	{.name = "resync", .kind = SCREEN, .argv = {"--ascii", "192.0.2.2"}, .steps = resync},
};

static char program[512], preload[512];
static uint32_t libraries; // where the code of readline and curses begins in the program

// They are linked behind our own code. Where they are shared, there is none of them in the program.
static void find_libraries(void)
{
	char command[600], line[512], type, name[256];
	const char *nm = getenv("NM");
	unsigned long at;
	snprintf(command, sizeof command, "%s -n '%s'", nm && *nm ? nm : "nm", program);
	FILE *f = popen(command, "r");
	libraries = UINT32_MAX;
	while (f && fgets(line, sizeof line, f))
		if (libraries == UINT32_MAX && sscanf(line, "%lx %c %255s", &at, &type, name) == 3 &&
		    (type == 'T' || type == 't') && (strncmp(name, "rl_", 3) == 0 || strncmp(name, "_nc_", 4) == 0))
			libraries = (uint32_t)at;
	if (f)
		pclose(f);
}

// ---------------------------------------------------------------------------------------------------- running

static void read_file(const char *path, char *out, size_t size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? 0 : read(fd, out, size - 1);
	out[n > 0 ? n : 0] = '\0';
	if (fd >= 0)
		close(fd);
}

static void write_file(const char *path, const char *text)
{
	FILE *f = fopen(path, "we");
	if (!f || fputs(text, f) < 0 || fclose(f) != 0)
		abort();
}

static void make_argv(const struct scenario *sc, const char **argv)
{
	unsigned n = 0;
	argv[n++] = program;
	for (unsigned i = 0; sc->argv[i]; i++)
		argv[n++] = sc->argv[i];
	argv[n] = NULL;
}

static void become_program(const char *const *argv)
{
	struct rlimit no_core = {0, 0};
	setrlimit(RLIMIT_CORE, &no_core);
	setsid();
	dup2(open("/dev/null", O_RDONLY), STDIN_FILENO);
	dup2(open("out", O_WRONLY | O_CREAT | O_TRUNC, 0600), STDOUT_FILENO);
	dup2(open("err", O_WRONLY | O_CREAT | O_TRUNC, 0600), STDERR_FILENO);
	execv(argv[0], (char *const *)(uintptr_t)argv);
	_exit(127);
}

static void wait_for(pid_t child, struct outcome *o)
{
	int fd = (int)syscall(SYS_pidfd_open, child, 0);
	struct pollfd p = {.fd = fd, .events = POLLIN};
	o->hangs = poll(&p, 1, GUARD_MS) == 0;
	close(fd);
	kill(-child, SIGKILL); // what it left behind as well
	waitpid(child, &o->status, 0);
}

static void run_plain(const struct scenario *sc, struct trace *t, struct outcome *o)
{
	const char *argv[12];
	make_argv(sc, argv);
	if (!supervise_begin(preload, t))
		abort();
	pid_t child = fork();
	if (child == 0)
		become_program(argv);
	supervise_child();
	wait_for(child, o);
	supervise_end();
	read_file("out", o->out, sizeof o->out);
	read_file("err", o->err, sizeof o->err);
}

static bool ended(struct pty *p)
{
	if (!p->ended)
		p->ended = waitpid(p->child, &p->status, WNOHANG) == p->child;
	return p->ended;
}

static void take_screen(struct pty *p, char *out)
{
	size_t used = 0;
	for (int y = 0; y < p->rows; y++) {
		VTermRect line = {y, y + 1, 0, p->cols};
		used += vterm_screen_get_text(p->vts, out + used, 1024, line);
		while (used && out[used - 1] == ' ')
			used--;
		out[used++] = '\n';
	}
	while (used > 1 && out[used - 1] == '\n' && out[used - 2] == '\n')
		used--;
	out[used] = '\0';
}

static bool is_restored(struct pty *p)
{
	struct termios now;
	return !p->alternate && p->cursor_visible && tcgetattr(p->master, &now) == 0 &&
	       now.c_iflag == p->before.c_iflag && now.c_oflag == p->before.c_oflag &&
	       now.c_lflag == p->before.c_lflag && memcmp(now.c_cc, p->before.c_cc, sizeof now.c_cc) == 0;
}

static bool sleeps(pid_t pid)
{
	char path[300], line[512], state;
	bool all = true;
	snprintf(path, sizeof path, "/proc/%d/task", (int)pid);
	DIR *d = opendir(path);
	for (struct dirent *e; all && d && (e = readdir(d));) {
		snprintf(path, sizeof path, "/proc/%d/task/%s/stat", (int)pid, e->d_name);
		FILE *f = e->d_name[0] == '.' ? NULL : fopen(path, "re");
		const char *end = f && fgets(line, sizeof line, f) ? strrchr(line, ')') : NULL;
		all = !end || sscanf(end + 1, " %c", &state) != 1 || state == 'S';
		if (f)
			fclose(f);
	}
	if (d)
		closedir(d);
	return all;
}

// Until the screen shows it. A fault may keep it from coming; then silence, with nobody at work, is the time to go on.
// Whether the explorer says then that it is out of memory.
static bool go_on_with(struct pty *p, const char *until)
{
	enum { SILENCE_MS = 400 };
	while (!ended(p) && !pty_shows(p, until))
		if (sleeps(p->child) && pty_listen(p, SILENCE_MS) == 0 && sleeps(p->child))
			break;
	return pty_shows(p, "out of memory");
}

static int call_named(const char *name)
{
	unsigned i = 0;
	while (i < fault_call_count && strcmp(fault_calls[i].name, name) != 0)
		i++;
	return (int)i;
}

// And the program loses the event.
static void change_namespace(const char *line, struct trace *t)
{
	struct edit e[COMMAND_EDITS];
	char err[EDIT_ERROR];
	struct changer *c;
	if (command_edit_line(line, e, err, sizeof err) != 1 || change_open(&c) < 0)
		abort();
	t->given_errno = ENOBUFS;
	t->given = call_named("recvmmsg");
	if (edit_apply(c, e) < 0)
		abort();
	change_close(c);
}

// `err` is the terminal's text; `out` is what the explorer's screen showed before.
static void run_screen(const struct scenario *sc, struct trace *t, struct outcome *o)
{
	const char *argv[12];
	make_argv(sc, argv);
	if (!supervise_begin(preload, t))
		abort();
	// Without the capability "repeat": where no locale could be set, curses uses it, and libvterm draws it wrongly.
	struct pty *p = pty_start(24, 80, "screen-256color", argv);
	supervise_child();
	for (const struct step *s = sc->steps; s->until && !ended(p); s++) {
		if (s->change)
			change_namespace(s->change, t);
		if (write(p->master, s->type, strlen(s->type)) < 0)
			break;
		o->said |= go_on_with(p, s->until);
	}
	take_screen(p, o->out);
	int64_t end = now_ms() + GUARD_MS;
	for (int round = 0; !ended(p) && now_ms() < end; round++) {
		if (write(p->master, round % 8 ? "q" : "\033\033q", round % 8 ? 1 : 3) < 0 && errno != EIO)
			break;
		if (pty_listen(p, 50) == 0)
			poll(NULL, 0, 5);
	}
	o->hangs = !ended(p);
	if (o->hangs)
		kill(p->child, SIGKILL);
	// What it wrote last may still be on its way here.
	for (int64_t late = now_ms() + LATE_MS; pty_listen(p, 1) > 0 || (!is_restored(p) && now_ms() < late);)
		;
	take_screen(p, o->err);
	o->left = !is_restored(p);
	if (o->hangs)
		waitpid(p->child, &p->status, 0);
	p->ended = true;
	o->status = p->status;
	pty_close(p);
	supervise_end();
}

static void run(const struct scenario *sc, struct trace *t, struct outcome *o)
{
	memset(o, 0, sizeof *o);
	if (sc->script)
		write_file("script", sc->script);
	if (sc->kind == SCREEN)
		run_screen(sc, t, o);
	else
		run_plain(sc, t, o);
}

// ----------------------------------------------------------------------------------------------------- judging

__attribute__((format(printf, 2, 3))) static bool bad(char *why, const char *fmt, ...)
{
	size_t used = strlen(why);
	va_list args;
	va_start(args, fmt);
	vsnprintf(why + used, WHY - used, fmt, args);
	va_end(args);
	return false;
}

static int code_of(const struct outcome *o)
{
	return WIFEXITED(o->status) ? WEXITSTATUS(o->status) : -1;
}

// One message: a sentence, and with it the line of the script that it is about. What --edit undid at the end is said
// without a fault as well.
static bool says_why(const struct outcome *got, char *why)
{
	unsigned n = 0;
	for (const char *p = got->err, *end; *p; p = *end ? end + 1 : end) {
		static const char undone[] = " undone";
		end = p + strcspn(p, "\n");
		bool says = end - p < (ptrdiff_t)sizeof undone ||
			    memcmp(end - sizeof undone + 1, undone, sizeof undone - 1) != 0;
		n += says && strncmp(p, "  ", 2) != 0;
	}
	return n == 1 || bad(why, "%u messages", n);
}

// Where two texts differ first: the line of the one that we got.
static const char *difference(const char *a, const char *b)
{
	static char line[256];
	const char *begin = b;
	for (; *a && *a == *b; a++, b++)
		if (*b == '\n')
			begin = b + 1;
	snprintf(line, sizeof line, "%.*s", (int)strcspn(begin, "\n"), begin);
	return line;
}

// Is it the same line, or says it honestly that less was found out?
static bool is_honest(const char *good, size_t goodlen, const char *got, size_t len)
{
	char a[512], b[512];
	snprintf(a, sizeof a, "%.*s", (int)goodlen, good);
	snprintf(b, sizeof b, "%.*s", (int)len, got);
	char *asked = strstr(a, "+asked");
	if (asked && !strstr(b, "+asked"))
		*asked = '\0';
	size_t same = strlen(b); // how far a verdict holds is left out where not all holders are known
	bool less = strncmp(a, b, same) == 0 && strncmp(a + same, ", the same for ", 15) == 0;
	return strcmp(a, b) == 0 || less || strstr(b, "not looked up");
}

static bool is_honest_text(const char *good, const char *got)
{
	while (*good && *got) {
		size_t n = strcspn(good, "\n"), m = strcspn(got, "\n");
		if (!is_honest(good, n, got, m))
			return false;
		good += n + (good[n] == '\n');
		got += m + (got[m] == '\n');
	}
	return *good == *got;
}

static bool is_prefix(const char *good, const char *got)
{
	return strncmp(good, got, strlen(got)) == 0;
}

// An input that could not be read is named, and bind() did what it does.
static bool names_what_lacks(const char *good, const char *got)
{
	const char *a = strstr(good, " result "), *b = strstr(got, " result ");
	return a && b && strstr(got, " cannot tell: ") && strncmp(a, b, strcspn(a, "\n") + 1) == 0;
}

// Less than the whole only where the output could not be written.
static bool judge_answer(const struct outcome *good, const struct outcome *got, char *why)
{
	if (good->status == got->status &&
	    (is_honest_text(good->out, got->out) || names_what_lacks(good->out, got->out)))
		return true;
	if (code_of(got) == 4 && is_prefix(good->out, got->out))
		return says_why(got, why);
	return bad(why, "another answer, as in: %s", difference(good->out, got->out));
}

static bool is_honest_json(const json_t *good, const json_t *got, const char *key);

static bool is_honest_object(const json_t *good, const json_t *got)
{
	static const char *const may_lack[] = {"asked", "lsms", "seccomp"};
	const char *key;
	json_t *value;
	size_t n = 0;
	const char *finding = json_string_value(json_object_get(got, "finding"));
	bool lacks_input = finding && json_array_size(json_object_get(got, "unknown")) > 0;
	if (lacks_input || (finding && strcmp(finding, "PORT_UNASKED") == 0))
		return true; // a step that says so
	json_object_foreach((json_t *)(uintptr_t)good, key, value)
	{
		json_t *other = json_object_get(got, key);
		bool lacks = false;
		for (size_t i = 0; i < sizeof may_lack / sizeof may_lack[0]; i++)
			lacks |= !other && strcmp(key, may_lack[i]) == 0;
		if (!lacks && !(other && is_honest_json(value, other, key)))
			return false;
		n += other != NULL;
	}
	return n == json_object_size(got);
}

// Without memory to try a remedy, it is not offered.
static bool is_subset(const json_t *good, const json_t *got)
{
	size_t at = 0;
	for (size_t i = 0; i < json_array_size(good) && at < json_array_size(got); i++)
		at += is_honest_json(json_array_get(good, i), json_array_get(got, at), "");
	return at == json_array_size(got);
}

// The same, or honestly less. A descriptor's number is not part of the answer.
static bool is_honest_json(const json_t *good, const json_t *got, const char *key)
{
	if (json_is_object(good) && json_is_object(got))
		return is_honest_object(good, got);
	if (json_is_array(good) && json_array_size(good) == json_array_size(got)) {
		bool same = true;
		for (size_t i = 0; i < json_array_size(good); i++)
			same &= is_honest_json(json_array_get(good, i), json_array_get(got, i), "");
		return same;
	}
	if (json_is_array(good) && json_is_array(got) && strcmp(key, "remedies") == 0)
		return is_subset(good, got);
	if (json_is_array(got) && strcmp(key, "unknown") == 0)
		return true;
	// What could not be read is null, and never its default.
	static const char *const may_be_null[] = {"capabilities", "seccomp", "holds_for"};
	for (size_t i = 0; i < sizeof may_be_null / sizeof *may_be_null; i++)
		if (json_is_null(got) && strcmp(key, may_be_null[i]) == 0)
			return true;
	if (json_equal(good, got) || (json_is_integer(good) && json_is_integer(got) && strcmp(key, "returned") == 0) ||
	    (json_is_false(got) && (strcmp(key, "verified") == 0 || strcmp(key, "certain") == 0)))
		return true;
	const char *a = json_string_value(good), *b = json_string_value(got);
	return a && b && strcmp(a, "asked") == 0 && strcmp(b, "model") == 0;
}

static bool judge_json(const struct outcome *good, const struct outcome *got, char *why)
{
	json_t *a = json_loads(good->out, 0, NULL), *b = json_loads(got->out, 0, NULL);
	bool same = b && good->status == got->status && is_honest_json(a, b, "");
	json_decref(a);
	json_decref(b);
	return same || judge_answer(good, got, why);
}

// Each line is as it should be, but for the last one, which may tell the error.
static bool judge_json_lines(const struct outcome *good, const struct outcome *got, char *why)
{
	const char *a = good->out, *b = got->out;
	while (*a && *b) {
		size_t n = strcspn(a, "\n") + 1, m = strcspn(b, "\n") + 1;
		json_t *x = json_loadb(a, n, 0, NULL), *y = json_loadb(b, m, 0, NULL);
		bool same = y && is_honest_json(x, y, ""), fails = y && json_object_get(y, "error");
		json_decref(x);
		json_decref(y);
		if (!same && !(fails && code_of(got) && !b[m]))
			return bad(why, "another answer: %.*s", (int)m, b);
		a += n;
		b += m;
	}
	if (code_of(got) == 0)
		return *a == *b || bad(why, "status 0, and not the whole answer");
	return says_why(got, why);
}

static bool judge_lines(const struct outcome *good, const struct outcome *got, char *why)
{
	if (code_of(got) == 0)
		return is_honest_text(good->out, got->out) ||
		       bad(why, "status 0, and another answer: %s", difference(good->out, got->out));
	if (is_prefix(good->out, got->out))
		return says_why(got, why);
	return bad(why, "another answer, as in: %s", difference(good->out, got->out));
}

// What the explorer says of an input that it could not read, or of a list that it can't show.
static bool is_honest_screen(const char *screen)
{
	static const char *const words[] = {
		"failed",      "cannot",    "can't",   "not looked up", "out of memory",
		"cannot hear", "could not", "reading", "- predicted +"}; // a bind that could not be tried leaves that
	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
		if (strstr(screen, words[i]))
			return true;
	return false;
}

// The same picture, or the kernel was not asked for a step.
static bool is_honest_picture(const char *good, const char *got)
{
	static const char asked[] = "model+asked", unasked[] = "      model";
	for (; *good && *got; good++, got++) {
		bool less =
			strncmp(good, asked, sizeof asked - 1) == 0 && strncmp(got, unasked, sizeof unasked - 1) == 0;
		size_t skip = less ? sizeof asked - 2 : 0;
		if (!less && *good != *got)
			return false;
		good += skip;
		got += skip;
	}
	return *good == *got;
}

// The very call that would bring the terminal back is one that nothing makes up for.
static bool may_be_left(const struct site *at)
{
	return fault_calls[at->call].number == SYS_write || fault_calls[at->call].number == SYS_ioctl;
}

// A library that ends the program says why in its own words; curses that had no memory may draw wrongly. A list that
// was shown late may be scrolled otherwise.
static bool judge_screen(const struct site *at, const struct outcome *good, const struct outcome *got, char *why)
{
	if (got->left && !may_be_left(at))
		return bad(why, "the terminal is left as it was");
	if (WIFSIGNALED(got->status))
		return true;
	if (code_of(got) == 0)
		return is_honest_picture(good->out, got->out) || is_honest_screen(got->out) || got->said ||
		       at->at[0] >= libraries || bad(why, "another picture: %s", difference(good->out, got->out));
	// Keys that nobody took any more are echoed behind it.
	const char *first = strstr(got->err, "bindwalk: ");
	if (!got->err[0] || (first && strstr(first + 1, "bindwalk: ")))
		return bad(why, "not one message");
	return true;
}

static char *print_namespace(char *out)
{
	struct inventory now;
	char line[EDIT_TEXT];
	size_t used = 0;
	out[0] = '\0';
	if (inventory_read(&now, INVENTORY_ALL, NULL, NULL) < 0)
		abort();
	for (size_t i = 0; i < now.n; i++)
		used += (size_t)snprintf(out + used, TEXT - used, "%s\n", edit_print(&now.edits[i], line, sizeof line));
	inventory_free(&now);
	return out;
}

static enum editor_consent allow(enum editor_act act, const struct edit *e, void *data)
{
	(void)act;
	(void)e;
	(void)data;
	return EDITOR_YES;
}

static bool recover(char *why)
{
	char err[EDIT_ERROR] = "";
	struct editor *e;
	if (editor_open(&e, true, err, sizeof err) < 0)
		return bad(why, "%s", err);
	editor_ask(e, allow, NULL);
	int n = editor_recover(e, command_edit_line, err, sizeof err);
	if (n > 0)
		n = editor_undo(e, true, err, sizeof err);
	editor_leave(e);
	return n >= 0 || bad(why, "%s", err);
}

// A change neither undone nor kept is in a journal, and can be undone.
static bool judge_namespace(const char *before, const char *good, char *why)
{
	static char after[TEXT];
	if (!recover(why))
		return false;
	print_namespace(after);
	return strcmp(after, before) == 0 || strcmp(after, good) == 0 ||
	       bad(why, "half changed: %s", difference(before, after));
}

// Curses crashes itself where memory is short. Then all that can be had is the terminal as it was.
static bool judge(const struct scenario *sc, const struct site *at, const struct outcome *good,
		  const struct outcome *got, char *why)
{
	if (got->hangs)
		return bad(why, "it hangs");
	if (!WIFEXITED(got->status) && (sc->kind != SCREEN || got->left || at->at[0] < libraries))
		return bad(why, "signal %d", WTERMSIG(got->status));
	switch (sc->kind) {
	case ANSWER:
		return judge_answer(good, got, why);
	case JSON:
		return judge_json(good, got, why);
	case SCREEN:
		return judge_screen(at, good, got, why);
	case JSON_LINES:
		return judge_json_lines(good, got, why);
	default:
		return judge_lines(good, got, why);
	}
}

// ---------------------------------------------------------------------------------------------------- counting

enum verdict { SURVIVED, FAILED, NOT_REACHED, CRASHED, REFUSED, VERDICTS };

// What all processes share.
static struct shared {
	struct trace trace; // of the run without a fault
	struct trace runs[WORKERS];
	struct outcome good, got[WORKERS];
	char changed[TEXT]; // the namespace after it
	unsigned sites, how[VERDICTS];
} * shared;

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	return ftw->level ? remove(path) : 0;
}

// In a child, which has a namespace and a folder of its own.
static int run_and_judge(const struct scenario *sc, struct trace *t, struct outcome *got, bool first)
{
	static char before[TEXT];
	char why[WHY] = "", folder[] = "/tmp/bindwalk-faults-XXXXXX";
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (!mkdtemp(folder) || chdir(folder) < 0 || setenv("HOME", folder, 1) < 0)
		abort();
	if ((sc->kind == EDIT ? lab_enter_empty(why, sizeof why) : lab_enter(why, sizeof why)) < 0) {
		snprintf(got->err, sizeof got->err, "no lab: %s", why);
		rmdir(folder);
		return REFUSED;
	}
	why[0] = '\0';
	if (sc->kind == EDIT)
		print_namespace(before);
	run(sc, t, got);
	if (first && code_of(got) == FAULT_NO_LISTENER) {
		snprintf(got->err, sizeof got->err, "seccomp's user notification is refused");
		return REFUSED;
	}
	bool good = true;
	if (first && sc->kind == EDIT)
		print_namespace(shared->changed);
	else if (!first)
		good = judge(sc, &t->fault.site, &shared->good, got, why);
	if (sc->kind == EDIT)
		good &= judge_namespace(before, shared->changed, why);
	nftw(folder, remove_one, 8, FTW_DEPTH | FTW_PHYS);
	rmdir(folder);
	if (good)
		return first || t->done ? WIFSIGNALED(got->status) ? CRASHED : SURVIVED : NOT_REACHED;
	const struct site *at = &t->fault.site;
	printf("# %s: %s fails with %s at %#x < %#x, call %u: %s; status %d\n", sc->name, fault_calls[at->call].name,
	       strerrorname_np(t->fault.err), at->at[0], at->at[1], at->before, why, got->status);
	if (getenv("BINDWALK_FAULTS_SHOW"))
		printf("out: %s\nerr: %s\n", got->out, got->err);
	fflush(stdout);
	return FAILED;
}

static int in_child(const struct scenario *sc, struct trace *t, struct outcome *got, bool first)
{
	int status;
	fflush(stdout);
	pid_t pid = fork();
	if (pid == 0)
		_exit(run_and_judge(sc, t, got, first));
	return waitpid(pid, &status, 0) == pid && WIFEXITED(status) ? WEXITSTATUS(status) : FAILED;
}

// All calls, or those from one place in the program (0x...), or of the first ones from each caller so many.
static bool is_wanted(const struct site *at, unsigned *number)
{
	const char *how = getenv("BINDWALK_FAULTS");
	if (how && strcmp(how, "all") == 0)
		return true;
	if (how && strncmp(how, "0x", 2) == 0)
		return at->at[0] == strtoul(how, NULL, 16);
	unsigned every = how ? (unsigned)atoi(how) : SAMPLE;
	return at->before == 0 && (*number)++ % every == 0;
}

static void work(const struct scenario *sc, unsigned worker)
{
	struct trace *t = &shared->runs[worker];
	unsigned number = 0, firsts = 0;
	for (unsigned i = shared->trace.after; i < shared->trace.n; i++)
		for (unsigned e = 0; e < FAULT_ERRNOS; e++) {
			const struct site *at = &shared->trace.calls[i];
			int err = fault_calls[at->call].errnos[e];
			if (!err || !is_wanted(at, &firsts) || number++ % WORKERS != worker)
				continue;
			t->fault = (struct fault){*at, err};
			int verdict = in_child(sc, t, &shared->got[worker], false);
			__atomic_add_fetch(&shared->sites, 1, __ATOMIC_RELAXED);
			__atomic_add_fetch(&shared->how[verdict], 1, __ATOMIC_RELAXED);
		}
}

static bool count(const struct scenario *sc, unsigned number)
{
	pid_t workers[WORKERS];
	memset(shared, 0, offsetof(struct shared, runs));
	shared->sites = 0;
	memset(shared->how, 0, sizeof shared->how);
	if (in_child(sc, &shared->trace, &shared->good, true) == REFUSED) {
		printf("ok %u - %s # SKIP %s\n", number, sc->name, shared->good.err);
		return true;
	}
	if (getenv("BINDWALK_FAULTS_SHOW"))
		printf("status %d out: %s\nerr: %s\n", shared->good.status, shared->good.out, shared->good.err);
	fflush(stdout);
	for (unsigned w = 0; w < WORKERS; w++)
		if ((workers[w] = fork()) == 0) {
			prctl(PR_SET_PDEATHSIG, SIGKILL);
			work(sc, w);
			_exit(0);
		}
	for (unsigned w = 0; w < WORKERS; w++)
		waitpid(workers[w], NULL, 0);
	const unsigned *how = shared->how;
	bool good = shared->sites > 0 && !how[FAILED];
	printf("%s %u - %s: sites %u, survived %u", good ? "ok" : "not ok", number, sc->name, shared->sites,
	       how[SURVIVED] + how[CRASHED]);
	if (how[CRASHED])
		printf(", %u of them with curses crashed and the terminal restored", how[CRASHED]);
	if (how[NOT_REACHED])
		printf(", not reached again %u", how[NOT_REACHED]);
	printf("\n");
	fflush(stdout);
	return good;
}

int main(int argc, char **argv)
{
	const char *dir = getenv("top_builddir");
	char here[256];
	unsigned number = 0;
	bool good = true;
#ifdef __SANITIZE_ADDRESS__
	printf("1..0 # SKIP a sanitizer has an allocator of its own\n");
	return 0;
#endif
	if (!getcwd(here, sizeof here))
		return 99;
	snprintf(program, sizeof program, "%s/bindwalk", dir ? dir : here);
	snprintf(preload, sizeof preload, "%s/tests/faults/fail.so", dir ? dir : here);
	shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (shared == MAP_FAILED)
		return 99;
	find_libraries();
	setenv("LC_ALL", "C.UTF-8", 1);
	setenv("INPUTRC", "/dev/null", 1);
	unsetenv("XDG_STATE_HOME");
	unsetenv("XDG_CONFIG_HOME");
	setlocale(LC_ALL, "C.UTF-8");
	for (size_t i = 0; i < sizeof scenarios / sizeof scenarios[0]; i++)
		if (argc < 2 || strcmp(argv[1], scenarios[i].name) == 0)
			good &= count(&scenarios[i], ++number);
	printf("1..%u\n", number);
	return !good;
}
