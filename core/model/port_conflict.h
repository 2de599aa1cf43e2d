// SPDX-License-Identifier: GPL-3.0-or-later
// Who conflicts on a port. Pure.
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

#endif
