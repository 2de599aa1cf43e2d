// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/faults/judge.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include <jansson.h>

#include "core/change/editor.h"
#include "core/change/editor_undo.h"
#include "core/change/inventory_read.h"
#include "core/command/command_edit.h"
#include "tests/faults/calls.h"

__attribute__((format(printf, 2, 3))) static bool bad(char *why, const char *fmt, ...)
{
	size_t used = strlen(why);
	va_list args;
	va_start(args, fmt);
	vsnprintf(why + used, WHY - used, fmt, args);
	va_end(args);
	return false;
}

int code_of(const struct outcome *o)
{
	return WIFEXITED(o->status) ? WEXITSTATUS(o->status) : -1;
}

// One message: a sentence, and with it the line of the script that it is about. What --edit undid at the end is said
// without a fault as well.
static bool says_why(const struct outcome *got, char *why)
{
	unsigned n = 0;
	for (const char *p = got->err, *end; *p; p = *end ? end + 1 : end) {
		static const char undone[] = " undone";
		end = p + strcspn(p, "\n");
		bool says = end - p < (ptrdiff_t)sizeof undone ||
			    memcmp(end - sizeof undone + 1, undone, sizeof undone - 1) != 0;
		n += says && strncmp(p, "  ", 2) != 0;
	}
	return n == 1 || bad(why, "%u messages", n);
}

// Where two texts differ first: the line of the one that we got.
static const char *difference(const char *a, const char *b)
{
	static char line[256];
	const char *begin = b;
	for (; *a && *a == *b; a++, b++)
		if (*b == '\n')
			begin = b + 1;
	snprintf(line, sizeof line, "%.*s", (int)strcspn(begin, "\n"), begin);
	return line;
}

// Is it the same line, or says it honestly that less was found out?
static bool is_honest(const char *good, size_t goodlen, const char *got, size_t len)
{
	char a[512], b[512];
	snprintf(a, sizeof a, "%.*s", (int)goodlen, good);
	snprintf(b, sizeof b, "%.*s", (int)len, got);
	char *asked = strstr(a, "+asked");
	if (asked && !strstr(b, "+asked"))
		*asked = '\0';
	size_t same = strlen(b); // how far a verdict holds is left out where not all holders are known
	bool less = strncmp(a, b, same) == 0 && strncmp(a + same, ", the same for ", 15) == 0;
	return strcmp(a, b) == 0 || less || strstr(b, "not looked up");
}

static bool is_honest_text(const char *good, const char *got)
{
	while (*good && *got) {
		size_t n = strcspn(good, "\n"), m = strcspn(got, "\n");
		if (!is_honest(good, n, got, m))
			return false;
		good += n + (good[n] == '\n');
		got += m + (got[m] == '\n');
	}
	return *good == *got;
}

static bool is_prefix(const char *good, const char *got)
{
	return strncmp(good, got, strlen(got)) == 0;
}

// An input that could not be read is named, and bind() did what it does.
static bool names_what_lacks(const char *good, const char *got)
{
	const char *a = strstr(good, " result "), *b = strstr(got, " result ");
	return a && b && strstr(got, " cannot tell: ") && strncmp(a, b, strcspn(a, "\n") + 1) == 0;
}

// Less than the whole only where the output could not be written.
static bool judge_answer(const struct outcome *good, const struct outcome *got, char *why)
{
	if (good->status == got->status &&
	    (is_honest_text(good->out, got->out) || names_what_lacks(good->out, got->out)))
		return true;
	if (code_of(got) == 4 && is_prefix(good->out, got->out))
		return says_why(got, why);
	return bad(why, "another answer, as in: %s", difference(good->out, got->out));
}

static bool is_honest_json(const json_t *good, const json_t *got, const char *key);

static bool is_honest_object(const json_t *good, const json_t *got)
{
	static const char *const may_lack[] = {"asked", "lsms", "seccomp"};
	const char *key;
	json_t *value;
	size_t n = 0;
	const char *finding = json_string_value(json_object_get(got, "finding"));
	bool lacks_input = finding && json_array_size(json_object_get(got, "unknown")) > 0;
	if (lacks_input || (finding && strcmp(finding, "PORT_UNASKED") == 0))
		return true; // a step that says so
	json_object_foreach((json_t *)(uintptr_t)good, key, value)
	{
		json_t *other = json_object_get(got, key);
		bool lacks = false;
		for (size_t i = 0; i < sizeof may_lack / sizeof may_lack[0]; i++)
			lacks |= !other && strcmp(key, may_lack[i]) == 0;
		if (!lacks && !(other && is_honest_json(value, other, key)))
			return false;
		n += other != NULL;
	}
	return n == json_object_size(got);
}

// Without memory to try a remedy, it is not offered.
static bool is_subset(const json_t *good, const json_t *got)
{
	size_t at = 0;
	for (size_t i = 0; i < json_array_size(good) && at < json_array_size(got); i++)
		at += is_honest_json(json_array_get(good, i), json_array_get(got, at), "");
	return at == json_array_size(got);
}

// The same, or honestly less. A descriptor's number is not part of the answer.
static bool is_honest_json(const json_t *good, const json_t *got, const char *key)
{
	if (json_is_object(good) && json_is_object(got))
		return is_honest_object(good, got);
	if (json_is_array(good) && json_array_size(good) == json_array_size(got)) {
		bool same = true;
		for (size_t i = 0; i < json_array_size(good); i++)
			same &= is_honest_json(json_array_get(good, i), json_array_get(got, i), "");
		return same;
	}
	if (json_is_array(good) && json_is_array(got) && strcmp(key, "remedies") == 0)
		return is_subset(good, got);
	if (json_is_array(got) && strcmp(key, "unknown") == 0)
		return true;
	// What could not be read is null, and never its default.
	static const char *const may_be_null[] = {"capabilities", "seccomp", "holds_for"};
	for (size_t i = 0; i < sizeof may_be_null / sizeof *may_be_null; i++)
		if (json_is_null(got) && strcmp(key, may_be_null[i]) == 0)
			return true;
	if (json_equal(good, got) || (json_is_integer(good) && json_is_integer(got) && strcmp(key, "returned") == 0) ||
	    (json_is_false(got) && (strcmp(key, "verified") == 0 || strcmp(key, "certain") == 0)))
		return true;
	const char *a = json_string_value(good), *b = json_string_value(got);
	return a && b && strcmp(a, "asked") == 0 && strcmp(b, "model") == 0;
}

static bool judge_json(const struct outcome *good, const struct outcome *got, char *why)
{
	json_t *a = json_loads(good->out, 0, NULL), *b = json_loads(got->out, 0, NULL);
	bool same = b && good->status == got->status && is_honest_json(a, b, "");
	json_decref(a);
	json_decref(b);
	return same || judge_answer(good, got, why);
}

// Each line is as it should be, but for the last one, which may tell the error.
static bool judge_json_lines(const struct outcome *good, const struct outcome *got, char *why)
{
	const char *a = good->out, *b = got->out;
	while (*a && *b) {
		size_t n = strcspn(a, "\n") + 1, m = strcspn(b, "\n") + 1;
		json_t *x = json_loadb(a, n, 0, NULL), *y = json_loadb(b, m, 0, NULL);
		bool same = y && is_honest_json(x, y, ""), fails = y && json_object_get(y, "error");
		json_decref(x);
		json_decref(y);
		if (!same && !(fails && code_of(got) && !b[m]))
			return bad(why, "another answer: %.*s", (int)m, b);
		a += n;
		b += m;
	}
	if (code_of(got) == 0)
		return *a == *b || bad(why, "status 0, and not the whole answer");
	return says_why(got, why);
}

static bool judge_lines(const struct outcome *good, const struct outcome *got, char *why)
{
	if (code_of(got) == 0)
		return is_honest_text(good->out, got->out) ||
		       bad(why, "status 0, and another answer: %s", difference(good->out, got->out));
	if (is_prefix(good->out, got->out))
		return says_why(got, why);
	return bad(why, "another answer, as in: %s", difference(good->out, got->out));
}

// What the explorer says of an input that it could not read, or of a list that it can't show.
static bool is_honest_screen(const char *screen)
{
	static const char *const words[] = {
		"failed",      "cannot",    "can't",   "not looked up", "out of memory",
		"cannot hear", "could not", "reading", "- predicted +"}; // a bind that could not be tried leaves that
	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
		if (strstr(screen, words[i]))
			return true;
	return false;
}

// The same picture, or the kernel was not asked for a step.
static bool is_honest_picture(const char *good, const char *got)
{
	static const char asked[] = "model+asked", unasked[] = "      model";
	const size_t n = sizeof asked - 1;
	while (*good && *got) {
		bool less = strncmp(good, asked, n) == 0 && strncmp(got, unasked, n) == 0;
		if (!less && *good != *got)
			return false;
		good += less ? n : 1;
		got += less ? n : 1;
	}
	return *good == *got;
}

// The very call that would bring the terminal back is one that nothing makes up for.
static bool may_be_left(const struct site *at)
{
	return fault_calls[at->call].number == SYS_write || fault_calls[at->call].number == SYS_ioctl;
}

// A library that ends the program says why in its own words; curses that had no memory may draw wrongly. A list that
// was shown late may be scrolled otherwise.
static bool judge_screen(const struct site *at, bool in_library, const struct outcome *good, const struct outcome *got,
			 char *why)
{
	if (got->left && !may_be_left(at))
		return bad(why, "the terminal is left as it was");
	if (WIFSIGNALED(got->status))
		return true;
	if (code_of(got) == 0)
		return is_honest_picture(good->out, got->out) || is_honest_screen(got->out) || got->said ||
		       in_library || bad(why, "another picture: %s", difference(good->out, got->out));
	// Keys that nobody took any more are echoed behind it.
	const char *first = strstr(got->err, "bindwalk: ");
	if (!got->err[0] || (first && strstr(first + 1, "bindwalk: ")))
		return bad(why, "not one message");
	return true;
}

char *print_namespace(char *out)
{
	struct inventory now;
	char line[EDIT_TEXT];
	size_t used = 0;
	out[0] = '\0';
	if (inventory_read(&now, INVENTORY_ALL, NULL, NULL) < 0)
		abort();
	for (size_t i = 0; i < now.n; i++)
		used += (size_t)snprintf(out + used, TEXT - used, "%s\n", edit_print(&now.edits[i], line, sizeof line));
	inventory_free(&now);
	return out;
}

static enum editor_consent allow(enum editor_act act, const struct edit *e, void *data)
{
	(void)act;
	(void)e;
	(void)data;
	return EDITOR_YES;
}

static bool recover(char *why)
{
	char err[EDIT_ERROR] = "";
	struct editor *e;
	if (editor_open(&e, true, err, sizeof err) < 0)
		return bad(why, "%s", err);
	editor_ask(e, allow, NULL);
	int n = editor_recover(e, command_edit_line, err, sizeof err);
	if (n > 0)
		n = editor_undo(e, true, err, sizeof err);
	editor_leave(e);
	return n >= 0 || bad(why, "%s", err);
}

bool judge_namespace(const char *before, const char *good, char *why)
{
	static char after[TEXT];
	if (!recover(why))
		return false;
	print_namespace(after);
	return strcmp(after, before) == 0 || strcmp(after, good) == 0 ||
	       bad(why, "half changed: %s", difference(before, after));
}

// Curses crashes itself where memory is short. Then all that can be had is the terminal as it was.
bool judge(enum judgement kind, const struct site *at, bool in_library, const struct outcome *good,
	   const struct outcome *got, char *why)
{
	if (got->hangs)
		return bad(why, "it hangs");
	if (!WIFEXITED(got->status) && (kind != SCREEN || got->left || !in_library))
		return bad(why, "signal %d", WTERMSIG(got->status));
	switch (kind) {
	case ANSWER:
		return judge_answer(good, got, why);
	case JSON:
		return judge_json(good, got, why);
	case SCREEN:
		return judge_screen(at, in_library, good, got, why);
	case JSON_LINES:
		return judge_json_lines(good, got, why);
	default:
		return judge_lines(good, got, why);
	}
}
