// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/remedy_program.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

enum { FILES = 3 };

static const struct {
	const char *name;
	const char *files[FILES]; // base names of its executables, without what tells its release
} programs[PROGRAM_COUNT] = {
	[PROGRAM_SYSTEMD] = {"systemd", {"systemd"}},
	[PROGRAM_NGINX] = {"nginx", {"nginx"}},
	[PROGRAM_HAPROXY] = {"haproxy", {"haproxy"}},
	[PROGRAM_UNBOUND] = {"unbound", {"unbound"}},
	[PROGRAM_DNSMASQ] = {"dnsmasq", {"dnsmasq"}},
	[PROGRAM_SSHD] = {"sshd", {"sshd"}},
	[PROGRAM_POSTGRESQL] = {"postgresql", {"postgres", "postmaster"}},
	[PROGRAM_REDIS] = {"redis", {"redis-server", "redis-sentinel", "valkey-server"}},
	[PROGRAM_KEEPALIVED] = {"keepalived", {"keepalived"}},
	[PROGRAM_PYTHON] = {"python", {"python", "pypy"}},
	[PROGRAM_NODE] = {"node", {"node", "nodejs"}},
	[PROGRAM_JAVA] = {"java", {"java"}},
	[PROGRAM_SOCAT] = {"socat", {"socat"}},
	[PROGRAM_WEBHOOK] = {"webhook", {"webhook"}},
};

// %s is the name of a spelling, %h the same as a host (an IPv6 address in brackets), %p its port; of ADDRESS%INTERFACE
// %a is the address, %i the interface.
//
// Tried with Debian's programs; systemd's and keepalived's are from systemd.socket(5), systemd.exec(5) and
// keepalived.conf(5). nginx, sshd, PostgreSQL and Redis have nothing for addresses that the host does not have: they
// need a sysctl, or another address. HAProxy's `transparent` sets IP_TRANSPARENT, or IP_FREEBIND without privilege.
// dnsmasq's bind-dynamic sets no option: dnsmasq starts without the address, and binds when the host gets it.
typedef const char *table[SPELLED_COUNT][PROGRAM_COUNT];

static const table listed = {
	[SPELLED_FREEBIND] = {[PROGRAM_SYSTEMD] = "FreeBind=yes",
			      [PROGRAM_HAPROXY] = "bind ... transparent",
			      [PROGRAM_UNBOUND] = "ip-freebind: yes",
			      [PROGRAM_DNSMASQ] = "bind-dynamic"},
	[SPELLED_TRANSPARENT] = {[PROGRAM_SYSTEMD] = "Transparent=yes",
				 [PROGRAM_HAPROXY] = "bind ... transparent",
				 [PROGRAM_UNBOUND] = "ip-transparent: yes"},
	[SPELLED_DEVICE] = {[PROGRAM_SYSTEMD] = "BindToDevice=%s",
			    [PROGRAM_HAPROXY] = "bind ... interface %s",
			    [PROGRAM_SSHD] = "ListenAddress ... rdomain %s"},
	[SPELLED_V6ONLY] = {[PROGRAM_SYSTEMD] = "BindIPv6Only=ipv6-only",
			    [PROGRAM_NGINX] = "listen ... ipv6only=on",
			    [PROGRAM_HAPROXY] = "bind ... v6only"},
	[SPELLED_DUALSTACK] = {[PROGRAM_SYSTEMD] = "BindIPv6Only=both",
			       [PROGRAM_NGINX] = "listen ... ipv6only=off",
			       [PROGRAM_HAPROXY] = "bind ... v4v6"},
	[SPELLED_REUSEPORT] = {[PROGRAM_SYSTEMD] = "ReusePort=yes",
			       [PROGRAM_NGINX] = "listen ... reuseport",
			       [PROGRAM_UNBOUND] = "so-reuseport: yes"},
	[SPELLED_ADDRESS] = {[PROGRAM_KEEPALIVED] = "virtual_ipaddress { %s }"},
	[SPELLED_BIND] = {[PROGRAM_UNBOUND] = "interface: %s",
			  [PROGRAM_SSHD] = "ListenAddress %s",
			  [PROGRAM_POSTGRESQL] = "listen_addresses = '%s'"},
	[SPELLED_IPV4] = {[PROGRAM_SSHD] = "AddressFamily inet"},
	[SPELLED_CAP_BIND] = {[PROGRAM_SYSTEMD] = "AmbientCapabilities=CAP_NET_BIND_SERVICE"},
	[SPELLED_CAP_RAW] = {[PROGRAM_SYSTEMD] = "AmbientCapabilities=CAP_NET_RAW"},
	[SPELLED_USER] = {[PROGRAM_SYSTEMD] = "User=%s"},
};

// nginx, HAProxy and dnsmasq read no ADDRESS%INTERFACE. Python reads it, and binds without the interface.
// It has no name for IP_FREEBIND (15), which serves IPv6 as well. Node sets IPV6_V6ONLY only.
static const table own = {
	[SPELLED_FREEBIND] =
		{[PROGRAM_PYTHON] = "sock.setsockopt(socket.IPPROTO_IP, 15, 1)", [PROGRAM_SOCAT] = "...,freebind"},
	[SPELLED_TRANSPARENT] = {[PROGRAM_PYTHON] = "sock.setsockopt(socket.IPPROTO_IP, socket.IP_TRANSPARENT, 1)",
				 [PROGRAM_SOCAT] = "...,ip-transparent"},
	[SPELLED_DEVICE] = {[PROGRAM_PYTHON] = "sock.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, b'%s')",
			    [PROGRAM_SOCAT] = "...,so-bindtodevice=%s"},
	[SPELLED_V6ONLY] = {[PROGRAM_PYTHON] = "sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)",
			    [PROGRAM_NODE] = "server.listen({..., ipv6Only: true})",
			    [PROGRAM_SOCAT] = "...,ipv6only=1"},
	[SPELLED_DUALSTACK] = {[PROGRAM_PYTHON] = "sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)",
			       [PROGRAM_NODE] = "server.listen({..., ipv6Only: false})",
			       [PROGRAM_SOCAT] = "...,ipv6only=0"},
	[SPELLED_REUSEPORT] = {[PROGRAM_PYTHON] = "sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)",
			       [PROGRAM_JAVA] = "socket.setOption(StandardSocketOptions.SO_REUSEPORT, true)",
			       [PROGRAM_SOCAT] = "...,reuseport"},
	[SPELLED_BIND] = {[PROGRAM_NGINX] = "listen %h:%p",
			  [PROGRAM_HAPROXY] = "bind %h:%p",
			  [PROGRAM_DNSMASQ] = "listen-address=%s",
			  [PROGRAM_REDIS] = "bind %s",
			  [PROGRAM_PYTHON] = "sock.bind(('%s', %p))",
			  [PROGRAM_NODE] = "server.listen(%p, '%s')",
			  [PROGRAM_JAVA] = "new InetSocketAddress(\"%s\", %p)",
			  [PROGRAM_SOCAT] = "...,bind=%h",
			  [PROGRAM_WEBHOOK] = "-ip %h"},
	[SPELLED_PORT] = {[PROGRAM_NGINX] = "listen %h:%p",
			  [PROGRAM_HAPROXY] = "bind %h:%p",
			  [PROGRAM_UNBOUND] = "port: %p",
			  [PROGRAM_DNSMASQ] = "port=%p",
			  [PROGRAM_SSHD] = "Port %p",
			  [PROGRAM_POSTGRESQL] = "port = %p",
			  [PROGRAM_REDIS] = "port %p",
			  [PROGRAM_PYTHON] = "sock.bind(('%s', %p))",
			  [PROGRAM_NODE] = "server.listen(%p, '%s')",
			  [PROGRAM_JAVA] = "new InetSocketAddress(\"%s\", %p)",
			  [PROGRAM_WEBHOOK] = "-port %p"},
	[SPELLED_SCOPE] = {[PROGRAM_UNBOUND] = "interface: %s",
			   [PROGRAM_SSHD] = "ListenAddress %s",
			   [PROGRAM_POSTGRESQL] = "listen_addresses = '%s'",
			   [PROGRAM_REDIS] = "bind %s",
			   [PROGRAM_PYTHON] = "sock.bind(('%a', %p, 0, socket.if_nametoindex('%i')))",
			   [PROGRAM_NODE] = "server.listen(%p, '%s')",
			   [PROGRAM_SOCAT] = "...,bind=%h",
			   [PROGRAM_WEBHOOK] = "-ip %h"},
	[SPELLED_IPV4] = {[PROGRAM_NGINX] = "listen %h:%p",
			  [PROGRAM_HAPROXY] = "bind %h:%p",
			  [PROGRAM_UNBOUND] = "interface: %s",
			  [PROGRAM_DNSMASQ] = "listen-address=%s",
			  [PROGRAM_POSTGRESQL] = "listen_addresses = '%s'",
			  [PROGRAM_REDIS] = "bind %s",
			  [PROGRAM_PYTHON] = "socket.socket(socket.AF_INET), bound to ('%s', %p)",
			  [PROGRAM_NODE] = "server.listen(%p, '%s')",
			  [PROGRAM_JAVA] = "java -Djava.net.preferIPv4Stack=true"},
};

const char *program_name(enum program p)
{
	return programs[p].name;
}

// "python3.11" is "python".
static bool is_release_of(const char *file, size_t len, const char *wanted)
{
	size_t stem = strlen(wanted);
	if (len < stem || memcmp(file, wanted, stem) != 0)
		return false;
	return strspn(file + stem, "0123456789.") >= len - stem;
}

static enum program find_file(const char *file, size_t len)
{
	for (int p = 0; p < PROGRAM_COUNT; p++)
		for (int i = 0; i < FILES && programs[p].files[i]; i++)
			if (is_release_of(file, len, programs[p].files[i]))
				return (enum program)p;
	return PROGRAM_COUNT;
}

enum program program_find(const char *comm, const char *exe)
{
	static const char deleted[] = " (deleted)";
	const char *slash = exe ? strrchr(exe, '/') : NULL;
	const char *file = slash ? slash + 1 : exe ? exe : "";
	size_t len = strlen(file), tail = sizeof deleted - 1;
	if (len > tail && strcmp(file + len - tail, deleted) == 0)
		len -= tail;
	enum program p = find_file(file, len);
	return p == PROGRAM_COUNT && comm ? find_file(comm, strlen(comm)) : p;
}

// Writes what a letter of a form stands for.
static int put(char *to, size_t room, char letter, const struct spelling *s)
{
	const int address = (int)strcspn(s->name, "%");
	const bool brackets = letter == 'h' && strchr(s->name, ':');
	switch (letter) {
	case 'p':
		return snprintf(to, room, "%u", (unsigned)s->port);
	case 'a':
		return snprintf(to, room, "%.*s", address, s->name);
	case 'i':
		return snprintf(to, room, "%s", s->name + address + (s->name[address] != '\0'));
	default:
		return snprintf(to, room, "%s%s%s", brackets ? "[" : "", s->name, brackets ? "]" : "");
	}
}

static const char *spell(const char *form, const struct spelling *s, char buf[static SPELLING_TEXT])
{
	size_t used = 0;
	if (!form)
		return NULL;
	for (; *form && used + 1 < SPELLING_TEXT; form++) {
		if (*form == '%') {
			int n = put(buf + used, SPELLING_TEXT - used, *++form, s);
			used += n > 0 ? (size_t)n : 0;
		} else {
			buf[used++] = *form;
		}
	}
	buf[used < SPELLING_TEXT ? used : SPELLING_TEXT - 1] = '\0';
	return buf;
}

const char *program_spelling_listed(enum program p, const struct spelling *s, char buf[static SPELLING_TEXT])
{
	return spell(listed[s->what][p], s, buf);
}

const char *program_spelling(enum program p, const struct spelling *s, char buf[static SPELLING_TEXT])
{
	const char *form = own[s->what][p];
	return spell(form ? form : listed[s->what][p], s, buf);
}
