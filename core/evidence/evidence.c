// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/evidence/evidence.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "core/model/decide.h"
#include "core/model/decide_range.h"
#include "core/observe/socks.h"

enum { NARROW_RANGE = 1024 };

static int diag_protocol(enum kind k)
{
	return k == KIND_MPTCP ? IPPROTO_TCP : kind_info(k)->protocol;
}

// The holders matter for a given port, and for port 0 where the range is so narrow that it may be full.
static int observe_holders(struct host *h, const struct attempt *a)
{
	const struct setting *range = attempt_setting(a, OPT_PORTRANGE);
	bool narrow = range || h->sysctl[SYSCTL_PORT_HIGH] - h->sysctl[SYSCTL_PORT_LOW] < NARROW_RANGE;
	host_clear_socks(h);
	if (a->kind == KIND_RAW || (a->port == 0 && (a->kind == KIND_PING || !narrow)))
		return 0;
	return socks_read(h, diag_protocol(a->kind), a->port);
}

static void ask(struct observer *o, struct host *h, const struct attempt *a, uint32_t table)
{
	struct asked answer;
	h->asked.present = false;
	if (a->family == AF_INET6 && !addr_is_mapped(&a->addr))
		return;
	if (observe_ask(o, table, addr_v4(&a->addr), &answer) == 0)
		h->asked = (struct answer){.present = true,
					   .table = table,
					   .dst = addr_v4(&a->addr),
					   .err = answer.err,
					   .type = answer.type,
					   .len = answer.len};
}

static int walk_now(struct observer *o, struct host *h, const struct attempt *a, bool predict, struct witness *witness,
		    struct walk *out, char *err, size_t errlen)
{
	struct trial t;
	struct seen seen = {0};
	int rc = observe_holders(h, a);
	if (rc < 0)
		h->socks_known = NO; // the walk says that nobody was asked
	decide(h, a, out);
	const struct walk_step *classify = walk_find(out, STEP_CLASSIFY);
	const struct input *table = classify ? step_input(classify, IN_TABLE) : NULL;
	if (table) {
		ask(o, h, a, (uint32_t)table->number);
		if (!h->routes4_read)
			decide(h, a, out);
	}
	if (!predict) {
		rc = witness ? witness_trial(witness, a, &t, &seen) : trial_run(a, &t);
		if (rc < 0) {
			snprintf(err, errlen, "the bind could not be tried: %s", strerror(-rc));
			return rc;
		}
		trial_merge(&t, out);
		witness_merge(&seen, h, out);
	}
	if (h->asked.present) {
		walk_ask(out, h->asked.err, h->asked.type, h->asked.table, h->asked.len);
		walk_conclude(out);
	}
	decide_range(h, out);
	return 0;
}

int evidence_gather(struct observer *o, struct host **h, const struct attempt *a, bool predict, struct witness *witness,
		    struct walk *out, char *err, size_t errlen)
{
	int rc = walk_now(o, *h, a, predict, witness, out, err, errlen);
	if (rc < 0 || out->agreement != DISAGREES)
		return rc;
	struct host *fresh;
	if (observe_read_small(o, EVIDENCE_ROUTES, &fresh, err, errlen) < 0)
		return 0; // the first walk stands
	host_free(*h);
	*h = fresh;
	return walk_now(o, *h, a, predict, witness, out, err, errlen);
}
