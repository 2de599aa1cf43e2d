// SPDX-License-Identifier: GPL-3.0-or-later
// $XDG_CONFIG_HOME/bindwalk/config: a script of the command language that is read when the explorer starts. What is
// wrong in it is told, and never keeps it from starting.
#ifndef BINDWALK_SETTINGS_H
#define BINDWALK_SETTINGS_H

#include <stdio.h>

#include "tui/app.h"
// One line: 0, or -EINVAL with a sentence in err and in *column the byte that it is about. Pure.
int settings_line(struct app *app, const char *line, char *err, size_t errlen, size_t *column);
// Every setting and key as it is without a file, as comments.
void settings_print(FILE *out);

#endif
