// SPDX-License-Identifier: GPL-3.0-or-later
// The words of a walk: values, and templates with {placeholders} filled in.
#include "core/model/walk_text.h"

#include <errno.h>
#include <linux/if_addr.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "core/model/holder_text.h"
#include "core/model/port_pool.h"
#include "core/model/rt_names.h"
#include "core/model/unknown.h"
#include "core/model/walk_inner.h"

enum { WALKED_FLAGS = IFA_F_DADFAILED | IFA_F_OPTIMISTIC | IFA_F_TENTATIVE | IFA_F_DEPRECATED | IFA_F_TEMPORARY };

const char *class6_name(unsigned class)
{
	if (class == ADDR6_ANY)
		return "unspecified";
	if (class & ADDR6_MULTICAST)
		return class & ADDR6_LOOPBACK    ? "multicast of interface-local scope"
		       : class & ADDR6_LINKLOCAL ? "multicast of link-local scope"
						 : "multicast";
	if (class & ADDR6_MAPPED)
		return "v4-mapped";
	if (class & ADDR6_LOOPBACK)
		return "loopback";
	return class & ADDR6_LINKLOCAL ? "link-local" : "unicast";
}

char *route_print(const struct host *h, const struct prefix *p, const struct route_info *info, char *buf, size_t len)
{
	char prefix[PREFIX_TEXT], dev[16];
	prefix_print(p, prefix);
	if (p->len == 0)
		snprintf(prefix, sizeof prefix, "default");
	int n = snprintf(buf, len, "%s %s", rtn_name(info->type), prefix);
	if (info->oif && n > 0 && (size_t)n < len)
		snprintf(buf + n, len - (size_t)n, " dev %s", host_link_name(h, info->oif, dev));
	return buf;
}

static void print_entry(const struct host *h, const struct host_addr *e, char *buf, size_t len)
{
	char addr[ADDR_TEXT], dev[16];
	snprintf(buf, len, "%s/%u on %s", addr_print(&e->addr, addr), e->prefixlen, host_link_name(h, e->index, dev));
}

char *addr_fate(const struct host *h, const struct host_addr *e, char *buf, size_t len)
{
	char addr[ADDR_TEXT];
	const struct host_addr *primary = host_primary_of(h, e);
	bool stays = host_promotes(h, e->index);
	buf[0] = '\0';
	if (primary && !h->sysctl_hidden[SYSCTL_ALL_PROMOTE])
		snprintf(buf, len, "%s when %s/%u goes (promote_secondaries is %d)", stays ? "stays" : "goes",
			 addr_print(&primary->addr, addr), primary->prefixlen, stays);
	return buf;
}

// As sysctl(8) takes it: a dot in an interface's name is a slash there.
static void print_disable6(const char *device, char *buf, size_t len)
{
	char name[16];
	snprintf(name, sizeof name, "%s", device);
	for (char *dot = name; (dot = strchr(dot, '.'));)
		*dot = '/';
	snprintf(buf, len, "net.ipv6.conf.%s.disable_ipv6", name);
}

// Who holds the ports of the range that the step has looked into.
static void print_pool(const struct facts *f, const struct walk *w, char *buf, size_t len)
{
	for (unsigned i = 0; i < w->nsteps; i++) {
		const struct input *low = step_input(&w->steps[i], IN_LOW), *high = step_input(&w->steps[i], IN_HIGH);
		if (w->steps[i].step == STEP_PORT && low && high)
			pool_print((unsigned)low->number, (unsigned)high->number, f->host, f->question, &w->claimant,
				   buf, len);
	}
}

static const char *socktype_name(const struct walk *w)
{
	switch (kind_info(w->attempt.kind)->sock_type) {
	case SOCK_STREAM:
		return "SOCK_STREAM";
	case SOCK_DGRAM:
		return "SOCK_DGRAM";
	default:
		return "SOCK_RAW";
	}
}

char *walk_value(const struct facts *f, const struct walk *w, const struct input *in, char *buf, size_t len)
{
	const struct host *h = f->host;
	char text[ADDR_TEXT], name[16];
	struct prefix p;
	const size_t i = (size_t)in->number;
	if (len == 0)
		return buf;
	buf[0] = '\0';
	switch (in->type) {
	case V_NUMBER:
	case V_BOOL:
	case V_PORT:
		snprintf(buf, len, "%lld", (long long)in->number);
		break;
	case V_ADDR:
		snprintf(buf, len, "%s", addr_print(&in->addr, text));
		break;
	case V_FAMILY:
		if (sa_family_symbol((int)in->number))
			snprintf(buf, len, "%s", sa_family_symbol((int)in->number));
		else
			snprintf(buf, len, "family %lld", (long long)in->number);
		break;
	case V_SOCKTYPE:
		snprintf(buf, len, "%s", socktype_name(w));
		break;
	case V_PROTOCOL:
		snprintf(buf, len, "%s", kind_info(w->attempt.kind)->name);
		break;
	case V_OPTION:
		snprintf(buf, len, "%s", option_info((enum option_id)in->number)->symbol);
		break;
	case V_SETTING: {
		char set[48];
		const char *equals = strchr(setting_print(&w->attempt.settings[i], set), '=');
		const struct setting *one = &w->attempt.settings[i];
		const struct link *named = one->option == OPT_IFINDEX ? host_link(h, (uint32_t)one->value) : NULL;
		int n = snprintf(buf, len, "%s", equals ? equals + 1 : "1");
		if (named && (size_t)n < len)
			snprintf(buf + n, len - (size_t)n, " (%s)", named->name);
		break;
	}
	case V_CLASS6:
		snprintf(buf, len, "%s", class6_name((unsigned)in->number));
		break;
	case V_DEVICE:
		snprintf(buf, len, "%s", host_link_name(h, (uint32_t)in->number, name));
		break;
	case V_TABLE:
		snprintf(buf, len, "%s", table_name((uint32_t)in->number, name));
		break;
	case V_ROUTE4:
		p = host_prefix4(h, i);
		route_print(h, &p, host_info4(h, i), buf, len);
		break;
	case V_ROUTE6:
		p = host_prefix6(h, i);
		route_print(h, &p, host_info6(h, i), buf, len);
		break;
	case V_ASKED:
		p = (struct prefix){addr_from_v4(f->question->in_main.dst), f->question->in_main.len};
		p.addr = addr_masked(&p.addr, p.len);
		route_print(h, &p, &(struct route_info){.type = f->question->in_main.type}, buf, len);
		break;
	case V_RTN:
		snprintf(buf, len, "%s", rtn_symbol((unsigned)in->number));
		break;
	case V_ERRNO:
		snprintf(buf, len, "%s", errno_name((int)in->number));
		break;
	case V_ENTRY:
		print_entry(h, &h->addrs[i], buf, len);
		break;
	case V_SCOPED:
		snprintf(buf, len, "%s%%%s", addr_print(&w->attempt.addr, text),
			 host_link_name(h, (uint32_t)in->number, name));
		break;
	case V_DISABLE6:
		print_disable6(host_link_name(h, (uint32_t)in->number, name), buf, len);
		break;
	case V_IFA_FLAGS:
		rt_flags(AF_INET6, (uint32_t)in->number, WALKED_FLAGS, buf, len);
		if (!buf[0])
			snprintf(buf, len, "none");
		break;
	case V_SOCK:
		sock_print(f, &f->question->socks[i], buf, len);
		break;
	case V_POOL:
		print_pool(f, w, buf, len);
		break;
	case V_TRIE:
		snprintf(buf, len, "%s",
			 in->number == TRIE_MERGED  ? "merged: local and main in one trie"
			 : in->number == TRIE_SPLIT ? "split: one trie each for local and main"
						    : "not known");
		break;
	case V_SECONDARY:
		addr_fate(h, &h->addrs[i], buf, len);
		break;
	case V_UNKNOWN:
		snprintf(buf, len, "not known");
		break;
	case V_TEXT:
		snprintf(buf, len, "%s", in->text);
		break;
	}
	return buf;
}

static char *print_unknown(uint32_t ids, char *buf, size_t len)
{
	size_t used = 0;
	buf[0] = '\0';
	for (unsigned id = 0; id < UNKNOWN_COUNT; id++)
		if (ids >> id & 1 && used < len)
			used += (size_t)snprintf(buf + used, len - used, "%s%s", used ? ", " : "", unknown_name(id));
	return buf;
}

static const struct input *input_called(const struct walk_step *s, const char *name, size_t len)
{
	for (unsigned i = 0; i < s->ninputs; i++) {
		const char *known = input_name(s->inputs[i].id);
		if (strlen(known) == len && memcmp(known, name, len) == 0)
			return &s->inputs[i];
	}
	return NULL;
}

// Is every {placeholder} between the two places an input of the step, and known?
static bool all_known(const struct walk_step *s, const char *from, const char *to)
{
	for (const char *p = from; p < to; p++) {
		const char *close = *p == '{' ? memchr(p, '}', (size_t)(to - p)) : NULL;
		const struct input *in = close ? input_called(s, p + 1, (size_t)(close - p - 1)) : NULL;
		if (close && (!in || in->type == V_UNKNOWN))
			return false;
	}
	return true;
}

char *walk_expand(const struct facts *f, const struct walk *w, const struct walk_step *s, const char *tmpl, char *buf,
		  size_t len)
{
	size_t used = 0;
	if (len == 0)
		return buf;
	for (const char *p = tmpl; *p && used + 1 < len; p++) {
		const char *close;
		if (*p == '<' && (close = strchr(p, '>')) && !all_known(s, p, close)) {
			p = close;
		} else if (*p == '<' || *p == '>') {
			continue;
		} else if (*p == '{' && (close = strchr(p, '}'))) {
			const struct input *in = input_called(s, p + 1, (size_t)(close - p - 1));
			if (strncmp(p, "{unknown}", 9) == 0)
				print_unknown(s->unknown, buf + used, len - used);
			else if (strncmp(p, "{reason}", 8) == 0)
				walk_expand(f, w, s, finding_info(s->finding)->text, buf + used, len - used);
			else if (in)
				walk_value(f, w, in, buf + used, len - used);
			else
				snprintf(buf + used, len - used, "?");
			used += strlen(buf + used);
			p = close;
		} else {
			buf[used++] = *p;
		}
	}
	buf[used] = '\0';
	return buf;
}

// The prediction; if the model could not tell or is wrong, the observation.
static char *result_answer(const struct facts *f, const struct walk *w, const struct walk_step *s, char *buf,
			   size_t len)
{
	bool seen = w->observed.present && w->agreement != AGREES;
	enum call call = seen ? w->observed.call : w->predicted.call;
	int err = seen ? w->observed.err : w->predicted.err;
	if (s->uncertain && !w->observed.present)
		snprintf(buf, len, "not known");
	else if (err)
		snprintf(buf, len, "%s() = -1 %s", call_name(call), errno_name(err));
	else if (seen)
		snprintf(buf, len, "%s() = 0", call_name(call));
	else
		walk_expand(f, w, s, finding_info(s->finding)->text, buf, len);
	return buf;
}

// The errno that was seen, not the predicted one.
static void observed_errno(const struct walk *w, struct walk_step *s)
{
	for (unsigned i = 0; i < s->ninputs; i++)
		if (s->inputs[i].id == IN_ERRNO)
			s->inputs[i--] = s->inputs[--s->ninputs];
	if (w->observed.present && s->ninputs < STEP_INPUTS)
		s->inputs[s->ninputs++] = (struct input){.id = IN_ERRNO, .type = V_ERRNO, .number = w->observed.err};
}

// What a witness saw of the hooks; NULL where it could not tell.
static char *hooks_answer(const struct walk *w, char *buf, size_t len)
{
	const struct kernel_call *call;
	enum inner_hook hook = walk_inner_hook(w, &call);
	const char *who = inner_hook_name(hook),
		   *refusal = call && kernel_call_errno(call) ? errno_name(kernel_call_errno(call)) : NULL;
	if (hook == INNER_HOOK_UNSEEN)
		return NULL;
	if (hook == INNER_HOOK_NONE)
		snprintf(buf, len, "no LSM and no cgroup BPF program refused");
	else if (refusal)
		snprintf(buf, len, "%s refused: %s", who, refusal);
	else if (hook == INNER_HOOK_CGROUP_POST)
		snprintf(buf, len, "%s refused after the port was given", who);
	else
		snprintf(buf, len, "%s %s", who,
			 w->code == CODE_HOOK_WAIVED ? "waived the capability" : "changed the address or port");
	return buf;
}

char *walk_answer(const struct facts *f, const struct walk *w, const struct walk_step *s, char *buf, size_t len)
{
	const char *text = finding_info(s->finding)->text;
	if (s->step == STEP_RESULT)
		return result_answer(f, w, s, buf, len);
	if (s->step == STEP_HOOKS && hooks_answer(w, buf, len))
		return buf;
	if (s->unknown && step_open(s))
		text = "cannot tell: {unknown} could not be read";
	else if (s->unknown && !all_known(s, text, text + strlen(text)))
		text = "{unknown} could not be read, which makes no difference here";
	return walk_expand(f, w, s, text, buf, len);
}

char *walk_candidates(const struct caller *c, char *buf, size_t len)
{
	const struct hooks *k = &c->hooks;
	char programs[64] = "cgroup BPF bind programs (not readable)";
	if (k->cgroup_bind >= 0)
		snprintf(programs, sizeof programs, "%d cgroup BPF bind program%s", k->cgroup_bind,
			 k->cgroup_bind == 1 ? "" : "s");
	static const char *const filter[] = {
		[NO] = "no seccomp filter", [YES] = "a seccomp filter", [UNKNOWN] = "possibly a seccomp filter"};
	snprintf(buf, len, "LSMs (%s), %s, %s%s", k->lsms[0] ? k->lsms : "not readable", programs, filter[k->seccomp],
		 k->no_new_privs ? ", no_new_privs set (Landlock needs it)" : "");
	return buf;
}

// Of a hook that was seen to act; NULL where none was.
static char *hook_sentence(const struct walk *w, char *buf, size_t len)
{
	const char *who = w->agreement == HOOK ? inner_hook_name(walk_inner_hook(w, NULL)) : NULL;
	if (!who || len == 0)
		return NULL;
	if (w->code == CODE_HOOK_REFUSED)
		snprintf(buf, len, "%s refused this bind with %s, which no routing or port rule explains.", who,
			 errno_name(w->observed.err));
	else if (w->code == CODE_HOOK_WAIVED)
		snprintf(buf, len, "%s waived the capability that the port needs and this process lacks.", who);
	else
		snprintf(buf, len, "%s changed the address or port of this bind.", who);
	buf[0] = (char)(buf[0] == 'a' ? 'A' : buf[0]);
	return buf;
}

// Of a bind that was refused, and would succeed on the host as it was read afterwards: the errno says what has changed.
static char *since_sentence(const struct walk *w, char *buf, size_t len)
{
	if (w->code != CODE_CHANGED_SINCE || w->predicted.err || len == 0)
		return NULL;
	if (w->observed.err == EADDRINUSE && w->attempt.port)
		snprintf(buf, len,
			 "bind() returned EADDRINUSE, but Bindwalk sees no socket in the way of port %u now: the one "
			 "that held it may have closed since.",
			 w->attempt.port);
	else if (w->observed.err == EADDRNOTAVAIL)
		snprintf(buf, len,
			 "bind() returned EADDRNOTAVAIL, but the address would be accepted now: it may have been "
			 "added since.");
	else
		return NULL;
	return buf;
}

char *walk_sentence(const struct facts *f, const struct walk *w, char *buf, size_t len)
{
	struct walk_step telling = *walk_telling(w);
	if (hook_sentence(w, buf, len) || since_sentence(w, buf, len))
		return buf;
	observed_errno(w, &telling);
	return walk_expand(f, w, &telling, code_info(w->code)->sentence, buf, len);
}

const char *walk_object(const struct facts *f, const struct walk *w, char *buf, size_t len)
{
	struct walk_step telling = *walk_telling(w);
	enum input_id id = code_info(w->code)->object;
	observed_errno(w, &telling);
	if (id == IN_UNKNOWN)
		return print_unknown(telling.unknown, buf, len);
	const struct input *in = NULL;
	for (unsigned n = 0; !in && (id = code_object(w->code, n)) != IN_COUNT; n++)
		in = step_input(&telling, id);
	return in ? walk_value(f, w, in, buf, len) : NULL;
}
