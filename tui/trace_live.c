// SPDX-License-Identifier: GPL-3.0-or-later
#include "tui/trace_live.h"

#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/command/memory_file.h"
#include "core/evidence/event_about.h"
#include "core/model/remedy_program.h"
#include "core/observe/proc.h"
#include "core/text/quoting.h"
#include "tui/complain.h"
#include "tui/hand_on.h"
#include "tui/trace_user.h"

enum { LONG_COMMAND = TRACE_NOTE_TEXT - 32 }; // in a note, with what stands before it

struct live {
	struct trace_tell tell;
	const struct tracer_how *how;
	struct event_about *about;
};

static struct tracer *volatile traced;
static volatile sig_atomic_t stop_asked; // maybe before there is one

static void stop(void)
{
	struct tracer *t = traced;
	stop_asked = 1;
	if (t)
		tracer_stop(t);
}

// While the thread that made the call waits.
static struct trace_program program_of(const struct bind_event *e)
{
	char path[64], exe[PATH_MAX];
	struct trace_program out = {.known = PROGRAM_COUNT};
	ssize_t n = e->err ? readlink(proc_path(e->pid, "exe", path, sizeof path), exe, sizeof exe - 1) : 0;
	exe[n > 0 ? n : 0] = '\0';
	out.known = program_find(e->program, exe);
	if (n < TRACE_EXE)
		strcpy(out.exe, exe);
	return out;
}

static void call(void *data, const struct bind_event *seen, const struct event_verdict *v, const struct inquiry *in)
{
	struct live *l = data;
	struct bind_event e = *seen;
	event_about_fill(l->about, &e);
	const struct trace_program program = program_of(&e);
	l->tell.history = tracer_history(traced);
	trace_tell_call(&l->tell, &e, v, in, &program);
}

// How to trace it with all that it has: one line for a shell.
static char *raising_command(const struct tracer_how *how)
{
	struct memory_file m;
	char *user = trace_user_own();
	if (!user || memory_file_open(&m) < 0) {
		free(user);
		return NULL;
	}
	fputs("sudo bindwalk trace ", m.file);
	if (how->command) {
		fputs(how->stay ? "--stay --user " : "--user ", m.file);
		quote_shell(user, m.file);
		fputs(" --", m.file);
	} else {
		fprintf(m.file, "-p %d", how->pid);
	}
	for (char **word = how->command; word && *word; word++) {
		fputc(' ', m.file);
		quote_shell(*word, m.file);
	}
	free(user);
	return memory_file_close(&m, 0) < 0 ? NULL : m.text.p;
}

static void say_lowered(struct live *l, pid_t process, const char *program)
{
	char *command = raising_command(l->how);
	trace_tell_note(&l->tell, "%s[%d] %s", program, process, trace_note_text(TRACE_LOWERED));
	if (command && strlen(command) < LONG_COMMAND)
		trace_tell_note(&l->tell, "with all of them: %s", command);
	else
		trace_tell_note(&l->tell, "with all of them: the same as root, with --user");
	free(command);
}

static void say_beginning(struct live *l)
{
	const struct tracer_how *how = l->how;
	const char *slow = tracer_unfiltered(traced);
	if (!how->command)
		trace_tell_say(&l->tell, "tracing process %d; it goes on when Bindwalk ends", how->pid);
	else if (how->stay)
		trace_tell_say(&l->tell, "tracing %.200s; it goes on when Bindwalk ends", how->command[0]);
	else if (slow)
		trace_tell_say(&l->tell, "tracing %.200s; it ends with Bindwalk, and runs slower: %s", how->command[0],
			       slow);
	else
		trace_tell_say(&l->tell, "tracing %.200s; it ends with Bindwalk", how->command[0]);
}

static void note(void *data, enum trace_note id, pid_t process, const char *program)
{
	struct live *l = data;
	const char *more = "";
	if (id == TRACE_BEGUN) {
		say_beginning(l);
		return;
	}
	if (id == TRACE_LOWERED) {
		say_lowered(l, process, program);
		return;
	}
	if (id == TRACE_OWN_FILTER)
		more = "; with --stay they are";
	if (id == TRACE_ENDED) {
		program = l->how->command[0];
		hand_on_catch(HAND_ON_NONE, stop);
		more = l->how->stay ? ": Ctrl-C ends the trace" : ", and ends with Bindwalk: Ctrl-C";
	}
	trace_tell_note(&l->tell, "%s[%d] %s%s", program, process, trace_note_text(id), more);
}

static bool stopped(void *data, int sig)
{
	(void)data;
	return hand_on_stop(sig);
}

// As the program did: who waits for us, sees what it would have seen.
static int end_as(int status)
{
	if (WIFEXITED(status))
		return WEXITSTATUS(status);
	const struct rlimit none = {0};
	int sig = WTERMSIG(status);
	setrlimit(RLIMIT_CORE, &none); // the program has left its own
	signal(sig, SIG_DFL);
	sigset_t only;
	sigemptyset(&only);
	sigaddset(&only, sig);
	sigprocmask(SIG_UNBLOCK, &only, NULL);
	raise(sig);
	return exit_of_wait(status);
}

static int failed_to_begin(const struct tracer_how *how, int err, bool at_exec)
{
	if (at_exec)
		complain("%.200s: %s", how->command[0], strerror(err));
	else
		complain("cannot run %.200s%s%.80s: %s", how->command[0], how->user ? " as user " : "",
			 how->user ? how->user->name : "", strerror(err));
	return at_exec ? exit_of_exec(err) : EXIT_MISSING;
}

static int run(struct live *l)
{
	const struct tracer_out out = {.call = call, .note = note, .stopped = stopped, .data = l};
	char err[TRACER_ERROR];
	bool at_exec;
	int status;
	hand_on_to(l->how->command ? tracer_process(traced) : 0);
	if (tracer_run(traced, &out, err, sizeof err) < 0) {
		complain("%s", err);
		trace_tell_drop(&l->tell);
		return EXIT_MISSING;
	}
	int why = tracer_failure(traced, &at_exec);
	if (why) {
		trace_tell_drop(&l->tell);
		return failed_to_begin(l->how, why, at_exec);
	}
	const struct socket_history *s;
	for (size_t n = 0; l->how->every_option && (s = tracer_untold(traced, &n));)
		trace_tell_history(&l->tell, s);
	bool known = tracer_status(traced, &status), exited = known && WIFEXITED(status);
	enum trace_end end = !known ? TRACE_END_NONE : exited ? TRACE_END_STATUS : TRACE_END_SIGNAL;
	int number = exited ? WEXITSTATUS(status) : known ? WTERMSIG(status) : 0;
	if (end != TRACE_END_NONE && number && !l->tell.refused && tracer_may_miss(traced))
		trace_tell_note(&l->tell,
				"no bind was seen to be refused; Bindwalk itself is under a seccomp filter, and "
				"calls that this refuses are seen only with --stay");
	enum exit_status how = trace_tell_close(&l->tell, end, number);
	return known ? end_as(status) : (int)how;
}

int trace_live(const struct trace_wish *wish, const struct tracer_how *how)
{
	static struct live l;
	char err[TRACER_ERROR];
	struct tracer_how own = *how;
	l.how = how;
	bool ends = how->command && !how->stay;
	own.prepare = hand_on_forget;
	if (event_about_open(&l.about) < 0) {
		complain("out of memory");
		return EXIT_MISSING;
	}
	int status = (int)trace_tell_open(&l.tell, wish);
	if (status != EXIT_OK) {
		event_about_close(l.about);
		return status;
	}
	hand_on_catch(!how->command ? HAND_ON_NONE : how->stay ? HAND_ON_OUTSIDE : HAND_ON_TRACED, ends ? NULL : stop);
	struct tracer *t;
	if (tracer_open(&own, &t, err, sizeof err) < 0) {
		complain("%s", err);
		trace_tell_drop(&l.tell);
		status = EXIT_MISSING;
	} else {
		traced = t;
		if (stop_asked)
			tracer_stop(t);
		status = run(&l);
		traced = NULL;
		tracer_close(t);
	}
	event_about_close(l.about);
	return status;
}
