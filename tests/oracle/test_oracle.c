// SPDX-License-Identifier: GPL-3.0-or-later
// The model against the running kernel: random states of namespaces of its own, random attempts; what was predicted
// must be what the calls return, and what the kernel answers to the same lookup.
//
//   BINDWALK_ORACLE_ATTEMPTS  how many (20000)
//   BINDWALK_ORACLE_SEED      for states and attempts (1); "random" draws one
//   BINDWALK_ORACLE_WITNESSED how many binds are compared with the kernel's own lookups as well (10000)
//   BINDWALK_ORACLE_UNDER     one circumstance for all states: sysctls, descriptors, users, filters, changes
//
// Most states are asked about by a process that can see all. Some are asked about under a circumstance
// (circumstance.h), by a process of its own, as `bindwalk explain` would: what is certain must be right there too.
#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/change/lab.h"
#include "core/evidence/evidence.h"
#include "core/evidence/merge.h"
#include "core/evidence/witness.h"
#include "core/model/decide.h"
#include "core/model/host_equal.h"
#include "core/observe/caller_read.h"
#include "core/observe/observe.h"
#include "core/text/report.h"
#include "tests/oracle/calls.h"
#include "tests/oracle/circumstance.h"
#include "tests/oracle/state.h"
#include "tests/oracle/tries.h"

enum {
	ATTEMPTS_A_STATE = 120,
	ATTEMPTS_UNDER = 40, // in a state that is asked about under a circumstance,
	PERCENT_UNDER = 15,  // as so many are
	RACES = 20,
	SHOWN = 5,
	COVERING = 20000,
	MANY = 200000,
	OPEN_AT_MOST = 1000,    // one in so many of MANY attempts, but for
	OPEN_IN_A_SAMPLE = 200, // fewer, which chance decides, and
	HIDDEN_AT_MOST = 25     // what no interface shows
};

// The attempts made under a circumstance.
struct tally {
	unsigned long states, refused; // those that the kernel did not let us enter
	unsigned long attempts, uncertain, differ;
	unsigned long untried; // it said that it can't tell or try
	unsigned long changed; // it said that the host changes
};

// Shared with the processes under a circumstance.
struct run {
	unsigned long attempts, asked, differ, raced, states;
	unsigned long plain, uncertain;                // attempts under none; those of them that the model left open
	unsigned long witnessed, silent, contradicted; // binds that were; those without a lookup; those that lie
	unsigned long lost;                            // binds whose events were lost
	unsigned long binds, to_witness;               // binds that the witness was there for, and how many at most
	struct calls_tally calls;
	struct witness *witness; // NULL where it is refused
	unsigned long findings[FINDING_COUNT];
	unsigned long causes[FINDING_COUNT]; // what a step found where it took the certainty away
	struct tally under[CIRCUMSTANCES];
	uint64_t seed;
	enum circumstance only; // PLAIN: all
};

static struct state state;
static struct inquiry now;
static struct walk *const walk = &now.walk;

// A walk that rests on the kernel's answer, for want of routes, must end alike.
static bool ends_alike(struct run *r)
{
	static struct walk other;
	struct host unread = *now.host;
	const struct facts f = {&unread, &now.caller, &now.question};
	if (!now.question.fib.present)
		return true;
	r->asked++;
	unread.routes4_read = false;
	decide(&f, &walk->attempt, &other);
	for (unsigned i = 0; i < other.nsteps; i++)
		r->findings[other.steps[i].finding] += other.steps[i].step == STEP_CLASSIFY;
	return other.predicted.err == walk->predicted.err && other.predicted.call == walk->predicted.call;
}

// The kernel's lookups during the bind must be exactly the predicted one, with its result.
static bool lookups_agree(const struct trial *t, const struct seen *seen, struct run *r)
{
	const struct host *h = now.host;
	r->lost += seen->lost != 0;
	if (walk->unwitnessed)
		return seen->lost || seen->lookups4 + seen->others4 == 0; // lost, or no tracepoint for IPv6
	const struct walk_step *s = walk_find(walk, STEP_CLASSIFY);
	if (!seen->points || !s || !s->claims[EV_KERNEL].present)
		return true;
	const struct claim *c = &s->claims[EV_KERNEL];
	const struct input *route = s->reached && !s->lookup_open ? step_input(s, IN_ROUTE) : NULL;
	const struct route_info *info = route ? host_info4(h, (size_t)route->number) : NULL;
	bool has_device = info && !c->err && info->oif; // a next hop object may not tell
	unsigned lookups = seen->lookups4 + seen->others4 + seen->lookups6;
	r->witnessed++;
	r->silent += lookups == 0;
	return !c->contradicts && lookups == c->count && lookups <= 1 && (!has_device || c->oif == info->oif) &&
	       (!seen->bind_known || t->call != CALL_BIND || seen->bind_ret == -t->err);
}

// An ordinary user's bind is a child's, which the witness does not see: lower this thread's capabilities alone.
static void stay_the_same_user(void)
{
	caller_read(0, now.host, &now.caller);
	now.caller.ordinary_uid = 0;
	now.caller = caller_unprivileged(&now.caller);
}

// What the kernel was seen to do is what the walk says.
static bool witness_agrees(const struct trial *t, const struct seen *seen, struct run *r, const char **why)
{
	// Of two binds the first may have failed where the walk, which could not tell, goes on to the second.
	bool other_bind = walk->agreement == OPEN && walk->attempt.binds > 1;
	r->binds += seen->binds > 0;
	*why = "kernel's lookup";
	return other_bind || (lookups_agree(t, seen, r) && calls_agree(walk, now.host, t->err, &r->calls, why));
}

// Walks one attempt; true if nothing contradicts. Also compares the bound device left behind.
static bool try_once(struct observer *o, const struct attempt *a, bool unprivileged, struct run *r, const char **why)
{
	struct trial t;
	struct seen seen = {0};
	bool witnessed = r->witness && r->binds < r->to_witness && (!unprivileged || r->attempts % 2);
	state_look(&state, &now, a, unprivileged);
	if (witnessed && unprivileged)
		stay_the_same_user();
	evidence_predict(o, &now, a);
	*why = "what rests on the kernel's answer";
	if (!ends_alike(r))
		return false;
	if ((witnessed ? witness_trial(r->witness, a, &now.caller, &t, &seen) : trial_run(a, &now.caller, &t)) < 0) {
		*why = "no trial";
		return false;
	}
	merge_bind(&t, &seen, now.host, walk);
	if (!witness_agrees(&t, &seen, r, why)) {
		r->contradicted++;
		return false;
	}
	*why = "result";
	if (walk->agreement != OPEN && walk->agreement != AGREES)
		return false;
	*why = "device left behind";
	bool same_device = !t.device_known || t.device == walk->device_after || walk->predicted.call != CALL_BIND;
	return walk->agreement == OPEN || same_device;
}

static void show_calls(void)
{
	char text[ADDR_TEXT];
	for (unsigned i = 0; i < walk->inner.ncalls; i++) {
		const struct kernel_call *c = &walk->inner.calls[i];
		fprintf(stderr, "call %s = %lld addr %s port %u table %u device %u capability %d found %u/%u\n",
			kernel_function_info(c->function)->name, (long long)c->returned,
			c->addr.family ? addr_print(&c->addr, text) : "-", c->port, c->table, c->device, c->capability,
			c->rtn, c->len);
	}
}

static void show(const struct run *r, const char *why, unsigned long number)
{
	const struct facts f = inquiry_facts(&now);
	fprintf(stderr, "# attempt %lu of seed %llu: %s differs\n%s", number, (unsigned long long)r->seed, why,
		state.log);
	for (unsigned i = 0; i < walk->attempt.nsettings; i++) {
		char text[48];
		fprintf(stderr, "set %s\n", setting_print(&walk->attempt.settings[i], text));
	}
	fprintf(stderr, "scope %u sa_family %d addrlen %d binds %u unprivileged %d device after %u trie %d\n",
		walk->attempt.scope, walk->attempt.sa_family, walk->attempt.addrlen, walk->attempt.binds,
		now.caller.unprivileged, walk->device_after, now.host->trie);
	report_text(&f, walk, (struct report_style){0}, stderr);
	show_calls();
	for (size_t i = 0; i < now.question.nsocks; i++) {
		char text[ADDR_TEXT];
		const struct sock *s = &now.question.socks[i];
		fprintf(stderr, "sock %s:%u proto %u state %u dev %u v6only %d reuse %d reuseport %d uid %u\n",
			addr_print(&s->addr, text), s->port, s->protocol, s->state, s->device, s->v6only, s->reuseaddr,
			s->reuseport, s->uid);
	}
}

static void count_findings(struct run *r)
{
	for (unsigned i = 0; i < walk->nsteps; i++)
		r->findings[walk->steps[i].finding]++;
}

static void count_uncertain(struct run *r)
{
	r->plain++;
	r->uncertain += !walk->predicted.certain || walk->agreement == OPEN;
	for (unsigned i = 0; i < walk->nsteps; i++)
		r->causes[walk->steps[i].finding] += walk->steps[i].unsure;
}

static void try_attempt(struct observer *o, const struct attempt *a, bool unprivileged, struct run *r)
{
	char err[256];
	const char *why;
	unsigned long before = r->contradicted;
	r->attempts++;
	bool ok = try_once(o, a, unprivileged, r, &why);
	// The kernel's state changes without us (duplicate detection, connections): a difference counts unless the host
	// did change meanwhile, which it may do more than once.
	for (int i = 0; !ok && i < RACES; i++) {
		struct host *fresh;
		struct question asked = now.question;
		if (observe_read(o, &fresh, err, sizeof err) < 0)
			break;
		now.question = (struct question){.fib = asked.fib};
		state_look(&state, &now, a, unprivileged);
		bool same = host_equal(now.host, fresh) && question_equal(&asked, &now.question);
		question_free(&asked);
		host_free(now.own);
		now.host = now.own = fresh;
		if (same)
			break;
		r->raced++;
		r->contradicted = before;
		ok = try_once(o, a, unprivileged, r, &why);
	}
	count_findings(r);
	count_uncertain(r);
	if (!ok && r->differ++ < SHOWN)
		show(r, why, r->attempts);
}

static bool read_host(struct observer *o)
{
	char err[256] = "";
	if (evidence_read(o, true, &now, err, sizeof err) == 0)
		return true;
	fprintf(stderr, "# observe: %s\n", err);
	return false;
}

static int try_plain(struct run *r, struct chance *c, unsigned long wanted)
{
	char err[256] = "";
	struct observer *o;
	bool unprivileged;
	if (observe_open(&o, err, sizeof err) < 0 || !read_host(o)) {
		fprintf(stderr, "# observe: %s\n%s", err, state.log);
		return -1;
	}
	for (unsigned i = 0; i < ATTEMPTS_A_STATE && r->attempts < wanted; i++) {
		struct attempt a = random_attempt(now.host, &state, c, &unprivileged);
		try_attempt(o, &a, unprivileged, r);
		if (i % 40 == 39) { // a change on the way
			state_change(&state, c);
			if (!read_host(o))
				return -1;
		}
	}
	inquiry_free(&now);
	observe_close(o);
	return 0;
}

// As `bindwalk explain` does it: what it can't find out it says, and what it is sure of is so.
static void explain_under(struct observer *o, enum circumstance w, struct chance *c, struct run *r)
{
	char err[512] = "";
	struct tally *t = &r->under[w];
	bool unprivileged;
	struct attempt a = random_attempt(now.host, &state, c, &unprivileged);
	if (w == USERS && chance_percent(c, 30))
		a.kind = KIND_PING;
	const struct evidence_how how = {.unprivileged = unprivileged};
	r->attempts++;
	t->attempts++;
	if ((w == CHANGES && evidence_read(o, true, &now, err, sizeof err) < 0) ||
	    evidence_gather(o, &now, &a, &how, err, sizeof err) < 0) {
		t->untried++;
		return;
	}
	count_findings(r);
	t->uncertain += !walk->predicted.certain;
	t->changed += walk->agreement == CHANGED;
	bool filtered = w == FILTER && walk->agreement == HOOK;
	if (walk->agreement == AGREES || walk->agreement == OPEN || walk->agreement == CHANGED || filtered)
		return;
	t->differ++;
	if (r->differ++ < SHOWN)
		show(r, circumstance_name(w), r->attempts);
}

_Noreturn static void run_under(enum circumstance w, struct chance *c, unsigned long wanted, struct run *r)
{
	char err[256] = "";
	struct observer *o = NULL;
	bool early = chance_percent(c, 50); // the circumstance comes before the look at the host, or after it
	if (early && !circumstance_enter(w, &state, c)) {
		r->under[w].refused++;
		_exit(0);
	}
	bool seen = observe_open(&o, err, sizeof err) == 0 && evidence_read(o, true, &now, err, sizeof err) == 0;
	if (!seen) { // nothing at all is said then
		r->under[w].untried++;
		_exit(0);
	}
	if (!early && !circumstance_enter(w, &state, c)) {
		r->under[w].refused++;
		_exit(0);
	}
	for (unsigned i = 0; i < ATTEMPTS_UNDER && r->attempts < wanted; i++)
		explain_under(o, w, c, r);
	fflush(stderr);
	_exit(0);
}

// Runs in a child, because a process cannot leave. 0, or -1 if it failed.
static int try_under(enum circumstance w, struct chance *c, unsigned long wanted, struct run *r)
{
	int status = 0;
	struct chance own = chance_new(chance_next(c));
	r->under[w].states++;
	fflush(NULL);
	pid_t child = fork();
	if (child == 0)
		run_under(w, &own, wanted, r);
	if (child < 0 || waitpid(child, &status, 0) < 0 || status != 0) {
		fprintf(stderr, "# under %s: status %d\n%s", circumstance_name(w), status, state.log);
		return -1;
	}
	return 0;
}

static int try_state(struct run *r, struct chance *c, unsigned long wanted)
{
	state_make(&state, c, true);
	r->states++;
	bool under = chance_percent(c, PERCENT_UNDER) || r->only != PLAIN;
	enum circumstance w = (enum circumstance)(PLAIN + 1 + chance_below(c, CIRCUMSTANCES - 1));
	if (r->only != PLAIN)
		w = r->only;
	int rc = under ? try_under(w, c, wanted, r) : try_plain(r, c, wanted);
	state_drop(&state);
	return rc;
}

static unsigned print_coverage(const struct run *r)
{
	unsigned missing = 0;
	for (int i = 0; i < FINDING_COUNT; i++) {
		printf("# %8lu %s\n", r->findings[i], finding_info((enum finding_id)i)->name);
		missing += r->findings[i] == 0;
	}
	return missing;
}

static void print_causes(const struct run *r)
{
	for (int i = 0; i < FINDING_COUNT; i++) {
		const struct finding *f = finding_info((enum finding_id)i);
		if (r->causes[i])
			printf("# open for %lu of %lu (%.3f %%): %s, at %s\n", r->causes[i], r->plain,
			       100.0 * (double)r->causes[i] / (double)r->plain, f->name, step_info(f->step)->name);
	}
}

// Returns how many circumstances could not be had, with their names.
static unsigned print_circumstances(const struct run *r, char *names, size_t len)
{
	unsigned missing = 0;
	size_t used = 0;
	names[0] = '\0';
	for (int i = PLAIN + 1; i < CIRCUMSTANCES; i++) {
		const struct tally *t = &r->under[i];
		const char *name = circumstance_name((enum circumstance)i);
		printf("# under %s: %lu states (%lu refused), %lu attempts: %lu not certain, %lu not told, %lu changed, "
		       "%lu wrong\n",
		       name, t->states, t->refused, t->attempts, t->uncertain, t->untried, t->changed, t->differ);
		if (!t->attempts && ++missing && used < len)
			used += (size_t)snprintf(names + used, len - used, "%s%s", used ? ", " : "", name);
	}
	return missing;
}

// Steps and errnos that no attempt came to. Two errnos are not for every kernel: EPROTONOSUPPORT is for
// those without a socket kind, EOPNOTSUPP for those whose MPTCP does not pass options on.
static unsigned count_unreached(const struct run *r, char *names, size_t len)
{
	bool step[STEP_COUNT] = {false}, seen[FINDING_COUNT] = {false};
	unsigned missing = 0;
	size_t used = 0;
	for (int i = 0; i < FINDING_COUNT; i++) {
		const struct finding *f = finding_info((enum finding_id)i);
		if (!r->findings[i])
			continue;
		step[f->step] = true;
		for (int j = 0; j < FINDING_COUNT; j++)
			seen[j] |= finding_info((enum finding_id)j)->err == f->err;
	}
	names[0] = '\0';
	for (int i = 0; i < STEP_COUNT; i++)
		if (!step[i] && ++missing && used < len)
			used += (size_t)snprintf(names + used, len - used, " %s", step_info((enum step_id)i)->name);
	for (int i = 0; i < FINDING_COUNT; i++) {
		int err = finding_info((enum finding_id)i)->err;
		if (seen[i] || err == EPROTONOSUPPORT || err == EOPNOTSUPP)
			continue;
		for (int j = i; j < FINDING_COUNT; j++)
			seen[j] |= finding_info((enum finding_id)j)->err == err;
		missing++;
		if (used < len)
			used += (size_t)snprintf(names + used, len - used, " %s", errno_name(err));
	}
	return missing;
}

static unsigned long number_from(const char *name, unsigned long otherwise)
{
	const char *text = getenv(name);
	return text ? strtoul(text, NULL, 10) : otherwise;
}

// What is open where all can be seen. The memory of a port's bucket, how full a slot of UDP's hash is, and what SCTP's
// getsockname() says after an IPv4 sockaddr can't be. Older kernels show less: they are not judged.
static bool judge_open(const struct run *r, unsigned long *open, unsigned long *hidden)
{
	struct kernel k;
	struct utsname u;
	*hidden = r->causes[PORT_TAKEN] + r->causes[PORT_CROWD] + r->causes[FAMILY_AS_V4];
	*open = r->uncertain - *hidden;
	return r->attempts >= COVERING && uname(&u) == 0 && kernel_parse(u.release, &k) == 0 &&
	       kernel_has(&k, TRAIT_PING_NETNS) && kernel_has(&k, TRAIT_UDP_WILDCARD);
}

static bool print_open(const struct run *r)
{
	unsigned long open, hidden;
	bool judged = judge_open(r, &open, &hidden);
	int limit = r->attempts >= MANY ? OPEN_AT_MOST : OPEN_IN_A_SAMPLE;
	bool few = open * (unsigned)limit <= r->plain && hidden * HIDDEN_AT_MOST <= r->plain;
	printf("%s 2 - at most 1 in %d is open where all can be seen: %lu of %lu, and %lu of what no interface shows%s\n",
	       judged && !few ? "not ok" : "ok", limit, open, r->plain, hidden,
	       judged ? "" : " # SKIP too few attempts, or an older kernel");
	return !judged || few;
}

// Returns whether everything is as it must be.
static bool print_result(const struct run *r, int rc, const char *no_witness)
{
	char names[512], refused[256];
	unsigned unreached = count_unreached(r, names, sizeof names);
	print_causes(r);
	unsigned missing = print_circumstances(r, refused, sizeof refused);
	printf("1..5\n%s 1 - %lu attempts, %lu differ (seed %llu)\n", r->differ || rc ? "not ok" : "ok", r->attempts,
	       r->differ, (unsigned long long)r->seed);
	bool few_open = print_open(r);
	calls_print(&r->calls);
	if (r->witness)
		printf("%s 3 - %lu witnessed attempts: %lu by tracepoints, %lu without a lookup; %lu by BPF; %lu differ\n",
		       r->contradicted ? "not ok" : "ok", r->binds, r->witnessed, r->silent, r->calls.binds,
		       r->contradicted);
	else
		printf("ok 3 # SKIP no witness: %s\n", no_witness);
	if (r->attempts >= COVERING)
		printf("%s 4 - every step and every errno was reached%s%s\n", unreached ? "not ok" : "ok",
		       unreached ? ", but for" : "", names);
	else
		printf("ok 4 # SKIP too few attempts to come to every step\n");
	if (missing)
		printf("ok 5 # SKIP not to be had here: %s\n", refused);
	else
		printf("ok 5 - every circumstance was asked under\n");
	return !r->differ && !rc && few_open && !r->contradicted && (!unreached || r->attempts < COVERING);
}

int main(void)
{
	char err[1024], no_witness[WITNESS_ERROR] = "";
	unsigned long wanted = number_from("BINDWALK_ORACLE_ATTEMPTS", 20000);
	struct run *r = mmap(NULL, sizeof *r, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (r == MAP_FAILED)
		return 1;
	r->to_witness = number_from("BINDWALK_ORACLE_WITNESSED", 10000);
	for (int i = PLAIN + 1; i < CIRCUMSTANCES && getenv("BINDWALK_ORACLE_UNDER"); i++)
		if (strcmp(getenv("BINDWALK_ORACLE_UNDER"), circumstance_name((enum circumstance)i)) == 0)
			r->only = (enum circumstance)i;
	r->seed = chance_seed("BINDWALK_ORACLE_SEED", 1);
	if (lab_enter_empty(err, sizeof err) < 0) {
		printf("1..0 # SKIP no namespace: %s\n", err);
		return 0;
	}
	state_alone();
	if (witness_open(&r->witness, no_witness, sizeof no_witness) < 0)
		printf("# no witness: %s\n", no_witness);
	else if (witness_without(r->witness)[0])
		printf("# no return values: %s\n", witness_without(r->witness));
	printf("# seed %llu, %lu attempts\n", (unsigned long long)r->seed, wanted);
	struct chance c = chance_new(r->seed);
	int rc = 0;
	while (rc == 0 && r->attempts < wanted) {
		rc = try_state(r, &c, wanted);
		state_before(&c);
		if (unshare(CLONE_NEWNET) < 0)
			rc = -1;
	}
	unsigned missing = print_coverage(r);
	printf("# %lu states, %lu lookups asked, %lu raced, %lu with events lost, %u of %d findings not reached\n",
	       r->states, r->asked, r->raced, r->lost, missing, FINDING_COUNT);
	bool good = print_result(r, rc, no_witness);
	witness_close(r->witness);
	return good ? 0 : 1;
}
