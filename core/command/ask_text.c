// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/command/ask_text.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "core/command/argument.h"
#include "core/model/fail.h"

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static bool is_outcome(const char *word)
{
	char err[ASK_TEXT];
	return strcmp(word, "binds") == 0 || argument_check(ARG_EXPECTED, word, err, sizeof err) == 0;
}

// Where the choices begin, with their bracket; the end of the text if there are none. A bracket within the sentence is
// not one, nor is an address with a port ("[::1]:80").
static size_t find_choices(const char *text, size_t len)
{
	if (len < 3 || text[len - 1] != ']')
		return len;
	size_t at = len - 1;
	while (at > 0 && text[at] != '[')
		at--;
	return text[at] == '[' && at > 0 && is_blank(text[at - 1]) ? at : len;
}

static void copy_text(struct ask *out, const char *text, size_t len)
{
	while (len > 0 && is_blank(text[len - 1]))
		len--;
	if (len >= 2 && (text[0] == '"' || text[0] == '\'') && text[len - 1] == text[0]) {
		text++;
		len -= 2;
	}
	snprintf(out->text, sizeof out->text, "%.*s", (int)len, text);
}

static int add_choice(struct ask *out, const char *word, size_t len, bool *marked, char *err, size_t errlen)
{
	bool right = word[0] == '+';
	word += right;
	len -= right;
	if (len == 0 || len >= ASK_WORD)
		return fail(-EINVAL, err, errlen, "a choice has 1 to %d bytes", ASK_WORD - 1);
	if (out->nchoices == ASK_CHOICES)
		return fail(-EINVAL, err, errlen, "a question has at most %d choices", ASK_CHOICES);
	if (right && *marked)
		return fail(-EINVAL, err, errlen, "only one choice can be marked as right");
	char *copy = out->choice[out->nchoices];
	snprintf(copy, ASK_WORD, "%.*s", (int)len, word);
	for (unsigned i = 0; i < out->nchoices; i++)
		if (strcmp(out->choice[i], copy) == 0)
			return fail(-EINVAL, err, errlen, "the choice %s is given twice", copy);
	if (right) {
		*marked = true;
		out->right = out->nchoices;
	}
	out->nchoices++;
	return 0;
}

int ask_parse(const char *text, struct ask *out, char *err, size_t errlen, size_t *at)
{
	size_t len = strlen(text), begin = find_choices(text, len);
	bool marked = false, outcomes = true;
	int ret = 0;
	*out = (struct ask){0};
	*at = 0;
	copy_text(out, text, begin);
	if (!out->text[0])
		return fail(-EINVAL, err, errlen, "ask needs a question");
	for (size_t i = begin + 1; begin < len && i + 1 < len && ret == 0;) {
		size_t n = 0;
		while (is_blank(text[i]))
			i++;
		while (i + n + 1 < len && !is_blank(text[i + n]))
			n++;
		*at = i;
		ret = n ? add_choice(out, text + i, n, &marked, err, errlen) : 0;
		outcomes = outcomes && ret == 0 && (n == 0 || is_outcome(out->choice[out->nchoices - 1]));
		i += n;
	}
	if (ret < 0 || begin == len)
		return ret;
	*at = begin;
	if (out->nchoices == 1 && strcmp(out->choice[0], "step") == 0 && !marked) {
		out->judge = ASK_STEP;
		return 0;
	}
	if (out->nchoices < 2)
		return fail(-EINVAL, err, errlen, "a question needs at least two choices, or [step]");
	if (!marked && !outcomes)
		return fail(-EINVAL, err, errlen,
			    "mark the right choice with +, or give outcomes only: binds, refused, errnos, codes");
	out->judge = marked ? ASK_AUTHOR : ASK_KERNEL;
	return 0;
}

bool ask_outcome_is(const struct walk *w, const char *outcome)
{
	int err = w->observed.err;
	if (strcmp(outcome, "ok") == 0 || strcmp(outcome, "binds") == 0)
		return err == 0;
	if (strcmp(outcome, "refused") == 0)
		return err != 0;
	return strcmp(outcome, errno_name(err)) == 0 || strcmp(outcome, code_info(w->code)->name) == 0;
}

const char *check_unmet(const struct command_call *check, const struct walk *w, int *param)
{
	for (*param = CHECK_WANTED; *param < CHECK_PROTO; ++*param) {
		const char *want = command_value(check, (unsigned)*param);
		if (want && !ask_outcome_is(w, want))
			return want;
	}
	return NULL;
}
