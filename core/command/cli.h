// SPDX-License-Identifier: GPL-3.0-or-later
// The command line as a table: subcommands, and long options with their values. getopt_long()'s arrays, --help, the man page
// and the shells' completions are made from it. Pure.
#ifndef BINDWALK_CLI_H
#define BINDWALK_CLI_H

#include <getopt.h>
#include <stdbool.h>
#include <stdio.h>

enum cli_command { CLI_EXPLORER, CLI_LAB, CLI_EXPLAIN, CLI_RUN, CLI_HELP, CLI_COUNT };

struct cli_command_info {
	const char *name;        // "" for the program without a subcommand
	const char *synopsis[3]; // what follows "bindwalk"; NULL after the last
	const char *help;        // one line
	const char *about;       // a paragraph
};

// What a value is: decides completion.
enum cli_value {
	CLI_FLAG,  // takes no value
	CLI_WORDS, // one of `words`
	CLI_PORT,
	CLI_INTERFACE,
	CLI_SETTING, // NAME[=VALUE] of the option table
	CLI_RELEASE, // of a kernel
	CLI_NETNS,   // a name of `ip netns`, or a process id
	CLI_QUERY    // any words
};

// In the order of --help. The value that getopt_long() returns is CLI_KEY + the row.
enum cli_option_id {
	CLI_OPT_TYPE,
	CLI_OPT_PROTO,
	CLI_OPT_PORT,
	CLI_OPT_SCOPE,
	CLI_OPT_DEVICE,
	CLI_OPT_SET,
	CLI_OPT_UNPRIVILEGED,
	CLI_OPT_PREDICT,
	CLI_OPT_KERNEL,
	CLI_OPT_WITNESS,
	CLI_OPT_FULL,
	CLI_OPT_JSON,
	CLI_OPT_LAB,
	CLI_OPT_WITH,
	CLI_OPT_NETNS,
	CLI_OPT_EDIT,
	CLI_OPT_YES,
	CLI_OPT_SEARCH,
	CLI_OPT_COLOR,
	CLI_OPT_ASCII,
	CLI_OPT_MOUSE,
	CLI_OPT_PRINT_CONFIG,
	CLI_OPT_VERSION,
	CLI_OPT_HELP,
	CLI_OPT_COUNT
};

enum { CLI_KEY = 256 };

struct cli_option {
	const char *name;
	enum cli_value kind;
	const char *value;    // its name in texts, NULL for CLI_FLAG
	const char *words;    // what is accepted, with blanks between; the default first; NULL: see kind
	const char *help;     // one line, after the words
	unsigned of_commands; // set of 1 << cli_command
};

const struct cli_command_info *cli_command_info(enum cli_command c);
// The subcommand of that name, CLI_EXPLORER for none.
enum cli_command cli_find(const char *name);
const struct cli_option *cli_option(enum cli_option_id id);
bool cli_has(enum cli_command c, enum cli_option_id id);

// Fills getopt_long()'s array, zero row included.
void cli_getopt(enum cli_command c, struct option out[static CLI_OPT_COUNT + 1]);
// Is the text one of the option's words?
bool cli_accepts(enum cli_option_id id, const char *text);
// "auto (default), always, never". Returns buf.
char *cli_words(enum cli_option_id id, char *buf, size_t len);
// What --help prints.
void cli_usage(enum cli_command c, FILE *out);

#endif
