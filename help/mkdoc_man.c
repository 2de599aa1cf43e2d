// SPDX-License-Identifier: GPL-3.0-or-later
// The man page's tables, as roff, and the topic's.
#include <ctype.h>
#include <string.h>

#include "core/command/cli.h"
#include "core/command/exit_status.h"
#include "core/command/help_topic.h"
#include "core/command/tier.h"
#include "core/model/bind_path.h"
#include "core/model/kernel.h"
#include "core/model/option.h"
#include "core/text/report.h"
#include "core/text/width.h"
#include "help/mkdoc.h"
#include "tui/keys.h"

// Text as roff wants it. In literal text a hyphen is a minus sign, which can be copied from the page.
static void put(const char *text, bool literal, FILE *out)
{
	for (const char *p = text; *p; p++) {
		switch (*p) {
		case '\\':
			fputs("\\e", out);
			break;
		case '\'':
			fputs("\\(aq", out);
			break;
		case '`':
			fputs("\\(ga", out);
			break;
		case '^':
			fputs("\\(ha", out);
			break;
		case '~':
			fputs("\\(ti", out);
			break;
		case '"':
			fputs("\\(dq", out);
			break;
		case '-':
			fputs(literal ? "\\-" : "-", out);
			break;
		case '.':
			fputs(p == text ? "\\&." : ".", out);
			break;
		default:
			fputc(*p, out);
		}
	}
}

static void text(const char *t, FILE *out)
{
	put(t, false, out);
}

// A help line of a table as a sentence's beginning.
static void sentence(const char *t, FILE *out)
{
	text((char[]){(char)toupper((unsigned char)*t), '\0'}, out);
	text(t + (*t != '\0'), out);
}

static void literal(const char *font, const char *t, FILE *out)
{
	fprintf(out, "\\f%s", font);
	put(t, true, out);
	fputs("\\fR", out);
}

static void tag(const char *t, FILE *out)
{
	fputs(".TP\n", out);
	literal("B", t, out);
}

// ADDRESS, NAME[=VALUE] and the like stand for something: capitals are italic, the rest is bold.
static void print_synopsis(const char *synopsis, FILE *out)
{
	const char *font = "";
	for (const char *p = synopsis; *p; p++) {
		bool plain = strchr(" []|.:%", *p) != NULL;
		const char *wanted = plain ? "R" : isupper((unsigned char)*p) ? "I" : "B";
		if (strcmp(wanted, font) != 0)
			fprintf(out, "\\f%s", font = wanted);
		put((char[]){*p, '\0'}, true, out);
	}
	fputs("\\fR", out);
}

static void man_synopsis(FILE *out)
{
	for (int c = 0; c < CLI_COUNT; c++)
		for (size_t i = 0; i < 3 && cli_command_info((enum cli_command)c)->synopsis[i]; i++) {
			fputs(c || i ? ".br\n\\fBbindwalk\\fR " : "\\fBbindwalk\\fR ", out);
			print_synopsis(cli_command_info((enum cli_command)c)->synopsis[i], out);
			fputc('\n', out);
		}
}

static void man_subcommands(FILE *out)
{
	for (int c = 0; c < CLI_COUNT; c++) {
		const struct cli_command_info *i = cli_command_info((enum cli_command)c);
		fputs(".TP\n\\fBbindwalk", out);
		fprintf(out, "%s%s\\fR\n", *i->name ? " " : "", i->name);
		text(i->about, out);
		fputc('\n', out);
	}
}

static void man_option(enum cli_option_id id, FILE *out)
{
	const struct cli_option *o = cli_option(id);
	char words[128];
	fputs(".TP\n", out);
	if (cli_letter(id))
		fprintf(out, "\\fB\\-%c\\fR, ", cli_letter(id));
	fprintf(out, "\\fB\\-\\-%s\\fR", o->name);
	if (o->value) {
		fputs(o->optional ? "[=" : " ", out);
		print_synopsis(o->value, out);
		fputs(o->optional ? "]" : "", out);
	}
	fputc('\n', out);
	if (*cli_words(id, words, sizeof words)) {
		text(words, out);
		text(o->help, out);
	} else {
		sentence(o->help, out);
	}
	fputs(o->kind == ARG_SETTING ? " see SOCKET OPTIONS.\n" : ".\n", out);
	for (int c = 0; c < CLI_COUNT; c++) {
		const char *help = cli_option_help((enum cli_command)c, id);
		if (help == o->help)
			continue;
		fprintf(out, "With \\fBbindwalk %s\\fR: ", cli_command_info((enum cli_command)c)->name);
		text(help + strspn(help, "; "), out);
		fputs(".\n", out);
	}
}

// "bindwalk, bindwalk lab": whose options follow.
static void print_owners(unsigned of_commands, FILE *out)
{
	const char *before = ".SS ";
	for (int c = 0; c < CLI_COUNT; c++)
		if (of_commands & 1U << c) {
			const char *name = cli_command_info((enum cli_command)c)->name;
			fprintf(out, "%sbindwalk%s%s", before, *name ? " " : "", name);
			before = ", ";
		}
	fputc('\n', out);
}

static void man_options(FILE *out)
{
	bool done[CLI_OPT_COUNT] = {false};
	for (int i = 0; i < CLI_OPT_COUNT; i++) {
		unsigned owners = cli_option((enum cli_option_id)i)->of_commands;
		if (done[i])
			continue;
		print_owners(owners, out);
		for (int j = i; j < CLI_OPT_COUNT; j++)
			if (cli_option((enum cli_option_id)j)->of_commands == owners) {
				man_option((enum cli_option_id)j, out);
				done[j] = true;
			}
	}
}

static void man_example(const char *lines, FILE *out)
{
	fputs(".br\nExample:", out);
	for (const char *p = lines; *p; p += *p == '\n') {
		char line[160];
		size_t n = strcspn(p, "\n");
		snprintf(line, sizeof line, "%.*s", (int)n, p);
		fputs(p == lines ? " " : ", then ", out);
		literal("B", line, out);
		p += n;
	}
	fputc('\n', out);
}

static void man_commands(FILE *out)
{
	for (int g = 0; g < GROUP_COUNT; g++) {
		fputs(".SS ", out);
		text(command_group_title((enum command_group)g), out);
		fputc('\n', out);
		for (int i = 0; i < CMD_COUNT; i++) {
			const struct command *c = command_info((enum command_id)i);
			if (c->group != (enum command_group)g || c->needs & NEED_KEY)
				continue;
			fputs(".TP\n", out);
			print_synopsis(c->synopsis, out);
			fputc('\n', out);
			sentence(c->help, out);
			const char *where = command_where((enum command_id)i);
			text(where[0] ? "; " : "", out);
			text(where, out);
			fputs(".\n", out);
			if (c->examples[0] && strcmp(c->examples[0], c->name) != 0)
				man_example(c->examples[0], out);
		}
	}
}

static void key_help(enum command_id id, const char *arg, bool roff, FILE *out)
{
	const struct command *c = command_info(id);
	char line[160];
	if (arg[0] >= '1' && arg[0] <= '9' && !arg[1])
		arg = ""; // one of the digits: they are told of as one
	command_meaning(id, arg, line, sizeof line);
	line[0] = (char)toupper((unsigned char)line[0]);
	if (roff)
		text(line, out);
	else
		fputs(line, out);
	if (c->needs & NEED_KEY) {
		fputs(".\n", out);
		return;
	}
	fprintf(out, roff ? " (\\fB%s" : " (:%s", c->name);
	fprintf(out, roff ? "%s%s\\fR).\n" : "%s%s).\n", *arg ? " " : "", arg);
}

static void man_key(enum command_id id, const char *arg, FILE *out)
{
	char keys[256];
	print_keys(id, arg, keys, sizeof keys);
	tag(keys, out);
	fputc('\n', out);
	key_help(id, arg, true, out);
}

static void topic_key(enum command_id id, const char *arg, FILE *out)
{
	char keys[256];
	print_keys(id, arg, keys, sizeof keys);
	fprintf(out, "* %s\n  ", keys);
	key_help(id, arg, false, out);
}

static bool has_key(enum command_id id)
{
	const struct binding *b;
	for (size_t i = 0; (b = keys_at(i)); i++)
		if (b->command == id && b->context != CONTEXT_PROMPT)
			return true;
	return false;
}

static void print_all_keys(const char *head, void (*each)(enum command_id id, const char *arg, FILE *out), FILE *out)
{
	for (int g = 0; g < GROUP_COUNT; g++) {
		bool headed = false;
		for (int c = 0; c < CMD_COUNT; c++) {
			if (command_info((enum command_id)c)->group != (enum command_group)g ||
			    !has_key((enum command_id)c))
				continue;
			if (!headed)
				fprintf(out, "%s%s\n", head, command_group_title((enum command_group)g));
			headed = true;
			each_key_argument((enum command_id)c, each, out);
		}
	}
}

static void man_keys(FILE *out)
{
	print_all_keys(".SS ", man_key, out);
}

static void topic_keys(FILE *out)
{
	print_all_keys("== ", topic_key, out);
}

struct refusals {
	FILE *out;
	int err; // the one that was printed last
};

static void man_refusal(void *context, int err, enum code c)
{
	struct refusals *r = context;
	if (err != r->err)
		fprintf(r->out, "%s%s: ", r->err ? "; " : " Fails with ", errno_name(err));
	else
		fputs(", ", r->out);
	fputs(code_info(c)->name, r->out);
	r->err = err;
}

static void man_steps(FILE *out)
{
	for (int s = 0; s < STEP_COUNT; s++) {
		struct refusals r = {.out = out};
		tag(step_info((enum step_id)s)->name, out);
		fputc('\n', out);
		text(step_info((enum step_id)s)->question, out);
		step_refusals((enum step_id)s, man_refusal, &r);
		fputs(r.err ? ".\n" : "\n", out);
	}
}

// A mark as the screen shows it, and where it shows only ASCII.
static void man_marks(FILE *out)
{
	char ascii[8];
	for (int m = 0; m < MARK_COUNT; m++) {
		const struct mark_info *mark = mark_info((enum mark)m);
		uint32_t c;
		width_decode(mark->text, strlen(mark->text), &c);
		report_ascii(mark->text, ascii, sizeof ascii);
		fputs(".TP\n", out);
		if (c < 128)
			fprintf(out, "\\fB%s\\fR", ascii);
		else
			fprintf(out, "\\fB\\[u%04X]\\fR (\\fB%s\\fR in ASCII)", (unsigned)c,
				strcmp(ascii, "-") == 0 ? "\\-" : ascii);
		fputc('\n', out);
		sentence(mark->meaning, out);
		fputs(".\n", out);
	}
}

static void man_codes(FILE *out)
{
	for (int c = CODE_NONE + 1; c < CODE_COUNT; c++) {
		char sentence[TOPIC_TITLE], links[96];
		const char *class = code_class_name(code_info((enum code)c)->class);
		tag(code_info((enum code)c)->name, out);
		fprintf(out, "%s%s\n", class ? "  " : "", class ? class : "");
		text(code_plain((enum code)c, sentence, sizeof sentence), out);
		fprintf(out, "\n.br\n%s\n", code_links((enum code)c, links, sizeof links));
	}
}

static void man_socket_options(FILE *out)
{
	static const char *const caps[] = {"", " Turning it on needs CAP_NET_RAW or CAP_NET_ADMIN.",
					   " Needs CAP_NET_RAW if the socket is already bound to a device."};
	for (int i = 0; i < OPT_COUNT; i++) {
		const struct sockopt *o = option_info((enum option_id)i);
		char name[64];
		snprintf(name, sizeof name, "%s%s", o->name, option_form(o));
		fputs(".TP\n", out);
		print_synopsis(name, out);
		fprintf(out, "  %s\n", o->symbol);
		text(o->meaning, out);
		fprintf(out, "%s%s%s%s%s\n", o->inet ? "" : " IPv6 sockets only.", caps[o->cap],
			*o->since ? " Linux " : "", o->since, *o->since ? " and newer." : "");
	}
}

static void man_sysctls(FILE *out)
{
	for (int i = 0; i < SYSCTL_COUNT; i++) {
		const struct sysctl *s = sysctl_info((enum sysctl_id)i);
		if (s->field == 0) {
			tag(s->name, out);
			fputc('\n', out);
		}
		text(s->meaning, out);
		fprintf(out, " Default: %lld.\n", (long long)s->initial);
	}
}

static void man_kernels(FILE *out)
{
	for (int i = 0; i < TRAIT_COUNT; i++) {
		const struct trait_info *k = trait_info((enum trait)i);
		tag(k->name, out);
		fprintf(out, "%s%s%s%s\n", *k->since ? "  from " : "", k->since, *k->until ? "  before " : "",
			k->until);
		text(k->effect, out);
		fputs(".\n", out);
	}
}

static void man_topics(FILE *out)
{
	for (size_t i = 0; topic_at(i); i++) {
		tag(topic_at(i)->name, out);
		fputc('\n', out);
		const char *title = topic_at(i)->title;
		text(title, out);
		fputs(*title && title[strlen(title) - 1] == '?' ? "\n" : ".\n", out);
	}
}

static void man_exit_statuses(FILE *out)
{
	for (int i = 0; i < EXIT_STATUS_COUNT; i++) {
		const struct exit_status_info *s = exit_status_info((enum exit_status)i);
		fprintf(out, ".TP\n.B %d\n", i);
		sentence(s->text, out);
		text(s->more, out);
		fputs(".\n", out);
	}
}

static void man_tiers(FILE *out)
{
	for (int i = 0; i < TIER_COUNT; i++) {
		const struct tier_info *t = tier_info((enum tier)i);
		fprintf(out, ".TP\n.B %s\n", t->name);
		sentence(t->who, out);
		fputs(": ", out);
		text(t->about, out);
		fputs(".\n", out);
	}
}

const struct part man_parts[] = {
	{"SYNOPSIS", man_synopsis},
	{"SUBCOMMANDS", man_subcommands},
	{"OPTIONS", man_options},
	{"COMMANDS", man_commands},
	{"KEYS", man_keys},
	{"STEPS", man_steps},
	{"MARKS", man_marks},
	{"CODES", man_codes},
	{"SOCKET_OPTIONS", man_socket_options},
	{"SYSCTLS", man_sysctls},
	{"KERNELS", man_kernels},
	{"TOPICS", man_topics},
	{"EXIT_STATUSES", man_exit_statuses},
	{"TIERS", man_tiers},
	{"TOPIC_KEYS", topic_keys},
	{NULL, NULL},
};
