// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/command/help_topic.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "core/command/command.h"
#include "core/model/kernel.h"
#include "core/model/option.h"

static const struct topic topics[] = {
#include "help/topics.inc"
};

enum { TOPICS = sizeof topics / sizeof topics[0] };

const struct topic *topic_at(size_t n)
{
	return n < TOPICS ? &topics[n] : NULL;
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

// Row id of a table as an entry, without a name where there is nothing to read about it. False after the last row.
static bool make_entry(enum about a, unsigned id, struct entry *e)
{
	*e = (struct entry){.about = a, .id = id, .alias = ""};
	switch (a) {
	case ABOUT_TOPIC:
		if (id >= TOPICS)
			return false;
		e->name = topics[id].name;
		e->title = topics[id].title;
		return true;
	case ABOUT_STEP:
		if (id >= STEP_COUNT)
			return false;
		e->name = step_info((enum step_id)id)->name;
		e->title = step_info((enum step_id)id)->question;
		return true;
	case ABOUT_CODE:
		if (id >= CODE_COUNT)
			return false;
		e->name = id == CODE_NONE ? NULL : code_info((enum code)id)->name;
		e->title = code_info((enum code)id)->sentence;
		return true;
	case ABOUT_ERRNO:
		e->name = topic_errno(id) ? errno_name(topic_errno(id)) : NULL;
		e->title = "an error of bind() or of a call before it, and its possible causes";
		return e->name;
	case ABOUT_OPTION:
		if (id >= OPT_COUNT)
			return false;
		e->name = option_info((enum option_id)id)->name;
		e->alias = option_info((enum option_id)id)->symbol;
		e->title = option_info((enum option_id)id)->meaning;
		return true;
	case ABOUT_SYSCTL: // the second number of a file belongs to the first
		if (id >= SYSCTL_COUNT)
			return false;
		e->name = sysctl_info((enum sysctl_id)id)->field ? NULL : sysctl_info((enum sysctl_id)id)->name;
		e->alias = e->name ? strrchr(e->name, '.') + 1 : "";
		e->title = sysctl_info((enum sysctl_id)id)->meaning;
		return true;
	case ABOUT_COMMAND:
		if (id >= CMD_COUNT)
			return false;
		e->name = command_info((enum command_id)id)->needs & NEED_KEY ? NULL
									      : command_info((enum command_id)id)->name;
		e->title = command_info((enum command_id)id)->help;
		return true;
	case ABOUT_TRAIT:
		if (id >= TRAIT_COUNT)
			return false;
		e->name = trait_info((enum trait)id)->name;
		e->title = trait_info((enum trait)id)->effect;
		return true;
	case ABOUT_COUNT:
		break;
	}
	return false;
}

bool entry_next(struct entry *e)
{
	int a = (int)e->about;
	unsigned id = e->name ? e->id + 1 : 0;
	for (; a < ABOUT_COUNT; a++, id = 0)
		for (; make_entry((enum about)a, id, e); id++)
			if (e->name)
				return true;
	return false;
}

// Is it the name, or the first of its words ("route" of "route add")?
static bool begins(const char *name, const char *typed, size_t len)
{
	return len && strncasecmp(name, typed, len) == 0 && (name[len] == '\0' || name[len] == ' ');
}

// The length of the longest item of a list that is the name or its first words; 0 for none.
static size_t longest_item(const char *list, const char *name)
{
	size_t longest = 0;
	for (size_t n; *list; list += n + strspn(list + n, ", ")) {
		n = strcspn(list, ",");
		if (n > longest && begins(name, list, n))
			longest = n;
	}
	return longest;
}

bool entry_is_called(const struct entry *e, const char *name)
{
	size_t len = strlen(name);
	return begins(e->name, name, len) || begins(e->alias, name, len) ||
	       (e->about == ABOUT_TOPIC && len && longest_item(topics[e->id].also, name) == len);
}

bool entry_find(const char *name, struct entry *e)
{
	while (entry_next(e))
		if (entry_is_called(e, name))
			return true;
	return false;
}

char *entry_title(const struct entry *e, char *buf, size_t len)
{
	if (e->about == ABOUT_CODE)
		return code_plain((enum code)e->id, buf, len);
	snprintf(buf, len, "%s", e->title);
	return buf;
}

static const struct topic *topic_named(const char *name)
{
	size_t i = 0;
	while (i < TOPICS && strcmp(topics[i].name, name) != 0)
		i++;
	assert(i < TOPICS);
	return &topics[i];
}

// The topic that names it in its @explains lines, NULL for none.
static const struct topic *explaining(enum about a, const char *name)
{
	const struct topic *found = NULL;
	char exactly[64];
	size_t longest = 0;
	snprintf(exactly, sizeof exactly, "%s:%s", about_name(a), name);
	for (size_t i = 0; i < TOPICS; i++) {
		size_t n = longest_item(topics[i].explains, name), exact = longest_item(topics[i].explains, exactly);
		n = exact > n ? exact : n;
		if (n > longest)
			found = &topics[i];
		longest = n > longest ? n : longest;
	}
	return found;
}

const struct topic *entry_topic(const struct entry *e)
{
	const struct topic *found = e->about == ABOUT_TOPIC  ? &topics[e->id]
				    : e->about == ABOUT_CODE ? topic_named(code_info((enum code)e->id)->topic)
							     : explaining(e->about, e->name);
	return found                       ? found
	       : e->about == ABOUT_COMMAND ? topic_named("keys")
	       : e->about == ABOUT_TRAIT   ? topic_named("kernels")
					   : topic_named("codes");
}

char *code_plain(enum code c, char *buf, size_t len)
{
	size_t at = 0;
	bool name = false;
	for (const char *p = code_info(c)->sentence; *p && at + 1 < len; p++) {
		if (*p == '{' || *p == '}')
			name = *p == '{';
		else if (*p == '<' && (p[1] == ' ' || (at && buf[at - 1] == ']')))
			p += p[1] == ' ', at += (size_t)snprintf(buf + at, len - at, " [");
		else if (*p == ' ' && p[1] == '>')
			p++, at += (size_t)snprintf(buf + at, len - at, "] ");
		else if (*p == '<' || *p == '>')
			buf[at++] = *p == '<' ? '[' : ']';
		else
			buf[at++] = (char)(name && *p >= 'a' && *p <= 'z' ? *p - 'a' + 'A' : *p);
	}
	if (len)
		buf[at < len ? at : len - 1] = '\0';
	return buf;
}

char *code_links(enum code c, char *buf, size_t len)
{
	const struct code_info *i = code_info(c);
	size_t used = 0;
	enum input_id id;
	for (unsigned n = 0; (id = code_object(c, n)) != IN_COUNT && used < len; n++)
		used += (size_t)snprintf(buf + used, len - used, "%s%s", n ? " or " : "Object: ", input_name(id));
	if (used < len)
		snprintf(buf + used, len - used, "%sTopic: %s.", used ? ". " : "", i->topic);
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
