// SPDX-License-Identifier: GPL-3.0-or-later
#include "tui/explain_wait.h"

#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/text/json_memory.h"
#include "core/text/json_text.h"
#include "core/text/report_json.h"
#include "tui/complain.h"
#include "tui/output.h"

enum { TIME = 12 }; // columns of the time before each line

struct telling {
	json_t *events; // NULL: as text, at once
	struct report_style style;
	unsigned turns;
	bool failed; // a write failed
};

static void tell(struct telling *t, const struct row *r)
{
	report_print(r, t->style, stdout);
	t->failed |= output_finish() != EXIT_OK;
	output_leave(); // nobody is told any more
}

static void add_time(struct row *r, int64_t ms)
{
	row_clear(r);
	r->hanging = TIME;
	row_add(r, ROLE_DIM, "%4lld.%03d s  ", (long long)(ms / 1000), (int)(ms % 1000));
}

static void happened(void *data, int64_t ms, const char *what)
{
	struct telling *t = data;
	struct row r;
	if (t->events) {
		json_array_append_new(t->events,
				      json_pack("{s:I,s:o}", "ms", (json_int_t)ms, "happened", json_text(what)));
		return;
	}
	add_time(&r, ms);
	row_add(&r, ROLE_PLAIN, "%s", what);
	tell(t, &r);
}

static void turned(void *data, int64_t ms, const struct inquiry *in)
{
	struct telling *t = data;
	const struct facts f = inquiry_facts(in);
	int err = walk_errno(&in->walk);
	struct row r, verdict;
	t->turns++;
	if (t->events) {
		json_array_append_new(t->events, json_pack("{s:I,s:o,s:s}", "ms", (json_int_t)ms, "errno",
							   json_text(err ? errno_name(err) : NULL), "code",
							   code_info(in->walk.code)->name));
		return;
	}
	add_time(&r, ms);
	report_verdict(&f, &in->walk, &verdict);
	row_add(&r, err ? ROLE_FAIL : ROLE_OK, "%s%s", t->turns > 1 ? "now " : "", verdict.text);
	tell(t, &r);
}

static void gave_up(struct telling *t, int64_t ms)
{
	struct row r;
	if (t->events)
		return;
	add_time(&r, ms);
	row_add(&r, ROLE_DIM, "gave up waiting");
	tell(t, &r);
}

static enum exit_status print_json(const struct inquiry *in, struct telling *t, int64_t waited)
{
	const struct facts f = inquiry_facts(in);
	json_t *root = report_json_walk(&f, &in->walk);
	json_object_set_new(root, "waited", json_pack("{s:I,s:o}", "ms", (json_int_t)waited, "events", t->events));
	char *printed = json_text_print(root, JSON_INDENT(2));
	bool lost = json_memory_lost() || !printed;
	json_decref(root);
	if (lost)
		complain("out of memory");
	else
		output_json(printed);
	free(printed);
	return lost ? EXIT_MISSING : output_finish();
}

enum exit_status explain_wait(struct observer *o, struct inquiry *in, const struct attempt *a,
			      const struct evidence_how *how, int64_t limit, bool json, struct report_style style)
{
	char err[512];
	struct telling t = {.style = style};
	const struct await_out out = {happened, turned, &t};
	int64_t waited;
	json_memory_watch();
	t.events = json ? json_array() : NULL;
	int rc = await_bind(o, in, a, how, limit, &out, &waited, err, sizeof err);
	enum exit_status status = EXIT_MISSING;
	if (rc < 0) {
		complain("%s", err);
		json_decref(t.events);
	} else {
		const struct facts f = inquiry_facts(in);
		if (rc == 0)
			gave_up(&t, waited);
		status = json ? print_json(in, &t, waited) : output_walk(&f, &in->walk, false, style);
		if (status == EXIT_OK && t.failed)
			status = EXIT_MISSING;
		if (status == EXIT_OK)
			status = rc == 1 ? EXIT_OK : in->walk.agreement == DISAGREES ? EXIT_DISAGREE : EXIT_REFUSED;
	}
	inquiry_free(in);
	return status;
}
