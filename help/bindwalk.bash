# bash completion for bindwalk                                -*- shell-script -*-
# SPDX-License-Identifier: GPL-3.0-or-later
# Made by help/mkdoc from the program's tables and help/bindwalk.bash.in.

_bindwalk_commands='lab explain compare run sockets watch trace lesson replay stage notes rehearse help'
_bindwalk_settings='freebind freebind6 transparent transparent6 v6only reuseaddr reuseport device= ifindex= noport portrange= mark='
_bindwalk_names='bind nonlocal anyip rtn-types local-table merged-tries ipv6-address-list scopes dad waiting trace watch predicting lessons comparing vrf mapped ports socket-options capabilities hooks evidence steps codes lab kernels keys socket setsockopt family type multicast privilege state scope device table classify address-list acceptable port result ADDR_ANY ADDR_LOCAL ADDR_ANYIP ADDR_BROADCAST ADDR_MULTICAST ADDR_CONFIGURED TABLE_MISSING TABLE_MERGED NONLOCAL_BY_SYSCTL NONLOCAL_BY_FREEBIND NONLOCAL_BY_TRANSPARENT ADDR_NOT_LOCAL ADDR_REMOVED SECONDARY_LOST LO_DOWN LINK_DOWN IPV6_DISABLED LOCAL_ROUTE_MISSING TABLE_SPLIT ADDR_SHADOWED ADDR_TENTATIVE ADDR_DADFAILED ADDR_OTHER_DEVICE ADDR_OTHER_VRF ADDR_ANYCAST ADDR_ROUTED_ONLY ADDR_TYPE SCOPE_MISSING DEVICE_UNKNOWN V6ONLY_MAPPED MAPPED_REFUSED MULTICAST_STREAM ARGUMENT_LENGTH ARGUMENT_FAMILY ALREADY_BOUND PORT_PRIVILEGED CAP_DROPPED CAP_BOUNDING_ONLY CAP_NO_NEW_PRIVS PORT_TAKEN IDENT_TAKEN PORT_EXHAUSTED PORTS_RESERVED OPTION_REFUSED SOCKET_REFUSED FAMILY_FILTERED HOOK_REFUSED HOOK_FAKED HOOK_REWROTE HOOK_WAIVED INPUT_UNKNOWN UNFORESEEN HOST_CHANGED CHANGED_SINCE DISAGREEMENT EPERM EACCES EAFNOSUPPORT EPROTONOSUPPORT ENOPROTOOPT ENODEV EOPNOTSUPP EINVAL EADDRNOTAVAIL EADDRINUSE freebind freebind6 transparent transparent6 v6only reuseaddr reuseport ifindex noport portrange mark net.ipv4.ip_nonlocal_bind net.ipv6.ip_nonlocal_bind net.ipv4.ip_unprivileged_port_start net.ipv4.ip_local_port_range net.ipv4.ip_autobind_reuse net.ipv4.tcp_l3mdev_accept net.ipv4.udp_l3mdev_accept net.ipv4.raw_l3mdev_accept net.ipv6.bindv6only net.ipv4.ping_group_range net.mptcp.enabled net.ipv6.conf.all.disable_ipv6 net.ipv4.conf.all.promote_secondaries address proto toggle set unset sa-family addrlen again listen connect unprivileged witness sysctl step detail cover answer remedy show compare pin counterpart cell write route rule nexthop link hold release insert delete undo reset keep up down page-up page-down half-up half-down first last next-pane previous-pane pane use filter filter-drop sort hide view zoom theme mouse redraw key say ask expect pause lesson goal time needs do hint solution check note done read since before section palette help back suspend quit linkdown-all raw6-options raw4-nonlocal ping-like-udp ping-vrf ping-netns mark-net-raw reuse-memory bhash2 bhash2-mapped sctp-vrf port-range port-range-mptcp bind-sk bound-diag udp-wildcard udplite mptcp-options rule-del-splits'
_bindwalk_lessons='list review check report refused freebind anyip ipv6 doors almost-local ports local-table challenge-lo-down challenge-scope challenge-vip challenge-time-wait challenge-device-holder challenge-bounding-set challenge-route-gone challenge-reserved-ports challenge-tentative challenge-split-trie challenge-vrf'
_bindwalk_talks='demo'

# The long options of a subcommand.
_bindwalk_options()
{
	case $1 in
	'') echo '--netns --edit --color --ascii --mouse --print-config --version --help' ;;
	lab) echo '--with --netns --color --ascii --mouse --version --help' ;;
	explain) echo '--type --proto --port --scope --device --set --as --family --sa-family --addrlen --again --listen --connect --unprivileged --predict --kernel --witness --full --wait --json --netns --color --ascii --help' ;;
	compare) echo '--proto --device --set --unprivileged --json --markdown --netns --color --ascii --help' ;;
	run) echo '--json --lab --with --netns --edit --yes --color --ascii --help' ;;
	sockets) echo '--proto --all --json --netns --color --ascii --help' ;;
	watch) echo '--port --family --full --all --pid --unit --summary --count --json --output --netns --color --ascii --help' ;;
	trace) echo '--full --pid --stay --user --failed --options --summary --json --output --netns --color --ascii --help' ;;
	lesson) echo '--json --color --ascii --mouse --help' ;;
	replay) echo '--json --to --color --ascii --mouse --help' ;;
	stage) echo '--color --ascii --mouse --version --help' ;;
	notes) echo '--json --color --ascii --help' ;;
	rehearse) echo '--json --color --ascii --help' ;;
	help) echo '--search --color --ascii --help' ;;
	esac
}

# What an option takes as its value; nothing for those that take none.
_bindwalk_value()
{
	case $1 in
	--type) echo 'words stream dgram raw ping' ;;
	--proto) echo 'words tcp udp raw icmp udplite mptcp sctp' ;;
	--port) echo 'none' ;;
	--scope) echo 'interfaces' ;;
	--device) echo 'interfaces' ;;
	--set) echo 'settings' ;;
	--as) echo 'none' ;;
	--family) echo 'words inet inet6' ;;
	--sa-family) echo 'words inet inet6 unspec' ;;
	--addrlen) echo 'none' ;;
	--connect) echo 'none' ;;
	--kernel) echo 'none' ;;
	-p|--pid) echo 'none' ;;
	--user) echo 'none' ;;
	--unit) echo 'none' ;;
	--count) echo 'none' ;;
	--to) echo 'words json md html sh bt cast' ;;
	-o|--output) echo 'files' ;;
	--with) echo 'words host empty anyip router copy' ;;
	--netns) echo 'netns' ;;
	--color) echo 'words auto always never' ;;
	--mouse) echo 'words on off' ;;
	esac
}

_bindwalk_interfaces()
{
	local path
	for path in /sys/class/net/*; do
		[[ -d $path ]] && printf '%s\n' "${path##*/}"
	done
}

# The addresses of this host, link-local ones with their scope.
_bindwalk_addresses()
{
	local device family address
	ip -o address show 2>/dev/null | while read -r _ device family address _; do
		address=${address%%/*}
		[[ $address != fe80:* ]] || address+=%$device
		[[ $family != inet* ]] || printf '%s\n' "$address"
	done
}

# Offers those of the words that begin as the word on the line does, but not those with characters that a shell or a terminal
# would act on: interfaces can be called anything. Where readline breaks the word, at ":" and "=", it keeps what is before the
# break.
_bindwalk_offer()
{
	local kept=${_bindwalk_before} name names LC_ALL=C
	IFS=$' \t\n' read -d '' -ra names <<<"$1"
	COMPREPLY=()
	for name in "${names[@]}"; do
		[[ $name != "${_bindwalk_word#"$kept"}"* || $name == *[!A-Za-z0-9_.:=%@+-]* ]] || COMPREPLY+=("$kept$name")
	done
	local last=${_bindwalk_word##*[$_bindwalk_breaks]}
	local head=${_bindwalk_word%"$last"}
	[[ -z $_bindwalk_breaks ]] || COMPREPLY=("${COMPREPLY[@]#"$head"}")
	[[ ${#COMPREPLY[@]} -ne 1 || ${COMPREPLY[0]} != *= ]] || compopt -o nospace 2>/dev/null
}

_bindwalk_offer_value()
{
	local kind=${1%% *}
	case $kind in
	words) _bindwalk_offer "${1#* }" ;;
	interfaces) _bindwalk_offer "$(_bindwalk_interfaces)" ;;
	netns) _bindwalk_offer "$(ls /run/netns 2>/dev/null)" ;;
	files)
		mapfile -t COMPREPLY < <(compgen -f -- "${_bindwalk_word#"$_bindwalk_before"}")
		compopt -o filenames 2>/dev/null
		;;
	settings)
		if [[ ${_bindwalk_word#"$_bindwalk_before"} == device=* ]]; then
			_bindwalk_before+=device=
			_bindwalk_offer "$(_bindwalk_interfaces)"
		else
			_bindwalk_offer "$_bindwalk_settings"
		fi
		;;
	esac
}

_bindwalk_offer_address()
{
	if [[ $_bindwalk_word == *%* ]]; then
		_bindwalk_before=${_bindwalk_word%\%*}%
		_bindwalk_offer "$(_bindwalk_interfaces)"
	else
		_bindwalk_offer "$(_bindwalk_addresses) $1"
	fi
}

# After "lab --" and "watch --": a command line of its own.
_bindwalk_offer_command()
{
	local i
	for ((i = 1; i < COMP_CWORD; i++)); do
		[[ ${COMP_WORDS[i]} != -- ]] || break
	done
	if declare -F _comp_command_offset >/dev/null; then
		_comp_command_offset $((i + 1))
	elif declare -F _command_offset >/dev/null; then
		_command_offset $((i + 1))
	elif ((COMP_CWORD == i + 1)); then
		COMPREPLY=($(compgen -c -- "$_bindwalk_word"))
	else
		compopt -o default 2>/dev/null
	fi
}

_bindwalk()
{
	local line=${COMP_LINE:0:COMP_POINT} words word command= arguments=0 i value
	local _bindwalk_word _bindwalk_before= _bindwalk_breaks=${COMP_WORDBREAKS//[^:=]/}
	COMPREPLY=()
	# Readline splits at ":" and "=", as addresses and settings have them: split anew, at blanks.
	read -ra words <<<"$line"
	[[ $line != *[[:blank:]] ]] || words+=('')
	_bindwalk_word=${words[${#words[@]} - 1]}

	for ((i = 1; i < ${#words[@]} - 1; i++)); do
		word=${words[i]}
		if [[ $word == -- && ( $command == lab || $command == watch ) ]]; then
			_bindwalk_offer_command
			return
		elif [[ $word == -?* ]]; then
			[[ $word == *=* || -z $(_bindwalk_value "$word") ]] || ((i++))
		elif ((arguments == 0)) && [[ -z $command && " $_bindwalk_commands " == *" $word "* ]]; then
			command=$word
		else
			((arguments++))
		fi
	done

	# i went beyond the last word when that is the value of an option.
	if ((i == ${#words[@]})); then
		_bindwalk_offer_value "$(_bindwalk_value "${words[i - 2]}")"
	elif [[ $_bindwalk_word == --*=* ]]; then
		value=$(_bindwalk_value "${_bindwalk_word%%=*}")
		_bindwalk_before=${_bindwalk_word%%=*}=
		_bindwalk_offer_value "$value"
	elif [[ $_bindwalk_word == -* ]]; then
		_bindwalk_offer "$(_bindwalk_options "$command")"
	elif [[ $command == help ]]; then
		_bindwalk_offer "$_bindwalk_names"
	elif [[ $command == stage || $command == rehearse ]]; then
		((arguments > 0)) || mapfile -t COMPREPLY < <(compgen -W "$_bindwalk_talks" -f -- "$_bindwalk_word")
		compopt -o filenames 2>/dev/null
	elif [[ $command == lesson ]] && ((arguments == 0)) && [[ $_bindwalk_word != */* ]]; then
		_bindwalk_offer "$_bindwalk_lessons"
		[[ ${#COMPREPLY[@]} -gt 0 ]] || compopt -o default 2>/dev/null
	elif [[ $command == run || $command == replay || $command == lesson || $command == watch ]]; then
		((arguments > 1)) || [[ $command != lesson && $arguments -gt 0 ]] || mapfile -t COMPREPLY < <(compgen -f -- "$_bindwalk_word")
		compopt -o filenames 2>/dev/null
	elif ((arguments == 0)) && [[ -z $command ]]; then
		_bindwalk_offer_address "$_bindwalk_commands"
	elif ((arguments == 0)) && [[ $command != notes ]]; then
		_bindwalk_offer_address ''
	fi
} &&
	complete -F _bindwalk bindwalk
