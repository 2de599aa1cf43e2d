// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/attempt_change.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

__attribute__((format(printf, 2, 3))) static void add(char buf[static ATTEMPT_CHANGE_TEXT], const char *fmt, ...)
{
	size_t used = strlen(buf);
	va_list args;
	if (used)
		used += (size_t)snprintf(buf + used, ATTEMPT_CHANGE_TEXT - used, ", ");
	if (used >= ATTEMPT_CHANGE_TEXT)
		return;
	va_start(args, fmt);
	vsnprintf(buf + used, ATTEMPT_CHANGE_TEXT - used, fmt, args);
	va_end(args);
}

static bool same_setting(const struct setting *a, const struct setting *b)
{
	return a && b ? a->value == b->value && strcmp(a->device, b->device) == 0 : a == b;
}

bool attempt_option_changed(const struct attempt *was, const struct attempt *is, enum option_id id)
{
	return !same_setting(attempt_setting(was, id), attempt_setting(is, id));
}

// At exactly this level.
static const struct setting *own_setting(const struct attempt *a, enum option_id id)
{
	for (unsigned i = a->nsettings; i-- > 0;)
		if (a->settings[i].option == id)
			return &a->settings[i];
	return NULL;
}

static void add_option(const struct attempt *is, enum option_id id, char *buf)
{
	const struct sockopt *o = option_info(id);
	const struct setting *s = own_setting(is, id);
	char text[48];
	if (!s)
		add(buf, "%s off", o->symbol);
	else if (o->value == VALUE_BOOL)
		add(buf, "%s %s", o->symbol, s->value ? "on" : "off");
	else
		add(buf, "%s %s", o->symbol, strchr(setting_print(s, text), '=') + 1);
}

char *attempt_change_print(const struct attempt *was, const struct attempt *is, char buf[static ATTEMPT_CHANGE_TEXT])
{
	char addr[ADDR_TEXT];
	buf[0] = '\0';
	if (!addr_equal(&was->addr, &is->addr) || was->scope != is->scope)
		add(buf, "address %s%s%s", addr_print(&is->addr, addr), is->scope_name[0] ? "%" : "", is->scope_name);
	if (was->port != is->port)
		add(buf, "port %u", is->port);
	if (was->kind != is->kind)
		add(buf, "protocol %s", kind_info(is->kind)->name);
	if (was->family != is->family && was->addr.family == is->addr.family)
		add(buf, "%s socket", is->family == AF_INET6 ? "IPv6" : "IPv4");
	for (int i = 0; i < OPT_COUNT; i++)
		if (!same_setting(own_setting(was, (enum option_id)i), own_setting(is, (enum option_id)i)))
			add_option(is, (enum option_id)i, buf);
	if (!buf[0] && !attempt_equal(was, is))
		add(buf, "other arguments of the call");
	return buf;
}
