// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/trace/stops.h"

#include <limits.h>
#include <linux/audit.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <sys/wait.h>

#include "core/observe/proc.h"
#include "core/trace/call_filter.h"
#include "core/trace/file_privilege.h"
#include "core/trace/interrupted_call.h"
#include "core/trace/traced_call.h"
#include "core/trace/traced_memory.h"

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

// IORING_OP_BIND is there since 6.11.
static bool rings_bind(void)
{
	struct utsname kernel;
	int major, minor;
	return uname(&kernel) < 0 || sscanf(kernel.release, "%d.%d", &major, &minor) != 2 || major > 6 ||
	       (major == 6 && minor >= 11);
}

void stops_begin(struct stops *s, const struct tracer_out *out)
{
	s->out = out;
	s->rings_bind = rings_bind();
}

void stops_end(struct stops *s)
{
	tracees_free(&s->tracees);
	traced_calls_close(&s->calls);
}

static void say(struct stops *s, enum trace_note note, pid_t process)
{
	char name[64];
	s->out->note(s->out->data, note, process, proc_comm(process, name, sizeof name));
}

static void say_once(struct stops *s, pid_t process, bool *said, enum trace_note note)
{
	if (!*said)
		say(s, note, process);
	*said = true;
}

// Once for each program: was it said of that file?
static bool was_said(struct stops *s, const char *path)
{
	struct stat st;
	if (stat(path, &st) < 0)
		return false;
	for (unsigned i = 0; i < s->nsaid; i++)
		if (s->said[i].dev == st.st_dev && s->said[i].ino == st.st_ino)
			return true;
	if (s->nsaid == STOPS_SAID)
		return true;
	s->said[s->nsaid].dev = st.st_dev;
	s->said[s->nsaid++].ino = st.st_ino;
	return false;
}

void stops_foresee(struct stops *s, const char *command)
{
	char buf[PATH_MAX];
	const char *file = file_of_command(command, buf, sizeof buf), *name = file ? strrchr(file, '/') : NULL;
	if (!file || file_privilege(file, 0, false) == FILE_PLAIN || was_said(s, file))
		return;
	s->out->note(s->out->data, TRACE_LOWERED, s->launched, name ? name + 1 : file);
}

// Lets it run on to its next stop. One that was killed meanwhile is seen at its end.
static void go_on(const struct stops *s, const struct tracee *x, int sig)
{
	bool to_next = x->call || x->awaited || !s->filters;
	ptrace(to_next ? PTRACE_SYSCALL : PTRACE_CONT, x->tid, NULL, (long)sig);
}

static bool call_info(pid_t tid, struct __ptrace_syscall_info *info)
{
	memset(info, 0, sizeof *info);
	return ptrace(PTRACE_GET_SYSCALL_INFO, tid, sizeof *info, info) > 0;
}

// Can the filter that it is about to put on itself keep a bind from us?
static bool may_hide(pid_t tid, uint64_t at)
{
	struct sock_fprog program;
	bool out = true;
	if (traced_memory_read(tid, at, &program, sizeof program) != sizeof program || program.len > BPF_MAXINSNS)
		return false; // the kernel will not read it either
	size_t size = program.len * sizeof *program.filter;
	struct sock_filter *code = malloc(size);
	if (code && traced_memory_read(tid, (uintptr_t)program.filter, code, size) == size)
		out = call_filter_may_refuse(code, program.len, (uint32_t)OUR_ARCH, SYS_bind);
	free(code);
	return out;
}

static bool installs_filter(uint64_t number, const uint64_t args[])
{
	return number == SYS_seccomp
		       ? (int)args[0] == SECCOMP_SET_MODE_FILTER
		       : number == SYS_prctl && (int)args[0] == PR_SET_SECCOMP && (int)args[1] == SECCOMP_MODE_FILTER;
}

static void begin_call(struct stops *s, struct tracee *x, uint64_t number, const uint64_t args[])
{
	enum call call;
	if (traced_call_is(number, &call)) {
		traced_call_free(x->call);
		x->call = traced_call_begin(x->tid, x->tgid, x->lowered, call, args, &s->calls);
	} else if (number == SYS_io_uring_setup && s->rings_bind) {
		x->awaited = AWAIT_RING;
	} else if (number == SYS_prctl && (int)args[0] == PR_SET_NO_NEW_PRIVS) {
		x->own_no_new_privs = true;
	} else if (s->filters && installs_filter(number, args) && may_hide(x->tid, args[2])) {
		x->awaited = AWAIT_FILTER;
	}
}

static void hand_over(struct stops *s, struct traced_call *c)
{
	const struct tracer_out *out = s->out;
	struct event_walk *walk = c->walk;
	if (out->take) {
		c->walk = NULL;
		out->take(out->data, &c->event, walk);
		return;
	}
	out->call(out->data, &c->event, walk ? event_walk_verdict(walk) : NULL, walk ? event_walk_inquiry(walk) : NULL);
}

static void end_call(struct stops *s, struct tracee *x, int64_t returned)
{
	struct traced_call *c = x->call;
	x->call = NULL;
	if (!c)
		return;
	bool ended = returned > -FIRST_RESTART || returned < -LAST_RESTART;
	if (ended && traced_call_end(c, returned, &s->calls)) {
		s->history = c->history;
		hand_over(s, c);
	}
	traced_call_free(c);
}

static void end_awaited(struct stops *s, struct tracee *x, bool failed)
{
	struct tracee *process = tracee_process(&s->tracees, x);
	enum awaited what = x->awaited;
	x->awaited = AWAIT_NOTHING;
	if (failed || what == AWAIT_NOTHING)
		return;
	if (what == AWAIT_RING)
		say_once(s, x->tgid, &process->said_ring, TRACE_IO_URING);
	else
		say_once(s, x->tgid, &process->said_filter, TRACE_OWN_FILTER);
}

static void at_filter(struct stops *s, struct tracee *x)
{
	struct __ptrace_syscall_info info;
	if (call_info(x->tid, &info) && info.op == PTRACE_SYSCALL_INFO_SECCOMP && (int)info.arch == OUR_ARCH)
		begin_call(s, x, info.seccomp.nr, (const uint64_t *)info.seccomp.args);
}

static void at_call(struct stops *s, struct tracee *x)
{
	struct __ptrace_syscall_info info;
	if (!call_info(x->tid, &info))
		return;
	if (info.op == PTRACE_SYSCALL_INFO_ENTRY && !s->filters && (int)info.arch == OUR_ARCH)
		begin_call(s, x, info.entry.nr, (const uint64_t *)info.entry.args);
	if (info.op != PTRACE_SYSCALL_INFO_EXIT)
		return;
	end_awaited(s, x, info.exit.is_error);
	end_call(s, x, info.exit.rval);
}

// x32 has the numbers of x86-64 with a bit in front.
static bool is_x32(const char *exe)
{
	unsigned char head[20] = {0}; // e_ident and e_machine
	FILE *f = fopen(exe, "re");
	size_t n = f ? fread(head, 1, sizeof head, f) : 0;
	if (f)
		fclose(f);
	return n == sizeof head && memcmp(head, "\177ELF", 4) == 0 && head[4] == 1 && head[18] == 62;
}

// A new program: of its other threads only the one that executed it is left, and has the process's id.
static void at_exec(struct stops *s, struct tracee *x)
{
	struct __ptrace_syscall_info info;
	unsigned long former = 0;
	int waited;
	char exe[64];
	// The kernel wants to know that we know whose id this is now: looks_like_a_spurious_pid() (kernel/ptrace.c).
	waitpid(x->tid, &waited, __WALL | WNOHANG);
	proc_path(x->tid, "exe", exe, sizeof exe);
	if (ptrace(PTRACE_GETEVENTMSG, x->tid, NULL, &former) == 0 && former && (pid_t)former != x->tid)
		tracee_remove(&s->tracees, (pid_t)former);
	traced_call_free(x->call);
	x->call = NULL;
	x->awaited = AWAIT_NOTHING;
	x->tgid = x->tid;
	x->foreign = (call_info(x->tid, &info) && OUR_ARCH != 0 && (int)info.arch != OUR_ARCH) || is_x32(exe);
	if (x->foreign)
		say(s, TRACE_FOREIGN, x->tgid);
	if (file_privilege(exe, x->tid, s->no_new_privs && !x->own_no_new_privs) == FILE_PLAIN)
		return;
	x->lowered = true;
	if (!was_said(s, exe))
		say(s, TRACE_LOWERED, x->tgid);
}

// The child of a fork is there from now on, even if its maker ends before it has run. But it may have ended before we
// come to look at its maker: then it is no child of ours any more.
static void adopt(struct stops *s, const struct tracee *maker)
{
	unsigned long child = 0;
	siginfo_t info = {0};
	if (ptrace(PTRACE_GETEVENTMSG, maker->tid, NULL, &child) < 0 || tracee_find(&s->tracees, (pid_t)child))
		return;
	if (waitid(P_PID, (id_t)child, &info, WEXITED | WNOWAIT | WNOHANG | __WALL | __WNOTHREAD) == 0)
		tracee_add(&s->tracees, (pid_t)child, maker);
}

static bool stops_group(int sig)
{
	return sig == SIGSTOP || sig == SIGTSTP || sig == SIGTTIN || sig == SIGTTOU;
}

// All of its process has stopped, and stays so until SIGCONT.
static void at_group_stop(struct stops *s, struct tracee *x, int sig)
{
	siginfo_t info = {0};
	ptrace(PTRACE_LISTEN, x->tid, NULL, NULL);
	if (x->tid != s->launched || !s->out->stopped || !s->out->stopped(s->out->data, sig))
		return;
	// Who continued us may have continued it.
	if (waitid(P_PID, (id_t)x->tid, &info, WEXITED | WNOWAIT | WNOHANG | __WALL | __WNOTHREAD) == 0 &&
	    info.si_pid == 0)
		kill(x->tid, SIGCONT);
}

static void at_event(struct stops *s, struct tracee *x, int event)
{
	switch (event) {
	case PTRACE_EVENT_SECCOMP:
		at_filter(s, x);
		break;
	case PTRACE_EVENT_EXEC:
		at_exec(s, x);
		break;
	case PTRACE_EVENT_FORK:
	case PTRACE_EVENT_VFORK:
	case PTRACE_EVENT_CLONE:
		adopt(s, x);
		break;
	case PTRACE_EVENT_STOP:
		interrupted_call_resume(x->tid);
		break;
	}
}

void stops_take(struct stops *s, struct tracee *x, int status)
{
	int sig = status & 0xff, event = status >> 8;
	if (event == PTRACE_EVENT_STOP && stops_group(sig)) {
		at_group_stop(s, x, sig);
		return;
	}
	if (event)
		at_event(s, x, event);
	else if (sig == SYSCALL_STOP)
		at_call(s, x);
	else if (!stops_group(sig))
		interrupted_call_resume(x->tid);
	go_on(s, x, event || sig == SYSCALL_STOP ? 0 : sig);
}
