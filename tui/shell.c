// SPDX-License-Identifier: GPL-3.0-or-later
#include "tui/shell.h"

#include <signal.h>
#include <stdio.h> // before readline, which needs it
#include <readline/readline.h>
#include <stdlib.h>
#include <string.h>

#include "core/command/command_complete.h"
#include "core/command/exit_status.h"
#include "core/command/session_run.h"
#include "tui/end_signal.h"
#include "tui/history.h"
#include "tui/line_error.h"
#include "tui/prompt.h"

enum { CANDIDATES = 200 };

// Readline's hooks have no argument of their own.
static struct {
	struct session *session;
	char *words[CANDIDATES];
	size_t n;
} shell;

static volatile sig_atomic_t interrupted;

static void on_interrupt(int sig)
{
	(void)sig;
	interrupted = 1;
}

// Ctrl-C gives the line up, and nothing else.
static int after_signal(void)
{
	if (interrupted) {
		interrupted = 0;
		rl_replace_line("", 0);
		rl_crlf();
		rl_on_new_line();
		rl_redisplay();
	}
	return 0;
}

static void forget_words(void)
{
	while (shell.n > 0)
		free(shell.words[--shell.n]);
}

static bool keep(const char *word, void *data)
{
	(void)data;
	for (size_t i = 0; i < shell.n; i++)
		if (strcmp(shell.words[i], word) == 0)
			return true;
	char *copy = strdup(word);
	if (copy)
		shell.words[shell.n++] = copy;
	return copy && shell.n < CANDIDATES;
}

static char *next_word(const char *text, int state)
{
	static size_t at;
	(void)text;
	at = state ? at + 1 : 0;
	return at < shell.n ? strdup(shell.words[at]) : NULL;
}

static char **complete(const char *text, int start, int end)
{
	char err[COMMAND_ERROR];
	bool file = false;
	struct completion to = {keep, NULL, &file};
	const struct host *h = session_look(shell.session, err, sizeof err);
	(void)start;
	forget_words();
	command_complete(rl_line_buffer, (size_t)end, h, &to);
	rl_attempted_completion_over = 1;
	if (file)
		return prompt_match_files(text);
	return shell.n ? rl_completion_matches(text, next_word) : NULL;
}

static void take_line(struct session *s, const char *line, const struct session_out *out)
{
	struct session_error error;
	if (session_line(s, line, out, &error) != EXIT_OK)
		line_error_print(NULL, 0, line, &error);
	fflush(stdout);
}

void shell_run(struct session *s, const struct session_out *out)
{
	const char *prompt = !s->editor                      ? "bindwalk> "
			     : editor_has_journal(s->editor) ? "bindwalk (edit)> "
							     : "bindwalk (lab)> ";
	struct sigaction act = {.sa_handler = on_interrupt}, before;
	shell.session = s;
	rl_readline_name = "bindwalk";
	rl_attempted_completion_function = complete;
	rl_basic_word_break_characters = " \t";
	rl_completer_word_break_characters = " \t";
	rl_signal_event_hook = after_signal;
	rl_initialize();
	prompt_avoid_crashes();
	sigaction(SIGINT, &act, &before);
	history_load();
	char *line;
	while (!s->quit && !end_signal_noted() && (line = readline(prompt)) != NULL) {
		if (line[strspn(line, " \t")]) {
			history_keep(line);
			take_line(s, line, out);
		}
		free(line);
	}
	if (!s->quit)
		putchar('\n');
	sigaction(SIGINT, &before, NULL);
	forget_words();
}
