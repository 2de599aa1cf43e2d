// SPDX-License-Identifier: GPL-3.0-or-later
// The shells' completions: lists and cases from the tables.
#include <string.h>

#include "core/command/cli.h"
#include "core/command/help_topic.h"
#include "core/model/option.h"
#include "help/mkdoc.h"

static const struct cli_option *option_of(enum cli_command c, int id)
{
	return cli_has(c, (enum cli_option_id)id) ? cli_option((enum cli_option_id)id) : NULL;
}

static const char *command_name(int c)
{
	return cli_command_info((enum cli_command)c)->name;
}

// Options that may be set, those that want a value with "=".
static void print_settings(FILE *out)
{
	for (int i = 0; i < OPT_COUNT; i++) {
		const struct sockopt *o = option_info((enum option_id)i);
		fprintf(out, "%s%s%s", i ? " " : "", o->name, o->value == VALUE_BOOL ? "" : "=");
	}
}

// Everything that help finds, each name once; of names with blanks the first word.
static void print_names(FILE *out)
{
	struct entry e, before;
	for (size_t i = 0; entry_at(i, &e); i++) {
		const char *name = entry_name(e);
		size_t n = strcspn(name, " ");
		bool again = false;
		for (size_t j = 0; j < i && !again; j++)
			again = entry_at(j, &before) && strcspn(entry_name(before), " ") == n &&
				strncmp(entry_name(before), name, n) == 0;
		if (!again)
			fprintf(out, "%s%.*s", i ? " " : "", (int)n, name);
	}
}

static void print_commands(FILE *out)
{
	for (int c = CLI_EXPLORER + 1; c < CLI_COUNT; c++)
		fprintf(out, "%s%s", c > CLI_EXPLORER + 1 ? " " : "", command_name(c));
}

static void bash_lists(FILE *out)
{
	fputs("_bindwalk_commands='", out);
	print_commands(out);
	fputs("'\n_bindwalk_settings='", out);
	print_settings(out);
	fputs("'\n_bindwalk_names='", out);
	print_names(out);
	fputs("'\n", out);
}

static void bash_options(FILE *out)
{
	for (int c = 0; c < CLI_COUNT; c++) {
		const char *name = command_name(c);
		fprintf(out, "\t%s) echo '", *name ? name : "''");
		for (int o = 0, n = 0; o < CLI_OPT_COUNT; o++)
			if (option_of((enum cli_command)c, o))
				fprintf(out, "%s--%s", n++ ? " " : "", cli_option((enum cli_option_id)o)->name);
		fputs("' ;;\n", out);
	}
}

static void bash_values(FILE *out)
{
	static const char *const kinds[] = {[CLI_PORT] = "none",
					    [CLI_INTERFACE] = "interfaces",
					    [CLI_SETTING] = "settings",
					    [CLI_RELEASE] = "none",
					    [CLI_NETNS] = "netns"};
	for (int i = 0; i < CLI_OPT_COUNT; i++) {
		const struct cli_option *o = cli_option((enum cli_option_id)i);
		if (o->words)
			fprintf(out, "\t--%s) echo 'words %s' ;;\n", o->name, o->words);
		else if (o->kind != CLI_FLAG)
			fprintf(out, "\t--%s) echo '%s' ;;\n", o->name, kinds[o->kind]);
	}
}

// In single quotes, for zsh also without what _arguments would take for its own.
static void quote(const char *text, const char *special, FILE *out)
{
	for (const char *p = text; *p; p++) {
		if (*p == '\'')
			fputs("'\\''", out);
		else
			fprintf(out, "%s%c", strchr(special, *p) ? "\\" : "", *p);
	}
}

// The words need not be repeated where they are offered.
static const char *option_help(const struct cli_option *o)
{
	static char text[160];
	if (!o->words)
		snprintf(text, sizeof text, "%s", o->help);
	else
		snprintf(text, sizeof text, "%.*s by default%s", (int)strcspn(o->words, " "), o->words, o->help);
	size_t n = strlen(text);
	if (n && text[n - 1] == ':')
		text[n - 1] = '\0';
	return text;
}

static void zsh_options(FILE *out)
{
	static const char *const actions[] = {[CLI_PORT] = " ",
					      [CLI_INTERFACE] = "_bindwalk_interfaces",
					      [CLI_SETTING] = "_bindwalk_settings",
					      [CLI_RELEASE] = " ",
					      [CLI_NETNS] = "_bindwalk_netns"};
	for (int c = 0; c < CLI_COUNT; c++) {
		fprintf(out, "_bindwalk_options_%s=(\n", *command_name(c) ? command_name(c) : "explorer");
		for (int i = 0; i < CLI_OPT_COUNT; i++) {
			const struct cli_option *o = option_of((enum cli_command)c, i);
			if (!o)
				continue;
			fprintf(out, "\t'%s--%s%s[", o->kind == CLI_SETTING ? "*" : "", o->name,
				o->kind == CLI_FLAG ? "" : "=");
			quote(option_help(o), "[]:", out);
			fputc(']', out);
			if (o->words)
				fprintf(out, ":%s:(%s)", o->name, o->words);
			else if (o->kind != CLI_FLAG)
				fprintf(out, ":%s:%s", o->name, actions[o->kind]);
			fputs("'\n", out);
		}
		fputs(")\n", out);
	}
}

static void zsh_commands(FILE *out)
{
	fputs("_bindwalk_subcommands=(\n", out);
	for (int c = CLI_EXPLORER + 1; c < CLI_COUNT; c++) {
		fprintf(out, "\t'%s:", command_name(c));
		quote(cli_command_info((enum cli_command)c)->help, "", out);
		fputs("'\n", out);
	}
	fputs(")\n_bindwalk_set=(", out);
	print_settings(out);
	fputs(")\n_bindwalk_names=(", out);
	print_names(out);
	fputs(")\n", out);
}

static void fish_lists(FILE *out)
{
	fputs("set -g __bindwalk_commands ", out);
	print_commands(out);
	fputs("\nset -g __bindwalk_settings ", out);
	print_settings(out);
	fputs("\nset -g __bindwalk_names ", out);
	print_names(out);
	fputs("\nset -g __bindwalk_valued", out);
	for (int i = 0; i < CLI_OPT_COUNT; i++)
		if (cli_option((enum cli_option_id)i)->kind != CLI_FLAG)
			fprintf(out, " --%s", cli_option((enum cli_option_id)i)->name);
	fputc('\n', out);
}

static void fish_options(FILE *out)
{
	for (int c = CLI_EXPLORER + 1; c < CLI_COUNT; c++) {
		fprintf(out, "complete -c bindwalk -n '__bindwalk_in explorer' -a %s -d '", command_name(c));
		quote(cli_command_info((enum cli_command)c)->help, "", out);
		fputs("'\n", out);
	}
	for (int c = 0; c < CLI_COUNT; c++)
		for (int i = 0; i < CLI_OPT_COUNT; i++) {
			const struct cli_option *o = option_of((enum cli_command)c, i);
			if (!o)
				continue;
			fprintf(out, "complete -c bindwalk -n '__bindwalk_in %s' -l %s",
				*command_name(c) ? command_name(c) : "explorer", o->name);
			if (o->words)
				fprintf(out, " -x -a '%s'", o->words);
			else if (o->kind == CLI_INTERFACE)
				fputs(" -x -a '(__bindwalk_interfaces)'", out);
			else if (o->kind == CLI_NETNS)
				fputs(" -x -a '(ls /run/netns 2>/dev/null)'", out);
			else if (o->kind == CLI_SETTING)
				fputs(" -x -a '(__bindwalk_set)'", out);
			else if (o->kind != CLI_FLAG)
				fputs(" -x", out);
			fputs(" -d '", out);
			quote(option_help(o), "", out);
			fputs("'\n", out);
		}
}

const struct part shell_parts[] = {
	{"BASH_LISTS", bash_lists},     {"BASH_OPTIONS", bash_options},
	{"BASH_VALUES", bash_values},   {"ZSH_OPTIONS", zsh_options},
	{"ZSH_COMMANDS", zsh_commands}, {"FISH_LISTS", fish_lists},
	{"FISH_OPTIONS", fish_options}, {NULL, NULL},
};
