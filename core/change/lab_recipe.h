// SPDX-License-Identifier: GPL-3.0-or-later
// Ready-made labs.
#ifndef BINDWALK_LAB_RECIPE_H
#define BINDWALK_LAB_RECIPE_H

#include "core/change/lab.h"

// Ready-made places to start, each a script in the command language: NULL at the end of the list.
struct lab_recipe {
	const char *name, *about, *script;
};
const struct lab_recipe *lab_recipe(size_t n);
// -EINVAL, with the names that are known, where there is no such place.
int lab_enter_recipe(const char *name, char *err, size_t errlen);

// The place `host`: `lo` is up; a veth interface eth0 stands in it with 192.0.2.2/24, 2001:db8::2/64 and fe80::2/64, none of
// them tentative; its peer, up as well, is at the neighbour.
int lab_enter(char *err, size_t errlen);
// Waits, some seconds at most, until the kernel has settled that a veth interface is up.
void lab_await_up(const char *name);

#endif
