// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/screen/outside.h"

#include <fcntl.h>
#include <linux/rtnetlink.h>
#include <netinet/in.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/change/edit_apply.h"
#include "core/command/command_edit.h"
#include "core/command/command_parse.h"

static int enter(pid_t pid, const char *name)
{
	char path[64];
	snprintf(path, sizeof path, "/proc/%d/ns/%s", pid, name);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	int rc = fd < 0 ? -1 : setns(fd, 0);
	if (fd >= 0)
		close(fd);
	return rc;
}

// Into the lab of the explorer that runs as that process.
static int join(pid_t lab)
{
	return (geteuid() != 0 && enter(lab, "user") < 0) || enter(lab, "net") < 0 ? -1 : 0;
}

pid_t in_lab(const struct pty *p, int (*act)(const void *), const void *data)
{
	int ready[2];
	char ok = 0;
	assert_int_equal(pipe(ready), 0);
	pid_t pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		ok = join(p->child) == 0 && act(data) == 0;
		if (write(ready[1], &ok, 1) == 1)
			pause();
		_exit(0);
	}
	close(ready[1]);
	assert_int_equal(read(ready[0], &ok, 1), 1);
	close(ready[0]);
	assert_int_equal(ok, 1);
	return pid;
}

void end(pid_t pid)
{
	kill(pid, SIGKILL);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
}

int hold(const void *data)
{
	const struct held *held = data;
	struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons(held->port)};
	struct addr addr;
	int fd = socket(AF_INET, held->type, 0);
	if (addr_parse(held->address, &addr) < 0)
		return -1;
	a.sin_addr.s_addr = htonl(addr_v4(&addr));
	if (fd < 0 || bind(fd, (struct sockaddr *)&a, sizeof a) < 0)
		return -1;
	return held->type == SOCK_STREAM ? listen(fd, 1) : 0;
}

static int change(const void *data)
{
	char lines[1024], err[COMMAND_ERROR];
	struct changer *c;
	struct command_call call;
	struct edit edits[COMMAND_EDITS];
	snprintf(lines, sizeof lines, "%s", (const char *)data);
	if (change_open(&c) < 0)
		return -1;
	for (char *rest = lines, *line; (line = strsep(&rest, ";"));) {
		if (command_parse(line, &call, err, sizeof err, NULL) < 0)
			return -1;
		int n = command_edits(&call, edits, err, sizeof err);
		for (int i = 0; i < n; i++)
			if (edit_apply(c, &edits[i]) < 0)
				n = -1;
		if (n < 0)
			return -1;
	}
	return 0;
}

void change_outside(const struct pty *p, const char *lines)
{
	end(in_lab(p, change, lines));
}

static int add_routes(const void *data)
{
	unsigned n = *(const unsigned *)data;
	struct changer *c;
	if (change_open(&c) < 0)
		return -1;
	for (unsigned i = 0; i < n; i++) {
		const struct edit_route r = {.dst = {addr_from_v4(0x0a000000 + i), 32},
					     .table = RT_TABLE_LOCAL,
					     .type = RTN_LOCAL,
					     .scope = RT_SCOPE_HOST,
					     .has_scope = true};
		if (change_route(c, true, "lo", &r) < 0)
			return -1;
	}
	return 0;
}

void routes_outside(const struct pty *p, unsigned n)
{
	end(in_lab(p, add_routes, &n));
}
