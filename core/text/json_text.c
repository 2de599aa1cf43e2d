// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/text/json_text.h"

#include <stdlib.h>
#include <string.h>

#include "core/text/growing.h"
#include "core/text/json_memory.h"
#include "core/text/visible.h"

enum { DEL = 0x7f };

json_t *json_text(const char *text)
{
	json_t *out = text ? json_string(text) : json_null();
	size_t size = text ? strlen(text) * (VISIBLE_MOST - 1) + 1 : 0;
	char *shown = out ? NULL : malloc(size);
	if (!out && !shown)
		json_memory_lose();
	if (shown)
		out = json_string(visible_copy(text, shown, size));
	free(shown);
	return out;
}

json_t *json_bytes(const char *text)
{
	struct growing hex = {0};
	json_t *out = json_string(text);
	if (out)
		return out;
	for (const char *at = text; *at; at++)
		growing_add(&hex, "%02x", (unsigned char)*at);
	out = hex.p ? json_pack("{s:s}", "bytes", hex.p) : NULL;
	if (!out)
		json_memory_lose();
	free(hex.p);
	return out;
}

const char *json_text_of(const json_t *value)
{
	return json_string_value(value);
}

char *json_text_print(const json_t *value, size_t flags)
{
	char *text = json_dumps(value, flags | JSON_ENSURE_ASCII);
	if (!text || !strchr(text, DEL)) // of ASCII's controls it is the one that jansson leaves as it is
		return text;
	struct growing escaped = {0};
	for (const char *from = text, *del; from; from = del ? del + 1 : NULL) {
		del = strchr(from, DEL);
		growing_add(&escaped, "%.*s%s", (int)strcspn(from, "\x7f"), from, del ? "\\u007f" : "");
	}
	free(text);
	return escaped.p;
}
