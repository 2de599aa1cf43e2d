// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/observe/id_map.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "core/observe/proc.h"

int id_map_parse(const char *text, struct id_map *out)
{
	out->n = 0;
	for (const char *line = text; line && *line; line = strchr(line, '\n')) {
		line += *line == '\n';
		if (!*line)
			break;
		unsigned first, outside, count;
		if (out->n == ID_EXTENTS || sscanf(line, "%u %u %u", &first, &outside, &count) != 3)
			return -EBADMSG;
		out->extents[out->n++] = (struct id_extent){first, count, outside};
	}
	return 0;
}

int id_map_read(const char *name, struct id_map *out)
{
	char path[64], text[ID_EXTENTS * 36];
	ssize_t got = proc_read("", proc_path(0, name, path, sizeof path), text, sizeof text);
	if (got == -ENOENT && proc_read("", proc_path(0, "comm", path, sizeof path), text, sizeof text) > 0) {
		*out = (struct id_map){1, {{0, UINT32_MAX, 0}}};
		return 0;
	}
	return got < 0 ? (int)got : id_map_parse(text, out);
}

int id_map_extent(const struct id_map *m, uint32_t id)
{
	for (unsigned i = 0; i < m->n; i++)
		if (id >= m->extents[i].first && id - m->extents[i].first < m->extents[i].count)
			return (int)i;
	return -1;
}

uint32_t id_map_outside(const struct id_map *m, uint32_t id)
{
	int at = id_map_extent(m, id);
	return at < 0 ? id : m->extents[at].outside + (id - m->extents[at].first);
}

bool id_map_is_whole(const struct id_map *m)
{
	return m->n == 1 && m->extents[0].first == 0 && m->extents[0].count == UINT32_MAX;
}
