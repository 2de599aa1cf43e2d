// SPDX-License-Identifier: GPL-3.0-or-later
#include "tui/history.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <readline/history.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/change/own_file.h"

enum { MOST_LINES = 500, MOST_BYTES = 64 * 1024, READABLE = 1 << 20 };

static const char *const names[HISTORY_COUNT] = {
	[HISTORY_COMMANDS] = "history",
	[HISTORY_ADDRESSES] = "history-addresses",
	[HISTORY_PORTS] = "history-ports",
	[HISTORY_DEVICES] = "history-devices",
};
static struct {
	HISTORY_STATE state; // while readline has another one
	bool loaded;
} all[HISTORY_COUNT];
static enum history_id now;

// A descriptor or -errno; -ENOENT for no file, which is fine. A sentence in err.
static int open_file(struct own_folder *f, const char *name, int flags, char *err, size_t errlen)
{
	char why[OWN_FILE_WHY];
	int fd = own_folder_open(f, OWN_STATE, flags & O_CREAT, err, errlen);
	if (fd < 0)
		return fd;
	fd = own_file_open(f, name, flags, why, sizeof why);
	if (fd < 0)
		snprintf(err, errlen, "%.120s/%s %s; it is not used", f->path, name, why);
	return fd;
}

// Its length in memory, or -errno as above.
static ssize_t read_file(struct own_folder *f, const char *name, char **text, char *err, size_t errlen)
{
	char why[OWN_FILE_WHY];
	*text = NULL;
	int fd = open_file(f, name, O_RDONLY, err, errlen);
	if (fd < 0)
		return fd;
	ssize_t n = own_file_read(fd, READABLE, text, why, sizeof why);
	if (n < 0)
		snprintf(err, errlen, "%.120s/%s %s; it is not used", f->path, name, why);
	close(fd);
	return n;
}

bool history_check(char *err, size_t errlen)
{
	ssize_t n = -ENOENT;
	for (int id = 0; id < HISTORY_COUNT && (n >= 0 || n == -ENOENT); id++) {
		struct own_folder f;
		char *text;
		n = read_file(&f, names[id], &text, err, errlen);
		own_folder_close(&f);
		free(text);
	}
	return n >= 0 || n == -ENOENT;
}

// Where the newest lines begin.
static char *newest(char *text, size_t len)
{
	char *at = text + len;
	for (int lines = 0; at > text; at--)
		if (at[-1] == '\n' && lines++ == MOST_LINES)
			break;
	return at;
}

void history_load(void)
{
	struct own_folder f;
	char err[PATH_MAX], *text, *rest = NULL;
	stifle_history(MOST_LINES);
	ssize_t n = read_file(&f, names[now], &text, err, sizeof err);
	char *at = n > 0 ? newest(text, (size_t)n) : NULL;
	if (n > MOST_BYTES)
		own_file_replace(&f, names[now], at, (size_t)(text + n - at));
	for (char *line = at ? strtok_r(at, "\n", &rest) : NULL; line; line = strtok_r(NULL, "\n", &rest))
		add_history(line);
	free(text);
	own_folder_close(&f);
}

void history_use(enum history_id id)
{
	HISTORY_STATE *before = id == now ? NULL : history_get_history_state();
	if (before) {
		all[now].state = *before;
		free(before);
		history_set_history_state(&all[id].state);
		now = id;
	}
	if (!all[id].loaded && id == now)
		history_load();
	all[id].loaded |= id == now;
}

void history_forget(void)
{
	for (int id = HISTORY_COUNT - 1; id >= 0; id--) {
		all[id].loaded = true;
		history_use((enum history_id)id);
		clear_history();
		all[id].loaded = false;
	}
}

void history_keep(const char *line)
{
	HIST_ENTRY *last = history_length ? history_get(history_base + history_length - 1) : NULL;
	if (line[0] == '\0' || strchr(line, '\n') || (last && strcmp(last->line, line) == 0))
		return;
	add_history(line);
	struct own_folder f;
	char err[PATH_MAX];
	int fd = open_file(&f, names[now], O_WRONLY | O_APPEND | O_CREAT, err, sizeof err);
	own_folder_close(&f);
	if (fd < 0)
		return;
	// One write, so that two explorers never mix their lines.
	char buf[PIPE_BUF];
	int n = snprintf(buf, sizeof buf, "%s\n", line);
	if (n > 0 && (size_t)n < sizeof buf && write(fd, buf, (size_t)n) < 0)
		errno = 0; // a full disk costs only this line
	close(fd);
}
