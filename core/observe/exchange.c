// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/observe/exchange.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

enum { MOST_BYTES = 2 * BATCH_MOST };

struct news *news_new(void)
{
	return calloc(1, sizeof(struct news));
}

void news_free(struct news *n)
{
	if (!n)
		return;
	host_free(n->fresh);
	free(n->edges);
	batch_free(&n->events);
	free(n);
}

// A bell that is not heard would leave the other thread asleep for ever. EAGAIN: it rings already.
static void ring(int fd)
{
	enum { TRIES = 8 };
	uint64_t one = 1;
	for (int i = 0; i < TRIES && write(fd, &one, sizeof one) < 0 && errno != EAGAIN; i++)
		continue;
}

static void hush(int fd)
{
	uint64_t count;
	while (read(fd, &count, sizeof count) < 0 && errno == EINTR)
		continue;
}

int exchange_open(struct exchange *x, const char *status)
{
	*x = (struct exchange){.ready = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK),
			       .wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)};
	int err = x->ready < 0 || x->wake < 0 ? -errno : 0;
	pthread_mutex_init(&x->lock, NULL);
	x->last = &x->first;
	snprintf(x->status, sizeof x->status, "%s", status);
	return err;
}

// Empties the queue.
static struct news *unqueue(struct exchange *x)
{
	struct news *first = x->first;
	x->first = NULL;
	x->last = &x->first;
	x->bytes = 0;
	x->readings = 0;
	return first;
}

static void free_all(struct news *n)
{
	while (n) {
		struct news *next = n->next;
		news_free(n);
		n = next;
	}
}

void exchange_close(struct exchange *x)
{
	free_all(unqueue(x));
	if (x->ready >= 0)
		close(x->ready);
	if (x->wake >= 0)
		close(x->wake);
	pthread_mutex_destroy(&x->lock);
}

int exchange_put(struct exchange *x, struct news *n)
{
	struct news *thrown = NULL;
	pthread_mutex_lock(&x->lock);
	bool full = n->events.len > MOST_BYTES - x->bytes;
	if (full) {
		thrown = unqueue(x);
	} else {
		x->bytes += n->events.len;
		x->readings += n->fresh != NULL;
		*x->last = n;
		x->last = &n->next;
	}
	pthread_mutex_unlock(&x->lock);
	free_all(thrown);
	if (full)
		news_free(n);
	else
		ring(x->ready);
	return full ? -ENOBUFS : 0;
}

struct news *exchange_take(struct exchange *x, char status[static EXCHANGE_STATUS], bool *status_fresh)
{
	hush(x->ready);
	pthread_mutex_lock(&x->lock);
	bool full = x->readings > 0;
	struct news *n = unqueue(x);
	*status_fresh = x->status_fresh;
	if (x->status_fresh)
		memcpy(status, x->status, EXCHANGE_STATUS);
	x->status_fresh = false;
	pthread_mutex_unlock(&x->lock);
	if (full)
		ring(x->wake); // the listener may wait with the next reading
	return n;
}

void exchange_ring(struct exchange *x)
{
	ring(x->ready);
}

void exchange_set_status(struct exchange *x, const char *status)
{
	pthread_mutex_lock(&x->lock);
	bool fresh = strcmp(x->status, status) != 0;
	if (fresh) {
		snprintf(x->status, sizeof x->status, "%s", status);
		x->status_fresh = true;
	}
	pthread_mutex_unlock(&x->lock);
	if (fresh)
		ring(x->ready);
}

void exchange_want(struct exchange *x, unsigned kinds, uint64_t number)
{
	if (!kinds)
		return;
	pthread_mutex_lock(&x->lock);
	for (unsigned i = 0; i < EXCHANGE_KINDS; i++)
		if (kinds >> i & 1 && x->want[i] < number)
			x->want[i] = number;
	pthread_mutex_unlock(&x->lock);
	ring(x->wake);
}

void exchange_look(struct exchange *x, unsigned kinds)
{
	pthread_mutex_lock(&x->lock);
	x->look |= kinds;
	pthread_mutex_unlock(&x->lock);
	ring(x->wake);
}

bool exchange_full(struct exchange *x)
{
	pthread_mutex_lock(&x->lock);
	bool full = x->readings > 0;
	pthread_mutex_unlock(&x->lock);
	return full;
}

static unsigned wanted(const struct exchange *x)
{
	unsigned kinds = 0;
	for (unsigned i = 0; i < EXCHANGE_KINDS; i++)
		if (x->want[i] > x->read[i])
			kinds |= 1u << i;
	return kinds;
}

bool exchange_busy(struct exchange *x)
{
	pthread_mutex_lock(&x->lock);
	bool busy = x->first || wanted(x);
	pthread_mutex_unlock(&x->lock);
	return busy;
}

unsigned exchange_ask(struct exchange *x)
{
	pthread_mutex_lock(&x->lock);
	unsigned ticket = ++x->asked;
	pthread_mutex_unlock(&x->lock);
	ring(x->wake);
	return ticket;
}

bool exchange_answered(struct exchange *x, unsigned ticket, int *answer)
{
	pthread_mutex_lock(&x->lock);
	bool answered = x->answered >= ticket;
	*answer = x->answer;
	pthread_mutex_unlock(&x->lock);
	return answered;
}

void exchange_stop(struct exchange *x)
{
	pthread_mutex_lock(&x->lock);
	x->stop = true;
	pthread_mutex_unlock(&x->lock);
	ring(x->wake);
}

bool exchange_stopped(struct exchange *x)
{
	pthread_mutex_lock(&x->lock);
	bool stop = x->stop;
	pthread_mutex_unlock(&x->lock);
	return stop;
}

unsigned exchange_due(struct exchange *x, unsigned *asked)
{
	hush(x->wake);
	pthread_mutex_lock(&x->lock);
	unsigned kinds = wanted(x) | x->look;
	x->look = 0;
	*asked = x->asked > x->answered ? x->asked : 0;
	pthread_mutex_unlock(&x->lock);
	return kinds | (*asked ? DUMP_ALL : 0);
}

void exchange_done(struct exchange *x, unsigned kinds, uint64_t number)
{
	pthread_mutex_lock(&x->lock);
	for (unsigned i = 0; i < EXCHANGE_KINDS; i++)
		if (kinds >> i & 1)
			x->read[i] = number;
	pthread_mutex_unlock(&x->lock);
}

void exchange_give(struct exchange *x, unsigned ticket, int answer)
{
	pthread_mutex_lock(&x->lock);
	x->answered = ticket;
	x->answer = answer;
	pthread_mutex_unlock(&x->lock);
	ring(x->ready);
}
