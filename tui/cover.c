// SPDX-License-Identifier: GPL-3.0-or-later
#include "tui/cover.h"

#include <stdio.h>
#include <string.h>

bool cover_hides(const struct cover *c, const struct walk *w)
{
	return c->on && c->shown < w->nsteps;
}

bool cover_hides_step(const struct cover *c, unsigned step)
{
	return c->on && step >= c->shown;
}

static void remember(struct cover *c, const struct walk *w)
{
	c->over.attempt = w->attempt;
	c->over.nsteps = w->nsteps;
	for (unsigned i = 0; i < w->nsteps; i++)
		c->over.finding[i] = w->steps[i].finding;
}

static bool is_over(const struct cover *c, const struct walk *w)
{
	if (c->over.nsteps != w->nsteps || !attempt_equal(&c->over.attempt, &w->attempt))
		return false;
	for (unsigned i = 0; i < w->nsteps; i++)
		if (c->over.finding[i] != w->steps[i].finding)
			return false;
	return true;
}

void cover_lay(struct cover *c, const struct walk *w)
{
	c->on = true;
	c->shown = 0;
	c->told = false;
	remember(c, w);
}

bool cover_take(struct cover *c, const struct walk *w)
{
	bool begun = c->shown > 0 || c->asking;
	if (!c->on || is_over(c, w))
		return false;
	cover_lay(c, w);
	return begun;
}

unsigned cover_uncover(struct cover *c, const struct walk *w)
{
	unsigned step = c->shown;
	if (step >= w->nsteps)
		return w->nsteps - 1;
	if (step > w->decisive && finding_info(w->steps[w->decisive].finding)->outcome == REFUSES)
		step = w->nsteps - 1;
	c->shown = step + 1;
	return step;
}

void cover_row(const struct walk *w, unsigned step, struct row *out)
{
	const struct step *s = step_info(w->steps[step].step);
	row_add(out, ROLE_DIM, "  %2u %-13s%s", step + 1, s->name, s->question);
}

// "2 of 3 right"; false before the first prediction.
static bool score_text(const struct cover *c, char *buf, size_t len)
{
	snprintf(buf, len, "%u of %u right", c->right, c->asked);
	return c->asked > 0;
}

void cover_sentence(const struct cover *c, struct row *out)
{
	char score[32];
	if (!c->asking)
		row_add(out, ROLE_TITLE, "Covered: will this bind succeed?");
	else if (c->question[0])
		row_add(out, ROLE_TITLE, "%s", c->question);
	else
		row_add(out, ROLE_TITLE, "Will this bind succeed? If not, which step ends it?");
	if (score_text(c, score, sizeof score))
		row_add(out, ROLE_LABEL, "  (%s)", score);
}

char *cover_state(const struct cover *c, const struct walk *w, char *buf, size_t len)
{
	char score[32];
	bool scored = score_text(c, score, sizeof score);
	snprintf(buf, len, "%s%s%s", cover_hides(c, w) ? "covered" : "cover on", scored ? ", " : "",
		 scored ? score : "");
	if (!c->on)
		buf[0] = '\0';
	return buf;
}

// Is the outcome known? The model may not be certain, and a refusal by something invisible belongs to no step.
static bool is_known(const struct walk *w, enum guess guess)
{
	if (!w->observed.present)
		return w->predicted.certain;
	return guess != GUESS_STEP || !w->observed.err || w->agreement == AGREES;
}

static bool is_right(const struct walk *w, enum guess guess, unsigned step)
{
	bool refused = w->observed.present ? w->observed.err != 0 : w->predicted.err != 0;
	if (guess == GUESS_STEP)
		return refused && step == w->decisive;
	return refused == (guess == GUESS_REFUSED);
}

static const char *outcome(int err)
{
	return err ? errno_name(err) : "it binds";
}

// "step 7 (acceptable)"
static void name_step(const struct walk *w, unsigned step, char *buf, size_t len)
{
	snprintf(buf, len, "step %u (%s)", step + 1, step_info(w->steps[step].step)->name);
}

static void add(char *buf, size_t len, const char *text)
{
	size_t used = strlen(buf);
	snprintf(buf + used, len - used, "%s", text);
}

// The outcome and the step that ended it, each with its source.
static void add_truth(const struct walk *w, enum guess guess, unsigned said, char *buf, size_t len)
{
	char text[160], step[48];
	bool seen = w->observed.present;
	if (seen)
		snprintf(text, sizeof text, "the kernel says %s", outcome(w->observed.err));
	else if (w->predicted.certain)
		snprintf(text, sizeof text, "the model says %s", outcome(w->predicted.err));
	else
		snprintf(text, sizeof text, "the model cannot tell");
	add(buf, len, text);
	name_step(w, w->decisive, step, sizeof step);
	if (seen && w->agreement != AGREES && w->agreement != CHANGED)
		snprintf(text, sizeof text, ", where the model said %s%s", outcome(w->predicted.err),
			 w->predicted.certain ? "" : ", but was not sure");
	else if (guess != GUESS_STEP || !w->predicted.err || !(seen || w->predicted.certain))
		return;
	else if (said == w->decisive)
		snprintf(text, sizeof text, seen ? ", and the model says the same step" : " there");
	else
		snprintf(text, sizeof text, seen ? ", and the model says %s" : " at %s", step);
	add(buf, len, text);
}

bool cover_judge(struct cover *c, const struct walk *w, enum guess guess, unsigned step, char *buf, size_t len)
{
	char named[48], score[32];
	bool known = is_known(w, guess), right = known && is_right(w, guess, step);
	c->asked += known;
	c->right += right;
	snprintf(buf, len, "%s You said ", right ? "RIGHT." : known ? "NOT QUITE." : "NOBODY KNOWS.");
	name_step(w, step, named, sizeof named);
	add(buf, len, guess == GUESS_BINDS ? "it binds" : guess == GUESS_REFUSED ? "it is refused" : named);
	if (guess == GUESS_STEP)
		add(buf, len, " ends it");
	add(buf, len, "; ");
	add_truth(w, guess, step, buf, len);
	add(buf, len, w->observed.present ? ". " : w->predicted.certain ? " (predicted). " : "; bind to find out. ");
	if (score_text(c, score, sizeof score))
		add(buf, len, score);
	else
		add(buf, len, "Not counted");
	add(buf, len, ".");
	return right;
}
