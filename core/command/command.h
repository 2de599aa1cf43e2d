// SPDX-License-Identifier: GPL-3.0-or-later
// The command table: one row per thing that Bindwalk can do. Keys, typed lines, scripts, lessons, completion, the help
// and the man page are all made from it. Pure.
//
// A line is words with blanks between; "..." and '...' keep blanks in a word, and a word that begins with # ends the
// line. Names are exact: what is not in the tables is an error that says what is, and which name comes nearest. Only
// after "ip" the beginning of a word will do, as it does for iproute2.
#ifndef BINDWALK_COMMAND_H
#define BINDWALK_COMMAND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/model/host.h"

enum command_group {
	GROUP_ATTEMPT,
	GROUP_WALK,
	GROUP_CHANGE,
	GROUP_MOVE,
	GROUP_VIEW,
	GROUP_SCRIPT,
	GROUP_PROGRAM,
	GROUP_COUNT
};

enum command_id {
	CMD_BIND,
	CMD_ADDRESS,
	CMD_PORT,
	CMD_SCOPE,
	CMD_TYPE,
	CMD_PROTO,
	CMD_DEVICE,
	CMD_TOGGLE,
	CMD_TOGGLE_SELECTED,
	CMD_SET,
	CMD_UNSET,
	CMD_FAMILY,
	CMD_SA_FAMILY,
	CMD_ADDRLEN,
	CMD_AGAIN,
	CMD_LISTEN,
	CMD_CONNECT,
	CMD_UNPRIVILEGED,
	CMD_WITNESS,
	CMD_SYSCTL,
	CMD_STEP,
	CMD_STEP_NEXT,
	CMD_STEP_PREV,
	CMD_STEP_FIRST,
	CMD_STEP_DECIDING,
	CMD_STEP_AT,
	CMD_DETAIL,
	CMD_COVER,
	CMD_ANSWER,
	CMD_REMEDY,
	CMD_SHOW,
	CMD_COMPARE,
	CMD_COMPARE_WITH,
	CMD_PIN,
	CMD_COUNTERPART,
	CMD_CELL,
	CMD_WRITE,
	CMD_ADDRESS_ADD,
	CMD_ADDRESS_DEL,
	CMD_ROUTE_ADD,
	CMD_ROUTE_APPEND,
	CMD_ROUTE_REPLACE,
	CMD_ROUTE_DEL,
	CMD_RULE_ADD,
	CMD_RULE_DEL,
	CMD_NEXTHOP_ADD,
	CMD_NEXTHOP_DEL,
	CMD_LINK_ADD,
	CMD_LINK_SET,
	CMD_LINK_DEL,
	CMD_HOLD,
	CMD_RELEASE,
	CMD_INSERT,
	CMD_DELETE,
	CMD_UNDO,
	CMD_RESET,
	CMD_KEEP,
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
	CMD_FILTER_ALL,
	CMD_FILTER_KEEP,
	CMD_FILTER_DROP,
	CMD_SORT,
	CMD_HIDE,
	CMD_VIEW,
	CMD_WATCH,
	CMD_TRACE,
	CMD_ZOOM,
	CMD_THEME,
	CMD_MOUSE,
	CMD_REDRAW,
	CMD_KEY,
	CMD_SAY,
	CMD_ASK,
	CMD_EXPECT,
	CMD_PAUSE,
	CMD_LESSON,
	CMD_LESSON_NEXT,
	CMD_LESSON_BACK,
	CMD_LESSON_GOTO,
	CMD_LESSON_ANSWER,
	CMD_LESSON_RECORDING,
	CMD_GOAL,
	CMD_TIME,
	CMD_LAB,
	CMD_NEEDS,
	CMD_DO,
	CMD_HINT,
	CMD_SOLUTION,
	CMD_CHECK,
	CMD_NOTE,
	CMD_DONE,
	CMD_READ,
	CMD_SINCE,
	CMD_BEFORE,
	CMD_COMMAND,
	CMD_SECTION,
	CMD_SECTION_NEXT,
	CMD_SECTION_PREV,
	CMD_PALETTE,
	CMD_PALETTE_RUN,
	CMD_HELP,
	CMD_BACK,
	CMD_SUSPEND,
	CMD_INTERRUPT,
	CMD_QUIT,
	CMD_QUIT_YES,
	CMD_QUIT_NO,
	CMD_COUNT
};

// What an argument is: decides checking and completion.
enum argument {
	ARG_NONE,     // nothing; as a parameter, a word that stands for itself ("nodad")
	ARG_ENDPOINT, // ADDRESS[%SCOPE][:PORT]
	ARG_PORT,
	ARG_TYPE, // stream, dgram, raw, ping
	ARG_PROTO,
	ARG_FAMILY,     // inet, inet6
	ARG_SA_FAMILY,  // the same, unspec, a number
	ARG_ADDRLEN,    // of a sockaddr in bytes
	ARG_DEVICE,     // an interface name, or "none"
	ARG_LINK,       // an interface name
	ARG_NEW_LINK,   // a name that an interface may have
	ARG_LINK_KIND,  // veth, dummy, vrf
	ARG_OPTION,     // name of a socket option
	ARG_OPTION_ALL, // the same, or "all"
	ARG_SETTING,    // name of a socket option; NAME=VALUE gives the next parameter as well
	ARG_SETTINGS,   // OPTION[=VALUE], more of them after commas
	ARG_SYSCTL,     // below net.; NAME=VALUE gives the next parameter as well
	ARG_PREFIX,     // ADDRESS[/LENGTH] without host bits, "default", "all"
	ARG_CIDR,       // ADDRESS[/LENGTH]
	ARG_ADDR,       // ADDRESS
	ARG_ROUTE_TYPE, // "local", "unicast", ...
	ARG_TABLE,      // "local", "main", "default", a number
	ARG_NUMBER,     // 0 to 4294967295
	ARG_TOS,        // 0 to 255, also as 0x10
	ARG_PROTOCOL,   // who made a route: "static", a number
	ARG_RANGE,      // scope of an address or route: "global", "link", "host"
	ARG_SECONDS,    // a number, "forever"
	ARG_MARK,       // NUMBER[/MASK]
	ARG_STEP,       // number of a step, from 1; any other text is the title of a lesson's step
	ARG_STEP_NAME,  // of a walk's step
	ARG_SECTION,    // number of a help section, from 1
	ARG_ORDINAL,    // 1 to 99
	ARG_LESSON_AT,  // next, back, 1 to 99
	ARG_MINUTES,    // 1 to 60
	ARG_RECIPE,     // what a lesson's lab is made by
	ARG_FEATURE,    // what only some kernels have: vrf, ipv6
	ARG_VERSION,    // MAJOR.MINOR of a kernel
	ARG_SHOWN,      // what `show` shows
	ARG_BESIDE,     // what a walk is compared with: other, before, pinned
	ARG_WRITTEN,    // what `write` saves
	ARG_SIDE,       // left, right
	ARG_EXPECTED,   // a code, an errno, "ok", "refused"
	ARG_SWITCH,     // on, off
	ARG_WATCHED,    // on, all, off
	ARG_PRIVILEGES, // the same, bounding, ambient
	ARG_ALL,        // "all"
	ARG_PANE,
	ARG_ANSWER, // a prediction
	ARG_VIEW,
	ARG_THEME,
	ARG_FILE,
	ARG_KEY,     // the name of a key
	ARG_WORD,    // any word
	ARG_LINE,    // a command with its arguments: the rest of the line
	ARG_TEXT,    // the rest of the line, as it stands
	ARG_WORDS,   // the rest of the line up to a comment
	ARG_COMMAND, // another program's command line: the rest of the line, its quotes kept
	ARG_SUBJECT, // something that help knows: the rest of the line
	// On the command line only:
	ARG_WHEN,    // auto, always, never
	ARG_FORMAT,  // in which a recording is written
	ARG_LAB,     // what a lab begins with
	ARG_NETNS,   // a name of `ip netns`, or a process id
	ARG_PID,     // of a process
	ARG_RELEASE, // of a kernel
	ARG_COUNT
};

// A command's requirements; the dispatcher checks them and names the one that fails.
enum need {
	NEED_LAB = 1,    // the namespace is ours to change: a lab, or a host with --edit
	NEED_KEY = 2,    // makes sense from a key only; no typed line names it
	NEED_SCREEN = 4, // makes sense in the explorer only
	ONLY_FILE = 16,  // says something about the lesson that its file holds: nothing to choose in the explorer
	ONLY_LAB = 8     // with NEED_LAB: refused on a host, where it could not be undone exactly
};

struct parameter {
	const char *keyword; // the word that comes before the value ("dev"); NULL: the value alone
	enum argument kind;
	const char *value; // the value's name in texts ("IF"); NULL for ARG_NONE
	bool optional;
	bool bare;      // the keyword may be left out
	bool rare;      // taken and completed, but not in the synopsis
	uint8_t one_of; // of the parameters with the same number only one may be given; 0: no such group
};

enum { COMMAND_PARAMS = 16, COMMAND_EXAMPLES = 2 };

struct command {
	const char *name;     // one word, or two: "route add"
	const char *synopsis; // "address [ADDRESS[%SCOPE][:PORT]]"
	const char *help;     // one line
	enum command_group group;
	unsigned needs;
	struct parameter params[COMMAND_PARAMS]; // ends with a row without kind, value and keyword
	const char *examples[COMMAND_EXAMPLES];  // lines that work in a lab; '\n' between where one needs another first
};

enum { COMMAND_ARG = 512, COMMAND_TEXT = 640, COMMAND_ERROR = 512 };

// One command with its arguments: what a key, a click or a typed line comes to.
struct command_call {
	enum command_id id;
	int family;                      // AF_INET, AF_INET6 with -4, -6 before it; else 0
	char arg[COMMAND_ARG];           // all that follows the name, "" for nothing
	uint16_t at[COMMAND_PARAMS];     // where in text a parameter's value is, 0: not given
	uint16_t column[COMMAND_PARAMS]; // the byte of the line where it was typed
	uint16_t end;                    // the byte after the last word
	char text[COMMAND_TEXT];
};

const struct command *command_info(enum command_id id);
// Does it change a namespace, so that it can be undone? (What undoes or keeps does not.)
bool command_changes(enum command_id id);
// Does it ask or change a kernel, which a recording cannot answer for?
bool command_is_live(const struct command_call *call);
extern const char command_recorded[]; // what it says there
// Is it one of the words of lessons, or of the keys that play one?
bool command_is_of_lessons(enum command_id id);
const char *command_group_title(enum command_group g);
// NEED_LAB and ONLY_LAB in words: "in a lab only", "" for neither.
const char *command_where(enum command_id id);
// What a command does with its argument ("toggle IP_FREEBIND", "go to the routes pane"); without one, its help line.
char *command_meaning(enum command_id id, const char *arg, char *buf, size_t len);
// By exact name or alias ("route add", "next"); -1 for none.
int command_find(const char *name);
// How many parameters a command has.
unsigned command_params(enum command_id id);

// The value of parameter n, NULL when it was not given.
const char *command_value(const struct command_call *call, unsigned n);

#endif
