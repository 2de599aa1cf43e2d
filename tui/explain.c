// SPDX-License-Identifier: GPL-3.0-or-later
#include "tui/explain.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "core/command/argument.h"
#include "core/command/attempt_command.h"
#include "core/evidence/evidence.h"
#include "core/observe/process.h"
#include "core/observe/resolve.h"
#include "tui/arguments.h"
#include "tui/complain.h"
#include "tui/explain_wait.h"
#include "tui/output.h"
#include "tui/target.h"

static enum exit_status status_of(const struct walk *w)
{
	if (w->agreement == DISAGREES)
		return EXIT_DISAGREE;
	return walk_bound(w) ? EXIT_OK : EXIT_REFUSED;
}

struct request {
	struct attempt attempt;
	bool json, predict, unprivileged, witness, full;
	pid_t as; // asked for that process, 0: as ourselves
	struct report_style style;
	struct target place;
	bool wait;
	int64_t limit;        // of the wait, milliseconds; -1: none
	struct kernel kernel; // walk as this one would; release "" for the running kernel
	const char *name;     // that was given in the place of an address, NULL for none
	struct endpoint of_name[RESOLVED];
	int nof_name;
	unsigned printed; // walks of them
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
		complain("%s '%s': too many options for one attempt; at most %d are possible", option, value,
			 ATTEMPT_SETTINGS);
	return rc >= 0;
}

static bool take_port(struct attempt *a, const char *text)
{
	unsigned long port;
	if (number_parse(text, 65535, &port) < 0)
		return wrong("'%.80s' is not a port (0 to 65535)", text);
	a->port = (uint16_t)port;
	return true;
}

static bool take_scope(struct attempt *a, const char *text)
{
	if (a->family == AF_INET)
		return wrong("--scope '%.80s': only an IPv6 address takes a scope", text);
	if (!*text || strlen(text) >= sizeof a->scope_name)
		return wrong("--scope '%.80s' is not an interface; expected a name or a number", text);
	if (a->scope_name[0])
		return wrong("--scope '%s': the address names a scope already; leave one of them out", text);
	strcpy(a->scope_name, text);
	return true;
}

// NAME or NAME:PORT, taken apart in place. False: it is none.
static bool split_name(char *text, struct endpoint *at)
{
	char *colon = strchr(text, ':');
	unsigned long port = 0;
	if (colon && number_parse(colon + 1, 65535, &port) < 0)
		return false;
	if (colon)
		*colon = '\0';
	if (is_host_name(text)) {
		*at = (struct endpoint){.has_port = colon, .port = (uint16_t)port};
		return true;
	}
	if (colon)
		*colon = ':';
	return false;
}

// ADDRESS [PORT], or ADDRESS --port PORT; likewise NAME.
static bool take_operands(struct request *r, const struct cli_line *line)
{
	struct attempt *a = &r->attempt;
	struct endpoint at;
	char err[512];
	const char *port = line->value[CLI_OPT_PORT];
	if (line->count == 0)
		return wrong("%s needs an address, as in: bindwalk explain 192.0.2.1", "explain");
	if (endpoint_parse(line->operands[0], &at, err, sizeof err) < 0) {
		if (!split_name(line->operands[0], &at))
			return wrong("%s", err);
		r->name = line->operands[0];
	}
	if (line->count > 1 && (at.has_port || port))
		return wrong("'%.80s' is a second port; leave one of them out", line->operands[1]);
	if (line->count > 2)
		return wrong("'%.80s' is one argument too many; expected ADDRESS [PORT]", line->operands[2]);
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
	       wrong("--kernel '%.80s' is not a release that Bindwalk models; expected 5.10 or later, such as 6.1 or 6.1.192",
		     release);
}

// --as also names a place: the network of the process. -1 to go on, else the exit status.
static int take_as(struct request *r, const struct cli_line *line)
{
	const char *as = line->value[CLI_OPT_AS];
	char err[256];
	if (!as)
		return -1;
	if (argument_check(ARG_PID, as, err, sizeof err) < 0) {
		complain("--as '%.80s' is not a process id", as);
		return EXIT_WRONG;
	}
	if (line->value[CLI_OPT_NETNS] || r->unprivileged || r->witness) {
		complain("--as %s: leave out %s", as,
			 line->value[CLI_OPT_NETNS] ? "--netns; the network is that of the process"
			 : r->unprivileged          ? "--unprivileged; the credentials are those of the process"
						    : "--witness, which watches a bind of this process only");
		return EXIT_WRONG;
	}
	r->as = (pid_t)strtol(as, NULL, 10);
	r->place.netns = as;
	int rc = process_check(r->as, err, sizeof err);
	if (rc < 0)
		complain("%s", err);
	return rc == -EINVAL ? EXIT_WRONG : rc < 0 ? EXIT_MISSING : -1;
}

// Before another namespace is entered, as the shell that this was typed into would. -1 to go on, else the exit status.
static int look_up(struct request *r)
{
	char err[256];
	if (!r->name)
		return -1;
	r->nof_name = resolve(r->name, r->attempt.kind, r->of_name, err, sizeof err);
	if (r->nof_name > 0)
		return -1;
	complain("%s", err);
	return r->nof_name == -EINVAL ? EXIT_WRONG : EXIT_MISSING;
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
	if ((kernel && !take_kernel(&r->kernel, kernel)) || !take_operands(r, &line) || !take_next(&r->attempt, given))
		return EXIT_WRONG;
	if (r->name && scope) {
		complain("--scope '%.80s': the addresses of a name bring their scopes", scope);
		return EXIT_WRONG;
	}
	if ((scope && !take_scope(&r->attempt, scope)) || !take_mistakes(&r->attempt, &line) ||
	    !choose_kind(&r->attempt, given[CLI_OPT_TYPE], given[CLI_OPT_PROTO]) ||
	    (given[CLI_OPT_WAIT] && !take_wait(r, given[CLI_OPT_WAIT])))
		return EXIT_WRONG;
	if (kernel && r->wait) {
		complain("--wait waits on this kernel, and --kernel asks another one");
		return EXIT_WRONG;
	}
	if (r->wait && r->name) {
		complain("--wait waits for one address; give an address of '%.80s' instead of the name", r->name);
		return EXIT_WRONG;
	}
	if (r->witness && r->predict) {
		complain("--witness watches a live bind, and there is none with %s", kernel ? "--kernel" : "--predict");
		return EXIT_WRONG;
	}
	status = take_as(r, &line);
	return status >= 0 ? status : look_up(r);
}

// Prints the line before walk i of a name.
static void print_name(const struct request *r, unsigned i)
{
	enum { HANGING = 7 };
	char text[ADDR_TEXT], addresses[RESOLVED * (ADDR_TEXT + 2)];
	size_t used = 0;
	struct row row;
	if (r->json) {
		output_json(i ? "," : "[");
		return;
	}
	if (i) {
		output_line("%s", "");
		return;
	}
	for (int k = 0; k < r->nof_name; k++)
		used += (size_t)snprintf(addresses + used, sizeof addresses - used, "%s%s", k ? ", " : "",
					 addr_print(&r->of_name[k].addr, text));
	row_clear(&row);
	row.hanging = HANGING;
	row_add(&row, ROLE_PLAIN, "%s has %d address%s: %s", r->name, r->nof_name, r->nof_name == 1 ? "" : "es",
		addresses);
	report_print(&row, r->style, stdout);
}

static enum exit_status print_walk(struct request *r, const struct inquiry *in)
{
	if (r->name)
		print_name(r, r->printed++);
	const struct facts f = inquiry_facts(in);
	enum exit_status how = output_walk(&f, &in->walk, r->json, r->style);
	return how == EXIT_OK ? status_of(&in->walk) : how;
}

static enum exit_status explain_request(struct observer *o, struct witness *witness, struct request *r)
{
	static struct inquiry in;
	const struct evidence_how how = {
		.unprivileged = r->unprivileged, .as = r->as, .predict = r->predict, .witness = witness};
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

// The worse of two: a disagreement, then what is missing, then what is refused.
static enum exit_status worse(enum exit_status a, enum exit_status b)
{
	static const unsigned char rank[EXIT_STATUS_COUNT] = {
		[EXIT_OK] = 0, [EXIT_REFUSED] = 1, [EXIT_WRONG] = 2, [EXIT_MISSING] = 3, [EXIT_DISAGREE] = 4};
	return rank[a] >= rank[b] ? a : b;
}

// A walk for each address that the name has: JSON is one array of them.
static enum exit_status explain_name(struct observer *o, struct witness *witness, struct request *r)
{
	enum exit_status how = EXIT_OK;
	uint16_t port = r->attempt.port;
	for (int i = 0; i < r->nof_name; i++) {
		attempt_aim(&r->attempt, &r->of_name[i]);
		r->attempt.port = port;
		how = worse(how, explain_request(o, witness, r));
	}
	if (r->json && r->printed)
		output_json("]");
	return worse(how, output_finish());
}

int explain_main(int argc, char **argv)
{
	static struct request r;
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
		how = r.name ? explain_name(o, witness, &r) : explain_request(o, witness, &r);
	witness_close(witness);
	observe_close(o);
	return (int)how;
}
