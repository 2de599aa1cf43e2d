// SPDX-License-Identifier: GPL-3.0-or-later
#include "tui/pane/pane_routes.h"

#include <linux/rtnetlink.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "core/model/rt_names.h"
#include "core/text/width.h"
#include "tui/pane/order.h"
#include "tui/pane/pane.h"
#include "tui/suggest.h"

enum { NAME_MIN_COLS = 4, NAME_MAX_COLS = 15, LINK_TEXT = 64 };

static size_t count(const struct app *app)
{
	return app->routes.count;
}

static const struct route_info *info_of(const struct app *app, struct ref_item it)
{
	return it.second ? host_info6(app->now.host, it.index) : host_info4(app->now.host, it.index);
}

// The number of its info, among those of IPv4 routes and then of IPv6 ones.
static uint32_t slot_of(const struct app *app, struct ref_item it)
{
	const struct host *h = app->now.host;
	return (uint32_t)(it.second ? h->infos4.n + h->routes6[it.index].info : h->routes4[it.index].info);
}

static struct prefix prefix_of(const struct app *app, struct ref_item it)
{
	return it.second ? host_prefix6(app->now.host, it.index) : host_prefix4(app->now.host, it.index);
}

static const char *mark_of(const struct route_info *r, const struct prefix *p)
{
	if (route_is_anyip(r, p->len, p->addr.family))
		return "Any-IP";
	if (r->type == RTN_LOCAL)
		return r->protocol == RTPROT_KERNEL ? "kernel" : "local";
	if (r->type == RTN_BROADCAST)
		return "bcast";
	if (r->type == RTN_MULTICAST)
		return "mcast";
	return rtn_name(r->type);
}

// "192.168.123.0/24", and a single address without its length.
static char *prefix_text(const struct prefix *p, char buf[static PREFIX_TEXT])
{
	if (p->len == (p->addr.family == AF_INET6 ? 128 : 32))
		return addr_print(&p->addr, buf);
	return prefix_print(p, buf);
}

// "eth0 kernel": in columns, or with no more than a blank between them. Only what is not in table local has to say
// where it is; unicast routes are there for that alone. The interface's name gets so many columns.
static unsigned marks_text(const struct app *app, const struct route_info *r, const char *mark, bool columns,
			   unsigned room, char *buf, size_t len)
{
	char dev[16], table[12], elided[LINK_TEXT];
	const char *name = r->oif ? host_link_name(app->now.host, r->oif, dev) : "";
	name = width_elide(name, room, elided, sizeof elided);
	const char *where = r->table == RT_TABLE_LOCAL ? "" : table_name(r->table, table);
	bool unicast = where[0] && r->type == RTN_UNICAST;
	snprintf(buf, len,
		 columns   ? "%-4s %6s%s%s"
		 : name[0] ? "%s %s%s%s"
			   : "%s%s%s%s",
		 name, unicast ? where : mark, where[0] && !unicast ? " " : "", unicast ? "" : where);
	return width_text(buf, strlen(buf));
}

static void row(const struct app *app, size_t item, unsigned width, struct row *out)
{
	struct ref_item it = app->routes.item[item];
	const struct route_info *r = info_of(app, it);
	struct prefix p = prefix_of(app, it);
	char whole[PREFIX_TEXT], shown[PREFIX_TEXT + 4], marks[48];
	const char *mark = mark_of(r, &p);
	prefix_text(&p, whole);
	// The prefix says more than columns that line up, and than the whole of a long name.
	unsigned wanted = width_text(whole, strlen(whole)), room = NAME_MAX_COLS;
	unsigned taken = marks_text(app, r, mark, true, room, marks, sizeof marks) + 1;
	if (wanted + taken > width)
		taken = marks_text(app, r, mark, false, room, marks, sizeof marks) + 1;
	while (wanted + taken > width && room > NAME_MIN_COLS)
		taken = marks_text(app, r, mark, false, --room, marks, sizeof marks) + 1;
	bool anyip = route_is_anyip(r, p.len, p.addr.family);
	row_add(out, ROLE_ADDR, "%s", width_elide(whole, width > taken ? width - taken : 0, shown, sizeof shown));
	row_right(out, anyip ? ROLE_WARN : ROLE_DIM, "%s", marks);
}

static unsigned info_found(const struct host *h, const struct route_info *r, const struct match_words *words)
{
	char text[96], dev[16], table[12];
	snprintf(text, sizeof text, "%s %s %s", r->oif ? host_link_name(h, r->oif, dev) : "",
		 r->table == RT_TABLE_LOCAL ? "" : table_name(r->table, table),
		 r->type == RTN_LOCAL || (r->type == RTN_UNICAST && r->table != RT_TABLE_LOCAL)
			 ? ""
			 : mark_of(r, &(struct prefix){0}));
	return match_found(words, text);
}

// A million routes share a few hundred infos: device, type and table are compared once each.
static void prepare(struct app *app, const struct match_words *words)
{
	_Static_assert(MATCH_WORDS <= 8, "a byte has a bit for each");
	const struct host *h = app->now.host;
	free(app->info_matches);
	app->info_matches = h ? calloc(h->infos4.n + h->infos6.n + 1, 1) : NULL;
	for (size_t i = 0; app->info_matches && i < h->infos4.n; i++)
		if (h->infos4.at[i].uses)
			app->info_matches[i] = (uint8_t)info_found(h, &h->infos4.at[i].info, words);
	for (size_t i = 0; app->info_matches && i < h->infos6.n; i++)
		if (h->infos6.at[i].uses)
			app->info_matches[h->infos4.n + i] = (uint8_t)info_found(h, &h->infos6.at[i].info, words);
}

static char *put_byte(char *at, unsigned n)
{
	if (n >= 100)
		*at++ = (char)('0' + n / 100);
	if (n >= 10)
		*at++ = (char)('0' + n / 10 % 10);
	*at++ = (char)('0' + n % 10);
	return at;
}

// prefix_text() of an IPv4 route, without what makes the general way slow.
static void prefix4_text(const struct route4 *r, char buf[static PREFIX_TEXT])
{
	char *at = buf;
	for (int shift = 24; shift >= 0; shift -= 8) {
		at = put_byte(at, r->dst >> shift & 255);
		*at++ = '.';
	}
	at--;
	if (r->len < 32) {
		*at++ = '/';
		at = put_byte(at, r->len);
	}
	*at = '\0';
}

static bool matches(const struct app *app, size_t item, const struct match_words *words)
{
	const struct host *h = app->now.host;
	struct ref_item it = app->routes.item[item];
	uint32_t slot = slot_of(app, it);
	const struct route_info *info = info_of(app, it);
	char printed[PREFIX_TEXT];
	unsigned all = match_all(words), found = app->info_matches ? app->info_matches[slot] : 0;
	if (found == all)
		return true;
	struct prefix p = {0};
	if (it.second) {
		p = host_prefix6(h, it.index);
		found |= match_found(words, prefix_text(&p, printed));
	} else {
		prefix4_text(&h->routes4[it.index], printed);
		for (unsigned i = 0; i < words->n; i++)
			found |= strstr(printed, match_word(words, i)) ? 1u << i : 0;
	}
	// What a local route is called also depends on its length.
	if (found == all || info->type != RTN_LOCAL || all & ~found & words->numeric)
		return found == all;
	if (!it.second)
		p = host_prefix4(h, it.index);
	return (found | match_found(words, mark_of(info, &p))) == all;
}

static bool is_link_local(const struct app *app, size_t item)
{
	const struct host *h = app->now.host;
	struct ref_item it = app->routes.item[item];
	if (!it.second)
		return false;
	struct prefix p = host_prefix6(h, it.index);
	return addr6_needs_scope(&p.addr) || (addr_is_multicast(&p.addr) && p.len == 8);
}

static const char *const orders[] = {"prefix", "device", "type", "table", NULL};
enum { BY_DEVICE = 1, BY_TYPE, BY_TABLE };

struct sorting {
	const struct app *app;
	unsigned order;
};

static const struct route_info *info_at(const struct host *h, uint32_t slot)
{
	return slot < h->infos4.n ? &h->infos4.at[slot].info : &h->infos6.at[slot - h->infos4.n].info;
}

static int compare_infos(const void *x, const void *y, void *data)
{
	const struct sorting *s = data;
	const struct host *h = s->app->now.host;
	const struct route_info *a = info_at(h, *(const uint32_t *)x), *b = info_at(h, *(const uint32_t *)y);
	char one[16], other[16];
	if (s->order == BY_DEVICE)
		return strverscmp(a->oif ? host_link_name(h, a->oif, one) : "",
				  b->oif ? host_link_name(h, b->oif, other) : "");
	if (s->order == BY_TABLE)
		return (a->table > b->table) - (a->table < b->table);
	// Local routes first; routes that somebody added before the kernel's own.
	int kernel = (a->protocol == RTPROT_KERNEL) - (b->protocol == RTPROT_KERNEL);
	return a->type != b->type ? (int)a->type - (int)b->type : kernel;
}

static uint32_t info_number(const void *data, uint32_t item)
{
	const struct sorting *s = data;
	return slot_of(s->app, s->app->routes.item[item]);
}

// A million routes share a few hundred infos: those are sorted, and the routes counted.
static void sort(const struct app *app, unsigned order, uint32_t *items, size_t n)
{
	struct sorting s = {app, order};
	order_by(items, n, (uint32_t)(app->now.host->infos4.n + app->now.host->infos6.n), compare_infos, info_number,
		 &s);
}

static size_t find(const struct app *app, const struct input *in)
{
	return host_items_find_route(&app->routes, &in->ref);
}

static struct ref object(const struct app *app, size_t item)
{
	struct ref_item it = app->routes.item[item];
	return (struct ref){it.second ? REF_ROUTE6 : REF_ROUTE4, it.index};
}

// An address of the route: the first after the network's own, so that 192.168.123.0/24 gives 192.168.123.1.
static bool use(const struct app *app, size_t item, char line[static COMMAND_ARG])
{
	struct ref_item it = app->routes.item[item];
	struct prefix p = prefix_of(app, it);
	unsigned bits = p.addr.family == AF_INET6 ? 128 : 32;
	if (p.len < bits)
		p.addr.bytes[bits / 8 - 1] |= 1;
	pane_address(app, &p.addr, info_of(app, it)->oif, line);
	return true;
}

static bool remove_item(const struct app *app, size_t item, char line[static COMMAND_ARG])
{
	struct ref_item it = app->routes.item[item];
	const struct route_info *info = info_of(app, it);
	struct prefix p = prefix_of(app, it);
	char text[PREFIX_TEXT], name[16], table[12];
	int n = snprintf(line, COMMAND_ARG, "route del %s %s table %s", rtn_name(info->type), prefix_print(&p, text),
			 table_name(info->table, table));
	if (info->nhid)
		n += snprintf(line + n, COMMAND_ARG - (size_t)n, " nhid %u", info->nhid);
	else if (info->oif)
		n += snprintf(line + n, COMMAND_ARG - (size_t)n, " dev %s",
			      host_link_name(app->now.host, info->oif, name));
	if (info->metric)
		n += snprintf(line + n, COMMAND_ARG - (size_t)n, " metric %u", info->metric);
	if (info->tos)
		snprintf(line + n, COMMAND_ARG - (size_t)n, " tos %u", info->tos);
	return true;
}

// What the kernel's tables look like as a whole decides which routes count.
static void heading(const struct app *app, struct row *out)
{
	const struct host *h = app->now.host;
	bool narrow = pane_width(app, PANE_ROUTES) < 34;
	if (!h)
		return;
	if (h->has_local4 == NO)
		row_add(out, ROLE_WARN, " · no table");
	else if (h->trie == TRIE_MERGED)
		row_add(out, ROLE_DIM, " · merged%s", narrow ? "" : " with main");
	else if (h->trie == TRIE_SPLIT)
		row_add(out, ROLE_DIM, " · split%s", narrow ? "" : " from main");
}

const struct pane_ops pane_routes = {
	.heading = heading,
	.count = count,
	.row = row,
	.prepare = prepare,
	.matches = matches,
	.link_local = is_link_local,
	.orders = orders,
	.sort = sort,
	.find = find,
	.use = use,
	.insert = suggest_route,
	.remove = remove_item,
	.object = object,
};
