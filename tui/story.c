// SPDX-License-Identifier: GPL-3.0-or-later
#include "tui/story.h"

#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/change/lab.h"
#include "core/command/command_parse.h"
#include "core/command/session_run.h"
#include "tui/complain.h"
#include "tui/output.h"

// Comments are printed as they are, changes as comments, and after each bind its walk. A paragraph that begins with a
// change needs a lab.
static const char story[] = "# bindwalk explain 0.0.0.0\n"
			    "bind 0.0.0.0\n"
			    "# bindwalk explain 127.0.0.1\n"
			    "bind 127.0.0.1\n"
			    "# bindwalk explain 192.168.123.123\n"
			    "bind 192.168.123.123\n"
			    "set freebind\n"
			    "# bindwalk explain 192.168.123.123 --set freebind\n"
			    "bind\n"
			    "unset freebind\n"
			    "\n"
			    "ip route add local 192.168.123.0/24 dev lo\n"
			    "# bindwalk explain 192.168.123.123\n"
			    "bind 192.168.123.123\n"
			    "\n"
			    "# bindwalk explain 2001:db8:123::1\n"
			    "bind 2001:db8:123::1\n"
			    "set freebind\n"
			    "# bindwalk explain 2001:db8:123::1 --set freebind\n"
			    "bind\n"
			    "unset freebind\n"
			    "\n"
			    "ip -6 route add local 2001:db8:123::/64 dev lo\n"
			    "# bindwalk explain 2001:db8:123::1\n"
			    "bind\n"
			    "set freebind\n"
			    "# bindwalk explain 2001:db8:123::1 --set freebind\n"
			    "bind\n"
			    "unset freebind\n"
			    "\n"
			    "ip -6 route del local 2001:db8:123::/64 dev lo\n"
			    "set transparent\n"
			    "# bindwalk explain 2001:db8:123::1 --set transparent\n"
			    "bind\n"
			    "\n"
			    "set transparent\n"
			    "unprivileged on\n"
			    "# bindwalk explain 2001:db8:123::1 --set transparent --unprivileged\n"
			    "bind\n"
			    "unprivileged off\n"
			    "unset transparent\n"
			    "\n"
			    "sysctl -w net.ipv6.ip_nonlocal_bind=1\n"
			    "# bindwalk explain 2001:db8:123::1\n"
			    "bind\n"
			    "sysctl -w net.ipv6.ip_nonlocal_bind=0\n"
			    "# bindwalk explain ::ffff:192.168.123.123\n"
			    "bind ::ffff:192.168.123.123\n"
			    "ip addr add fe80::b1d/64 dev eth0 nodad\n"
			    "# bindwalk explain fe80::b1d\n"
			    "bind fe80::b1d\n"
			    "set freebind\n"
			    "# bindwalk explain fe80::b1d --set freebind\n"
			    "bind\n"
			    "unset freebind\n"
			    "# bindwalk explain fe80::b1d%eth0\n"
			    "bind fe80::b1d%eth0\n"
			    "ip addr add 2001:db8:7::1/64 dev eth0\n"
			    "# bindwalk explain 2001:db8:7::1\n"
			    "bind 2001:db8:7::1\n"
			    "\n"
			    "unprivileged on\n"
			    "# bindwalk explain 198.51.100.1 80 --unprivileged\n"
			    "bind 198.51.100.1 80\n"
			    "# bindwalk explain 2001:db8:99::1 80 --unprivileged\n"
			    "bind 2001:db8:99::1 80\n";

// In a namespace in which nothing was ever configured.
static const char epilogue[] = "# a brand-new namespace: no address, no route, lo down\n"
			       "bind 8.8.8.8\n";

static enum exit_status tell_walk(const struct session *s, struct report_style style)
{
	const struct facts f = inquiry_facts(&s->now);
	enum exit_status how = output_walk(&f, &s->now.walk, false, style);
	putchar('\n');
	return how;
}

// The command of a line, -1 for none.
static int command_of(const char *line)
{
	struct command_call call;
	char err[COMMAND_ERROR];
	return command_parse(line, &call, err, sizeof err, NULL) == 0 ? (int)call.id : -1;
}

static bool is_change(int id)
{
	return id >= 0 && command_changes((enum command_id)id);
}

// Runs one line and prints the change or the walk. Complains about an error, and returns EXIT_MISSING.
static enum exit_status tell_line(struct session *s, const struct script *at, int id, struct report_style style)
{
	static const struct session_out nobody;
	struct session_error error;
	if (at->now[0] == '#' || is_change(id))
		output_line("%s%s", is_change(id) ? "# " : "", at->now);
	enum exit_status how = session_script(s, at, &nobody, &error);
	if (how != EXIT_OK && how != EXIT_DISAGREE) {
		complain("%s: %s", at->now, error.text);
		return EXIT_MISSING;
	}
	enum exit_status told = id == CMD_BIND ? tell_walk(s, style) : EXIT_OK;
	return told > how ? told : how;
}

// Stops at the first error: it would be the same for all that follow.
static enum exit_status tell(struct script *script, struct editor *editor, struct report_style style)
{
	struct session s;
	char err[COMMAND_ERROR];
	enum exit_status worst = EXIT_OK;
	if (session_open(&s, editor, "", err, sizeof err) < 0) {
		complain("%s", err);
		return EXIT_MISSING;
	}
	while (worst != EXIT_MISSING && script_next(script)) {
		int id = command_of(script->now);
		if (is_change(id) && !editor) {
			while (script_next(script) && script->now[0])
				;
			continue;
		}
		enum exit_status told = tell_line(&s, script, id, style);
		worst = told > worst ? told : worst;
	}
	session_close(&s);
	return worst;
}

// A process cannot leave a namespace again, so a child enters it.
static enum exit_status tell_epilogue(struct report_style style)
{
	int status = 0;
	fflush(stdout);
	pid_t pid = fork();
	if (pid == 0) {
		struct script script;
		char err[LAB_ERROR];
		enum exit_status told = EXIT_MISSING;
		script_begin(&script, "story", epilogue, strlen(epilogue));
		if (lab_enter_empty(err, sizeof err) < 0)
			complain("%s", err);
		else
			told = tell(&script, NULL, style);
		fflush(stdout);
		_exit((int)told);
	}
	if (pid < 0 || waitpid(pid, &status, 0) < 0 || !WIFEXITED(status))
		return EXIT_MISSING;
	return (enum exit_status)WEXITSTATUS(status);
}

enum exit_status story_tell(struct report_style style, bool lab)
{
	struct script script;
	struct editor *editor = NULL;
	char err[EDIT_ERROR];
	if (lab && editor_open(&editor, false, err, sizeof err) < 0) {
		complain("%s", err);
		return EXIT_MISSING;
	}
	script_begin(&script, "story", story, strlen(story));
	enum exit_status worst = tell(&script, editor, style);
	editor_close(editor, err, sizeof err);
	if (!lab || worst == EXIT_MISSING)
		return worst;
	enum exit_status told = tell_epilogue(style);
	return told > worst ? told : worst;
}
