// SPDX-License-Identifier: GPL-3.0-or-later
// Programs to be traced: the test's own file, executed with a role.
#ifndef BINDWALK_TRACED_ROLES_H
#define BINDWALK_TRACED_ROLES_H

// Exit statuses of a role that has an end; any other one is a line of traced_roles.c in which it was not as it ought to
// be. ROLE_NOT_BEGUN: see core/trace/launch.c.
enum { ROLE_RIGHT = 0, ROLE_NOT_BEGUN = 4, ROLE_WRONG = 9, ROLE_STATUS = 7 };

// In the environment: a signal that a program ignores may end its epoll_wait().
#define ROLE_MAY_WAKE "BINDWALK_ROLE_MAY_WAKE"

// With arguments that name a role this does not return.
void traced_role(int argc, char **argv);

// "--as", and the arguments to execute one with: good until the next call. `argument` may be NULL.
char **traced_role_command(const char *role, const char *argument);

#endif
