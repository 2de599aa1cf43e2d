// SPDX-License-Identifier: GPL-3.0-or-later
// The shells' completions: lists and cases from the tables.
#include <string.h>

#include "core/command/argument.h"
#include "core/command/cli.h"
#include "core/command/help_topic.h"
#include "core/lesson/lesson_list.h"
#include "core/model/option.h"
#include "help/mkdoc.h"

static const struct cli_option *option_of(enum cli_command c, int id)
{
	return cli_has(c, (enum cli_option_id)id) ? cli_option((enum cli_option_id)id) : NULL;
}

// How each shell completes values that are not words of a list.
static const struct {
	const char *bash, *zsh, *fish;
} values[ARG_COUNT] = {
	[ARG_PORT] = {"none", " ", ""},
	[ARG_ADDRLEN] = {"none", " ", ""},
	[ARG_PID] = {"none", " ", ""},
	[ARG_ENDPOINT] = {"none", " ", ""},
	[ARG_RELEASE] = {"none", " ", ""},
	[ARG_LINK] = {"interfaces", "_bindwalk_interfaces", "__bindwalk_interfaces"},
	[ARG_SETTING] = {"settings", "_bindwalk_settings", "__bindwalk_set"},
	[ARG_NETNS] = {"netns", "_bindwalk_netns", "ls /run/netns 2>/dev/null"},
	[ARG_NUMBER] = {"none", " ", ""},
	[ARG_WORD] = {"none", " ", ""},
	[ARG_FILE] = {"files", "_files", "__fish_complete_path"},
};

// The words that an option accepts, with blanks between; "" for none.
static const char *words_of(enum cli_option_id id)
{
	static char text[128];
	const char *word;
	size_t at = 0;
	text[0] = '\0';
	for (size_t n = 0; (word = cli_word(id, n)); n++)
		at += (size_t)snprintf(text + at, sizeof text - at, "%s%s", n ? " " : "", word);
	return text;
}

// Does a value follow as the next word? One that may be left out comes after "=" only.
static bool takes_word(const struct cli_option *o)
{
	return o->kind != ARG_NONE && !o->optional;
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
	bool first = true;
	for (struct entry e = {0}; entry_next(&e);) {
		size_t n = strcspn(e.name, " ");
		bool again = false;
		for (struct entry before = {0};
		     !again && entry_next(&before) && (before.about != e.about || before.id != e.id);)
			again = strcspn(before.name, " ") == n && strncmp(before.name, e.name, n) == 0;
		if (!again)
			fprintf(out, "%s%.*s", first ? "" : " ", (int)n, e.name);
		first = false;
	}
}

// What may stand behind "lesson".
static void print_lessons(FILE *out)
{
	const struct listed_lesson *l;
	fputs("list review check report", out);
	for (size_t n = 0; (l = listed_lesson(n)); n++)
		if (l->kind != LESSON_STAGE)
			fprintf(out, " %s", l->name);
}

// What may stand behind "stage" and "rehearse", but for a file.
static void print_talks(FILE *out)
{
	const struct listed_lesson *l;
	for (size_t n = 0, used = 0; (l = listed_lesson(n)); n++)
		if (l->kind == LESSON_STAGE)
			used += (size_t)fprintf(out, used ? " %s" : "%s", l->name);
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
	fputs("'\n_bindwalk_lessons='", out);
	print_lessons(out);
	fputs("'\n_bindwalk_talks='", out);
	print_talks(out);
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
	for (int i = 0; i < CLI_OPT_COUNT; i++) {
		const struct cli_option *o = cli_option((enum cli_option_id)i);
		const char *words = words_of((enum cli_option_id)i);
		char letter[] = {'-', cli_letter((enum cli_option_id)i), '|', '\0'};
		if (!takes_word(o))
			continue;
		fprintf(out, "\t%s--%s) echo '", letter[1] ? letter : "", o->name);
		if (*words)
			fprintf(out, "words %s' ;;\n", words);
		else
			fprintf(out, "%s' ;;\n", values[o->kind].bash);
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
static const char *option_help(enum cli_command c, enum cli_option_id id)
{
	static char text[160];
	const char *standard = cli_default(id);
	snprintf(text, sizeof text, "%s%s%s", standard ? standard : "", standard ? " by default" : "",
		 cli_option_help(c, id));
	size_t n = strlen(text);
	if (n && text[n - 1] == ':')
		text[n - 1] = '\0';
	return text;
}

static void zsh_options(FILE *out)
{
	for (int c = 0; c < CLI_COUNT; c++) {
		fprintf(out, "_bindwalk_options_%s=(\n", *command_name(c) ? command_name(c) : "explorer");
		for (int i = 0; i < CLI_OPT_COUNT; i++) {
			const struct cli_option *o = option_of((enum cli_command)c, i);
			if (!o)
				continue;
			fprintf(out, "\t'%s--%s%s[", o->kind == ARG_SETTING ? "*" : "", o->name,
				takes_word(o) ? "=" : "");
			quote(option_help((enum cli_command)c, (enum cli_option_id)i), "[]:", out);
			fputc(']', out);
			if (!takes_word(o))
				;
			else if (cli_word((enum cli_option_id)i, 0))
				fprintf(out, ":%s:(%s)", o->name, words_of((enum cli_option_id)i));
			else
				fprintf(out, ":%s:%s", o->name, values[o->kind].zsh);
			fputs("'\n", out);
			if (cli_letter((enum cli_option_id)i))
				fprintf(out, "\t'-%c[the same]:%s:%s'\n", cli_letter((enum cli_option_id)i), o->name,
					values[o->kind].zsh);
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
	fputs(")\n_bindwalk_lessons=(", out);
	print_lessons(out);
	fputs(")\n_bindwalk_talks=(", out);
	print_talks(out);
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
	fputs("\nset -g __bindwalk_lessons ", out);
	print_lessons(out);
	fputs("\nset -g __bindwalk_talks ", out);
	print_talks(out);
	fputs("\nset -g __bindwalk_valued", out);
	for (int i = 0; i < CLI_OPT_COUNT; i++)
		if (takes_word(cli_option((enum cli_option_id)i))) {
			fprintf(out, " --%s", cli_option((enum cli_option_id)i)->name);
			if (cli_letter((enum cli_option_id)i))
				fprintf(out, " -%c", cli_letter((enum cli_option_id)i));
		}
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
			if (cli_letter((enum cli_option_id)i))
				fprintf(out, " -s %c", cli_letter((enum cli_option_id)i));
			if (!takes_word(o))
				;
			else if (cli_word((enum cli_option_id)i, 0))
				fprintf(out, " -x -a '%s'", words_of((enum cli_option_id)i));
			else if (*values[o->kind].fish)
				fprintf(out, " -x -a '(%s)'", values[o->kind].fish);
			else
				fputs(" -x", out);
			fputs(" -d '", out);
			quote(option_help((enum cli_command)c, (enum cli_option_id)i), "", out);
			fputs("'\n", out);
		}
}

const struct part shell_parts[] = {
	{"BASH_LISTS", bash_lists},     {"BASH_OPTIONS", bash_options},
	{"BASH_VALUES", bash_values},   {"ZSH_OPTIONS", zsh_options},
	{"ZSH_COMMANDS", zsh_commands}, {"FISH_LISTS", fish_lists},
	{"FISH_OPTIONS", fish_options}, {NULL, NULL},
};
