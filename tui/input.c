// SPDX-License-Identifier: GPL-3.0-or-later
#include "tui/input.h"

#include <ncurses.h>
#include <stdlib.h>
#include <string.h>

#include "core/text/width.h"

enum { CODE_PASTE_BEGIN = KEY_MAX + 1, CODE_PASTE_END };

// Keys are read from a pad: reading from it never refreshes the screen.
static WINDOW *keyboard;

static struct {
	bool on;          // a paste was begun, and not ended
	bool busy;        // something was read since nothing was there
	size_t ended;     // bytes of its end's mark that came apart
	struct key after; // Ctrl-C ended it: comes next
	bool has_after;
} paste;

static const char paste_end[] = "[201~"; // and Escape before it

static const struct {
	int curses;
	uint32_t code;
} special[] = {
	{KEY_UP, K_UP},
	{KEY_DOWN, K_DOWN},
	{KEY_LEFT, K_LEFT},
	{KEY_RIGHT, K_RIGHT},
	{KEY_PPAGE, K_PAGE_UP},
	{KEY_NPAGE, K_PAGE_DOWN},
	{KEY_HOME, K_HOME},
	{KEY_END, K_END},
	{KEY_IC, K_INSERT},
	{KEY_DC, K_DELETE},
	{KEY_BACKSPACE, K_BACKSPACE},
	{KEY_BTAB, K_BACKTAB},
	{KEY_ENTER, K_ENTER},
	{CODE_PASTE_BEGIN, K_PASTE_BEGIN},
	{CODE_PASTE_END, K_PASTE_END},
};

// Terminals send either form of these, whatever terminfo says.
static void define_both(char final, int code)
{
	char sequence[4] = {27, '[', final, '\0'};
	define_key(sequence, code);
	sequence[1] = 'O';
	define_key(sequence, code);
}

bool input_open(void)
{
	memset(&paste, 0, sizeof paste);
	keyboard = newpad(1, 1);
	if (!keyboard)
		return false;
	keypad(keyboard, TRUE);
	nodelay(keyboard, TRUE);
	define_both('A', KEY_UP);
	define_both('B', KEY_DOWN);
	define_both('C', KEY_RIGHT);
	define_both('D', KEY_LEFT);
	define_both('H', KEY_HOME);
	define_both('F', KEY_END);
	define_key("\033[200~", CODE_PASTE_BEGIN);
	define_key("\033[201~", CODE_PASTE_END);
	return true;
}

void input_close(void)
{
	if (keyboard)
		delwin(keyboard);
	keyboard = NULL;
}

static bool take_mouse(struct key *out)
{
	MEVENT e;
	if (getmouse(&e) != OK)
		return false;
	out->y = e.y;
	out->x = e.x;
	if (e.bstate & BUTTON1_PRESSED)
		out->code = K_CLICK;
	else if (e.bstate & BUTTON4_PRESSED)
		out->code = K_WHEEL_UP;
	else if (e.bstate & BUTTON5_PRESSED)
		out->code = K_WHEEL_DOWN;
	else
		return false;
	return true;
}

static bool take_special(int code, struct key *out)
{
	if (code == KEY_MOUSE)
		return take_mouse(out);
	if (code == KEY_RESIZE) // the loop asks for the size itself
		return false;
	out->code = K_UNKNOWN;
	if (code >= KEY_F(1) && code <= KEY_F(12))
		out->code = K_F1 + (uint32_t)(code - KEY_F(1));
	for (size_t i = 0; i < sizeof special / sizeof special[0]; i++)
		if (special[i].curses == code)
			out->code = special[i].code;
	return true;
}

// The code of Escape, '[', and from `c` on a sequence that curses does not know, or that came too slowly for it.
static uint32_t take_sequence(wint_t c)
{
	char bytes[5] = "";
	size_t n = 0;
	while (c < 0x40 || c > 0x7e) {
		if (n < sizeof bytes - 1)
			bytes[n++] = (char)c;
		if (wget_wch(keyboard, &c) != OK)
			return K_UNKNOWN;
	}
	if (c == '~' && strcmp(bytes, "200") == 0)
		return K_PASTE_BEGIN;
	return c == '~' && strcmp(bytes, "201") == 0 ? K_PASTE_END : K_UNKNOWN;
}

// Escape alone, Alt and a key, or a sequence that curses does not know: swallowed to its last byte.
static void take_escape(struct key *out)
{
	wint_t c;
	int what = wget_wch(keyboard, &c);
	out->code = K_ESCAPE;
	if (what == ERR)
		return;
	if (what == KEY_CODE_YES) {
		take_special((int)c, out);
		out->alt = true;
		return;
	}
	if (c != '[' && c != 'O') {
		if (c == K_ESCAPE)
			return;
		out->code = (uint32_t)c;
		out->alt = true;
		return;
	}
	wint_t first = c;
	if (wget_wch(keyboard, &c) == ERR) {
		out->code = (uint32_t)first;
		out->alt = true;
		return;
	}
	out->code = first == '[' ? take_sequence(c) : K_UNKNOWN;
}

static bool take_key(struct key *out)
{
	for (;;) {
		wint_t c;
		int what = wget_wch(keyboard, &c);
		*out = (struct key){0};
		if (what == ERR)
			return false;
		if (what == KEY_CODE_YES) {
			if (take_special((int)c, out))
				return true;
			continue;
		}
		if (c == K_ESCAPE)
			take_escape(out);
		else if (c == '\n' || c == '\r')
			out->code = K_ENTER;
		else if (c == 127)
			out->code = K_BACKSPACE;
		else if (c == 0)
			continue; // Ctrl-Space and Ctrl-@: nothing
		else
			out->code = (uint32_t)c;
		return true;
	}
}

static bool nothing_waits(void)
{
	wint_t c;
	int what = wget_wch(keyboard, &c);
	if (what == OK)
		unget_wch((wchar_t)c);
	else if (what == KEY_CODE_YES)
		ungetch((int)c);
	return what == ERR;
}

// The mark may come in parts; the first part is then Escape alone.
static bool completes_end(const struct key *key)
{
	if (key->code == K_ESCAPE)
		paste.ended = 1;
	else if (key->code == '[' && key->alt)
		paste.ended = 2;
	else if (paste.ended && key->code == (uint32_t)paste_end[paste.ended - 1])
		paste.ended++;
	else
		paste.ended = 0;
	return paste.ended == sizeof paste_end;
}

// A paste has no keys, but its end may be lost. Then Ctrl-C ends it, if it comes alone: within a paste, where it
// would let the rest be keys, something else comes with it.
static void follow_paste(struct key *key, bool first)
{
	if (key->code == K_PASTE_BEGIN) {
		paste.on = true;
		paste.ended = 0;
	} else if (paste.on && completes_end(key)) {
		key->code = K_PASTE_END;
	} else if (paste.on && first && key->code == K_CTRL('C') && nothing_waits()) {
		paste.after = *key;
		paste.has_after = true;
		key->code = K_PASTE_END;
	}
	if (key->code == K_PASTE_END)
		paste.on = false;
}

bool input_next(struct key *out)
{
	if (paste.has_after) {
		paste.has_after = false;
		*out = paste.after;
		return true;
	}
	bool first = !paste.busy;
	paste.busy = take_key(out);
	if (paste.busy)
		follow_paste(out, first);
	return paste.busy;
}

void input_drop(void)
{
	paste.has_after = false;
	flushinp();
}

size_t input_bytes(const struct key *key, char *buf, size_t len)
{
	static const struct {
		uint32_t code;
		const char *bytes;
	} sequences[] = {
		{K_UP, "\033[A"},  {K_DOWN, "\033[B"},    {K_RIGHT, "\033[C"},   {K_LEFT, "\033[D"}, {K_HOME, "\033[H"},
		{K_END, "\033[F"}, {K_DELETE, "\033[3~"}, {K_BACKSPACE, "\177"}, {K_ENTER, "\r"},
	};
	char bytes[8];
	size_t n = 0;
	if (key->alt)
		bytes[n++] = K_ESCAPE;
	if (key->code < K_NONE) {
		n += width_encode(key->code, bytes + n);
	} else {
		const char *s = NULL;
		for (size_t i = 0; i < sizeof sequences / sizeof sequences[0]; i++)
			if (sequences[i].code == key->code)
				s = sequences[i].bytes;
		if (!s)
			return 0;
		memcpy(bytes + n, s, strlen(s)); // NOLINT(bugprone-not-null-terminated-result): bytes, not a string
		n += strlen(s);
	}
	if (n > len)
		return 0;
	memcpy(buf, bytes, n);
	return n;
}
