// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/faults/supervise.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include "tests/faults/calls.h"

static struct {
	struct trace *trace;
	int channel[2]; // [0] ours
	int listener;
	pthread_t thread;
	uint64_t begin, end; // of the program's code
} s;

static int receive_listener(void)
{
	union {
		struct cmsghdr head;
		char room[CMSG_SPACE(sizeof(int))];
	} control;
	char byte;
	struct iovec io = {&byte, 1};
	struct msghdr m = {.msg_iov = &io, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control};
	int fd = -1;
	if (recvmsg(s.channel[0], &m, MSG_CMSG_CLOEXEC) > 0 && CMSG_FIRSTHDR(&m))
		memcpy(&fd, CMSG_DATA(&control.head), sizeof fd);
	return fd;
}

// Where the code of the program itself is, without its libraries.
static void find_program(uint32_t pid)
{
	char path[64], line[512];
	struct stat exe;
	snprintf(path, sizeof path, "/proc/%u/exe", pid);
	if (stat(path, &exe) < 0)
		return;
	snprintf(path, sizeof path, "/proc/%u/maps", pid);
	FILE *f = fopen(path, "re");
	while (f && fgets(line, sizeof line, f)) {
		unsigned long begin, end, inode;
		char mode[8];
		if (sscanf(line, "%lx-%lx %7s %*x %*x:%*x %lu", &begin, &end, mode, &inode) != 4 || inode != exe.st_ino)
			continue;
		if (!s.begin)
			s.begin = begin;
		if (strchr(mode, 'x'))
			s.end = end;
	}
	if (f)
		fclose(f);
}

// The first words on the stack that point into the program's code.
static void find_callers(uint32_t pid, struct site *at)
{
	char path[64], text[256];
	uint64_t stack[1024], sp;
	snprintf(path, sizeof path, "/proc/%u/syscall", pid);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? -1 : read(fd, text, sizeof text - 1);
	if (fd >= 0)
		close(fd);
	if (n <= 0)
		return;
	text[n] = '\0';
	if (sscanf(text, "%*s %*s %*s %*s %*s %*s %*s %lx", &sp) != 1)
		return;
	unsigned found = 0;
	struct iovec here = {stack, sizeof stack}, there = {(void *)(uintptr_t)sp, sizeof stack};
	n = process_vm_readv((pid_t)pid, &here, 1, &there, 1, 0);
	for (ssize_t i = 0; i < n / (ssize_t)sizeof *stack && found < SITE_DEPTH; i++)
		if (stack[i] > s.begin && stack[i] < s.end)
			at->at[found++] = (uint32_t)(stack[i] - s.begin);
}

static bool same_place(const struct site *a, const struct site *b)
{
	return a->call == b->call && memcmp(a->at, b->at, sizeof a->at) == 0;
}

static bool is_fault(const struct fault *f, const struct site *at)
{
	return f->err && same_place(&f->site, at) && f->site.before == at->before;
}

// The errno that the call fails with; 0: it is made.
static int decide(struct site *at)
{
	struct trace *t = s.trace;
	for (unsigned i = 0; i < t->n; i++)
		at->before += same_place(&t->calls[i], at);
	if (t->n < SITE_CALLS)
		t->calls[t->n++] = *at;
	if (t->given == (int)at->call) {
		t->given = -1;
		t->after = t->n;
		return t->given_errno;
	}
	if (is_fault(&t->fault, at) && !t->done) {
		t->done = true;
		return t->fault.err;
	}
	return 0;
}

static void answer(void)
{
	struct seccomp_notif call = {0};
	if (ioctl(s.listener, SECCOMP_IOCTL_NOTIF_RECV, &call) < 0)
		return;
	struct seccomp_notif_resp resp = {.id = call.id};
	struct site at = {0};
	while (at.call < fault_call_count && fault_calls[at.call].number != call.data.nr)
		at.call++;
	if (!s.end)
		find_program(call.pid);
	find_callers(call.pid, &at);
	unsigned second = fault_calls[at.call].second;
	int err = second && second != call.data.args[1] ? 0 : decide(&at);
	resp.error = -err;
	if (!err && call.data.nr != FAULT_MEMORY)
		resp.flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE;
	ioctl(s.listener, SECCOMP_IOCTL_NOTIF_SEND, &resp);
}

static void *serve(void *data)
{
	(void)data;
	s.listener = receive_listener();
	struct pollfd fd = {.fd = s.listener, .events = POLLIN};
	while (s.listener >= 0 && (poll(&fd, 1, -1) > 0 || errno == EINTR) && !(fd.revents & POLLHUP))
		if (fd.revents & POLLIN)
			answer();
	return NULL;
}

bool supervise_begin(const char *preload, struct trace *t)
{
	char number[16];
	s.trace = t;
	s.begin = s.end = 0;
	t->n = 0;
	t->after = 0;
	t->given = -1;
	t->done = false;
	if (socketpair(AF_UNIX, SOCK_SEQPACKET, 0, s.channel) < 0)
		return false;
	fcntl(s.channel[0], F_SETFD, FD_CLOEXEC);
	snprintf(number, sizeof number, "%d", s.channel[1]);
	setenv(FAULT_CHANNEL, number, 1);
	setenv("LD_PRELOAD", preload, 1);
	return true;
}

void supervise_child(void)
{
	unsetenv("LD_PRELOAD");
	unsetenv(FAULT_CHANNEL);
	close(s.channel[1]);
	if (pthread_create(&s.thread, NULL, serve, NULL) != 0)
		abort();
}

void supervise_end(void)
{
	pthread_join(s.thread, NULL);
	close(s.channel[0]);
	if (s.listener >= 0)
		close(s.listener);
}
