// SPDX-License-Identifier: GPL-3.0-or-later
// What was done to a socket before its bind, as JSON. Pure.
#ifndef BINDWALK_HISTORY_JSON_H
#define BINDWALK_HISTORY_JSON_H

#include <jansson.h>

#include "core/model/socket_history.h"

// An array of its calls in order. First {"call": "socket", "seen", "family", "type", "protocol", "left_out"}, then for
// each option {"call": "setsockopt", "level", "number", "option", "value", "errno", "error"}. null for NULL. If memory
// ran out, parts are missing: see json_memory_lost().
json_t *history_json(const struct socket_history *s);

#endif
