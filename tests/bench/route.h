// SPDX-License-Identifier: GPL-3.0-or-later
// Local IPv4 routes in table local of this network namespace, many to a message.
#ifndef BINDWALK_ROUTE_H
#define BINDWALK_ROUTE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct prefix4 {
	uint32_t addr; // host byte order
	uint8_t len;
};

// Adds or deletes them, on dev lo. Returns how many the kernel refused; all are done by then. Prints an error and exits
// without netlink.
size_t route_change(bool add, const struct prefix4 *p, size_t n);

#endif
