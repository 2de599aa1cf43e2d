// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/observe/owner_search.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "core/observe/sock_owner.h"
#include "core/observe/thread.h"
#include "core/observe/wake.h"

struct owner_search {
	pthread_t thread;
	bool running;         // the thread must be joined
	int ready;            // eventfd: the thread is done
	struct question work; // the thread's, while it runs
};

int owner_search_open(struct owner_search **out)
{
	struct owner_search *s = calloc(1, sizeof *s);
	*out = NULL;
	if (!s)
		return -ENOMEM;
	s->ready = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (s->ready < 0) {
		free(s);
		return -errno;
	}
	*out = s;
	return 0;
}

static void join(struct owner_search *s)
{
	if (s->running)
		pthread_join(s->thread, NULL);
	s->running = false;
}

void owner_search_close(struct owner_search *s)
{
	if (!s)
		return;
	join(s);
	close(s->ready);
	question_free(&s->work);
	free(s);
}

int owner_search_fd(const struct owner_search *s)
{
	return s->ready;
}

static void *work(void *data)
{
	struct owner_search *s = data;
	sock_owners_find(s->work.socks, s->work.nsocks, s->work.socks_port != 0);
	wake(s->ready);
	return NULL;
}

static int start(struct owner_search *s)
{
	int err = thread_start(&s->thread, "bindwalk-owners", work, s);
	s->running = err == 0;
	return err;
}

bool owner_search_begin(struct owner_search *s, const struct question *q)
{
	if (s->running)
		return true;
	s->work.nsocks = 0;
	s->work.socks_port = q->socks_port;
	for (size_t i = 0; i < q->nsocks; i++)
		if (q->socks[i].inode && !q->socks[i].searched && question_add_sock(&s->work, &q->socks[i]) < 0)
			return false;
	return s->work.nsocks > 0 && start(s) == 0;
}

bool owner_search_take(struct owner_search *s, struct question *q)
{
	uint64_t count;
	bool changed = false;
	if (read(s->ready, &count, sizeof count) < 0)
		return false;
	join(s);
	for (size_t i = 0; i < q->nsocks; i++)
		changed |= !q->socks[i].searched;
	question_keep_owners(q, &s->work);
	return changed;
}
