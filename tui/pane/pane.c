// SPDX-License-Identifier: GPL-3.0-or-later
#include "tui/pane/pane.h"

#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "tui/view.h"

unsigned pane_width(const struct app *app, enum pane_id pane)
{
	enum { MARK_BLANK = 2 };
	int w = app->layout.pane[pane].w - 2 * layout_border(&app->layout, pane) - MARK_BLANK;
	return w > 0 ? (unsigned)w : 0;
}

void pane_address(const struct app *app, const struct addr *a, uint32_t ifindex, char line[static COMMAND_ARG])
{
	char text[ADDR_TEXT], name[16];
	bool scoped = a->family == AF_INET6 && addr6_needs_scope(a);
	snprintf(line, COMMAND_ARG, "address %s%s%s", addr_print(a, text), scoped ? "%" : "",
		 scoped ? host_link_name(app->now.host, ifindex, name) : "");
}
