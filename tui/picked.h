// SPDX-License-Identifier: GPL-3.0-or-later
// How the lines of the panes were picked, as a part of struct app. Pure.
#ifndef BINDWALK_PICKED_H
#define BINDWALK_PICKED_H

#include "tui/view.h"

struct picking {
	bool all;                    // the filter is one for all panes
	bool hides_link_local;       // where a pane has such rows
	bool points_out[PANE_COUNT]; // one of them is shown, since the selected step points at it
	unsigned order[PANE_COUNT];  // of pane_ops.orders
};

#endif
