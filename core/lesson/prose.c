// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/lesson/prose.h"

#include <string.h>
#include <strings.h>

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n';
}

// Of a character beyond ASCII each byte counts as a letter.
static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || (unsigned char)c >= 0x80;
}

// The word that begins at text[at], where no blank is.
static size_t word_len(const char *text, size_t len, size_t at)
{
	size_t end = at;
	while (end < len && !is_blank(text[end]))
		end++;
	return end - at;
}

static bool is_word(const char *text, size_t len)
{
	static const char dashes[] = "\xe2\x80\x93\xe2\x80\x94\xe2\x80\xa6\xe2\x86\x92"; // – — … →
	if (len == 3 && memmem(dashes, sizeof dashes - 1, text, len))
		return false;
	for (size_t i = 0; i < len; i++)
		if (is_letter(text[i]))
			return true;
	return false;
}

unsigned prose_words(const char *text, size_t len)
{
	unsigned n = 0;
	for (size_t at = 0, word; at < len; at += word ? word : 1) {
		word = word_len(text, len, at);
		n += word && is_word(text + at, word);
	}
	return n;
}

static bool is_short_form(const char *word, size_t len)
{
	static const char *const forms[] = {"e.g.", "i.e.", "cf.", "vs.", "etc.", "approx.", "incl.", "no."};
	while (len && (*word == '(' || *word == '"')) {
		word++;
		len--;
	}
	for (size_t i = 0; i < sizeof forms / sizeof *forms; i++)
		if (len == strlen(forms[i]) && strncasecmp(word, forms[i], len) == 0)
			return true;
	return false;
}

// Does a sentence end behind this word? Quotes and brackets may close behind the stop.
static bool ends_sentence(const char *word, size_t len)
{
	size_t n = len;
	while (n && (word[n - 1] == '"' || word[n - 1] == '\'' || word[n - 1] == ')' || word[n - 1] == ']'))
		n--;
	return n && strchr(".!?", word[n - 1]) && !is_short_form(word, n);
}

bool prose_sentence(const char *text, struct sentence *s)
{
	size_t len = strlen(text), at = s->at + s->len;
	while (at < len && is_blank(text[at]))
		at++;
	*s = (struct sentence){.at = at};
	for (bool ended = false; at < len && !ended;) {
		size_t word = word_len(text, len, at);
		ended = ends_sentence(text + at, word);
		at += word;
		s->len = at - s->at;
		while (at < len && is_blank(text[at]))
			at++;
	}
	s->words = prose_words(text + s->at, s->len);
	return s->len > 0;
}
