// SPDX-License-Identifier: GPL-3.0-or-later
// Random keys and sizes for the program in a terminal. What it drew bit by bit must be what it draws afresh: no cell is
// left out. It never hangs, ends only on request, and then leaves the terminal as it was.
//
// SIGCONT makes it draw everything afresh without any other effect: Ctrl-L, which is among the keys, also asks the
// kernel anew. The state of the lab may change in between (duplicate address detection comes to its end), and what
// differs then is right both times; so a difference counts if it is there again when the session is repeated.
//
// BINDWALK_KEYS: how many keys. BINDWALK_KEYS_SEED: other ones. BINDWALK_KEYS_SESSION: only that session.
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/screen/cells.h"
#include "tests/screen/pty_lab.h"
#include "tests/screen/random_keys.h"

enum { KEYS = 4000, BURSTS = 40, BURST = 60, MOST_ROWS = 100, MOST_COLS = 300, ENOUGH = 8 };

struct picture {
	int rows, cols;
	VTermPos cursor;
	bool cursor_visible;
	VTermScreenCell cells[MOST_ROWS][MOST_COLS];
};

static struct {
	unsigned long keys, resizes, compared, sessions, quits, unrepeated;
} total;

static void take_picture(struct pty *p, struct picture *out)
{
	memset(out, 0, sizeof *out);
	out->rows = p->rows;
	out->cols = p->cols;
	out->cursor_visible = p->cursor_visible;
	vterm_state_get_cursorpos(vterm_obtain_state(p->vt), &out->cursor);
	for (int y = 0; y < p->rows; y++)
		for (int x = 0; x < p->cols; x++)
			vterm_screen_get_cell(p->vts, (VTermPos){.row = y, .col = x}, &out->cells[y][x]);
}

static bool same_cursor(const struct picture *a, const struct picture *b)
{
	return a->cursor_visible == b->cursor_visible &&
	       (!a->cursor_visible || (a->cursor.row == b->cursor.row && a->cursor.col == b->cursor.col));
}

// Tells of the first cells that differ.
static bool same_pictures(const struct picture *a, const struct picture *b, char *why, size_t len)
{
	unsigned n = 0;
	size_t used = 0;
	why[0] = '\0';
	for (int y = 0; y < a->rows; y++)
		for (int x = 0; x < a->cols; x++) {
			if (same_picture(&a->cells[y][x], &b->cells[y][x]) || n++ >= 12)
				continue;
			used += (size_t)snprintf(why + used, len - used, " %d,%d: %#x, afresh %#x;", y, x,
						 (unsigned)a->cells[y][x].chars[0], (unsigned)b->cells[y][x].chars[0]);
		}
	if (!n && !same_cursor(a, b))
		n += (unsigned)snprintf(why, len, "cursor %d,%d %d, afresh %d,%d %d", a->cursor.row, a->cursor.col,
					a->cursor_visible, b->cursor.row, b->cursor.col, b->cursor_visible);
	return n == 0;
}

// Draws everything afresh. False if the program ended meanwhile.
static bool draw_afresh(struct pty *p)
{
	size_t before = p->received;
	kill(p->child, SIGCONT);
	while (p->received == before)
		if (!pty_settle(p))
			return false;
	return pty_settle(p);
}

static void send(struct pty *p, const char *bytes, size_t len)
{
	while (len > 0) {
		ssize_t n = write(p->master, bytes, len);
		assert_true(n > 0);
		bytes += n;
		len -= (size_t)n;
	}
}

// Once or twice. Two columns at least: libvterm 0.1 dies of a wide character in one. False if the program ended.
static bool resize(struct pty *p, struct chance *c)
{
	static const int usual[][2] = {{24, 80}, {36, 120}, {60, 200}, {18, 60}};
	bool runs = pty_settle(p), twice = chance_percent(c, 20);
	int rows = p->rows, cols = p->cols;
	if (!runs)
		return false;
	if (chance_percent(c, 40)) {
		unsigned i = chance_below(c, sizeof usual / sizeof usual[0]);
		pty_resize(p, usual[i][0], usual[i][1]);
	} else {
		pty_resize(p, 1 + (int)chance_below(c, MOST_ROWS), 2 + (int)chance_below(c, MOST_COLS - 1));
	}
	if (twice) // and back: what had no room is lost, although the size is as it was
		pty_resize(p, rows, cols);
	total.resizes += 1u + twice;
	return true;
}

// Some keys, and a size or two. Two characters come last that end whatever sequence was begun, and mean nothing: when
// the program has read them it has done with all before.
static unsigned type_burst(struct pty *p, struct chance *c, bool *interrupts)
{
	char bytes[KEY_BYTES];
	unsigned typed = 0, wanted = 1 + chance_below(c, 2 * BURST), keys;
	while (typed < wanted) {
		if (chance_percent(c, 2) && !resize(p, c))
			return typed;
		size_t n = random_keys(c, p->rows, p->cols, bytes, &keys);
		send(p, bytes, n);
		*interrupts |= memchr(bytes, '\003', n) != NULL;
		typed += keys;
	}
	if (chance_percent(c, 30) && !resize(p, c))
		return typed;
	send(p, "``", 2);
	return typed + 2;
}

static bool is_shells(const struct pty *p)
{
	struct termios now;
	return tcgetattr(p->master, &now) < 0 || now.c_lflag & ICANON;
}

// Whatever it is doing: Ctrl-C ends it in a few steps.
static void end_it(struct pty *p)
{
	send(p, "\033[201~``", 8);
	for (int i = 0; i < ENOUGH && pty_settle(p) && !is_shells(p); i++)
		send(p, "\003", 1);
}

// Ctrl-C among the keys that follow the one that ends the program, or Ctrl-Z, is typed into a terminal that is the
// shell's: it is SIGINT then, and the kernel drops what the terminal has not read yet.
static void expect_normal_end(struct pty *p, bool interrupted, const char *which)
{
	int status = pty_wait(p);
	bool ended_well = WIFEXITED(status) && WEXITSTATUS(status) == 0;
	if (!ended_well && !(interrupted && WIFSIGNALED(status) && WTERMSIG(status) == SIGINT))
		fail_msg("%s: ended with status %#x", which, (unsigned)status);
	if (interrupted) {
		p->alternate = false;
		p->cursor_visible = true;
	}
	pty_expect_restored(p);
	pty_close(p);
}

// One session from its number alone. Which burst left a difference; 0 for none.
static unsigned run_session(uint64_t seed, unsigned session, unsigned long most, unsigned stop, char *why, size_t len)
{
	static struct picture before, after;
	struct chance c = chance_new(seed * 1000003 + session);
	struct pty *p = start_lab(24, 80);
	char which[96];
	unsigned differs = 0;
	unsigned long keys = 0;
	snprintf(which, sizeof which, "BINDWALK_KEYS_SEED=%llu BINDWALK_KEYS_SESSION=%u", (unsigned long long)seed,
		 session);
	bool runs = pty_settle(p), interrupted = false;
	for (unsigned burst = 1; runs && !differs && burst <= stop && keys < most; burst++) {
		interrupted = false;
		unsigned typed = type_burst(p, &c, &interrupted);
		runs = pty_settle(p);
		if (!runs)
			break;
		keys += typed;
		take_picture(p, &before);
		runs = draw_afresh(p);
		if (!runs)
			break;
		take_picture(p, &after);
		total.compared++;
		if (!same_pictures(&before, &after, why, len))
			differs = burst;
	}
	total.keys += keys;
	total.quits += !runs;
	total.sessions++;
	if (runs)
		end_it(p);
	expect_normal_end(p, !runs && interrupted, which);
	return differs;
}

static void check_session(uint64_t seed, unsigned session, unsigned long most)
{
	char why[1024], again[1024];
	unsigned differs = run_session(seed, session, most, BURSTS, why, sizeof why);
	if (!differs)
		return;
	if (run_session(seed, session, most, differs, again, sizeof again) != differs) {
		total.unrepeated++;
		print_message("session %u, burst %u, only once:%s\n", session, differs, why);
		return;
	}
	fail_msg("BINDWALK_KEYS_SEED=%llu BINDWALK_KEYS_SESSION=%u: burst %u leaves other cells than a full redraw:%s",
		 (unsigned long long)seed, session, differs, again);
}

static void test_random_keys(void **state)
{
	(void)state;
	uint64_t seed = chance_seed("BINDWALK_KEYS_SEED", 1);
	const char *only = getenv("BINDWALK_KEYS_SESSION");
	unsigned long wanted = chance_seed("BINDWALK_KEYS", KEYS);
	for (unsigned session = only ? (unsigned)strtoul(only, NULL, 10) : 1; total.keys < wanted; session++) {
		check_session(seed, session, only ? ULONG_MAX : wanted - total.keys);
		if (only)
			break;
	}
	print_message(
		"%lu keys, %lu sizes, %lu screens compared, %lu sessions, %lu of them ended by keys, %lu differences "
		"seen once only\n",
		total.keys, total.resizes, total.compared, total.sessions, total.quits, total.unrepeated);
}

// Others' binds would be in the view of them, and never the same ones when a session is repeated.
static void watch_nobody(void)
{
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_perf_event_open, 1, 0),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_bpf, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog filter = {.len = sizeof code / sizeof *code, .filter = code};
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 || prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter) < 0)
		print_message("no filter: others' binds may be in the pictures\n");
}

int main(void)
{
	watch_nobody();
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_random_keys)};
	return pty_lab_run(tests, sizeof tests / sizeof *tests);
}
