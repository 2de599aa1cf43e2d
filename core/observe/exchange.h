// SPDX-License-Identifier: GPL-3.0-or-later
// The exchange between the thread that listens to the kernel and the thread that holds the host. Both may call every
// function.
#ifndef BINDWALK_EXCHANGE_H
#define BINDWALK_EXCHANGE_H

#include <pthread.h>

#include "core/observe/batch.h"
#include "core/observe/host_take.h"

// News for the host: a reading, if there is one, followed by events.
struct news {
	struct news *next;
	uint64_t number;    // from 1 on, by the listener
	struct host *fresh; // sorted, NULL for none
	unsigned kinds;     // enum dump_kind: what of it was read
	struct dump_edge *edges;
	size_t nedges;
	struct batch events; // with a reading: those that arrived meanwhile
	bool settled;        // everything that belongs to the events so far is here
};

struct news *news_new(void);
void news_free(struct news *n);

enum { EXCHANGE_KINDS = 6, EXCHANGE_STATUS = 96 };

struct exchange {
	int ready; // eventfd: readable when there is something for the front end
	int wake;  // the same for the listener
	pthread_mutex_t lock;
	struct news *first, **last;
	size_t bytes;      // of events in the queue
	unsigned readings; // in the queue
	bool stop;
	unsigned look; // kinds to be read although nothing was announced
	// By bit of enum dump_kind: read it again for something in the news of number `want`; the last reading began
	// after the news of number `read`.
	uint64_t want[EXCHANGE_KINDS], read[EXCHANGE_KINDS];
	unsigned asked, answered; // readings of everything that the front end waits for
	int answer;
	char status[EXCHANGE_STATUS];
	bool status_fresh;
};

// 0 or -errno.
int exchange_open(struct exchange *x, const char *status);
void exchange_close(struct exchange *x);

// Hands over news and takes ownership of them. 0; or -ENOBUFS when too many wait, and all were discarded.
int exchange_put(struct exchange *x, struct news *n);
// All news so far, oldest first; the caller frees them. Also the status, if it changed since the last call.
struct news *exchange_take(struct exchange *x, char status[static EXCHANGE_STATUS], bool *status_fresh);
void exchange_set_status(struct exchange *x, const char *status);
// Makes `ready` readable.
void exchange_ring(struct exchange *x);

// The news of this number make another reading of these kinds necessary.
void exchange_want(struct exchange *x, unsigned kinds, uint64_t number);
// Read these kinds in any case.
void exchange_look(struct exchange *x, unsigned kinds);
// Is a reading or news on its way?
bool exchange_busy(struct exchange *x);

// Asks for a reading of everything: returns a number to wait for.
unsigned exchange_ask(struct exchange *x);
bool exchange_answered(struct exchange *x, unsigned ticket, int *answer);

void exchange_stop(struct exchange *x);
bool exchange_stopped(struct exchange *x);

// Does a reading wait to be taken? The next one should wait: a host may be large.
bool exchange_full(struct exchange *x);
// For the listener: the kinds that it should read, and whether somebody waits for everything; then, that it has read
// these kinds after the news of this number; and the answer for those who wait.
unsigned exchange_due(struct exchange *x, unsigned *asked);
void exchange_done(struct exchange *x, unsigned kinds, uint64_t number);
void exchange_give(struct exchange *x, unsigned ticket, int answer);

#endif
