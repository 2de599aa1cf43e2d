// SPDX-License-Identifier: GPL-3.0-or-later
#include "tui/charset.h"

#include <langinfo.h>
#include <string.h>

#include "core/text/report.h"
#include "core/text/visible.h"

bool charset_utf8(void)
{
	return strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
}

char *charset_show(const char *text, char *buf, size_t size)
{
	return charset_utf8() ? visible_copy(text, buf, size) : report_ascii(text, buf, size);
}
