// SPDX-License-Identifier: GPL-3.0-or-later
// Who conflicts on a port, and on which condition of sharing it fails. Pure.
#ifndef BINDWALK_PORT_CONFLICT_H
#define BINDWALK_PORT_CONFLICT_H

#include "core/model/attempt.h"
#include "core/model/host.h"
#include "core/model/question.h"

// A socket that wants a port, with the state that bind has brought it to.
struct claimant {
	struct addr addr; // mapped addresses stay mapped
	uint8_t protocol; // IPPROTO_*; MPTCP's subflow is TCP
	bool v6only;
	bool reuseaddr, reuseport;
	uint32_t device;
	uint32_t uid;
};

// Does the port's holder stand in the way? UNKNOWN where it depends on an option of the holder that was not to be read.
// Models inet_csk_bind_conflict() (net/ipv4/inet_connection_sock.c), udp_lib_lport_inuse() (net/ipv4/udp.c),
// ping_get_port() (net/ipv4/ping.c) and inet_rcv_saddr_equal(). A port that the kernel chooses (`strict`) is never
// shared by SO_REUSEADDR or SO_REUSEPORT.
enum tri port_conflict(const struct host *h, const struct claimant *b, const struct sock *holder, bool strict);

// TCP's bucket of a port keeps the VRF that its first socket's device was in then (inet_bind_bucket_create()); whether
// the device has moved since can't be seen.
bool domain_may_be_old(const struct host *h, const struct sock *holder);

// What two sockets must fulfil to have the same port.
enum condition {
	CONDITION_MET,
	CONDITION_REUSEADDR, // SO_REUSEADDR on both
	CONDITION_REUSEPORT, // SO_REUSEPORT on both
	CONDITION_UID,       // one user, where SO_REUSEPORT is on both
	CONDITION_LISTEN,    // a holder that does not listen, where SO_REUSEADDR is to share
	CONDITION_V6ONLY,    // IPV6_V6ONLY on the IPv6 wildcard, so that it leaves IPv4 to others
	CONDITION_DEVICE,    // a device on each, and not the same
	CONDITION_COUNT
};

// The side that would have to change.
enum side { SIDE_NONE, SIDE_HERE, SIDE_THERE, SIDE_BOTH };

// The one condition of sharing that fails: of those that could be met, the one that takes the least change and fits
// what the socket that wants the port has set already.
struct sharing {
	enum condition fails;
	enum side side;
	bool open; // whether the holder meets it can't be seen
};

// All zeros where the holder does not stand in the way.
struct sharing port_sharing(const struct host *h, const struct claimant *b, const struct sock *holder);

// "reuseaddr", "reuseport", "uid", "listen", "v6only", "device"; NULL for CONDITION_MET.
const char *condition_name(enum condition c);
// "here", "there", "both"; NULL for SIDE_NONE.
const char *side_name(enum side s);

#endif
