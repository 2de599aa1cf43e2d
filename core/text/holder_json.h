// SPDX-License-Identifier: GPL-3.0-or-later
// The socket that holds a walk's port, as JSON. Pure.
#ifndef BINDWALK_HOLDER_JSON_H
#define BINDWALK_HOLDER_JSON_H

#include <jansson.h>

#include "core/model/facts.h"
#include "core/model/walk.h"

// Each is null where there is none; the caller's.
json_t *holder_json(const struct facts *f, const struct walk *w);
json_t *condition_json(const struct walk *w);
// Any socket, as the holder is written.
json_t *sock_json(const struct host *h, const struct sock *s);

#endif
