// SPDX-License-Identifier: GPL-3.0-or-later
// Did JSON lose something because memory ran out? Its library then leaves the value out, and nothing else shows it.
// Pure.
#ifndef BINDWALK_JSON_MEMORY_H
#define BINDWALK_JSON_MEMORY_H

#include <stdbool.h>

// Before the first value.
void json_memory_watch(void);
// A value could not be made.
void json_memory_lose(void);
// Since the last call.
bool json_memory_lost(void);

#endif
