// SPDX-License-Identifier: GPL-3.0-or-later
// A host that no kernel was asked for: what is drawn of it never varies.
#ifndef BINDWALK_MADE_UP_H
#define BINDWALK_MADE_UP_H

#include "core/evidence/trial.h"

// lo and eth0 with addresses of both families, one of them tentative, and an Any-IP route. The caller frees it.
struct host *made_up_host(void);
// The same with many more addresses and routes.
struct host *made_up_large_host(void);
// Root, as who looks at it.
struct caller made_up_caller(void);
// What a kernel that does as predicted would have answered.
void made_up_trial(const struct walk *w, struct trial *out);

#endif
