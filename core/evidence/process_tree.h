// SPDX-License-Identifier: GPL-3.0-or-later
// Some processes and all that come from them, by what the kernel tells of forks. As large as there can be processes,
// and no larger. Pure.
#ifndef BINDWALK_PROCESS_TREE_H
#define BINDWALK_PROCESS_TREE_H

#include <stdbool.h>
#include <stdint.h>

struct process_tree;

// NULL where there is no memory.
struct process_tree *process_tree_new(void);
void process_tree_free(struct process_tree *t);

// Process ids are those of one pid namespace. 0, or -EINVAL for what can't be one.
int process_tree_add(struct process_tree *t, uint32_t process);
// A new process: it belongs where its parent does, whoever had that number before.
void process_tree_fork(struct process_tree *t, uint32_t parent, uint32_t child);
bool process_tree_has(const struct process_tree *t, uint32_t process);

#endif
