// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/text/report.h"

#include <errno.h>
#include <string.h>

#include "core/model/rt_names.h"
#include "core/model/unknown.h"
#include "core/model/walk_text.h"
#include "core/text/report_caller.h"
#include "core/text/report_calls.h"
#include "core/text/report_holder.h"
#include "core/text/report_next.h"
#include "core/text/report_remedy.h"
#include "core/text/stream_end.h"
#include "core/text/width.h"

enum { INDENT = 7, STEP_INDENT = 18 }; // of what is wrapped

static bool contradicted(const struct walk_step *s)
{
	for (int e = 0; e < EV_COUNT; e++)
		if (s->claims[e].present && s->claims[e].contradicts)
			return true;
	return false;
}

// The result is what was seen, if anything was.
static bool fails(const struct walk *w, const struct walk_step *s)
{
	if (s->step == STEP_RESULT && w->observed.present)
		return w->observed.err != 0;
	return finding_info(s->finding)->outcome == REFUSES || s->finding == RESULT_REFUSED;
}

const struct mark_info *mark_info(enum mark m)
{
	static const struct mark_info marks[MARK_COUNT] = {
		[MARK_FOR] = {"✓", ROLE_OK, "speaks for the bind"},
		[MARK_GOES_ON] = {"–", ROLE_LABEL, "asked, and the walk goes on: neither for nor against"},
		[MARK_DECIDED] = {"●", ROLE_OK, "decided: this is why the address is accepted"},
		[MARK_ENDED] = {"✗", ROLE_FAIL, "ended it: refused here"},
		[MARK_NOT_REACHED] = {"·", ROLE_DIM, "not reached, or not asked in this walk"},
		[MARK_UNSEEN] = {"?", ROLE_DIM, "happens, but its answer is not visible from outside"},
		[MARK_OPEN] = {"?", ROLE_WARN, "nobody knows its answer before the bind"},
		[MARK_CONTRADICTS] = {"!", ROLE_WARN, "two kinds of evidence contradict each other"},
		[MARK_PREDICTED] = {"=", ROLE_SYSCALL, "as predicted: the kernel did what the model said"},
	};
	return &marks[m];
}

// A call that succeeded counts, even if the model was not certain.
static bool succeeded(const struct walk_step *s)
{
	return s->claims[EV_SYSCALL].present && s->claims[EV_SYSCALL].err == 0;
}

// Did a call before bind() end the attempt, here or, in the result, at all? Then bind() is not reached, and not open.
static bool call_failed(const struct walk *w, const struct walk_step *s)
{
	if (s->step != STEP_RESULT)
		return s->claims[EV_SYSCALL].present && s->claims[EV_SYSCALL].err != 0;
	return fails(w, s) && (w->observed.present || !(s->reached || s->uncertain));
}

// A witness may have seen what the hooks answered.
static enum mark hooks_mark(const struct walk *w)
{
	enum inner_hook hook = walk_inner_hook(w, NULL);
	return hook == INNER_HOOK_UNSEEN ? MARK_UNSEEN
	       : hook == INNER_HOOK_NONE ? MARK_GOES_ON
	       : w->observed.err         ? MARK_ENDED
					 : MARK_CONTRADICTS;
}

enum mark report_mark(const struct walk *w, const struct walk_step *s)
{
	enum outcome outcome = finding_info(s->finding)->outcome;
	if (contradicted(s))
		return MARK_CONTRADICTS;
	if (call_failed(w, s))
		return MARK_ENDED;
	if (!s->reached && !(s->step == STEP_RESULT && s->uncertain))
		return MARK_NOT_REACHED;
	if (step_open(s) || (s->unsure && outcome == GOES_ON && !w->observed.present))
		return MARK_OPEN;
	if (fails(w, s))
		return MARK_ENDED;
	if (s->decisive)
		return MARK_DECIDED;
	if (outcome == UNSEEN)
		return hooks_mark(w);
	return outcome == GOES_ON && !succeeded(s) ? MARK_GOES_ON : MARK_FOR;
}

enum role report_outcome_role(const struct walk *w)
{
	return walk_errno(w) ? ROLE_FAIL : ROLE_OK;
}

static const char *const evidence_names[EV_COUNT] = {"model", "syscall", "asked", "kernel"};
static const enum role evidence_roles[EV_COUNT] = {ROLE_MODEL, ROLE_SYSCALL, ROLE_ASKED, ROLE_KERNEL};

static enum call outcome_call(const struct walk *w)
{
	return w->observed.present ? w->observed.call : w->predicted.call;
}

const char report_replay[] = "REPLAY";

const char *report_when(const struct host *h)
{
	return h->recorded ? "recorded" : "live";
}

void report_head(const struct facts *f, const struct walk *w, struct row *out)
{
	char text[ATTEMPT_TEXT], set[48];
	row_clear(out);
	out->hanging = INDENT;
	if (f->host->recorded)
		row_add(out, ROLE_WARN, "%s ", report_replay);
	if (w->unaimed) {
		row_add(out, ROLE_LABEL, "%s ", call_name(outcome_call(w)));
		row_add(out, ROLE_ADDR, "%s%c", kind_info(w->attempt.kind)->name,
			w->attempt.family == AF_INET6 ? '6' : '4');
	} else {
		row_add(out, ROLE_LABEL, "bind ");
		row_add(out, ROLE_ADDR, "%s", attempt_print(&w->attempt, text));
	}
	for (unsigned i = 0; i < w->attempt.nsettings; i++)
		row_add(out, ROLE_VALUE, " %s", setting_print(&w->attempt.settings[i], set));
	if (f->caller->unprivileged)
		row_add(out, ROLE_VALUE, " %s", unprivileged_name(f->caller->unprivileged));
	row_right(out, kernel_unchecked(&f->host->kernel) ? ROLE_WARN : ROLE_DIM, "Linux %s%s", f->host->kernel.release,
		  kernel_unchecked(&f->host->kernel) ? ", unchecked" : "");
}

void report_owner(const struct caller *c, struct row *out)
{
	const struct {
		enum tri held;
		const char *name;
	} caps[] = {{c->net_admin, "CAP_NET_ADMIN"},
		    {c->net_raw, "CAP_NET_RAW"},
		    {c->net_bind_service, "CAP_NET_BIND_SERVICE"}};
	row_clear(out);
	out->hanging = INDENT;
	if (!c->owner[0])
		return;
	row_add(out, ROLE_DIM, "owned by %s; held there: ", c->owner);
	unsigned held = 0;
	for (size_t i = 0; i < sizeof caps / sizeof *caps; i++)
		held += caps[i].held == YES;
	if (c->net_admin == UNKNOWN) // all of them are read at once
		row_add(out, ROLE_DIM, "which CAP_NET_* could not be read");
	else if (held == 0 || held == sizeof caps / sizeof *caps)
		row_add(out, ROLE_DIM, "%s CAP_NET_*", held ? "every" : "no");
	else
		for (size_t i = 0; i < sizeof caps / sizeof *caps; i++)
			if (caps[i].held == YES)
				row_add(out, ROLE_DIM, "%s%s", caps[i].name, --held ? ", " : "");
}

char *report_note(const struct kernel *k, char *buf, size_t len)
{
	snprintf(buf, len, "Linux %s is newer than %s, the newest release that the model was checked against",
		 k->release, KERNEL_CHECKED);
	return kernel_unchecked(k) ? buf : NULL;
}

void report_verdict(const struct facts *f, const struct walk *w, struct row *out)
{
	char sentence[512];
	int err = walk_errno(w);
	const char *class = code_class_name(walk_class(w));
	row_clear(out);
	out->hanging = INDENT;
	if (w->agreement == DISAGREES)
		row_add(out, ROLE_WARN, "DISAGREEMENT ");
	else if (!walk_bound(w))
		row_add(out, ROLE_FAIL, "%s%s", class ? class : "REFUSED", err ? " " : "");
	if (err)
		row_add(out, ROLE_FAIL, "%s", errno_name(err));
	else if (walk_bound(w))
		row_add(out, ROLE_OK, "OK");
	if (!w->predicted.certain && !w->observed.present)
		row_add(out, ROLE_WARN, " (not certain)");
	row_add(out, ROLE_PLAIN, "  %s", walk_sentence(f, w, sentence, sizeof sentence));
}

static void add_answer(const struct facts *f, const struct walk *w, const struct walk_step *s, struct row *out)
{
	char answer[512];
	enum role role = !s->reached ? ROLE_DIM : s->decisive ? ROLE_DECISIVE : ROLE_PLAIN;
	if (s->finding == NOT_REACHED && w->predicted.call != CALL_BIND) {
		row_add(out, ROLE_DIM, "not reached: %s() fails", call_name(w->predicted.call));
	} else if (s->finding == NOT_REACHED && step_open(&w->steps[w->decisive]) && w->agreement != AGREES) {
		row_add(out, ROLE_DIM, "not known: it depends on step %s", step_info(w->steps[w->decisive].step)->name);
	} else if (s->finding == NOT_REACHED) {
		row_add(out, ROLE_DIM, "not reached: %s ends at %s", call_name(w->predicted.call),
			step_info(w->steps[w->decisive].step)->name);
	} else {
		if (s->step == STEP_RESULT)
			role = call_failed(w, s) ? ROLE_FAIL
			       : step_open(s)    ? ROLE_WARN
			       : fails(w, s)     ? ROLE_FAIL
						 : ROLE_OK;
		row_add(out, role, "%s", walk_answer(f, w, s, answer, sizeof answer));
		if (s->step != STEP_RESULT && call_failed(w, s) && !fails(w, s))
			row_add(out, ROLE_FAIL, " → %s", errno_name(s->claims[EV_SYSCALL].err));
	}
	if (s->step == STEP_RESULT && w->observed.present && !w->observed.err && w->observed.local.family) {
		char local[ADDR_TEXT];
		addr_print(&w->observed.local, local);
		row_add(out, ROLE_VALUE, w->observed.local.family == AF_INET6 ? ", got [%s]:%u" : ", got %s:%u", local,
			w->observed.port);
	}
}

static void add_step(const struct facts *f, const struct walk *w, unsigned step, enum telling how, struct row *out)
{
	const struct walk_step *s = &w->steps[step];
	row_clear(out);
	out->hanging = STEP_INDENT;
	const struct mark_info *mark = mark_info(report_mark(w, s));
	row_add(out, mark->role, "%s ", mark->text);
	row_add(out, ROLE_DIM, "%2u ", step + 1);
	row_add(out,
		!s->reached   ? ROLE_DIM
		: s->decisive ? ROLE_DECISIVE
			      : ROLE_LABEL,
		"%-13s", step_info(s->step)->name);
	add_answer(f, w, s, out);
	if (!s->reached && !s->claims[EV_KERNEL].present)
		return;
	// bind() was not reached: an earlier call is what came of it.
	bool ended = s->step == STEP_RESULT && w->observed.present && w->observed.call != CALL_BIND;
	bool by_call = ended || (s->claims[EV_SYSCALL].present && !s->claims[EV_SYSCALL].contradicts);
	bool first = true;
	for (int e = 0; e < EV_COUNT; e++) {
		bool has = e == EV_MODEL ? s->reached && !by_call && s->rests_on == EV_MODEL && s->step != STEP_HOOKS
					 : s->claims[e].present || (ended && e == EV_SYSCALL);
		if (!has)
			continue;
		bool wrong = e != EV_MODEL && s->claims[e].present && s->claims[e].contradicts;
		row_right(out, wrong ? ROLE_WARN : evidence_roles[e], "%s%s",
			  first   ? " "
			  : wrong ? "≠"
				  : "+",
			  evidence_names[e]);
		first = false;
	}
	if (s->claims[EV_KERNEL].present)
		report_telling(w, step, how, out);
}

void report_step(const struct facts *f, const struct walk *w, unsigned step, struct row *out)
{
	add_step(f, w, step, TELLING_LEAST, out);
}

void report_step_wide(const struct facts *f, const struct walk *w, unsigned step, unsigned width, struct row *out)
{
	enum { GAP = 1, MAY_LOSE = 8 }; // of a value's inputs, which step_row_fit() cuts
	for (int how = TELLING_WHOLE; how >= TELLING_LEAST; how--) {
		add_step(f, w, step, (enum telling)how, out);
		unsigned loses = how == TELLING_VALUE && strstr(out->text, "→") ? MAY_LOSE : 0;
		if (width_text(out->text, out->used) + GAP <= width + loses)
			return;
	}
}

// Counts lines down to the one that is wanted.
struct lines {
	unsigned wanted;
	struct row *out;
	bool done;
};

static bool line(struct lines *l)
{
	if (l->done || l->wanted-- > 0)
		return false;
	l->done = true;
	row_clear(l->out);
	return true;
}

static void wrap(struct lines *l, enum role role, const char *text, unsigned width)
{
	size_t len = strlen(text);
	for (size_t from = 0, next; from < len && !l->done; from += next) {
		size_t fits = width_wrap(text + from, len - from, width, &next);
		if (line(l))
			row_add(l->out, role, "%.*s", (int)fits, text + from);
	}
}

// What the kernel was seen to look up.
static void add_witnessed(const struct host *h, const struct claim *c, struct row *out)
{
	char name[12], dev[16];
	if (c->count == 0)
		row_add(out, ROLE_VALUE, "no FIB lookup seen while bind ran");
	else
		row_add(out, ROLE_VALUE, "its lookup in table %s while bind ran: %s%s%s", table_name(c->table, name),
			c->err == EAGAIN ? "EAGAIN, nothing found"
			: c->err         ? errno_name(c->err)
					 : "found",
			c->oif ? ", dev " : "", c->oif ? host_link_name(h, c->oif, dev) : "");
}

// Lookups are among the calls, if these are seen.
static bool shows_lookups(const struct walk *w, const struct claim *c)
{
	bool called = w->inner.present && witnessed_watched(&w->inner, KF_fib_table_lookup);
	return c->present && c->of_lookups && !called;
}

static void claim_lines(const struct walk *w, const struct walk_step *s, const struct host *h, struct lines *l)
{
	char name[12];
	for (int e = EV_SYSCALL; e < EV_COUNT; e++) {
		const struct claim *c = &s->claims[e];
		if (!c->present || (e == EV_KERNEL && !shows_lookups(w, c)) || !line(l))
			continue;
		row_add(l->out, evidence_roles[e], "  %-12s", evidence_names[e]);
		if (e == EV_SYSCALL)
			row_add(l->out, ROLE_VALUE, "returned %d%s%s", c->value, c->err ? " " : "",
				c->err ? errno_name(c->err) : "");
		else if (e == EV_ASKED && c->err)
			row_add(l->out, ROLE_VALUE, "the kernel's lookup in table %s: %s", table_name(c->table, name),
				errno_name(c->err));
		else if (e == EV_ASKED)
			row_add(l->out, ROLE_VALUE, "the kernel's lookup in table %s: %s, matched /%u",
				table_name(c->table, name), rtn_symbol((unsigned)c->value), c->len);
		else
			add_witnessed(h, c, l->out);
		if (c->contradicts)
			row_add(l->out, ROLE_WARN, "  (the model predicted otherwise)");
	}
}

// What stands in a step's details whatever it finds: first its question, last what it is about.
static void question(const struct walk_step *s, unsigned width, struct lines *l)
{
	wrap(l, ROLE_TITLE, step_info(s->step)->question, width);
	if (s->where && line(l))
		row_add(l->out, ROLE_DIM, "%s() in %s", s->where->function, s->where->file);
}

static void paragraph(const struct walk_step *s, unsigned width, struct lines *l)
{
	const struct step *text = step_info(s->step);
	if (line(l))
		row_add(l->out, ROLE_PLAIN, " ");
	wrap(l, ROLE_PLAIN, text->paragraph, width);
	if (line(l))
		row_add(l->out, ROLE_PLAIN, " ");
	if (line(l)) {
		row_add(l->out, ROLE_LABEL, "see it yourself: ");
		row_add(l->out, ROLE_KEY, "%s", text->watch);
	}
}

static void found(const struct facts *f, const struct walk *w, const struct walk_step *s, unsigned width,
		  struct lines *l)
{
	char value[256];
	for (unsigned i = 0; i < s->ninputs; i++) {
		const struct input *in = &s->inputs[i];
		if (in->id == IN_HOLDER) // has lines of its own
			continue;
		if (line(l)) {
			row_add(l->out, ROLE_LABEL, "  %-12s", input_name(in->id));
			row_add(l->out, ROLE_VALUE, "%s", walk_value(f, w, in, value, sizeof value));
			if (in->ref.kind == REF_SYSCTL)
				row_add(l->out, ROLE_DIM, "  %s", sysctl_info((enum sysctl_id)in->ref.index)->name);
		}
	}
	struct row more;
	for (unsigned k = 0; s->step == STEP_PORT && !l->done && report_holder(f, w, true, width, k, &more); k++)
		if (line(l))
			*l->out = more;
	claim_lines(w, s, f->host, l);
	for (unsigned i = 0; !l->done && report_call_line(f, w, (unsigned)(s - w->steps), width, i, &more); i++)
		if (line(l))
			*l->out = more;
	for (unsigned i = 0; s->step == STEP_RESULT && !l->done && report_next(f, w, width, i, &more); i++)
		if (line(l))
			*l->out = more;
	if (s->step == STEP_RESULT && !w->inner.present && w->inner.why_not[0] && line(l))
		row_add(l->out, ROLE_DIM, "  %-12sreturn values were not seen: %s", evidence_names[EV_KERNEL],
			w->inner.why_not);
	if (w->unwitnessed && s->step == STEP_CLASSIFY && !w->inner.present && line(l))
		row_add(l->out, ROLE_WARN, "  %-12s%s", evidence_names[EV_KERNEL], w->unwitnessed);
}

bool report_detail(const struct facts *f, const struct walk *w, unsigned step, unsigned parts, unsigned width,
		   unsigned n, struct row *out)
{
	const struct walk_step *s = &w->steps[step];
	struct lines l = {.wanted = n, .out = out};
	if (parts & DETAIL_QUESTION)
		question(s, width, &l);
	if (parts & DETAIL_FOUND)
		found(f, w, s, width, &l);
	if (parts & DETAIL_TEXT)
		paragraph(s, width, &l);
	return l.done;
}

void report_agreement(const struct facts *f, const struct walk *w, struct row *out)
{
	char candidates[256];
	const char *odd = NULL; // the first step that is not as predicted
	for (unsigned i = 0; i < w->nsteps && !odd; i++)
		if (contradicted(&w->steps[i]))
			odd = step_info(w->steps[i].step)->name;
	row_clear(out);
	out->hanging = INDENT;
	switch (w->agreement) {
	case NOT_TRIED:
		row_add(out, ROLE_DIM, "predicted only: bind() was not called");
		break;
	case AGREES:
		row_add(out, ROLE_SYSCALL, "%s prediction and %s() agree: ", mark_info(MARK_PREDICTED)->text,
			call_name(outcome_call(w)));
		row_add(out, report_outcome_role(w), "%s", errno_name(walk_errno(w)));
		break;
	case OPEN:
		row_add(out, ROLE_WARN, "open: the model could not tell; %s() returned %s", call_name(w->observed.call),
			errno_name(w->observed.err));
		break;
	case CHANGED:
		row_add(out, ROLE_WARN, "changed: %s() returned %s %s", call_name(w->observed.call),
			errno_name(w->observed.err),
			w->code == CODE_CHANGED_SINCE ? "before the host was read" : "while the host kept changing");
		break;
	case HOOK:
		row_add(out, ROLE_WARN, "hook: predicted %s, but %s() returned %s", errno_name(w->predicted.err),
			call_name(w->observed.call), errno_name(w->observed.err));
		if (!report_hook(w, out))
			row_add(out, ROLE_WARN, "; candidates here: %s",
				walk_candidates(f->caller, candidates, sizeof candidates));
		break;
	case DISAGREES:
		row_add(out, ROLE_WARN, "DISAGREEMENT: ");
		if (report_odd_call(f, w, out))
			break;
		if (odd && w->observed.call == w->predicted.call && w->observed.err == w->predicted.err)
			row_add(out, ROLE_WARN, "%s() returned %s as predicted, but step %s did not go as predicted",
				call_name(w->observed.call), errno_name(w->observed.err), odd);
		else
			row_add(out, ROLE_WARN, "predicted %s() = %s, but the kernel returned %s() = %s",
				call_name(w->predicted.call), errno_name(w->predicted.err), call_name(w->observed.call),
				errno_name(w->observed.err));
		break;
	}
}

// What the kernel was seen to do at a step, below its line.
static void witness_rows(const struct facts *f, const struct walk *w, unsigned step, report_line *put_row, void *data)
{
	const struct walk_step *s = &w->steps[step];
	const struct claim *seen = &s->claims[EV_KERNEL];
	bool missing = w->unwitnessed && s->step == STEP_CLASSIFY && !w->inner.present;
	struct row start, r;
	row_clear(&start);
	start.hanging = STEP_INDENT + 2;
	row_add(&start, missing ? ROLE_WARN : ROLE_KERNEL, "%18skernel: ", "");
	r = start;
	if (report_calls(w, step, &r))
		put_row(&r, data);
	r = start;
	if (shows_lookups(w, seen))
		add_witnessed(f->host, seen, &r);
	else if (missing)
		row_add(&r, ROLE_WARN, "%s", w->unwitnessed);
	else
		return;
	put_row(&r, data);
}

void report_walk_rows(const struct facts *f, const struct walk *w, unsigned width, report_line *put_row, void *data)
{
	char note[192];
	struct row r;
	char text[PREFIX_TEXT];
	report_head(f, w, &r);
	put_row(&r, data);
	report_owner(f->caller, &r);
	if (r.used)
		put_row(&r, data);
	if (report_note(&f->host->kernel, note, sizeof note)) {
		row_clear(&r);
		r.hanging = INDENT;
		row_add(&r, ROLE_WARN, "%s", note);
		put_row(&r, data);
	}
	for (unsigned i = 0; report_caller_line(f->caller, w->observed.present, width - 1, i, &r); i++)
		put_row(&r, data);
	report_verdict(f, w, &r);
	put_row(&r, data);
	for (unsigned n = 0; report_holder(f, w, false, width, n, &r); n++)
		put_row(&r, data);
	for (unsigned i = 0; report_next(f, w, width, i, &r); i++)
		put_row(&r, data);
	for (unsigned i = 0; i < w->nsteps; i++) {
		report_step(f, w, i, &r);
		put_row(&r, data);
		witness_rows(f, w, i, put_row, data);
	}
	for (unsigned n = 0; report_unseen(w, n, &r); n++)
		put_row(&r, data);
	report_agreement(f, w, &r);
	put_row(&r, data);
	row_clear(&r);
	r.hanging = INDENT;
	row_add(&r, ROLE_LABEL, "code %s", code_info(w->code)->name);
	if (w->holds_for.addr.family)
		row_add(&r, ROLE_DIM, ", the same for %s", prefix_print(&w->holds_for, text));
	put_row(&r, data);
	for (unsigned id = 0, first = 1; id < UNKNOWN_COUNT && !w->predicted.certain; id++) {
		if (!(walk_unknown(w) >> id & 1))
			continue;
		row_clear(&r);
		row_add(&r, ROLE_LABEL, "%s", first ? "unread " : "       ");
		row_add(&r, ROLE_WARN, "%s", unknown_name(id));
		put_row(&r, data);
		first = 0;
	}
}

void report_rows(const struct facts *f, const struct walk *w, unsigned width, report_line *put_row, void *data)
{
	struct row r;
	struct remedy fix[REMEDIES];
	report_walk_rows(f, w, width, put_row, data);
	unsigned count = remedies(f, w, fix);
	for (unsigned n = 0; report_remedy(w, fix, count, REMEDY_TEXT, n, &r); n++)
		put_row(&r, data);
}

struct printing {
	struct report_style style;
	FILE *out;
};

static void print_line(const struct row *r, void *data)
{
	const struct printing *p = data;
	report_print(r, p->style, p->out);
}

int report_text(const struct facts *f, const struct walk *w, struct report_style style, FILE *out)
{
	struct printing p = {.style = style, .out = out};
	report_rows(f, w, report_width(style), print_line, &p);
	return stream_end(out);
}
