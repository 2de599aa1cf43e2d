// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/text/sock_rows.h"

#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "core/model/holder_text.h"
#include "core/text/holder_json.h"
#include "core/text/json_text.h"
#include "core/text/width.h"

enum { MARK = 2, PROTOCOL = 9, STATE = 12, NARROWEST = 20, INDENT = MARK + PROTOCOL };

static const char *protocol_of(const struct sock *s)
{
	const char *name = s->protocol == IPPROTO_RAW ? "raw" : protocol_name(s->protocol);
	return name ? name : "?";
}

// Both ends.
static void print_ends(const struct host *h, const struct sock *s, char *buf, size_t len)
{
	char peer[ADDR_TEXT + 24];
	size_t used = strlen(sock_local_print(h, s, buf, len));
	if (sock_peer_print(s, peer, sizeof peer)[0] && used < len)
		snprintf(buf + used, len - used, " → %s", peer);
}

unsigned sock_rows_local(const struct host *h, const struct sock_list *l, unsigned width)
{
	enum { LEAST = 12 };
	unsigned most = width > 100 ? 48 : 26, widest = LEAST;
	char text[256];
	for (size_t i = 0; i < l->n; i++) {
		print_ends(h, &l->rows[i].sock, text, sizeof text);
		unsigned cols = width_text(text, strlen(text));
		if (cols > widest && cols <= most)
			widest = cols;
	}
	return widest;
}

void sock_rows_head(unsigned local, struct row *out)
{
	row_clear(out);
	out->hanging = INDENT;
	row_add(out, ROLE_TITLE, "%*s%-*s%-*s %-*s%s", MARK, "", PROTOCOL, "proto", (int)local, "local", STATE, "state",
		"owner");
}

// Who has it open, its user, its unit.
static void print_whose(const struct host *h, const struct listed *l, char *buf, size_t len)
{
	const struct sock *s = &l->sock;
	char name[16], uid[32] = "";
	size_t used = 0;
	buf[0] = '\0';
	if (!s->uid_unmapped && s->owner != OWNER_NONE)
		snprintf(uid, sizeof uid, ", uid %u", s->uid);
	if (s->pid)
		used = (size_t)snprintf(buf, len, "pid %u (%.15s)%s", s->pid, s->comm, uid);
	else if (s->owner == OWNER_KERNEL)
		used = (size_t)snprintf(buf, len, "a socket of the kernel%s%s", s->likely ? ", likely " : "",
					s->likely ? host_link_name(h, s->likely, name) : "");
	else if (s->owner == OWNER_HIDDEN)
		used = (size_t)snprintf(buf, len, "not visible to you%s", uid);
	else if (s->owner == OWNER_UNSEARCHED && uid[0])
		used = (size_t)snprintf(buf, len, "%s", uid + strlen(", "));
	if (s->timer && s->expires && used < len)
		used += (size_t)snprintf(buf + used, len - used, "%s%u s left", used ? ", " : "",
					 (s->expires + 999) / 1000);
	if (l->unit[0] && used < len)
		used += (size_t)snprintf(buf + used, len - used, ", %s", l->unit);
	if (l->container[0] && used < len)
		snprintf(buf + used, len - used, ", %s", l->container);
}

// Takes the lines of a text that stands at `column` off *n; where it comes to one, appends it.
static bool take_line(enum role role, const char *text, unsigned column, unsigned width, unsigned *n, struct row *out)
{
	size_t len = strlen(text);
	unsigned cols = width > column + NARROWEST ? width - column : NARROWEST;
	do {
		size_t next = len, fits = len ? width_wrap(text, len, cols, &next) : 0;
		if ((*n)-- == 0) {
			if (!out->used)
				row_add(out, ROLE_PLAIN, "%*s", (int)column, "");
			row_add(out, role, "%.*s", (int)fits, text);
			return true;
		}
		text += next;
		len -= next;
	} while (len > 0);
	return false;
}

static void add_first(const struct host *h, const struct listed *l, unsigned local, struct row *out)
{
	const struct sock *s = &l->sock;
	char ends[256];
	bool good = l->again.binds == YES;
	print_ends(h, s, ends, sizeof ends);
	unsigned cols = width_text(ends, strlen(ends));
	if (!l->counts)
		row_add(out, ROLE_DIM, "%*s", MARK, "");
	else
		row_add(out,
			good                   ? ROLE_OK
			: l->again.binds == NO ? ROLE_FAIL
					       : ROLE_WARN,
			"%s ",
			good                   ? "✓"
			: l->again.binds == NO ? "✗"
					       : "?");
	row_add(out, ROLE_LABEL, "%s%c%*s", protocol_of(s), s->family == AF_INET6 ? '6' : '4',
		(int)(PROTOCOL - 1 - strlen(protocol_of(s))), "");
	row_add(out, ROLE_ADDR, "%s%*s ", ends, cols < local ? (int)(local - cols) : 0, "");
	row_add(out, ROLE_VALUE, "%-*s", cols > local ? 0 : STATE, sock_state_name(s));
}

bool sock_rows_line(const struct host *h, const struct listed *l, unsigned local, unsigned width, unsigned n,
		    struct row *out)
{
	char text[RESTART_TEXT + 96], ends[256];
	print_ends(h, &l->sock, ends, sizeof ends);
	// If there is no room beside it, the rest goes on its own line.
	bool wide = width_text(ends, strlen(ends)) > local || width < INDENT + local + 1 + STATE + NARROWEST;
	row_clear(out);
	out->hanging = INDENT;
	if (n == 0)
		add_first(h, l, local, out);
	print_whose(h, l, text, sizeof text);
	if (wide && n == 0)
		return true;
	n -= wide;
	if (text[0] || (!wide && n == 0)) {
		if (take_line(ROLE_DIM, text, wide ? INDENT : INDENT + local + 1 + STATE, width, &n, out))
			return true;
	} else if (!wide) {
		n--;
	}
	if (!l->counts || l->again.binds == YES)
		return false;
	snprintf(text, sizeof text, "%s%s%s  %s", l->again.err ? errno_name(l->again.err) : "not known",
		 l->again.err ? " " : "", l->again.err ? code_info(l->again.code)->name : "",
		 l->again.binds == UNKNOWN ? "perhaps: " : "");
	snprintf(text + strlen(text), sizeof text - strlen(text), "%s", l->again.why);
	return take_line(l->again.binds == NO ? ROLE_FAIL : ROLE_WARN, text, INDENT, width, &n, out);
}

void sock_rows_sum(const struct sock_list *l, struct row *out)
{
	size_t counting = 0;
	for (size_t i = 0; i < l->n; i++)
		counting += l->rows[i].counts;
	row_clear(out);
	if (counting == 0) {
		row_add(out, ROLE_DIM, l->n ? "only connections, which no restart binds" : "no bound socket");
		return;
	}
	row_add(out, ROLE_DIM, "%zu of %zu would bind again", counting - l->refused - l->open, counting);
	if (l->refused)
		row_add(out, ROLE_FAIL, ", %zu would not", l->refused);
	if (l->open)
		row_add(out, ROLE_WARN, ", %zu may not", l->open);
}

static json_t *again_json(const struct listed *l)
{
	if (!l->counts)
		return json_null();
	json_t *out = json_object();
	enum tri binds = l->again.binds;
	bool refused = binds != YES && l->again.err;
	json_object_set_new(out, "binds", binds == UNKNOWN ? json_null() : json_boolean(binds == YES));
	json_object_set_new(out, "errno", json_text(refused ? errno_name(l->again.err) : NULL));
	json_object_set_new(out, "code", json_text(code_info(l->again.code)->name));
	json_object_set_new(out, "sentence", json_text(l->again.why));
	return out;
}

json_t *listed_json(const struct host *h, const struct listed *l)
{
	json_t *out = sock_json(h, &l->sock);
	json_object_set_new(out, "protocol", json_text(protocol_of(&l->sock)));
	json_object_set_new(out, "family", json_integer(l->sock.family == AF_INET6 ? 6 : 4));
	json_object_set_new(out, "unit", json_text(l->unit[0] ? l->unit : NULL));
	json_object_set_new(out, "container", json_text(l->container[0] ? l->container : NULL));
	json_object_set_new(out, "again", again_json(l));
	return out;
}

json_t *sock_list_json(const struct host *h, const struct sock_list *l)
{
	json_t *out = json_array();
	for (size_t i = 0; i < l->n; i++)
		json_array_append_new(out, listed_json(h, &l->rows[i]));
	return out;
}
