// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/lesson/lesson_place.h"

#include "core/change/lab.h"
#include "core/command/lab_make.h"

int lesson_place_open(struct lesson_place *p, const char *recipe, char *err, size_t errlen)
{
	lesson_place_close(p);
	int rc = lab_is_entered() ? lab_renew(recipe, err, errlen) : lab_enter_recipe(recipe, err, errlen);
	if (rc == 0)
		rc = editor_open(&p->editor, false, err, errlen);
	if (rc < 0)
		return rc;
	rc = session_open(&p->session, p->editor, NULL, err, errlen);
	p->open = true;
	if (rc < 0)
		lesson_place_close(p);
	return rc;
}

void lesson_place_close(struct lesson_place *p)
{
	char err[EDIT_ERROR];
	if (p->open)
		session_close(&p->session);
	editor_close(p->editor, err, sizeof err);
	p->editor = NULL;
	p->open = false;
}
