// SPDX-License-Identifier: GPL-3.0-or-later
// The host behind observe_follow(): the calling thread's, kept true by what the listener hands over.
#ifndef BINDWALK_FOLLOW_H
#define BINDWALK_FOLLOW_H

#include "core/model/host_change.h"
#include "core/observe/observing.h"

struct follow;

// 0 or -errno.
int follow_start(struct follow **out);
// NULL is fine.
void follow_stop(struct follow *f);

// The functions of observe.h with these names, once following.
int follow_fd(const struct follow *f);
int follow_take(struct follow *f);
const struct host *follow_host(const struct follow *f);
const struct host_changes *follow_changes(const struct follow *f);
const char *follow_status(const struct follow *f);
void follow_forget_left(struct follow *f, unsigned count);
bool follow_busy(struct follow *f);
int follow_again(struct follow *f);
bool follow_refresh(struct follow *f);
struct observe_counts follow_counts(const struct follow *f);

#endif
