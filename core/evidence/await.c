// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/evidence/await.h"

#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "core/model/change_text.h"
#include "core/model/fail.h"
#include "core/model/holder.h"
#include "core/model/holder_text.h"
#include "core/observe/clock.h"
#include "core/observe/sock_gone.h"

enum { LOOK_MS = 1000, ENDING_MS = 10 }; // ENDING_MS: a timer of the kernel's that is over may still be a little late

struct awaiting {
	struct observer *observer;
	struct inquiry *in;
	const struct attempt *attempt;
	const struct evidence_how *how;
	const struct await_out *out;
	int64_t began;
	int gone; // -1: the kernel tells nothing of such sockets
};

static int64_t since(const struct awaiting *w)
{
	return now_ms() - w->began;
}

static bool same_verdict(const struct walk *a, const struct walk *b)
{
	return a->code == b->code && walk_errno(a) == walk_errno(b);
}

// Binds for real, or predicts where that is all that is wanted.
static int try_it(struct awaiting *w, char *err, size_t errlen)
{
	return evidence_gather(w->observer, w->in, w->attempt, w->how, err, errlen);
}

static bool succeeds(const struct walk *w)
{
	return walk_bound(w) && (w->observed.present || w->predicted.certain);
}

// A real bind is only worth while where the model does not know that it fails.
static int look_again(struct awaiting *w, char *err, size_t errlen)
{
	const struct walk before = w->in->walk;
	const struct facts f = inquiry_facts(w->in);
	const struct sock *holder = walk_holder(&f, &before);
	const struct sock held = holder ? *holder : (struct sock){0};
	char what[CHANGE_TEXT] = "";
	if (holder)
		sock_gone_print(&f, holder, what, sizeof what);
	evidence_holders(w->in, w->attempt, false);
	evidence_predict(w->observer, w->in, w->attempt);
	int rc = 0;
	bool open = w->in->walk.predicted.err == 0 || !w->in->walk.predicted.certain;
	if (open || !same_verdict(&before, &w->in->walk))
		rc = try_it(w, err, errlen);
	else
		w->in->walk = before; // with what its bind showed
	if (rc == 0 && holder && !question_has(&w->in->question, &held))
		w->out->happened(w->out->data, since(w), what);
	if (rc == 0 && !same_verdict(&before, &w->in->walk))
		w->out->turned(w->out->data, since(w), w->in);
	return rc;
}

// True when anything changed.
static bool take_host(struct awaiting *w)
{
	int bits = observe_on_readable(w->observer);
	const struct host_changes *c = observe_changes(w->observer);
	char text[CHANGE_TEXT];
	w->in->host = observe_host(w->observer);
	for (size_t i = 0; c && i < c->n; i++)
		if (change_concerns(w->in->host, &w->in->walk, &c->item[i]))
			w->out->happened(w->out->data, since(w), change_print(w->in->host, &c->item[i], text));
	return bits & OBSERVE_HOST;
}

// How long nothing can happen unannounced.
static int64_t patience(const struct awaiting *w)
{
	const struct question *q = &w->in->question;
	int64_t wait = LOOK_MS;
	for (size_t i = 0; i < q->nsocks; i++)
		if (sock_is_timewait(&q->socks[i])) {
			int64_t left = q->socks[i].expires > ENDING_MS ? q->socks[i].expires : ENDING_MS;
			wait = left < wait ? left : wait;
		}
	return wait;
}

static int wait_once(struct awaiting *w, int64_t limit, char *err, size_t errlen)
{
	struct pollfd fds[] = {{.fd = observe_fd(w->observer), .events = POLLIN}, {.fd = w->gone, .events = POLLIN}};
	int64_t wait = patience(w), left = limit < 0 ? wait : limit - since(w);
	if (left < wait)
		wait = left > 0 ? left : 0;
	int n = poll(fds, 2, (int)wait);
	bool changed = n == 0 && observe_refresh(w->observer);
	if (fds[0].revents)
		changed |= take_host(w);
	if (fds[1].revents)
		changed |= sock_gone_drain(w->gone);
	return changed || n == 0 ? look_again(w, err, errlen) : 0;
}

// Follows, and waits until the host is known.
static int begin(struct awaiting *w, char *err, size_t errlen)
{
	int protocol, rc = observe_follow(w->observer, err, errlen);
	uint16_t port;
	struct pollfd fd = {.events = POLLIN};
	while (rc == 0 && (observe_status(w->observer)[0] || !w->in->host)) {
		fd.fd = observe_fd(w->observer);
		poll(&fd, 1, LOOK_MS);
		int bits = observe_on_readable(w->observer);
		if (bits < 0)
			return fail(bits, err, errlen, "cannot follow this host: %s", strerror(-bits));
		w->in->host = observe_host(w->observer);
	}
	if (rc == 0 && evidence_port(w->in->host, w->attempt, &protocol, &port))
		w->gone = sock_gone_open(protocol, port);
	return rc;
}

int await_bind(struct observer *o, struct inquiry *in, const struct attempt *a, const struct evidence_how *how,
	       int64_t limit, const struct await_out *out, int64_t *waited, char *err, size_t errlen)
{
	struct awaiting w = {
		.observer = o, .in = in, .attempt = a, .how = how, .out = out, .began = now_ms(), .gone = -1};
	host_free(in->own);
	in->host = in->own = NULL;
	int rc = begin(&w, err, errlen);
	if (rc == 0 && (rc = try_it(&w, err, errlen)) == 0 && !succeeds(&in->walk))
		out->turned(out->data, since(&w), in);
	while (rc == 0 && !succeeds(&in->walk) && (limit < 0 || since(&w) < limit))
		rc = wait_once(&w, limit, err, errlen);
	if (w.gone >= 0)
		close(w.gone);
	*waited = since(&w);
	return rc < 0 ? rc : succeeds(&in->walk);
}
