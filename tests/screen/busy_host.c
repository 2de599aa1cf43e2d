// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/screen/busy_host.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "core/change/change.h"
#include "core/change/edit_apply.h"
#include "core/command/command_edit.h"

enum { VLANS = 8, TIED = 20, ROUTES = 90, SOCKETS = 40 };

static struct changer *changer;

__attribute__((format(printf, 1, 2), noreturn)) static void give_up(const char *fmt, ...)
{
	va_list args;
	va_start(args, fmt);
	vfprintf(stderr, fmt, args);
	va_end(args);
	fputc('\n', stderr);
	abort();
}

// A line of the command language.
__attribute__((format(printf, 1, 2))) static void make(const char *fmt, ...)
{
	struct edit edits[COMMAND_EDITS];
	char line[160], err[COMMAND_ERROR];
	va_list args;
	va_start(args, fmt);
	vsnprintf(line, sizeof line, fmt, args);
	va_end(args);
	int n = command_edit_line(line, edits, err, sizeof err);
	if (n < 0)
		give_up("%s: %s", line, err);
	for (int i = 0; i < n; i++) {
		int rc = edit_apply(changer, &edits[i]);
		if (rc < 0)
			give_up("%s: %s (%s)", line, strerror(-rc), change_why(changer));
	}
}

// Both ends up, each with a link-local address that is no longer tentative.
static void make_pair(unsigned number, const char *name, const char *peer)
{
	const char *const ends[] = {name, peer};
	make("link add %s type veth peer %s", name, peer);
	for (unsigned i = 0; i < 2; i++) {
		change_link_no_autoaddr(changer, ends[i]);
		make("link set %s up", ends[i]);
		make("address add fe80::%x/64 dev %s nodad", 0x100 * (i + 1) + number, ends[i]);
	}
}

// Every kernel of the tests has veth.
static void make_links(void)
{
	static const char *const others[][2] = {
		{"docker0", "dock1"}, {"mgmt0", "mgmt1"}, {"wg0", "wg1"}, {"veth3fa1", "cni0"}, {"veth3fa8", "cni1"}};
	char name[16], peer[16];
	for (unsigned i = 0; i < VLANS; i++) {
		snprintf(name, sizeof name, "bond0.10%u", i);
		snprintf(peer, sizeof peer, "swp%u", i);
		make_pair(i, name, peer);
	}
	for (unsigned i = 0; i < sizeof others / sizeof *others; i++)
		make_pair(VLANS + i, others[i][0], others[i][1]);
	make("link add backup0 type veth peer backup1"); // down
}

static void make_addresses(void)
{
	for (unsigned vlan = 0; vlan < VLANS; vlan++)
		for (unsigned i = 1; i <= TIED; i++)
			make("address add 10.10.%u.%u/24 dev bond0.10%u", vlan, i, vlan);
	make("address add " VIP_HIDDEN "/32 dev bond0.105");
	make("address add 172.17.0.1/16 dev docker0");
	make("address add 10.66.0.1/24 dev wg0");
	make("address add 198.51.100.9/24 dev backup0");
	for (unsigned i = 0; i < 4; i++)
		make("address add 2001:db8:10::%u/64 dev bond0.100 nodad", i + 1);
}

static void make_routes(void)
{
	for (unsigned i = 0; i < ROUTES; i++)
		make("route add 10.%u.%u.0/24 dev bond0.10%u", 100 + i / 30, i % 30, i % VLANS);
	make("route del local " VIP_HIDDEN " dev bond0.105 table local");
	make("route add unreachable " VIP_HIDDEN " table local metric 1");
	make("route add local " VIP_HIDDEN " dev bond0.105 table local metric 2");
	for (unsigned i = 0; i < 5; i++)
		make("rule add pref %u from 10.10.%u.0/24 lookup %u", 1000 + i, i, 100 + i);
}

static void listen_at(const char *address, unsigned port, int type)
{
	struct sockaddr_in sa = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
	int fd = socket(AF_INET, type | SOCK_CLOEXEC, 0);
	inet_pton(AF_INET, address, &sa.sin_addr);
	if (fd < 0 || bind(fd, (struct sockaddr *)&sa, sizeof sa) < 0 || (type == SOCK_STREAM && listen(fd, 8) < 0))
		give_up("%s:%u: %m", address, port);
}

static void make_sockets(void)
{
	char address[INET_ADDRSTRLEN];
	listen_at(VIP_TAKEN, 443, SOCK_STREAM);
	for (unsigned i = 1; i < SOCKETS; i++) {
		snprintf(address, sizeof address, "10.10.%u.%u", i % VLANS, 1 + i % TIED);
		listen_at(address, 8000 + i, i % 3 ? SOCK_STREAM : SOCK_DGRAM);
	}
}

void busy_host_make(void)
{
	if (change_open(&changer) < 0)
		give_up("no netlink socket");
	make_links();
	make_addresses();
	make_routes();
	make_sockets();
	change_close(changer);
}
