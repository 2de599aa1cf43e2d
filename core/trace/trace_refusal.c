// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/trace/trace_refusal.h"

#include <errno.h>
#include <stdio.h>

#include "core/model/fail.h"
#include "core/model/step.h"

enum { WHO = TRACE_PROGRAM + 32 };

static const char *who(const struct trace_facts *f, char buf[static WHO])
{
	if (f->launched)
		snprintf(buf, WHO, "the program");
	else if (f->program[0])
		snprintf(buf, WHO, "process %d (%s)", (int)f->pid, f->program);
	else
		snprintf(buf, WHO, "process %d", (int)f->pid);
	return buf;
}

bool trace_refusal_known(const struct trace_facts *f, char *err, size_t errlen)
{
	char text[WHO];
	int pid = (int)f->pid;
	who(f, text);
	if (f->missing)
		return fail(true, err, errlen, "there is no process %d here", pid);
	if (f->of_kernel)
		return fail(true, err, errlen, "%s is a thread of the kernel, which makes no calls to trace", text);
	if (f->tgid)
		return fail(true, err, errlen, "%s is a thread; trace its process: bindwalk trace -p %d", text,
			    (int)f->tgid);
	if (f->zombie)
		return fail(true, err, errlen, "%s has ended; it is a zombie until its parent waits for it", text);
	if (f->ourselves)
		return fail(true, err, errlen, "process %d is this Bindwalk, which cannot trace itself", pid);
	if (f->started_us)
		return fail(true, err, errlen,
			    "%s started this Bindwalk, and would stop together with it; trace it from another terminal",
			    text);
	if (f->tracer)
		return fail(true, err, errlen, "%s is already traced by process %d (%s); end that one first", text,
			    (int)f->tracer, f->tracer_program);
	return false;
}

static void say_yama(const struct trace_facts *f, const char *text, char *err, size_t errlen)
{
	if (f->yama >= 3)
		fail(0, err, errlen,
		     "kernel.yama.ptrace_scope is 3: nothing can be traced before the next boot; without ptrace, and as "
		     "root: bindwalk watch");
	else if (f->yama == 2 && f->launched)
		fail(0, err, errlen,
		     "kernel.yama.ptrace_scope is 2: tracing needs CAP_SYS_PTRACE; as root: sudo bindwalk trace --user NAME "
		     "-- COMMAND");
	else if (f->yama == 2)
		fail(0, err, errlen,
		     "kernel.yama.ptrace_scope is 2: tracing needs CAP_SYS_PTRACE; as root: sudo bindwalk trace -p %d",
		     (int)f->pid);
	else
		fail(0, err, errlen,
		     "kernel.yama.ptrace_scope is 1: %s was not started by Bindwalk; as root: sudo bindwalk trace -p %d",
		     text, (int)f->pid);
}

// The reason among what is known, "" for none.
static const char *reason(const struct trace_facts *f)
{
	if (f->other_user_ns == YES && (f->capable || !f->other_user))
		return "is in another user namespace, such as a container's; from outside of it, as root";
	if (f->capable)
		return "";
	if (f->other_user)
		return "belongs to another user; as root";
	if (f->more_capabilities)
		return "has capabilities that you lack; as root";
	if (f->hidden)
		return "gained privileges when it began (set-uid), or hides its memory; as root";
	return "";
}

void trace_refusal_say(const struct trace_facts *f, int error, char *err, size_t errlen)
{
	char text[WHO];
	const char *why = reason(f);
	bool yama = f->yama >= 3 || (!f->capable && (f->yama == 2 || (f->yama == 1 && !f->from_us)));
	who(f, text);
	if (error == ESRCH)
		fail(0, err, errlen, "%s has ended", text);
	else if (error != EPERM && error != EACCES && error != ENOSYS)
		fail(0, err, errlen, "cannot trace %s: %s", text, errno_name(error));
	else if (why[0] && !f->launched && f->yama < 3) // which root does not get around
		fail(0, err, errlen, "%s %s: sudo bindwalk trace -p %d", text, why, (int)f->pid);
	else if (yama && error != ENOSYS)
		say_yama(f, text, err, errlen);
	else if (f->filtered)
		fail(0, err, errlen,
		     "cannot trace %s (%s): a seccomp filter, such as a container's, may forbid ptrace(); allow it with "
		     "--cap-add SYS_PTRACE",
		     text, errno_name(error));
	else
		fail(0, err, errlen, "cannot trace %s (%s); a security module may forbid it", text, errno_name(error));
}

const char *trace_refusal_filter(int error)
{
	switch (error) {
	case ENOSYS:
	case EINVAL:
	case EOPNOTSUPP:
		return "the kernel has no seccomp filters";
	case ENOMEM:
		return "its seccomp filters would be too long";
	case EPERM:
	case EACCES:
		return "a seccomp filter is forbidden here";
	default:
		return errno_name(error);
	}
}
