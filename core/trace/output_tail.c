// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/trace/output_tail.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "core/observe/thread.h"
#include "core/observe/wake.h"

struct output_tail {
	pthread_t thread;
	int from, stop, news; // the pipe, and two eventfds
	// The thread's:
	char part[TAIL_TEXT];
	size_t used;
	pthread_mutex_t lock; // for what follows
	char line[TAIL_LINES][TAIL_TEXT];
	uint64_t ever, taken;
};

static void end_line(struct output_tail *t)
{
	if (t->used && t->part[t->used - 1] == '\r')
		t->used--;
	t->part[t->used] = '\0';
	if (t->used) {
		pthread_mutex_lock(&t->lock);
		memcpy(t->line[t->ever++ % TAIL_LINES], t->part, t->used + 1);
		pthread_mutex_unlock(&t->lock);
	}
	t->used = 0;
}

// A NUL would end the text, and a tab is a blank of unknown width.
static void put(struct output_tail *t, char c)
{
	static const char nul[] = "\\0";
	if (c == '\n')
		end_line(t);
	else if (c == '\0' && t->used + sizeof nul < sizeof t->part)
		t->used += (size_t)(stpcpy(t->part + t->used, nul) - (t->part + t->used));
	else if (c != '\0' && t->used + 1 < sizeof t->part)
		t->part[t->used++] = c == '\t' ? ' ' : c;
}

static void *read_on(void *data)
{
	struct output_tail *t = data;
	struct pollfd fds[] = {{.fd = t->from, .events = POLLIN}, {.fd = t->stop, .events = POLLIN}};
	char bytes[4096];
	for (;;) {
		if (poll(fds, 2, -1) < 0 && errno != EINTR)
			break;
		if (fds[1].revents)
			break;
		ssize_t n = read(t->from, bytes, sizeof bytes);
		if (n < 0 && (errno == EINTR || errno == EAGAIN))
			continue;
		for (ssize_t i = 0; i < n; i++)
			put(t, bytes[i]);
		if (n <= 0)
			end_line(t);
		wake(t->news);
		if (n <= 0)
			break;
	}
	return NULL;
}

static int make_descriptors(struct output_tail *t, int *write_end)
{
	int ends[2];
	t->stop = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (t->stop < 0)
		return -errno;
	if (pipe2(ends, O_CLOEXEC) < 0)
		return -errno;
	t->from = ends[0];
	*write_end = ends[1];
	return fcntl(t->from, F_SETFL, O_NONBLOCK) < 0 ? -errno : 0;
}

static void let_go(struct output_tail *t)
{
	if (t->from >= 0)
		close(t->from);
	if (t->stop >= 0)
		close(t->stop);
	pthread_mutex_destroy(&t->lock);
	free(t);
}

int output_tail_open(int news, struct output_tail **out, int *write_end)
{
	struct output_tail *t = calloc(1, sizeof *t);
	*out = NULL;
	*write_end = -1;
	if (!t)
		return -ENOMEM;
	t->from = t->stop = -1;
	t->news = news;
	pthread_mutex_init(&t->lock, NULL);
	int rc = make_descriptors(t, write_end);
	if (rc == 0)
		rc = thread_start(&t->thread, "bindwalk-output", read_on, t);
	if (rc == 0) {
		*out = t;
		return 0;
	}
	if (*write_end >= 0)
		close(*write_end);
	*write_end = -1;
	let_go(t);
	return rc;
}

void output_tail_close(struct output_tail *t)
{
	if (!t)
		return;
	wake(t->stop);
	pthread_join(t->thread, NULL);
	let_go(t);
}

void output_tail_take(struct output_tail *t, void (*line)(void *data, const char *text), void *data)
{
	char text[TAIL_TEXT];
	for (bool more = true; more;) {
		pthread_mutex_lock(&t->lock);
		if (t->ever - t->taken > TAIL_LINES)
			t->taken = t->ever - TAIL_LINES;
		more = t->taken < t->ever;
		if (more)
			memcpy(text, t->line[t->taken++ % TAIL_LINES], sizeof text);
		pthread_mutex_unlock(&t->lock);
		if (more)
			line(data, text);
	}
}
