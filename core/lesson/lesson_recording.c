// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/lesson/lesson_recording.h"

#include <errno.h>
#include <string.h>

#include "core/record/recording_json.h"

static const struct {
	const char *name, *text;
} recordings[] = {
#include "help/recordings.inc"
};

int lesson_recording(const char *name, struct recording *out)
{
	char err[RECORDING_ERROR];
	*out = (struct recording){0};
	for (size_t n = 0; n < sizeof recordings / sizeof *recordings; n++)
		if (strcmp(recordings[n].name, name) == 0)
			return recording_json_read(recordings[n].text, strlen(recordings[n].text), out, err,
						   sizeof err);
	return -ENOENT;
}

size_t lesson_recording_find(const struct recording *r, size_t from, unsigned line)
{
	size_t found = SIZE_MAX;
	for (size_t i = from; i < r->n; i++) {
		const struct frame *f = &r->frames[i];
		bool done = f->kind == FRAME_CHANGE || f->kind == FRAME_BIND;
		if (done && f->line == line)
			found = i;
		else if (done && found != SIZE_MAX)
			break;
	}
	return found;
}
