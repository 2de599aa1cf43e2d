// SPDX-License-Identifier: GPL-3.0-or-later
// Why an address is not there, though somebody may expect it: its interface is down, IPv6 is off on it, or the routing
// table lost what the kernel had put there. Inside the model. Pure.
#ifndef BINDWALK_DECIDE_ABSENT_H
#define BINDWALK_DECIDE_ABSENT_H

#include "core/model/decide_context.h"

// Nothing runs on such a link that needs it to work, such as duplicate detection: it is down, without a carrier or
// dormant (addrconf_link_ready(), net/ipv6/addrconf.c).
bool link_works(const struct link *l);

// Why IPv4 takes an address for somebody else's: a finding of STEP_ACCEPTABLE. FINDING_COUNT: nothing explains it.
enum finding_id decide_absent4(const struct context *c, struct walk_step *s);

// Why no interface has an IPv6 address, for a socket bound to `device` (0: none): a finding of STEP_ADDRESS_LIST, as
// above.
enum finding_id decide_absent6(const struct context *c, struct walk_step *s, uint32_t device);

// The link and what its state is, as inputs.
void put_link_state(struct walk_step *s, const struct host *h, const struct link *l);

#endif
