// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/observe/listener.h"

#include <errno.h>
#include <linux/rtnetlink.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/model/host_order.h"
#include "core/observe/clock.h"
#include "core/observe/dump.h"
#include "core/observe/nl.h"
#include "core/observe/subscribe.h"
#include "core/observe/thread.h"

// Milliseconds. Changes come in groups: a short silence ends one, and an endless one is cut.
enum {
	QUIET = 3,
	QUIET_MAX = 100,
	QUIET_AFTER_LOSS = 50,
	QUIET_AFTER_LOSS_MAX = 500,
	PAUSE_AFTER_ERROR = 1000,
	STATUS_EVERY = 100
};

struct listener {
	pthread_t thread;
	struct exchange *x;
	struct nl *route, *fib;
	int events, sysctls; // negative: none
	struct event_scope scope;
	struct batch batch; // heard, and not yet handed over
	size_t looked_at;   // bytes of it
	bool open;          // more may follow that belongs to what was heard
	uint64_t number;    // of the last news
	struct {            // from the last reading: what decides which routes are kept
		struct kernel kernel;
		enum trie trie;
		enum tri has_local4, has_main4;
	} known;

	unsigned stale;      // enum dump_kind: to be read again
	bool lost;           // events were lost since the last reading
	bool early;          // a part of the first reading was handed over
	int64_t since;       // when the first part became stale
	int64_t first, last; // when the oldest and the newest of the present group of changes came
	int64_t not_before;  // no reading earlier than this
	int64_t status_at;
};

static void make_stale(struct listener *l, unsigned kinds)
{
	if (!l->stale && kinds)
		l->since = now_ms();
	l->stale |= kinds;
}

// ---------------------------------------------------------------------------------------------------- hearing

// The kernel announces these before it does, and announces, whatever else belongs to them.
static bool begins_something(uint16_t type)
{
	return type == RTM_NEWLINK || type == RTM_DELLINK || type == RTM_NEWADDR || type == RTM_DELADDR ||
	       type == RTM_NEWNEXTHOP || type == RTM_DELNEXTHOP;
}

static void look_at_batch(struct listener *l)
{
	const struct nlmsghdr *m;
	if (l->looked_at == l->batch.len)
		return;
	l->last = now_ms();
	if (!l->looked_at)
		l->first = l->last;
	while ((m = batch_next(&l->batch, &l->looked_at)))
		l->open |= begins_something(m->nlmsg_type);
}

static void lose(struct listener *l)
{
	l->lost = true;
	l->last = now_ms();
	make_stale(l, DUMP_ALL);
	exchange_set_status(l->x, "events lost, reading again");
}

// The socket failed: opens another. As long as that fails, says so, since the host can't be followed.
static void subscribe_again(struct listener *l)
{
	char text[EXCHANGE_STATUS];
	if (l->events >= 0)
		close(l->events);
	l->events = subscribe_open();
	if (l->events >= 0) {
		l->scope = (struct event_scope){.main4 = true, .vrf = true};
		lose(l);
		return;
	}
	snprintf(text, sizeof text, "cannot hear changes: %s; trying again", strerror(-l->events));
	exchange_set_status(l->x, text);
}

static void hear(struct listener *l)
{
	int err = l->events < 0 ? -EBADF : subscribe_drain(l->events, &l->scope, &l->batch);
	look_at_batch(l);
	if (err == -ENOBUFS)
		lose(l);
	else if (err < 0)
		subscribe_again(l);
}

// Waits for everything that belongs to what was heard, but not for ever.
static void hear_out(struct listener *l)
{
	enum { TRIES = 3 };
	for (int i = 0; i < TRIES && l->open; i++) {
		l->open = false;
		nl_barrier(l->route);
		hear(l);
	}
}

static bool has_news(const struct listener *l)
{
	return l->batch.len || l->batch.left_out4 || l->batch.left_out6 || l->open;
}

// Hands over n, with all that was heard. NULL: out of memory.
static void hand_over(struct listener *l, struct news *n)
{
	if (!n) {
		lose(l);
		batch_free(&l->batch);
	} else {
		n->events = l->batch;
		n->settled = !l->open;
		n->number = ++l->number;
		l->batch = (struct batch){0};
		if (exchange_put(l->x, n) < 0)
			lose(l);
	}
	l->looked_at = 0;
	l->first = l->last = now_ms();
}

// What was heard, if anything, with the rest of the change that it belongs to.
static void hand_over_whole(struct listener *l)
{
	if (!has_news(l))
		return;
	hear_out(l);
	hand_over(l, news_new());
}

// ---------------------------------------------------------------------------------------------------- reading

enum { EARLY = DUMP_PROC | DUMP_LINKS | DUMP_ADDRS };

// The rest of the first reading may take long, so these come first. What was heard since it began stays here, and goes
// with the reading itself.
static void hand_over_early(struct listener *l, const struct host *h)
{
	struct news *n = news_new();
	if (!n)
		return;
	n->number = l->number;
	n->kinds = EARLY;
	n->fresh = host_copy(h);
	if (n->fresh)
		host_sort(n->fresh);
	l->early = true;
	if (exchange_put(l->x, n) < 0)
		lose(l);
}

static int on_tick(struct dump *d, void *data)
{
	struct listener *l = data;
	if (exchange_stopped(l->x))
		return -ECANCELED;
	hear(l);
	if (!l->early && (d->done & EARLY) == EARLY)
		hand_over_early(l, d->host);
	int64_t now = now_ms();
	if (now - l->status_at >= STATUS_EVERY) {
		char text[EXCHANGE_STATUS];
		l->status_at = now;
		snprintf(text, sizeof text, "reading: %zu routes", d->routes);
		exchange_set_status(l->x, text);
	}
	return 0;
}

// Called just before routes are read: from now on the socket must deliver every event that matters to them.
static void on_scope(struct dump *d, void *data)
{
	struct listener *l = data;
	if (!(d->read & DUMP_LINKS))
		return;
	struct event_scope scope = event_scope_of(d->host);
	if (memcmp(&scope, &l->scope, sizeof scope) == 0)
		return;
	nl_barrier(l->route); // the new scope rests on answers that events of the old one may make doubtful
	hear(l);
	l->scope = scope;
	subscribe_filter(l->events, &scope);
	nl_barrier(l->route); // a route's end is announced before it goes: maybe just before the filter let it pass
}

static struct host *new_reading(const struct listener *l)
{
	struct host *h = host_new();
	if (!h)
		return NULL;
	h->kernel = l->known.kernel;
	h->trie = l->known.trie;
	h->has_local4 = l->known.has_local4;
	h->has_main4 = l->known.has_main4;
	return h;
}

static void remember(struct listener *l, const struct host *h, unsigned kinds)
{
	if (kinds & DUMP_PROC)
		l->known.kernel = h->kernel;
	if (!(kinds & DUMP_RULES))
		return;
	l->known.trie = h->trie;
	l->known.has_local4 = h->has_local4;
	l->known.has_main4 = h->has_main4;
}

static void say_failed(struct listener *l, const char *what, int err)
{
	char text[EXCHANGE_STATUS];
	snprintf(text, sizeof text, "reading %s failed: %s; trying again", what, strerror(-err));
	exchange_set_status(l->x, err == -EAGAIN ? "changing too fast, reading again" : text);
}

// Can this event change what the kernel answers when it is asked for the tries? Routes go without events of their own
// when their device or its address goes.
static bool concerns_tries(const struct nlmsghdr *m, enum trie_by by)
{
	const struct rtmsg *body = (const struct rtmsg *)(m + 1); // all bodies begin with the family
	switch (m->nlmsg_type) {
	case RTM_NEWLINK:
	case RTM_DELLINK:
		return true;
	case RTM_NEWADDR:
	case RTM_DELADDR:
	case RTM_NEWRULE:
	case RTM_DELRULE:
		return body->rtm_family == AF_INET;
	case RTM_NEWROUTE:
	case RTM_DELROUTE:
		return body->rtm_family == AF_INET && (by == TRIE_BY_ROUTES || body->rtm_table == RT_TABLE_LOCAL);
	default:
		return false;
	}
}

static bool heard_of_tries(const struct batch *b, enum trie_by by)
{
	const struct nlmsghdr *m;
	if (by == TRIE_BY_RULES)
		return false;
	for (size_t at = 0; (m = batch_next(b, &at));)
		if (concerns_tries(m, by))
			return true;
	return b->left_out4;
}

// Reads these kinds and hands them over, with the events that arrive meanwhile. 0 or -errno.
static int read_kinds(struct listener *l, unsigned kinds)
{
	hand_over_whole(l);
	uint64_t before = l->number;
	nl_barrier(l->route); // the kernel has finished whatever the news so far announced
	hear(l);
	if (has_news(l))
		hear_out(l);
	// What came now is older than the reading, but the kernel may not have finished with it.
	bool older[] = {[TRIE_BY_ADDRESS] = heard_of_tries(&l->batch, TRIE_BY_ADDRESS),
			[TRIE_BY_ROUTES] = heard_of_tries(&l->batch, TRIE_BY_ROUTES)};
	if (has_news(l))
		hand_over(l, news_new());
	bool lost = l->lost;
	struct dump d = {.route = l->route,
			 .fib = l->fib,
			 .host = new_reading(l),
			 .tick = on_tick,
			 .scoped = on_scope,
			 .data = l,
			 .what = ""};
	struct news *n = news_new();
	l->lost = false;
	l->status_at = now_ms();
	int err = d.host && n ? dump_read(&d, kinds) : -ENOMEM;
	if (err) {
		l->lost |= lost;
		host_free(d.host);
		free(d.edges);
		news_free(n);
		if (err != -ECANCELED && nl_reopen(l->route) == 0)
			say_failed(l, d.what, err);
		return err;
	}
	l->open = true; // the reading may have caught the kernel in the middle of something
	hear_out(l);
	remember(l, d.host, d.read);
	n->fresh = d.host;
	n->kinds = d.read;
	n->edges = d.edges;
	n->nedges = d.nedges;
	l->stale &= ~d.read;
	if (d.read & DUMP_ROUTES6 && d.parts6 > 1 && (l->batch.routes6 || l->batch.left_out6))
		make_stale(l, DUMP_ROUTES6);
	// What the kernel answered for the tries is uncertain if something changed meanwhile.
	if (older[d.trie_by] || heard_of_tries(&l->batch, d.trie_by))
		make_stale(l, DUMP_RULES);
	if (l->lost)
		make_stale(l, DUMP_ALL);
	exchange_done(l->x, d.read, before);
	hand_over(l, n);
	return 0;
}

// Reads all that is stale.
static int read_stale(struct listener *l)
{
	int err = read_kinds(l, l->stale);
	if (!err && !l->lost)
		exchange_set_status(l->x, "");
	return err;
}

static int read_in_time(struct listener *l)
{
	int64_t begin = now_ms();
	int err = read_stale(l);
	int64_t end = now_ms();
	if (l->stale)
		l->since = end;
	// Never more than half of the time is spent on reading.
	l->not_before = end + (err ? PAUSE_AFTER_ERROR : end - begin);
	return err;
}

// ----------------------------------------------------------------------------------------------------- thread

static int64_t earlier(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

// When to hand over the messages heard, or to read stale objects again.
static int64_t news_due(const struct listener *l)
{
	return earlier(l->last + QUIET, l->first + QUIET_MAX);
}

static int64_t reading_due(const struct listener *l)
{
	int64_t quiet = l->last + (l->lost ? QUIET_AFTER_LOSS : QUIET);
	int64_t due = earlier(quiet, l->since + (l->lost ? QUIET_AFTER_LOSS_MAX : QUIET_MAX));
	return due > l->not_before ? due : l->not_before;
}

// Milliseconds, -1 for ever.
static int patience(const struct listener *l)
{
	int64_t due = INT64_MAX, now = now_ms();
	if (l->events < 0)
		due = now + PAUSE_AFTER_ERROR;
	if (has_news(l))
		due = earlier(due, news_due(l));
	if (l->stale && !exchange_full(l->x))
		due = earlier(due, reading_due(l));
	return due == INT64_MAX ? -1 : due > now ? (int)(due - now) : 0;
}

static void wait_for_anything(struct listener *l)
{
	struct pollfd fds[] = {{.fd = l->x->wake, .events = POLLIN},
			       {.fd = l->events, .events = POLLIN},
			       {.fd = l->sysctls, .events = POLLIN}}; // -1 is passed over
	if (poll(fds, sizeof fds / sizeof *fds, patience(l)) < 0 && errno != EINTR) {
		char text[EXCHANGE_STATUS];
		snprintf(text, sizeof text, "cannot hear changes: %s; trying again", strerror(errno));
		exchange_set_status(l->x, text);
		make_stale(l, DUMP_ALL);
		poll(NULL, 0, PAUSE_AFTER_ERROR);
	}
	if (fds[1].revents || l->events < 0)
		hear(l);
	if (fds[2].revents & POLLIN && sysctl_watch_drain(l->sysctls)) {
		make_stale(l, DUMP_PROC | DUMP_LINKS); // those of all interfaces are written to each of them
	} else if (fds[2].revents) {                   // an error
		close(l->sysctls);
		l->sysctls = -1;
	}
}

static void *work(void *data)
{
	struct listener *l = data;
	l->sysctls = sysctl_watch();
	make_stale(l, DUMP_ALL);
	read_in_time(l);
	while (!exchange_stopped(l->x)) {
		unsigned asked;
		wait_for_anything(l);
		make_stale(l, exchange_due(l->x, &asked));
		if (asked)
			exchange_give(l->x, asked, read_in_time(l));
		else if (l->stale && !exchange_full(l->x) && now_ms() >= reading_due(l))
			read_in_time(l);
		else if (has_news(l) && now_ms() >= news_due(l))
			hand_over_whole(l);
	}
	return NULL;
}

static void free_listener(struct listener *l)
{
	if (l->events >= 0)
		close(l->events);
	if (l->sysctls >= 0)
		close(l->sysctls);
	nl_close(l->route);
	nl_close(l->fib);
	batch_free(&l->batch);
	free(l);
}

int listener_start(struct listener **out, struct exchange *x)
{
	*out = NULL;
	struct listener *l = calloc(1, sizeof *l);
	if (!l)
		return -ENOMEM;
	l->x = x;
	l->scope = (struct event_scope){.main4 = true, .vrf = true};
	l->events = subscribe_open(); // before the first reading: nothing may happen unheard
	l->sysctls = -1;
	int err = l->events < 0 ? l->events : nl_open(&l->route, NETLINK_ROUTE);
	if (!err) {
		nl_open(&l->fib, NETLINK_FIB_LOOKUP); // there is a way without
		err = thread_start(&l->thread, "bindwalk-listen", work, l);
	}
	if (err) {
		free_listener(l);
		return err;
	}
	*out = l;
	return 0;
}

void listener_stop(struct listener *l)
{
	if (!l)
		return;
	exchange_stop(l->x);
	pthread_join(l->thread, NULL);
	free_listener(l);
}
