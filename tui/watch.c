// SPDX-License-Identifier: GPL-3.0-or-later
#include "tui/watch.h"

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/model/addr.h"
#include "core/observe/netns.h"
#include "tui/arguments.h"
#include "tui/complain.h"
#include "tui/watch_file.h"
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
	return r.file ? watch_file(&r.wish, r.file) : watch_live(&r.wish, r.command);
}
