// SPDX-License-Identifier: GPL-3.0-or-later
// What tracefs says of a tracepoint, and records of it: the input is a record, its length in the first byte, then the
// format.
#include <string.h>

#include "core/evidence/tracepoint.h"
#include "tests/fuzz/fuzz.h"

enum { MOST = 800 };

static const char form[] = "name: fib_table_lookup\n"
			   "ID: 2264\n"
			   "format:\n"
			   "\tfield:unsigned short common_type;\toffset:0;\tsize:2;\tsigned:0;\n"
			   "\tfield:u32 tb_id;\toffset:8;\tsize:4;\tsigned:0;\n"
			   "\tfield:int err;\toffset:12;\tsize:4;\tsigned:1;\n"
			   "\tfield:__u8 dst[4];\toffset:16;\tsize:4;\tsigned:0;\n"
			   "\tfield:char name[16];\toffset:20;\tsize:16;\tsigned:0;\n"
			   "\tfield:__data_loc char[] where;\toffset:36;\tsize:4;\tsigned:0;\n";

static void check_record(const struct tracepoint *t, const uint8_t *record, size_t len)
{
	for (unsigned i = 0; i < t->nfields; i++) {
		const struct trace_field *f = &t->fields[i];
		uint8_t bytes[8];
		char text[8];
		int64_t n = 0;
		FUZZ_REQUIRE(memchr(f->name, '\0', sizeof f->name) && f->name[0]);
		bool number = trace_number(f, record, len, &n), raw = trace_bytes(f, record, len, bytes, sizeof bytes);
		FUZZ_REQUIRE(!number || (f->size <= 8 && f->offset + f->size <= len && !f->located));
		FUZZ_REQUIRE(!raw || (f->size == sizeof bytes && f->offset + f->size <= len));
		FUZZ_REQUIRE(!number || f->size == 8 || (n < INT64_C(1) << 32 && n >= -(INT64_C(1) << 31)));
		if (trace_text(f, record, len, text, sizeof text))
			FUZZ_REQUIRE(memchr(text, '\0', sizeof text));
		const struct trace_field *named = tracepoint_field(t, f->name);
		FUZZ_REQUIRE(named && named <= f && strcmp(named->name, f->name) == 0);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct tracepoint known;
	char text[MOST + 1];
	struct tracepoint t;
	if (!size)
		return 0;
	if (!known.nfields)
		FUZZ_REQUIRE(tracepoint_parse(form, &known) == 0);
	size_t len = data[0] < size ? data[0] : size - 1;
	// A record of its own size, so that a byte too far is noticed.
	uint8_t *record = malloc(len ? len : 1);
	FUZZ_REQUIRE(record);
	memcpy(record, data + 1, len);
	check_record(&known, record, len);
	data += 1 + len;
	size -= 1 + len;
	size = size > MOST ? MOST : size;
	memcpy(text, data, size);
	text[size] = '\0';
	if (tracepoint_parse(text, &t) == 0) {
		FUZZ_REQUIRE(t.id > 0 && t.nfields > 0 && t.nfields <= TRACE_FIELDS);
		check_record(&t, record, len);
	}
	free(record);
	return 0;
}

uint8_t *fuzz_seed(size_t n, size_t *size)
{
	enum { RECORD = 48 };
	if (n >= 3)
		return NULL;
	uint8_t *seed = calloc(1, 1 + RECORD + sizeof form);
	FUZZ_REQUIRE(seed);
	size_t len = n ? RECORD : 0;
	seed[0] = (uint8_t)len;
	seed[1 + len / 2] = (uint8_t)n; // somewhere in the record
	memcpy(seed + 1 + len, form, sizeof form - 1);
	*size = 1 + len + sizeof form - 1;
	return seed;
}

const char *fuzz_word(size_t n)
{
	static const char *const words[] = {"\tfield:",  ";\toffset:",  ";\tsize:", ";\tsigned:1;\n",
					    "\nID: 1\n", "__data_loc ", "char[] ",  "[16]",
					    "* name",    "4294967295",  "65535",    "99999"};
	return n < sizeof words / sizeof words[0] ? words[n] : NULL;
}
