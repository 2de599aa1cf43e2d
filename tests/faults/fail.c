// SPDX-License-Identifier: GPL-3.0-or-later
// Preloaded into the program under test: from main() on, each call of the table asks a supervisor outside whether it
// fails (seccomp's user notification). Allocations ask by a system call that no kernel has.
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "tests/faults/calls.h"

// glibc's own, behind the names that are taken here.
void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *old, size_t size);

static bool armed;

static bool fails(void)
{
	return armed && syscall(FAULT_MEMORY) < 0 && errno == ENOMEM;
}

void *malloc(size_t size)
{
	return fails() ? NULL : __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
	return fails() ? NULL : __libc_calloc(count, size);
}

void *realloc(void *old, size_t size)
{
	return fails() ? NULL : __libc_realloc(old, size);
}

static int install(void)
{
	enum { MOST = 128 };
	struct sock_filter code[MOST];
	unsigned short n = 0, calls = (unsigned short)fault_call_count;
	code[n++] = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr));
	for (unsigned short i = 0; i < calls; i++)
		code[n++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)fault_calls[i].number,
							 (uint8_t)(calls - i), 0);
	code[n++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
	code[n++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_USER_NOTIF);
	struct sock_fprog program = {n, code};
	int fd = (int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_NEW_LISTENER, &program);
	if (fd >= 0 || errno != EACCES || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		return fd;
	return (int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_NEW_LISTENER, &program);
}

// By sendmmsg(), which is not in the table.
static void hand_over(int channel, int listener)
{
	union {
		struct cmsghdr head;
		char room[CMSG_SPACE(sizeof(int))];
	} control = {.head = {CMSG_LEN(sizeof(int)), SOL_SOCKET, SCM_RIGHTS}};
	struct iovec byte = {"", 1};
	struct mmsghdr m = {
		.msg_hdr = {
			.msg_iov = &byte, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control}};
	memcpy(CMSG_DATA(&control.head), &listener, sizeof listener);
	if (sendmmsg(channel, &m, 1, 0) != 1)
		_exit(99);
	close(channel);
	close(listener);
}

__attribute__((constructor)) static void arm(void)
{
	const char *channel = getenv(FAULT_CHANNEL);
	if (!channel)
		return;
	int fd = atoi(channel), listener = install();
	unsetenv(FAULT_CHANNEL);
	unsetenv("LD_PRELOAD");
	if (listener < 0)
		_exit(FAULT_NO_LISTENER);
	hand_over(fd, listener);
	armed = true;
}
