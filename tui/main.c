// SPDX-License-Identifier: GPL-3.0-or-later
// Options, one-shot runs, and the start of the explorer.
#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/change/journal.h"
#include "core/change/lab.h"
#include "core/command/nearest.h"
#include "core/command/tier_try.h"
#include "core/model/addr.h"
#include "core/observe/unit.h"
#include "tui/arguments.h"
#include "tui/compare_once.h"
#include "tui/complain.h"
#include "tui/end_signal.h"
#include "tui/explain.h"
#include "tui/explorer.h"
#include "tui/help.h"
#include "tui/lab_command.h"
#include "tui/lesson_main.h"
#include "tui/notes.h"
#include "tui/output.h"
#include "tui/rehearse.h"
#include "tui/replay.h"
#include "tui/run.h"
#include "tui/settings.h"
#include "tui/sockets.h"
#include "tui/stage.h"
#include "tui/story.h"
#include "tui/target.h"
#include "tui/trace.h"
#include "tui/watch.h"
#include "config.h"

static void print_tier(const char *name, bool has, const char *about, const char *why, struct report_style style)
{
	enum { HANGING = 11 };
	struct row r;
	row_clear(&r);
	r.hanging = HANGING;
	row_add(&r, ROLE_PLAIN, "  %-3s %-3s  %s%s", name, has ? "yes" : "no", about, has ? "" : ":");
	report_print(&r, style, stdout);
	if (has)
		return;
	row_clear(&r);
	r.hanging = HANGING;
	row_add(&r, ROLE_PLAIN, "%*s%s", HANGING, "", why);
	report_print(&r, style, stdout);
}

// With the tier: what cannot be had here is named with its reason and remedy.
static void print_version(void)
{
	char why[TIER_COUNT][TIER_WHY];
	bool has[TIER_COUNT];
	enum tier highest = TIER_USER;
	for (int t = 0; t < TIER_COUNT; t++)
		if ((has[t] = tier_try((enum tier)t, why[t], sizeof why[t])))
			highest = (enum tier)t;
	const struct report_style style = output_style("never", false);
	output_line("bindwalk %s", PACKAGE_VERSION);
	output_line("tier %s", tier_info(highest)->name);
	for (int t = 0; t < TIER_COUNT; t++)
		print_tier(tier_info((enum tier)t)->name, has[t], tier_info((enum tier)t)->about, why[t], style);
	const char *no_units;
	bool units = unit_can_tell(&no_units);
	print_tier("units", units, "the systemd unit and the container of a socket (bindwalk sockets)", no_units,
		   style);
}

// -1 to go on, else the exit status.
static int read_options(enum cli_command command, int argc, char **argv, struct cli_line *line,
			struct explorer_options *o)
{
	int status = arguments_read(command, argc, argv, NULL, NULL, line);
	if (status >= 0)
		return status;
	if (line->value[CLI_OPT_VERSION] || line->value[CLI_OPT_PRINT_CONFIG]) {
		if (line->value[CLI_OPT_VERSION])
			print_version();
		else
			settings_print(stdout);
		return (int)output_finish();
	}
	arguments_look(line, o);
	o->place = target_of(line);
	return -1;
}

static const char *command_at(void *data, size_t n)
{
	(void)data;
	enum cli_command c = (enum cli_command)(CLI_EXPLORER + 1 + n);
	return c < CLI_COUNT ? cli_command_info(c)->name : NULL;
}

// ADDRESS [PORT]. -1 to go on, else the exit status.
static int parse_address(const char *text, const char *port, struct explorer_options *o)
{
	struct endpoint ep;
	char err[512], commands[128] = "";
	if (endpoint_parse(text, &ep, err, sizeof err) < 0) {
		for (int c = CLI_EXPLORER + 1; c < CLI_COUNT; c++) {
			size_t at = strlen(commands);
			snprintf(commands + at, sizeof commands - at, "%s%s", at ? ", " : "",
				 cli_command_info((enum cli_command)c)->name);
		}
		const char *near = nearest_word(text, command_at, NULL);
		if (near)
			complain("'%.80s' is not a command; did you mean %s?", text, near);
		else
			complain("%s; or a command: %s", err, commands);
		return EXIT_WRONG;
	}
	unsigned long number = ep.port;
	if (port && ep.has_port) {
		complain("'%.80s' is a second port; leave one of them out", port);
		return EXIT_WRONG;
	}
	if (port && number_parse(port, UINT16_MAX, &number) < 0) {
		complain("'%.80s' is not a port (0 to 65535)", port);
		return EXIT_WRONG;
	}
	ep.has_port |= port != NULL;
	ep.port = (uint16_t)number;
	o->first = attempt_new(&ep.addr);
	attempt_aim(&o->first, &ep);
	o->has_first = true;
	return -1;
}

// In a lab everybody is root, but an ordinary user's PATH leaves out where sysctl is, and on some systems ip.
static void reach_system_commands(void)
{
	const char *path = getenv("PATH");
	char longer[4096];
	if (path && !strstr(path, "/usr/sbin") &&
	    snprintf(longer, sizeof longer, "%s:/usr/sbin:/sbin", path) < (int)sizeof longer)
		setenv("PATH", longer, 1);
}

static int explore(struct explorer_options *o)
{
	char left[JOURNAL_ERROR];
	int status = target_edit(&o->place, true, &o->editor);
	if (status >= 0)
		return status;
	o->lab = o->place.lab;
	if (o->lab && lab_remark()[0])
		o->notice = lab_remark(); // earlier output is beneath the screen
	else if (!o->editor && !o->notice)
		o->notice = target_left(left, sizeof left);
	// A terminal that goes away tells it twice: by itself, and by its shell. Neither comes between us and what is
	// to be undone.
	int end_signal;
	end_signal_hold();
	status = explorer_run(o, &end_signal);
	bool clean = target_leave(o->editor);
	end_signal_release(end_signal);
	return clean || status ? status : EXIT_MISSING;
}

// A host that can only be looked at is better than nothing.
static int go_on_read_only(struct explorer_options *o)
{
	complain("continuing with %s, read-only", o->place.netns ? "that namespace" : "this host");
	if (!output_terminal()) {
		story_tell(output_style(o->color, o->ascii), false);
		return EXIT_MISSING;
	}
	o->place = (struct target){.netns = o->place.netns};
	char notice[LAB_ERROR + EDIT_ERROR + 64]; // earlier output is beneath the screen
	snprintf(notice, sizeof notice, "%s, read-only, because there is no lab: %s",
		 o->place.netns ? "that namespace" : "this host", target_refusal());
	o->notice = notice;
	int status = explore(o);
	o->notice = NULL;
	return status;
}

// argv[0] is "lab".
static int lab_main(int argc, char **argv, struct explorer_options *o)
{
	struct cli_line line;
	int status = read_options(CLI_LAB, argc, argv, &line, o);
	if (status >= 0)
		return status;
	bool command = line.ended;
	if (command && line.count == 0) {
		complain("lab -- needs a command, as in: bindwalk lab -- ip addr");
		return EXIT_WRONG;
	}
	const char *port = line.count > 1 ? line.operands[1] : NULL;
	if (!command && line.count > 2) {
		complain("'%.80s' is one argument too many; a command in the lab comes after --", line.operands[2]);
		return EXIT_WRONG;
	}
	if (!command && line.count && (status = parse_address(line.operands[0], port, o)) >= 0)
		return status;
	// First there: a namespace that can't be entered does not mean that labs are refused.
	const struct target there = {.netns = o->place.netns};
	if ((status = target_enter(&there)) >= 0)
		return status;
	o->place.lab = true;
	const struct target lab = {.with = o->place.with, .lab = true, .edit = o->place.edit};
	status = target_enter(&lab);
	if (status == EXIT_MISSING && !command)
		return go_on_read_only(o);
	if (status >= 0)
		return status;
	if (command) {
		char join[128];
		setenv("BINDWALK_LAB", target_join(join, sizeof join), 1);
		reach_system_commands();
		lab_command(line.operands);
	}
	if (!output_terminal() && o->place.with && strcmp(o->place.with, "host") != 0) {
		complain(
			"--with %s needs a terminal or a command after --; without a terminal, the story uses the lab 'host'",
			o->place.with);
		return EXIT_MISSING;
	}
	if (!output_terminal())
		return (int)story_tell(output_style(o->color, o->ascii), true);
	return explore(o);
}

// A descriptor 0, 1 or 2 that was handed over closed would be given to a socket, and be written to.
static int check_descriptors(void)
{
	bool no_output = fcntl(STDOUT_FILENO, F_GETFD) < 0;
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		// To read from it fails, as it would from none.
		if (fcntl(fd, F_GETFD) < 0 && open("/dev/null", O_WRONLY | O_CLOEXEC) < 0)
			return EXIT_MISSING;
	if (no_output) {
		complain("standard output is closed; it must be a terminal, a file or a pipe");
		return EXIT_MISSING;
	}
	return -1;
}

static int explorer_main(int argc, char **argv, struct explorer_options *o)
{
	int status;
	if (argc >= 1 && (status = parse_address(argv[0], argc > 1 ? argv[1] : NULL, o)) >= 0)
		return status;
	if (argc > 2) {
		complain("'%.80s' is one argument too many; see bindwalk --help", argv[2]);
		return EXIT_WRONG;
	}
	if (!output_terminal()) {
		complain("the explorer needs a terminal; without one: bindwalk explain ADDRESS, or bindwalk lab");
		return EXIT_MISSING;
	}
	if ((status = target_enter(&o->place)) >= 0)
		return status;
	return explore(o);
}

// argv[0] is the subcommand.
static int run_subcommand(enum cli_command command, int argc, char **argv, struct explorer_options *o)
{
	switch (command) {
	case CLI_EXPLAIN:
		return explain_main(argc, argv);
	case CLI_COMPARE:
		return compare_main(argc, argv);
	case CLI_RUN:
		return run_main(argc, argv);
	case CLI_REPLAY:
		return replay_main(argc, argv);
	case CLI_SOCKETS:
		return sockets_main(argc, argv);
	case CLI_WATCH:
		return watch_main(argc, argv);
	case CLI_TRACE:
		return trace_main(argc, argv);
	case CLI_LAB:
		return lab_main(argc, argv, o);
	case CLI_LESSON:
		return lesson_main(argc, argv, o, explore);
	case CLI_STAGE:
		return stage_main(argc, argv, o, explore);
	case CLI_NOTES:
		return notes_main(argc, argv);
	case CLI_REHEARSE:
		return rehearse_main(argc, argv);
	default:
		return help_main(argc, argv);
	}
}

static int run(int argc, char **argv)
{
	struct explorer_options o = {0};
	struct cli_line line;
	int status;
	if ((status = read_options(CLI_EXPLORER, argc, argv, &line, &o)) >= 0)
		return status;
	enum cli_command command = line.count && !line.ended ? cli_find(line.operands[0]) : CLI_EXPLORER;
	if (command != CLI_EXPLORER) {
		// Options that stand before a subcommand are its own: none is passed over because of its place.
		char *name = line.operands[0];
		memmove(argv + 2, argv + 1, (size_t)(line.operands - argv - 1) * sizeof *argv);
		argv[1] = name;
		return run_subcommand(command, argc - 1, argv + 1, &o);
	}
	return explorer_main(line.count, line.operands, &o);
}

int main(int argc, char **argv)
{
	int status = check_descriptors();
	if (status >= 0)
		return status;
	setlocale(LC_CTYPE, ""); // which characters the terminal shows; all texts are English
	output_ignore_signals(); // a write that fails is reported where it was made
	status = run(argc, argv);
	output_leave();
	return status;
}
