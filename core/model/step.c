// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/step.h"

#include <errno.h>
#include <string.h>

// clang-format off
static const struct step steps[STEP_COUNT] = {
	[STEP_SOCKET] = {"socket", "May this process have such a socket?",
		"Before anything can be bound there is a socket. TCP and UDP sockets are for everyone; raw ones need "
		"CAP_NET_RAW in the user namespace that owns the network namespace, ping ones a group inside "
		"net.ipv4.ping_group_range.",
		"strace -e trace=socket PROGRAM"},
	[STEP_SETSOCKOPT] = {"setsockopt", "Does the kernel take this option?",
		"Options are set before bind, in this order. IP_FREEBIND needs no right at all; IP_TRANSPARENT needs "
		"CAP_NET_RAW or CAP_NET_ADMIN in the user namespace that owns the network namespace: being uid 0 is not what "
		"counts. Each of them is one bit in the socket, whether it was set at the IP or at the IPv6 level.",
		"strace -e trace=setsockopt PROGRAM"},
	[STEP_HOOKS] = {"hooks", "Does a security module or a BPF program object?",
		"The first to be asked are hooks outside the network stack: seccomp filters at the door of the system call, "
		"security modules (SELinux, AppArmor, Landlock), cgroup BPF programs. No interface tells what they will "
		"answer, so no model can either. When a bind fails with EPERM or EACCES and nothing else explains it, look "
		"here.",
		"cat /sys/kernel/security/lsm; grep Seccomp /proc/self/status; bpftool cgroup tree"},
	[STEP_FAMILY] = {"family", "Do length and family of the address fit the socket?",
		"The address is a sockaddr with a length. Too short, or of another family than the socket, and bind ends at "
		"once. An old habit is honoured on IPv4: AF_UNSPEC with 0.0.0.0 is taken for AF_INET.",
		"strace -e trace=bind PROGRAM"},
	[STEP_TYPE] = {"type", "What kind of IPv6 address is it?",
		"IPv6 addresses tell by their first bits what they are: unspecified (::), loopback (::1), link-local "
		"(fe80::/10), v4-mapped (::ffff:0:0/96), multicast (ff00::/8), or plain unicast. What bind asks next depends "
		"on it.",
		"bpftrace -e 'kretprobe:__ipv6_addr_type { printf(\"%x\\n\", retval) }'"},
	[STEP_MULTICAST] = {"multicast", "Is it a multicast address on a stream socket?",
		"A stream has two ends, so an IPv6 stream socket refuses multicast addresses. IPv4 has no such test: TCP "
		"binds to 224.0.0.1.",
		"strace -e trace=bind PROGRAM"},
	[STEP_PRIVILEGE] = {"privilege", "Does the port need a right, and is it held?",
		"Ports below net.ipv4.ip_unprivileged_port_start (1024 unless changed; IPv6 uses the same) need "
		"CAP_NET_BIND_SERVICE in the user namespace that owns the network namespace. IPv4 asks after the address was "
		"judged, IPv6 before: the same mistake on port 80 gives EADDRNOTAVAIL on IPv4 and EACCES on IPv6.",
		"sysctl net.ipv4.ip_unprivileged_port_start; grep CapEff /proc/self/status"},
	[STEP_STATE] = {"state", "Is the socket still unbound?",
		"A socket is bound once. A second bind is EINVAL, also to the same address, unless the first one took no "
		"port (IP_BIND_ADDRESS_NO_PORT). Raw sockets may be bound again and again while they are not connected.",
		"strace -e trace=bind,connect,listen PROGRAM"},
	[STEP_MAPPED] = {"mapped", "Is it an IPv4 address in IPv6 clothes?",
		"::ffff:a.b.c.d on an IPv6 socket is IPv4: the IPv4 classification and the IPv4 sysctl decide. With "
		"IPV6_V6ONLY on, the socket wants nothing to do with IPv4, and that is EINVAL.",
		"sysctl net.ipv6.bindv6only"},
	[STEP_SCOPE] = {"scope", "A link-local address: on which link?",
		"fe80::1 may exist on every interface, so a link-local address is only complete with a scope: fe80::1%eth0. "
		"Without one, and without a bound device, that is EINVAL, and no IP_FREEBIND helps. The scope given here "
		"binds the socket to the device.",
		"ip -6 addr show scope link"},
	[STEP_DEVICE] = {"device", "Does the bound device exist?",
		"SO_BINDTODEVICE, SO_BINDTOIFINDEX and the scope of a link-local address tie the socket to a device. For "
		"IPv6 it must exist, else ENODEV. On IPv4 a bound device has one influence only: the VRF that it belongs to.",
		"ip -o link"},
	[STEP_TABLE] = {"table", "Which routing table tells what is local?",
		"Not the policy rules decide this, but the bound device: when it belongs to a VRF, the VRF's table; in every "
		"other case table local, number 255. While no IPv4 rule was ever added or deleted in a namespace, the tables "
		"local and main are one trie inside the kernel, and a route of main counts as well. The first rule splits "
		"them for good.",
		"ip rule; ip -d link show type vrf"},
	[STEP_CLASSIFY] = {"classify", "What does the FIB say that this address is?",
		"__inet_bind() asks inet_addr_type_table(): look the address up as if a packet were to be sent to it, and "
		"take the type of the route found. That is why an Any-IP route (ip route add local 192.168.123.0/24 dev lo) "
		"makes a whole prefix bindable. 0.0.0.0 and 255.255.255.255 count as broadcast and 224.0.0.0/4 as multicast "
		"without a lookup. No route reads as RTN_UNICAST: somebody else's address. A table that does not exist at "
		"all reads as RTN_BROADCAST, so in a brand-new namespace every IPv4 bind succeeds. IPv6 never asks this "
		"question.",
		"ip route get fibmatch ADDRESS; bpftrace -e 'kretprobe:inet_addr_type_table { printf(\"%d\\n\", retval) }'"},
	[STEP_NONLOCAL] = {"nonlocal", "Is a nonlocal bind allowed?",
		"Three switches allow to bind to an address that is not local: net.ipv4.ip_nonlocal_bind or "
		"net.ipv6.ip_nonlocal_bind for the whole namespace (each for its own family), IP_FREEBIND for this socket "
		"and without any right, IP_TRANSPARENT for this socket and with CAP_NET_RAW or CAP_NET_ADMIN.",
		"sysctl net.ipv4.ip_nonlocal_bind net.ipv6.ip_nonlocal_bind; ss -tulnpe --inet-sockopt"},
	[STEP_ADDRESS_LIST] = {"address-list", "Does an interface have this very address?",
		"__inet6_bind() asks ipv6_chk_addr(): is the address configured on an interface, in the same VRF domain, and "
		"not tentative? Routes are not looked at, of whatever type: an Any-IP route makes packets arrive, but it "
		"never makes an IPv6 address bindable. That is the difference from IPv4, and why IPv6 always needs "
		"IP_FREEBIND for it.",
		"ip -6 addr; bpftrace -e 'kretprobe:ipv6_chk_addr { printf(\"%d\\n\", retval) }'"},
	[STEP_ACCEPTABLE] = {"acceptable", "Is such an address good enough?",
		"Good are 0.0.0.0, the types RTN_LOCAL, RTN_MULTICAST and RTN_BROADCAST, and everything when a nonlocal bind "
		"is allowed. All the rest is EADDRNOTAVAIL: unicast, blackhole, unreachable, prohibit, throw, anycast, no "
		"route.",
		"strace -e trace=bind PROGRAM"},
	[STEP_PORT] = {"port", "Is the port to be had?",
		"Only now the port. Port 0 lets the kernel choose from net.ipv4.ip_local_port_range. A given port conflicts "
		"with a socket that holds it on an overlapping address and device, unless both sides agreed to share: "
		"SO_REUSEADDR (TCP: nobody listens), or SO_REUSEPORT and the same user. [::] without IPV6_V6ONLY overlaps "
		"0.0.0.0.",
		"ss -tulnpe 'sport = :PORT'"},
	[STEP_RESULT] = {"result", "How did it end?",
		"What bind() returned, and the address and port that the socket got. Bound to a broadcast or multicast "
		"address, a socket receives there and sends from another address: its source stays unset.",
		"strace -e trace=bind,getsockname PROGRAM"},
};
// clang-format on

const struct step *step_info(enum step_id id)
{
	return &steps[id];
}

int step_find(const char *name)
{
	for (int i = 0; i < STEP_COUNT; i++)
		if (strcmp(steps[i].name, name) == 0)
			return i;
	return -1;
}

// clang-format off
static const char *const input_names[IN_COUNT] = {
	[IN_ADDRESS] = "address", [IN_PORT] = "port", [IN_FAMILY] = "family", [IN_SOCKTYPE] = "type", [IN_PROTOCOL] = "protocol",
	[IN_OPTION] = "option", [IN_VALUE] = "value", [IN_CAPABILITY] = "capability", [IN_ADDRLEN] = "addrlen", [IN_CLASS] = "class",
	[IN_SCOPE] = "scope", [IN_DEVICE] = "device", [IN_VRF] = "vrf", [IN_TABLE] = "table", [IN_ROUTE] = "route",
	[IN_ROUTE_TABLE] = "route_table", [IN_TYPE] = "type", [IN_LOOKUP] = "lookup", [IN_SYSCTL] = "sysctl",
	[IN_FREEBIND] = "freebind", [IN_TRANSPARENT] = "transparent", [IN_ENTRY] = "entry", [IN_FLAGS] = "flags",
	[IN_START] = "start", [IN_LOW] = "low", [IN_HIGH] = "high", [IN_HOLDER] = "holder", [IN_V6ONLY] = "v6only",
	[IN_TRIE] = "trie", [IN_LSMS] = "lsms", [IN_SECCOMP] = "seccomp", [IN_UID] = "uid", [IN_LOCAL] = "local",
	[IN_NEAREST] = "nearest", [IN_HINT] = "hint", [IN_ERRNO] = "errno",
};
// clang-format on

const char *input_name(enum input_id id)
{
	return input_names[id];
}

static const struct finding findings[FINDING_COUNT] = {
#define FINDING(id, step, outcome, err, code, text) [id] = {#id, step, outcome, err, code, text},
#include "core/model/findings.def"
#undef FINDING
};

const struct finding *finding_info(enum finding_id id)
{
	return &findings[id];
}

static const struct code_info codes[CODE_COUNT] = {
#define CODE(name, class, object, topic, sentence) [CODE_##name] = {#name, class, object, topic, sentence},
#include "core/model/codes.def"
#undef CODE
};

const struct code_info *code_info(enum code c)
{
	return &codes[c];
}

const char *code_class_name(enum code_class c)
{
	static const char *const names[] = {NULL, "ADDRESS", "PORT", "PERMISSION", "ARGUMENT"};
	return names[c];
}

const char *errno_name(int err)
{
	switch (err) {
	case 0:
		return "ok";
#define NAME(e)                                                                                                        \
	case e:                                                                                                        \
		return #e
		NAME(EPERM);
		NAME(ENOENT);
		NAME(EINTR);
		NAME(EIO);
		NAME(EBADF);
		NAME(EAGAIN);
		NAME(ENOMEM);
		NAME(EACCES);
		NAME(EFAULT);
		NAME(EBUSY);
		NAME(EEXIST);
		NAME(ENODEV);
		NAME(EINVAL);
		NAME(ENFILE);
		NAME(EMFILE);
		NAME(ENOSPC);
		NAME(EPIPE);
		NAME(ENOSYS);
		NAME(ENOTSOCK);
		NAME(EDESTADDRREQ);
		NAME(EPROTOTYPE);
		NAME(ENOPROTOOPT);
		NAME(EPROTONOSUPPORT);
		NAME(ESOCKTNOSUPPORT);
		NAME(EOPNOTSUPP);
		NAME(EPFNOSUPPORT);
		NAME(EAFNOSUPPORT);
		NAME(EADDRINUSE);
		NAME(EADDRNOTAVAIL);
		NAME(ENETDOWN);
		NAME(ENETUNREACH);
		NAME(ENOBUFS);
		NAME(EISCONN);
		NAME(ENOTCONN);
		NAME(EHOSTUNREACH);
		NAME(ESRCH);
		NAME(ENXIO);
		NAME(EDOM);
		NAME(ERANGE);
#undef NAME
	default:
		return "E?";
	}
}
