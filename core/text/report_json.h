// SPDX-License-Identifier: GPL-3.0-or-later
// A walk as JSON. Pure.
#ifndef BINDWALK_REPORT_JSON_H
#define BINDWALK_REPORT_JSON_H

#include <stdio.h>

#include "core/model/facts.h"
#include "core/model/walk.h"

int report_json(const struct facts *f, const struct walk *w, FILE *out);

#endif
