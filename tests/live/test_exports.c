// SPDX-License-Identifier: GPL-3.0-or-later
// A session with binds of all kinds is written in every format, and its script gives the same answers as the session,
// each time that it runs.
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/command/session.h"
#include "core/command/session_run.h"
#include "tests/live/live.h"

static struct session session;
static struct editor *editor;

// False where this kernel lacks what the line is about.
static bool run(const char *line)
{
	struct session_error error;
	enum exit_status how = session_line(&session, line, &(struct session_out){0}, &error);
	if (how != EXIT_OK && !strstr(error.text, "not supported"))
		fail_msg("\"%s\": %d %s", line, how, error.text);
	return how == EXIT_OK;
}

static int hold(int family, const char *address, uint16_t port, int option, bool listens)
{
	struct sockaddr_storage ss;
	struct attempt a = live_attempt(address, port);
	int fd = socket(family, SOCK_STREAM, 0), on = 1;
	assert_true(fd >= 0);
	if (option)
		assert_int_equal(setsockopt(fd, SOL_SOCKET, option, &on, sizeof on), 0);
	assert_int_equal(bind(fd, (struct sockaddr *)&ss, attempt_sockaddr(&a, &ss)), 0);
	assert_int_equal(listens ? listen(fd, 1) : 0, 0);
	return fd;
}

// Each group begins in the lab as it was.
static const char *const sessions[] = {
	"bind 192.168.123.123\nroute add local 192.168.123.0/24 dev lo\nbind\nundo\nset freebind\nbind\nset transparent\n"
	"unprivileged\nbind",
	"unprivileged\nbind 192.0.2.2:80\nbind [2001:db8::2]:80\nsysctl net.ipv4.ip_unprivileged_port_start 80\nbind",
	"set reuseaddr\nset v6only\nbind [::]:8080\nproto udp\nbind [fe80::2%eth0]:53\nbind fe80::2\nbind ::ffff:192.0.2.2\n"
	"unset v6only\nbind\ndevice lo\nbind 192.0.2.2:99\nbind fe80::2",
	"bind [fe80::2%77]:53\nset ifindex=77\nbind 2001:db8::2\nbind 192.0.2.2",
	"bind 224.0.0.1\nbind 255.255.255.255\nbind 192.0.2.255\nbind 0.0.0.0\nbind ff02::1%eth0\nproto udp\nbind ff02::1%eth0",
	"proto icmp\nbind 127.0.0.1:9\nsysctl net.ipv4.ping_group_range '0 0'\nbind\nbind 198.51.100.7\nbind ::1",
	"proto raw\nbind 127.0.0.1\nbind ::1\nbind 198.51.100.7\nsysctl net.ipv4.ip_nonlocal_bind\nbind",
	"address 192.0.2.2:80\nsa-family 77\nbind\nsa-family unspec\nbind\naddress 0.0.0.0:80\nbind\naddrlen 8\nbind\n"
	"addrlen 200\nbind",
	"address 192.0.2.2:80\nfamily inet6\nbind\nsa-family inet6\naddrlen 28\nbind\nagain on\nbind",
	"address [2001:db8::2]:80\nagain on\nbind\nset noport\naddress [2001:db8::2]:0\nbind",
	"address add 2001:db8::77/64 dev eth0\nbind 2001:db8::77\nlink set eth0 down\nbind 2001:db8::2\nbind 192.0.2.2\n"
	"link set eth0 up\nbind\nbind 2001:db8::2",
	"link set lo down\nbind 127.0.0.1\nbind ::1\nlink set lo up\nbind",
	"rule add pref 5 lookup 7\nroute add local 203.0.113.0/24 dev lo table main\nbind 203.0.113.7\naddress del "
	"127.0.0.1/8 dev lo\nbind 127.0.0.1\nroute del local 192.0.2.2 dev eth0 table local\nbind 192.0.2.2",
	"route add blackhole 203.0.113.0/25 table local\nroute add local 203.0.113.0/24 dev lo\nbind 203.0.113.9\nbind "
	"203.0.113.200\nroute add 198.51.100.0/24 via 192.0.2.1 dev eth0\nbind 198.51.100.1",
	"bind 192.0.2.2:7001\nbind 192.0.2.1:7001\nset reuseaddr\nbind 192.0.2.2:7001\nbind 192.0.2.2:7002\nset reuseport\n"
	"bind 192.0.2.2:7003\nbind [::]:7001\nset v6only\nbind",
	"hold 192.0.2.2:7011 listen\nbind 192.0.2.2:7011\nset reuseaddr\nbind\nrelease\nbind\nhold [::]:7012 type dgram "
	"set reuseaddr\nproto udp\nbind 192.0.2.2:7012\nunset all\nbind\nset v6only\nbind [::]:7012",
	"hold 192.0.2.2:7013 time-wait\nbind 192.0.2.2:7013\nset reuseaddr\nbind\nrelease all\nunset all\nbind",
	"unprivileged bounding\nbind 192.0.2.2:80\nunprivileged ambient\nbind\nbind [2001:db8::2]:80",
	"sysctl net.ipv4.ip_local_port_range '7001 7001'\nbind 192.0.2.2:0",
	"link add red type vrf table 10\nlink set red up\nlink add v1 type veth peer v1 netns neighbour\nlink set v1 master red\n"
	"link set v1 up\naddress add 10.9.0.1/24 dev v1\nbind 10.9.0.1\nset device=v1\nbind\nset device=red\nbind\nbind 192.0.2.2",
	"link add dev 'é$(id>no)' type veth peer v9 netns neighbour\nlink set dev 'é$(id>no)' up\naddress add 10.8.0.1/24 dev 'é$(id>no)'\n"
	"device 'é$(id>no)'\nbind 10.8.0.1\naddress del 10.8.0.1/24 dev 'é$(id>no)'\nbind",
};

static void make_session(void)
{
	int held[] = {hold(AF_INET, "192.0.2.2", 7001, 0, true), hold(AF_INET, "192.0.2.2", 7002, SO_REUSEADDR, false),
		      hold(AF_INET, "192.0.2.2", 7003, SO_REUSEPORT, true)};
	for (size_t i = 0; i < sizeof sessions / sizeof *sessions; i++) {
		char text[1024], *save = NULL;
		snprintf(text, sizeof text, "%s", sessions[i]);
		for (char *line = strtok_r(text, "\n", &save); line && run(line);)
			line = strtok_r(NULL, "\n", &save);
		run("reset");
	}
	for (size_t i = 0; i < sizeof held / sizeof *held; i++)
		close(held[i]);
}

static int shell(const char *command)
{
	int status = system(command); // our own words
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void runs(const char *command)
{
	int how = shell(command);
	if (how != 0)
		fail_msg("%s: %d", command, how);
}

// Twice, and once more from the recording that was written.
static void test_formats(void **state)
{
	(void)state;
	static const char *const ends[] = {"json", "md", "html", "sh", "bt", "cast"};
	for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
		char line[128];
		snprintf(line, sizeof line, "write all.%s session", ends[i]);
		assert_true(run(line));
		snprintf(line, sizeof line, "write again.%s session", ends[i]);
		assert_true(run(line));
		snprintf(line, sizeof line, "cmp all.%s again.%s", ends[i], ends[i]);
		runs(line);
		snprintf(line, sizeof line, "\"$top_builddir/bindwalk\" replay all.json --to %s | cmp - all.%s",
			 ends[i], ends[i]);
		runs(line);
	}
}

// The host's own Python, and not one that a user has put before it.
#define WITHOUT(tool) (shell("PATH=/usr/sbin:/usr/bin:/sbin:/bin command -v " tool " >/dev/null") != 0)

static void needs_python(void)
{
	if (!WITHOUT("python3"))
		return;
	print_message("no python3 to run the script with\n");
	skip();
}

static void test_script(void **state)
{
	(void)state;
	needs_python();
	// At once, since neither is in the other's way.
	runs("export PATH=/usr/sbin:/usr/bin:/sbin:/bin; sh all.sh >twice & other=$!; sh all.sh >once || { cat once; exit 1; }; "
	     "wait $other && cmp once twice");
	runs("! grep -q skipped once && tail -n 1 once | grep -q '^all [5-9][0-9] binds as recorded$'");
	assert_int_equal(access("no", F_OK), -1); // what the name of an interface would have made
}

// The shipped recordings, on the release that they were made on.
static void test_shipped(void **state)
{
	(void)state;
	static const char *const names[] = {"demo", "ports"};
	needs_python();
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		char line[512];
		snprintf(line, sizeof line,
			 "PATH=/usr/sbin:/usr/bin:/sbin:/bin; \"$top_builddir/bindwalk\" replay "
			 "\"$top_srcdir/help/recordings/%s.json\" --to sh >shipped.sh && { sh shipped.sh >out 2>&1 || "
			 "! grep -q \"^recorded='*$(uname -r)'*\\$\" shipped.sh; }",
			 names[i]);
		runs(line);
	}
}

// A bind that ends otherwise than recorded is named.
static void test_script_differs(void **state)
{
	(void)state;
	char err[COMMAND_ERROR];
	needs_python();
	session_close(&session);
	assert_int_equal(session_open(&session, editor, NULL, err, sizeof err), 0);
	assert_true(run("bind 192.0.2.2:7009") && run("bind 198.51.100.1") && run("write few.sh session force"));
	runs("sed '/<<.END.$/s/^attempt 2 EADDRNOTAVAIL/attempt 2 ok/' few.sh >wrong.sh");
	int how = shell("export PATH=/usr/sbin:/usr/bin:/sbin:/bin; sh wrong.sh >out 2>&1");
	assert_int_equal(how, 1);
	runs("grep -q '^2. bind .*EADDRNOTAVAIL, BUT ok WAS RECORDED$' out && grep -q 'not as recorded: 2$' out");
	assert_int_equal(shell("sh few.sh inside >out 2>&1"), 2); // never in the namespace that it is started in
}

static void test_bpftrace(void **state)
{
	(void)state;
	if (WITHOUT("bpftrace")) {
		print_message("no bpftrace to read the script\n");
		skip();
	}
	// Newer ones want to be told what to print.
	bool read = shell("bpftrace -d all.bt >out 2>&1 || bpftrace -d ast all.bt >out 2>&1") == 0;
	runs("! grep -E '^all[.]bt:[0-9:-]+: ERROR' out");
	if (!read) {
		print_message("this bpftrace cannot work here\n");
		skip();
	}
}

int main(void)
{
	char folder[] = "/tmp/bindwalk-exports-XXXXXX", err[COMMAND_ERROR];
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_formats),        cmocka_unit_test(test_script),   cmocka_unit_test(test_shipped),
		cmocka_unit_test(test_script_differs), cmocka_unit_test(test_bpftrace),
	};
	if (!live_enter())
		return 0;
	if (!mkdtemp(folder) || chdir(folder) < 0)
		return 99;
	if (editor_open(&editor, false, err, sizeof err) < 0 ||
	    session_open(&session, editor, NULL, err, sizeof err) < 0) {
		printf("Bail out! %s\n", err);
		return 1;
	}
	make_session();
	int failed = cmocka_run_group_tests(tests, NULL, NULL);
	session_close(&session);
	editor_close(editor, err, sizeof err);
	if (!getenv("KEEP") && system("rm -r -- \"$PWD\"") != 0)
		failed++;
	return failed;
}
