// SPDX-License-Identifier: GPL-3.0-or-later
#include "tui/history.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <readline/history.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MOST_LINES = 500, MOST_BYTES = 64 * 1024 };

// Makes the folders on the way when told to. False when there is no place for it.
static bool find_path(char *out, size_t len, bool make)
{
	const char *state = getenv("XDG_STATE_HOME"), *home = getenv("HOME");
	int n = -1;
	if (state && state[0] == '/')
		n = snprintf(out, len, "%s/bindwalk/history", state);
	else if (home && home[0] == '/')
		n = snprintf(out, len, "%s/.local/state/bindwalk/history", home);
	if (n < 0 || (size_t)n >= len)
		return false;
	for (char *slash = out + 1; make && (slash = strchr(slash, '/')); slash++) {
		*slash = '\0';
		bool ok = mkdir(out, 0700) == 0 || errno == EEXIST;
		*slash = '/';
		if (!ok)
			return false;
	}
	return true;
}

void history_load(void)
{
	char path[PATH_MAX];
	stifle_history(MOST_LINES);
	struct stat st;
	if (!find_path(path, sizeof path, false) || stat(path, &st) < 0)
		return;
	if (st.st_size > MOST_BYTES)
		history_truncate_file(path, MOST_LINES);
	read_history(path);
}

void history_keep(const char *line)
{
	char path[PATH_MAX];
	HIST_ENTRY *last = history_length ? history_get(history_base + history_length - 1) : NULL;
	if (line[0] == '\0' || strchr(line, '\n') || (last && strcmp(last->line, line) == 0))
		return;
	add_history(line);
	if (!find_path(path, sizeof path, true))
		return;
	int fd = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd < 0)
		return;
	// One write, so that two explorers never mix their lines.
	char buf[PIPE_BUF];
	int n = snprintf(buf, sizeof buf, "%s\n", line);
	if (n > 0 && (size_t)n < sizeof buf && write(fd, buf, (size_t)n) < 0)
		errno = 0; // a full disk costs the line, nothing else
	close(fd);
}
