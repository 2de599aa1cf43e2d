#compdef bindwalk
# SPDX-License-Identifier: GPL-3.0-or-later
# Made by help/mkdoc from the program's tables and help/bindwalk.zsh.in.

local -a _bindwalk_subcommands _bindwalk_set _bindwalk_names _bindwalk_lessons _bindwalk_talks
local -a _bindwalk_options_explorer _bindwalk_options_lab _bindwalk_options_explain _bindwalk_options_run _bindwalk_options_watch _bindwalk_options_lesson _bindwalk_options_stage _bindwalk_options_notes _bindwalk_options_rehearse _bindwalk_options_help
_bindwalk_subcommands=(
	'lab:the explorer, or a command, in a private lab'
	'explain:one walk as text'
	'compare:two walks side by side, and the matrix'
	'run:the lines of a script, or a shell'
	'sockets:what is bound, and whether it would bind again'
	'watch:every bind on this host as it happens'
	'trace:why a program fails to bind: each bind that it makes, with its walk'
	'lesson:lessons and challenges, in a private lab'
	'replay:a recorded session, on any machine'
	'stage:a talk for a room, step by step'
	'notes:the speaker'\''s notes, on a second terminal'
	'rehearse:a talk played through without a room, on this kernel'
	'help:the text on a topic, step, code, option or command'
)
_bindwalk_set=(freebind freebind6 transparent transparent6 v6only reuseaddr reuseport device= ifindex= noport portrange= mark=)
_bindwalk_names=(bind nonlocal anyip rtn-types local-table merged-tries ipv6-address-list scopes dad waiting trace watch predicting lessons comparing vrf mapped ports socket-options capabilities hooks evidence steps codes lab kernels keys socket setsockopt family type multicast privilege state scope device table classify address-list acceptable port result ADDR_ANY ADDR_LOCAL ADDR_ANYIP ADDR_BROADCAST ADDR_MULTICAST ADDR_CONFIGURED TABLE_MISSING TABLE_MERGED NONLOCAL_BY_SYSCTL NONLOCAL_BY_FREEBIND NONLOCAL_BY_TRANSPARENT ADDR_NOT_LOCAL ADDR_REMOVED SECONDARY_LOST LO_DOWN LINK_DOWN IPV6_DISABLED LOCAL_ROUTE_MISSING TABLE_SPLIT ADDR_SHADOWED ADDR_TENTATIVE ADDR_DADFAILED ADDR_OTHER_DEVICE ADDR_OTHER_VRF ADDR_ANYCAST ADDR_ROUTED_ONLY ADDR_TYPE SCOPE_MISSING DEVICE_UNKNOWN V6ONLY_MAPPED MAPPED_REFUSED MULTICAST_STREAM ARGUMENT_LENGTH ARGUMENT_FAMILY ALREADY_BOUND PORT_PRIVILEGED CAP_DROPPED CAP_BOUNDING_ONLY CAP_NO_NEW_PRIVS PORT_TAKEN IDENT_TAKEN PORT_EXHAUSTED PORTS_RESERVED OPTION_REFUSED SOCKET_REFUSED FAMILY_FILTERED HOOK_REFUSED HOOK_FAKED HOOK_REWROTE HOOK_WAIVED INPUT_UNKNOWN UNFORESEEN HOST_CHANGED CHANGED_SINCE DISAGREEMENT EPERM EACCES EAFNOSUPPORT EPROTONOSUPPORT ENOPROTOOPT ENODEV EOPNOTSUPP EINVAL EADDRNOTAVAIL EADDRINUSE freebind freebind6 transparent transparent6 v6only reuseaddr reuseport ifindex noport portrange mark net.ipv4.ip_nonlocal_bind net.ipv6.ip_nonlocal_bind net.ipv4.ip_unprivileged_port_start net.ipv4.ip_local_port_range net.ipv4.ip_autobind_reuse net.ipv4.tcp_l3mdev_accept net.ipv4.udp_l3mdev_accept net.ipv4.raw_l3mdev_accept net.ipv6.bindv6only net.ipv4.ping_group_range net.mptcp.enabled net.ipv6.conf.all.disable_ipv6 net.ipv4.conf.all.promote_secondaries address proto toggle set unset sa-family addrlen again listen connect unprivileged witness sysctl step detail cover answer remedy show compare pin counterpart cell write route rule nexthop link hold release insert delete undo reset keep up down page-up page-down half-up half-down first last next-pane previous-pane pane use filter filter-drop sort hide view zoom theme mouse redraw key say ask expect pause lesson goal time needs do hint solution check note done read since before section palette help back suspend quit linkdown-all raw6-options raw4-nonlocal ping-like-udp ping-vrf ping-netns mark-net-raw reuse-memory bhash2 bhash2-mapped sctp-vrf port-range port-range-mptcp bind-sk bound-diag udp-wildcard udplite mptcp-options rule-del-splits)
_bindwalk_lessons=(list review check report refused freebind anyip ipv6 doors almost-local ports local-table challenge-lo-down challenge-scope challenge-vip challenge-time-wait challenge-device-holder challenge-bounding-set challenge-route-gone challenge-reserved-ports challenge-tentative challenge-split-trie challenge-vrf)
_bindwalk_talks=(demo)
_bindwalk_options_explorer=(
	'--netns=[use another network namespace\: a name of `ip netns`, or a process]:netns:_bindwalk_netns'
	'--edit[allow changes of this host\: each is confirmed, and undone on exit]'
	'--color=[auto by default]:color:(auto always never)'
	'--ascii[print only ASCII characters]'
	'--mouse=[on by default; off leaves the mouse to the terminal]:mouse:(on off)'
	'--print-config[print the default settings as a commented config file]'
	'--version[print the version, and the tier\: what Bindwalk can see and do here]'
	'--help[print this text]'
)
_bindwalk_options_lab=(
	'--with=[host by default; what the lab begins with]:with:(host empty anyip router copy)'
	'--netns=[use another network namespace\: a name of `ip netns`, or a process]:netns:_bindwalk_netns'
	'--color=[auto by default]:color:(auto always never)'
	'--ascii[print only ASCII characters]'
	'--mouse=[on by default; off leaves the mouse to the terminal]:mouse:(on off)'
	'--version[print the version, and the tier\: what Bindwalk can see and do here]'
	'--help[print this text]'
)
_bindwalk_options_explain=(
	'--type=[stream by default]:type:(stream dgram raw ping)'
	'--proto=[tcp by default]:proto:(tcp udp raw icmp udplite mptcp sctp)'
	'--port=[0 to 65535; the same as ADDRESS\:PORT]:port: '
	'--scope=[interface of a link-local address; the same as ADDRESS%IF]:scope:_bindwalk_interfaces'
	'--device=[bind the socket to an interface first; the same as --set device=IF]:device:_bindwalk_interfaces'
	'*--set=[set a socket option, in the order given]:set:_bindwalk_settings'
	'--as=[bind as that process\: with its network, user, groups and capabilities]:as: '
	'--family=[; the socket'\''s family, if it is not the address'\''s]:family:(inet inet6)'
	'--sa-family=[ or a number\: sa_family, if it is not the address'\''s]:sa-family:(inet inet6 unspec)'
	'--addrlen=[the length passed to bind(), instead of the sockaddr'\''s size]:addrlen: '
	'--again[bind twice, and explain the second bind()]'
	'--listen[report what listen() does after the bind]'
	'--connect=[report what connect() to DEST\[\:PORT\] does after the bind; sends nothing]:connect: '
	'--unprivileged[bind as an ordinary user\: another uid than root'\''s, no capabilities]'
	'--predict[only predict; do not bind]'
	'--kernel=[predict what that kernel would do\: 5.10 to 7.3]:kernel: '
	'--witness[show what the kernel'\''s functions returned while bind ran, or at least its lookups; needs root]'
	'--full[read every route, however many there are]'
	'--wait[wait until the bind succeeds, at most SECONDS, and report what changed]'
	'--json[print JSON\: one object, or one per line of a script or frame of a recording]'
	'--netns=[use another network namespace\: a name of `ip netns`, or a process]:netns:_bindwalk_netns'
	'--color=[auto by default]:color:(auto always never)'
	'--ascii[print only ASCII characters]'
	'--help[print this text]'
)
_bindwalk_options_compare=(
	'--proto=[tcp by default]:proto:(tcp udp raw icmp udplite mptcp sctp)'
	'--device=[bind the socket to an interface first; the same as --set device=IF]:device:_bindwalk_interfaces'
	'*--set=[set a socket option, in the order given]:set:_bindwalk_settings'
	'--unprivileged[bind as an ordinary user\: another uid than root'\''s, no capabilities]'
	'--json[print JSON\: one object, or one per line of a script or frame of a recording]'
	'--markdown[print Markdown, with tables]'
	'--netns=[use another network namespace\: a name of `ip netns`, or a process]:netns:_bindwalk_netns'
	'--color=[auto by default]:color:(auto always never)'
	'--ascii[print only ASCII characters]'
	'--help[print this text]'
)
_bindwalk_options_run=(
	'--json[print JSON\: one object, or one per line of a script or frame of a recording]'
	'--lab[run in a private lab, where it may change everything]'
	'--with=[host by default; what the lab begins with]:with:(host empty anyip router copy)'
	'--netns=[use another network namespace\: a name of `ip netns`, or a process]:netns:_bindwalk_netns'
	'--edit[allow changes of this host\: each is confirmed, and undone on exit]'
	'--yes[with --edit\: make all changes of the script without asking]'
	'--color=[auto by default]:color:(auto always never)'
	'--ascii[print only ASCII characters]'
	'--help[print this text]'
)
_bindwalk_options_sockets=(
	'--proto=[tcp by default]:proto:(tcp udp raw icmp udplite mptcp sctp)'
	'--all[list connections as well, which no restart binds]'
	'--json[print JSON\: one object, or one per line of a script or frame of a recording]'
	'--netns=[use another network namespace\: a name of `ip netns`, or a process]:netns:_bindwalk_netns'
	'--color=[auto by default]:color:(auto always never)'
	'--ascii[print only ASCII characters]'
	'--help[print this text]'
)
_bindwalk_options_watch=(
	'--port=[only binds to that port]:port: '
	'--family=[; only binds of sockets of that family]:family:(inet inet6)'
	'--full[print the walk under each refused bind]'
	'--all[binds that succeed as well]'
	'--pid=[only binds of that process]:pid: '
	'-p[the same]:pid: '
	'--unit=[only binds of that systemd unit or container]:unit: '
	'--summary[at the end, what was bound and how often, by program, address and errno, instead of each bind]'
	'--count=[end after N binds that were shown]:count: '
	'--json[print JSON, one object per bind and line]'
	'--output=[write each bind to a new file as well, as JSON, one object per line; also -o FILE]:output:_files'
	'-o[the same]:output:_files'
	'--netns=[only binds in that network namespace; its number, as a line shows it, will do as well]:netns:_bindwalk_netns'
	'--color=[auto by default]:color:(auto always never)'
	'--ascii[print only ASCII characters]'
	'--help[print this text]'
)
_bindwalk_options_trace=(
	'--full[print whole walks, also of binds that succeed]'
	'--pid=[trace a process that runs; also -p PID]:pid: '
	'-p[the same]:pid: '
	'--stay[let the command go on when Bindwalk ends; it runs slower]'
	'--user=[run the command as that user, with every privilege that its file grants; root only]:user: '
	'--failed[only calls that are refused]'
	'--options[what the program set on each socket, in order, with the errors that it ignored]'
	'--summary[at the end, what failed first, what to do, and what else to look at]'
	'--json[print JSON, one object per call and line, as `bindwalk watch FILE` reads it]'
	'--output=[write to a new file instead of standard error; also -o FILE]:output:_files'
	'-o[the same]:output:_files'
	'--netns=[use another network namespace\: a name of `ip netns`, or a process]:netns:_bindwalk_netns'
	'--color=[auto by default]:color:(auto always never)'
	'--ascii[print only ASCII characters]'
	'--help[print this text]'
)
_bindwalk_options_lesson=(
	'--json[print JSON\: one object, or one per line of a script or frame of a recording]'
	'--color=[auto by default]:color:(auto always never)'
	'--ascii[print only ASCII characters]'
	'--mouse=[on by default; off leaves the mouse to the terminal]:mouse:(on off)'
	'--help[print this text]'
)
_bindwalk_options_replay=(
	'--json[print JSON\: one object, or one per line of a script or frame of a recording]'
	'--to=[; print it as a recording, a handout, a shell script, a bpftrace script or an asciinema cast]:to:(json md html sh bt cast)'
	'--color=[auto by default]:color:(auto always never)'
	'--ascii[print only ASCII characters]'
	'--mouse=[on by default; off leaves the mouse to the terminal]:mouse:(on off)'
	'--help[print this text]'
)
_bindwalk_options_stage=(
	'--color=[auto by default]:color:(auto always never)'
	'--ascii[print only ASCII characters]'
	'--mouse=[on by default; off leaves the mouse to the terminal]:mouse:(on off)'
	'--version[print the version, and the tier\: what Bindwalk can see and do here]'
	'--help[print this text]'
)
_bindwalk_options_notes=(
	'--json[print JSON\: one object, or one per line of a script or frame of a recording]'
	'--color=[auto by default]:color:(auto always never)'
	'--ascii[print only ASCII characters]'
	'--help[print this text]'
)
_bindwalk_options_rehearse=(
	'--json[print JSON\: one object, or one per line of a script or frame of a recording]'
	'--color=[auto by default]:color:(auto always never)'
	'--ascii[print only ASCII characters]'
	'--help[print this text]'
)
_bindwalk_options_help=(
	'--search[list the names, titles and texts that contain all the words]'
	'--color=[auto by default]:color:(auto always never)'
	'--ascii[print only ASCII characters]'
	'--help[print this text]'
)

_bindwalk_netns()
{
	local -a names
	names=(/run/netns/*(N:t))
	names=(${names:#*[^A-Za-z0-9_.:@+-]*}) # no bytes that a terminal acts on
	_wanted netns expl 'network namespace' compadd "$@" -a names
}

_bindwalk_interfaces()
{
	local -a interfaces
	interfaces=(/sys/class/net/*(N:t))
	interfaces=(${interfaces:#*[^A-Za-z0-9_.:@+-]*})
	_wanted interfaces expl interface compadd "$@" -a interfaces
}

_bindwalk_settings()
{
	if compset -P 'device='; then
		_bindwalk_interfaces
	else
		local -a plain valued
		valued=(${(M)_bindwalk_set:#*=})
		plain=(${_bindwalk_set:#*=})
		_wanted settings expl 'socket option' compadd -a plain
		_wanted settings expl 'socket option' compadd -S '' -a valued
	fi
}

# The addresses of this host, link-local ones with their scope.
_bindwalk_addresses()
{
	local -a addresses
	local line
	if compset -P '*%'; then
		_bindwalk_interfaces
		return
	fi
	for line in ${(f)"$(_call_program addresses ip -o address show 2>/dev/null)"}; do
		local -a field
		field=(${=line})
		[[ $field[3] == inet* ]] || continue
		local address=${field[4]%%/*}
		[[ $address != fe80:* ]] || address+=%$field[2]
		addresses+=($address)
	done
	_wanted addresses expl address compadd -a addresses
}

_bindwalk_first()
{
	_describe -t commands command _bindwalk_subcommands
	_bindwalk_addresses
}

_bindwalk_talk()
{
	_wanted talks expl talk compadd -a _bindwalk_talks
	_files
}

_bindwalk_lesson()
{
	_wanted lessons expl lesson compadd -a _bindwalk_lessons
	_files
}

local curcontext=$curcontext state line
local -i at=${words[(I)--]}

if [[ ${words[2]} == (lab|watch) ]] && (( at > 0 && CURRENT > at )); then
	shift at words
	(( CURRENT -= at ))
	_normal
	return
fi

case ${words[2]} in
lab)
	shift words
	(( CURRENT-- ))
	_arguments -S $_bindwalk_options_lab '1:address:_bindwalk_addresses'
	;;
explain)
	shift words
	(( CURRENT-- ))
	_arguments -S $_bindwalk_options_explain '1:address:_bindwalk_addresses' '2:port: '
	;;
compare)
	shift words
	(( CURRENT-- ))
	_arguments -S $_bindwalk_options_compare '1:address:_bindwalk_addresses' '2:port: ' '3:other address:_bindwalk_addresses'
	;;
sockets)
	shift words
	(( CURRENT-- ))
	_arguments -S $_bindwalk_options_sockets '1:address:_bindwalk_addresses' '2:port: '
	;;
replay)
	shift words
	(( CURRENT-- ))
	_arguments -S $_bindwalk_options_replay '1:recording:_files'
	;;
watch)
	shift words
	(( CURRENT-- ))
	_arguments -S $_bindwalk_options_watch '1:recorded binds:_files'
	;;
run)
	shift words
	(( CURRENT-- ))
	_arguments -S $_bindwalk_options_run '1:script:_files'
	;;
stage)
	shift words
	(( CURRENT-- ))
	_arguments -S $_bindwalk_options_stage '1:talk:_bindwalk_talk'
	;;
rehearse)
	shift words
	(( CURRENT-- ))
	_arguments -S $_bindwalk_options_rehearse '1:talk:_bindwalk_talk'
	;;
notes)
	shift words
	(( CURRENT-- ))
	_arguments -S $_bindwalk_options_notes
	;;
lesson)
	shift words
	(( CURRENT-- ))
	_arguments -S $_bindwalk_options_lesson '1:lesson:_bindwalk_lesson' '2:file:_files'
	;;
help)
	shift words
	(( CURRENT-- ))
	_arguments -S $_bindwalk_options_help "*:name:($_bindwalk_names)"
	;;
*)
	_arguments -S $_bindwalk_options_explorer '1:address or command:_bindwalk_first'
	;;
esac
