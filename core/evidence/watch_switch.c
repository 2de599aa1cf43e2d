// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/evidence/watch_switch.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "core/observe/thread.h"
#include "core/observe/wake.h"

struct watch_switch {
	pthread_t thread;
	bool running; // the thread must be joined
	int ready;    // eventfd: the thread is done
	enum watch_state state;
	bool on, all; // wanted
	// The thread's while it runs.
	struct watch_how how;
	struct watch *watch;
	char why[WATCH_ERROR];
};

int watch_switch_open(struct watch_switch **out)
{
	struct watch_switch *s = calloc(1, sizeof *s);
	*out = NULL;
	if (!s)
		return -ENOMEM;
	s->ready = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (s->ready < 0) {
		int err = -errno;
		free(s);
		return err;
	}
	*out = s;
	return 0;
}

static void join(struct watch_switch *s)
{
	if (s->running)
		pthread_join(s->thread, NULL);
	s->running = false;
}

void watch_switch_close(struct watch_switch *s)
{
	if (!s)
		return;
	join(s);
	watch_close(s->watch);
	close(s->ready);
	free(s);
}

int watch_switch_fd(const struct watch_switch *s)
{
	return s->ready;
}

static void *attach(void *data)
{
	struct watch_switch *s = data;
	s->why[0] = '\0';
	watch_open(&s->how, &s->watch, s->why, sizeof s->why);
	wake(s->ready);
	return NULL;
}

static void *let_go(void *data)
{
	struct watch_switch *s = data;
	watch_close(s->watch);
	s->watch = NULL;
	wake(s->ready);
	return NULL;
}

static void begin(struct watch_switch *s, enum watch_state state)
{
	s->how.all = s->all;
	s->running = thread_start(&s->thread, "bindwalk-watch", state == WATCH_ENDING ? let_go : attach, s) == 0;
	if (s->running)
		s->state = state; // else the next time that it is set
}

static void go_on(struct watch_switch *s)
{
	if (s->running)
		return;
	if (s->state == WATCH_REFUSED && !s->on)
		s->state = WATCH_OFF;
	if (s->state == WATCH_OFF && s->on)
		begin(s, WATCH_ATTACHING);
	else if (s->state == WATCH_ON && !s->on)
		begin(s, WATCH_ENDING);
	else if (s->state == WATCH_ON)
		watch_want_all(s->watch, s->all);
}

void watch_switch_set(struct watch_switch *s, bool on, bool all)
{
	s->on = on;
	s->all = all;
	go_on(s);
}

void watch_switch_take(struct watch_switch *s)
{
	uint64_t count;
	if (read(s->ready, &count, sizeof count) < 0)
		return;
	join(s);
	if (s->state == WATCH_ATTACHING)
		s->state = s->watch ? WATCH_ON : WATCH_REFUSED;
	else
		s->state = WATCH_OFF;
	go_on(s);
}

enum watch_state watch_switch_state(const struct watch_switch *s)
{
	return s->state;
}

const char *watch_switch_why(const struct watch_switch *s)
{
	return s->state == WATCH_REFUSED ? s->why : "";
}

struct watch *watch_switch_watch(const struct watch_switch *s)
{
	return s->state == WATCH_ON ? s->watch : NULL;
}
