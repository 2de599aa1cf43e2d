// SPDX-License-Identifier: GPL-3.0-or-later
// A command in a lab as a job of a shell: Ctrl-Z stops both, the shell continues both, and the terminal goes back and
// forth. The shell is this test's.
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/live/live.h"
#include "tui/lab_command.h"

enum { REFUSED_HERE = 77 };

static const char script[] = "trap 'echo interrupted; exit 5' INT; echo up; while read line; do echo got $line; done";

// Ctrl-C, and a line: a shell that is about to read when the signal comes sees to it after that line.
static const char interrupt[] = "\x03\n";

struct shell {
	int terminal, output; // the terminal's other end, and that of what the job prints
	int word[2];          // a byte: continue the job
	pid_t pid;
	char seen[4096];
	size_t used;
};

_Noreturn static void run_job(int output)
{
	char why[LAB_ERROR], *argv[] = {"sh", "-c", (char *)(uintptr_t)script, NULL};
	setpgid(0, 0);
	tcsetpgrp(STDIN_FILENO, getpgrp());
	signal(SIGTTOU, SIG_DFL);
	dup2(output, STDOUT_FILENO);
	if (lab_enter(why, sizeof why) < 0) {
		fprintf(stderr, "# %s\n", why);
		_exit(REFUSED_HERE);
	}
	lab_command(argv);
}

// On a terminal of its own. Prints when the job stops, and how it ends.
_Noreturn static void run_shell(const struct shell *s, const char *terminal, int output)
{
	int status;
	char byte;
	setsid();
	int fd = open(terminal, O_RDWR);
	dup2(fd, STDIN_FILENO);
	dup2(fd, STDERR_FILENO);
	signal(SIGTTOU, SIG_IGN); // the terminal is the shell's to give
	pid_t job = fork();
	if (job == 0)
		run_job(output < 0 ? fd : output);
	close(output);
	close(s->word[1]); // without the test, the shell ends
	while (waitpid(job, &status, WUNTRACED) == job && WIFSTOPPED(status)) {
		tcsetpgrp(STDIN_FILENO, getpgrp());
		dprintf(fd, "stopped\n");
		if (read(s->word[0], &byte, 1) != 1)
			break;
		tcsetpgrp(STDIN_FILENO, job);
		kill(-job, SIGCONT);
	}
	if (WIFEXITED(status) && WEXITSTATUS(status) == REFUSED_HERE)
		dprintf(fd, "refused\n");
	dprintf(fd, "ended %d %s\n", WIFEXITED(status) ? WEXITSTATUS(status) : -1,
		tcgetpgrp(STDIN_FILENO) == job ? "in front" : "behind");
	// Only when that is read: the kernel hangs up the terminal when its session's leader ends.
	while (read(s->word[0], &byte, 1) < 0 && errno == EINTR)
		;
	_exit(0);
}

static void start(struct shell *s, bool through_pipe)
{
	int output[2] = {-1, -1};
	*s = (struct shell){.terminal = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC)};
	assert_true(s->terminal >= 0 && grantpt(s->terminal) == 0 && unlockpt(s->terminal) == 0);
	assert_int_equal(pipe2(s->word, O_CLOEXEC), 0);
	if (through_pipe)
		assert_int_equal(pipe2(output, O_CLOEXEC), 0);
	s->output = through_pipe ? output[0] : s->terminal;
	fflush(NULL);
	s->pid = fork();
	assert_true(s->pid >= 0);
	if (s->pid == 0)
		run_shell(s, ptsname(s->terminal), output[1]);
	if (through_pipe)
		close(output[1]);
}

// Reads until the text appears, and drops everything read up to it.
static void until(struct shell *s, int fd, const char *text)
{
	char *found;
	while (!(found = strstr(s->seen, text))) {
		ssize_t n = read(fd, s->seen + s->used, sizeof s->seen - 1 - s->used);
		if (n <= 0 || strstr(s->seen, "refused"))
			fail_msg("'%s' did not come, but: %s", text, s->seen);
		s->used += (size_t)n;
		s->seen[s->used] = '\0';
	}
	s->used = 0;
	s->seen[0] = '\0';
}

static void type(struct shell *s, const char *text)
{
	assert_int_equal(write(s->terminal, text, strlen(text)), (ssize_t)strlen(text));
}

static void finish(struct shell *s)
{
	close(s->word[0]);
	close(s->word[1]);
	waitpid(s->pid, NULL, 0);
	if (s->output != s->terminal)
		close(s->output);
	close(s->terminal);
}

static void test_job(void **state)
{
	struct shell s;
	(void)state;
	start(&s, false);
	until(&s, s.output, "up");
	type(&s, "one\n");
	until(&s, s.output, "got one");
	for (int i = 0; i < 2; i++) {
		type(&s, "\x1a"); // Ctrl-Z
		until(&s, s.terminal, "stopped");
		assert_int_equal(write(s.word[1], "", 1), 1);
		type(&s, "two\n");
		until(&s, s.output, "got two");
	}
	type(&s, interrupt);
	until(&s, s.terminal, "ended 5 in front");
	finish(&s);
}

// As in `bindwalk lab -- COMMAND | less`: who else of the job is in the terminal's group keeps it, until the command
// reads.
static void test_pipe(void **state)
{
	struct shell s;
	(void)state;
	start(&s, true);
	until(&s, s.output, "up");
	type(&s, "one\n");
	until(&s, s.output, "got one");
	type(&s, "\x1a");
	until(&s, s.terminal, "stopped");
	assert_int_equal(write(s.word[1], "", 1), 1);
	type(&s, "two\n");
	until(&s, s.output, "got two");
	type(&s, interrupt);
	until(&s, s.output, "interrupted");
	until(&s, s.terminal, "ended 5 in front");
	finish(&s);
}

int main(void)
{
	for (int sig = 1; sig < NSIG; sig++) // some are ignored in the background of a shell, and by nohup
		signal(sig, SIG_DFL);
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_job), cmocka_unit_test(test_pipe)};
	if (!live_enter()) // may one be made here? The job's is another one
		return 0;
	return cmocka_run_group_tests_name("lab jobs", tests, NULL, NULL);
}
