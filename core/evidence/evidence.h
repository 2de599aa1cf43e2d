// SPDX-License-Identifier: GPL-3.0-or-later
// The one recipe for a walk with all that it rests on: who holds the port, decide, ask the FIB, decide again, bind,
// watch, conclude. One-shot runs, scripts and the explorer use it. Prediction and merging are calls of their own, since
// the bind may also be another program's.
#ifndef BINDWALK_EVIDENCE_H
#define BINDWALK_EVIDENCE_H

#include "core/evidence/trial.h"
#include "core/evidence/witness.h"
#include "core/model/inquiry.h"
#include "core/observe/observe.h"

// Hosts with more IPv4 routes than this are not read whole for one question: the kernel is asked instead. Nor is the
// range of a verdict worked out at each key where there are more objects.
enum { EVIDENCE_ROUTES = 20000 };

// Who binds, and how.
struct evidence_how {
	enum unprivileged unprivileged; // as whom
	pid_t as;                       // as that process, in whose network namespace we are; 0: as ourselves
	bool predict;                   // no bind
	bool lab;                       // the namespace is ours alone: what attempt.then asks may be tried for real
	struct witness *witness;        // NULL: nobody watches
};

// Reads the host for one question; `whole`: however many routes there are. 0, or -errno with a sentence in err.
int evidence_read(struct observer *o, bool whole, struct inquiry *in, char *err, size_t errlen);

// Which sockets may be in the way of the attempt: true, and the protocol and port to ask about (0: all ports, where the
// range to choose from is so narrow that it may be full). False: none.
bool evidence_port(const struct host *h, const struct attempt *a, int *protocol, uint16_t *port);
// Asks who holds that port. With `owners` also the processes, and what they set on their sockets: that walks all of
// /proc, unless all of them are known from the time before. True when the answer is another one than before.
bool evidence_holders(struct inquiry *in, const struct attempt *a, bool owners);

// Decides over in->host, in->caller and the sockets in in->question, and asks the FIB: in->walk is predicted then.
void evidence_predict(struct observer *o, struct inquiry *in, const struct attempt *a);
// Its second half, for a walk that is decided already: asks the FIB for what the walk says that bind looks up, and
// notes where its answer is another one. Where the host's routes were not read, decides again with the answer.
void evidence_fib(struct observer *o, struct inquiry *in);

// All of it, over in->host. Before it says that model and kernel disagree, it reads the host again and binds again, and
// checks that nothing changed meanwhile; where the host goes on changing, the walk says that (agreement CHANGED).
// in->host may be another one then: where the observer follows, observe_host(). 0, or -errno with a sentence in err.
int evidence_gather(struct observer *o, struct inquiry *in, const struct attempt *a, const struct evidence_how *how,
		    char *err, size_t errlen);

#endif
