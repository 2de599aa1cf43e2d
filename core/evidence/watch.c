// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/evidence/watch.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "core/evidence/record_take.h"
#include "core/evidence/watch_trace.h"
#include "core/evidence/witness.h" // WITNESS_ERROR
#include "core/model/fail.h"
#include "core/observe/clock.h"

// Some 10,000 binds between two looks.
enum { WATCH_ROOM = 1 << 23 };

struct watch {
	enum bind_source source;
	struct bind_probe *probe; // NULL: tracepoints without BPF
	struct watch_trace *trace;
	struct function_sets sets;
	char without[PROBE_ERROR];
	int64_t clock;
	void (*take)(void *data, const struct bind_event *e);
	void *data;
};

// What the wall clock has more than the one that records carry.
static int64_t clock_difference(void)
{
	int64_t monotonic = clock_ns(CLOCK_MONOTONIC);
	return clock_ns(CLOCK_REALTIME) - monotonic;
}

static int open_probe(struct watch *w, const struct watch_how *how)
{
	struct bind_probe_how probe = {.quiet = true, .tree = how->tree, .refused_only = !how->all, .room = WATCH_ROOM};
	char why[PROBE_ERROR]; // the same, in most cases, as before
	if (how->no_bpf)
		return fail(-ENOSYS, w->without, sizeof w->without, "BPF was not wanted");
	int rc = how->no_functions
			 ? fail(-ENOSYS, w->without, sizeof w->without, "BPF programs on functions were not wanted")
			 : bind_probe_open(&probe, &w->probe, w->without, sizeof w->without);
	w->source = SOURCE_BPF;
	if (rc < 0) {
		probe.tracepoints = true;
		rc = bind_probe_open(&probe, &w->probe, why, sizeof why);
		w->source = SOURCE_BPF_TRACEPOINTS;
		if (rc == -EMFILE || rc == -ENFILE || rc == -ENOMEM)
			memcpy(w->without, why, sizeof why); // of these two it is this one that can be helped
	}
	if (rc < 0)
		return rc;
	w->sets = bind_probe_sets(w->probe);
	bind_probe_on(w->probe, true);
	return 0;
}

// What comes after BPF; the reason is of both.
static int open_trace(struct watch *w, const struct watch_how *how, char *err, size_t errlen)
{
	const struct watch_trace_how trace = {.tree = how->tree, .refused_only = !how->all, .room = WATCH_ROOM};
	char why[WITNESS_ERROR];
	int rc = watch_trace_open(&trace, &w->trace, why, sizeof why);
	w->source = SOURCE_TRACEPOINTS;
	if (rc < 0 && how->no_bpf)
		return fail(rc, err, errlen, "%s", why);
	return rc < 0 ? fail(rc, err, errlen, "no BPF: %.300s; and no tracepoints: %.300s", w->without, why) : 0;
}

int watch_open(const struct watch_how *how, struct watch **out, char *err, size_t errlen)
{
	*out = NULL;
	struct watch *w = calloc(1, sizeof *w);
	if (!w)
		return fail(-ENOMEM, err, errlen, "no memory to watch binds");
	int rc = open_probe(w, how);
	if (rc < 0 && how->no_tracepoints)
		fail(rc, err, errlen, "%s", w->without);
	else if (rc < 0)
		rc = open_trace(w, how, err, errlen);
	if (rc < 0)
		watch_close(w);
	else
		*out = w;
	return rc;
}

void watch_close(struct watch *w)
{
	if (!w)
		return;
	bind_probe_close(w->probe);
	watch_trace_close(w->trace);
	free(w);
}

enum bind_source watch_source(const struct watch *w)
{
	return w->source;
}

const char *watch_without(const struct watch *w)
{
	return w->without;
}

void watch_want_all(struct watch *w, bool all)
{
	if (w->probe)
		bind_probe_refused_only(w->probe, !all);
	else
		watch_trace_refused_only(w->trace, !all);
}

int watch_add(struct watch *w, pid_t process)
{
	return w->probe ? bind_probe_add(w->probe, process) : watch_trace_add(w->trace, process);
}

int watch_fd(const struct watch *w)
{
	return w->probe ? bind_probe_fd(w->probe) : watch_trace_fd(w->trace);
}

static void take_record(void *data, const struct bind_record *r, size_t len)
{
	struct watch *w = data;
	struct bind_event e;
	record_event(r, len, &w->sets, w->clock, &e);
	if (w->source == SOURCE_BPF_TRACEPOINTS) {
		e.source = w->source;
		e.inner = (struct witnessed){0};
		memcpy(e.inner.why_not, w->without, sizeof e.inner.why_not);
	}
	w->take(w->data, &e);
}

static void take_event(void *data, const struct bind_event *e)
{
	struct watch *w = data;
	struct bind_event dated = *e;
	dated.when += w->clock;
	w->take(w->data, &dated);
}

int watch_read(struct watch *w, void (*take)(void *data, const struct bind_event *e), void *data)
{
	w->take = take;
	w->data = data;
	w->clock = clock_difference(); // the wall clock may have been set
	return w->probe ? bind_probe_read(w->probe, take_record, w) : watch_trace_read(w->trace, take_event, w);
}

struct bind_counts watch_counts(const struct watch *w)
{
	return w->probe ? bind_probe_counts(w->probe) : watch_trace_counts(w->trace);
}
