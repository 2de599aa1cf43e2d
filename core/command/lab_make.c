// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/command/lab_make.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/change/edit.h"
#include "core/change/edit_apply.h"
#include "core/change/lab_await.h"
#include "core/command/command_edit.h"
#include "core/command/lab_recipe.h"
#include "core/command/script.h"
#include "core/model/fail.h"

enum { ABSENT = 8 };

// What this kernel does not have, so that lines about it are left out.
struct absent {
	char names[ABSENT][16];
	unsigned n;
};

static bool is_absent(const struct absent *a, const char *name)
{
	for (unsigned i = 0; i < a->n; i++)
		if (name[0] && strcmp(a->names[i], name) == 0)
			return true;
	return false;
}

static void add_absent(struct absent *a, const char *name)
{
	if (a->n < ABSENT)
		snprintf(a->names[a->n++], sizeof a->names[0], "%s", name);
}

// A kernel without IPv6, or with IPv6 disabled, still gets an IPv4 lab.
static bool without_ipv6(const struct edit *e, int err)
{
	bool six = (e->kind == EDIT_ADDR && e->addr.addr.family == AF_INET6) ||
		   (e->kind == EDIT_ROUTE && e->route.dst.addr.family == AF_INET6);
	if (e->kind == EDIT_SYSCTL)
		return err == -ENOENT;
	return six && (err == -EOPNOTSUPP || err == -EAFNOSUPPORT || err == -EACCES || err == -EPROTONOSUPPORT ||
		       err == -EINVAL);
}

// One remark after the other, each once.
__attribute__((format(printf, 3, 4))) static void note(char *why, size_t whylen, const char *fmt, ...)
{
	char text[LAB_ERROR];
	size_t used = strlen(why);
	va_list args;
	va_start(args, fmt);
	vsnprintf(text, sizeof text, fmt, args);
	va_end(args);
	if (!strstr(why, text))
		snprintf(why + used, whylen - used, "%s%s", used ? "; " : "", text);
}

// 0 when the lab can do without it; else err as it was.
static int do_without(struct changer *c, const struct edit *e, int err, struct absent *absent, char *why, size_t whylen)
{
	if (e->kind == EDIT_LINK && err == -EOPNOTSUPP && strcmp(e->link.type, "vrf") == 0) {
		add_absent(absent, e->dev);
		note(why, whylen, "this kernel has no VRFs, so the lab has none; as root: modprobe vrf");
		return 0;
	}
	if (e->kind == EDIT_LINK && err == -EOPNOTSUPP && e->link.neighbour) {
		if (change_dummy_add(c, e->dev) == 0)
			return 0;
		snprintf(why, whylen, "this kernel has no veth interfaces for the lab; as root: modprobe veth");
		return err;
	}
	bool hidden = err == -ENOENT && access("/proc/sys/net", F_OK) < 0;
	if (e->kind == EDIT_SYSCTL && (err == -EROFS || hidden)) {
		note(why, whylen,
		     "/proc/sys is %s, as is usual in containers, so the lab cannot change sysctls; start the "
		     "container with --security-opt systempaths=unconfined, or Bindwalk outside of it",
		     hidden ? "hidden" : "read-only");
		return 0;
	}
	if (without_ipv6(e, err))
		return 0;
	char text[EDIT_TEXT];
	const char *words = change_why(c);
	snprintf(why, whylen, "cannot create the lab: %.200s: %s%s%s", edit_print(e, text, sizeof text), strerror(-err),
		 *words ? ": " : "", words);
	return err;
}

static int make(struct changer *c, struct edit *e, struct absent *absent, char *why, size_t whylen)
{
	if (is_absent(absent, e->dev) || (e->kind == EDIT_MASTER && is_absent(absent, e->master)))
		return 0;
	if (e->kind == EDIT_LINK && e->link.neighbour)
		e->link.index = lab_free_index();
	int err = edit_apply(c, e);
	return err < 0 ? do_without(c, e, err, absent, why, whylen) : 0;
}

static int furnish(struct changer *c, void *data, char *why, size_t whylen)
{
	struct script script;
	struct absent absent = {0};
	struct edit e[COMMAND_EDITS];
	char slow[ABSENT][16], wrong[COMMAND_ERROR];
	unsigned nslow = 0;
	const char *text = data;
	int err = 0;
	script_begin(&script, "the lab", text, strlen(text));
	while (err == 0 && script_next(&script)) {
		int n = command_edit_line(script.now, e, wrong, sizeof wrong);
		if (n < 0)
			err = fail(n, why, whylen, "%s", wrong);
		for (int i = 0; i < n && err == 0; i++)
			err = make(c, &e[i], &absent, why, whylen);
		if (n > 0 && e->kind == EDIT_LINK && e->link.neighbour && nslow < ABSENT)
			memcpy(slow[nslow++], e->dev, sizeof slow[0]);
	}
	for (unsigned i = 0; i < nslow && err == 0; i++)
		lab_await_up(slow[i]);
	return err;
}

static const char *here = "";

int lab_enter_recipe(const char *name, char *err, size_t errlen)
{
	const struct lab_recipe *r;
	size_t used = 0;
	char names[128] = "";
	for (size_t i = 0; (r = lab_recipe(i)); i++) {
		if (strcmp(r->name, name) == 0) {
			int rc = lab_enter_with(furnish, (char *)(uintptr_t)r->script, err, errlen); // only read
			here = rc == 0 ? r->name : here;
			return rc;
		}
		used += (size_t)snprintf(names + used, sizeof names - used, "%s%s", used ? ", " : "", r->name);
	}
	snprintf(err, errlen, "'%.60s' is not a lab (%s, copy)", name, names);
	return -EINVAL;
}

int lab_renew(const char *name, char *err, size_t errlen)
{
	if (!lab_is_entered())
		return fail(-EPERM, err, errlen, "this is not a lab");
	return lab_enter_recipe(name, err, errlen);
}

const char *lab_recipe_here(void)
{
	return here;
}

int lab_enter(char *err, size_t errlen)
{
	return lab_enter_recipe("host", err, errlen);
}
