// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/trace/trace_feed.h"

#include <errno.h>
#include <poll.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "core/evidence/event_about.h"
#include "core/observe/proc.h"
#include "core/observe/thread.h"
#include "core/observe/wake.h"
#include "core/trace/output_tail.h"

enum { FEED_QUEUE = 256, DONE_MS = 3000 };

struct item {
	bool is_note;
	enum trace_note note; // with the event's pid and program
	struct bind_event event;
	struct event_walk *walk;
};

struct trace_feed {
	atomic_int holders; // who opened it, and the thread; the last one frees it
	pthread_t thread;
	int news, done; // eventfds
	struct output_tail *tail;
	// The thread's:
	char **command;
	int output; // the pipe's end for the program
	struct feed_how how;
	struct event_about *about;
	pthread_mutex_t lock; // for what follows
	struct tracer *tracer;
	struct feed_status status;
	struct item queue[FEED_QUEUE];
	unsigned first, n;
};

static void let_go(struct trace_feed *f)
{
	if (atomic_fetch_sub(&f->holders, 1) > 1)
		return;
	while (f->n > 0)
		event_walk_close(f->queue[(f->first + --f->n) % FEED_QUEUE].walk);
	free(f->command);
	if (f->output >= 0)
		close(f->output);
	if (f->news >= 0)
		close(f->news);
	if (f->done >= 0)
		close(f->done);
	event_about_close(f->about);
	pthread_mutex_destroy(&f->lock);
	free(f);
}

// Waits for nobody: the oldest one makes room.
static void add(struct trace_feed *f, const struct item *item)
{
	pthread_mutex_lock(&f->lock);
	if (f->n == FEED_QUEUE) {
		event_walk_close(f->queue[f->first].walk);
		f->first = (f->first + 1) % FEED_QUEUE;
		f->n--;
		f->status.lost++;
	}
	f->queue[(f->first + f->n++) % FEED_QUEUE] = *item;
	pthread_mutex_unlock(&f->lock);
	wake(f->news);
}

static void seen(void *data, const struct bind_event *e, struct event_walk *walk)
{
	struct trace_feed *f = data;
	struct item item = {.event = *e, .walk = walk};
	if (e->call != CALL_BIND && !call_is_refused(e->call, e->err)) {
		event_walk_close(walk);
		return;
	}
	if (f->about)
		event_about_fill(f->about, &item.event);
	pthread_mutex_lock(&f->lock);
	f->status.binds += e->call == CALL_BIND;
	f->status.refused += e->err != 0;
	pthread_mutex_unlock(&f->lock);
	add(f, &item);
}

static void take_begin(struct trace_feed *f)
{
	pthread_mutex_lock(&f->lock);
	const char *slow = f->tracer && f->command ? tracer_unfiltered(f->tracer) : NULL;
	snprintf(f->status.slow, sizeof f->status.slow, "%s", slow ? slow : "");
	if (f->status.state == FEED_BEGINS)
		f->status.state = FEED_RUNS;
	pthread_mutex_unlock(&f->lock);
}

static void noted(void *data, enum trace_note note, pid_t process, const char *program)
{
	if (note == TRACE_BEGUN)
		take_begin(data);
	struct item item = {.is_note = true, .note = note, .event.pid = process};
	snprintf(item.event.program, sizeof item.event.program, "%s", program);
	add(data, &item);
}

static void name_program(struct feed_status *s, char **command)
{
	if (command) {
		const char *slash = strrchr(command[0], '/');
		snprintf(s->program, sizeof s->program, "%s", slash && slash[1] ? slash + 1 : command[0]);
		return;
	}
	proc_comm(s->process, s->program, sizeof s->program);
}

// False: it was stopped before it was there.
static bool begins(struct trace_feed *f, struct tracer *t)
{
	pthread_mutex_lock(&f->lock);
	bool stopped = f->status.stopped;
	f->tracer = t;
	f->status.process = tracer_process(t);
	pthread_mutex_unlock(&f->lock);
	wake(f->news);
	return !stopped;
}

static void say_failure(struct trace_feed *f, struct tracer *t, struct feed_status *s)
{
	bool at_exec;
	int err = tracer_failure(t, &at_exec);
	if (err && at_exec)
		snprintf(s->why, sizeof s->why, "%.200s: %s", f->command[0], strerror(err));
	else if (err)
		snprintf(s->why, sizeof s->why, "%.200s could not be started: %s", f->command[0], strerror(err));
	s->status_known = !err && tracer_status(t, &s->status);
}

static void end(struct trace_feed *f, struct tracer *t, const char *why)
{
	pthread_mutex_lock(&f->lock);
	f->tracer = NULL;
	struct feed_status *s = &f->status;
	if (why[0] || !t)
		snprintf(s->why, sizeof s->why, "%s", why);
	else
		say_failure(f, t, s);
	s->state = FEED_ENDED;
	pthread_mutex_unlock(&f->lock);
}

static void *trace(void *data)
{
	struct trace_feed *f = data;
	const struct tracer_out out = {.take = seen, .note = noted, .data = f};
	const struct tracer_how how = {
		.command = f->command, .pid = f->how.pid, .output = f->output, .prepare = f->how.prepare};
	char why[TRACER_ERROR] = "";
	struct tracer *t = NULL;
	event_about_open(&f->about);
	int rc = tracer_open(&how, &t, why, sizeof why);
	if (f->output >= 0)
		close(f->output);
	f->output = -1;
	if (rc == 0 && begins(f, t))
		tracer_run(t, &out, why, sizeof why);
	end(f, t, why);
	tracer_close(t);
	wake(f->news);
	wake(f->done);
	let_go(f);
	return NULL;
}

// The pointers and what they point to, in one piece.
static char **copy_words(char **words)
{
	size_t n = 0, size = 0;
	for (; words[n]; n++)
		size += strlen(words[n]) + 1;
	char **copy = malloc((n + 1) * sizeof *copy + size);
	if (!copy)
		return NULL;
	char *at = (char *)(copy + n + 1);
	for (size_t i = 0; i < n; i++) {
		copy[i] = at;
		at = stpcpy(at, words[i]) + 1;
	}
	copy[n] = NULL;
	return copy;
}

static int prepare(struct trace_feed *f, const struct feed_how *how)
{
	f->news = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	f->done = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (f->news < 0 || f->done < 0)
		return -errno;
	if (!how->command)
		return 0;
	f->command = copy_words(how->command);
	return f->command ? output_tail_open(f->news, &f->tail, &f->output) : -ENOMEM;
}

int trace_feed_open(const struct feed_how *how, struct trace_feed **out)
{
	struct trace_feed *f = *out = calloc(1, sizeof *f);
	if (!f)
		return -ENOMEM;
	f->how = *how;
	f->news = f->done = f->output = -1;
	f->status = (struct feed_status){.state = FEED_BEGINS, .process = how->pid, .attached = !how->command};
	pthread_mutex_init(&f->lock, NULL);
	atomic_init(&f->holders, 1);
	int rc = prepare(f, how);
	if (rc == 0) {
		name_program(&f->status, f->command);
		atomic_fetch_add(&f->holders, 1);
		rc = thread_start(&f->thread, "bindwalk-trace", trace, f);
		if (rc == 0)
			return 0;
		atomic_fetch_sub(&f->holders, 1);
	}
	output_tail_close(f->tail);
	let_go(f);
	*out = NULL;
	return rc;
}

int trace_feed_fd(const struct trace_feed *f)
{
	return f->news;
}

static bool next(struct trace_feed *f, struct item *out)
{
	pthread_mutex_lock(&f->lock);
	bool any = f->n > 0;
	if (any) {
		*out = f->queue[f->first];
		f->first = (f->first + 1) % FEED_QUEUE;
		f->n--;
	}
	pthread_mutex_unlock(&f->lock);
	return any;
}

void trace_feed_take(struct trace_feed *f, const struct feed_out *out)
{
	uint64_t count;
	struct item item;
	while (read(f->news, &count, sizeof count) < 0 && errno == EINTR)
		continue;
	for (unsigned i = 0; i < FEED_QUEUE && next(f, &item); i++)
		if (item.is_note)
			out->note(out->data, item.note, item.event.pid, item.event.program);
		else
			out->bind(out->data, &item.event, item.walk);
	if (f->tail)
		output_tail_take(f->tail, out->line, out->data);
}

struct feed_status trace_feed_status(struct trace_feed *f)
{
	pthread_mutex_lock(&f->lock);
	struct feed_status s = f->status;
	pthread_mutex_unlock(&f->lock);
	return s;
}

void trace_feed_stop(struct trace_feed *f)
{
	pthread_mutex_lock(&f->lock);
	if (f->status.state != FEED_ENDED) {
		f->status.stopped = true;
		f->status.state = FEED_STOPS;
	}
	if (f->tracer)
		tracer_stop(f->tracer);
	pthread_mutex_unlock(&f->lock);
}

void trace_feed_close(struct trace_feed *f)
{
	if (!f)
		return;
	struct pollfd done = {.fd = f->done, .events = POLLIN};
	trace_feed_stop(f);
	if (poll(&done, 1, DONE_MS) > 0)
		pthread_join(f->thread, NULL);
	else
		pthread_detach(f->thread);
	output_tail_close(f->tail);
	let_go(f);
}
