// SPDX-License-Identifier: GPL-3.0-or-later
// A typed line into a call.
#include "core/command/command_parse.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "core/command/argument.h"
#include "core/command/nearest.h"
#include "core/command/command_name.h"
#include "core/command/parser.h"
#include "core/text/visible.h"

static bool is_rest(enum argument kind)
{
	return kind == ARG_TEXT || kind == ARG_WORDS || kind == ARG_LINE || kind == ARG_SUBJECT || kind == ARG_COMMAND;
}

static int take_value(struct parser *p, unsigned n, const struct word *w)
{
	p->call->at[n] = w->at;
	p->call->column[n] = (uint16_t)w->start;
	return 0;
}

// The words up to a comment, with their quotes: who runs them takes these off.
static int take_command(struct parser *p, unsigned n)
{
	size_t used = p->used, end = p->at;
	struct word w;
	int ret;
	parser_skip_blanks(p);
	struct word all = {.start = p->at, .at = (uint16_t)used};
	while ((ret = parser_next(p, &w)) > 0)
		end = w.end;
	p->used = used;
	p->at = end;
	for (size_t i = all.start; i < end && ret == 0; i++)
		ret = parser_put(p, p->line[i], all.start);
	ret = ret ? ret : parser_put(p, '\0', all.start);
	return ret ? ret : take_value(p, n, &all);
}

// The rest of the line as it stands; quotes around all of it go.
static int take_rest(struct parser *p, unsigned n)
{
	enum argument kind = command_info(p->call->id)->params[n].kind;
	parser_skip_blanks(p);
	size_t start = p->at, end = strlen(p->line);
	bool verbatim = kind == ARG_TEXT || kind == ARG_LINE;
	for (size_t i = start + 1; !verbatim && i < end; i++)
		if (p->line[i] == '#' && parser_blank(p->line[i - 1]))
			end = i;
	if (p->call->id == CMD_SYSCTL && p->line[start] == '=') // "NAME = VALUE"
		for (start++; parser_blank(p->line[start]);)
			start++;
	while (end > start && parser_blank(p->line[end - 1]))
		end--;
	p->at = verbatim ? strlen(p->line) : end;
	char quote = p->line[start];
	// In a script, one that is never closed is a slip; a filter may look for it. An apostrophe may begin a word.
	if (quote == '"' && kind == ARG_TEXT && command_info(p->call->id)->group == GROUP_SCRIPT &&
	    !memchr(p->line + start + 1, quote, end - start - 1))
		return parser_wrong(p, start, "this quote has no end; expected \"...\"");
	bool wrapped = end - start >= 2 && (quote == '"' || quote == '\'') && p->line[end - 1] == quote &&
		       memchr(p->line + start + 1, quote, end - start - 2) == NULL;
	struct word w = {.start = start, .end = end, .at = (uint16_t)p->used};
	int ret = 0;
	for (size_t i = start + wrapped; i < end - wrapped && ret == 0; i++)
		ret = parser_put(p, p->line[i], start);
	ret = ret ? ret : parser_put(p, '\0', start);
	return ret ? ret : take_value(p, n, &w);
}

// NAME=VALUE: the value is the next parameter's.
static void split_setting(struct parser *p, unsigned n, const struct word *w)
{
	char *equals = strchr(p->call->text + w->at, '=');
	if (!equals)
		return;
	*equals = '\0';
	if (!equals[1])
		return;
	p->call->at[n + 1] = (uint16_t)(equals + 1 - p->call->text);
	p->call->column[n + 1] = (uint16_t)(w->start + (size_t)(equals + 1 - p->call->text) - w->at);
	// More values follow as text: "a=1 2".
	if (command_info(p->call->id)->params[n + 1].kind != ARG_WORDS)
		return;
	p->used--;
	parser_skip_blanks(p);
	bool first = true;
	while (p->line[p->at] && p->line[p->at] != '#') {
		if (first && parser_put(p, ' ', w->start) < 0)
			return;
		first = false;
		if (parser_put(p, p->line[p->at], w->start) < 0)
			return;
		p->at++;
	}
	while (p->used && parser_blank(p->call->text[p->used - 1]))
		p->used--;
	parser_put(p, '\0', w->start);
}

static int check(struct parser *p, enum argument kind, const struct word *w)
{
	char why[COMMAND_ERROR];
	if (argument_check(kind, parser_text(p, w), why, sizeof why) == 0)
		return 0;
	return parser_wrong(p, w->start, "%s", why);
}

bool parser_excluded(const struct command_call *call, unsigned n)
{
	const struct command *c = command_info(call->id);
	for (unsigned i = 0; i < COMMAND_PARAMS; i++)
		if (i != n && c->params[i].one_of && c->params[i].one_of == c->params[n].one_of && call->at[i])
			return true;
	return false;
}

// The parameter whose keyword this is, or -1.
int parser_keyword(enum command_id id, const char *word)
{
	const struct command *c = command_info(id);
	unsigned n = command_params(id);
	for (unsigned i = 0; i < n; i++)
		if (c->params[i].keyword && strcmp(c->params[i].keyword, word) == 0)
			return (int)i;
	// Words of iproute2 that mean the same.
	static const struct {
		const char *word, *keyword;
	} same[] = {{"table", "lookup"}, {"preference", "pref"}, {"preference", "metric"}, {"priority", "pref"},
		    {"order", "pref"},   {"priority", "metric"}, {"vrf", "master"},        {"broadcast", "brd"},
		    {"dsfield", "tos"},  {"protocol", "proto"},  {"proto", "protocol"}};
	for (size_t s = 0; s < sizeof same / sizeof same[0]; s++)
		for (unsigned i = 0; i < n && strcmp(same[s].word, word) == 0; i++)
			if (c->params[i].keyword && strcmp(c->params[i].keyword, same[s].keyword) == 0)
				return (int)i;
	return -1;
}

static int take_keyword(struct parser *p, const struct command *c, unsigned n, const struct word *w)
{
	const struct parameter *param = &c->params[n];
	struct word value;
	if (p->call->at[n])
		return parser_wrong(p, w->start, "%s is given twice", parser_text(p, w));
	if (parser_excluded(p->call, n))
		return parser_wrong(p, w->start, "%s cannot be combined with an earlier word", parser_text(p, w));
	if (param->kind == ARG_NONE)
		return take_value(p, n, w);
	int ret = parser_next(p, &value);
	// "peer name NAME", as iproute2 has it.
	if (ret > 0 && strcmp(param->keyword, "peer") == 0 && strcmp(parser_text(p, &value), "name") == 0) {
		struct word name;
		ret = parser_peek(p, &name);
		if (ret > 0)
			ret = parser_next(p, &value);
		else if (ret == 0)
			ret = 1;
	}
	if (ret < 0)
		return ret;
	if (ret == 0)
		return parser_wrong(p, value.start, "%s needs %s: %s", param->keyword, param->value, c->synopsis);
	ret = check(p, param->kind, &value);
	return ret ? ret : take_value(p, n, &value);
}

struct keywords {
	const struct command *command;
	const struct command_call *call;
	unsigned n;
};

static const char *open_keyword(void *data, size_t n)
{
	const struct keywords *k = data;
	for (unsigned i = 0; i < k->n; i++)
		if (k->command->params[i].keyword && !k->call->at[i] && n-- == 0)
			return k->command->params[i].keyword;
	return NULL;
}

static int one_too_many(struct parser *p, const struct command *c, unsigned n, const struct word *w)
{
	struct keywords k = {c, p->call, n};
	const char *near = nearest_word(parser_text(p, w), open_keyword, &k);
	if (near)
		return parser_wrong(p, w->start, "\"%.60s\" is not valid here; did you mean %s? Expected: %s",
				    parser_text(p, w), near, c->synopsis);
	if (n == 0)
		return parser_wrong(p, w->start, "%s takes no argument, but got \"%.60s\"", c->name, parser_text(p, w));
	return parser_wrong(p, w->start, "\"%.60s\" is one argument too many. Expected: %s", parser_text(p, w),
			    c->synopsis);
}

// The next parameter without a keyword that the word fits. An optional one that it does not fit is passed over.
static int take_positional(struct parser *p, const struct command *c, unsigned n, const struct word *w)
{
	int skipped = -1;
	unsigned i;
	for (i = 0; i < n; i++) {
		const struct parameter *param = &c->params[i];
		if (p->call->at[i] || (param->keyword && !param->bare))
			continue;
		bool later = false; // is there another place that it may have?
		for (unsigned j = i + 1; j < n; j++)
			later |= !p->call->at[j] && (!c->params[j].keyword || c->params[j].bare) &&
				 !is_rest(c->params[j].kind);
		if (param->optional && later && argument_check(param->kind, parser_text(p, w), p->err, p->errlen) < 0) {
			skipped = (int)i;
			continue;
		}
		break;
	}
	if (i == n)
		return one_too_many(p, c, n, w);
	enum argument kind = c->params[i].kind;
	if (kind == ARG_STEP && w->quoted) // the title of a lesson's step
		return take_value(p, i, w);
	if (kind == ARG_SETTING || kind == ARG_SYSCTL) {
		take_value(p, i, w);
		split_setting(p, i, w);
		return check(p, kind, w);
	}
	if (argument_check(kind, parser_text(p, w), p->err, p->errlen) == 0)
		return take_value(p, i, w);
	if (skipped < 0 || c->params[skipped].kind == kind)
		return check(p, kind, w);
	// It fits neither: what comes near one of the words was meant for it.
	char as_word[COMMAND_ERROR], as_value[COMMAND_ERROR];
	argument_check(c->params[skipped].kind, parser_text(p, w), as_word, sizeof as_word);
	argument_check(kind, parser_text(p, w), as_value, sizeof as_value);
	if (strstr(as_word, "did you mean"))
		return parser_wrong(p, w->start, "%.380s; or %s", as_word, c->params[i].value);
	const char *text = parser_text(p, w);
	if (c->params[skipped].kind == ARG_ENDPOINT && text[strspn(text, "0123456789")]) // no port was meant
		return parser_wrong(p, w->start, "%s", as_word);
	return parser_wrong(p, w->start, "%s", as_value);
}

// -4 and -6 also hold for what is written behind them.
static int check_family(struct parser *p)
{
	const struct command_call *call = p->call;
	const struct command *c = command_info(call->id);
	struct prefix given;
	for (unsigned i = 0; call->family && i < command_params(call->id); i++) {
		enum argument kind = c->params[i].kind;
		const char *value = call->at[i] ? command_value(call, i) : "";
		if ((kind != ARG_CIDR && kind != ARG_PREFIX) || prefix_parse(value, &given) < 0 ||
		    given.addr.family == call->family)
			continue;
		bool six = call->family == AF_INET6;
		return parser_wrong(p, call->column[i], "\"%.60s\" is IPv%c, but -%c asks for IPv%c", value,
				    six ? '4' : '6', six ? '6' : '4', six ? '6' : '4');
	}
	return 0;
}

// What a row can't say: which words need which others.
static int check_whole(struct parser *p)
{
	const struct command_call *call = p->call;
	const struct command *c = command_info(call->id);
	char text[128], why[COMMAND_ERROR];
	struct setting s;
	const char *kind = command_value(call, 1), *name = command_value(call, 0), *value = kind;
	switch (call->id) {
	case CMD_LINK_ADD:
		if (strcmp(kind, "veth") == 0 && !call->at[2])
			return parser_wrong(p, call->end, "a veth pair needs a name for its other end: %s",
					    c->synopsis);
		if (strcmp(kind, "vrf") == 0 && !call->at[3])
			return parser_wrong(p, call->end, "a VRF needs a table: %s", c->synopsis);
		if (strcmp(kind, "veth") != 0 && call->at[2])
			return parser_wrong(p, call->column[2], "only veth has a peer: %s", c->synopsis);
		if (strcmp(kind, "vrf") != 0 && call->at[3])
			return parser_wrong(p, call->column[3], "only vrf has a table: %s", c->synopsis);
		return 0;
	case CMD_RULE_ADD:
	case CMD_RULE_DEL:
		for (unsigned i = 2; i < COMMAND_PARAMS; i++)
			if (call->at[i] && (i == 2 || c->params[i].one_of == 1))
				return 0;
		return parser_wrong(p, call->end, "%s needs lookup T: %s", c->name, c->synopsis);
	case CMD_CHECK:
		if (call->at[4] && !call->at[0])
			return parser_wrong(p, call->column[4], "proto needs bind ENDPOINT: %s", c->synopsis);
		return 0;
	case CMD_NEXTHOP_ADD:
		if (!call->at[1] == !call->at[2])
			return parser_wrong(p, call->end, "a next hop is an interface or blackhole: %s", c->synopsis);
		return 0;
	case CMD_LINK_SET:
		if (!call->at[1] && !call->at[2] && !call->at[3] && !call->at[4])
			return parser_wrong(p, call->end, "link set needs something to set: %s", c->synopsis);
		return 0;
	case CMD_SET:
		if (value)
			snprintf(text, sizeof text, "%s=%.60s", name, value);
		else
			snprintf(text, sizeof text, "%s", name);
		if (setting_parse(text, &s, why, sizeof why) < 0)
			return parser_wrong(p, value ? call->column[1] : call->end, "%s", why);
		return 0;
	default:
		return 0;
	}
}

static int missing(struct parser *p, const struct command *c, unsigned n)
{
	for (unsigned i = 0; i < n; i++)
		if (!c->params[i].optional && !p->call->at[i])
			return parser_wrong(p, p->call->end, "%s needs %s%s%s: %s", c->name,
					    c->params[i].keyword && !c->params[i].bare ? c->params[i].keyword : "",
					    c->params[i].keyword && !c->params[i].bare ? " " : "", c->params[i].value,
					    c->synopsis);
	return 0;
}

static int take_arguments(struct parser *p)
{
	const struct command *c = command_info(p->call->id);
	unsigned n = command_params(p->call->id);
	struct word w;
	for (;;) {
		// A text takes the rest of the line before it is read as words.
		int rest = -1;
		for (unsigned i = 0; i < n && rest < 0; i++) {
			if (!p->call->at[i] && is_rest(c->params[i].kind))
				rest = (int)i;
			if (!p->call->at[i] && !c->params[i].optional)
				break;
		}
		parser_skip_blanks(p);
		char next = p->line[p->at];
		bool only = rest >= 0;
		for (int i = 0; i < rest; i++)
			only &= p->call->at[i] || c->params[i].optional;
		if (only && next && (rest == 0 || p->call->at[rest - 1])) {
			if (next == '#' && c->params[rest].kind != ARG_TEXT)
				break;
			int ret = c->params[rest].kind == ARG_COMMAND ? take_command(p, (unsigned)rest)
								      : take_rest(p, (unsigned)rest);
			if (ret < 0)
				return ret;
			p->call->end = (uint16_t)p->at;
			continue;
		}
		int ret = parser_next(p, &w);
		if (ret <= 0) {
			if (ret < 0)
				return ret;
			break;
		}
		int key = w.quoted ? -1 : parser_keyword(p->call->id, parser_text(p, &w));
		if (key >= 0 && c->params[key].bare && p->call->at[key])
			key = -1;
		ret = key >= 0 ? take_keyword(p, c, (unsigned)key, &w) : take_positional(p, c, n, &w);
		if (ret < 0)
			return ret;
		p->call->end = (uint16_t)p->at;
	}
	int ret = missing(p, c, n);
	if (ret == 0)
		ret = check_family(p);
	return ret ? ret : check_whole(p);
}

// All after the name, for who has one argument only.
static int copy_arg(struct parser *p, size_t from)
{
	while (parser_blank(p->line[from]))
		from++;
	size_t len = p->call->end > from ? p->call->end - from : 0;
	const char *alone = command_params(p->call->id) == 1 ? command_value(p->call, 0) : NULL;
	if (len >= COMMAND_ARG)
		return parser_wrong(p, from, "a line cannot be longer than %d bytes", COMMAND_ARG - 1);
	if (alone)
		snprintf(p->call->arg, sizeof p->call->arg, "%s", alone);
	else
		snprintf(p->call->arg, sizeof p->call->arg, "%.*s", (int)len, p->line + from);
	return 0;
}

int parser_run(struct parser *p)
{
	struct word w;
	int ret = parser_next(p, &w);
	if (ret <= 0)
		return ret ? ret : -ENODATA;
	if (!w.quoted && strcmp(parser_text(p, &w), "ip") == 0) {
		p->ip = true;
		ret = parser_next(p, &w);
		if (ret <= 0)
			return ret ? ret
				   : parser_wrong(p, w.start,
						  "ip needs an object. Expected: address, route, rule, link");
	}
	while (!w.quoted && (strcmp(parser_text(p, &w), "-4") == 0 || strcmp(parser_text(p, &w), "-6") == 0)) {
		p->call->family = parser_text(p, &w)[1] == '4' ? AF_INET : AF_INET6;
		ret = parser_next(p, &w);
		if (ret <= 0)
			return ret ? ret : parser_wrong(p, w.start, "a command comes after -4 or -6");
	}
	ret = parser_name(p, &w);
	if (ret < 0)
		return ret;
	p->named = true;
	size_t from = p->at;
	p->call->end = (uint16_t)p->at;
	ret = take_arguments(p);
	return ret ? ret : copy_arg(p, from);
}

// No line has what a terminal acts on, or what can't be seen: it is what it looks like, to whoever reads it in a file
// and where it is asked about.
static int check_text(struct parser *p, size_t len)
{
	char shown[VISIBLE_MOST];
	while (len > 0 && (p->line[len - 1] == '\n' || p->line[len - 1] == '\r')) // its end
		len--;
	size_t at = visible_span(p->line, len);
	while (at < len && p->line[at] == '\t')
		at += 1 + visible_span(p->line + at + 1, len - at - 1);
	if (at == len)
		return 0;
	visible_one(p->line + at, len - at, true, shown);
	return parser_wrong(p, at, "%s is not visible text; a command cannot contain it", shown);
}

int command_parse(const char *line, struct command_call *out, char *err, size_t errlen, size_t *column)
{
	struct parser p = {.line = line, .used = 1, .call = out, .err = err, .errlen = errlen};
	*out = (struct command_call){0};
	if (errlen)
		err[0] = '\0';
	size_t len = strlen(line);
	int ret = len < UINT16_MAX ? check_text(&p, len) : parser_wrong(&p, 0, "the line is too long");
	ret = ret ? ret : parser_run(&p);
	if (column)
		*column = p.column;
	return ret;
}

int command_make(enum command_id id, const char *arg, struct command_call *out, char *err, size_t errlen)
{
	char line[COMMAND_ARG + NAME_WORD];
	if (!arg[0]) { // also what only keys have
		*out = (struct command_call){.id = id};
		return 0;
	}
	snprintf(line, sizeof line, "%s %s", command_info(id)->name, arg);
	return command_parse(line, out, err, errlen, NULL);
}
