// SPDX-License-Identifier: GPL-3.0-or-later
// How well-known programs spell what a socket can have, in their own configuration. Pure.
#ifndef BINDWALK_REMEDY_PROGRAM_H
#define BINDWALK_REMEDY_PROGRAM_H

#include <stddef.h>
#include <stdint.h>

enum spelled {
	SPELLED_NOT,
	SPELLED_FREEBIND,
	SPELLED_TRANSPARENT,
	SPELLED_DEVICE,
	SPELLED_V6ONLY,
	SPELLED_DUALSTACK,
	SPELLED_REUSEPORT,
	SPELLED_ADDRESS,  // one more on the host
	SPELLED_BIND,     // another address for the socket
	SPELLED_PORT,     // another port
	SPELLED_SCOPE,    // an address with its interface
	SPELLED_IPV4,     // IPv4 sockets only
	SPELLED_CAP_BIND, // CAP_NET_BIND_SERVICE
	SPELLED_CAP_RAW,  // CAP_NET_RAW
	SPELLED_USER,
	SPELLED_COUNT
};

struct spelling {
	enum spelled what;
	uint16_t port;
	// Of the interface, the address, the user, or "ADDRESS%INTERFACE", or "ADDRESS/LENGTH dev INTERFACE".
	char name[80];
};

enum program {
	PROGRAM_SYSTEMD, // a .socket unit, or a .service unit for what concerns the process
	PROGRAM_NGINX,
	PROGRAM_HAPROXY,
	PROGRAM_UNBOUND,
	PROGRAM_DNSMASQ,
	PROGRAM_SSHD,
	PROGRAM_POSTGRESQL,
	PROGRAM_REDIS,
	PROGRAM_KEEPALIVED,
	PROGRAM_PYTHON,
	PROGRAM_NODE,
	PROGRAM_JAVA,
	PROGRAM_SOCAT,
	PROGRAM_WEBHOOK,
	PROGRAM_COUNT
};

enum { SPELLING_TEXT = 128 };

const char *program_name(enum program p); // "systemd"
// Which program a process runs, by its name (/proc/PID/comm, which the kernel cuts at 15 bytes) and the path of its
// executable (/proc/PID/exe, also with " (deleted)" at its end); raw bytes. The executable counts first, as a script
// has a name of its own and a process may choose one. Either may be NULL or "": not known. PROGRAM_COUNT for any other
// program.
enum program program_find(const char *comm, const char *exe);
// Both return buf, or NULL where there is no spelling. The first one is for those who run the program, the second one,
// which knows less, for a list of programs that anyone may read.
const char *program_spelling(enum program p, const struct spelling *s, char buf[static SPELLING_TEXT]);
const char *program_spelling_listed(enum program p, const struct spelling *s, char buf[static SPELLING_TEXT]);

#endif
