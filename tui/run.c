// SPDX-License-Identifier: GPL-3.0-or-later
#include "tui/run.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/command/script_read.h"
#include "core/command/session_run.h"
#include "tui/answer.h"
#include "tui/arguments.h"
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
	struct report_style style = p->style;
	style.width = output_width(); // of a window that may be made wider while somebody types
	if (row->text[0] == '\0' || strcmp(row->text, " ") == 0)
		putchar('\n');
	else
		report_print(row, style, stdout);
}

static void print_json(void *data, const char *object)
{
	(void)data;
	output_json(object);
}

static void wait_here(void *data, const struct row *text)
{
	const struct printer *p = data;
	if (text->text[0])
		print_row(data, text);
	if (!p->waits)
		return;
	output_ask("[Enter] ");
	for (int c; (c = getchar()) != EOF && c != '\n';)
		;
}

static enum exit_status unreadable(const char *name, int err)
{
	complain("%s: %s", name, strerror(-err));
	return EXIT_MISSING;
}

// The first line that does not end well stops it.
static enum exit_status run_script(struct session *s, struct script *script, const struct session_out *out,
				   struct confirm *confirm)
{
	struct session_error error;
	enum exit_status how = EXIT_OK;
	while (how == EXIT_OK && !s->quit && !ferror(stdout) && !end_signal_noted() && script_next(script)) {
		confirm->line = script->line;
		how = session_script(s, script, out, &error);
		if (how != EXIT_OK)
			line_error_print(script->name, script->line, script->now, &error);
	}
	if (how == EXIT_OK && script->err < 0 && !end_signal_noted())
		how = unreadable(script->name, script->err);
	return how;
}

struct request {
	struct target place;
	bool json;
	struct report_style style;
	const char *path;
};

// -1 to go on, else the exit status.
static int read_request(int argc, char **argv, struct request *r)
{
	struct cli_line line;
	int status = arguments_read(CLI_RUN, argc, argv, NULL, NULL, &line);
	if (status >= 0)
		return status;
	if (line.count != 1) {
		if (line.count == 0)
			complain("%s needs a file, or - for standard input", argv[0]);
		else
			complain("'%.80s' is one argument too many; expected one FILE", line.operands[1]);
		return EXIT_WRONG;
	}
	*r = (struct request){
		.place = target_of(&line),
		.json = line.value[CLI_OPT_JSON],
		.style = output_style(line.value[CLI_OPT_COLOR], line.value[CLI_OPT_ASCII]),
		.path = line.operands[0],
	};
	return -1;
}

// At a prompt, if somebody sits there.
static bool is_shell(const struct request *r, FILE *in)
{
	return in == stdin && output_terminal() && !r->json;
}

static enum exit_status run_session(const struct request *r, struct script *script, bool shell, struct editor *editor,
				    struct confirm *confirm)
{
	struct session s;
	char err[COMMAND_ERROR];
	struct printer printer = {r->style, output_terminal() && script->source != stdin};
	struct session_out out = {
		.row = r->json ? NULL : print_row,
		.json = r->json ? print_json : NULL,
		.wait = r->json ? NULL : wait_here,
		.data = &printer,
		.width = r->style.width,
		.ascii = printer.style.ascii,
	};
	enum exit_status how = EXIT_OK;
	if (session_open(&s, editor, target_read_only(&r->place), err, sizeof err) < 0) {
		complain("%s", err);
		return EXIT_MISSING;
	}
	if (r->place.lab) {
		target_join(err, sizeof err);
		session_event(&s, EVENT_BY_NOBODY, "join this lab: %s", err);
		if (shell)
			output_line("Join this lab from another shell: %s", err);
	}
	if (shell)
		shell_run(&s, &out);
	else
		how = run_script(&s, script, &out, confirm);
	session_close(&s);
	return output_finish() == EXIT_OK ? how : EXIT_MISSING;
}

static enum exit_status run_request(const struct request *r, FILE *in)
{
	struct script script = {0};
	struct editor *editor = NULL;
	const char *name = in == stdin ? "standard input" : r->path;
	bool shell = is_shell(r, in), once = in == stdin || lseek(fileno(in), 0, SEEK_CUR) < 0; // as <(...) of a shell
	struct confirm confirm = {.yes = r->place.yes, .by_hand = shell};
	bool shown = r->place.edit && !shell && !(once && confirm.yes); // before anything is carried out
	int err = once && !shown ? script_follow(&script, name, in) : script_read(&script, name, in);
	if (err < 0)
		return unreadable(name, err);
	int how = target_enter(&r->place);
	if (how < 0)
		how = target_edit(&r->place, answer_possible(), &editor);
	if (how < 0 && editor)
		editor_ask(editor, confirm_act, &confirm);
	if (how < 0 && shown)
		how = confirm_script(&confirm, &script);
	if (how < 0 && r->place.edit) {
		end_signal_catch(!shell, NULL); // the shell takes an interrupt for itself
		end_signal_cut(fileno(in));
		end_signal_cut(STDOUT_FILENO);
	}
	if (how < 0)
		how = (int)run_session(r, &script, shell, editor, &confirm);
	end_signal_hold();
	if (!target_leave(editor) && how == EXIT_OK)
		how = EXIT_MISSING;
	confirm_free(&confirm);
	script_free(&script);
	return (enum exit_status)how;
}

int run_main(int argc, char **argv)
{
	struct request r;
	int status = read_request(argc, argv, &r);
	if (status >= 0)
		return status;
	// Before the lab: a path is meant as the user sees it.
	FILE *in = strcmp(r.path, "-") == 0 ? stdin : fopen(r.path, "re");
	if (!in) {
		complain("%s: %s", r.path, strerror(errno));
		return EXIT_MISSING;
	}
	enum exit_status how = run_request(&r, in);
	end_signal_spare(fileno(in));
	if (in != stdin)
		fclose(in);
	end_signal_release(0);
	return (int)how;
}
