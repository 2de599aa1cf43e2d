// SPDX-License-Identifier: GPL-3.0-or-later
// The commands that change the attempt.
#include "tui/app_attempt.h"

#include <errno.h>
#include <net/if.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "core/command/argument.h"
#include "core/command/attempt_command.h"
#include "tui/app.h"
#include "tui/app_update.h"
#include "tui/compare.h"

enum { CYCLE_LINKS = 9 }; // more interfaces than these are not stepped through but named

// Alone, `device` steps through the interfaces; where there are many, one is named.
static bool asks_device(struct app *app, const struct command_call *call, unsigned *changed)
{
	const struct setting *s = attempt_setting(&app->attempt, OPT_DEVICE);
	if (call->id != CMD_DEVICE || call->arg[0] || app->now.host->nlinks <= CYCLE_LINKS)
		return false;
	*changed |= app_prompt(app, PROMPT_DEVICE, s ? s->device : "");
	return true;
}

// Without a value a switch is flipped. What the socket pane shows is written here; any other sysctl is a change like
// others.
static int set_sysctl(struct app *app, const struct command_call *call, char *err, size_t errlen, unsigned *changed)
{
	const char *name = command_value(call, 1), *text = command_value(call, 2);
	unsigned long value;
	if (!name)
		name = call->arg;
	int id = sysctl_find(name);
	if (text && (id < 0 || number_parse(text, UINT32_MAX, &value) < 0)) {
		*changed |= app_hand_over(app, call);
		return 0;
	}
	if (!text && (id < 0 || !sysctl_info((enum sysctl_id)id)->toggle || !app->now.host->sysctl_known[id])) {
		snprintf(err, errlen, "%.60s cannot be toggled; write it with :sysctl %.60s VALUE", name, name);
		return -EINVAL;
	}
	app->sysctl.id = (enum sysctl_id)id;
	app->sysctl.value = text ? (int64_t)value : !app->now.host->sysctl[id];
	app->effects |= EFFECT_SYSCTL;
	*changed |= DIRTY_EFFECT;
	return 0;
}

// As it would be typed: "192.0.2.2", "192.0.2.2:80", "fe80::2%eth0", "[fe80::2%eth0]:80".
static void print_address(const struct attempt *a, char *buf, size_t len)
{
	char text[ADDR_TEXT], port[8] = "";
	bool six = a->addr.family == AF_INET6 && a->port;
	if (a->port)
		snprintf(port, sizeof port, ":%u", a->port);
	snprintf(buf, len, "%s%s%s%s%s%s", six ? "[" : "", addr_print(&a->addr, text), a->scope_name[0] ? "%" : "",
		 a->scope_name, six ? "]" : "", port);
}

// An option that the socket's family lacks ends the walk before bind(), so switching it on says so.
static unsigned say_unfit(struct app *app, const struct command_call *call)
{
	char name[KEY_NAME];
	const char *given = command_value(call, 0);
	int id = call->id == CMD_TOGGLE || call->id == CMD_SET ? option_find(given ? given : call->arg) : -1;
	if (id < 0 || app_covers(app) || !attempt_setting(&app->attempt, (enum option_id)id))
		return 0;
	const struct sockopt *o = option_info((enum option_id)id);
	bool six = app->attempt.family == AF_INET6;
	if (six ? o->inet6 : o->inet)
		return 0;
	const struct binding *b = keys_for(CONTEXT_MAIN, CMD_TOGGLE, o->name);
	return app_say(app, ROLE_WARN, "%s does not exist on IPv%c sockets: setsockopt() fails; %s%s removes it",
		       o->symbol, six ? '6' : '4', b ? keys_name(b->key, name) : ":unset ", b ? "" : o->name);
}

int app_run_attempt(struct app *app, const struct command_call *call, char *err, size_t errlen, unsigned *changed)
{
	struct attempt before = app->attempt;
	if (!app->now.host) {
		snprintf(err, errlen, "Bindwalk is still reading this host");
		return -EINVAL;
	}
	if (call->id == CMD_SYSCTL)
		return set_sysctl(app, call, err, errlen, changed);
	if (call->id == CMD_ADDRESS && call->arg[0] == '\0') {
		char address[ADDR_TEXT + SCOPE_TEXT + 16];
		print_address(&app->attempt, address, sizeof address);
		*changed |= app_prompt(app, PROMPT_ADDRESS, address);
		return 0;
	}
	if (call->id == CMD_PORT && call->arg[0] == '\0') {
		char port[8];
		snprintf(port, sizeof port, "%u", app->attempt.port);
		*changed |= app_prompt(app, PROMPT_PORT, port);
		return 0;
	}
	if (call->id == CMD_UNPRIVILEGED) {
		app->unprivileged = argument_unprivileged(command_value(call, 0), app->unprivileged);
		*changed |= app_decide(app);
		return 0;
	}
	if (asks_device(app, call, changed))
		return 0;
	int ret = attempt_command_run(&app->attempt, app->now.host, call, err, errlen, NULL);
	if (ret == 0 &&
	    (!attempt_equal(&before, &app->attempt) || strcmp(before.scope_name, app->attempt.scope_name) != 0)) {
		compare_aimed(app, &before);
		*changed |= app_decide(app) | say_unfit(app, call);
	}
	return ret;
}
