// SPDX-License-Identifier: GPL-3.0-or-later
#include "tui/watch.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/change/own_file.h"
#include "core/model/addr.h"
#include "core/observe/netns.h"
#include "core/command/argument.h"
#include "core/record/event_json.h"
#include "tui/arguments.h"
#include "tui/complain.h"
#include "tui/watch_live.h"

struct request {
	struct watch_wish wish;
	const char *file; // NULL: this host
	char **command;   // NULL: all programs
};

static bool wrong_value(enum cli_option_id id, const char *value, const char *expected)
{
	complain("--%s '%.80s' is not valid; expected %s", cli_option(id)->name, value, expected);
	return false;
}

static bool take_filter(struct event_filter *f, const char *const *given)
{
	const char *pid = given[CLI_OPT_PID], *port = given[CLI_OPT_PORT], *family = given[CLI_OPT_FAMILY],
		   *unit = given[CLI_OPT_UNIT];
	unsigned long number = 0;
	f->all = given[CLI_OPT_ALL];
	if (pid && (number_parse(pid, INT32_MAX, &number) < 0 || number == 0))
		return wrong_value(CLI_OPT_PID, pid, "the id of a process");
	f->pid = (int)number;
	if (port && number_parse(port, UINT16_MAX, &number) < 0)
		return wrong_value(CLI_OPT_PORT, port, "a number from 0 to 65535");
	f->by_port = port;
	f->port = port ? (uint16_t)number : 0;
	f->family = !family ? 0 : (uint16_t)sa_family_parse(family);
	if (unit && !*unit)
		return wrong_value(CLI_OPT_UNIT, unit, "the name of a unit or a container");
	f->unit = unit;
	return true;
}

// In a file it is a name that was written down, or an inode.
static bool take_netns(struct request *r, const char *which)
{
	struct event_filter *f = &r->wish.filter;
	char err[256];
	unsigned long number;
	if (!which)
		return true;
	bool is_number = number_parse(which, UINT32_MAX, &number) == 0;
	if (!is_number && !strchr(which, '/'))
		f->netns_name = which;
	if (r->file) {
		f->netns = is_number ? number : 0;
		return *which || wrong_value(CLI_OPT_NETNS, which, "a name or a number");
	}
	if (netns_inode(which, &f->netns, err, sizeof err) == 0)
		return true;
	complain("%s", err);
	return false;
}

static bool take_operands(struct request *r, const struct cli_line *line)
{
	int files = line->ended ? line->before : line->count;
	if (files > 1) {
		complain("'%.80s' is one argument too many; a command to watch comes after --", line->operands[1]);
		return false;
	}
	if (files && line->ended) {
		complain("'%.80s': give either a file to read or, after --, a command to watch", line->operands[0]);
		return false;
	}
	if (line->ended && line->count == 0) {
		complain("watch -- needs a command, as in: bindwalk watch -- python3 -m http.server");
		return false;
	}
	r->file = files ? line->operands[0] : NULL;
	r->command = line->ended ? line->operands : NULL;
	return true;
}

static bool take_output(struct request *r, const char *const *given)
{
	const char *limit = given[CLI_OPT_LIMIT];
	unsigned long number = 0;
	if (limit && (number_parse(limit, UINT32_MAX, &number) < 0 || number == 0))
		return wrong_value(CLI_OPT_LIMIT, limit, "a number from 1 to 4294967295");
	r->wish.limit = number;
	r->wish.output = given[CLI_OPT_OUTPUT];
	r->wish.json = given[CLI_OPT_JSON];
	r->wish.full = given[CLI_OPT_FULL];
	r->wish.summary = given[CLI_OPT_SUMMARY];
	r->wish.dated = r->file;
	r->wish.style = output_style(given[CLI_OPT_COLOR], given[CLI_OPT_ASCII]);
	// A line in a file or a pipe is one that grep finds whole.
	if (!isatty(STDOUT_FILENO) && !getenv("COLUMNS"))
		r->wish.style.width = UINT16_MAX;
	return true;
}

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
				complain("%.200s:%llu: %s", name, (unsigned long long)number, err);
		} else if (watch_tell_wants(t, &e)) {
			watch_tell_event(t, &e, &v, NULL);
		}
		if (len > EVENT_LINE)
			skip_line(l);
	}
	if (wrong > SAID)
		complain("%.200s: %llu more lines are not events", name, (unsigned long long)(wrong - SAID));
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

static int read_file(const struct request *r)
{
	struct watch_tell tell = {0};
	struct lines l = {.fd = open_file(r->file)};
	if (l.fd < 0)
		return l.fd == -EACCES || l.fd == -EPERM ? EXIT_MISSING : EXIT_WRONG;
	l.text = malloc(EVENT_LINE + 1);
	if (!l.text)
		complain("out of memory");
	enum exit_status how = l.text ? watch_tell_open(&tell, &r->wish) : EXIT_MISSING;
	if (how == EXIT_OK) {
		how = read_lines(&tell, &l, r->file);
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

int watch_main(int argc, char **argv)
{
	static struct request r;
	struct cli_line line;
	int status = arguments_read(CLI_WATCH, argc, argv, NULL, NULL, &line);
	if (status >= 0)
		return status;
	if (!take_operands(&r, &line) || !take_filter(&r.wish.filter, line.value) || !take_output(&r, line.value) ||
	    !take_netns(&r, line.value[CLI_OPT_NETNS]))
		return EXIT_WRONG;
	return r.file ? read_file(&r) : watch_live(&r.wish, r.command);
}
