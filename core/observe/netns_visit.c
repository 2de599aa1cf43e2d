// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/observe/netns_visit.h"

#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/observe/netns.h"

enum { STACK = 1 << 21, GUARD = 1 << 16 };

struct visit {
	int net;
	void (*work)(void *data);
	void *data;
	pid_t home; // whose memory it is
	int rc;
};

// Who is root in the user namespace may trace what is in there, and would get at our memory: not that of a process
// that is not dumpable (__ptrace_may_access(), kernel/ptrace.c).
static struct {
	pthread_mutex_t lock;
	unsigned visits;
	bool dumpable;
} cover = {.lock = PTHREAD_MUTEX_INITIALIZER};

static pthread_rwlock_t visiting = PTHREAD_RWLOCK_INITIALIZER; // shared: a visit goes on

static int cover_up(void)
{
	int rc = 0;
	pthread_rwlock_rdlock(&visiting);
	pthread_mutex_lock(&cover.lock);
	if (cover.visits == 0) {
		cover.dumpable = prctl(PR_GET_DUMPABLE) == 1;
		rc = cover.dumpable && prctl(PR_SET_DUMPABLE, 0) < 0 ? -errno : 0;
	}
	cover.visits += rc == 0;
	pthread_mutex_unlock(&cover.lock);
	if (rc < 0)
		pthread_rwlock_unlock(&visiting);
	return rc;
}

static void uncover(void)
{
	pthread_mutex_lock(&cover.lock);
	if (--cover.visits == 0 && cover.dumpable)
		prctl(PR_SET_DUMPABLE, 1);
	pthread_mutex_unlock(&cover.lock);
	pthread_rwlock_unlock(&visiting);
}

void netns_visit_pause(void)
{
	pthread_rwlock_wrlock(&visiting);
}

void netns_visit_resume(void)
{
	pthread_rwlock_unlock(&visiting);
}

// The child: alone in its thread group, and with a working directory of its own, as the kernel asks for.
static int go(void *data)
{
	struct visit *v = data;
	int rc = netns_enter_owner(v->net);
	if (rc == 0)
		rc = netns_join(v->net);
	if (rc == 0 && prctl(PR_SET_PDEATHSIG, SIGKILL) < 0)
		rc = -errno;
	if (rc == 0 && getppid() == v->home)
		v->work(v->data);
	v->rc = rc;
	return 0;
}

static int run(struct visit *v, char *stack)
{
	int status;
	pid_t child = clone(go, stack + STACK, CLONE_VM | CLONE_VFORK, v); // its end is no signal
	if (child < 0)
		return -errno;
	while (waitpid(child, &status, __WALL) < 0 && errno == EINTR)
		continue;
	netns_forget_owner();
	return v->rc;
}

int netns_visit(int net, void (*work)(void *data), void *data)
{
	// Where memory is not shared after all, as under valgrind, nothing was done.
	struct visit v = {.net = net, .work = work, .data = data, .home = getpid(), .rc = -ENOSYS};
	int rc = cover_up();
	if (rc < 0)
		return rc;
	char *stack = mmap(NULL, STACK, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK | MAP_NORESERVE,
			   -1, 0);
	if (stack == MAP_FAILED) {
		rc = -errno;
	} else {
		rc = mprotect(stack, GUARD, PROT_NONE) < 0 ? -errno : run(&v, stack);
		munmap(stack, STACK);
	}
	uncover();
	return rc;
}
