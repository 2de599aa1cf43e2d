// SPDX-License-Identifier: GPL-3.0-or-later
#include "tui/complete.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "tui/pane.h"

struct word {
	const char *text;
	size_t len;
	struct candidates *out;
};

static void offer(struct word *w, const char *candidate)
{
	struct candidates *c = w->out;
	if (strncmp(candidate, w->text, w->len) != 0)
		return;
	for (size_t i = 0; i < c->count; i++)
		if (strcmp(c->text[i], candidate) == 0)
			return;
	if (c->count == COMPLETE_MOST) {
		c->more = true;
		return;
	}
	if (c->count == c->cap) {
		size_t cap = c->cap ? c->cap * 2 : 16;
		char(*grown)[COMPLETE_TEXT] = realloc(c->text, cap * sizeof *grown);
		if (!grown)
			return;
		c->text = grown;
		c->cap = cap;
	}
	snprintf(c->text[c->count++], COMPLETE_TEXT, "%s", candidate);
}

void candidates_free(struct candidates *c)
{
	free(c->text);
	*c = (struct candidates){0};
}

static void offer_links(struct word *w, const struct host *h, const char *before)
{
	char text[COMPLETE_TEXT];
	for (size_t i = 0; i < h->nlinks && !w->out->more; i++) {
		snprintf(text, sizeof text, "%s%s", before, h->links[i].name);
		offer(w, text);
	}
}

static void offer_scoped(struct word *w, const struct host *h, const struct host_addr *a)
{
	char text[COMPLETE_TEXT], addr[ADDR_TEXT], name[16];
	if (addr6_needs_scope(&a->addr) && a->addr.family == AF_INET6)
		snprintf(text, sizeof text, "%s%%%s", addr_print(&a->addr, addr), host_link_name(h, a->index, name));
	else
		snprintf(text, sizeof text, "%s", addr_print(&a->addr, addr));
	offer(w, text);
}

static void offer_route(struct word *w, struct prefix p)
{
	char text[ADDR_TEXT];
	unsigned bits = p.addr.family == AF_INET6 ? 128 : 32;
	if (p.len < bits)
		p.addr.bytes[bits / 8 - 1] |= 1;
	offer(w, addr_print(&p.addr, text));
}

// The host's addresses, then an address of each listed route; after '%' the interfaces.
static void offer_endpoints(struct word *w, const struct app *app)
{
	const struct host *h = app->host;
	const char *percent = memchr(w->text, '%', w->len);
	if (percent) {
		char before[COMPLETE_TEXT - SCOPE_TEXT];
		size_t n = (size_t)(percent - w->text) + 1;
		if (n < sizeof before) {
			memcpy(before, w->text, n);
			before[n] = '\0';
			offer_links(w, h, before);
		}
		return;
	}
	for (size_t i = 0; i < h->naddrs && !w->out->more; i++)
		offer_scoped(w, h, &h->addrs[i]);
	for (size_t i = 0; i < app->routes.count && !w->out->more; i++) {
		struct ref_item it = app->routes.item[i];
		offer_route(w, it.second ? host_prefix6(h, it.index) : host_prefix4(h, it.index));
	}
}

static void offer_argument(struct word *w, const struct app *app, enum argument arg)
{
	switch (arg) {
	case ARG_ENDPOINT:
		offer_endpoints(w, app);
		break;
	case ARG_DEVICE:
		offer_links(w, app->host, "");
		offer(w, "none");
		break;
	case ARG_PROTO:
		offer(w, "tcp");
		offer(w, "udp");
		break;
	case ARG_OPTION:
	case ARG_SETTING:
		for (int i = 0; i < OPT_COUNT; i++)
			offer(w, option_info((enum option_id)i)->name);
		break;
	case ARG_SYSCTL:
		for (int i = 0; i < SYSCTL_COUNT; i++)
			offer(w, sysctl_info((enum sysctl_id)i)->name);
		break;
	case ARG_PANE:
		for (int i = 0; i <= PANE_WALK; i++)
			offer(w, pane_ops((enum pane_id)i)->name);
		break;
	case ARG_THEME:
		for (int i = 0; i < THEME_COUNT; i++)
			offer(w, theme_name((enum theme_id)i));
		break;
	case ARG_NONE:
	case ARG_PORT:
	case ARG_TEXT:
		break;
	}
}

void complete_line(const struct app *app, enum prompt_kind kind, const char *line, size_t start, size_t end,
		   struct candidates *out)
{
	struct word w = {line + start, end - start, out};
	*out = (struct candidates){0};
	if (!app->host)
		return;
	size_t first = strspn(line, " ");
	if (kind == PROMPT_ADDRESS) {
		offer_argument(&w, app, ARG_ENDPOINT);
	} else if (kind == PROMPT_DEVICE) {
		offer_argument(&w, app, ARG_DEVICE);
	} else if (kind == PROMPT_COMMAND && start <= first) {
		for (int i = 0; i < CMD_COUNT; i++)
			if (!(command_info((enum command_id)i)->needs & NEED_KEY))
				offer(&w, command_info((enum command_id)i)->name);
	} else if (kind == PROMPT_COMMAND) {
		char name[32];
		size_t n = strcspn(line + first, " ");
		int id = -1;
		if (n < sizeof name) {
			memcpy(name, line + first, n);
			name[n] = '\0';
			id = command_find(name);
		}
		// Only the first argument: what follows it is a value.
		if (id >= 0 && first + n + strspn(line + first + n, " ") == start)
			offer_argument(&w, app, command_info((enum command_id)id)->arg);
	}
}
