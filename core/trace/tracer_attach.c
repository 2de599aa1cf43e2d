// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/trace/tracer_attach.h"

#include <dirent.h>
#include <errno.h>
#include <linux/capability.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/model/fail.h"
#include "core/observe/credentials.h"
#include "core/observe/proc.h"
#include "core/observe/process.h"
#include "core/trace/trace_refusal.h"

enum { KERNEL_THREAD = 0x00200000 }; // PF_KTHREAD, include/linux/sched.h

static unsigned long status_number(pid_t tid, const char *key)
{
	char path[64], text[8192];
	unsigned long n = 0;
	if (proc_read("", proc_path(tid, "status", path, sizeof path), text, sizeof text) <= 0 ||
	    proc_field(text, key, 10, &n) < 0)
		return 0;
	return n;
}

static bool is_ours(pid_t tid)
{
	return status_number(tid, "TracerPid") == (unsigned long)gettid();
}

// State, parent, session and flags of /proc/PID/stat. False: there is no such thread.
static bool look_at_stat(pid_t pid, char *state, pid_t *parent, pid_t *session, unsigned *flags)
{
	char path[64], text[1024];
	if (proc_read("", proc_path(pid, "stat", path, sizeof path), text, sizeof text) <= 0)
		return false;
	const char *after = strrchr(text, ')');
	return after && sscanf(after + 1, " %c %d %*d %d %*d %*d %u", state, parent, session, flags) == 4;
}

// Is `above` the parent of `pid`, or one of its? *in_session: and are all of them in the session of `pid`?
static bool descends(pid_t pid, pid_t above, bool *in_session)
{
	pid_t parent, session, own = 0;
	unsigned flags;
	char state;
	*in_session = true;
	for (unsigned i = 0; i < 1000 && pid > 0 && look_at_stat(pid, &state, &parent, &session, &flags); i++) {
		own = i == 0 ? session : own;
		*in_session &= session == own;
		if (pid == above)
			return i > 0;
		pid = parent;
	}
	return false;
}

static bool same_ids(const struct credentials *own, const struct credentials *its)
{
	for (int i = ID_REAL; i <= ID_SAVED; i++)
		if (its->uid[i] != own->uid[ID_FS] || its->gid[i] != own->gid[ID_FS])
			return false;
	return true;
}

// The files in /proc of a process that is not dumpable are root's: task_dump_owner() (fs/proc/base.c).
static bool is_hidden(pid_t pid, uint32_t uid)
{
	char path[64];
	struct stat st;
	return stat(proc_path(pid, "environ", path, sizeof path), &st) == 0 && st.st_uid != uid;
}

static void compare(pid_t pid, struct trace_facts *f)
{
	struct credentials *own = malloc(sizeof *own), *its = malloc(sizeof *its);
	if (own && its && credentials_read(0, own) == 0 && credentials_read(pid, its) == 0) {
		f->uid = its->uid[ID_REAL];
		f->other_user = !same_ids(own, its);
		f->more_capabilities = its->permitted & ~own->permitted;
		f->hidden = is_hidden(pid, its->uid[ID_EFFECTIVE]);
		f->capable = own->effective >> CAP_SYS_PTRACE & 1;
		f->filtered = own->seccomp == YES;
	}
	free(own);
	free(its);
	enum tri same = process_same_user_ns(pid);
	f->other_user_ns = same == UNKNOWN ? UNKNOWN : same == NO ? YES : NO;
}

static int yama_scope(void)
{
	char text[16];
	return proc_read("", "/proc/sys/kernel/yama/ptrace_scope", text, sizeof text) > 0 ? atoi(text) : 0;
}

// What is known of a process that might be traced.
static void look(pid_t pid, bool launched, struct trace_facts *out)
{
	pid_t parent, session, leader;
	unsigned flags = 0;
	char state = 0;
	bool in_session;
	*out = (struct trace_facts){.pid = pid, .launched = launched};
	out->missing = !look_at_stat(pid, &state, &parent, &session, &flags);
	if (out->missing)
		return;
	proc_comm(pid, out->program, sizeof out->program);
	out->zombie = state == 'Z' || state == 'X';
	out->of_kernel = flags & KERNEL_THREAD;
	leader = (pid_t)status_number(pid, "Tgid");
	out->tgid = leader == pid ? 0 : leader;
	out->ourselves = leader == getpid();
	out->started_us = pid == getppid() || (descends(getpid(), pid, &in_session) && in_session);
	out->from_us = descends(pid, getpid(), &in_session);
	out->tracer = (pid_t)status_number(pid, "TracerPid");
	if (out->tracer) {
		leader = (pid_t)status_number(out->tracer, "Tgid");
		out->tracer = leader ? leader : out->tracer;
		proc_comm(out->tracer, out->tracer_program, sizeof out->tracer_program);
	}
	out->yama = yama_scope();
	compare(pid, out);
}

// 0; 1 where its maker's tracing has reached it already; or -errno.
static int seize(pid_t tid, unsigned long options)
{
	if (ptrace(PTRACE_SEIZE, tid, NULL, options) == 0)
		return 0;
	int rc = -errno;
	return rc == -EPERM && is_ours(tid) ? 1 : rc;
}

static int refuse(pid_t pid, bool launched, int rc, char *err, size_t errlen)
{
	struct trace_facts f;
	look(pid, launched, &f);
	trace_refusal_say(&f, -rc, err, errlen);
	return rc;
}

int tracer_attach_launched(pid_t pid, unsigned long options, struct tracees *to, char *err, size_t errlen)
{
	int rc = seize(pid, options);
	if (rc < 0)
		return refuse(pid, true, rc, err, errlen);
	if (tracee_add(to, pid, NULL))
		return 0;
	return fail(-ENOMEM, err, errlen, "no memory to trace a program");
}

// One of its threads. One that has ended meanwhile is none.
static int take_thread(pid_t pid, pid_t tid, unsigned long options, struct tracees *to)
{
	if (tracee_find(to, tid))
		return 0;
	int rc = seize(tid, options);
	if (rc < 0)
		return rc == -ESRCH && tid != pid ? 0 : rc;
	if (!tracee_add(to, tid, NULL))
		return -ENOMEM;
	if (rc == 0)
		ptrace(PTRACE_INTERRUPT, tid, NULL, NULL);
	return 0;
}

// Threads that begin meanwhile are traced by way of the ones that make them, or found in the next round.
static int take_threads(pid_t pid, unsigned long options, struct tracees *to)
{
	char path[64];
	size_t before;
	int rc = 0;
	do {
		before = to->n;
		DIR *dir = opendir(proc_path(pid, "task", path, sizeof path));
		struct dirent *entry;
		if (!dir)
			return -ESRCH;
		while (rc == 0 && (entry = readdir(dir)))
			if (atoi(entry->d_name) > 0)
				rc = take_thread(pid, atoi(entry->d_name), options, to);
		closedir(dir);
	} while (rc == 0 && to->n > before);
	return rc;
}

int tracer_attach(pid_t pid, unsigned long options, struct tracees *to, char *err, size_t errlen)
{
	struct trace_facts f;
	look(pid, false, &f);
	if (trace_refusal_known(&f, err, errlen))
		return f.missing || f.zombie ? -ESRCH : -EPERM;
	int rc = take_threads(pid, options, to);
	return rc < 0 ? refuse(pid, false, rc, err, errlen) : 0;
}
