// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/evidence/thread_facts.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { THREADS = 8192 };

struct facts_of {
	uint32_t thread; // 0: free
	uint64_t netns;  // 0: not known
	char name[PROGRAM_TEXT];
};

struct thread_facts {
	struct facts_of threads[THREADS];
};

struct thread_facts *thread_facts_new(void)
{
	return calloc(1, sizeof(struct thread_facts));
}

void thread_facts_free(struct thread_facts *f)
{
	free(f);
}

// A thread's own, or those of another one with the same place.
static struct facts_of *place(struct thread_facts *f, uint32_t thread)
{
	return &f->threads[thread % THREADS];
}

static void read_name(uint32_t thread, char name[static PROGRAM_TEXT])
{
	char path[48];
	snprintf(path, sizeof path, "/proc/%u/comm", thread);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? -1 : read(fd, name, PROGRAM_TEXT - 1);
	if (fd >= 0)
		close(fd);
	name[n > 0 ? n : 0] = '\0';
	if (n > 0 && name[n - 1] == '\n')
		name[n - 1] = '\0';
}

static uint64_t read_netns(uint32_t thread)
{
	char path[48];
	struct stat ns;
	snprintf(path, sizeof path, "/proc/%u/ns/net", thread);
	return stat(path, &ns) == 0 ? ns.st_ino : 0;
}

// Those of a thread that was there before, as far as they are still missing.
static struct facts_of *known(struct thread_facts *f, uint32_t thread)
{
	struct facts_of *t = place(f, thread);
	if (t->thread != thread)
		*t = (struct facts_of){.thread = thread};
	if (!t->name[0])
		read_name(thread, t->name);
	if (!t->netns)
		t->netns = read_netns(thread);
	return t;
}

void thread_facts_fork(struct thread_facts *f, struct thread_id parent, struct thread_id child)
{
	struct facts_of of = {0};
	if (!child.thread)
		return;
	if (parent.thread)
		of = *known(f, parent.thread);
	of.thread = child.thread;
	*place(f, child.thread) = of;
}

void thread_facts_name(struct thread_facts *f, struct thread_id who, const char *name)
{
	struct facts_of *t = place(f, who.thread);
	if (!who.thread)
		return;
	if (t->thread != who.thread)
		*t = (struct facts_of){.thread = who.thread};
	snprintf(t->name, sizeof t->name, "%s", name);
}

void thread_facts_netns(struct thread_facts *f, struct thread_id who, uint64_t inode)
{
	struct facts_of *t = place(f, who.thread);
	if (!who.thread)
		return;
	if (t->thread != who.thread)
		*t = (struct facts_of){.thread = who.thread};
	t->netns = inode;
}

void thread_facts_forget(struct thread_facts *f)
{
	memset(f, 0, sizeof *f);
}

void thread_facts_get(struct thread_facts *f, struct thread_id who, char name[static PROGRAM_TEXT], uint64_t *netns)
{
	name[0] = '\0';
	*netns = 0;
	if (who.process)
		memcpy(name, known(f, who.process)->name, PROGRAM_TEXT);
	if (who.thread)
		*netns = known(f, who.thread)->netns;
}
