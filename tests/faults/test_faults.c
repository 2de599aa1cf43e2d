// SPDX-License-Identifier: GPL-3.0-or-later
// Every allocation and every system call of a list fails once, in each scenario: nothing crashes or hangs, an answer is
// whole or is none, what is changed can be undone, and the terminal comes back. BINDWALK_FAULTS=all takes every call,
// otherwise a sample is taken of each caller's first call: in the explorer it depends on what else the machine does.
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <locale.h>
#include <poll.h>
#include <signal.h>
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

#include "core/change/change.h"
#include "core/change/edit_apply.h"
#include "core/command/command_edit.h"
#include "core/command/lab_make.h"
#include "core/observe/clock.h"
#include "tests/faults/calls.h"
#include "tests/faults/judge.h"
#include "tests/faults/supervise.h"
#include "tests/screen/pty.h"

enum {
	WORKERS = 2,
	SAMPLE = 24, // one in so many
	LATE_MS = 2000,
	GUARD_MS = 120000, // only bounds a hang
};

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

static const char lesson[] = "lesson \"Two binds\"\n"
			     "goal See both.\n"
			     "step \"One\"\n"
			     "say The first.\n"
			     "ask Will it bind? [binds refused]\n"
			     "do bind 192.0.2.2:7000\n"
			     "check ok\n"
			     "step \"Two\"\n"
			     "do ip addr add 198.51.100.7/32 dev lo\n"
			     "check bind 198.51.100.7:7000 ok\n"
			     "done Both bind.\n";

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
	{.name = "lesson", .kind = LINES, .argv = {"lesson", "--ascii", "./script"}, .script = lesson},
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
	const struct site *at = &t->fault.site;
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
		good = judge(sc->kind, at, at->at[0] >= libraries, &shared->good, got, why);
	if (sc->kind == EDIT)
		good &= judge_namespace(before, shared->changed, why);
	nftw(folder, remove_one, 8, FTW_DEPTH | FTW_PHYS);
	rmdir(folder);
	if (good)
		return first || t->done ? WIFSIGNALED(got->status) ? CRASHED : SURVIVED : NOT_REACHED;
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
