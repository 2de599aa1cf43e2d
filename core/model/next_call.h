// SPDX-License-Identifier: GPL-3.0-or-later
// The call after a bind that succeeds, where people still fail: listen() that another socket stands in the way of,
// connect() from an address that cannot reach the destination. Pure.
#ifndef BINDWALK_NEXT_CALL_H
#define BINDWALK_NEXT_CALL_H

#include "core/model/facts.h"
#include "core/model/walk.h"

enum { NEXT_CALLS = 2, NEXT_TEXT = 128, NEXT_WAIT_MS = 200 }; // connect() is waited for so long

enum next_id {
#define NEXT(name, call, sentence) NEXT_##name,
#include "core/model/next.def"
#undef NEXT
	NEXT_COUNT
};

// One thing to say of the next call. Its step lends `value`, so it must stay where it is.
struct next_call {
	enum next_id id;
	enum call call;        // CALL_LISTEN or CALL_CONNECT
	int err;               // that it fails with, or would; 0 for none
	bool observed;         // the call was made
	bool contradicts;      // and returned something else than was predicted for certain
	struct walk_step step; // the values in its sentence
	char value[NEXT_TEXT], hint[NEXT_TEXT];
};

const char *next_name(enum next_id id);

// What is to be said: at most one line each of what was asked for (attempt.then), or of what people stumble over
// unasked. Nothing where the bind fails. Models inet_csk_listen_start() (net/ipv4/inet_connection_sock.c),
// tcp_v4_connect(), tcp_v6_connect() and __inet_hash_connect(), over what a datagram socket's connect() answered
// (question.route).
unsigned next_calls(const struct facts *f, const struct walk *w, struct next_call out[static NEXT_CALLS]);
// Its sentence; writes at most len bytes, returns buf.
char *next_sentence(const struct facts *f, const struct walk *w, const struct next_call *n, char *buf, size_t len);

// May the call be made on a host? It is without an effect outside where no packet leaves and no peer notices.
bool next_is_harmless(const struct attempt *a, enum call call);

#endif
