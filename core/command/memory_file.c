// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/command/memory_file.h"

#include <errno.h>
#include <stdlib.h>

static ssize_t take(void *data, const char *bytes, size_t n)
{
	struct growing *t = data;
	growing_add(t, "%.*s", (int)n, bytes);
	return t->failed ? -1 : (ssize_t)n;
}

int memory_file_open(struct memory_file *m)
{
	*m = (struct memory_file){0};
	m->file = fopencookie(&m->text, "w", (cookie_io_functions_t){.write = take});
	return m->file ? 0 : -ENOMEM;
}

int memory_file_close(struct memory_file *m, int err)
{
	fclose(m->file);
	m->file = NULL;
	if (err == 0 && m->text.failed)
		err = -ENOMEM;
	if (err < 0)
		free(m->text.p);
	return err;
}
