// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/holder.h"

const struct sock *walk_holder(const struct facts *f, const struct walk *w)
{
	for (unsigned i = 0; i < w->nsteps; i++) {
		const struct walk_step *s = &w->steps[i];
		const struct input *in = s->step == STEP_PORT && s->reached ? step_input(s, IN_HOLDER) : NULL;
		if (in && (size_t)in->number < f->question->nsocks)
			return &f->question->socks[in->number];
	}
	return NULL;
}
