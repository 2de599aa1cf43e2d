// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/text/walks_seen.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

// Parts of a sentence, with commas between.
struct parts {
	char *buf;
	size_t len, used;
};

__attribute__((format(printf, 2, 3))) static void part(struct parts *p, const char *fmt, ...)
{
	va_list args;
	if (p->used)
		p->used += (size_t)snprintf(p->buf + p->used, p->len - p->used, ", ");
	if (p->used >= p->len)
		p->used = p->len - 1;
	va_start(args, fmt);
	p->used += (size_t)vsnprintf(p->buf + p->used, p->len - p->used, fmt, args);
	va_end(args);
	if (p->used >= p->len)
		p->used = p->len - 1;
}

static bool has_setting(const struct attempt *a, const struct setting *s)
{
	char text[48], other[48];
	setting_print(s, text);
	for (unsigned i = 0; i < a->nsettings; i++)
		if (strcmp(setting_print(&a->settings[i], other), text) == 0)
			return true;
	return false;
}

static void setting_change(struct parts *p, const struct attempt *was, const struct attempt *is)
{
	char text[48];
	for (unsigned i = 0; i < is->nsettings; i++)
		if (!has_setting(was, &is->settings[i])) {
			const char *equals = strchr(setting_print(&is->settings[i], text), '=');
			part(p, "%s%s set", option_info(is->settings[i].option)->symbol, equals ? equals : "");
		}
	for (unsigned i = 0; i < was->nsettings; i++)
		if (!has_setting(is, &was->settings[i]) && !attempt_setting(is, was->settings[i].option))
			part(p, "%s no longer set", option_info(was->settings[i].option)->symbol);
}

char *attempt_change(const struct attempt *was, const struct attempt *is, char *buf, size_t len)
{
	struct parts p = {.buf = buf, .len = len};
	char before[ADDR_TEXT], now[ADDR_TEXT];
	buf[0] = '\0';
	if (!addr_equal(&was->addr, &is->addr))
		part(&p, "%s instead of %s", addr_print(&is->addr, now), addr_print(&was->addr, before));
	if (was->port != is->port)
		part(&p, "port %u instead of %u", is->port, was->port);
	if (was->kind != is->kind)
		part(&p, "%s instead of %s", kind_info(is->kind)->name, kind_info(was->kind)->name);
	if (was->scope != is->scope && addr_equal(&was->addr, &is->addr))
		part(&p, "another scope");
	setting_change(&p, was, is);
	if (!p.used && !attempt_equal(was, is))
		part(&p, "another call of bind()");
	return buf;
}

static void say_change(struct walks_seen *s, enum unprivileged how, const struct attempt *is, const char *reason)
{
	attempt_change(&s->before.walk.attempt, is, s->changed, sizeof s->changed);
	if (!s->changed[0] && how != s->before.unprivileged)
		snprintf(s->changed, sizeof s->changed, "%s",
			 how == UNPRIVILEGED_OFF  ? "with our capabilities"
			 : how == UNPRIVILEGED_ON ? "without capabilities"
						  : unprivileged_name(how));
	if (!s->changed[0])
		snprintf(s->changed, sizeof s->changed, "%s", reason && *reason ? reason : "the host changed");
}

bool walks_seen_note(struct walks_seen *s, const struct facts *f, const struct walk *w, const char *reason)
{
	struct snapshot fresh;
	snapshot_take(&fresh, f, w);
	bool another = s->now.walk.nsteps && w->nsteps && !snapshot_same(&s->now, &fresh);
	if (another) {
		s->before = s->now;
		say_change(s, fresh.unprivileged, &w->attempt, reason);
	}
	s->now = fresh;
	return another;
}

void walks_seen_pin(struct walks_seen *s)
{
	s->pinned = s->now;
}

static void title(struct versus *v, const char *first, const char *second)
{
	snprintf(v->title[0], sizeof v->title[0], "%s", first);
	snprintf(v->title[1], sizeof v->title[1], "%s", second);
}

bool walks_seen_before(const struct walks_seen *s, struct versus *v)
{
	if (!s->before.walk.nsteps)
		return false;
	versus_make(v, &s->before, &s->now);
	title(v, "before", "now");
	snprintf(v->about, sizeof v->about, "What changed: %.180s", s->changed);
	return true;
}

bool walks_seen_pinned(const struct walks_seen *s, struct versus *v)
{
	char what[160];
	if (!s->pinned.walk.nsteps)
		return false;
	versus_make(v, &s->pinned, &s->now);
	title(v, "pinned", "now");
	attempt_change(&s->pinned.walk.attempt, &s->now.walk.attempt, what, sizeof what);
	snprintf(v->about, sizeof v->about, what[0] ? "Different since it was pinned: %.160s" : "%s", what);
	return true;
}

static const char *family_title(const struct attempt *a)
{
	return a->family == AF_INET ? "IPv4" : addr_is_mapped(&a->addr) ? "v4-mapped" : "IPv6";
}

void walks_seen_other(const struct walks_seen *s, const struct snapshot *other, struct versus *v)
{
	const char *first = family_title(&s->now.walk.attempt), *second = family_title(&other->walk.attempt);
	versus_make(v, &s->now, other);
	title(v, strcmp(first, second) ? first : "this", strcmp(first, second) ? second : "other");
	v->about[0] = '\0';
}
