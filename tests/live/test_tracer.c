// SPDX-License-Identifier: GPL-3.0-or-later
// The tracer as its callers have it: nothing is left when it is killed or stopped at any point, and a traced program
// does what it does untraced. The traced programs are this one, in a role.
#include <dirent.h>
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/wait.h>

#include "core/observe/proc.h"
#include "core/trace/tracer.h"
#include "tests/live/live.h"
#include "tests/live/traced_roles.h"

enum { KILLS = 12, SEED = 20261130, LONGEST_US = 60000 };

// What came of a trace.
struct seen {
	struct tracer *tracer;
	atomic_int binds, refused, notes[TRACE_NOTES], stopped;
	int stop_at; // the bind at which to stop, 0 for none
};

static void take_call(void *data, const struct bind_event *e, const struct event_verdict *v, const struct inquiry *in)
{
	struct seen *s = data;
	(void)v;
	(void)in;
	s->binds += e->call == CALL_BIND;
	s->refused += e->call == CALL_BIND && e->err == EADDRNOTAVAIL;
	if (s->stop_at && s->binds == s->stop_at)
		tracer_stop(s->tracer);
}

static void take_note(void *data, enum trace_note note, pid_t process, const char *program)
{
	struct seen *s = data;
	(void)process;
	(void)program;
	s->notes[note]++;
}

static struct tracer_out out_to(struct seen *s)
{
	return (struct tracer_out){.call = take_call, .note = take_note, .data = s};
}

// Traces a role, or a process, to its end. 0 or -errno.
static int follow(const struct tracer_how *how, struct seen *s, char *err)
{
	const struct tracer_out out = out_to(s);
	int rc = tracer_open(how, &s->tracer, err, TRACER_ERROR);
	return rc < 0 ? rc : tracer_run(s->tracer, &out, err, TRACER_ERROR);
}

static int launch(const char *role, const char *argument, bool stay, struct seen *s)
{
	char err[TRACER_ERROR] = "";
	int status = -1;
	const struct tracer_how how = {.command = traced_role_command(role, argument), .stay = stay, .output = -1};
	if (follow(&how, s, err) < 0)
		fail_msg("%s", err);
	if (!tracer_status(s->tracer, &status))
		status = -1;
	tracer_close(s->tracer);
	return status;
}

static void expect_no_child(void)
{
	assert_int_equal(waitpid(-1, NULL, __WALL | WNOHANG), -1);
	assert_int_equal(errno, ECHILD);
}

static int entries(const char *path)
{
	int n = 0;
	DIR *dir = opendir(path);
	struct dirent *entry;
	while ((entry = readdir(dir)))
		n += entry->d_name[0] != '.';
	closedir(dir);
	return n;
}

// When there is no other thread: a walk's may be about to close its own.
static int descriptors(void)
{
	while (entries("/proc/self/task") > 1)
		sched_yield();
	return entries("/proc/self/fd");
}

// All that goes on as our child, however deep it was, until there is none. Returns how many said that they went wrong.
static int collect_all(void)
{
	int wrong = 0, status;
	pid_t got;
	while ((got = waitpid(-1, &status, __WALL)) > 0 || errno == EINTR)
		if (got > 0 && status != 0 && status != ROLE_NOT_BEGUN << 8) {
			print_message("# process %d ended with 0x%x\n", (int)got, (unsigned)status);
			wrong++;
		}
	return wrong;
}

// Of what would not end on its own.
static void collect_storm(void)
{
	while (waitpid(-1, NULL, __WALL) > 0 || errno == EINTR)
		continue;
}

// A process that traces, and ends by our hand.
static pid_t tracing_process(const struct tracer_how *how)
{
	pid_t pid = fork();
	if (pid == 0) {
		static struct seen s;
		char err[TRACER_ERROR] = "";
		int status = 0;
		if (follow(how, &s, err) < 0 && !strstr(err, "has ended") && !strstr(err, "no process") &&
		    !strstr(err, "zombie"))
			_exit(ROLE_WRONG);
		tracer_status(s.tracer, &status);
		_exit(WIFEXITED(status) ? WEXITSTATUS(status) : ROLE_WRONG);
	}
	return pid;
}

// The delay is drawn before anything runs, and what must come of it does not depend on where it falls.
static void kill_after(pid_t pid, unsigned *seed)
{
	usleep((useconds_t)(rand_r(seed) % LONGEST_US));
	kill(pid, SIGKILL);
	int status;
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(status == SIGKILL || status == 0);
}

static int kills(void)
{
	const char *text = getenv("BINDWALK_TRACE_KILLS");
	return text ? atoi(text) : KILLS;
}

static void test_killed_launched(void **state)
{
	(void)state;
	unsigned seed = SEED;
	for (int i = 0; i < kills(); i++) {
		const struct tracer_how how = {.command = traced_role_command("storm", NULL), .output = -1};
		kill_after(tracing_process(&how), &seed);
		collect_storm();
		expect_no_child();
	}
}

static int let_wake(void **state)
{
	(void)state;
	return setenv(ROLE_MAY_WAKE, "1", 1);
}

static int let_sleep(void **state)
{
	(void)state;
	return unsetenv(ROLE_MAY_WAKE);
}

static void test_killed_staying(void **state)
{
	(void)state;
	unsigned seed = SEED + 1;
	for (int i = 0; i < kills(); i++) {
		const struct tracer_how how = {.command = traced_role_command("work", "3"), .stay = true, .output = -1};
		kill_after(tracing_process(&how), &seed);
		assert_int_equal(collect_all(), 0);
	}
}

static pid_t start_role(const char *role, const char *argument)
{
	char **words = traced_role_command(role, argument);
	pid_t pid = fork();
	if (pid == 0) {
		execv(words[0], words);
		_exit(ROLE_WRONG);
	}
	return pid;
}

static void test_killed_attached(void **state)
{
	(void)state;
	unsigned seed = SEED + 2;
	for (int i = 0; i < kills(); i++) {
		pid_t pid = start_role("work", "3");
		const struct tracer_how how = {.pid = pid, .output = -1};
		kill_after(tracing_process(&how), &seed);
		assert_int_equal(collect_all(), 0);
	}
}

struct stopper {
	struct tracer *tracer;
	useconds_t us;
};

static void *stop_later(void *data)
{
	const struct stopper *s = data;
	usleep(s->us);
	tracer_stop(s->tracer);
	return NULL;
}

// In this very process: its descriptors are as many as before.
static void stop_at_random(const struct tracer_how *how, unsigned *seed)
{
	struct seen s = {0};
	char err[TRACER_ERROR] = "";
	pthread_t thread;
	const struct tracer_out out = out_to(&s);
	struct stopper stopper = {.us = (useconds_t)(rand_r(seed) % LONGEST_US)};
	if (tracer_open(how, &s.tracer, err, sizeof err) < 0)
		fail_msg("%s", err);
	stopper.tracer = s.tracer;
	assert_int_equal(pthread_create(&thread, NULL, stop_later, &stopper), 0);
	int rc = tracer_run(s.tracer, &out, err, sizeof err);
	pthread_join(thread, NULL);
	if (rc < 0 && !(how->pid && rc == -ESRCH))
		fail_msg("%s", err);
	tracer_close(s.tracer);
}

static void test_stopped(void **state)
{
	(void)state;
	unsigned seed = SEED + 3;
	struct seen first = {0};
	launch("daemon", NULL, false, &first); // what is opened once for all
	int before = descriptors();
	for (int i = 0; i < kills(); i++) {
		const struct tracer_how launched = {.command = traced_role_command("storm", NULL), .output = -1};
		stop_at_random(&launched, &seed);
		collect_storm();
		pid_t pid = start_role("work", "2");
		const struct tracer_how attached = {.pid = pid, .output = -1};
		stop_at_random(&attached, &seed);
		assert_int_equal(collect_all(), 0);
		assert_int_equal(descriptors(), before);
	}
}

// From within a callback, and before it runs.
static void test_stopped_at_a_bind(void **state)
{
	(void)state;
	struct seen s = {.stop_at = 3};
	assert_int_equal(launch("storm", NULL, false, &s), SIGKILL);
	assert_true(s.binds >= 3);
	collect_storm();
	char err[TRACER_ERROR];
	const struct tracer_how how = {.command = traced_role_command("storm", NULL), .output = -1};
	const struct tracer_out out = out_to(&s);
	assert_int_equal(tracer_open(&how, &s.tracer, err, sizeof err), 0);
	tracer_stop(s.tracer);
	assert_int_equal(tracer_run(s.tracer, &out, err, sizeof err), 0);
	tracer_close(s.tracer);
	expect_no_child();
	assert_int_equal(tracer_open(&how, &s.tracer, err, sizeof err), 0);
	tracer_close(s.tracer);
	expect_no_child();
}

static void test_status(void **state)
{
	(void)state;
	struct seen s = {0};
	assert_int_equal(launch("nothing", NULL, false, &s), ROLE_STATUS << 8);
	assert_int_equal(launch("nothing", NULL, true, &s), ROLE_STATUS << 8);
	assert_int_equal(launch("dies", "15", false, &s) & 0x7f, SIGTERM);
	assert_int_equal(launch("dies", "9", true, &s), SIGKILL);
	assert_int_equal(launch("work", "2", false, &s), 0);
	assert_int_equal(launch("work", "2", true, &s), 0);
	assert_int_equal(collect_all(), 0);
}

// Who is told to end may hand that on before the trace has begun.
static void test_killed_early(void **state)
{
	(void)state;
	struct seen s = {0};
	char err[TRACER_ERROR] = "";
	int status = 0;
	siginfo_t ended;
	const struct tracer_how how = {.command = traced_role_command("nothing", NULL), .output = -1};
	const struct tracer_out out = out_to(&s);
	assert_int_equal(tracer_open(&how, &s.tracer, err, sizeof err), 0);
	pid_t pid = tracer_process(s.tracer);
	kill(pid, SIGTERM);
	assert_int_equal(waitid(P_PID, (id_t)pid, &ended, WEXITED | WNOWAIT), 0);
	assert_int_equal(tracer_run(s.tracer, &out, err, sizeof err), 0);
	assert_true(tracer_status(s.tracer, &status) && WIFSIGNALED(status) && WTERMSIG(status) == SIGTERM);
	tracer_close(s.tracer);
	expect_no_child();
}

static void fail_to_begin(char *file, int wanted)
{
	struct seen s = {0};
	char err[TRACER_ERROR] = "", *words[] = {file, NULL};
	bool at_exec = false;
	const struct tracer_how how = {.command = words, .output = -1};
	assert_int_equal(follow(&how, &s, err), 0);
	assert_int_equal(tracer_failure(s.tracer, &at_exec), wanted);
	assert_true(at_exec);
	tracer_close(s.tracer);
	expect_no_child();
}

static void test_not_begun(void **state)
{
	(void)state;
	fail_to_begin((char *)"", ENOENT);
	fail_to_begin((char *)"./no-such-program", ENOENT);
	fail_to_begin((char *)"/", EACCES);
	fail_to_begin((char *)"/dev/null", EACCES);
}

// Every bind of a grandchild is seen, however soon its parent has ended.
static void test_daemon(void **state)
{
	(void)state;
	for (int i = 0; i < 20; i++) {
		struct seen s = {0};
		assert_int_equal(launch("daemon", NULL, i % 2, &s), 0);
		assert_int_equal(s.binds, 2);
		assert_int_equal(s.refused, 1);
		assert_int_equal(collect_all(), 0);
	}
}

static void test_forks(void **state)
{
	(void)state;
	struct seen s = {0};
	assert_int_equal(launch("forks", "300", false, &s), 0);
	expect_no_child();
}

static ssize_t read_all(int fd, char *to, size_t len)
{
	size_t used = 0;
	ssize_t n;
	while (used < len - 1 && (n = read(fd, to + used, len - 1 - used)) > 0)
		used += (size_t)n;
	to[used] = '\0';
	return (ssize_t)used;
}

// Runs it with its standard output in memory, and signals and descriptors as few callers have them.
static void take_report(int how, char *to, size_t len)
{
	int ends[2];
	assert_int_equal(pipe(ends), 0);
	pid_t pid = fork();
	if (pid == 0) {
		struct seen s = {0};
		char **words = traced_role_command("report", NULL);
		sigset_t mask;
		dup2(ends[1], STDOUT_FILENO);
		close(ends[0]);
		close(ends[1]);
		dup2(STDERR_FILENO, 40);
		signal(SIGPIPE, SIG_IGN);
		signal(SIGCHLD, SIG_IGN);
		signal(SIGUSR2, SIG_IGN);
		sigemptyset(&mask);
		sigaddset(&mask, SIGTERM);
		sigaddset(&mask, SIGCHLD);
		sigprocmask(SIG_SETMASK, &mask, NULL);
		if (how == 0)
			execv(words[0], words);
		else
			launch("report", NULL, how == 2, &s);
		_exit(0);
	}
	close(ends[1]);
	assert_true(read_all(ends[0], to, len) > 0);
	close(ends[0]);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
}

static void test_untouched(void **state)
{
	(void)state;
	static char plain[65536], traced[65536], staying[65536];
	take_report(0, plain, sizeof plain);
	take_report(1, traced, sizeof traced);
	take_report(2, staying, sizeof staying);
	// The pipe has another number each time. Standard input may be one as well.
	for (int i = 0; i < 3; i++) {
		char *at = i == 0 ? plain : i == 1 ? traced : staying;
		assert_non_null(strstr(at, "pipe:["));
		while ((at = strstr(at, "pipe:[")))
			memset(at, '.', strcspn(at, "]"));
	}
	assert_string_equal(plain, traced);
	assert_string_equal(plain, staying);
}

static void test_own_filter(void **state)
{
	(void)state;
	struct seen s = {0};
	assert_int_equal(launch("hides", NULL, false, &s), 0);
	assert_int_equal(s.notes[TRACE_OWN_FILTER], 1);
	assert_int_equal(launch("hides", NULL, true, &s), 0);
	assert_int_equal(s.notes[TRACE_OWN_FILTER], 1);
	assert_int_equal(launch("filters", NULL, false, &s), 0);
	assert_int_equal(s.notes[TRACE_OWN_FILTER], 1);
}

static void refused(pid_t pid, int wanted, const char *word)
{
	struct seen s = {0};
	char err[TRACER_ERROR] = "";
	const struct tracer_how how = {.pid = pid, .output = -1};
	assert_int_equal(follow(&how, &s, err), wanted);
	if (!strstr(err, word))
		fail_msg("'%s' does not have '%s'", err, word);
	assert_null(strchr(err, '\n'));
	assert_int_equal(s.notes[TRACE_BEGUN], 0);
	tracer_close(s.tracer);
}

static void await_state(pid_t pid, const char *key, const char *value)
{
	char path[64], text[8192], line[64];
	snprintf(line, sizeof line, "%s:\t%s", key, value);
	do
		proc_read("", proc_path(pid, "status", path, sizeof path), text, sizeof text);
	while (!strstr(text, line));
}

static void test_refusals(void **state)
{
	(void)state;
	pid_t child = fork();
	if (child == 0)
		_exit(0);
	await_state(child, "State", "Z");
	refused(child, -ESRCH, "zombie");
	assert_int_equal(waitpid(child, NULL, 0), child);
	refused(child, -ESRCH, "no process");
	refused(getpid(), -EPERM, "itself");
	refused(getppid(), -EPERM, "another terminal");
	child = start_role("waits", "-1");
	pid_t other = tracing_process(&(struct tracer_how){.pid = child, .output = -1});
	char path[64], text[8192];
	unsigned long tracer = 0;
	do
		proc_read("", proc_path(child, "status", path, sizeof path), text, sizeof text);
	while (proc_field(text, "TracerPid", 10, &tracer) < 0 || tracer == 0);
	refused(child, -EPERM, "already traced by process");
	kill(other, SIGKILL);
	waitpid(other, NULL, 0);
	await_state(child, "TracerPid", "0");
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
}

// The program that was attached to is left alone, and so is who waits in a call.
static void test_no_eintr(void **state)
{
	(void)state;
	for (int i = 0; i < 5; i++) {
		int status = -1;
		pid_t pid = start_role("waits", "40");
		pid_t tracing = tracing_process(&(struct tracer_how){.pid = pid, .output = -1});
		assert_int_equal(waitpid(pid, &status, 0), pid);
		assert_int_equal(status, 0);
		assert_int_equal(waitpid(tracing, &status, 0), tracing);
		assert_int_equal(status, 0);
	}
}

static bool may_trace(void)
{
	struct seen s = {0};
	char err[TRACER_ERROR] = "";
	const struct tracer_how how = {.command = traced_role_command("nothing", NULL), .output = -1};
	int rc = follow(&how, &s, err);
	tracer_close(s.tracer);
	if (rc < 0)
		printf("1..0 # SKIP %s\n", err);
	return rc == 0;
}

int main(int argc, char **argv)
{
	traced_role(argc, argv);
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_status),
		cmocka_unit_test(test_killed_early),
		cmocka_unit_test(test_not_begun),
		cmocka_unit_test(test_daemon),
		cmocka_unit_test(test_forks),
		cmocka_unit_test(test_untouched),
		cmocka_unit_test(test_own_filter),
		cmocka_unit_test(test_no_eintr),
		cmocka_unit_test(test_killed_launched),
		cmocka_unit_test_setup_teardown(test_killed_staying, let_wake, let_sleep),
		cmocka_unit_test_setup_teardown(test_killed_attached, let_wake, let_sleep),
		cmocka_unit_test_setup_teardown(test_stopped, let_wake, let_sleep),
		cmocka_unit_test(test_stopped_at_a_bind),
		cmocka_unit_test_setup_teardown(test_refusals, let_wake, let_sleep),
	};
	if (!live_enter())
		return 0;
	if (!may_trace())
		return 0;
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	signal(SIGPIPE, SIG_IGN);                        // as the program has it
	alarm(getenv("BINDWALK_EMULATED") ? 3000 : 300); // what hangs, fails
	return cmocka_run_group_tests(tests, NULL, NULL);
}
