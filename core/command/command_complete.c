// SPDX-License-Identifier: GPL-3.0-or-later
// The words that fit at the cursor.
#include "core/command/command_complete.h"

#include <errno.h>
#include <linux/rtnetlink.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "core/command/argument.h"
#include "core/command/command_name.h"
#include "core/command/command_parse.h"
#include "core/command/help_topic.h"
#include "core/command/parser.h"

enum { WORD_TEXT = 128, ROUTES_LOOKED_AT = 4096 };

struct offer {
	const char *word; // as far as it is typed
	size_t len;
	const struct host *host;
	const struct completion *to;
	bool done;
};

static void offer(struct offer *o, const char *word)
{
	if (!o->done && word[0] && strncmp(word, o->word, o->len) == 0)
		o->done = !o->to->offer(word, o->to->data);
}

static void offer_links(struct offer *o, const char *before)
{
	char text[WORD_TEXT];
	for (size_t i = 0; o->host && i < o->host->nlinks && !o->done; i++) {
		snprintf(text, sizeof text, "%s%s", before, o->host->links[i].name);
		offer(o, text);
	}
}

// By any of their names, as an attempt takes them.
static void offer_devices(struct offer *o, const char *before)
{
	char text[WORD_TEXT];
	offer_links(o, before);
	for (size_t i = 0; o->host && i < o->host->naltnames && !o->done; i++) {
		snprintf(text, sizeof text, "%s%s", before, o->host->altnames[i].name);
		offer(o, text);
	}
}

static void offer_addr(struct offer *o, const struct host_addr *a, bool scoped, bool length)
{
	char text[WORD_TEXT], addr[ADDR_TEXT], name[16];
	addr_print(&a->addr, addr);
	if (length)
		snprintf(text, sizeof text, "%s/%u", addr, a->prefixlen);
	else if (scoped && addr6_needs_scope(&a->addr) && a->addr.family == AF_INET6)
		snprintf(text, sizeof text, "%s%%%s", addr, host_link_name(o->host, a->index, name));
	else
		snprintf(text, sizeof text, "%s", addr);
	offer(o, text);
}

static void offer_addrs(struct offer *o, bool scoped, bool length)
{
	for (size_t i = 0; o->host && i < o->host->naddrs && !o->done; i++)
		offer_addr(o, &o->host->addrs[i], scoped, length);
}

// An address of each local route that covers more than one.
static void offer_routed(struct offer *o)
{
	const struct host *h = o->host;
	char text[ADDR_TEXT];
	for (size_t i = 0; h && i < h->nroutes4 && i < ROUTES_LOOKED_AT && !o->done; i++) {
		struct prefix p = host_prefix4(h, i);
		if (host_info4(h, i)->type != RTN_LOCAL || p.len == 32)
			continue;
		p.addr.bytes[3] |= 1;
		offer(o, addr_print(&p.addr, text));
	}
}

// Addresses with their scope; after '%' the interfaces.
static void offer_endpoints(struct offer *o)
{
	const char *percent = memchr(o->word, '%', o->len);
	char before[WORD_TEXT - SCOPE_TEXT];
	size_t n = percent ? (size_t)(percent - o->word) + 1 : 0;
	if (!percent) {
		offer_addrs(o, true, false);
		offer_routed(o);
	} else if (n < sizeof before) {
		memcpy(before, o->word, n);
		before[n] = '\0';
		offer_devices(o, before);
	}
}

static void offer_prefixes(struct offer *o)
{
	const struct host *h = o->host;
	char text[PREFIX_TEXT];
	for (size_t i = 0; h && i < h->nroutes4 && i < ROUTES_LOOKED_AT && !o->done; i++) {
		struct prefix p = host_prefix4(h, i);
		offer(o, p.len ? prefix_print(&p, text) : "default");
	}
	for (size_t i = 0; h && i < h->nroutes6 && i < ROUTES_LOOKED_AT && !o->done; i++) {
		struct prefix p = host_prefix6(h, i);
		offer(o, p.len ? prefix_print(&p, text) : "default");
	}
}

static void offer_names(struct offer *o)
{
	char buf[NAME_WORD];
	const char *word;
	for (size_t n = 0; (word = parser_first_word(buf, n)); n++)
		offer(o, word);
}

static void offer_subjects(struct offer *o)
{
	offer(o, "--search");
	for (struct entry e = {0}; !o->done && entry_next(&e);)
		offer(o, e.name);
}

static void offer_kind(struct offer *o, enum argument kind)
{
	const char *word;
	switch (kind) {
	case ARG_ENDPOINT:
		offer_endpoints(o);
		break;
	case ARG_DEVICE:
		offer_devices(o, "");
		break;
	case ARG_LINK:
		offer_links(o, "");
		break;
	case ARG_CIDR:
		offer_addrs(o, false, true);
		break;
	case ARG_ADDR:
		offer_addrs(o, false, false);
		break;
	case ARG_PREFIX:
		offer_prefixes(o);
		break;
	case ARG_LINE:
		offer_names(o);
		break;
	case ARG_SUBJECT:
		offer_subjects(o);
		break;
	case ARG_COMMAND:
	case ARG_FILE:
		if (o->to->file)
			*o->to->file = true;
		break;
	default:
		break;
	}
	for (size_t n = 0; (word = argument_word(kind, n)) && !o->done; n++)
		offer(o, word);
}

// The word under the cursor at byte `point`: where it begins.
static size_t word_start(const char *line, size_t point)
{
	while (point > 0 && !parser_blank(line[point - 1]))
		point--;
	return point;
}

// The last word before the cursor, when a value must follow it.
static int pending_keyword(const struct command_call *call, const char *head)
{
	size_t end = strlen(head);
	while (end > 0 && parser_blank(head[end - 1]))
		end--;
	size_t start = word_start(head, end);
	char word[NAME_WORD];
	if (end == start || end - start >= sizeof word)
		return -1;
	memcpy(word, head + start, end - start);
	word[end - start] = '\0';
	int key = parser_keyword(call->id, word);
	return key >= 0 && command_info(call->id)->params[key].kind != ARG_NONE && !call->at[key] ? key : -1;
}

static void offer_arguments(struct offer *o, const struct command_call *call, const char *head)
{
	const struct command *c = command_info(call->id);
	unsigned n = command_params(call->id);
	int pending = pending_keyword(call, head);
	if (pending >= 0) {
		offer_kind(o, c->params[pending].kind);
		return;
	}
	bool place = true; // is there still an argument without a keyword to come?
	for (unsigned i = 0; i < n && !o->done; i++) {
		const struct parameter *p = &c->params[i];
		if (call->at[i] || parser_excluded(call, i))
			continue;
		if (p->keyword && !p->bare) {
			offer(o, p->keyword);
		} else if (place) {
			offer_kind(o, p->kind);
			place = p->optional;
		}
	}
}

void command_complete(const char *line, size_t point, const struct host *h, const struct completion *to)
{
	char head[COMMAND_ARG + NAME_WORD], err[COMMAND_ERROR];
	size_t start = word_start(line, point);
	struct offer o = {.word = line + start, .len = point - start, .host = h, .to = to};
	struct command_call call = {0};
	struct parser p = {.line = head, .used = 1, .call = &call, .err = err, .errlen = sizeof err};
	if (start >= sizeof head)
		return;
	memcpy(head, line, start);
	head[start] = '\0';
	int ret = parser_run(&p);
	// A command that takes another: what follows its key is a line of its own.
	for (unsigned i = 0; p.named && i < command_params(call.id); i++)
		if (command_info(call.id)->params[i].kind == ARG_LINE && call.at[i]) {
			size_t at = call.column[i];
			command_complete(line + at, point - at, h, to);
			return;
		}
	if (!p.named && !p.object[0]) {
		// Nothing typed yet but what may come before a name.
		for (size_t i = 0; p.ip && p.column >= start && parser_object(i); i++)
			offer(&o, parser_object(i));
		if (!p.ip && (ret == -ENODATA || p.column >= start))
			offer_names(&o);
		return;
	}
	for (unsigned i = 0; p.named && i < command_params(call.id); i++)
		if (command_info(call.id)->params[i].kind == ARG_COMMAND && call.at[i]) {
			offer_kind(&o, ARG_FILE); // one of its arguments may be one
			return;
		}
	// After the first word alone, the second one is still to be chosen.
	const char *second;
	if (p.object[0] && (!p.named || (!call.at[0] && !strchr(command_info(call.id)->name, ' ')))) {
		for (size_t n = 0; (second = parser_second_word(p.object, n)); n++)
			offer(&o, second);
		if (parser_is_object(p.object))
			offer(&o, "show");
	}
	if (p.named)
		offer_arguments(&o, &call, head);
}

void argument_complete(enum argument kind, const char *word, size_t len, const struct host *h,
		       const struct completion *to)
{
	struct offer o = {.word = word, .len = len, .host = h, .to = to};
	offer_kind(&o, kind);
}
