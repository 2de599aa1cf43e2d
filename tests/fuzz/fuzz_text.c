// SPDX-License-Identifier: GPL-3.0-or-later
// Text of any bytes as columns: names of processes, interfaces and files, and what somebody types.
#include <string.h>

#include "core/text/width.h"
#include "tests/fuzz/fuzz.h"

enum { MOST = 300 };

static void check_characters(const char *text, size_t len)
{
	unsigned cols = 0;
	for (size_t at = 0; at < len;) {
		uint32_t c;
		char again[4];
		size_t n = width_decode(text + at, len - at, &c);
		FUZZ_REQUIRE(n >= 1 && n <= 4 && n <= len - at);
		FUZZ_REQUIRE(c <= 0x10ffff && (c < 0xd800 || c > 0xdfff) && width_char(c) <= 2);
		if (n > 1 || c < 0x80) // an invalid sequence is one byte
			FUZZ_REQUIRE(width_encode(c, again) == n && memcmp(again, text + at, n) == 0);
		cols += width_char(c);
		at += n;
	}
	FUZZ_REQUIRE(width_text(text, len) == cols);
}

static void check_clip(const char *text, size_t len, unsigned cols)
{
	unsigned used = 0;
	size_t n = width_clip(text, len, cols, &used);
	FUZZ_REQUIRE(n <= len && used <= cols && width_text(text, n) == used);
	FUZZ_REQUIRE(n < len || used == width_text(text, len));
}

// The lines have all of the text but the blanks between them.
static void check_wrap(const char *text, size_t len, unsigned cols)
{
	for (size_t at = 0, next = 0; at < len; at += next) {
		size_t n = width_wrap(text + at, len - at, cols, &next);
		FUZZ_REQUIRE(next > 0 && n <= next && at + next <= len);
		FUZZ_REQUIRE(width_text(text + at, n) <= (cols > 2 ? cols : 2));
		FUZZ_REQUIRE(strspn(text + at + n, " ") >= next - n);
	}
}

static void check_elide(const char *text, unsigned cols)
{
	char whole[MOST + 8], small[16];
	width_elide(text, cols, whole, sizeof whole);
	FUZZ_REQUIRE(width_text(whole, strlen(whole)) <= (cols ? cols : 1));
	FUZZ_REQUIRE(width_text(text, strlen(text)) > cols || strcmp(whole, text) == 0);
	width_elide(text, cols, small, sizeof small);
	FUZZ_REQUIRE(memchr(small, '\0', sizeof small));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (!size)
		return 0;
	unsigned cols = data[0];
	data++;
	size = size - 1 > MOST ? MOST : size - 1;
	// A text of its own size, so that a byte too far is noticed.
	char *text = malloc(size + 1);
	FUZZ_REQUIRE(text);
	memcpy(text, data, size);
	if (size) {
		check_characters(text, size);
		check_clip(text, size, cols);
	}
	text[size] = '\0';
	size = strlen(text);
	check_wrap(text, size, cols);
	check_elide(text, cols);
	free(text);
	return 0;
}

static const char *const seeds[] = {"\x14systemd-resolve", "\x05plain words to be wrapped",
				    "\x03\xc3\xa4\xe6\xbc\xa2\xf0\x9f\x98\x80"
				    "e\xcc\x81",
				    "\x02\xff\xc3\xed\xa0\x80\xf4\x90\x80\x80",
				    "\x01\xe2\x80\xae"
				    "abc\xe2\x80\x8b\x1b[31m"};

uint8_t *fuzz_seed(size_t n, size_t *size)
{
	if (n >= sizeof seeds / sizeof seeds[0])
		return NULL;
	return fuzz_copy(seeds[n], size);
}

const char *fuzz_word(size_t n)
{
	static const char *const words[] = {" ",        "\xe6\xbc\xa2", "\xcc\x81", "\xe2\x80\xa6",
					    "\xf0\x9f", "\xc0\x80",     "word",     "\x1b[2J"};
	return n < sizeof words / sizeof words[0] ? words[n] : NULL;
}
