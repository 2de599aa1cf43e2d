// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/command/attempt_command.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "core/command/argument.h"
#include "core/command/nearest.h"

bool attempt_command_knows(enum command_id id)
{
	switch (id) {
	case CMD_BIND:
	case CMD_ADDRESS:
	case CMD_PORT:
	case CMD_SCOPE:
	case CMD_TYPE:
	case CMD_PROTO:
	case CMD_DEVICE:
	case CMD_TOGGLE:
	case CMD_SET:
	case CMD_UNSET:
	case CMD_FAMILY:
	case CMD_SA_FAMILY:
	case CMD_ADDRLEN:
	case CMD_AGAIN:
		return true;
	default:
		return false;
	}
}

static const char *link_word(void *data, size_t n)
{
	const struct host *const *h = data;
	return n < (*h)->nlinks ? (*h)->links[n].name : NULL;
}

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

int attempt_command_no_link(const struct host *h, const char *name, char *err, size_t errlen)
{
	char names[80];
	const char *near = nearest_word(name, link_word, &h);
	name_links(h, names, sizeof names);
	if (near)
		snprintf(err, errlen, "there is no interface '%.40s' here; did you mean %s? There are %s", name, near,
			 names);
	else
		snprintf(err, errlen, "there is no interface '%.40s' here; there are %s", name, names);
	return -EINVAL;
}

static bool is_none(const char *name)
{
	// NOLINTNEXTLINE(clang-analyzer-core.NonNullParamChecker): the grammar of "scope" demands a word
	return strcmp(name, "none") == 0 || strcmp(name, "any") == 0;
}

// A scope is an interface's name, or a number that need not be one.
static int find_scope(const struct host *h, const char *scope, uint32_t *out, char *err, size_t errlen)
{
	unsigned long number;
	const struct link *l = host_link_named(h, scope);
	if (l)
		*out = l->index;
	else if (number_parse(scope, UINT32_MAX, &number) == 0)
		*out = (uint32_t)number;
	else
		return attempt_command_no_link(h, scope, err, errlen);
	return 0;
}

int attempt_command_scope(struct attempt *a, const struct host *h, char *err, size_t errlen)
{
	struct next_ask *then = &a->then;
	if (then->dest.scope[0] && find_scope(h, then->dest.scope, &then->dest_scope, err, errlen) < 0)
		return -EINVAL;
	return a->scope || !a->scope_name[0] ? 0 : find_scope(h, a->scope_name, &a->scope, err, errlen);
}

static int set_scope(struct attempt *a, const struct host *h, const char *name, char *err, size_t errlen)
{
	uint32_t scope = 0;
	if (a->addr.family != AF_INET6) {
		snprintf(err, errlen, "only IPv6 addresses have a scope, but the address is IPv4");
		return -EINVAL;
	}
	if (is_none(name)) {
		a->scope = 0;
		a->scope_name[0] = '\0';
		return 0;
	}
	int ret = find_scope(h, name, &scope, err, errlen);
	if (ret < 0)
		return ret;
	a->scope = scope;
	snprintf(a->scope_name, sizeof a->scope_name, "%.15s", name);
	return 0;
}

// With the port behind the address, or as a word of its own.
static int set_address(struct attempt *a, const struct host *h, const char *text, const char *port, char *err,
		       size_t errlen)
{
	struct endpoint ep;
	uint32_t scope = 0;
	int ret = endpoint_parse(text, &ep, err, errlen);
	if (ret < 0)
		return ret;
	if (port && ep.has_port) {
		snprintf(err, errlen, "'%.40s' is a second port; leave one of them out", port);
		return -EINVAL;
	}
	if (ep.scope[0] && (ret = find_scope(h, ep.scope, &scope, err, errlen)) < 0)
		return ret;
	attempt_aim(a, &ep);
	a->scope = scope;
	return 0;
}

static int set_port(struct attempt *a, const char *text, char *err, size_t errlen)
{
	unsigned long port;
	if (!text) {
		snprintf(err, errlen, "port needs NUMBER here");
		return -EINVAL;
	}
	if (number_parse(text, 65535, &port) < 0) {
		snprintf(err, errlen, "'%.40s' is not a port (0 to 65535)", text);
		return -EINVAL;
	}
	a->port = (uint16_t)port;
	return 0;
}

static void set_proto(struct attempt *a, const char *text)
{
	int kind = text ? kind_find(text) : a->kind == KIND_TCP ? KIND_UDP : KIND_TCP;
	if (kind >= 0)
		a->kind = (enum kind)kind;
}

// Keeps the present kind where it has that type already.
static void set_type(struct attempt *a, const char *text)
{
	int kind = kind_of_type(text);
	// NOLINTNEXTLINE(clang-analyzer-core.NonNullParamChecker): the grammar of "type" demands a word
	if (kind >= 0 && strcmp(kind_info(a->kind)->type, text) != 0)
		a->kind = (enum kind)kind;
}

static int add_setting(struct attempt *a, const struct setting *s, char *err, size_t errlen)
{
	int ret = attempt_set(a, s);
	if (ret < 0)
		snprintf(err, errlen, "at most %d options can be set", ATTEMPT_SETTINGS);
	return ret < 0 ? -EINVAL : 0;
}

static int put_device(struct attempt *a, const char *name, char *err, size_t errlen)
{
	struct setting s = {.option = OPT_DEVICE};
	snprintf(s.device, sizeof s.device, "%s", name);
	attempt_unset(a, OPT_DEVICE);
	return add_setting(a, &s, err, errlen);
}

static int set_device(struct attempt *a, const struct host *h, const char *name, char *err, size_t errlen)
{
	if (name && is_none(name)) {
		attempt_unset(a, OPT_DEVICE);
		return 0;
	}
	if (name)
		return host_link_named(h, name) ? put_device(a, name, err, errlen)
						: attempt_command_no_link(h, name, err, errlen);
	// The next one, and after the last one none.
	const struct setting *s = attempt_setting(a, OPT_DEVICE);
	const struct link *now = s ? host_link_named(h, s->device) : NULL;
	size_t next = now ? (size_t)(now - h->links) + 1 : 0;
	if (next < h->nlinks)
		return put_device(a, h->links[next].name, err, errlen);
	attempt_unset(a, OPT_DEVICE);
	return 0;
}

static int toggle(struct attempt *a, const char *name, char *err, size_t errlen)
{
	int id = option_find(name);
	if (id < 0 || option_info((enum option_id)id)->value != VALUE_BOOL) {
		snprintf(err, errlen, "%.40s needs a value: set %.40s=VALUE", name, name);
		return -EINVAL;
	}
	if (attempt_toggle(a, (enum option_id)id) == 0)
		return 0;
	snprintf(err, errlen, "at most %d options can be set", ATTEMPT_SETTINGS);
	return -EINVAL;
}

// One setting takes the place of an earlier one of the same option, so that a line can be typed again.
static int set(struct attempt *a, const char *name, const char *value, char *err, size_t errlen)
{
	char text[128];
	struct setting s;
	snprintf(text, sizeof text, value ? "%.40s=%.60s" : "%.40s", name, value);
	int ret = setting_parse(text, &s, err, errlen);
	if (ret < 0)
		return ret;
	for (unsigned i = 0; i < a->nsettings; i++)
		if (a->settings[i].option == s.option) {
			a->settings[i] = s;
			return 0;
		}
	return add_setting(a, &s, err, errlen);
}

static void unset(struct attempt *a, const char *name)
{
	int id = option_find(name);
	if (id >= 0)
		attempt_unset(a, (enum option_id)id);
	else
		a->nsettings = 0; // all
}

int attempt_command_sockaddr(struct attempt *a, enum command_id id, const char *text, char *err, size_t errlen)
{
	enum argument kind = command_info(id)->params[0].kind;
	unsigned long length = 0;
	if (text && argument_check(kind, text, err, errlen) < 0)
		return -EINVAL;
	if (id == CMD_FAMILY)
		a->family = text ? (uint8_t)sa_family_parse(text) : a->addr.family;
	else if (id == CMD_SA_FAMILY)
		a->sa_family = text ? sa_family_parse(text) : SA_FAMILY_AS_ADDRESS;
	else
		a->addrlen = text && number_parse(text, UINT16_MAX, &length) == 0 ? (int)length : ADDRLEN_WHOLE;
	return 0;
}

static int run(struct attempt *a, const struct host *h, const struct command_call *call, char *err, size_t errlen,
	       unsigned *param)
{
	// A binding may give its argument as text alone.
	const char *first = command_value(call, 0), *second = command_value(call, 1);
	int ret = 0;
	if (!first && call->arg[0])
		first = call->arg;
	switch (call->id) {
	case CMD_BIND:
	case CMD_ADDRESS:
		if (first)
			ret = set_address(a, h, first, second, err, errlen);
		if (ret == 0 && second) {
			*param = 1;
			ret = set_port(a, second, err, errlen);
		}
		return ret;
	case CMD_PORT:
		return set_port(a, first, err, errlen);
	case CMD_SCOPE:
		return set_scope(a, h, first, err, errlen);
	case CMD_TYPE:
		set_type(a, first);
		return 0;
	case CMD_PROTO:
		set_proto(a, first);
		return 0;
	case CMD_DEVICE:
		return set_device(a, h, first, err, errlen);
	case CMD_TOGGLE:
		return toggle(a, first, err, errlen);
	case CMD_SET:
		*param = second ? 1 : 0;
		return set(a, first, second, err, errlen);
	case CMD_UNSET:
		unset(a, first);
		return 0;
	case CMD_FAMILY:
	case CMD_SA_FAMILY:
	case CMD_ADDRLEN:
		return attempt_command_sockaddr(a, call->id, first, err, errlen);
	case CMD_AGAIN:
		a->binds = argument_switch(first, a->binds > 1) ? 2 : 1;
		return 0;
	default:
		return -EINVAL;
	}
}

int attempt_command_run(struct attempt *a, const struct host *h, const struct command_call *call, char *err,
			size_t errlen, unsigned *param)
{
	struct attempt before = *a;
	unsigned dummy;
	if (!param)
		param = &dummy;
	*param = 0;
	// A call that was made by hand may lack what the row requires.
	const struct parameter *p = command_info(call->id)->params;
	if (command_params(call->id) && !p->optional && !call->at[0] && !call->arg[0]) {
		snprintf(err, errlen, "%s needs an argument: %s", command_info(call->id)->name,
			 command_info(call->id)->synopsis);
		return -EINVAL;
	}
	int ret = run(a, h, call, err, errlen, param);
	if (ret < 0)
		*a = before;
	return ret;
}
