// SPDX-License-Identifier: GPL-3.0-or-later
// What observe.h says about a host that it follows. Pure.
#ifndef BINDWALK_OBSERVING_H
#define BINDWALK_OBSERVING_H

enum observe_change {
	OBSERVE_HOST = 1,   // observe_host() is not as it was: its generation is another one
	OBSERVE_STATUS = 2, // observe_status() changed
};

// How often a part was read anew, and how many events were applied, since following began.
struct observe_counts {
	unsigned long events, links, addrs, rules, routes4, routes6;
};

#endif
