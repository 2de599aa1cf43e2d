// SPDX-License-Identifier: GPL-3.0-or-later
#include "tui/keys.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "core/command/nearest.h"
#include "core/command/command_parse.h"
#include "core/text/width.h"

// Within a context the order is that of the bottom line.
static const struct binding bindings[] = {
	// What Enter and Space do depends on the pane; movement never does.
	{CONTEXT_LINKS, K_ENTER, CMD_USE, "", "use address"},
	{CONTEXT_LINKS, K_SPACE, CMD_TOGGLE_SELECTED, "", "up/down"},
	{CONTEXT_LINKS, '+', CMD_INSERT, "", "/- add/del"},
	{CONTEXT_LINKS, '-', CMD_DELETE, "", NULL},
	{CONTEXT_LINKS, K_INSERT, CMD_INSERT, "", NULL},
	{CONTEXT_LINKS, K_DELETE, CMD_DELETE, "", NULL},
	{CONTEXT_ROUTES, K_ENTER, CMD_USE, "", "use route"},
	{CONTEXT_ROUTES, '+', CMD_INSERT, "", "/- add/del"},
	{CONTEXT_ROUTES, '-', CMD_DELETE, "", NULL},
	{CONTEXT_ROUTES, K_INSERT, CMD_INSERT, "", NULL},
	{CONTEXT_ROUTES, K_DELETE, CMD_DELETE, "", NULL},
	{CONTEXT_SOCKET, K_ENTER, CMD_BIND, "", "bind"},
	{CONTEXT_SOCKET, K_SPACE, CMD_TOGGLE_SELECTED, "", "toggle"},
	{CONTEXT_SOCKET, '+', CMD_INSERT, "", NULL},
	{CONTEXT_WALK, K_ENTER, CMD_BIND, "", "bind"},
	{CONTEXT_WALK, K_SPACE, CMD_DETAIL, "", "details"},
	{CONTEXT_WALK, '+', CMD_INSERT, "", NULL},
	{CONTEXT_SOCKETS, K_ENTER, CMD_USE, "", "use socket"},
	{CONTEXT_EVENTS, K_ENTER, CMD_USE, "", "show"},
	{CONTEXT_BINDS, K_ENTER, CMD_USE, "", "its walk"},
	{CONTEXT_BINDS, K_SPACE, CMD_WATCH, "", "all/refused"},
	{CONTEXT_TRACED, 'X', CMD_TRACE, "stop", "end trace"},
	{CONTEXT_BINDS, '/', CMD_FILTER, "", "filter"},
	{CONTEXT_BINDS, 'O', CMD_SORT, "", "sort"},
	{CONTEXT_BINDS, K_ESCAPE, CMD_BACK, "", "back"},
	{CONTEXT_OPENED, K_ENTER, CMD_DETAIL, "", "details"},
	{CONTEXT_OPENED, 'u', CMD_USE, "", "use bind"},
	{CONTEXT_OPENED, 'n', CMD_STEP_NEXT, "", "/p step"},
	{CONTEXT_OPENED, K_TAB, CMD_PANE_NEXT, "", "next pane"},
	{CONTEXT_OPENED, K_ESCAPE, CMD_BACK, "", "close"},
	{CONTEXT_OPENED, K_SPACE, CMD_DETAIL, "", NULL},
	{CONTEXT_OPENED, 'X', CMD_TRACE, "stop", NULL},
	{CONTEXT_OTHER, K_ENTER, CMD_DETAIL, "", "details"},
	{CONTEXT_OTHER, '=', CMD_COMPARE_WITH, "", "next pair"},
	{CONTEXT_OTHER, 'i', CMD_COUNTERPART, "", "IPv4/IPv6"},
	{CONTEXT_OTHER, 'P', CMD_PIN, "", "pin"},
	{CONTEXT_OTHER, K_ESCAPE, CMD_BACK, "", "back"},
	{CONTEXT_OTHER, K_SPACE, CMD_DETAIL, "", NULL},
	{CONTEXT_OTHER, K_LEFT, CMD_CELL, "left", NULL},
	{CONTEXT_OTHER, K_RIGHT, CMD_CELL, "right", NULL},
	{CONTEXT_MATRIX, K_ENTER, CMD_CELL, "", "its walk"},
	{CONTEXT_MATRIX, K_SPACE, CMD_CELL, "", NULL},
	{CONTEXT_MATRIX, 'i', CMD_COUNTERPART, "", "IPv4/IPv6"},
	{CONTEXT_MATRIX, K_ESCAPE, CMD_BACK, "", "back"},
	{CONTEXT_MATRIX, 'b', CMD_COMPARE, "live", "bind all"},
	{CONTEXT_MATRIX, K_LEFT, CMD_CELL, "left", NULL},
	{CONTEXT_MATRIX, K_RIGHT, CMD_CELL, "right", NULL},
	{CONTEXT_MATRIX, 'h', CMD_CELL, "left", NULL},
	{CONTEXT_MATRIX, 'l', CMD_CELL, "right", NULL},
	{CONTEXT_DETAIL, K_ENTER, CMD_BACK, "", "close"},
	{CONTEXT_DETAIL, K_ESCAPE, CMD_BACK, "", NULL},
	{CONTEXT_DETAIL, 'q', CMD_BACK, "", NULL},

	// Nothing else goes on with a lesson.
	{CONTEXT_LESSON, K_ENTER, CMD_LESSON_NEXT, "", "go on"},
	{CONTEXT_LESSON, K_BACKSPACE, CMD_LESSON_BACK, "", "back"},
	{CONTEXT_LESSON, 't', CMD_HINT, "", "/T hint"},
	{CONTEXT_LESSON, '[', CMD_LESSON_GOTO, "back", "/] step"},
	{CONTEXT_LESSON, K_ESCAPE, CMD_BACK, "", "explore"},
	{CONTEXT_LESSON, K_SPACE, CMD_LESSON_NEXT, "", NULL},
	{CONTEXT_LESSON, 'n', CMD_LESSON_NEXT, "", NULL},
	{CONTEXT_LESSON, 'p', CMD_LESSON_BACK, "", NULL},
	{CONTEXT_LESSON, 'T', CMD_SOLUTION, "", NULL},
	{CONTEXT_LESSON, ']', CMD_LESSON_GOTO, "next", NULL},
	{CONTEXT_LESSON, '1', CMD_LESSON_ANSWER, "1", NULL},
	{CONTEXT_LESSON, '2', CMD_LESSON_ANSWER, "2", NULL},
	{CONTEXT_LESSON, '3', CMD_LESSON_ANSWER, "3", NULL},
	{CONTEXT_LESSON, '4', CMD_LESSON_ANSWER, "4", NULL},
	{CONTEXT_LESSON, '5', CMD_LESSON_ANSWER, "5", NULL},
	{CONTEXT_LESSON, '6', CMD_LESSON_ANSWER, "6", NULL},
	{CONTEXT_LESSON, '7', CMD_LESSON_ANSWER, "7", NULL},
	{CONTEXT_LESSON, '8', CMD_LESSON_ANSWER, "8", NULL},
	{CONTEXT_LESSON, '9', CMD_LESSON_ANSWER, "9", NULL},
	// As in a lesson, and what a speaker's remote control sends. Nothing else acts: a key is soon hit by chance.
	{CONTEXT_STAGE, K_ENTER, CMD_LESSON_NEXT, "", "next"},
	{CONTEXT_STAGE, K_BACKSPACE, CMD_LESSON_BACK, "", "back"},
	{CONTEXT_STAGE, '[', CMD_LESSON_GOTO, "back", "/] step"},
	{CONTEXT_STAGE, 'R', CMD_LESSON_RECORDING, "", "recording"},
	{CONTEXT_STAGE, K_ESCAPE, CMD_BACK, "", "explore"},
	{CONTEXT_STAGE, K_SPACE, CMD_LESSON_NEXT, "", NULL},
	{CONTEXT_STAGE, 'n', CMD_LESSON_NEXT, "", NULL},
	{CONTEXT_STAGE, K_RIGHT, CMD_LESSON_NEXT, "", NULL},
	{CONTEXT_STAGE, K_PAGE_DOWN, CMD_LESSON_NEXT, "", NULL},
	{CONTEXT_STAGE, 'p', CMD_LESSON_BACK, "", NULL},
	{CONTEXT_STAGE, K_LEFT, CMD_LESSON_BACK, "", NULL},
	{CONTEXT_STAGE, K_PAGE_UP, CMD_LESSON_BACK, "", NULL},
	{CONTEXT_STAGE, ']', CMD_LESSON_GOTO, "next", NULL},
	{CONTEXT_STAGE, 't', CMD_HINT, "", NULL},
	{CONTEXT_STAGE, K_TAB, CMD_PANE_NEXT, "", NULL},
	{CONTEXT_STAGE, K_BACKTAB, CMD_PANE_PREV, "", NULL},
	{CONTEXT_STAGE, 'q', CMD_INTERRUPT, "", NULL},
	{CONTEXT_LESSON_AWAY, 'L', CMD_LESSON, "", "lesson"},
	{CONTEXT_LESSON_AWAY, K_ENTER, CMD_LESSON, "", NULL},

	// A key of the answer pressed again, or Enter after it, only closes the answer.
	{CONTEXT_TOLD, K_ENTER, CMD_ANSWER, "", "go on"},
	{CONTEXT_TOLD, K_SPACE, CMD_ANSWER, "", NULL},
	{CONTEXT_TOLD, K_ESCAPE, CMD_ANSWER, "", NULL},
	{CONTEXT_TOLD, 'b', CMD_ANSWER, "", NULL},
	{CONTEXT_TOLD, 'x', CMD_ANSWER, "", NULL},
	{CONTEXT_TOLD, 'y', CMD_ANSWER, "", NULL},

	{CONTEXT_MAIN, 'b', CMD_BIND, "", "bind"},
	{CONTEXT_MAIN, 'n', CMD_STEP_NEXT, "", "/p step"},
	{CONTEXT_MAIN, 'p', CMD_STEP_PREV, "", NULL},
	{CONTEXT_MAIN, 'a', CMD_ADDRESS, "", "address"},
	{CONTEXT_MAIN, 'f', CMD_TOGGLE, "freebind", "freebind"},
	{CONTEXT_MAIN, 't', CMD_TOGGLE, "transparent", NULL},
	{CONTEXT_MAIN, 'v', CMD_TOGGLE, "v6only", NULL},
	{CONTEXT_MAIN, 'r', CMD_TOGGLE, "reuseaddr", NULL},
	{CONTEXT_MAIN, 'e', CMD_TOGGLE, "reuseport", NULL},
	{CONTEXT_MAIN, 'u', CMD_PROTO, "", NULL},
	{CONTEXT_MAIN, 'd', CMD_DEVICE, "", NULL},
	{CONTEXT_MAIN, 'o', CMD_UNPRIVILEGED, "", NULL},
	{CONTEXT_MAIN, 'w', CMD_WITNESS, "", NULL},
	{CONTEXT_MAIN, '=', CMD_COMPARE_WITH, "", "compare"},
	{CONTEXT_MAIN, 'i', CMD_COUNTERPART, "", "IPv4/IPv6"},
	{CONTEXT_MAIN, 'P', CMD_PIN, "", NULL},
	{CONTEXT_MAIN, 'M', CMD_VIEW, "matrix", "matrix"},
	{CONTEXT_MAIN, 's', CMD_STEP_FIRST, "", NULL},
	{CONTEXT_MAIN, 'D', CMD_STEP_DECIDING, "", NULL},
	{CONTEXT_MAIN, 'x', CMD_DETAIL, "", NULL},
	{CONTEXT_MAIN, '1', CMD_REMEDY, "1", NULL},
	{CONTEXT_MAIN, '2', CMD_REMEDY, "2", NULL},
	{CONTEXT_MAIN, '3', CMD_REMEDY, "3", NULL},
	{CONTEXT_MAIN, '4', CMD_REMEDY, "4", NULL},
	{CONTEXT_MAIN, '5', CMD_REMEDY, "5", NULL},
	{CONTEXT_MAIN, '6', CMD_REMEDY, "6", NULL},
	{CONTEXT_MAIN, '7', CMD_REMEDY, "7", NULL},
	{CONTEXT_MAIN, '8', CMD_REMEDY, "8", NULL},
	{CONTEXT_MAIN, '9', CMD_REMEDY, "9", NULL},
	{CONTEXT_MAIN, 'L', CMD_INSERT, "link add", NULL},
	{CONTEXT_MAIN, 'N', CMD_INSERT, "nexthop add id", NULL},
	{CONTEXT_MAIN, 'R', CMD_INSERT, "rule add", NULL},
	{CONTEXT_MAIN, 'S', CMD_INSERT, "sysctl", NULL},
	{CONTEXT_MAIN, 'U', CMD_UNDO, "", NULL},
	{CONTEXT_MAIN, K_TAB, CMD_PANE_NEXT, "", "next pane"},
	{CONTEXT_MAIN, '/', CMD_FILTER, "", "filter"},
	{CONTEXT_MAIN, 'c', CMD_COVER, "", "cover"},
	{CONTEXT_MAIN, 'A', CMD_ASK, "", "ask"},
	{CONTEXT_MAIN, '&', CMD_FILTER_ALL, "", NULL},
	{CONTEXT_MAIN, 'O', CMD_SORT, "", NULL},
	{CONTEXT_MAIN, 'H', CMD_HIDE, "", NULL},
	{CONTEXT_MAIN, K_BACKTAB, CMD_PANE_PREV, "", NULL},
	{CONTEXT_MAIN, K_RIGHT, CMD_PANE_NEXT, "", NULL},
	{CONTEXT_MAIN, K_LEFT, CMD_PANE_PREV, "", NULL},
	{CONTEXT_MAIN, 'l', CMD_PANE_NEXT, "", NULL},
	{CONTEXT_MAIN, 'h', CMD_PANE_PREV, "", NULL},
	{CONTEXT_MAIN, K_F2, CMD_PANE, "interfaces", NULL},
	{CONTEXT_MAIN, K_F3, CMD_PANE, "routes", NULL},
	{CONTEXT_MAIN, K_F4, CMD_PANE, "socket", NULL},
	{CONTEXT_MAIN, K_F5, CMD_PANE, "walk", NULL},
	{CONTEXT_MAIN, 'K', CMD_VIEW, "sockets", NULL},
	{CONTEXT_MAIN, 'E', CMD_VIEW, "events", NULL},
	{CONTEXT_MAIN, 'B', CMD_VIEW, "binds", NULL},
	{CONTEXT_MAIN, 'z', CMD_ZOOM, "", NULL},
	{CONTEXT_MAIN, 'q', CMD_QUIT, "", NULL},

	{CONTEXT_HELP, 'q', CMD_BACK, "", NULL},
	{CONTEXT_HELP, K_ESCAPE, CMD_BACK, "", "close"},
	{CONTEXT_HELP, 'n', CMD_SECTION_NEXT, "", "/p section"},
	{CONTEXT_HELP, 'p', CMD_SECTION_PREV, "", NULL},
	{CONTEXT_HELP, K_ENTER, CMD_PALETTE, "help", "topics"},
	{CONTEXT_HELP, K_TAB, CMD_SECTION_NEXT, "", NULL},
	{CONTEXT_HELP, K_BACKTAB, CMD_SECTION_PREV, "", NULL},
	{CONTEXT_HELP, '1', CMD_SECTION, "1", NULL},
	{CONTEXT_HELP, '2', CMD_SECTION, "2", NULL},
	{CONTEXT_HELP, '3', CMD_SECTION, "3", NULL},
	{CONTEXT_HELP, '4', CMD_SECTION, "4", NULL},
	{CONTEXT_HELP, '5', CMD_SECTION, "5", NULL},
	{CONTEXT_HELP, '6', CMD_SECTION, "6", NULL},
	{CONTEXT_HELP, '7', CMD_SECTION, "7", NULL},
	{CONTEXT_HELP, '8', CMD_SECTION, "8", NULL},
	{CONTEXT_HELP, '9', CMD_SECTION, "9", NULL},
	{CONTEXT_HELP, K_PAGE_DOWN, CMD_PAGE_DOWN, "", "page down"},
	{CONTEXT_HELP, K_PAGE_UP, CMD_PAGE_UP, "", "page up"},
	{CONTEXT_HELP, '/', CMD_FILTER, "", "search"},
	{CONTEXT_HELP, K_SPACE, CMD_PAGE_DOWN, "", NULL},
	{CONTEXT_DETAIL, K_SPACE, CMD_PAGE_DOWN, "", NULL},

	{CONTEXT_ANY, K_UP, CMD_UP, "", NULL},
	{CONTEXT_ANY, K_DOWN, CMD_DOWN, "", NULL},
	{CONTEXT_ANY, 'k', CMD_UP, "", NULL},
	{CONTEXT_ANY, 'j', CMD_DOWN, "", NULL},
	{CONTEXT_ANY, K_PAGE_UP, CMD_PAGE_UP, "", NULL},
	{CONTEXT_ANY, K_PAGE_DOWN, CMD_PAGE_DOWN, "", NULL},
	{CONTEXT_ANY, K_CTRL('B'), CMD_PAGE_UP, "", NULL},
	{CONTEXT_ANY, K_CTRL('F'), CMD_PAGE_DOWN, "", NULL},
	{CONTEXT_ANY, K_CTRL('U'), CMD_HALF_UP, "", NULL},
	{CONTEXT_ANY, K_CTRL('D'), CMD_HALF_DOWN, "", NULL},
	{CONTEXT_ANY, K_HOME, CMD_FIRST, "", NULL},
	{CONTEXT_ANY, K_END, CMD_LAST, "", NULL},
	{CONTEXT_ANY, 'g', CMD_FIRST, "", NULL},
	{CONTEXT_ANY, 'G', CMD_LAST, "", NULL},
	{CONTEXT_ANY, K_F1, CMD_HELP, "", NULL},
	{CONTEXT_ANY, '?', CMD_PALETTE, "", NULL},
	{CONTEXT_ANY, ':', CMD_COMMAND, "", NULL},
	{CONTEXT_ANY, K_ESCAPE, CMD_BACK, "", NULL},
	{CONTEXT_ANY, 'T', CMD_THEME, "", NULL},
	{CONTEXT_ANY, 'm', CMD_MOUSE, "", NULL},
	{CONTEXT_ANY, K_CTRL('L'), CMD_REDRAW, "", NULL},
	{CONTEXT_ANY, K_CTRL('Z'), CMD_SUSPEND, "", NULL},
	{CONTEXT_ANY, K_CTRL('C'), CMD_INTERRUPT, "", NULL},

	// None of these binds.
	{CONTEXT_ANSWER, 'y', CMD_ANSWER, "binds", "binds"},
	{CONTEXT_ANSWER, 'n', CMD_ANSWER, "refused", "refused"},
	{CONTEXT_ANSWER, 'x', CMD_ANSWER, "here", "ends here"},
	{CONTEXT_ANSWER, K_ESCAPE, CMD_ANSWER, "none", "no answer"},
	{CONTEXT_ANSWER, K_ENTER, CMD_ANSWER, "", NULL},
	{CONTEXT_ANSWER, K_SPACE, CMD_ANSWER, "", NULL},
	{CONTEXT_ANSWER, 'c', CMD_COVER, "", NULL},
	{CONTEXT_LESSON_ASK, 'y', CMD_ANSWER, "binds", NULL},
	{CONTEXT_LESSON_ASK, 'n', CMD_ANSWER, "refused", NULL},
	{CONTEXT_LESSON_ASK, 'x', CMD_ANSWER, "here", NULL},
	{CONTEXT_LESSON_ASK, '1', CMD_LESSON_ANSWER, "1", NULL},
	{CONTEXT_LESSON_ASK, '2', CMD_LESSON_ANSWER, "2", NULL},
	{CONTEXT_LESSON_ASK, '3', CMD_LESSON_ANSWER, "3", NULL},
	{CONTEXT_LESSON_ASK, '4', CMD_LESSON_ANSWER, "4", NULL},
	{CONTEXT_LESSON_ASK, '5', CMD_LESSON_ANSWER, "5", NULL},
	{CONTEXT_LESSON_ASK, '6', CMD_LESSON_ANSWER, "6", NULL},
	{CONTEXT_LESSON_ASK, '7', CMD_LESSON_ANSWER, "7", NULL},
	{CONTEXT_LESSON_ASK, '8', CMD_LESSON_ANSWER, "8", NULL},
	{CONTEXT_LESSON_ASK, '9', CMD_LESSON_ANSWER, "9", NULL},
	{CONTEXT_LESSON_ASK, K_BACKSPACE, CMD_LESSON_BACK, "", "back"},
	{CONTEXT_LESSON_ASK, 't', CMD_HINT, "", "hint"},
	{CONTEXT_LESSON_ASK, '[', CMD_LESSON_GOTO, "back", "/] step"},
	{CONTEXT_LESSON_ASK, K_TAB, CMD_PANE_NEXT, "", "next pane"},
	{CONTEXT_LESSON_ASK, K_ESCAPE, CMD_BACK, "", "explore"},
	{CONTEXT_LESSON_ASK, K_BACKTAB, CMD_PANE_PREV, "", NULL},
	{CONTEXT_LESSON_ASK, ']', CMD_LESSON_GOTO, "next", NULL},
	{CONTEXT_LESSON_ASK, 'p', CMD_LESSON_BACK, "", NULL},
	{CONTEXT_LESSON_ASK, 'T', CMD_SOLUTION, "", NULL},
	{CONTEXT_LESSON_ASK, 'q', CMD_QUIT, "", NULL},
	{CONTEXT_LESSON_ASK, K_ENTER, CMD_ANSWER, "", NULL},
	{CONTEXT_LESSON_ASK, K_SPACE, CMD_ANSWER, "", NULL},
	{CONTEXT_STAGE_ASK, 'q', CMD_INTERRUPT, "", NULL},
	{CONTEXT_STAGE_ASK, 't', CMD_HINT, "", NULL},
	{CONTEXT_STAGE_ASK, 'R', CMD_LESSON_RECORDING, "", "recording"},
	{CONTEXT_STAGE_ASK, K_TAB, CMD_PANE_NEXT, "", NULL},
	{CONTEXT_STAGE_ASK, K_RIGHT, CMD_ANSWER, "", NULL},
	{CONTEXT_STAGE_ASK, K_PAGE_DOWN, CMD_ANSWER, "", NULL},
	{CONTEXT_STAGE_ASK, K_LEFT, CMD_LESSON_BACK, "", NULL},
	{CONTEXT_STAGE_ASK, K_PAGE_UP, CMD_LESSON_BACK, "", NULL},
	{CONTEXT_PALETTE, K_ENTER, CMD_PALETTE_RUN, "", "run"},
	{CONTEXT_PALETTE, K_ESCAPE, CMD_BACK, "", "close"},
	{CONTEXT_PALETTE, K_UP, CMD_UP, "", NULL},
	{CONTEXT_PALETTE, K_DOWN, CMD_DOWN, "", "next"},
	{CONTEXT_PALETTE, K_CTRL('P'), CMD_UP, "", NULL},
	{CONTEXT_PALETTE, K_CTRL('N'), CMD_DOWN, "", NULL},
	{CONTEXT_PALETTE, K_PAGE_UP, CMD_PAGE_UP, "", NULL},
	{CONTEXT_PALETTE, K_PAGE_DOWN, CMD_PAGE_DOWN, "", NULL},
	{CONTEXT_PALETTE, K_HOME, CMD_FIRST, "", NULL},
	{CONTEXT_PALETTE, K_END, CMD_LAST, "", NULL},
	{CONTEXT_PALETTE, K_CTRL('C'), CMD_BACK, "", NULL},
	{CONTEXT_PALETTE, K_CTRL('L'), CMD_REDRAW, "", NULL},
	{CONTEXT_PALETTE, K_CTRL('Z'), CMD_SUSPEND, "", NULL},
	{CONTEXT_PALETTE, K_F1, CMD_HELP, "", NULL},

	{CONTEXT_FILTER, K_ENTER, CMD_FILTER_KEEP, "", "keep"},
	{CONTEXT_FILTER, K_ESCAPE, CMD_FILTER_DROP, "", "show all"},
	{CONTEXT_FILTER, K_CTRL('C'), CMD_FILTER_DROP, "", NULL},
	{CONTEXT_FILTER, K_UP, CMD_UP, "", NULL},
	{CONTEXT_FILTER, K_DOWN, CMD_DOWN, "", NULL},
	{CONTEXT_FILTER, K_PAGE_UP, CMD_PAGE_UP, "", NULL},
	{CONTEXT_FILTER, K_PAGE_DOWN, CMD_PAGE_DOWN, "", NULL},
	{CONTEXT_FILTER, K_CTRL('L'), CMD_REDRAW, "", NULL},
	{CONTEXT_FILTER, K_CTRL('Z'), CMD_SUSPEND, "", NULL},
	{CONTEXT_FILTER, K_F1, CMD_HELP, "", NULL},

	{CONTEXT_CONFIRM, 'y', CMD_QUIT_YES, "", "quit"},
	{CONTEXT_CONFIRM, 'n', CMD_QUIT_NO, "", "stay"},
	{CONTEXT_CONFIRM, 'q', CMD_QUIT_YES, "", NULL},
	{CONTEXT_CONFIRM, K_ENTER, CMD_QUIT_NO, "", NULL},
	{CONTEXT_CONFIRM, K_ESCAPE, CMD_QUIT_NO, "", NULL},
	{CONTEXT_CONFIRM, K_CTRL('C'), CMD_QUIT_YES, "", NULL},
	{CONTEXT_CONFIRM, K_CTRL('L'), CMD_REDRAW, "", NULL},
	{CONTEXT_CONFIRM, K_CTRL('Z'), CMD_SUSPEND, "", NULL},

	{CONTEXT_CHANGE, 'y', CMD_QUIT_YES, "", "yes"},
	{CONTEXT_CHANGE, 'n', CMD_QUIT_NO, "", "no"},
	{CONTEXT_CHANGE, K_ENTER, CMD_QUIT_NO, "", NULL},
	{CONTEXT_CHANGE, K_ESCAPE, CMD_QUIT_NO, "", NULL},
	{CONTEXT_CHANGE, K_CTRL('C'), CMD_QUIT_NO, "", NULL},
	{CONTEXT_CHANGE, K_CTRL('L'), CMD_REDRAW, "", NULL},
	{CONTEXT_CHANGE, K_CTRL('Z'), CMD_SUSPEND, "", NULL},

	{CONTEXT_PROMPT, K_TAB, CMD_COMMAND, "", "complete"},
	{CONTEXT_PROMPT, K_ENTER, CMD_USE, "", "OK"},
	{CONTEXT_PROMPT, K_ESCAPE, CMD_BACK, "", "cancel"},
	{CONTEXT_PROMPT, K_UP, CMD_UP, "", "history"},
};

enum { BINDINGS = sizeof bindings / sizeof bindings[0], KEYS_OWN = 128, KEYS_ARG = 160 };

static enum key_context wider(enum key_context c)
{
	switch (c) {
	case CONTEXT_LINKS:
	case CONTEXT_ROUTES:
	case CONTEXT_SOCKET:
	case CONTEXT_WALK:
	case CONTEXT_OTHER:
	case CONTEXT_MATRIX:
	case CONTEXT_SOCKETS:
	case CONTEXT_EVENTS:
	case CONTEXT_BINDS:
	case CONTEXT_OPENED:
	case CONTEXT_LESSON:
	case CONTEXT_DETAIL:
	case CONTEXT_TOLD:
		return CONTEXT_MAIN;
	case CONTEXT_TRACED:
		return CONTEXT_BINDS;
	case CONTEXT_MAIN:
	case CONTEXT_ANSWER:
	case CONTEXT_LESSON_ASK:
	case CONTEXT_STAGE:
	case CONTEXT_HELP:
		return CONTEXT_ANY;
	case CONTEXT_STAGE_ASK:
		return CONTEXT_LESSON_ASK;
	default: // where text is typed, too: the palette
		return CONTEXT_COUNT;
	}
}

// The user's own, which come before all of the table where a pane has the focus.
static struct {
	struct binding row;
	char arg[KEYS_ARG];
} own[KEYS_OWN];
static size_t nown;

static bool is_bindable(enum key_context c)
{
	return c <= CONTEXT_HELP && c != CONTEXT_PALETTE;
}

const struct binding *keys_find(enum key_context context, uint32_t code)
{
	for (size_t i = 0; is_bindable(context) && i < nown; i++)
		if (own[i].row.key == code)
			return &own[i].row;
	for (; context != CONTEXT_COUNT; context = wider(context))
		for (size_t i = 0; i < BINDINGS; i++)
			if (bindings[i].context == context && bindings[i].key == code)
				return &bindings[i];
	return NULL;
}

const struct binding *keys_at(size_t n)
{
	return n < BINDINGS ? &bindings[n] : n - BINDINGS < nown ? &own[n - BINDINGS].row : NULL;
}

static const char *any_name(void *data, size_t n)
{
	char *buf = data; // KEY_NAME bytes
	uint32_t code = n < K_SPACE ? (uint32_t)n + 1 : (uint32_t)(K_NONE + 1 + n - K_SPACE);
	return code < K_END_OF_KEYS ? keys_name(code, buf) : NULL;
}

uint32_t keys_code(const char *name)
{
	char have[KEY_NAME];
	uint32_t c;
	size_t len = strlen(name);
	if (len > 0 && width_decode(name, len, &c) == len && c > K_SPACE)
		return c;
	for (size_t n = 0; any_name(have, n); n++)
		if (strcmp(have, name) == 0)
			return n < K_SPACE ? (uint32_t)n + 1 : (uint32_t)(K_NONE + 1 + n - K_SPACE);
	return K_NONE;
}

int keys_bind(const char *name, const char *line, char *err, size_t errlen)
{
	struct command_call call;
	char near[KEY_NAME];
	uint32_t code = keys_code(name);
	int key_only = command_find(line);
	if (code == K_NONE || code == K_PASTE_BEGIN || code == K_PASTE_END || code == K_UNKNOWN) {
		const char *meant = nearest_word(name, any_name, near);
		snprintf(err, errlen, "\"%.20s\" is not a key%s%s; expected a letter, Ctrl-A, F5, PgUp, Space", name,
			 meant ? "; did you mean " : "", meant ? meant : "");
		return -EINVAL;
	}
	if (key_only >= 0 && (command_info((enum command_id)key_only)->needs & NEED_KEY))
		call = (struct command_call){.id = (enum command_id)key_only};
	else if (command_parse(line, &call, err, errlen, NULL) < 0)
		return -EINVAL;
	size_t i = 0;
	while (i < nown && own[i].row.key != code)
		i++;
	if (i == KEYS_OWN || strlen(call.arg) >= KEYS_ARG) {
		snprintf(err, errlen,
			 i == KEYS_OWN ? "at most %d keys can have commands of their own"
				       : "a key's command has at most %d bytes",
			 i == KEYS_OWN ? KEYS_OWN : KEYS_ARG - 1);
		return -EINVAL;
	}
	memcpy(own[i].arg, call.arg, strlen(call.arg) + 1);
	own[i].row = (struct binding){CONTEXT_ANY, code, call.id, own[i].arg, NULL};
	nown += i == nown;
	return 0;
}

void keys_reset(void)
{
	nown = 0;
}

bool keys_is_digit(const struct binding *b)
{
	return b->key >= '1' && b->key <= '9' && (uint32_t)b->arg[0] == b->key && !b->arg[1];
}

bool keys_reachable(enum key_context context, const struct binding *b)
{
	return keys_find(context, b->key) == b;
}

const struct binding *keys_instead(enum key_context context, const struct binding *b)
{
	enum key_context c = context;
	while (c != CONTEXT_COUNT && c != b->context)
		c = wider(c);
	if (c == CONTEXT_COUNT || keys_reachable(context, b))
		return c == CONTEXT_COUNT ? NULL : b;
	for (size_t i = 0; i < nown; i++)
		if (own[i].row.command == b->command && strcmp(own[i].arg, b->arg) == 0 &&
		    keys_reachable(context, &own[i].row))
			return &own[i].row;
	return NULL;
}

const struct binding *keys_for(enum key_context context, enum command_id command, const char *arg)
{
	const struct binding *b;
	for (size_t i = 0; (b = keys_at(i)); i++)
		if (b->command == command && strcmp(b->arg, arg) == 0 && keys_reachable(context, b))
			return b;
	return NULL;
}

const char *keys_context_name(enum key_context context)
{
	static const char *const names[CONTEXT_COUNT] = {
		[CONTEXT_ANY] = "everywhere",
		[CONTEXT_MAIN] = "main screen",
		[CONTEXT_LINKS] = "interfaces",
		[CONTEXT_ROUTES] = "routes",
		[CONTEXT_SOCKET] = "socket",
		[CONTEXT_WALK] = "walk",
		[CONTEXT_OTHER] = "other walk",
		[CONTEXT_MATRIX] = "matrix",
		[CONTEXT_SOCKETS] = "sockets",
		[CONTEXT_EVENTS] = "events",
		[CONTEXT_BINDS] = "binds",
		[CONTEXT_TRACED] = "while a program is traced",
		[CONTEXT_OPENED] = "walk of a bind",
		[CONTEXT_DETAIL] = "details",
		[CONTEXT_HELP] = "help",
		[CONTEXT_PALETTE] = "palette",
		[CONTEXT_FILTER] = "while filtering",
		[CONTEXT_CONFIRM] = "question",
		[CONTEXT_CHANGE] = "before a change",
		[CONTEXT_PROMPT] = "while typing",
		[CONTEXT_ANSWER] = "before an answer",
		[CONTEXT_TOLD] = "after an answer",
		[CONTEXT_LESSON] = "lesson",
		[CONTEXT_LESSON_ASK] = "lesson, before an answer",
		[CONTEXT_STAGE] = "stage",
		[CONTEXT_STAGE_ASK] = "before an answer on stage",
		[CONTEXT_LESSON_AWAY] = "while a lesson waits",
	};
	return names[context];
}

char *keys_name(uint32_t code, char buf[static KEY_NAME])
{
	static const struct {
		uint32_t code;
		const char *name;
	} names[] = {
		{K_TAB, "Tab"},
		{K_ENTER, "Enter"},
		{K_ESCAPE, "Esc"},
		{K_SPACE, "Space"},
		{K_UP, "Up"},
		{K_DOWN, "Down"},
		{K_LEFT, "Left"},
		{K_RIGHT, "Right"},
		{K_PAGE_UP, "PgUp"},
		{K_PAGE_DOWN, "PgDn"},
		{K_HOME, "Home"},
		{K_END, "End"},
		{K_INSERT, "Insert"},
		{K_DELETE, "Delete"},
		{K_BACKTAB, "Shift-Tab"},
		{K_BACKSPACE, "Backspace"},
		{K_CLICK, "click"},
		{K_WHEEL_UP, "wheel up"},
		{K_WHEEL_DOWN, "wheel down"},
	};
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		if (names[i].code == code) {
			snprintf(buf, KEY_NAME, "%s", names[i].name);
			return buf;
		}
	if (code >= K_F1 && code <= K_F12) {
		snprintf(buf, KEY_NAME, "F%u", (unsigned)(code - K_F1 + 1));
	} else if (code < 32) {
		snprintf(buf, KEY_NAME, "Ctrl-%c", (int)code + '@');
	} else if (code < K_NONE) {
		size_t n = width_encode(code, buf);
		buf[n] = '\0';
	} else {
		snprintf(buf, KEY_NAME, "this key");
	}
	return buf;
}
