// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/evidence/watch.h"

#include <errno.h>
#include <stdlib.h>
#include <time.h>

#include "core/evidence/record_take.h"
#include "core/model/fail.h"

// Some 10,000 binds between two looks.
enum { WATCH_ROOM = 1 << 23 };

struct watch {
	struct bind_probe *probe; // NULL: tracepoints
	struct function_sets sets;
	char without[PROBE_ERROR];
	int64_t clock;
	void (*take)(void *data, const struct bind_event *e);
	void *data;
};

// What the wall clock has more than the one that records carry.
static int64_t clock_difference(void)
{
	struct timespec wall, monotonic;
	clock_gettime(CLOCK_MONOTONIC, &monotonic);
	clock_gettime(CLOCK_REALTIME, &wall);
	return (wall.tv_sec - monotonic.tv_sec) * 1000000000LL + (wall.tv_nsec - monotonic.tv_nsec);
}

int watch_open(const struct watch_how *how, struct watch **out, char *err, size_t errlen)
{
	const struct bind_probe_how probe = {
		.quiet = true, .tree = how->tree, .refused_only = !how->all, .room = WATCH_ROOM};
	*out = NULL;
	struct watch *w = calloc(1, sizeof *w);
	if (!w)
		return fail(-ENOMEM, err, errlen, "no memory to watch binds");
	w->clock = clock_difference();
	int rc = how->no_bpf ? fail(-ENOSYS, w->without, sizeof w->without, "BPF was not wanted")
			     : bind_probe_open(&probe, &w->probe, w->without, sizeof w->without);
	if (rc < 0) {
		watch_close(w);
		return fail(rc, err, errlen, "%s", w->without);
	}
	w->sets = bind_probe_sets(w->probe);
	bind_probe_on(w->probe, true);
	*out = w;
	return 0;
}

void watch_close(struct watch *w)
{
	if (!w)
		return;
	bind_probe_close(w->probe);
	free(w);
}

enum bind_source watch_source(const struct watch *w)
{
	return w->probe ? SOURCE_BPF : SOURCE_TRACEPOINTS;
}

const char *watch_without(const struct watch *w)
{
	return w->without;
}

void watch_want_all(struct watch *w, bool all)
{
	bind_probe_refused_only(w->probe, !all);
}

int watch_add(struct watch *w, pid_t process)
{
	return bind_probe_add(w->probe, process);
}

int watch_fd(const struct watch *w)
{
	return bind_probe_fd(w->probe);
}

static void take_record(void *data, const struct bind_record *r, size_t len)
{
	struct watch *w = data;
	struct bind_event e;
	record_event(r, len, &w->sets, w->clock, &e);
	w->take(w->data, &e);
}

int watch_read(struct watch *w, void (*take)(void *data, const struct bind_event *e), void *data)
{
	w->take = take;
	w->data = data;
	return bind_probe_read(w->probe, take_record, w);
}

struct bind_counts watch_counts(const struct watch *w)
{
	return bind_probe_counts(w->probe);
}
