// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/evidence/watch_trace.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#include "core/evidence/bind_points.h"
#include "core/evidence/perf_ring.h"
#include "core/evidence/process_tree.h"
#include "core/evidence/running_binds.h"
#include "core/evidence/thread_facts.h"
#include "core/evidence/tracing_refusal.h"
#include "core/model/fail.h"
#include "core/observe/clock.h"

// A bind's records take some 300 bytes.
enum { ROOM = 1 << 23, MOST_ROOM = 1 << 21, ADDED = 64 };
enum { REST = 20000000 }; // nanoseconds between two looks while there is something to see

// bind's own lookup has nothing but a destination, those for packets have more.
static const char of_bind[] = "oif==0 && iif==0 && proto==0 && tos==0 && sport==0 && dport==0";

struct processor {
	int fds[BIND_POINTS]; // -1 for none; that of POINT_EXIT has the ring
	int waker;            // writes an empty record into it, wakes us, and goes to sleep itself
	bool awake;
	struct perf_ring ring;
	bool holds; // the next record
	uint64_t time;
	struct perf_record next;
	bool was_full;
	uint64_t ended, received; // binds, as the kernel counts them and as their records came
};

struct watch_trace {
	struct bind_points points;
	struct processor *processors;
	size_t nprocessors, room; // bytes of each one's ring
	int epoll, timer;
	bool refused_only, cgroups;
	struct process_tree *tree; // NULL: all
	struct {
		uint64_t time;
		uint32_t process;
	} added[ADDED]; // to the tree, but not before what happened earlier is taken
	unsigned nadded;
	struct running_binds *running;
	struct thread_facts *facts;
	struct function_sets sets;
	bool lossy;      // of what is read now some may be missing
	uint64_t untold; // looks at which children of the tree may have been missed
	struct bind_counts counts;
	// While it is read:
	void (*take)(void *data, const struct bind_event *e);
	void *data;
	int taken;
};

static uint64_t now(void)
{
	return (uint64_t)clock_ns(CLOCK_MONOTONIC);
}

// Does the kernel's id of a sample's cgroup belong to the default hierarchy, as all ids of cgroups here?
static bool counts_default_cgroups(void)
{
	char line[256];
	int hierarchy = -1;
	FILE *f = fopen("/proc/cgroups", "re");
	while (f && fgets(line, sizeof line, f))
		sscanf(line, "perf_event %d", &hierarchy);
	if (f)
		fclose(f);
	return hierarchy == 0;
}

static struct perf_event_attr event_of(const struct watch_trace *w, enum bind_point p)
{
	bool end = p == POINT_EXIT;
	return (struct perf_event_attr){
		.type = PERF_TYPE_TRACEPOINT,
		.size = sizeof(struct perf_event_attr),
		.config = w->points.points[p].id,
		.sample_period = 1,
		.sample_type = PERF_SAMPLE_TID | PERF_SAMPLE_TIME | PERF_SAMPLE_READ | PERF_SAMPLE_RAW |
			       (w->cgroups ? PERF_SAMPLE_CGROUP : 0u),
		.disabled = 1,
		.use_clockid = 1,
		.clockid = CLOCK_MONOTONIC,
		.sample_id_all = 1,
		// One of each processor tells of threads, too.
		.comm = end,
		.task = end,
		.namespaces = end,
	};
}

// To wake somebody costs a bind more than all else here, so it is for the first one only: what follows is looked at
// when some time has passed, or a ring is half full.
static int open_waker(const struct watch_trace *w, struct processor *c, int cpu)
{
	struct perf_event_attr attr = {.type = PERF_TYPE_TRACEPOINT,
				       .size = sizeof attr,
				       .config = w->points.points[POINT_EXIT].id,
				       .sample_period = 1,
				       .wakeup_events = 1,
				       .use_clockid = 1,
				       .clockid = CLOCK_MONOTONIC,
				       .disabled = 1};
	c->waker = perf_open(&attr, -1, cpu, -1);
	if (c->waker < 0)
		return c->waker;
	return perf_ring_share(c->fds[POINT_EXIT], c->waker);
}

// Wakes us once.
static int arm(struct processor *c)
{
	c->awake = ioctl(c->waker, PERF_EVENT_IOC_REFRESH, 1) == 0;
	return c->awake ? 0 : -errno;
}

// A part of the room, and less where not so much memory may be locked.
static int map_ring(struct watch_trace *w, struct processor *c)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	int code;
	while ((code = perf_ring_map(&c->ring, c->fds[POINT_EXIT], w->room)) == -ENOBUFS && w->room > page)
		w->room /= 2;
	return code;
}

static size_t share(size_t room, size_t processors)
{
	size_t part = MOST_ROOM, least = (size_t)sysconf(_SC_PAGESIZE);
	while (part > least && part > room / processors)
		part /= 2;
	return part;
}

static int open_event(struct watch_trace *w, struct processor *c, int cpu, enum bind_point p)
{
	struct perf_event_attr attr = event_of(w, p);
	int fd = perf_open(&attr, -1, cpu, -1);
	if (fd == -EINVAL && w->cgroups) { // CONFIG_CGROUP_PERF
		w->cgroups = false;
		attr = event_of(w, p);
		fd = perf_open(&attr, -1, cpu, -1);
	}
	if (fd < 0)
		return fd;
	c->fds[p] = fd;
	if (p == POINT_FIB4) // where it is not understood there are more records, and no other ones
		(void)ioctl(fd, PERF_EVENT_IOC_SET_FILTER, of_bind);
	return p == POINT_EXIT ? map_ring(w, c) : perf_ring_share(c->fds[POINT_EXIT], fd);
}

static void close_processor(struct processor *c)
{
	perf_ring_unmap(&c->ring);
	if (c->waker >= 0)
		close(c->waker);
	for (int p = 0; p < BIND_POINTS; p++)
		if (c->fds[p] >= 0)
			close(c->fds[p]);
}

static const enum bind_point watched[] = {POINT_EXIT, POINT_ENTER, POINT_FIB4};
enum { WATCHED = sizeof watched / sizeof *watched };

static int open_processor(struct watch_trace *w, int cpu, char *err, size_t errlen)
{
	struct processor *c = &w->processors[w->nprocessors];
	struct epoll_event wake = {.events = EPOLLIN};
	int code = 0;
	*c = (struct processor){.fds = {-1, -1, -1, -1}, .waker = -1};
	for (int i = 0; i < WATCHED && code == 0; i++)
		if (w->points.have >> watched[i] & 1) {
			code = open_event(w, c, cpu, watched[i]);
			if (code < 0 && code != -ENODEV)
				perf_refusal(code, bind_point_name(watched[i]), err, errlen);
		}
	if (code == 0 && (code = open_waker(w, c, cpu)) < 0)
		perf_refusal(code, bind_point_name(POINT_EXIT), err, errlen);
	if (code == 0 && epoll_ctl(w->epoll, EPOLL_CTL_ADD, c->fds[POINT_EXIT], &wake) < 0)
		code = fail(-errno, err, errlen, "perf events: %s", strerror(errno));
	if (code == 0)
		w->nprocessors++;
	else
		close_processor(c);
	return code;
}

// Ends last, so that no bind ends of which the beginning was not seen.
static int enable(const struct watch_trace *w, char *err, size_t errlen)
{
	for (int i = WATCHED; i-- > 0;)
		for (size_t c = 0; c < w->nprocessors; c++) {
			int fd = w->processors[c].fds[watched[i]];
			if (fd >= 0 && ioctl(fd, PERF_EVENT_IOC_ENABLE, 0) < 0)
				return perf_refusal(-errno, bind_point_name(watched[i]), err, errlen);
			int code = watched[i] == POINT_EXIT ? arm(&w->processors[c]) : 0;
			if (code < 0)
				return perf_refusal(code, bind_point_name(watched[i]), err, errlen);
		}
	return 0;
}

// Their numbers may have gaps.
static int open_processors(struct watch_trace *w, size_t room, char *err, size_t errlen)
{
	enum { MOST = 8192 };
	long online = sysconf(_SC_NPROCESSORS_ONLN);
	w->processors = calloc(online > 0 ? (size_t)online : 1, sizeof *w->processors);
	if (!w->processors || online <= 0)
		return fail(-ENOMEM, err, errlen, "no memory to watch binds");
	w->room = share(room, (size_t)online);
	for (int cpu = 0; cpu < MOST && w->nprocessors < (size_t)online; cpu++) {
		int code = open_processor(w, cpu, err, errlen);
		if (code < 0 && code != -ENODEV)
			return code;
	}
	if (w->nprocessors < (size_t)online)
		return fail(-ENODEV, err, errlen, "only %zu of %ld processors can be watched", w->nprocessors, online);
	return enable(w, err, errlen);
}

static int open_all(struct watch_trace *w, const struct watch_trace_how *how, char *err, size_t errlen)
{
	w->running = running_binds_new();
	w->facts = thread_facts_new();
	w->tree = how->tree ? process_tree_new() : NULL;
	if (!w->running || !w->facts || (how->tree && !w->tree))
		return fail(-ENOMEM, err, errlen, "no memory to watch binds");
	w->epoll = epoll_create1(EPOLL_CLOEXEC);
	w->timer = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
	struct epoll_event wake = {.events = EPOLLIN};
	if (w->epoll < 0 || w->timer < 0 || epoll_ctl(w->epoll, EPOLL_CTL_ADD, w->timer, &wake) < 0)
		return fail(-errno, err, errlen, "no file to wait for binds: %s", strerror(errno));
	int code = bind_points_read(&w->points, 1u << POINT_ENTER | 1u << POINT_EXIT, err, errlen);
	if (code < 0)
		return code;
	w->refused_only = how->refused_only;
	w->cgroups = counts_default_cgroups();
	w->sets.watched = w->points.have >> POINT_FIB4 & 1 ? 1ull << KF_fib_table_lookup : 0;
	return open_processors(w, how->room ? how->room : ROOM, err, errlen);
}

int watch_trace_open(const struct watch_trace_how *how, struct watch_trace **out, char *err, size_t errlen)
{
	*out = NULL;
	struct watch_trace *w = calloc(1, sizeof *w);
	if (!w)
		return fail(-ENOMEM, err, errlen, "no memory to watch binds");
	w->epoll = w->timer = -1;
	int code = open_all(w, how, err, errlen);
	if (code < 0)
		watch_trace_close(w);
	else
		*out = w;
	return code;
}

void watch_trace_close(struct watch_trace *w)
{
	if (!w)
		return;
	for (size_t c = 0; c < w->nprocessors; c++)
		close_processor(&w->processors[c]);
	free(w->processors);
	if (w->timer >= 0)
		close(w->timer);
	if (w->epoll >= 0)
		close(w->epoll);
	process_tree_free(w->tree);
	running_binds_free(w->running);
	thread_facts_free(w->facts);
	free(w);
}

void watch_trace_refused_only(struct watch_trace *w, bool refused_only)
{
	w->refused_only = refused_only;
}

int watch_trace_add(struct watch_trace *w, pid_t process)
{
	if (process <= 0 || !w->tree)
		return -EINVAL;
	if (w->nadded == ADDED)
		return -ENOSPC;
	w->added[w->nadded].time = now();
	w->added[w->nadded++].process = (uint32_t)process;
	return 0;
}

int watch_trace_fd(const struct watch_trace *w)
{
	return w->epoll;
}

// Those that were added up to then.
static void grow_tree(struct watch_trace *w, uint64_t time)
{
	unsigned n = 0;
	for (; n < w->nadded && w->added[n].time <= time; n++)
		process_tree_add(w->tree, w->added[n].process);
	w->nadded -= n;
	memmove(w->added, w->added + n, w->nadded * sizeof *w->added);
}

// A sample's time is in front, that of other records at the end.
static bool take_time(struct processor *c)
{
	struct {
		uint32_t pid, thread;
		uint64_t time;
	} id;
	size_t at = 0;
	if (c->next.type != PERF_RECORD_SAMPLE)
		at = c->next.len < sizeof id ? 0 : c->next.len - sizeof id;
	if (!perf_record_take(&c->next, &at, &id, sizeof id))
		return false;
	c->time = id.time;
	return true;
}

static int hold_next(struct processor *c)
{
	int code;
	while ((code = perf_ring_next(&c->ring, &c->next)) > 0 && c->next.type == PERF_RECORD_SAMPLE && !c->next.len)
		c->awake = false; // the waker's
	c->holds = code > 0;
	return code > 0 && !take_time(c) ? -EBADMSG : code;
}

static void hand_over(struct watch_trace *w, struct bind_event *e)
{
	struct thread_id who = {(uint32_t)e->pid, (uint32_t)e->thread};
	if (w->tree && !process_tree_has(w->tree, who.process))
		return;
	w->counts.seen++;
	if (w->refused_only && !e->err)
		return;
	thread_facts_get(w->facts, who, e->program, &e->netns);
	e->inner.sets = w->sets;
	if (w->lossy || !w->sets.watched)
		e->inner.present = false;
	if (w->lossy)
		snprintf(e->inner.why_not, sizeof e->inner.why_not, "records were lost");
	w->taken++;
	w->take(w->data, e);
}

// Each sample has the number of its tracepoint's hits on that processor: what is missing from the row was lost.
static void count_end(struct processor *c, uint64_t number)
{
	c->received++;
	if (number > c->ended)
		c->ended = number;
}

// As long as something happens there is a next look; after the last one those who are to wake us are, and one more
// look sees what happened before they were.
static void rest(struct watch_trace *w, bool busy)
{
	const struct itimerspec soon = {.it_value.tv_nsec = REST};
	uint64_t times;
	bool again = busy;
	for (size_t i = 0; i < w->nprocessors && !busy; i++)
		if (!w->processors[i].awake) {
			again = true;
			arm(&w->processors[i]);
		}
	(void)!read(w->timer, &times, sizeof times);
	if (again)
		timerfd_settime(w->timer, 0, &soon, NULL);
}

static bool take_sample(struct watch_trace *w, struct processor *c)
{
	struct trace_moment m = {0};
	struct bind_event e;
	uint64_t number;
	uint32_t size;
	size_t at = 0;
	const struct perf_record *r = &c->next;
	if (!perf_record_take(r, &at, &m.pid, sizeof m.pid) || !perf_record_take(r, &at, &m.thread, sizeof m.thread) ||
	    !perf_record_take(r, &at, &m.time, sizeof m.time) || !perf_record_take(r, &at, &number, sizeof number) ||
	    !perf_record_take(r, &at, &size, sizeof size) || size > r->len - at ||
	    !bind_points_take(&w->points, r->body + at, size, &m.said))
		return false;
	at += size;
	m.pid = m.pid == UINT32_MAX ? 0 : m.pid;
	m.thread = m.thread == UINT32_MAX ? 0 : m.thread;
	if (w->cgroups && !perf_record_take(r, &at, &m.cgroup, sizeof m.cgroup))
		return false;
	if (m.said.point == POINT_EXIT)
		count_end(c, number);
	if (running_binds_take(w->running, &m, &e))
		hand_over(w, &e);
	return true;
}

static bool take_fork(struct watch_trace *w, const struct perf_record *r)
{
	struct {
		uint32_t process, parent, thread, parent_thread;
	} f;
	size_t at = 0;
	if (!perf_record_take(r, &at, &f, sizeof f))
		return false;
	thread_facts_fork(w->facts, (struct thread_id){f.parent, f.parent_thread},
			  (struct thread_id){f.process, f.thread});
	if (w->tree && f.process == f.thread)
		process_tree_fork(w->tree, f.parent, f.process);
	return true;
}

static bool take_name(struct watch_trace *w, const struct perf_record *r)
{
	struct thread_id who;
	char name[PROGRAM_TEXT];
	size_t at = 0;
	if (!perf_record_take(r, &at, &who, sizeof who) || at >= r->len)
		return false;
	snprintf(name, sizeof name, "%.*s", (int)(r->len - at), (const char *)r->body + at);
	thread_facts_name(w->facts, who, name);
	return true;
}

static bool take_namespaces(struct watch_trace *w, const struct perf_record *r)
{
	struct thread_id who;
	uint64_t count;
	struct {
		uint64_t dev, inode;
	} net;
	size_t at = 0;
	if (!perf_record_take(r, &at, &who, sizeof who) || !perf_record_take(r, &at, &count, sizeof count))
		return false;
	at += NET_NS_INDEX * sizeof net;
	if (count > NET_NS_INDEX && perf_record_take(r, &at, &net, sizeof net))
		thread_facts_netns(w->facts, who, net.inode);
	return true;
}

static bool take_record(struct watch_trace *w, struct processor *c)
{
	switch (c->next.type) {
	case PERF_RECORD_SAMPLE:
		return take_sample(w, c);
	case PERF_RECORD_FORK:
		return take_fork(w, &c->next);
	case PERF_RECORD_COMM:
		return take_name(w, &c->next);
	case PERF_RECORD_NAMESPACES:
		return take_namespaces(w, &c->next);
	default:
		return true;
	}
}

// The processor with the earliest record of a time; NULL for none.
static struct processor *earliest(const struct watch_trace *w, uint64_t time)
{
	struct processor *first = NULL;
	for (size_t i = 0; i < w->nprocessors; i++) {
		struct processor *c = &w->processors[i];
		if (c->holds && c->time <= time && (!first || c->time < first->time))
			first = c;
	}
	return first;
}

// Looks at the rings as they are now.
static int begin(struct watch_trace *w)
{
	int code = 0;
	w->lossy = false;
	for (size_t i = 0; i < w->nprocessors; i++) {
		struct processor *c = &w->processors[i];
		c->was_full = !perf_ring_begin(&c->ring);
		c->awake &= !c->was_full; // its record may be lost
		w->lossy |= c->was_full || perf_ring_has(&c->ring, PERF_RECORD_LOST);
		if (!c->holds && hold_next(c) < 0)
			code = -EBADMSG;
	}
	return code;
}

// Who forked, and what ran in the binds that are running, may be among it.
static void doubt(struct watch_trace *w)
{
	thread_facts_forget(w->facts);
	running_binds_doubt(w->running);
	w->untold += w->tree != NULL;
}

// What was lost at the end of a ring is in no record yet.
static void count_lost(struct watch_trace *w)
{
	uint64_t ended, lost = w->untold;
	for (size_t i = 0; i < w->nprocessors; i++) {
		struct processor *c = &w->processors[i];
		perf_ring_end(&c->ring);
		if (c->was_full && read(c->fds[POINT_EXIT], &ended, sizeof ended) == sizeof ended && ended > c->ended)
			c->ended = ended;
		lost += c->ended - c->received;
	}
	w->counts.lost = lost;
}

// A record of one processor may come into its ring while another's is looked at. All that happened up to a moment
// before any was looked at is in its place, as far as it is of one thread: that goes to another processor only when its
// record is written. What is later waits.
int watch_trace_read(struct watch_trace *w, void (*take)(void *data, const struct bind_event *e), void *data)
{
	struct processor *c;
	uint64_t time = now();
	w->take = take;
	w->data = data;
	w->taken = 0;
	bool busy = false;
	int code = begin(w);
	while ((c = earliest(w, time))) {
		grow_tree(w, c->time);
		busy |= c->next.type == PERF_RECORD_SAMPLE;
		if (!take_record(w, c) || hold_next(c) < 0)
			code = -EBADMSG;
	}
	grow_tree(w, time);
	if (w->lossy)
		doubt(w);
	count_lost(w);
	rest(w, busy);
	return code < 0 ? code : w->taken;
}

struct bind_counts watch_trace_counts(const struct watch_trace *w)
{
	return w->counts;
}
