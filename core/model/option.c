// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/option.h"

#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

// Numbers that older C libraries do not name.
enum {
	NUMBER_BINDTOIFINDEX = 62,
	NUMBER_PORT_RANGE = 51,
	NUMBER_IPV6_FREEBIND = 78,
	NUMBER_IPV6_TRANSPARENT = 75,
	NUMBER_NO_PORT = 24
};

static const struct sockopt options[OPT_COUNT] = {
	[OPT_FREEBIND] =
		{"freebind", "IP_FREEBIND", SOL_IP, IP_FREEBIND, VALUE_BOOL, CAP_NONE, true, true, true, "",
		 "Lets this socket bind to an address that is not local. Needs no privilege; works for IPv6 as well."},
	[OPT_FREEBIND6] = {"freebind6", "IPV6_FREEBIND", SOL_IPV6, NUMBER_IPV6_FREEBIND, VALUE_BOOL, CAP_NONE, false,
			   true, false, "", "The same bit as IP_FREEBIND, set at the IPv6 level."},
	[OPT_TRANSPARENT] =
		{"transparent", "IP_TRANSPARENT", SOL_IP, IP_TRANSPARENT, VALUE_BOOL, CAP_RAW_OR_ADMIN, true, true,
		 true, "", "For transparent proxies: lets this socket bind to any address and receive packets for it."},
	[OPT_TRANSPARENT6] = {"transparent6", "IPV6_TRANSPARENT", SOL_IPV6, NUMBER_IPV6_TRANSPARENT, VALUE_BOOL,
			      CAP_RAW_OR_ADMIN, false, true, false, "",
			      "The same bit as IP_TRANSPARENT, set at the IPv6 level."},
	[OPT_V6ONLY] = {"v6only", "IPV6_V6ONLY", SOL_IPV6, IPV6_V6ONLY, VALUE_BOOL, CAP_NONE, false, true, true, "",
			"Keeps an IPv6 socket out of IPv4: it refuses v4-mapped addresses, and [::] does not hold the "
			"port for IPv4."},
	[OPT_REUSEADDR] = {"reuseaddr", "SO_REUSEADDR", SOL_SOCKET, SO_REUSEADDR, VALUE_BOOL, CAP_NONE, true, true,
			   true, "",
			   "Shares a port with sockets that also set it; with TCP, as long as none of them listens."},
	[OPT_REUSEPORT] = {"reuseport", "SO_REUSEPORT", SOL_SOCKET, SO_REUSEPORT, VALUE_BOOL, CAP_NONE, true, true,
			   true, "", "Shares address and port with sockets of the same user that also set it."},
	[OPT_DEVICE] =
		{"device", "SO_BINDTODEVICE", SOL_SOCKET, SO_BINDTODEVICE, VALUE_DEVICE, CAP_RAW_TO_REBIND, true, true,
		 false, "",
		 "Binds the socket to an interface; for bind() it selects the VRF, and for IPv6 link-local the scope."},
	[OPT_IFINDEX] = {"ifindex", "SO_BINDTOIFINDEX", SOL_SOCKET, NUMBER_BINDTOIFINDEX, VALUE_NUMBER,
			 CAP_RAW_TO_REBIND, true, true, false, "",
			 "The same by index; the kernel accepts an index that no interface has."},
	[OPT_NOPORT] = {"noport", "IP_BIND_ADDRESS_NO_PORT", SOL_IP, NUMBER_NO_PORT, VALUE_BOOL, CAP_NONE, true, true,
			true, "", "With port 0, bind takes only the address; connect() chooses the port."},
	[OPT_PORTRANGE] = {"portrange", "IP_LOCAL_PORT_RANGE", SOL_IP, NUMBER_PORT_RANGE, VALUE_RANGE, CAP_NONE, true,
			   true, false, "6.3",
			   "With port 0, narrows the range from which the kernel chooses this socket's port."},
	[OPT_MARK] = {"mark", "SO_MARK", SOL_SOCKET, SO_MARK, VALUE_NUMBER, CAP_RAW_OR_ADMIN, true, true, false, "",
		      "Marks packets. Has no effect on bind: the classification looks up only the address."},
};

const struct sockopt *option_info(enum option_id id)
{
	return &options[id];
}

const char *option_form(const struct sockopt *o)
{
	static const char *const forms[] = {[VALUE_BOOL] = "",
					    [VALUE_NUMBER] = "=NUMBER",
					    [VALUE_DEVICE] = "=INTERFACE",
					    [VALUE_RANGE] = "=LOW-HIGH"};
	return forms[o->value];
}

int option_find(const char *name)
{
	for (int i = 0; i < OPT_COUNT; i++)
		if (strcmp(options[i].name, name) == 0)
			return i;
	return -1;
}

int option_numbered(int level, int number)
{
	for (int i = 0; i < OPT_COUNT; i++)
		if (options[i].level == level && options[i].number == number)
			return i;
	return -1;
}

static const struct sysctl sysctls[SYSCTL_COUNT] = {
	[SYSCTL_V4_NONLOCAL] = {"net.ipv4.ip_nonlocal_bind", 0, 0, true, "nonlocal_bind v4",
				"Lets every process in the namespace bind to IPv4 addresses that are not local, "
				"v4-mapped ones included."},
	[SYSCTL_V6_NONLOCAL] = {"net.ipv6.ip_nonlocal_bind", 0, 0, true, "nonlocal_bind v6",
				"The same for IPv6 addresses. Neither switch counts for the other family."},
	[SYSCTL_UNPRIV_PORT] = {"net.ipv4.ip_unprivileged_port_start", 0, 1024, false, "unpriv port",
				"Ports below it need CAP_NET_BIND_SERVICE, for IPv4 and IPv6."},
	[SYSCTL_PORT_LOW] = {"net.ipv4.ip_local_port_range", 0, 32768, false, "port low",
			     "For port 0, the kernel chooses no port below the first number."},
	[SYSCTL_PORT_HIGH] = {"net.ipv4.ip_local_port_range", 1, 60999, false, "port high",
			      "For port 0, the kernel chooses no port above the second number."},
	[SYSCTL_AUTOBIND_REUSE] = {"net.ipv4.ip_autobind_reuse", 0, 0, false, "autobind reuse",
				   "When no port is free, the kernel may give sockets with SO_REUSEADDR a shared one."},
	[SYSCTL_TCP_L3MDEV] = {"net.ipv4.tcp_l3mdev_accept", 0, 0, false, "tcp l3mdev",
			       "Unbound TCP sockets serve all VRFs, so their ports conflict with those in VRFs."},
	[SYSCTL_UDP_L3MDEV] = {"net.ipv4.udp_l3mdev_accept", 0, 0, false, "udp l3mdev",
			       "Unbound UDP sockets serve all VRFs."},
	[SYSCTL_RAW_L3MDEV] = {"net.ipv4.raw_l3mdev_accept", 0, 1, false, "raw l3mdev",
			       "Unbound raw sockets serve all VRFs."},
	[SYSCTL_BINDV6ONLY] = {"net.ipv6.bindv6only", 0, 0, true, "bindv6only",
			       "New IPv6 sockets start with IPV6_V6ONLY on."},
	[SYSCTL_PING_GID_LOW] = {"net.ipv4.ping_group_range", 0, 1, false, "ping gid low",
				 "The first number is the lowest group that may create ping sockets."},
	[SYSCTL_PING_GID_HIGH] =
		{"net.ipv4.ping_group_range", 1, 0, false, "ping gid high",
		 "The second number is the highest group; if it is below the first, nobody may create one."},
	[SYSCTL_MPTCP] = {"net.mptcp.enabled", 0, 1, false, "mptcp", "If 0, no MPTCP socket can be created."},
	[SYSCTL_ALL_DISABLE6] = {"net.ipv6.conf.all.disable_ipv6", 0, 0, false, "all IPv6 off",
				 "Writing it turns IPv6 off or on for every interface, present and future."},
	[SYSCTL_ALL_PROMOTE] = {"net.ipv4.conf.all.promote_secondaries", 0, 0, false, "all promote",
				"Secondary IPv4 addresses outlive their primary one, on every interface."},
};

const struct sysctl *sysctl_info(enum sysctl_id id)
{
	return &sysctls[id];
}

int sysctl_find(const char *name)
{
	for (int i = 0; i < SYSCTL_COUNT; i++)
		if (strcmp(sysctls[i].name, name) == 0)
			return i;
	return -1;
}
