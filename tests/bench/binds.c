// SPDX-License-Identifier: GPL-3.0-or-later
// binds [-n N] [-r ROUNDS] watch|watch-all|witness: what it costs a program that its binds are seen. In each round N
// binds in a row are made alone, and N while they are watched, half of them refused; another process reads what was
// seen. Prints medians: ratios of the processor's time, nanoseconds of a bind alone and watched; and over all rounds
// how many binds were made, seen and lost. Needs a network namespace with lo up.
#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "core/evidence/bind_probe.h"
#include "core/evidence/watch.h"

enum { AT_ONCE = 500, MOST_ROUNDS = 50 };

// Nanoseconds of a bind: of one that is refused, and of one that is not.
struct cost {
	double refused, granted;
};

static void die(const char *what)
{
	fprintf(stderr, "binds: %s: %s\n", what, strerror(errno));
	exit(1);
}

static double cpu_ns(void)
{
	struct timespec t;
	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static struct sockaddr_in address(const char *text)
{
	struct sockaddr_in s = {.sin_family = AF_INET};
	inet_pton(AF_INET, text, &s.sin_addr);
	return s;
}

// AT_ONCE binds of each kind. The sockets are there before the clock starts.
static struct cost bind_some(void)
{
	const struct sockaddr_in far = address("198.51.100.1"), near = address("127.0.0.1");
	int fds[AT_ONCE], refused = 0, granted = 0;
	for (int i = 0; i < AT_ONCE; i++)
		if ((fds[i] = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)) < 0)
			die("socket");
	double began = cpu_ns();
	for (int i = 0; i < AT_ONCE; i++)
		refused += bind(fds[i], (const struct sockaddr *)&far, sizeof far) < 0;
	double between = cpu_ns();
	for (int i = 0; i < AT_ONCE; i++)
		granted += bind(fds[i], (const struct sockaddr *)&near, sizeof near) == 0;
	double end = cpu_ns();
	for (int i = 0; i < AT_ONCE; i++)
		close(fds[i]);
	if (refused != AT_ONCE || granted != AT_ONCE)
		die("198.51.100.1 is an address here, or 127.0.0.1 is none");
	return (struct cost){(between - began) / AT_ONCE, (end - between) / AT_ONCE};
}

static int by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return (x > y) - (x < y);
}

static double median(double *v, size_t n)
{
	qsort(v, n, sizeof *v, by_size);
	return v[n / 2];
}

// N binds, and what `after` does to make room; the medians of all turns.
static struct cost bind_many(size_t n, void (*after)(void *data), void *data)
{
	size_t turns = n / (2 * AT_ONCE);
	double *refused = calloc(turns, sizeof *refused), *granted = calloc(turns, sizeof *granted);
	if (!refused || !granted)
		die("memory");
	for (size_t i = 0; i < turns; i++) {
		struct cost c = bind_some();
		refused[i] = c.refused;
		granted[i] = c.granted;
		if (after)
			after(data);
	}
	struct cost c = {median(refused, turns), median(granted, turns)};
	free(refused);
	free(granted);
	return c;
}

static void ignore_event(void *data, const struct bind_event *e)
{
	(void)data;
	(void)e;
}

static void ignore_record(void *data, const struct bind_record *r, size_t len)
{
	(void)data;
	(void)r;
	(void)len;
}

static void drain_probe(void *data)
{
	bind_probe_read(data, ignore_record, NULL);
}

// Another process that watches until `stop` ends, and says how many it saw.
static void watch_until(bool all, int stop, int told)
{
	struct watch_how how = {.all = all, .no_tracepoints = true};
	struct watch *w;
	char err[WATCH_ERROR] = "";
	if (watch_open(&how, &w, err, sizeof err) < 0) {
		fprintf(stderr, "%s\n", err);
		_exit(1);
	}
	struct bind_counts before = watch_counts(w);
	struct pollfd fds[] = {{watch_fd(w), POLLIN, 0}, {stop, POLLIN, 0}};
	if (write(told, "", 1) != 1)
		_exit(1);
	while (!fds[1].revents && poll(fds, 2, -1) >= 0)
		watch_read(w, ignore_event, NULL);
	while (watch_read(w, ignore_event, NULL) > 0)
		;
	struct bind_counts now = watch_counts(w), n = {.seen = now.seen - before.seen, .lost = now.lost - before.lost};
	if (write(told, &n, sizeof n) != sizeof n)
		_exit(1);
	watch_close(w);
	_exit(0);
}

static struct cost bind_watched(size_t n, bool all, struct bind_counts *seen)
{
	int stop[2], told[2], status;
	char byte;
	if (pipe(stop) < 0 || pipe(told) < 0)
		die("pipe");
	pid_t child = fork();
	if (child == 0) {
		close(stop[1]);
		close(told[0]);
		watch_until(all, stop[0], told[1]);
	}
	close(stop[0]);
	close(told[1]);
	if (read(told[0], &byte, 1) != 1)
		exit(1); // it has said why
	struct cost c = bind_many(n, NULL, NULL);
	close(stop[1]);
	struct bind_counts once = {0};
	if (read(told[0], &once, sizeof once) != sizeof once)
		die("the watching process");
	close(told[0]);
	waitpid(child, &status, 0);
	seen->seen += once.seen;
	seen->lost += once.lost;
	return c;
}

static struct cost bind_witnessed(size_t n, struct bind_counts *seen)
{
	const struct bind_probe_how how = {.own_thread = true};
	struct bind_probe *p;
	char err[PROBE_ERROR];
	if (bind_probe_open(&how, &p, err, sizeof err) < 0) {
		fprintf(stderr, "%s\n", err);
		exit(1);
	}
	bind_probe_on(p, true);
	struct cost c = bind_many(n, drain_probe, p);
	struct bind_counts once = bind_probe_counts(p);
	bind_probe_close(p);
	seen->seen += once.seen;
	seen->lost += once.lost;
	return c;
}

int main(int argc, char **argv)
{
	static double refused[MOST_ROUNDS], granted[MOST_ROUNDS], alone[2][MOST_ROUNDS], watched[2][MOST_ROUNDS];
	size_t n = 100000, rounds = 3;
	for (int c; (c = getopt(argc, argv, "n:r:")) != -1;)
		*(c == 'n' ? &n : &rounds) = c == '?' ? 0 : strtoul(optarg, NULL, 10);
	const char *way = optind == argc - 1 ? argv[optind] : "";
	bool witness = strcmp(way, "witness") == 0, all = strcmp(way, "watch-all") == 0;
	if (!(witness || all || strcmp(way, "watch") == 0) || n < 2 * AT_ONCE || !rounds || rounds > MOST_ROUNDS) {
		fprintf(stderr, "usage: binds [-n N] [-r ROUNDS] watch|watch-all|witness\n");
		return 2;
	}
	struct bind_counts seen = {0};
	bind_many(n, NULL, NULL); // what is done once is done
	for (size_t i = 0; i < rounds; i++) {
		struct cost a = bind_many(n, NULL, NULL);
		struct cost w = witness ? bind_witnessed(n, &seen) : bind_watched(n, all, &seen);
		refused[i] = w.refused / a.refused;
		granted[i] = w.granted / a.granted;
		alone[0][i] = a.refused;
		alone[1][i] = a.granted;
		watched[0][i] = w.refused;
		watched[1][i] = w.granted;
	}
	printf("refused_ratio=%.2f granted_ratio=%.2f refused_ns=%.0f refused_watched_ns=%.0f granted_ns=%.0f "
	       "granted_watched_ns=%.0f made=%zu seen=%llu lost=%llu\n",
	       median(refused, rounds), median(granted, rounds), median(alone[0], rounds), median(watched[0], rounds),
	       median(alone[1], rounds), median(watched[1], rounds), n / (2 * AT_ONCE) * 2 * AT_ONCE * rounds,
	       (unsigned long long)seen.seen, (unsigned long long)seen.lost);
	return 0;
}
