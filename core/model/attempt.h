// SPDX-License-Identifier: GPL-3.0-or-later
// One bind to try, as a value. Pure.
#ifndef BINDWALK_ATTEMPT_H
#define BINDWALK_ATTEMPT_H

#include <stdint.h>

#include "core/model/addr.h"
#include "core/model/option.h"

enum kind { KIND_TCP, KIND_UDP, KIND_RAW, KIND_PING, KIND_UDPLITE, KIND_MPTCP, KIND_SCTP, KIND_COUNT };

struct kind_info {
	const char *name; // as --proto takes it: "tcp"
	const char *type; // as --type takes it: "stream"
	int sock_type;    // SOCK_*
	int protocol;     // IPPROTO_* on an AF_INET socket
	int protocol6;    // on an AF_INET6 socket
};

// One setsockopt() of the attempt.
struct setting {
	enum option_id option;
	uint32_t value;          // VALUE_BOOL and VALUE_NUMBER; VALUE_RANGE: high << 16 | low
	char device[SCOPE_TEXT]; // VALUE_DEVICE
};

enum { ATTEMPT_SETTINGS = 16, ATTEMPT_TEXT = 160, SA_FAMILY_AS_ADDRESS = -1, ADDRLEN_WHOLE = INT32_MIN };

// attempt.binds of a socket that has a port already, whichever, or that is connected: seen of other programs.
enum { BINDS_OTHER = 3 };

// The call after bind() that is asked about, if any.
struct next_ask {
	bool listen;
	struct endpoint dest; // of connect(); its address's family is 0 when it is not asked about
	uint32_t dest_scope;  // sin6_scope_id
};

enum { NEXT_PORT = 80 }; // of a destination that names none

struct attempt {
	uint8_t family; // the socket's: AF_INET or AF_INET6; the sockaddr's layout is that of `addr`
	enum kind kind;
	uint8_t raw_protocol;        // KIND_RAW: the protocol number (0: 253, which is for experiments)
	struct addr addr;            // an AF_INET6 socket takes mapped addresses
	uint32_t scope;              // sin6_scope_id, 0 for none
	char scope_name[SCOPE_TEXT]; // as it was typed, "" for none
	uint16_t port;
	struct setting settings[ATTEMPT_SETTINGS]; // in the order in which they are set
	unsigned nsettings;
	// Mistakes that programs make:
	int sa_family;  // as written into the sockaddr, SA_FAMILY_AS_ADDRESS
	int addrlen;    // as given to bind(), ADDRLEN_WHOLE
	unsigned binds; // how often the socket is bound to it: 1 or 2; the last one is judged. Or BINDS_OTHER
	struct next_ask then;
};

const struct kind_info *kind_info(enum kind k);
// The IPPROTO_* whose ports such a socket takes: an MPTCP socket is bound as its first TCP one.
int kind_port_protocol(enum kind k);
// The kind's name that an IPPROTO_* of IPv4 has, NULL for none.
const char *protocol_name(int protocol);
// By --proto name, -1 for none.
int kind_find(const char *proto);
// The first of a --type name: tcp, udp, raw, ping; -1 for none.
int kind_of_type(const char *type);

// TCP to `addr`, port 0, nothing set; the socket's family is the address's.
struct attempt attempt_new(const struct addr *addr);
// Its kind (and raw protocol) from what socket() was given besides the family. False for one that is not modelled.
bool kind_made(struct attempt *a, int sock_type, int protocol);
// Aims it at another address: with its scope, and with its port where it has one.
void attempt_aim(struct attempt *a, const struct endpoint *at);

bool attempt_equal(const struct attempt *a, const struct attempt *b);

// The last setting of an option, or NULL.
const struct setting *attempt_setting(const struct attempt *a, enum option_id id);
// Is a boolean option on? FREEBIND and TRANSPARENT of either level share one bit.
bool attempt_on(const struct attempt *a, enum option_id id);
// Switches a boolean option on, or removes its settings. -ENOSPC when there are too many.
int attempt_toggle(struct attempt *a, enum option_id id);
int attempt_set(struct attempt *a, const struct setting *s);
void attempt_unset(struct attempt *a, enum option_id id);

// "freebind", "freebind=0", "device=eth0", "portrange=50000-50010". 0, or -EINVAL with a sentence.
int setting_parse(const char *text, struct setting *out, char *err, size_t errlen);
// "freebind", "device=eth0"; returns buf.
char *setting_print(const struct setting *s, char buf[static 48]);

// "inet", "inet6", "unspec", or a number of 0 to 65535: an AF_*, -1 for none of them.
int sa_family_parse(const char *text);
// "AF_INET", "AF_INET6", "AF_UNSPEC"; NULL for another one.
const char *sa_family_symbol(int family);

// "tcp4 192.168.123.123:0", "udp6 [fe80::1%eth0]:53", "tcp6 127.0.0.1:80 sa_family AF_INET6 addrlen 28 again": what the
// socket's family, the address and bind() do not say by themselves follows. Returns buf.
char *attempt_print(const struct attempt *a, char buf[static ATTEMPT_TEXT]);

struct sockaddr_storage;

// "198.51.100.1:80", "[fe80::1%eth0]:80"; returns buf.
enum { DEST_TEXT = ADDR_TEXT + SCOPE_TEXT + 16 };
char *dest_print(const struct next_ask *then, char buf[static DEST_TEXT]);

// Fills a sockaddr for connect() on a socket of the attempt's family, where an IPv4 destination becomes a mapped one:
// its bytes and the length to pass.
unsigned attempt_dest(const struct attempt *a, struct sockaddr_storage *out);

// Fills a sockaddr for bind(): its bytes and the length to pass.
unsigned attempt_sockaddr(const struct attempt *a, struct sockaddr_storage *out);

// The same attempt with the address and scope that a socket of its family reads from those bytes: an AF_INET socket
// finds sin_addr where an IPv6 sockaddr has sin6_flowinfo. sa_family and addrlen become what bind() is given.
struct attempt attempt_as_read(const struct attempt *a);

#endif
