// SPDX-License-Identifier: GPL-3.0-or-later
#include "tui/trace.h"

#include <unistd.h>

#include "core/model/addr.h"
#include "tui/arguments.h"
#include "tui/complain.h"
#include "tui/target.h"
#include "tui/trace_live.h"
#include "tui/trace_user.h"

static bool take_program(const struct cli_line *line, struct tracer_how *how)
{
	const char *pid = line->value[CLI_OPT_PID];
	unsigned long number = 0;
	if (pid && (number_parse(pid, INT32_MAX, &number) < 0 || number == 0)) {
		complain("--pid '%.80s' is not valid; expected the id of a process", pid);
		return false;
	}
	if (line->count && !line->ended) {
		complain("'%.80s': a command to trace comes after --, as in: bindwalk trace -- nginx -t",
			 line->operands[0]);
		return false;
	}
	if (pid && line->count) {
		complain("'%.80s': give either a command or, with -p, a process that runs", line->operands[0]);
		return false;
	}
	if (!pid && !line->count) {
		complain("expected a command to trace, as in: bindwalk trace -- nginx -t; or -p PID");
		return false;
	}
	if (pid && line->value[CLI_OPT_USER]) {
		complain("--user '%.80s' is for a command, and a process that runs has its user",
			 line->value[CLI_OPT_USER]);
		return false;
	}
	if (pid && line->value[CLI_OPT_NETNS]) {
		complain("--netns '%.80s' is for a command, and a process that runs has its network namespace",
			 line->value[CLI_OPT_NETNS]);
		return false;
	}
	how->pid = (pid_t)number;
	how->command = pid ? NULL : line->operands;
	return true;
}

int trace_main(int argc, char **argv)
{
	struct cli_line line;
	struct tracer_how how = {.output = -1};
	int status = arguments_read(CLI_TRACE, argc, argv, NULL, NULL, &line);
	if (status >= 0)
		return status;
	if (!take_program(&line, &how))
		return EXIT_WRONG;
	const char *const *given = line.value;
	how.stay = given[CLI_OPT_STAY];
	how.every_option = given[CLI_OPT_OPTIONS];
	const struct trace_wish wish = {.failed = given[CLI_OPT_FAILED],
					.full = given[CLI_OPT_FULL],
					.json = given[CLI_OPT_JSON],
					.summary = given[CLI_OPT_SUMMARY],
					.options = given[CLI_OPT_OPTIONS],
					.output = given[CLI_OPT_OUTPUT],
					.style = output_style_of(given[CLI_OPT_OUTPUT] ? -1 : STDERR_FILENO,
								 given[CLI_OPT_COLOR], given[CLI_OPT_ASCII])};
	struct launch_user user = {0};
	if (given[CLI_OPT_USER] && (status = (int)trace_user_find(given[CLI_OPT_USER], &user)) != EXIT_OK)
		return status;
	how.user = given[CLI_OPT_USER] ? &user : NULL;
	const struct target place = target_of(&line); // which the command inherits
	if ((status = target_enter(&place)) < 0)
		status = trace_live(&wish, &how);
	trace_user_free(&user);
	return status;
}
