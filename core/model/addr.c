// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/addr.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

struct addr addr_from_v4(uint32_t host_order)
{
	uint32_t be = htonl(host_order);
	struct addr a = {.family = AF_INET};
	memcpy(a.bytes, &be, 4);
	return a;
}

struct addr addr_mapped(uint32_t host_order)
{
	uint32_t be = htonl(host_order);
	struct addr a = {.family = AF_INET6, .bytes = {[10] = 0xff, [11] = 0xff}};
	memcpy(a.bytes + 12, &be, 4);
	return a;
}

struct addr addr_from_in(const struct in_addr *in)
{
	return addr_from_v4(ntohl(in->s_addr));
}

struct addr addr_from_in6(const struct in6_addr *in6)
{
	struct addr a = {.family = AF_INET6};
	memcpy(a.bytes, in6, 16);
	return a;
}

uint32_t addr_v4(const struct addr *a)
{
	uint32_t be;
	memcpy(&be, a->bytes + (a->family == AF_INET6 ? 12 : 0), 4);
	return ntohl(be);
}

void addr_to_in6(const struct addr *a, struct in6_addr *out)
{
	memcpy(out, a->bytes, 16);
}

int addr_parse(const char *text, struct addr *out)
{
	struct in_addr v4;
	struct in6_addr v6;
	if (inet_pton(AF_INET, text, &v4) == 1)
		*out = addr_from_in(&v4);
	else if (inet_pton(AF_INET6, text, &v6) == 1)
		*out = addr_from_in6(&v6);
	else
		return -EINVAL;
	return 0;
}

char *addr_print(const struct addr *a, char buf[static ADDR_TEXT])
{
	if ((a->family != AF_INET && a->family != AF_INET6) || !inet_ntop(a->family, a->bytes, buf, ADDR_TEXT))
		memcpy(buf, "-", 2);
	return buf;
}

int addr_compare(const struct addr *a, const struct addr *b)
{
	if (a->family != b->family)
		return a->family < b->family ? -1 : 1;
	return memcmp(a->bytes, b->bytes, sizeof a->bytes);
}

bool addr_equal(const struct addr *a, const struct addr *b)
{
	return addr_compare(a, b) == 0;
}

bool addr_is_any(const struct addr *a)
{
	static const uint8_t zero[16];
	return memcmp(a->bytes, zero, 16) == 0;
}

bool addr_is_mapped(const struct addr *a)
{
	static const uint8_t head[12] = {[10] = 0xff, [11] = 0xff};
	return a->family == AF_INET6 && memcmp(a->bytes, head, 12) == 0;
}

struct addr addr_unmapped(const struct addr *a)
{
	return addr_is_mapped(a) ? addr_from_v4(addr_v4(a)) : *a;
}

bool addr_is_multicast(const struct addr *a)
{
	return a->family == AF_INET6 ? a->bytes[0] == 0xff : (a->bytes[0] & 0xf0) == 0xe0;
}

unsigned addr6_class(const struct addr *a)
{
	static const uint8_t zero[16];
	const uint8_t *b = a->bytes;
	if (b[0] == 0xff) {
		switch (b[1] & 0x0f) {
		case 1:
			return ADDR6_MULTICAST | ADDR6_LOOPBACK;
		case 2:
			return ADDR6_MULTICAST | ADDR6_LINKLOCAL;
		case 5:
			return ADDR6_MULTICAST | ADDR6_SITELOCAL;
		default:
			return ADDR6_MULTICAST;
		}
	}
	if (b[0] == 0xfe && (b[1] & 0xc0) == 0x80)
		return ADDR6_LINKLOCAL | ADDR6_UNICAST;
	if (b[0] == 0xfe && (b[1] & 0xc0) == 0xc0)
		return ADDR6_SITELOCAL | ADDR6_UNICAST;
	if (addr_is_mapped(a))
		return ADDR6_MAPPED;
	if (memcmp(b, zero, 12) == 0) {
		if (memcmp(b + 12, zero, 4) == 0)
			return ADDR6_ANY;
		if (memcmp(b + 12, zero, 3) == 0 && b[15] == 1)
			return ADDR6_LOOPBACK | ADDR6_UNICAST;
		return ADDR6_COMPATV4 | ADDR6_UNICAST;
	}
	return ADDR6_UNICAST;
}

bool addr6_needs_scope(const struct addr *a)
{
	unsigned class = addr6_class(a);
	return class & ADDR6_LINKLOCAL || (class & ADDR6_MULTICAST && class & ADDR6_LOOPBACK);
}

bool addr_is_assignable(const struct addr *a)
{
	if (addr_is_any(a) || addr_is_multicast(a))
		return false;
	if (a->family == AF_INET)
		return a->bytes[0] != 0 && a->bytes[0] != 127 && a->bytes[0] < 224;
	return !(addr6_class(a) & (ADDR6_LOOPBACK | ADDR6_LINKLOCAL));
}

int number_parse(const char *text, unsigned long max, unsigned long *out)
{
	unsigned long n = 0;
	if (!*text)
		return -EINVAL;
	for (; *text; text++) {
		if (*text < '0' || *text > '9')
			return -EINVAL;
		unsigned long digit = (unsigned long)(*text - '0');
		if (digit > max || n > (max - digit) / 10)
			return -EINVAL;
		n = n * 10 + digit;
	}
	*out = n;
	return 0;
}

struct addr addr_masked(const struct addr *a, unsigned len)
{
	struct addr out = *a;
	for (unsigned i = 0; i < 16; i++) {
		if (len >= 8)
			len -= 8;
		else {
			out.bytes[i] &= (uint8_t)(0xff00 >> len);
			len = 0;
		}
	}
	return out;
}

int prefix_parse(const char *text, struct prefix *out)
{
	char head[ADDR_TEXT];
	const char *slash = strchr(text, '/');
	size_t n = slash ? (size_t)(slash - text) : strlen(text);
	struct addr a;
	if (n >= sizeof head)
		return -EINVAL;
	memcpy(head, text, n);
	head[n] = '\0';
	if (addr_parse(head, &a) < 0)
		return -EINVAL;
	unsigned long len = a.family == AF_INET ? 32 : 128;
	if (slash && number_parse(slash + 1, len, &len) < 0)
		return -EINVAL;
	*out = (struct prefix){.addr = addr_masked(&a, (unsigned)len), .len = (uint8_t)len};
	return 0;
}

char *prefix_print(const struct prefix *p, char buf[static PREFIX_TEXT])
{
	char text[ADDR_TEXT];
	addr_print(&p->addr, text);
	if (p->len == (p->addr.family == AF_INET ? 32 : 128))
		snprintf(buf, PREFIX_TEXT, "%s", text);
	else
		snprintf(buf, PREFIX_TEXT, "%s/%u", text, p->len);
	return buf;
}

bool prefix_covers(const struct prefix *p, const struct addr *a)
{
	if (p->addr.family != a->family || (p->len >= 8 && p->addr.bytes[0] != a->bytes[0])) // as with most
		return false;
	struct addr masked = addr_masked(a, p->len);
	return addr_equal(&p->addr, &masked);
}

unsigned addr_common_bits(const struct addr *a, const struct addr *b)
{
	unsigned bits = 0, all = a->family == AF_INET ? 32 : 128;
	if (a->family != b->family)
		return 0;
	while (bits < all && a->bytes[bits / 8] == b->bytes[bits / 8])
		bits += 8;
	while (bits < all && !((a->bytes[bits / 8] ^ b->bytes[bits / 8]) & 0x80 >> bits % 8))
		bits++;
	return bits;
}

// Takes "ADDRESS%SCOPE" apart.
static int parse_scoped(char *text, struct endpoint *out, const char **why)
{
	char *percent = strchr(text, '%');
	if (percent) {
		*percent++ = '\0';
		size_t n = strlen(percent);
		if (n == 0 || n >= SCOPE_TEXT) {
			*why = "a scope after % must be an interface name or number";
			return -EINVAL;
		}
		memcpy(out->scope, percent, n + 1);
	}
	if (addr_parse(text, &out->addr) < 0) {
		*why = strchr(text, ':') != strrchr(text, ':') ? "an IPv6 address has groups of hexadecimal digits"
							       : "an IPv4 address has four numbers from 0 to 255";
		return -EINVAL;
	}
	if (percent && out->addr.family == AF_INET) {
		*why = "only an IPv6 address can have a %scope";
		return -EINVAL;
	}
	return 0;
}

bool is_host_name(const char *text)
{
	enum { NAME_MAX_LENGTH = 253 };
	static const char digits[] = "0123456789", hex[] = "0123456789abcdefABCDEF";
	static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.";
	char copy[NAME_MAX_LENGTH + 2];
	size_t len = strlen(text);
	if (len == 0 || len > NAME_MAX_LENGTH || text[0] == '-' || text[0] == '.' || strstr(text, "..") ||
	    strspn(text, letters) != len)
		return false;
	memcpy(copy, text, len + 1);
	if (copy[len - 1] == '.')
		copy[len - 1] = '\0';
	const char *dot = strrchr(copy, '.'), *last = dot ? dot + 1 : copy;
	if (strncmp(last, "0x", 2) == 0 || strncmp(last, "0X", 2) == 0)
		return last[2 + strspn(last + 2, hex)];
	return last[strspn(last, digits)];
}

int endpoint_parse(const char *text, struct endpoint *out, char *err, size_t errlen)
{
	struct endpoint ep = {0};
	char copy[ADDR_TEXT + SCOPE_TEXT + 16];
	const char *why = "too long", *port = NULL;
	char *start = copy;

	if (strlen(text) >= sizeof copy)
		goto bad;
	strcpy(copy, text);
	if (*copy == '[') {
		char *close = strchr(copy, ']');
		why = "only :PORT can follow [ADDRESS]";
		if (!close || (close[1] && close[1] != ':'))
			goto bad;
		port = close[1] ? close + 2 : NULL;
		*close = '\0';
		start = copy + 1;
	} else if (strchr(copy, ':') && strchr(copy, ':') == strrchr(copy, ':') && strchr(copy, '.')) {
		char *colon = strchr(copy, ':'); // one colon and a dot: ADDRESS:PORT
		*colon = '\0';
		port = colon + 1;
	}
	if (parse_scoped(start, &ep, &why) < 0)
		goto bad;
	if (port) {
		unsigned long n;
		why = "a port must be a number from 0 to 65535";
		if (number_parse(port, 65535, &n) < 0)
			goto bad;
		ep.has_port = true;
		ep.port = (uint16_t)n;
	}
	*out = ep;
	return 0;
bad:
	snprintf(copy, sizeof copy, "%.*s", (int)strcspn(text, ":"), text);
	if (is_host_name(copy) && strchr(text, ':') == strrchr(text, ':')) // also one with a port
		why = "only the address of `bindwalk explain` may be a host name";
	snprintf(err, errlen,
		 "'%.80s' is not an address: %s; expected 192.0.2.1, 192.0.2.1:80, 2001:db8::1, fe80::1%%eth0, "
		 "[2001:db8::1]:80",
		 text, why);
	return -EINVAL;
}
