// SPDX-License-Identifier: GPL-3.0-or-later
#include "tui/pane/pane_socket.h"

#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "core/model/attempt_change.h"
#include "core/text/width.h"
#include "tui/pane/pane.h"
#include "tui/suggest.h"

enum kind_of_line {
	LINE_ADDRESS,
	LINE_PORT,
	LINE_PROTO,
	LINE_DEVICE,
	LINE_OPTION,
	LINE_CAPS,
	LINE_SETTING,
	LINE_SYSCTL
};

struct line {
	enum kind_of_line kind;
	unsigned id; // option_id, sysctl_id, or the setting's number
};

// Numbers that bind reads and that are worth a line, though they are not switches.
static bool is_shown(enum sysctl_id id)
{
	return id == SYSCTL_UNPRIV_PORT || id == SYSCTL_PORT_LOW || id == SYSCTL_PORT_HIGH;
}

static bool is_extra(const struct setting *s)
{
	return s->option != OPT_DEVICE && !option_info(s->option)->toggle;
}

// The pane's lines in order: the n-th in *out, or how many there are when there is none.
static size_t lines(const struct app *app, size_t n, struct line *out)
{
	size_t at = 0;
#define LINE(kind, id)                                                                                                 \
	do {                                                                                                           \
		if (at++ == n) {                                                                                       \
			*out = (struct line){kind, (unsigned)(id)};                                                    \
			return n;                                                                                      \
		}                                                                                                      \
	} while (0)
	LINE(LINE_ADDRESS, 0);
	for (int i = 0; i < OPT_COUNT; i++) {
		if (option_info((enum option_id)i)->toggle)
			LINE(LINE_OPTION, i);
		if (i == OPT_TRANSPARENT6) { // all that allows a nonlocal bind stands together, and is seen first
			LINE(LINE_SYSCTL, SYSCTL_V4_NONLOCAL);
			LINE(LINE_SYSCTL, SYSCTL_V6_NONLOCAL);
			LINE(LINE_PORT, 0);
			LINE(LINE_PROTO, 0);
		}
	}
	for (unsigned i = 0; i < app->attempt.nsettings; i++)
		if (is_extra(&app->attempt.settings[i]))
			LINE(LINE_SETTING, i);
	LINE(LINE_DEVICE, 0);
	LINE(LINE_CAPS, 0);
	for (int i = 0; i < SYSCTL_COUNT; i++)
		if (sysctl_info((enum sysctl_id)i)->toggle && i != SYSCTL_V4_NONLOCAL && i != SYSCTL_V6_NONLOCAL)
			LINE(LINE_SYSCTL, i);
	for (int i = 0; i < SYSCTL_COUNT; i++)
		if (is_shown((enum sysctl_id)i))
			LINE(LINE_SYSCTL, i);
#undef LINE
	return at;
}

static size_t count(const struct app *app)
{
	struct line unused;
	return lines(app, SIZE_MAX, &unused);
}

static void key_mark(struct row *out, enum command_id id, const char *arg)
{
	char name[KEY_NAME];
	const struct binding *b = keys_for(CONTEXT_SOCKET, id, arg);
	if (b)
		row_right(out, ROLE_KEY, "%s", keys_name(b->key, name));
}

static void option_row(const struct app *app, enum option_id id, unsigned width, struct row *out)
{
	enum { BOX_AND_KEY = 6 };
	const struct sockopt *o = option_info(id);
	bool on = attempt_on(&app->attempt, id);
	bool fits = app->attempt.family == AF_INET6 ? o->inet6 : o->inet;
	enum role role = on ? ROLE_VALUE : fits ? ROLE_PLAIN : ROLE_DIM;
	row_add(out, on ? ROLE_OK : role, on ? "[x] " : "[ ] ");
	row_add(out, role, "%s", strlen(o->symbol) + BOX_AND_KEY <= width ? o->symbol : o->name);
	key_mark(out, CMD_TOGGLE, o->name);
}

static void sysctl_row(const struct app *app, enum sysctl_id id, unsigned width, struct row *out)
{
	const struct sysctl *s = sysctl_info(id);
	const struct host *h = app->now.host;
	bool known = h && h->sysctl_known[id];
	int64_t value = known ? h->sysctl[id] : 0;
	if (s->toggle) {
		enum { BOX = 4, SYSCTL = 7 };
		bool on = known && value;
		const char *label = strlen(s->name) + BOX + SYSCTL <= width ? s->name : s->label;
		row_add(out, on ? ROLE_OK : ROLE_PLAIN, !known ? "[?] " : on ? "[x] " : "[ ] ");
		row_add(out, on ? ROLE_VALUE : ROLE_PLAIN, "%s", label);
		if (strlen(label) + BOX + SYSCTL <= width)
			row_right(out, ROLE_DIM, "sysctl");
		return;
	}
	row_add(out, ROLE_LABEL, "%s", s->label);
	if (known)
		row_right(out, ROLE_VALUE, "%lld", (long long)value);
	else
		row_right(out, ROLE_DIM, "?");
}

static void device_row(const struct app *app, struct row *out)
{
	const struct setting *s = attempt_setting(&app->attempt, OPT_DEVICE);
	row_add(out, ROLE_LABEL, "%-9s", "device");
	row_add(out, s ? ROLE_VALUE : ROLE_DIM, "%s", s ? s->device : "any");
	key_mark(out, CMD_DEVICE, "");
}

static void address_row(const struct app *app, unsigned width, struct row *out)
{
	enum { LABEL = 9, KEY = 2 };
	const struct attempt *a = &app->attempt;
	char text[ADDR_TEXT], whole[ADDR_TEXT + SCOPE_TEXT + 2], shown[ADDR_TEXT + SCOPE_TEXT + 8];
	snprintf(whole, sizeof whole, "%s%s%s", addr_print(&a->addr, text), a->scope_name[0] ? "%" : "", a->scope_name);
	// A long address may have the label's room rather than lose its middle.
	bool label = strlen(whole) + LABEL + KEY <= width;
	unsigned room = width > KEY ? width - KEY : 0;
	if (label)
		row_add(out, ROLE_LABEL, "%-9s", "address");
	row_add(out, ROLE_ADDR, "%s", width_elide(whole, label ? room - LABEL : room, shown, sizeof shown));
	key_mark(out, CMD_ADDRESS, "");
}

static void row(const struct app *app, size_t item, unsigned width, struct row *out)
{
	const struct attempt *a = &app->attempt;
	struct line l = {0};
	char text[48];
	lines(app, item, &l);
	switch (l.kind) {
	case LINE_ADDRESS:
		address_row(app, width, out);
		break;
	case LINE_PORT:
		row_add(out, ROLE_LABEL, "%-9s", "port");
		row_add(out, ROLE_VALUE, "%u", a->port);
		if (a->port == 0)
			row_add(out, ROLE_DIM, " any");
		break;
	case LINE_PROTO:
		row_add(out, ROLE_LABEL, "%-9s", "protocol");
		row_add(out, ROLE_VALUE, "%s", kind_info(a->kind)->name);
		row_add(out, ROLE_DIM, a->family == AF_INET6 ? " ipv6" : " ipv4");
		key_mark(out, CMD_PROTO, "");
		break;
	case LINE_DEVICE:
		device_row(app, out);
		break;
	case LINE_CAPS:
		row_add(out, app->unprivileged ? ROLE_OK : ROLE_PLAIN, app->unprivileged ? "[x] " : "[ ] ");
		row_add(out, app->unprivileged ? ROLE_VALUE : ROLE_PLAIN, "%s",
			app->unprivileged ? unprivileged_name(app->unprivileged) : "unprivileged");
		key_mark(out, CMD_UNPRIVILEGED, "");
		break;
	case LINE_OPTION:
		option_row(app, (enum option_id)l.id, width, out);
		break;
	case LINE_SETTING:
		row_add(out, ROLE_VALUE, "%s", setting_print(&a->settings[l.id], text));
		break;
	case LINE_SYSCTL:
		sysctl_row(app, (enum sysctl_id)l.id, width, out);
		break;
	}
}

// Where the inputs of a step stand in this pane.
static bool shows(const struct app *app, const struct line *l, const struct input *in)
{
	switch (l->kind) {
	case LINE_ADDRESS:
		return in->id == IN_ADDRESS || in->id == IN_SCOPE;
	case LINE_PORT:
		return in->id == IN_PORT;
	case LINE_PROTO:
		return in->id == IN_PROTOCOL || in->id == IN_SOCKTYPE;
	case LINE_DEVICE:
		return in->ref.kind == REF_OPTION && (in->ref.index == OPT_DEVICE || in->ref.index == OPT_IFINDEX);
	case LINE_CAPS:
		return in->id == IN_CAPABILITY;
	case LINE_OPTION:
		return in->ref.kind == REF_OPTION && in->ref.index == l->id;
	case LINE_SETTING:
		return in->ref.kind == REF_OPTION && in->ref.index == app->attempt.settings[l->id].option;
	case LINE_SYSCTL:
		return in->ref.kind == REF_SYSCTL && in->ref.index == l->id;
	}
	return false;
}

// Changed since the last key.
static bool is_changed(const struct app *app, const struct line *l)
{
	const struct changed *c = &app->changed;
	const struct attempt *was = &c->attempt, *is = &app->attempt;
	const struct identity sysctl = {.kind = REF_SYSCTL, .number = l->id};
	switch (l->kind) {
	case LINE_ADDRESS:
		return !addr_equal(&was->addr, &is->addr) || was->scope != is->scope;
	case LINE_PORT:
		return was->port != is->port || c->ports;
	case LINE_PROTO:
		return was->kind != is->kind || was->family != is->family;
	case LINE_DEVICE:
		return attempt_option_changed(was, is, OPT_DEVICE);
	case LINE_CAPS:
		return c->unprivileged != app->unprivileged;
	case LINE_OPTION:
		return attempt_option_changed(was, is, (enum option_id)l->id);
	case LINE_SETTING:
		return attempt_option_changed(was, is, is->settings[l->id].option);
	case LINE_SYSCTL:
		return changed_mark(c, &sysctl) != ' ';
	}
	return false;
}

static char changed(const struct app *app, size_t item)
{
	struct line l = {0};
	lines(app, item, &l);
	return app->changed.known && is_changed(app, &l) ? '*' : ' ';
}

static size_t find(const struct app *app, const struct input *in)
{
	size_t n = count(app);
	for (size_t i = 0; i < n; i++) {
		struct line l = {0};
		lines(app, i, &l);
		if (shows(app, &l, in))
			return i;
	}
	return SIZE_MAX;
}

static bool toggle(const struct app *app, size_t item, char line[static COMMAND_ARG])
{
	struct line l = {0};
	lines(app, item, &l);
	switch (l.kind) {
	case LINE_ADDRESS:
		snprintf(line, COMMAND_ARG, "address");
		break;
	case LINE_PORT:
		snprintf(line, COMMAND_ARG, "port");
		break;
	case LINE_PROTO:
		snprintf(line, COMMAND_ARG, "proto");
		break;
	case LINE_DEVICE:
		snprintf(line, COMMAND_ARG, "device");
		break;
	case LINE_CAPS:
		snprintf(line, COMMAND_ARG, "unprivileged");
		break;
	case LINE_OPTION:
		snprintf(line, COMMAND_ARG, "toggle %s", option_info((enum option_id)l.id)->name);
		break;
	case LINE_SETTING:
		snprintf(line, COMMAND_ARG, "unset %s", option_info(app->attempt.settings[l.id].option)->name);
		break;
	case LINE_SYSCTL:
		snprintf(line, COMMAND_ARG, "sysctl %s", sysctl_info((enum sysctl_id)l.id)->name);
		break;
	}
	return true;
}

const struct pane_ops pane_socket = {
	.count = count,
	.row = row,
	.find = find,
	.changed = changed,
	.toggle = toggle,
	.insert = suggest_route,
};
