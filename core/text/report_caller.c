// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/text/report_caller.h"

#include <stdio.h>
#include <string.h>

#include "core/text/json_text.h"

// What a live bind as the process is made without.
static const char *lacked(enum differs d)
{
	static const char *const names[DIFFERS_COUNT] = {
		[DIFFERS_USER_NS] = "its user namespace",
		[DIFFERS_UID] = "its uid",
		[DIFFERS_GROUPS] = "its groups",
		[DIFFERS_CAPABILITIES] = "its capabilities",
		[DIFFERS_NO_NEW_PRIVS] = "its no_new_privs",
		[DIFFERS_SECCOMP] = "its seccomp filters",
		[DIFFERS_LANDLOCK] = "the Landlock rules that it may have",
		[DIFFERS_LABEL] = "its security label",
		[DIFFERS_CGROUP] = "its cgroup",
	};
	return names[d];
}

// What the process has, and we have not.
static const char *other(const struct caller *us, enum differs d)
{
	static const char *const names[DIFFERS_COUNT] = {
		[DIFFERS_USER_NS] = "another user namespace",
		[DIFFERS_UID] = "another uid",
		[DIFFERS_GROUPS] = "other groups",
		[DIFFERS_CAPABILITIES] = "other capabilities",
		[DIFFERS_NO_NEW_PRIVS] = "no_new_privs set",
		[DIFFERS_SECCOMP] = "a seccomp filter",
		[DIFFERS_LANDLOCK] = "perhaps Landlock rules",
		[DIFFERS_LABEL] = "another security label",
		[DIFFERS_CGROUP] = "another cgroup",
	};
	if (d == DIFFERS_NO_NEW_PRIVS && us->hooks.no_new_privs)
		return "no_new_privs not set";
	if (d == DIFFERS_SECCOMP && us->hooks.seccomp == YES)
		return "other seccomp filters";
	return names[d];
}

static void list(const struct caller *c, bool as_it, const char *last, char *buf, size_t len)
{
	size_t used = strlen(buf);
	unsigned left = c->differs;
	for (int d = 0; d < DIFFERS_COUNT && used < len; d++) {
		if (!(c->differs >> d & 1))
			continue;
		left &= ~(1U << d);
		const char *what = as_it ? lacked((enum differs)d) : other(c, (enum differs)d);
		int n = snprintf(buf + used, len - used, "%s%s", what, !left ? "" : left & (left - 1) ? ", " : last);
		used += n > 0 ? (size_t)n : 0;
	}
}

static void say_as_it(const struct caller *c, bool bound, char *buf, size_t len)
{
	size_t used;
	snprintf(buf, len, "%s process %u (%s), uid %u",
		 c->stand_in == SEEN_OF_IT ? "the bind of"
		 : bound                   ? "asked as"
					   : "predicted for",
		 c->pid, c->comm, c->uid);
	if (!c->differs)
		return;
	used = strlen(buf);
	snprintf(buf + used, len - used, "%s",
		 c->stand_in == PREDICTED_AS_IT ? "; no bind was made as this process, because Bindwalk cannot take on "
						: ", but without ");
	list(c, true, " and ", buf, len);
}

static void say_ordinary(const struct caller *c, bool bound, char *buf, size_t len)
{
	size_t used = strlen(buf);
	const char *joint = used ? "; " : "";
	if (!c->unprivileged)
		return;
	static const char *const has[] = {
		[UNPRIVILEGED_ON] = "without capabilities",
		[UNPRIVILEGED_BOUNDING] = "with CAP_NET_BIND_SERVICE in the bounding set only",
		[UNPRIVILEGED_AMBIENT] = "with CAP_NET_BIND_SERVICE as an ambient capability",
	};
	if (c->uid == 0)
		snprintf(buf + used, len - used, "%s%s, but still as uid 0: Bindwalk cannot take an ordinary uid here",
			 joint, has[c->unprivileged]);
	else if (c->ordinary_uid)
		snprintf(buf + used, len - used, "%s%s an ordinary user: uid %u, %s", joint,
			 bound ? "asked as" : "predicted for", c->uid, has[c->unprivileged]);
}

char *report_caller_say(const struct caller *c, bool bound, char *buf, size_t len)
{
	buf[0] = '\0';
	if (c->pid && c->stand_in != ASKED_AS_OURSELVES) {
		say_as_it(c, bound, buf, len);
	} else if (c->pid && c->differs) {
		snprintf(buf, len, "asked in the network of process %u (%s), but as yourself: that process has ",
			 c->pid, c->comm);
		list(c, false, " and ", buf, len);
	}
	say_ordinary(c, bound, buf, len);
	return buf;
}

bool report_caller_line(const struct caller *c, bool bound, unsigned width, unsigned n, struct row *out)
{
	char text[CALLER_TEXT];
	const char *p = report_caller_say(c, bound, text, sizeof text);
	for (row_clear(out); *p; n--) {
		size_t take = strlen(p);
		if (take > width)
			for (take = width; take > 1 && p[take] != ' ';)
				take--;
		if (n == 0) {
			row_add(out, ROLE_DIM, "%.*s", (int)take, p);
			return true;
		}
		p += take;
		p += strspn(p, " ");
	}
	return false;
}

static json_t *capabilities_json(const struct caller *c)
{
	json_t *out = json_array();
	if (c->net_admin == UNKNOWN) { // all of them are read at once
		json_decref(out);
		return json_null();
	}
	if (c->net_admin == YES)
		json_array_append_new(out, json_text("CAP_NET_ADMIN"));
	if (c->net_bind_service == YES)
		json_array_append_new(out, json_text("CAP_NET_BIND_SERVICE"));
	if (c->net_raw == YES)
		json_array_append_new(out, json_text("CAP_NET_RAW"));
	return out;
}

json_t *report_caller_json(const struct caller *c)
{
	static const char *const stand_ins[] = {[ASKED_AS_OURSELVES] = "ourselves",
						[ASKED_AS_IT] = "process",
						[PREDICTED_AS_IT] = "predicted",
						[SEEN_OF_IT] = "seen"};
	json_t *out = json_object(), *differs = json_array();
	unsigned set = c->differs;
	if (c->unprivileged && c->uid == 0)
		set |= DIFFERS(UID); // from an ordinary user
	for (int d = 0; d < DIFFERS_COUNT; d++)
		if (set >> d & 1)
			json_array_append_new(differs, json_text(differs_name((enum differs)d)));
	json_object_set_new(out, "pid", c->pid ? json_integer(c->pid) : json_null());
	json_object_set_new(out, "program", json_text(c->pid ? c->comm : NULL));
	json_object_set_new(out, "asked_as", json_text(stand_ins[c->stand_in]));
	json_object_set_new(out, "uid", json_integer(c->uid));
	json_object_set_new(out, "capabilities", capabilities_json(c));
	json_object_set_new(out, "no_new_privs", json_boolean(c->hooks.no_new_privs));
	json_object_set_new(out, "seccomp",
			    c->hooks.seccomp == UNKNOWN ? json_null() : json_boolean(c->hooks.seccomp == YES));
	json_object_set_new(out, "differs", differs);
	return out;
}
