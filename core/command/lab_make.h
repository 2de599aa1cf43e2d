// SPDX-License-Identifier: GPL-3.0-or-later
// Makes a lab by its recipe.
#ifndef BINDWALK_LAB_MAKE_H
#define BINDWALK_LAB_MAKE_H

#include "core/change/lab.h"

// Moves the process into a fresh lab and carries out the recipe's script there; lines about what this kernel does not
// have are left out, with a remark. -EINVAL, with the names that are known, where there is no such recipe; else as
// lab_enter_with().
int lab_enter_recipe(const char *name, char *err, size_t errlen);

// Another lab by this recipe in the place of the present one, in the same user namespace. What was in the old one is
// gone, with its neighbour; what was opened there must be opened anew, and other threads stay where they are. As above.
int lab_renew(const char *name, char *err, size_t errlen);
// The recipe of the lab that we are in, "" for none.
const char *lab_recipe_here(void);

// The recipe `host`: `lo` is up; a veth interface eth0 stands in it with 192.0.2.2/24, 2001:db8::2/64 and fe80::2/64,
// none of them tentative; its peer, up as well, is at the neighbour.
int lab_enter(char *err, size_t errlen);

#endif
