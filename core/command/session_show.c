// SPDX-License-Identifier: GPL-3.0-or-later
// What there is, as lines in iproute2's order of words: show; and help.
#include "core/command/session_show.h"

#include <errno.h>
#include <linux/fib_rules.h>
#include <linux/if_addr.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "core/command/help_search.h"
#include "core/command/help_topic.h"
#include "core/command/help_topic_text.h"
#include "core/command/job.h"
#include "core/command/session_walk.h"
#include "core/evidence/sock_list_read.h"
#include "core/model/rt_names.h"
#include "core/model/walk_text.h"
#include "core/text/json_text.h"
#include "core/text/markup.h"
#include "core/text/sock_rows.h"
#include "core/text/width.h"

struct listing {
	struct job *run;
	const struct host *host;
	const char *text; // given after WHAT, NULL for none
	size_t shown, hidden;
};

static bool is_wanted(const struct listing *l, const char *text)
{
	const char *filter = l->run->session->filter;
	return (!l->text || strcasestr(text, l->text)) && (!filter[0] || strcasestr(text, filter));
}

// Only lines with the text that was asked for, and with that of `filter`.
static void show(struct listing *l, struct row *row)
{
	enum { HANGING = 8 }; // further in than an address below its interface
	if (!is_wanted(l, row->text)) {
		l->hidden++;
		row_clear(row);
		return;
	}
	l->shown++;
	row->hanging = HANGING;
	job_row(l->run, row);
}

static void show_addr(struct listing *l, const struct host_addr *a, const char *dev)
{
	enum {
		SHOWN = IFA_F_DADFAILED | IFA_F_OPTIMISTIC | IFA_F_TENTATIVE | IFA_F_DEPRECATED | IFA_F_TEMPORARY |
			IFA_F_NODAD
	};
	char text[ADDR_TEXT], flags[96];
	struct row row;
	row_clear(&row);
	row_add(&row, ROLE_ADDR, "    %s/%u", addr_print(&a->addr, text), a->prefixlen);
	row_add(&row, ROLE_DIM, " dev ");
	row_add(&row, ROLE_IFNAME, "%s", dev);
	const char *scope = rt_name(LIST_SCOPES, a->scope);
	if (scope)
		row_add(&row, ROLE_DIM, " scope %s", scope);
	else
		row_add(&row, ROLE_DIM, " scope %u", a->scope);
	if (rt_flags(a->addr.family, a->flags, SHOWN, flags, sizeof flags)[0])
		row_add(&row, ROLE_WARN, " %s", flags);
	if (addr_fate(l->host, a, flags, sizeof flags)[0])
		row_add(&row, ROLE_DIM, ", %s", flags);
	show(l, &row);
}

static void show_interfaces(struct listing *l)
{
	const struct host *h = l->host;
	int family = l->run->call->family;
	char master[16];
	struct row row;
	row_clear(&row);
	for (size_t i = 0; i < h->nlinks; i++) {
		const struct link *link = &h->links[i];
		row_add(&row, ROLE_DIM, "%u: ", link->index);
		row_add(&row, ROLE_IFNAME, "%s", link->name);
		row_add(&row, link->flags & IFF_UP ? ROLE_OK : ROLE_WARN, link->flags & IFF_UP ? " up" : " down");
		if (link->kind[0])
			row_add(&row, ROLE_DIM, " type %s", link->kind);
		if (link->vrf_table)
			row_add(&row, ROLE_DIM, " table %u", link->vrf_table);
		if (link->master)
			row_add(&row, ROLE_DIM, " master %s", host_link_name(h, link->master, master));
		for (size_t n = 0; n < h->naltnames; n++)
			if (h->altnames[n].index == link->index)
				row_add(&row, ROLE_DIM, " altname %s", h->altnames[n].name);
		show(l, &row);
		for (size_t a = 0; a < h->naddrs; a++)
			if (h->addrs[a].index == link->index && (!family || h->addrs[a].addr.family == family))
				show_addr(l, &h->addrs[a], link->name);
	}
}

static void show_route(struct listing *l, const struct prefix *p, const struct route_info *r)
{
	char text[PREFIX_TEXT], dev[16], table[12];
	struct row row;
	row_clear(&row);
	bool anyip = route_is_anyip(r, p->len, p->addr.family);
	if (r->type != RTN_UNICAST)
		row_add(&row, r->type == RTN_LOCAL ? ROLE_LABEL : ROLE_DIM, "%s ", rtn_name(r->type));
	row_add(&row, ROLE_ADDR, "%s", p->len ? prefix_print(p, text) : "default");
	if (r->oif) {
		row_add(&row, ROLE_DIM, " dev ");
		row_add(&row, ROLE_IFNAME, "%s", host_link_name(l->host, r->oif, dev));
	}
	row_add(&row, ROLE_DIM, " table %s", table_name(r->table, table));
	if (r->metric)
		row_add(&row, ROLE_DIM, " metric %u", r->metric);
	if (r->tos)
		row_add(&row, ROLE_DIM, " tos 0x%02x", r->tos);
	if (r->nhid)
		row_add(&row, ROLE_DIM, " nhid %u", r->nhid);
	if (r->protocol == RTPROT_KERNEL)
		row_add(&row, ROLE_DIM, " proto kernel");
	if (r->flags & ROUTE_DEAD)
		row_add(&row, ROLE_WARN, " dead");
	if (anyip)
		row_add(&row, ROLE_WARN, " Any-IP");
	show(l, &row);
}

static void show_routes(struct listing *l)
{
	const struct host *h = l->host;
	int family = l->run->call->family;
	for (size_t i = 0; i < h->nroutes4 && family != AF_INET6; i++) {
		struct prefix p = host_prefix4(h, i);
		show_route(l, &p, host_info4(h, i));
	}
	for (size_t i = 0; i < h->nroutes6 && family != AF_INET; i++) {
		struct prefix p = host_prefix6(h, i);
		show_route(l, &p, host_info6(h, i));
	}
	if (!h->routes4_read)
		job_line(l->run, ROLE_WARN, "too many IPv4 routes to list; Bindwalk asks the kernel for each bind");
	else if (h->trie == TRIE_MERGED)
		job_line(l->run, ROLE_DIM, "the IPv4 tables local and main are merged: routes of both decide");
}

static void add_ports(struct row *row, const char *word, const struct ports *p)
{
	if (p->low && p->low == p->high)
		row_add(row, ROLE_VALUE, " %s %u", word, p->low);
	else if (p->low)
		row_add(row, ROLE_VALUE, " %s %u-%u", word, p->low, p->high);
}

// What a rule asks for, in the order of `ip rule`.
static void add_selectors(struct row *row, const struct rule *r)
{
	char text[PREFIX_TEXT];
	row_add(row, ROLE_VALUE, "%u:", r->priority);
	if (r->invert)
		row_add(row, ROLE_WARN, " not");
	row_add(row, ROLE_ADDR, " from %s", r->from.addr.family ? prefix_print(&r->from, text) : "all");
	if (r->to.addr.family)
		row_add(row, ROLE_ADDR, " to %s", prefix_print(&r->to, text));
	if (r->tos)
		row_add(row, ROLE_VALUE, " tos 0x%02x", r->tos);
	if (r->mark || r->mask)
		row_add(row, ROLE_VALUE, " fwmark 0x%x", r->mark);
	if ((r->mark || r->mask) && r->mask != UINT32_MAX)
		row_add(row, ROLE_VALUE, "/0x%x", r->mask);
	if (r->iif[0])
		row_add(row, ROLE_IFNAME, " iif %.15s", r->iif);
	if (r->oif[0])
		row_add(row, ROLE_IFNAME, " oif %.15s", r->oif);
	if (r->of_users)
		row_add(row, ROLE_VALUE, " uidrange %u-%u", r->uid_low, r->uid_high);
	if (r->ipproto && protocol_name(r->ipproto))
		row_add(row, ROLE_VALUE, " ipproto %s", protocol_name(r->ipproto));
	else if (r->ipproto)
		row_add(row, ROLE_VALUE, " ipproto %u", r->ipproto);
	add_ports(row, "sport", &r->source);
	add_ports(row, "dport", &r->dest);
}

// And what it does then.
static void add_action(struct row *row, const struct rule *r)
{
	char table[12];
	switch (r->action) {
	case FR_ACT_TO_TBL:
		row_add(row, ROLE_LABEL, " lookup %s", r->l3mdev ? "[l3mdev-table]" : table_name(r->table, table));
		break;
	case FR_ACT_GOTO:
		row_add(row, ROLE_LABEL, " goto %u", r->target);
		break;
	case FR_ACT_NOP:
		row_add(row, ROLE_LABEL, " nop");
		break;
	default: // the others have the numbers of the route types that do the same
		row_add(row, ROLE_LABEL, " %s", rtn_name(r->action));
	}
	if (r->suppresses)
		row_add(row, ROLE_VALUE, " suppress_prefixlength %u", r->suppressed);
	if (r->suppresses_group)
		row_add(row, ROLE_VALUE, " suppress_ifgroup %u", r->group);
}

static void show_rules(struct listing *l)
{
	const struct host *h = l->host;
	struct row row;
	row_clear(&row);
	for (size_t i = 0; i < h->nrules; i++) {
		const struct rule *r = &h->rules[i];
		int family = l->run->call->family;
		if (family && family != r->family)
			continue;
		add_selectors(&row, r);
		add_action(&row, r);
		row_add(&row, ROLE_DIM, r->family == AF_INET6 ? " IPv6" : " IPv4");
		show(l, &row);
	}
}

static void show_options(struct listing *l)
{
	const struct attempt *a = &l->run->session->attempt;
	char text[48];
	struct row row;
	row_clear(&row);
	for (int i = 0; i < OPT_COUNT; i++) {
		const struct sockopt *o = option_info((enum option_id)i);
		const struct setting *set = NULL;
		for (unsigned n = 0; n < a->nsettings; n++)
			if (a->settings[n].option == (enum option_id)i)
				set = &a->settings[n];
		row_add(&row, set ? ROLE_OK : ROLE_DIM, set ? "[x] " : "[ ] ");
		row_add(&row, ROLE_LABEL, "%-14s", set ? setting_print(set, text) : o->name);
		row_add(&row, ROLE_DIM, " %-24s", o->symbol);
		show(l, &row);
	}
}

static void show_sysctls(struct listing *l)
{
	struct row row;
	row_clear(&row);
	for (int i = 0; i < SYSCTL_COUNT; i++) {
		const struct sysctl *info = sysctl_info((enum sysctl_id)i);
		bool more = i + 1 < SYSCTL_COUNT && strcmp(sysctl_info((enum sysctl_id)(i + 1))->name, info->name) == 0;
		if (info->field > 0)
			continue;
		row_add(&row, ROLE_LABEL, "%s", info->name);
		row_add(&row, l->host->sysctl[i] != info->initial ? ROLE_WARN : ROLE_VALUE, " = %lld",
			(long long)l->host->sysctl[i]);
		if (more)
			row_add(&row, ROLE_VALUE, " %lld", (long long)l->host->sysctl[i + 1]);
		if (l->host->sysctl_hidden[i])
			row_add(&row, ROLE_WARN, " (could not be read; this is the kernel's default)");
		else if (!l->host->sysctl_known[i])
			row_add(&row, ROLE_DIM, " (not in this kernel, which does as by default)");
		show(l, &row);
	}
}

// One socket with all of its lines, where one of them is wanted.
static void show_socket(struct listing *l, const struct listed *s, unsigned local)
{
	unsigned width = job_width(l->run), wanted = 0;
	struct row row;
	for (unsigned n = 0; sock_rows_line(l->host, s, local, width, n, &row); n++)
		wanted += is_wanted(l, row.text);
	if (!wanted) {
		l->hidden++;
		return;
	}
	l->shown++;
	for (unsigned n = 0; sock_rows_line(l->host, s, local, width, n, &row); n++)
		job_row(l->run, &row);
}

static void show_sockets(struct listing *l)
{
	const struct sock_wish wish = {.family = l->run->call->family, .all = true};
	struct sock_list list;
	if (sock_list_read(l->host, &wish, &list) < 0)
		return;
	unsigned local = sock_rows_local(l->host, &list, job_width(l->run));
	for (size_t i = 0; i < list.n; i++)
		show_socket(l, &list.rows[i], local);
	if (l->run->result)
		json_object_set_new(l->run->result, "sockets", sock_list_json(l->host, &list));
	sock_list_free(&list);
}

// Prints it on as many lines as it needs.
static void show_event(struct listing *l, const struct event *e)
{
	enum { INDENT = 4 };
	unsigned width = job_width(l->run);
	char when[EVENT_WHEN], text[EVENT_TEXT];
	struct row row, part;
	row_clear(&row);
	row_add(&row, ROLE_DIM, "%s ", event_day_time(e, when));
	row_add(&row, e->by == EVENT_OUTSIDE ? ROLE_WARN : ROLE_DIM, "%-7s ", event_by_name(e->by));
	row_add(&row, ROLE_PLAIN, "%s", event_print(e, text));
	if (!is_wanted(l, row.text)) {
		l->hidden++;
		return;
	}
	l->shown++;
	for (size_t from = 0, next = 0; from < row.used; from += next) {
		unsigned indent = from ? INDENT : 0;
		size_t len = width_wrap(row.text + from, row.used - from, width - indent, &next);
		row_clear(&part);
		row_add(&part, ROLE_PLAIN, "%*s", (int)indent, "");
		row_add_part(&part, &row, from, from + len);
		job_row(l->run, &part);
	}
}

static json_t *event_json(const struct event *e)
{
	const char *by = event_by_name(e->by);
	json_t *out = json_object();
	json_object_set_new(out, "time", json_text(e->when));
	json_object_set_new(out, "by", json_text(by[0] ? by : NULL));
	json_object_set_new(out, "text", json_text(e->text));
	json_object_set_new(out, "effect", json_text(e->effect));
	return out;
}

static void show_events(struct listing *l)
{
	const struct event_log *log = &l->run->session->events;
	json_t *all = l->run->result ? json_array() : NULL;
	for (uint64_t i = event_log_first(log); i < log->ever; i++) {
		const struct event *e = event_log_at(log, i);
		size_t before = l->shown;
		show_event(l, e);
		if (all && l->shown > before)
			json_array_append_new(all, event_json(e));
	}
	if (all)
		json_object_set_new(l->run->result, "events", all);
}

static enum exit_status show_walk(struct job *r)
{
	enum exit_status how = job_walk(r);
	if (how == EXIT_OK)
		job_add_walk(r);
	return how;
}

enum exit_status job_show(struct job *r)
{
	static const struct {
		const char *what;
		void (*show)(struct listing *l);
		bool of_host;
	} lists[] = {
		{"interfaces", show_interfaces, true}, {"routes", show_routes, true},
		{"rules", show_rules, true},           {"sysctls", show_sysctls, true},
		{"sockets", show_sockets, true},       {"options", show_options, false},
		{"events", show_events, false},
	};
	char why[COMMAND_ERROR];
	struct listing l = {.run = r, .text = job_value(r, 1)};
	size_t n = 0;
	while (n < sizeof lists / sizeof *lists && strcmp(lists[n].what, job_value(r, 0)) != 0)
		n++;
	if (n == sizeof lists / sizeof *lists)
		return show_walk(r);
	if (lists[n].of_host && !(l.host = session_look(r->session, why, sizeof why)))
		return job_fail(r, EXIT_MISSING, NOT_TOLD, "%s", why);
	lists[n].show(&l);
	if (l.shown == 0 && l.hidden)
		job_line(r, ROLE_DIM, "none of the %zu lines contains this text", l.hidden);
	else if (l.shown == 0)
		job_line(r, ROLE_DIM, "there is nothing to show");
	return EXIT_OK;
}

static void add_text(struct job *r, const char *text)
{
	struct row row;
	for (size_t n = 0; markup_line(text, job_width(r), n, &row); n++)
		job_row(r, &row);
}

static void list_commands(struct job *r)
{
	enum { NAME = 15, TOPIC = 17 }; // columns
	struct row row;
	row_clear(&row);
	for (int g = 0; g < GROUP_COUNT; g++) {
		bool head = false;
		for (int i = 0; i < CMD_COUNT; i++) {
			const struct command *c = command_info((enum command_id)i);
			if (c->group != (enum command_group)g || (c->needs & (NEED_KEY | NEED_SCREEN)))
				continue;
			if (!head)
				job_line(r, ROLE_TITLE, "%s", command_group_title((enum command_group)g));
			head = true;
			row.hanging = sizeof "  " - 1 + NAME + 1;
			row_add(&row, ROLE_KEY, "  %-*s", NAME, c->name);
			row_add(&row, ROLE_PLAIN, " %s", c->help);
			job_row(r, &row);
		}
	}
	job_line(r, ROLE_TITLE, "Topics");
	for (size_t i = 0; topic_at(i); i++) {
		row.hanging = sizeof "  " - 1 + TOPIC + 1;
		row_add(&row, ROLE_KEY, "  %-*s", TOPIC, topic_at(i)->name);
		row_add(&row, ROLE_PLAIN, " %s", topic_at(i)->title);
		job_row(r, &row);
	}
	job_line(r, ROLE_DIM,
		 "help NAME shows the text on a command, option, step, code or topic; help with any other words "
		 "searches all texts");
}

// All texts that have these words.
static enum exit_status run_search(struct job *r, const char *words)
{
	size_t found;
	char *text = help_hits(words, &found);
	if (!text)
		return job_fail(r, EXIT_MISSING, NOT_TOLD, "%s", strerror(ENOMEM));
	if (found)
		add_text(r, text);
	free(text);
	return found ? EXIT_OK
		     : job_fail(r, EXIT_WRONG, 0,
				"no help is named \"%.60s\", and no help text mentions it; help lists the commands",
				words);
}

enum exit_status job_help(struct job *r)
{
	static const char search[] = "--search";
	const char *name = job_value(r, 0);
	bool any = false;
	if (!name) {
		list_commands(r);
		return EXIT_OK;
	}
	if (strncmp(name, search, strlen(search)) == 0)
		return run_search(r, name + strlen(search) + strspn(name + strlen(search), " \t"));
	for (struct entry e = {0}; entry_find(name, &e); any = true) {
		char *text = entry_markup(&e);
		if (!text)
			return job_fail(r, EXIT_MISSING, NOT_TOLD, "%s", strerror(ENOMEM));
		if (e.about != ABOUT_TOPIC)
			job_line(r, ROLE_DIM, "%s: the %s", e.name, about_name(e.about));
		add_text(r, text);
		free(text);
	}
	return any ? EXIT_OK : run_search(r, name);
}
