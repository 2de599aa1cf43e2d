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

// By their manuals: systemd.socket(5), systemd.exec(5), ngx_http_core_module (listen), HAProxy's configuration manual
// (bind options), unbound.conf(5), dnsmasq(8), sshd_config(5), PostgreSQL's "Connections and Authentication",
// keepalived.conf(5). sshd and PostgreSQL have nothing for addresses that the host does not have: they need a sysctl.
// HAProxy's `transparent` lets it bind to those.
static const char *const table[SPELLED_COUNT][PROGRAM_COUNT] = {
	[SPELLED_FREEBIND] = {[PROGRAM_SYSTEMD] = "FreeBind=yes",
			      [PROGRAM_HAPROXY] = "bind ... transparent",
			      [PROGRAM_UNBOUND] = "ip-freebind: yes",
			      [PROGRAM_DNSMASQ] = "bind-dynamic"},
	[SPELLED_TRANSPARENT] = {[PROGRAM_SYSTEMD] = "Transparent=yes",
				 [PROGRAM_HAPROXY] = "bind ... transparent",
				 [PROGRAM_UNBOUND] = "ip-transparent: yes"},
	[SPELLED_DEVICE] = {[PROGRAM_SYSTEMD] = "BindToDevice=%s", [PROGRAM_HAPROXY] = "bind ... interface %s"},
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

const char *program_spelling(enum program p, const struct spelling *s, char buf[static SPELLING_TEXT])
{
	const char *form = table[s->what][p];
	size_t used = 0;
	if (!form)
		return NULL;
	for (; *form && used + 1 < SPELLING_TEXT; form++) {
		if (form[0] == '%' && form[1] == 's') {
			int n = snprintf(buf + used, SPELLING_TEXT - used, "%s", s->name);
			used += n > 0 ? (size_t)n : 0;
			form++;
		} else {
			buf[used++] = *form;
		}
	}
	buf[used < SPELLING_TEXT ? used : SPELLING_TEXT - 1] = '\0';
	return buf;
}
