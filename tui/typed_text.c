// SPDX-License-Identifier: GPL-3.0-or-later
#include "tui/typed_text.h"

#include <string.h>

#include "core/text/width.h"

bool typed_text(char *text, size_t size, const struct key *key)
{
	char bytes[4];
	size_t len = strlen(text);
	if (key->code == K_BACKSPACE || key->code == K_CTRL('H') || key->code == 127) {
		while (len > 0 && ((unsigned char)text[--len] & 0xc0) == 0x80)
			;
	} else if (key->code == K_CTRL('U') || key->code == K_CTRL('W')) {
		len = 0;
	} else if (key->code >= K_SPACE && key->code < K_NONE && !key->alt) {
		size_t n = width_encode(key->code, bytes);
		if (len + n < size) {
			memcpy(text + len, bytes, n);
			len += n;
		}
	} else {
		return false;
	}
	text[len] = '\0';
	return true;
}
