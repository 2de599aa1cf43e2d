# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=sh
# shellcheck disable=SC2154 # $folder, $programs, $bindwalk are the caller's
# What tests/check-programs.sh tries, as root in namespaces of its own. Speaks TAP.
set -u

# Users that the servers want, a /run of their own, and the programs where every user may reach them.
mkdir "$folder/programs" "$folder/run"
mount --bind "$programs" "$folder/programs"
mount -t tmpfs -o mode=755 run "$folder/run"
cp "$bindwalk" "$folder/run"
mkdir "$folder/run/programs" "$folder/run/sshd" "$folder/run/pg"
mount --move "$folder/programs" "$folder/run/programs"
mount --move "$folder/run" /run
mount -t tmpfs shm /dev/shm
for file in passwd group; do
	cp /etc/$file /run/$file
	for id in 901:nginx 902:haproxy 903:unbound 904:sshd 905:dnsmasq 906:database 907:somebody; do
		case $file in
		passwd) echo "${id#*:}:x:${id%:*}:${id%:*}::/:/bin/sh" ;;
		group) echo "${id#*:}:x:${id%:*}:" ;;
		esac
	done >>/run/$file
	mount --bind /run/$file /etc/$file
done
chown 906 /run/pg
for lib in /run/programs/usr/lib/*-linux-gnu /run/programs/lib/*-linux-gnu /run/programs/usr/lib/*-linux-gnu/systemd; do
	[ ! -d "$lib" ] || LD_LIBRARY_PATH=$lib${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}
done
export LD_LIBRARY_PATH
PATH=/run/programs/usr/sbin:/run/programs/usr/bin:/usr/sbin:/usr/bin:/sbin:/bin
bindwalk=/run/bindwalk
cd /run || exit 99
mkdir -m 1777 told
text=told/text
events=told/events

# 192.0.2.1 is what this host lacks, 192.0.2.10 what it has.
ip link set lo up
ip addr add 192.0.2.10/32 dev lo
ip addr add fe80::1/64 dev lo nodad

has() { command -v "$1" >/dev/null 2>&1; }

# What takes long, meanwhile.
cat >Server.java <<-'TEXT'
import java.net.*;
public class Server {
	public static void main(String[] args) throws Exception {
		ServerSocket s = new ServerSocket();
		s.bind(new InetSocketAddress(args[0], 8082));
		s.accept();
	}
}
TEXT
javac -d /run Server.java >javac 2>&1 &
compiler=$!
# PostgreSQL refuses root.
database="setpriv --reuid 906 --regid 906 --clear-groups"
postgres=$(ls -d /run/programs/usr/lib/postgresql/*/bin /usr/lib/postgresql/*/bin 2>/dev/null | head -n 1)
$database "$postgres/initdb" -N -A trust -D /run/pg/data >initdb 2>&1 &
maker=$!

tests=0
verdict() {
	tests=$((tests + 1))
	if [ "$1" -eq 0 ]; then
		echo "ok $tests - $2"
	else
		echo "not ok $tests - $2"
		for file in $text $events log; do
			[ ! -e $file ] || tr -cd '\n -~' <$file | sed "s/^/# ${file#*/}: /"
		done
	fi
}

skip() {
	tests=$((tests + 1))
	echo "ok $tests - $1 # SKIP $2"
}

errno_of() {
	case $1 in
	EACCES) echo 13 ;;
	EINVAL) echo 22 ;;
	EADDRINUSE) echo 98 ;;
	EADDRNOTAVAIL) echo 99 ;;
	esac
}

# seen ADDRESS PORT ERROR: the binds in the JSON.
seen() {
	grep -sF "\"address\":\"$1\",\"port\":$2," $events | grep "\"error\":$3[,}]"
}

# trace OPTIONS -- COMMAND...: by $tracer, who may be an ordinary user.
limit=
tracer=
trace() {
	rm -f $text $events
	$limit $tracer "$bindwalk" trace "$@" </dev/null
}

# explained NAME PROGRAM CLASS ADDRESS PORT ERRNO CODE REMEDY -- COMMAND...: the program is refused, and both outputs say why. The
# remedy is in the text.
explained() {
	name=$1 program=$2 class=$3 address=$4 port=$5 errno=$6 code=$7 remedy=$8
	shift 9
	case $address in
	*:*) place="[$address]:$port" ;;
	*) place=$address:$port ;;
	esac
	limit="timeout -k 5 60"
	trace -o $text -- "$@" >log 2>&1
	mv $text lines 2>/dev/null
	trace --json -o $events -- "$@" >>log 2>&1
	limit=
	mv lines $text 2>/dev/null
	grep -E "^bindwalk: $class $program\[[0-9]+\] " $text | grep -F " $place $errno " | grep -qvE '^.{161}' &&
		grep -qF -- "$remedy" $text && seen "$address" "$port" "$(errno_of "$errno")" |
		grep -F "\"class\":\"$class\"" | grep -qF "\"code\":\"$code\""
	verdict $? "$name: $code"
}

# Waits for a state: until_so COMMAND... A trace that has ended gets to no other one.
until_so() {
	rounds=0
	until "$@" >/dev/null; do
		if [ $rounds -gt 400 ] || ! kill -0 "$trace" 2>/dev/null; then
			"$@" >/dev/null
			return
		fi
		rounds=$((rounds + 1))
		sleep 0.05
	done
}

# begin COMMAND...: under trace, in the background.
begin() {
	trace --json -o $events -- "$@" >log 2>&1 &
	trace=$!
}

# A launched program ends with its trace, but its port may be free a moment later: none is used twice.
end() {
	kill -KILL "$trace" 2>/dev/null
	wait "$trace" 2>/dev/null
}

# mended NAME ADDRESS PORT -- COMMAND...: it binds now.
mended() {
	name=$1 address=$2 port=$3
	shift 4
	begin "$@"
	until_so seen "$address" "$port" 0
	verdict $? "$name"
	end
}

# nginx
# nginx LISTEN...: a server.
nginx_listens() {
	{
		echo 'daemon off; user nginx; pid /run/nginx.pid; error_log stderr; worker_processes 1;'
		echo 'events {}'
		echo 'http { access_log off;'
		for part in client_body proxy fastcgi uwsgi scgi; do
			echo "${part}_temp_path /run/nginx;"
		done
		echo 'server {'
		printf 'listen %s;\n' "$@"
		echo '} }'
	} >nginx.conf
}
if has nginx; then
	nginx_listens 192.0.2.1:80
	explained "nginx -t" nginx ADDRESS 192.0.2.1 80 EADDRNOTAVAIL ADDR_NOT_LOCAL 'listen 0.0.0.0:80' -- nginx -t -p /run -c nginx.conf
	nginx_listens 0.0.0.0:80
	mended "nginx binds to 0.0.0.0" 0.0.0.0 80 -- nginx -p /run -c nginx.conf

	nginx_listens 192.0.2.1:81
	explained nginx nginx ADDRESS 192.0.2.1 81 EADDRNOTAVAIL ADDR_NOT_LOCAL 'sysctl -w net.ipv4.ip_nonlocal_bind=1' -- \
		nginx -p /run -c nginx.conf
	sysctl -qw net.ipv4.ip_nonlocal_bind=1
	mended "nginx binds with ip_nonlocal_bind" 192.0.2.1 81 -- nginx -p /run -c nginx.conf
	sysctl -qw net.ipv4.ip_nonlocal_bind=0

	# nginx -t takes EADDRINUSE for a server that runs already.
	nginx_listens 0.0.0.0:82 '[::]:82 ipv6only=off'
	explained "nginx -t of IPv4 and IPv6" nginx PORT :: 82 EADDRINUSE PORT_TAKEN 'listen ... ipv6only=on' -- nginx -t -p /run -c nginx.conf
	grep -q 'test is successful' log
	verdict $? "nginx -t says nothing of it"
	nginx_listens 0.0.0.0:82 '[::]:82 ipv6only=on'
	mended "nginx binds with ipv6only=on" :: 82 -- nginx -p /run -c nginx.conf
else
	skip nginx "not in this machine's packages"
fi

# HAProxy
haproxy_binds() {
	cat >haproxy.cfg <<-TEXT
	defaults
	  mode http
	  timeout connect 1s
	  timeout client 1s
	  timeout server 1s
	frontend web
	  bind $1
	TEXT
}
if has haproxy; then
	haproxy_binds 192.0.2.1:83
	explained haproxy haproxy ADDRESS 192.0.2.1 83 EADDRNOTAVAIL ADDR_NOT_LOCAL 'bind ... transparent' -- haproxy -f haproxy.cfg
	haproxy_binds '192.0.2.1:83 transparent'
	mended "haproxy binds with transparent" 192.0.2.1 83 -- haproxy -f haproxy.cfg

	# Without CAP_NET_RAW it sets IP_FREEBIND instead.
	haproxy_binds '192.0.2.1:84 transparent'
	set -- setpriv --reuid 902 --regid 902 --clear-groups
	explained "haproxy of an ordinary user" haproxy PERMISSION 192.0.2.1 84 EACCES PORT_PRIVILEGED \
		AmbientCapabilities=CAP_NET_BIND_SERVICE -- "$@" haproxy -f haproxy.cfg
	mended "haproxy binds with the capability" 192.0.2.1 84 -- "$@" --inh-caps +net_bind_service --ambient-caps +net_bind_service \
		haproxy -f haproxy.cfg
else
	skip haproxy "not in this machine's packages"
fi

# Unbound
unbound_with() {
	cat >unbound.conf <<-TEXT
	server:
	  interface: 192.0.2.1
	  username: unbound
	  chroot: ""
	  directory: "/run"
	  pidfile: ""
	  do-daemonize: no
	  use-syslog: no
	  num-threads: 1
	  $1
	remote-control:
	  control-enable: no
	TEXT
}
if has unbound; then
	unbound_with ''
	explained unbound unbound ADDRESS 192.0.2.1 53 EADDRNOTAVAIL ADDR_NOT_LOCAL 'ip-freebind: yes' -- unbound -d -p -c unbound.conf
	unbound_with 'ip-freebind: yes'
	mended "unbound binds with ip-freebind" 192.0.2.1 53 -- unbound -d -p -c unbound.conf
else
	skip unbound "not in this machine's packages"
fi

# dnsmasq: with bind-dynamic it goes on, and binds as soon as the host has the address.
if has dnsmasq; then
	set -- dnsmasq -k -C /dev/null --no-resolv --no-hosts --user=dnsmasq --pid-file= --listen-address=192.0.2.2
	explained dnsmasq dnsmasq ADDRESS 192.0.2.2 53 EADDRNOTAVAIL ADDR_NOT_LOCAL bind-dynamic -- "$@" --bind-interfaces
	begin "$@" --bind-dynamic
	until_so seen 192.0.2.2 53 99 && ip addr add 192.0.2.2/32 dev lo && until_so seen 192.0.2.2 53 0
	verdict $? "dnsmasq with bind-dynamic binds when the address comes"
	end
	ip addr del 192.0.2.2/32 dev lo
else
	skip dnsmasq "not in this machine's packages"
fi

# OpenSSH, which re-executes itself by its path
if has sshd && has ssh-keygen; then
	ssh-keygen -q -N '' -t ed25519 -f hostkey
	set -- "$(command -v sshd)" -D -e -f /dev/null -h /run/hostkey -o UsePAM=no -o PidFile=none
	parts=/run/programs/usr/lib/openssh # of releases from 9.8 on
	[ ! -x $parts/sshd-session ] || set -- "$@" -o SshdSessionPath=$parts/sshd-session
	[ ! -x $parts/sshd-auth ] || set -- "$@" -o SshdAuthPath=$parts/sshd-auth
	explained sshd sshd ADDRESS 192.0.2.1 22 EADDRNOTAVAIL ADDR_NOT_LOCAL 'ListenAddress 0.0.0.0' -- "$@" -o ListenAddress=192.0.2.1
	mended "sshd binds with ListenAddress" 0.0.0.0 22 -- "$@" -o ListenAddress=0.0.0.0
else
	skip sshd "not in this machine's packages"
fi

# PostgreSQL
if [ -n "$postgres" ] && [ -x "$postgres/postgres" ] && [ -x "$postgres/initdb" ]; then
	wait $maker || sed 's/^/# /' initdb
	set -- $database "$postgres/postgres" -D /run/pg/data -k /run/pg
	explained postgres postgres ADDRESS 192.0.2.1 5432 EADDRNOTAVAIL ADDR_NOT_LOCAL "listen_addresses = '0.0.0.0'" -- \
		"$@" -c listen_addresses=192.0.2.1
	mended "postgres binds with listen_addresses" 0.0.0.0 5432 -- "$@" -c listen_addresses=0.0.0.0
else
	skip postgres "not in this machine's packages"
fi

# What needs no privilege is traced without.
ordinary="setpriv --reuid 907 --regid 907 --clear-groups"
tracer=$ordinary

# Redis
if has redis-server; then
	explained redis-server redis-server ADDRESS 192.0.2.1 6379 EADDRNOTAVAIL ADDR_NOT_LOCAL 'bind 0.0.0.0' -- \
		redis-server --save '' --bind 192.0.2.1
	mended "redis-server binds with bind" 0.0.0.0 6379 -- redis-server --save '' --bind 0.0.0.0
else
	skip redis-server "not in this machine's packages"
fi

# socat, from a script that forks
if has socat; then
	cat >forks.sh <<-'TEXT'
	#!/bin/sh
	(socat "TCP4-LISTEN:7000,bind=192.0.2.1$1" - </dev/null &)
	TEXT
	chmod +x forks.sh
	explained "socat of a script that forks" socat ADDRESS 192.0.2.1 7000 EADDRNOTAVAIL ADDR_NOT_LOCAL ...,freebind -- ./forks.sh
	mended "socat binds with freebind" 192.0.2.1 7000 -- ./forks.sh ,freebind
else
	skip socat "not in this machine's packages"
fi

# Go: webhook, whose 0.0.0.0 is ::
if has webhook; then
	echo '[]' >hooks.json
	explained webhook webhook ADDRESS 192.0.2.1 9000 EADDRNOTAVAIL ADDR_NOT_LOCAL '-ip 0.0.0.0' -- \
		webhook -hooks hooks.json -nopanic -ip 192.0.2.1
	mended "webhook binds with -ip" :: 9000 -- webhook -hooks hooks.json -nopanic -ip 0.0.0.0
else
	skip webhook "not in this machine's packages"
fi

# Node
cat >server.js <<-'TEXT'
require('net').createServer().listen(8081, process.argv[2])
TEXT
if has node; then
	explained node node ADDRESS 192.0.2.1 8081 EADDRNOTAVAIL ADDR_NOT_LOCAL "server.listen(8081, '0.0.0.0')" -- node server.js 192.0.2.1
	mended "node binds to 0.0.0.0" 0.0.0.0 8081 -- node server.js 0.0.0.0
else
	skip node "no node on this machine"
fi

# Java has IPv6 sockets for IPv4 addresses, and :: for 0.0.0.0.
if has java && has javac; then
	wait $compiler || sed 's/^/# /' javac
	set -- java -Xshare:auto -XX:TieredStopAtLevel=1 -cp /run Server
	explained java java ADDRESS ::ffff:192.0.2.1 8082 EADDRNOTAVAIL ADDR_NOT_LOCAL 'new InetSocketAddress("0.0.0.0", 8082)' -- "$@" 192.0.2.1
	mended "java binds to 0.0.0.0" :: 8082 -- "$@" 0.0.0.0
else
	skip java "no java on this machine"
fi

# Python, which does what no server above does
python=/usr/bin/python3
cat >server.py <<-'TEXT'
import os, socket, sys, threading
where, words = (sys.argv[1], int(sys.argv[2])), sys.argv[3:]

def serve():
    sock = socket.socket(socket.AF_INET6 if ':' in where[0] else socket.AF_INET)
    if 'freebind' in words:
        sock.setsockopt(socket.IPPROTO_IP, 15, 1)
    sock.bind(where + (0, socket.if_nametoindex('lo')) if 'scope' in words else where)
    sock.listen()
    sock.accept()

if 'drop' in words:
    os.setgroups([])
    os.setgid(907)
    os.setuid(907)
if 'daemon' in words:
    if os.fork():
        os._exit(0)
    os.setsid()
    if os.fork():
        os._exit(0)
if 'thread' in words:
    thread = threading.Thread(target=serve)
    thread.start()
    thread.join()
else:
    serve()
TEXT
if [ -x $python ]; then
	explained python python3 ADDRESS 192.0.2.1 8083 EADDRNOTAVAIL ADDR_NOT_LOCAL 'sock.setsockopt(socket.IPPROTO_IP, 15, 1)' -- \
		$python server.py 192.0.2.1 8083
	mended "python binds with the option" 192.0.2.1 8083 -- $python server.py 192.0.2.1 8083 freebind

	explained "a thread" python3 ARGUMENT fe80::1 8084 EINVAL SCOPE_MISSING "('fe80::1', 8084, 0, socket.if_nametoindex('lo'))" -- \
		$python server.py fe80::1 8084 thread
	mended "the thread binds with a scope" fe80::1 8084 -- $python server.py fe80::1 8084 thread scope

	tracer=
	explained "a program that drops privileges" python3 PERMISSION 192.0.2.10 85 EACCES PORT_PRIVILEGED \
		"sysctl -w net.ipv4.ip_unprivileged_port_start=85" -- $python server.py 192.0.2.10 85 drop
	sysctl -qw net.ipv4.ip_unprivileged_port_start=85
	mended "it binds with the sysctl" 192.0.2.10 85 -- $python server.py 192.0.2.10 85 drop
	sysctl -qw net.ipv4.ip_unprivileged_port_start=1024

	explained "a daemon" python3 ADDRESS 192.0.2.1 8086 EADDRNOTAVAIL ADDR_NOT_LOCAL 'ip addr add 192.0.2.1/32 dev lo' -- \
		$python server.py 192.0.2.1 8086 daemon
	ip addr add 192.0.2.1/32 dev lo
	mended "it binds with the address" 192.0.2.1 8086 -- $python server.py 192.0.2.1 8086 daemon
	ip addr del 192.0.2.1/32 dev lo

	: >other
	unshare --net=/run/other ip link set lo up
	set -- nsenter --net=/run/other $python server.py 192.0.2.10 8087
	explained "a program in another namespace" python3 ADDRESS 192.0.2.10 8087 EADDRNOTAVAIL ADDR_NOT_LOCAL 'ip addr add 192.0.2.10/32 dev lo' -- "$@"
	grep -q namespace $text
	verdict $? "the text says that it is another one"
	nsenter --net=/run/other ip addr add 192.0.2.10/32 dev lo
	mended "it binds with the address of its namespace" 192.0.2.10 8087 -- "$@"
	umount other

	cp $python capable
	$python -c 'import os; os.setxattr("capable", "security.capability", bytes.fromhex("0100000200040000" + "00" * 12))'
	tracer=$ordinary
	explained "a program with a file capability" capable PERMISSION 192.0.2.10 87 EACCES PORT_PRIVILEGED \
		"sudo bindwalk trace --user somebody" -- ./capable server.py 192.0.2.10 87
	tracer=
	trace --json -o $events --user somebody -- ./capable server.py 192.0.2.10 87 >log 2>&1 &
	trace=$!
	until_so seen 192.0.2.10 87 0
	verdict $? "it binds with its capability as root traces it"
	end
else
	skip python "no python3 on this machine"
fi

# systemd's own program for sockets has no options for them: it takes those that a unit with FreeBind=yes would hand over.
cat >unit.py <<-'TEXT'
import os, socket
sock = socket.socket()
sock.setsockopt(socket.IPPROTO_IP, 15, 1)
sock.bind(('192.0.2.1', 88))
sock.listen()
os.dup2(sock.fileno(), 3)
os.set_inheritable(3, True)
os.environ.update(LISTEN_FDS='1', LISTEN_PID=str(os.getpid()))
os.execlp('systemd-socket-activate', 'systemd-socket-activate', 'cat')
TEXT
if has systemd-socket-activate; then
	explained systemd-socket-activate systemd-socket- ADDRESS 192.0.2.1 88 EADDRNOTAVAIL ADDR_NOT_LOCAL FreeBind=yes -- \
		systemd-socket-activate -l 192.0.2.1:88 cat
	begin $python unit.py
	until_so seen 192.0.2.1 88 0 && until_so grep -aq 'Listening on 192.0.2.1:88' log
	verdict $? "systemd-socket-activate listens on a socket with FreeBind=yes"
	end
else
	skip systemd-socket-activate "not on this machine"
fi
echo "1..$tests"
