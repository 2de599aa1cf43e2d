// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/command/help_topic.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "core/model/kernel.h"

static const struct topic topics[] = {
#include "help/topics.inc"
};

enum { TOPICS = sizeof topics / sizeof topics[0] };

static const char *const of_steps[STEP_COUNT] = {
	[STEP_SOCKET] = "capabilities",
	[STEP_SETSOCKOPT] = "socket-options",
	[STEP_HOOKS] = "hooks",
	[STEP_FAMILY] = "bind",
	[STEP_TYPE] = "ipv6-address-list",
	[STEP_MULTICAST] = "ipv6-address-list",
	[STEP_PRIVILEGE] = "capabilities",
	[STEP_STATE] = "bind",
	[STEP_MAPPED] = "mapped",
	[STEP_SCOPE] = "scopes",
	[STEP_DEVICE] = "vrf",
	[STEP_TABLE] = "local-table",
	[STEP_CLASSIFY] = "rtn-types",
	[STEP_NONLOCAL] = "nonlocal",
	[STEP_ADDRESS_LIST] = "ipv6-address-list",
	[STEP_ACCEPTABLE] = "rtn-types",
	[STEP_PORT] = "ports",
	[STEP_RESULT] = "bind",
};

// What is not here is explained by the topic of its step.
static const char *const of_codes[CODE_COUNT] = {
	[CODE_NONE] = "codes",
	[CODE_ADDR_ANY] = "bind",
	[CODE_ADDR_LOCAL] = "local-table",
	[CODE_ADDR_ANYIP] = "anyip",
	[CODE_TABLE_MISSING] = "local-table",
	[CODE_TABLE_MERGED] = "merged-tries",
	[CODE_ADDR_NOT_LOCAL] = "nonlocal",
	[CODE_ADDR_SHADOWED] = "merged-tries",
	[CODE_ADDR_TENTATIVE] = "dad",
	[CODE_ADDR_DADFAILED] = "dad",
	[CODE_ADDR_OTHER_VRF] = "vrf",
	[CODE_ADDR_ROUTED_ONLY] = "anyip",
	[CODE_ADDR_TYPE] = "rtn-types",
	[CODE_DEVICE_UNKNOWN] = "scopes",
	[CODE_HOOK_REFUSED] = "hooks",
	[CODE_HOOK_REWROTE] = "hooks",
	[CODE_HOOK_WAIVED] = "hooks",
	[CODE_DISAGREEMENT] = "evidence",
};

static const char *const of_options[OPT_COUNT] = {
	[OPT_FREEBIND] = "nonlocal",     [OPT_FREEBIND6] = "nonlocal", [OPT_TRANSPARENT] = "nonlocal",
	[OPT_TRANSPARENT6] = "nonlocal", [OPT_V6ONLY] = "mapped",      [OPT_REUSEADDR] = "ports",
	[OPT_REUSEPORT] = "ports",       [OPT_DEVICE] = "vrf",         [OPT_IFINDEX] = "vrf",
	[OPT_NOPORT] = "ports",          [OPT_PORTRANGE] = "ports",    [OPT_MARK] = "socket-options",
};

static const char *const of_sysctls[SYSCTL_COUNT] = {
	[SYSCTL_V4_NONLOCAL] = "nonlocal",
	[SYSCTL_V6_NONLOCAL] = "nonlocal",
	[SYSCTL_UNPRIV_PORT] = "capabilities",
	[SYSCTL_PORT_LOW] = "ports",
	[SYSCTL_PORT_HIGH] = "ports",
	[SYSCTL_AUTOBIND_REUSE] = "ports",
	[SYSCTL_TCP_L3MDEV] = "vrf",
	[SYSCTL_UDP_L3MDEV] = "vrf",
	[SYSCTL_RAW_L3MDEV] = "vrf",
	[SYSCTL_BINDV6ONLY] = "mapped",
	[SYSCTL_PING_GID_LOW] = "capabilities",
	[SYSCTL_PING_GID_HIGH] = "capabilities",
	[SYSCTL_MPTCP] = "kernels",
};

// Commands that have a subject of their own; all others are about keys.
static const struct {
	const char *command, *topic;
} of_commands[] = {
	{"bind", "bind"},
	{"address", "bind"},
	{"port", "ports"},
	{"scope", "scopes"},
	{"type", "bind"},
	{"proto", "bind"},
	{"device", "vrf"},
	{"flip", "socket-options"},
	{"set", "socket-options"},
	{"unset", "socket-options"},
	{"unprivileged", "capabilities"},
	{"witness", "evidence"},
	{"step", "steps"},
	{"detail", "steps"},
	{"show", "evidence"},
	{"compare", "anyip"},
	{"write", "evidence"},
	{"address add", "lab"},
	{"address del", "lab"},
	{"route", "anyip"},
	{"rule", "merged-tries"},
	{"nexthop", "rtn-types"},
	{"link", "lab"},
	{"sysctl", "socket-options"},
	{"insert", "lab"},
	{"delete", "lab"},
	{"undo", "lab"},
	{"reset", "lab"},
};

// What people call it, and where to read about it.
static const struct {
	const char *word, *topic;
} also_called[] = {
	{"Any-IP", "anyip"},
	{"FIB", "local-table"},
	{"RTN_UNICAST", "rtn-types"},
	{"RTN_LOCAL", "rtn-types"},
	{"RTN_BROADCAST", "rtn-types"},
	{"RTN_MULTICAST", "rtn-types"},
	{"RTN_ANYCAST", "rtn-types"},
	{"RTN_BLACKHOLE", "rtn-types"},
	{"RTN_UNREACHABLE", "rtn-types"},
	{"RTN_PROHIBIT", "rtn-types"},
	{"RTN_THROW", "rtn-types"},
	{"tentative", "dad"},
	{"link-local", "scopes"},
	{"v4-mapped", "mapped"},
	{"CAP_NET_RAW", "capabilities"},
	{"CAP_NET_ADMIN", "capabilities"},
	{"CAP_NET_BIND_SERVICE", "capabilities"},
	{"LSM", "hooks"},
	{"Landlock", "hooks"},
	{"seccomp", "hooks"},
	{"l3mdev", "vrf"},
	{"neighbour", "lab"},
};

const struct topic *topic_at(size_t n)
{
	return n < TOPICS ? &topics[n] : NULL;
}

const struct topic *topic_find(const char *name)
{
	for (size_t i = 0; i < TOPICS; i++)
		if (strcmp(topics[i].name, name) == 0)
			return &topics[i];
	return NULL;
}

// Of a name in the tables above.
static const struct topic *known(const char *name)
{
	const struct topic *t = name ? topic_find(name) : NULL;
	assert(t);
	return t;
}

const struct topic *topic_of_step(enum step_id id)
{
	return known(of_steps[id]);
}

const struct topic *topic_of_code(enum code c)
{
	if (of_codes[c])
		return known(of_codes[c]);
	for (int i = 0; i < FINDING_COUNT; i++)
		if (finding_info((enum finding_id)i)->code == c)
			return topic_of_step(finding_info((enum finding_id)i)->step);
	return known("codes");
}

const struct topic *topic_of_option(enum option_id id)
{
	return known(of_options[id]);
}

const struct topic *topic_of_sysctl(enum sysctl_id id)
{
	return known(of_sysctls[id]);
}

// Is it the name, or the first of its words ("route" of "route add")?
static bool is_called(const char *name, const char *typed)
{
	size_t n = strlen(typed);
	return n && strncasecmp(name, typed, n) == 0 && (name[n] == '\0' || name[n] == ' ');
}

const struct topic *topic_of_command(enum command_id id)
{
	const char *found = "keys";
	size_t length = 0; // the longest match counts
	for (size_t i = 0; i < sizeof of_commands / sizeof of_commands[0]; i++)
		if (is_called(command_info(id)->name, of_commands[i].command) &&
		    strlen(of_commands[i].command) > length) {
			found = of_commands[i].topic;
			length = strlen(of_commands[i].command);
		}
	return known(found);
}

static unsigned entries_about(enum about a)
{
	static const unsigned counts[ABOUT_COUNT] = {
		[ABOUT_TOPIC] = TOPICS,      [ABOUT_STEP] = STEP_COUNT,     [ABOUT_CODE] = CODE_COUNT,
		[ABOUT_OPTION] = OPT_COUNT,  [ABOUT_SYSCTL] = SYSCTL_COUNT, [ABOUT_COMMAND] = CMD_COUNT,
		[ABOUT_TRAIT] = TRAIT_COUNT,
	};
	unsigned errors = 0;
	while (a == ABOUT_ERRNO && topic_errno(errors))
		errors++;
	return a == ABOUT_ERRNO ? errors : counts[a];
}

// A row that is nothing to read about: no code, a command that only keys have, a file's second number.
static bool is_hidden(enum about a, unsigned id)
{
	switch (a) {
	case ABOUT_CODE:
		return id == CODE_NONE;
	case ABOUT_COMMAND:
		return command_info((enum command_id)id)->needs & NEED_KEY;
	case ABOUT_SYSCTL:
		return sysctl_info((enum sysctl_id)id)->field > 0;
	default:
		return false;
	}
}

bool entry_at(size_t n, struct entry *out)
{
	for (int a = 0; a < ABOUT_COUNT; a++)
		for (unsigned id = 0; id < entries_about((enum about)a); id++)
			if (!is_hidden((enum about)a, id) && n-- == 0) {
				*out = (struct entry){(enum about)a, id};
				return true;
			}
	return false;
}

const char *about_name(enum about a)
{
	static const char *const names[ABOUT_COUNT] = {
		[ABOUT_TOPIC] = "topic",   [ABOUT_STEP] = "step",     [ABOUT_CODE] = "code",
		[ABOUT_OPTION] = "option", [ABOUT_SYSCTL] = "sysctl", [ABOUT_COMMAND] = "command",
		[ABOUT_TRAIT] = "kernel",  [ABOUT_ERRNO] = "error",
	};
	return names[a];
}

const char *entry_name(struct entry e)
{
	switch (e.about) {
	case ABOUT_STEP:
		return step_info((enum step_id)e.id)->name;
	case ABOUT_CODE:
		return code_info((enum code)e.id)->name;
	case ABOUT_OPTION:
		return option_info((enum option_id)e.id)->name;
	case ABOUT_SYSCTL:
		return sysctl_info((enum sysctl_id)e.id)->name;
	case ABOUT_COMMAND:
		return command_info((enum command_id)e.id)->name;
	case ABOUT_TRAIT:
		return trait_info((enum trait)e.id)->name;
	case ABOUT_ERRNO:
		return errno_name(topic_errno(e.id));
	default:
		return topics[e.id].name;
	}
}

const char *entry_alias(struct entry e)
{
	if (e.about == ABOUT_OPTION)
		return option_info((enum option_id)e.id)->symbol;
	if (e.about == ABOUT_SYSCTL) // without "net.ipv4."
		return strrchr(sysctl_info((enum sysctl_id)e.id)->name, '.') + 1;
	return "";
}

char *entry_title(struct entry e, char *buf, size_t len)
{
	const char *title = topics[e.about == ABOUT_TOPIC ? e.id : 0].title;
	switch (e.about) {
	case ABOUT_STEP:
		title = step_info((enum step_id)e.id)->question;
		break;
	case ABOUT_CODE:
		return code_plain((enum code)e.id, buf, len);
	case ABOUT_OPTION:
		title = option_info((enum option_id)e.id)->meaning;
		break;
	case ABOUT_SYSCTL:
		title = sysctl_info((enum sysctl_id)e.id)->meaning;
		break;
	case ABOUT_COMMAND:
		title = command_info((enum command_id)e.id)->help;
		break;
	case ABOUT_TRAIT:
		title = trait_info((enum trait)e.id)->effect;
		break;
	case ABOUT_ERRNO:
		title = "an error of bind() or of a call before it, and what it can mean";
		break;
	default:
		break;
	}
	snprintf(buf, len, "%s", title);
	return buf;
}

const struct topic *entry_topic(struct entry e)
{
	switch (e.about) {
	case ABOUT_STEP:
		return topic_of_step((enum step_id)e.id);
	case ABOUT_CODE:
		return topic_of_code((enum code)e.id);
	case ABOUT_OPTION:
		return topic_of_option((enum option_id)e.id);
	case ABOUT_SYSCTL:
		return topic_of_sysctl((enum sysctl_id)e.id);
	case ABOUT_COMMAND:
		return topic_of_command((enum command_id)e.id);
	case ABOUT_TRAIT:
		return known("kernels");
	case ABOUT_ERRNO:
		return known("codes");
	default:
		return &topics[e.id];
	}
}

static bool is_also_called(struct entry e, const char *typed)
{
	for (size_t i = 0; e.about == ABOUT_TOPIC && i < sizeof also_called / sizeof *also_called; i++)
		if (strcasecmp(also_called[i].word, typed) == 0)
			return strcmp(also_called[i].topic, topics[e.id].name) == 0;
	return false;
}

bool entry_find(const char *name, size_t n, struct entry *out)
{
	struct entry e;
	for (size_t i = 0; entry_at(i, &e); i++)
		if ((is_called(entry_name(e), name) || is_called(entry_alias(e), name) || is_also_called(e, name)) &&
		    n-- == 0) {
			*out = e;
			return true;
		}
	return false;
}

char *code_plain(enum code c, char *buf, size_t len)
{
	size_t at = 0;
	bool name = false;
	for (const char *p = code_info(c)->sentence; *p && at + 1 < len; p++) {
		if (*p == '{' || *p == '}')
			name = *p == '{';
		else if (*p != '<' && *p != '>')
			buf[at++] = (char)(name && *p >= 'a' && *p <= 'z' ? *p - 'a' + 'A' : *p);
	}
	if (len)
		buf[at] = '\0';
	return buf;
}

static unsigned gather_errors(int *all, unsigned room)
{
	unsigned n = 0;
	for (int i = 0; i < FINDING_COUNT && n < room; i++) {
		int err = finding_info((enum finding_id)i)->err;
		unsigned k = 0;
		while (k < n && all[k] != err)
			k++;
		if (err && k == n)
			all[n++] = err;
	}
	return n;
}

int topic_errno(unsigned n)
{
	enum { ERRORS = 32 };
	static int all[ERRORS]; // gathered once: asked for with each word that is completed
	static unsigned count;
	if (count == 0)
		count = gather_errors(all, ERRORS);
	return n < count ? all[n] : 0;
}

void step_refusals(enum step_id id, void (*each)(void *context, int err, enum code c), void *context)
{
	for (int i = 0; i < FINDING_COUNT; i++) {
		const struct finding *f = finding_info((enum finding_id)i);
		bool again = f->step != id || f->outcome != REFUSES;
		for (int j = 0; j < i && !again; j++) {
			const struct finding *g = finding_info((enum finding_id)j);
			again = g->step == id && g->outcome == REFUSES && g->err == f->err && g->code == f->code;
		}
		if (!again)
			each(context, f->err, f->code);
	}
}
