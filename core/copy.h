// SPDX-License-Identifier: GPL-3.0-or-later
// This host, rebuilt in a lab: interfaces with the same names and indexes, addresses, routes of all tables, rules and sysctls, as
// far as bind can see them. Devices are veths or dummies, gateways are left out, and sockets stay where they are.
#ifndef BINDWALK_COPY_H
#define BINDWALK_COPY_H

#include "core/lab.h"
#include "core/scene.h"

struct copy {
	struct scene scene;
	bool split;    // the tables local and main have a trie each
	bool may_ping; // the user's group is among net.ipv4.ping_group_range
};

// Reads the namespace of the calling thread. 0, or -errno with a sentence in err.
int copy_read(struct copy *c, char *err, size_t errlen);
void copy_free(struct copy *c);
// Makes the copy in a fresh namespace; data is a struct copy. What could not be copied is a remark in why.
int copy_furnish(struct changer *c, void *data, char *why, size_t whylen);

#endif
