// SPDX-License-Identifier: GPL-3.0-or-later
// Plain structs as JSON and back, by tables: one row for each member. Pure.
#ifndef BINDWALK_FIELD_H
#define BINDWALK_FIELD_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum field_type {
	FIELD_BOOL,
	FIELD_TRI,    // enum tri: true, false, null for not known
	FIELD_NUMBER, // unsigned, of 1, 2, 4 or 8 bytes
	FIELD_SIGNED, // of 4 or 8 bytes, from -most on
	FIELD_NAME,   // char[size]: bytes, which are UTF-8 nearly always
	FIELD_ADDR,   // struct addr, "" for none
	FIELD_PREFIX, // struct prefix
	FIELD_WORD,   // an enum, each of whose values has a word
};

struct field {
	const char *name;
	enum field_type type;
	size_t offset, size;
	uint64_t most;                   // FIELD_NUMBER, FIELD_SIGNED: the largest value; FIELD_WORD: how many words
	const char *(*word)(unsigned n); // FIELD_WORD
};

#define FIELD(name, type, of, member, most)                                                                            \
	{                                                                                                              \
		name, type, offsetof(of, member), sizeof(((of *)0)->member), most, NULL                                \
	}
#define FIELD_OF_WORDS(name, of, member, count, word)                                                                  \
	{                                                                                                              \
		name, FIELD_WORD, offsetof(of, member), sizeof(((of *)0)->member), count, word                         \
	}

// Rows of a table.
#define FIELD_U8(name, of, member)    FIELD(name, FIELD_NUMBER, of, member, UINT8_MAX)
#define FIELD_U16(name, of, member)   FIELD(name, FIELD_NUMBER, of, member, UINT16_MAX)
#define FIELD_U32(name, of, member)   FIELD(name, FIELD_NUMBER, of, member, UINT32_MAX)
#define FIELD_U64(name, of, member)   FIELD(name, FIELD_NUMBER, of, member, UINT64_MAX)
#define FIELD_FLAG(name, of, member)  FIELD(name, FIELD_BOOL, of, member, 1)
#define FIELD_MAYBE(name, of, member) FIELD(name, FIELD_TRI, of, member, 2)
#define FIELD_BYTES(name, of, member) FIELD(name, FIELD_NAME, of, member, 0)
#define FIELD_AT(name, of, member)    FIELD(name, FIELD_ADDR, of, member, 0)
#define FIELD_NET(name, of, member)   FIELD(name, FIELD_PREFIX, of, member, 0)
#define FIELD_INT(name, of, member)   FIELD(name, FIELD_SIGNED, of, member, INT32_MAX)
#define FIELD_I64(name, of, member)   FIELD(name, FIELD_SIGNED, of, member, INT64_MAX)
#define FIELD_ERRNO(name, of, member) FIELD(name, FIELD_SIGNED, of, member, 4095) // or its negative

// Where a reader is in a file of JSON, for its errors: "frames[3].host.links[0].name".
struct json_place {
	char at[160];
	char *err; // gets a sentence: the place, and what is expected there
	size_t errlen;
	bool failed; // only the first error is told
};

// Goes into a member or an element (name NULL) of a value; returns what json_leave() needs to go back.
size_t json_enter(struct json_place *p, const char *name, size_t index);
void json_leave(struct json_place *p, size_t was);
// "AT: WHAT". Always false.
__attribute__((format(printf, 2, 3))) bool json_wrong(struct json_place *p, const char *fmt, ...);
// The member of an object, or NULL if it is not there or is not of that type; then, if it is there or `needed`, that is
// an error.
json_t *json_member(struct json_place *p, const json_t *object, const char *name, json_type type, bool needed);

// What is zero is left out; the table ends with a row without a name.
void fields_put(const struct field *table, const void *from, json_t *out);
json_t *row_json(const struct field *table, const void *row);
json_t *list_json(const struct field *table, const void *rows, size_t n, size_t size);
// `to` begins zeroed; what is not there stays so. What the table does not know is passed over. False if a value is not
// one that the member may have.
bool fields_take(const struct field *table, struct json_place *p, const json_t *from, void *to);
// The same of a member that is an object; if it is not there, `to` stays as it is, and true unless it is `needed`.
bool fields_take_member(const struct field *table, struct json_place *p, const json_t *object, const char *name,
			bool needed, void *to);

#endif
