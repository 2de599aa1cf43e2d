// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/observe/follow.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "core/model/host_equal.h"
#include "core/observe/clock.h"
#include "core/observe/dump.h"
#include "core/observe/observe.h"
#include "core/observe/subscribe.h"

// Milliseconds. Changes come in groups: a short silence ends one, and an endless one is cut.
enum {
	QUIET = 3,
	QUIET_MAX = 100,
	QUIET_AFTER_LOSS = 50,
	QUIET_AFTER_LOSS_MAX = 500,
	PAUSE_AFTER_ERROR = 1000,
	STATUS_EVERY = 100
};

enum { STATUS_TEXT = 96 };

static const char reading[] = "reading"; // the status until all was read once

struct follow {
	pthread_t thread;
	int ready; // eventfd: the worker has something for the front end
	int wake;  // eventfd: the worker is to end
	atomic_bool stop;

	pthread_mutex_t lock; // over these four
	struct host *present; // the front end's, who alone replaces it
	struct host *next;    // complete, and not yet taken over
	char status[STATUS_TEXT];
	bool status_fresh;

	char shown[STATUS_TEXT]; // the front end's copy of status

	// From here on the worker's own.
	struct nl *route, *fib;
	int events, sysctls;
	struct event_scope scope;
	unsigned stale;      // enum dump_kind: to be read again
	bool lost;           // announcements were lost since the last reading
	int64_t first, last; // when the oldest and the newest of the present group of changes came
	int64_t not_before;  // no reading earlier than this
	int64_t status_at;
};

static void ring(int fd)
{
	uint64_t one = 1;
	while (write(fd, &one, sizeof one) < 0 && errno == EINTR)
		continue;
}

static void hush(int fd)
{
	uint64_t count;
	while (read(fd, &count, sizeof count) < 0 && errno == EINTR)
		continue;
}

// ---------------------------------------------------------------------------------------------- worker's side

// Hands over a host (or NULL for none), which is given away, and a status.
static void publish(struct follow *f, struct host *h, const char *status)
{
	struct host *untaken = NULL;
	pthread_mutex_lock(&f->lock);
	bool fresh = strcmp(f->status, status) != 0;
	if (fresh) {
		snprintf(f->status, sizeof f->status, "%s", status);
		f->status_fresh = true;
	}
	if (h) {
		untaken = f->next;
		f->next = h;
	}
	pthread_mutex_unlock(&f->lock);
	host_free(untaken);
	if (h || fresh)
		ring(f->ready);
}

static void set_status(struct follow *f, const char *status)
{
	publish(f, NULL, status);
}

static struct host *copy_newest(struct follow *f)
{
	pthread_mutex_lock(&f->lock);
	struct host *h = host_copy(f->next ? f->next : f->present);
	pthread_mutex_unlock(&f->lock);
	return h;
}

static int on_tick(struct dump *d, void *data)
{
	struct follow *f = data;
	if (atomic_load_explicit(&f->stop, memory_order_relaxed))
		return -ECANCELED;
	int64_t now = now_ms();
	if (now - f->status_at >= STATUS_EVERY) {
		char text[STATUS_TEXT];
		f->status_at = now;
		snprintf(text, sizeof text, "reading: %zu routes", d->routes);
		set_status(f, text);
	}
	return 0;
}

static int read_into(struct follow *f, struct host *h, unsigned kinds, const char **what)
{
	struct dump d = {.route = f->route, .fib = f->fib, .host = h, .tick = on_tick, .data = f};
	int err = dump_read(&d, kinds);
	free(d.edges);
	*what = d.what;
	return err;
}

// Reads what is stale into a copy of the newest host and hands that over.
static int read_stale(struct follow *f)
{
	struct host *h = copy_newest(f);
	if (!h)
		return -ENOMEM;
	const char *what = "";
	unsigned kinds = f->stale | DUMP_PROC; // cheap, and not announced
	f->stale = 0;
	f->status_at = now_ms();
	int err = read_into(f, h, kinds, &what);
	if (err) {
		host_free(h);
		f->stale |= kinds;
		if (err != -ECANCELED && nl_reopen(f->route) == 0) {
			char text[STATUS_TEXT];
			snprintf(text, sizeof text, "reading %s failed: %s; trying again", what, strerror(-err));
			set_status(f, err == -EAGAIN ? "changing too fast, reading again" : text);
		}
		return err;
	}
	struct event_scope scope = event_scope_of(h);
	if (memcmp(&scope, &f->scope, sizeof scope) != 0) {
		f->scope = scope;
		subscribe_filter(f->events, &scope);
	}
	publish(f, h, "");
	return 0;
}

// Everything, and before the routes of both families, which may take long, all the rest.
static int read_first(struct follow *f)
{
	struct host *h = copy_newest(f);
	if (!h)
		return -ENOMEM;
	const char *what;
	h->routes4_read = false;
	if (read_into(f, h, DUMP_PROC | DUMP_LINKS | DUMP_ADDRS, &what) == 0)
		publish(f, h, reading);
	else
		host_free(h);
	f->stale = DUMP_ALL;
	return read_stale(f);
}

static int64_t later(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

// When the present group of changes is to be read.
static int64_t due(const struct follow *f)
{
	int64_t quiet = f->last + (f->lost ? QUIET_AFTER_LOSS : QUIET);
	int64_t end = f->first + (f->lost ? QUIET_AFTER_LOSS_MAX : QUIET_MAX);
	return later(quiet < end ? quiet : end, f->not_before);
}

static void hear(struct follow *f)
{
	unsigned stale = 0;
	int err = subscribe_drain(f->events, &f->scope, &stale);
	if (err == -ENOBUFS) {
		f->lost = true;
		stale = DUMP_ALL;
		set_status(f, "events lost, reading again");
	}
	if (sysctl_watch_drain(f->sysctls))
		stale |= DUMP_PROC;
	if (!stale)
		return;
	f->last = now_ms();
	if (!f->stale)
		f->first = f->last;
	f->stale |= stale;
}

static void read_when_due(struct follow *f, int (*read)(struct follow *))
{
	int64_t begin = now_ms();
	if (read == read_stale && (!f->stale || begin < due(f)))
		return;
	bool lost = f->lost;
	f->lost = false;
	int err = read(f);
	int64_t end = now_ms();
	f->lost |= err && lost;
	f->first = f->last = end;
	// Never more than half of the time is spent on reading.
	f->not_before = end + (err ? PAUSE_AFTER_ERROR : end - begin);
}

static void *work(void *data)
{
	struct follow *f = data;
	struct pollfd fds[] = {{.fd = f->wake, .events = POLLIN},
			       {.fd = f->events, .events = POLLIN},
			       {.fd = f->sysctls, .events = POLLIN}}; // -1 is passed over
	read_when_due(f, read_first);
	while (!atomic_load(&f->stop)) {
		int timeout = -1;
		if (f->stale) {
			int64_t left = due(f) - now_ms();
			timeout = left > 0 ? (int)left : 0;
		}
		if (poll(fds, sizeof fds / sizeof *fds, timeout) < 0 && errno != EINTR)
			break;
		hear(f);
		read_when_due(f, read_stale);
	}
	return NULL;
}

// ------------------------------------------------------------------------------------------- front end's side

static void free_follow(struct follow *f)
{
	const int fds[] = {f->ready, f->wake, f->events, f->sysctls};
	for (unsigned i = 0; i < sizeof fds / sizeof *fds; i++)
		if (fds[i] >= 0)
			close(fds[i]);
	nl_close(f->route);
	nl_close(f->fib);
	host_free(f->present);
	host_free(f->next);
	pthread_mutex_destroy(&f->lock);
	free(f);
}

static int start_thread(struct follow *f)
{
	// Signals are the front end's.
	sigset_t all, before;
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	int err = pthread_create(&f->thread, NULL, work, f);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return -err;
}

int follow_start(struct follow **out)
{
	*out = NULL;
	struct follow *f = calloc(1, sizeof *f);
	if (!f)
		return -ENOMEM;
	pthread_mutex_init(&f->lock, NULL);
	f->sysctls = -1;
	// From the first moment, or who looks before the worker has run takes the empty host for all there is.
	snprintf(f->status, sizeof f->status, "%s", reading);
	snprintf(f->shown, sizeof f->shown, "%s", reading);
	f->ready = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	f->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	f->events = subscribe_open(); // before the first reading: nothing may happen unheard
	f->present = host_new();
	int err = f->ready < 0 || f->wake < 0 ? -EMFILE : f->events < 0 ? f->events : !f->present ? -ENOMEM : 0;
	if (!err)
		err = nl_open(&f->route, NETLINK_ROUTE);
	if (!err) {
		nl_open(&f->fib, NETLINK_FIB_LOOKUP); // there is a way without
		f->sysctls = sysctl_watch();
		f->present->routes4_read = false;
		f->scope = (struct event_scope){.main4 = true, .vrf = true};
		err = start_thread(f);
	}
	if (err) {
		free_follow(f);
		return err;
	}
	*out = f;
	return 0;
}

void follow_stop(struct follow *f)
{
	if (!f)
		return;
	atomic_store(&f->stop, true);
	ring(f->wake);
	pthread_join(f->thread, NULL);
	free_follow(f);
}

int follow_fd(const struct follow *f)
{
	return f->ready;
}

int follow_take(struct follow *f)
{
	struct host *old = NULL;
	int changes = 0;
	hush(f->ready);
	pthread_mutex_lock(&f->lock);
	if (f->next) {
		old = f->present;
		f->present = f->next;
		f->next = NULL;
		changes |= OBSERVE_HOST;
	}
	if (f->status_fresh) {
		memcpy(f->shown, f->status, sizeof f->shown);
		f->status_fresh = false;
		changes |= OBSERVE_STATUS;
	}
	pthread_mutex_unlock(&f->lock);
	host_free(old);
	return changes;
}

const struct host *follow_host(const struct follow *f)
{
	return f->present;
}

const char *follow_status(const struct follow *f)
{
	return f->shown;
}

int follow_replace(struct follow *f, struct host *fresh)
{
	struct host *old = fresh;
	pthread_mutex_lock(&f->lock);
	bool equal = host_equal(f->present, fresh);
	if (!equal) {
		old = f->present;
		f->present = fresh;
	}
	pthread_mutex_unlock(&f->lock);
	host_free(old);
	return !equal;
}

struct host *follow_lock(struct follow *f)
{
	pthread_mutex_lock(&f->lock);
	return f->present;
}

void follow_unlock(struct follow *f)
{
	pthread_mutex_unlock(&f->lock);
}
