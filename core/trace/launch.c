// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/trace/launch.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/observe/netns_visit.h"
#include "core/trace/call_filter.h"

enum { NOT_BEGUN = 4 }; // its exit status; nobody sees it

// What the child tells before it waits at the gate.
struct ready {
	int filter_error;
	bool no_new_privs;
};

// And of a failure after that.
struct failure {
	int err;
	bool at_exec;
};

static ssize_t read_whole(int fd, void *to, size_t len)
{
	ssize_t n;
	do
		n = read(fd, to, len);
	while (n < 0 && errno == EINTR);
	return n;
}

_Noreturn static void give_up(int report, int err, bool at_exec)
{
	const struct failure f = {.err = err, .at_exec = at_exec};
	ssize_t n = write(report, &f, sizeof f);
	_exit(n < 0 ? NOT_BEGUN : NOT_BEGUN + 1);
}

static int become(const struct launch_user *u)
{
	if (setgroups(u->ngroups, u->groups) < 0 || setresgid(u->gid, u->gid, u->gid) < 0 ||
	    setresuid(u->uid, u->uid, u->uid) < 0)
		return -errno;
	if (setenv("HOME", u->home, 1) < 0 || setenv("USER", u->name, 1) < 0 || setenv("LOGNAME", u->name, 1) < 0 ||
	    setenv("SHELL", u->shell, 1) < 0)
		return -errno;
	return 0;
}

static int take_files(int output)
{
	int nothing = open("/dev/null", O_RDONLY | O_CLOEXEC);
	if (nothing < 0 || dup2(nothing, STDIN_FILENO) < 0 || dup2(output, STDOUT_FILENO) < 0 ||
	    dup2(output, STDERR_FILENO) < 0)
		return -errno;
	return 0;
}

// All signals wait until here: one of them is for the program, and not for handlers that came with fork().
_Noreturn static void run(const struct launch_how *how, const sigset_t *mask, int gate, int report)
{
	char go;
	struct ready ready = {0};
	if (how->prepare)
		how->prepare();
	pthread_sigmask(SIG_SETMASK, mask, NULL);
	// A privilege to do it may go with the user.
	if (how->filter)
		ready.filter_error = call_filter_install(how->filter, &ready.no_new_privs);
	if (write(report, &ready, sizeof ready) != sizeof ready || read_whole(gate, &go, 1) != 1)
		_exit(NOT_BEGUN); // who would see it is gone
	int rc = how->output >= 0 ? take_files(how->output) : 0;
	if (rc == 0 && how->user)
		rc = become(how->user);
	if (rc < 0)
		give_up(report, -rc, false);
	execvp(how->argv[0], how->argv);
	give_up(report, errno, true);
}

static int take_ready(struct launch *l)
{
	struct ready r;
	if (read_whole(l->report, &r, sizeof r) != sizeof r)
		return -ECHILD; // it was killed
	l->filter_error = r.filter_error;
	l->no_new_privs = r.no_new_privs;
	return 0;
}

int launch_start(const struct launch_how *how, struct launch *out)
{
	int gate[2], report[2];
	*out = (struct launch){.gate = -1, .report = -1};
	if (pipe2(gate, O_CLOEXEC) < 0)
		return -errno;
	if (pipe2(report, O_CLOEXEC) < 0) {
		int rc = -errno;
		close(gate[0]);
		close(gate[1]);
		return rc;
	}
	netns_visit_pause(); // else we might not trace it
	sigset_t all, mask;
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &mask);
	out->pid = fork();
	int rc = out->pid < 0 ? -errno : 0;
	if (out->pid == 0) {
		close(gate[1]);
		close(report[0]);
		run(how, how->mask ? how->mask : &mask, gate[0], report[1]);
	}
	pthread_sigmask(SIG_SETMASK, &mask, NULL);
	netns_visit_resume();
	close(gate[0]);
	close(report[1]);
	out->gate = gate[1];
	out->report = report[0];
	if (rc == 0)
		rc = take_ready(out);
	if (rc < 0)
		launch_close(out);
	return rc;
}

void launch_go(struct launch *l)
{
	while (write(l->gate, "", 1) < 0 && errno == EINTR)
		continue;
	close(l->gate);
	l->gate = -1;
}

int launch_failure(struct launch *l, bool *at_exec)
{
	struct failure f = {0};
	if (l->report < 0 || read_whole(l->report, &f, sizeof f) != sizeof f)
		return 0;
	*at_exec = f.at_exec;
	return f.err;
}

void launch_close(struct launch *l)
{
	if (l->gate >= 0) {
		close(l->gate);
		while (l->pid > 0 && waitpid(l->pid, NULL, 0) < 0 && errno == EINTR)
			continue;
	}
	if (l->report >= 0)
		close(l->report);
	l->gate = l->report = -1;
}
