// SPDX-License-Identifier: GPL-3.0-or-later
#include "tui/notes.h"

#include <ncurses.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/lesson/notes_channel.h"
#include "core/observe/clock.h"
#include "tui/arguments.h"
#include "tui/complain.h"
#include "tui/crash_guard.h"
#include "tui/end_signal.h"
#include "tui/input.h"
#include "tui/loop.h"
#include "tui/notes_rows.h"
#include "tui/output.h"
#include "tui/paint.h"
#include "tui/term.h"

enum { ROWS_MOST = 500, SECOND_MS = 1000 };

struct notes {
	struct notes_reader reader;
	struct notes_screen screen;
	int64_t began; // when the talk began, of now_ms()
	bool running;  // its clock
	bool was_lost; // a stage that comes back goes on in the same talk
	bool json;
	struct report_style style;
};

// The clock is the stage's. But a stage that died does not take it along: the talk goes on, unless it begins again.
static void take_page(struct notes *n, const struct stage_page *p)
{
	bool same_talk = n->screen.has_page && strcmp(n->screen.page.talk, p->talk) == 0;
	bool begins = p->step == 1 && p->elapsed_ms >= 0, goes_on = n->was_lost && same_talk && n->running && !begins;
	if (!same_talk || n->screen.page.step != p->step)
		n->screen.scroll = 0;
	n->screen.page = *p;
	n->screen.has_page = true;
	if (goes_on)
		return;
	n->was_lost = false;
	n->running = p->elapsed_ms >= 0;
	n->began = now_ms() - p->elapsed_ms;
}

// True when there is something new to be shown.
static bool look(struct notes *n)
{
	static struct stage_page page;
	unsigned events = notes_reader_look(&n->reader, &page);
	if (events & NOTES_FOUND)
		n->screen.connected = true;
	if (events & NOTES_PAGE)
		take_page(n, &page);
	if (events & (NOTES_PAGE | NOTES_STRANGE))
		n->screen.strange = events & NOTES_STRANGE;
	if (events & NOTES_LOST) {
		n->screen.connected = false;
		n->was_lost = true;
	}
	return events;
}

static void set_time(struct notes *n)
{
	n->screen.elapsed_ms = n->running ? now_ms() - n->began : -1;
}

static void draw(struct notes *n, struct terminal *t)
{
	static struct row rows[ROWS_MOST];
	unsigned lines = LINES > ROWS_MOST ? ROWS_MOST : (unsigned)LINES;
	set_time(n);
	bool keys = notes_rows_screen(&n->screen, lines, (unsigned)COLS, rows);
	paint_rows(rows, lines, keys, t);
}

static void scroll_by(struct notes *n, int by)
{
	if (by > 0 || n->screen.scroll >= (unsigned)-by)
		n->screen.scroll += (unsigned)by;
	else
		n->screen.scroll = 0;
}

// False: quit.
static bool on_key(struct notes *n, const struct key *key)
{
	int page = LINES / 2;
	switch (key->code) {
	case 'q':
	case K_CTRL('c'):
		return false;
	case 'j':
	case K_DOWN:
		scroll_by(n, 1);
		break;
	case 'k':
	case K_UP:
		scroll_by(n, -1);
		break;
	case K_SPACE:
	case K_PAGE_DOWN:
		scroll_by(n, page);
		break;
	case K_PAGE_UP:
		scroll_by(n, -page);
		break;
	case 'r':
		n->running = true;
		n->began = now_ms();
		n->was_lost = true; // from now on it is this clock that counts
		break;
	case K_CTRL('l'):
		clearok(curscr, TRUE);
		break;
	default:
		break;
	}
	return true;
}

static bool on_input(struct notes *n)
{
	struct key key;
	while (input_next(&key))
		if (!on_key(n, &key))
			return false;
	return true;
}

// Until the clock shows another second, or the reader must look again; -1: nothing moves.
static int patience(const struct notes *n)
{
	int reader = notes_reader_patience(&n->reader);
	int clock = n->running ? SECOND_MS - (int)((now_ms() - n->began) % SECOND_MS) : -1;
	return reader < 0 || (clock >= 0 && clock < reader) ? clock : reader;
}

static void suspend(struct loop *loop, struct terminal *t)
{
	term_leave(t);
	loop_stop_here(loop);
	term_return(t);
	term_resize(t, STDOUT_FILENO);
}

static void run_screen(struct notes *n, struct loop *loop, struct terminal *t)
{
	for (bool on = true; on;) {
		look(n);
		draw(n, t);
		loop->host = n->reader.fd;
		loop->gone = n->reader.watch;
		unsigned events = loop_wait(loop, patience(n));
		if (events & (LOOP_END | LOOP_HANGUP))
			return;
		if (events & LOOP_RESIZE)
			term_resize(t, STDOUT_FILENO);
		if (events & LOOP_SUSPEND)
			suspend(loop, t);
		if (events & LOOP_CONTINUE) {
			term_return(t);
			term_resize(t, STDOUT_FILENO);
		}
		on = !(events & LOOP_INPUT) || on_input(n);
	}
}

static int show_screen(struct notes *n, const struct term_options *o)
{
	struct terminal t;
	struct loop loop;
	char err[512];
	int status = EXIT_OK;
	end_signal_hold();
	loop_open(&loop, STDIN_FILENO);
	crash_guard_start(true, true);
	bool on = term_open(&t, NULL, stdout, stdin, o, err, sizeof err) == 0;
	if (on) {
		run_screen(n, &loop, &t);
		term_close(&t);
	}
	crash_guard_stop();
	loop_close(&loop);
	if (!on) {
		complain("%s", err);
		status = EXIT_MISSING;
	}
	return status;
}

static void print_page(struct notes *n)
{
	struct row row;
	set_time(n);
	n->screen.page.elapsed_ms = n->screen.elapsed_ms;
	char *json = n->json ? stage_page_print(&n->screen.page) : NULL;
	if (json)
		output_json(json);
	for (size_t i = 0; !n->json && notes_rows_text(&n->screen, i, &row); i++)
		report_print(&row, n->style, stdout);
	free(json);
}

// Until nobody reads any more.
static int print_lines(struct notes *n)
{
	enum exit_status how = EXIT_OK;
	while (how == EXIT_OK) {
		bool before = n->screen.connected;
		static struct stage_page last;
		if (look(n) && n->screen.has_page &&
		    !(stage_page_same(&last, &n->screen.page) && last.elapsed_ms == n->screen.page.elapsed_ms)) {
			print_page(n);
			last = n->screen.page;
		}
		if (before && !n->screen.connected)
			complain("the stage has ended; waiting for the next one in %s", n->screen.folder);
		how = output_finish();
		struct pollfd fds[] = {{.fd = n->reader.fd, .events = POLLIN},
				       {.fd = n->reader.watch, .events = POLLIN},
				       {.fd = STDOUT_FILENO}};
		if (how == EXIT_OK && poll(fds, 3, notes_reader_patience(&n->reader)) > 0 && fds[2].revents)
			break;
	}
	return (int)how;
}

int notes_main(int argc, char **argv)
{
	static struct notes n;
	struct cli_line line;
	char err[NOTES_ERROR];
	int status = arguments_read(CLI_NOTES, argc, argv, NULL, NULL, &line);
	if (status >= 0)
		return status;
	if (line.count > 0) {
		complain("'%.80s' is one argument too many; the notes follow the stage that runs", line.operands[0]);
		return EXIT_WRONG;
	}
	if (notes_reader_open(&n.reader, err, sizeof err) < 0) {
		complain("%s", err);
		return EXIT_MISSING;
	}
	n.screen.folder = n.reader.folder.path;
	n.screen.elapsed_ms = -1;
	n.json = line.value[CLI_OPT_JSON];
	n.style = output_style(line.value[CLI_OPT_COLOR], line.value[CLI_OPT_ASCII]);
	const struct term_options look_of = {.color = line.value[CLI_OPT_COLOR], .ascii = line.value[CLI_OPT_ASCII]};
	status = output_terminal() && !n.json ? show_screen(&n, &look_of) : print_lines(&n);
	notes_reader_close(&n.reader);
	end_signal_release(0);
	return status;
}
