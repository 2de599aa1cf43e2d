// SPDX-License-Identifier: GPL-3.0-or-later
// Addresses, prefixes and endpoints as values. Pure.
#ifndef BINDWALK_ADDR_H
#define BINDWALK_ADDR_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	ADDR_TEXT = 46,              // bytes for the longest IPv6 address and its NUL
	PREFIX_TEXT = ADDR_TEXT + 4, // and "/128"
	SCOPE_TEXT = 16              // IFNAMSIZ: an interface name, or an index in digits
};

// One address. `bytes` is in network order; IPv4 uses the first four and keeps the rest zero,
// so that whole-value comparison works. family is AF_INET or AF_INET6 (0: none).
struct addr {
	uint8_t family;
	uint8_t bytes[16];
};

struct prefix {
	struct addr addr; // host bits are zero
	uint8_t len;      // 0..32 or 0..128
};

// What a user typed: ADDRESS[%SCOPE], ADDRESS:PORT (IPv4) or [ADDRESS%SCOPE]:PORT.
struct endpoint {
	struct addr addr;
	char scope[SCOPE_TEXT]; // "" when none was given
	bool has_port;
	uint16_t port;
};

// The kernel's ipv6_addr_type() classes that matter to bind (net/ipv6/addrconf_core.c).
enum addr6_class {
	ADDR6_UNICAST = 0x1,
	ADDR6_MULTICAST = 0x2,
	ADDR6_LOOPBACK = 0x10,
	ADDR6_LINKLOCAL = 0x20,
	ADDR6_SITELOCAL = 0x40,
	ADDR6_COMPATV4 = 0x80,
	ADDR6_MAPPED = 0x1000,
	ADDR6_ANY = 0
};

struct addr addr_from_v4(uint32_t host_order);
// The address as routing and connect() know it: of a v4-mapped one the IPv4 address, else itself.
struct addr addr_unmapped(const struct addr *a);
struct addr addr_mapped(uint32_t host_order); // ::ffff:a.b.c.d
struct addr addr_from_in(const struct in_addr *in);
struct addr addr_from_in6(const struct in6_addr *in6);

// The IPv4 value in host order, of an IPv4 address or of the low 32 bits of an IPv6 one.
uint32_t addr_v4(const struct addr *a);
void addr_to_in6(const struct addr *a, struct in6_addr *out);

// Strict dotted quad or RFC 4291 text, nothing around it. 0, or -EINVAL and *out untouched.
int addr_parse(const char *text, struct addr *out);

// Always writes and returns buf ("-" for family 0).
char *addr_print(const struct addr *a, char buf[static ADDR_TEXT]);

bool addr_equal(const struct addr *a, const struct addr *b);
int addr_compare(const struct addr *a, const struct addr *b); // family first, then bytes
bool addr_is_any(const struct addr *a);                       // 0.0.0.0 or ::
bool addr_is_mapped(const struct addr *a);                    // ::ffff:0:0/96
bool addr_is_multicast(const struct addr *a);                 // 224/4 or ff00::/8

// Bit set of enum addr6_class for an IPv6 address, 0 for "::".
unsigned addr6_class(const struct addr *a);

// Link-local unicast, and multicast of interface-local or link-local scope: bind needs a scope id
// (__ipv6_addr_needs_scope_id(), include/net/ipv6.h).
bool addr6_needs_scope(const struct addr *a);

// Can this address be added to an interface? Excludes loopback and link-local addresses, which interfaces get from the
// kernel.
bool addr_is_assignable(const struct addr *a);

// "10.0.0.0/8"; host bits are cleared; a bare address is a full-length prefix. 0 or -EINVAL.
int prefix_parse(const char *text, struct prefix *out);
char *prefix_print(const struct prefix *p, char buf[static PREFIX_TEXT]);
bool prefix_covers(const struct prefix *p, const struct addr *a);
struct addr addr_masked(const struct addr *a, unsigned len);
// Length of the common leading bits of two addresses of one family (else 0).
unsigned addr_common_bits(const struct addr *a, const struct addr *b);

// Could it be a host name, and nothing that looks like an address? Letters, digits, hyphens, underscores and dots, and
// a last label that is not a number.
bool is_host_name(const char *text);

// 0, or -EINVAL with a sentence in err that names the input and what is accepted.
int endpoint_parse(const char *text, struct endpoint *out, char *err, size_t errlen);

// Decimal 0..max without sign or blanks. 0 or -EINVAL.
int number_parse(const char *text, unsigned long max, unsigned long *out);

#endif
