// SPDX-License-Identifier: GPL-3.0-or-later
// What the locale's terminal can show.
#ifndef BINDWALK_CHARSET_H
#define BINDWALK_CHARSET_H

#include <stdbool.h>
#include <stddef.h>

// Is it UTF-8? Elsewhere the bytes of a character may be controls, so nothing beyond ASCII is sent.
bool charset_utf8(void);
// Text from outside as this terminal may be sent it; what does not fit into size > 0 is cut. Returns buf.
char *charset_show(const char *text, char *buf, size_t size);

#endif
