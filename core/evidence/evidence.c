// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/evidence/evidence.h"

#include <errno.h>
#include <linux/rtnetlink.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "core/evidence/merge.h"
#include "core/model/decide.h"
#include "core/model/decide_range.h"
#include "core/model/fail.h"
#include "core/model/holder.h"
#include "core/model/next_call.h"
#include "core/model/port_pool.h"
#include "core/model/walk_conclude.h"
#include "core/observe/caller_read.h"
#include "core/observe/sock_owner.h"
#include "core/observe/socks.h"
#include "core/observe/sockstat.h"

enum { NARROW_RANGE = 1024 };

// Nobody takes these on who does not run the process's own program in its place.
static const unsigned BEYOND_US = DIFFERS(SECCOMP) | DIFFERS(LANDLOCK) | DIFFERS(LABEL) | DIFFERS(CGROUP);

int evidence_read(struct observer *o, bool whole, struct inquiry *in, char *err, size_t errlen)
{
	struct host *h;
	int rc = whole ? observe_read(o, &h, err, errlen) : observe_read_small(o, EVIDENCE_ROUTES, &h, err, errlen);
	if (rc < 0)
		return rc;
	host_free(in->own);
	in->host = in->own = h;
	return 0;
}

bool evidence_port(const struct host *h, const struct attempt *a, int *protocol, uint16_t *port)
{
	const struct setting *range = attempt_setting(a, OPT_PORTRANGE);
	bool narrow = range || h->sysctl_hidden[SYSCTL_PORT_LOW] || h->sysctl_hidden[SYSCTL_PORT_HIGH] ||
		      h->sysctl[SYSCTL_PORT_HIGH] - h->sysctl[SYSCTL_PORT_LOW] < NARROW_RANGE;
	if (a->kind == KIND_RAW || (a->port == 0 && (a->kind == KIND_PING || !narrow)))
		return false;
	*protocol = kind_port_protocol(a->kind);
	*port = a->port;
	return true;
}

// May all ports that the kernel chooses from be held? Not while there are fewer sockets than ports.
static bool may_be_full(const struct host *h, const struct attempt *a, int *protocol, uint16_t *port)
{
	struct pool pool = pool_of(h, 0, 0);
	unsigned most;
	*protocol = kind_port_protocol(a->kind);
	*port = 0;
	return a->port == 0 && a->kind != KIND_RAW && a->kind != KIND_PING &&
	       sockstat_most("", *protocol, &most) == 0 && most >= pool.size - pool.reserved;
}

// Of a port that the kernel chooses, what its holders have set counts for UDP alone: TCP and SCTP share none.
static bool shares_chosen_port(const struct attempt *a)
{
	return (a->kind == KIND_UDP || a->kind == KIND_UDPLITE) &&
	       (attempt_on(a, OPT_REUSEADDR) || attempt_on(a, OPT_REUSEPORT));
}

// Is each port that the kernel may choose held by somebody, at whichever address?
static bool is_full(const struct host *h, const struct attempt *a, const struct question *q)
{
	const struct setting *own = attempt_setting(a, OPT_PORTRANGE);
	struct pool pool = pool_of(h, own ? (uint16_t)own->value : 0, own ? (uint16_t)(own->value >> 16) : 0);
	unsigned inside = 0;
	for (size_t i = 0; i < q->nsocks; i++)
		inside += q->socks[i].port >= pool.low && q->socks[i].port <= pool.high;
	return inside > 0 && inside + pool.reserved + 1 >= pool.size; // of three ports TCP never tries the last
}

// What a remedy is likely to ask: who has the port in UDP, where a stream socket is bound to a multicast address, and
// who has all the others, where the kernel has few ports to choose from.
static void ask_further(const struct host *h, const struct attempt *a, struct question *q)
{
	struct attempt other = *a;
	int protocol;
	uint16_t port;
	if (addr_is_multicast(&a->addr) && a->kind != KIND_UDP)
		other.kind = KIND_UDP;
	else
		other.port = 0;
	if (!a->port || !evidence_port(h, &other, &protocol, &port))
		return;
	q->further = calloc(1, sizeof *q->further);
	if (q->further && socks_read(&h->kernel, protocol, port, q->further) < 0)
		q->further->socks_known = NO;
}

bool evidence_holders(struct inquiry *in, const struct attempt *a, bool owners)
{
	if (in->host->recorded)
		return false; // what could be asked was recorded
	struct question now = {.fib = in->question.fib, .in_main = in->question.in_main};
	int protocol;
	uint16_t port;
	bool asked = evidence_port(in->host, a, &protocol, &port) || may_be_full(in->host, a, &protocol, &port);
	if (asked && socks_read(&in->host->kernel, protocol, port, &now) < 0)
		now.socks_known = NO; // the walk says that nobody was asked
	question_keep_owners(&now, &in->question);
	ask_further(in->host, a, &now);
	bool shares = port || shares_chosen_port(a);
	// Whoever fills a range of ports need not be asked what is set.
	if (asked && owners && (shares || is_full(in->host, a, &now)))
		sock_owners_find(now.socks, now.nsocks, shares);
	for (size_t i = 0; i < now.nsocks; i++)
		now.socks[i].likely = sock_likely_link(in->host, &now.socks[i]);
	bool changed = !question_equal(&now, &in->question);
	question_free(&in->question);
	in->question = now;
	return changed;
}

// The address that bind looks up in the FIB, and the table. False: it looks nothing up.
static bool looked_up(struct walk *w, uint32_t *table, uint32_t *dst)
{
	const struct attempt a = attempt_as_read(&w->attempt);
	const struct walk_step *classify = walk_find(w, STEP_CLASSIFY);
	const struct input *in = classify ? step_input(classify, IN_TABLE) : NULL;
	if (!in || (a.family == AF_INET6 && !addr_is_mapped(&a.addr)))
		return false;
	*table = (uint32_t)in->number;
	*dst = addr_v4(&a.addr);
	return true;
}

void evidence_fib(struct observer *o, struct inquiry *in)
{
	const struct facts f = inquiry_facts(in);
	const struct attempt a = in->walk.attempt;
	struct fib_answer *fib = &in->question.fib, *in_main = &in->question.in_main;
	uint32_t table, dst;
	if (in->host->recorded)
		return;
	fib->present = in_main->present = false;
	if (!looked_up(&in->walk, &table, &dst) || observe_ask(o, table, dst, fib) < 0)
		return;
	if (table == RT_TABLE_LOCAL && in->host->trie == TRIE_SPLIT)
		observe_ask(o, RT_TABLE_MAIN, dst, in_main);
	if (!in->host->routes4_read || (in_main->present && !in_main->err && in_main->type == RTN_LOCAL))
		decide(&f, &a, &in->walk);
	walk_ask(&in->walk, fib->err, fib->type, fib->table, fib->len);
	walk_conclude(&in->walk);
}

void evidence_predict(struct observer *o, struct inquiry *in, const struct attempt *a)
{
	const struct facts f = inquiry_facts(in);
	decide(&f, a, &in->walk);
	evidence_fib(o, in);
}

// A child's bind is not: its sets are its own.
static bool is_witnessed(const struct evidence_how *how)
{
	return how->witness && how->unprivileged <= UNPRIVILEGED_ON;
}

// What the prediction rests on besides the host.
static int look(struct inquiry *in, const struct attempt *a, const struct evidence_how *how, char *err, size_t errlen)
{
	struct caller now;
	int rc = caller_read(how->as, in->host, &now);
	if (rc < 0 && how->as)
		return fail(rc, err, errlen, "cannot read who process %d is: %s", (int)how->as, strerror(-rc));
	if (rc < 0)
		return fail(rc, err, errlen, "cannot read the credentials for this bind: %s", strerror(-rc));
	if (is_witnessed(how))
		now.ordinary_uid = 0; // it watches this thread, and another uid would be a child's
	if (how->as)                  // what a bind here has to do without
		now.differs &= how->predict ? 0 : BEYOND_US;
	in->caller = caller_lowered(&now, how->unprivileged);
	evidence_holders(in, a, true);
	return 0;
}

// Takes another look at the host. 0 or -errno, and in->host is as it was.
static int read_again(struct observer *o, struct inquiry *in)
{
	char err[256];
	if (observe_fd(o) < 0)
		return evidence_read(o, in->host->routes4_read, in, err, sizeof err);
	int rc = observe_again(o);
	in->host = observe_host(o);
	return rc;
}

// As the process that it is for, as far as that can be had. Without what this bind looks at it is none of its binds:
// then the prediction stands alone.
static int bind_as(struct inquiry *in, const struct attempt *a, pid_t as, struct trial *t, char *err, size_t errlen)
{
	unsigned missing;
	int rc = trial_run_as(a, as, t, &missing);
	if (rc < 0)
		return fail(rc, err, errlen, "the bind as process %d could not be tried: %s", (int)as, strerror(-rc));
	if (t->ncalls == 0) {
		in->caller.stand_in = PREDICTED_AS_IT;
		in->caller.differs = missing;
		return 0;
	}
	in->caller.differs |= missing;
	merge_bind(t, NULL, NULL, &in->walk);
	return 0;
}

static int bind_once(struct inquiry *in, const struct attempt *a, const struct evidence_how *how, char *err,
		     size_t errlen)
{
	struct trial t;
	struct seen seen = {0};
	if (how->as)
		return bind_as(in, a, how->as, &t, err, errlen);
	int rc = is_witnessed(how) ? witness_trial(how->witness, a, &in->caller, &t, &seen)
				   : trial_run(a, &in->caller, &t);
	if (rc < 0)
		return fail(rc, err, errlen, "could not try the bind: %s", strerror(-rc));
	merge_bind(&t, &seen, in->host, &in->walk);
	return 0;
}

// Not what the model says: a change of the host explains it as well as a fault of the model, or a hook.
static bool is_surprising(const struct walk *w)
{
	return w->agreement == DISAGREES || w->agreement == HOOK;
}

// A surprise counts when it is there again, on a host that was read anew and did not change from before that reading
// until after the bind. Sockets have no events, so it must last two such rounds: one that came and went is not there
// again. Where the host can't be read anew, nothing is said against the model.
static int check_again(struct observer *o, struct inquiry *in, const struct attempt *a, const struct evidence_how *how,
		       char *err, size_t errlen)
{
	enum { ROUNDS = 6, CALM = 2 };
	int rc = 0, calm = 0;
	for (int i = 0; i < ROUNDS && rc == 0 && is_surprising(&in->walk) && calm < CALM; i++) {
		if (observe_watch(o) < 0 || read_again(o, in) < 0 || look(in, a, how, err, errlen) < 0) {
			walk_unchecked(&in->walk);
			return 0;
		}
		evidence_predict(o, in, a);
		rc = bind_once(in, a, how, err, errlen);
		calm += !observe_watch_changed(o);
	}
	if (rc == 0 && calm < CALM && is_surprising(&in->walk))
		walk_changed(&in->walk);
	return rc;
}

// The call after a bind that succeeded, as far as it was asked for: made where nobody outside notices, and the kernel
// asked for the route.
static void ask_next(struct inquiry *in, const struct attempt *a, const struct evidence_how *how)
{
	bool connects = a->then.dest.addr.family != 0;
	in->question.route = (struct route_answer){0};
	if (how->predict || !walk_bound(&in->walk))
		return;
	if (connects)
		trial_route(a, &in->caller, &in->question.route);
	if (a->then.listen && (how->lab || next_is_harmless(a, CALL_LISTEN)))
		trial_next(a, CALL_LISTEN, &in->caller, NEXT_WAIT_MS, &in->walk.listened);
	if (connects && (how->lab || next_is_harmless(a, CALL_CONNECT)))
		trial_next(a, CALL_CONNECT, &in->caller, NEXT_WAIT_MS, &in->walk.connected);
}

int evidence_gather(struct observer *o, struct inquiry *in, const struct attempt *a, const struct evidence_how *how,
		    char *err, size_t errlen)
{
	int rc = look(in, a, how, err, errlen);
	if (rc < 0)
		return rc;
	evidence_predict(o, in, a);
	if (!how->predict)
		rc = bind_once(in, a, how, err, errlen);
	if (rc == 0 && is_surprising(&in->walk))
		rc = check_again(o, in, a, how, err, errlen);
	if (rc == 0)
		ask_next(in, a, how);
	if (rc == 0 && in->host->nroutes4 + in->host->nroutes6 + in->host->naddrs < EVIDENCE_ROUTES) {
		const struct facts f = inquiry_facts(in);
		decide_range(&f, &in->walk);
	}
	return rc;
}
