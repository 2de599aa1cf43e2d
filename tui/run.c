// SPDX-License-Identifier: GPL-3.0-or-later
#include "tui/run.h"

#include <errno.h>
#include <getopt.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/command/cli.h"
#include "core/command/script_read.h"
#include "core/command/session_run.h"
#include "tui/complain.h"
#include "tui/confirm.h"
#include "tui/end_signal.h"
#include "tui/line_error.h"
#include "tui/output.h"
#include "tui/shell.h"
#include "tui/target.h"

struct printer {
	struct report_style style;
	bool waits; // somebody sits there
};

static void print_row(void *data, const struct row *row)
{
	const struct printer *p = data;
	if (row->text[0] == '\0' || strcmp(row->text, " ") == 0)
		putchar('\n');
	else
		report_print(row, p->style, stdout);
}

static void print_json(void *data, const char *object)
{
	(void)data;
	puts(object);
	fflush(stdout);
}

static void wait_here(void *data, const struct row *text)
{
	const struct printer *p = data;
	if (text->text[0])
		print_row(data, text);
	if (!p->waits)
		return;
	fputs("[Enter] ", stdout);
	fflush(stdout);
	for (int c; (c = getchar()) != EOF && c != '\n';)
		;
}

static enum exit_status unreadable(const char *name, int err)
{
	fprintf(stderr, "%s: %s\n", name, strerror(-err));
	return EXIT_MISSING;
}

// The first line that does not end well stops it.
static enum exit_status run_script(struct session *s, struct script *script, const struct session_out *out)
{
	struct session_error error;
	enum exit_status how = EXIT_OK;
	while (how == EXIT_OK && !s->quit && !end_signal_noted() && script_next(script)) {
		how = session_script(s, script, out, &error);
		if (how != EXIT_OK)
			line_error_print(script->name, script->line, script->now, &error);
	}
	if (how == EXIT_OK && script->err < 0 && !end_signal_noted())
		how = unreadable(script->name, script->err);
	return how;
}

static bool on_a_terminal(void)
{
	return isatty(STDIN_FILENO) && isatty(STDOUT_FILENO);
}

struct request {
	struct target place;
	bool json, ascii, help;
	const char *color, *path;
};

static bool wrong(const char *fmt, const char *input)
{
	complain(fmt, input);
	return false;
}

static bool parse_request(int argc, char **argv, struct request *r)
{
	struct option long_options[CLI_OPT_COUNT + 1];
	cli_getopt(CLI_RUN, long_options);
	optind = 0; // getopt begins anew, with the order of this call
	opterr = 0;
	for (int key; (key = getopt_long(argc, argv, ":", long_options, NULL)) != -1;) {
		switch (key) {
		case CLI_KEY + CLI_OPT_LAB:
		case CLI_KEY + CLI_OPT_WITH:
		case CLI_KEY + CLI_OPT_NETNS:
		case CLI_KEY + CLI_OPT_EDIT:
		case CLI_KEY + CLI_OPT_YES:
			target_option(&r->place, key, optarg);
			break;
		case CLI_KEY + CLI_OPT_JSON:
			r->json = true;
			break;
		case CLI_KEY + CLI_OPT_ASCII:
			r->ascii = true;
			break;
		case CLI_KEY + CLI_OPT_COLOR:
			if (!cli_accepts(CLI_OPT_COLOR, optarg))
				return wrong("--color '%.80s' is unknown; accepted are auto, always, never", optarg);
			r->color = optarg;
			break;
		case CLI_KEY + CLI_OPT_HELP:
			r->help = true;
			return true;
		default:
			complain_option(key, argv[optind - 1], " run");
			return false;
		}
	}
	if (optind == argc)
		return wrong("%s needs a file, or - for standard input", argv[0]);
	if (optind + 1 < argc)
		return wrong("'%.80s' is one argument too many; accepted is one FILE", argv[optind + 1]);
	r->path = argv[optind];
	return true;
}

static enum exit_status run_session(const struct request *r, struct script *script, bool typed, struct editor *editor)
{
	struct session s;
	char err[COMMAND_ERROR];
	bool terminal = on_a_terminal();
	struct printer printer = {output_style(r->color, r->ascii), terminal && !typed};
	struct session_out out = {
		.row = r->json ? NULL : print_row,
		.json = r->json ? print_json : NULL,
		.wait = r->json ? NULL : wait_here,
		.data = &printer,
		.width = output_width(UINT_MAX),
		.ascii = printer.style.ascii,
	};
	bool shell = typed && terminal && !r->json;
	enum exit_status how = EXIT_OK;
	if (session_open(&s, editor, target_read_only(&r->place), err, sizeof err) < 0) {
		complain("%s", err);
		return EXIT_MISSING;
	}
	if (r->place.lab) {
		target_join(err, sizeof err);
		session_note(&s, "join this lab: %s", err);
		if (shell)
			printf("Join this lab from elsewhere: %s\n", err);
	}
	if (shell)
		shell_run(&s, &out);
	else
		how = run_script(&s, script, &out);
	session_close(&s);
	return output_finish() == EXIT_OK ? how : EXIT_MISSING;
}

static enum exit_status run_request(const struct request *r, FILE *in)
{
	struct confirm confirm = {.yes = r->place.yes, .terminal = on_a_terminal()};
	struct script script = {0};
	struct editor *editor = NULL;
	bool typed = in == stdin, once = typed || lseek(fileno(in), 0, SEEK_CUR) < 0; // as <(...) of a shell
	const char *name = typed ? "standard input" : r->path;
	int err = once ? script_follow(&script, name, in) : script_read(&script, name, in);
	if (err < 0)
		return unreadable(name, err);
	int how = target_enter(&r->place);
	if (how < 0)
		how = target_edit(&r->place, confirm.terminal, &editor);
	if (how < 0 && editor)
		editor_ask(editor, confirm_edit, &confirm);
	if (how < 0 && r->place.edit && once && !confirm.terminal && !r->place.yes) {
		complain("commands from a pipe can't be shown before; --yes confirms all of them");
		how = EXIT_MISSING;
	}
	if (how < 0 && r->place.edit && !once && !confirm_script(&confirm, &script))
		how = EXIT_MISSING;
	if (how < 0 && r->place.edit)
		end_signal_note(!confirm.terminal || !typed, fileno(in)); // the shell takes an interrupt for itself
	if (how < 0)
		how = (int)run_session(r, &script, typed, editor);
	end_signal_hold();
	if (!target_leave(editor) && how == EXIT_OK)
		how = EXIT_MISSING;
	confirm_free(&confirm);
	script_free(&script);
	return (enum exit_status)how;
}

int run_main(int argc, char **argv)
{
	struct request r = {.color = "auto"};
	if (!parse_request(argc, argv, &r))
		return EXIT_WRONG;
	if (r.help) {
		cli_usage(CLI_RUN, stdout);
		return (int)output_finish();
	}
	// Before the lab: a path is meant as the user sees it.
	FILE *in = strcmp(r.path, "-") == 0 ? stdin : fopen(r.path, "re");
	if (!in) {
		complain("%s: %s", r.path, strerror(errno));
		return EXIT_MISSING;
	}
	enum exit_status how = run_request(&r, in);
	if (in != stdin)
		fclose(in);
	end_signal_release(end_signal_noted());
	return (int)how;
}
