// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/text/holder_json.h"

#include "core/model/holder_text.h"
#include "core/text/json_text.h"

static json_t *text_or_null(const char *text)
{
	return json_text(*text ? text : NULL);
}

json_t *sock_json(const struct host *h, const struct sock *s)
{
	char text[HOLDER_TEXT], name[16];
	json_t *out = json_object();
	bool owned = s->owner != OWNER_NONE && !s->uid_unmapped;
	const char *protocol = protocol_name(s->protocol);
	json_object_set_new(out, "protocol", text_or_null(protocol ? protocol : ""));
	json_object_set_new(out, "local", json_text(sock_local_print(h, s, text, sizeof text)));
	json_object_set_new(out, "peer", text_or_null(sock_peer_print(s, text, sizeof text)));
	json_object_set_new(out, "state", json_text(sock_state_name(s)));
	json_object_set_new(out, "timer_ms", s->timer ? json_integer(s->expires) : json_null());
	json_object_set_new(out, "device", text_or_null(sock_device_print(h, s, text, sizeof text)));
	json_object_set_new(out, "uid", owned ? json_integer(s->uid) : json_null());
	json_object_set_new(out, "pid", s->pid ? json_integer(s->pid) : json_null());
	json_object_set_new(out, "program", text_or_null(s->pid ? s->comm : ""));
	json_object_set_new(out, "owner", json_text(sock_owner_name(s->owner)));
	json_object_set_new(out, "likely", text_or_null(s->likely ? host_link_name(h, s->likely, name) : ""));
	return out;
}

json_t *holder_json(const struct facts *f, const struct walk *w)
{
	const struct sock *s = walk_holder(f, w);
	return s ? sock_json(f->host, s) : json_null();
}

json_t *condition_json(const struct walk *w)
{
	const struct sharing *s = walk_sharing(w);
	if (!s)
		return json_null();
	json_t *out = json_object();
	json_object_set_new(out, "fails", json_text(condition_name(s->fails)));
	json_object_set_new(out, "side", json_text(side_name(s->side)));
	json_object_set_new(out, "open", json_boolean(s->open));
	return out;
}
