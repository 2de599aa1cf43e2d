// SPDX-License-Identifier: GPL-3.0-or-later
// The command table: one row per thing that the explorer can do. Keys, typed lines, the help and the bottom line are all
// made from it. Pure.
#ifndef BINDWALK_COMMAND_H
#define BINDWALK_COMMAND_H

#include <stdbool.h>
#include <stddef.h>

enum command_group { GROUP_ATTEMPT, GROUP_WALK, GROUP_MOVE, GROUP_VIEW, GROUP_PROGRAM, GROUP_COUNT };

enum command_id {
	CMD_BIND,
	CMD_ADDRESS,
	CMD_PORT,
	CMD_PROTO,
	CMD_DEVICE,
	CMD_FLIP,
	CMD_SET,
	CMD_UNSET,
	CMD_UNPRIVILEGED,
	CMD_WITNESS,
	CMD_SYSCTL,
	CMD_TOGGLE,
	CMD_STEP_NEXT,
	CMD_STEP_PREV,
	CMD_STEP_FIRST,
	CMD_STEP_DECIDING,
	CMD_DETAIL,
	CMD_UP,
	CMD_DOWN,
	CMD_PAGE_UP,
	CMD_PAGE_DOWN,
	CMD_HALF_UP,
	CMD_HALF_DOWN,
	CMD_FIRST,
	CMD_LAST,
	CMD_PANE_NEXT,
	CMD_PANE_PREV,
	CMD_PANE,
	CMD_USE,
	CMD_FILTER,
	CMD_FILTER_KEEP,
	CMD_FILTER_DROP,
	CMD_ZOOM,
	CMD_THEME,
	CMD_MOUSE,
	CMD_REDRAW,
	CMD_COMMAND,
	CMD_HELP,
	CMD_BACK,
	CMD_SUSPEND,
	CMD_INTERRUPT,
	CMD_QUIT,
	CMD_QUIT_YES,
	CMD_QUIT_NO,
	CMD_COUNT
};

// What an argument is: decides completion and checking.
enum argument {
	ARG_NONE,
	ARG_ENDPOINT, // ADDRESS[%SCOPE][:PORT]
	ARG_PORT,
	ARG_PROTO,   // tcp or udp
	ARG_DEVICE,  // an interface name, or "none"
	ARG_OPTION,  // name of an option
	ARG_SETTING, // NAME[=VALUE]
	ARG_SYSCTL,  // NAME [VALUE]
	ARG_PANE,
	ARG_THEME,
	ARG_TEXT
};

// What must be true before a command can act; who dispatches checks it and tells the reason.
enum need {
	NEED_LAB = 1, // the namespace is ours to change
	NEED_KEY = 2  // makes sense from a key only; no typed line names it
};

struct command {
	const char *name;
	enum argument arg;
	bool required;        // the argument may not be left out
	const char *synopsis; // "address [ADDRESS[%SCOPE][:PORT]]"
	const char *help;     // one line
	enum command_group group;
	unsigned needs;
};

enum { COMMAND_ARG = 160 };

// One command with its argument: what a key, a click or a typed line comes to.
struct command_call {
	enum command_id id;
	char arg[COMMAND_ARG]; // "" for none
};

const struct command *command_info(enum command_id id);
const char *command_group_title(enum command_group g);
// By exact name; -1 for none.
int command_find(const char *name);

// "address 10.0.0.1:80" into a call. Blanks around are ignored. 0; -ENODATA for an empty line; -EINVAL with a sentence in
// err, and in *column (may be NULL) the byte of the line that it is about.
int command_parse(const char *line, struct command_call *out, char *err, size_t errlen, size_t *column);

#endif
