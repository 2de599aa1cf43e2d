// SPDX-License-Identifier: GPL-3.0-or-later
// A scene in the making, for core/scene_read.c and core/scene_route.c.
#ifndef BINDWALK_SCENE_READING_H
#define BINDWALK_SCENE_READING_H

#include <libmnl/libmnl.h>

#include "core/scene.h"

struct name {
	uint32_t index;
	char name[16];
};

struct reading {
	struct scene *out;
	unsigned kinds;
	scene_wants *wants;
	void *data;
	struct name *names; // every interface
	size_t nnames, names_cap;
	int family;
	bool by_key;  // routes and rules of one key are taken all, or none
	size_t group; // where those of the present key begin
	bool group_wanted;
};

// Takes what is wanted.
int reading_keep(struct reading *r, const struct edit *e);
// An interface's name, "?INDEX" where there is none.
void reading_name(const struct reading *r, uint32_t index, char out[static 16]);
// For nl_dump(); data is the reading.
int reading_nexthop(const struct nlmsghdr *m, void *data);
int reading_route(const struct nlmsghdr *m, void *data);

// The attributes of a message by type; types beyond these are left out.
struct attrs {
	const struct nlattr *at[64];
};

int attrs_collect(const struct nlattr *a, void *data); // for mnl_attr_parse(); data is a struct attrs
// An attribute's value, or what stands for one that is missing.
uint32_t attr_u32(const struct nlattr *a, uint32_t otherwise);
uint8_t attr_u8(const struct nlattr *a, uint8_t otherwise);
void attr_name(const struct nlattr *a, char out[static 16]);
struct addr attr_addr(const struct nlattr *a, int family);

#endif
