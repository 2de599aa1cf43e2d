// SPDX-License-Identifier: GPL-3.0-or-later
#include "tui/explain.h"

#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "core/command/attempt_command.h"
#include "core/evidence/evidence.h"
#include "tui/arguments.h"
#include "tui/complain.h"
#include "tui/explain_wait.h"
#include "tui/output.h"
#include "tui/target.h"

static enum exit_status status_of(const struct walk *w)
{
	if (w->agreement == DISAGREES)
		return EXIT_DISAGREE;
	return walk_errno(w) ? EXIT_REFUSED : EXIT_OK;
}

struct request {
	struct attempt attempt;
	bool json, predict, unprivileged, witness, full;
	struct report_style style;
	struct target place;
	bool wait;
	int64_t limit;        // of the wait, milliseconds; -1: none
	struct kernel kernel; // walk as this one would; release "" for the running kernel
};

// Complains, and is false.
#define wrong(...) (complain(__VA_ARGS__), false)

// --type and --proto name the socket; they must fit each other.
static bool choose_kind(struct attempt *a, const char *type, const char *proto)
{
	if (!type && !proto)
		return true;
	a->kind = (enum kind)(proto ? kind_find(proto) : kind_of_type(type));
	if (type && strcmp(kind_info(a->kind)->type, type) != 0)
		return wrong("--type does not fit --proto '%s'; leave one of them out", proto);
	return true;
}

// --set, and --device, which is short for one. Their order counts.
static bool take_setting(void *data, enum cli_option_id id, const char *value)
{
	struct attempt *a = data;
	struct setting s;
	char err[512], device[64];
	const char *option = id == CLI_OPT_SET ? "--set" : "--device";
	if (id == CLI_OPT_DEVICE) {
		snprintf(device, sizeof device, "device=%.40s", value);
		value = device;
	} else if (id != CLI_OPT_SET) {
		return true;
	}
	int rc = setting_parse(value, &s, err, sizeof err);
	if (rc < 0)
		complain("%s %s", option, err);
	else if ((rc = attempt_set(a, &s)) < 0)
		complain("%s '%s': too many options for one attempt; accepted are %d", option, value, ATTEMPT_SETTINGS);
	return rc >= 0;
}

static bool take_port(struct attempt *a, const char *text)
{
	unsigned long port;
	if (number_parse(text, 65535, &port) < 0)
		return wrong("port '%.80s' is no port; accepted is a number from 0 to 65535", text);
	a->port = (uint16_t)port;
	return true;
}

static bool take_scope(struct attempt *a, const char *text)
{
	if (a->family == AF_INET)
		return wrong("--scope '%.80s': only an IPv6 address takes a scope", text);
	if (!*text || strlen(text) >= sizeof a->scope_name)
		return wrong("--scope '%.80s' is no interface; accepted is a name or a number", text);
	if (a->scope_name[0])
		return wrong("--scope '%s': the address names a scope already; leave one of them out", text);
	strcpy(a->scope_name, text);
	return true;
}

// ADDRESS [PORT], or ADDRESS --port PORT.
static bool take_operands(struct attempt *a, const struct cli_line *line)
{
	struct endpoint at;
	char err[512];
	const char *port = line->value[CLI_OPT_PORT];
	if (line->count == 0)
		return wrong("%s needs an address, as in: bindwalk explain 192.0.2.1", "explain");
	if (endpoint_parse(line->operands[0], &at, err, sizeof err) < 0)
		return wrong("%s", err);
	if (line->count > 1 && (at.has_port || port))
		return wrong("'%.80s': the port was given already; accepted is one", line->operands[1]);
	if (line->count > 2)
		return wrong("'%.80s' is one argument too many; accepted are ADDRESS [PORT]", line->operands[2]);
	if (port && at.has_port)
		return wrong("--port '%.80s': the address brings a port already; leave one of them out", port);
	attempt_aim(a, &at);
	if (line->count > 1)
		port = line->operands[1];
	return !port || take_port(a, port);
}

static bool take_wait(struct request *r, const char *seconds)
{
	unsigned long n;
	r->wait = true;
	r->limit = -1;
	if (!*seconds)
		return true;
	if (number_parse(seconds, UINT32_MAX, &n) < 0)
		return wrong("--wait '%.80s' is not a number of seconds (0 to 4294967295)", seconds);
	r->limit = (int64_t)n * 1000;
	return true;
}

// What programs get wrong: the sockaddr does not fit the socket, or the socket is bound twice.
static bool take_mistakes(struct attempt *a, const struct cli_line *line)
{
	static const struct {
		enum cli_option_id option;
		enum command_id command;
	} all[] = {{CLI_OPT_FAMILY, CMD_FAMILY}, {CLI_OPT_SA_FAMILY, CMD_SA_FAMILY}, {CLI_OPT_ADDRLEN, CMD_ADDRLEN}};
	char err[COMMAND_ERROR];
	for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
		const char *text = line->value[all[i].option];
		if (text && attempt_command_sockaddr(a, all[i].command, text, err, sizeof err) < 0)
			return wrong("--%s %s", cli_option(all[i].option)->name, err);
	}
	a->binds = line->value[CLI_OPT_AGAIN] ? 2 : 1;
	return true;
}

// --listen and --connect DEST[:PORT].
static bool take_next(struct attempt *a, const char *const *given)
{
	char err[512];
	const char *dest = given[CLI_OPT_CONNECT];
	a->then.listen = given[CLI_OPT_LISTEN];
	if (!dest)
		return true;
	if (endpoint_parse(dest, &a->then.dest, err, sizeof err) < 0)
		return wrong("--connect %s", err);
	if (!a->then.dest.has_port)
		a->then.dest.port = NEXT_PORT;
	return true;
}

static bool take_kernel(struct kernel *k, const char *release)
{
	return (kernel_parse(release, k) == 0 && kernel_compare(k, 5, 10) >= 0) ||
	       wrong("--kernel '%.80s': accepted is a release from 5.10 on, as in 6.1 or 6.1.192", release);
}

// -1 to go on, else the exit status.
static int read_request(int argc, char **argv, struct request *r)
{
	struct addr none = {0};
	struct cli_line line;
	r->attempt = attempt_new(&none);
	int status = arguments_read(CLI_EXPLAIN, argc, argv, take_setting, &r->attempt, &line);
	if (status >= 0)
		return status;
	const char *const *given = line.value, *kernel = given[CLI_OPT_KERNEL], *scope = given[CLI_OPT_SCOPE];
	r->place = target_of(&line);
	r->json = given[CLI_OPT_JSON];
	r->predict = given[CLI_OPT_PREDICT] || kernel;
	r->unprivileged = given[CLI_OPT_UNPRIVILEGED];
	r->witness = given[CLI_OPT_WITNESS];
	r->full = given[CLI_OPT_FULL];
	r->style = output_style(given[CLI_OPT_COLOR], given[CLI_OPT_ASCII]);
	if ((kernel && !take_kernel(&r->kernel, kernel)) || !take_operands(&r->attempt, &line) ||
	    !take_next(&r->attempt, given) || (scope && !take_scope(&r->attempt, scope)) ||
	    !take_mistakes(&r->attempt, &line) ||
	    !choose_kind(&r->attempt, given[CLI_OPT_TYPE], given[CLI_OPT_PROTO]) ||
	    (given[CLI_OPT_WAIT] && !take_wait(r, given[CLI_OPT_WAIT])))
		return EXIT_WRONG;
	if (kernel && r->wait) {
		complain("--wait waits on this kernel, and --kernel asks another one");
		return EXIT_WRONG;
	}
	if (!r->witness || !r->predict)
		return -1;
	complain("--witness watches a live bind, and there is none with %s", kernel ? "--kernel" : "--predict");
	return EXIT_WRONG;
}

static enum exit_status print_walk(const struct request *r, const struct inquiry *in)
{
	const struct facts f = inquiry_facts(in);
	enum exit_status how = output_walk(&f, &in->walk, r->json, r->style);
	return how == EXIT_OK ? status_of(&in->walk) : how;
}

static enum exit_status explain_request(struct observer *o, struct witness *witness, struct request *r)
{
	static struct inquiry in;
	const struct evidence_how how = {.unprivileged = r->unprivileged, .predict = r->predict, .witness = witness};
	char err[512];
	enum exit_status status = EXIT_MISSING;
	int rc = evidence_read(o, r->full, &in, err, sizeof err);
	if (rc == 0 && r->kernel.release[0])
		host_as_kernel(in.own, &r->kernel);
	if (rc == 0 && (rc = attempt_command_scope(&r->attempt, in.host, err, sizeof err)) < 0)
		status = EXIT_WRONG;
	if (rc == 0 && r->wait)
		return explain_wait(o, &in, &r->attempt, &how, r->limit, r->json, r->style);
	if (rc == 0)
		rc = evidence_gather(o, &in, &r->attempt, &how, err, sizeof err);
	if (rc == 0)
		status = print_walk(r, &in);
	else
		complain("%s", err);
	inquiry_free(&in);
	return status;
}

int explain_main(int argc, char **argv)
{
	struct request r = {0};
	int status = read_request(argc, argv, &r);
	if (status >= 0)
		return status;
	char err[WITNESS_ERROR];
	struct observer *o = NULL;
	struct witness *witness = NULL;
	if ((status = target_enter(&r.place)) >= 0)
		return status;
	enum exit_status how = EXIT_MISSING;
	if (observe_open(&o, err, sizeof err) < 0 || (r.witness && witness_open(&witness, err, sizeof err) < 0))
		complain("%s", err);
	else
		how = explain_request(o, witness, &r);
	witness_close(witness);
	observe_close(o);
	return (int)how;
}
