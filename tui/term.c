// SPDX-License-Identifier: GPL-3.0-or-later
#include "tui/term.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <term.h>
#include <unistd.h>

#include "tui/charset.h"
#include "tui/end_signal.h"
#include "tui/input.h"
#include "tui/terminfo.h"

// Bracketed paste is not in every terminfo entry; terminals that report the mouse know it, or ignore it.
static const char *paste_string(bool on)
{
	const char *s = tigetstr(on ? "BE" : "BD");
	if (s && s != (const char *)-1)
		return s;
	const char *mouse = tigetstr("kmous");
	if (!mouse || mouse == (const char *)-1)
		return NULL;
	return on ? "\033[?2004h" : "\033[?2004l";
}

static void set_paste(const struct terminal *t, bool on)
{
	if (t->paste) {
		fputs(paste_string(on), t->out);
		fflush(t->out);
	}
}

static bool wants_color(const struct term_options *o)
{
	const char *choice = o->color ? o->color : "auto", *no_color = getenv("NO_COLOR");
	if (strcmp(choice, "never") == 0)
		return false;
	return strcmp(choice, "always") == 0 || !no_color || !no_color[0];
}

// "15;0" or "0;default;15": foreground, background. Light grey and white behind mean a light terminal.
static enum theme_id theme_of_terminal(void)
{
	const char *v = getenv("COLORFGBG"), *bg = v ? strrchr(v, ';') : NULL;
	return bg && (strcmp(bg, ";7") == 0 || strcmp(bg, ";15") == 0) ? THEME_LIGHT : THEME_DARK;
}

// Asked of terminfo before curses takes hold of anything.
static bool can_draw(const char *type, int fd, char *err, size_t errlen)
{
	int status;
	if (!terminfo_check(type, err, errlen))
		return false;
	bool known = setupterm(type, fd, &status) == OK;
	const char *cup = known ? tigetstr("cup") : NULL;
	bool moves = cup && cup != (const char *)-1;
	if (known)
		del_curterm(cur_term);
	if (moves)
		return true;
	snprintf(
		err, errlen,
		"terminal type '%.40s' %s, so Bindwalk cannot draw the explorer; bindwalk explain ADDRESS prints a walk as text",
		type, known ? "cannot move the cursor" : "is not known");
	return false;
}

static void close_fds(struct terminal *t)
{
	end_signal_spare(t->fd);
	if (t->out)
		fclose(t->out);
	else if (t->fd >= 0)
		close(t->fd);
	if (t->frame >= 0)
		close(t->frame);
}

static int start_curses(struct terminal *t, const char *type, FILE *in, char *err, size_t errlen)
{
	t->fd = fcntl(t->tty, F_DUPFD_CLOEXEC, 0);
	t->out = t->fd < 0 ? NULL : fdopen(t->fd, "w");
	if (!t->out)
		snprintf(err, errlen, "cannot set up the terminal: %s", strerror(errno));
	if (!t->out || !can_draw(type, t->fd, err, errlen))
		return -ENOTSUP;
	end_signal_cut(t->fd);
	t->frame = memfd_create("bindwalk-frame", MFD_CLOEXEC);
	t->screen = newterm(type, t->out, in);
	if (!t->screen) {
		// Where neither the line nor the terminal's description tells a size (a serial console): since ncurses
		// 6.5 only with the environment there is a default.
		use_env(TRUE);
		t->screen = newterm(type, t->out, in);
		use_env(FALSE);
	}
	if (!t->screen)
		snprintf(err, errlen, "cannot set up the terminal");
	return t->screen ? 0 : -ENOTSUP;
}

int term_open(struct terminal *t, const char *type, FILE *out, FILE *in, const struct term_options *o, char *err,
	      size_t errlen)
{
	sigset_t mask;
	*t = (struct terminal){.ascii = o->ascii || !charset_utf8(), .tty = fileno(out), .fd = -1, .frame = -1};
	use_env(FALSE); // the size is asked of the terminal; LINES and COLUMNS would be believed for ever
	use_tioctl(TRUE);
	const char *name = type ? type : getenv("TERM");
	end_signal_let_in(&mask);
	if (start_curses(t, name ? name : "", in, err, errlen) < 0) {
		sigprocmask(SIG_SETMASK, &mask, NULL);
		close_fds(t);
		return -ENOTSUP;
	}
	raw();
	noecho();
	nonl();
	set_escdelay(25);
	if (wants_color(o) && has_colors() && start_color() == OK && use_default_colors() == OK)
		t->colors = COLORS;
	t->cursor_on = true;
	term_set_cursor(t, false);
	if (!input_open()) {
		snprintf(err, errlen, "cannot set up the terminal: out of memory");
		term_leave(t);
		term_close(t);
		return -ENOMEM;
	}
	t->paste = paste_string(true) && paste_string(false);
	set_paste(t, true);
	term_set_mouse(t, o->mouse);
	term_set_theme(t, t->colors >= 8 ? theme_of_terminal() : THEME_MONO);
	sigprocmask(SIG_SETMASK, &mask, NULL);
	t->on = true;
	return 0;
}

static void write_all(int fd, const char *bytes, size_t n)
{
	while (n > 0) {
		ssize_t done = write(fd, bytes, n);
		if (done < 0 && errno == EAGAIN)
			poll(&(struct pollfd){.fd = fd, .events = POLLOUT}, 1, -1);
		else if (done < 0 && errno != EINTR)
			return;
		if (done > 0) {
			bytes += done;
			n -= (size_t)done;
		}
	}
}

// A limit on the size of files is also one for a file in memory, and curses would drop what is beyond it.
static bool collects(const struct terminal *t)
{
	struct rlimit limit;
	return t->frame >= 0 && getrlimit(RLIMIT_FSIZE, &limit) == 0 && limit.rlim_cur == RLIM_INFINITY;
}

// ncurses writes at each move of the cursor, and each write wakes whoever reads the terminal. So a frame is collected
// in memory, and goes out in one piece.
static void draw_collected(struct terminal *t)
{
	char bytes[16384];
	sigset_t mask;
	ssize_t n;
	if (dup2(t->frame, t->fd) < 0)
		return;
	refresh();
	dup2(t->tty, t->fd);
	off_t left = lseek(t->frame, 0, SEEK_CUR);
	lseek(t->frame, 0, SEEK_SET);
	end_signal_let_in(&mask); // not before: t->fd is what it cuts
	for (; left > 0 && (n = read(t->frame, bytes, left < (off_t)sizeof bytes ? (size_t)left : sizeof bytes)) > 0;
	     left -= n)
		write_all(t->fd, bytes, (size_t)n);
	sigprocmask(SIG_SETMASK, &mask, NULL);
	lseek(t->frame, 0, SEEK_SET);
}

void term_refresh(struct terminal *t)
{
	sigset_t mask;
	if (end_signal_noted())
		return;
	if (collects(t)) {
		draw_collected(t);
		return;
	}
	end_signal_let_in(&mask);
	refresh();
	sigprocmask(SIG_SETMASK, &mask, NULL);
}

void term_leave(struct terminal *t)
{
	sigset_t mask;
	bool mouse = t->mouse;
	end_signal_let_in(&mask);
	term_set_mouse(t, false);
	t->mouse = mouse;
	set_paste(t, false);
	curs_set(1);
	endwin();
	// Leaving the alternate screen brings back the cursor as some terminals saved it while it was hidden.
	const char *visible = tigetstr("cnorm");
	if (visible && visible != (const char *)-1) {
		fputs(visible, t->out);
		fflush(t->out);
	}
	sigprocmask(SIG_SETMASK, &mask, NULL);
	t->on = false;
}

void term_return(struct terminal *t)
{
	sigset_t mask;
	reset_prog_mode();
	clearok(curscr, TRUE);
	term_refresh(t);
	t->cursor_on = true;
	end_signal_let_in(&mask);
	term_set_cursor(t, false);
	set_paste(t, true);
	term_set_mouse(t, t->mouse);
	sigprocmask(SIG_SETMASK, &mask, NULL);
	t->on = true;
}

void term_close(struct terminal *t)
{
	if (!t->screen)
		return;
	if (t->on)
		term_leave(t);
	input_close();
	delscreen(t->screen);
	t->screen = NULL;
	close_fds(t);
}

// One pair for each two colours: a terminal with 8 colours has room for 64.
static short find_pair_number(struct terminal *t, short fg, short bg)
{
	if (fg == THEME_DEFAULT && bg == THEME_DEFAULT)
		return 0;
	for (int i = 1; i <= t->npairs; i++)
		if (t->pairs[i].fg == fg && t->pairs[i].bg == bg)
			return (short)i;
	if (t->npairs + 1 >= TERM_PAIRS || t->npairs + 1 >= COLOR_PAIRS)
		return 0;
	t->npairs++;
	t->pairs[t->npairs].fg = fg;
	t->pairs[t->npairs].bg = bg;
	init_pair((short)t->npairs, fg, bg);
	return (short)t->npairs;
}

void term_set_theme(struct terminal *t, enum theme_id theme)
{
	t->theme = theme;
	t->npairs = 0;
	for (unsigned role = 0; role < UI_COUNT; role++) {
		for (int s = 0; s < SURFACE_COUNT; s++) {
			struct style style = theme_style(theme, t->colors, role, (enum surface)s);
			attr_t attr = A_NORMAL;
			attr |= style.attr & THEME_BOLD ? A_BOLD : A_NORMAL;
			attr |= style.attr & THEME_DIM ? A_DIM : A_NORMAL;
			attr |= style.attr & THEME_REVERSE ? A_REVERSE : A_NORMAL;
			attr |= style.attr & THEME_UNDERLINE ? A_UNDERLINE : A_NORMAL;
			t->attr_of[role][s] = attr;
			t->pair_of[role][s] = t->colors ? find_pair_number(t, style.fg, style.bg) : 0;
		}
	}
}

void term_look(const struct terminal *t, unsigned role, enum surface surface)
{
	attr_set(t->attr_of[role][surface], t->pair_of[role][surface], NULL);
}

void term_set_mouse(struct terminal *t, bool on)
{
	sigset_t mask;
	t->mouse = on;
	mouseinterval(0); // a press is a click at once: nothing waits for a second one
	end_signal_let_in(&mask);
	mousemask(on ? BUTTON1_PRESSED | BUTTON4_PRESSED | BUTTON5_PRESSED : 0, NULL);
	sigprocmask(SIG_SETMASK, &mask, NULL);
}

void term_set_cursor(struct terminal *t, bool on)
{
	sigset_t mask;
	end_signal_let_in(&mask);
	if (on != t->cursor_on)
		curs_set(on);
	sigprocmask(SIG_SETMASK, &mask, NULL);
	t->cursor_on = on;
}

// curses sets the scrolling region to the whole screen once, at the start. Not every terminal widens it when it grows,
// and then moves no text in the new lines.
static void widen_region(const struct terminal *t, int rows)
{
	const char *region = tigetstr("csr");
	sigset_t mask;
	if (!region || region == (const char *)-1)
		return;
	end_signal_let_in(&mask);
	fputs(tparm(region, 0, rows - 1), t->out);
	fflush(t->out);
	sigprocmask(SIG_SETMASK, &mask, NULL);
	clearok(curscr, TRUE); // it also moved the cursor to where curses does not know it
}

void term_set_size(struct terminal *t, int rows, int cols)
{
	if (rows == LINES && cols == COLS) {
		clearok(curscr, TRUE); // it may have had another one for a moment, without room for all that was there
		return;
	}
	resizeterm(rows, cols);
	widen_region(t, rows);
}

void term_resize(struct terminal *t, int fd)
{
	struct winsize size;
	if (ioctl(fd, TIOCGWINSZ, &size) == 0 && size.ws_row && size.ws_col)
		term_set_size(t, size.ws_row, size.ws_col);
}
