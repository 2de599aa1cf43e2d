// SPDX-License-Identifier: GPL-3.0-or-later
// Finding commands, pointing at them, and typing what they need: end to end, in a private lab, on a pseudo-terminal.
#include <stdio.h>
#include <string.h>

#include "tests/screen/pty_lab.h"

static bool is_at(struct pty *p, int y, int x, const char *text)
{
	VTermScreenCell cell;
	for (; *text; text++, x++)
		if (x >= p->cols || !vterm_screen_get_cell(p->vts, (VTermPos){y, x}, &cell) ||
		    cell.chars[0] != (unsigned char)*text)
			return false;
	return true;
}

// A click at the first place, from above, where that text stands.
static void click(struct pty *p, const char *text)
{
	char bytes[64];
	int at = 0;
	pty_until(p, text);
	while (at < p->rows * p->cols && !is_at(p, at / p->cols, at % p->cols, text))
		at++;
	assert_true(at < p->rows * p->cols);
	int y = at / p->cols + 1, x = at % p->cols + 1;
	snprintf(bytes, sizeof bytes, "\033[<0;%d;%dM\033[<0;%d;%dm", x, y, x, y);
	pty_type(p, bytes);
}

static void test_palette(void **state)
{
	(void)state;
	static const int sizes[][2] = {{10, 40}, {18, 60}, {24, 80}};
	for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
		struct pty *p = start_lab(24, 80);
		pty_resize(p, sizes[i][0], sizes[i][1]);
		pty_type(p, "?");
		pty_until(p, "Command: ");
		pty_type(p, "free");
		pty_until(p, "toggle freebind");
		pty_type(p, "\r");
		pty_until(p, "OK ");
		pty_until_gone(p, "Command:");
		// What needs more opens the prompt with it.
		pty_type(p, "?road");
		pty_until(p, "route add");
		pty_type(p, "\r");
		pty_until(p, ":route add ");
		pty_type(p, "\003");
		pty_until_gone(p, ":route add");
		// An arrow selects the next one.
		pty_type(p, "?und");
		pty_until(p, "undo all");
		pty_type(p, "\033[B\r");
		pty_until(p, "0 changes undone");
		quit(p);
	}
}

// What is pasted is looked for, and nothing is run.
static void test_paste(void **state)
{
	(void)state;
	struct pty *p = start_lab(24, 80);
	pty_type(p, "?");
	pty_until(p, "Command: ");
	pty_type(p, "\033[200~free\rquit\r\033[201~");
	pty_until(p, "Command: freequit");
	pty_type(p, "\003");
	pty_until_gone(p, "Command:");
	assert_true(pty_shows(p, "EADDRNOTAVAIL"));
	quit(p);
}

static void test_clicks(void **state)
{
	(void)state;
	struct pty *p = start_lab(24, 80);
	click(p, "F1 help");
	pty_until(p, "In this pane");
	click(p, "Esc close");
	pty_until_gone(p, "In this pane");
	click(p, "Enter bind  "); // in the bottom line
	pty_until(p, "refused (live)");
	click(p, "[ ] IP_FREEBIND");
	pty_until(p, "[x] IP_FREEBIND");
	pty_until(p, "OK ");
	click(p, "[x] IP_FREEBIND");
	pty_until(p, "[ ] IP_FREEBIND");
	click(p, "Local routes");
	pty_until(p, "Enter use route");
	click(p, "Local routes");
	pty_until(p, "shows all");
	click(p, "Local routes");
	pty_until_gone(p, "shows all");
	click(p, "quit");
	end_normally(p);
}

// Sections by digit and Tab, topics by Enter and by a click.
static void test_help(void **state)
{
	(void)state;
	struct pty *p = start_lab(24, 80);
	pty_type(p, "\033OP4"); // F1
	pty_until(p, "4 of 9");
	pty_until(p, "Changing the network");
	pty_type(p, "\t");
	pty_until(p, "5 of 9");
	pty_type(p, "9");
	pty_until(p, "9 of 9");
	click(p, ":help dad");
	pty_until(p, "Output: help dad");
	pty_type(p, "q");
	pty_until_gone(p, "Output:");
	pty_type(p, "\033OP\r");
	pty_until(p, "Command: help");
	pty_type(p, " vrf\r");
	pty_until(p, "Output: help vrf");
	pty_type(p, "q");
	pty_until_gone(p, "Output:");
	quit(p);
}

// The prompts open with what is there; the first character replaces it, any other key edits it.
static void test_addresses(void **state)
{
	(void)state;
	struct pty *p = start_lab(24, 80);
	pty_type(p, ":bind 192.0.2.2\r");
	pty_until(p, "bound (live)");
	pty_type(p, "a");
	pty_until(p, "address: 192.0.2.2");
	pty_type(p, "::1 8080\r"); // the port as a word of its own
	pty_until(p, "tcp6 [::1]:8080");
	pty_type(p, "a");
	pty_until(p, "address: [::1]:8080");
	pty_type(p, "\177\177\r"); // edited
	pty_until(p, "tcp6 [::1]:80 ");
	pty_type(p, "a[fe80::2%eth0]:53\r");
	pty_until(p, "tcp6 [fe80::2%eth0]:53");
	pty_type(p, ":address 192.0.2.2 90\r");
	pty_until(p, "tcp4 192.0.2.2:90");
	pty_type(p, "a192.0.2.2:80 90\r");
	pty_until(p, "a second port");
	pty_type(p, "\003");
	pty_until_gone(p, "address: ");
	// Each has a history of its own.
	pty_type(p, "a\033[A");
	pty_until(p, "address: [fe80::2%eth0]:53");
	pty_type(p, "\003");
	pty_until_gone(p, "address: ");
	pty_type(p, ":\033[A");
	pty_until(p, ":address 192.0.2.2 90");
	pty_type(p, "\033[A");
	pty_until(p, ":bind 192.0.2.2");
	pty_type(p, "\003");
	pty_until_gone(p, ":bind");
	pty_type(p, ":port\r");
	pty_until(p, "port: 90");
	pty_type(p, "8\r");
	pty_until(p, "192.0.2.2:8 ");
	quit(p);
}

// What + offers works as it stands, and reset takes it back together with the attempt.
static void test_offers(void **state)
{
	(void)state;
	struct pty *p = start_lab(24, 80);
	pty_type(p, "ou+");
	pty_until(p, ":route add local 192.168.123.0/24 dev lo");
	pty_type(p, "\r");
	pty_until(p, "192.168.123.123 is local");
	pty_type(p, "+"); // it has one: a prefix is left to be typed
	pty_until(p, ":route add local  dev lo");
	pty_until_cursor(p, 22, (int)strlen(" :route add local "));
	pty_type(p, "10.0.0.0/8\r");
	pty_until(p, "2 changes");
	pty_type(p, "a2001:db8:9::1\r");
	pty_until(p, "udp6 [2001:db8:9::1]:0");
	pty_type(p, "\033OQ+"); // F2
	pty_until(p, ":address add 2001:db8:9::1/128 dev lo nodad");
	pty_type(p, "\r");
	pty_until(p, "2001:db8:9::1/128 on lo.");
	pty_type(p, "afe80::77%eth0\r");
	pty_until(p, "udp6 [fe80::77%eth0]:0");
	pty_type(p, "+"); // where its scope is, whatever is selected
	pty_until(p, ":address add fe80::77/64 dev eth0 nodad");
	pty_type(p, "\r");
	pty_until(p, "fe80::77/64 on eth0.");
	pty_type(p, ":reset\r");
	pty_until(p, "lab reset; the bind is tcp4 192.168.123.123:0 again");
	pty_until(p, "bind tcp4 192.168.123.123:0 ");
	pty_until(p, "EADDRNOTAVAIL");
	assert_false(pty_shows(p, ":0 unprivileged"));
	quit(p);
}

// All that the screen shows, without blanks at the end of a line: some are drawn, and some are not.
static void copy_screen(struct pty *p, char *out, size_t size)
{
	size_t n = 0;
	for (int y = 0; y < p->rows; y++) {
		VTermRect line = {y, y + 1, 0, p->cols};
		n += vterm_screen_get_text(p->vts, out + n, size - n - 2, line);
		while (n > 0 && out[n - 1] == ' ')
			n--;
		out[n++] = '\n';
	}
	out[n] = '\0';
}

// Stopped and resumed, everything is as it was: evidence, selection, details, what a command showed, what is typed.
static void test_suspend_loses_nothing(void **state)
{
	(void)state;
	static const struct {
		const char *keys, *shows, *after;
	} cases[] = {
		{"\rpp", "refused (live)", ""},
		{"\rx", "Step 7 of 11", "\033"},
		{"f:show routes\r", "Output: show routes", "\033"},
		{":route ad", ":route ad", "\003"},
		{"a", "address: 192.168.123.123", "\003"},
		{"?rou\033[B", "Command: rou", "\003"},
		{"\033OR/192", "contain: 192", "\r"},
	};
	static char before[24 * 80 * 4], after[sizeof before];
	char script[700];
	snprintf(script, sizeof script, "set -m; '%s' lab; while read line; do fg >/dev/null; done", program);
	const char *argv[] = {"sh", "-c", script, NULL};
	struct pty *p = pty_start(24, 80, "xterm-256color", argv);
	pty_until(p, "model+asked");
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		pty_type(p, cases[i].keys);
		pty_until(p, cases[i].shows);
		pty_until_waiting(p);
		copy_screen(p, before, sizeof before);
		pty_type(p, "\032");
		while (p->alternate)
			pty_listen(p, 10);
		pty_type(p, "\n");
		pty_until(p, cases[i].shows);
		do {
			pty_until_waiting(p);
			copy_screen(p, after, sizeof after);
		} while (strcmp(before, after) != 0 && pty_listen(p, 300));
		size_t at = 0;
		while (before[at] && before[at] == after[at])
			at++;
		if (before[at] || after[at])
			fail_msg("%s: \"%.80s\" was \"%.80s\"", cases[i].shows, after + at, before + at);
		pty_type(p, cases[i].after);
		if (strcmp(cases[i].after, "\033") == 0)
			pty_until_gone(p, cases[i].shows);
	}
	pty_type(p, "q");
	while (p->alternate)
		pty_listen(p, 10);
	pty_type(p, "\004");
	end_normally(p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_palette),
		cmocka_unit_test(test_paste),
		cmocka_unit_test(test_clicks),
		cmocka_unit_test(test_help),
		cmocka_unit_test(test_addresses),
		cmocka_unit_test(test_offers),
		cmocka_unit_test(test_suspend_loses_nothing),
	};
	return pty_lab_run(tests, sizeof tests / sizeof tests[0]);
}
