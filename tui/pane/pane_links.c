// SPDX-License-Identifier: GPL-3.0-or-later
#include "tui/pane/pane_links.h"

#include <linux/if_addr.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "core/model/rt_names.h"
#include "core/text/width.h"
#include "tui/pane/order.h"
#include "tui/pane/pane.h"
#include "tui/suggest.h"

static size_t count(const struct app *app)
{
	return app->links.count;
}

// What keeps an address from counting, or marks it, else its scope.
static const char *mark_of(const struct host_addr *a, bool *flagged, char buf[static 96])
{
	enum { SHOWN = IFA_F_DADFAILED | IFA_F_OPTIMISTIC | IFA_F_TENTATIVE | IFA_F_DEPRECATED };
	const char *scope = rt_name(LIST_SCOPES, a->scope);
	rt_flags(a->addr.family, a->flags, SHOWN, buf, 96);
	*flagged = buf[0];
	if (!*flagged && a->addr.family == AF_INET && a->flags & IFA_F_SECONDARY)
		return "secondary";
	buf[strcspn(buf, " ")] = '\0'; // the first one says it
	return *flagged ? buf : scope ? scope : "";
}

static void link_row(const struct host *h, const struct link *l, struct row *out)
{
	char master[16];
	row_add(out, ROLE_IFNAME, "%s", l->name);
	if (l->kind[0])
		row_add(out, ROLE_DIM, " %s", l->kind);
	if (l->vrf_table)
		row_add(out, ROLE_DIM, " table %u", l->vrf_table);
	if (l->master)
		row_add(out, ROLE_DIM, " in %s", host_link_name(h, l->master, master));
	if (!(l->flags & IFF_UP))
		row_right(out, ROLE_WARN, "DOWN");
	else if (!(l->flags & FLAG_LOWER_UP) && !(l->flags & IFF_LOOPBACK))
		row_right(out, ROLE_WARN, "no carrier");
	else
		row_right(out, ROLE_OK, "UP");
}

static void addr_row(const struct host_addr *a, unsigned width, struct row *out)
{
	char text[ADDR_TEXT], whole[PREFIX_TEXT], shown[PREFIX_TEXT + 4], buf[96];
	bool flag;
	const char *mark = mark_of(a, &flag, buf);
	snprintf(whole, sizeof whole, "%s/%u", addr_print(&a->addr, text), a->prefixlen);
	unsigned taken = (unsigned)strlen(mark) + 3;  // indent and a blank
	if (!flag && strlen(whole) + taken > width) { // the address says more than its scope
		mark = "";
		taken = 2;
	}
	row_add(out, ROLE_ADDR, "  %s", width_elide(whole, width > taken ? width - taken : 0, shown, sizeof shown));
	row_right(out, flag ? ROLE_WARN : ROLE_DIM, "%s", mark);
}

static void row(const struct app *app, size_t item, unsigned width, struct row *out)
{
	const struct host *h = app->now.host;
	struct ref_item it = app->links.item[item];
	if (it.second)
		addr_row(&h->addrs[it.index], width, out);
	else
		link_row(h, &h->links[it.index], out);
}

// The addresses of an interface are found by its name.
static void also(const struct app *app, size_t item, struct row *out)
{
	const struct host *h = app->now.host;
	struct ref_item it = app->links.item[item];
	char name[16];
	if (it.second)
		row_add(out, ROLE_PLAIN, "%s", host_link_name(h, h->addrs[it.index].index, name));
}

static bool is_link_local(const struct app *app, size_t item)
{
	struct ref_item it = app->links.item[item];
	if (!it.second)
		return false;
	const struct addr *a = &app->now.host->addrs[it.index].addr;
	return a->family == AF_INET6 && addr6_class(a) & ADDR6_LINKLOCAL;
}

static const struct link *link_of(const struct app *app, size_t item)
{
	const struct host *h = app->now.host;
	struct ref_item it = app->links.item[item];
	return it.second ? host_link(h, h->addrs[it.index].index) : &h->links[it.index];
}

static const char *const orders[] = {"index", "name", "state", NULL};
enum { BY_NAME = 1, BY_STATE };

struct sorting {
	const struct app *app;
	unsigned order;
};

// Interfaces with a problem come first.
static int state_of(const struct link *l)
{
	return !(l->flags & IFF_UP) ? 0 : !(l->flags & FLAG_LOWER_UP) && !(l->flags & IFF_LOOPBACK) ? 1 : 2;
}

static int compare_links(const void *x, const void *y, void *data)
{
	const struct sorting *s = data;
	const struct link *a = &s->app->now.host->links[*(const uint32_t *)x];
	const struct link *b = &s->app->now.host->links[*(const uint32_t *)y];
	int c = s->order == BY_NAME ? strverscmp(a->name, b->name) : state_of(a) - state_of(b);
	return c ? c : (a > b) - (a < b);
}

static uint32_t link_number(const void *data, uint32_t item)
{
	const struct sorting *s = data;
	const struct host *h = s->app->now.host;
	const struct link *l = link_of(s->app, item);
	return (uint32_t)(l ? (size_t)(l - h->links) : h->nlinks);
}

// Interfaces, each with its addresses under it.
static void sort(const struct app *app, unsigned order, uint32_t *items, size_t n)
{
	struct sorting s = {app, order};
	order_by(items, n, (uint32_t)app->now.host->nlinks, compare_links, link_number, &s);
}

static size_t find(const struct app *app, const struct input *in)
{
	return host_items_find_link(&app->links, &in->ref);
}

static struct ref object(const struct app *app, size_t item)
{
	struct ref_item it = app->links.item[item];
	return (struct ref){it.second ? REF_ADDR : REF_LINK, it.index};
}

// An address goes into the attempt; so does the first one of an interface.
static bool use(const struct app *app, size_t item, char line[static COMMAND_ARG])
{
	const struct host *h = app->now.host;
	const struct host_items *t = &app->links;
	size_t at = item;
	if (!t->item[at].second && ++at == t->count)
		at = item;
	if (!t->item[at].second) {
		snprintf(line, COMMAND_ARG, "%s has no address; press a to type one",
			 h->links[t->item[item].index].name);
		return false;
	}
	const struct host_addr *a = &h->addrs[t->item[at].index];
	pane_address(app, &a->addr, a->index, line);
	return true;
}

// An interface goes up and down.
static bool toggle(const struct app *app, size_t item, char line[static COMMAND_ARG])
{
	const struct link *l = link_of(app, item);
	bool address = !l || app->links.item[item].second;
	if (address)
		snprintf(line, COMMAND_ARG, "an address cannot be toggled; its interface can");
	else
		snprintf(line, COMMAND_ARG, "link set dev %s %s", l->name, l->flags & IFF_UP ? "down" : "up");
	return !address;
}

static void insert(const struct app *app, char line[static COMMAND_ARG])
{
	const struct list *list = &app->lists[PANE_LINKS];
	const struct link *l = list->count ? link_of(app, list_item(list, list->selected)) : NULL;
	suggest_address(app, l, line);
}

static bool remove_item(const struct app *app, size_t item, char line[static COMMAND_ARG])
{
	struct ref_item it = app->links.item[item];
	const struct host_addr *a = &app->now.host->addrs[it.index];
	char text[ADDR_TEXT], name[16];
	if (it.second)
		snprintf(line, COMMAND_ARG, "address del %s/%u dev %s", addr_print(&a->addr, text), a->prefixlen,
			 host_link_name(app->now.host, a->index, name));
	else
		snprintf(line, COMMAND_ARG, "link del dev %s", app->now.host->links[it.index].name);
	return true;
}

const struct pane_ops pane_links = {
	.count = count,
	.row = row,
	.also = also,
	.link_local = is_link_local,
	.orders = orders,
	.sort = sort,
	.find = find,
	.toggle = toggle,
	.use = use,
	.insert = insert,
	.remove = remove_item,
	.object = object,
};
