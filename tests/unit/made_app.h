// SPDX-License-Identifier: GPL-3.0-or-later
// The explorer's state on the usual made-up host, with an attempt that is refused.
#ifndef BINDWALK_MADE_APP_H
#define BINDWALK_MADE_APP_H

#include "tests/unit/made_host.h"
#include "tui/app.h"
#include "tui/app_layout.h"
#include "tui/app_update.h"

#define MADE_APP_HOST                                                                                                  \
	"lo; link v0; addr 192.0.2.2/24 dev v0; addr 2001:db8::2/64 dev v0; addr fe80::2/64 dev v0;"                   \
	"route local 198.51.100.0/24 dev lo"

// All sysctls are known. Returns the host, which made_app_close() frees.
static inline struct host *made_app_open(struct app *app)
{
	struct addr a = made_addr("192.168.123.123");
	struct attempt first = attempt_new(&a);
	struct host *host = made_host(MADE_APP_HOST);
	for (int i = 0; i < SYSCTL_COUNT; i++)
		host->sysctl_known[i] = true;
	app_init(app, &first, true);
	app->caller = made_caller;
	app_resize(app, 24, 80);
	app_set_host(app, host);
	app_take_effects(app);
	return host;
}

static inline void made_app_close(struct app *app, struct host *host)
{
	app_free(app);
	host_free(host);
}

#endif
