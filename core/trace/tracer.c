// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/trace/tracer.h"

#include <dirent.h>
#include <errno.h>
#include <linux/audit.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/model/fail.h"
#include "core/observe/credentials.h"
#include "core/observe/proc.h"
#include "core/trace/call_filter.h"
#include "core/trace/file_privilege.h"
#include "core/trace/traced_call.h"
#include "core/trace/tracee.h"

#if defined __x86_64__
enum { OUR_ARCH = (int)AUDIT_ARCH_X86_64 };
#elif defined __aarch64__
enum { OUR_ARCH = (int)AUDIT_ARCH_AARCH64 };
#elif defined __riscv
enum { OUR_ARCH = (int)AUDIT_ARCH_RISCV64 };
#elif defined __powerpc64__
enum { OUR_ARCH = (int)AUDIT_ARCH_PPC64LE };
#elif defined __s390x__
enum { OUR_ARCH = (int)AUDIT_ARCH_S390X };
#elif defined __i386__
enum { OUR_ARCH = (int)AUDIT_ARCH_I386 };
#elif defined __arm__
enum { OUR_ARCH = (int)AUDIT_ARCH_ARM };
#else
enum { OUR_ARCH = 0 };
#endif

enum {
	SYSCALL_STOP = SIGTRAP | 0x80, // PTRACE_O_TRACESYSGOOD
	FIRST_RESTART = 512,           // ERESTARTSYS: no end yet, the call is made again
	LAST_RESTART = 516
};

struct tracer {
	struct tracer_how how;
	struct launch launch;
	struct sock_fprog filter; // empty: none
	bool filters, raised;     // raised: we may give a traced program what its file gives
	int stop;                 // eventfd
	struct tracees tracees;
	const struct tracer_out *out;
	pid_t process;
	bool ended, said_ended;
	int status;
	int failure;
	bool at_exec;
};

// A child's state changed: written by the handler of SIGCHLD, whichever thread it is in.
static int changed = -1;

static void note_change(int sig)
{
	int saved = errno;
	const uint64_t one = 1;
	ssize_t n = write(changed, &one, sizeof one); // full is as good
	(void)n;
	(void)sig;
	errno = saved;
}

static int catch_changes(void)
{
	struct sigaction act = {.sa_handler = note_change, .sa_flags = SA_RESTART};
	sigset_t only;
	sigemptyset(&act.sa_mask);
	if (changed < 0)
		changed = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (changed < 0 || sigaction(SIGCHLD, &act, NULL) < 0)
		return -errno;
	sigemptyset(&only);
	sigaddset(&only, SIGCHLD);
	return -pthread_sigmask(SIG_UNBLOCK, &only, NULL);
}

static unsigned long options_of(const struct tracer *t)
{
	unsigned long o = PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACEEXEC | PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK |
			  PTRACE_O_TRACECLONE;
	if (t->filters)
		o |= PTRACE_O_TRACESECCOMP;
	return t->how.command && !t->how.stay ? o | PTRACE_O_EXITKILL : o;
}

static int seize(struct tracer *t, pid_t tid)
{
	if (tracee_find(&t->tracees, tid))
		return 0;
	if (ptrace(PTRACE_SEIZE, tid, NULL, options_of(t)) < 0)
		return -errno;
	return tracee_add(&t->tracees, tid) ? 0 : -ENOMEM;
}

// Threads that begin meanwhile are either traced by the ones that make them, or found in the next round.
static int seize_all(struct tracer *t)
{
	char path[64];
	size_t before;
	int rc = 0;
	do {
		before = t->tracees.n;
		DIR *dir = opendir(proc_path(t->process, "task", path, sizeof path));
		struct dirent *entry;
		if (!dir)
			return -ESRCH;
		while (rc == 0 && (entry = readdir(dir))) {
			pid_t tid = atoi(entry->d_name);
			rc = tid > 0 && !tracee_find(&t->tracees, tid) ? seize(t, tid) : 0;
			if (rc == -ESRCH && tid != t->process)
				rc = 0; // it has ended since
			else if (rc == 0 && tid > 0)
				ptrace(PTRACE_INTERRUPT, tid, NULL, NULL);
		}
		closedir(dir);
	} while (rc == 0 && t->tracees.n > before);
	return rc;
}

static void say(struct tracer *t, enum trace_note note, const struct tracee *x)
{
	char path[64], name[64];
	ssize_t n = proc_read("", proc_path(x->tgid, "comm", path, sizeof path), name, sizeof name);
	name[n > 0 ? n - 1 : 0] = '\0';
	t->out->note(t->out->data, note, x->tgid, name);
}

// Lets it run on to its next stop. One that was killed meanwhile is seen at its end.
static void go_on(const struct tracer *t, const struct tracee *x, int sig)
{
	bool to_next = x->call || !t->filters;
	ptrace(to_next ? PTRACE_SYSCALL : PTRACE_CONT, x->tid, NULL, (long)sig);
}

static bool call_info(pid_t tid, struct __ptrace_syscall_info *info)
{
	memset(info, 0, sizeof *info);
	return ptrace(PTRACE_GET_SYSCALL_INFO, tid, sizeof *info, info) > 0;
}

static void say_once(struct tracer *t, struct tracee *x, bool *said, enum trace_note note)
{
	if (!*said)
		say(t, note, x);
	*said = true;
}

static void begin_call(struct tracer *t, struct tracee *x, uint64_t number, const uint64_t args[])
{
	enum call call;
	if (traced_call_is(number, &call)) {
		traced_call_free(x->call);
		x->call = traced_call_begin(x->tid, x->tgid, call, args, t->filters);
	} else if (number == SYS_io_uring_setup) {
		say_once(t, x, &x->said_ring, TRACE_IO_URING);
	} else if (t->filters && (number == SYS_seccomp || (number == SYS_prctl && args[0] == PR_SET_SECCOMP))) {
		say_once(t, x, &x->said_filter, TRACE_OWN_FILTER);
	}
}

static void end_call(struct tracer *t, struct tracee *x, int64_t returned)
{
	struct traced_call *c = x->call;
	x->call = NULL;
	if (!c)
		return;
	if (returned > -FIRST_RESTART || returned < -LAST_RESTART) {
		traced_call_end(c, returned);
		t->out->call(t->out->data, &c->event, c->walk ? event_walk_verdict(c->walk) : NULL,
			     c->walk ? event_walk_inquiry(c->walk) : NULL);
	}
	traced_call_free(c);
}

static void at_filter(struct tracer *t, struct tracee *x)
{
	struct __ptrace_syscall_info info;
	if (call_info(x->tid, &info) && info.op == PTRACE_SYSCALL_INFO_SECCOMP && (int)info.arch == OUR_ARCH)
		begin_call(t, x, info.seccomp.nr, (const uint64_t *)info.seccomp.args);
}

static void at_call(struct tracer *t, struct tracee *x)
{
	struct __ptrace_syscall_info info;
	if (!call_info(x->tid, &info))
		return;
	if (info.op == PTRACE_SYSCALL_INFO_ENTRY && !t->filters && (int)info.arch == OUR_ARCH)
		begin_call(t, x, info.entry.nr, (const uint64_t *)info.entry.args);
	else if (info.op == PTRACE_SYSCALL_INFO_EXIT)
		end_call(t, x, info.exit.is_error ? info.exit.rval : 0);
}

// A new program: of its other threads only the one that executed it is left, and has the process's id.
static void at_exec(struct tracer *t, struct tracee *x)
{
	struct __ptrace_syscall_info info;
	unsigned long former = 0;
	char path[64];
	if (ptrace(PTRACE_GETEVENTMSG, x->tid, NULL, &former) == 0 && former && (pid_t)former != x->tid)
		tracee_remove(&t->tracees, (pid_t)former);
	traced_call_free(x->call);
	x->call = NULL;
	x->tgid = x->tid;
	bool foreign = call_info(x->tid, &info) && OUR_ARCH && (int)info.arch != OUR_ARCH;
	if (foreign)
		say(t, TRACE_FOREIGN, x);
	x->foreign = foreign;
	bool gives = file_privilege(proc_path(x->tid, "exe", path, sizeof path)) != FILE_PLAIN;
	x->lowered = gives && !t->raised;
	if (x->lowered)
		say(t, TRACE_LOWERED, x);
}

static bool stops_group(int sig)
{
	return sig == SIGSTOP || sig == SIGTSTP || sig == SIGTTIN || sig == SIGTTOU;
}

static void at_stop(struct tracer *t, struct tracee *x, int status)
{
	int sig = status & 0xff, event = status >> 8;
	if (event == PTRACE_EVENT_STOP && stops_group(sig)) {
		ptrace(PTRACE_LISTEN, x->tid, NULL, NULL);
		return;
	}
	if (event == PTRACE_EVENT_SECCOMP)
		at_filter(t, x);
	else if (event == PTRACE_EVENT_EXEC)
		at_exec(t, x);
	else if (sig == SYSCALL_STOP)
		at_call(t, x);
	go_on(t, x, event || sig == SYSCALL_STOP ? 0 : sig);
}

static void at_end(struct tracer *t, pid_t tid)
{
	int status;
	if (waitpid(tid, &status, __WALL | WNOHANG) != tid)
		return;
	tracee_remove(&t->tracees, tid);
	if (tid == t->process) {
		t->ended = true;
		t->status = status;
	}
}

// Looks before it takes: as long as a stop was not waited for, the kernel goes on with it as if there were no tracer
// when we are killed. Else the signal that it tells of would be lost.
static bool take_change(struct tracer *t)
{
	siginfo_t info = {0};
	int rc;
	do
		rc = waitid(P_ALL, 0, &info, WEXITED | WSTOPPED | WNOWAIT | WNOHANG | __WALL | __WNOTHREAD);
	while (rc < 0 && errno == EINTR);
	if (rc < 0 || info.si_pid == 0)
		return false;
	if (info.si_code != CLD_TRAPPED && info.si_code != CLD_STOPPED) {
		at_end(t, info.si_pid);
		return true;
	}
	struct tracee *x = tracee_find(&t->tracees, info.si_pid);
	if (!x && !(x = tracee_add(&t->tracees, info.si_pid)))
		ptrace(PTRACE_DETACH, info.si_pid, NULL, NULL);
	else
		at_stop(t, x, info.si_status);
	return true;
}

static void say_ended(struct tracer *t)
{
	if (!t->ended || t->said_ended || t->tracees.n == 0)
		return;
	t->said_ended = true;
	t->out->note(t->out->data, TRACE_ENDED, t->process, "");
}

static void loop(struct tracer *t)
{
	uint64_t count;
	struct pollfd fds[] = {{.fd = changed, .events = POLLIN}, {.fd = t->stop, .events = POLLIN}};
	while (t->tracees.n) {
		while (take_change(t))
			continue;
		say_ended(t);
		if (t->tracees.n == 0)
			break;
		if (poll(fds, 2, -1) < 0 && errno != EINTR)
			break;
		if (fds[1].revents)
			break;
		while (read(changed, &count, sizeof count) > 0)
			continue;
	}
}

static int begin(struct tracer *t, char *err, size_t errlen)
{
	int rc = t->how.command ? seize(t, t->process) : seize_all(t);
	if (rc < 0)
		return fail(rc, err, errlen, "cannot trace process %d: %s", t->process, strerror(-rc));
	if (t->how.command)
		launch_go(&t->launch);
	return 0;
}

int tracer_run(struct tracer *t, const struct tracer_out *out, char *err, size_t errlen)
{
	t->out = out;
	int rc = catch_changes();
	if (rc < 0)
		return fail(rc, err, errlen, "cannot wait for a traced program: %s", strerror(-rc));
	if ((rc = begin(t, err, errlen)) < 0)
		return rc;
	loop(t);
	if (t->how.command && t->ended)
		t->failure = launch_failure(&t->launch, &t->at_exec);
	return 0;
}

void tracer_stop(struct tracer *t)
{
	const uint64_t one = 1;
	ssize_t n = write(t->stop, &one, sizeof one);
	(void)n;
}

// A program's rights from its file are for a tracer who has CAP_SYS_PTRACE: ptracer_capable() (kernel/ptrace.c).
static bool may_raise(void)
{
	struct credentials *cred = malloc(sizeof *cred);
	const uint64_t sys_ptrace = UINT64_C(1) << 19;
	bool may = cred && credentials_read(0, cred) == 0 && cred->effective & sys_ptrace && !cred->no_new_privs;
	free(cred);
	return may;
}

int tracer_open(const struct tracer_how *how, struct tracer **out, char *err, size_t errlen)
{
	struct tracer *t = *out = calloc(1, sizeof *t);
	int rc = 0;
	if (!t)
		return fail(-ENOMEM, err, errlen, "no memory to trace a program");
	*t = (struct tracer){.how = *how, .launch = {.gate = -1, .report = -1}, .process = how->pid};
	t->stop = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	t->raised = may_raise();
	if (t->stop < 0)
		rc = fail(-errno, err, errlen, "no descriptor to trace a program with: %s", strerror(errno));
	if (rc == 0 && how->command && !how->stay)
		rc = call_filter_make(how->every_option, &t->filter, err, errlen);
	t->filters = t->filter.len > 0;
	if (rc == 0 && how->command) {
		const struct launch_how launch = {.argv = how->command,
						  .filter = t->filters ? &t->filter : NULL,
						  .user = how->user,
						  .output = how->output,
						  .prepare = how->prepare};
		rc = launch_start(&launch, &t->launch);
		t->process = t->launch.pid;
		if (rc < 0)
			fail(rc, err, errlen, "cannot start %.80s: %s", how->command[0], strerror(-rc));
	}
	if (rc < 0) {
		tracer_close(t);
		*out = NULL;
	}
	return rc;
}

pid_t tracer_process(const struct tracer *t)
{
	return t->process;
}

bool tracer_filters(const struct tracer *t)
{
	return t->filters;
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
	tracees_free(&t->tracees);
	launch_close(&t->launch);
	if (t->stop >= 0)
		close(t->stop);
	free(t->filter.filter);
	free(t);
}
