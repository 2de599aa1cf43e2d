// SPDX-License-Identifier: GPL-3.0-or-later
// The texts of the entries, made from topics and tables.
#include "core/command/help_topic_text.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "core/command/command.h"
#include "core/command/tier.h"
#include "core/model/bind_path.h"
#include "core/model/kernel.h"
#include "core/model/option.h"
#include "core/text/growing.h"

// Help lines begin small; here they are sentences.
static char capital(char c)
{
	return (char)(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
}

static const char *print_when(const struct trait_info *k, char *buf, size_t len)
{
	if (*k->since && *k->until)
		snprintf(buf, len, "%s and newer, before %s", k->since, k->until);
	else if (*k->since)
		snprintf(buf, len, "%s and newer", k->since);
	else if (*k->until)
		snprintf(buf, len, "before %s", k->until);
	else
		snprintf(buf, len, "5.10 and newer");
	return buf;
}

// Its name, with what its table has beside it, and its title.
static void add_row(struct growing *t, const struct entry *e)
{
	char title[TOPIC_TITLE], when[64], links[96] = "";
	const char *head = e->name, *form = "", *beside = NULL, *end = "";
	entry_title(e, title, sizeof title);
	if (e->about == ABOUT_CODE) {
		beside = code_class_name(code_info((enum code)e->id)->class);
		code_links((enum code)e->id, links, sizeof links);
	} else if (e->about == ABOUT_OPTION) {
		form = option_form(option_info((enum option_id)e->id));
		beside = e->alias;
	} else if (e->about == ABOUT_TRAIT) {
		beside = print_when(trait_info((enum trait)e->id), when, sizeof when);
		end = ".";
	} else if (e->about == ABOUT_COMMAND) {
		head = command_info((enum command_id)e->id)->synopsis;
		title[0] = capital(title[0]);
		end = ".";
	}
	growing_add(t, "* %s%s%s%s\n  %s%s%s%s\n", head, form, beside ? ", " : "", beside ? beside : "", title, end,
		    links[0] ? " " : "", links);
}

static void add_table(struct growing *t, enum about about)
{
	for (struct entry e = {0}; entry_next(&e);)
		if (e.about == about)
			add_row(t, &e);
}

static void add_tiers(struct growing *t)
{
	for (int i = 0; i < TIER_COUNT; i++) {
		const struct tier_info *tier = tier_info((enum tier)i);
		if (tier->who)
			growing_add(t, "- %s, %s: %s.\n", tier->name, tier->who, tier->about);
	}
}

static void add_see(struct growing *t, const char *names)
{
	growing_add(t, "See also:");
	for (const char *p = names; *p && *p != '\n'; p += strspn(p, " ")) {
		size_t n = strcspn(p, " \n");
		growing_add(t, "%s %.*s", p == names ? "" : ",", (int)n, p);
		p += n;
	}
	growing_add(t, "\n");
}

// The table that a line stands for, ABOUT_COUNT for none.
static enum about table_of(const char *line, size_t len)
{
	static const char *const lines[ABOUT_COUNT] = {
		[ABOUT_TOPIC] = "@topics",   [ABOUT_STEP] = "@steps",     [ABOUT_CODE] = "@codes",
		[ABOUT_OPTION] = "@options", [ABOUT_SYSCTL] = "@sysctls", [ABOUT_COMMAND] = "@commands",
		[ABOUT_TRAIT] = "@kernels",
	};
	int a = 0;
	while (a < ABOUT_COUNT && !(lines[a] && strlen(lines[a]) == len && memcmp(lines[a], line, len) == 0))
		a++;
	return (enum about)a;
}

// A topic's lines, with its tables in the place of the lines that name them. `own`: without rows that are entries.
static void add_topic(struct growing *t, const struct topic *topic, bool own)
{
	for (const char *p = topic->text, *end; *p; p = end + (*end == '\n')) {
		end = strchrnul(p, '\n');
		enum about table = table_of(p, (size_t)(end - p));
		bool see = strncmp(p, "@see ", 5) == 0;
		if (own && (see || table != ABOUT_COUNT))
			continue;
		if (see)
			add_see(t, p + 5);
		else if (table != ABOUT_COUNT)
			add_table(t, table);
		else if (strncmp(p, "@tiers\n", 7) == 0)
			add_tiers(t);
		else
			growing_add(t, "%.*s\n", (int)(end - p), p);
	}
}

struct refusals {
	struct growing *t;
	int err; // the one that was added last
};

static void add_refusal(void *context, int err, enum code c)
{
	struct refusals *r = context;
	if (r->err == 0)
		growing_add(r->t, "It can fail with");
	if (r->err != err)
		growing_add(r->t, "\n* %s\n  %s", errno_name(err), code_info(c)->name);
	else
		growing_add(r->t, ", %s", code_info(c)->name);
	r->err = err;
}

// Where in the kernel: each function once.
static void add_functions(struct growing *t, enum step_id id)
{
	const struct bind_path *path;
	const struct path_step *said[32];
	size_t n = 0;
	for (size_t i = 0; (path = bind_path_at(i)) != NULL; i++)
		for (size_t j = 0; j < PATH_STEPS && path->steps[j].function; j++) {
			const struct path_step *s = &path->steps[j];
			bool again = s->step != id || n == sizeof said / sizeof *said;
			for (size_t k = 0; k < n && !again; k++)
				again = strcmp(said[k]->function, s->function) == 0;
			if (again)
				continue;
			growing_add(t, "%s%s() in %s", n ? ", " : "In the kernel: ", s->function, s->file);
			said[n++] = s;
		}
	growing_add(t, n ? ".\n\n" : "");
}

static void add_step(struct growing *t, enum step_id id)
{
	const struct step *s = step_info(id);
	struct refusals r = {.t = t};
	growing_add(t, "%s\n\n%s\n\n", s->question, s->paragraph);
	add_functions(t, id);
	step_refusals(id, add_refusal, &r);
	growing_add(t, "%sSee it yourself:\n\n    %s\n", r.err ? "\n\n" : "", s->watch);
}

// Has an earlier finding the same step, code and errno?
static bool is_repeated(int finding)
{
	const struct finding *f = finding_info((enum finding_id)finding);
	for (int i = 0; i < finding; i++) {
		const struct finding *before = finding_info((enum finding_id)i);
		if (before->code == f->code && before->step == f->step && before->err == f->err)
			return true;
	}
	return false;
}

static void add_code(struct growing *t, enum code c)
{
	char sentence[TOPIC_TITLE], links[96];
	const char *class = code_class_name(code_info(c)->class);
	unsigned n = 0;
	growing_add(t, "%s\n\n%s\n", code_info(c)->name, code_plain(c, sentence, sizeof sentence));
	if (class)
		growing_add(t, "\nClass: %s.\n", class);
	growing_add(t, "%s%s\n", class ? "" : "\n", code_links(c, links, sizeof links));
	for (int i = 0; i < FINDING_COUNT; i++) {
		const struct finding *f = finding_info((enum finding_id)i);
		if (f->code != c || is_repeated(i))
			continue;
		growing_add(t, "%s", n++ ? ", " : "\nDeciding step: ");
		growing_add(t, f->err ? "%s (%s)" : "%s", step_info(f->step)->name, errno_name(f->err));
	}
	growing_add(t, n ? ".\n" : "");
}

// Its possible causes: each code once, with the steps that return it.
static void add_errno(struct growing *t, int err)
{
	char sentence[TOPIC_TITLE];
	growing_add(t, "%s\n\nPossible causes:\n", errno_name(err));
	for (int c = CODE_NONE + 1; c < CODE_COUNT; c++) {
		unsigned n = 0;
		for (int i = 0; i < FINDING_COUNT; i++) {
			const struct finding *f = finding_info((enum finding_id)i);
			if (f->code != (enum code)c || f->err != err || is_repeated(i))
				continue;
			growing_add(t, n++ ? ", " : "* %s, at the step ", code_info((enum code)c)->name);
			growing_add(t, "%s", step_info(f->step)->name);
		}
		if (n)
			growing_add(t, "\n  %s\n", code_plain((enum code)c, sentence, sizeof sentence));
	}
	if (err == EPERM || err == EACCES)
		growing_add(t, "* %s\n  %s\n", code_info(CODE_HOOK_REFUSED)->name,
			    code_plain(CODE_HOOK_REFUSED, sentence, sizeof sentence));
}

static void add_option(struct growing *t, enum option_id id)
{
	static const char *const caps[] = {
		[CAP_NONE] = "It needs no privilege.",
		[CAP_RAW_OR_ADMIN] = "Turning it on needs CAP_NET_RAW or CAP_NET_ADMIN.",
		[CAP_RAW_TO_REBIND] = "It needs CAP_NET_RAW only if the socket is already bound to a device.",
	};
	const struct sockopt *o = option_info(id);
	growing_add(t, "%s\n\n%s\n\n%s\n", o->symbol, o->meaning, caps[o->cap]);
	growing_add(t, "Sockets that accept it: %s.%s%s%s\n",
		    o->inet && o->inet6 ? "IPv4 and IPv6"
		    : o->inet           ? "IPv4"
					: "IPv6",
		    *o->since ? " Linux " : "", o->since, *o->since ? " and newer." : "");
	growing_add(t, "\n    --set %s%s\n", o->name, option_form(o));
}

static void add_sysctl(struct growing *t, enum sysctl_id first)
{
	const struct sysctl *s = sysctl_info(first);
	growing_add(t, "%s\n\n", s->name);
	for (int i = 0; i < SYSCTL_COUNT; i++) {
		const struct sysctl *row = sysctl_info((enum sysctl_id)i);
		if (strcmp(row->name, s->name) == 0)
			growing_add(t, "%s The kernel's default is %lld.\n", row->meaning, (long long)row->initial);
	}
}

// Lines of an example, each as it is typed.
static void add_example(struct growing *t, const char *lines)
{
	for (const char *p = lines; *p; p += *p == '\n') {
		size_t n = strcspn(p, "\n");
		growing_add(t, "    :%.*s\n", (int)n, p);
		p += n;
	}
}

static void add_command(struct growing *t, enum command_id id)
{
	const struct command *c = command_info(id);
	const char *where = command_where(id);
	growing_add(t, "%s\n\n%c%s.", c->synopsis, capital(c->help[0]), c->help + 1);
	if (where[0])
		growing_add(t, " %c%s.", capital(where[0]), where + 1);
	growing_add(t, "%s\n", c->needs & NEED_SCREEN ? " Only in the explorer." : "");
	for (int i = 0; i < COMMAND_EXAMPLES && c->examples[i]; i++) {
		growing_add(t, "%s", i ? "" : "\nFor example:\n\n");
		add_example(t, c->examples[i]);
	}
}

static void add_trait(struct growing *t, enum trait id)
{
	const struct trait_info *k = trait_info(id);
	char when[64];
	print_when(k, when, sizeof when);
	growing_add(
		t,
		"%s\n\n%s.\n\nKernels: %s. Bindwalk recognises stable releases with a backport by their patch level.\n",
		k->name, k->effect, when);
}

// Its topic; where both have one name, the topic of its kind.
static const char *see_also(const struct entry *e)
{
	const char *topic = entry_topic(e)->name;
	return strcmp(topic, e->name) != 0 ? topic : e->about == ABOUT_STEP ? "steps" : "keys";
}

static void add_entry(struct growing *t, const struct entry *e)
{
	switch (e->about) {
	case ABOUT_STEP:
		add_step(t, (enum step_id)e->id);
		break;
	case ABOUT_CODE:
		add_code(t, (enum code)e->id);
		break;
	case ABOUT_OPTION:
		add_option(t, (enum option_id)e->id);
		break;
	case ABOUT_SYSCTL:
		add_sysctl(t, (enum sysctl_id)e->id);
		break;
	case ABOUT_COMMAND:
		add_command(t, (enum command_id)e->id);
		break;
	case ABOUT_TRAIT:
		add_trait(t, (enum trait)e->id);
		break;
	case ABOUT_ERRNO:
		add_errno(t, topic_errno(e->id));
		break;
	case ABOUT_TOPIC:
	case ABOUT_COUNT:
		break;
	}
	growing_add(t, "\n");
	add_see(t, see_also(e));
}

char *entry_markup(const struct entry *e)
{
	struct growing t = {0};
	if (e->about == ABOUT_TOPIC) {
		growing_add(&t, "%s\n\n", e->title);
		add_topic(&t, topic_at(e->id), false);
	} else {
		add_entry(&t, e);
	}
	return t.p;
}

char *entry_own_text(const struct entry *e)
{
	struct growing t = {0};
	if (e->about != ABOUT_TOPIC)
		return entry_markup(e);
	add_topic(&t, topic_at(e->id), true);
	return t.p;
}
