// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/observe/cgroup_path.h"

#include <stdio.h>
#include <string.h>

enum { SHORT_ID = 12, LONG_ID = 64 };

// The next part of a path: its length, and *at stands there. 0 at the end.
static size_t next_part(const char **at)
{
	*at += strspn(*at, "/");
	return strcspn(*at, "/");
}

static bool ends_in(const char *text, size_t len, const char *end)
{
	size_t n = strlen(end);
	return len > n && memcmp(text + len - n, end, n) == 0;
}

static bool is_unit(const char *text, size_t len)
{
	return ends_in(text, len, ".service") || ends_in(text, len, ".scope") || ends_in(text, len, ".socket") ||
	       ends_in(text, len, ".mount") || ends_in(text, len, ".swap");
}

bool cgroup_path_unit(const char *path, char unit[static UNIT_TEXT])
{
	unit[0] = '\0';
	for (size_t len; (len = next_part(&path)) > 0; path += len) {
		const char *name = path + (*path == '_'); // how systemd escapes a name that the kernel may want
		size_t n = len - (*path == '_');
		if (ends_in(name, n, ".slice"))
			continue;
		if (!is_unit(name, n))
			break;
		snprintf(unit, UNIT_TEXT, "%.*s", (int)n, name);
		if (strncmp(unit, "user@", 5) != 0)
			break;
	}
	return unit[0] != '\0';
}

static bool is_id(const char *text, size_t len)
{
	return len == LONG_ID && strspn(text, "0123456789abcdef") >= LONG_ID;
}

// The scopes that container engines make have the container's identifier in their names.
bool cgroup_unit_container(const char *unit, char container[static UNIT_TEXT])
{
	static const char *const engines[] = {"docker", "libpod", "crio", "cri-containerd"};
	container[0] = '\0';
	for (size_t i = 0; i < sizeof engines / sizeof *engines; i++) {
		size_t len = strlen(engines[i]);
		if (strncmp(unit, engines[i], len) != 0 || unit[len] != '-')
			continue;
		const char *id = unit + len + 1;
		if (!is_id(id, strcspn(id, "./")))
			continue;
		snprintf(container, UNIT_TEXT, "%s %.*s", i == 1 ? "podman" : engines[i], SHORT_ID, id);
		return true;
	}
	return false;
}

bool cgroup_path_container(const char *path, char container[static UNIT_TEXT])
{
	static const char lxc[] = "lxc.payload.";
	const char *parent = "";
	for (size_t len; (len = next_part(&path)) > 0; parent = path, path += len) {
		if (cgroup_unit_container(path, container))
			return true;
		if (is_id(path, len))
			snprintf(container, UNIT_TEXT, "%s %.*s",
				 strncmp(parent, "docker/", 7) == 0 ? "docker" : "container", SHORT_ID, path);
		else if (strncmp(path, lxc, sizeof lxc - 1) == 0)
			snprintf(container, UNIT_TEXT, "lxc %.*s", (int)(len - (sizeof lxc - 1)),
				 path + sizeof lxc - 1);
		if (container[0])
			return true;
	}
	return false;
}
