// SPDX-License-Identifier: GPL-3.0-or-later
#include "tui/target.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/change/editor_undo.h"
#include "core/change/journal_left.h"
#include "core/change/lab.h"
#include "core/change/lab_copy.h"
#include "core/command/command_edit.h"
#include "core/command/lab_make.h"
#include "core/command/exit_status.h"
#include "core/model/host.h"
#include "core/observe/caller_read.h"
#include "core/observe/netns.h"
#include "core/text/growing.h"
#include "tui/answer.h"
#include "tui/complain.h"

struct target target_of(const struct cli_line *line)
{
	return (struct target){
		.netns = line->value[CLI_OPT_NETNS],
		.with = line->value[CLI_OPT_WITH],
		.lab = line->value[CLI_OPT_LAB] || line->value[CLI_OPT_WITH],
		.edit = line->value[CLI_OPT_EDIT],
		.yes = line->value[CLI_OPT_YES],
	};
}

static int enter_copy(char *err, size_t errlen)
{
	struct lab_copy copy;
	int rc = lab_copy_read(&copy, err, errlen);
	if (rc == 0)
		rc = lab_enter_with(lab_copy_furnish, &copy, err, errlen);
	lab_copy_free(&copy);
	return rc;
}

static char refusal[LAB_ERROR + EDIT_ERROR];

const char *target_refusal(void)
{
	return refusal;
}

static int enter_lab(const struct target *p)
{
	char err[sizeof refusal];
	const char *with = p->with ? p->with : "host";
	bool copy = strcmp(with, "copy") == 0;
	int rc = copy ? enter_copy(err, sizeof err) : lab_enter_recipe(with, err, sizeof err);
	snprintf(refusal, sizeof refusal, "%s", rc < 0 ? err : "");
	if (rc < 0)
		complain("no lab: %s", err);
	else if (lab_remark()[0])
		complain("%s", lab_remark());
	return rc == 0 ? -1 : EXIT_MISSING;
}

int target_enter(const struct target *p)
{
	char err[512];
	if (p->lab && p->edit) {
		complain("--edit is for a host; in a lab you can change everything anyway");
		return EXIT_WRONG;
	}
	if (p->yes && !p->edit) {
		complain("--yes needs --edit");
		return EXIT_WRONG;
	}
	// Both at once is a copy of that namespace, or a lab beside it.
	int rc = p->netns ? netns_enter(p->netns, err, sizeof err) : 0;
	if (rc < 0) {
		complain("%s", err);
		return rc == -EINVAL ? EXIT_WRONG : EXIT_MISSING;
	}
	return p->lab ? enter_lab(p) : -1;
}

// Or says why not.
static bool may_edit(void)
{
	struct host *h = host_new();
	struct caller caller;
	int err = h ? caller_read(0, h, &caller) : -ENOMEM;
	host_free(h);
	if (err < 0)
		complain("cannot read the capabilities of this process: %s", strerror(-err));
	else if (caller.net_admin == UNKNOWN)
		complain(
			"--edit needs CAP_NET_ADMIN over this network namespace; cannot read whether this process has it");
	else if (caller.net_admin == NO)
		complain("--edit needs CAP_NET_ADMIN over this network namespace; run Bindwalk as root");
	return err == 0 && caller.net_admin == YES;
}

// The changes, and below each one the command that undoes it.
static bool show_left(const char *heading, const struct editor *e)
{
	char text[EDIT_TEXT];
	struct growing lines = {0};
	for (size_t i = 0; i < editor_count(e); i++) {
		const struct inventory *back = editor_back(e, i);
		growing_add(&lines, "  %s\n", edit_shell(editor_at(e, i), text, sizeof text));
		for (size_t k = 0; k < back->n; k++)
			growing_add(&lines, "    undo: %s\n", edit_shell(&back->edits[k], text, sizeof text));
	}
	bool shown = lines.p && answer_show_lines(heading, lines.p);
	free(lines.p);
	return shown;
}

static char *say_left(unsigned n, char *buf, size_t len)
{
	snprintf(buf, len, "%u change%s of an earlier run %s still there; run bindwalk --edit on a terminal to undo %s",
		 n, n == 1 ? "" : "s", n == 1 ? "is" : "are", n == 1 ? "it" : "them");
	return buf;
}

char *target_left(char *buf, size_t len)
{
	unsigned n = journal_left(command_edit_line, buf, len);
	return n ? say_left(n, buf, len) : buf[0] ? buf : NULL;
}

// Of what can't be undone, as on an interface that is gone for good, every start would tell.
static void offer_to_forget(struct editor *e, const char *why)
{
	char err[EDIT_ERROR];
	complain("not undone: %s", why);
	if (show_left("This stays:\n", e) &&
	    answer_ask("Forget it, so that the next run does not offer it again? y: yes, n: no [n] ", "y") == 'y' &&
	    editor_keep(e, err, sizeof err) < 0)
		complain("%s", err);
}

static void settle_left(struct editor *e)
{
	char err[EDIT_ERROR] = "";
	int rc = 0;
	char answer = 'n';
	if (show_left("An earlier run of Bindwalk made these changes and did not undo them:\n", e))
		answer = answer_ask("Undo them? y: yes, k: keep them for good, n: not now [n] ", "yk");
	if (answer == 'y')
		rc = editor_undo(e, true, err, sizeof err);
	else if (answer == 'k')
		rc = editor_keep(e, err, sizeof err);
	if (answer == 'y' && rc < 0)
		offer_to_forget(e, err);
	else if (rc < 0 || err[0])
		complain("%s", err);
}

static void offer_left(bool terminal)
{
	char err[JOURNAL_ERROR] = "", text[160];
	struct editor *e;
	if (editor_open(&e, true, err, sizeof err) < 0)
		return; // said by who wants to edit
	int n = editor_recover(e, command_edit_line, err, sizeof err);
	if (err[0])
		complain("%s", err);
	if (n > 0 && terminal)
		settle_left(e);
	else if (n > 0)
		complain("%s", say_left((unsigned)n, text, sizeof text));
	editor_leave(e);
}

int target_edit(const struct target *p, bool terminal, struct editor **out)
{
	char err[JOURNAL_ERROR];
	*out = NULL;
	if (!p->lab && !p->edit)
		return -1;
	if (p->edit && !may_edit())
		return EXIT_MISSING;
	if (p->edit)
		offer_left(terminal);
	if (editor_open(out, p->edit, err, sizeof err) < 0) {
		complain("%s", err);
		return EXIT_MISSING;
	}
	return -1;
}

bool target_leave(struct editor *e)
{
	char err[EDIT_ERROR] = "";
	size_t n = e && editor_has_journal(e) ? editor_count(e) : 0;
	int rc = editor_close(e, err, sizeof err);
	if (rc < 0)
		complain("not everything could be undone; the next run offers it again: %s", err);
	else if (err[0])
		complain("%s", err);
	else if (n > 0)
		complain("%zu change%s undone", n, n == 1 ? "" : "s");
	return rc == 0;
}

char *target_join(char *buf, size_t len)
{
	// Its maker and root both become the lab's root by it: alone, --preserve-credentials leaves root without any
	// right there, and without it the maker may not join, because the groups cannot be dropped.
	snprintf(buf, len, "nsenter -t %d%s", (int)getpid(),
		 lab_has_user() ? " -U -n --preserve-credentials -S 0" : " -n");
	return buf;
}

char *target_name(const struct target *p, char *buf, size_t len)
{
	if (p->lab)
		snprintf(buf, len, "lab%s%.20s", p->with ? " " : "", p->with ? p->with : "");
	else if (p->netns)
		snprintf(buf, len, "netns %.20s", p->netns);
	else
		snprintf(buf, len, "%s", "");
	return buf;
}

const char *target_read_only(const struct target *p)
{
	return p->netns ? "this namespace is read-only; pass --edit to change it"
			: "this host is read-only; pass --edit to change it, or try it in a lab (bindwalk lab)";
}
