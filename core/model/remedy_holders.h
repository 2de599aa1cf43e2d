// SPDX-License-Identifier: GPL-3.0-or-later
// Remedies by which other sockets leave the port. Inside the model. Pure.
#ifndef BINDWALK_REMEDY_HOLDERS_H
#define BINDWALK_REMEDY_HOLDERS_H

#include "core/model/remedy_list.h"

// They time out, or their programs end.
void remedy_by_holders(struct remedy_list *l);

#endif
