// SPDX-License-Identifier: GPL-3.0-or-later
// A inventory in the making, for core/change/inventory_read.c and core/change/inventory_route.c.
#ifndef BINDWALK_INVENTORY_READING_H
#define BINDWALK_INVENTORY_READING_H

#include <libmnl/libmnl.h>

#include "core/change/inventory.h"
#include "core/change/inventory_read.h"

struct name {
	uint32_t index;
	char name[16];
};

struct reading {
	struct inventory *out;
	unsigned kinds;
	inventory_wants *wants;
	void *data;
	struct name *names; // every interface
	size_t nnames, names_cap;
	int family;
	bool by_key;  // routes and rules of one key are taken all, or none
	size_t group; // where those of the present key begin
	bool group_wanted;
};

// Those of one key, which a dump has side by side, are complete.
void reading_end_group(struct reading *r);
// Takes what is wanted.
int reading_keep(struct reading *r, const struct edit *e);
// An interface's name, "?INDEX" where there is none.
void reading_name(const struct reading *r, uint32_t index, char out[static 16]);

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
