// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/record/recording.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *frame_kind_name(enum frame_kind kind)
{
	static const char *const names[FRAME_KINDS] = {"step", "say", "ask", "note", "done", "change", "bind"};
	return names[kind];
}

static size_t length(const char *text)
{
	return text ? strlen(text) + 1 : 0;
}

// About what a frame takes, without its host.
static size_t frame_size(const struct frame *f)
{
	const struct frame_bind *b = f->bind;
	return sizeof *f + length(f->text) + length(f->command) + length(f->answer) +
	       (b ? sizeof *b + (b->question.nsocks + (b->question.further ? b->question.further->nsocks : 0)) *
					sizeof *b->question.socks
		  : 0);
}

static void drop_host(struct recording *r, struct frame *f)
{
	if (f->at && f->at->frames == 1)
		r->bytes -= frame_host_size(f->at);
	frame_host_drop(f->at);
	f->at = NULL;
}

static void drop_frame(struct recording *r, struct frame *f)
{
	r->bytes -= frame_size(f);
	drop_host(r, f);
	free(f->text);
	free(f->command);
	free(f->answer);
	frame_bind_free(f->bind);
}

void recording_free(struct recording *r)
{
	for (size_t i = 0; i < r->n; i++)
		drop_frame(r, &r->frames[i]);
	free(r->frames);
	frame_host_drop(r->first);
	*r = (struct recording){0};
}

// Makes room in time: the oldest eighth goes at once, so that a long session does not move its frames at every step.
static void drop_oldest(struct recording *r)
{
	size_t gone = r->n / 8 + 1;
	if (r->n < RECORDING_FRAMES && r->bytes < RECORDING_BYTES)
		return;
	if (gone > r->n)
		gone = r->n;
	for (size_t i = 0; i < gone; i++) {
		struct frame *f = &r->frames[i];
		if (f->at) { // what follows begins there
			struct frame_host *first = r->first;
			r->first = f->at;
			f->at = NULL;
			if (first && first->frames == 1)
				r->bytes -= frame_host_size(first);
			frame_host_drop(first);
		}
		drop_frame(r, f);
	}
	memmove(r->frames, r->frames + gone, (r->n - gone) * sizeof *r->frames);
	r->n -= gone;
	r->left_out += gone;
}

// A place for one more frame; NULL when memory runs out.
static struct frame *new_frame(struct recording *r)
{
	if (r->n == r->cap) {
		size_t cap = r->cap ? r->cap * 2 : 16;
		struct frame *more = realloc(r->frames, cap * sizeof *more);
		if (!more)
			return NULL;
		r->frames = more;
		r->cap = cap;
	}
	return &r->frames[r->n];
}

// NULL for NULL. Not more than RECORDING_TEXT bytes, which end with a whole character.
static char *copy_text(const char *text)
{
	size_t n = text ? strnlen(text, RECORDING_TEXT) : 0;
	bool cut = n == RECORDING_TEXT;
	while (cut && n > RECORDING_TEXT - 4 && ((unsigned char)text[n] & 0xc0) == 0x80)
		n--;
	return text ? strndup(text, n) : NULL;
}

static bool is_whole(const struct frame *f, const char *text, const char *command)
{
	return (!text || f->text) && (!command || f->command);
}

// NULL for a frame that there was no memory for.
static struct frame *add(struct recording *r, struct frame f, const char *text, const char *command)
{
	drop_oldest(r);
	struct frame *place = new_frame(r);
	f.text = copy_text(text);
	f.command = copy_text(command);
	if (!place || !is_whole(&f, text, command)) {
		r->bytes += frame_size(&f);
		drop_frame(r, &f);
		r->left_out++;
		return NULL;
	}
	*place = f;
	r->n++;
	r->bytes += frame_size(&f);
	return place;
}

void recording_add_text(struct recording *r, enum frame_kind kind, unsigned line, const char *text)
{
	add(r, (struct frame){.kind = kind, .line = line}, text ? text : "", NULL);
}

void recording_add_ask(struct recording *r, unsigned line, const char *text, const char *question)
{
	add(r, (struct frame){.kind = FRAME_ASK, .line = line}, text, question);
}

void recording_add_change(struct recording *r, unsigned line, const char *command, const char *shell)
{
	add(r, (struct frame){.kind = FRAME_CHANGE, .line = line}, shell, command);
}

// The host of the last frame that has one.
static struct frame_host *last_host(const struct recording *r)
{
	for (size_t i = r->n; i > 0; i--)
		if (r->frames[i - 1].at)
			return r->frames[i - 1].at;
	return r->first;
}

void recording_adopt(struct recording *r, struct frame *f)
{
	struct frame *place = r->n < RECORDING_FRAMES ? new_frame(r) : NULL;
	r->bytes += frame_size(f) + (f->at && f->at->frames == 1 ? frame_host_size(f->at) : 0);
	if (!place) {
		drop_frame(r, f);
		return;
	}
	*place = *f;
	r->n++;
}

static void note_kernel(struct recording *r, const struct host *h)
{
	if (!r->kernel[0])
		snprintf(r->kernel, sizeof r->kernel, "%s", h->kernel.release);
}

static void put_host(struct recording *r, struct frame *f, const struct host *h, const struct attempt *a)
{
	note_kernel(r, h);
	f->at = frame_host_take(last_host(r), h, a);
	if (f->at && f->at->frames == 1)
		r->bytes += frame_host_size(f->at);
}

void recording_begins(struct recording *r, const struct host *h, const struct attempt *a)
{
	for (size_t i = 0; i < r->n; i++)
		if (r->frames[i].kind == FRAME_CHANGE || r->frames[i].kind == FRAME_BIND)
			return;
	if (r->first || !(r->first = frame_host_take(NULL, h, a)))
		return;
	r->bytes += frame_host_size(r->first);
	note_kernel(r, h);
}

void recording_saw_host(struct recording *r, const struct host *h, const struct attempt *a)
{
	size_t n = r->n;
	while (n > 0 && r->frames[n - 1].kind != FRAME_CHANGE && r->frames[n - 1].kind != FRAME_BIND)
		n--; // words change nothing
	struct frame *f = n ? &r->frames[n - 1] : NULL;
	if (f && f->kind == FRAME_CHANGE) {
		drop_host(r, f);
		put_host(r, f, h, a);
	} else {
		recording_begins(r, h, a);
	}
}

const struct frame_host *recording_host(const struct recording *r, size_t n)
{
	for (size_t i = n + 1; i > 0; i--)
		if (i <= r->n && r->frames[i - 1].at)
			return r->frames[i - 1].at;
	return r->first;
}

void recording_add_bind(struct recording *r, unsigned line, const struct inquiry *in)
{
	char lines[FRAME_BIND_LINES];
	const struct attempt *a = &in->walk.attempt;
	struct frame_bind *b = frame_bind_take(in);
	recording_saw_host(r, in->host, a);
	if (!b) {
		r->left_out++;
		return;
	}
	struct frame *f = add(r, (struct frame){.kind = FRAME_BIND, .line = line, .bind = b}, NULL,
			      frame_bind_lines(a, in->caller.unprivileged, lines));
	if (f)
		put_host(r, f, in->host, a);
}

void recording_answer(struct recording *r, const char *answer)
{
	for (size_t i = r->n; i > 0; i--) {
		struct frame *f = &r->frames[i - 1];
		if (f->kind != FRAME_ASK)
			continue;
		r->bytes -= length(f->answer);
		free(f->answer);
		f->answer = copy_text(answer);
		r->bytes += length(f->answer);
		return;
	}
}

bool recording_inquiry(const struct recording *r, size_t n, struct inquiry *out)
{
	const struct frame *f = &r->frames[n];
	*out = (struct inquiry){0};
	return f->bind && f->at && frame_bind_inquiry(f->bind, f->at->host, out);
}
