# shellcheck shell=sh disable=SC2154 # bench.sh sets what it uses
# SPDX-License-Identifier: GPL-3.0-or-later
# What it costs a program that it is traced: a server under load, and the start of one with many sockets. The servers are those
# installed, or those that tests/programs/fetch.sh unpacks. Sourced by bench.sh.
ip link set lo up

cache=${BINDWALK_PROGRAMS_CACHE:-${XDG_CACHE_HOME:-${HOME:-}/.cache}/bindwalk/programs}
libraries=
for folder in "$cache"/root/usr/lib/*-linux-gnu "$cache"/root/lib/*-linux-gnu; do
	[ ! -d "$folder" ] || libraries=$folder${libraries:+:$libraries}
done
PATH=$PATH:$cache/root/usr/sbin:$cache/root/usr/bin
cat >"$work/nginx.conf" <<-TEXT
	daemon off;
	master_process off;
	worker_processes 1;
	pid $work/nginx.pid;
	error_log stderr;
	events { }
	http {
	    access_log off;
	    client_body_temp_path $work/body;
	    proxy_temp_path $work/proxy;
	    fastcgi_temp_path $work/fastcgi;
	    uwsgi_temp_path $work/uwsgi;
	    scgi_temp_path $work/scgi;
	    server { listen 127.0.0.1:6480; location / { return 200 "served"; } }
	}
TEXT

# redis REQUESTS [TRACER...], nginx_with HEADER [TRACER...]: requests a second that it serves, traced by that command, and the
# processor's time that it takes for each, which is less shaky.
redis()
{
	number=$1
	shift
	under_load 6479 "redis-benchmark -p 6479 -t get -n $number -c 32 --csv | sed -n 's/^\"GET\",\"\([0-9.]*\)\".*/$number \1/p'" \
		"$@" env LD_LIBRARY_PATH="$libraries" redis-server --port 6479 --bind 127.0.0.1 --save '' --dir "$work"
}

nginx_with()
{
	header=$1
	shift
	under_load 6480 "wrk -t 1 -c 32 -d 2 -H '$header' http://127.0.0.1:6480/ | sed -n 's/^ *\([0-9]*\) requests in.*/\1/p; s/^Requests.sec: *//p'" \
		"$@" env LD_LIBRARY_PATH="$libraries" nginx -c "$work/nginx.conf"
}

# under_load PORT LOAD SERVER...: LOAD prints how many requests it made, and how many in a second.
under_load()
{
	port=$1
	load=$2
	shift 2
	"$@" >"$work/served" 2>&1 &
	server=$!
	until ss -Hltn "sport = :$port" | grep -q .; do
		kill -0 $server 2>/dev/null || { tail -n 1 "$work/served" >&2; return 1; }
		sleep 0.05
	done
	made=$(export LD_LIBRARY_PATH="$libraries" && eval "$load")
	serving=$(ss -Hltnp "sport = :$port" | sed 's/.*pid=\([0-9]*\).*/\1/')
	ticks=$(cut -d ' ' -f 14,15 "/proc/$serving/stat")
	kill "$serving" # a tracer need not hand the signal on
	wait $server
	# shellcheck disable=SC2086 # words
	set -- ${made:-none none} $ticks
	[ "$1" != none ] && awk -v made="$1" -v rate="$2" -v ticks="$(($3 + $4))" -v hz="$(getconf CLK_TCK)" \
		'BEGIN { printf "requests_s=%s cpu_us=%.3f\n", rate, ticks / hz * 1e6 / made }'
}

traced="$bindwalk trace --"
stops="strace -f -o /dev/null -e trace=bind"
row "Redis, traced" requests_s,cpu_us 7 \
	bindwalk "redis 200000 $traced" \
	"untraced" "redis 200000" \
	"strace" "redis 40000 $stops" \
	"with --seccomp-bpf" "redis 200000 $stops --seccomp-bpf"
for header in keep-alive close; do
	row "nginx, $header, traced" requests_s,cpu_us 7 \
		bindwalk "nginx_with 'Connection: $header' $traced" \
		"untraced" "nginx_with 'Connection: $header'" \
		"strace" "nginx_with 'Connection: $header' $stops" \
		"with --seccomp-bpf" "nginx_with 'Connection: $header' $stops --seccomp-bpf"
done
row "Redis, traced with --stay" requests_s,cpu_us 3 \
	bindwalk "redis 40000 $bindwalk trace --stay --" \
	"untraced" "redis 200000" \
	"strace" "redis 40000 $stops"

hold=$build/tests/bench/hold
for count in 1 200 1000; do
	row "start with $count binds" wall_ms,cpu_ms,peak_kib 11 \
		bindwalk "$measure run $traced $hold $count end" \
		"untraced" "$measure run $hold $count end" \
		"strace" "$measure run $stops $hold $count end" \
		"with --seccomp-bpf" "$measure run $stops --seccomp-bpf $hold $count end"
done
