// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/decide_context.h"

#include "core/model/host_left.h"

static struct input *put(struct walk_step *s, enum input_id id, enum value_type type)
{
	struct input *in = &s->inputs[s->ninputs < STEP_INPUTS ? s->ninputs++ : STEP_INPUTS - 1];
	in->id = id;
	in->type = type;
	in->ref = (struct ref){REF_NONE, 0};
	return in;
}

void put_number(struct walk_step *s, enum input_id id, enum value_type type, int64_t value)
{
	put(s, id, type)->number = value;
}

void put_addr(struct walk_step *s, const struct addr *a)
{
	struct input *in = put(s, IN_ADDRESS, V_ADDR);
	in->addr = *a;
	in->ref.kind = REF_ATTEMPT;
}

void put_text(struct walk_step *s, enum input_id id, const char *text)
{
	put(s, id, V_TEXT)->text = text;
}

void put_ref(struct walk_step *s, enum input_id id, enum value_type type, enum ref_kind kind, size_t index)
{
	struct input *in = put(s, id, type);
	in->number = (int64_t)index;
	in->ref = (struct ref){kind, (uint32_t)index};
}

void put_sysctl(struct walk_step *s, enum input_id id, const struct host *h, enum sysctl_id sysctl)
{
	struct input *in = put(s, id, h->sysctl_hidden[sysctl] ? V_UNKNOWN : V_NUMBER);
	in->number = h->sysctl[sysctl];
	if (h->sysctl_hidden[sysctl])
		s->unknown |= UINT32_C(1) << sysctl_find(sysctl_info(sysctl)->name);
	in->ref = (struct ref){REF_SYSCTL, sysctl};
}

void put_link(struct walk_step *s, enum input_id id, const struct host *h, const struct link *l)
{
	struct input *in = put(s, id, V_DEVICE);
	in->number = l->index;
	in->ref = (struct ref){REF_LINK, (uint32_t)(l - h->links)};
}

void put_device(struct walk_step *s, const struct host *h, uint32_t index)
{
	const struct link *l = host_link(h, index);
	struct input *in = put(s, IN_DEVICE, V_DEVICE);
	in->number = index;
	if (l)
		in->ref = (struct ref){REF_LINK, (uint32_t)(l - h->links)};
}

// The host's address with the longest common start, when that is close enough to be of use; naddrs for none.
static size_t nearest_entry(const struct host *h, const struct addr *a)
{
	unsigned best = a->family == AF_INET ? 15 : 47;
	size_t found = h->naddrs;
	for (size_t i = 0; i < h->naddrs; i++) {
		unsigned bits = addr_common_bits(&h->addrs[i].addr, a);
		if (bits > best) {
			best = bits;
			found = i;
		}
	}
	return found;
}

void put_nearest(struct walk_step *s, const struct host *h, const struct addr *a)
{
	size_t near = nearest_entry(h, a);
	if (near < h->naddrs)
		put_ref(s, IN_NEAREST, V_ENTRY, REF_ADDR, near);
}

bool put_left(struct walk_step *s, const struct host *h, const struct addr *a)
{
	const struct left_addr *left = host_find_left(h, a);
	if (!left)
		return false;
	put_text(s, IN_LEFT, left->device);
	if (left->primary.family) {
		struct input *in = put(s, IN_PRIMARY, V_ADDR);
		in->addr = left->primary;
	}
	return true;
}
