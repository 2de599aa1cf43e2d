// SPDX-License-Identifier: GPL-3.0-or-later
#include "tui/pane/pane_sockets.h"

#include <netinet/in.h>
#include <stdio.h>
#include <string.h>

#include "core/model/attempt.h"
#include "core/model/holder_text.h"
#include "core/text/width.h"
#include "tui/pane/order.h"
#include "tui/pane/pane.h"

enum { PROTOCOL = 9, UID = 10, LEAST_END = 21 };

static size_t count(const struct app *app)
{
	return app->watched.sockets ? app->watched.sockets->n : 0;
}

static unsigned at_most(unsigned n, unsigned most)
{
	return n < most ? n : most;
}

// The columns that this width has room for, with the blanks behind them; 0 for one that is left out.
static struct sock_columns columns(const struct sock_table *t, unsigned width, unsigned *uid)
{
	enum { LOCAL_MOST = 48, STATE_MOST = 12, DEVICE_MOST = 28, OWNER_MOST = 40 };
	struct sock_columns c = {.local = at_most(t->widest.local, LOCAL_MOST) + 1,
				 .peer = t->widest.peer ? at_most(t->widest.peer, LOCAL_MOST) + 1 : 0,
				 .state = at_most(t->widest.state, STATE_MOST) + 1,
				 .device = t->widest.device ? at_most(t->widest.device, DEVICE_MOST) + 1 : 0,
				 .owner = at_most(t->widest.owner, OWNER_MOST)};
	*uid = UID;
	const unsigned device = c.device;
	unsigned need = PROTOCOL + c.local + c.peer + c.state + c.device + *uid + c.owner;
	// First shortens the addresses in the middle, then drops columns; what is left out still matches the filter.
	while (need > width && (c.local > LEAST_END || c.peer > LEAST_END)) {
		unsigned *longer = c.local >= c.peer ? &c.local : &c.peer;
		--*longer;
		need--;
	}
	if (need > width) {
		need -= *uid;
		*uid = 0;
	}
	if (need > width && c.device) {
		need -= c.device;
		c.device = 0;
	}
	if (need <= width || !c.peer)
		return c;
	need -= c.peer;
	c.peer = 0;
	// Its room may be enough for what went before.
	c.device = need + device <= width ? device : 0;
	*uid = need + c.device + UID <= width ? UID : 0;
	return c;
}

static void add(struct row *out, enum role role, const char *text, unsigned cols)
{
	char shown[128];
	if (!cols)
		return;
	width_elide(text, cols - 1, shown, sizeof shown);
	unsigned used = width_text(shown, strlen(shown));
	row_add(out, role, "%s%*s", shown, used < cols ? (int)(cols - used) : 0, "");
}

static void row(const struct app *app, size_t item, unsigned width, struct row *out)
{
	const struct sock_table *t = app->watched.sockets;
	const struct sock *s = &t->rows[item].sock;
	unsigned uid;
	struct sock_columns c = columns(t, width, &uid);
	char text[128];
	const char *state = sock_state_name(s);
	bool serves = strcmp(state, "LISTEN") == 0 || strcmp(state, "bound") == 0;
	add(out, ROLE_LABEL, sock_protocol_print(s, text, sizeof text), PROTOCOL);
	add(out, ROLE_ADDR, sock_end_print(app->now.host, s, text, sizeof text), c.local);
	add(out, serves ? ROLE_VALUE : ROLE_DIM, state, c.state);
	add(out, ROLE_ADDR, sock_peer_print(s, text, sizeof text), c.peer);
	add(out, ROLE_IFNAME, sock_device_print(app->now.host, s, text, sizeof text), c.device);
	snprintf(text, sizeof text, s->uid_unmapped ? "uid ?" : "uid %u", s->uid);
	add(out, ROLE_DIM, text, uid);
	row_add(out, s->pid ? ROLE_PLAIN : ROLE_DIM, "%s", sock_whose_print(app->now.host, s, text, sizeof text));
}

static bool matches(const struct app *app, size_t item, const struct match_words *words)
{
	return match_found(words, sock_row_text(app->watched.sockets, item)) == match_all(words);
}

static void heading(const struct app *app, struct row *out)
{
	const struct sock_table *t = app->watched.sockets;
	if (t && app->watched.socks_marked)
		changed_add_counts(t->added, t->removed, out);
	if (app->watched.reading)
		row_add(out, ROLE_WARN, " · reading");
	else if (t && t->when[0])
		row_add(out, ROLE_DIM, " · %zu as of %s", t->n, t->when);
}

static char changed(const struct app *app, size_t item)
{
	return app->watched.socks_marked && app->watched.sockets->rows[item].fresh ? '+' : ' ';
}

// Its address, port and protocol become the attempt, and its device: so that it stands in the way.
static bool use(const struct app *app, size_t item, char line[static COMMAND_ARG])
{
	const struct sock *s = &app->watched.sockets->rows[item].sock;
	const char *protocol = s->protocol == IPPROTO_RAW ? "raw" : protocol_name(s->protocol);
	char addr[ADDR_TEXT], scope[41] = "", device[40];
	sock_device_print(app->now.host, s, device, sizeof device);
	bool named = device[0] && host_link(app->now.host, s->device);
	addr_print(&s->addr, addr);
	if (named && s->addr.family == AF_INET6 && addr6_needs_scope(&s->addr))
		snprintf(scope, sizeof scope, "%%%s", device);
	int n = snprintf(line, COMMAND_ARG, "proto %s\naddress %s%s%s%s", protocol ? protocol : "tcp",
			 s->addr.family == AF_INET6 ? "[" : "", addr, scope, s->addr.family == AF_INET6 ? "]" : "");
	n += snprintf(line + n, COMMAND_ARG - (size_t)n, ":%u", s->port);
	if (named || attempt_setting(&app->attempt, OPT_DEVICE))
		snprintf(line + n, COMMAND_ARG - (size_t)n, "\ndevice %s", named ? device : "none");
	return true;
}

static const char *const orders[] = {"port", "address", "state", "owner", NULL};
enum { BY_ADDRESS = 1, BY_STATE, BY_OWNER };

struct sorting {
	const struct app *app;
	unsigned order;
};

static int compare(const void *x, const void *y, void *data)
{
	const struct sorting *by = data;
	const uint32_t *one = x, *other = y;
	const struct sock *a = &by->app->watched.sockets->rows[*one].sock;
	const struct sock *b = &by->app->watched.sockets->rows[*other].sock;
	int c = by->order == BY_ADDRESS ? addr_compare(&a->addr, &b->addr)
		: by->order == BY_STATE ? strcmp(sock_state_name(a), sock_state_name(b))
					: strcmp(a->comm, b->comm);
	if (!c && by->order == BY_OWNER)
		c = (a->pid > b->pid) - (a->pid < b->pid);
	return c;
}

static uint32_t itself(const void *data, uint32_t item)
{
	(void)data;
	return item;
}

static void sort(const struct app *app, unsigned order, uint32_t *items, size_t n)
{
	struct sorting by = {app, order};
	order_by(items, n, (uint32_t)count(app), compare, itself, &by);
}

const struct pane_ops pane_sockets = {
	.heading = heading,
	.count = count,
	.row = row,
	.matches = matches,
	.orders = orders,
	.sort = sort,
	.changed = changed,
	.use = use,
};
