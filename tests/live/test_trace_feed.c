// SPDX-License-Identifier: GPL-3.0-or-later
// A trace that nobody takes anything from, one that is closed at any time, and the last lines of what a program wrote:
// the program waits for nobody, and nobody for it. The traced program is this one.
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/trace/output_tail.h"
#include "core/trace/trace_feed.h"
#include "tests/live/live.h"

enum { MANY = 300, PATIENCE_MS = 60000 };

static char self[512];

// Ends by _exit(): a leak checker cannot work in a traced program.
static void be_program(int binds)
{
	struct sockaddr_in a = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	for (int i = 0; i < binds; i++) {
		int fd = socket(AF_INET, SOCK_DGRAM, 0);
		bind(fd, (struct sockaddr *)&a, sizeof a);
		close(fd);
		dprintf(STDOUT_FILENO, "line %d\n", i);
	}
	if (binds == 0)
		pause();
	_exit(5);
}

struct taken {
	unsigned binds, lines;
	char last[TAIL_TEXT];
};

static void take_bind(void *data, const struct bind_event *e, struct event_walk *walk)
{
	struct taken *t = data;
	t->binds += e->call == CALL_BIND;
	event_walk_close(walk);
}

static void take_note(void *data, enum trace_note note, pid_t process, const char *program)
{
	(void)data;
	(void)note;
	(void)process;
	(void)program;
}

static void take_line(void *data, const char *text)
{
	struct taken *t = data;
	t->lines++;
	snprintf(t->last, sizeof t->last, "%s", text);
}

static struct feed_out out_to(struct taken *t)
{
	return (struct feed_out){.bind = take_bind, .note = take_note, .line = take_line, .data = t};
}

static struct trace_feed *begin(const char *binds)
{
	char *argv[] = {self, (char *)binds, NULL};
	const struct feed_how how = {.command = argv};
	struct trace_feed *f;
	assert_int_equal(trace_feed_open(&how, &f), 0);
	return f;
}

// Nothing is taken meanwhile. False: nothing can be traced here.
static bool await(struct trace_feed *f, enum feed_state state)
{
	struct pollfd fd = {.fd = trace_feed_fd(f), .events = POLLIN};
	uint64_t count;
	struct feed_status s = trace_feed_status(f);
	for (; s.state < state; s = trace_feed_status(f)) {
		assert_int_equal(poll(&fd, 1, PATIENCE_MS), 1);
		assert_int_equal(read(fd.fd, &count, sizeof count), sizeof count);
	}
	if (s.why[0])
		print_message("no trace here: %s\n", s.why);
	return !s.why[0];
}

static void test_not_taken(void **state)
{
	(void)state;
	char binds[16];
	struct taken t = {0};
	const struct feed_out out = out_to(&t);
	snprintf(binds, sizeof binds, "%d", MANY);
	struct trace_feed *f = begin(binds);
	if (await(f, FEED_ENDED)) {
		struct feed_status s = trace_feed_status(f);
		assert_true(s.status_known && WIFEXITED(s.status) && WEXITSTATUS(s.status) == 5);
		assert_int_equal(s.binds, MANY);
		assert_true(s.lost > 0);
		trace_feed_take(f, &out);
		assert_true(t.binds > 0 && t.binds + s.lost >= MANY); // notes count among what was dropped
		assert_true(t.lines > 0 && t.lines <= TAIL_LINES);
	}
	trace_feed_close(f);
}

static void test_closed(void **state)
{
	(void)state;
	trace_feed_close(NULL);
	trace_feed_close(begin("0")); // before it has begun
	struct trace_feed *f = begin("0");
	bool runs = await(f, FEED_RUNS);
	pid_t pid = trace_feed_status(f).process;
	trace_feed_stop(f);
	assert_true(await(f, FEED_ENDED) == runs);
	assert_true(trace_feed_status(f).stopped || !runs);
	trace_feed_close(f);
	assert_true(!runs || kill(pid, 0) < 0); // nor is it a zombie
	char *none[] = {(char *)"/nonexistent/program", NULL};
	assert_int_equal(trace_feed_open(&(struct feed_how){.command = none}, &f), 0);
	assert_false(await(f, FEED_ENDED));
	trace_feed_close(f);
}

// Writes it, ends, and takes all that comes of it.
static struct taken tail_of(const char *bytes, size_t len)
{
	struct output_tail *tail;
	struct taken t = {0};
	int news = eventfd(0, EFD_CLOEXEC), to;
	uint64_t count;
	assert_int_equal(output_tail_open(news, &tail, &to), 0);
	assert_int_equal(write(to, bytes, len), len);
	close(to);
	for (unsigned n = 0; t.last[0] == '\0' || strcmp(t.last, "end") != 0; n++) {
		assert_int_equal(read(news, &count, sizeof count), sizeof count);
		output_tail_take(tail, take_line, &t);
	}
	output_tail_close(tail);
	close(news);
	return t;
}

static void test_tail(void **state)
{
	(void)state;
	char many[4 * TAIL_LINES * 8], *at = many, longest[4 * TAIL_TEXT];
	assert_int_equal(tail_of("one\r\n\n\ntwo\nend", 14).lines, 3); // the last one without an end
	for (int i = 0; i < 4 * TAIL_LINES; i++)
		at += sprintf(at, "%d\n", i);
	at += sprintf(at, "end");
	struct taken t = tail_of(many, (size_t)(at - many));
	assert_true(t.lines >= TAIL_LINES && t.lines <= 4 * TAIL_LINES + 1);
	memset(longest, 'x', sizeof longest);
	memcpy(longest + sizeof longest - 4, "\nend", 4);
	assert_int_equal(tail_of(longest, sizeof longest).lines, 2);
	struct output_tail *tail; // is closed while somebody has the pipe
	int news = eventfd(0, EFD_CLOEXEC), to;
	assert_int_equal(output_tail_open(news, &tail, &to), 0);
	output_tail_close(tail);
	close(to);
	close(news);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_not_taken),
		cmocka_unit_test(test_closed),
		cmocka_unit_test(test_tail),
	};
	if (argc > 1)
		be_program(atoi(argv[1]));
	if (readlink("/proc/self/exe", self, sizeof self - 1) <= 0)
		return 99;
	signal(SIGPIPE, SIG_IGN);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
