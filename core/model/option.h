// SPDX-License-Identifier: GPL-3.0-or-later
// The option table: one row per socket option and per sysctl that bears on bind. Pure.
#ifndef BINDWALK_OPTION_H
#define BINDWALK_OPTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum option_id {
	OPT_FREEBIND,     // IP_FREEBIND
	OPT_FREEBIND6,    // IPV6_FREEBIND
	OPT_TRANSPARENT,  // IP_TRANSPARENT
	OPT_TRANSPARENT6, // IPV6_TRANSPARENT
	OPT_V6ONLY,
	OPT_REUSEADDR,
	OPT_REUSEPORT,
	OPT_DEVICE,    // SO_BINDTODEVICE, value is an interface
	OPT_IFINDEX,   // SO_BINDTOIFINDEX
	OPT_NOPORT,    // IP_BIND_ADDRESS_NO_PORT
	OPT_PORTRANGE, // IP_LOCAL_PORT_RANGE, value is LO-HI
	OPT_MARK,
	OPT_COUNT
};

enum option_value {
	VALUE_BOOL,   // 0 or 1
	VALUE_NUMBER, // 0..2^32-1
	VALUE_DEVICE, // an interface name
	VALUE_RANGE   // LO-HI, both 0..65535
};

enum option_cap {
	CAP_NONE,
	CAP_RAW_OR_ADMIN, // CAP_NET_RAW or CAP_NET_ADMIN, to switch it on
	CAP_RAW_TO_REBIND // CAP_NET_RAW, only when a device is bound already
};

struct sockopt {
	const char *name;   // as --set takes it: lower case
	const char *symbol; // "IP_FREEBIND"
	int level, number;  // setsockopt(2)
	enum option_value value;
	enum option_cap cap;
	bool inet, inet6;    // accepted by sockets of that family (others: ENOPROTOOPT)
	bool toggle;         // shown as a check box in the socket pane
	const char *since;   // "" from before 5.10
	const char *meaning; // what it means for bind, one sentence
};

const struct sockopt *option_info(enum option_id id);
// -1 when there is none of that name.
int option_find(const char *name);
// The one that setsockopt() is given by these numbers, -1 when it is none of the table.
int option_numbered(int level, int number);
// What follows its name where it is set, for texts: "=NUMBER", "" for a boolean.
const char *option_form(const struct sockopt *o);

enum sysctl_id {
	SYSCTL_V4_NONLOCAL,    // net.ipv4.ip_nonlocal_bind
	SYSCTL_V6_NONLOCAL,    // net.ipv6.ip_nonlocal_bind
	SYSCTL_UNPRIV_PORT,    // net.ipv4.ip_unprivileged_port_start
	SYSCTL_PORT_LOW,       // net.ipv4.ip_local_port_range, first number
	SYSCTL_PORT_HIGH,      // the same, second number
	SYSCTL_AUTOBIND_REUSE, // net.ipv4.ip_autobind_reuse
	SYSCTL_TCP_L3MDEV,     // net.ipv4.tcp_l3mdev_accept
	SYSCTL_UDP_L3MDEV,
	SYSCTL_RAW_L3MDEV,
	SYSCTL_BINDV6ONLY,   // net.ipv6.bindv6only
	SYSCTL_PING_GID_LOW, // net.ipv4.ping_group_range
	SYSCTL_PING_GID_HIGH,
	SYSCTL_MPTCP,        // net.mptcp.enabled
	SYSCTL_ALL_DISABLE6, // net.ipv6.conf.all.disable_ipv6
	SYSCTL_ALL_PROMOTE,  // net.ipv4.conf.all.promote_secondaries
	SYSCTL_COUNT
};

struct sysctl {
	const char *name;  // "net.ipv4.ip_nonlocal_bind"
	unsigned field;    // which number of the file, from 0
	int64_t initial;   // the kernel's default
	bool toggle;       // a 0/1 switch that the socket pane shows
	const char *label; // short form for the pane: "nonlocal_bind v4"
	const char *meaning;
};

const struct sysctl *sysctl_info(enum sysctl_id id);
int sysctl_find(const char *name);

#endif
