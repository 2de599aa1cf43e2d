// SPDX-License-Identifier: GPL-3.0-or-later
// The end of what was written to a stream. Pure.
#ifndef BINDWALK_STREAM_END_H
#define BINDWALK_STREAM_END_H

#include <stdio.h>

// 0, or -errno if not all that was written arrived.
int stream_end(FILE *out);

#endif
