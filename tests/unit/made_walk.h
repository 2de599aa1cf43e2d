// SPDX-License-Identifier: GPL-3.0-or-later
// Walks over made-up hosts, held against what the kernel is known to do.
#ifndef BINDWALK_MADE_WALK_H
#define BINDWALK_MADE_WALK_H

#include <errno.h>

#include "core/model/decide.h"
#include "core/model/walk_text.h"
#include "tests/unit/made_host.h"

// One bind on one host: how it ends, the finding that decides it, and the verdict's code.
struct wanted {
	const char *host, *bind;
	int err;
	enum finding_id finding;
	enum code code;
};

MADE void made_decide(const char *host, const char *bind, struct host **h, struct walk *w)
{
	*h = made_host(host);
	struct attempt a = made_attempt(*h, bind);
	memset(w, 0xa5, sizeof *w); // decide() fills all that counts
	decide(made_facts(*h), &a, w);
}

// Checks that hold for every walk.
MADE void made_check_shape(const struct host *h, const struct walk *w, const char *what)
{
	char text[1024];
	unsigned decisive = 0;
	bool refused = false;
	for (unsigned i = 0; i < w->nsteps; i++) {
		const struct walk_step *s = &w->steps[i];
		const struct finding *f = finding_info(s->finding);
		bool last = i == w->nsteps - 1;
		decisive += s->decisive;
		if (s->finding != NOT_REACHED && f->step != s->step)
			fail_msg("%s: %s at step %s", what, f->name, step_info(s->step)->name);
		if (refused && !last && (s->finding != NOT_REACHED || s->reached))
			fail_msg("%s: step %s after a refusal", what, step_info(s->step)->name);
		if (!refused && s->finding == NOT_REACHED)
			fail_msg("%s: step %s left out", what, step_info(s->step)->name);
		refused = refused || f->outcome == REFUSES;
		if (f->outcome == REFUSES)
			assert_int_equal(f->err, w->predicted.err);
		assert_true(s->ninputs <= STEP_INPUTS);
		for (unsigned x = 0; x < s->ninputs; x++)
			for (unsigned y = 0; y < x; y++)
				if (strcmp(input_name(s->inputs[x].id), input_name(s->inputs[y].id)) == 0)
					fail_msg("%s: step %s has two inputs %s", what, step_info(s->step)->name,
						 input_name(s->inputs[x].id));
		walk_answer(made_facts(h), w, s, text, sizeof text);
		if (!*text || strpbrk(text, "?{}<>"))
			fail_msg("%s: %s reads '%s'", what, f->name, text);
	}
	assert_int_equal(decisive, 1);
	assert_true(w->steps[w->decisive].decisive);
	assert_int_equal(refused, w->predicted.err != 0);
	assert_int_equal(w->agreement, NOT_TRIED);
	assert_false(w->observed.present);
	walk_sentence(made_facts(h), w, text, sizeof text);
	if (!*text || strpbrk(text, "?{}<>"))
		fail_msg("%s: the verdict reads '%s'", what, text);
}

MADE void made_check(const struct wanted *c)
{
	struct host *h;
	struct walk w;
	char what[512];
	snprintf(what, sizeof what, "%s on [%s]", c->bind, c->host);
	made_decide(c->host, c->bind, &h, &w);
	const struct walk_step *s = &w.steps[w.decisive];
	if (w.predicted.err != c->err || s->finding != c->finding || w.code != c->code)
		fail_msg("%s: %s by %s, %s", what, errno_name(w.predicted.err), finding_info(s->finding)->name,
			 code_info(w.code)->name);
	enum call call = s->step == STEP_SOCKET       ? CALL_SOCKET
			 : s->step == STEP_SETSOCKOPT ? CALL_SETSOCKOPT
						      : CALL_BIND;
	assert_int_equal(w.predicted.call, c->err ? call : CALL_BIND);
	made_check_shape(h, &w, what);
	host_free(h);
}

#define CHECK_ALL(cases)                                                                                               \
	for (size_t case_number = 0; case_number < sizeof(cases) / sizeof *(cases); case_number++)                     \
	made_check(&(cases)[case_number])

#endif
