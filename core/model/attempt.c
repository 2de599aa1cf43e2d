// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/attempt.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

enum { PROTO_MPTCP = 262, PROTO_EXPERIMENT = 253 };

static const struct kind_info kinds[KIND_COUNT] = {
	[KIND_TCP] = {"tcp", "stream", SOCK_STREAM, IPPROTO_TCP, IPPROTO_TCP},
	[KIND_UDP] = {"udp", "dgram", SOCK_DGRAM, IPPROTO_UDP, IPPROTO_UDP},
	[KIND_RAW] = {"raw", "raw", SOCK_RAW, PROTO_EXPERIMENT, PROTO_EXPERIMENT},
	[KIND_PING] = {"icmp", "ping", SOCK_DGRAM, IPPROTO_ICMP, IPPROTO_ICMPV6},
	[KIND_UDPLITE] = {"udplite", "dgram", SOCK_DGRAM, IPPROTO_UDPLITE, IPPROTO_UDPLITE},
	[KIND_MPTCP] = {"mptcp", "stream", SOCK_STREAM, PROTO_MPTCP, PROTO_MPTCP},
	[KIND_SCTP] = {"sctp", "stream", SOCK_STREAM, IPPROTO_SCTP, IPPROTO_SCTP},
};

const struct kind_info *kind_info(enum kind k)
{
	return &kinds[k];
}

int kind_port_protocol(enum kind k)
{
	return k == KIND_MPTCP ? IPPROTO_TCP : kind_info(k)->protocol;
}

const char *protocol_name(int protocol)
{
	for (int k = 0; k < KIND_COUNT; k++)
		if (kinds[k].protocol == protocol)
			return kinds[k].name;
	return NULL;
}

int kind_find(const char *proto)
{
	for (int i = 0; i < KIND_COUNT; i++)
		if (strcmp(kinds[i].name, proto) == 0)
			return i;
	return -1;
}

int kind_of_type(const char *type)
{
	int k = 0;
	while (k < KIND_COUNT && strcmp(kinds[k].type, type) != 0)
		k++;
	return k < KIND_COUNT ? k : -1;
}

struct attempt attempt_new(const struct addr *addr)
{
	return (struct attempt){
		.family = addr->family,
		.kind = KIND_TCP,
		.addr = *addr,
		.sa_family = SA_FAMILY_AS_ADDRESS,
		.addrlen = ADDRLEN_WHOLE,
		.binds = 1,
	};
}

bool kind_made(struct attempt *a, int sock_type, int protocol)
{
	if (sock_type == SOCK_RAW && (protocol <= 0 || protocol > UINT8_MAX))
		return false;
	if (protocol == 0)
		protocol = sock_type == SOCK_STREAM ? IPPROTO_TCP : sock_type == SOCK_DGRAM ? IPPROTO_UDP : 0;
	for (int k = 0; k < KIND_COUNT; k++) {
		int fits = a->family == AF_INET6 ? kinds[k].protocol6 : kinds[k].protocol;
		if (kinds[k].sock_type != sock_type || (k != KIND_RAW && fits != protocol))
			continue;
		a->kind = (enum kind)k;
		a->raw_protocol = k == KIND_RAW ? (uint8_t)protocol : 0;
		return true;
	}
	return false;
}

void attempt_aim(struct attempt *a, const struct endpoint *at)
{
	a->family = at->addr.family;
	a->addr = at->addr;
	a->scope = 0;
	memcpy(a->scope_name, at->scope, sizeof a->scope_name);
	if (at->has_port)
		a->port = at->port;
}

static bool setting_equal(const struct setting *a, const struct setting *b)
{
	return a->option == b->option && a->value == b->value && strcmp(a->device, b->device) == 0;
}

static bool next_ask_equal(const struct next_ask *a, const struct next_ask *b)
{
	return a->listen == b->listen && addr_equal(&a->dest.addr, &b->dest.addr) && a->dest.port == b->dest.port &&
	       a->dest_scope == b->dest_scope && strcmp(a->dest.scope, b->dest.scope) == 0;
}

bool attempt_equal(const struct attempt *a, const struct attempt *b)
{
	if (a->family != b->family || a->kind != b->kind || a->raw_protocol != b->raw_protocol ||
	    !addr_equal(&a->addr, &b->addr) || a->scope != b->scope || a->port != b->port ||
	    a->nsettings != b->nsettings || a->sa_family != b->sa_family || a->addrlen != b->addrlen ||
	    a->binds != b->binds || !next_ask_equal(&a->then, &b->then))
		return false;
	for (unsigned i = 0; i < a->nsettings; i++)
		if (!setting_equal(&a->settings[i], &b->settings[i]))
			return false;
	return true;
}

// Both levels of an option are one bit in the socket.
static enum option_id same_bit(enum option_id id)
{
	return id == OPT_FREEBIND6      ? OPT_FREEBIND
	       : id == OPT_TRANSPARENT6 ? OPT_TRANSPARENT
	       : id == OPT_IFINDEX      ? OPT_DEVICE
					: id;
}

const struct setting *attempt_setting(const struct attempt *a, enum option_id id)
{
	for (unsigned i = a->nsettings; i-- > 0;)
		if (same_bit(a->settings[i].option) == same_bit(id))
			return &a->settings[i];
	return NULL;
}

bool attempt_on(const struct attempt *a, enum option_id id)
{
	const struct setting *s = attempt_setting(a, id);
	return s && s->value != 0;
}

int attempt_set(struct attempt *a, const struct setting *s)
{
	if (a->nsettings == ATTEMPT_SETTINGS)
		return -ENOSPC;
	a->settings[a->nsettings++] = *s;
	return 0;
}

void attempt_unset(struct attempt *a, enum option_id id)
{
	unsigned kept = 0;
	for (unsigned i = 0; i < a->nsettings; i++)
		if (same_bit(a->settings[i].option) != same_bit(id))
			a->settings[kept++] = a->settings[i];
	a->nsettings = kept;
}

int attempt_toggle(struct attempt *a, enum option_id id)
{
	bool on = attempt_on(a, id);
	attempt_unset(a, id);
	return on ? 0 : attempt_set(a, &(struct setting){.option = id, .value = 1});
}

static int parse_range(const char *text, uint32_t *out)
{
	char low[8];
	const char *dash = strchr(text, '-');
	size_t n = dash ? (size_t)(dash - text) : 0;
	unsigned long lo, hi;
	if (!dash || n >= sizeof low)
		return -EINVAL;
	memcpy(low, text, n);
	low[n] = '\0';
	if (number_parse(low, 65535, &lo) < 0 || number_parse(dash + 1, 65535, &hi) < 0)
		return -EINVAL;
	*out = (uint32_t)(hi << 16 | lo);
	return 0;
}

int setting_parse(const char *text, struct setting *out, char *err, size_t errlen)
{
	char name[32];
	const char *equals = strchr(text, '=');
	size_t n = equals ? (size_t)(equals - text) : strlen(text);
	int id = -1;
	if (n < sizeof name) {
		memcpy(name, text, n);
		name[n] = '\0';
		id = option_find(name);
	}
	if (id < 0) {
		int used = snprintf(err, errlen, "'%.60s' is not a socket option; expected", text);
		for (int i = 0; i < OPT_COUNT && used > 0 && (size_t)used < errlen; i++)
			used += snprintf(err + used, errlen - (size_t)used, "%s %s", i ? "," : "",
					 option_info((enum option_id)i)->name);
		return -EINVAL;
	}
	const struct sockopt *o = option_info((enum option_id)id);
	const char *value = equals ? equals + 1 : NULL, *takes = "0 or 1";
	struct setting s = {.option = (enum option_id)id, .value = 1};
	unsigned long number;
	switch (o->value) {
	case VALUE_BOOL:
		if (value && number_parse(value, 1, &number) < 0)
			goto bad;
		s.value = value ? (uint32_t)number : 1;
		break;
	case VALUE_NUMBER:
		takes = "a number from 0 to 4294967295";
		if (!value || number_parse(value, UINT32_MAX, &number) < 0)
			goto bad;
		s.value = (uint32_t)number;
		break;
	case VALUE_DEVICE:
		takes = "the name of an interface";
		if (!value || !*value || strlen(value) >= sizeof s.device)
			goto bad;
		strcpy(s.device, value);
		break;
	case VALUE_RANGE:
		takes = "LOW-HIGH, both from 0 to 65535";
		if (!value || parse_range(value, &s.value) < 0)
			goto bad;
		break;
	}
	*out = s;
	return 0;
bad:
	snprintf(err, errlen, "'%.60s': %s takes %s, as in %s=%s", text, o->symbol, takes, o->name,
		 o->value == VALUE_DEVICE  ? "eth0"
		 : o->value == VALUE_RANGE ? "50000-50010"
					   : "1");
	return -EINVAL;
}

char *setting_print(const struct setting *s, char buf[static 48])
{
	const struct sockopt *o = option_info(s->option);
	if (o->value == VALUE_DEVICE)
		snprintf(buf, 48, "%s=%s", o->name, s->device);
	else if (o->value == VALUE_RANGE)
		snprintf(buf, 48, "%s=%u-%u", o->name, s->value & 0xffff, s->value >> 16);
	else if (o->value == VALUE_BOOL && s->value == 1)
		snprintf(buf, 48, "%s", o->name);
	else
		snprintf(buf, 48, "%s=%u", o->name, s->value);
	return buf;
}

int sa_family_parse(const char *text)
{
	static const struct {
		const char *name;
		int family;
	} names[] = {{"inet", AF_INET}, {"inet6", AF_INET6}, {"unspec", AF_UNSPEC}};
	unsigned long number;
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (strcmp(names[i].name, text) == 0)
			return names[i].family;
	return number_parse(text, UINT16_MAX, &number) < 0 ? -1 : (int)number;
}

const char *sa_family_symbol(int family)
{
	return family == AF_INET     ? "AF_INET"
	       : family == AF_INET6  ? "AF_INET6"
	       : family == AF_UNSPEC ? "AF_UNSPEC"
				     : NULL;
}

__attribute__((format(printf, 2, 3))) static void append(char buf[static ATTEMPT_TEXT], const char *fmt, ...)
{
	size_t used = strlen(buf);
	va_list args;
	va_start(args, fmt);
	vsnprintf(buf + used, ATTEMPT_TEXT - used, fmt, args);
	va_end(args);
}

char *attempt_print(const struct attempt *a, char buf[static ATTEMPT_TEXT])
{
	char addr[ADDR_TEXT], scope[SCOPE_TEXT + 2] = "";
	const char *kind = a->kind == KIND_PING ? "ping" : kinds[a->kind].name,
		   *family = sa_family_symbol(a->sa_family);
	addr_print(&a->addr, addr);
	if (a->scope_name[0])
		snprintf(scope, sizeof scope, "%%%.15s", a->scope_name);
	else if (a->scope)
		snprintf(scope, sizeof scope, "%%%u", a->scope);
	snprintf(buf, ATTEMPT_TEXT, a->addr.family == AF_INET6 ? "%s%c [%s%s]" : "%s%c %s%s", kind,
		 a->family == AF_INET6 ? '6' : '4', addr, scope);
	if (a->kind != KIND_RAW)
		append(buf, ":%u", a->port);
	if (a->sa_family != SA_FAMILY_AS_ADDRESS && family)
		append(buf, " sa_family %s", family);
	else if (a->sa_family != SA_FAMILY_AS_ADDRESS)
		append(buf, " sa_family %d", a->sa_family);
	if (a->addrlen != ADDRLEN_WHOLE)
		append(buf, " addrlen %d", a->addrlen);
	if (a->binds > 1)
		append(buf, " again");
	return buf;
}

unsigned attempt_sockaddr(const struct attempt *a, struct sockaddr_storage *out)
{
	unsigned len;
	memset(out, 0, sizeof *out);
	if (a->addr.family == AF_INET) {
		struct sockaddr_in sin = {.sin_family = AF_INET, .sin_port = htons(a->port)};
		memcpy(&sin.sin_addr, a->addr.bytes, 4);
		memcpy(out, &sin, len = sizeof sin);
	} else {
		struct sockaddr_in6 sin6 = {
			.sin6_family = AF_INET6, .sin6_port = htons(a->port), .sin6_scope_id = a->scope};
		memcpy(&sin6.sin6_addr, a->addr.bytes, 16);
		memcpy(out, &sin6, len = sizeof sin6);
	}
	if (a->sa_family != SA_FAMILY_AS_ADDRESS)
		out->ss_family = (sa_family_t)a->sa_family;
	return a->addrlen != ADDRLEN_WHOLE ? (unsigned)a->addrlen : len;
}

struct attempt attempt_as_read(const struct attempt *a)
{
	struct sockaddr_storage ss;
	struct sockaddr_in sin;
	struct sockaddr_in6 sin6;
	struct attempt out = *a;
	out.addrlen = (int)attempt_sockaddr(a, &ss);
	out.sa_family = ss.ss_family;
	memcpy(&sin, &ss, sizeof sin);
	memcpy(&sin6, &ss, sizeof sin6);
	bool six = a->family == AF_INET6, as_v4 = a->kind == KIND_SCTP && ss.ss_family == AF_INET;
	if (six && !as_v4) {
		out.addr = addr_from_in6(&sin6.sin6_addr);
		out.scope = sin6.sin6_scope_id;
		return out;
	}
	struct addr v4 = addr_from_in(&sin.sin_addr);
	out.addr = six ? addr_mapped(addr_v4(&v4)) : v4; // sctp_v6_to_sk_saddr(), net/sctp/ipv6.c
	out.scope = 0;
	return out;
}

char *dest_print(const struct next_ask *then, char buf[static DEST_TEXT])
{
	char addr[ADDR_TEXT];
	const struct endpoint *d = &then->dest;
	snprintf(buf, DEST_TEXT, d->addr.family == AF_INET6 ? "[%s%s%s]:%u" : "%s%s%s:%u", addr_print(&d->addr, addr),
		 d->scope[0] ? "%" : "", d->scope, d->port);
	return buf;
}

unsigned attempt_dest(const struct attempt *a, struct sockaddr_storage *out)
{
	struct attempt to = attempt_new(&a->then.dest.addr);
	to.scope = a->then.dest_scope;
	to.port = a->then.dest.port;
	// An IPv4 socket refuses an IPv6 one itself.
	if (to.addr.family == AF_INET && a->family == AF_INET6)
		to.addr = addr_mapped(addr_v4(&to.addr));
	return attempt_sockaddr(&to, out);
}
