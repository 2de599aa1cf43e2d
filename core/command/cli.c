// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/command/cli.h"

#include <string.h>

#include "core/command/argument.h"
#include "core/command/exit_status.h"
#include "core/model/option.h"
#include "core/text/markup.h"
#include "core/text/report.h"

// clang-format off
static const struct cli_command_info commands[CLI_COUNT] = {
	[CLI_EXPLORER] = {"",
		{"[OPTION]... [ADDRESS[:PORT] [PORT]]"},
		"the explorer on this host, read-only unless you pass --edit",
		"Shows interfaces, local routes and socket options of this host side by side, and walks the bind through "
		"them. Binds are real, on sockets that are closed at once. The host is read-only unless you pass --edit. Each "
		"change is then shown as the equivalent ip or sysctl command, confirmed, recorded in an undo journal "
		"(XDG_STATE_HOME), and reverted on exit unless you say keep. After a crash, the next --edit run shows what was "
		"left and offers to revert it, or to forget what can no longer be reverted. --edit makes only changes that "
		"their opposite reverts exactly: it adds and deletes addresses, routes and rules, writes sysctls, and sets "
		"interfaces up and down. It refuses every other change, and one that would remove something else as well; "
		"use a lab for those."},
	[CLI_LAB] = {"lab",
		{"lab [OPTION]... [ADDRESS[:PORT] [PORT]]", "lab -- COMMAND [ARGUMENT]..."},
		"the explorer, or a command, in a private lab",
		"A lab is a network namespace of its own, with lo, and eth0 on a veth pair, where you can change everything "
		"without touching the host. Without a terminal, it tells the story of nonlocal binds as text. With a command, "
		"it runs the command in the lab, closed off from everything outside, even as root: the command has its own "
		"processes, mounts, IPC and host name, and files are read-only except in the current directory, $HOME, "
		"$TMPDIR, /tmp and /var/tmp. Everything the command starts ends with it, and the command ends with bindwalk, "
		"which forwards signals to it. bindwalk exits with the status of the command: 128 plus the number of a signal, "
		"126 for a command that cannot be executed, 127 for one that is not found, 4 if the lab cannot be closed off. "
		"The variable BINDWALK_LAB tells the command how to join the lab from another shell. --with copy begins with this "
		"host's interfaces, addresses, routes, rules and sysctls, rebuilt as far as they matter to bind. If the system "
		"refuses a lab, bindwalk says why and what to do; on a terminal it then continues with this host, read-only."},
	[CLI_EXPLAIN] = {"explain",
		{"explain ADDRESS|NAME [PORT] [OPTION]..."},
		"one walk as text",
		"Walks one bind: predicts each decision of the kernel, then binds a real socket and compares. A host name "
		"is resolved as in any other program, before Bindwalk enters a namespace, and each of its addresses is walked "
		"in the order of the resolver; the exit status is 1 if one is refused. With --as, a child takes on the user namespace, "
		"uids, groups and capabilities of the process and binds; the answer lists the rest, such as a seccomp "
		"filter or a cgroup. With --netns PID you bind as yourself, and the answer lists what differs. With --wait, "
		"the kernel's events are followed until the bind succeeds: each change that concerns it is printed with its "
		"time, and so is each new verdict; the last one gives the exit status."},
	[CLI_COMPARE] = {"compare",
		{"compare ADDRESS [PORT] [OTHER] [OPTION]..."},
		"two walks side by side, and the matrix",
		"Prints the walk of a bind beside that of its counterpart in the other family, or of OTHER, an address with or "
		"without a port, and marks the first step that differs. Then it prints the matrix: the same bind as IPv4, v4-mapped and "
		"IPv6, under each change that may allow it. Everything is predicted. The exit status is 1 if the two binds end differently."},
	[CLI_RUN] = {"run",
		{"run [OPTION]... FILE|-"},
		"the lines of a script, or a shell",
		"Runs a file of commands, or standard input for -: the commands of the explorer's : prompt, one per line; # "
		"begins a comment. Stops at the first error and reports file, line and column. Exit status: 1 if an expect "
		"fails, 2 if a line is invalid or the kernel refuses a change, 3 if model and kernel disagree, 4 if something "
		"required is missing. With - on a terminal it is a shell with history and completion. With --edit, bindwalk "
		"reads the whole script before it runs anything, shows all lines that change the host, keep and undo among "
		"them, and needs a yes; it asks again about each change it could not foresee, such as the value of a toggled "
		"sysctl. It asks on the terminal even if standard input or output is not one; without a terminal, only --yes "
		"confirms."},
	[CLI_REPLAY] = {"replay",
		{"replay [OPTION]... FILE"},
		"a recorded session, on any machine",
		"Shows a session that the command `write NAME.json session` saved: each change, and each bind with its walk, "
		"as it was on the host where it was recorded. Everything shown is marked REPLAY. A recording only shows: "
		"nothing in it is run or opened, nothing is bound, and nothing changes. Without a terminal, prints it as text."},
	[CLI_SOCKETS] = {"sockets",
		{"sockets [OPTION]... [ADDRESS][:PORT] [PORT]"},
		"what is bound, and whether it would bind again",
		"Lists the sockets that listen or are bound, with state, device, process, user and systemd unit, and checks a "
		"restart: would the same bind succeed now, with the visible options, without the socket itself and without "
		"the connections it accepted? The check assumes the capabilities that a server has when it starts. An address "
		"or a port selects the sockets to list. Exit status 1 if a socket would not bind again."},
	[CLI_WATCH] = {"watch",
		{"watch [OPTION]... [-- COMMAND [ARGUMENT]...]", "watch [OPTION]... FILE"},
		"every bind on this host as it happens",
		"Prints a line for each bind that the kernel refuses, of any process in any namespace: when, by which program, "
		"unit or container, in which network namespace, what it asked for and with which socket options, what the "
		"kernel's functions returned, the errno, and the reason in a sentence. For the reason, Bindwalk reads the "
		"host after the bind and walks the same attempt; where that does not fit, the host may have changed. "
		"Ctrl-C ends it and says how many binds were seen, shown and lost. It needs CAP_BPF and CAP_PERFMON, or root; "
		"CAP_SYS_ADMIN to look into other namespaces. Where the kernel lets no BPF program watch its functions, BPF on its "
		"tracepoints or the tracepoints alone show less: the first line says what is missing. With a command, it watches that command and its children, whose output goes "
		"where yours would, and exits with its status: 128 plus the number of a signal, 126 for a command that cannot "
		"be executed, 127 for one that is not found. FILE is one that -o wrote, or - for standard input; reading it "
		"needs no privilege."},
	[CLI_TRACE] = {"trace",
		{"trace [OPTION]... -- COMMAND [ARGUMENT]...", "trace [OPTION]... --pid PID"},
		"why a program fails to bind: each bind that it makes, with its walk",
		"Starts a command, and shows each bind that it, its threads or its children make: one line with the class of "
		"problem, program, process, unit or container, address, errno and the reason in a sentence; and below a bind that is "
		"refused the walk and the remedies. It stops the program at these calls, asks its own socket, predicts for its "
		"user, capabilities and network, lets the kernel run the call, and compares. It needs no privilege. Bindwalk "
		"writes to standard error or to a file; the command keeps its input, output, signals, terminal and exit status. "
		"A command that Bindwalk starts ends with Bindwalk; with --stay it goes on, as does a process that --pid names, "
		"but each of its system calls is stopped, which is slower. Exit status: the command's, and for --pid 0; 126 if "
		"the command cannot be executed, 127 if it is not found, 2 if the request is wrong, 4 if something required is "
		"missing."},
	[CLI_LESSON] = {"lesson",
		{"lesson [OPTION]... NAME|NUMBER|FILE", "lesson list|review [OPTION]...", "lesson check FILE | report DIR [OPTION]..."},
		"lessons and challenges, in a private lab",
		"Plays a lesson: one that Bindwalk brings, by its name or number, or a file of your own (a name counts first; ./NAME is "
		"a file). On a terminal it opens in the explorer. Without one, or with --json, it is played straight: each command "
		"runs, each question is answered by the kernel, and a check that does not hold ends it. `list` shows all lessons with "
		"their time and your progress. `review` asks five questions again: those that you answered wrongly first, then those "
		"that are longest ago. Each is judged by a real bind. Without a terminal it reads your answers from standard input, "
		"one per line. `check` examines the texts of a lesson of your own, and plays it. `report` puts the progress files of a "
		"class into one table: the files in DIR, and `progress` in each folder there. Your progress is a text file, "
		"$XDG_STATE_HOME/bindwalk/progress, or ~/.local/state/bindwalk/progress. Exit status: 1 if a check does not hold or a "
		"text breaks a rule, 2 if a file is not a lesson or the kernel refuses a change, 3 if model and kernel disagree, 4 if "
		"there is no lab."},
	[CLI_STAGE] = {"stage",
		{"stage [OPTION]... FILE|NAME"},
		"a talk for a room, step by step",
		"Plays a stage file, or a talk that Bindwalk brings (demo), for an audience: large plain sentences and the walk, on "
		"60x18 characters or more, in a fresh lab. A stage file is a lesson with notes. One key shows a step and its command, the next "
		"one runs it; back, it is exactly as it was. A question covers the walk until the room has answered. Nothing "
		"times out. The notes are on another terminal: bindwalk notes. Check the talk before: bindwalk rehearse."},
	[CLI_NOTES] = {"notes",
		{"notes [OPTION]..."},
		"the speaker's notes, on a second terminal",
		"Follows the stage that runs: shows the notes of the present step, what the next key does, the next step with its "
		"command, the elapsed time and the planned time. Start it before or after the stage, as the same user; if either "
		"ends, the other goes on, and finds it when it is back. They meet in $XDG_RUNTIME_DIR/bindwalk, or without it in "
		"$XDG_STATE_HOME/bindwalk. Several terminals can show notes at once. Without a terminal it prints each step as "
		"lines, or with --json as one object per line."},
	[CLI_REHEARSE] = {"rehearse",
		{"rehearse [OPTION]... FILE|NAME"},
		"a talk played through without a room, on this kernel",
		"Plays a stage file, or a talk that Bindwalk brings (demo), from the first step to the last in a fresh lab, and "
		"prints each step with ok or with what would fail in front of the room: a command that is refused, a check that "
		"does not hold, a question that no bind answers, a model that disagrees. Exit status: 0 if all is well, 1 if a "
		"step would fail, 2 if the file is invalid, 4 if there is no lab or the kernel lacks what the talk needs."},
	[CLI_HELP] = {"help",
		{"help [OPTION]... [NAME]...", "help --search WORD..."},
		"the text on a topic, step, code, option or command",
		"Prints the text on a name, in upper or lower case: a topic, a step of the walk, a verdict's code, a socket "
		"option, a sysctl, a command of the explorer. Without a name, lists the topics."},
};

#define OF(c) (1U << (c))
#define SCREENS (OF(CLI_EXPLORER) | OF(CLI_LAB) | OF(CLI_STAGE))
#define EVERYWHERE (OF(CLI_COUNT) - 1)
#define OWN_STATUSES (OF(CLI_LESSON) | OF(CLI_REHEARSE) | OF(CLI_TRACE)) // what they do lists them
#define WITHOUT_VERDICT (OF(CLI_WATCH) | OF(CLI_TRACE) | OF(CLI_REPLAY) | OF(CLI_STAGE) | OF(CLI_NOTES) | OF(CLI_HELP))

static const struct cli_option options[CLI_OPT_COUNT] = {
	[CLI_OPT_TYPE] = {"type", ARG_TYPE, "TYPE", "", OF(CLI_EXPLAIN), false},
	[CLI_OPT_PROTO] = {"proto", ARG_PROTO, "PROTO", "", OF(CLI_EXPLAIN) | OF(CLI_COMPARE) | OF(CLI_SOCKETS), false},
	[CLI_OPT_PORT] = {"port", ARG_PORT, "PORT", "0 to 65535; the same as ADDRESS:PORT",
		OF(CLI_EXPLAIN) | OF(CLI_WATCH), false},
	[CLI_OPT_SCOPE] = {"scope", ARG_LINK, "IF",
		"interface of a link-local address; the same as ADDRESS%IF", OF(CLI_EXPLAIN), false},
	[CLI_OPT_DEVICE] = {"device", ARG_LINK, "IF",
		"bind the socket to an interface first; the same as --set device=IF", OF(CLI_EXPLAIN) | OF(CLI_COMPARE), false},
	[CLI_OPT_SET] = {"set", ARG_SETTING, "NAME[=V]", "set a socket option, in the order given:",
		OF(CLI_EXPLAIN) | OF(CLI_COMPARE), false},
	[CLI_OPT_AS] = {"as", ARG_PID, "PID", "bind as that process: with its network, user, groups and capabilities",
		OF(CLI_EXPLAIN), false},
	[CLI_OPT_FAMILY] = {"family", ARG_FAMILY, "FAMILY",
		"; the socket's family, if it is not the address's", OF(CLI_EXPLAIN) | OF(CLI_WATCH), false},
	[CLI_OPT_SA_FAMILY] = {"sa-family", ARG_SA_FAMILY, "FAMILY",
		" or a number: sa_family, if it is not the address's", OF(CLI_EXPLAIN), false},
	[CLI_OPT_ADDRLEN] = {"addrlen", ARG_ADDRLEN, "N", "the length passed to bind(), instead of the sockaddr's size",
		OF(CLI_EXPLAIN), false},
	[CLI_OPT_AGAIN] = {"again", ARG_NONE, NULL, "bind twice, and explain the second bind()", OF(CLI_EXPLAIN), false},
	[CLI_OPT_LISTEN] = {"listen", ARG_NONE, NULL, "report what listen() does after the bind", OF(CLI_EXPLAIN), false},
	[CLI_OPT_CONNECT] = {"connect", ARG_ENDPOINT, "DEST",
		"report what connect() to DEST[:PORT] does after the bind; sends nothing", OF(CLI_EXPLAIN), false},
	[CLI_OPT_UNPRIVILEGED] = {"unprivileged", ARG_NONE, NULL, "bind as an ordinary user: another uid than root's, no capabilities",
		OF(CLI_EXPLAIN) | OF(CLI_COMPARE), false},
	[CLI_OPT_PREDICT] = {"predict", ARG_NONE, NULL, "only predict; do not bind", OF(CLI_EXPLAIN), false},
	[CLI_OPT_KERNEL] = {"kernel", ARG_RELEASE, "RELEASE",
		"predict what that kernel would do: 5.10 to 7.3", OF(CLI_EXPLAIN), false},
	[CLI_OPT_WITNESS] = {"witness", ARG_NONE, NULL,
		"show what the kernel's functions returned while bind ran, or at least its lookups; needs root",
		OF(CLI_EXPLAIN), false},
	[CLI_OPT_FULL] = {"full", ARG_NONE, NULL, "read every route, however many there are",
		OF(CLI_EXPLAIN) | OF(CLI_WATCH) | OF(CLI_TRACE), false},
	[CLI_OPT_WAIT] = {"wait", ARG_NUMBER, "SECONDS",
		"wait until the bind succeeds, at most SECONDS, and report what changed",
		OF(CLI_EXPLAIN), true},
	[CLI_OPT_ALL] = {"all", ARG_NONE, NULL, "list connections as well, which no restart binds",
		OF(CLI_SOCKETS) | OF(CLI_WATCH), false},
	[CLI_OPT_PID] = {"pid", ARG_PID, "PID", "only binds of that process", OF(CLI_WATCH) | OF(CLI_TRACE), false},
	[CLI_OPT_STAY] = {"stay", ARG_NONE, NULL, "let the command go on when Bindwalk ends; it runs slower", OF(CLI_TRACE), false},
	[CLI_OPT_USER] = {"user", ARG_WORD, "NAME", "run the command as that user, with every privilege that its file grants; root only",
		OF(CLI_TRACE), false},
	[CLI_OPT_FAILED] = {"failed", ARG_NONE, NULL, "only calls that are refused", OF(CLI_TRACE), false},
	[CLI_OPT_OPTIONS] = {"options", ARG_NONE, NULL,
		"what the program set on each socket, in order, with the errors that it ignored", OF(CLI_TRACE), false},
	[CLI_OPT_UNIT] = {"unit", ARG_WORD, "NAME", "only binds of that systemd unit or container", OF(CLI_WATCH), false},
	[CLI_OPT_SUMMARY] = {"summary", ARG_NONE, NULL,
		"at the end, what was bound and how often, by program, address and errno, instead of each bind",
		OF(CLI_WATCH) | OF(CLI_TRACE), false},
	[CLI_OPT_LIMIT] = {"count", ARG_NUMBER, "N", "end after N binds that were shown", OF(CLI_WATCH), false},
	[CLI_OPT_JSON] = {"json", ARG_NONE, NULL, "print JSON: one object, or one per line of a script or frame of a recording",
		OF(CLI_EXPLAIN) | OF(CLI_COMPARE) | OF(CLI_RUN) | OF(CLI_SOCKETS) | OF(CLI_WATCH) | OF(CLI_TRACE) | OF(CLI_LESSON) | OF(CLI_REPLAY) |
			OF(CLI_NOTES) | OF(CLI_REHEARSE), false},
	[CLI_OPT_MARKDOWN] = {"markdown", ARG_NONE, NULL, "print Markdown, with tables", OF(CLI_COMPARE), false},
	[CLI_OPT_TO] = {"to", ARG_FORMAT, "FORMAT",
		"; print it as a recording, a handout, a shell script, a bpftrace script or an asciinema cast", OF(CLI_REPLAY), false},
	[CLI_OPT_OUTPUT] = {"output", ARG_FILE, "FILE",
		"write each bind to a new file as well, as JSON, one object per line; also -o FILE", OF(CLI_WATCH) | OF(CLI_TRACE), false},
	[CLI_OPT_LAB] = {"lab", ARG_NONE, NULL, "run in a private lab, where it may change everything", OF(CLI_RUN), false},
	[CLI_OPT_WITH] = {"with", ARG_LAB, "LAB", "; what the lab begins with",
		OF(CLI_LAB) | OF(CLI_RUN), false},
	[CLI_OPT_NETNS] = {"netns", ARG_NETNS, "NAME|PID",
		"use another network namespace: a name of `ip netns`, or a process", EVERYWHERE & ~(OF(CLI_LESSON) | OF(CLI_REPLAY) | OF(CLI_STAGE) | OF(CLI_NOTES) |
			OF(CLI_REHEARSE) | OF(CLI_HELP)), false},
	[CLI_OPT_EDIT] = {"edit", ARG_NONE, NULL, "allow changes of this host: each is confirmed, and undone on exit",
		OF(CLI_EXPLORER) | OF(CLI_RUN), false},
	[CLI_OPT_YES] = {"yes", ARG_NONE, NULL, "with --edit: make all changes of the script without asking", OF(CLI_RUN), false},
	[CLI_OPT_SEARCH] = {"search", ARG_NONE, NULL,
		"list the names, titles and texts that contain all the words", OF(CLI_HELP), false},
	[CLI_OPT_COLOR] = {"color", ARG_WHEN, "WHEN", "", EVERYWHERE, false},
	[CLI_OPT_ASCII] = {"ascii", ARG_NONE, NULL, "print only ASCII characters", EVERYWHERE, false},
	[CLI_OPT_MOUSE] = {"mouse", ARG_SWITCH, "WHEN", "; off leaves the mouse to the terminal", SCREENS | OF(CLI_LESSON) | OF(CLI_REPLAY), false},
	[CLI_OPT_PRINT_CONFIG] = {"print-config", ARG_NONE, NULL,
		"print the default settings as a commented config file", OF(CLI_EXPLORER), false},
	[CLI_OPT_VERSION] = {"version", ARG_NONE, NULL, "print the version, and the tier: what Bindwalk can see and do here", SCREENS, false},
	[CLI_OPT_HELP] = {"help", ARG_NONE, NULL, "print this text", EVERYWHERE, false},
};
// What an option does for a command, where it is something else.
static const struct {
	enum cli_command command;
	enum cli_option_id option;
	const char *help;
} helps[] = {
	{CLI_WATCH, CLI_OPT_PORT, "only binds to that port"},
	{CLI_WATCH, CLI_OPT_FAMILY, "; only binds of sockets of that family"},
	{CLI_WATCH, CLI_OPT_FULL, "print the walk under each refused bind"},
	{CLI_WATCH, CLI_OPT_ALL, "binds that succeed as well"},
	{CLI_WATCH, CLI_OPT_NETNS, "only binds in that network namespace; its number, as a line shows it, will do as well"},
	{CLI_WATCH, CLI_OPT_JSON, "print JSON, one object per bind and line"},
	{CLI_TRACE, CLI_OPT_PID, "trace a process that runs; also -p PID"},
	{CLI_TRACE, CLI_OPT_FULL, "print whole walks, also of binds that succeed"},
	{CLI_TRACE, CLI_OPT_SUMMARY, "at the end, what failed first, what to do, and what else to look at"},
	{CLI_TRACE, CLI_OPT_JSON, "print JSON, one object per call and line, as `bindwalk watch FILE` reads it"},
	{CLI_TRACE, CLI_OPT_OUTPUT, "write to a new file instead of standard error; also -o FILE"},
};
// clang-format on

static const struct {
	char letter;
	enum cli_option_id option;
} letters[] = {{'o', CLI_OPT_OUTPUT}, {'p', CLI_OPT_PID}};

const struct cli_command_info *cli_command_info(enum cli_command c)
{
	return &commands[c];
}

enum cli_command cli_find(const char *name)
{
	for (int c = CLI_EXPLORER + 1; c < CLI_COUNT; c++)
		if (strcmp(commands[c].name, name) == 0)
			return (enum cli_command)c;
	return CLI_EXPLORER;
}

const struct cli_option *cli_option(enum cli_option_id id)
{
	return &options[id];
}

bool cli_has(enum cli_command c, enum cli_option_id id)
{
	return options[id].of_commands & OF(c);
}

const char *cli_option_help(enum cli_command c, enum cli_option_id id)
{
	for (size_t i = 0; i < sizeof helps / sizeof *helps; i++)
		if (helps[i].command == c && helps[i].option == id)
			return helps[i].help;
	return options[id].help;
}

char cli_letter(enum cli_option_id id)
{
	for (size_t i = 0; i < sizeof letters / sizeof *letters; i++)
		if (letters[i].option == id)
			return letters[i].letter;
	return '\0';
}

const char *cli_word(enum cli_option_id id, size_t n)
{
	return options[id].kind == ARG_SETTING ? NULL : argument_word(options[id].kind, n);
}

const char *cli_default(enum cli_option_id id)
{
	enum argument kind = options[id].kind;
	return kind == ARG_FAMILY || kind == ARG_SA_FAMILY || kind == ARG_FORMAT ? NULL : cli_word(id, 0);
}

char *cli_words(enum cli_option_id id, char *buf, size_t len)
{
	const char *word, *standard = cli_default(id);
	size_t at = 0;
	if (len)
		buf[0] = '\0';
	for (size_t n = 0; (word = cli_word(id, n)) && at < len; n++)
		at += (size_t)snprintf(buf + at, len - at, "%s%s%s", n ? ", " : "", word,
				       word == standard ? " (default)" : "");
	return buf;
}

// By name, or by a prefix that no other option of the command shares; -1 for none.
static int find_option(enum cli_command c, const char *name, size_t len)
{
	int found = -1;
	unsigned n = 0;
	for (int i = 0; i < CLI_OPT_COUNT; i++) {
		if (!cli_has(c, (enum cli_option_id)i) || strncmp(options[i].name, name, len) != 0)
			continue;
		if (options[i].name[len] == '\0')
			return i;
		found = i;
		n++;
	}
	return n == 1 ? found : -1;
}

// By its letter; -1 for none.
static int find_letter(enum cli_command c, const char *arg, size_t len)
{
	for (int i = 0; i < CLI_OPT_COUNT && len == 2; i++)
		if (cli_has(c, (enum cli_option_id)i) && cli_letter((enum cli_option_id)i) == arg[1])
			return i;
	return -1;
}

static bool refuse(struct cli_line *l, enum cli_command c, const char *option, const char *why)
{
	const char *name = commands[c].name;
	snprintf(l->wrong, sizeof l->wrong, "option '%.80s' %s; see bindwalk%s%s --help", option, why, *name ? " " : "",
		 name);
	return false;
}

// Parses the option at argv[*i]; *i then stands at its value.
static bool take_option(enum cli_command c, int argc, char **argv, int *i, struct cli_line *l, int *id)
{
	const char *arg = argv[*i];
	size_t len = strcspn(arg, "=");
	*id = arg[1] == '-' ? find_option(c, arg + 2, len - 2) : find_letter(c, arg, len);
	if (*id < 0)
		return refuse(l, c, arg, "is unknown");
	const struct cli_option *o = &options[*id];
	const char *value = arg[len] ? arg + len + 1 : "";
	if (o->kind == ARG_NONE && arg[len])
		return refuse(l, c, arg, "takes no value");
	if (o->kind != ARG_NONE && !arg[len] && !o->optional) {
		if (*i + 1 == argc)
			return refuse(l, c, arg, "needs a value");
		value = argv[++*i];
	}
	bool has_words = cli_word((enum cli_option_id)(*id), 0);
	char words[128];
	if (has_words && argument_check(o->kind, value, words, sizeof words) < 0) {
		snprintf(l->wrong, sizeof l->wrong, "--%s '%.80s' is not valid; expected %s", o->name, value,
			 argument_list(o->kind, words, sizeof words));
		return false;
	}
	l->value[*id] = value;
	return true;
}

bool cli_parse(enum cli_command c, int argc, char **argv, cli_take *take, void *data, struct cli_line *l)
{
	bool last = false;
	*l = (struct cli_line){.operands = argv + 1};
	int i = 1, id;
	for (; i < argc && !l->ended; i++) {
		if (strcmp(argv[i], "--") == 0) {
			l->ended = true;
			l->before = l->count;
		} else if (argv[i][0] == '-' && argv[i][1]) {
			if (!take_option(c, argc, argv, &i, l, &id) ||
			    (take && !take(data, (enum cli_option_id)id, l->value[id])))
				return false;
			if (id == CLI_OPT_HELP || id == CLI_OPT_VERSION || id == CLI_OPT_PRINT_CONFIG)
				return true;
		} else {
			// What follows it belongs to another command; after an address there may be options.
			last = c == CLI_LAB || (c == CLI_EXPLORER && cli_find(argv[i]) != CLI_EXPLORER);
			if (last)
				break;
			l->operands[l->count++] = argv[i];
		}
	}
	if (l->count == 0) // a NULL is behind them
		l->operands = argv + i;
	while (i < argc)
		l->operands[l->count++] = argv[i++];
	return true;
}

// A line of the usage: `left`, and from `column` on a text whose further lines hang there.
static void print_beside(const char *left, unsigned column, const char *text, unsigned width, FILE *out)
{
	struct row r;
	row_clear(&r);
	r.hanging = (uint8_t)column;
	row_add(&r, ROLE_PLAIN, "%-*s%s", (int)column, left, text);
	report_print(&r, (struct report_style){.width = width}, out);
}

static void print_options(enum cli_command c, unsigned width, FILE *out)
{
	enum { COLUMN = 21 };
	for (int i = 0; i < CLI_OPT_COUNT; i++) {
		const struct cli_option *o = &options[i];
		char words[128], head[48], text[ROW_TEXT] = "";
		if (!cli_has(c, (enum cli_option_id)i))
			continue;
		const char *before = !o->value ? "" : o->optional ? "[=" : " ";
		snprintf(head, sizeof head, "  --%s%s%s%s", o->name, before, o->value ? o->value : "",
			 o->optional ? "]" : "");
		snprintf(text, sizeof text, "%s%s", cli_words((enum cli_option_id)i, words, sizeof words),
			 cli_option_help(c, (enum cli_option_id)i));
		print_beside(head, COLUMN, text, width, out);
		if (o->kind != ARG_SETTING)
			continue;
		text[0] = '\0';
		for (int s = 0; s < OPT_COUNT; s++) {
			size_t at = strlen(text);
			snprintf(text + at, sizeof text - at, "%s%s", s ? " " : "",
				 option_info((enum option_id)s)->name);
		}
		print_beside("", COLUMN, text, width, out);
	}
}

static void print_text(const char *text, unsigned width, FILE *out)
{
	enum { WIDEST = 100 }; // a longer line is hard to read
	struct row r;
	for (size_t n = 0; markup_line(text, width < WIDEST ? width : WIDEST, n, &r); n++)
		fprintf(out, "%s\n", r.text);
}

static void print_statuses(enum cli_command c, unsigned width, FILE *out)
{
	char text[256] = "Exit status:";
	size_t used = strlen(text);
	if (OWN_STATUSES & OF(c))
		return;
	for (int i = 0; i < EXIT_STATUS_COUNT; i++) {
		const char *what = exit_status_info((enum exit_status)i)->text;
		if (WITHOUT_VERDICT & OF(c)) {
			if (i == EXIT_REFUSED || i == EXIT_DISAGREE)
				continue;
			what = i == EXIT_OK ? "success" : what;
		}
		used += (size_t)snprintf(text + used, sizeof text - used, "%s %d %s%s", i ? "," : "", i, what,
					 i + 1 < EXIT_STATUS_COUNT ? "" : ".");
	}
	print_text(text, width, out);
}

void cli_usage(enum cli_command c, unsigned width, FILE *out)
{
	enum { COLUMN = 16, INDENT = 11 }; // of "Usage: bindwalk ", and of what a command does
	const char *head = "Usage: bindwalk ";
	for (int i = 0; i < CLI_COUNT; i++)
		for (size_t s = 0; s < 3 && commands[i].synopsis[s] && (c == CLI_EXPLORER || i == (int)c); s++) {
			print_beside(head, COLUMN, commands[i].synopsis[s], width, out);
			if (c == CLI_EXPLORER && s == 0)
				print_beside("", INDENT, commands[i].help, width, out);
			head = "       bindwalk ";
		}
	if (c != CLI_EXPLORER)
		print_text(commands[c].about, width, out);
	fputc('\n', out);
	print_options(c, width, out);
	fputc('\n', out);
	print_statuses(c, width, out);
	fputs("More: bindwalk help, man bindwalk\n", out);
}
