// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/change/inventory_reading.h"

#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

void reading_end_group(struct reading *r)
{
	if (!r->group_wanted && r->group < r->out->n)
		r->out->n = r->group;
	r->group = r->out->n;
	r->group_wanted = false;
}

int reading_keep(struct reading *r, const struct edit *e)
{
	if (!(r->kinds & 1U << e->kind))
		return 0;
	bool wanted = !r->wants || r->wants(e, r->data);
	if (!r->by_key || (e->kind != EDIT_ROUTE && e->kind != EDIT_RULE))
		return wanted ? inventory_add(r->out, e) : 0;
	if (r->group == r->out->n || !edit_same_key(e, &r->out->edits[r->group]))
		reading_end_group(r);
	r->group_wanted |= wanted;
	return inventory_add(r->out, e);
}

void reading_name(const struct reading *r, uint32_t index, char out[static 16])
{
	for (size_t i = 0; i < r->nnames; i++)
		if (r->names[i].index == index) {
			memcpy(out, r->names[i].name, 16);
			return;
		}
	snprintf(out, 16, "?%u", index);
}

int attrs_collect(const struct nlattr *a, void *data)
{
	struct attrs *t = data;
	unsigned type = mnl_attr_get_type(a);
	if (type < sizeof t->at / sizeof *t->at)
		t->at[type] = a;
	return MNL_CB_OK;
}

uint32_t attr_u32(const struct nlattr *a, uint32_t otherwise)
{
	return a && mnl_attr_get_payload_len(a) >= 4 ? mnl_attr_get_u32(a) : otherwise;
}

uint8_t attr_u8(const struct nlattr *a, uint8_t otherwise)
{
	return a && mnl_attr_get_payload_len(a) >= 1 ? mnl_attr_get_u8(a) : otherwise;
}

void attr_name(const struct nlattr *a, char out[static 16])
{
	memset(out, 0, 16);
	if (a)
		memcpy(out, mnl_attr_get_payload(a),
		       strnlen(mnl_attr_get_payload(a),
			       mnl_attr_get_payload_len(a) < 15 ? mnl_attr_get_payload_len(a) : 15));
}

struct addr attr_addr(const struct nlattr *a, int family)
{
	struct addr out = {0};
	size_t len = family == AF_INET ? 4 : 16;
	if (!a || mnl_attr_get_payload_len(a) < len)
		return out;
	out.family = (uint8_t)family;
	memcpy(out.bytes, mnl_attr_get_payload(a), len);
	return out;
}
