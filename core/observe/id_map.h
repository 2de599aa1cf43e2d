// SPDX-License-Identifier: GPL-3.0-or-later
// Which uids or gids have a number in the calling thread's user namespace.
#ifndef BINDWALK_ID_MAP_H
#define BINDWALK_ID_MAP_H

#include <stdbool.h>
#include <stdint.h>

enum { ID_EXTENTS = 340 }; // UID_GID_MAP_MAX_EXTENTS, include/linux/user_namespace.h

struct id_extent {
	uint32_t first, count; // numbers inside; outside, each extent's stay in their order (map_write())
	uint32_t outside;      // the first one's, in the parent of that user namespace
};

struct id_map {
	unsigned n;
	struct id_extent extents[ID_EXTENTS];
};

// "uid_map" or "gid_map" of the calling thread; all numbers where the kernel has no user namespaces. 0 or -errno.
int id_map_read(const char *name, struct id_map *out);
// The lines of such a file. 0 or -EBADMSG.
int id_map_parse(const char *text, struct id_map *out);
// The extent of a number, -1 for one that stands for no id.
int id_map_extent(const struct id_map *m, uint32_t id);
// Its number in the parent of that user namespace; the number itself where it stands for no id.
uint32_t id_map_outside(const struct id_map *m, uint32_t id);
// Has every id a number here, so that no number shows for want of one?
bool id_map_is_whole(const struct id_map *m);

#endif
