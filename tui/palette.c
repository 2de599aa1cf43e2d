// SPDX-License-Identifier: GPL-3.0-or-later
#include "tui/palette.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/command/argument.h"
#include "core/command/command_parse.h"
#include "core/command/help_topic.h"
#include "core/model/option.h"
#include "tui/lesson_names.h"

// Words that people may type to find a command, and that its name and description lack.
static const char *const synonyms[CMD_COUNT] = {
	[CMD_BIND] = "try run test call",
	[CMD_ADDRESS] = "ip target host vip",
	[CMD_PORT] = "number service",
	[CMD_SCOPE] = "zone linklocal",
	[CMD_PROTO] = "tcp udp raw sctp mptcp",
	[CMD_DEVICE] = "interface nic vrf so_bindtodevice",
	[CMD_TOGGLE] = "flip switch option",
	[CMD_TOGGLE_SELECTED] = "checkbox flip switch edit",
	[CMD_SET] = "option value",
	[CMD_UNSET] = "clear remove option",
	[CMD_AGAIN] = "twice",
	[CMD_UNPRIVILEGED] = "root user sudo privileges",
	[CMD_WITNESS] = "trace ftrace bpf bpftrace kernel return values",
	[CMD_WATCH] = "bindsnoop monitor host bpf",
	[CMD_TRACE] = "strace ptrace run exec command program attach pid debug why server start",
	[CMD_USE] = "take choose",
	[CMD_STEP_DECIDING] = "decisive verdict reason why",
	[CMD_DETAIL] = "explain more inputs",
	[CMD_SHOW] = "print",
	[CMD_COMPARE] = "matrix versus ipv4 ipv6",
	[CMD_COMPARE_WITH] = "versus before after side diff",
	[CMD_COUNTERPART] = "ipv4 ipv6 other family jump",
	[CMD_PIN] = "keep walk compare",
	[CMD_COVER] = "hide quiz guess reveal uncover",
	[CMD_ANSWER] = "guess predict",
	[CMD_ASK] = "quiz guess predict question score",
	[CMD_LESSON] = "learn tutorial course teach challenge",
	[CMD_REMEDY] = "fix help apply solve cure repair",
	[CMD_SORT] = "order",
	[CMD_HIDE] = "linklocal fe80 show",
	[CMD_VIEW] = "screen window",
	[CMD_WRITE] = "export file",
	[CMD_ADDRESS_ADD] = "ip assign new vip",
	[CMD_ADDRESS_DEL] = "ip delete",
	[CMD_ROUTE_ADD] = "anyip new vip",
	[CMD_ROUTE_DEL] = "delete",
	[CMD_RULE_ADD] = "policy new",
	[CMD_RULE_DEL] = "policy delete",
	[CMD_NEXTHOP_ADD] = "new",
	[CMD_NEXTHOP_DEL] = "delete",
	[CMD_LINK_ADD] = "veth dummy vrf create new",
	[CMD_LINK_SET] = "ifconfig enable disable ifup ifdown",
	[CMD_LINK_DEL] = "delete",
	[CMD_SYSCTL] = "kernel setting",
	[CMD_INSERT] = "new create",
	[CMD_DELETE] = "remove",
	[CMD_UNDO] = "revert back",
	[CMD_RESET] = "restart again initial rst",
	[CMD_KEEP] = "persist permanent",
	[CMD_UP] = "cursor",
	[CMD_DOWN] = "cursor",
	[CMD_FIRST] = "top home",
	[CMD_LAST] = "bottom end",
	[CMD_PANE] = "focus window",
	[CMD_FILTER] = "search find grep",
	[CMD_ZOOM] = "maximize fullscreen",
	[CMD_THEME] = "colour color style",
	[CMD_MOUSE] = "click copy",
	[CMD_REDRAW] = "refresh reload repaint update",
	[CMD_KEY] = "shortcut map",
	[CMD_COMMAND] = "colon prompt",
	[CMD_HELP] = "keys manual read docs",
	[CMD_BACK] = "escape cancel",
	[CMD_SUSPEND] = "background pause bg job shell",
	[CMD_QUIT] = "exit leave",
};

// The same for what has a word of its own.
static const struct {
	enum command_id id;
	const char *arg, *words;
} synonyms_of_words[] = {
	{CMD_VIEW, "sockets", "ss lsof netstat who listeners holder pid process kill"},
	{CMD_VIEW, "events", "log history changes chg journal"},
	{CMD_VIEW, "binds", "watch bindsnoop programs host trace monitor refused bpf"},
	{CMD_VIEW, "compare", "diff versus cmp"},
	{CMD_VIEW, "matrix", "table options families"},
	{CMD_VIEW, "explore", "main start home"},
	{CMD_PANE, "interfaces", "links nics addresses ip"},
	{CMD_PANE, "routes", "fib table"},
	{CMD_THEME, "light", "lite white day"},
	{CMD_THEME, "dark", "black night"},
};

// The parameter whose words have entries of their own: one that is a word of a list, if nothing else is required.
static const struct parameter *listed(enum command_id id)
{
	const struct command *c = command_info(id);
	const struct parameter *found = NULL;
	unsigned n = command_params(id);
	for (unsigned i = 0; i < n; i++) {
		const struct parameter *p = &c->params[i];
		bool word = p->keyword && p->kind == ARG_NONE && !p->rare && p->keyword[0] != '-';
		if (!found && (!p->keyword || word))
			found = p;
		else if (!p->optional)
			return NULL;
	}
	return found;
}

static bool is_offered(enum argument kind, const char *word)
{
	bool options = kind == ARG_OPTION || kind == ARG_SETTING || kind == ARG_OPTION_ALL;
	int option = options ? option_find(word) : -1;
	if (kind == ARG_OPTION_ALL)
		return option < 0;
	return !options || (option_info((enum option_id)option)->value == VALUE_BOOL) == (kind == ARG_OPTION);
}

// The n-th word, "" for one that is not offered, NULL after the last.
static const char *word_at(enum command_id id, const struct parameter *p, unsigned n)
{
	if (id == CMD_LESSON)
		return lesson_name(n);
	if (p->kind == ARG_NONE)
		return n == 0 && p->keyword ? p->keyword : NULL;
	if (p->kind == ARG_SUBJECT)
		return topic_at(n) ? topic_at(n)->name : NULL;
	if (!argument_is_list(p->kind))
		return NULL;
	const char *word = argument_word(p->kind, n), *before = n ? argument_word(p->kind, n - 1) : "";
	return word && (!is_offered(p->kind, word) || strcmp(word, before) == 0) ? "" : word;
}

bool palette_next(struct palette_entry *e)
{
	if (!e->arg) {
		*e = (struct palette_entry){.arg = ""};
		return true;
	}
	const struct parameter *p = listed(e->id);
	const char *word;
	while (p && (word = word_at(e->id, p, e->word)) != NULL) {
		e->word++;
		if (*word) {
			e->arg = word;
			return true;
		}
	}
	do
		*e = (struct palette_entry){.id = e->id + 1, .arg = ""};
	while (e->id < CMD_COUNT && (command_info(e->id)->needs & ONLY_FILE));
	return e->id < CMD_COUNT;
}

bool palette_at(size_t n, struct palette_entry *e)
{
	*e = (struct palette_entry){0};
	while (palette_next(e))
		if (n-- == 0)
			return true;
	return false;
}

char *palette_line(const struct palette_entry *e, char buf[static PALETTE_LINE])
{
	snprintf(buf, PALETTE_LINE, "%s%s%s", command_info(e->id)->name, *e->arg ? " " : "", e->arg);
	return buf;
}

static const struct topic *topic_of(const struct palette_entry *e)
{
	for (size_t i = 0; e->id == CMD_HELP && *e->arg && topic_at(i); i++)
		if (strcmp(topic_at(i)->name, e->arg) == 0)
			return topic_at(i);
	return NULL;
}

char *palette_meaning(const struct palette_entry *e, char *buf, size_t len)
{
	int option = option_find(e->arg), sysctl = e->id == CMD_SYSCTL ? sysctl_find(e->arg) : -1;
	const struct topic *topic = topic_of(e);
	if (topic) {
		snprintf(buf, len, "read: %s", topic->title);
		return buf;
	}
	if (e->id == CMD_LESSON && *e->arg) {
		char title[PALETTE_LINE];
		snprintf(buf, len, "play: %s", lesson_title(e->arg, title, sizeof title));
		return buf;
	}
	command_meaning(e->id, e->arg, buf, len);
	size_t used = strlen(buf);
	if (option >= 0 || sysctl >= 0)
		snprintf(buf + used, len - used, ": %s",
			 option >= 0 ? option_info((enum option_id)option)->meaning
				     : sysctl_info((enum sysctl_id)sysctl)->meaning);
	return buf;
}

const char *palette_synonyms(const struct palette_entry *e)
{
	const struct topic *topic = topic_of(e);
	if (topic)
		return topic->also;
	int option = option_find(e->arg);
	if (option >= 0)
		return option_info((enum option_id)option)->symbol;
	for (size_t i = 0; i < sizeof synonyms_of_words / sizeof *synonyms_of_words; i++)
		if (synonyms_of_words[i].id == e->id && strcmp(synonyms_of_words[i].arg, e->arg) == 0)
			return synonyms_of_words[i].words;
	return synonyms[e->id] && !*e->arg ? synonyms[e->id] : "";
}

// A key that opens the prompt with this line does what the entry does.
static bool means(const struct binding *b, const struct palette_entry *e, const char *line)
{
	return (b->command == e->id && strcmp(b->arg, e->arg) == 0) ||
	       (b->command == CMD_INSERT && *b->arg && strncmp(b->arg, line, strlen(line)) == 0);
}

const struct binding *palette_key(const struct palette_entry *e, enum key_context context)
{
	char line[PALETTE_LINE];
	const struct binding *found = NULL, *b;
	palette_line(e, line);
	for (size_t i = 0; (b = keys_at(i)) != NULL; i++) {
		if (!means(b, e, line) || b->context == CONTEXT_PROMPT)
			continue;
		if (keys_reachable(context, b))
			return b;
		if (!found && keys_reachable(b->context, b))
			found = b;
	}
	return found;
}

bool palette_asks(const struct palette_entry *e)
{
	char line[PALETTE_LINE], err[COMMAND_ERROR];
	struct command_call call;
	int sysctl = e->id == CMD_SYSCTL ? sysctl_find(e->arg) : -1;
	if (command_info(e->id)->needs & NEED_KEY)
		return false;
	if (sysctl >= 0 && !sysctl_info((enum sysctl_id)sysctl)->toggle)
		return true;
	return command_parse(palette_line(e, line), &call, err, sizeof err, NULL) < 0;
}

const char *palette_why_not(bool lab, bool editable, const struct palette_entry *e)
{
	const struct command *c = command_info(e->id);
	bool only_lab = (c->needs & ONLY_LAB) || (e->id == CMD_COMPARE && *e->arg);
	switch (e->id) {
	case CMD_QUIT_YES:
	case CMD_QUIT_NO:
		return "only as the answer to a question";
	case CMD_PALETTE_RUN:
		return "only in the palette, by Enter";
	case CMD_FILTER_KEEP:
		return "only while filtering";
	default:
		break;
	}
	if (only_lab && !lab)
		return "in a lab only";
	if ((c->needs & NEED_LAB) && !lab && !editable)
		return "read-only: needs --edit, or a lab";
	return NULL;
}

// How well a text fits, from the worst to the best.
enum fit { FIT_NOT, FIT_INSIDE, FIT_CHUNKS, FIT_WORD, FIT_BEGIN };

static bool begins_word(const char *text, size_t at)
{
	return isalnum((unsigned char)text[at]) && (at == 0 || !isalnum((unsigned char)text[at - 1]));
}

// "road" is "route add": the beginnings of words, in their order.
static bool in_chunks(const char *text, const char *term, size_t len)
{
	if (len == 0)
		return true;
	for (size_t at = 0; text[at]; at++) {
		if (!(at == 0 ? isalnum((unsigned char)text[0]) : begins_word(text, at)))
			continue;
		size_t most = 0;
		while (most < len && text[at + most] &&
		       tolower((unsigned char)text[at + most]) == tolower((unsigned char)term[most]))
			most++;
		for (size_t n = most; n > 0; n--) {
			const char *rest = text + at + n;
			while (isalnum((unsigned char)*rest))
				rest++;
			if (in_chunks(rest, term + n, len - n))
				return true;
		}
	}
	return false;
}

// "fb" is "toggle freebind", "rup" is "toggle reuseport": a word's first letter, and more of them in their order.
static bool in_letters(const char *text, const char *term, size_t len)
{
	for (size_t at = 0; len > 1 && text[at]; at++) {
		if (!begins_word(text, at))
			continue;
		size_t met = 0;
		for (size_t i = at; met < len && isalnum((unsigned char)text[i]); i++)
			if (tolower((unsigned char)text[i]) == tolower((unsigned char)term[met]))
				met++;
			else if (i == at)
				break;
		if (met == len)
			return true;
	}
	return false;
}

static enum fit fit(const char *text, const char *term, size_t len)
{
	enum { LEAST_INSIDE = 2 };
	enum fit best = FIT_NOT;
	for (size_t at = 0; text[at]; at++) {
		if ((text[at] | 32) != (*term | 32) || strncasecmp(text + at, term, len) != 0)
			continue;
		enum fit now = at == 0 ? FIT_BEGIN : begins_word(text, at) ? FIT_WORD : FIT_INSIDE;
		if (now > best && (now != FIT_INSIDE || len >= LEAST_INSIDE))
			best = now;
	}
	return best;
}

static unsigned score_term(const struct palette_entry *e, const char *line, const char *term, size_t len)
{
	static const unsigned of_name[] = {0, 30, 60, 80, 100}, of_synonym[] = {0, 0, 0, 70, 70},
			      of_meaning[] = {0, 10, 0, 40, 42};
	enum { LETTERS = 32, LETTERS_2 = 20 }; // three say more than what is inside a word, two say less
	char meaning[PALETTE_MEANING];
	const struct topic *topic = topic_of(e);
	enum fit name = fit(line, term, len);
	if (name < FIT_CHUNKS && in_chunks(line, term, len))
		name = FIT_CHUNKS;
	unsigned best = of_name[name];
	if (name < FIT_CHUNKS && in_letters(line, term, len))
		best = len > 2 ? LETTERS : best > LETTERS_2 ? best : LETTERS_2;
	unsigned other = of_synonym[fit(palette_synonyms(e), term, len)];
	best = other > best ? other : best;
	other = of_meaning[fit(palette_meaning(e, meaning, sizeof meaning), term, len)];
	best = other > best ? other : best;
	other = topic ? of_meaning[fit(topic->explains, term, len)] : 0;
	return other > best ? other : best;
}

// 0: it does not fit. `key` is the binding of the key that the text names, NULL for none.
static unsigned score(const struct palette_entry *e, const char *text, const struct binding *key)
{
	enum { KEY = 110, IN_ORDER = 50, LESSON = 12 };
	char line[PALETTE_LINE], together[PALETTE_TEXT];
	unsigned sum = 0;
	size_t used = 0;
	palette_line(e, line);
	for (const char *p = text + strspn(text, " "); *p; p += strspn(p, " ")) {
		size_t len = strcspn(p, " ");
		unsigned one = score_term(e, line, p, len);
		if (!one)
			return 0;
		sum += one;
		memcpy(together + used, p, len);
		used += len;
		p += len;
	}
	if (sum && strchr(text, ' ') && in_chunks(line, together, used)) // a word for each word
		sum += IN_ORDER;
	if (key && means(key, e, line))
		sum = KEY;
	if (sum && palette_why_not(true, true, e)) // runs nowhere from here
		sum = sum / 2 + 1;
	if (sum > LESSON && e->id == CMD_LESSON && *e->arg) // somebody who means a thing does not mean its lesson
		sum -= LESSON;
	return sum + (sum && strcasecmp(line, text) == 0);
}

struct scored {
	unsigned score;
	uint16_t number;
};

static int by_score(const void *a, const void *b)
{
	const struct scored *x = a, *y = b;
	return x->score != y->score ? (x->score < y->score) - (x->score > y->score) : (int)x->number - (int)y->number;
}

void palette_search(struct palette *p, const char *text)
{
	struct scored all[PALETTE_MOST] = {{0}};
	struct palette_entry e = {0};
	bool any = text[strspn(text, " ")];
	uint32_t code = keys_code(text);
	const struct binding *key = code == K_NONE ? NULL : keys_find(CONTEXT_MAIN, code);
	size_t n = 0;
	snprintf(p->text, sizeof p->text, "%s", text);
	for (uint16_t i = 0; palette_next(&e) && n < PALETTE_MOST; i++) {
		unsigned how = any ? score(&e, p->text, key) : 1;
		if (how)
			all[n++] = (struct scored){how, i};
	}
	qsort(all, n, sizeof *all, by_score);
	for (size_t i = 0; i < n; i++)
		p->found[i] = all[i].number;
	p->n = n;
}
