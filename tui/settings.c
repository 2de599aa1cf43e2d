// SPDX-License-Identifier: GPL-3.0-or-later
#include "tui/settings.h"

#include <errno.h>
#include <string.h>

#include "core/command/attempt_command.h"
#include "core/command/command_parse.h"
#include "tui/app_run.h"

// Only what sets something: a file that is read unasked must not act.
static bool may_stand_here(enum command_id id)
{
	return id == CMD_THEME || id == CMD_MOUSE || id == CMD_KEY || id == CMD_WITNESS || id == CMD_UNPRIVILEGED ||
	       id == CMD_SORT || id == CMD_HIDE || (attempt_command_knows(id) && id != CMD_BIND);
}

// Without a value these open a prompt.
static bool asks(const struct command_call *call)
{
	return !call->arg[0] && (call->id == CMD_ADDRESS || call->id == CMD_PORT || call->id == CMD_DEVICE);
}

int settings_line(struct app *app, const char *line, char *err, size_t errlen, size_t *column)
{
	struct command_call call;
	unsigned changed = 0;
	int ret = command_parse(line, &call, err, errlen, column);
	if (ret < 0)
		return ret == -ENODATA ? 0 : ret;
	*column = 0;
	if (!may_stand_here(call.id)) {
		snprintf(
			err, errlen,
			"%s is not a setting; a config may contain theme, mouse, key, witness, sort, hide and the options of the bind",
			command_info(call.id)->name);
		return -EINVAL;
	}
	if (asks(&call)) {
		*column = call.end;
		snprintf(err, errlen, "%s needs a value in a config", command_info(call.id)->name);
		return -EINVAL;
	}
	return app_run(app, &call, err, errlen, &changed);
}

void settings_print(FILE *out)
{
	fputs("# Bindwalk's defaults. A line without the # in $XDG_CONFIG_HOME/bindwalk/config sets it.\n"
	      "# Each line is a command of the explorer's : prompt; bindwalk help NAME explains it.\n\n"
	      "# dark, light or mono; --color and NO_COLOR override it\n"
	      "#theme dark\n"
	      "# off lets the terminal select text\n"
	      "#mouse on\n"
	      "# the kernel's own lookups during a live bind; needs root\n"
	      "#witness off\n"
	      "# of interfaces: index, name, state; of routes: prefix, device, type, table\n"
	      "#sort index interfaces\n"
	      "#sort prefix routes\n"
	      "# hide link-local addresses and routes\n"
	      "#hide link-local off\n"
	      "# bind without capabilities, as an ordinary user would\n"
	      "#unprivileged off\n"
	      "#proto tcp\n"
	      "#port 0\n\n"
	      "# Socket options of the first bind\n",
	      out);
	for (int i = 0; i < OPT_COUNT; i++) {
		const struct sockopt *o = option_info((enum option_id)i);
		const char *value = o->value == VALUE_DEVICE ? "eth0" : o->value == VALUE_RANGE ? "50000-50010" : "1";
		fprintf(out, "# %s: %s\n#set %s %s\n", o->symbol, o->meaning, o->name, value);
	}
	fputs("\n# Keys, in every pane: a letter, Ctrl-A, F5, PgUp, Space ...\n", out);
	const struct binding *b;
	for (size_t i = 0; (b = keys_at(i)); i++) {
		char name[KEY_NAME];
		if (b->context != CONTEXT_ANY && b->context != CONTEXT_MAIN)
			continue;
		fprintf(out, "#key %s %s%s%s\n", keys_name(b->key, name), command_info(b->command)->name,
			b->arg[0] ? " " : "", b->arg);
	}
}
