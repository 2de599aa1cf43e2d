// SPDX-License-Identifier: GPL-3.0-or-later
// Holds a socket for a case, until it is killed:
//   hold PROTOCOL ADDRESS PORT[-LAST] [WORD]...
// PROTOCOL is tcp, udp, udplite, mptcp, sctp, ping or raw; ADDRESS may have %SCOPE. Words: listen, reuseaddr,
// reuseport, v6only, v6only=0, freebind, transparent, noport, device=IF, uid=N (whose socket it is), name=PROGRAM,
// connect=ADDRESS,PORT (an outgoing connection), child (a child has the socket, the parent has closed it), and for a
// connection that was once accepted there: established, time-wait, fin-wait, close-wait; `gone` closes the listener
// afterwards, `lone` the process too. It returns when the socket is there, its pid is in the file PROGRAM.pid.
#include <arpa/inet.h>
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/fsuid.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#ifndef IPPROTO_MPTCP
#define IPPROTO_MPTCP 262
#endif
#ifndef IP_BIND_ADDRESS_NO_PORT
#define IP_BIND_ADDRESS_NO_PORT 24
#endif
#ifndef IPV6_TRANSPARENT
#define IPV6_TRANSPARENT 75
#endif
#ifndef IPV6_FREEBIND
#define IPV6_FREEBIND 78
#endif

static const struct protocol {
	const char *name;
	int type, number, number6;
} protocols[] = {
	{"tcp", SOCK_STREAM, IPPROTO_TCP, IPPROTO_TCP},
	{"udp", SOCK_DGRAM, IPPROTO_UDP, IPPROTO_UDP},
	{"udplite", SOCK_DGRAM, IPPROTO_UDPLITE, IPPROTO_UDPLITE},
	{"mptcp", SOCK_STREAM, IPPROTO_MPTCP, IPPROTO_MPTCP},
	{"sctp", SOCK_STREAM, IPPROTO_SCTP, IPPROTO_SCTP},
	{"ping", SOCK_DGRAM, IPPROTO_ICMP, IPPROTO_ICMPV6},
	{"raw", SOCK_RAW, 253, 253},
};

union address {
	struct sockaddr any;
	struct sockaddr_in in;
	struct sockaddr_in6 in6;
};

static socklen_t address_of(const char *text, unsigned port, union address *to)
{
	char host[128];
	snprintf(host, sizeof host, "%s", text);
	memset(to, 0, sizeof *to);
	if (!strchr(text, ':')) {
		to->in.sin_family = AF_INET;
		to->in.sin_port = htons((uint16_t)port);
		if (inet_pton(AF_INET, host, &to->in.sin_addr) != 1)
			errx(1, "not an address: %s", text);
		return sizeof to->in;
	}
	char *scope = strchr(host, '%');
	if (scope)
		*scope++ = 0;
	to->in6.sin6_family = AF_INET6;
	to->in6.sin6_port = htons((uint16_t)port);
	to->in6.sin6_scope_id = scope ? if_nametoindex(scope) : 0;
	if (inet_pton(AF_INET6, host, &to->in6.sin6_addr) != 1)
		errx(1, "not an address: %s", text);
	return sizeof to->in6;
}

static void set(int fd, int level, int name, int value)
{
	if (setsockopt(fd, level, name, &value, sizeof value) < 0)
		err(1, "setsockopt %d %d", level, name);
}

// The value of a word NAME=VALUE.
static const char *value_of(const char *word, const char *name)
{
	size_t n = strlen(name);
	return strncmp(word, name, n) == 0 && word[n] == '=' ? word + n + 1 : NULL;
}

static const char *find(char **words, const char *name)
{
	for (; *words; words++)
		if (value_of(*words, name))
			return value_of(*words, name);
	return NULL;
}

static bool has(char **words, const char *word)
{
	for (; *words; words++)
		if (strcmp(*words, word) == 0)
			return true;
	return false;
}

static int made(const struct protocol *p, int family, char **words)
{
	const char *uid = find(words, "uid"), *device = find(words, "device");
	bool six = family == AF_INET6;
	// The kernel takes the file system's uid for the owner of a socket.
	if (uid)
		setfsuid((uid_t)strtoul(uid, NULL, 10));
	int fd = socket(family, p->type | SOCK_CLOEXEC, six ? p->number6 : p->number);
	setfsuid(0);
	if (fd < 0)
		err(1, "socket");
	if (has(words, "reuseaddr"))
		set(fd, SOL_SOCKET, SO_REUSEADDR, 1);
	if (has(words, "reuseport"))
		set(fd, SOL_SOCKET, SO_REUSEPORT, 1);
	if (has(words, "v6only") || has(words, "v6only=0"))
		set(fd, IPPROTO_IPV6, IPV6_V6ONLY, has(words, "v6only"));
	if (has(words, "freebind"))
		set(fd, six ? IPPROTO_IPV6 : IPPROTO_IP, six ? IPV6_FREEBIND : IP_FREEBIND, 1);
	if (has(words, "transparent"))
		set(fd, six ? IPPROTO_IPV6 : IPPROTO_IP, six ? IPV6_TRANSPARENT : IP_TRANSPARENT, 1);
	if (has(words, "noport"))
		set(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, 1);
	if (device && setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, device, (socklen_t)strlen(device)) < 0)
		err(1, "device %s", device);
	return fd;
}

// Waits until the kernel lists a TCP socket of that port in that state: 06 is TIME_WAIT, as /proc has it.
static void await(unsigned port, unsigned wanted)
{
	static const char *const files[] = {"/proc/net/tcp", "/proc/net/tcp6"};
	for (int round = 0; round < 30000; round++) {
		for (int i = 0; i < 2; i++) {
			char line[512];
			unsigned local, state;
			FILE *f = fopen(files[i], "re");
			while (f && fgets(line, sizeof line, f))
				if (sscanf(line, " %*d: %*[0-9A-F]:%x %*[0-9A-F]:%*x %x", &local, &state) == 2 &&
				    local == port && state == wanted) {
					fclose(f);
					return;
				}
			if (f)
				fclose(f);
		}
		nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
	}
	errx(1, "no socket of port %u came into state %02x", port, wanted);
}

// One connection to the listener, brought into the state that is wanted on the listener's side.
static void connection(int listener, const union address *at, socklen_t n, unsigned port, char **words)
{
	char byte;
	int client = socket(at->any.sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (client < 0 || connect(client, &at->any, n) < 0)
		err(1, "connect");
	int server = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
	if (server < 0)
		err(1, "accept");
	if (has(words, "established"))
		return;
	if (has(words, "close-wait")) {
		close(client);
		await(port, 0x08);
		return;
	}
	close(server);
	if (has(words, "fin-wait")) {
		await(port, 0x05);
		return;
	}
	if (read(client, &byte, 1) != 0)
		errx(1, "no end of the connection came");
	close(client);
	await(port, 0x06);
}

int main(int argc, char **argv)
{
	const struct protocol *p = NULL;
	char *dash, file[64];
	union address at, to;
	if (argc < 4)
		errx(2, "usage: hold PROTOCOL ADDRESS PORT[-LAST] [WORD]...");
	for (size_t i = 0; i < sizeof protocols / sizeof *protocols; i++)
		if (strcmp(protocols[i].name, argv[1]) == 0)
			p = &protocols[i];
	if (!p)
		errx(2, "unknown protocol %s", argv[1]);
	char **words = argv + 4;
	unsigned first = (unsigned)strtoul(argv[3], &dash, 10),
		 last = *dash == '-' ? (unsigned)strtoul(dash + 1, NULL, 10) : first;
	const char *name = find(words, "name"), *uid = find(words, "uid"), *peer = find(words, "connect");

	int ready[2];
	if (pipe2(ready, O_CLOEXEC) < 0)
		err(1, "pipe");
	pid_t pid = fork();
	if (pid < 0)
		err(1, "fork");
	if (pid) { // the case goes on when the child says so
		char byte;
		close(ready[1]);
		if (read(ready[0], &byte, 1) != 1)
			return 1;
		return 0;
	}
	for (unsigned port = first; port <= last; port++) {
		socklen_t n = address_of(argv[2], port, &at);
		int fd = made(p, at.any.sa_family, words);
		if (!has(words, "unbound") && bind(fd, &at.any, n) < 0)
			err(1, "bind %s %u", argv[2], port);
		if (has(words, "listen") && listen(fd, 8) < 0)
			err(1, "listen");
		if (has(words, "established") || has(words, "close-wait") || has(words, "fin-wait") ||
		    has(words, "time-wait"))
			connection(fd, &at, n, port, words);
		if (has(words, "gone"))
			close(fd);
		if (peer) {
			char host[128];
			const char *comma = strrchr(peer, ',');
			if (!comma)
				errx(2, "connect=ADDRESS,PORT");
			snprintf(host, sizeof host, "%.*s", (int)(comma - peer), peer);
			n = address_of(host, (unsigned)strtoul(comma + 1, NULL, 10), &to);
			if (connect(fd, &to.any, n) < 0)
				err(1, "connect %s", peer);
		}
	}
	if (has(words, "child") && fork())
		_exit(0);
	snprintf(file, sizeof file, "%s.pid", name ? name : "hold");
	FILE *f = fopen(file, "we");
	if (f) {
		fprintf(f, "%d\n", (int)getpid());
		fclose(f);
	}
	uid_t id = uid ? (uid_t)strtoul(uid, NULL, 10) : 0;
	if (uid && setresuid(id, id, id) < 0)
		err(1, "uid %s", uid);
	prctl(PR_SET_NAME, name ? name : "hold");
	// Whoever reads the set-up's output must not wait for us.
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);
	for (int i = 0; i < 3 && null >= 0; i++)
		dup2(null, i);
	if (write(ready[1], "+", 1) != 1)
		return 1;
	if (has(words, "lone"))
		return 0;
	for (;;)
		pause();
}
