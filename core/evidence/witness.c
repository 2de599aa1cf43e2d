// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/evidence/witness.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/perf_event.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "core/evidence/bind_probe.h"
#include "core/evidence/record_take.h"
#include "core/evidence/tracefs.h"
#include "core/evidence/tracing_refusal.h"
#include "core/model/fail.h"

// A bind gives three or four records of some 120 bytes. Room for 8 pages needs no privilege to lock memory.
enum { RING_PAGES = 8, RECORD_MAX = 512 };

// As trace-cmd and perf know them: what the record's common_flags say of where the kernel was.
enum { FLAG_HARDIRQ = 0x08, FLAG_SOFTIRQ = 0x10 };

enum { FIB4, FIB6, ENTER, EXIT, TRACEPOINTS };

static const struct {
	const char *name;
	bool needed; // the others may be missing from a kernel's configuration
} wanted[TRACEPOINTS] = {
	[FIB4] = {"fib/fib_table_lookup", true},
	[FIB6] = {"fib6/fib6_table_lookup", false},
	[ENTER] = {"syscalls/sys_enter_bind", false},
	[EXIT] = {"syscalls/sys_exit_bind", false},
};

struct witness {
	pid_t thread;
	struct tracepoint points[TRACEPOINTS];
	int fds[TRACEPOINTS]; // -1 for none; the first leads the group and has the ring
	struct perf_event_mmap_page *ring;
	size_t page;
	const struct trace_field *type, *flags, *table, *err, *dst, *name, *ret;
	struct bind_probe *probe; // NULL: return values are not seen
	struct function_sets sets;
	char no_probe[PROBE_ERROR]; // why
	// Of the trial that is running:
	const struct attempt *attempt;
	struct seen *seen;
	bool inside; // between the records of bind's entry and return
	int failed;
};

static void close_points(struct witness *w)
{
	if (w->ring)
		munmap(w->ring, (1 + RING_PAGES) * w->page);
	w->ring = NULL;
	for (int i = TRACEPOINTS; i-- > 0;) {
		if (w->fds[i] >= 0)
			close(w->fds[i]);
		w->fds[i] = -1;
	}
}

static int open_event(const struct tracepoint *t, int leader)
{
	struct perf_event_attr attr = {
		.type = PERF_TYPE_TRACEPOINT,
		.size = sizeof attr,
		.config = t->id,
		.sample_period = 1,
		.sample_type = PERF_SAMPLE_RAW,
		.disabled = leader < 0, // the others follow it
	};
	int fd = (int)syscall(SYS_perf_event_open, &attr, 0, -1, leader, PERF_FLAG_FD_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

static int refuse_event(int code, const char *name, char *err, size_t errlen)
{
	switch (code) {
	case -EPERM:
	case -EACCES:
		if (lockdown_is_confidential())
			return fail(code, err, errlen,
				    "the kernel is locked down (confidentiality) and refuses perf events to everyone");
		return fail(code, err, errlen,
			    "the witness needs CAP_PERFMON or root, outside of any user namespace and not filtered by "
			    "seccomp: perf_event_open(%s): %s",
			    name, strerror(-code));
	case -ENOSYS:
		return fail(code, err, errlen, "this kernel has no perf events (CONFIG_PERF_EVENTS)");
	default:
		return fail(code, err, errlen, "perf_event_open(%s): %s", name, strerror(-code));
	}
}

// Opens one tracepoint's events into the leader's ring.
static int open_point(struct witness *w, int tracefs, int point, char *err, size_t errlen)
{
	const char *name = wanted[point].name;
	int code = tracefs_read(tracefs, name, &w->points[point]);
	if (code == -ENOENT && !wanted[point].needed)
		return 0;
	if (code == -ENOENT)
		return fail(code, err, errlen, "this kernel has no tracepoint %s (CONFIG_FTRACE)", name);
	if (code == -EINVAL)
		return fail(code, err, errlen, "Bindwalk does not understand the format of tracepoint %s", name);
	if (code < 0)
		return tracefs_refusal(code, err, errlen);
	int fd = open_event(&w->points[point], w->fds[FIB4]);
	if (fd < 0)
		return refuse_event(fd, name, err, errlen);
	w->fds[point] = fd;
	if (point != FIB4 && ioctl(fd, PERF_EVENT_IOC_SET_OUTPUT, w->fds[FIB4]) < 0)
		return fail(-errno, err, errlen, "perf events of %s: %s", name, strerror(errno));
	return 0;
}

static int open_ring(struct witness *w, char *err, size_t errlen)
{
	w->page = (size_t)sysconf(_SC_PAGESIZE);
	void *ring = mmap(NULL, (1 + RING_PAGES) * w->page, PROT_READ | PROT_WRITE, MAP_SHARED, w->fds[FIB4], 0);
	if (ring == MAP_FAILED)
		return fail(-errno, err, errlen, "no memory for perf events: %s%s", strerror(errno),
			    errno == EPERM ? "; raise kernel.perf_event_mlock_kb" : "");
	w->ring = ring;
	return 0;
}

static int find_fields(struct witness *w, char *err, size_t errlen)
{
	const struct {
		const struct trace_field **to;
		int point;
		const char *name;
	} fields[] = {
		{&w->type, FIB4, "common_type"}, {&w->flags, FIB4, "common_flags"},
		{&w->table, FIB4, "tb_id"},      {&w->err, FIB4, "err"},
		{&w->dst, FIB4, "dst"},          {&w->name, FIB4, "name"},
		{&w->ret, EXIT, "ret"},
	};
	for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
		*fields[i].to = tracepoint_field(&w->points[fields[i].point], fields[i].name);
		if (!*fields[i].to && w->fds[fields[i].point] >= 0)
			return fail(-EINVAL, err, errlen, "tracepoint %s has no field '%s' in this kernel",
				    wanted[fields[i].point].name, fields[i].name);
	}
	return 0;
}

// The stock tracepoints. What was opened before one failed is closed again.
static int open_points(struct witness *w, char *err, size_t errlen)
{
	int tracefs = tracefs_open(), code = tracefs < 0 ? tracefs_refusal(tracefs, err, errlen) : 0;
	for (int i = 0; i < TRACEPOINTS && code == 0; i++) {
		code = open_point(w, tracefs, i, err, errlen);
		if (code == 0 && i == FIB4)
			code = open_ring(w, err, errlen);
	}
	if (code == 0)
		code = find_fields(w, err, errlen);
	if (tracefs >= 0)
		close(tracefs);
	if (code < 0)
		close_points(w);
	return code;
}

static void open_probe(struct witness *w)
{
	const struct bind_probe_how how = {.own_thread = true};
	if (bind_probe_open(&how, &w->probe, w->no_probe, sizeof w->no_probe) == 0)
		w->sets = bind_probe_sets(w->probe);
}

static struct witness *witness_new(void)
{
	struct witness *w = calloc(1, sizeof *w);
	for (int i = 0; i < TRACEPOINTS && w; i++)
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
	int code = open_points(w, err, errlen);
	open_probe(w);
	if (code < 0 && !w->probe) {
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
	return w->fds[ENTER] >= 0 && w->fds[EXIT] >= 0;
}

static void take_lookup4(struct witness *w, const uint8_t *record, size_t len)
{
	struct seen *s = w->seen;
	struct seen_lookup l = {0};
	int64_t table, err;
	uint32_t dst;
	if (!trace_number(w->table, record, len, &table) || !trace_number(w->err, record, len, &err) ||
	    !trace_bytes(w->dst, record, len, &dst, sizeof dst) ||
	    !trace_text(w->name, record, len, l.device, sizeof l.device)) {
		w->failed = -EBADMSG;
		return;
	}
	l.table = (uint32_t)table;
	l.err = (int)err;
	l.dst = ntohl(dst);
	if (strcmp(l.device, "-") == 0)
		l.device[0] = '\0';
	bool v4 = w->attempt->addr.family == AF_INET || addr_is_mapped(&w->attempt->addr);
	if (!v4 || l.dst != addr_v4(&w->attempt->addr))
		s->others4++;
	else if (s->lookups4++ < SEEN_LOOKUPS)
		s->lookups[s->lookups4 - 1] = l;
}

static void take_record(struct witness *w, const uint8_t *record, size_t len)
{
	int64_t type, flags, ret = 0;
	if (!trace_number(w->type, record, len, &type) || !trace_number(w->flags, record, len, &flags)) {
		w->failed = -EBADMSG;
		return;
	}
	// An interrupt that came upon this thread is not its bind's doing: neighbour discovery looks up routes as well.
	if (flags & (FLAG_HARDIRQ | FLAG_SOFTIRQ))
		return;
	if (type == w->points[ENTER].id) {
		w->inside = true;
	} else if (type == w->points[EXIT].id && w->ret && trace_number(w->ret, record, len, &ret)) {
		w->inside = false;
		w->seen->bind_known = true;
		w->seen->bind_ret = (long)ret;
	} else if (type == w->points[FIB4].id && w->inside) {
		take_lookup4(w, record, len);
	} else if (type == w->points[FIB6].id && w->inside) {
		w->seen->lookups6++;
	}
}

static void copy_out(const struct witness *w, uint64_t at, void *to, size_t len)
{
	const uint8_t *data = (const uint8_t *)w->ring + w->page;
	size_t size = RING_PAGES * w->page, start = (size_t)(at % size),
	       first = size - start < len ? size - start : len;
	memcpy(to, data + start, first);
	memcpy((uint8_t *)to + first, data, len - first);
}

static void take_event(struct witness *w, uint64_t at, const struct perf_event_header *head)
{
	union {
		struct {
			uint32_t size;
			uint8_t record[RECORD_MAX];
		} sample;
		struct {
			uint64_t id, count;
		} lost;
	} body;
	size_t len = head->size - sizeof *head;
	if (len > sizeof body)
		len = sizeof body;
	copy_out(w, at + sizeof *head, &body, len);
	if (head->type == PERF_RECORD_LOST && len >= sizeof body.lost)
		w->seen->lost += (unsigned)body.lost.count;
	else if (head->type == PERF_RECORD_SAMPLE && len > sizeof body.sample.size &&
		 body.sample.size <= len - sizeof body.sample.size)
		take_record(w, body.sample.record, body.sample.size);
}

static void read_ring(struct witness *w)
{
	uint64_t head = __atomic_load_n(&w->ring->data_head, __ATOMIC_ACQUIRE), at = w->ring->data_tail;
	// The kernel reports a loss only before the next record that fits, which may be another bind's.
	if (head - at > RING_PAGES * w->page - RECORD_MAX)
		w->seen->lost++;
	while (at < head) {
		struct perf_event_header event;
		copy_out(w, at, &event, sizeof event);
		if (event.size < sizeof event) {
			w->failed = -EBADMSG;
			break;
		}
		take_event(w, at, &event);
		at += event.size;
	}
	__atomic_store_n(&w->ring->data_tail, head, __ATOMIC_RELEASE);
}

// The tracepoints' part of around_bind().
static void around_points(struct witness *w, bool before)
{
	int done = ioctl(w->fds[FIB4], before ? PERF_EVENT_IOC_ENABLE : PERF_EVENT_IOC_DISABLE, 0);
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

// The last bind is the one that counts, so each starts anew.
static void around_bind(bool before, void *data)
{
	struct witness *w = data;
	bool points = w->fds[FIB4] >= 0;
	if (before) {
		*w->seen = (struct seen){
			.binds = w->seen->binds + 1, .points = points, .lookups6_known = w->fds[FIB6] >= 0};
		snprintf(w->seen->inner.why_not, WITNESSED_WHY, "%s", w->probe ? "the record was lost" : w->no_probe);
	}
	if (points)
		around_points(w, before);
	if (w->probe)
		bind_probe_on(w->probe, before);
	if (w->probe && !before && bind_probe_read(w->probe, take_calls, w) < 0)
		w->failed = -EBADMSG;
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
	if (seen->points && sees_binds(w) && !seen->bind_known)
		seen->lost += !seen->lost; // the silence of the other tracepoints means nothing then
	return w->failed;
}
