// SPDX-License-Identifier: GPL-3.0-or-later
#include "tui/frame_title.h"

#include <string.h>

#include "core/text/report.h"
#include "core/text/width.h"
#include "tui/stage_text.h"

// The description of the place, from the longest to the shortest.
enum told { TOLD_PLACE, TOLD_RELEASE, TOLD_NAME, TOLD_JOIN };

static void add_place(const struct app *app, struct row *out)
{
	if (app_is_replay(app)) {
		row_add(out, ROLE_WARN, " %s", report_replay);
		row_add(out, ROLE_PLAIN, " %s", app->place);
		return;
	}
	if (app->place[0])
		row_add(out, app->lab ? ROLE_OK : ROLE_PLAIN, " %s", app->place);
	else if (app->lab)
		row_add(out, ROLE_OK, " lab");
	if (!app->lab)
		row_add(out, app->editable ? ROLE_WARN : ROLE_PLAIN, "%s %s", app->place[0] ? " ·" : "",
			app->editable ? "edit" : "read-only");
	if (app->changes)
		row_add(out, ROLE_WARN, " · %zu change%s", app->changes, app->changes == 1 ? "" : "s");
}

static void add_host(const struct app *app, enum told told, struct row *out)
{
	const struct host *h = app->now.host;
	const struct caller *c = &app->caller;
	bool rights = c->net_raw != NO || c->net_admin != NO;
	row_add(out, ROLE_TITLE, " bindwalk ");
	if (told >= TOLD_NAME)
		row_add(out, ROLE_PLAIN, " %s ·", h->name);
	if (told >= TOLD_RELEASE)
		row_add(out, ROLE_PLAIN, " Linux %s ·", h->kernel.release);
	add_place(app, out);
	if (told >= TOLD_JOIN && app->join[0])
		row_add(out, ROLE_PLAIN, " · %s", app->join);
	if (!rights)
		row_add(out, ROLE_PLAIN, " · no CAP_NET_RAW");
	char state[64];
	bool plays = app_plays(app) && !app_covers(app); // what comes is covered by itself
	if (!plays && cover_state(&app->cover, &app->now.walk, state, sizeof state)[0])
		row_add(out, ROLE_WARN, " · %s", state);
	if (app->status[0])
		row_add(out, ROLE_WARN, " · %s", app->status);
}

// The keys at the end of the title. The first is left out where the name of the place needs its room.
static const struct {
	enum command_id id;
	const char *text;
} items[] = {{CMD_PALETTE, " find  "}, {CMD_HELP, " help  "}, {CMD_QUIT, " quit "}};

enum { ITEMS = sizeof items / sizeof *items };

static const char *key_name(unsigned i, uint32_t *code, char name[static KEY_NAME])
{
	const struct binding *b = keys_for(CONTEXT_MAIN, items[i].id, "");
	*code = b ? b->key : K_NONE;
	return b ? keys_name(b->key, name) : "";
}

// The columns of those from `first` on. *at gets the key that stands so many columns before the end.
static unsigned keys_from(unsigned first, unsigned before_end, uint32_t *at)
{
	char name[KEY_NAME];
	unsigned used = 0;
	for (unsigned i = ITEMS; i-- > first;) {
		uint32_t code;
		const char *key = key_name(i, &code, name);
		unsigned cols = width_text(key, strlen(key)) + (unsigned)strlen(items[i].text);
		if (before_end >= used && before_end < used + cols)
			*at = code;
		used += cols;
	}
	return used;
}

// All but the keys; returns the first of these that has room. The key that finds a command is worth more than the
// kernel's name, and less than whose network this is.
static unsigned add_all_but_keys(const struct app *app, unsigned width, struct row *out)
{
	uint32_t unused;
	for (unsigned first = 0; first < 2; first++)
		for (int told = TOLD_JOIN; told >= TOLD_PLACE; told--) {
			row_clear(out);
			if (app->now.host)
				add_host(app, (enum told)told, out);
			else
				row_add(out, ROLE_TITLE, " bindwalk ");
			if (width_text(out->text, out->used) + keys_from(first, 0, &unused) + 1 <= width)
				return first;
		}
	return 1;
}

void frame_title(const struct app *app, unsigned width, struct row *out)
{
	char name[KEY_NAME];
	uint32_t code;
	if (app_is_on_stage(app) || app_is_beside_stage(app)) {
		stage_title_row(app, out);
		return;
	}
	for (unsigned i = add_all_but_keys(app, width, out); i < ITEMS; i++) {
		row_right(out, ROLE_KEY, "%s", key_name(i, &code, name));
		row_right(out, ROLE_PLAIN, "%s", items[i].text);
	}
}

uint32_t frame_title_key_at(const struct app *app, unsigned width, unsigned x)
{
	struct row place;
	uint32_t code = K_NONE;
	if (!app_is_on_stage(app) && !app_is_beside_stage(app))
		keys_from(add_all_but_keys(app, width, &place), width - 1 - x, &code);
	return code;
}
