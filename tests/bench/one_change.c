// SPDX-License-Identifier: GPL-3.0-or-later
// one_change [-n N] COMMAND...: what adding or deleting one route costs a program that shows the address 203.0.113.77,
// from the event to the painted frame. Starts it on a terminal of its own, waits until it is at rest, and adds and
// deletes the route N times, each time until it rests again. Prints medians: cpu_ms of all threads, frame_ms to the
// last byte of the picture, frame_bytes; and peak_kib.
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "tests/bench/route.h"
#include "tests/bench/watched.h"

enum { ROWS = 24, COLS = 80, PATIENCE_MS = 60000, FRAME_GAP_MS = 100, MOST = 100 };

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

int main(int argc, char **argv)
{
	static const struct prefix4 prefix = {0xcb00714d, 32};
	static double cpu[2 * MOST], frame[2 * MOST], bytes[2 * MOST];
	size_t n = 5;
	struct watched w;
	for (int c; (c = getopt(argc, argv, "+n:")) != -1;)
		n = c == 'n' ? strtoul(optarg, NULL, 10) : 0;
	if (!n || n > MOST || optind == argc) {
		fprintf(stderr, "usage: one_change [-n N] COMMAND...\n");
		return 2;
	}
	watched_start(&w, ROWS, COLS, argv + optind);
	watched_await(&w, PATIENCE_MS);
	bool rests = watched_settle(&w, PATIENCE_MS);
	for (size_t i = 0; rests && i < 2 * n; i++) {
		struct cost before = watched_cost(&w);
		double began = now_ms();
		route_change(i % 2 == 0, &prefix, 1);
		watched_await(&w, PATIENCE_MS);
		bytes[i] = (double)watched_listen(&w, FRAME_GAP_MS, PATIENCE_MS);
		frame[i] = w.last - began;
		rests = bytes[i] > 0 && watched_settle(&w, PATIENCE_MS);
		cpu[i] = watched_cost(&w).cpu - before.cpu;
	}
	long peak = watched_peak(&w);
	watched_end(&w);
	if (!rests) {
		fprintf(stderr, "one_change: %s shows nothing, or comes to no rest\n", argv[optind]);
		return 1;
	}
	printf("cpu_ms=%.3f frame_ms=%.3f frame_bytes=%.0f peak_kib=%ld\n", median(cpu, 2 * n), median(frame, 2 * n),
	       median(bytes, 2 * n), peak);
	return 0;
}
