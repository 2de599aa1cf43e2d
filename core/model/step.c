// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/step.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

// clang-format off
static const struct step steps[STEP_COUNT] = {
	[STEP_SOCKET] = {"socket", "May this process create such a socket?",
		"bind() needs a socket first. Any process may create TCP and UDP sockets. Raw sockets need CAP_NET_RAW in the "
		"user namespace that owns the network namespace; ping sockets need a group inside net.ipv4.ping_group_range.",
		"strace -e trace=socket PROGRAM"},
	[STEP_SETSOCKOPT] = {"setsockopt", "Does the kernel accept this option?",
		"Options are set before bind, in this order. IP_FREEBIND needs no privilege. IP_TRANSPARENT needs CAP_NET_RAW "
		"or CAP_NET_ADMIN in the user namespace that owns the network namespace; being uid 0 is not enough. Each of "
		"the two is one bit in the socket, whether it was set at the IP or at the IPv6 level.",
		"strace -e trace=setsockopt PROGRAM"},
	[STEP_HOOKS] = {"hooks", "Does a security module or a BPF program object?",
		"Hooks outside the network stack run first: seccomp filters on system-call entry, security modules (SELinux, "
		"AppArmor, Landlock), cgroup BPF programs. No interface reports what they will answer, so no model can predict "
		"it. If bind fails with an error that no other step explains, often EPERM or EACCES, look here.",
		"cat /sys/kernel/security/lsm; grep Seccomp /proc/self/status; bpftool cgroup tree"},
	[STEP_FAMILY] = {"family", "Do the address's length and family match the socket?",
		"The address is a sockaddr with a length. If it is too short or of the wrong family, bind fails at once. IPv4 "
		"keeps one old habit: AF_UNSPEC with 0.0.0.0 counts as AF_INET.",
		"strace -e trace=bind PROGRAM"},
	[STEP_TYPE] = {"type", "What kind of IPv6 address is it?",
		"The first bits of an IPv6 address say what it is: unspecified (::), loopback (::1), link-local (fe80::/10), "
		"v4-mapped (::ffff:0:0/96), multicast (ff00::/8) or plain unicast. What bind checks next depends on that.",
		"bpftrace -e 'kretprobe:__ipv6_addr_type { printf(\"%x\\n\", retval) }'"},
	[STEP_MULTICAST] = {"multicast", "Is it a multicast address on a stream socket?",
		"A stream has two ends, so an IPv6 stream socket refuses multicast addresses. IPv4 has no such check: TCP "
		"binds to 224.0.0.1.",
		"strace -e trace=bind PROGRAM"},
	[STEP_PRIVILEGE] = {"privilege", "Does the port need a capability the process lacks?",
		"Ports below net.ipv4.ip_unprivileged_port_start (1024 by default; IPv6 uses the same sysctl) need "
		"CAP_NET_BIND_SERVICE in the user namespace that owns the network namespace. IPv4 checks this after the "
		"address, IPv6 before it: with a wrong address and port 80, IPv4 returns EADDRNOTAVAIL and IPv6 EACCES.",
		"sysctl net.ipv4.ip_unprivileged_port_start; grep CapEff /proc/self/status"},
	[STEP_STATE] = {"state", "Is the socket still unbound?",
		"A socket can be bound only once. A second bind fails with EINVAL, even to the same address, unless the first "
		"one took no port (IP_BIND_ADDRESS_NO_PORT). Raw sockets can be bound again while they are not connected.",
		"strace -e trace=bind,connect,listen PROGRAM"},
	[STEP_MAPPED] = {"mapped", "Is it an IPv4 address written as an IPv6 one?",
		"On an IPv6 socket, ::ffff:a.b.c.d is an IPv4 address: the IPv4 classification and the IPv4 sysctl decide. "
		"With IPV6_V6ONLY on, the socket does not handle IPv4, and bind fails with EINVAL.",
		"sysctl net.ipv6.bindv6only"},
	[STEP_SCOPE] = {"scope", "If the address is link-local, which link does it mean?",
		"fe80::1 may exist on every interface, so a link-local address is complete only with a scope: fe80::1%eth0. "
		"Without a scope or a bound device, bind fails with EINVAL, and IP_FREEBIND does not change that. The scope "
		"also binds the socket to the device.",
		"ip -6 addr show scope link"},
	[STEP_DEVICE] = {"device", "Does the bound device exist?",
		"SO_BINDTODEVICE, SO_BINDTOIFINDEX and a link-local scope bind the socket to a device. IPv6 checks that it "
		"exists and fails with ENODEV if it does not. IPv4 uses the device here only to find its VRF. For both "
		"families, the device matters again at the port: sockets bound to different devices do not conflict.",
		"ip -o link"},
	[STEP_TABLE] = {"table", "Which routing table decides what is local?",
		"The bound device decides, not policy rules: if it belongs to a VRF, the VRF's table is used, otherwise table "
		"local (255). Until an IPv4 rule is first added or deleted in a namespace, the kernel keeps the tables local "
		"and main merged, and a route in main counts as well. The first change of a rule splits them for good.",
		"ip rule; ip -d link show type vrf"},
	[STEP_CLASSIFY] = {"classify", "What does the routing table (FIB) say this address is?",
		"__inet_bind() calls inet_addr_type_table(), which looks the address up as if to send a packet to it and "
		"returns the type of the route it finds. That is why an Any-IP route (ip route add local 192.168.123.0/24 dev "
		"lo) makes a whole prefix bindable. 0.0.0.0 and 255.255.255.255 count as broadcast and 224.0.0.0/4 as "
		"multicast without a lookup. If no route matches, the type is RTN_UNICAST: somebody else's address. If the "
		"table does not exist, the type is RTN_BROADCAST, so in a brand-new namespace every IPv4 bind succeeds. IPv6 "
		"never makes this lookup.",
		"ip route get fibmatch ADDRESS; bpftrace -e 'kretprobe:inet_addr_type_table { printf(\"%d\\n\", retval) }'"},
	[STEP_NONLOCAL] = {"nonlocal", "Is a nonlocal bind allowed?",
		"Three switches let a socket bind to an address that is not local. The sysctls net.ipv4.ip_nonlocal_bind and "
		"net.ipv6.ip_nonlocal_bind allow it to every socket of the namespace, each for its own family. IP_FREEBIND "
		"allows it to one socket and needs no privilege. IP_TRANSPARENT allows it to one socket and needs CAP_NET_RAW "
		"or CAP_NET_ADMIN.",
		"sysctl net.ipv4.ip_nonlocal_bind net.ipv6.ip_nonlocal_bind; ss -tulnpe --inet-sockopt"},
	[STEP_ADDRESS_LIST] = {"address-list", "Does an interface have exactly this address?",
		"__inet6_bind() calls ipv6_chk_addr(): is the address configured on an interface, in the same VRF domain, and "
		"not tentative? IPv6 looks at no route of any type: an Any-IP route makes packets arrive, but it never makes "
		"an IPv6 address bindable. That is the difference from IPv4. To bind to such an address, a socket needs "
		"IP_FREEBIND or IP_TRANSPARENT, or the namespace net.ipv6.ip_nonlocal_bind.",
		"ip -6 addr; bpftrace -e 'kretprobe:ipv6_chk_addr { printf(\"%d\\n\", retval) }'"},
	[STEP_ACCEPTABLE] = {"acceptable", "Is this kind of address acceptable?",
		"bind accepts 0.0.0.0, any address of type RTN_LOCAL, RTN_MULTICAST or RTN_BROADCAST, and, where a nonlocal "
		"bind is allowed, any address at all. Every other type fails with EADDRNOTAVAIL: unicast, blackhole, "
		"unreachable, prohibit, throw, anycast, no route.",
		"strace -e trace=bind PROGRAM"},
	[STEP_PORT] = {"port", "Is the port available?",
		"The port comes last. With port 0, the kernel chooses one from net.ipv4.ip_local_port_range. A given port "
		"conflicts with a socket that holds it on an overlapping address and device, unless both sockets agree to "
		"share it: with SO_REUSEADDR (TCP: while nobody listens), or with SO_REUSEPORT and the same user. [::] "
		"without IPV6_V6ONLY overlaps 0.0.0.0.",
		"ss -tulnpe 'sport = :PORT'"},
	[STEP_RESULT] = {"result", "How did bind() end?",
		"What bind() returned, and the address and port the socket got. A socket bound to a broadcast or multicast "
		"address receives there but sends from another address: its source address stays unset.",
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
	[IN_START] = "start", [IN_LOW] = "low", [IN_HIGH] = "high", [IN_HOLDER] = "holder",
	[IN_POOL] = "pool", [IN_RESERVED] = "reserved", [IN_HELD] = "held", [IN_HOLDERS] = "holders",
	 [IN_V6ONLY] = "v6only",
	[IN_TRIE] = "trie", [IN_LSMS] = "lsms", [IN_SECCOMP] = "seccomp", [IN_UID] = "uid", [IN_LOCAL] = "local",
	[IN_NEAREST] = "nearest", [IN_HINT] = "hint", [IN_LEFT] = "left", [IN_PRIMARY] = "primary", [IN_ERRNO] = "errno",
	[IN_LINK] = "link", [IN_STATE] = "state", [IN_UNKNOWN] = "unknown", [IN_SECONDARY] = "secondary",
	[IN_REASON] = "reason",
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

static const struct {
	enum code code;
	enum input_id object;
} other_objects[] = {
	{CODE_DEVICE_UNKNOWN, IN_VALUE}, // a name that no device has is just the option's value
	{CODE_SOCKET_REFUSED, IN_SYSCTL},
	{CODE_SOCKET_REFUSED, IN_PROTOCOL},
	{CODE_SOCKET_REFUSED, IN_FAMILY},
};

enum input_id code_object(enum code c, unsigned n)
{
	if (n == 0)
		return codes[c].object;
	for (size_t i = 0; i < sizeof other_objects / sizeof *other_objects; i++)
		if (other_objects[i].code == c && --n == 0)
			return other_objects[i].object;
	return IN_COUNT;
}

const char *code_class_name(enum code_class c)
{
	static const char *const names[] = {NULL, "ADDRESS", "PORT", "PERMISSION", "ARGUMENT"};
	return names[c];
}

const char *errno_name(int err)
{
	const char *name = err > 0 ? strerrorname_np(err) : NULL;
	return err == 0 ? "ok" : name ? name : "E?";
}

const char *signal_name(int sig, char buf[static SIGNAL_NAME])
{
	const char *name = sigabbrev_np(sig);
	if (name)
		snprintf(buf, SIGNAL_NAME, "SIG%s", name);
	else
		snprintf(buf, SIGNAL_NAME, "signal %d", sig);
	return buf;
}
