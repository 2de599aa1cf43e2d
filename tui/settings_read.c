// SPDX-License-Identifier: GPL-3.0-or-later
// The user's config: where it is, and its lines.
#include "tui/settings_read.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "tui/app_update.h"
#include "tui/settings.h"

unsigned settings_run(struct app *app, FILE *in, const char *name)
{
	char *line = NULL, err[COMMAND_ERROR], first[MESSAGE_TEXT] = "";
	size_t cap = 0, column;
	unsigned wrong = 0;
	char before[MESSAGE_TEXT];
	memcpy(before, app->message, sizeof before);
	for (unsigned n = 1; getline(&line, &cap, in) >= 0; n++) {
		line[strcspn(line, "\r\n")] = '\0';
		if (settings_line(app, line, err, sizeof err, &column) < 0 && wrong++ == 0)
			snprintf(first, sizeof first, "%.60s:%u:%zu: %.150s", name, n, column + 1, err);
	}
	free(line);
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
	FILE *in = fopen(path, "re");
	if (!in) {
		if (errno == EACCES)
			app_say(app, ROLE_WARN, "%.200s: %s", path, strerror(errno));
		return;
	}
	settings_run(app, in, path);
	fclose(in);
}
