// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/evidence/sock_reader.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "core/evidence/sock_list_read.h"
#include "core/model/holder.h"
#include "core/observe/sock_owner.h"
#include "core/observe/thread.h"
#include "core/observe/wake.h"

struct sock_reader {
	pthread_t thread;
	bool running; // the thread must be joined
	int ready;    // eventfd: the thread is done
	struct sock_table shown;
	// The thread's while it runs; it may look at `shown`.
	struct host *links; // what names the devices
	struct sock_table fresh;
	char when[SOCK_WHEN];
	int err;
};

int sock_reader_open(struct sock_reader **out)
{
	struct sock_reader *r = calloc(1, sizeof *r);
	*out = NULL;
	if (!r)
		return -ENOMEM;
	r->ready = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (r->ready < 0) {
		int err = -errno;
		free(r);
		return err;
	}
	*out = r;
	return 0;
}

static void join(struct sock_reader *r)
{
	if (r->running)
		pthread_join(r->thread, NULL);
	r->running = false;
	host_free(r->links);
	r->links = NULL;
}

void sock_reader_close(struct sock_reader *r)
{
	if (!r)
		return;
	join(r);
	close(r->ready);
	sock_table_free(&r->shown);
	sock_table_free(&r->fresh);
	free(r);
}

int sock_reader_fd(const struct sock_reader *r)
{
	return r->ready;
}

static void *work(void *data)
{
	struct sock_reader *r = data;
	struct question all = {0};
	r->err = socks_read_all(&r->links->kernel, 0, 0, &all);
	if (!r->err) {
		sock_owners_find(all.socks, all.nsocks, false);
		for (size_t i = 0; i < all.nsocks; i++)
			all.socks[i].likely = sock_likely_link(r->links, &all.socks[i]);
		r->err = sock_table_fill(&r->fresh, &all, r->links, &r->shown);
		snprintf(r->fresh.when, sizeof r->fresh.when, "%s", r->when);
	}
	question_free(&all);
	wake(r->ready);
	return NULL;
}

// The links alone: a host may have a million routes.
static struct host *copy_links(const struct host *h)
{
	struct host *out = host_new();
	int err = out ? 0 : -ENOMEM;
	for (size_t i = 0; i < h->nlinks && !err; i++)
		err = host_add_link(out, &h->links[i]);
	if (err) {
		host_free(out);
		return NULL;
	}
	out->kernel = h->kernel;
	return out;
}

void sock_reader_begin(struct sock_reader *r, const struct host *h, const char *when)
{
	if (r->running)
		return;
	r->links = copy_links(h);
	if (!r->links)
		return;
	snprintf(r->when, sizeof r->when, "%s", when);
	r->running = thread_start(&r->thread, "bindwalk-socks", work, r) == 0;
	if (!r->running)
		join(r);
}

bool sock_reader_busy(const struct sock_reader *r)
{
	return r->running;
}

int sock_reader_take(struct sock_reader *r)
{
	uint64_t count;
	if (read(r->ready, &count, sizeof count) < 0)
		return 0;
	join(r);
	if (r->err)
		return r->err;
	sock_table_free(&r->shown);
	r->shown = r->fresh;
	r->fresh = (struct sock_table){0};
	return 1;
}

const struct sock_table *sock_reader_table(const struct sock_reader *r)
{
	return &r->shown;
}
