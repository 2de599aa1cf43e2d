// SPDX-License-Identifier: GPL-3.0-or-later
// Runs a command that something outside the network stack limits:
//   deny seccomp CALL ERRNO COMMAND...    CALL (see the table) fails with ERRNO, a number
//   deny landlock PORTS COMMAND...        TCP ports other than these (80,443 or none) cannot be bound
//   deny files N COMMAND...               no more than N descriptors
// A kernel without it ends this with status 77.
#include <err.h>
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { UNSUPPORTED = 77 };
enum { IS = BPF_JMP | BPF_JEQ | BPF_K, AT_LEAST = BPF_JMP | BPF_JGE | BPF_K };

// Which calls: with an argument, its number from 0, that is the value or at least that. bind() of netlink passes: its
// addresses have 12 bytes.
static const struct {
	const char *name;
	long number;
	int argument;
	unsigned short jump;
	size_t value;
} calls[] = {
	{"bind", SYS_bind, 2, AT_LEAST, sizeof(struct sockaddr)},
	{"anybind", SYS_bind, 2, AT_LEAST, 0},
	{"socket", SYS_socket, 0, AT_LEAST, 0},
	{"inet", SYS_socket, 0, IS, AF_INET},
	{"inet6", SYS_socket, 0, IS, AF_INET6},
	{"netlink", SYS_socket, 0, IS, AF_NETLINK},
	{"ioctl", SYS_ioctl, 0, AT_LEAST, 0},
	{"capget", SYS_capget, 0, AT_LEAST, 0},
};

static void seccomp(const char *name, unsigned number)
{
	size_t i = 0;
	while (strcmp(calls[i].name, name) != 0)
		if (++i == sizeof calls / sizeof *calls)
			errx(2, "unknown call %s", name);
	// Little endian: the low half of an argument comes first.
	struct sock_filter filter[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)calls[i].number, 0, 3),
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
			 offsetof(struct seccomp_data, args) + 8 * (unsigned)calls[i].argument),
		BPF_JUMP(calls[i].jump, (uint32_t)calls[i].value, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | (number & SECCOMP_RET_DATA)),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog program = {sizeof filter / sizeof *filter, filter};
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 || prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) < 0)
		err(UNSUPPORTED, "seccomp");
}

// Of the kernel's landlock.h, which Debian 12 has without network rules.
static void landlock(char *ports)
{
	struct {
		uint64_t access_fs, access_net;
	} rules = {0, 1}; // LANDLOCK_ACCESS_NET_BIND_TCP
	struct {
		uint64_t access, port;
	} rule = {1, 0};
	int fd = (int)syscall(444, &rules, sizeof rules, 0);
	if (fd < 0)
		err(UNSUPPORTED, "Landlock's network rules");
	for (char *port = strtok(ports, ","); port && strcmp(port, "none") != 0; port = strtok(NULL, ",")) {
		rule.port = strtoul(port, NULL, 10);
		if (syscall(445, fd, 2, &rule, 0) < 0)
			err(1, "landlock_add_rule %s", port);
	}
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 || syscall(446, fd, 0) < 0)
		err(1, "landlock_restrict_self");
	close(fd);
}

int main(int argc, char **argv)
{
	int command = 3;
	if (argc > 4 && strcmp(argv[1], "seccomp") == 0) {
		seccomp(argv[2], (unsigned)strtoul(argv[3], NULL, 10));
		command = 4;
	} else if (argc > 3 && strcmp(argv[1], "landlock") == 0) {
		landlock(argv[2]);
	} else if (argc > 3 && strcmp(argv[1], "files") == 0) {
		struct rlimit limit = {strtoul(argv[2], NULL, 10), strtoul(argv[2], NULL, 10)};
		if (setrlimit(RLIMIT_NOFILE, &limit) < 0)
			err(1, "setrlimit");
	} else {
		errx(2, "usage: deny seccomp CALL ERRNO COMMAND... | landlock PORTS COMMAND... | files N COMMAND...");
	}
	execvp(argv[command], argv + command);
	err(127, "%s", argv[command]);
}
