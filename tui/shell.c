// SPDX-License-Identifier: GPL-3.0-or-later
#include "tui/shell.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h> // before readline, which needs it
#include <readline/readline.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/command/command_complete.h"
#include "core/command/exit_status.h"
#include "core/command/session_run.h"
#include "core/text/visible.h"
#include "tui/charset.h"
#include "tui/complain.h"
#include "tui/crash_guard.h"
#include "tui/end_signal.h"
#include "tui/history.h"
#include "tui/inputrc.h"
#include "tui/line_error.h"
#include "tui/output.h"
#include "tui/prompt.h"
#include "tui/terminfo.h"

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

// Readline takes most signals for itself as it begins with a line, and then waits for the terminal before it passes
// them on.
static int take_signals_back(void)
{
	const struct sigaction act = {.sa_handler = on_interrupt};
	end_signal_catch_again();
	sigaction(SIGINT, &act, NULL);
	return 0;
}

// A key. After Ctrl-C, or where no more comes, READERR: it ends whatever readline reads, such as a search or a
// question, and the line, which is not carried out.
static int read_key(int fd)
{
	struct pollfd in = {.fd = fd, .events = POLLIN};
	sigset_t held, outside;
	unsigned char c;
	sigemptyset(&held);
	sigaddset(&held, SIGINT);
	sigaddset(&held, SIGTSTP);
	sigaddset(&held, SIGWINCH);
	sigprocmask(SIG_BLOCK, &held, &outside);
	while (!interrupted && ppoll(&in, 1, NULL, &outside) < 0 && errno == EINTR)
		rl_check_signals();
	sigprocmask(SIG_SETMASK, &outside, NULL); // a signal that waits came before the key
	return !interrupted && read(fd, &c, 1) == 1 ? c : READERR;
}

// A paste must end by its mark, though it may be lost: without one, readline 8.2 reads beyond its buffer.
static int take_key(FILE *in)
{
	static const char begin[] = "\033[200~", end[] = "\033[201~";
	enum { MARK = sizeof end - 1 };
	static char last[MARK];
	static bool pasting;
	static size_t made_up;
	int c = read_key(fileno(in));
	if (c == READERR && pasting)
		c = (unsigned char)end[made_up++];
	memmove(last, last + 1, MARK - 1);
	last[MARK - 1] = (char)c;
	if (memcmp(last, pasting ? end : begin, MARK) == 0) {
		pasting = !pasting;
		made_up = 0;
	}
	return c;
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

static void show_matches(char **matches, int count, int longest)
{
	size_t n = (size_t)count + 2, made = 0;
	char **shown = calloc(n, sizeof *shown);
	for (; shown && made + 1 < n; made++) {
		size_t size = strlen(matches[made]) * (VISIBLE_MOST - 1) + 1;
		if (!(shown[made] = malloc(size)))
			break;
		int len = (int)strlen(charset_show(matches[made], shown[made], size));
		longest = len > longest ? len : longest;
	}
	if (made + 1 == n)
		rl_display_match_list(shown, count, longest);
	rl_forced_update_display();
	while (made > 0)
		free(shown[--made]);
	free(shown);
}

// Readline draws pasted, completed and recalled text unchanged, so it gets the line in a form that may be shown.
static void redisplay(void)
{
	char *line = rl_line_buffer, *shown = malloc((size_t)rl_end * (VISIBLE_MOST - 1) + VISIBLE_MOST);
	int end = rl_end, point = rl_point, used = 0;
	if (!shown)
		return;
	shown[0] = '\0';
	for (int at = 0; at < end; used += (int)strlen(shown + used)) {
		if (at <= point)
			rl_point = used;
		at += (int)visible_one(line + at, (size_t)(end - at), !charset_utf8(), shown + used);
	}
	if (point >= end)
		rl_point = used;
	rl_line_buffer = shown;
	rl_end = used;
	rl_redisplay();
	rl_line_buffer = line;
	rl_end = end;
	rl_point = point;
	free(shown);
}

static void take_line(struct session *s, const char *line, const struct session_out *out)
{
	struct session_error error;
	struct session_out now = *out;
	now.width = output_width();
	if (session_line(s, line, &now, &error) != EXIT_OK)
		line_error_print(NULL, 0, line, &error);
	fflush(stdout);
}

void shell_run(struct session *s, const struct session_out *out)
{
	const char *prompt = !s->editor                      ? "bindwalk> "
			     : editor_has_journal(s->editor) ? "bindwalk (edit)> "
							     : "bindwalk (lab)> ";
	struct sigaction before;
	char trouble[PATH_MAX];
	shell.session = s;
	crash_guard_start(false, false);
	end_signal_cut(STDIN_FILENO);
	end_signal_cut(STDOUT_FILENO);
	rl_readline_name = "bindwalk";
	rl_attempted_completion_function = complete;
	rl_basic_word_break_characters = " \t";
	rl_completer_word_break_characters = " \t";
	rl_completion_display_matches_hook = show_matches;
	rl_startup_hook = take_signals_back;
	rl_getc_function = take_key;
	const char *term = getenv("TERM");
	if (term && !terminfo_check(term, trouble, sizeof trouble)) {
		complain("%s", trouble);
		setenv("TERM", "dumb", 1);
	}
	if (!inputrc_check(trouble, sizeof trouble))
		complain("%s", trouble);
	if (!history_check(trouble, sizeof trouble))
		complain("%s", trouble);
	prompt_initialize();
	rl_redisplay_function = redisplay; // not before: readline would take the terminal for a dumb one
	prompt_avoid_crashes();
	sigaction(SIGINT, NULL, &before);
	take_signals_back();
	history_load();
	for (bool more = true; more && !s->quit && !end_signal_noted();) {
		char *line = readline(prompt);
		more = line || interrupted;
		if (interrupted) { // discards the line, and does nothing more
			putchar('\n');
		} else if (line && line[strspn(line, " \t")]) {
			history_keep(line);
			take_line(s, line, out);
		}
		interrupted = 0;
		free(line);
	}
	if (!s->quit)
		putchar('\n');
	fflush(stdout);
	sigaction(SIGINT, &before, NULL);
	crash_guard_stop();
	forget_words();
}
