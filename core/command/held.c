// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/command/held.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "core/evidence/trial.h"
#include "core/model/fail.h"

// What the process says when it has the socket, or could not have it.
struct answer {
	const char *call; // that failed; a literal, which has the same place in both processes
	int err;
	uint16_t port;
};

enum { RENEW_SECONDS = 30 }; // half of what TCP_TIMEWAIT_LEN (include/net/tcp.h) gives a closed connection

// Nothing of the parent's may stay open here: its terminal, its pipes, its descriptors of namespaces.
static int leave_parent(int channel, pid_t parent, const char *name)
{
	sigset_t none;
	for (int sig = 1; sig < NSIG; sig++)
		signal(sig, SIG_DFL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(1); // it ended before that was asked for
	setsid();
	prctl(PR_SET_NAME, name);
	if (channel != STDERR_FILENO + 1)
		channel = dup2(channel, STDERR_FILENO + 1);
	close_range(STDERR_FILENO + 2, ~0U, 0);
	for (int fd = 0; fd <= STDERR_FILENO; fd++) {
		close(fd);
		open("/dev/null", O_RDWR);
	}
	return channel;
}

static bool note(struct answer *a, const char *call, int ret)
{
	if (ret < 0 && !a->err) {
		a->call = call;
		a->err = errno;
	}
	return ret >= 0;
}

// A connection to the listener from an address of its own host, closed first by the listener's side: read() returns
// when the other side has its FIN, so that the close() after it is the second.
static void leave_time_wait(int listener, struct answer *a)
{
	const struct timeval patience = {.tv_sec = 2}; // an address that is not this host's may never answer
	struct sockaddr_storage at = {0};
	socklen_t len = sizeof at;
	char byte;
	if (!note(a, "getsockname", getsockname(listener, (struct sockaddr *)&at, &len)))
		return;
	int client = socket(at.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
	// To 0.0.0.0 or :: means to this host.
	if (note(a, "socket", client) &&
	    note(a, "setsockopt", setsockopt(client, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience)) &&
	    note(a, "connect", connect(client, (struct sockaddr *)&at, len))) {
		int server = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
		note(a, "accept", server);
		if (server >= 0)
			close(server);
		note(a, "read", (int)read(client, &byte, 1));
	}
	if (client >= 0)
		close(client);
}

static int hold(const struct held *ask, struct answer *a)
{
	struct trial t;
	int fd = trial_open(&ask->attempt, &t);
	*a = (struct answer){.call = call_name(t.call), .err = t.err, .port = t.port};
	if (fd >= 0 && ask->how != HELD_BOUND)
		note(a, "listen", listen(fd, 8));
	if (fd >= 0 && ask->how == HELD_TIME_WAIT && !a->err)
		leave_time_wait(fd, a);
	if (fd >= 0 && ask->how == HELD_TIME_WAIT) {
		close(fd);
		fd = -1;
	}
	return fd;
}

_Noreturn static void run_holder(struct held ask, int channel, pid_t parent)
{
	struct answer a, later;
	channel = leave_parent(channel, parent, ask.name);
	hold(&ask, &a);
	if (write(channel, &a, sizeof a) != (ssize_t)sizeof a || a.err)
		_exit(1);
	close(channel);
	ask.attempt.port = a.port;
	struct setting reuse = {.option = OPT_REUSEADDR, .value = 1};
	attempt_set(&ask.attempt, &reuse); // as far as the first of them allows
	for (;;) {
		if (ask.how != HELD_TIME_WAIT)
			pause();
		nanosleep(&(struct timespec){.tv_sec = RENEW_SECONDS}, NULL);
		hold(&ask, &later);
	}
}

static int read_answer(int channel, struct answer *a)
{
	ssize_t got;
	do
		got = read(channel, a, sizeof *a);
	while (got < 0 && errno == EINTR);
	return got < 0 ? -errno : got == (ssize_t)sizeof *a ? 0 : -ECHILD;
}

static void await_end(pid_t pid)
{
	while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
		;
}

// 0, or -errno with a sentence.
static int start(struct held *h, char *err, size_t errlen)
{
	struct answer a = {0};
	int channel[2];
	if (pipe2(channel, O_CLOEXEC) < 0)
		return fail(-errno, err, errlen, "cannot start the process: %s", strerror(errno));
	pid_t parent = getpid();
	h->pid = fork();
	if (h->pid == 0)
		run_holder(*h, channel[1], parent);
	int rc = h->pid < 0 ? -errno : 0;
	close(channel[1]);
	if (rc == 0)
		rc = read_answer(channel[0], &a);
	close(channel[0]);
	if (rc < 0)
		fail(rc, err, errlen, "cannot start the process: %s", strerror(-rc));
	else if (a.err)
		rc = fail(-a.err, err, errlen, "the process cannot have this socket: %s: %s (%s)", a.call,
			  errno_name(a.err), strerror(a.err));
	if (rc < 0 && h->pid > 0)
		await_end(h->pid);
	if (h->attempt.port == 0)
		h->attempt.port = a.port;
	return rc;
}

const struct held *held_add(struct held_list *l, const struct held *ask, char *err, size_t errlen)
{
	if (l->n == HELD_MOST) {
		fail(0, err, errlen, "at most %d sockets can be held; release one first", HELD_MOST);
		return NULL;
	}
	struct held *h = &l->all[l->n];
	*h = *ask;
	if (start(h, err, errlen) < 0)
		return NULL;
	h->number = ++l->ever;
	l->n++;
	return h;
}

bool held_release(struct held_list *l, size_t n)
{
	struct held *h = &l->all[n];
	bool alive = waitpid(h->pid, NULL, WNOHANG) == 0;
	if (alive) {
		kill(h->pid, SIGKILL);
		await_end(h->pid);
	}
	l->n--;
	memmove(h, h + 1, (l->n - n) * sizeof *h);
	return alive;
}

void held_release_all(struct held_list *l)
{
	while (l->n > 0)
		held_release(l, l->n - 1);
}

void held_keep(struct held_list *l)
{
	for (size_t i = 0; i < l->n; i++)
		l->all[i].kept = true;
}

char *held_print(const struct held *h, char buf[static HELD_TEXT])
{
	static const char *const does[] = {
		[HELD_BOUND] = "", [HELD_LISTENING] = " listening", [HELD_TIME_WAIT] = " in TIME_WAIT"};
	char text[ATTEMPT_TEXT];
	snprintf(buf, HELD_TEXT, "%s%s, pid %d (%s)", attempt_print(&h->attempt, text), does[h->how], (int)h->pid,
		 h->name);
	return buf;
}
