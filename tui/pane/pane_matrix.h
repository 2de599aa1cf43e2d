// SPDX-License-Identifier: GPL-3.0-or-later
// One bind under each option, in each family. Pure.
#ifndef BINDWALK_PANE_MATRIX_H
#define BINDWALK_PANE_MATRIX_H

#include "tui/pane/pane.h"

extern const struct pane_ops pane_matrix;

#endif
