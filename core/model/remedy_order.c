// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/remedy_order.h"

#include <string.h>

bool remedy_unit_is_service(const char *unit)
{
	static const char end[] = ".service";
	size_t len = strlen(unit), tail = sizeof end - 1;
	// A login's processes are in the unit of their user's manager.
	return len > tail && strcmp(unit + len - tail, end) == 0 && strncmp(unit, "user@", 5) != 0;
}

// Of systemd's settings those of a .service unit; the others are for a socket that systemd binds.
static bool is_of_service(enum spelled what)
{
	return what == SPELLED_CAP_BIND || what == SPELLED_CAP_RAW || what == SPELLED_USER;
}

static void choose(const struct remedy *r, enum program p, bool service, struct remedy_choice *out)
{
	*out = (struct remedy_choice){.remedy = r, .way = r->reach == REACH_SOCKET ? WAY_CODE : WAY_HOST};
	if (p != PROGRAM_COUNT && p != PROGRAM_SYSTEMD && !r->joined && program_spelling(p, &r->spelling, out->spelled))
		out->way = WAY_SPELLED;
	else if (service && is_of_service(r->spelling.what) &&
		 program_spelling(PROGRAM_SYSTEMD, &r->spelling, out->spelled))
		out->way = WAY_UNIT;
}

enum { RANK_CAUSE, RANK_WAY, RANK_REMAINS = RANK_WAY + WAY_CODE + 1, RANKS };

// A script's reader may change it, and Python can set any option; in a program of other kinds nobody can.
static bool is_open_code(enum program p)
{
	return p == PROGRAM_COUNT || p == PROGRAM_PYTHON;
}

static int rank(const struct remedy_choice *c, enum program p)
{
	const struct remedy *r = c->remedy;
	if (r->then.remains)
		return RANK_REMAINS;
	if (r->mends)
		return RANK_CAUSE;
	bool as_spelled = p == PROGRAM_COUNT || (c->way == WAY_CODE && is_open_code(p));
	return as_spelled ? RANK_WAY : RANK_WAY + (int)c->way;
}

static bool is_left_out(const struct remedy_choice *c, enum program p, int best)
{
	int r = rank(c, p);
	if (best >= RANK_REMAINS)
		return false;
	return r == RANK_REMAINS || (r == RANK_WAY + WAY_CODE && best < r);
}

unsigned remedy_order(const struct remedy *all, unsigned n, enum program p, const char *unit,
		      struct remedy_choice out[static REMEDIES])
{
	struct remedy_choice given[REMEDIES];
	int best = RANKS;
	unsigned count = 0;
	for (unsigned i = 0; i < n && i < REMEDIES; i++) {
		choose(&all[i], p, remedy_unit_is_service(unit), &given[i]);
		best = rank(&given[i], p) < best ? rank(&given[i], p) : best;
	}
	for (int at = 0; at < RANKS; at++)
		for (unsigned i = 0; i < n && i < REMEDIES; i++)
			if (rank(&given[i], p) == at && !is_left_out(&given[i], p, best))
				out[count++] = given[i];
	return count;
}
