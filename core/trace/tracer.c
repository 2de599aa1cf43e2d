// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/trace/tracer.h"

#include <errno.h>
#include <linux/capability.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/model/fail.h"
#include "core/observe/credentials.h"
#include "core/observe/thread.h"
#include "core/observe/wake.h"
#include "core/trace/call_filter.h"
#include "core/trace/stops.h"
#include "core/trace/trace_refusal.h"
#include "core/trace/tracer_attach.h"

enum { UNSEEN_MS = 1000 };

struct tracer {
	struct tracer_how how;
	struct launch launch;
	struct sock_fprog filter; // empty: none
	int filter_error;         // why there is none
	struct stops stops;
	int stop; // eventfd
	atomic_bool stopping;
	bool killing;
	pid_t process;
	// The tracer's thread.
	pid_t tid;
	int rc;
	char *err;
	size_t errlen;
	// The launched program.
	bool ended, said_ended;
	int status;
	int failure;
	bool at_exec;
};

// A child's state changed: written by the handler of SIGCHLD, whichever thread it is in.
static int changed = -1;
static atomic_flag busy = ATOMIC_FLAG_INIT;

static void note_change(int sig)
{
	(void)sig;
	wake(changed);
}

static int catch_changes(struct sigaction *before)
{
	struct sigaction act = {.sa_handler = note_change, .sa_flags = SA_RESTART};
	sigemptyset(&act.sa_mask);
	if (changed < 0)
		changed = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	return changed < 0 || sigaction(SIGCHLD, &act, before) < 0 ? -errno : 0;
}

static bool ends_with_us(const struct tracer *t)
{
	return t->how.command && !t->how.stay;
}

static unsigned long options_of(const struct tracer *t)
{
	unsigned long o = PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACEEXEC | PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK |
			  PTRACE_O_TRACECLONE;
	if (t->stops.filters)
		o |= PTRACE_O_TRACESECCOMP;
	return ends_with_us(t) ? o | PTRACE_O_EXITKILL : o;
}

static void at_end(struct tracer *t, pid_t tid)
{
	int status;
	if (waitpid(tid, &status, __WALL | WNOHANG) != tid)
		return;
	tracee_remove(&t->stops.tracees, tid);
	if (tid == t->process) {
		t->ended = true;
		t->status = status;
	}
}

static void at_stop(struct tracer *t, pid_t tid, int status)
{
	struct tracees *all = &t->stops.tracees;
	struct tracee *x = tracee_find(all, tid);
	if (!x)
		x = tracee_add(all, tid, NULL);
	if (t->killing)
		kill(x ? x->tgid : tid, SIGKILL);
	else if (x)
		stops_take(&t->stops, x, status);
	else
		ptrace(PTRACE_DETACH, tid, NULL, NULL);
}

enum change { CHANGE_TAKEN, CHANGE_NONE, CHANGE_NOBODY };

// Looks before it takes: as long as a stop was not waited for, the kernel goes on with it as if there were no tracer
// when we are killed. Else the signal that it tells of would be lost. A child that stops without being traced is none
// of ours: for that, WSTOPPED is not there.
static enum change take_change(struct tracer *t)
{
	siginfo_t info = {0};
	int rc;
	do
		rc = waitid(P_ALL, 0, &info, WEXITED | WNOWAIT | WNOHANG | __WALL | __WNOTHREAD);
	while (rc < 0 && errno == EINTR);
	if (rc < 0)
		return CHANGE_NOBODY;
	if (info.si_pid == 0)
		return CHANGE_NONE;
	if (info.si_code == CLD_TRAPPED)
		at_stop(t, info.si_pid, info.si_status);
	else
		at_end(t, info.si_pid);
	return CHANGE_TAKEN;
}

static void say_ended(struct tracer *t)
{
	const struct tracer_out *out = t->stops.out;
	if (!t->ended || t->said_ended || t->stops.tracees.n == 0 || t->killing)
		return;
	t->said_ended = true;
	out->note(out->data, TRACE_ENDED, t->process, "");
}

// Each is seen at its end. False where that can't be waited for: then the kernel does it when we end.
static bool kill_all(struct tracer *t)
{
	const struct tracees *all = &t->stops.tracees;
	bool done = true;
	for (size_t i = 0; i < all->n; i++)
		done &= kill(all->at[i]->tgid, SIGKILL) == 0 || errno == ESRCH;
	return done;
}

// False: it is the end.
static bool wait_for_change(struct tracer *t)
{
	uint64_t count;
	struct pollfd fds[] = {{.fd = changed, .events = POLLIN}, {.fd = t->killing ? -1 : t->stop, .events = POLLIN}};
	// Without any thread that is known, at most one is left that has not run yet.
	int rc = poll(fds, 2, t->stops.tracees.n ? -1 : UNSEEN_MS);
	if (rc == 0 || (rc < 0 && errno != EINTR))
		return false;
	while (read(changed, &count, sizeof count) > 0)
		continue;
	return true;
}

static void loop(struct tracer *t)
{
	enum change change;
	do {
		while ((change = take_change(t)) == CHANGE_TAKEN && (t->killing || !t->stopping))
			continue;
		if (t->stopping && !t->killing) {
			t->killing = ends_with_us(t);
			if (!t->killing || !kill_all(t))
				return;
		}
		if (change == CHANGE_TAKEN)
			continue;
		say_ended(t);
	} while (change == CHANGE_TAKEN || (change == CHANGE_NONE && wait_for_change(t)));
}

// Does the program get what its file gives? ptracer_capable() (kernel/ptrace.c), and no_new_privs.
static bool raises(const struct tracer *t)
{
	struct credentials *c = malloc(sizeof *c);
	bool may = c && credentials_read(0, c) == 0 && c->effective >> CAP_SYS_PTRACE & 1;
	free(c);
	return may && !t->launch.no_new_privs;
}

// A signal ended it at the gate.
static bool ended_before(struct tracer *t)
{
	t->ended = waitpid(t->process, &t->status, WNOHANG) == t->process;
	return t->ended;
}

static int begin(struct tracer *t)
{
	const struct tracer_out *out = t->stops.out;
	if (t->stopping)
		return 0;
	int (*attach)(pid_t, unsigned long, struct tracees *, char *, size_t) =
		t->how.command ? tracer_attach_launched : tracer_attach;
	int rc = attach(t->process, options_of(t), &t->stops.tracees, t->err, t->errlen);
	if (rc < 0 && t->how.command && ended_before(t))
		return 0;
	if (rc < 0)
		return rc;
	out->note(out->data, TRACE_BEGUN, t->process, "");
	if (!t->how.command)
		return 0;
	if (!t->how.user && !raises(t))
		stops_foresee(&t->stops, t->how.command[0]);
	launch_go(&t->launch);
	return 0;
}

static void *follow(void *data)
{
	struct tracer *t = data;
	sigset_t only;
	sigemptyset(&only);
	sigaddset(&only, SIGCHLD); // the other threads may have it blocked
	pthread_sigmask(SIG_UNBLOCK, &only, NULL);
	t->tid = gettid();
	t->rc = begin(t);
	if (t->rc == 0)
		loop(t);
	return NULL;
}

// The kernel lets go of the traced programs at the end of a thread, which is after pthread_join().
static void wait_until_gone(pid_t tid)
{
	while (syscall(SYS_tgkill, getpid(), tid, 0) == 0)
		sched_yield();
}

static int run_thread(struct tracer *t)
{
	pthread_t thread;
	int rc = thread_start(&thread, "bindwalk-trace", follow, t);
	if (rc < 0)
		return fail(rc, t->err, t->errlen, "no thread to trace a program with: %s", strerror(-rc));
	pthread_join(thread, NULL);
	wait_until_gone(t->tid);
	return t->rc;
}

int tracer_run(struct tracer *t, const struct tracer_out *out, char *err, size_t errlen)
{
	struct sigaction before;
	if (atomic_flag_test_and_set(&busy))
		return fail(-EBUSY, err, errlen, "another program is being traced");
	t->err = err;
	t->errlen = errlen;
	stops_begin(&t->stops, out);
	int rc = catch_changes(&before);
	if (rc < 0)
		fail(rc, err, errlen, "cannot wait for a traced program: %s", strerror(-rc));
	else {
		rc = run_thread(t);
		sigaction(SIGCHLD, &before, NULL);
	}
	atomic_flag_clear(&busy);
	if (rc == 0 && t->how.command && t->ended)
		t->failure = launch_failure(&t->launch, &t->at_exec);
	return rc;
}

void tracer_stop(struct tracer *t)
{
	t->stopping = true;
	wake(t->stop);
}

static int launch(struct tracer *t, char *err, size_t errlen)
{
	const struct launch_how how = {.argv = t->how.command,
				       .filter = t->filter.len ? &t->filter : NULL,
				       .user = t->how.user,
				       .output = t->how.output,
				       .mask = t->how.mask,
				       .prepare = t->how.prepare};
	int rc = launch_start(&how, &t->launch);
	if (rc < 0)
		return fail(rc, err, errlen, "cannot start %.80s: %s", t->how.command[0], strerror(-rc));
	t->process = t->stops.launched = t->launch.pid;
	t->stops.no_new_privs = t->launch.no_new_privs;
	t->stops.filters = how.filter && t->launch.filter_error == 0;
	if (t->launch.filter_error)
		t->filter_error = -t->launch.filter_error;
	return 0;
}

// The kernel tells ids as our PID namespace has them; elsewhere they are those of others.
static int check_proc(char *err, size_t errlen)
{
	char link[24];
	ssize_t n = readlink("/proc/self", link, sizeof link - 1);
	link[n > 0 ? n : 0] = '\0';
	if (atoi(link) == getpid())
		return 0;
	if (access("/proc/stat", F_OK) < 0)
		return fail(-ENOENT, err, errlen, "tracing needs /proc, which is not there");
	return fail(-ENOENT, err, errlen,
		    "/proc is that of another PID namespace, where other processes have these numbers; with one of its "
		    "own: unshare --mount-proc bindwalk trace");
}

int tracer_open(const struct tracer_how *how, struct tracer **out, char *err, size_t errlen)
{
	struct tracer *t = *out = calloc(1, sizeof *t);
	int rc;
	if (!t)
		return fail(-ENOMEM, err, errlen, "no memory to trace a program");
	*t = (struct tracer){.how = *how, .launch = {.gate = -1, .report = -1}, .process = how->pid};
	t->stop = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	rc = check_proc(err, errlen);
	if (rc == 0 && t->stop < 0)
		rc = fail(-errno, err, errlen, "no descriptor to trace a program with: %s", strerror(errno));
	if (rc == 0 && ends_with_us(t)) {
		rc = call_filter_make(how->every_option, &t->filter, err, errlen);
		t->filter_error = rc == -ENOSYS ? ENOSYS : 0;
		rc = rc == -ENOSYS ? 0 : rc;
	}
	if (rc == 0 && how->command)
		rc = launch(t, err, errlen);
	t->stops.calls = (struct traced_calls){.filtered = t->stops.filters, .every_option = how->every_option};
	if (rc < 0) {
		tracer_close(t);
		*out = NULL;
	}
	return rc;
}

const struct socket_history *tracer_history(const struct tracer *t)
{
	return t->stops.history;
}

const struct socket_history *tracer_untold(const struct tracer *t, size_t *n)
{
	const struct socket_history *s;
	while ((s = history_at(t->stops.calls.histories, (*n)++)))
		if (!s->told && history_failed(s))
			return s;
	return NULL;
}

pid_t tracer_process(const struct tracer *t)
{
	return t->process;
}

bool tracer_may_miss(const struct tracer *t)
{
	struct credentials *c = malloc(sizeof *c);
	bool may = t->stops.filters && c && credentials_read(0, c) == 0 && c->seccomp == YES;
	free(c);
	return may;
}

const char *tracer_unfiltered(const struct tracer *t)
{
	return t->filter_error ? trace_refusal_filter(t->filter_error) : NULL;
}

bool tracer_status(const struct tracer *t, int *status)
{
	*status = t->status;
	return t->ended && t->how.command;
}

int tracer_failure(const struct tracer *t, bool *at_exec)
{
	*at_exec = t->at_exec;
	return t->failure;
}

void tracer_close(struct tracer *t)
{
	if (!t)
		return;
	stops_end(&t->stops);
	bool begun = t->process > 0 && t->launch.gate < 0;
	launch_close(&t->launch);
	if (ends_with_us(t) && begun && !t->ended) {
		kill(t->process, SIGKILL);
		while (waitpid(t->process, NULL, 0) < 0 && errno == EINTR)
			continue;
	}
	if (t->stop >= 0)
		close(t->stop);
	free(t->filter.filter);
	free(t);
}
