// SPDX-License-Identifier: GPL-3.0-or-later
// The user's config: where it is, and its lines.
#include "tui/settings_read.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/change/own_file.h"
#include "tui/app_update.h"
#include "tui/settings.h"

enum { MOST_BYTES = 1 << 20 };

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
	memcpy(app->message, before, sizeof before); // "theme light" and the like are not news here
	if (wrong)
		app_say(app, ROLE_FAIL, "%s", first);
	return wrong;
}

void settings_read(struct app *app)
{
	struct own_folder folder;
	char err[PATH_MAX], why[OWN_FILE_WHY] = "", path[PATH_MAX], *text = NULL;
	int fd = own_folder_open(&folder, OWN_CONFIG, false, err, sizeof err);
	ssize_t n = fd;
	if (fd == 0)
		n = fd = own_file_open(&folder, "config", O_RDONLY, why, sizeof why);
	if (fd >= 0) {
		n = own_file_read(fd, MOST_BYTES, &text, why, sizeof why);
		close(fd);
	}
	snprintf(path, sizeof path, "%s/config", folder.path);
	if (n >= 0) {
		struct script script;
		script_begin(&script, path, text, (size_t)n);
		settings_run(app, &script);
	} else if (n != -ENOENT && why[0]) {
		app_say(app, ROLE_WARN, "%.120s %s; it is not read", path, why);
	} else if (n != -ENOENT) {
		app_say(app, ROLE_WARN, "%.250s", err);
	}
	free(text);
	own_folder_close(&folder);
}
