// SPDX-License-Identifier: GPL-3.0-or-later
// Sockets that other processes hold in a lab: each is a real process, which whoever joined the lab sees and may end.
#ifndef BINDWALK_HELD_H
#define BINDWALK_HELD_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "core/model/attempt.h"

enum held_how { HELD_BOUND, HELD_LISTENING, HELD_TIME_WAIT };

enum { HELD_MOST = 16, HELD_NAME = 16, HELD_TEXT = ATTEMPT_TEXT + 64 };

struct held {
	struct attempt attempt; // the socket; its port is the real one once it is held
	enum held_how how;
	char name[HELD_NAME]; // of the process, as `ss -p` shows it
	pid_t pid;
	unsigned number; // from 1, for who releases it
	size_t after;    // how many changes the session had made before
	bool kept;       // undo and reset leave it alone
};

struct held_list {
	struct held all[HELD_MOST];
	size_t n;
	unsigned ever;
};

// Starts a process that binds the attempt's socket, with its options, in the namespaces of the calling thread and as
// the same user, and keeps it until it is released or this thread ends, however that comes. With HELD_TIME_WAIT it
// leaves a connection in TIME_WAIT on the port, closed from there, and makes a new one before that ends. NULL with a
// sentence in err when the list is full, or a call failed.
const struct held *held_add(struct held_list *l, const struct held *ask, char *err, size_t errlen);
// Ends number n of the list, from 0. False when the process had ended already.
bool held_release(struct held_list *l, size_t n);
void held_release_all(struct held_list *l);
// Undo and reset leave alone those that are there now.
void held_keep(struct held_list *l);

// "tcp4 0.0.0.0:80 listening, pid 1234 (nginx)"; returns buf.
char *held_print(const struct held *h, char buf[static HELD_TEXT]);

#endif
