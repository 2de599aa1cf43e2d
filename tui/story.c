// SPDX-License-Identifier: GPL-3.0-or-later
#include "tui/story.h"

#include <errno.h>
#include <linux/if_addr.h>
#include <linux/rtnetlink.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/change/change.h"
#include "core/change/lab.h"
#include "core/command/attempt_command.h"
#include "core/evidence/evidence.h"
#include "tui/complain.h"

static int change_local_route(struct changer *c, bool add, const char *text)
{
	struct route_change r = {.type = RTN_LOCAL, .dev = "lo"};
	return prefix_parse(text, &r.dst) < 0 ? -EINVAL : change_route(c, add, &r);
}

static int add_address(struct changer *c, const char *text, uint32_t flags)
{
	struct addr a;
	return addr_parse(text, &a) < 0 ? -EINVAL : change_addr_add(c, "eth0", &a, 64, flags, UINT32_MAX, NULL);
}

static int add_anyip4(struct changer *c)
{
	return change_local_route(c, true, "192.168.123.0/24");
}

static int add_anyip6(struct changer *c)
{
	return change_local_route(c, true, "2001:db8:123::/64");
}

static int del_anyip6(struct changer *c)
{
	return change_local_route(c, false, "2001:db8:123::/64");
}

static int nonlocal6_on(struct changer *c)
{
	(void)c;
	return change_sysctl("net.ipv6.ip_nonlocal_bind", "1");
}

static int nonlocal6_off(struct changer *c)
{
	(void)c;
	return change_sysctl("net.ipv6.ip_nonlocal_bind", "0");
}

static int add_link_local(struct changer *c)
{
	return add_address(c, "fe80::b1d", IFA_F_NODAD);
}

static int add_tentative(struct changer *c)
{
	return add_address(c, "2001:db8:7::1", 0);
}

struct scene {
	const char *command;             // the change that comes before, as iproute2 spells it; NULL for none
	int (*change)(struct changer *); // the same, done
	const char *address;             // with %scope
	const char *setting;             // NULL for none
	uint16_t port;
	bool unprivileged;
	bool follows; // it has a point only where the changes before it were made
};

// clang-format off
static const struct scene scenes[] = {
	{NULL, NULL, "0.0.0.0", NULL, 0, false, false},
	{NULL, NULL, "127.0.0.1", NULL, 0, false, false},
	{NULL, NULL, "192.168.123.123", NULL, 0, false, false},
	{NULL, NULL, "192.168.123.123", "freebind", 0, false, false},
	{"ip route add local 192.168.123.0/24 dev lo", add_anyip4, "192.168.123.123", NULL, 0, false, false},
	{NULL, NULL, "2001:db8:123::1", NULL, 0, false, false},
	{NULL, NULL, "2001:db8:123::1", "freebind", 0, false, false},
	{"ip -6 route add local 2001:db8:123::/64 dev lo", add_anyip6, "2001:db8:123::1", NULL, 0, false, false},
	{NULL, NULL, "2001:db8:123::1", "freebind", 0, false, true},
	{"ip -6 route del local 2001:db8:123::/64 dev lo", del_anyip6, "2001:db8:123::1", "transparent", 0, false, false},
	{NULL, NULL, "2001:db8:123::1", "transparent", 0, true, false},
	{"sysctl -w net.ipv6.ip_nonlocal_bind=1", nonlocal6_on, "2001:db8:123::1", NULL, 0, false, false},
	{"sysctl -w net.ipv6.ip_nonlocal_bind=0", nonlocal6_off, "::ffff:192.168.123.123", NULL, 0, false, false},
	{"ip addr add fe80::b1d/64 dev eth0 nodad", add_link_local, "fe80::b1d", NULL, 0, false, false},
	{NULL, NULL, "fe80::b1d", "freebind", 0, false, true},
	{NULL, NULL, "fe80::b1d%eth0", NULL, 0, false, true},
	{"ip addr add 2001:db8:7::1/64 dev eth0", add_tentative, "2001:db8:7::1", NULL, 0, false, false},
	{NULL, NULL, "198.51.100.1", NULL, 80, true, false},
	{NULL, NULL, "2001:db8:99::1", NULL, 80, true, false},
};
static const struct scene untouched = {NULL, NULL, "8.8.8.8", NULL, 0, false, false};
// clang-format on

static int build_attempt(const struct scene *s, struct attempt *out, char *err, size_t errlen)
{
	struct endpoint ep;
	struct setting set;
	if (endpoint_parse(s->address, &ep, err, errlen) < 0)
		return -EINVAL;
	*out = attempt_new(&ep.addr);
	memcpy(out->scope_name, ep.scope, sizeof out->scope_name);
	out->port = s->port;
	if (s->setting && (setting_parse(s->setting, &set, err, errlen) < 0 || attempt_set(out, &set) < 0))
		return -EINVAL;
	return 0;
}

static enum exit_status tell_scene(const struct scene *s, struct report_style style, FILE *out)
{
	static struct inquiry in;
	const struct evidence_how how = {.unprivileged = s->unprivileged};
	struct attempt a;
	struct observer *o = NULL;
	char err[512] = "";
	enum exit_status status = EXIT_MISSING;
	if (build_attempt(s, &a, err, sizeof err) == 0 && observe_open(&o, err, sizeof err) == 0 &&
	    evidence_read(o, true, &in, err, sizeof err) == 0 &&
	    attempt_command_scope(&a, in.host, err, sizeof err) == 0 &&
	    evidence_gather(o, &in, &a, &how, err, sizeof err) == 0) {
		const struct facts f = inquiry_facts(&in);
		int rc = report_text(&f, &in.walk, style, out);
		fputc('\n', out);
		status = rc < 0 ? EXIT_MISSING : in.walk.agreement == DISAGREES ? EXIT_DISAGREE : EXIT_OK;
		if (rc < 0)
			snprintf(err, sizeof err, "standard output: %s", strerror(-rc));
	}
	inquiry_free(&in);
	observe_close(o);
	if (status == EXIT_MISSING && ferror(out))
		complain("%s", err);
	else if (status == EXIT_MISSING)
		complain("%s: %s", s->address, err);
	return status;
}

// The last scene needs a namespace in which nothing was ever configured: a child of its own.
static enum exit_status tell_untouched(struct report_style style, FILE *out)
{
	int status = 0;
	fputs("# a brand-new namespace: no address, no route, lo down\n", out);
	fflush(out);
	pid_t pid = fork();
	if (pid == 0) {
		char err[512];
		enum exit_status told = EXIT_MISSING;
		if (lab_enter_empty(err, sizeof err) < 0)
			complain("%s", err);
		else
			told = tell_scene(&untouched, style, out);
		fflush(out);
		_exit((int)told);
	}
	if (pid < 0 || waitpid(pid, &status, 0) < 0 || !WIFEXITED(status))
		return EXIT_MISSING;
	return (enum exit_status)WEXITSTATUS(status);
}

enum exit_status story_tell(struct report_style style, bool lab, FILE *out)
{
	struct changer *c;
	int rc = change_open(&c);
	if (rc < 0) {
		complain("netlink: %s", strerror(-rc));
		return EXIT_MISSING;
	}
	enum exit_status worst = EXIT_OK;
	for (size_t i = 0; i < sizeof scenes / sizeof *scenes; i++) {
		const struct scene *s = &scenes[i];
		if (!lab && (s->change || s->follows))
			continue;
		if (s->change) {
			fprintf(out, "# %s\n", s->command);
			rc = s->change(c);
			if (rc < 0) {
				complain("%s: %s %s", s->command, strerror(-rc), change_why(c));
				worst = EXIT_MISSING;
				break;
			}
		}
		fprintf(out, "# bindwalk explain %s%s%s%s%s\n", s->address, s->port ? " 80" : "",
			s->setting ? " --set " : "", s->setting ? s->setting : "",
			s->unprivileged ? " --unprivileged" : "");
		enum exit_status told = tell_scene(s, style, out);
		if (told > worst)
			worst = told;
		if (told == EXIT_MISSING)
			break; // said once; it would be the same for all that follow
	}
	change_close(c);
	enum exit_status told = worst == EXIT_MISSING || !lab ? worst : tell_untouched(style, out);
	return told > worst ? told : worst;
}
