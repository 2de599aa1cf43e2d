// SPDX-License-Identifier: GPL-3.0-or-later
// The step table: the only home of the text of each decision step, of what a step can find, and of the
// verdict codes. The walk pane, the reports, the help and the man page are made from it. Pure.
#ifndef BINDWALK_STEP_H
#define BINDWALK_STEP_H

#include <stdbool.h>
#include <stddef.h>

enum step_id {
	STEP_SOCKET,
	STEP_SETSOCKOPT,
	STEP_HOOKS,
	STEP_FAMILY,
	STEP_TYPE,
	STEP_MULTICAST,
	STEP_PRIVILEGE,
	STEP_STATE,
	STEP_MAPPED,
	STEP_SCOPE,
	STEP_DEVICE,
	STEP_TABLE,
	STEP_CLASSIFY,
	STEP_NONLOCAL,
	STEP_ADDRESS_LIST,
	STEP_ACCEPTABLE,
	STEP_PORT,
	STEP_RESULT,
	STEP_COUNT
};

struct step {
	const char *name;      // stable: "classify"
	const char *question;  // one line
	const char *paragraph; // for learners
	const char *watch;     // a one-liner to watch it without Bindwalk
};

// The values that steps look at. Names are the JSON keys and the {placeholders} of the findings.
enum input_id {
	IN_ADDRESS,
	IN_PORT,
	IN_FAMILY,
	IN_SOCKTYPE,
	IN_PROTOCOL,
	IN_OPTION,
	IN_VALUE,
	IN_CAPABILITY,
	IN_ADDRLEN,
	IN_CLASS,
	IN_SCOPE,
	IN_DEVICE,
	IN_VRF,
	IN_LINK,
	IN_STATE,
	IN_TABLE,
	IN_ROUTE,
	IN_ROUTE_TABLE,
	IN_TYPE,
	IN_LOOKUP,
	IN_SYSCTL,
	IN_FREEBIND,
	IN_TRANSPARENT,
	IN_ENTRY,
	IN_FLAGS,
	IN_START,
	IN_LOW,
	IN_HIGH,
	IN_HOLDER,
	IN_POOL,
	IN_RESERVED,
	IN_HELD,
	IN_HOLDERS,
	IN_V6ONLY,
	IN_TRIE,
	IN_LSMS,
	IN_SECCOMP,
	IN_UID,
	IN_LOCAL,
	IN_NEAREST,
	IN_HINT,
	IN_LEFT,
	IN_PRIMARY,
	IN_ERRNO,
	IN_UNKNOWN,
	IN_SECONDARY,
	IN_REASON, // the text of the finding; only in sentences
	IN_COUNT
};

const char *input_name(enum input_id id);

// How a finding steers the walk, and whether it speaks for the bind.
enum outcome {
	GOES_ON,    // neither for nor against: the kernel asks the next question
	SPEAKS_FOR, // speaks for the bind: what this question demands is there
	ACCEPTS,    // this is what makes the address acceptable
	REFUSES,    // bind (or the call) ends here with an errno
	PASSED_BY,  // the kernel does not ask this question in this walk
	UNSEEN      // happens, but its answer can't be known from outside
};

enum code_class { CLASS_NONE, CLASS_ADDRESS, CLASS_PORT, CLASS_PERMISSION, CLASS_ARGUMENT };

enum code {
#define CODE(name, class, object, topic, sentence) CODE_##name,
#include "core/model/codes.def"
#undef CODE
	CODE_COUNT
};

struct code_info {
	const char *name; // "ADDR_NOT_LOCAL"
	enum code_class class;
	enum input_id object; // the input of the deciding step that it is about; IN_COUNT for none
	const char *topic;    // the help topic that says more
	// One plain sentence with {placeholders} of the deciding step's inputs. <...> is left out when an input in it
	// is missing; so it is in the text of a finding.
	const char *sentence;
};

const struct code_info *code_info(enum code c);
// What a verdict with that code is about: the first of these inputs, from n = 0 on, that the deciding step has.
// IN_COUNT behind the last one.
enum input_id code_object(enum code c, unsigned n);
const char *code_class_name(enum code_class c); // "ADDRESS", NULL for CLASS_NONE

// Everything that a step can find; see the table in step.c.
enum finding_id {
#define FINDING(id, step, outcome, err, code, text) id,
#include "core/model/findings.def"
#undef FINDING
	FINDING_COUNT
};

struct finding {
	const char *name; // the enumerator, for coverage and tests
	enum step_id step;
	enum outcome outcome;
	int err;          // the errno of REFUSES, else 0
	enum code code;   // the verdict's code when this finding decides
	const char *text; // the answer in one line with {placeholders}
};

const struct step *step_info(enum step_id id);
int step_find(const char *name); // -1 for none
const struct finding *finding_info(enum finding_id id);

// "EADDRNOTAVAIL"; "ok" for 0; "errno 999" never: unknown ones give "E?".
const char *errno_name(int err);
// "SIGTERM"; "signal 40" for one without a name. Returns buf.
enum { SIGNAL_NAME = 24 };
const char *signal_name(int sig, char buf[static SIGNAL_NAME]);

#endif
