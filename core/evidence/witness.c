// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/evidence/witness.h"

#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "core/evidence/bind_points.h"
#include "core/evidence/bind_probe.h"
#include "core/evidence/perf_ring.h"
#include "core/evidence/record_take.h"
#include "core/evidence/tracing_refusal.h"
#include "core/model/fail.h"

// A bind gives three or four records of some 120 bytes. Room for 8 pages needs no privilege to lock memory.
enum { RING_PAGES = 8 };

struct witness {
	pid_t thread;
	struct bind_points points;
	int fds[BIND_POINTS]; // -1 for none; the first leads the group and has the ring
	struct perf_ring ring;
	struct bind_probe *probe; // NULL: return values are not seen
	struct function_sets sets;
	struct bind_counts counts;  // before the bind
	bool proved;                // it has seen a bind, so that none is none
	char no_probe[PROBE_ERROR]; // why
	// Of the trial that is running:
	const struct attempt *attempt;
	struct seen *seen;
	bool inside; // between the records of bind's entry and return
	int failed;
};

static void close_points(struct witness *w)
{
	perf_ring_unmap(&w->ring);
	for (int i = BIND_POINTS; i-- > 0;) {
		if (w->fds[i] >= 0)
			close(w->fds[i]);
		w->fds[i] = -1;
	}
}

// Opens one tracepoint's events into the leader's ring.
static int open_point(struct witness *w, enum bind_point p)
{
	int leader = w->fds[POINT_FIB4];
	struct perf_event_attr attr = {
		.type = PERF_TYPE_TRACEPOINT,
		.size = sizeof attr,
		.config = w->points.points[p].id,
		.sample_period = 1,
		.sample_type = PERF_SAMPLE_RAW,
		.disabled = leader < 0, // the others follow it
	};
	w->fds[p] = perf_open(&attr, 0, -1, leader);
	if (w->fds[p] < 0)
		return w->fds[p];
	return leader < 0 ? perf_ring_map(&w->ring, w->fds[p], RING_PAGES * (size_t)sysconf(_SC_PAGESIZE))
			  : perf_ring_share(leader, w->fds[p]);
}

// The stock tracepoints. What was opened before one failed is closed again.
static int open_points(struct witness *w, char *err, size_t errlen)
{
	int code = bind_points_read(&w->points, 1u << POINT_FIB4, err, errlen);
	for (int p = 0; p < BIND_POINTS && code == 0; p++) {
		if (!(w->points.have >> p & 1))
			continue;
		code = open_point(w, (enum bind_point)p);
		if (code < 0)
			perf_refusal(code, bind_point_name((enum bind_point)p), err, errlen);
	}
	if (code < 0)
		close_points(w);
	return code;
}

static void drop_calls(void *data, const struct bind_record *r, size_t len)
{
	(void)data;
	(void)r;
	(void)len;
}

// Binds no socket, to see it.
static bool prove_probe(struct bind_probe *p)
{
	bind_probe_on(p, true);
	(void)bind(-1, NULL, 0);
	bind_probe_on(p, false);
	return bind_probe_read(p, drop_calls, NULL) == 1;
}

static void open_probe(struct witness *w)
{
	const struct bind_probe_how how = {.own_thread = true};
	if (bind_probe_open(&how, &w->probe, w->no_probe, sizeof w->no_probe) < 0)
		return;
	w->sets = bind_probe_sets(w->probe);
	w->proved = prove_probe(w->probe);
}

static struct witness *witness_new(void)
{
	struct witness *w = calloc(1, sizeof *w);
	for (int i = 0; i < BIND_POINTS && w; i++)
		w->fds[i] = -1;
	if (w)
		w->thread = gettid();
	return w;
}

int witness_open(struct witness **out, char *err, size_t errlen)
{
	*out = NULL;
	struct witness *w = witness_new();
	if (!w)
		return fail(-ENOMEM, err, errlen, "no memory for the witness");
	char no_points[POINTS_ERROR];
	int code = open_points(w, no_points, sizeof no_points);
	open_probe(w);
	if (code < 0 && !w->probe) {
		fail(code, err, errlen, "%s; %s", w->no_probe, no_points);
		witness_close(w);
		return code;
	}
	*out = w;
	return 0;
}

void witness_close(struct witness *w)
{
	if (!w)
		return;
	bind_probe_close(w->probe);
	close_points(w);
	free(w);
}

const char *witness_without(const struct witness *w)
{
	return w->no_probe;
}

int witness_points(char *err, size_t errlen)
{
	struct witness *w = witness_new();
	int code = w ? open_points(w, err, errlen) : fail(-ENOMEM, err, errlen, "no memory for the witness");
	witness_close(w);
	return code;
}

static bool sees_binds(const struct witness *w)
{
	return w->fds[POINT_ENTER] >= 0 && w->fds[POINT_EXIT] >= 0;
}

static void take_lookup4(const struct witness *w, const struct bind_trace *t)
{
	struct seen *s = w->seen;
	bool v4 = w->attempt->addr.family == AF_INET || addr_is_mapped(&w->attempt->addr);
	if (!v4 || t->dst != addr_v4(&w->attempt->addr)) {
		s->others4++;
	} else if (s->lookups4++ < SEEN_LOOKUPS) {
		struct seen_lookup *l = &s->lookups[s->lookups4 - 1];
		*l = (struct seen_lookup){.table = t->table, .err = t->err, .dst = t->dst};
		memcpy(l->device, t->device, sizeof l->device);
	}
}

static void take_trace(struct witness *w, const struct bind_trace *t)
{
	// An interrupt that came upon this thread is not its bind's doing: neighbour discovery looks up routes as well.
	if (t->interrupted)
		return;
	if (t->point == POINT_ENTER) {
		w->inside = true;
	} else if (t->point == POINT_EXIT) {
		w->inside = false;
		w->seen->bind_known = true;
		w->seen->bind_ret = t->ret;
	} else if (t->point == POINT_FIB4 && w->inside) {
		take_lookup4(w, t);
	} else if (t->point == POINT_FIB6 && w->inside) {
		w->seen->lookups6++;
	}
}

static void take_record(struct witness *w, const struct perf_record *r)
{
	struct bind_trace t;
	size_t at = 0;
	uint32_t size;
	uint64_t lost[2]; // an id, how many
	if (r->type == PERF_RECORD_LOST && perf_record_take(r, &at, lost, sizeof lost))
		w->seen->lost += (unsigned)lost[1];
	if (r->type != PERF_RECORD_SAMPLE)
		return;
	if (perf_record_take(r, &at, &size, sizeof size) && size <= r->len - at &&
	    bind_points_take(&w->points, r->body + at, size, &t))
		take_trace(w, &t);
	else
		w->failed = -EBADMSG;
}

static void read_ring(struct witness *w)
{
	struct perf_record r;
	int more;
	if (!perf_ring_begin(&w->ring))
		w->seen->lost++;
	while ((more = perf_ring_next(&w->ring, &r)) > 0)
		take_record(w, &r);
	if (more < 0)
		w->failed = more;
	perf_ring_end(&w->ring);
}

// The tracepoints' part of around_bind().
static void around_points(struct witness *w, bool before)
{
	int done = ioctl(w->fds[POINT_FIB4], before ? PERF_EVENT_IOC_ENABLE : PERF_EVENT_IOC_DISABLE, 0);
	if (done < 0)
		w->failed = -errno;
	if (before)
		w->inside = !sees_binds(w);
	else
		read_ring(w);
}

static void take_calls(void *data, const struct bind_record *r, size_t len)
{
	struct witness *w = data;
	record_calls(r, len, &w->sets, &w->seen->inner);
}

// Why there is no record of the bind that was watched; `binds`: how many ran on this thread meanwhile.
static void miss_calls(const struct witness *w, uint64_t binds, struct witnessed *out)
{
	*out = (struct witnessed){.not_reached = binds == 0 && w->proved};
	snprintf(out->why_not, WITNESSED_WHY, "%s",
		 out->not_reached ? "bind() did not reach the kernel's code"
		 : binds == 0     ? "nothing was seen of bind()"
		 : binds == 1     ? "the record was lost"
				  : "other binds of this thread came in between");
}

// What is not in the record may have run.
static void distrust_calls(struct witnessed *out)
{
	*out = (struct witnessed){0};
	snprintf(out->why_not, WITNESSED_WHY, "another program of this host came in between");
}

static void around_probe(struct witness *w, bool before)
{
	if (before) {
		w->counts = bind_probe_counts(w->probe);
		bind_probe_on(w->probe, true);
		return;
	}
	bind_probe_on(w->probe, false);
	const struct bind_counts now = bind_probe_counts(w->probe);
	if (bind_probe_read(w->probe, take_calls, w) < 0)
		w->failed = -EBADMSG;
	uint64_t binds = now.seen - w->counts.seen + now.lost - w->counts.lost;
	if (binds != 1 || !w->seen->inner.present)
		miss_calls(w, binds, &w->seen->inner);
	else if (now.missed != w->counts.missed)
		distrust_calls(&w->seen->inner);
}

// The last bind is the one that counts, so each starts anew.
static void around_bind(bool before, void *data)
{
	struct witness *w = data;
	bool points = w->fds[POINT_FIB4] >= 0;
	if (before) {
		*w->seen = (struct seen){
			.binds = w->seen->binds + 1, .points = points, .lookups6_known = w->fds[POINT_FIB6] >= 0};
		snprintf(w->seen->inner.why_not, WITNESSED_WHY, "%s", w->no_probe);
	}
	if (points)
		around_points(w, before);
	if (w->probe)
		around_probe(w, before);
}

int witness_trial(struct witness *w, const struct attempt *a, const struct caller *c, struct trial *out,
		  struct seen *seen)
{
	*seen = (struct seen){0};
	if (gettid() != w->thread)
		return -ESRCH;
	w->attempt = a;
	w->seen = seen;
	w->failed = 0;
	int code = trial_run_around(a, c, out, around_bind, w);
	w->attempt = NULL;
	w->seen = NULL;
	if (code < 0)
		return code;
	if (seen->points && sees_binds(w) && !seen->bind_known && !seen->inner.not_reached)
		seen->lost += !seen->lost; // the silence of the other tracepoints means nothing then
	return w->failed;
}
