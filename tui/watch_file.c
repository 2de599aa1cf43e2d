// SPDX-License-Identifier: GPL-3.0-or-later
#include "tui/watch_file.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/change/own_file.h"
#include "core/record/event_json.h"
#include "tui/complain.h"

// Lines of a descriptor, each in a buffer that holds the longest that is read.
struct lines {
	int fd;
	char *text; // EVENT_LINE + 1 bytes
	size_t from, used;
	bool ended, failed;
};

static void fill(struct lines *l)
{
	memmove(l->text, l->text + l->from, l->used - l->from);
	l->used -= l->from;
	l->from = 0;
	ssize_t n;
	do
		n = read(l->fd, l->text + l->used, EVENT_LINE + 1 - l->used);
	while (n < 0 && errno == EINTR);
	l->failed |= n < 0;
	l->ended |= n <= 0;
	l->used += n > 0 ? (size_t)n : 0;
}

// The next one, without its end; of one that is too long its beginning, so that it is refused. NULL at the end.
static const char *next_line(struct lines *l, size_t *len)
{
	const char *end = NULL;
	while (!(end = memchr(l->text + l->from, '\n', l->used - l->from)) && !l->ended &&
	       l->used - l->from <= EVENT_LINE)
		fill(l);
	const char *line = l->text + l->from;
	*len = end ? (size_t)(end - line) : l->used - l->from;
	l->from += *len + (end != NULL);
	return *len || end ? line : NULL;
}

// Skips what is left of a line of which only the beginning was had.
static void skip_line(struct lines *l)
{
	const char *end;
	do {
		l->from = l->used;
		fill(l);
	} while (!(end = memchr(l->text, '\n', l->used)) && !l->ended);
	l->from = end ? (size_t)(end - l->text) + 1 : l->used;
}

static bool is_blank(const char *line, size_t len)
{
	size_t i = 0;
	while (i < len && strchr(" \t\r", line[i]) && line[i])
		i++;
	return i == len;
}

// Says what is wrong with the first few lines, and how many more there are.
static enum exit_status read_lines(struct watch_tell *t, struct lines *l, const char *name)
{
	enum { SAID = 5 };
	static struct bind_event e;
	static struct event_verdict v;
	char err[EVENT_ERROR];
	const char *line;
	size_t len;
	uint64_t number = 0, wrong = 0;
	while (!t->over && (line = next_line(l, &len))) {
		number++;
		if (is_blank(line, len))
			continue;
		if (event_json_read(line, len, &e, &v, err, sizeof err) < 0) {
			if (wrong++ < SAID)
				complain("%.200s:%llu: not a bind that watch wrote: %s", name,
					 (unsigned long long)number, err);
		} else if (watch_tell_wants(t, &e)) {
			watch_tell_event(t, &e, &v, NULL);
		}
		if (len > EVENT_LINE)
			skip_line(l);
	}
	if (wrong > SAID)
		complain("%.200s: %llu more lines are not binds that watch wrote", name,
			 (unsigned long long)(wrong - SAID));
	if (l->failed)
		complain("%.200s: it cannot be read to its end", name);
	return wrong ? EXIT_WRONG : l->failed ? EXIT_MISSING : EXIT_OK;
}

static int open_file(const char *path)
{
	if (strcmp(path, "-") == 0)
		return STDIN_FILENO;
	int fd = own_file_peek(path);
	if (fd == -EINVAL)
		complain("'%.200s' is not a regular file", path);
	else if (fd < 0)
		complain("'%.200s': %s; expected a file that watch -o wrote", path, strerror(-fd));
	return fd;
}

int watch_file(const struct watch_wish *wish, const char *path)
{
	struct watch_tell tell = {0};
	struct lines l = {.fd = open_file(path)};
	if (l.fd < 0)
		return l.fd == -EACCES || l.fd == -EPERM ? EXIT_MISSING : EXIT_WRONG;
	l.text = malloc(EVENT_LINE + 1);
	if (!l.text)
		complain("out of memory");
	enum exit_status how = l.text ? watch_tell_open(&tell, wish) : EXIT_MISSING;
	if (how == EXIT_OK) {
		how = read_lines(&tell, &l, path);
		enum exit_status end = watch_tell_close(&tell);
		how = end != EXIT_OK ? end : how;
	}
	if (tell.unknown)
		complain("%llu not shown, because what an option asks for could not be seen",
			 (unsigned long long)tell.unknown);
	free(l.text);
	if (l.fd != STDIN_FILENO)
		close(l.fd);
	return (int)how;
}
