// SPDX-License-Identifier: GPL-3.0-or-later
// What ready-made labs begin with. Pure.
#ifndef BINDWALK_LAB_RECIPE_H
#define BINDWALK_LAB_RECIPE_H

#include <stddef.h>

struct lab_recipe {
	const char *name, *about;
	const char *script; // changes, in the command language
};

// NULL at the end of the list.
const struct lab_recipe *lab_recipe(size_t n);
// The script of the one with that name, NULL where there is none.
const char *lab_recipe_script(const char *name);

#endif
