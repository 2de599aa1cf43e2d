// SPDX-License-Identifier: GPL-3.0-or-later
// The kernel's bind paths: for each socket kind the steps in the kernel's order, each with the function and file where
// it happens. Pure data.
#ifndef BINDWALK_BIND_PATH_H
#define BINDWALK_BIND_PATH_H

#include "core/model/attempt.h"
#include "core/model/kernel.h"
#include "core/model/step.h"

enum { PATH_STEPS = 18 };

struct path_step {
	enum step_id step;
	const char *function; // the kernel function; where the name changed, the newest
	const char *file;
};

enum family_rule {
	FAMILY_UNSPEC_ANY, // its own family, or AF_UNSPEC with 0.0.0.0; else EAFNOSUPPORT
	FAMILY_STRICT,     // its own family; else EAFNOSUPPORT
	FAMILY_EINVAL,     // its own family; else EINVAL
	FAMILY_IGNORED
};

struct bind_path {
	const char *name;     // "inet stream"
	const char *function; // where it starts: "inet_bind"
	unsigned addrlen_min;
	enum family_rule family_rule;
	struct path_step steps[PATH_STEPS]; // ends with STEP_RESULT
};

// The path of a socket; never NULL.
const struct bind_path *bind_path_of(const struct attempt *a);
// All paths in turn for tests and documentation: NULL at the end.
const struct bind_path *bind_path_at(size_t n);

#endif
