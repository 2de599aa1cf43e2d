// SPDX-License-Identifier: GPL-3.0-or-later
// Runs a program and prints what it cost, as words "NAME=NUMBER".
//
//   measure run COMMAND...      to its end, without output: wall_ms, cpu_ms, peak_kib
//   measure screen [OPTION]... COMMAND...
//                               on a terminal of its own, to its first full frame (what came before 40 ms of
//                               silence): wall_ms, cpu_ms, peak_kib
//     -z COLSxROWS              the terminal's size, 80x24 otherwise
//     -s KEYS                   types these first, and waits until it is quiet, which some never are: 5 s at most
//     -k KEY -n N               then types KEY N times, one after the other: key_bytes, key_cpu_ms and key_ms, from
//                               the key to the last byte of its frame, medians of the last half
//     -i SECONDS                then lets it rest that long: wakeups_s, idle_bytes_s, idle_cpu_ms_s
//
// KEYS may have \e for Escape, \n for Enter, \t for Tab.
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/bench/watched.h"

enum { ROWS = 24, COLS = 80, FRAME_GAP_MS = 40, FRAME_MS = 20000, SETTLE_MS = 5000, KEYS = 1000 };

static double ms_of(struct timeval t)
{
	return (double)t.tv_sec * 1e3 + (double)t.tv_usec / 1e3;
}

static int run(char **argv)
{
	int status;
	struct rusage use;
	double began = now_ms();
	pid_t pid = fork();
	if (pid == 0) {
		int null = open("/dev/null", O_RDWR);
		dup2(null, STDOUT_FILENO);
		dup2(null, STDERR_FILENO);
		execvp(argv[0], argv);
		_exit(127);
	}
	if (pid < 0 || wait4(pid, &status, 0, &use) != pid || !WIFEXITED(status) || WEXITSTATUS(status) == 127)
		return 1;
	printf("wall_ms=%.3f cpu_ms=%.3f peak_kib=%ld\n", now_ms() - began, ms_of(use.ru_utime) + ms_of(use.ru_stime),
	       use.ru_maxrss);
	return 0;
}

static int by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return (x > y) - (x < y);
}

static double median(double *v, size_t n)
{
	qsort(v, n, sizeof *v, by_size);
	return n ? v[n / 2] : 0;
}

static void press(struct watched *w, const char *key, unsigned n)
{
	static double bytes[KEYS], cpu[KEYS], ms[KEYS];
	unsigned kept = 0;
	for (unsigned i = 0; i < n; i++) {
		struct cost before = watched_cost(w);
		double typed = now_ms();
		watched_type(w, key);
		size_t came = watched_listen(w, 60, 1000);
		if (i < n / 2)
			continue;
		ms[kept] = came ? w->last - typed : 0;
		bytes[kept] = (double)came;
		cpu[kept++] = watched_cost(w).cpu - before.cpu;
	}
	printf(" key_bytes=%.0f key_cpu_ms=%.3f key_ms=%.3f", median(bytes, kept), median(cpu, kept), median(ms, kept));
}

static void rest(struct watched *w, double seconds)
{
	struct cost before = watched_cost(w);
	size_t bytes = watched_listen(w, seconds * 1e3, seconds * 1e3);
	struct cost after = watched_cost(w);
	printf(" wakeups_s=%.2f idle_bytes_s=%.1f idle_cpu_ms_s=%.3f", (double)(after.runs - before.runs) / seconds,
	       (double)bytes / seconds, (after.cpu - before.cpu) / seconds);
}

static char *keys_of(char *text)
{
	char *out = text;
	for (char *in = text; *in; in++)
		if (*in == '\\' && in[1])
			*out++ = *++in == 'e' ? '\033' : *in == 'n' ? '\r' : *in == 't' ? '\t' : *in;
		else
			*out++ = *in;
	*out = '\0';
	return text;
}

static int screen(int argc, char **argv)
{
	const char *first = NULL, *key = NULL;
	unsigned n = 60;
	int rows = ROWS, cols = COLS;
	double seconds = 0;
	for (int c; (c = getopt(argc, argv, "+z:s:k:n:i:")) != -1;)
		switch (c) {
		case 'z':
			if (sscanf(optarg, "%dx%d", &cols, &rows) != 2)
				return 2;
			break;
		case 's':
			first = keys_of(optarg);
			break;
		case 'k':
			key = keys_of(optarg);
			break;
		case 'n':
			n = (unsigned)atoi(optarg);
			break;
		case 'i':
			seconds = atof(optarg);
			break;
		default:
			return 2;
		}
	if (optind == argc || n > KEYS)
		return 2;
	struct watched w;
	watched_start(&w, rows, cols, argv + optind);
	watched_await(&w, FRAME_MS);
	watched_listen(&w, FRAME_GAP_MS, FRAME_MS);
	printf("wall_ms=%.3f cpu_ms=%.3f peak_kib=%ld", w.last - w.began, watched_cost(&w).cpu, watched_peak(&w));
	if (first || key || seconds > 0)
		watched_settle(&w, SETTLE_MS);
	if (first) {
		watched_type(&w, first);
		watched_settle(&w, SETTLE_MS);
	}
	if (key)
		press(&w, key, n);
	if (seconds > 0)
		rest(&w, seconds);
	printf("\n");
	watched_end(&w);
	return 0;
}

int main(int argc, char **argv)
{
	if (argc > 2 && strcmp(argv[1], "run") == 0)
		return run(argv + 2);
	if (argc > 2 && strcmp(argv[1], "screen") == 0)
		return screen(argc - 1, argv + 1);
	fprintf(stderr, "usage: measure run|screen ...\n");
	return 2;
}
