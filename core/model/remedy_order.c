// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/remedy_order.h"

#include <string.h>

// Does systemd's configuration of that unit concern the process's own bind?
static bool is_service(const char *unit)
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

static bool is_time_alone(const struct remedy *r)
{
	return r->kind == REMEDY_WAIT && !r->joined;
}

static void choose(const struct remedy *r, enum program p, bool service, struct remedy_choice *out)
{
	bool in_code = r->reach == REACH_SOCKET && !is_time_alone(r);
	*out = (struct remedy_choice){.remedy = r, .way = in_code ? WAY_CODE : WAY_HOST};
	bool ours = p != PROGRAM_COUNT && p != PROGRAM_SYSTEMD && r->reach != REACH_OTHER_PROGRAM;
	if (ours && !r->joined && program_spelling(p, &r->spelling, out->spelled))
		out->way = WAY_SPELLED;
	else if (service && is_of_service(r->spelling.what) &&
		 program_spelling(PROGRAM_SYSTEMD, &r->spelling, out->spelled))
		out->way = WAY_UNIT;
}

enum {
	RANK_CAUSE,
	RANK_WAY,
	RANK_CODE = RANK_WAY + WAY_CODE,
	RANK_REMAINS,
	RANK_REMAINS_CODE = RANK_REMAINS + WAY_CODE,
	RANK_ANY_PORT,
	RANK_ANY_PORT_IN_CODE, // which nobody but the author of a known program changes
	RANKS
};

// A script's reader may change it, and Python can set any option; in a program of other kinds nobody can.
static bool is_open_code(enum program p)
{
	return p == PROGRAM_COUNT || p == PROGRAM_PYTHON;
}

// A server that nobody finds is the last that its operator wants.
static bool is_any_port(const struct remedy *r)
{
	return (r->kind == REMEDY_PORT || r->joined) && r->attempt.port == 0;
}

static int rank(const struct remedy_choice *c, enum program p)
{
	const struct remedy *r = c->remedy;
	const bool as_spelled = p == PROGRAM_COUNT || (c->way == WAY_CODE && is_open_code(p));
	const int way = as_spelled ? 0 : (int)c->way;
	if (r->then.remains)
		return RANK_REMAINS + way;
	if (r->mends || is_time_alone(r))
		return RANK_CAUSE;
	if (is_any_port(r))
		return as_spelled ? RANK_ANY_PORT : RANK_ANY_PORT_IN_CODE;
	return RANK_WAY + way;
}

// Two options may be one word of a configuration.
static bool is_spelled_already(const struct remedy_choice *c, const struct remedy_choice *out, unsigned n)
{
	for (unsigned i = 0; i < n && c->way == WAY_SPELLED; i++)
		if (out[i].way == WAY_SPELLED && strcmp(out[i].spelled, c->spelled) == 0)
			return true;
	return false;
}

static bool is_left_out(int r, int best)
{
	bool remains = r >= RANK_REMAINS && r <= RANK_REMAINS_CODE;
	if (remains && best < RANK_REMAINS)
		return true;
	return best < r && (r == RANK_CODE || r == RANK_REMAINS_CODE || r == RANK_ANY_PORT_IN_CODE);
}

unsigned remedy_order(const struct remedy *all, unsigned n, enum program p, const char *unit,
		      struct remedy_choice out[static REMEDIES])
{
	struct remedy_choice given[REMEDIES];
	int ranks[REMEDIES];
	int best = RANKS;
	unsigned count = 0;
	for (unsigned i = 0; i < n && i < REMEDIES; i++) {
		choose(&all[i], p, is_service(unit), &given[i]);
		ranks[i] = rank(&given[i], p);
		best = ranks[i] < best ? ranks[i] : best;
	}
	for (int at = 0; at < RANKS; at++)
		for (unsigned i = 0; i < n && i < REMEDIES; i++)
			if (ranks[i] == at && !is_left_out(at, best) && !is_spelled_already(&given[i], out, count))
				out[count++] = given[i];
	return count;
}
