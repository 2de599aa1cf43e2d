// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/command.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static const struct command commands[CMD_COUNT] = {
	[CMD_BIND] = {"bind", ARG_NONE, false, "bind", "bind for real, on a live socket, and compare", GROUP_ATTEMPT,
		      0},
	[CMD_ADDRESS] = {"address", ARG_ENDPOINT, false, "address [ADDRESS[%SCOPE][:PORT]]",
			 "type the address to bind to", GROUP_ATTEMPT, 0},
	[CMD_PORT] = {"port", ARG_PORT, true, "port NUMBER", "the port to bind to; 0 lets the kernel choose",
		      GROUP_ATTEMPT, 0},
	[CMD_PROTO] = {"proto", ARG_PROTO, false, "proto [tcp|udp]", "switch between TCP and UDP", GROUP_ATTEMPT, 0},
	[CMD_DEVICE] = {"device", ARG_DEVICE, false, "device [INTERFACE|none]", "tie the socket to the next interface",
			GROUP_ATTEMPT, 0},
	[CMD_FLIP] = {"flip", ARG_OPTION, true, "flip OPTION", "switch a socket option on or off", GROUP_ATTEMPT, 0},
	[CMD_SET] = {"set", ARG_SETTING, true, "set OPTION[=VALUE]", "set a socket option", GROUP_ATTEMPT, 0},
	[CMD_UNSET] = {"unset", ARG_OPTION, true, "unset OPTION", "leave a socket option alone", GROUP_ATTEMPT, 0},
	[CMD_UNPRIVILEGED] = {"unprivileged", ARG_NONE, false, "unprivileged",
			      "bind without capabilities, as an ordinary user would", GROUP_ATTEMPT, 0},
	[CMD_WITNESS] = {"witness", ARG_NONE, false, "witness", "watch the kernel's own lookups during a live bind",
			 GROUP_ATTEMPT, 0},
	[CMD_SYSCTL] = {"sysctl", ARG_SYSCTL, true, "sysctl NAME [VALUE]",
			"flip or write a sysctl of the lab's namespace", GROUP_ATTEMPT, NEED_LAB},
	[CMD_TOGGLE] = {"toggle", ARG_NONE, false, "toggle", "flip or edit what is selected", GROUP_ATTEMPT, 0},
	[CMD_STEP_NEXT] = {"next", ARG_NONE, false, "next", "one step forward through the walk", GROUP_WALK, 0},
	[CMD_STEP_PREV] = {"previous", ARG_NONE, false, "previous", "one step back", GROUP_WALK, 0},
	[CMD_STEP_FIRST] = {"start", ARG_NONE, false, "start", "to the first step", GROUP_WALK, 0},
	[CMD_STEP_DECIDING] = {"deciding", ARG_NONE, false, "deciding", "to the step that decides", GROUP_WALK, 0},
	[CMD_DETAIL] = {"detail", ARG_NONE, false, "detail", "explain the selected step, with its inputs", GROUP_WALK,
			0},
	[CMD_UP] = {"up", ARG_NONE, false, "up", "one line up", GROUP_MOVE, 0},
	[CMD_DOWN] = {"down", ARG_NONE, false, "down", "one line down", GROUP_MOVE, 0},
	[CMD_PAGE_UP] = {"page-up", ARG_NONE, false, "page-up", "one page up", GROUP_MOVE, 0},
	[CMD_PAGE_DOWN] = {"page-down", ARG_NONE, false, "page-down", "one page down", GROUP_MOVE, 0},
	[CMD_HALF_UP] = {"half-up", ARG_NONE, false, "half-up", "half a page up", GROUP_MOVE, 0},
	[CMD_HALF_DOWN] = {"half-down", ARG_NONE, false, "half-down", "half a page down", GROUP_MOVE, 0},
	[CMD_FIRST] = {"first", ARG_NONE, false, "first", "to the first line", GROUP_MOVE, 0},
	[CMD_LAST] = {"last", ARG_NONE, false, "last", "to the last line", GROUP_MOVE, 0},
	[CMD_PANE_NEXT] = {"next-pane", ARG_NONE, false, "next-pane", "to the next pane", GROUP_MOVE, 0},
	[CMD_PANE_PREV] = {"previous-pane", ARG_NONE, false, "previous-pane", "to the pane before", GROUP_MOVE, 0},
	[CMD_PANE] = {"pane", ARG_PANE, true, "pane interfaces|routes|socket|walk", "to that pane; shows a hidden one",
		      GROUP_MOVE, 0},
	[CMD_USE] = {"use", ARG_NONE, false, "use", "take the selected address or route into the attempt",
		     GROUP_ATTEMPT, 0},
	[CMD_FILTER] = {"filter", ARG_TEXT, false, "filter [TEXT]", "show only lines with this text", GROUP_VIEW, 0},
	[CMD_FILTER_KEEP] = {"filter-keep", ARG_NONE, false, "filter-keep", "keep the filter and go on", GROUP_VIEW,
			     NEED_KEY},
	[CMD_FILTER_DROP] = {"filter-drop", ARG_NONE, false, "filter-drop", "show all lines again", GROUP_VIEW, 0},
	[CMD_ZOOM] = {"zoom", ARG_NONE, false, "zoom", "this pane alone, and back", GROUP_VIEW, 0},
	[CMD_THEME] = {"theme", ARG_THEME, false, "theme [dark|light|mono]", "the next theme", GROUP_VIEW, 0},
	[CMD_MOUSE] = {"mouse", ARG_NONE, false, "mouse", "mouse on, or off: the terminal selects text", GROUP_VIEW, 0},
	[CMD_REDRAW] = {"redraw", ARG_NONE, false, "redraw", "draw the screen anew, read sysctls again", GROUP_VIEW, 0},
	[CMD_COMMAND] = {"command", ARG_NONE, false, "command", "type a command by name; Tab completes", GROUP_PROGRAM,
			 NEED_KEY},
	[CMD_HELP] = {"help", ARG_NONE, false, "help", "this help", GROUP_PROGRAM, 0},
	[CMD_BACK] = {"back", ARG_NONE, false, "back", "close what is open, drop a filter; never quits", GROUP_PROGRAM,
		      0},
	[CMD_SUSPEND] = {"suspend", ARG_NONE, false, "suspend", "to the shell; fg comes back", GROUP_PROGRAM, 0},
	[CMD_INTERRUPT] = {"interrupt", ARG_NONE, false, "interrupt", "cancel, or ask whether to quit", GROUP_PROGRAM,
			   NEED_KEY},
	[CMD_QUIT] = {"quit", ARG_NONE, false, "quit", "quit, from the main screen", GROUP_PROGRAM, 0},
	[CMD_QUIT_YES] = {"quit-yes", ARG_NONE, false, "quit-yes", "yes, quit", GROUP_PROGRAM, NEED_KEY},
	[CMD_QUIT_NO] = {"quit-no", ARG_NONE, false, "quit-no", "no, stay", GROUP_PROGRAM, NEED_KEY},
};

const struct command *command_info(enum command_id id)
{
	return &commands[id];
}

const char *command_group_title(enum command_group g)
{
	static const char *const titles[GROUP_COUNT] = {
		[GROUP_ATTEMPT] = "The bind", [GROUP_WALK] = "The walk",    [GROUP_MOVE] = "Moving",
		[GROUP_VIEW] = "The view",    [GROUP_PROGRAM] = "Bindwalk",
	};
	return titles[g];
}

int command_find(const char *name)
{
	for (int i = 0; i < CMD_COUNT; i++)
		if (strcmp(commands[i].name, name) == 0)
			return i;
	return -1;
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

int command_parse(const char *line, struct command_call *out, char *err, size_t errlen, size_t *column)
{
	size_t start = 0, dummy;
	if (!column)
		column = &dummy;
	*column = 0;
	while (is_blank(line[start]))
		start++;
	if (line[start] == '\0')
		return -ENODATA;
	size_t end = start;
	while (line[end] && !is_blank(line[end]))
		end++;
	char name[32];
	*column = start;
	int id = -1;
	if (end - start < sizeof name) {
		memcpy(name, line + start, end - start);
		name[end - start] = '\0';
		id = command_find(name);
	}
	if (id < 0 || (commands[id].needs & NEED_KEY)) {
		snprintf(err, errlen, "no command is called \"%.*s\"; Tab lists them", (int)(end - start),
			 line + start);
		return -EINVAL;
	}
	const struct command *c = &commands[id];
	size_t arg = end;
	while (is_blank(line[arg]))
		arg++;
	size_t last = strlen(line);
	while (last > arg && is_blank(line[last - 1]))
		last--;
	*column = arg;
	if (last - arg >= COMMAND_ARG) {
		snprintf(err, errlen, "%s: the argument is longer than %d bytes", c->name, COMMAND_ARG - 1);
		return -EINVAL;
	}
	if (c->arg == ARG_NONE && last > arg) {
		snprintf(err, errlen, "%s takes no argument, \"%.*s\" is one too many", c->name, (int)(last - arg),
			 line + arg);
		return -EINVAL;
	}
	if (c->required && last == arg) {
		snprintf(err, errlen, "%s needs an argument: %s", c->name, c->synopsis);
		return -EINVAL;
	}
	out->id = (enum command_id)id;
	memcpy(out->arg, line + arg, last - arg);
	out->arg[last - arg] = '\0';
	return 0;
}
