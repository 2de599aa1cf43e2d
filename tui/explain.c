// SPDX-License-Identifier: GPL-3.0-or-later
#include "tui/explain.h"

#include <getopt.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "core/command/attempt_command.h"
#include "core/command/cli.h"
#include "core/evidence/evidence.h"
#include "tui/complain.h"
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
	bool json, predict, unprivileged, witness, ascii, full;
	const char *color;
	struct target place;
	struct kernel kernel; // walk as this one would; release "" for the running kernel
};

static bool wrong(const char *fmt, const char *input)
{
	complain(fmt, input);
	return false;
}

// --type and --proto name the socket; they must fit each other.
static bool choose_kind(struct attempt *a, const char *type, const char *proto)
{
	int k = proto ? kind_find(proto) : -1;
	if (proto && k < 0)
		return wrong("--proto '%.80s' is unknown; accepted are tcp, udp, raw, icmp, udplite, mptcp, sctp",
			     proto);
	if (!proto && type)
		for (int i = KIND_COUNT; i-- > 0;)
			if (strcmp(kind_info((enum kind)i)->type, type) == 0)
				k = i; // the first of that type: tcp, udp, raw, ping
	if (type && k < 0)
		return wrong("--type '%.80s' is unknown; accepted are stream, dgram, raw, ping", type);
	if (type && proto && strcmp(kind_info((enum kind)k)->type, type) != 0)
		return wrong("--type does not fit --proto '%s'; leave one of them out", proto);
	if (k >= 0)
		a->kind = (enum kind)k;
	return true;
}

// The text of --set, or what --device stands for.
static bool add_setting(struct attempt *a, const char *option, const char *text)
{
	struct setting s;
	char err[512];
	int rc = setting_parse(text, &s, err, sizeof err);
	if (rc < 0)
		complain("%s %s", option, err);
	else if ((rc = attempt_set(a, &s)) < 0)
		complain("%s '%s': too many options for one attempt; accepted are %d", option, text, ATTEMPT_SETTINGS);
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

// Says in *with_port whether the text brought a port.
static bool take_address(struct attempt *a, const char *text, bool *with_port)
{
	struct endpoint ep;
	char err[512];
	if (endpoint_parse(text, &ep, err, sizeof err) < 0)
		return wrong("%s", err);
	struct attempt fresh = attempt_new(&ep.addr);
	a->family = fresh.family;
	a->addr = fresh.addr;
	a->port = ep.port;
	*with_port = ep.has_port;
	memcpy(a->scope_name, ep.scope, sizeof a->scope_name);
	return true;
}

static bool parse_request(int argc, char **argv, struct request *r, bool *help)
{
	const char *type = NULL, *proto = NULL, *scope = NULL, *port = NULL, *address = NULL;
	char device[64];
	struct option long_options[CLI_OPT_COUNT + 1];
	bool ok = true, with_port;
	cli_getopt(CLI_EXPLAIN, long_options);
	optind = 0; // getopt begins anew, with the order of this call
	opterr = 0;
	for (int key; ok && (key = getopt_long(argc, argv, ":", long_options, NULL)) != -1;) {
		switch (key) {
		case CLI_KEY + CLI_OPT_TYPE:
			type = optarg;
			break;
		case CLI_KEY + CLI_OPT_PROTO:
			proto = optarg;
			break;
		case CLI_KEY + CLI_OPT_PORT:
			port = optarg;
			break;
		case CLI_KEY + CLI_OPT_SCOPE:
			scope = optarg;
			break;
		case CLI_KEY + CLI_OPT_DEVICE:
			snprintf(device, sizeof device, "device=%.40s", optarg);
			ok = add_setting(&r->attempt, "--device", device);
			break;
		case CLI_KEY + CLI_OPT_SET:
			ok = add_setting(&r->attempt, "--set", optarg);
			break;
		case CLI_KEY + CLI_OPT_UNPRIVILEGED:
			r->unprivileged = true;
			break;
		case CLI_KEY + CLI_OPT_PREDICT:
			r->predict = true;
			break;
		case CLI_KEY + CLI_OPT_WITNESS:
			r->witness = true;
			break;
		case CLI_KEY + CLI_OPT_FULL:
			r->full = true;
			break;
		case CLI_KEY + CLI_OPT_KERNEL:
			ok = (kernel_parse(optarg, &r->kernel) == 0 && kernel_compare(&r->kernel, 5, 10) >= 0) ||
			     wrong("--kernel '%.80s': accepted is a release from 5.10 on, as in 6.1 or 6.1.192",
				   optarg);
			r->predict = true;
			break;
		case CLI_KEY + CLI_OPT_JSON:
			r->json = true;
			break;
		case CLI_KEY + CLI_OPT_NETNS:
			target_option(&r->place, key, optarg);
			break;
		case CLI_KEY + CLI_OPT_COLOR:
			r->color = optarg;
			break;
		case CLI_KEY + CLI_OPT_ASCII:
			r->ascii = true;
			break;
		case CLI_KEY + CLI_OPT_HELP:
			*help = true;
			return true;
		default:
			complain_option(key, argv[optind - 1], " explain");
			return false;
		}
	}
	if (!ok)
		return false;
	if (!cli_accepts(CLI_OPT_COLOR, r->color))
		return wrong("--color '%.80s' is unknown; accepted are auto, always, never", r->color);
	if (optind < argc)
		address = argv[optind++];
	if (!address)
		return wrong("%s needs an address, as in: bindwalk explain 192.0.2.1", argv[0]);
	if (!take_address(&r->attempt, address, &with_port))
		return false;
	if (optind < argc && (with_port || port))
		return wrong("'%.80s': the port was given already; accepted is one", argv[optind]);
	if (optind < argc)
		port = argv[optind++];
	else if (port && with_port)
		return wrong("--port '%.80s': the address brings a port already; leave one of them out", port);
	if (optind < argc)
		return wrong("'%.80s' is one argument too many; accepted are ADDRESS [PORT]", argv[optind]);
	if (port && !take_port(&r->attempt, port))
		return false;
	if (scope && !take_scope(&r->attempt, scope))
		return false;
	if (r->witness && r->predict)
		return wrong("--witness watches a live bind, and there is none with %s",
			     r->kernel.release[0] ? "--kernel" : "--predict");
	return choose_kind(&r->attempt, type, proto);
}

static enum exit_status print_walk(const struct request *r, const struct inquiry *in)
{
	const struct facts f = inquiry_facts(in);
	enum exit_status how = output_walk(&f, &in->walk, r->json, output_style(r->color, r->ascii));
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
	struct addr none = {0};
	struct request r = {.attempt = attempt_new(&none), .color = "auto"};
	bool help = false;
	if (!parse_request(argc, argv, &r, &help))
		return EXIT_WRONG;
	if (help) {
		cli_usage(CLI_EXPLAIN, stdout);
		return (int)output_finish();
	}
	char err[WITNESS_ERROR];
	struct observer *o = NULL;
	struct witness *witness = NULL;
	int there = target_enter(&r.place);
	if (there >= 0)
		return there;
	enum exit_status status = EXIT_MISSING;
	if (observe_open(&o, err, sizeof err) < 0 || (r.witness && witness_open(&witness, err, sizeof err) < 0))
		complain("%s", err);
	else
		status = explain_request(o, witness, &r);
	witness_close(witness);
	observe_close(o);
	return (int)status;
}
