// SPDX-License-Identifier: GPL-3.0-or-later
// A remedy as JSON. Pure.
#ifndef BINDWALK_REPORT_JSON_REMEDY_H
#define BINDWALK_REPORT_JSON_REMEDY_H

#include <jansson.h>

#include "core/model/remedy.h"

// A new reference, as core/text/report_json does it.
json_t *report_json_remedy(const struct facts *f, const struct remedy *r);

#endif
