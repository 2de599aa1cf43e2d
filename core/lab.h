// SPDX-License-Identifier: GPL-3.0-or-later
// A private network namespace: everything may be changed in it, and nothing of the host is touched.
#ifndef BINDWALK_LAB_H
#define BINDWALK_LAB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct changer;

enum { LAB_ERROR = 512 }; // bytes that hold any of the errors

// Fills the fresh namespace that c changes. 0, or -errno with the cause in why; on success why may hold a remark.
typedef int lab_furnish(struct changer *c, void *data, char *why, size_t whylen);

// Moves the calling process (of one thread) into a new network namespace; as an ordinary user into a new user namespace too,
// with its own uid mapped to root. A second namespace, the neighbour, lives as long as the process. All or nothing: after a
// failure the process is where it was. 0, or -errno with the cause and the remedy in err.
int lab_enter_with(lab_furnish *furnish, void *data, char *err, size_t errlen);

// Ready-made places to start, each a script in the command language: NULL at the end of the list.
struct lab_place {
	const char *name, *about, *script;
};
const struct lab_place *lab_place(size_t n);
// -EINVAL, with the names that are known, where there is no such place.
int lab_enter_place(const char *name, char *err, size_t errlen);
// What a place could not have on this kernel, "" for nothing.
const char *lab_remark(void);

// The place `host`: `lo` is up; a veth interface eth0 stands in it with 192.0.2.2/24, 2001:db8::2/64 and fe80::2/64, none of
// them tentative; its peer, up as well, is at the neighbour.
int lab_enter(char *err, size_t errlen);

// Without any interface or address, nor a neighbour: lo is down, no table exists.
int lab_enter_empty(char *err, size_t errlen);

// The index of the neighbour's end of a veth interface with that index here: another one. Where both are the same, kernels
// before 6.9 take up to a second to call the interface up: linkwatch_urgent_event(), net/core/link_watch.c, sees no link.
uint32_t lab_peer_index(uint32_t index);
// Chooses both indexes of the next lab_veth_add(), which fails with -EBUSY where one is taken; the kernel chooses once more.
void lab_want_index(struct changer *c);

// A veth interface whose peer is at the neighbour, and up there. 0 or -errno; -ENOENT without a neighbour.
int lab_veth_add(struct changer *c, const char *name, const char *peer);
bool lab_has_neighbour(void);
// Waits, some seconds at most, until the kernel has settled that a veth interface is up.
void lab_await_up(const char *name);

bool lab_is_entered(void);
// Does the lab have a user namespace of its own?
bool lab_has_user(void);

// Why a namespace was refused with errno `err` (positive), and what to do: reads what the system says about it from files
// under `root` ("" for this system's). Returns buf.
char *lab_refusal(const char *root, int err, char *buf, size_t len);

#endif
