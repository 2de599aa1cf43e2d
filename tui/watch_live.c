// SPDX-License-Identifier: GPL-3.0-or-later
#include "tui/watch_live.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/evidence/event_about.h"
#include "core/evidence/event_walk.h"
#include "core/evidence/watch.h"
#include "core/observe/clock.h"
#include "tui/complain.h"
#include "tui/end_signal.h"
#include "tui/watch_child.h"

// A walk takes some milliseconds, in which binds that nobody takes fill the room for them. Of the time for what comes
// without a pause it may be a quarter, and a little in advance.
enum { WALK_MS = 2000, ADVANCE_MS = 250, QUARTER = 4, ALIKE_MS = 1000 };

struct live {
	struct watch_tell tell;
	struct watch *watch;
	struct event_about *about;
	bool by_command;
	uint64_t unwalked;
	int64_t batch, spent; // when it began, and the milliseconds of walks in it
	// The walk that was made last, for binds that are like its own.
	struct event_walk *walk;
	struct bind_event of;
	int64_t walked;
};

static bool same_answers(const struct witnessed *a, const struct witnessed *b)
{
	bool same = a->ncalls == b->ncalls;
	for (unsigned i = 0; i < a->ncalls && same; i++)
		same = a->calls[i].function == b->calls[i].function && a->calls[i].returned == b->calls[i].returned;
	return same;
}

// The same thread did the same, and the kernel answered the same.
static bool is_alike(const struct bind_event *a, const struct bind_event *b)
{
	bool known = a->addr_known && a->socket_known; // else the sentence may name these two
	return (known || (a->fd == b->fd && a->addrlen == b->addrlen)) && a->thread == b->thread && a->pid == b->pid &&
	       a->netns == b->netns && a->err == b->err && a->uid == b->uid && a->addr_known == b->addr_known &&
	       a->socket_known == b->socket_known && attempt_equal(&a->attempt, &b->attempt) &&
	       same_answers(&a->inner, &b->inner);
}

// The walk behind a bind, NULL where there is none in time.
static struct event_walk *walk_of(struct live *l, const struct bind_event *e)
{
	int64_t now = now_ms();
	if (l->walk && now - l->walked < ALIKE_MS && is_alike(&l->of, e))
		return l->walk;
	bool costs = e->addr_known && e->socket_known;
	if (costs && l->spent > ADVANCE_MS + (now - l->batch) / QUARTER)
		return NULL;
	event_walk_close(l->walk);
	l->walk = NULL;
	bool done = event_walk_begin(e, &l->walk) == 0 && event_walk_wait(l->walk, WALK_MS);
	l->of = *e;
	l->walked = now_ms();
	l->spent += l->walked - now;
	if (!done) {
		event_walk_close(l->walk);
		l->walk = NULL;
	}
	return l->walk;
}

static void take(void *data, const struct bind_event *seen)
{
	static const struct event_verdict none = {.why_not = "not explained: there was no time"};
	struct live *l = data;
	struct bind_event e = *seen;
	if (l->tell.over)
		return;
	event_about_fill(l->about, &e);
	if (!watch_tell_wants(&l->tell, &e))
		return;
	if (!e.err && !l->tell.wish->full) {
		watch_tell_event(&l->tell, &e, NULL, NULL);
		return;
	}
	const struct event_walk *walk = walk_of(l, &e);
	l->unwalked += !walk;
	watch_tell_event(&l->tell, &e, walk ? event_walk_verdict(walk) : &none, walk ? event_walk_inquiry(walk) : NULL);
}

static int read_events(struct live *l)
{
	l->batch = now_ms();
	l->spent = 0;
	return watch_read(l->watch, take, l);
}

// Until it ends; -1 for a child that there is none of.
static void loop(struct live *l, int ending)
{
	enum { EVENTS, READER, ENDING, FDS };
	sigset_t mask;
	sigprocmask(SIG_BLOCK, NULL, &mask);
	if (!l->by_command)
		end_signal_unmask(&mask);
	for (;;) {
		struct pollfd fds[FDS] = {{.fd = l->tell.over ? -1 : watch_fd(l->watch), .events = POLLIN},
					  {.fd = l->tell.over ? -1 : STDOUT_FILENO},
					  {.fd = ending, .events = POLLIN}};
		int n = ppoll(fds, FDS, NULL, &mask);
		if (n < 0 && errno != EINTR)
			return;
		if (n > 0 && fds[EVENTS].revents && read_events(l) < 0)
			return;
		l->tell.over |= n > 0 && fds[READER].revents; // nobody reads any more
		if ((n > 0 && fds[ENDING].revents) || (!l->by_command && (end_signal_noted() || l->tell.over)))
			break;
	}
	read_events(l); // what came before the end
}

static void say_beginning(const struct live *l)
{
	const struct watch_wish *w = l->tell.wish;
	const char *what = w->filter.all ? "binds" : "refused binds",
		   *whose = l->by_command ? "of this command" : "of all programs";
	static const char *const ways[] = {
		[SOURCE_BPF] = "BPF",
		[SOURCE_BPF_TRACEPOINTS] =
			"BPF on tracepoints, without io_uring and what the kernel's functions returned",
		[SOURCE_TRACEPOINTS] = "tracepoints, without ports, options and most addresses",
	};
	const char *without = watch_without(l->watch);
	complain("watching %s %s by %s%s%s", what, whose, ways[watch_source(l->watch)], *without ? ", because " : "",
		 without);
}

static void say_end(const struct live *l)
{
	struct bind_counts n = watch_counts(l->watch);
	complain("%llu bind%s seen, %llu shown, %llu lost%s", (unsigned long long)n.seen, n.seen == 1 ? "" : "s",
		 (unsigned long long)l->tell.shown, (unsigned long long)n.lost,
		 n.lost ? ": more came at once than could be kept" : "");
	if (l->tell.unknown)
		complain("%llu not shown, because what an option asks for could not be seen",
			 (unsigned long long)l->tell.unknown);
	if (l->unwalked)
		complain("%llu shown without the reason, because they came too fast", (unsigned long long)l->unwalked);
	const struct watch_wish *w = l->tell.wish;
	if (l->tell.shown && !w->full && !w->json && isatty(STDOUT_FILENO))
		complain("--full shows the walk of each bind, with the changes that would let it succeed");
}

// What tracepoints never show can't be asked for.
static bool can_tell(const struct live *l)
{
	bool port = l->tell.wish->filter.by_port && watch_source(l->watch) == SOURCE_TRACEPOINTS;
	if (port)
		complain("--port needs BPF, because tracepoints do not show ports: %s", watch_without(l->watch));
	return !port;
}

static int with_command(struct live *l, char **command)
{
	struct watch_child child;
	int rc = watch_child_start(command, &child);
	if (rc < 0) {
		complain("cannot start %s: %s", command[0], strerror(-rc));
		return EXIT_MISSING;
	}
	if ((rc = watch_add(l->watch, child.launch.pid)) < 0) {
		complain("cannot watch the command: %s", strerror(-rc));
		watch_child_end(&child);
		return EXIT_MISSING;
	}
	watch_child_go(&child);
	loop(l, child.ending);
	return watch_child_end(&child);
}

static int begin(struct live *l, const struct watch_wish *wish)
{
	const struct watch_how how = {.all = wish->filter.all, .tree = l->by_command};
	char err[WATCH_ERROR];
	l->tell.wish = wish;
	if (event_about_open(&l->about) < 0) {
		complain("out of memory");
		return EXIT_MISSING;
	}
	if (watch_open(&how, &l->watch, err, sizeof err) < 0) {
		complain("%s", err);
		return EXIT_MISSING;
	}
	return can_tell(l) ? (int)watch_tell_open(&l->tell, wish) : EXIT_MISSING;
}

int watch_live(const struct watch_wish *wish, char **command)
{
	struct live *l = calloc(1, sizeof *l);
	if (!l) {
		complain("out of memory");
		return EXIT_MISSING;
	}
	l->by_command = command != NULL;
	if (!command) {
		end_signal_catch(true, NULL);
		end_signal_hold();
	}
	int status = begin(l, wish);
	bool began = status == EXIT_OK;
	if (began) {
		say_beginning(l);
		if (command)
			status = with_command(l, command);
		else
			loop(l, -1);
	}
	enum exit_status how = watch_tell_close(&l->tell);
	if (began) {
		status = command ? status : (int)how;
		say_end(l);
	}
	event_walk_close(l->walk);
	watch_close(l->watch);
	event_about_close(l->about);
	free(l);
	// Ctrl-C is how a watch ends; any other signal is for whoever waits for its end.
	if (!command && end_signal_noted() != SIGINT)
		end_signal_release(0);
	return status;
}
