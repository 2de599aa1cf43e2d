// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/change/editor_impl.h"

#include <string.h>

#include "core/model/fail.h"

int editor_refused(struct editor *e, int rc, const struct edit *edit, char *err, size_t errlen)
{
	char text[EDIT_TEXT];
	const char *why = edit->kind == EDIT_SYSCTL ? "" : change_why(e->changer);
	return fail(rc, err, errlen, "%.160s: %s%s%s", edit_shell(edit, text, sizeof text), strerror(-rc),
		    *why ? ": " : "", why);
}

void editor_forget(struct editor *e)
{
	for (size_t i = 0; i < e->n; i++)
		inventory_free(&e->made[i].back);
	e->n = 0;
}
