// SPDX-License-Identifier: GPL-3.0-or-later
// A private network namespace: everything may be changed in it, and nothing of the host is touched.
#ifndef BINDWALK_LAB_H
#define BINDWALK_LAB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct changer;
struct edit_link;

enum { LAB_ERROR = 512 }; // bytes that hold any of the errors

// Fills the fresh namespace that c changes. 0, or -errno with the cause in why; on success why may hold a remark.
typedef int lab_furnish(struct changer *c, void *data, char *why, size_t whylen);

// Moves the calling process (of one thread) into a new network namespace; as an ordinary user into a new user namespace
// too, with its own uid mapped to root. A second namespace, the neighbour, lives as long as the process. All or
// nothing: after a failure the process is where it was. 0, or -errno with the cause and the remedy in err.
int lab_enter_with(lab_furnish *furnish, void *data, char *err, size_t errlen);
// What a place could not have on this kernel, "" for nothing.
const char *lab_remark(void);

// Without any interface or address, nor a neighbour: lo is down, no table exists.
int lab_enter_empty(char *err, size_t errlen);

// The index of the neighbour's end of a veth interface with that index here: another one. Where both are the same,
// kernels before 6.9 take up to a second to call the interface up: linkwatch_urgent_event(), net/core/link_watch.c,
// sees no link.
uint32_t lab_peer_index(uint32_t index);
// An index that no interface here has.
uint32_t lab_free_index(void);

// A veth interface whose peer is at the neighbour, and up there. 0 or -errno; -ENOENT without a neighbour.
int lab_veth_add(struct changer *c, const char *name, const struct edit_link *l);
bool lab_has_neighbour(void);

bool lab_is_entered(void);
// Does the lab have a user namespace of its own?
bool lab_has_user(void);

#endif
