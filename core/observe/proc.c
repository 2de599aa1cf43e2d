// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/observe/proc.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/utsname.h>
#include <unistd.h>

enum { FIELDS = 4, PORTS_TEXT = 1 << 18 }; // every second port, in digits, takes less
enum { PROTOCOLS_TEXT = 1 << 14 };         // some 60 lines of 125 bytes

static int open_under(const char *root, const char *path)
{
	char full[PATH_MAX];
	if (snprintf(full, sizeof full, "%s%s", root, path) >= (int)sizeof full)
		return -ENAMETOOLONG;
	int fd = open(full, O_RDONLY | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

char *proc_path(pid_t pid, const char *name, char *buf, size_t len)
{
	if (pid)
		snprintf(buf, len, "/proc/%d/%s", pid, name);
	else
		snprintf(buf, len, "/proc/thread-self/%s", name);
	return buf;
}

// A sysctl comes whole with the first read; of other files there may be more after a short one.
enum how_much { ONE_READ, TO_THE_END };

static ssize_t read_file(const char *root, const char *path, enum how_much how_much, char *buf, size_t len)
{
	int fd = open_under(root, path);
	if (fd < 0)
		return fd;
	size_t used = 0;
	ssize_t got = 0;
	while (used < len && (got = read(fd, buf + used, len - used)) != 0) {
		if (got < 0 && errno != EINTR)
			break;
		used += got > 0 ? (size_t)got : 0;
		if (how_much == ONE_READ && got > 0)
			break;
	}
	int err = got < 0 ? -errno : used == len ? -EMSGSIZE : 0;
	close(fd);
	if (err)
		return err;
	buf[used] = '\0';
	return (ssize_t)used;
}

ssize_t proc_read(const char *root, const char *path, char *buf, size_t len)
{
	return read_file(root, path, TO_THE_END, buf, len);
}

char *proc_comm(pid_t pid, char *buf, size_t len)
{
	char path[64], text[128];
	ssize_t n = proc_read("", proc_path(pid, "comm", path, sizeof path), text, sizeof text);
	// The kernel ends it with a line end; others are part of the name.
	snprintf(buf, len, "%.*s", n > 0 ? (int)n - 1 : 0, text);
	return buf;
}

int proc_field(const char *text, const char *key, unsigned base, unsigned long *out)
{
	size_t len = strlen(key);
	for (const char *line = text; line; line = strchr(line, '\n')) {
		line += *line == '\n';
		if (strncmp(line, key, len) == 0 && line[len] == ':') {
			*out = strtoul(line + len + 1, NULL, (int)base);
			return 0;
		}
	}
	return -ENOENT;
}

char *proc_sysctl_path(const char *name, char *buf, size_t len)
{
	int used = snprintf(buf, len, "/proc/sys/%s", name);
	for (int i = 0; i < used && (size_t)i < len; i++)
		if (buf[i] == '.')
			buf[i] = '/';
	return buf;
}

// The whitespace-separated numbers of a file: how many, or -errno.
static int read_numbers(const char *root, const char *name, int64_t out[static FIELDS])
{
	char path[128], text[256];
	ssize_t got = read_file(root, proc_sysctl_path(name, path, sizeof path), ONE_READ, text, sizeof text);
	if (got < 0)
		return (int)got;
	int n = 0;
	for (char *p = text, *end; n < FIELDS; p = end) {
		long long value = strtoll(p, &end, 10);
		if (end == p)
			break;
		out[n++] = value;
	}
	return n;
}

static int take_port(const char **p, unsigned *out)
{
	if (!isdigit((unsigned char)**p))
		return -EINVAL;
	unsigned value = 0;
	for (; isdigit((unsigned char)**p) && value <= 65535; ++*p)
		value = value * 10 + (unsigned)(**p - '0');
	*out = value;
	return value <= 65535 ? 0 : -EINVAL;
}

int proc_ports(const char *text, uint8_t map[static 8192])
{
	memset(map, 0, 8192);
	const char *p = text;
	while (*p && *p != '\n') {
		unsigned low = 0, high;
		int err = take_port(&p, &low);
		high = low;
		if (!err && *p == '-') {
			p++;
			err = take_port(&p, &high);
		}
		if (err || high < low || (*p && *p != ',' && *p != '\n')) {
			memset(map, 0, 8192);
			return -EINVAL;
		}
		for (unsigned port = low; port <= high; port++)
			map[port / 8] = (uint8_t)(map[port / 8] | 1u << port % 8);
		p += *p == ',';
	}
	return 0;
}

static bool read_reserved(const char *root, struct host *h, bool there)
{
	uint8_t map[sizeof h->reserved_ports] = {0};
	char path[128], small[4096], *text = small;
	proc_sysctl_path("net.ipv4.ip_local_reserved_ports", path, sizeof path);
	ssize_t got = read_file(root, path, ONE_READ, small, sizeof small);
	if (got == -EMSGSIZE && (text = malloc(PORTS_TEXT)))
		got = proc_read(root, path, text, PORTS_TEXT);
	if (got >= 0)
		proc_ports(text, map);
	if (text != small)
		free(text);
	bool hidden = got <= 0 && !(got == -ENOENT && there); // an empty list is a line as well
	bool changed = hidden != h->reserved_hidden || memcmp(map, h->reserved_ports, sizeof map) != 0;
	h->reserved_hidden = hidden;
	if (changed)
		memcpy(h->reserved_ports, map, sizeof map);
	return changed;
}

bool proc_sysctls(const char *root, struct host *h)
{
	bool changed = false, there = false; // is /proc/sys there at all
	int count = 0;
	int64_t numbers[FIELDS] = {0};
	const char *read = "";
	bool hidden[SYSCTL_COUNT];
	int missing[SYSCTL_COUNT];
	for (int i = 0; i < SYSCTL_COUNT; i++) {
		const struct sysctl *row = sysctl_info((enum sysctl_id)i);
		// Rows of one file follow each other.
		if (strcmp(row->name, read) != 0)
			count = read_numbers(root, row->name, numbers);
		read = row->name;
		bool known = (int)row->field < count;
		there |= known;
		missing[i] = known ? 0 : count == -ENOENT ? -ENOENT : -EIO;
		int64_t value = known ? numbers[row->field] : row->initial;
		changed |= value != h->sysctl[i] || known != h->sysctl_known[i];
		h->sysctl[i] = value;
		h->sysctl_known[i] = known;
	}
	for (int i = 0; i < SYSCTL_COUNT; i++) {
		hidden[i] = missing[i] && !(missing[i] == -ENOENT && there);
		changed |= hidden[i] != h->sysctl_hidden[i];
	}
	memcpy(h->sysctl_hidden, hidden, sizeof hidden);
	return read_reserved(root, h, there) || changed;
}

int proc_kernel(struct host *h)
{
	struct utsname u;
	char signature[256];
	if (uname(&u) < 0)
		return -errno;
	snprintf(h->name, sizeof h->name, "%.64s", u.nodename);
	int err = kernel_parse(u.release, &h->kernel);
	if (err)
		return err;
	kernel_refine(&h->kernel, u.version);
	if (proc_read("", "/proc/version_signature", signature, sizeof signature) > 0)
		kernel_refine(&h->kernel, signature);
	return 0;
}

// inet6_init(), net/ipv6/af_inet6.c, registers nothing with ipv6.disable=1.
static bool inet6_disabled(const char *root)
{
	char text[16];
	return proc_read(root, "/sys/module/ipv6/parameters/disable", text, sizeof text) > 0 && *text == '1';
}

int proc_protocols(const char *root, enum tri has[static KIND_COUNT], enum tri *inet6)
{
	char text[PROTOCOLS_TEXT];
	ssize_t len = proc_read(root, "/proc/thread-self/net/protocols", text, sizeof text);
	*inet6 = len > 0 && strstr(text, "\nTCPv6 ") ? YES : inet6_disabled(root) ? NO : UNKNOWN;
	if (len < 0) {
		has[KIND_MPTCP] = has[KIND_SCTP] = UNKNOWN;
		return (int)len;
	}
	has[KIND_MPTCP] = strstr(text, "\nMPTCP ") ? YES : NO;
	has[KIND_SCTP] = strstr(text, "\nSCTP ") ? YES : UNKNOWN;
	return 0;
}

static int open_stream(const char *root, const char *path, FILE **out)
{
	int fd = open_under(root, path);
	if (fd < 0)
		return fd;
	*out = fdopen(fd, "r");
	if (*out)
		return 0;
	int err = -errno;
	close(fd);
	return err;
}

// "   50: 0100007F:004D 00000000:0000 07 00000000:00000000 00:00000000 00000000  1000  0 4711 2 ...", the address in
// words of the machine's byte order; an IPv6 one has four.
static bool parse_ping(const char *line, uint8_t family, struct sock *out)
{
	struct sock s = {.family = family,
			 .protocol = IPPROTO_ICMP,
			 .reuseaddr = UNKNOWN,
			 .reuseport = UNKNOWN,
			 .nonlocal = UNKNOWN,
			 .addr = {.family = family}};
	unsigned words = family == AF_INET6 ? 4 : 1, port, state;
	const char *p = strchr(line, ':');
	if (!p || p[1] != ' ')
		return false;
	p += 2;
	for (unsigned i = 0; i < words; i++, p += 8) {
		uint32_t word;
		if (sscanf(p, "%8" SCNx32, &word) != 1 || strspn(p, "0123456789ABCDEF") != 8 * (words - i))
			return false;
		memcpy(s.addr.bytes + i * sizeof word, &word, sizeof word);
	}
	if (sscanf(p, ":%x %*[0-9A-F]:%*x %x %*x:%*x %*x:%*x %*x %" SCNu32 " %*d %" SCNu32, &port, &state, &s.uid,
		   &s.inode) != 4)
		return false;
	s.port = (uint16_t)port;
	s.state = (uint8_t)state;
	*out = s;
	return true;
}

static bool is_known(const struct question *q, uint32_t inode)
{
	for (size_t i = 0; i < q->nsocks; i++)
		if (q->socks[i].inode == inode)
			return true;
	return false;
}

int proc_pings(const char *root, uint16_t ident, struct question *q)
{
	// The second one lists the sockets of both families, those of the first without their address.
	static const struct {
		const char *path;
		uint8_t family;
	} files[] = {{"/proc/thread-self/net/icmp", AF_INET}, {"/proc/thread-self/net/icmp6", AF_INET6}};
	for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
		FILE *f;
		int err = open_stream(root, files[i].path, &f);
		if (err == -ENOENT && files[i].family == AF_INET6)
			break; // no IPv6
		if (err)
			return err;
		char line[256];
		struct sock s;
		while (!err && fgets(line, sizeof line, f))
			if (parse_ping(line, files[i].family, &s) && (!ident || s.port == ident) &&
			    !is_known(q, s.inode))
				err = question_add_sock(q, &s);
		if (!err && ferror(f))
			err = -EIO;
		fclose(f);
		if (err)
			return err;
	}
	return 0;
}

// Its lines are those of ping sockets.
enum tri proc_raw_connected(const char *root, uint32_t inode)
{
	enum { ESTABLISHED = 1 };
	static const char *const paths[] = {"/proc/thread-self/net/raw", "/proc/thread-self/net/raw6"};
	enum tri out = UNKNOWN;
	for (size_t i = 0; i < sizeof paths / sizeof *paths && out == UNKNOWN; i++) {
		char line[256];
		struct sock s;
		FILE *f;
		if (open_stream(root, paths[i], &f))
			continue;
		while (out == UNKNOWN && fgets(line, sizeof line, f))
			if (parse_ping(line, i ? AF_INET6 : AF_INET, &s) && s.inode == inode)
				out = s.state == ESTABLISHED ? YES : NO;
		fclose(f);
	}
	return out;
}

int proc_tables(const char *root, enum tri *local, enum tri *main_table)
{
	FILE *f;
	int err = open_stream(root, "/proc/thread-self/net/fib_triestat", &f);
	if (err)
		return err;
	*local = *main_table = NO;
	char line[128];
	while (fgets(line, sizeof line, f)) {
		// The counters of a table may follow its name in lines of their own: the whole line counts.
		if (strcmp(line, "Local:\n") == 0)
			*local = YES;
		else if (strcmp(line, "Main:\n") == 0)
			*main_table = YES;
	}
	err = ferror(f) ? -EIO : 0;
	fclose(f);
	return err;
}

int proc_trie_sample(const char *root, unsigned max, unsigned *unicast)
{
	FILE *f;
	int err = open_stream(root, "/proc/thread-self/net/fib_trie", &f);
	if (err)
		return err;
	unsigned n = 0;
	char line[160];
	*unicast = 0;
	while (n < max && fgets(line, sizeof line, f)) {
		const char *text = line + strspn(line, " ");
		if (*text != '/') // "/24 link UNICAST", beneath the leaf that it belongs to
			continue;
		n++;
		*unicast += strstr(text, " UNICAST") != NULL;
	}
	fclose(f);
	return (int)n;
}
