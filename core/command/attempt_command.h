// SPDX-License-Identifier: GPL-3.0-or-later
// The commands that change the attempt: the same in the explorer and in scripts. Pure.
#ifndef BINDWALK_ATTEMPT_COMMAND_H
#define BINDWALK_ATTEMPT_COMMAND_H

#include "core/command/command.h"

// Is it one of these commands? CMD_BIND is one as far as an address or a port comes with it; CMD_UNPRIVILEGED is about
// the caller and is none.
bool attempt_command_knows(enum command_id id);

// Carries the command out on *a. h tells which interfaces there are. 0, or -EINVAL with a sentence in err, in *param
// the parameter that it is about, and *a as it was.
int attempt_command_run(struct attempt *a, const struct host *h, const struct command_call *call, char *err,
			size_t errlen, unsigned *param);

// CMD_FAMILY, CMD_SA_FAMILY, CMD_ADDRLEN: sets how sockaddr and socket fit each other; without text, as the address
// has it. 0, or -EINVAL with a sentence in err.
int attempt_command_sockaddr(struct attempt *a, enum command_id id, const char *text, char *err, size_t errlen);

// Looks up the interfaces that scopes name: the address's, where it is not known yet, and the destination's; a number
// need not be one. 0, or -EINVAL with a sentence in err.
int attempt_command_scope(struct attempt *a, const struct host *h, char *err, size_t errlen);

// "no interface is called 'eth9' here; there are lo, eth0". Returns -EINVAL.
int attempt_command_no_link(const struct host *h, const char *name, char *err, size_t errlen);

#endif
