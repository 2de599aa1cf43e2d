// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/bind_path.h"

#include <netinet/in.h>
#include <sys/socket.h>

#define AF_INET_C       "net/ipv4/af_inet.c"
#define AF_INET6_C      "net/ipv6/af_inet6.c"
#define FIB_FRONTEND_C  "net/ipv4/fib_frontend.c"
#define ADDRCONF_C      "net/ipv6/addrconf.c"
#define ADDRCONF_CORE_C "net/ipv6/addrconf_core.c"
#define L3MDEV_C        "net/l3mdev/l3mdev.c"
#define INET_SOCK_H     "include/net/inet_sock.h"
#define IPV6_H          "include/net/ipv6.h"
#define SOCKET_C        "net/socket.c"
#define PING_C          "net/ipv4/ping.c"
#define RAW_C           "net/ipv4/raw.c"
#define RAW6_C          "net/ipv6/raw.c"
#define INET_CSK_C      "net/ipv4/inet_connection_sock.c"
#define UDP_C           "net/ipv4/udp.c"
#define SCTP_C          "net/sctp/socket.c"
#define SECURITY_C      "security/security.c"

enum { SIN = sizeof(struct sockaddr_in), SIN6_RFC2133 = 24, SIN6 = sizeof(struct sockaddr_in6) };

#define HOOKS_STEP                                                                                                     \
	{                                                                                                              \
		STEP_HOOKS, "security_socket_bind", SECURITY_C                                                         \
	}
#define RESULT_STEP                                                                                                    \
	{                                                                                                              \
		STEP_RESULT, "__sys_bind", SOCKET_C                                                                    \
	}

// clang-format off
// TCP and UDP differ in the function that gets the port.
#define INET_STEPS(get_port, port_file) \
	{HOOKS_STEP, \
	 {STEP_FAMILY, "inet_bind_sk", AF_INET_C}, \
	 {STEP_TABLE, "l3mdev_fib_table_by_index", L3MDEV_C}, \
	 {STEP_CLASSIFY, "inet_addr_type_table", FIB_FRONTEND_C}, \
	 {STEP_NONLOCAL, "inet_can_nonlocal_bind", INET_SOCK_H}, \
	 {STEP_ACCEPTABLE, "inet_addr_valid_or_nonlocal", INET_SOCK_H}, \
	 {STEP_PRIVILEGE, "__inet_bind", AF_INET_C}, \
	 {STEP_STATE, "__inet_bind", AF_INET_C}, \
	 {STEP_PORT, get_port, port_file}, \
	 RESULT_STEP}

#define INET6_STEPS(get_port, port_file) \
	{HOOKS_STEP, \
	 {STEP_FAMILY, "inet6_bind_sk", AF_INET6_C}, \
	 {STEP_TYPE, "__ipv6_addr_type", ADDRCONF_CORE_C}, \
	 {STEP_MULTICAST, "__inet6_bind", AF_INET6_C}, \
	 {STEP_PRIVILEGE, "__inet6_bind", AF_INET6_C}, \
	 {STEP_STATE, "__inet6_bind", AF_INET6_C}, \
	 {STEP_MAPPED, "__inet6_bind", AF_INET6_C}, \
	 {STEP_SCOPE, "__inet6_bind", AF_INET6_C}, \
	 {STEP_DEVICE, "dev_get_by_index_rcu", AF_INET6_C}, \
	 {STEP_CLASSIFY, "inet_addr_type_dev_table", FIB_FRONTEND_C}, \
	 {STEP_NONLOCAL, "ipv6_can_nonlocal_bind", IPV6_H}, \
	 {STEP_ADDRESS_LIST, "ipv6_chk_addr", ADDRCONF_C}, \
	 {STEP_PORT, get_port, port_file}, \
	 RESULT_STEP}

#define MAPPED_STEPS(get_port, port_file) \
	{HOOKS_STEP, \
	 {STEP_FAMILY, "inet6_bind_sk", AF_INET6_C}, \
	 {STEP_TYPE, "__ipv6_addr_type", ADDRCONF_CORE_C}, \
	 {STEP_PRIVILEGE, "__inet6_bind", AF_INET6_C}, \
	 {STEP_STATE, "__inet6_bind", AF_INET6_C}, \
	 {STEP_MAPPED, "__inet6_bind", AF_INET6_C}, \
	 {STEP_DEVICE, "dev_get_by_index_rcu", AF_INET6_C}, \
	 {STEP_TABLE, "l3mdev_fib_table_rcu", L3MDEV_C}, \
	 {STEP_CLASSIFY, "inet_addr_type_dev_table", FIB_FRONTEND_C}, \
	 {STEP_NONLOCAL, "inet_can_nonlocal_bind", INET_SOCK_H}, \
	 {STEP_ACCEPTABLE, "inet_addr_valid_or_nonlocal", INET_SOCK_H}, \
	 {STEP_PORT, get_port, port_file}, \
	 RESULT_STEP}
// clang-format on

enum path_id {
	PATH_TCP,
	PATH_UDP,
	PATH_RAW,
	PATH_PING,
	PATH_TCP6,
	PATH_UDP6,
	PATH_TCP6_MAPPED,
	PATH_UDP6_MAPPED,
	PATH_RAW6,
	PATH_PING6,
	PATH_SCTP,
	PATH_SCTP6,
	PATH_SCTP6_MAPPED,
	PATH_COUNT
};

// clang-format off
static const struct bind_path paths[PATH_COUNT] = {
	[PATH_TCP] = {"IPv4 stream", "inet_bind", SIN, FAMILY_UNSPEC_ANY,
		INET_STEPS("inet_csk_get_port", INET_CSK_C)},
	[PATH_UDP] = {"IPv4 datagram", "inet_bind", SIN, FAMILY_UNSPEC_ANY,
		INET_STEPS("udp_v4_get_port", UDP_C)},
	[PATH_RAW] = {"IPv4 raw", "raw_bind", SIN, FAMILY_IGNORED,
		{HOOKS_STEP,
		 {STEP_STATE, "raw_bind", RAW_C},
		 {STEP_FAMILY, "raw_bind", RAW_C},
		 {STEP_TABLE, "l3mdev_fib_table_by_index", L3MDEV_C},
		 {STEP_CLASSIFY, "inet_addr_type_table", FIB_FRONTEND_C},
		 {STEP_NONLOCAL, "inet_can_nonlocal_bind", INET_SOCK_H},
		 {STEP_ACCEPTABLE, "inet_addr_valid_or_nonlocal", INET_SOCK_H},
		 RESULT_STEP}},
	[PATH_PING] = {"IPv4 ping", "ping_bind", SIN, FAMILY_UNSPEC_ANY,
		{HOOKS_STEP,
		 {STEP_FAMILY, "ping_check_bind_addr", PING_C},
		 {STEP_TABLE, "l3mdev_fib_table_by_index", L3MDEV_C},
		 {STEP_CLASSIFY, "inet_addr_type_table", FIB_FRONTEND_C},
		 {STEP_NONLOCAL, "inet_can_nonlocal_bind", INET_SOCK_H},
		 {STEP_ACCEPTABLE, "ping_check_bind_addr", PING_C},
		 {STEP_STATE, "ping_bind", PING_C},
		 {STEP_PORT, "ping_get_port", PING_C},
		 RESULT_STEP}},
	[PATH_TCP6] = {"IPv6 stream", "inet6_bind", SIN6_RFC2133, FAMILY_STRICT,
		INET6_STEPS("inet_csk_get_port", INET_CSK_C)},
	[PATH_UDP6] = {"IPv6 datagram", "inet6_bind", SIN6_RFC2133, FAMILY_STRICT,
		INET6_STEPS("udp_v6_get_port", "net/ipv6/udp.c")},
	[PATH_TCP6_MAPPED] = {"v4-mapped stream", "inet6_bind", SIN6_RFC2133, FAMILY_STRICT,
		MAPPED_STEPS("inet_csk_get_port", INET_CSK_C)},
	[PATH_UDP6_MAPPED] = {"v4-mapped datagram", "inet6_bind", SIN6_RFC2133, FAMILY_STRICT,
		MAPPED_STEPS("udp_v6_get_port", "net/ipv6/udp.c")},
	[PATH_RAW6] = {"IPv6 raw", "rawv6_bind", SIN6_RFC2133, FAMILY_EINVAL,
		{HOOKS_STEP,
		 {STEP_FAMILY, "rawv6_bind", RAW6_C},
		 {STEP_TYPE, "__ipv6_addr_type", ADDRCONF_CORE_C},
		 {STEP_MAPPED, "rawv6_bind", RAW6_C},
		 {STEP_STATE, "rawv6_bind", RAW6_C},
		 {STEP_SCOPE, "rawv6_bind", RAW6_C},
		 {STEP_DEVICE, "dev_get_by_index_rcu", RAW6_C},
		 {STEP_CLASSIFY, "inet_addr_type_dev_table", FIB_FRONTEND_C},
		 {STEP_NONLOCAL, "ipv6_can_nonlocal_bind", IPV6_H},
		 {STEP_ADDRESS_LIST, "ipv6_chk_addr", ADDRCONF_C},
		 RESULT_STEP}},
	[PATH_PING6] = {"IPv6 ping", "ping_bind", SIN6, FAMILY_STRICT,
		{HOOKS_STEP,
		 {STEP_FAMILY, "ping_check_bind_addr", PING_C},
		 {STEP_TYPE, "__ipv6_addr_type", ADDRCONF_CORE_C},
		 {STEP_SCOPE, "ping_check_bind_addr", PING_C},
		 {STEP_DEVICE, "dev_get_by_index_rcu", PING_C},
		 {STEP_CLASSIFY, "inet_addr_type_dev_table", FIB_FRONTEND_C},
		 {STEP_NONLOCAL, "ipv6_can_nonlocal_bind", IPV6_H},
		 {STEP_ADDRESS_LIST, "ipv6_chk_addr", ADDRCONF_C},
		 {STEP_STATE, "ping_bind", PING_C},
		 {STEP_PORT, "ping_get_port", PING_C},
		 RESULT_STEP}},
	[PATH_SCTP] = {"IPv4 SCTP", "sctp_bind", SIN, FAMILY_EINVAL,
		{HOOKS_STEP,
		 {STEP_STATE, "sctp_bind", SCTP_C},
		 {STEP_FAMILY, "sctp_sockaddr_af", SCTP_C},
		 {STEP_TABLE, "sctp_v4_available", "net/sctp/protocol.c"},
		 {STEP_CLASSIFY, "inet_addr_type_table", FIB_FRONTEND_C},
		 {STEP_NONLOCAL, "sctp_v4_available", "net/sctp/protocol.c"},
		 {STEP_ACCEPTABLE, "sctp_v4_available", "net/sctp/protocol.c"},
		 {STEP_PRIVILEGE, "sctp_do_bind", SCTP_C},
		 {STEP_PORT, "sctp_get_port_local", SCTP_C},
		 RESULT_STEP}},
	[PATH_SCTP6] = {"IPv6 SCTP", "sctp_bind", SIN6, FAMILY_EINVAL,
		{HOOKS_STEP,
		 {STEP_STATE, "sctp_bind", SCTP_C},
		 {STEP_FAMILY, "sctp_sockaddr_af", SCTP_C},
		 {STEP_TYPE, "sctp_inet6_bind_verify", "net/sctp/ipv6.c"},
		 {STEP_SCOPE, "sctp_inet6_bind_verify", "net/sctp/ipv6.c"},
		 {STEP_DEVICE, "sctp_v6_available", "net/sctp/ipv6.c"},
		 {STEP_CLASSIFY, "inet_addr_type_dev_table", FIB_FRONTEND_C},
		 {STEP_NONLOCAL, "ipv6_can_nonlocal_bind", IPV6_H},
		 {STEP_ADDRESS_LIST, "sctp_v6_available", "net/sctp/ipv6.c"},
		 {STEP_PRIVILEGE, "sctp_do_bind", SCTP_C},
		 {STEP_PORT, "sctp_get_port_local", SCTP_C},
		 RESULT_STEP}},
	[PATH_SCTP6_MAPPED] = {"v4-mapped SCTP", "sctp_bind", SIN6, FAMILY_EINVAL,
		{HOOKS_STEP,
		 {STEP_STATE, "sctp_bind", SCTP_C},
		 {STEP_FAMILY, "sctp_sockaddr_af", SCTP_C},
		 {STEP_MAPPED, "sctp_sockaddr_af", SCTP_C},
		 {STEP_TYPE, "sctp_inet6_bind_verify", "net/sctp/ipv6.c"},
		 {STEP_TABLE, "sctp_v4_available", "net/sctp/protocol.c"},
		 {STEP_CLASSIFY, "inet_addr_type_table", FIB_FRONTEND_C},
		 {STEP_NONLOCAL, "sctp_v4_available", "net/sctp/protocol.c"},
		 {STEP_ACCEPTABLE, "sctp_v4_available", "net/sctp/protocol.c"},
		 {STEP_PRIVILEGE, "sctp_do_bind", SCTP_C},
		 {STEP_PORT, "sctp_get_port_local", SCTP_C},
		 RESULT_STEP}},
};
// clang-format on

const struct bind_path *bind_path_of(const struct attempt *a)
{
	bool six = a->family == AF_INET6, mapped = six && addr_is_mapped(&a->addr);
	switch (a->kind) {
	case KIND_RAW:
		return &paths[six ? PATH_RAW6 : PATH_RAW];
	case KIND_PING:
		return &paths[six ? PATH_PING6 : PATH_PING];
	case KIND_SCTP:
		return &paths[mapped ? PATH_SCTP6_MAPPED : six ? PATH_SCTP6 : PATH_SCTP];
	case KIND_UDP:
	case KIND_UDPLITE:
		return &paths[mapped ? PATH_UDP6_MAPPED : six ? PATH_UDP6 : PATH_UDP];
	default:
		return &paths[mapped ? PATH_TCP6_MAPPED : six ? PATH_TCP6 : PATH_TCP];
	}
}

const struct bind_path *bind_path_at(size_t n)
{
	return n < PATH_COUNT ? &paths[n] : NULL;
}
