// SPDX-License-Identifier: GPL-3.0-or-later
// Remedies: which ones a refusal gets, and that each of them, carried out on the made-up host, does what it says.
#include "core/model/remedy.h"

#include "core/model/host_change.h"
#include "core/model/rt_names.h"
#include "tests/unit/made_walk.h"

static unsigned wrong;

struct offered {
	const char *host, *bind;
	const char *changes[REMEDIES]; // in order, as told() says it
};

__attribute__((format(printf, 2, 3))) static void tell(char text[static 512], const char *fmt, ...)
{
	size_t used = strlen(text);
	va_list args;
	va_start(args, fmt);
	vsnprintf(text + used, 512 - used, fmt, args);
	va_end(args);
}

static void tell_settings(const struct attempt *a, const struct attempt *b, const char *sign, char text[static 512])
{
	char one[48], other[48];
	for (unsigned i = 0; i < b->nsettings; i++) {
		bool has = false;
		for (unsigned k = 0; k < a->nsettings; k++)
			has |= strcmp(setting_print(&a->settings[k], one), setting_print(&b->settings[i], other)) == 0;
		if (!has)
			tell(text, " %s%s", sign, setting_print(&b->settings[i], other));
	}
}

// What a remedy is, in its structure: "?" in front where it may be enough, its kind, its commands, what is other about
// the attempt, and the errno that remains.
static void told(const struct attempt *a, const struct remedy *r, char text[static 512])
{
	char addr[ADDR_TEXT];
	const struct attempt *b = &r->attempt;
	text[0] = '\0';
	tell(text, "%s%s", r->verified ? "" : "?", remedy_kind_name(r->kind));
	for (unsigned i = 0; i < r->ncommands; i++)
		tell(text, " [%s]", r->commands[i]);
	tell_settings(a, b, "+", text);
	tell_settings(b, a, "-", text);
	if (a->kind != b->kind)
		tell(text, " %s", kind_info(b->kind)->name);
	if (!addr_equal(&a->addr, &b->addr))
		tell(text, " %s", addr_print(&b->addr, addr));
	if (a->scope != b->scope)
		tell(text, " %%%s", b->scope_name);
	if (a->port != b->port)
		tell(text, " port %u", b->port);
	if (a->addrlen != b->addrlen || a->sa_family != b->sa_family || a->binds != b->binds)
		tell(text, " argument");
	if (r->then.remains)
		tell(text, " > %s", errno_name(r->then.err));
}

static void check(const struct offered *c)
{
	struct host *h;
	struct walk w;
	struct remedy fix[REMEDIES];
	made_decide(c->host, c->bind, &h, &w);
	unsigned n = remedies(made_facts(h), &w, fix), wanted = 0;
	bool same = true;
	char text[512];
	while (wanted < REMEDIES && c->changes[wanted])
		wanted++;
	same = n == wanted;
	for (unsigned i = 0; i < n; i++) {
		told(&w.attempt, &fix[i], text);
		same = same && strcmp(text, c->changes[i]) == 0;
		assert_true(*fix[i].change && fix[i].price && *fix[i].price);
	}
	if (!same) {
		printf("\t\t{\"%s\", \"%s\", {", c->host, c->bind);
		for (unsigned i = 0; i < n; i++) {
			told(&w.attempt, &fix[i], text);
			printf("\"%s\", ", text);
		}
		printf("NULL}},\n");
	}
	if (!same)
		wrong++;
	assert_int_equal(n == 0 && w.predicted.err, n == 0 && remedy_none(&w) != NULL);
	host_free(h);
}

#define NET "lo; link v0; link v1; addr 192.0.2.1/24 dev v0; addr 2001:db8::1/64 dev v0; addr fe80::1/64 dev v1;"

static void test_offered(void **state)
{
	(void)state;
	static const struct offered cases[] = {
		{NET, "tcp4 192.0.2.1 0", {NULL}}, // a success needs none
		{NET,
		 "tcp4 9.9.9.9 0",
		 {"option +freebind", "address 0.0.0.0", "option +transparent",
		  "route [ip route add local 9.9.9.9 dev lo]", "address [ip addr add 9.9.9.9/32 dev lo]",
		  "sysctl [sysctl -w net.ipv4.ip_nonlocal_bind=1]"}},
		// where it belongs, not to the first interface
		{"lo; link ifb0 down; link v0; link v1; addr 10.0.0.1/24 dev v0; addr 192.0.2.1/24 dev v1",
		 "tcp4 192.0.2.9 0",
		 {"option +freebind", "address 0.0.0.0", "option +transparent",
		  "route [ip route add local 192.0.2.9 dev lo]", "address [ip addr add 192.0.2.9/32 dev v1]",
		  "sysctl [sysctl -w net.ipv4.ip_nonlocal_bind=1]"}},
		{NET,
		 "tcp4 9.9.9.9 0 uid=1000",
		 {"option +freebind", "address 0.0.0.0", "route [ip route add local 9.9.9.9 dev lo]",
		  "address [ip addr add 9.9.9.9/32 dev lo]", "sysctl [sysctl -w net.ipv4.ip_nonlocal_bind=1]"}},
		{NET,
		 "udp6 ::ffff:9.9.9.9 0",
		 {"option +freebind", "address ::ffff:0.0.0.0", "option +transparent",
		  "route [ip route add local 9.9.9.9 dev lo]", "address [ip addr add 9.9.9.9/32 dev lo]",
		  "sysctl [sysctl -w net.ipv4.ip_nonlocal_bind=1]"}},
		// IPv6: no route helps
		{NET,
		 "tcp6 2001:db8::9 0",
		 {"option +freebind", "address ::", "option +transparent",
		  "address [ip addr add 2001:db8::9/128 dev v0 nodad]",
		  "sysctl [sysctl -w net.ipv6.ip_nonlocal_bind=1]"}},
		{"lo",
		 "udp6 2001:db8::9 0 uid=1000",
		 {"option +freebind", "address ::", "address [ip addr add 2001:db8::9/128 dev lo nodad]",
		  "sysctl [sysctl -w net.ipv6.ip_nonlocal_bind=1]"}},
		{NET,
		 "raw6 2001:db8::9 0",
		 {"option +freebind6", "address ::", "option +transparent6",
		  "address [ip addr add 2001:db8::9/128 dev v0 nodad]",
		  "sysctl [sysctl -w net.ipv6.ip_nonlocal_bind=1]"}},
		{NET,
		 "raw6 ::ffff:9.9.9.9 0",
		 {"family +freebind 9.9.9.9", "family 9.9.9.9 > EADDRNOTAVAIL"}}, // nothing helps
		{"lo; kernel 5.15.55",
		 "raw4 9.9.9.9 0",
		 {"address 0.0.0.0", "route [ip route add local 9.9.9.9 dev lo]",
		  "address [ip addr add 9.9.9.9/32 dev lo]"}},
		{NET, "ping4 224.0.0.1 0", {"address 0.0.0.0", "other udp"}},
		// link-local
		{NET, "tcp6 fe80::1 0", {"scope %v1", "device +device=v1"}},
		{NET,
		 "tcp6 fe80::7 0",
		 {"scope +freebind %v0", "scope +freebind %v1", "scope %v0 > EADDRNOTAVAIL",
		  "scope %v1 > EADDRNOTAVAIL", "device +device=v0 > EADDRNOTAVAIL",
		  "device +device=v1 > EADDRNOTAVAIL"}},
		{NET,
		 "tcp6 fe80::1 0 scope=v0",
		 {"scope %v1", "option +freebind", "address :: %", "option +transparent",
		  "sysctl [sysctl -w net.ipv6.ip_nonlocal_bind=1]"}},
		// duplicate detection
		{"lo; link v0; addr 2001:db8::1/64 dev v0 tentative",
		 "tcp6 2001:db8::1 0",
		 {"?wait", "option +freebind", "address ::", "option +transparent",
		  "sysctl [sysctl -w net.ipv6.ip_nonlocal_bind=1]"}},
		{"lo; link v0; addr 2001:db8::1/64 dev v0 tentative dadfailed",
		 "tcp6 2001:db8::1 0",
		 {"option +freebind", "address ::", "option +transparent",
		  "sysctl [sysctl -w net.ipv6.ip_nonlocal_bind=1]"}},
		// arguments
		{NET, "tcp6 ::ffff:127.0.0.1 0 v6only", {"option +v6only=0 -v6only", "family -v6only 127.0.0.1"}},
		{NET "sysctl net.ipv6.bindv6only=1",
		 "tcp6 ::ffff:127.0.0.1 0",
		 {"option +v6only=0", "family 127.0.0.1"}},
		{NET,
		 "tcp6 ::ffff:9.9.9.9 0 v6only",
		 {"option +v6only=0 +freebind -v6only", "family +freebind -v6only 9.9.9.9",
		  "option +v6only=0 -v6only > EADDRNOTAVAIL", "family -v6only 9.9.9.9 > EADDRNOTAVAIL"}}, // not alone
		{NET, "tcp4 127.0.0.1 0 len=3", {"other argument"}},
		{NET, "tcp4 127.0.0.1 0 twice", {"other argument"}},
		{NET, "tcp6 ff0e::1 0", {"other udp"}},
		// rights
		{NET,
		 "tcp4 127.0.0.1 80 uid=1000",
		 {"port port 1024", "port port 0", "?capability",
		  "?sysctl [sysctl -w net.ipv4.ip_unprivileged_port_start=80]"}},
		{NET,
		 "tcp6 2001:db8::9 80 uid=1000",
		 {"port +freebind port 1024", "port +freebind port 0", "port port 1024 > EADDRNOTAVAIL",
		  "port port 0 > EADDRNOTAVAIL", "capability > EADDRNOTAVAIL",
		  "sysctl [sysctl -w net.ipv4.ip_unprivileged_port_start=80] > EADDRNOTAVAIL"}},
		{NET, "tcp4 127.0.0.1 0 transparent uid=1000", {"option -transparent", "capability"}},
		{NET, "raw4 127.0.0.1 0 uid=1000", {"capability"}},
		{NET, "raw4 9.9.9.9 0 uid=1000", {"capability +freebind", "capability > EADDRNOTAVAIL"}},
		{NET "noping", "ping4 127.0.0.1 0", {"sysctl [sysctl -w 'net.ipv4.ping_group_range=0 0']"}},
		// ports
		{"lo; sock tcp4 0.0.0.0 80 listen", "tcp4 127.0.0.1 80", {"port port 0", "?other"}},
		{"lo; sock tcp4 0.0.0.0 80 reuse", "tcp4 127.0.0.1 80", {"option +reuseaddr", "port port 0", "?other"}},
		{"lo; sock tcp4 0.0.0.0 80 listen reuseport",
		 "tcp4 127.0.0.1 80",
		 {"option +reuseport", "port port 0", "?other"}},
		{"lo; sock udp4 0.0.0.0 80 reuse=? reuseport=?",
		 "udp4 127.0.0.1 80",
		 {"port port 0", "?option +reuseaddr", "?option +reuseport", "?other"}},
		// without a device there is nowhere to put an address
		{"tables",
		 "tcp6 2001:db8::9 0",
		 {"option +freebind", "address ::", "option +transparent",
		  "sysctl [sysctl -w net.ipv6.ip_nonlocal_bind=1]"}},
		{"lo; addr fe80::1/64 dev 77", "tcp6 fe80::1 0", {NULL}}, // nor a scope to name
		// more than are shown
		{"link a; link b; link c; link d; link e; link f; link g; link i; link j; addr fe80::1/64 dev 2; addr fe80::1/64 dev 3;"
		 "addr fe80::1/64 dev 4; addr fe80::1/64 dev 5; addr fe80::1/64 dev 6; addr fe80::1/64 dev 7; addr fe80::1/64 dev 8;"
		 "addr fe80::1/64 dev 9; addr fe80::1/64 dev 10",
		 "tcp6 fe80::1 0",
		 {"scope %a", "scope %b", "scope %c", "scope %d", "scope %e", "scope %f", "scope %g", "scope %i",
		  "device +device=a", "device +device=b", "device +device=c", "device +device=d"}},
		// the cause undone comes first
		{"lo down",
		 "tcp4 127.0.0.1 0",
		 {"link [ip link set lo up]", "option +freebind", "option +transparent",
		  "sysctl [sysctl -w net.ipv4.ip_nonlocal_bind=1]"}},
		{"lo down",
		 "tcp6 ::1 0",
		 {"link [ip link set lo up]", "option +freebind", "option +transparent",
		  "sysctl [sysctl -w net.ipv6.ip_nonlocal_bind=1]"}},
		{NET "link v2 down; addr 10.5.5.1/24 dev v2",
		 "udp4 10.5.5.255 0",
		 {"link [ip link set v2 up]", "option +freebind", "address 0.0.0.0", "option +transparent",
		  "sysctl [sysctl -w net.ipv4.ip_nonlocal_bind=1]"}},
		{"lo noipv6",
		 "tcp6 ::1 0",
		 {"sysctl [sysctl -w net.ipv6.conf.lo.disable_ipv6=0]", "option +freebind", "option +transparent",
		  "sysctl [sysctl -w net.ipv6.ip_nonlocal_bind=1]"}},
		{"lo; link v0 noipv6",
		 "tcp6 2001:db8::9 0",
		 {"sysctl [sysctl -w net.ipv6.conf.v0.disable_ipv6=0] [ip addr add 2001:db8::9/128 dev v0 nodad]",
		  "option +freebind", "address ::", "option +transparent",
		  "address [ip addr add 2001:db8::9/128 dev lo nodad]",
		  "sysctl [sysctl -w net.ipv6.ip_nonlocal_bind=1]"}},
		// two obstacles
		{NET "sock tcp4 0.0.0.0 80 listen",
		 "tcp4 192.0.2.9 80",
		 {"option +freebind port 0", "address 0.0.0.0 port 0", "option +freebind > EADDRINUSE",
		  "address 0.0.0.0 > EADDRINUSE", "option +transparent > EADDRINUSE",
		  "route [ip route add local 192.0.2.9 dev lo] > EADDRINUSE",
		  "address [ip addr add 192.0.2.9/32 dev v0] > EADDRINUSE",
		  "sysctl [sysctl -w net.ipv4.ip_nonlocal_bind=1] > EADDRINUSE"}},
		{NET "sock tcp4 0.0.0.0 80 listen",
		 "tcp4 192.0.2.9 80 transparent uid=1000",
		 {"option +freebind -transparent port 1024", "option -transparent > EADDRNOTAVAIL",
		  "capability port 1024", "capability > EACCES"}},
		// who holds the port
		{"lo; sock tcp6 :: 80 listen", "tcp4 0.0.0.0 80", {"port port 0", "?other", "?other"}},
		{"lo; sock tcp4 0.0.0.0 80 listen",
		 "tcp6 :: 80",
		 {"option +v6only", "address ::1", "port port 0", "?other"}},
		{"lo; sock tcp4 127.0.0.1 80 timewait", "tcp4 0.0.0.0 80", {"port port 0", "wait"}},
		{"lo; sock tcp4 0.0.0.0 3001 reuseport uid=1000",
		 "tcp4 0.0.0.0 3001 reuseport",
		 {"port port 0", "user", "?other"}},
		{NET "link br9; sock udp4 0.0.0.0 67 dev=br9",
		 "udp4 0.0.0.0 67",
		 {"device +device=v0", "device +device=v1", "port port 0", "?other"}},
		// no port is left
		{"lo; sysctl net.ipv4.ip_local_port_range=50000 50000; sock tcp4 0.0.0.0 50000",
		 "tcp4 127.0.0.1 0",
		 {"option +noport", "port port 1024", "sysctl [sysctl -w 'net.ipv4.ip_local_port_range=32768 60999']"}},
		// off, and the wrong level
		{"lo; sysctl net.mptcp.enabled=0",
		 "mptcp4 127.0.0.1 0",
		 {"other tcp", "sysctl [sysctl -w net.mptcp.enabled=1]"}},
		{NET,
		 "raw6 2001:db8::9 0 freebind",
		 {"option +freebind6 -freebind", "option -freebind > EADDRNOTAVAIL"}},
		{NET,
		 "udp6 ff02::1 0",
		 {"scope %v0", "scope %v1", "scope %lo", "device +device=v0", "device +device=v1"}},
		{NET, "tcp4 127.0.0.1 0 dev=gone", {"option -device=gone", "device +device=lo -device=gone"}},
		// no room for another option
		{"lo",
		 "tcp4 9.9.9.9 0 mark=1 mark=1 mark=1 mark=1 mark=1 mark=1 mark=1 mark=1 mark=1 mark=1 mark=1 mark=1 mark=1 mark=1 mark=1 mark=1",
		 {"address 0.0.0.0", "route [ip route add local 9.9.9.9 dev lo]",
		  "address [ip addr add 9.9.9.9/32 dev lo]", "sysctl [sysctl -w net.ipv4.ip_nonlocal_bind=1]"}},
		// shadowed, and in another VRF
		{NET "route local 10.0.0.0/8 dev lo; route blackhole 10.1.1.1 table main",
		 "tcp4 10.1.1.1 0",
		 {"route [ip route del blackhole 10.1.1.1 table main]", "option +freebind", "address 0.0.0.0",
		  "option +transparent", "route [ip route add local 10.1.1.1 dev lo]",
		  "address [ip addr add 10.1.1.1/32 dev lo]", "sysctl [sysctl -w net.ipv4.ip_nonlocal_bind=1]"}},
		// an address that left comes back where it was
		{NET "left 10.1.1.20 dev v1 with 10.1.1.10",
		 "tcp4 10.1.1.20 0",
		 {"address [ip addr add 10.1.1.20/24 dev v1]", "option +freebind", "address 0.0.0.0",
		  "option +transparent", "route [ip route add local 10.1.1.20 dev lo]",
		  "sysctl [sysctl -w net.ipv4.ip_nonlocal_bind=1]"}},
		{NET "left 10.1.1.20 dev gone",
		 "tcp4 10.1.1.20 0",
		 {"option +freebind", "address 0.0.0.0", "option +transparent",
		  "route [ip route add local 10.1.1.20 dev lo]", "address [ip addr add 10.1.1.20/32 dev lo]",
		  "sysctl [sysctl -w net.ipv4.ip_nonlocal_bind=1]"}},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		check(&cases[i]);
	assert_int_equal(wrong, 0);
}

// Does to a host what a remedy's command says, independently of how the model tried it.
static void run_command(struct host *h, const char *command)
{
	char line[REMEDY_COMMAND + 8];
	struct made_words w;
	if (strncmp(command, "ip link set ", 12) == 0) {
		made_split(command, strlen(command), &w);
		if (strcmp(w.word[3], "lo") == 0) {
			struct made_words lo = {.word = {lo.text}, .n = 1, .text = "lo"};
			made_do_addr(h, "127.0.0.1/8", &lo);
			made_do_addr(h, "::1/128", &lo);
		}
		return;
	}
	if (strncmp(command, "ip route del ", 13) == 0) {
		char dst[PREFIX_TEXT];
		made_split(command, strlen(command), &w);
		for (size_t i = 0; i < h->nroutes4; i++) {
			struct prefix p = host_prefix4(h, i);
			if (strcmp(rtn_name(host_info4(h, i)->type), w.word[3]) == 0 &&
			    strcmp(prefix_print(&p, dst), w.word[4]) == 0) {
				host_remove(h, HOST_ROUTES4, i, NULL);
				return;
			}
		}
		fail_msg("no such route: %s", command);
	}
	if (strncmp(command, "ip ", 3) == 0) {
		made_split(command, strlen(command), &w);
		snprintf(line, sizeof line, "%s %s", w.word[1],
			 command + strlen("ip ") + strlen(w.word[1]) + strlen(" add "));
	} else {
		const char *what = command + strlen("sysctl -w ");
		bool quoted = *what == '\'';
		if (strstr(command, "reserved_ports")) {
			memset(h->reserved_ports, 0, sizeof h->reserved_ports);
			return;
		}
		snprintf(line, sizeof line, "sysctl %.*s", (int)strlen(what) - 2 * quoted, what + quoted);
	}
	made_split(line, strlen(line), &w);
	made_do(h, &w);
	if (strstr(command, "ping_group_range"))
		made_caller.ping_group = YES;
	host_sort(h);
}

// The rest of a remedy: who binds, and who has left.
static void become(struct host *h, const struct remedy *r)
{
	if (strstr(r->change, "cap_net_raw") ? YES : NO)
		made_caller.net_raw = true;
	if (strstr(r->change, "cap_net_bind_service") ? YES : NO)
		made_caller.net_bind_service = true;
	if (strstr(r->change, "cap_net_admin") ? YES : NO)
		made_caller.net_admin = true;
	if (strstr(r->change, "setcap") && made_unprivileged)
		made_caller = (struct caller){.uid = made_caller.uid,
					      .net_raw = strstr(r->change, "cap_net_raw") ? YES : NO,
					      .net_bind_service = strstr(r->change, "cap_net_bind_service") ? YES : NO,
					      .net_admin = strstr(r->change, "cap_net_admin") ? YES : NO,
					      .ping_group = made_caller.ping_group,
					      .hooks = made_caller.hooks},
		made_unprivileged = false;
	for (size_t i = 0; i < h->naddrs && r->kind == REMEDY_WAIT; i++)
		h->addrs[i].flags &= ~(uint32_t)IFA_F_TENTATIVE;
	if (r->pid || strstr(r->change, "a free port"))
		made_question.nsocks = 0;
	if (r->kind == REMEDY_PORT && r->attempt.port)
		made_question.socks_port = r->attempt.port;
}

// Over many refusals: a remedy ends as it says, and the host that was asked about is left alone.
static void test_carried_out(void **state)
{
	(void)state;
	static const char *const hosts[] = {
		NET,
		"lo",
		NET "nocaps",
		NET "kernel 5.15.55; split; route blackhole 10.1.0.0/16",
		NET "route local 10.0.0.0/8 dev lo; route blackhole 10.1.0.0/16; left 9.9.9.9 dev v1",
		NET "sysctl net.ipv6.bindv6only=1; sock tcp4 0.0.0.0 80 listen reuseport; sock tcp6 :: 80 reuse",
		NET "sock udp4 0.0.0.0 80 reuse; sock udp6 :: 80 v6only reuse",
		NET "sysctl net.ipv4.ip_local_port_range=50000 50000; sock tcp4 0.0.0.0 50000; sock tcp6 :: 50000",
		"lo; link v0; addr 2001:db8::1/64 dev v0 tentative; addr fe80::1/64 dev v0 tentative dadfailed; ports tcp",
		"lo; vrf red 10; link d0 master red; addr 10.1.0.1/24 dev d0; addr 2001:db8::1/64 dev d0; addr fe80::1/64 dev d0",
	};
	static const char *const addrs[] = {"127.0.0.1", "9.9.9.9",     "10.1.0.1",         "224.0.0.1",
					    "::1",       "2001:db8::1", "2001:db8::9",      "fe80::1",
					    "fe80::9",   "ff02::1",     "::ffff:127.0.0.1", "::ffff:9.9.9.9"};
	static const char *const rest[] = {"0",           "80",           "80 uid=1000", "0 v6only",
					   "0 ifindex=2", "0 scope=2",    "0 scope=3",   "5000 twice",
					   "0 len=9",     "80 reuseaddr", "0 mark=1"};
	static const char *const kinds[] = {"tcp", "udp", "raw", "ping", "mptcp"};
	unsigned tried = 0, verified = 0, unverified = 0;
	for (size_t i = 0; i < sizeof hosts / sizeof *hosts; i++) {
		for (size_t n = 0; n < 12 * 11 * 5; n++) {
			char line[128];
			struct host *h;
			struct walk w, after;
			struct remedy fix[REMEDIES];
			const char *addr = addrs[n % 12];
			snprintf(line, sizeof line, "%s%c %s %s", kinds[n / 132], strchr(addr, ':') ? '6' : '4', addr,
				 rest[n / 12 % 11]);
			made_decide(hosts[i], line, &h, &w);
			size_t routes = h->nroutes4, naddrs = h->naddrs;
			unsigned found = remedies(made_facts(h), &w, fix);
			assert_true(found <= REMEDIES);
			assert_true(w.predicted.err || found == 0);
			assert_int_equal(h->nroutes4, routes);
			assert_int_equal(h->naddrs, naddrs);
			for (unsigned r = 0; r < found; r++) {
				struct host *changed = host_copy(h);
				const struct caller before = made_caller;
				const struct question asked = made_question;
				bool unprivileged = made_unprivileged;
				for (unsigned k = 0; k < fix[r].ncommands; k++)
					run_command(changed, fix[r].commands[k]);
				become(changed, &fix[r]);
				decide(made_facts(changed), &fix[r].attempt, &after);
				int err = fix[r].then.remains ? fix[r].then.err : 0;
				if (after.predicted.err != err)
					fail_msg("%s on [%s]: '%s' ends in %s, not %s", line, hosts[i], fix[r].change,
						 errno_name(after.predicted.err), errno_name(err));
				made_caller = before;
				made_question = asked;
				made_unprivileged = unprivileged;
				tried++;
				verified += fix[r].verified;
				unverified += !fix[r].verified;
				host_free(changed);
			}
			host_free(h);
		}
	}
	assert_true(tried > 1000 && verified > 900 && unverified > 10);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_offered),
		cmocka_unit_test(test_carried_out),
	};
	return cmocka_run_group_tests_name("remedy", tests, NULL, NULL);
}
