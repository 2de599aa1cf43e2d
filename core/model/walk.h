// SPDX-License-Identifier: GPL-3.0-or-later
// The result: the steps that the kernel takes for one attempt, each with its inputs, its finding and the evidence that
// it rests on. core/model/decide fills the model's part; what was observed, asked and witnessed is merged in here, and
// never overwrites what was predicted. Pure.
#ifndef BINDWALK_WALK_H
#define BINDWALK_WALK_H

#include "core/model/attempt.h"
#include "core/model/bind_path.h"
#include "core/model/call.h"
#include "core/model/host.h"
#include "core/model/kernel_call.h"
#include "core/model/port_conflict.h"
#include "core/model/step.h"

enum evidence { EV_MODEL, EV_SYSCALL, EV_ASKED, EV_KERNEL, EV_COUNT };

// What an input was read from, so that a pane can point at it.
enum ref_kind { REF_NONE, REF_LINK, REF_ADDR, REF_ROUTE4, REF_ROUTE6, REF_OPTION, REF_SYSCTL, REF_SOCK, REF_ATTEMPT };

struct ref {
	enum ref_kind kind;
	uint32_t index; // into the host's array; option_id; sysctl_id
};

enum value_type {
	V_NUMBER,
	V_BOOL,
	V_ADDR,
	V_PORT,
	V_FAMILY,
	V_SOCKTYPE,
	V_PROTOCOL,
	V_OPTION,
	V_SETTING,
	V_CLASS6,
	V_DEVICE,
	V_TABLE,
	V_ROUTE4,
	V_ROUTE6,
	V_ASKED, // the route that the kernel found in table main: question.in_main
	V_RTN,
	V_ERRNO,
	V_ENTRY,
	V_SCOPED,    // the attempt's address with a device
	V_DISABLE6,  // net.ipv6.conf.DEVICE.disable_ipv6
	V_SECONDARY, // of an address: what becomes of it when its primary goes
	V_UNKNOWN,   // an input that could not be read: its name
	V_IFA_FLAGS,
	V_SOCK,
	V_POOL,
	V_TRIE,
	V_TEXT
};

struct input {
	enum input_id id;
	enum value_type type;
	struct ref ref;
	union {
		int64_t number;
		struct addr addr;
		const char *text; // static, or of the host
	};
};

enum { STEP_INPUTS = 8, WALK_STEPS = ATTEMPT_SETTINGS + PATH_STEPS + 2 };

// An answer to a step's question that does not come from the model.
struct claim {
	bool present;
	int err;          // errno of a call or lookup, 0 for success
	int value;        // ASKED and KERNEL: RTN_* (0 unknown); SYSCALL: the return value
	uint32_t table;   // ASKED and KERNEL: the table looked into
	uint8_t len;      // ASKED: the matched prefix's length
	uint32_t oif;     // KERNEL: the device found, 0 none
	unsigned count;   // KERNEL: number of lookups seen in this bind
	bool of_lookups;  // KERNEL: the lookups were seen, and give err, table, oif and count
	bool of_points;   // KERNEL: it was tracepoints that saw them
	bool of_calls;    // KERNEL: walk.inner says something of the step; see walk_inner.h
	bool contradicts; // not what the model says
};

struct walk_step {
	enum step_id step;
	enum finding_id finding;
	const struct path_step *where; // NULL for the calls before bind
	bool reached;
	bool decisive;
	enum evidence rests_on; // EV_MODEL, or EV_ASKED where the model had no routes to look at
	bool uncertain;         // an input could not be read, and another value of it changes the finding
	uint32_t unknown;       // the inputs that could not be read and that it looks at: a set of enum unknown_id
	bool lookup_open;       // STEP_CLASSIFY: the lookup fails, but with which errno can't be seen from outside
	bool unsure;            // the first step at which the model could not be sure
	unsigned setting;       // STEP_SETSOCKOPT: which one
	unsigned ninputs;
	struct input inputs[STEP_INPUTS];
	struct claim claims[EV_COUNT]; // EV_MODEL's is unused
};

// What a call after bind() returned.
struct next_seen {
	bool present;
	int err;           // 0 on success; EINPROGRESS: no answer came in time
	struct addr local; // getsockname() then
	uint16_t port;
};

enum agreement {
	NOT_TRIED, // predicted only
	AGREES,
	OPEN,    // the model could not tell (say, another socket's SO_REUSEADDR), so there is nothing to disagree
	CHANGED, // the host changed while it was looked at, or may have since, so there is nothing to compare
	HOOK, // EPERM or EACCES that nothing in the model explains: candidates are LSM, Landlock, cgroup BPF, seccomp
	DISAGREES
};

struct walk {
	struct attempt attempt;
	const struct bind_path *path;
	unsigned nsteps;
	struct walk_step steps[WALK_STEPS];
	unsigned decisive; // index of the deciding step

	struct {
		enum call call; // the first call that fails, CALL_BIND on success
		int err;        // 0 on success
		bool certain;
		bool waivable;    // refused for a privileged port, but a cgroup BPF program may waive the privilege
		bool exhaustible; // the kernel chooses a port or identifier, and who holds which was not counted
		bool source_any;  // accepted, but the socket's source address stays unset (broadcast, multicast)
	} predicted;
	struct {
		bool present;
		enum call call;
		int err;
		struct addr local; // getsockname() after success
		uint16_t port;
		uint32_t scope;
	} observed;
	struct next_seen listened, connected; // the calls of attempt.then, where they were made
	enum code code;
	struct claimant claimant; // the socket as it comes to the port step
	struct sharing sharing;   // with the socket that walk_holder() names; predicted, also where it is open
	enum agreement agreement;
	bool unaimed;            // a call ended before an address was given: attempt.addr and port are nobody's
	uint32_t device_after;   // the bound device that is left on the socket, as predicted
	enum tri filtered;       // does a seccomp filter stand before all calls
	struct witnessed inner;  // its functions, with their return values
	const char *unwitnessed; // the kernel was to be a witness, and this is why it is none; NULL otherwise
	struct prefix holds_for; // the range around the address that shares the verdict; family 0 when not computed
};

// Merging. Each is called at most once per step of a walk, then walk_conclude() sets agreement and code.
void walk_observe_call(struct walk *w, unsigned step, int ret, int err);
void walk_observe(struct walk *w, enum call call, int err, const struct addr *local, uint16_t port, uint32_t scope);
void walk_ask(struct walk *w, int err, unsigned type, uint32_t table, uint8_t len);
void walk_witness(struct walk *w, unsigned lookups, uint32_t table, int err, uint32_t oif);

// Of an attempt that a call before bind ended, before an address was given: leaves out the steps of bind but the last.
void walk_unaim(struct walk *w);
// How it ended, as far as is known: the errno of the call that failed, 0 for success.
int walk_errno(const struct walk *w);
// Is the socket bound then? Success may be a hook's answer and not the kernel's.
bool walk_bound(const struct walk *w);
// What kind of problem that is. The code's own; but a socket or an option that is refused for another reason than a
// missing right is an argument that does not fit.
enum code_class walk_class(const struct walk *w);

// Nobody knows what it finds: the model can't tell, and no call of ours has shown it.
bool step_open(const struct walk_step *s);
// The inputs that could not be read and that it looks at: a set of enum unknown_id.
uint32_t walk_unknown(const struct walk *w);
// The step that the verdict is about.
const struct walk_step *walk_telling(const struct walk *w);

// The step of that id, or NULL.
struct walk_step *walk_find(struct walk *w, enum step_id id);
const struct input *step_input(const struct walk_step *s, enum input_id id);

#endif
