// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/inquiry.h"

struct facts inquiry_facts(const struct inquiry *in)
{
	return (struct facts){in->host, &in->caller, &in->question};
}

void inquiry_free(struct inquiry *in)
{
	host_free(in->own);
	question_free(&in->question);
	*in = (struct inquiry){0};
}
