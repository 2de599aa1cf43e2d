// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/evidence/event_walk.h"

#include <errno.h>
#include <poll.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/evidence/event_next.h"
#include "core/evidence/evidence.h"
#include "core/model/event_unknown.h"
#include "core/model/fail.h"
#include "core/model/walk_conclude.h"
#include "core/model/walk_inner.h"
#include "core/model/walk_merge.h"
#include "core/model/walk_text.h"
#include "core/observe/caller_read.h"
#include "core/observe/clock.h"
#include "core/observe/credentials.h"
#include "core/observe/id_map.h"
#include "core/observe/netns.h"
#include "core/observe/netns_visit.h"
#include "core/observe/proc.h"
#include "core/observe/process.h"
#include "core/observe/thread.h"
#include "core/observe/wake.h"

struct event_walk {
	atomic_int holders; // who opened it, and the thread; the last one frees it
	int ready;          // eventfd
	bool done;
	bool ahead; // see event_walk_foresee()
	bool below; // in a user namespace of which the numbers outside are known
	// The thread's until it is done.
	struct bind_event event;
	struct inquiry in;
	struct event_verdict verdict;
	struct call_reason reason;
};

static void let_go(struct event_walk *w)
{
	if (atomic_fetch_sub(&w->holders, 1) > 1)
		return;
	inquiry_free(&w->in);
	close(w->ready);
	free(w);
}

// A filter that only lets a tracer see what happens refuses nothing. There are no others where it is the only one.
static void leave_out_filter(pid_t id, struct hooks *h)
{
	struct credentials *cred = malloc(sizeof *cred);
	bool known = cred && credentials_read(id, cred) == 0 && cred->filters;
	h->seccomp = !known ? UNKNOWN : cred->filters > 1 ? YES : NO;
	h->no_new_privs = false;
	free(cred);
}

// A thread has credentials of its own. Nothing is known of those of a process that is gone.
static void take_caller(const struct bind_event *e, const struct host *h, struct caller *out)
{
	pid_t id = e->thread ? e->thread : e->pid;
	if (id && process_is_from_before(id, e->when) && caller_read_seen(id, h, out) == 0) {
		out->pid = (uint32_t)e->pid; // its thread's name and number are not what people look for
		snprintf(out->comm, sizeof out->comm, "%s", e->program[0] ? e->program : out->comm);
		if (e->filtered)
			leave_out_filter(id, &out->hooks);
		if (e->lowered) // its file does have the capability
			out->lack_bind_service = out->lack_raw = LACK_PLAIN;
		return;
	}
	*out = (struct caller){.uid = e->uid_known ? e->uid : 0,
			       .net_bind_service = UNKNOWN,
			       .net_raw = UNKNOWN,
			       .net_admin = UNKNOWN,
			       .ping_group = UNKNOWN,
			       .hooks = {.seccomp = UNKNOWN, .cgroup_bind = -1}};
}

static void show_outside(const struct id_map *m, struct question *q)
{
	for (size_t i = 0; i < q->nsocks; i++) {
		struct sock *s = &q->socks[i];
		s->uid = s->uid_unmapped ? s->uid : id_map_outside(m, s->uid);
		s->pid_uid = id_map_outside(m, s->pid_uid);
	}
}

// Users have the numbers that they have where Bindwalk runs, as in the event, and as for root.
static void show_uids_outside(const struct bind_event *e, struct inquiry *in)
{
	struct id_map m;
	if (e->uid_known)
		in->caller.uid = e->uid;
	if (id_map_read("uid_map", &m) < 0)
		return;
	show_outside(&m, &in->question);
	if (in->question.further)
		show_outside(&m, in->question.further);
}

static bool is_own(const struct bind_event *e, const struct attempt *a, const struct sock *s)
{
	if (e->inode && a->kind != KIND_MPTCP) // whose TCP socket has another one
		return s->inode == (uint32_t)e->inode;
	return s->pid == (uint32_t)e->pid && s->port == a->port && addr_equal(&s->addr, &a->addr);
}

// A bind that succeeded is not in its own way now.
static void leave_out_own(const struct bind_event *e, struct question *q)
{
	const struct attempt a = attempt_as_read(&e->attempt);
	size_t kept = 0;
	for (size_t i = 0; i < q->nsocks; i++)
		if (!is_own(e, &a, &q->socks[i]))
			q->socks[kept++] = q->socks[i];
	q->nsocks = kept;
}

// A raw socket's peer may have no port, and then the socket does not tell that it has one.
static bool is_connected_raw(const struct bind_event *e)
{
	return e->source == SOURCE_PTRACE && e->call == CALL_BIND && e->attempt.kind == KIND_RAW && e->inode &&
	       proc_raw_connected("", (uint32_t)e->inode) == YES;
}

// What the socket has tells IPV6_V6ONLY only where it is set; where sockets begin with it, that it is not counts.
static struct attempt complete(const struct bind_event *e, const struct host *h)
{
	struct attempt a = e->attempt;
	const struct setting off = {.option = OPT_V6ONLY};
	bool told = e->call != CALL_SOCKET && a.family == AF_INET6 && a.kind != KIND_RAW && a.kind != KIND_PING &&
		    a.kind != KIND_MPTCP;
	if (told && h->sysctl[SYSCTL_BINDV6ONLY] & 1 && !attempt_setting(&a, OPT_V6ONLY))
		attempt_set(&a, &off);
	if (is_connected_raw(e))
		a.binds = BINDS_OTHER;
	return a;
}

// Of the options that a socket has, those that its process may not set any more.
static void leave_out_privileged(struct attempt *a)
{
	unsigned kept = 0;
	for (unsigned i = 0; i < a->nsettings; i++)
		if (i + 1 == a->nsettings || option_info(a->settings[i].option)->cap != CAP_RAW_OR_ADMIN)
			a->settings[kept++] = a->settings[i];
	a->nsettings = kept;
}

// The socket was there, with its options: whoever made it was allowed to, even if this process no longer is.
static void predict(struct observer *o, const struct bind_event *e, struct inquiry *in)
{
	struct attempt a = complete(e, in->host);
	evidence_predict(o, in, &a);
	if (in->walk.predicted.call == CALL_BIND || e->call == CALL_SOCKET)
		return;
	if (e->call == CALL_SETSOCKOPT)
		leave_out_privileged(&a);
	else
		in->caller.net_raw = in->caller.net_admin = in->caller.ping_group = YES;
	evidence_predict(o, in, &a);
}

static bool hook_was_seen(const struct walk *w)
{
	enum inner_hook hook = walk_inner_hook(w, NULL);
	return hook != INNER_HOOK_UNSEEN && hook != INNER_HOOK_NONE;
}

// Of the calls before bind those that it needs had been made; the one that was refused is the last.
static void take_calls(const struct bind_event *e, const struct walk *w, struct bind_seen *seen)
{
	for (unsigned i = 0; i < w->nsteps && seen->ncalls <= ATTEMPT_SETTINGS; i++)
		if (w->steps[i].step == STEP_SOCKET || (w->steps[i].step == STEP_SETSOCKOPT && e->call != CALL_SOCKET))
			seen->ncalls++;
	if (seen->ncalls && (e->call == CALL_SOCKET || e->call == CALL_SETSOCKOPT))
		seen->calls[seen->ncalls - 1] = (struct call_seen){.ret = -1, .err = e->err};
}

static void merge(const struct bind_event *e, struct walk *w)
{
	struct bind_seen seen = {.observed = {.present = true, .call = e->call, .err = e->err}, .inner = &e->inner};
	if (e->local_known && !e->err) {
		seen.observed.local = e->local;
		seen.observed.port = e->local_port;
		seen.observed.scope = e->local_scope;
	}
	take_calls(e, w, &seen);
	walk_merge(w, &seen);
}

static void merge_afterwards(const struct bind_event *e, struct walk *w)
{
	merge(e, w);
	if (!hook_was_seen(w))
		walk_changed_since(w);
}

// These have none of the steps of bind.
static bool has_reason(const struct bind_event *e)
{
	return e->call == CALL_LISTEN || e->call == CALL_CONNECT;
}

static int walk(struct event_walk *w, struct observer *o, char *err, size_t errlen)
{
	const struct bind_event *e = &w->event;
	int rc = evidence_read(o, false, &w->in, err, errlen);
	if (rc < 0)
		return rc;
	take_caller(e, w->in.host, &w->in.caller);
	if (has_reason(e)) {
		event_next(e, &w->in, o, &w->reason);
		return 0;
	}
	evidence_holders(&w->in, &e->attempt, true);
	if (w->below)
		show_uids_outside(e, &w->in);
	if (!w->ahead && !e->err)
		leave_out_own(e, &w->in.question);
	predict(o, e, &w->in);
	if (!w->ahead)
		merge_afterwards(e, &w->in.walk);
	return 0;
}

static void conclude(const struct bind_event *e, struct inquiry *in, struct event_verdict *v)
{
	if (e->call != CALL_BIND)
		walk_unaim(&in->walk);
	const struct facts f = inquiry_facts(in);
	*v = (struct event_verdict){.present = true,
				    .code = in->walk.code,
				    .class = walk_class(&in->walk),
				    .agreement = in->walk.agreement};
	walk_sentence(&f, &in->walk, v->sentence, sizeof v->sentence);
}

// In the bind's namespace.
static void look(void *data)
{
	struct event_walk *w = data;
	struct observer *o = NULL;
	char *why = w->verdict.why_not;
	const size_t size = sizeof w->verdict.why_not;
	int rc = observe_open(&o, why, size);
	if (rc == 0)
		rc = walk(w, o, why, size);
	observe_close(o);
	if (rc == 0 && !has_reason(&w->event))
		conclude(&w->event, &w->in, &w->verdict);
}

// A descriptor of the bind's namespace, or -errno with a sentence.
static int find_namespace(const struct bind_event *e, char *err, size_t errlen)
{
	if (!e->netns)
		return fail(-ENOENT, err, errlen, "its network namespace is not known");
	int fd = netns_find(e->netns, e->pid);
	return fd < 0 ? fail(fd, err, errlen, "its network namespace is gone") : fd;
}

static bool is_here(const struct bind_event *e)
{
	struct stat own;
	return e->netns && stat("/proc/thread-self/ns/net", &own) == 0 && own.st_ino == e->netns;
}

// In the bind's namespace, which this thread moves into, or if only its user namespace gives the right, a child.
static void look_there(struct event_walk *w)
{
	char *why = w->verdict.why_not;
	const size_t size = sizeof w->verdict.why_not;
	int fd = find_namespace(&w->event, why, size);
	if (fd < 0)
		return;
	int rc = netns_join(fd);
	if (rc == 0) {
		look(w);
	} else if (rc == -EPERM) {
		w->below = netns_owner_is_next(fd);
		rc = netns_visit(fd, look, w);
	}
	close(fd);
	if (rc == -EPERM)
		fail(rc, why, size, "entering its network namespace needs CAP_SYS_ADMIN");
	else if (rc < 0)
		fail(rc, why, size, "cannot enter its network namespace: %s", strerror(-rc));
}

static void *work(void *data)
{
	struct event_walk *w = data;
	if (is_here(&w->event))
		look(w);
	else
		look_there(w);
	wake(w->ready);
	let_go(w);
	return NULL;
}

static int begin(const struct bind_event *e, bool ahead, struct event_walk **out)
{
	pthread_t thread;
	struct event_walk *w = *out = calloc(1, sizeof *w);
	if (!w)
		return -ENOMEM;
	w->event = *e;
	w->ahead = ahead;
	atomic_init(&w->holders, 1);
	bool known = e->socket_known && (e->addr_known || e->call != CALL_BIND);
	w->ready = eventfd(!known, EFD_CLOEXEC | EFD_NONBLOCK);
	int rc = w->ready < 0 ? -errno : 0;
	if (rc == 0 && !known) {
		event_unknown_say(e, w->verdict.why_not, sizeof w->verdict.why_not);
		w->done = true;
		return 0;
	}
	atomic_fetch_add(&w->holders, 1);
	if (rc == 0 && (rc = thread_start(&thread, "bindwalk-walk", work, w)) == 0) {
		pthread_detach(thread);
		return 0;
	}
	atomic_fetch_sub(&w->holders, 1);
	if (w->ready < 0)
		free(w);
	else
		let_go(w);
	*out = NULL;
	return rc;
}

int event_walk_begin(const struct bind_event *e, struct event_walk **out)
{
	return begin(e, false, out);
}

int event_walk_foresee(const struct bind_event *e, struct event_walk **out)
{
	return begin(e, true, out);
}

bool event_walk_seen(struct event_walk *w, const struct bind_event *e)
{
	w->event = *e;
	if (!w->verdict.present)
		return true;
	merge(e, &w->in.walk);
	bool fits = w->in.walk.agreement != DISAGREES;
	if (!fits)
		walk_changed_since(&w->in.walk);
	conclude(e, &w->in, &w->verdict);
	return fits;
}

const struct call_reason *event_walk_reason(const struct event_walk *w)
{
	return &w->reason;
}

int event_walk_fd(const struct event_walk *w)
{
	return w->ready;
}

bool event_walk_wait(struct event_walk *w, int ms)
{
	struct pollfd ready = {.fd = w->ready, .events = POLLIN};
	int64_t end = now_ms() + ms;
	while (!w->done) {
		int n = poll(&ready, 1, ms);
		w->done = n > 0;
		if (n >= 0 || errno != EINTR) // a tracer has many signals
			break;
		int64_t left = end - now_ms();
		ms = ms < 0 ? ms : left > 0 ? (int)left : 0;
	}
	return w->done;
}

const struct event_verdict *event_walk_verdict(const struct event_walk *w)
{
	return &w->verdict;
}

const struct inquiry *event_walk_inquiry(const struct event_walk *w)
{
	return w->verdict.present ? &w->in : NULL;
}

struct event_walk *event_walk_share(struct event_walk *w)
{
	atomic_fetch_add(&w->holders, 1);
	return w;
}

void event_walk_close(struct event_walk *w)
{
	if (w)
		let_go(w);
}
