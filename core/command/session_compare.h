// SPDX-License-Identifier: GPL-3.0-or-later
// One bind beside others: compare, compare with, pin, counterpart.
#ifndef BINDWALK_SESSION_COMPARE_H
#define BINDWALK_SESSION_COMPARE_H

#include "core/command/job.h"

// The matrix; with `live`, bound for real in a lab.
enum exit_status job_compare(struct job *r);
enum exit_status job_compare_with(struct job *r);
enum exit_status job_pin(struct job *r);
// Switches the attempt to its counterpart in the other family.
enum exit_status job_counterpart(struct job *r);

// What `write` saves, if it is not there yet: the last comparison, else the one with the other family; the last matrix
// of the present attempt, else one that is predicted.
enum exit_status job_versus(struct job *r);
enum exit_status job_matrix(struct job *r);

#endif
