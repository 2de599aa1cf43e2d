// SPDX-License-Identifier: GPL-3.0-or-later
// A walk as styled rows and as text. Pure.
#ifndef BINDWALK_REPORT_H
#define BINDWALK_REPORT_H

#include "core/model/facts.h"
#include "core/model/walk.h"
#include "core/text/row_print.h"

// "REPLAY": before whatever comes from a recording.
extern const char report_replay[];
// When a bind was made that was observed on that host: "live", or "recorded".
const char *report_when(const struct host *h);
// "bind tcp4 192.168.123.123:0 … EADDRNOTAVAIL": what was asked and how it ended.
void report_head(const struct facts *f, const struct walk *w, struct row *out);
// Whose the network namespace is, and the capabilities that count there; empty for one of the program's own user
// namespace.
void report_owner(const struct caller *c, struct row *out);
// A sentence if the model was not checked against that kernel, in buf; else NULL.
char *report_note(const struct kernel *k, char *buf, size_t len);
// Class, errno, sentence.
void report_verdict(const struct facts *f, const struct walk *w, struct row *out);
// One line of a step: mark, number, name, answer, evidence.
void report_step(const struct facts *f, const struct walk *w, unsigned step, struct row *out);
// The same, with the value that the kernel's function was seen to return, and with its name, where `width` columns have
// room for it.
void report_step_wide(const struct facts *f, const struct walk *w, unsigned step, unsigned width, struct row *out);
// The parts of a step's details.
enum detail { DETAIL_QUESTION = 1, DETAIL_FOUND = 2, DETAIL_TEXT = 4, DETAIL_ALL = 7 };
// Line n of a step's details, of these parts: the question; each input with its value, and each claim; the learner's
// paragraph wrapped to `width` columns, and how to watch the step. False after the last line.
bool report_detail(const struct facts *f, const struct walk *w, unsigned step, unsigned parts, unsigned width,
		   unsigned n, struct row *out);

// How the prediction and what was seen fit together.
void report_agreement(const struct facts *f, const struct walk *w, struct row *out);

// The whole walk, a row after the other, for lines of `width` columns; the first one leaves the remedies out.
typedef void report_line(const struct row *row, void *data);
void report_walk_rows(const struct facts *f, const struct walk *w, unsigned width, report_line *put_row, void *data);
void report_rows(const struct facts *f, const struct walk *w, unsigned width, report_line *put_row, void *data);
// The same, printed. 0 or -errno of the stream.
int report_text(const struct facts *f, const struct walk *w, struct report_style style, FILE *out);

// The mark of a step. Each has a role and (except MARK_UNSEEN and MARK_OPEN) a character of its own, so that it reads
// without colour as well.
enum mark {
	MARK_FOR,         // speaks for the bind
	MARK_GOES_ON,     // was asked; neither for nor against
	MARK_DECIDED,     // decided, for the bind
	MARK_ENDED,       // ended it
	MARK_NOT_REACHED, // nor asked
	MARK_UNSEEN,      // happens, but its answer is not visible
	MARK_OPEN,        // the same character: an answer that nobody knows yet
	MARK_CONTRADICTS, // two kinds of evidence
	MARK_PREDICTED,   // of the outcome: it is as predicted
	MARK_COUNT
};
struct mark_info {
	const char *text; // one column
	enum role role;
	const char *meaning; // for the legend
};
const struct mark_info *mark_info(enum mark m);
enum mark report_mark(const struct walk *w, const struct walk_step *s);
// The role of the outcome, refused or bound: as observed, otherwise as predicted.
enum role report_outcome_role(const struct walk *w);

#endif
