// SPDX-License-Identifier: GPL-3.0-or-later
// What the thread that listens to the kernel and the one that holds the host tell each other. Every function may be called by
// either thread.
#ifndef BINDWALK_EXCHANGE_H
#define BINDWALK_EXCHANGE_H

#include <pthread.h>

#include "core/observe/batch.h"
#include "core/observe/host_take.h"

// A piece of news: a reading, if there is one, and then events.
struct news {
	struct news *next;
	uint64_t number;    // from 1 on, by the listener
	struct host *fresh; // sorted, NULL for none
	unsigned kinds;     // enum dump_kind: what of it was read
	struct dump_edge *edges;
	size_t nedges;
	struct batch events; // with a reading: those that came meanwhile
	bool settled;        // all has come that belongs to the events so far
};

struct news *news_new(void);
void news_free(struct news *n);

enum { EXCHANGE_KINDS = 6, EXCHANGE_STATUS = 96 };

struct exchange {
	int ready; // eventfd: readable when there is something for the front end
	int wake;  // the same for the listener
	pthread_mutex_t lock;
	struct news *first, **last;
	size_t bytes; // of events in the queue
	bool stop;
	unsigned look; // kinds to be read although nothing was announced
	uint64_t want
		[EXCHANGE_KINDS]; // by bit of enum dump_kind: to be read again, for something in the news of this number
	uint64_t read[EXCHANGE_KINDS]; // the news of this number came before the last reading began
	unsigned asked, answered;      // readings of everything that the front end waits for
	int answer;
	char status[EXCHANGE_STATUS];
	bool status_fresh;
};

// 0 or -errno.
int exchange_open(struct exchange *x, const char *status);
void exchange_close(struct exchange *x);

// Hands news over, which are given away. 0, or -ENOBUFS: nobody takes them, and all were thrown away.
int exchange_put(struct exchange *x, struct news *n);
// All news so far, oldest first; the caller's to free. Also the status, when it is another one than the last time.
struct news *exchange_take(struct exchange *x, char status[static EXCHANGE_STATUS], bool *status_fresh);
void exchange_set_status(struct exchange *x, const char *status);
// Makes `ready` readable.
void exchange_ring(struct exchange *x);

// What these news are about can't be told without another reading of these kinds.
void exchange_want(struct exchange *x, unsigned kinds, uint64_t number);
void exchange_look(struct exchange *x, unsigned kinds);
// Is something to be read again, or not yet taken?
bool exchange_busy(struct exchange *x);

// A reading of everything: its number, to wait for.
unsigned exchange_ask(struct exchange *x);
bool exchange_answered(struct exchange *x, unsigned ticket, int *answer);

void exchange_stop(struct exchange *x);
bool exchange_stopped(struct exchange *x);

// The listener's: what there is to read for the front end; and that it was read, after all news up to a number.
unsigned exchange_due(struct exchange *x, unsigned *asked);
void exchange_done(struct exchange *x, unsigned kinds, uint64_t number);
void exchange_give(struct exchange *x, unsigned ticket, int answer);

#endif
