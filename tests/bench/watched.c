// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/bench/watched.h"

#include <dirent.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

double now_ms(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

void watched_start(struct watched *w, int rows, int cols, char **argv)
{
	struct winsize size = {.ws_row = (unsigned short)rows, .ws_col = (unsigned short)cols};
	*w = (struct watched){.began = now_ms()};
	w->pid = forkpty(&w->fd, NULL, NULL, &size);
	if (w->pid < 0) {
		perror("forkpty");
		exit(1);
	}
	if (w->pid == 0) {
		setenv("TERM", "xterm-256color", 1);
		execvp(argv[0], argv);
		_exit(127);
	}
}

void watched_await(const struct watched *w, double most)
{
	struct pollfd p = {.fd = w->fd, .events = POLLIN};
	poll(&p, 1, (int)most);
}

size_t watched_listen(struct watched *w, double gap, double most)
{
	size_t before = w->bytes;
	double end = now_ms() + most, quiet = now_ms() + gap;
	for (double now = now_ms(); now < end && now < quiet; now = now_ms()) {
		static char buf[65536];
		struct pollfd p = {.fd = w->fd, .events = POLLIN};
		double left = (quiet < end ? quiet : end) - now;
		struct timespec t = {(time_t)(left / 1e3), (long)((left - 1e3 * (double)(time_t)(left / 1e3)) * 1e6)};
		if (ppoll(&p, 1, &t, NULL) <= 0)
			continue;
		ssize_t n = read(w->fd, buf, sizeof buf);
		if (n <= 0)
			break;
		w->bytes += (size_t)n;
		w->last = now_ms();
		quiet = w->last + gap;
	}
	return w->bytes - before;
}

bool watched_settle(struct watched *w, double most)
{
	const double look = 250, nothing = 0.2; // milliseconds of the processor
	for (double end = now_ms() + most; now_ms() < end;) {
		double before = watched_cost(w).cpu;
		if (watched_listen(w, look, look) == 0 && watched_cost(w).cpu - before < nothing)
			return true;
	}
	return false;
}

void watched_type(const struct watched *w, const char *keys)
{
	if (write(w->fd, keys, strlen(keys)) < 0)
		perror("write");
}

struct cost watched_cost(const struct watched *w)
{
	struct cost c = {0};
	char path[300];
	snprintf(path, sizeof path, "/proc/%d/task", (int)w->pid);
	DIR *d = opendir(path);
	for (struct dirent *e; d && (e = readdir(d));) {
		unsigned long long ns = 0, waited = 0;
		unsigned long runs = 0;
		if (e->d_name[0] == '.')
			continue;
		snprintf(path, sizeof path, "/proc/%d/task/%s/schedstat", (int)w->pid, e->d_name);
		FILE *f = fopen(path, "re");
		if (f && fscanf(f, "%llu %llu %lu", &ns, &waited, &runs) == 3) {
			c.cpu += (double)ns / 1e6;
			c.runs += runs;
		}
		if (f)
			fclose(f);
	}
	if (d)
		closedir(d);
	return c;
}

long watched_peak(const struct watched *w)
{
	char path[64], line[128];
	long kib = -1;
	snprintf(path, sizeof path, "/proc/%d/status", (int)w->pid);
	FILE *f = fopen(path, "re");
	while (f && fgets(line, sizeof line, f))
		if (sscanf(line, "VmHWM: %ld", &kib) == 1)
			break;
	if (f)
		fclose(f);
	return kib;
}

void watched_end(struct watched *w)
{
	static const int signals[] = {SIGTERM, SIGKILL};
	for (size_t i = 0; i < sizeof signals / sizeof *signals; i++) {
		kill(w->pid, signals[i]);
		for (double end = now_ms() + 1000; now_ms() < end; watched_listen(w, 5, 5))
			if (waitpid(w->pid, NULL, WNOHANG) == w->pid) {
				close(w->fd);
				return;
			}
	}
	waitpid(w->pid, NULL, 0);
	close(w->fd);
}
