// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/evidence/process_tree.h"

#include <errno.h>
#include <stdlib.h>

enum { PROCESSES = 1 << 22, EACH = 64 }; // PID_MAX_LIMIT

// One that has ended stays in until its number is given out again, which is a fork.
struct process_tree {
	uint64_t in[PROCESSES / EACH];
};

struct process_tree *process_tree_new(void)
{
	return calloc(1, sizeof(struct process_tree));
}

void process_tree_free(struct process_tree *t)
{
	free(t);
}

static bool can_be(uint32_t process)
{
	return process > 0 && process < PROCESSES;
}

int process_tree_add(struct process_tree *t, uint32_t process)
{
	if (!can_be(process))
		return -EINVAL;
	t->in[process / EACH] |= 1ull << process % EACH;
	return 0;
}

bool process_tree_has(const struct process_tree *t, uint32_t process)
{
	return can_be(process) && t->in[process / EACH] >> process % EACH & 1;
}

void process_tree_fork(struct process_tree *t, uint32_t parent, uint32_t child)
{
	if (process_tree_has(t, parent))
		process_tree_add(t, child);
	else if (can_be(child))
		t->in[child / EACH] &= ~(1ull << child % EACH);
}
