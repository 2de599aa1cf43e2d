// SPDX-License-Identifier: GPL-3.0-or-later
// The name of a process and the network namespace of a thread, followed by what the kernel tells of forks, programs and
// namespaces: so they are known of one that is gone, too. What was there before is read from /proc when it is met.
#ifndef BINDWALK_THREAD_FACTS_H
#define BINDWALK_THREAD_FACTS_H

#include <stdint.h>

#include "core/model/bind_event.h"

struct thread_facts;

// NULL where there is no memory. It does not grow: what has no room is read again.
struct thread_facts *thread_facts_new(void);
void thread_facts_free(struct thread_facts *f);

struct thread_id {
	uint32_t process, thread; // in our pid namespace
};

// What the kernel tells, in its order.
void thread_facts_fork(struct thread_facts *f, struct thread_id parent, struct thread_id child);
void thread_facts_name(struct thread_facts *f, struct thread_id who, const char *name);
void thread_facts_netns(struct thread_facts *f, struct thread_id who, uint64_t inode);
// Some of it did not come: nothing that is kept is certain any longer.
void thread_facts_forget(struct thread_facts *f);

// The process's name, "" where it is not known, and the thread's network namespace, 0 where it is not known.
void thread_facts_get(struct thread_facts *f, struct thread_id who, char name[static PROGRAM_TEXT], uint64_t *netns);

#endif
