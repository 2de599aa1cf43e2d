// SPDX-License-Identifier: GPL-3.0-or-later
// This host, rebuilt in a lab: interfaces with the same names and indexes, addresses, routes of all tables, rules and
// sysctls, as far as bind can see them. Devices are veths or dummies, gateways are left out, and sockets stay where
// they are.
#ifndef BINDWALK_LAB_COPY_H
#define BINDWALK_LAB_COPY_H

#include "core/change/inventory.h"
#include "core/change/lab.h"

struct lab_copy {
	struct inventory inventory;
	bool split;    // the tables local and main have a trie each
	bool may_ping; // the user's group is among net.ipv4.ping_group_range
};

// Reads the namespace of the calling thread. 0, or -errno with a sentence in err.
int lab_copy_read(struct lab_copy *c, char *err, size_t errlen);
void lab_copy_free(struct lab_copy *c);
// Makes the copy in a fresh namespace; data is a struct lab_copy. why names whatever could not be copied.
int lab_copy_furnish(struct changer *c, void *data, char *why, size_t whylen);

#endif
