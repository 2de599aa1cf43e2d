// SPDX-License-Identifier: GPL-3.0-or-later
// The model against the running kernel: random states of namespaces of its own, random attempts; what was predicted
// must be what the calls return, and what the kernel answers to the same lookup.
//
//   BINDWALK_ORACLE_ATTEMPTS  how many (20000)
//   BINDWALK_ORACLE_SEED      for states and attempts (1); "random" draws one
//   BINDWALK_ORACLE_WITNESSED how many binds are held against the kernel's own lookups, too (10000)
#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
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
#include "tests/oracle/state.h"
#include "tests/oracle/tries.h"

enum { ATTEMPTS_A_STATE = 120, CHANGES = 20, SHOWN = 5, COVERING = 20000 };

struct run {
	unsigned long attempts, asked, differ, raced, open, states;
	unsigned long witnessed, silent, contradicted; // binds that were; those without a lookup; those that lie
	unsigned long lost;                            // binds whose events were lost
	unsigned long to_witness;
	struct witness *witness; // NULL where it is refused
	unsigned long findings[FINDING_COUNT];
	uint64_t seed;
	struct state state;
};

static struct inquiry now;
static struct walk *const walk = &now.walk;

// Everything afresh, but the host.
static void look(const struct state *s, const struct attempt *a, bool unprivileged)
{
	caller_read(0, now.host, &now.caller);
	if (unprivileged)
		now.caller = caller_unprivileged(&now.caller);
	question_free(&now.question);
	evidence_holders(&now, a, true);
	state_tell_bound(s, &now.question);
}

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

// What the kernel looked up during the bind must be the predicted lookup, with its result, and nothing else.
static bool witness_agrees(const struct trial *t, const struct seen *seen, struct run *r)
{
	const struct host *h = now.host;
	merge_seen(seen, h, walk);
	r->lost += seen->lost != 0;
	if (walk->unwitnessed)
		return seen->lost || seen->lookups4 + seen->others4 == 0; // lost, or no tracepoint for IPv6
	const struct walk_step *s = walk_find(walk, STEP_CLASSIFY);
	if (!s || !s->claims[EV_KERNEL].present)
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

// Walks one attempt; true when nothing contradicts. The bound device that is left behind is compared, too.
static bool try_once(struct observer *o, const struct attempt *a, bool unprivileged, struct run *r, const char **why)
{
	struct trial t;
	struct seen seen = {0};
	bool witnessed = r->witness && r->witnessed < r->to_witness;
	look(&r->state, a, unprivileged);
	evidence_predict(o, &now, a);
	*why = "what rests on the kernel's answer";
	if (!ends_alike(r))
		return false;
	if ((witnessed ? witness_trial(r->witness, a, &now.caller, &t, &seen) : trial_run(a, &now.caller, &t)) < 0) {
		*why = "no trial";
		return false;
	}
	merge_trial(&t, walk);
	*why = "kernel's lookup";
	// Of two binds the first may have failed where the walk, which could not tell, goes on to the second.
	bool other_bind = walk->agreement == OPEN && a->binds > 1;
	if (!other_bind && !witness_agrees(&t, &seen, r)) {
		r->contradicted++;
		return false;
	}
	*why = "result";
	if (walk->agreement == OPEN)
		r->open++;
	else if (walk->agreement != AGREES)
		return false;
	*why = "device left behind";
	bool same_device = !t.device_known || t.device == walk->device_after || walk->predicted.call != CALL_BIND;
	return walk->agreement == OPEN || same_device;
}

static void show(const struct run *r, const char *why, unsigned long number)
{
	const struct facts f = inquiry_facts(&now);
	fprintf(stderr, "# attempt %lu of seed %llu: %s differs\n%s", number, (unsigned long long)r->seed, why,
		r->state.log);
	for (unsigned i = 0; i < walk->attempt.nsettings; i++) {
		char text[48];
		fprintf(stderr, "set %s\n", setting_print(&walk->attempt.settings[i], text));
	}
	fprintf(stderr, "scope %u sa_family %d addrlen %d binds %u unprivileged %d device after %u trie %d\n",
		walk->attempt.scope, walk->attempt.sa_family, walk->attempt.addrlen, walk->attempt.binds,
		now.caller.unprivileged, walk->device_after, now.host->trie);
	report_text(&f, walk, (struct report_style){0}, stderr);
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

static void try_attempt(struct observer *o, const struct attempt *a, bool unprivileged, struct run *r)
{
	char err[256];
	const char *why;
	unsigned long before = r->contradicted;
	r->attempts++;
	bool ok = try_once(o, a, unprivileged, r, &why);
	// The kernel changes by itself (duplicate detection ends, connections do): a difference counts unless the host
	// did change meanwhile, which it may do more than once.
	for (int i = 0; !ok && i < CHANGES; i++) {
		struct host *fresh;
		struct question asked = now.question;
		if (observe_read(o, &fresh, err, sizeof err) < 0)
			break;
		now.question = (struct question){.fib = asked.fib};
		look(&r->state, a, unprivileged);
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

static int try_state(struct run *r, struct chance *c, unsigned long wanted)
{
	char err[256] = "";
	struct observer *o;
	bool unprivileged;
	state_make(&r->state, c, true);
	r->states++;
	if (observe_open(&o, err, sizeof err) < 0 || !read_host(o)) {
		fprintf(stderr, "# observe: %s\n%s", err, r->state.log);
		return -1;
	}
	for (unsigned i = 0; i < ATTEMPTS_A_STATE && r->attempts < wanted; i++) {
		struct attempt a = random_attempt(now.host, &r->state, c, &unprivileged);
		try_attempt(o, &a, unprivileged, r);
		if (i % 40 == 39) { // a change on the way
			state_change(&r->state, c);
			if (!read_host(o))
				return -1;
		}
	}
	inquiry_free(&now);
	observe_close(o);
	state_drop(&r->state);
	return 0;
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

// Returns whether everything is as it must be.
static bool print_result(const struct run *r, int rc, const char *no_witness)
{
	char names[512];
	unsigned unreached = count_unreached(r, names, sizeof names);
	printf("1..4\n%s 1 - %lu attempts, %lu differ (seed %llu)\n", r->differ || rc ? "not ok" : "ok", r->attempts,
	       r->differ, (unsigned long long)r->seed);
	printf("%s 2 - at most 1 in 50 is open: %lu\n", r->open * 50 <= r->attempts ? "ok" : "not ok", r->open);
	if (r->witness)
		printf("%s 3 - %lu witnessed attempts, %lu without a lookup, %lu differ\n",
		       r->contradicted ? "not ok" : "ok", r->witnessed, r->silent, r->contradicted);
	else
		printf("ok 3 # SKIP no witness: %s\n", no_witness);
	if (r->attempts >= COVERING)
		printf("%s 4 - every step and every errno was reached%s%s\n", unreached ? "not ok" : "ok",
		       unreached ? ", but for" : "", names);
	else
		printf("ok 4 # SKIP too few attempts to come to every step\n");
	return !r->differ && !rc && r->open * 50 <= r->attempts && !r->contradicted &&
	       (!unreached || r->attempts < COVERING);
}

int main(void)
{
	char err[1024], no_witness[WITNESS_ERROR] = "";
	unsigned long wanted = number_from("BINDWALK_ORACLE_ATTEMPTS", 20000);
	static struct run r;
	r.to_witness = number_from("BINDWALK_ORACLE_WITNESSED", 10000);
	r.seed = chance_seed("BINDWALK_ORACLE_SEED", 1);
	if (lab_enter_empty(err, sizeof err) < 0) {
		printf("1..0 # SKIP no namespace: %s\n", err);
		return 0;
	}
	if (witness_open(&r.witness, no_witness, sizeof no_witness) < 0)
		printf("# no witness: %s\n", no_witness);
	printf("# seed %llu, %lu attempts\n", (unsigned long long)r.seed, wanted);
	struct chance c = chance_new(r.seed);
	int rc = 0;
	while (rc == 0 && r.attempts < wanted) {
		rc = try_state(&r, &c, wanted);
		if (unshare(CLONE_NEWNET) < 0)
			rc = -1;
	}
	unsigned missing = print_coverage(&r);
	printf("# %lu states, %lu lookups asked, %lu open, %lu raced, %lu with events lost, %u of %d findings not reached\n",
	       r.states, r.asked, r.open, r.raced, r.lost, missing, FINDING_COUNT);
	bool good = print_result(&r, rc, no_witness);
	witness_close(r.witness);
	return good ? 0 : 1;
}
