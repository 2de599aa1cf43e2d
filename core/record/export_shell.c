// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/record/export_shell.h"

#include <errno.h>
#include <linux/if_addr.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "core/record/export_python.h"
#include "core/record/handout.h"
#include "core/record/host_edits.h"
#include "core/text/quoting.h"
#include "core/text/stream_end.h"

#define PING_GROUPS "net.ipv4.ping_group_range"

static const char head[] =
	"set -eu\n"
	"PATH=$PATH:/usr/sbin:/sbin\n"
	"here=$(readlink /proc/self/ns/net)\n"
	"\n"
	"if [ \"${1-}\" != inside ]; then\n"
	"\tfor tool in ip nsenter python3 sysctl unshare; do\n"
	"\t\tcommand -v \"$tool\" >/dev/null || { echo \"$0: $tool is missing\" >&2; exit 2; }\n"
	"\tdone\n"
	"\tuser=-r\n"
	"\t[ \"$(id -u)\" -ne 0 ] || user=\n"
	"\texec unshare $user -n -- /bin/sh \"$0\" inside \"$here\"\n"
	"fi\n"
	"if [ \"${2-$here}\" = \"$here\" ] || [ -n \"$(ip -o address)\" ]; then\n"
	"\techo \"$0: this is no new network namespace; run it without arguments\" >&2\n"
	"\texit 2\n"
	"fi\n"
	"\n"
	"# A second namespace, with the other ends of cables.\n"
	"unshare -n sleep 600 </dev/null >/dev/null 2>&1 &\n"
	"neighbour=$!\n"
	"trap 'kill \"$neighbour\"' EXIT\n"
	"while [ \"$(readlink \"/proc/$neighbour/ns/net\" || :)\" = \"$here\" ] ||\n"
	"\t[ \"$(readlink \"/proc/$neighbour/ns/net\" || :)\" = \"$(readlink /proc/self/ns/net)\" ]; do\n"
	"\t:\n"
	"done\n"
	"\n"
	"# A change that fails is reported; whether it matters, the next binds tell.\n"
	"run()\n"
	"{\n"
	"\t\"$@\" || echo \"$0: failed: $*\" >&2\n"
	"}\n"
	"\n"
	"# cable NAME PEER up|down: an interface whose other end is at the neighbour, and up or down there\n"
	"cable()\n"
	"{\n"
	"\tif ip link add dev \"$1\" type veth peer name \"$2\" netns \"$neighbour\"; then\n"
	"\t\tnsenter -t \"$neighbour\" -n ip link set dev \"$2\" \"$3\"\n"
	"\telse\n"
	"\t\tip link add dev \"$1\" type dummy\n"
	"\tfi\n"
	"}\n"
	"\n"
	"# A user's own namespace knows only one group.\n"
	"ping_groups()\n"
	"{\n"
	"\tsysctl -q -w \"" PING_GROUPS "=$1\" 2>/dev/null || sysctl -q -w \"" PING_GROUPS "=0 0\"\n"
	"}\n"
	"\n"
	"# attempt NUMBER ANSWER BIND: the bind of the Python program that follows, and the kernel's answer that was recorded\n"
	"binds=0\n"
	"skipped=0\n"
	"differ=\n"
	"attempt()\n"
	"{\n"
	"\tbinds=$((binds + 1))\n"
	"\tgot=$({ printf '%s\\n' \"$prelude\"; cat; } | python3 -IS - 2>&1) || :\n"
	"\tcase $got in\n"
	"\t\"$2\") ;;\n"
	"\tskipped:*) skipped=$((skipped + 1)) ;;\n"
	"\t*)\n"
	"\t\tgot=\"$got, BUT $2 WAS RECORDED\"\n"
	"\t\tdiffer=\"$differ $1\"\n"
	"\t\t;;\n"
	"\tesac\n"
	"\tprintf '%s. bind %s: %s\\n' \"$1\" \"$3\" \"$got\"\n"
	"}\n"
	"\n"
	"# skip NUMBER BIND WHY\n"
	"skip()\n"
	"{\n"
	"\tbinds=$((binds + 1))\n"
	"\tskipped=$((skipped + 1))\n"
	"\techo \"$1. bind $2: skipped: $3\"\n"
	"}\n"
	"\n"
	"prelude=$(cat <<'END'\n";

static const char tail[] =
	"\n"
	"if [ -n \"$differ\" ]; then\n"
	"\techo \"$0: recorded on Linux $recorded, run on $(uname -r): not as recorded:$differ\" >&2\n"
	"\texit 1\n"
	"fi\n"
	"if [ \"$skipped\" -gt 0 ]; then\n"
	"\techo \"$((binds - skipped)) of $binds binds as recorded, the others skipped\"\n"
	"else\n"
	"\techo \"all $binds binds as recorded\"\n"
	"fi\n";

struct script {
	edit_reader *read; // may be NULL
	FILE *out;
	const struct host *now; // as the recording has it, and as the script has built it so far; NULL: a new namespace
	bool unseen;            // changes were made since, and nobody has read the host
	unsigned binds;
};

static void comment(FILE *out, const char *text)
{
	fputs("# ", out);
	quote_comment(text, out);
	fputc('\n', out);
}

// Only what belongs to the namespace: a script from a stranger's recording must not reach further.
static bool is_sysctl_of_namespace(const char *name)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./";
	return strncmp(name, "net", 3) == 0 && (name[3] == '.' || name[3] == '/') && !name[strspn(name, letters)] &&
	       !strstr(name, "..") && !strstr(name, "//") && !strstr(name, "./") && !strstr(name, "/.");
}

static void put_cable(const struct edit *e, FILE *out)
{
	fputs("run cable ", out);
	quote_shell(e->dev, out);
	fputc(' ', out);
	quote_shell(e->link.peer, out);
	fputs(e->link.no_carrier ? " down\n" : " up\n", out);
}

// Duplicate address detection takes as many seconds as probes are sent.
static void put_slow_detection(const struct edit *e, FILE *out)
{
	fputs("run sysctl -q -w ", out);
	quote_shell("net/ipv6/conf/", out);
	quote_shell(e->dev, out);
	fputs("/dad_transmits=600\n", out);
}

static void put_edit(const struct edit *e, void *data)
{
	struct script *s = data;
	char text[HANDOUT_LINE];
	if (e->kind == EDIT_LINK && e->add && e->link.neighbour) {
		put_cable(e, s->out);
		return;
	}
	if (e->kind == EDIT_SYSCTL && !is_sysctl_of_namespace(e->sysctl.name)) {
		fputs("# left out, since it is no sysctl of a network namespace: ", s->out);
		quote_comment(e->sysctl.name, s->out);
		fputc('\n', s->out);
		return;
	}
	if (e->kind == EDIT_SYSCTL && strcmp(e->sysctl.name, PING_GROUPS) == 0) {
		fputs("run ping_groups ", s->out);
		quote_shell(e->sysctl.value, s->out);
		fputc('\n', s->out);
		return;
	}
	if (e->kind == EDIT_ADDR && e->add && e->addr.tentative)
		put_slow_detection(e, s->out);
	if (edit_script(e, text, sizeof text))
		fprintf(s->out, "run %s\n", text);
}

// Whether its duplicate detection was over when the host was read.
static void settle(struct edit *e, const struct host *h)
{
	const struct link *l = h ? host_link_named(h, e->dev) : NULL;
	size_t at = l ? host_find_addr_on(h, &e->addr.addr, l->index) : 0;
	if (!l || at >= h->naddrs)
		return;
	e->addr.tentative = h->addrs[at].flags & (IFA_F_TENTATIVE | IFA_F_DADFAILED);
	if (!e->addr.tentative)
		e->addr.flags |= IFA_F_NODAD;
}

// The edits of a line of the command language; false where it has none.
static bool put_line(struct script *s, const char *line, const struct host *after)
{
	struct edit e[2];
	char err[EDIT_ERROR];
	int n = line && s->read ? s->read(line, e, err, sizeof err) : -EINVAL;
	for (int i = 0; i < n; i++) {
		if (e[i].kind == EDIT_ADDR && e[i].add && e[i].addr.addr.family == AF_INET6)
			settle(&e[i], after);
		put_edit(&e[i], s);
	}
	return n > 0;
}

static const struct host *host_at(const struct frame *f)
{
	return f->at ? f->at->host : NULL;
}

// As it was at frame i, or when somebody looked next.
static const struct host *host_from(const struct recording *r, size_t i)
{
	const struct host *h = NULL;
	for (; i < r->n && !h; i++)
		h = host_at(&r->frames[i]);
	return h;
}

// What happened from outside of the session, or by an undo, is seen in the hosts.
static void catch_up(struct script *s, const struct host *h)
{
	if (!h)
		return;
	if (h != s->now && !s->unseen)
		host_edits(s->now, h, put_edit, s);
	s->now = h;
	s->unseen = false;
}

static bool put_lines(struct script *s, const char *text, const struct host *after)
{
	char line[HANDOUT_LINE];
	bool all = *text;
	for (size_t len; *text; text += len + (text[len] != '\0')) {
		len = strcspn(text, "\n");
		snprintf(line, sizeof line, "%.*s", (int)len, text);
		all = put_line(s, line, after) && all;
	}
	return all;
}

static void put_change(struct script *s, const struct recording *r, size_t i)
{
	const struct frame *f = &r->frames[i];
	fputc('\n', s->out);
	comment(s->out, f->command ? f->command : "changed from outside");
	if (put_line(s, f->command, host_from(r, i)) ||
	    (f->text && !host_at(f) && put_lines(s, f->text, host_from(r, i)))) {
		s->unseen = !host_at(f);
		s->now = host_at(f) ? host_at(f) : s->now;
	} else {
		catch_up(s, host_at(f));
	}
}

static void put_bind(struct script *s, const struct frame *f)
{
	const struct frame_bind *b = f->bind;
	char what[HANDOUT_LINE];
	const char *cannot = export_python_cannot(b);
	fputc('\n', s->out);
	catch_up(s, host_at(f));
	s->binds++;
	handout_bind(b, what, sizeof what);
	if (cannot) {
		fprintf(s->out, "skip %u ", s->binds);
		quote_shell(what, s->out);
		fputc(' ', s->out);
		quote_shell(cannot, s->out);
		fputc('\n', s->out);
		return;
	}
	if (!b->observed.present)
		fputs("# predicted only\n", s->out);
	fprintf(s->out, "attempt %u %s ", s->binds, handout_answer(b));
	quote_shell(what, s->out);
	fputs(" <<'END'\n", s->out);
	export_python(b, host_at(f), s->out);
	fputs("END\n", s->out);
}

static void put_words(struct script *s, const struct frame *f)
{
	char title[HANDOUT_LINE];
	if (f->kind == FRAME_STEP && f->text) {
		fputs("\necho ", s->out);
		snprintf(title, sizeof title, "== %s", f->text);
		quote_shell(title, s->out);
		fputc('\n', s->out);
	} else if (f->kind != FRAME_NOTE && f->text) {
		fputc('\n', s->out);
		comment(s->out, f->text);
	}
}

// The place as it was before the first change. Where nobody knows that, the script begins with what the first change
// led to. Returns the frame with which changes begin to be made.
static size_t put_lab(struct script *s, const struct recording *r)
{
	const char *recipe = s->read && r->recipe && r->left_out == 0 ? r->recipe(r->lab) : NULL;
	size_t first = 0;
	while (first < r->n && r->frames[first].kind != FRAME_CHANGE && r->frames[first].kind != FRAME_BIND)
		first++;
	bool changes = first < r->n && r->frames[first].kind == FRAME_CHANGE;
	fputs("\n# The lab, as it was at first.\n", s->out);
	if (r->first || !changes || !recipe)
		catch_up(s, r->first ? r->first->host : host_from(r, first));
	else
		put_lines(s, recipe, NULL);
	if (r->first || !changes || recipe)
		return 0;
	while (first < r->n && host_at(&r->frames[first]) != s->now)
		first++;
	return first < r->n && r->frames[first].kind == FRAME_CHANGE ? first + 1 : first;
}

int export_shell(const struct recording *r, FILE *out)
{
	struct script s = {.read = r->read, .out = out};
	fputs("#!/bin/sh\n# A session of Bindwalk, to run anywhere: in a network namespace of its own, which needs root or a user "
	      "namespace.\n# Exit status: 0 if every bind ends as recorded, 1 if one does not, 2 if the script cannot run.\n",
	      out);
	if (r->title[0])
		comment(out, r->title);
	fputs(head, out);
	fputs(export_python_prelude, out);
	fputs("END\n)\nrecorded=", out);
	quote_shell(r->kernel, out);
	fputc('\n', out);
	size_t begin = put_lab(&s, r);
	for (size_t i = 0; i < r->n; i++) {
		const struct frame *f = &r->frames[i];
		if (f->kind == FRAME_CHANGE && i >= begin)
			put_change(&s, r, i);
		else if (f->kind == FRAME_BIND)
			put_bind(&s, f);
		else if (f->kind != FRAME_CHANGE)
			put_words(&s, f);
	}
	fputs(tail, out);
	return stream_end(out);
}
