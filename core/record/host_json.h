// SPDX-License-Identifier: GPL-3.0-or-later
// A host as JSON and back. Pure.
#ifndef BINDWALK_HOST_JSON_H
#define BINDWALK_HOST_JSON_H

#include "core/model/host.h"
#include "core/record/field.h"

// All that struct host holds, one member for each list and fact, so that two hosts are compared member by member.
json_t *host_json(const struct host *h);
// A sorted host, as sound as one that was observed; the caller frees it. NULL, and an error at its place.
struct host *host_json_read(const json_t *from, struct json_place *p);

#endif
