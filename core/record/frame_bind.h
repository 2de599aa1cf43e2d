// SPDX-License-Identifier: GPL-3.0-or-later
// A bind as a recording keeps it: what its walk rests on, and what the kernel did; and the same walk made again. Pure.
#ifndef BINDWALK_FRAME_BIND_H
#define BINDWALK_FRAME_BIND_H

#include "core/model/inquiry.h"
#include "core/model/walk_merge.h"

enum { FRAME_SOCKS = 256 }; // holders of a port that are kept

// A real bind: what it rests on (with the host of its frame), and what the kernel did.
struct frame_bind {
	struct attempt attempt;
	struct caller caller;
	struct question question; // owned; holders, and what the kernel was asked
	unsigned ncalls;
	struct call_seen
		calls[ATTEMPT_SETTINGS + 1]; // socket() and each setsockopt() that was made, by step of the walk
	struct {
		bool present; // false: predicted only
		enum call call;
		int err;
		struct addr local;
		uint16_t port;
		uint32_t scope;
	} observed;
	struct {
		bool present; // the kernel was a witness
		unsigned lookups;
		uint32_t table, oif;
		int err;
	} witness;
	char unwitnessed[64];                 // "" for NULL; see struct walk
	struct witnessed inner;               // of its functions
	struct next_seen listened, connected; // the calls of attempt.then
	enum agreement agreement;
	enum code code;
	int predicted; // errno
	struct prefix holds_for;
	size_t more_socks; // holders that were left out, since there were too many
};

// Of the inquiry's walk; without the host. NULL when memory runs out; the caller frees it.
struct frame_bind *frame_bind_take(const struct inquiry *in);
void frame_bind_free(struct frame_bind *b);

// Makes the walk again, with all it rests on; `out` is lent both (inquiry_free() it). False, and out is all zeros,
// when memory runs out.
bool frame_bind_inquiry(const struct frame_bind *b, const struct host *h, struct inquiry *out);
// Does that walk end as the recorded one did? Not if another version of Bindwalk, which decides otherwise, recorded it,
// or if what it looks at was left out.
bool frame_bind_is_same(const struct frame_bind *b, const struct walk *w);

// A bind as our command language makes it from nothing, a line for each setting that is not the default:
// "proto udp\nset freebind\nbind 192.0.2.1:80". Returns buf.
enum { FRAME_BIND_LINES = 1536 };
char *frame_bind_lines(const struct attempt *a, enum unprivileged how, char buf[static FRAME_BIND_LINES]);

#endif
