// SPDX-License-Identifier: GPL-3.0-or-later
// A walk as text that stays valid after its host changes, for comparing it with later walks. Pure.
#ifndef BINDWALK_SNAPSHOT_H
#define BINDWALK_SNAPSHOT_H

#include "core/model/facts.h"
#include "core/model/walk.h"
#include "core/text/rows.h"

struct snapshot {
	struct walk walk; // without steps: there is none. What its inputs point at may be gone
	enum unprivileged unprivileged;
	bool recorded;
	struct row verdict;
	struct row steps[WALK_STEPS];
};

void snapshot_take(struct snapshot *s, const struct facts *f, const struct walk *w);
// Do both say the same: the same attempt, steps, findings and outcome, in the same words? The kind of evidence does not
// matter.
bool snapshot_same(const struct snapshot *a, const struct snapshot *b);
// "tcp4 192.0.2.1:80 freebind": the attempt with its options.
void snapshot_attempt(const struct snapshot *s, enum role role, struct row *out);
// How it ended, and whether that is predicted: "predicted: EADDRNOTAVAIL", "bound (live)".
void snapshot_outcome(const struct snapshot *s, struct row *out);
// What step i found, without its mark, number, name and evidence: bytes [*from, *to) of its row.
void snapshot_answer(const struct snapshot *s, unsigned i, size_t *from, size_t *to);
// What it rests on, which stands at the right of its row, likewise.
void snapshot_evidence(const struct snapshot *s, unsigned i, size_t *from, size_t *to);

#endif
