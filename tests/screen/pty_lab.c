// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/screen/pty_lab.h"

#include <ftw.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/change/lab.h"
#include "core/command/lab_make.h"

char program[512];
char home[] = "/tmp/bindwalk-pty-XXXXXX";

struct pty *start_lab(int rows, int cols)
{
	const char *argv[] = {program, "lab", NULL};
	struct pty *p = pty_start(rows, cols, "xterm-256color", argv);
	pty_until(p, "· lab");
	pty_until(p, "192.0.2.2");      // links and addresses are read,
	pty_until_gone(p, "· reading"); // and routes
	return p;
}

void answer(struct pty *p, const char *keys)
{
	pty_until_asking(p);
	pty_type(p, keys);
}

void say_yes(struct pty *p)
{
	answer(p, "y");
}

void until_main_screen(struct pty *p)
{
	pty_until_gone(p, "address:");
	pty_until(p, "n/p step");
}

void end_normally(struct pty *p)
{
	int status = pty_wait(p);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
	pty_expect_restored(p);
	pty_close(p);
}

void quit(struct pty *p)
{
	pty_type(p, "q");
	end_normally(p);
}

// May a lab be made here at all? Asked in a child.
static bool can_make_labs(char *why, size_t len)
{
	int pipes[2], status;
	ssize_t n;
	if (pipe(pipes) < 0)
		return false;
	pid_t child = fork();
	if (child == 0) {
		int err = lab_enter(why, len);
		if (err < 0 && write(pipes[1], why, strlen(why)) < 0)
			_exit(2);
		_exit(err < 0);
	}
	close(pipes[1]);
	n = read(pipes[0], why, len - 1);
	why[n > 0 ? n : 0] = '\0';
	close(pipes[0]);
	return waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

int pty_lab_run(const struct CMUnitTest *tests, size_t n)
{
	const char *dir = getenv("top_builddir");
	char why[512] = "";
	snprintf(program, sizeof program, "%s/bindwalk", dir ? dir : ".");
	if (!can_make_labs(why, sizeof why)) {
		printf("1..0 # SKIP no lab: %s\n", why);
		return 77;
	}
	if (!mkdtemp(home))
		return 99;
	static const char *const cleared[] = {"NO_COLOR", "COLORTERM", "COLORFGBG",      "LINES",           "COLUMNS",
					      "ESCDELAY", "TERMINFO",  "XDG_STATE_HOME", "BINDWALK_OPTIONS"};
	for (size_t i = 0; i < sizeof cleared / sizeof cleared[0]; i++)
		unsetenv(cleared[i]);
	setenv("HOME", home, 1);
	setenv("INPUTRC", "/dev/null", 1);
	setenv("LC_ALL", "C.UTF-8", 1);
	setlocale(LC_ALL, "C.UTF-8");
	int failed = _cmocka_run_group_tests("tests", tests, n, NULL, NULL);
	nftw(home, remove_one, 8, FTW_DEPTH | FTW_PHYS);
	return failed;
}
