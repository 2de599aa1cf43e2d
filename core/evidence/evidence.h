// SPDX-License-Identifier: GPL-3.0-or-later
// One walk with all its evidence: decided, asked, bound for real, witnessed.
#ifndef BINDWALK_EVIDENCE_H
#define BINDWALK_EVIDENCE_H

#include "core/evidence/witness.h"
#include "core/model/walk.h"
#include "core/observe/observe.h"

// Hosts with more IPv4 routes than this are not read whole for one question: the kernel is asked instead.
enum { EVIDENCE_ROUTES = 20000 };

// Observes what the attempt needs to know beyond `h` (who holds the port, what the kernel answers), decides, binds for real
// unless `predict`, and merges the evidence, also that of the witness (NULL for none). A disagreement is checked once more
// against a fresh look at the host, since the host may have changed in between: *h may then be another host. 0, or -errno with
// a sentence in err.
int evidence_gather(struct observer *o, struct host **h, const struct attempt *a, bool predict, struct witness *witness,
		    struct walk *out, char *err, size_t errlen);

#endif
