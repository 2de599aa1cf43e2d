// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/command/lab_recipe.h"

#include <string.h>

// lo first: a namespace that never had an address has no IPv4 table, and every IPv4 bind succeeds in it. Addresses
// without duplicate detection, and none of the kernel's own making, which would be tentative for their first seconds.
#define HOST                                                                                                           \
	"link set lo up\n"                                                                                             \
	"link add eth0 type veth peer eth0 netns neighbour\n"                                                          \
	"sysctl net.ipv6.conf.eth0.addr_gen_mode 1\n"                                                                  \
	"link set eth0 up\n"                                                                                           \
	"address add 192.0.2.2/24 dev eth0\n"                                                                          \
	"address add 2001:db8::2/64 dev eth0 nodad\n"                                                                  \
	"address add fe80::2/64 dev eth0 nodad\n"

static const struct lab_recipe recipes[] = {
	{"host", "lo, and eth0 with addresses of both families", HOST},
	{"empty", "nothing: lo is down, and IPv4 has no table local yet", ""},
	{"anyip", "host, and a prefix of each family routed to it as local",
	 HOST "route add local 192.168.123.0/24 dev lo\n"
	      "route add local 2001:db8:123::/64 dev lo\n"},
	{"router", "host, and two VRFs, red and blue, with the same addresses in both",
	 HOST "link add red type vrf table 10\n"
	      "link add blue type vrf table 20\n"
	      "link set red up\n"
	      "link set blue up\n"
	      "link add eth1 type veth peer eth1 netns neighbour\n"
	      "link add eth2 type veth peer eth2 netns neighbour\n"
	      "link set eth1 master red\n"
	      "link set eth2 master blue\n"
	      "sysctl net.ipv6.conf.eth1.addr_gen_mode 1\n"
	      "sysctl net.ipv6.conf.eth2.addr_gen_mode 1\n"
	      "link set eth1 up\n"
	      "link set eth2 up\n"
	      "address add 10.0.0.1/24 dev eth1\n"
	      "address add 10.0.0.1/24 dev eth2\n"
	      "address add 2001:db8:1::1/64 dev eth1 nodad\n"
	      "address add 2001:db8:1::1/64 dev eth2 nodad\n"
	      "route add local 10.10.0.0/16 dev lo table 10\n"
	      "sysctl net.ipv4.ip_forward 1\n"},
};

const struct lab_recipe *lab_recipe(size_t n)
{
	return n < sizeof recipes / sizeof *recipes ? &recipes[n] : NULL;
}

const char *lab_recipe_script(const char *name)
{
	const struct lab_recipe *r;
	for (size_t i = 0; (r = lab_recipe(i)); i++)
		if (strcmp(r->name, name) == 0)
			return r->script;
	return NULL;
}
