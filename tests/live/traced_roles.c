// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/live/traced_roles.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <netinet/in.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;
static const char self[] = "/proc/self/exe";

char **traced_role_command(const char *role, const char *argument)
{
	static char *words[5];
	words[0] = (char *)self;
	words[1] = (char *)"--as";
	words[2] = (char *)role;
	words[3] = (char *)argument;
	return words;
}

#define EXPECT(what)                                                                                                   \
	do {                                                                                                           \
		if (!(what)) {                                                                                         \
			dprintf(STDERR_FILENO, "# %s:%d: %s, errno %d\n", __FILE__, __LINE__, #what, errno);           \
			_exit(ROLE_WRONG);                                                                             \
		}                                                                                                      \
	} while (0)

static int bind_to(const char *address)
{
	struct sockaddr_in a = {.sin_family = AF_INET};
	inet_pton(AF_INET, address, &a.sin_addr);
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	EXPECT(fd >= 0);
	int err = bind(fd, (struct sockaddr *)&a, sizeof a) < 0 ? errno : 0;
	close(fd);
	return err;
}

static void bind_both(void)
{
	EXPECT(bind_to("127.0.0.1") == 0);
	EXPECT(bind_to("203.0.113.9") == EADDRNOTAVAIL);
}

static void collect(pid_t child, int wanted)
{
	int status = -1;
	pid_t got;
	do
		got = waitpid(child, &status, 0);
	while (got < 0 && errno == EINTR);
	EXPECT(got == child);
	EXPECT(status == wanted);
}

static void *bind_in_thread(void *data)
{
	(void)data;
	bind_both();
	return NULL;
}

// What wakes it up is none of its own: a tracer sees to it, unless it ends at that very moment.
static void wait_without_eintr(int ms)
{
	struct epoll_event e;
	int fd = epoll_create1(EPOLL_CLOEXEC);
	int n = epoll_wait(fd, &e, 1, ms);
	bool may_wake = getenv(ROLE_MAY_WAKE) != NULL;
#ifndef __x86_64__
	may_wake = true;
#endif
	EXPECT(n == 0 || (may_wake && errno == EINTR));
	close(fd);
}

static volatile sig_atomic_t users, queued;

static void count(int sig)
{
	if (sig == SIGUSR1)
		users++;
	else
		queued++;
}

static void signals(void)
{
	struct sigaction act = {.sa_handler = count, .sa_flags = SA_RESTART};
	sigset_t only, before;
	users = queued = 0;
	sigaction(SIGUSR1, &act, NULL);
	sigaction(SIGRTMIN, &act, NULL);
	raise(SIGUSR1);
	EXPECT(users == 1);
	sigemptyset(&only);
	sigaddset(&only, SIGRTMIN);
	sigprocmask(SIG_BLOCK, &only, &before);
	for (int i = 0; i < 5; i++)
		EXPECT(sigqueue(getpid(), SIGRTMIN, (union sigval){0}) == 0);
	sigprocmask(SIG_SETMASK, &before, NULL);
	EXPECT(queued == 5);
}

static void children(void)
{
	pid_t child = fork();
	if (child == 0) {
		bind_both();
		_exit(ROLE_STATUS);
	}
	collect(child, ROLE_STATUS << 8);
	child = vfork();
	if (child == 0)
		_exit(ROLE_RIGHT);
	collect(child, 0);
	child = fork();
	if (child == 0) {
		raise(SIGTERM);
		_exit(ROLE_RIGHT);
	}
	collect(child, SIGTERM);
}

// A signal that we ignore comes while we wait.
static void wait_for_nothing(void)
{
	pid_t child = fork();
	if (child == 0) {
		usleep(2000);
		_exit(ROLE_RIGHT);
	}
	wait_without_eintr(10);
	collect(child, 0);
}

static void stop_and_continue(void)
{
	pid_t child = fork();
	if (child == 0) {
		kill(getppid(), SIGSTOP);
		kill(getppid(), SIGCONT);
		_exit(ROLE_RIGHT);
	}
	collect(child, 0);
}

// A grandchild that nobody waits for here.
static void daemon_that(void (*does)(void))
{
	pid_t child = fork();
	if (child == 0) {
		setsid();
		if (fork() == 0)
			does();
		_exit(ROLE_RIGHT);
	}
	collect(child, 0);
}

static void say_and_end(void)
{
	bind_both();
	_exit(ROLE_RIGHT);
}

static void *execute(void *argument)
{
	char **words = traced_role_command("work", argument);
	execv(self, words);
	_exit(ROLE_WRONG);
}

// All that a program does, so many times; in the end a thread executes the next round.
static void work(int rounds)
{
	char rest[16];
	pthread_t a, b;
	signals();
	wait_for_nothing();
	EXPECT(pthread_create(&a, NULL, bind_in_thread, NULL) == 0);
	EXPECT(pthread_create(&b, NULL, bind_in_thread, NULL) == 0);
	children();
	daemon_that(say_and_end);
	EXPECT(pthread_join(a, NULL) == 0 && pthread_join(b, NULL) == 0);
	stop_and_continue();
	if (rounds <= 1)
		_exit(ROLE_RIGHT);
	snprintf(rest, sizeof rest, "%d", rounds - 1);
	pthread_create(&a, NULL, execute, rest);
	for (;;)
		pause();
}

// Roles that have no end.

static void bind_on(void)
{
	for (;;)
		bind_both();
}

static void *bind_on_in_thread(void *data)
{
	(void)data;
	bind_on();
	return NULL;
}

static void fork_on(void)
{
	for (;;) {
		pid_t child = fork();
		if (child == 0)
			_exit(ROLE_RIGHT);
		collect(child, 0);
		if ((child = vfork()) == 0)
			_exit(ROLE_RIGHT);
		collect(child, 0);
	}
}

static void stay_stopped(void)
{
	for (;;)
		raise(SIGSTOP);
}

static void signal_on(void)
{
	struct sigaction act = {.sa_handler = count};
	sigaction(SIGUSR1, &act, NULL);
	signal(SIGTERM, SIG_IGN);
	for (;;)
		raise(SIGUSR1);
}

static void execute_on(void)
{
	char *words[] = {(char *)self, (char *)"--as", (char *)"execute", NULL};
	execv(self, words);
	_exit(ROLE_WRONG);
}

static void leave_first(void)
{
	pthread_t thread;
	pthread_create(&thread, NULL, bind_on_in_thread, NULL);
	syscall(SYS_exit, 0); // this thread only
	_exit(ROLE_WRONG);
}

static void storm(void)
{
	void (*const parts[])(void) = {bind_on, fork_on, stay_stopped, signal_on, execute_on, leave_first};
	pthread_t thread;
	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
		if (fork() == 0)
			parts[i]();
	daemon_that(bind_on);
	pthread_create(&thread, NULL, bind_on_in_thread, NULL);
	fork_on();
}

// Roles that tell of themselves.

// What it was given: its signals, descriptors and environment.
static void report(void)
{
	char line[256], path[64], target[256];
	FILE *f = fopen("/proc/self/status", "re");
	while (f && fgets(line, sizeof line, f))
		if (strncmp(line, "Sig", 3) == 0 || strncmp(line, "Cap", 3) == 0 || strncmp(line, "Uid", 3) == 0)
			if (strncmp(line, "SigQ", 4) != 0)
				fputs(line, stdout);
	if (f)
		fclose(f);
	for (int fd = 0; fd < 64; fd++) {
		snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
		ssize_t n = readlink(path, target, sizeof target - 1);
		if (n > 0)
			printf("%d %.*s %d\n", fd, (int)n, target, fcntl(fd, F_GETFD));
	}
	for (char **e = environ; *e; e++)
		puts(*e);
	printf("%d %d %d\n", getpgrp() == getppid(), (int)getsid(0), (int)tcgetpgrp(0));
	fflush(stdout);
	_exit(ROLE_RIGHT);
}

static void filter_call(long number, uint32_t action)
{
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)number, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, action),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog program = {.len = sizeof code / sizeof *code, .filter = code};
	EXPECT(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0);
	EXPECT(prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0);
	_exit(ROLE_RIGHT);
}

static void run_role(const char *role, const char *argument)
{
	if (strcmp(role, "work") == 0)
		work(argument ? atoi(argument) : 1);
	else if (strcmp(role, "storm") == 0)
		storm();
	else if (strcmp(role, "execute") == 0)
		execute_on();
	else if (strcmp(role, "daemon") == 0)
		daemon_that(say_and_end);
	else if (strcmp(role, "report") == 0)
		report();
	else if (strcmp(role, "forks") == 0)
		for (int n = atoi(argument); n > 0; n--) {
			pid_t child = fork();
			if (child == 0)
				_exit(ROLE_RIGHT);
			collect(child, 0);
		}
	else if (strcmp(role, "dies") == 0)
		raise(atoi(argument));
	else if (strcmp(role, "hides") == 0)
		filter_call(SYS_bind, SECCOMP_RET_ERRNO | EACCES);
	else if (strcmp(role, "filters") == 0)
		filter_call(SYS_reboot, SECCOMP_RET_ERRNO | EACCES);
	else if (strcmp(role, "waits") == 0)
		wait_without_eintr(atoi(argument));
	else
		_exit(ROLE_STATUS);
	_exit(ROLE_RIGHT);
}

void traced_role(int argc, char **argv)
{
	if (argc >= 3 && strcmp(argv[1], "--as") == 0)
		run_role(argv[2], argv[3]);
}
