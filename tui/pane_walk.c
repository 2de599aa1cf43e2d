// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/report.h"
#include "tui/pane.h"

static size_t count(const struct app *app)
{
	return app->walk.nsteps;
}

static void row(const struct app *app, size_t item, unsigned width, struct row *out)
{
	(void)width;
	report_step(app->host, &app->walk, (unsigned)item, out);
}

// What is walked, and on which evidence the screen rests.
static void heading(const struct app *app, struct row *out)
{
	char text[ATTEMPT_TEXT], set[48];
	const struct walk *w = &app->walk;
	if (w->nsteps == 0)
		return;
	row_add(out, ROLE_PLAIN, "  bind ");
	row_add(out, ROLE_ADDR, "%s", attempt_print(&w->attempt, text));
	for (unsigned i = 0; i < w->attempt.nsettings; i++)
		row_add(out, ROLE_VALUE, " %s", setting_print(&w->attempt.settings[i], set));
	if (w->attempt.unprivileged)
		row_add(out, ROLE_VALUE, " unprivileged");
	switch (w->agreement) {
	case NOT_TRIED:
		row_right(out, ROLE_MODEL, "predicted");
		break;
	case AGREES:
		row_right(out, ROLE_SYSCALL, "bound for real: agrees");
		break;
	case OPEN:
		row_right(out, ROLE_WARN, "bound for real");
		break;
	case HOOK:
		row_right(out, ROLE_WARN, "a hook interfered");
		break;
	case DISAGREES:
		row_right(out, ROLE_WARN, "MODEL AND KERNEL DISAGREE");
		break;
	}
}

const struct pane_ops pane_walk = {
	.name = "walk",
	.title = "Walk",
	.heading = heading,
	.count = count,
	.row = row,
};
