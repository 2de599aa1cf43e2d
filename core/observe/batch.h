// SPDX-License-Identifier: GPL-3.0-or-later
// Events of the kernel in the order of their arrival. Pure.
#ifndef BINDWALK_BATCH_H
#define BINDWALK_BATCH_H

#include <linux/netlink.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	BATCH_ROUTES = 4 << 20, // bytes beyond which routes are left out: some 50,000
	BATCH_MOST = 8 << 20
};

// All zeros: empty.
struct batch {
	uint8_t *bytes;
	size_t len, cap;
	size_t routes4, routes6;   // messages about routes of a family
	bool left_out4, left_out6; // some of them did not fit
};

void batch_free(struct batch *b);
// Copies a message. Leaves out routes when there are too many. 0, -ENOMEM, or -ENOBUFS when the batch is full.
int batch_add(struct batch *b, const struct nlmsghdr *m);
// The message at *at, and *at moved past it; NULL at the end.
const struct nlmsghdr *batch_next(const struct batch *b, size_t *at);

#endif
