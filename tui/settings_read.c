// SPDX-License-Identifier: GPL-3.0-or-later
// The user's config: where it is, and its lines.
#include "tui/settings_read.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/command/script_read.h"
#include "tui/app_update.h"
#include "tui/settings.h"

unsigned settings_run(struct app *app, struct script *script)
{
	char err[COMMAND_ERROR], first[MESSAGE_TEXT] = "", before[MESSAGE_TEXT];
	unsigned wrong = 0;
	memcpy(before, app->message, sizeof before);
	while (script_next(script)) {
		const char *why = script->wrong;
		size_t column = script->column;
		if (!why && settings_line(app, script->now, err, sizeof err, &column) < 0)
			why = err;
		if (why && wrong++ == 0)
			snprintf(first, sizeof first, "%.60s:%u:%zu: %.150s", script->name, script->line, column + 1,
				 why);
	}
	memcpy(app->message, before, sizeof before); // "theme light" and the like are no news here
	if (wrong)
		app_say(app, ROLE_FAIL, "%s", first);
	return wrong;
}

static bool find_path(char *out, size_t len)
{
	const char *config = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");
	int n = -1;
	if (config && config[0] == '/')
		n = snprintf(out, len, "%s/bindwalk/config", config);
	else if (home && home[0] == '/')
		n = snprintf(out, len, "%s/.config/bindwalk/config", home);
	return n > 0 && (size_t)n < len;
}

void settings_read(struct app *app)
{
	char path[PATH_MAX];
	if (!find_path(path, sizeof path))
		return;
	struct script script;
	FILE *in = fopen(path, "re");
	int err = in ? script_read(&script, path, in) : -errno;
	if (in)
		fclose(in);
	if (err == 0) {
		settings_run(app, &script);
		script_free(&script);
	} else if (err != -ENOENT && err != -ENOTDIR) {
		app_say(app, ROLE_WARN, "%.200s: %s", path, strerror(-err));
	}
}
