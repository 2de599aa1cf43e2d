// SPDX-License-Identifier: GPL-3.0-or-later
#include "tui/confirm.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/command/command.h"
#include "core/command/command_edit.h"
#include "core/command/command_parse.h"
#include "core/text/growing.h"
#include "tui/answer.h"
#include "tui/complain.h"
#include "tui/line_error.h"

enum { SHOWN = EDIT_TEXT + 160 };

void confirm_free(struct confirm *c)
{
	for (size_t i = 0; i < c->n; i++)
		free(c->shown[i].text);
	free(c->shown);
	c->shown = NULL;
	c->n = 0;
}

static int add(struct confirm *c, const struct confirmed *one, const char *text)
{
	struct confirmed *more = realloc(c->shown, (c->n + 1) * sizeof *more);
	if (!more)
		return -ENOMEM;
	c->shown = more;
	more[c->n] = *one;
	more[c->n].text = strdup(text);
	return more[c->n].text ? (int)++c->n : -ENOMEM;
}

// The state at that moment shows what the kernel would remove.
static const char *say_later(const struct edit *e)
{
	bool picks = !e->add && (e->kind == EDIT_ROUTE || e->kind == EDIT_RULE);
	return picks ? "  (asks again if the exact command says more)" : "";
}

// 0 or more; -errno with a sentence in err.
static int add_call(struct confirm *c, unsigned line, const struct command_call *call, char *err, size_t errlen)
{
	struct confirmed one = {.line = line, .act = EDITOR_MAKE, .more = ""};
	struct edit edits[COMMAND_EDITS];
	char text[EDIT_TEXT];
	switch (call->id) {
	case CMD_KEEP:
		one.act = EDITOR_KEEP;
		one.more = "  (keeps every change made by then)";
		return add(c, &one, "keep");
	case CMD_UNDO:
		one.act = EDITOR_UNDO;
		return add(c, &one, command_value(call, 0) ? "undo all" : "undo");
	default:
		if (!command_changes(call->id) || (command_info(call->id)->needs & NEED_SCREEN))
			return 0;
	}
	int n = command_edits(call, edits, err, errlen);
	if (n == -ENODATA) {
		one.more = "  (asks again when its value is known)";
		snprintf(text, sizeof text, "sysctl %s", edits[0].sysctl.name); // as no change prints
		return add(c, &one, text);
	}
	int rc = n;
	for (int i = 0; i < n && rc >= 0; i++) {
		one.more = say_later(&edits[i]);
		rc = add(c, &one, edit_shell(&edits[i], text, sizeof text));
	}
	return rc;
}

// Up to where it would end in any case. -1, or the exit status.
static int read_whole(struct confirm *c, struct script *script)
{
	struct session_error error;
	struct command_call call;
	int rc = 0;
	while (rc >= 0 && script_next(script)) {
		error = (struct session_error){.has_column = true, .column = script->column};
		if (script->wrong) {
			snprintf(error.text, sizeof error.text, "%s", script->wrong);
			rc = -EINVAL;
		} else {
			rc = command_parse(script->now, &call, error.text, sizeof error.text, &error.column);
		}
		if (rc == 0 && call.id == CMD_QUIT)
			break;
		if (rc == 0) {
			error.has_column = false;
			rc = add_call(c, script->line, &call, error.text, sizeof error.text);
		} else if (rc == -ENODATA) { // blank, or a comment
			rc = 0;
		}
	}
	if (rc == -ENOMEM)
		complain("out of memory; nothing was changed");
	else if (rc < 0)
		line_error_print(script->name, script->line, script->now, &error);
	script_rewind(script);
	return rc == -ENOMEM ? EXIT_MISSING : rc < 0 ? EXIT_WRONG : -1;
}

static bool ask_for_all(const struct confirm *c, const char *name)
{
	char heading[SHOWN];
	struct growing lines = {0};
	for (size_t i = 0; i < c->n; i++)
		growing_add(&lines, "  %u: %s%s\n", c->shown[i].line, c->shown[i].text, c->shown[i].more);
	snprintf(heading, sizeof heading,
		 "%.80s changes this host. When it ends, everything it does not keep is undone:\n", name);
	bool shown = lines.p && answer_show_lines(heading, lines.p);
	free(lines.p);
	return shown && answer_ask("Continue? [y/N] ", "y") == 'y';
}

int confirm_script(struct confirm *c, struct script *script)
{
	int how = read_whole(c, script);
	if (how >= 0 || c->n == 0 || c->yes)
		return how;
	if (!answer_possible()) {
		complain(
			"this script changes the host, and there is no terminal to ask on; pass --yes to confirm all of it");
		return EXIT_MISSING;
	}
	if (ask_for_all(c, script->name))
		return -1;
	complain("not confirmed; nothing was changed");
	return EXIT_MISSING;
}

static bool was_shown(struct confirm *c, enum editor_act act, const char *text)
{
	for (size_t i = 0; i < c->n; i++) {
		struct confirmed *one = &c->shown[i];
		if (one->spent || one->line != c->line || one->act != act ||
		    (act == EDITOR_MAKE && strcmp(one->text, text) != 0))
			continue;
		one->spent = true;
		return true;
	}
	return false;
}

enum editor_consent confirm_act(enum editor_act act, const struct edit *e, void *data)
{
	struct confirm *c = data;
	char text[EDIT_TEXT] = "", question[SHOWN];
	if (e)
		edit_shell(e, text, sizeof text);
	if (c->yes || was_shown(c, act, text) || (act == EDITOR_UNDO && c->by_hand))
		return EDITOR_YES;
	switch (act) {
	case EDITOR_MAKE:
		snprintf(question, sizeof question, "Change this host: %s? [y/N] ", text);
		break;
	case EDITOR_KEEP:
		snprintf(question, sizeof question, "Keep the changes made so far for good? [y/N] ");
		break;
	case EDITOR_UNDO:
		snprintf(question, sizeof question, "Undo the changes? [y/N] ");
		break;
	}
	return answer_ask(question, "y") == 'y' ? EDITOR_YES_NOW : EDITOR_NO;
}
