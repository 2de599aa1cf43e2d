// SPDX-License-Identifier: GPL-3.0-or-later
// The texts of the entries, made from topics and tables, and the search in them.
#include "core/command/help_topic_text.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/command/tier.h"
#include "core/model/bind_path.h"
#include "core/model/kernel.h"

// A text that grows. After a failed allocation it stays NULL.
struct text {
	char *p;
	size_t len, cap;
	bool failed;
};

__attribute__((format(printf, 2, 3))) static void add(struct text *t, const char *fmt, ...)
{
	enum { CHUNK = 2048 };
	va_list args;
	va_start(args, fmt);
	int n = vsnprintf(NULL, 0, fmt, args);
	va_end(args);
	if (t->failed || n < 0)
		return;
	if (t->len + (size_t)n >= t->cap) {
		size_t cap = t->len + (size_t)n + CHUNK;
		char *grown = realloc(t->p, cap);
		if (!grown) {
			free(t->p);
			*t = (struct text){.failed = true};
			return;
		}
		t->p = grown;
		t->cap = cap;
	}
	va_start(args, fmt);
	vsnprintf(t->p + t->len, t->cap - t->len, fmt, args);
	va_end(args);
	t->len += (size_t)n;
}

// Help lines begin small; here they are sentences.
static char capital(char c)
{
	return (char)(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
}

static void print_when(const struct trait_info *k, char *buf, size_t len)
{
	if (*k->since && *k->until)
		snprintf(buf, len, "from %s on, before %s", k->since, k->until);
	else if (*k->since)
		snprintf(buf, len, "%s and newer", k->since);
	else if (*k->until)
		snprintf(buf, len, "before %s", k->until);
	else
		snprintf(buf, len, "5.10 and newer");
}

static void add_codes(struct text *t)
{
	char sentence[TOPIC_TITLE];
	for (int c = CODE_NONE + 1; c < CODE_COUNT; c++) {
		const char *class = code_class_name(code_info((enum code)c)->class);
		add(t, "* %s%s%s\n  %s\n", code_info((enum code)c)->name, class ? ", " : "", class ? class : "",
		    code_plain((enum code)c, sentence, sizeof sentence));
	}
}

static void add_steps(struct text *t)
{
	for (int s = 0; s < STEP_COUNT; s++)
		add(t, "* %s\n  %s\n", step_info((enum step_id)s)->name, step_info((enum step_id)s)->question);
}

static const char *value_of(const struct sockopt *o)
{
	switch (o->value) {
	case VALUE_NUMBER:
		return "=NUMBER";
	case VALUE_DEVICE:
		return "=INTERFACE";
	case VALUE_RANGE:
		return "=LOW-HIGH";
	default:
		return "";
	}
}

static void add_options(struct text *t)
{
	for (int i = 0; i < OPT_COUNT; i++) {
		const struct sockopt *o = option_info((enum option_id)i);
		add(t, "* %s%s, %s\n  %s\n", o->name, value_of(o), o->symbol, o->meaning);
	}
}

static void add_sysctls(struct text *t)
{
	for (int i = 0; i < SYSCTL_COUNT; i++) {
		const struct sysctl *s = sysctl_info((enum sysctl_id)i);
		if (s->field == 0)
			add(t, "* %s\n  %s\n", s->name, s->meaning);
	}
}

static void add_traits(struct text *t)
{
	for (int i = 0; i < TRAIT_COUNT; i++) {
		const struct trait_info *k = trait_info((enum trait)i);
		char when[64];
		print_when(k, when, sizeof when);
		add(t, "* %s, %s\n  %s.\n", k->name, when, k->effect);
	}
}

static void add_commands(struct text *t)
{
	for (int i = 0; i < CMD_COUNT; i++)
		if (!(command_info((enum command_id)i)->needs & NEED_KEY))
			add(t, "* %s\n  %c%s.\n", command_info((enum command_id)i)->synopsis,
			    capital(command_info((enum command_id)i)->help[0]),
			    command_info((enum command_id)i)->help + 1);
}

static void add_tiers(struct text *t)
{
	for (int i = 0; i < TIER_COUNT; i++) {
		const struct tier_info *tier = tier_info((enum tier)i);
		if (tier->who)
			add(t, "- %s, %s: %s.\n", tier->name, tier->who, tier->about);
	}
}

static void add_topics(struct text *t)
{
	for (size_t i = 0; topic_at(i); i++)
		add(t, "* %s\n  %s\n", topic_at(i)->name, topic_at(i)->title);
}

static void add_see(struct text *t, const char *names)
{
	add(t, "See also:");
	for (const char *p = names; *p; p += strspn(p, " ")) {
		size_t n = strcspn(p, " ");
		add(t, "%s %.*s", p == names ? "" : ",", (int)n, p);
		p += n;
	}
	add(t, "\n");
}

// A topic's lines; those that begin with @ stand for tables.
static void add_topic(struct text *t, const struct topic *topic)
{
	static const struct {
		const char *name;
		void (*add)(struct text *t);
	} tables[] = {
		{"@codes", add_codes},     {"@steps", add_steps},    {"@options", add_options},
		{"@sysctls", add_sysctls}, {"@kernels", add_traits}, {"@commands", add_commands},
		{"@topics", add_topics},   {"@tiers", add_tiers},
	};
	add(t, "%s\n\n", topic->title);
	for (const char *p = topic->text; *p;) {
		size_t len = strcspn(p, "\n");
		bool done = false;
		char line[128];
		snprintf(line, sizeof line, "%.*s", (int)len, p);
		for (size_t i = 0; i < sizeof tables / sizeof *tables && !done; i++)
			if ((done = strcmp(tables[i].name, line) == 0))
				tables[i].add(t);
		if (!done && strncmp(line, "@see ", 5) == 0)
			add_see(t, line + 5);
		else if (!done)
			add(t, "%.*s\n", (int)len, p);
		p += len + (p[len] == '\n');
	}
}

struct refusals {
	struct text *t;
	int err; // the one that was added last
};

static void add_refusal(void *context, int err, enum code c)
{
	struct refusals *r = context;
	if (r->err == 0)
		add(r->t, "It can end with");
	if (r->err != err)
		add(r->t, "\n* %s\n  %s", errno_name(err), code_info(c)->name);
	else
		add(r->t, ", %s", code_info(c)->name);
	r->err = err;
}

// Where in the kernel: each function once.
static void add_functions(struct text *t, enum step_id id)
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
			add(t, "%s%s() in %s", n ? ", " : "In the kernel: ", s->function, s->file);
			said[n++] = s;
		}
	add(t, n ? ".\n\n" : "");
}

static void add_step(struct text *t, enum step_id id)
{
	const struct step *s = step_info(id);
	struct refusals r = {.t = t};
	add(t, "%s\n\n%s\n\n", s->question, s->paragraph);
	add_functions(t, id);
	step_refusals(id, add_refusal, &r);
	add(t, "%sTo watch it without Bindwalk:\n\n    %s\n", r.err ? "\n\n" : "", s->watch);
}

// Was its step, with this code and errno, told of by a finding before it?
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

static void add_code(struct text *t, enum code c)
{
	char sentence[TOPIC_TITLE];
	const char *class = code_class_name(code_info(c)->class);
	unsigned n = 0;
	add(t, "%s\n\n%s\n", code_info(c)->name, code_plain(c, sentence, sizeof sentence));
	if (class)
		add(t, "\nThe kind of problem: %s.\n", class);
	for (int i = 0; i < FINDING_COUNT; i++) {
		const struct finding *f = finding_info((enum finding_id)i);
		if (f->code != c || is_repeated(i))
			continue;
		add(t, "%s", n++ ? ", " : "\nDecided at the step ");
		add(t, "%s%s%s", step_info(f->step)->name, f->err ? ": " : "", f->err ? errno_name(f->err) : "");
	}
	add(t, n ? ".\n" : "");
}

// What can be behind it: each code once, with the steps that give it.
static void add_errno(struct text *t, int err)
{
	char sentence[TOPIC_TITLE];
	add(t, "%s\n\nWhat can be behind it:\n", errno_name(err));
	for (int c = CODE_NONE + 1; c < CODE_COUNT; c++) {
		unsigned n = 0;
		for (int i = 0; i < FINDING_COUNT; i++) {
			const struct finding *f = finding_info((enum finding_id)i);
			if (f->code != (enum code)c || f->err != err || is_repeated(i))
				continue;
			add(t, n++ ? ", " : "* %s, decided at ", code_info((enum code)c)->name);
			add(t, "%s", step_info(f->step)->name);
		}
		if (n)
			add(t, "\n  %s\n", code_plain((enum code)c, sentence, sizeof sentence));
	}
	if (err == EPERM || err == EACCES)
		add(t, "* %s\n  %s\n", code_info(CODE_HOOK_REFUSED)->name,
		    code_plain(CODE_HOOK_REFUSED, sentence, sizeof sentence));
}

static void add_option(struct text *t, enum option_id id)
{
	static const char *const caps[] = {
		[CAP_NONE] = "It needs no right.",
		[CAP_RAW_OR_ADMIN] = "To switch it on needs CAP_NET_RAW or CAP_NET_ADMIN.",
		[CAP_RAW_TO_REBIND] = "It needs CAP_NET_RAW only when a device is bound already.",
	};
	const struct sockopt *o = option_info(id);
	add(t, "%s\n\n%s\n\n%s\n", o->symbol, o->meaning, caps[o->cap]);
	add(t, "Sockets that take it: %s.%s%s%s\n",
	    o->inet && o->inet6 ? "IPv4 and IPv6"
	    : o->inet           ? "IPv4"
				: "IPv6",
	    *o->since ? " Kernels that have it: " : "", o->since, *o->since ? " and newer." : "");
	add(t, "\n    --set %s%s\n", o->name, value_of(o));
}

static void add_sysctl(struct text *t, enum sysctl_id first)
{
	const struct sysctl *s = sysctl_info(first);
	add(t, "%s\n\n", s->name);
	for (int i = 0; i < SYSCTL_COUNT; i++) {
		const struct sysctl *row = sysctl_info((enum sysctl_id)i);
		if (strcmp(row->name, s->name) == 0)
			add(t, "%s The kernel's default is %lld.\n", row->meaning, (long long)row->initial);
	}
}

// Lines of an example, each as it is typed.
static void add_example(struct text *t, const char *lines)
{
	for (const char *p = lines; *p; p += *p == '\n') {
		size_t n = strcspn(p, "\n");
		add(t, "    :%.*s\n", (int)n, p);
		p += n;
	}
}

static void add_command(struct text *t, enum command_id id)
{
	const struct command *c = command_info(id);
	add(t, "%s\n\n%c%s.%s%s\n", c->synopsis, capital(c->help[0]), c->help + 1,
	    c->needs & NEED_LAB ? " In a lab only." : "", c->needs & NEED_SCREEN ? " In the explorer only." : "");
	for (int i = 0; i < COMMAND_EXAMPLES && c->examples[i]; i++) {
		add(t, "%s", i ? "" : "\nFor example:\n\n");
		add_example(t, c->examples[i]);
	}
}

static void add_trait(struct text *t, enum trait id)
{
	const struct trait_info *k = trait_info(id);
	char when[64];
	print_when(k, when, sizeof when);
	add(t,
	    "%s\n\n%s.\n\nKernels: %s. Stable releases that took the change over earlier are known by their patch "
	    "level.\n",
	    k->name, k->effect, when);
}

char *entry_markup(struct entry e)
{
	struct text t = {0};
	switch (e.about) {
	case ABOUT_STEP:
		add_step(&t, (enum step_id)e.id);
		break;
	case ABOUT_CODE:
		add_code(&t, (enum code)e.id);
		break;
	case ABOUT_OPTION:
		add_option(&t, (enum option_id)e.id);
		break;
	case ABOUT_SYSCTL:
		add_sysctl(&t, (enum sysctl_id)e.id);
		break;
	case ABOUT_COMMAND:
		add_command(&t, (enum command_id)e.id);
		break;
	case ABOUT_TRAIT:
		add_trait(&t, (enum trait)e.id);
		break;
	case ABOUT_ERRNO:
		add_errno(&t, topic_errno(e.id));
		break;
	default:
		add_topic(&t, topic_at(e.id));
		return t.p;
	}
	add(&t, "\n");
	add_see(&t, entry_topic(e)->name);
	return t.p;
}

// The text to search in: a topic without its tables, whose rows are entries of their own.
static char *searched_text(struct entry e)
{
	struct text t = {0};
	if (e.about != ABOUT_TOPIC)
		return entry_markup(e);
	for (const char *p = topic_at(e.id)->text; *p;) {
		size_t n = strcspn(p, "\n");
		n += p[n] == '\n';
		if (*p != '@')
			add(&t, "%.*s", (int)n, p);
		p += n;
	}
	return t.p;
}

enum rank { RANK_NAME, RANK_IN_NAME, RANK_TITLE, RANK_TEXT, RANK_NONE };

// How well a word fits: the worst of all words counts.
static enum rank rank_of(struct entry e, const char *title, const char *text, const char *word)
{
	const char *name = entry_name(e), *alias = entry_alias(e);
	if (strcasecmp(name, word) == 0 || strcasecmp(alias, word) == 0)
		return RANK_NAME;
	if (strcasestr(name, word) || strcasestr(alias, word))
		return RANK_IN_NAME;
	if (strcasestr(title, word))
		return RANK_TITLE;
	return text && strcasestr(text, word) ? RANK_TEXT : RANK_NONE;
}

// Takes the next word off, false at the end.
static bool next_word(const char **words, char *word, size_t len)
{
	const char *p = *words + strspn(*words, " \t");
	size_t n = strcspn(p, " \t");
	snprintf(word, len, "%.*s", (int)n, p);
	*words = p + n;
	return n > 0;
}

enum { WORD = 64 };

static enum rank search_entry(struct entry e, const char *words)
{
	char word[WORD], title[TOPIC_TITLE];
	char *text = searched_text(e);
	enum rank worst = RANK_NAME;
	bool any = false;
	entry_title(e, title, sizeof title);
	while (next_word(&words, word, sizeof word) && worst != RANK_NONE) {
		enum rank r = rank_of(e, title, text, word);
		worst = r > worst ? r : worst;
		any = true;
	}
	free(text);
	return any ? worst : RANK_NONE;
}

size_t topic_search(const char *words, struct entry *out, size_t room)
{
	enum { MOST = 512 };
	unsigned char ranks[MOST];
	struct entry e;
	size_t n = 0, found = 0;
	for (; n < MOST && entry_at(n, &e); n++)
		ranks[n] = (unsigned char)search_entry(e, words);
	for (int r = RANK_NAME; r < RANK_NONE; r++)
		for (size_t i = 0; i < n; i++)
			if (ranks[i] == r && entry_at(i, &e)) {
				if (found < room)
					out[found] = e;
				found++;
			}
	return found;
}

char *topic_excerpt(struct entry e, const char *words, char *buf, size_t len)
{
	char word[WORD], title[TOPIC_TITLE];
	char *text = searched_text(e);
	bool found = false;
	entry_title(e, title, sizeof title);
	if (len)
		buf[0] = '\0';
	while (text && !found && next_word(&words, word, sizeof word)) {
		if (rank_of(e, title, text, word) != RANK_TEXT)
			continue;
		for (const char *p = text; *p && !found; p += strcspn(p, "\n"), p += *p == '\n') {
			char line[1024];
			snprintf(line, sizeof line, "%.*s", (int)strcspn(p, "\n"), p);
			found = strcasestr(line, word) != NULL;
			if (found)
				snprintf(buf, len, "%s", line + strspn(line, " *=-"));
		}
	}
	free(text);
	return buf;
}

char *topic_hits(const char *words, size_t *found)
{
	enum { MOST = 64 };
	struct entry hits[MOST];
	struct text t = {0};
	char title[TOPIC_TITLE], excerpt[1024];
	*found = topic_search(words, hits, MOST);
	add(&t, "%zu text%s of \"%.60s\"\n", *found, *found == 1 ? " speaks" : "s speak", words);
	for (size_t i = 0; i < *found && i < MOST; i++) {
		add(&t, "* %s: the %s\n  %s\n", entry_name(hits[i]), about_name(hits[i].about),
		    entry_title(hits[i], title, sizeof title));
		if (*topic_excerpt(hits[i], words, excerpt, sizeof excerpt))
			add(&t, "  ... %s\n", excerpt);
	}
	return t.p;
}
