// SPDX-License-Identifier: GPL-3.0-or-later
// Scripts of any bytes: read at once and line by line they are the same lines, none of which has what no line may have.
#include <string.h>

#include "core/command/script_read.h"
#include "tests/fuzz/fuzz.h"

static void check_line(const struct script *s)
{
	size_t len = strlen(s->now);
	FUZZ_REQUIRE(len <= SCRIPT_LINE && !strpbrk(s->now, "\r\n"));
	FUZZ_REQUIRE(!s->wrong || s->column == len);
}

static size_t lines_in(const uint8_t *data, size_t size)
{
	size_t n = size && data[size - 1] != '\n';
	for (size_t i = 0; i < size; i++)
		n += data[i] == '\n';
	return n;
}

// Whoever runs a stream stops at the first line that is wrong; one that is too long is several lines there.
static void check_stream(struct script *whole, FILE *in)
{
	struct script s;
	FUZZ_REQUIRE(script_follow(&s, "stream", in) == 0);
	FUZZ_REQUIRE(!script_rewind(&s));
	while (script_next(&s)) {
		check_line(&s);
		FUZZ_REQUIRE(script_next(whole));
		FUZZ_REQUIRE(strcmp(s.now, whole->now) == 0 && !s.wrong == !whole->wrong && s.line == whole->line);
		if (s.wrong)
			break;
	}
	script_free(&s);
}

static int count(void *data, const struct script *at)
{
	FUZZ_REQUIRE(at->line == ++*(unsigned *)data);
	return 0;
}

static void check(const uint8_t *data, size_t size)
{
	struct script s;
	unsigned n = 0;
	FILE *in = fmemopen((void *)(uintptr_t)data, size, "r");
	FUZZ_REQUIRE(in && script_read(&s, "file", in) == 0);
	while (script_next(&s)) {
		n++;
		check_line(&s);
		FUZZ_REQUIRE(s.line == n);
	}
	FUZZ_REQUIRE(n == lines_in(data, size));
	FUZZ_REQUIRE(script_rewind(&s));
	rewind(in);
	check_stream(&s, in);
	if (n) {
		unsigned to = 1 + data[0] % n, counted = 0;
		FUZZ_REQUIRE(script_jump(&s, to, count, &counted) == 0);
		FUZZ_REQUIRE(counted == to - 1 && script_next(&s) && s.line == to);
	}
	script_free(&s);
	fclose(in);
}

// The first byte says whether what follows begins in a line that has nearly all the bytes that a line may have.
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	enum { LONG = SCRIPT_LINE - 5, MOST = 1000 };
	static uint8_t text[LONG + MOST];
	if (size < 2)
		return 0;
	size_t before = data[0] == 'L' ? LONG : 0;
	memset(text, 'x', before);
	size = size - 1 > MOST ? MOST : size - 1;
	memcpy(text + before, data + 1, size);
	check(text, before + size);
	return 0;
}

uint8_t *fuzz_seed(size_t n, size_t *size)
{
	static const char *const seeds[] = {"-bind 127.0.0.1 80\nexpect ok\n",
					    "-# a comment\r\n\r\nset freebind 1\r\n",
					    "-undo",
					    "-\n\n\n",
					    "-a\rb\n",
					    "L1234\n",
					    "L1234\r\nnext\n",
					    "L12345",
					    "L123456\nnext"};
	if (n >= sizeof seeds / sizeof seeds[0])
		return NULL;
	return fuzz_copy(seeds[n], size);
}

const char *fuzz_word(size_t n)
{
	static const char *const words[] = {"\n", "\r\n", "\r", "bind", "#", " "};
	return n < sizeof words / sizeof words[0] ? words[n] : NULL;
}
