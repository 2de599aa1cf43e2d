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

#include "core/change/state_dir.h"

enum { MOST_LINES = 500, MOST_BYTES = 64 * 1024 };

// Makes the folder when told to. False when there is no place for it.
static bool find_path(char *out, size_t len, bool make)
{
	char dir[PATH_MAX - 16];
	if (state_dir(dir, sizeof dir) < 0 || (make && state_dir_make(dir) < 0))
		return false;
	int n = snprintf(out, len, "%s/history", dir);
	return n > 0 && (size_t)n < len;
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
