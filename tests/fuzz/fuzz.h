// SPDX-License-Identifier: GPL-3.0-or-later
// What a fuzzer has: the entry that libFuzzer calls, and for the short run in the test suite (fuzz_main.c) where to
// begin.
#ifndef BINDWALK_FUZZ_H
#define BINDWALK_FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

// Seed n for mutation; the caller frees it. NULL after the last.
uint8_t *fuzz_seed(size_t n, size_t *size);
// A seed that is a text.
uint8_t *fuzz_copy(const char *text, size_t *size);
// A text that inputs are made up of, NULL after the last.
const char *fuzz_word(size_t n);

// A folder of our own, in memory where the system has that, which goes at the end.
const char *fuzz_folder(void);

// An assertion that libFuzzer and the test suite both notice.
#define FUZZ_REQUIRE(condition)                                                                                        \
	do {                                                                                                           \
		if (!(condition)) {                                                                                    \
			fprintf(stderr, "%s:%d: not so: %s\n", __FILE__, __LINE__, #condition);                        \
			abort();                                                                                       \
		}                                                                                                      \
	} while (0)

#endif
