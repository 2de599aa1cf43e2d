// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/record/handout.h"

#include <errno.h>
#include <string.h>

const char *handout_title(const struct recording *r)
{
	return r->title[0] ? r->title : "A session of Bindwalk";
}

char *handout_origin(const struct recording *r, char *buf, size_t len)
{
	snprintf(
		buf, len,
		"REPLAY: recorded on Linux %s%s%s%s. \"recorded\" before an answer means that the kernel gave it then.",
		r->kernel[0] ? r->kernel : "(unknown)", r->lab[0] ? ", in the lab \"" : "", r->lab,
		r->lab[0] ? "\"" : "");
	return buf;
}

void handout_lines(const char *text, void (*put)(const char *line, FILE *out), FILE *out)
{
	char line[HANDOUT_LINE];
	for (size_t len; text && *text; text += len + (text[len] != '\0')) {
		len = strcspn(text, "\n");
		snprintf(line, sizeof line, "%.*s", (int)len, text);
		put(line, out);
	}
}

const char *handout_answer(const struct frame_bind *b)
{
	return errno_name(b->observed.present ? b->observed.err : b->predicted);
}

char *handout_bind(const struct frame_bind *b, char *buf, size_t len)
{
	char text[ATTEMPT_TEXT], set[48];
	size_t used = (size_t)snprintf(buf, len, "%s", attempt_print(&b->attempt, text));
	for (unsigned i = 0; i < b->attempt.nsettings && used < len; i++)
		used += (size_t)snprintf(buf + used, len - used, " %s", setting_print(&b->attempt.settings[i], set));
	if (b->caller.unprivileged && used < len)
		snprintf(buf + used, len - used, " %s", unprivileged_name(b->caller.unprivileged));
	return buf;
}

int handout_walk(const struct recording *r, size_t n, struct handout_walk *out)
{
	static const struct host unknown;
	const struct frame_host *at = recording_host(r, n);
	out->host = at ? *at->host : unknown;
	out->host.recorded = true;
	return frame_bind_inquiry(r->frames[n].bind, &out->host, &out->in) ? 0 : -ENOMEM;
}

void handout_saw(struct handout_steps *s, const struct walk *w)
{
	if (w->nsteps)
		s->seen[walk_telling(w)->step] = true;
}
