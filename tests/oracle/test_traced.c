// SPDX-License-Identifier: GPL-3.0-or-later
// The tracer against the running kernel: a process of its own makes random attempts in random states, and each call
// that is told of it must be the attempt that it made, with the end that it had, and a walk that agrees.
//
//   BINDWALK_ORACLE_TRACED  how many attempts (400)
//   BINDWALK_ORACLE_SEED    for states and attempts (1); "random" draws one
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/change/lab.h"
#include "core/evidence/evidence.h"
#include "core/evidence/trial.h"
#include "core/model/host_equal.h"
#include "core/observe/observe.h"
#include "core/trace/tracer.h"
#include "tests/oracle/state.h"
#include "tests/oracle/tries.h"

enum { TRIES = 60, SHOWN = 5 };

// Shared with the process that makes the attempts.
struct shared {
	volatile bool seen; // the tracer stops it at its calls by now
	unsigned now;       // which attempt
	bool more;          // what is done with its socket afterwards
	unsigned n;
	struct attempt tries[TRIES];
	bool unprivileged[TRIES];
	struct trial ends[TRIES];
};

static struct shared *shared;
static struct state state;
static struct inquiry now;
static unsigned long attempts, calls, differ, open_ones, raced, again, reasons;

// What was told of one attempt.
static struct told {
	unsigned calls, binds;
	struct bind_event last;
} told[TRIES];

static bool on(const struct attempt *a, enum option_id id)
{
	const struct setting *s = attempt_setting(a, id);
	if (s)
		return s->value != 0;
	if (id == OPT_REUSEADDR)
		return a->kind == KIND_PING;
	return id == OPT_V6ONLY && a->family == AF_INET6 &&
	       (a->kind == KIND_PING || now.host->sysctl[SYSCTL_BINDV6ONLY] & 1);
}

static uint32_t device(const struct attempt *a)
{
	const struct setting *s = attempt_setting(a, OPT_DEVICE);
	const struct link *l = s && s->option == OPT_DEVICE ? host_link_named(now.host, s->device) : NULL;
	return l ? l->index : s ? s->value : 0;
}

static uint32_t number(const struct attempt *a, enum option_id id)
{
	const struct setting *s = attempt_setting(a, id);
	return s ? s->value : 0;
}

// Does the socket have what the attempt set?
static const char *settings_differ(const struct attempt *made, const struct attempt *seen)
{
	static const enum option_id bits[] = {OPT_FREEBIND,  OPT_TRANSPARENT, OPT_REUSEADDR,
					      OPT_REUSEPORT, OPT_NOPORT,      OPT_V6ONLY};
	for (size_t i = 0; i < sizeof bits / sizeof *bits; i++) {
		bool raw = made->kind == KIND_RAW && (bits[i] == OPT_V6ONLY || bits[i] == OPT_REUSEADDR); // no effect
		bool untold = bits[i] == OPT_V6ONLY && !attempt_setting(seen, OPT_V6ONLY) && seen->kind != KIND_MPTCP;
		bool has = untold ? made->kind == KIND_PING && made->family == AF_INET6 : on(seen, bits[i]);
		if (!raw && on(made, bits[i]) != has)
			return option_info(bits[i])->symbol;
	}
	if (device(made) != device(seen))
		return "device";
	if (number(made, OPT_MARK) != number(seen, OPT_MARK))
		return "mark";
	return number(made, OPT_PORTRANGE) != number(seen, OPT_PORTRANGE) ? "port range" : NULL;
}

static const char *address_differs(const struct bind_event *e, const struct attempt *made)
{
	struct attempt a = attempt_as_read(made), b = attempt_as_read(&e->attempt);
	if (!e->addr_known)
		return a.addrlen == ADDRLEN_WHOLE ? "the address is not known" : NULL;
	if (!addr_equal(&a.addr, &b.addr))
		return "address";
	return a.port != b.port && made->kind != KIND_RAW         ? "port"
	       : a.scope != b.scope && a.addrlen == ADDRLEN_WHOLE ? "scope"
								  : NULL;
}

static const char *event_differs(const struct bind_event *e, const struct event_verdict *v, const struct attempt *made,
				 unsigned binds)
{
	const char *why = NULL;
	if (!e->socket_known)
		return "the socket is not known";
	if (e->attempt.kind != made->kind || e->attempt.family != made->family)
		return "the kind of socket";
	if (e->call == CALL_BIND && binds == 1)
		why = settings_differ(made, &e->attempt);
	if (!why && e->call == CALL_BIND)
		why = address_differs(e, made);
	if (why || e->reason.code[0] || (e->call == CALL_BIND && !e->addr_known))
		return why;
	if (!v || !v->present)
		return "there is no walk";
	open_ones += v->agreement == OPEN;
	return v->agreement != AGREES && v->agreement != OPEN ? "the walk" : NULL;
}

// A bind of a socket that is bound already, or another call that was refused.
static const char *more_differs(const struct bind_event *e, const struct event_verdict *v)
{
	if (e->call == CALL_LISTEN || e->call == CALL_CONNECT) {
		reasons += e->err != 0;
		return e->err && !e->reason.code[0] ? "there is no reason" : NULL;
	}
	if (!e->socket_known || (e->call == CALL_BIND && !e->addr_known))
		return NULL;
	again += e->attempt.binds == BINDS_OTHER;
	return v && v->present && (v->agreement == AGREES || v->agreement == OPEN) ? NULL : "the walk";
}

static void show(const char *what, const struct bind_event *e, const struct event_verdict *v)
{
	const struct attempt *made = &shared->tries[shared->now];
	char text[ATTEMPT_TEXT], set[48];
	if (differ++ >= SHOWN)
		return;
	fprintf(stderr, "# attempt %u: %s\n%s# made %s", shared->now, what, state.log, attempt_print(made, text));
	for (unsigned i = 0; i < made->nsettings; i++)
		fprintf(stderr, " %s", setting_print(&made->settings[i], set));
	fprintf(stderr, "%s binds %u\n", shared->unprivileged[shared->now] ? " unprivileged" : "", made->binds);
	if (!e)
		return;
	fprintf(stderr, "# seen %s() = %s of %s", call_name(e->call), errno_name(e->err),
		attempt_print(&e->attempt, text));
	for (unsigned i = 0; i < e->attempt.nsettings; i++)
		fprintf(stderr, " %s", setting_print(&e->attempt.settings[i], set));
	fprintf(stderr, "\n# %s: %s\n", e->reason.code, v && v->present ? v->sentence : v ? v->why_not : "no verdict");
}

// Did the host change on its own, as duplicate address detection does?
static bool host_changed(void)
{
	char err[256];
	struct observer *o;
	struct host *fresh;
	bool changed = true;
	if (observe_open(&o, err, sizeof err) < 0)
		return true;
	if (observe_read(o, &fresh, err, sizeof err) == 0) {
		changed = !host_equal(now.host, fresh);
		host_free(now.own);
		now.host = now.own = fresh;
	}
	observe_close(o);
	return changed;
}

static void call(void *data, const struct bind_event *e, const struct event_verdict *v, const struct inquiry *in)
{
	struct told *t = &told[shared->now];
	if (!shared->seen) {
		shared->seen = true;
		return;
	}
	(void)data;
	(void)in;
	calls++;
	t->calls += !shared->more;
	t->binds += e->call == CALL_BIND;
	if (!shared->more)
		t->last = *e;
	const char *why =
		shared->more ? more_differs(e, v) : event_differs(e, v, &shared->tries[shared->now], t->binds);
	if (!why)
		return;
	if (strcmp(why, "the walk") == 0 && host_changed())
		raced++;
	else
		show(why, e, v);
}

static void note(void *data, enum trace_note id, pid_t process, const char *program)
{
	(void)data;
	(void)id;
	(void)process;
	(void)program;
}

// Its socket once more: it connects, listens, or neither, and then is bound to what the next attempt is about.
static void do_more(const struct attempt *a, const struct attempt *then, unsigned how)
{
	struct sockaddr_storage to;
	struct attempt other = *a;
	struct trial t;
	// What a bind without a port leaves on the TCP socket below an MPTCP one can't be seen.
	int fd = a->kind == KIND_MPTCP && attempt_on(a, OPT_NOPORT) ? -1 : trial_open(a, &t);
	if (fd < 0)
		return;
	other.addr = then->addr;
	other.port = then->port;
	other.scope = then->scope;
	socklen_t len = attempt_sockaddr(&other, &to);
	fcntl(fd, F_SETFL, O_NONBLOCK);
	if (how % 3 == 0)
		listen(fd, 1);
	else if (how % 3 == 1 && a->kind != KIND_MPTCP) // which looks at its state first
		connect(fd, (struct sockaddr *)&to, len);
	bind(fd, (struct sockaddr *)&to, len);
	close(fd);
}

_Noreturn static void make_attempts(void)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	while (!shared->seen) {
		bind(-1, NULL, 0);
		usleep(1000);
	}
	for (shared->now = 0; shared->now < shared->n; shared->now++) {
		unsigned i = shared->now;
		struct caller c = {.uid = geteuid(), .unprivileged = shared->unprivileged[i] ? UNPRIVILEGED_ON : 0};
		trial_run(&shared->tries[i], &c, &shared->ends[i]);
		shared->more = true;
		if (!shared->unprivileged[i])
			do_more(&shared->tries[i], &shared->tries[(i + 1) % shared->n], i);
		shared->more = false;
	}
	_exit(0);
}

// Each attempt was told of to its end.
static void check_ends(void)
{
	for (shared->now = 0; shared->now < shared->n; shared->now++) {
		const struct trial *end = &shared->ends[shared->now];
		const struct told *t = &told[shared->now];
		const struct bind_event *e = &t->last;
		attempts++;
		if (!t->calls)
			show("nothing was told", NULL, NULL);
		else if (e->call != end->call || e->err != end->err)
			show("it ended otherwise", e, NULL);
		else if (!e->err &&
			 (!e->local_known || !addr_equal(&e->local, &end->local) || e->local_port != end->port))
			show("it is bound to something else", e, NULL);
	}
}

static int trace_child(void)
{
	static const struct tracer_out out = {.call = call, .note = note};
	char err[TRACER_ERROR] = "";
	struct tracer *t;
	fflush(NULL);
	pid_t child = fork();
	if (child == 0)
		make_attempts();
	const struct tracer_how how = {.pid = child, .output = -1};
	int rc = child < 0 ? -errno : tracer_open(&how, &t, err, sizeof err);
	if (rc == 0) {
		rc = tracer_run(t, &out, err, sizeof err);
		tracer_close(t);
	}
	if (rc < 0 && child > 0)
		kill(child, SIGKILL);
	waitpid(child, NULL, 0);
	if (rc < 0)
		fprintf(stderr, "# %s\n", err);
	return rc;
}

static int try_state(struct chance *c, unsigned long wanted)
{
	char err[256] = "";
	struct observer *o;
	state_make(&state, c, true);
	if (observe_open(&o, err, sizeof err) < 0 || evidence_read(o, true, &now, err, sizeof err) < 0) {
		fprintf(stderr, "# observe: %s\n", err);
		return -1;
	}
	memset(told, 0, sizeof told);
	shared->seen = false;
	shared->now = 0;
	for (shared->n = 0; shared->n < TRIES && attempts + shared->n < wanted; shared->n++)
		shared->tries[shared->n] = random_attempt(now.host, &state, c, &shared->unprivileged[shared->n]);
	int rc = trace_child();
	if (rc == 0)
		check_ends();
	inquiry_free(&now);
	observe_close(o);
	state_drop(&state);
	return rc;
}

int main(void)
{
	char err[1024];
	const char *count = getenv("BINDWALK_ORACLE_TRACED");
	unsigned long wanted = count ? strtoul(count, NULL, 10) : 400;
	uint64_t seed = chance_seed("BINDWALK_ORACLE_SEED", 1);
	struct chance c = chance_new(seed);
	shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (shared == MAP_FAILED)
		return 1;
	if (lab_enter_empty(err, sizeof err) < 0) {
		printf("1..0 # SKIP no namespace: %s\n", err);
		return 0;
	}
	state_alone();
	int rc = 0;
	while (rc == 0 && attempts < wanted) {
		rc = try_state(&c, wanted);
		if (unshare(CLONE_NEWNET) < 0)
			rc = -1;
	}
	printf("# %lu calls were told, %lu of them open, %lu raced; %lu binds of bound sockets, %lu calls refused after "
	       "a bind\n",
	       calls, open_ones, raced, again, reasons);
	printf("1..1\n%s 1 - %lu traced attempts, %lu differ (seed %llu)\n", differ || rc ? "not ok" : "ok", attempts,
	       differ, (unsigned long long)seed);
	return differ || rc ? 1 : 0;
}
