// SPDX-License-Identifier: GPL-3.0-or-later
// The command line as a table: subcommands, and long options with their values. Parsing, --help, the man page and the
// shells' completions are made from it. Pure.
#ifndef BINDWALK_CLI_H
#define BINDWALK_CLI_H

#include <stdbool.h>
#include <stdio.h>

#include "core/command/command.h"

enum cli_command {
	CLI_EXPLORER,
	CLI_LAB,
	CLI_EXPLAIN,
	CLI_COMPARE,
	CLI_RUN,
	CLI_SOCKETS,
	CLI_WATCH,
	CLI_TRACE,
	CLI_LESSON,
	CLI_REPLAY,
	CLI_STAGE,
	CLI_NOTES,
	CLI_REHEARSE,
	CLI_HELP,
	CLI_COUNT
};

struct cli_command_info {
	const char *name;        // "" for the program without a subcommand
	const char *synopsis[3]; // what follows "bindwalk"; NULL after the last
	const char *help;        // one line
	const char *about;       // a paragraph
};

// In the order of --help.
enum cli_option_id {
	CLI_OPT_TYPE,
	CLI_OPT_PROTO,
	CLI_OPT_PORT,
	CLI_OPT_SCOPE,
	CLI_OPT_DEVICE,
	CLI_OPT_SET,
	CLI_OPT_AS,
	CLI_OPT_FAMILY,
	CLI_OPT_SA_FAMILY,
	CLI_OPT_ADDRLEN,
	CLI_OPT_AGAIN,
	CLI_OPT_LISTEN,
	CLI_OPT_CONNECT,
	CLI_OPT_UNPRIVILEGED,
	CLI_OPT_PREDICT,
	CLI_OPT_KERNEL,
	CLI_OPT_WITNESS,
	CLI_OPT_FULL,
	CLI_OPT_WAIT,
	CLI_OPT_ALL,
	CLI_OPT_PID,
	CLI_OPT_STAY,
	CLI_OPT_USER,
	CLI_OPT_FAILED,
	CLI_OPT_OPTIONS,
	CLI_OPT_UNIT,
	CLI_OPT_SUMMARY,
	CLI_OPT_LIMIT,
	CLI_OPT_JSON,
	CLI_OPT_MARKDOWN,
	CLI_OPT_TO,
	CLI_OPT_OUTPUT,
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

struct cli_option {
	const char *name;
	enum argument kind;   // of its value; ARG_NONE: it takes none
	const char *value;    // its name in texts, NULL for ARG_NONE
	const char *help;     // one line, after the words; see cli_option_help()
	unsigned of_commands; // set of 1 << cli_command
	bool optional;        // the value may be left out, and is never the next word: --wait[=SECONDS]
};

const struct cli_command_info *cli_command_info(enum cli_command c);
// The subcommand of that name, CLI_EXPLORER for none.
enum cli_command cli_find(const char *name);
const struct cli_option *cli_option(enum cli_option_id id);
bool cli_has(enum cli_command c, enum cli_option_id id);
// What it does for that command, where that is not what its row says; else that.
const char *cli_option_help(enum cli_command c, enum cli_option_id id);
// The letter that stands for it after one hyphen, '\0' for none.
char cli_letter(enum cli_option_id id);
// Word n of those that the option accepts; NULL after the last, and where it accepts more than words.
const char *cli_word(enum cli_option_id id, size_t n);
// The word that is the default: the first, but none where the address decides, or the terminal. NULL for none.
const char *cli_default(enum cli_option_id id);
// "auto (default), always, never", "" for no words. Returns buf.
char *cli_words(enum cli_option_id id, char *buf, size_t len);

enum { CLI_ERROR = 320 };

// A parsed command line.
struct cli_line {
	const char *value[CLI_OPT_COUNT]; // as given last; "" of an option without values; NULL: not given
	char **operands;
	int count;
	int before;            // how many of them stood before a --
	bool ended;            // by --: the first operand is not a subcommand
	char wrong[CLI_ERROR]; // a sentence
};

// Called with each option in turn; it complains about what it refuses.
typedef bool cli_take(void *data, enum cli_option_id id, const char *value);

// Parses options as getopt_long() does: --name value, --name=value, unique prefixes of names, and none after --. Stops
// after
// --help, --version and --print-config: whatever else was given does not matter then. Skips argv[0], and moves the
// operands of a command that accepts options behind them to the front of argv. `take` may be NULL. False with a
// sentence in out->wrong, which is "" where take() refused.
bool cli_parse(enum cli_command c, int argc, char **argv, cli_take *take, void *data, struct cli_line *out);

// What --help prints, wrapped to so many columns.
void cli_usage(enum cli_command c, unsigned width, FILE *out);

#endif
