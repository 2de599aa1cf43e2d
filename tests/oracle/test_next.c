// SPDX-License-Identifier: GPL-3.0-or-later
// The sentence about the call after bind, against the running kernel: random states of namespaces of their own, random
// attempts that bind, and listen() and connect() to random destinations made for real.
//
//   BINDWALK_ORACLE_NEXT  how many calls (800)
//   BINDWALK_ORACLE_SEED  for states and attempts (1); "random" draws one
#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "core/change/lab.h"
#include "core/evidence/evidence.h"
#include "core/model/decide.h"
#include "core/model/next_call.h"
#include "core/observe/caller_read.h"
#include "core/observe/observe.h"
#include "tests/oracle/state.h"
#include "tests/oracle/tries.h"

enum { TRIES_A_STATE = 300, SHOWN = 5, AGAIN = 3 };

static struct inquiry now;
static unsigned long calls, open_ones, differ, said[NEXT_COUNT];

static void random_next(struct chance *c, struct attempt *a)
{
	a->then = (struct next_ask){.listen = chance_percent(c, 30)};
	if (a->then.listen)
		return;
	bool six = a->family == AF_INET6 && chance_percent(c, 75);
	a->then.dest.addr = chance_percent(c, six ? 90 : 3) ? random_v6(c) : random_v4(c);
	a->then.dest.port = (uint16_t)(chance_percent(c, 30) ? 7001 : 80);
	if (addr6_needs_scope(&a->then.dest.addr) && a->then.dest.addr.family == AF_INET6 && chance_percent(c, 60) &&
	    now.host->nlinks)
		a->then.dest_scope = now.host->links[chance_below(c, (unsigned)now.host->nlinks)].index;
}

// The prediction, then the call. False where the attempt does not bind.
static bool try_next(struct observer *o, const struct state *s, const struct attempt *a, struct next_call *n)
{
	struct next_call next[NEXT_CALLS] = {0};
	enum call call = a->then.listen ? CALL_LISTEN : CALL_CONNECT;
	state_look(s, &now, a, false);
	evidence_predict(o, &now, a);
	if (now.walk.predicted.err)
		return false;
	if (call == CALL_CONNECT)
		trial_route(a, &now.caller, &now.question.route);
	struct next_seen *seen = call == CALL_LISTEN ? &now.walk.listened : &now.walk.connected;
	if (trial_next(a, call, &now.caller, 0, seen) < 0 || !seen->present)
		return false;
	struct next_seen kept = *seen;
	const struct facts f = inquiry_facts(&now);
	*seen = (struct next_seen){0};
	unsigned count = next_calls(&f, &now.walk, next);
	for (unsigned i = 0; i < count; i++)
		if (next[i].call == call)
			said[next[i].id]++;
	*seen = kept;
	count = next_calls(&f, &now.walk, next);
	for (unsigned i = 0; i < count; i++)
		if (next[i].call == call) {
			*n = next[i];
			return n->observed;
		}
	*n = (struct next_call){.contradicts = true}; // it was asked for, and nothing is said
	return true;
}

static void show(const struct state *s, const struct attempt *a, const struct next_call *n)
{
	char text[ATTEMPT_TEXT], dest[DEST_TEXT], set[48], addr[ADDR_TEXT];
	const struct route_answer *r = &now.question.route;
	fprintf(stderr, "# %s:\n%sbind %s", now.host->kernel.release, s->log, attempt_print(a, text));
	for (unsigned i = 0; i < a->nsettings; i++)
		fprintf(stderr, " %s", setting_print(&a->settings[i], set));
	fprintf(stderr, "\n%s %s scope %u: returned %s, named %s; code %s; route %d %s broadcast %d from %s\n",
		call_name(n->call), dest_print(&a->then, dest), a->then.dest_scope,
		errno_name(a->then.listen ? now.walk.listened.err : now.walk.connected.err), next_name(n->id),
		code_info(now.walk.code)->name, r->present, errno_name(r->err), r->broadcast,
		addr_print(&r->local, addr));
}

static bool read_host(struct observer *o)
{
	char err[256] = "";
	if (evidence_read(o, true, &now, err, sizeof err) == 0)
		return true;
	fprintf(stderr, "# observe: %s\n", err);
	return false;
}

static int try_state(struct chance *c, unsigned long wanted)
{
	static struct state s;
	struct observer *o;
	char err[256];
	bool unprivileged;
	state_make(&s, c, true);
	if (observe_open(&o, err, sizeof err) < 0 || !read_host(o))
		return -1;
	for (unsigned i = 0; i < TRIES_A_STATE && calls < wanted; i++) {
		struct next_call n;
		struct attempt a = random_attempt(now.host, &s, c, &unprivileged);
		a.binds = 0;
		random_next(c, &a);
		bool bound = try_next(o, &s, &a, &n);
		// Connections and duplicate detection go on by themselves: it must be there again on a fresh look.
		for (unsigned again = 0; bound && n.contradicts && again < AGAIN; again++)
			bound = read_host(o) && try_next(o, &s, &a, &n);
		if (!bound)
			continue;
		calls++;
		open_ones += n.id == NEXT_LISTEN_UNKNOWN || n.id == NEXT_CONNECT_UNKNOWN;
		if (n.contradicts && differ++ < SHOWN)
			show(&s, &a, &n);
	}
	inquiry_free(&now);
	observe_close(o);
	state_drop(&s);
	return 0;
}

int main(void)
{
	char err[1024];
	const char *count = getenv("BINDWALK_ORACLE_NEXT");
	unsigned long wanted = count ? strtoul(count, NULL, 10) : 800;
	if (lab_enter_empty(err, sizeof err) < 0) {
		printf("1..0 # SKIP no namespace: %s\n", err);
		return 0;
	}
	struct chance c = chance_new(chance_seed("BINDWALK_ORACLE_SEED", 1));
	int rc = 0;
	while (rc == 0 && calls < wanted) {
		rc = try_state(&c, wanted);
		if (unshare(CLONE_NEWNET) < 0)
			rc = -1;
	}
	for (int i = 0; i < NEXT_COUNT; i++)
		printf("# %8lu %s\n", said[i], next_name((enum next_id)i));
	printf("1..1\n%s 1 - %lu calls after bind, %lu differ\n", differ || rc ? "not ok" : "ok", calls, differ);
	return differ || rc ? 1 : 0;
}
