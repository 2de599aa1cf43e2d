// SPDX-License-Identifier: GPL-3.0-or-later
// Every remedy, carried out: random states of namespaces of its own, random attempts; for each refusal each remedy that
// says that it is verified is carried out for real, and the bind is tried again: it must succeed, or be refused as the
// remedy says.
//
//   BINDWALK_REMEDY_REFUSALS  how many (250)
//   BINDWALK_REMEDY_SEED      for states and attempts (1); "random" draws one
#include <errno.h>
#include <grp.h>
#include <linux/capability.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/change/editor.h"
#include "core/change/editor_undo.h"
#include "core/change/lab.h"
#include "core/command/command_edit.h"
#include "core/evidence/evidence.h"
#include "core/evidence/merge.h"
#include "core/model/host_equal.h"
#include "core/model/remedy.h"
#include "core/observe/caller_read.h"
#include "core/observe/observe.h"
#include "core/text/report.h"
#include "tests/oracle/state.h"
#include "tests/oracle/tries.h"

enum { ATTEMPTS_A_STATE = 60, SHOWN = 8, NO_ANSWER = 255 };

struct run {
	unsigned long wanted, refusals, states;
	unsigned long helped; // refusals with a remedy that ends in success
	unsigned long offered, carried_out, failed, raced, may_be, waits;
	unsigned long unmade; // the editor could not undo it
	unsigned long by_kind[REMEDY_KIND_COUNT], partial;
	uint64_t seed;
	struct state state;
	struct observer *observer;
};

static struct inquiry now;

// The lines of the command language that a command of a remedy is: without "ip", and a sysctl's value as a word.
static int read_command(const char *command, struct edit out[static COMMAND_EDITS], char *err, size_t errlen)
{
	char line[REMEDY_COMMAND + 8];
	if (strncmp(command, "ip ", 3) == 0) {
		snprintf(line, sizeof line, "%s", command + 3);
	} else {
		const char *what = command + strlen("sysctl -w ");
		size_t n = strlen(what), quoted = *what == '\'';
		snprintf(line, sizeof line, "sysctl %.*s", (int)(n - 2 * quoted), what + quoted);
		*strchr(line, '=') = ' ';
	}
	return command_edit_line(line, out, err, errlen);
}

static int write_reserved(const char *command)
{
	const char *name = "net.ipv4.ip_local_reserved_ports";
	const char *equals = strchr(command, '=');
	return equals && strstr(command, name) ? change_sysctl(name, equals + 1) : -EINVAL;
}

// 0, or -errno with why.
static int run_commands(struct editor *e, const struct remedy *r, char *err, size_t errlen)
{
	struct edit edits[COMMAND_EDITS];
	for (unsigned i = 0; i < r->ncommands; i++) {
		if (strstr(r->commands[i], "reserved_ports")) {
			if (write_reserved(r->commands[i]) < 0)
				return -EINVAL;
			continue;
		}
		int n = read_command(r->commands[i], edits, err, errlen);
		for (int k = 0; k < n; k++) {
			int rc = editor_make(e, &edits[k], err, errlen);
			if (rc < 0)
				return rc;
		}
		if (n < 0)
			return n;
	}
	return 0;
}

static void only_capability(int cap)
{
	struct __user_cap_header_struct head = {.version = _LINUX_CAPABILITY_VERSION_3};
	struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3];
	if (syscall(SYS_capget, &head, data) < 0)
		_exit(NO_ANSWER);
	for (unsigned i = 0; i < _LINUX_CAPABILITY_U32S_3; i++)
		data[i].effective = (unsigned)cap / 32 == i ? UINT32_C(1) << cap % 32 : 0;
	if (syscall(SYS_capset, &head, data) < 0)
		_exit(NO_ANSWER);
}

static unsigned long number_after(const char *text, const char *word)
{
	const char *at = strstr(text, word);
	return at ? strtoul(at + strlen(word), NULL, 10) : 0;
}

// Makes this process what a remedy says. Does it say anything?
static bool become(const struct remedy *r)
{
	static const struct {
		const char *file, *name;
		int cap;
	} caps[] = {{"cap_net_bind_service", "CAP_NET_BIND_SERVICE", CAP_NET_BIND_SERVICE},
		    {"cap_net_raw", "CAP_NET_RAW", CAP_NET_RAW},
		    {"cap_net_admin", "CAP_NET_ADMIN", CAP_NET_ADMIN}};
	bool another = false;
	for (size_t i = 0; i < sizeof caps / sizeof *caps; i++)
		if (strstr(r->change, caps[i].file) || strstr(r->change, caps[i].name)) {
			only_capability(caps[i].cap);
			another = true;
		}
	if (strstr(r->change, "with group ")) {
		gid_t group = (gid_t)number_after(r->change, "with group ");
		if (setgroups(1, &group) < 0)
			_exit(NO_ANSWER);
	}
	uid_t user = (uid_t)number_after(r->change, "(uid ");
	if (!strstr(r->change, "(uid "))
		return another;
	if (setresuid(user, user, user) < 0)
		_exit(NO_ANSWER);
	return true;
}

// Binds as the remedy says: the errno, 0 for success; -1 when it could not be tried.
static int bind_again(const struct remedy *r)
{
	struct trial t;
	struct caller c = now.caller;
	if (r->reach == REACH_SOCKET)
		return trial_run(&r->attempt, &c, &t) < 0 ? -1 : t.err;
	pid_t child = fork();
	if (child == 0) {
		if (become(r))
			c.unprivileged = false;
		_exit(trial_run(&r->attempt, &c, &t) < 0 ? NO_ANSWER : t.err);
	}
	int status;
	if (child < 0 || waitpid(child, &status, 0) < 0 || !WIFEXITED(status))
		return -1;
	return WEXITSTATUS(status) == NO_ANSWER ? -1 : WEXITSTATUS(status);
}

// Of a free port from some number up the first that is free.
static int bind_remedied(const struct remedy *r)
{
	enum { PORTS = 200 };
	struct remedy other = *r;
	int err = bind_again(r);
	bool any = strstr(r->change, "free port, ") != NULL;
	for (int i = 0; any && err == EADDRINUSE && i < PORTS && other.attempt.port < UINT16_MAX; i++) {
		other.attempt.port++;
		err = bind_again(&other);
	}
	return err;
}

static bool read_host(struct observer *o, struct host **out)
{
	char err[256] = "";
	int rc = observe_read(o, out, err, sizeof err);
	if (rc < 0)
		fprintf(stderr, "# observe: %s\n", err);
	return rc == 0;
}

// Is everything as it was when the remedies were made?
static bool is_as_before(struct run *r)
{
	struct host *fresh;
	struct question asked = now.question;
	if (!read_host(r->observer, &fresh))
		return false;
	now.question = (struct question){0};
	evidence_holders(&now, &now.walk.attempt, true);
	state_tell_bound(&r->state, &now.question);
	now.question.fib = asked.fib;
	bool same = host_equal(now.host, fresh) && question_equal(&asked, &now.question);
	question_free(&now.question);
	now.question = asked;
	host_free(fresh);
	return same;
}

static void show(struct run *r, const struct remedy *fix, const char *what, int got)
{
	const struct facts f = inquiry_facts(&now);
	if (r->failed++ >= SHOWN)
		return;
	fprintf(stderr, "# refusal %lu of seed %llu: '%s' %s, got %s\n%s", r->refusals, (unsigned long long)r->seed,
		fix->change, what, got < 0 ? "no answer" : errno_name(got), r->state.log);
	report_text(&f, &now.walk, (struct report_style){0}, stderr);
	for (size_t i = 0; i < now.question.nsocks; i++) {
		char text[ADDR_TEXT];
		const struct sock *s = &now.question.socks[i];
		fprintf(stderr, "sock %s:%u proto %u state %u dev %u v6only %d reuse %d reuseport %d uid %u\n",
			addr_print(&s->addr, text), s->port, s->protocol, s->state, s->device, s->v6only, s->reuseaddr,
			s->reuseport, s->uid);
	}
}

// Carries one out, binds, and undoes it. False: the state is not as it was, so the others are for another one.
static bool carry_out(struct run *r, const struct remedy *fix)
{
	char err[512] = "", reserved[8192 * 6] = "";
	struct editor *e = NULL;
	bool commands = fix->ncommands > 0;
	int wanted = fix->then.remains ? fix->then.err : 0;
	if (fix->kind == REMEDY_WAIT || fix->wait_ms) {
		r->waits++;
		return true;
	}
	FILE *f = fopen("/proc/sys/net/ipv4/ip_local_reserved_ports", "r");
	if (f && !fgets(reserved, sizeof reserved, f))
		reserved[0] = '\0';
	if (f)
		fclose(f);
	if (commands && editor_open(&e, false, err, sizeof err) < 0)
		return false;
	int rc = commands ? run_commands(e, fix, err, sizeof err) : 0;
	int got = rc < 0 ? -rc : bind_remedied(fix);
	bool unmade = rc == -EOPNOTSUPP;
	if (commands) {
		char lost[512];
		editor_undo(e, true, lost, sizeof lost);
		editor_close(e, lost, sizeof lost);
		change_sysctl("net.ipv4.ip_local_reserved_ports", reserved);
	}
	r->unmade += unmade;
	if (unmade)
		return is_as_before(r);
	bool ok = rc == 0 && got == wanted, same = ok && !commands ? true : is_as_before(r);
	if (ok || same) {
		r->carried_out++;
		r->by_kind[fix->kind]++;
		r->partial += fix->then.remains;
	}
	if (!ok && !same)
		r->raced++;
	else if (!ok)
		show(r, fix, rc < 0 ? err : "does not do what it says", got);
	return same;
}

static void try_refusal(struct run *r)
{
	const struct facts f = inquiry_facts(&now);
	struct remedy fix[REMEDIES];
	unsigned n = remedies(&f, &now.walk, fix);
	bool helped = false;
	r->refusals++;
	r->offered += n;
	for (unsigned i = 0; i < n; i++)
		helped |= fix[i].verified && !fix[i].then.remains;
	r->helped += helped;
	for (int commands = 0; commands < 2; commands++) // what leaves no trace first
		for (unsigned i = 0; i < n; i++) {
			if ((fix[i].ncommands > 0) != commands)
				continue;
			if (!fix[i].verified) {
				r->may_be++;
				continue;
			}
			if (!carry_out(r, &fix[i]))
				return;
		}
}

// Refused as predicted?
static bool is_refused(struct run *r, const struct attempt *a, bool unprivileged)
{
	struct trial t;
	state_look(&r->state, &now, a, unprivileged);
	evidence_predict(r->observer, &now, a);
	if (trial_run(a, &now.caller, &t) < 0)
		return false;
	merge_bind(&t, NULL, NULL, &now.walk);
	return walk_errno(&now.walk) && (now.walk.agreement == AGREES || now.walk.agreement == OPEN);
}

static bool take_host(struct run *r)
{
	struct host *h;
	if (!read_host(r->observer, &h))
		return false;
	host_free(now.own);
	now.host = now.own = h;
	return true;
}

static int try_state(struct run *r, struct chance *c)
{
	char err[256] = "";
	bool unprivileged;
	state_make(&r->state, c, true);
	r->states++;
	if (observe_open(&r->observer, err, sizeof err) < 0 || !take_host(r))
		return -1;
	for (unsigned i = 0; i < ATTEMPTS_A_STATE && r->refusals < r->wanted; i++) {
		struct attempt a = random_attempt(now.host, &r->state, c, &unprivileged);
		if (is_refused(r, &a, unprivileged))
			try_refusal(r);
		if (i % 20 == 19)
			state_change(&r->state, c);
		if (!take_host(r))
			return -1;
	}
	inquiry_free(&now);
	observe_close(r->observer);
	state_drop(&r->state);
	return 0;
}

int main(void)
{
	char err[1024];
	const char *wanted = getenv("BINDWALK_REMEDY_REFUSALS");
	static struct run r;
	r.wanted = wanted ? strtoul(wanted, NULL, 10) : 250;
	r.seed = chance_seed("BINDWALK_REMEDY_SEED", 1);
	if (lab_enter_empty(err, sizeof err) < 0) {
		printf("1..0 # SKIP no namespace: %s\n", err);
		return 0;
	}
	state_alone();
	struct chance c = chance_new(r.seed);
	int rc = 0;
	while (rc == 0 && r.refusals < r.wanted) {
		rc = try_state(&r, &c);
		if (unshare(CLONE_NEWNET) < 0)
			rc = -1;
	}
	for (int k = 0; k < REMEDY_KIND_COUNT; k++)
		printf("# %8lu %s\n", r.by_kind[k], remedy_kind_name((enum remedy_kind)k));
	printf("# %lu refusals in %lu states, %lu with a remedy that ends in success; %lu remedies: %lu leave an "
	       "obstacle, %lu may be enough, %lu waits, %lu not undoable, %lu raced\n",
	       r.refusals, r.states, r.helped, r.offered, r.partial, r.may_be, r.waits, r.unmade, r.raced);
	bool good = rc == 0 && !r.failed, enough = r.carried_out >= r.refusals;
	printf("1..2\n%s 1 - %lu remedies carried out for %lu refusals, %lu failed (seed %llu)\n",
	       good ? "ok" : "not ok", r.carried_out, r.refusals, r.failed, (unsigned long long)r.seed);
	printf("%s 2 - a refusal has more than one remedy\n", enough ? "ok" : "not ok");
	return good && enough ? 0 : 1;
}
