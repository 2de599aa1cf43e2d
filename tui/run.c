// SPDX-License-Identifier: GPL-3.0-or-later
#include "tui/run.h"

#include <errno.h>
#include <getopt.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "core/command/cli.h"
#include "core/command/session_run.h"
#include "core/text/width.h"
#include "tui/complain.h"
#include "tui/confirm.h"
#include "tui/end_signal.h"
#include "tui/explain.h"
#include "tui/shell.h"
#include "tui/target.h"

enum { WIDTH = 80 };

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

// Blanks up to a byte of the line: as many columns, and tabs as tabs, so that the caret stands right however they are shown.
static void print_caret(const char *line, size_t column, FILE *out)
{
	size_t len = strlen(line);
	for (size_t at = 0; at < column && at < len;) {
		uint32_t c;
		at += width_decode(line + at, len - at, &c);
		if (c == '\t')
			fputc('\t', out);
		else
			fprintf(out, "%*s", (int)(c < 32 || c == 127 ? 1 : width_char(c)), "");
	}
	fputs("^\n", out);
}

static void print_safely(const char *line, size_t len, FILE *out)
{
	for (size_t at = 0, n; at < len; at += n) {
		uint32_t c;
		n = width_decode(line + at, len - at, &c);
		if ((c < 32 && c != '\t') || c == 127 || (c >= 0x80 && c < 0xa0) || width_char(c) == 0)
			fputc('?', out);
		else
			fwrite(line + at, 1, n, out);
	}
	fputc('\n', out);
}

static unsigned terminal_width(void)
{
	struct winsize size;
	return ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) < 0 || size.ws_col < 20 ? WIDTH : size.ws_col;
}

// A sentence for people is broken between its words, one for programs not at all.
static void print_sentence(const char *text, bool whole, FILE *out)
{
	unsigned width = whole || !isatty(fileno(out)) ? UINT_MAX : terminal_width();
	for (size_t len = strlen(text), end, rest; len > 0; text += rest, len -= rest) {
		end = width_wrap(text, len, width, &rest);
		print_safely(text, end, out);
	}
}

void run_complain(const char *name, unsigned line_number, const char *line, const struct session_error *error,
		  FILE *out)
{
	fflush(stdout);
	if (name && error->has_column)
		fprintf(out, "%s:%u:%zu: ", name, line_number, error->column + 1);
	else if (name)
		fprintf(out, "%s:%u: ", name, line_number);
	print_sentence(error->text, name != NULL, out);
	if (name || error->has_column) {
		fputs("  ", out);
		print_safely(line, strlen(line), out);
	}
	if (error->has_column) {
		fputs("  ", out);
		print_caret(line, error->column, out);
	}
}

enum exit_status run_file(struct session *s, FILE *in, const char *name, const struct session_out *out, FILE *errors)
{
	char *line = NULL;
	size_t cap = 0;
	enum exit_status how = EXIT_OK;
	struct session_out numbered = *out;
	ssize_t len;
	while (how == EXIT_OK && !s->quit && !end_signal_noted() && (len = getline(&line, &cap, in)) >= 0) {
		struct session_error error = {0};
		numbered.line++;
		bool whole = strlen(line) == (size_t)len;
		line[strcspn(line, "\r\n")] = '\0';
		if (!whole) {
			snprintf(error.text, sizeof error.text, "this line holds a byte that is no text");
			how = EXIT_WRONG;
		} else {
			how = session_line(s, line, &numbered, &error);
		}
		if (how != EXIT_OK)
			run_complain(name, numbered.line, line, &error, errors);
	}
	if (how == EXIT_OK && ferror(in) && !end_signal_noted()) {
		fprintf(errors, "%s: %s\n", name, strerror(errno));
		how = EXIT_MISSING;
	}
	free(line);
	return how;
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

static enum exit_status run_session(const struct request *r, FILE *in, struct editor *editor)
{
	struct session s;
	char err[COMMAND_ERROR];
	bool terminal = isatty(STDIN_FILENO) && isatty(STDOUT_FILENO);
	struct printer printer = {explain_style(r->color, r->ascii, stdout), terminal && in != stdin};
	struct session_out out = {
		.row = r->json ? NULL : print_row,
		.json = r->json ? print_json : NULL,
		.wait = r->json ? NULL : wait_here,
		.data = &printer,
		.width = terminal_width(),
		.ascii = printer.style.ascii,
	};
	enum exit_status how = EXIT_OK;
	if (session_open(&s, editor, target_read_only(&r->place), err, sizeof err) < 0) {
		complain("%s", err);
		return EXIT_MISSING;
	}
	if (r->place.lab) {
		target_join(err, sizeof err);
		session_note(&s, "join this lab: %s", err);
		if (in == stdin && terminal && !r->json)
			printf("Join this lab from elsewhere: %s\n", err);
	}
	if (in == stdin && terminal && !r->json)
		shell_run(&s, &out);
	else
		how = run_file(&s, in, in == stdin ? "standard input" : r->path, &out, stderr);
	session_close(&s);
	return finish_output() ? EXIT_MISSING : how;
}

int run_main(int argc, char **argv)
{
	struct request r = {.color = "auto"};
	struct editor *editor = NULL;
	if (!parse_request(argc, argv, &r))
		return EXIT_WRONG;
	if (r.help) {
		cli_usage(CLI_RUN, stdout);
		return finish_output();
	}
	// Before the lab: a path is meant as the user sees it.
	FILE *in = strcmp(r.path, "-") == 0 ? stdin : fopen(r.path, "re");
	if (!in) {
		complain("%s: %s", r.path, strerror(errno));
		return EXIT_MISSING;
	}
	struct confirm confirm = {.yes = r.place.yes, .terminal = isatty(STDIN_FILENO) && isatty(STDOUT_FILENO)};
	int how = target_enter(&r.place);
	if (how < 0)
		how = target_edit(&r.place, confirm.terminal, &editor);
	if (how < 0 && editor)
		editor_ask(editor, confirm_edit, &confirm);
	bool once = in == stdin || lseek(fileno(in), 0, SEEK_CUR) < 0; // as <(...) of a shell
	if (how < 0 && r.place.edit && once && !confirm.terminal && !r.place.yes) {
		complain("commands from a pipe can't be shown before; --yes confirms all of them");
		how = EXIT_MISSING;
	}
	if (how < 0 && r.place.edit && !once && !confirm_script(&confirm, in))
		how = EXIT_MISSING;
	if (how < 0 && r.place.edit)
		end_signal_note(!confirm.terminal || in != stdin,
				fileno(in)); // the shell takes an interrupt for itself
	if (how < 0)
		how = (int)run_session(&r, in, editor);
	end_signal_hold();
	if (!target_leave(editor) && how == EXIT_OK)
		how = EXIT_MISSING;
	confirm_free(&confirm);
	if (in != stdin)
		fclose(in);
	end_signal_release(end_signal_noted());
	return how;
}
