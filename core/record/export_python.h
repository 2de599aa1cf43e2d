// SPDX-License-Identifier: GPL-3.0-or-later
// A recorded bind as a small Python 3 program. Pure.
#ifndef BINDWALK_EXPORT_PYTHON_H
#define BINDWALK_EXPORT_PYTHON_H

#include <stdio.h>

#include "core/record/recording.h"

// What each of the programs begins with: it prints the errno's name when a call fails.
extern const char export_python_prelude[];

// Why that bind cannot be made again elsewhere, NULL where it can.
const char *export_python_cannot(const struct frame_bind *b);

// The program: sockets like those that held the port, then the attempt's socket, its options and bind(). Ends in
// printing "ok". `h` is the host that it was made on; NULL where it is not known.
void export_python(const struct frame_bind *b, const struct host *h, FILE *out);

#endif
