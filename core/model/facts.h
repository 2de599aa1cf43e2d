// SPDX-License-Identifier: GPL-3.0-or-later
// All that a decision rests on: the host, whose bind it is, and what was asked for this one attempt. Lent; none is
// NULL. Pure.
#ifndef BINDWALK_FACTS_H
#define BINDWALK_FACTS_H

#include "core/model/caller.h"
#include "core/model/host.h"
#include "core/model/question.h"

struct facts {
	const struct host *host;
	const struct caller *caller;
	const struct question *question;
};

#endif
