// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/command/session_lesson.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "core/change/feature.h"
#include "core/command/ask_text.h"
#include "core/command/attempt_command.h"
#include "core/command/lab_make.h"
#include "core/command/session_walk.h"
#include "core/evidence/evidence.h"
#include "core/model/kernel.h"
#include "core/model/walk_text.h"

bool job_is_title(const struct job *r)
{
	const char *text = job_value(r, 0);
	return text[strspn(text, "0123456789")] != '\0';
}

bool job_is_for_kernel(const struct job *r)
{
	struct utsname u;
	struct kernel here, given;
	if (uname(&u) < 0 || kernel_parse(u.release, &here) < 0)
		kernel_parse(KERNEL_CHECKED, &here);
	kernel_parse(job_value(r, 0), &given); // checked with the line
	return (kernel_compare(&here, given.major, given.minor) < 0) == (r->call->id == CMD_BEFORE);
}

static enum exit_status needs_lab(struct job *r)
{
	const char *name = job_value(r, 0);
	if (strcmp(lab_recipe_here(), name) == 0)
		return EXIT_OK;
	return job_fail(r, EXIT_MISSING, 0, "this script needs the lab %s: bindwalk run --with %s FILE", name, name);
}

static enum exit_status needs_feature(struct job *r)
{
	char why[COMMAND_ERROR];
	return feature_try(job_value(r, 0), why, sizeof why) < 0 ? job_fail(r, EXIT_MISSING, 0, "%s", why) : EXIT_OK;
}

static enum exit_status judge(struct job *r, const struct inquiry *in)
{
	const struct walk *w = &in->walk;
	const struct facts f = inquiry_facts(in);
	char sentence[512];
	int param;
	const char *want = check_unmet(r->call, w, &param), *found = errno_name(w->observed.err);
	if (want)
		return job_fail(r, EXIT_REFUSED, param, "not yet: expected %s, the kernel says %s: %s", want, found,
				walk_sentence(&f, w, sentence, sizeof sentence));
	job_line(r, ROLE_OK, "the kernel says %s (%s)", found, code_info(w->code)->name);
	return EXIT_OK;
}

// A bind of this address, port and protocol, and everything else as it is: a walk of its own, the session's stays.
static enum exit_status bind_and_judge(struct job *r)
{
	static struct inquiry in;
	struct session *s = r->session;
	struct endpoint ep;
	struct attempt a = s->attempt;
	const struct evidence_how how = {.unprivileged = s->unprivileged};
	char why[COMMAND_ERROR];
	if (endpoint_parse(job_value(r, 0), &ep, why, sizeof why) < 0)
		return job_fail(r, EXIT_WRONG, 0, "%s", why);
	attempt_aim(&a, &ep);
	if (job_value(r, CHECK_PROTO))
		a.kind = (enum kind)kind_find(job_value(r, CHECK_PROTO)); // checked with the line
	// The scope that the learner gave the same address is meant, if the check names none.
	if (addr_equal(&s->attempt.addr, &ep.addr) && !a.scope && !a.scope_name[0]) {
		a.scope = s->attempt.scope;
		memcpy(a.scope_name, s->attempt.scope_name, sizeof a.scope_name);
	}
	int rc = evidence_read(s->observer, false, &in, why, sizeof why);
	if (rc == 0)
		rc = attempt_command_scope(&a, in.host, why, sizeof why);
	if (rc == 0)
		rc = evidence_gather(s->observer, &in, &a, &how, why, sizeof why);
	enum exit_status ended = rc < 0 ? job_fail(r, EXIT_MISSING, 0, "%s", why) : EXIT_OK;
	if (rc == 0) {
		session_note_bind(s, &in);
		ended = judge(r, &in);
	}
	inquiry_free(&in);
	return ended;
}

// `check`: does the last real bind, or one that is made now, end as it says? EXIT_REFUSED if it does not.
static enum exit_status check(struct job *r)
{
	const struct session *s = r->session;
	if (job_value(r, 0))
		return bind_and_judge(r);
	if (!s->now.walk.nsteps || !s->walked || !s->now.walk.observed.present)
		return job_fail(r, EXIT_REFUSED, NOT_TOLD, "nothing was bound since the last change; bind first");
	return judge(r, &s->now);
}

// What a recording keeps of it.
static void record(struct job *r)
{
	struct session *s = r->session;
	const char *text = job_value(r, 0);
	enum frame_kind kind = r->call->id == CMD_STEP   ? FRAME_STEP
			       : r->call->id == CMD_GOAL ? FRAME_SAY
			       : r->call->id == CMD_NOTE ? FRAME_NOTE
			       : r->call->id == CMD_DONE ? FRAME_DONE
							 : FRAME_KINDS;
	if (r->call->id == CMD_LESSON && text)
		snprintf(s->recording.title, sizeof s->recording.title, "%s", text);
	if (kind != FRAME_KINDS)
		recording_add_text(&s->recording, kind, s->line, text);
}

enum exit_status job_lesson(struct job *r)
{
	record(r);
	switch (r->call->id) {
	case CMD_LESSON:
	case CMD_STEP:
		job_line(r, ROLE_TITLE, "%s", job_value(r, 0) ? job_value(r, 0) : "");
		return EXIT_OK;
	case CMD_GOAL:
	case CMD_DONE:
		job_line(r, ROLE_PLAIN, "%s", job_value(r, 0));
		return EXIT_OK;
	case CMD_LAB:
		return needs_lab(r);
	case CMD_NEEDS:
		return needs_feature(r);
	case CMD_CHECK:
		return check(r);
	default:
		return EXIT_OK; // for who plays the lesson
	}
}
