// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/command/cli.h"

#include <string.h>

#include "core/model/option.h"
#include "core/text/markup.h"

// clang-format off
static const struct cli_command_info commands[CLI_COUNT] = {
	[CLI_EXPLORER] = {"",
		{"[OPTION]... [ADDRESS[:PORT]]"},
		"the explorer on this host, read-only without --edit",
		"Shows interfaces, local routes and socket options of this host side by side, and walks the bind through "
		"them. Binds are real ones, on sockets that are closed at once. Nothing of the host can be changed from "
		"here, but with --edit: then each change is shown as the command that it equals, asked about, written to "
		"an undo journal under XDG_STATE_HOME, and taken back at the end unless keep was said. What a crash "
		"leaves behind, the next start with --edit offers to take back."},
	[CLI_LAB] = {"lab",
		{"lab [OPTION]... [ADDRESS[:PORT]]", "lab -- COMMAND [ARGUMENT]..."},
		"the explorer, or a command, in a private lab",
		"A lab is a network namespace of its own, with lo, and eth0 on a veth pair, where everything may be "
		"changed and nothing of the host is touched. Without a terminal it tells the story of non-local binds as "
		"text. With a command, the command runs in the lab, and its exit status is handed on; BINDWALK_LAB in its "
		"environment is how to join the lab from elsewhere. --with copy begins with this host's interfaces, "
		"addresses, routes, rules and sysctls, rebuilt as far as bind can see them. Where a lab is refused, it "
		"says why and what to do, and on a terminal goes on with this host, read-only."},
	[CLI_EXPLAIN] = {"explain",
		{"explain ADDRESS [PORT] [OPTION]..."},
		"one walk as text",
		"Walks one bind: predicts each decision of the kernel, then binds a real socket and compares."},
	[CLI_RUN] = {"run",
		{"run [OPTION]... FILE|-"},
		"the lines of a script, or a shell",
		"Carries out a file of commands, or standard input for -: what the explorer's : takes, one command a "
		"line, # begins a comment. It stops at the first error and tells file, line and column: with status 2 when "
		"the line is wrong or the kernel refused a change, 1 when an expect is not met, 3 when model and kernel "
		"disagree, 4 when something is missing. With - on a terminal it is a shell with history and completion."},
	[CLI_HELP] = {"help",
		{"help [OPTION]... [NAME]...", "help --search WORD..."},
		"what a topic, step, code, option or command is about",
		"Prints what is known under a name, upper or lower case: a topic, a step of the walk, a verdict's code, a "
		"socket option, a sysctl, a command of the explorer. Without a name, lists the topics."},
};

#define OF(c) (1U << (c))
#define SCREENS (OF(CLI_EXPLORER) | OF(CLI_LAB))
#define EVERYWHERE (OF(CLI_COUNT) - 1)

static const struct cli_option options[CLI_OPT_COUNT] = {
	[CLI_OPT_TYPE] = {"type", CLI_WORDS, "TYPE", "stream dgram raw ping", "", OF(CLI_EXPLAIN)},
	[CLI_OPT_PROTO] = {"proto", CLI_WORDS, "PROTO", "tcp udp raw icmp udplite mptcp sctp", "", OF(CLI_EXPLAIN)},
	[CLI_OPT_PORT] = {"port", CLI_PORT, "PORT", NULL, "0 to 65535; the same as ADDRESS:PORT", OF(CLI_EXPLAIN)},
	[CLI_OPT_SCOPE] = {"scope", CLI_INTERFACE, "IF", NULL,
		"interface of a link-local address; the same as ADDRESS%IF", OF(CLI_EXPLAIN)},
	[CLI_OPT_DEVICE] = {"device", CLI_INTERFACE, "IF", NULL,
		"bind the socket to an interface first; the same as --set device=IF", OF(CLI_EXPLAIN)},
	[CLI_OPT_SET] = {"set", CLI_SETTING, "NAME[=V]", NULL, "set a socket option, in the order given:",
		OF(CLI_EXPLAIN)},
	[CLI_OPT_UNPRIVILEGED] = {"unprivileged", CLI_FLAG, NULL, NULL, "without capabilities, as an ordinary user",
		OF(CLI_EXPLAIN)},
	[CLI_OPT_PREDICT] = {"predict", CLI_FLAG, NULL, NULL, "the model alone, no live bind", OF(CLI_EXPLAIN)},
	[CLI_OPT_KERNEL] = {"kernel", CLI_RELEASE, "RELEASE", NULL,
		"walk as that kernel would, the model alone: 5.10 to 7.3", OF(CLI_EXPLAIN)},
	[CLI_OPT_WITNESS] = {"witness", CLI_FLAG, NULL, NULL,
		"what the kernel itself looked up while bind ran; needs root", OF(CLI_EXPLAIN)},
	[CLI_OPT_FULL] = {"full", CLI_FLAG, NULL, NULL, "read all routes, also where there are very many",
		OF(CLI_EXPLAIN)},
	[CLI_OPT_JSON] = {"json", CLI_FLAG, NULL, NULL, "one JSON object, of a script one for each line", OF(CLI_EXPLAIN) | OF(CLI_RUN)},
	[CLI_OPT_LAB] = {"lab", CLI_FLAG, NULL, NULL, "in a lab of its own, where it may change everything", OF(CLI_RUN)},
	[CLI_OPT_WITH] = {"with", CLI_WORDS, "LAB", "host empty anyip router copy", "; what the lab begins with",
		OF(CLI_LAB) | OF(CLI_RUN)},
	[CLI_OPT_NETNS] = {"netns", CLI_NETNS, "NAME|PID", NULL,
		"in another network namespace: a name of `ip netns`, or a process", EVERYWHERE & ~OF(CLI_HELP)},
	[CLI_OPT_EDIT] = {"edit", CLI_FLAG, NULL, NULL, "this host may be changed: each change is confirmed, and undone at the end",
		OF(CLI_EXPLORER) | OF(CLI_RUN)},
	[CLI_OPT_YES] = {"yes", CLI_FLAG, NULL, NULL, "with --edit: confirm all changes of the script at once", OF(CLI_RUN)},
	[CLI_OPT_SEARCH] = {"search", CLI_FLAG, NULL, NULL,
		"list where all the words occur, in names, titles or texts", OF(CLI_HELP)},
	[CLI_OPT_COLOR] = {"color", CLI_WORDS, "WHEN", "auto always never", "", EVERYWHERE},
	[CLI_OPT_ASCII] = {"ascii", CLI_FLAG, NULL, NULL, "no characters beyond ASCII", EVERYWHERE},
	[CLI_OPT_MOUSE] = {"mouse", CLI_WORDS, "WHEN", "on off", "; off leaves the mouse to the terminal", SCREENS},
	[CLI_OPT_PRINT_CONFIG] = {"print-config", CLI_FLAG, NULL, NULL,
		"the defaults, as comments to begin a config with", OF(CLI_EXPLORER)},
	[CLI_OPT_VERSION] = {"version", CLI_FLAG, NULL, NULL, "the program's version, and the tier: what can be seen and done here", SCREENS},
	[CLI_OPT_HELP] = {"help", CLI_FLAG, NULL, NULL, "this text", EVERYWHERE},
};
// clang-format on

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

void cli_getopt(enum cli_command c, struct option out[static CLI_OPT_COUNT + 1])
{
	size_t n = 0;
	for (int i = 0; i < CLI_OPT_COUNT; i++)
		if (cli_has(c, (enum cli_option_id)i))
			out[n++] = (struct option){.name = options[i].name,
						   .has_arg = options[i].kind == CLI_FLAG ? no_argument
											  : required_argument,
						   .val = CLI_KEY + i};
	out[n] = (struct option){0};
}

bool cli_accepts(enum cli_option_id id, const char *text)
{
	size_t wanted = strlen(text);
	for (const char *p = options[id].words; *p; p += *p == ' ') {
		size_t n = strcspn(p, " ");
		if (n == wanted && memcmp(p, text, n) == 0)
			return true;
		p += n;
	}
	return false;
}

char *cli_words(enum cli_option_id id, char *buf, size_t len)
{
	size_t at = 0;
	if (len)
		buf[0] = '\0';
	for (const char *p = options[id].words; *p && at < len; p += *p == ' ') {
		size_t n = strcspn(p, " ");
		int used = snprintf(buf + at, len - at, "%s%.*s%s", at ? ", " : "", (int)n, p, at ? "" : " (default)");
		at += used > 0 ? (size_t)used : 0;
		p += n;
	}
	return buf;
}

static void print_options(enum cli_command c, FILE *out)
{
	enum { COLUMN = 17 };
	for (int i = 0; i < CLI_OPT_COUNT; i++) {
		const struct cli_option *o = &options[i];
		char words[128] = "", head[32];
		if (!cli_has(c, (enum cli_option_id)i))
			continue;
		snprintf(head, sizeof head, "%s%s%s", o->name, o->value ? " " : "", o->value ? o->value : "");
		if (o->words)
			cli_words((enum cli_option_id)i, words, sizeof words);
		fprintf(out, "  --%-*s%s%s\n", COLUMN, head, words, o->help);
		if (o->kind != CLI_SETTING)
			continue;
		// A list that grows: wrapped under its text.
		size_t column = 80;
		for (int s = 0; s < OPT_COUNT; s++) {
			const char *name = option_info((enum option_id)s)->name;
			if (column + strlen(name) + 1 > 79) {
				fprintf(out, "%s%*s", s ? "\n" : "", COLUMN + 4, "");
				column = COLUMN + 4;
			}
			fprintf(out, "%s%s", column > COLUMN + 4 ? " " : "", name);
			column += strlen(name) + 1;
		}
		fputc('\n', out);
	}
}

void cli_usage(enum cli_command c, FILE *out)
{
	bool first = true;
	for (int i = 0; i < CLI_COUNT; i++)
		for (size_t s = 0; s < 3 && commands[i].synopsis[s] && (c == CLI_EXPLORER || i == (int)c); s++) {
			fprintf(out, "%s bindwalk %s\n", first ? "Usage:" : "      ", commands[i].synopsis[s]);
			if (c == CLI_EXPLORER && s == 0)
				fprintf(out, "           %s\n", commands[i].help);
			first = false;
		}
	struct row r;
	for (size_t n = 0; c != CLI_EXPLORER && markup_line(commands[c].about, 79, n, &r); n++)
		fprintf(out, "%s\n", r.text);
	fputc('\n', out);
	print_options(c, out);
	fputs("\nExit status: 0 the bind succeeds, 1 it is refused, 2 the request is wrong,\n"
	      "3 model and kernel disagree, 4 something that was needed is missing.\n"
	      "More: bindwalk help, man bindwalk\n",
	      out);
}
