// SPDX-License-Identifier: GPL-3.0-or-later
// hold N [end]: holds sockets for the benchmark: half of them listen on TCP ports, half are bound to UDP ports, from
// 10000 on. Says "ready", and holds them until it is killed, or with "end" ends at once.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

static int hold(int type, unsigned port)
{
	struct sockaddr_in sin = {
		.sin_family = AF_INET, .sin_port = htons((uint16_t)port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	int fd = socket(AF_INET, type, 0);
	if (fd < 0 || bind(fd, (struct sockaddr *)&sin, sizeof sin) < 0 || (type == SOCK_STREAM && listen(fd, 1) < 0))
		return -1;
	return 0;
}

int main(int argc, char **argv)
{
	unsigned count = argc > 1 ? (unsigned)strtoul(argv[1], NULL, 10) : 1000;
	struct rlimit files = {count + 64, count + 64};
	setrlimit(RLIMIT_NOFILE, &files);
	for (unsigned i = 0; i < count; i++)
		if (hold(i % 2 ? SOCK_DGRAM : SOCK_STREAM, 10000 + i / 2) < 0) {
			perror("hold");
			return 1;
		}
	puts("ready");
	fflush(stdout);
	if (argc < 3)
		pause();
	return 0;
}
