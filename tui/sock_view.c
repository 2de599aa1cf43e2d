// SPDX-License-Identifier: GPL-3.0-or-later
#include "tui/sock_view.h"

#include <string.h>
#include <time.h>
#include <unistd.h>

#include "core/evidence/evidence.h"
#include "core/observe/clock.h"
#include "core/observe/sock_gone.h"
#include "tui/app_layout.h"
#include "tui/app_update.h"
#include "tui/pane/panes.h"

int sock_view_open(struct sock_view *v)
{
	return sock_reader_open(&v->reader);
}

void sock_view_close(struct sock_view *v)
{
	sock_reader_close(v->reader);
	*v = (struct sock_view){0};
}

void sock_view_keep_up(struct sock_view *v, struct app *app)
{
	enum { PAUSE_MS = 1000 }; // the loop wakes up for the port that is shown after that
	bool shown = app->layout.pane[PANE_SOCKETS].h > 0;
	char when[SOCK_WHEN] = "";
	time_t now;
	struct tm tm;
	v->wanted |= shown && !v->shown;
	v->shown = shown;
	bool due = v->wanted || (v->gone && now_ms() - v->began >= PAUSE_MS);
	if (!shown || !due || !app->now.host || app->status[0] || sock_reader_busy(v->reader))
		return;
	now = time(NULL);
	if (localtime_r(&now, &tm))
		strftime(when, sizeof when, "%H:%M:%S", &tm);
	v->wanted = v->gone = false;
	v->began = now_ms();
	sock_reader_begin(v->reader, app->now.host, when);
	app->watched.reading = sock_reader_busy(v->reader);
}

void sock_view_take(struct sock_view *v, struct app *app)
{
	int rc = sock_reader_take(v->reader);
	app->watched.reading = sock_reader_busy(v->reader);
	if (rc < 0)
		app_say(app, ROLE_FAIL, "cannot read the sockets: %s", strerror(-rc));
	if (rc <= 0)
		return;
	app->watched.socks_marked = true;
	pane_update(app, PANE_SOCKETS);
	if (app->view == VIEW_EXPLORE) // its share of a wide screen
		app_relayout(app);
	app_reveal_changed(app, PANE_SOCKETS);
}

void sock_view_hear(struct sock_view *v, const struct app *app, int *gone)
{
	int protocol = 0;
	uint16_t port = 0;
	bool shown = evidence_port(app->now.host, &app->attempt, &protocol, &port) && port;
	if (!shown)
		protocol = port = 0;
	if (protocol == v->heard_protocol && port == v->heard_port)
		return;
	v->heard_protocol = protocol;
	v->heard_port = port;
	if (*gone >= 0)
		close(*gone);
	*gone = shown ? sock_gone_open(protocol, port) : -1;
}
