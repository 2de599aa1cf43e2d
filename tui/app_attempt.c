// SPDX-License-Identifier: GPL-3.0-or-later
// The commands that change the attempt.
#include <errno.h>
#include <net/if.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "tui/app.h"

enum { CYCLE_LINKS = 9 }; // more interfaces than these are not stepped through but named

// The names of some interfaces, for an error that tells what there is.
static void name_links(const struct host *h, char *buf, size_t len)
{
	size_t at = 0;
	buf[0] = '\0';
	for (size_t i = 0; i < h->nlinks; i++) {
		int n = snprintf(buf + at, len - at, "%s%s", at ? ", " : "", h->links[i].name);
		if (n < 0 || (size_t)n + 6 >= len - at) {
			snprintf(buf + at, len - at, ", ...");
			return;
		}
		at += (size_t)n;
	}
}

static int no_link(const struct app *app, const char *name, char *err, size_t errlen)
{
	char names[80];
	name_links(app->host, names, sizeof names);
	snprintf(err, errlen, "no interface is called '%s' here; there are %s", name, names);
	return -EINVAL;
}

// A scope is an interface's name, or a number that need not be one.
static int find_scope(const struct app *app, const char *scope, uint32_t *out, char *err, size_t errlen)
{
	unsigned long number;
	const struct link *l = host_link_named(app->host, scope);
	if (l)
		*out = l->index;
	else if (number_parse(scope, UINT32_MAX, &number) == 0)
		*out = (uint32_t)number;
	else
		return no_link(app, scope, err, errlen);
	return 0;
}

static int set_address(struct app *app, const char *text, char *err, size_t errlen)
{
	struct endpoint ep;
	uint32_t scope = 0;
	int ret = endpoint_parse(text, &ep, err, errlen);
	if (ret < 0)
		return ret;
	if (ep.scope[0] && (ret = find_scope(app, ep.scope, &scope, err, errlen)) < 0)
		return ret;
	struct attempt *a = &app->attempt;
	a->addr = ep.addr;
	a->family = ep.addr.family;
	a->scope = scope;
	snprintf(a->scope_name, sizeof a->scope_name, "%s", ep.scope);
	if (ep.has_port)
		a->port = ep.port;
	return 0;
}

unsigned app_use_address(struct app *app, const struct addr *addr, uint32_t ifindex)
{
	struct attempt *a = &app->attempt;
	char text[ADDR_TEXT], name[16];
	bool scoped = addr6_needs_scope(addr) && addr->family == AF_INET6;
	a->addr = *addr;
	a->family = addr->family;
	a->scope = scoped ? ifindex : 0;
	snprintf(a->scope_name, sizeof a->scope_name, "%s", scoped ? host_link_name(app->host, ifindex, name) : "");
	return app_decide(app) |
	       app_say(app, ROLE_PLAIN, "%s is the address to bind to now; b binds", addr_print(addr, text));
}

static int set_port(struct app *app, const char *text, char *err, size_t errlen)
{
	unsigned long port;
	if (number_parse(text, 65535, &port) < 0) {
		snprintf(err, errlen, "'%.40s' is no port: a number from 0 to 65535 is", text);
		return -EINVAL;
	}
	app->attempt.port = (uint16_t)port;
	return 0;
}

static int set_proto(struct app *app, const char *text, char *err, size_t errlen)
{
	struct attempt *a = &app->attempt;
	int kind = text[0] ? kind_find(text) : a->kind == KIND_TCP ? KIND_UDP : KIND_TCP;
	if (kind != KIND_TCP && kind != KIND_UDP) {
		snprintf(err, errlen, "'%.40s' is not taken here: tcp or udp", text);
		return -EINVAL;
	}
	a->kind = (enum kind)kind;
	return 0;
}

static int put_device(struct app *app, const char *name)
{
	struct setting s = {.option = OPT_DEVICE};
	snprintf(s.device, sizeof s.device, "%.15s", name);
	attempt_unset(&app->attempt, OPT_DEVICE);
	return attempt_set(&app->attempt, &s);
}

static int too_many(int ret, char *err, size_t errlen)
{
	if (ret < 0)
		snprintf(err, errlen, "no more than %d options can be set", ATTEMPT_SETTINGS);
	return ret < 0 ? -EINVAL : 0;
}

static int set_device(struct app *app, const char *name, char *err, size_t errlen, unsigned *changed)
{
	const struct host *h = app->host;
	struct attempt *a = &app->attempt;
	if (strcmp(name, "none") == 0 || strcmp(name, "any") == 0) {
		attempt_unset(a, OPT_DEVICE);
		return 0;
	}
	if (name[0]) {
		if (!host_link_named(h, name))
			return no_link(app, name, err, errlen);
		return too_many(put_device(app, name), err, errlen);
	}
	const struct setting *s = attempt_setting(a, OPT_DEVICE);
	if (h->nlinks > CYCLE_LINKS) {
		*changed |= app_prompt(app, PROMPT_DEVICE, s ? s->device : "");
		return 0;
	}
	const struct link *now = s ? host_link_named(h, s->device) : NULL;
	size_t next = now ? (size_t)(now - h->links) + 1 : 0;
	if (next >= h->nlinks) {
		attempt_unset(a, OPT_DEVICE);
		return 0;
	}
	return too_many(put_device(app, h->links[next].name), err, errlen);
}

static int find_option(const char *name, enum option_id *out, char *err, size_t errlen)
{
	int id = option_find(name);
	if (id < 0) {
		snprintf(err, errlen, "no option is called '%.40s'; Tab lists them", name);
		return -EINVAL;
	}
	*out = (enum option_id)id;
	return 0;
}

static int flip(struct app *app, const char *name, char *err, size_t errlen)
{
	enum option_id id;
	int ret = find_option(name, &id, err, errlen);
	if (ret < 0)
		return ret;
	if (option_info(id)->value != VALUE_BOOL) {
		snprintf(err, errlen, "%s takes a value: set %s=VALUE", name, name);
		return -EINVAL;
	}
	return too_many(attempt_toggle(&app->attempt, id), err, errlen);
}

static int set(struct app *app, const char *text, char *err, size_t errlen)
{
	struct setting s;
	int ret = setting_parse(text, &s, err, errlen);
	return ret < 0 ? ret : too_many(attempt_set(&app->attempt, &s), err, errlen);
}

static int unset(struct app *app, const char *name, char *err, size_t errlen)
{
	enum option_id id;
	int ret = find_option(name, &id, err, errlen);
	if (ret == 0)
		attempt_unset(&app->attempt, id);
	return ret;
}

// "net.ipv4.ip_nonlocal_bind 1": asks the loop to write it. Without a value a switch is flipped.
static int set_sysctl(struct app *app, const char *text, char *err, size_t errlen, unsigned *changed)
{
	char name[COMMAND_ARG];
	size_t len = strcspn(text, " \t=");
	unsigned long value;
	memcpy(name, text, len);
	name[len] = '\0';
	text += len + strspn(text + len, " \t=");
	int id = sysctl_find(name);
	if (id < 0) {
		snprintf(err, errlen, "no sysctl that bears on bind is called '%.60s'; Tab lists them", name);
		return -EINVAL;
	}
	const struct sysctl *s = sysctl_info((enum sysctl_id)id);
	if (text[0]) {
		if (number_parse(text, UINT32_MAX, &value) < 0) {
			snprintf(err, errlen, "'%.40s' is no value for %s: a number is", text, name);
			return -EINVAL;
		}
	} else if (s->toggle && app->host->sysctl_known[id]) {
		value = !app->host->sysctl[id];
	} else {
		snprintf(err, errlen, "%s is no switch: :sysctl %s VALUE writes it", s->label, name);
		return -EINVAL;
	}
	app->sysctl.id = (enum sysctl_id)id;
	app->sysctl.value = (int64_t)value;
	app->effects |= EFFECT_SYSCTL;
	*changed |= CHANGE_EFFECT;
	return 0;
}

int app_run_attempt(struct app *app, const struct command_call *call, char *err, size_t errlen, unsigned *changed)
{
	struct attempt before = app->attempt;
	int ret = 0;
	if (!app->host) {
		snprintf(err, errlen, "this host is still being read");
		return -EINVAL;
	}
	switch (call->id) {
	case CMD_ADDRESS:
		if (call->arg[0] == '\0') {
			*changed |= app_prompt(app, PROMPT_ADDRESS, "");
			return 0;
		}
		ret = set_address(app, call->arg, err, errlen);
		break;
	case CMD_PORT:
		ret = set_port(app, call->arg, err, errlen);
		break;
	case CMD_PROTO:
		ret = set_proto(app, call->arg, err, errlen);
		break;
	case CMD_DEVICE:
		ret = set_device(app, call->arg, err, errlen, changed);
		break;
	case CMD_FLIP:
		ret = flip(app, call->arg, err, errlen);
		break;
	case CMD_SET:
		ret = set(app, call->arg, err, errlen);
		break;
	case CMD_UNSET:
		ret = unset(app, call->arg, err, errlen);
		break;
	case CMD_UNPRIVILEGED:
		app->attempt.unprivileged = !app->attempt.unprivileged;
		break;
	case CMD_SYSCTL:
		ret = set_sysctl(app, call->arg, err, errlen, changed);
		break;
	default:
		return -EINVAL;
	}
	if (ret < 0)
		app->attempt = before;
	else if (!attempt_equal(&before, &app->attempt) || strcmp(before.scope_name, app->attempt.scope_name) != 0)
		*changed |= app_decide(app);
	return ret;
}
