// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/command/help_search.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/command/help_topic_text.h"
#include "core/text/growing.h"

enum fit { FIT_NAME, FIT_IN_NAME, FIT_TITLE, FIT_TEXT, FIT_NONE };

enum { WORD = 64, MOST = 512 };

static enum fit fit_of(const struct entry *e, const char *text, const char *word)
{
	char title[TOPIC_TITLE];
	if (entry_is_called(e, word))
		return FIT_NAME;
	if (strcasestr(e->name, word) || strcasestr(e->alias, word))
		return FIT_IN_NAME;
	if (strcasestr(entry_title(e, title, sizeof title), word))
		return FIT_TITLE;
	return text && strcasestr(text, word) ? FIT_TEXT : FIT_NONE;
}

// Cuts off the next word; false at the end.
static bool next_word(const char **words, char *word, size_t len)
{
	const char *p = *words + strspn(*words, " \t");
	size_t n = strcspn(p, " \t");
	snprintf(word, len, "%.*s", (int)n, p);
	*words = p + n;
	return n > 0;
}

// The fit of the worst of all words. `word` gets the first that only the text contains, else "".
static enum fit fit_of_all(const struct entry *e, const char *text, const char *words, char word[static WORD])
{
	char next[WORD];
	enum fit worst = FIT_NAME;
	bool any = false;
	word[0] = '\0';
	for (; worst != FIT_NONE && next_word(&words, next, sizeof next); any = true) {
		enum fit fit = fit_of(e, text, next);
		if (fit == FIT_TEXT && !word[0])
			memcpy(word, next, sizeof next);
		worst = fit > worst ? fit : worst;
	}
	return any ? worst : FIT_NONE;
}

size_t help_search(const char *words, struct entry *out, size_t room)
{
	struct entry all[MOST];
	enum fit fits[MOST];
	char word[WORD];
	size_t n = 0, found = 0;
	for (struct entry e = {0}; n < MOST && entry_next(&e); n++) {
		char *text = entry_own_text(&e);
		all[n] = e;
		fits[n] = fit_of_all(&e, text, words, word);
		free(text);
	}
	for (enum fit fit = FIT_NAME; fit < FIT_NONE; fit++)
		for (size_t i = 0; i < n; i++)
			// cppcheck-suppress uninitvar ; n of them are set
			if (fits[i] == fit && found++ < room)
				out[found - 1] = all[i];
	return found;
}

// The paragraph that contains the word.
static void add_excerpt(struct growing *t, const char *text, const char *word)
{
	const char *at = strcasestr(text, word), *from = at, *end = strchrnul(at, '\n');
	while (from > text && from[-1] != '\n')
		from--;
	from += strspn(from, " *=-");
	growing_add(t, "  ... %.*s\n", (int)(end - from), from);
}

char *help_hits(const char *words, size_t *found)
{
	enum { SHOWN = 64 };
	struct entry hits[SHOWN];
	struct growing t = {0};
	char title[TOPIC_TITLE], word[WORD];
	*found = help_search(words, hits, SHOWN);
	growing_add(&t, "%zu text%s \"%.60s\"\n", *found, *found == 1 ? " mentions" : "s mention", words);
	for (size_t i = 0; i < *found && i < SHOWN; i++) {
		const struct entry *e = &hits[i];
		char *text = entry_own_text(e);
		growing_add(&t, "* %s: the %s\n  %s\n", e->name, about_name(e->about),
			    entry_title(e, title, sizeof title));
		fit_of_all(e, text, words, word);
		if (word[0])
			add_excerpt(&t, text, word);
		free(text);
	}
	return t.p;
}
