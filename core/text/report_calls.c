// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/text/report_calls.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "core/model/rt_names.h"
#include "core/model/walk_inner.h"
#include "core/model/walk_text.h"
#include "core/text/call_text.h"

static const char *name_of(enum kernel_function f)
{
	return kernel_function_info(f)->name;
}

static void tell_value(const struct kernel_call *c, enum telling how, struct row *out)
{
	struct row value;
	row_clear(&value);
	call_add_value(c, false, &value);
	if (how == TELLING_WHOLE)
		row_right(out, ROLE_KERNEL, ": %s() = %s", name_of(c->function), value.text);
	else if (how == TELLING_VALUE)
		row_right(out, ROLE_KERNEL, " = %.*s", (int)strcspn(value.text, " "), value.text);
}

void report_telling(const struct walk *w, unsigned step, enum telling how, struct row *out)
{
	enum kernel_function f;
	const struct kernel_call *c = walk_inner_answer(w, step);
	if (c)
		tell_value(c, how, out);
	else if (walk_inner_said(w, step, &f) != INNER_NOT_RUN)
		return;
	else if (how == TELLING_WHOLE)
		row_right(out, ROLE_KERNEL, ": %s() did not run", name_of(f));
	else if (how == TELLING_VALUE || w->steps[step].finding == NOT_REACHED)
		row_right(out, ROLE_KERNEL, ": not run");
}

static bool same_value(const struct kernel_call *a, const struct kernel_call *b)
{
	struct row x, y;
	row_clear(&x);
	row_clear(&y);
	call_add_value(a, true, &x);
	call_add_value(b, true, &y);
	return strcmp(x.text, y.text) == 0;
}

// The calls of a step, those of one value together.
static void add_calls(const struct walk *w, unsigned step, struct row *out)
{
	const struct kernel_call *c = walk_inner_call(w, step, 0), *next;
	for (unsigned n = 1; c; n++, c = next) {
		next = walk_inner_call(w, step, n);
		bool same = next && same_value(c, next);
		if (same && next->function == c->function)
			continue; // it ran again
		row_add(out, ROLE_VALUE, "%s()%s", name_of(c->function), same ? ", " : " = ");
		if (same)
			continue;
		call_add_value(c, true, out);
		row_add(out, ROLE_VALUE, "%s", next ? "; " : "");
	}
}

// Of a question that is inlined.
static bool add_nonlocal(const struct walk *w, unsigned step, struct row *out)
{
	enum tri allowed = w->steps[step].step == STEP_NONLOCAL ? walk_inner_nonlocal(w) : UNKNOWN;
	if (allowed != UNKNOWN)
		row_add(out, ROLE_VALUE, "%sallowed, as what ran after it shows", allowed == YES ? "" : "not ");
	return allowed != UNKNOWN;
}

bool report_calls(const struct walk *w, unsigned step, struct row *out)
{
	enum kernel_function f;
	if (walk_inner_call(w, step, 0))
		add_calls(w, step, out);
	else if (w->steps[step].finding != NOT_REACHED && walk_inner_said(w, step, &f) == INNER_NOT_RUN)
		row_add(out, ROLE_VALUE, "%s() did not run", name_of(f));
	else
		return add_nonlocal(w, step, out);
	return true;
}

// How many of a function's calls were kept.
static unsigned kept(const struct witnessed *in, enum kernel_function f)
{
	unsigned n = 0;
	for (unsigned i = 0; i < in->ncalls; i++)
		n += in->calls[i].function == f;
	return n;
}

// Of a function that ran more often than calls of it were kept; it is said behind the last of them.
static bool add_often(const struct walk *w, unsigned step, unsigned call, struct row *out)
{
	const struct kernel_call *c = walk_inner_call(w, step, call), *next;
	for (unsigned n = call + 1; (next = walk_inner_call(w, step, n)); n++)
		if (next->function == c->function)
			return false;
	unsigned shown = kept(&w->inner, c->function), times = w->inner.counts[c->function];
	if (times <= shown)
		return false;
	row_add(out, ROLE_DIM, "%s() ran %s%u times", name_of(c->function), times == UINT16_MAX ? "at least " : "",
		times);
	return true;
}

static bool add_not_run(const struct walk *w, unsigned step, struct row *out)
{
	enum kernel_function f;
	bool not_run = walk_inner_said(w, step, &f) == INNER_NOT_RUN;
	if (not_run)
		row_add(out, ROLE_VALUE, "%s() did not run", name_of(f));
	return not_run;
}

static bool add_contradiction(const struct walk *w, unsigned step, struct row *out)
{
	const struct claim *c = &w->steps[step].claims[EV_KERNEL];
	bool odd = c->present && c->of_calls && c->contradicts;
	if (odd)
		row_add(out, ROLE_WARN, "the model predicted otherwise");
	return odd;
}

const char *report_unwatched(enum inner_unwatched why)
{
	static const char *const reasons[] = {
		[INNER_ABSENT] = "not in this kernel, or inlined by its compiler; another build may have it",
		[INNER_REFUSED] = "nothing attaches to it; it may with CONFIG_FUNCTION_TRACER or CONFIG_KPROBES",
		[INNER_INLINE] = "inline in the source, so nobody can watch",
	};
	return reasons[why];
}

static bool add_unwatched(const struct walk *w, unsigned step, unsigned n, struct row *out)
{
	enum inner_unwatched why;
	const char *function = walk_inner_unwatched(w, step, n, &why);
	if (function)
		row_add(out, ROLE_DIM, "not watched: %s(): %s", function, report_unwatched(why));
	return function != NULL;
}

// Line n of what the details say of a step, without the label.
static bool line(const struct facts *f, const struct walk *w, unsigned step, unsigned width, unsigned n,
		 struct row *out)
{
	const struct kernel_call *c;
	bool (*const rest[])(const struct walk *, unsigned, struct row *) = {add_not_run, add_nonlocal,
									     add_contradiction};
	for (unsigned i = 0; (c = walk_inner_call(w, step, i)); i++) {
		struct row often;
		row_clear(&often);
		if (n-- == 0) {
			call_add(c, f->host, width, out);
			return true;
		}
		if (add_often(w, step, i, &often) && n-- == 0) {
			*out = often;
			return true;
		}
	}
	for (size_t i = 0; i < sizeof rest / sizeof *rest; i++) {
		row_clear(out);
		if (rest[i](w, step, out) && n-- == 0)
			return true;
	}
	row_clear(out);
	return add_unwatched(w, step, n, out);
}

bool report_call_line(const struct facts *f, const struct walk *w, unsigned step, unsigned width, unsigned n,
		      struct row *out)
{
	enum { LABEL = 14 }; // columns
	struct row said;
	row_clear(&said);
	row_clear(out);
	if (!line(f, w, step, width > LABEL ? width - LABEL : 0, n, &said))
		return false;
	row_add(out, ROLE_KERNEL, "  %-12s", n ? "" : "kernel");
	row_add_part(out, &said, 0, said.used);
	return true;
}

// The functions of all steps that were not watched for that reason: "f(), g(): REASON".
static bool add_all_unwatched(const struct walk *w, enum inner_unwatched why, struct row *out)
{
	enum inner_unwatched it;
	const char *function;
	bool any = false;
	for (unsigned step = 0; step < w->nsteps; step++)
		for (unsigned i = 0; (function = walk_inner_unwatched(w, step, i, &it)); i++)
			if (it == why) {
				row_add(out, ROLE_DIM, "%s%s()", any ? ", " : "", function);
				any = true;
			}
	if (any)
		row_add(out, ROLE_DIM, ": %s", report_unwatched(why));
	return any;
}

bool report_unseen(const struct walk *w, unsigned n, struct row *out)
{
	enum { HANGING = 7 };
	const char *label = n ? "       " : "unseen ";
	row_clear(out);
	out->hanging = HANGING;
	row_add(out, ROLE_LABEL, "%s", label);
	if (!w->inner.present && w->inner.why_not[0]) {
		row_add(out, ROLE_DIM, "return values of the kernel's functions: %s", w->inner.why_not);
		return n == 0;
	}
	for (enum inner_unwatched why = INNER_ABSENT; why <= INNER_INLINE; why++) {
		struct row r = *out;
		if (add_all_unwatched(w, why, &r) && n-- == 0) {
			*out = r;
			return true;
		}
	}
	return false;
}

// What the model has in the place of a function's value.
static void add_predicted(const struct facts *f, const struct walk *w, const struct walk_step *s, struct row *out)
{
	char answer[512];
	const struct input *type = step_input(s, IN_TYPE);
	if (s->finding == NOT_REACHED)
		row_add(out, ROLE_WARN, "the model does not come to it");
	else if (s->step == STEP_CLASSIFY && type && type->type == V_RTN)
		row_add(out, ROLE_WARN, "the model says %s", rtn_symbol((unsigned)type->number));
	else
		row_add(out, ROLE_WARN, "the model says \"%s\"", walk_answer(f, w, s, answer, sizeof answer));
}

// What the kernel did in its place, with the arguments: they may be what is odd.
static void add_seen(const struct facts *f, const struct walk *w, unsigned step, struct row *out)
{
	const struct kernel_call *c;
	struct row seen;
	row_clear(&seen);
	for (unsigned n = 0; w->steps[step].step != STEP_RESULT && (c = walk_inner_call(w, step, n)); n++) {
		struct kernel_call timeless = *c;
		timeless.ns = 0;
		row_add(&seen, ROLE_WARN, "%s", n ? "; " : "");
		call_add(&timeless, f->host, UINT_MAX, &seen);
	}
	if (!seen.used && !report_calls(w, step, &seen) && !add_not_run(w, step, &seen))
		row_add(&seen, ROLE_WARN, "the kernel's functions ran otherwise");
	row_add(out, ROLE_WARN, "%s", seen.text);
}

bool report_odd_call(const struct facts *f, const struct walk *w, struct row *out)
{
	for (unsigned i = 0; i < w->nsteps; i++) {
		const struct walk_step *s = &w->steps[i];
		if (!s->claims[EV_KERNEL].present || !s->claims[EV_KERNEL].of_calls ||
		    !s->claims[EV_KERNEL].contradicts)
			continue;
		row_add(out, ROLE_WARN, "step %s: ", step_info(s->step)->name);
		add_predicted(f, w, s, out);
		row_add(out, ROLE_WARN, ", but ");
		add_seen(f, w, i, out);
		return true;
	}
	return false;
}

bool report_hook(const struct walk *w, struct row *out)
{
	const struct kernel_call *c;
	enum inner_hook hook = walk_inner_hook(w, &c);
	const char *who = inner_hook_name(hook);
	if (!who)
		return false;
	row_add(out, ROLE_WARN, "; it was %s%s", who,
		hook == INNER_HOOK_CGROUP_POST ? ", since the port was given and bind failed after that" : "");
	if (c) {
		row_add(out, ROLE_WARN, ": %s() = ", name_of(c->function));
		call_add_value(c, false, out);
	}
	return true;
}
