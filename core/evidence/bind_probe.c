// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/evidence/bind_probe.h"

#include <errno.h>

#include "core/model/fail.h"
#include "config.h"

#ifdef HAVE_BPF

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <linux/types.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/stat.h>
#include <sys/timerfd.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "core/evidence/bind_record.h"
#include "core/evidence/probe_load.h"

_Static_assert(RECORD_FUNCTIONS == (int)KERNEL_FUNCTIONS && RECORD_CALLS == (int)KERNEL_CALLS &&
		       RECORD_CALLS_EACH == (int)KERNEL_CALLS_EACH,
	       "the record and the model say the same");

struct bind_probe {
	struct probe_loaded loaded;
	struct ring_buffer *ring;
	int readable, later; // an epoll of the ring and of a timer; that timer
	int tree;
	void (*take)(void *data, const struct bind_record *r, size_t len);
	void *data;
};

static void close_fd(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

static bool add_readable(const struct bind_probe *p, int fd)
{
	struct epoll_event event = {.events = EPOLLIN};
	return fd >= 0 && epoll_ctl(p->readable, EPOLL_CTL_ADD, fd, &event) == 0;
}

// Of many records at once only the first one wakes the reader (see bind.bpf.c), who looks again a little later.
static int open_readable(struct bind_probe *p)
{
	p->readable = epoll_create1(EPOLL_CLOEXEC);
	p->later = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
	return p->readable >= 0 && add_readable(p, ring_buffer__epoll_fd(p->ring)) && add_readable(p, p->later)
		       ? 0
		       : -errno;
}

static int hand_over(void *data, void *record, size_t len)
{
	struct bind_probe *p = data;
	if (len >= offsetof(struct bind_record, calls) && p->take)
		p->take(p->data, record, len);
	return 0;
}

static bool must_use_kprobes(ino_t pidns)
{
	struct utsname u;
	struct kernel k;
	return probe_may_hang(uname(&u) == 0 && kernel_parse(u.release, &k) == 0 ? &k : NULL, pidns);
}

static int open_ring(struct bind_probe *p, char *err, size_t errlen)
{
	p->ring = ring_buffer__new(probe_map(&p->loaded, "ring"), hand_over, p, NULL);
	int rc = p->ring ? open_readable(p) : -errno;
	return rc < 0 ? fail(rc, err, errlen, "the records of binds can't be read: %s", strerror(-rc)) : 0;
}

int bind_probe_open(const struct bind_probe_how *how, struct bind_probe **out, char *err, size_t errlen)
{
	struct bind_probe_how safe = *how;
	struct stat ns;
	*out = NULL;
	if (stat("/proc/self/ns/pid", &ns) < 0)
		return fail(-errno, err, errlen, "/proc/self/ns/pid cannot be read (%s): mount /proc", strerror(errno));
	struct bind_probe *p = calloc(1, sizeof *p);
	if (!p)
		return fail(-ENOMEM, err, errlen, "no memory for the BPF programs");
	p->readable = p->later = -1;
	safe.kprobes |= must_use_kprobes(ns.st_ino);
	int rc = probe_load(&safe, &p->loaded, err, errlen);
	if (rc == 0)
		rc = open_ring(p, err, errlen);
	if (rc < 0) {
		bind_probe_close(p);
		return rc;
	}
	struct bind_control *control = p->loaded.control;
	p->tree = probe_map(&p->loaded, "tree");
	control->pidns = (uint32_t)ns.st_ino;
	control->thread = how->own_thread ? (uint32_t)gettid() : 0;
	control->tree = how->tree;
	control->refused_only = how->refused_only;
	*out = p;
	return 0;
}

void bind_probe_close(struct bind_probe *p)
{
	if (!p)
		return;
	probe_unload(&p->loaded);
	ring_buffer__free(p->ring);
	close_fd(&p->readable);
	close_fd(&p->later);
	free(p);
}

void bind_probe_on(struct bind_probe *p, bool on)
{
	__atomic_store_n(&p->loaded.control->on, on, __ATOMIC_SEQ_CST);
}

void bind_probe_refused_only(struct bind_probe *p, bool on)
{
	__atomic_store_n(&p->loaded.control->refused_only, on, __ATOMIC_SEQ_CST);
}

int bind_probe_add(struct bind_probe *p, pid_t process)
{
	uint32_t key = (uint32_t)process;
	uint8_t yes = 1;
	return bpf_map_update_elem(p->tree, &key, &yes, BPF_ANY) < 0 ? -errno : 0;
}

struct function_sets bind_probe_sets(const struct bind_probe *p)
{
	return p->loaded.programs.sets;
}

int bind_probe_fd(const struct bind_probe *p)
{
	return p->readable;
}

int bind_probe_read(struct bind_probe *p, void (*take)(void *data, const struct bind_record *r, size_t len), void *data)
{
	p->take = take;
	p->data = data;
	int n = ring_buffer__consume(p->ring);
	const struct itimerspec soon = {.it_value.tv_nsec = 2 * RECORD_CALM_NS};
	uint64_t times;
	// Where there was nothing, one that still runs must go on: the next record may wake nobody.
	if (n > 0)
		timerfd_settime(p->later, 0, &soon, NULL);
	else if (read(p->later, &times, sizeof times) < 0 && errno != EAGAIN)
		return -errno;
	return n;
}

struct bind_counts bind_probe_counts(const struct bind_probe *p)
{
	const struct probe_missed missed = probe_missed(&p->loaded.programs);
	return (struct bind_counts){
		.missed = missed.all,
		.seen = __atomic_load_n(&p->loaded.control->seen, __ATOMIC_SEQ_CST),
		.lost = missed.vital + __atomic_load_n(&p->loaded.control->lost, __ATOMIC_SEQ_CST),
	};
}

#else

// Built without: there is none, and whoever asks is told.
int bind_probe_open(const struct bind_probe_how *how, struct bind_probe **out, char *err, size_t errlen)
{
	(void)how;
	*out = NULL;
	return fail(-ENOSYS, err, errlen,
		    "this Bindwalk was built without BPF (it needs libbpf and clang when it is built)");
}

void bind_probe_close(struct bind_probe *p)
{
	(void)p;
}

void bind_probe_on(struct bind_probe *p, bool on)
{
	(void)p;
	(void)on;
}

void bind_probe_refused_only(struct bind_probe *p, bool on)
{
	(void)p;
	(void)on;
}

int bind_probe_add(struct bind_probe *p, pid_t process)
{
	(void)p;
	(void)process;
	return -ENOSYS;
}

struct function_sets bind_probe_sets(const struct bind_probe *p)
{
	(void)p;
	return (struct function_sets){0};
}

int bind_probe_fd(const struct bind_probe *p)
{
	(void)p;
	return -1;
}

int bind_probe_read(struct bind_probe *p, void (*take)(void *data, const struct bind_record *r, size_t len), void *data)
{
	(void)p;
	(void)take;
	(void)data;
	return 0;
}

struct bind_counts bind_probe_counts(const struct bind_probe *p)
{
	(void)p;
	return (struct bind_counts){0};
}

#endif
