// SPDX-License-Identifier: GPL-3.0-or-later
// What the tests of the observer share: a namespace for each test, made changes in it, and what a reading of it must
// have.
#ifndef BINDWALK_OBSERVED_H
#define BINDWALK_OBSERVED_H

#include <time.h>

#include "core/change/change.h"
#include "core/observe/observe.h"
#include "tests/live/live.h"

enum { PATIENCE = 120 }; // seconds until a state that must come is given up

extern struct changer *c;
extern struct observer *o;

// In the namespace that we are in; in one of its own for each test; with `lo` up.
int enter_here(void **state);
int enter_fresh(void **state);
int enter_up(void **state);
int leave(void **state);
#define IN(test, setup) cmocka_unit_test_setup_teardown(test, setup, leave)

struct host *observe(void);
// Reads until a route is there: the kernel makes those of IPv6 addresses a little later.
struct host *observe_with(const char *text, uint32_t table);
time_t now(void);

int bind_to(const char *text); // a live bind of TCP, port 0: 0 or its errno
// Changes: 0 or -errno.
int route(bool add, const char *dst, uint8_t type, uint32_t table, const char *dev);
int rule(bool add, uint32_t priority, uint32_t table, const char *from);
void add_and_delete_rule(void);
// A bound socket, the caller's to close.
int open_socket(int family, int type, const char *text, uint16_t port);

// NULL for none; the second of each fails the test then.
const struct route_info *find_route(const struct host *h, const char *text, uint32_t table);
const struct route_info *the_route(const struct host *h, const char *text, uint32_t table);
const struct host_addr *find_addr(const struct host *h, const char *text);
const struct host_addr *the_addr(const struct host *h, const char *text);

#endif
