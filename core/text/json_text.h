// SPDX-License-Identifier: GPL-3.0-or-later
// Text in JSON. All strings of outside bytes come in here, and all JSON goes out here. Pure.
#ifndef BINDWALK_JSON_TEXT_H
#define BINDWALK_JSON_TEXT_H

#include <jansson.h>

// JSON is Unicode, but names are bytes: a text that is not UTF-8 becomes the one that shows it, "\\x9b" for the byte
// 0x9b. null for NULL; NULL when memory fails.
json_t *json_text(const char *text);
// The bytes themselves, for who reads them back: {"bytes": "6e9b"} where they are not UTF-8. NULL when memory fails.
json_t *json_bytes(const char *text);
// What a string says; NULL for another value.
const char *json_text_of(const json_t *value);
// The value in ASCII, with escapes for all that can't be shown; flags are those of json_dumps(). The caller frees it;
// NULL when memory fails.
char *json_text_print(const json_t *value, size_t flags);

#endif
