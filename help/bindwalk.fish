# SPDX-License-Identifier: GPL-3.0-or-later
# Made by help/mkdoc from the program's tables and help/bindwalk.fish.in.

set -g __bindwalk_commands lab explain compare run sockets watch trace lesson replay stage notes rehearse help
set -g __bindwalk_settings freebind freebind6 transparent transparent6 v6only reuseaddr reuseport device= ifindex= noport portrange= mark=
set -g __bindwalk_names bind nonlocal anyip rtn-types local-table merged-tries ipv6-address-list scopes dad waiting trace watch predicting lessons comparing vrf mapped ports socket-options capabilities hooks evidence steps codes lab kernels keys socket setsockopt family type multicast privilege state scope device table classify address-list acceptable port result ADDR_ANY ADDR_LOCAL ADDR_ANYIP ADDR_BROADCAST ADDR_MULTICAST ADDR_CONFIGURED TABLE_MISSING TABLE_MERGED NONLOCAL_BY_SYSCTL NONLOCAL_BY_FREEBIND NONLOCAL_BY_TRANSPARENT ADDR_NOT_LOCAL ADDR_REMOVED SECONDARY_LOST LO_DOWN LINK_DOWN IPV6_DISABLED LOCAL_ROUTE_MISSING TABLE_SPLIT ADDR_SHADOWED ADDR_TENTATIVE ADDR_DADFAILED ADDR_OTHER_DEVICE ADDR_OTHER_VRF ADDR_ANYCAST ADDR_ROUTED_ONLY ADDR_TYPE SCOPE_MISSING DEVICE_UNKNOWN V6ONLY_MAPPED MAPPED_REFUSED MULTICAST_STREAM ARGUMENT_LENGTH ARGUMENT_FAMILY ALREADY_BOUND PORT_PRIVILEGED CAP_DROPPED CAP_BOUNDING_ONLY CAP_NO_NEW_PRIVS PORT_TAKEN IDENT_TAKEN PORT_EXHAUSTED PORTS_RESERVED OPTION_REFUSED SOCKET_REFUSED FAMILY_FILTERED HOOK_REFUSED HOOK_FAKED HOOK_REWROTE HOOK_WAIVED INPUT_UNKNOWN UNFORESEEN HOST_CHANGED CHANGED_SINCE DISAGREEMENT EPERM EACCES EAFNOSUPPORT EPROTONOSUPPORT ENOPROTOOPT ENODEV EOPNOTSUPP EINVAL EADDRNOTAVAIL EADDRINUSE freebind freebind6 transparent transparent6 v6only reuseaddr reuseport ifindex noport portrange mark net.ipv4.ip_nonlocal_bind net.ipv6.ip_nonlocal_bind net.ipv4.ip_unprivileged_port_start net.ipv4.ip_local_port_range net.ipv4.ip_autobind_reuse net.ipv4.tcp_l3mdev_accept net.ipv4.udp_l3mdev_accept net.ipv4.raw_l3mdev_accept net.ipv6.bindv6only net.ipv4.ping_group_range net.mptcp.enabled net.ipv6.conf.all.disable_ipv6 net.ipv4.conf.all.promote_secondaries address proto toggle set unset sa-family addrlen again listen connect unprivileged witness sysctl step detail cover answer remedy show compare pin counterpart cell write route rule nexthop link hold release insert delete undo reset keep up down page-up page-down half-up half-down first last next-pane previous-pane pane use filter filter-drop sort hide view zoom theme mouse redraw key say ask expect pause lesson goal time needs do hint solution check note done read since before section palette help back suspend quit linkdown-all raw6-options raw4-nonlocal ping-like-udp ping-vrf ping-netns mark-net-raw reuse-memory bhash2 bhash2-mapped sctp-vrf port-range port-range-mptcp bind-sk bound-diag udp-wildcard udplite mptcp-options rule-del-splits
set -g __bindwalk_lessons list review check report refused freebind anyip ipv6 doors almost-local ports local-table challenge-lo-down challenge-scope challenge-vip challenge-time-wait challenge-device-holder challenge-bounding-set challenge-route-gone challenge-reserved-ports challenge-tentative challenge-split-trie challenge-vrf
set -g __bindwalk_talks demo
set -g __bindwalk_valued --type --proto --port --scope --device --set --as --family --sa-family --addrlen --connect --kernel --pid -p --user --unit --count --to --output -o --with --netns --color --mouse

# Words after the program that are neither options nor their values, without the one at the cursor.
function __bindwalk_arguments
    set -l skip 0
    for word in (commandline -opc)[2..-1]
        if test $skip = 1
            set skip 0
        else if contains -- $word $__bindwalk_valued
            set skip 1
        else if string match -qr -- '^-(-.|[a-z])' $word
        else
            printf '%s\n' $word
        end
    end
end

# Is this the command line of a subcommand, or of the explorer?
function __bindwalk_in
    set -l arguments (__bindwalk_arguments)
    if contains -- "$arguments[1]" $__bindwalk_commands
        test $arguments[1] = $argv[1]; and not contains -- -- $arguments
    else
        test $argv[1] = explorer
    end
end

function __bindwalk_interfaces
    for path in /sys/class/net/*/
        path basename $path 2>/dev/null; or basename $path
    end | string match -r '^[A-Za-z0-9_.:@+-]+$' # no bytes that a terminal acts on
end

function __bindwalk_set
    for setting in $__bindwalk_settings
        if test $setting = device=
            printf 'device=%s\n' (__bindwalk_interfaces)
        else
            printf '%s\n' $setting
        end
    end
end

# The addresses of this host, link-local ones with their scope.
function __bindwalk_addresses
    ip -o address show 2>/dev/null | while read -l _index device family address _rest
        set address (string replace -r '/.*' '' -- $address)
        if string match -q 'fe80:*' -- $address
            set address $address%$device
        end
        if string match -q 'inet*' -- $family
            printf '%s\n' $address
        end
    end
end

function __bindwalk_needs_address
    set -l arguments (__bindwalk_arguments)
    switch (count $arguments)
        case 0
            return 0
        case 1
            contains -- $arguments[1] lab explain compare sockets
        case '*'
            return 1
    end
end

# After "lab --" and "watch --": a command line of its own.
function __bindwalk_in_command
    set -l arguments (__bindwalk_arguments)
    contains -- "$arguments[1]" lab watch; and contains -- -- $arguments
end

function __bindwalk_command
    set -l words (commandline -opc)
    set -l at (contains -i -- -- $words)
    set -l rest $words[(math $at + 1)..-1]
    complete -C (string join ' ' -- $rest (commandline -ct))
end

complete -c bindwalk -f
complete -c bindwalk -n __bindwalk_needs_address -a '(__bindwalk_addresses)'
complete -c bindwalk -n '__bindwalk_in run' -F
complete -c bindwalk -n '__bindwalk_in replay' -F
complete -c bindwalk -n '__bindwalk_in watch' -F
complete -c bindwalk -n '__bindwalk_in stage' -F -a "$__bindwalk_talks"
complete -c bindwalk -n '__bindwalk_in rehearse' -F -a "$__bindwalk_talks"
complete -c bindwalk -n '__bindwalk_in lesson' -F -a "$__bindwalk_lessons"
complete -c bindwalk -n '__bindwalk_in help' -a "$__bindwalk_names"
complete -c bindwalk -n __bindwalk_in_command -a '(__bindwalk_command)'
complete -c bindwalk -n '__bindwalk_in explorer' -a lab -d 'the explorer, or a command, in a private lab'
complete -c bindwalk -n '__bindwalk_in explorer' -a explain -d 'one walk as text'
complete -c bindwalk -n '__bindwalk_in explorer' -a compare -d 'two walks side by side, and the matrix'
complete -c bindwalk -n '__bindwalk_in explorer' -a run -d 'the lines of a script, or a shell'
complete -c bindwalk -n '__bindwalk_in explorer' -a sockets -d 'what is bound, and whether it would bind again'
complete -c bindwalk -n '__bindwalk_in explorer' -a watch -d 'every bind on this host as it happens'
complete -c bindwalk -n '__bindwalk_in explorer' -a trace -d 'why a program fails to bind: each bind that it makes, with its walk'
complete -c bindwalk -n '__bindwalk_in explorer' -a lesson -d 'lessons and challenges, in a private lab'
complete -c bindwalk -n '__bindwalk_in explorer' -a replay -d 'a recorded session, on any machine'
complete -c bindwalk -n '__bindwalk_in explorer' -a stage -d 'a talk for a room, step by step'
complete -c bindwalk -n '__bindwalk_in explorer' -a notes -d 'the speaker'\''s notes, on a second terminal'
complete -c bindwalk -n '__bindwalk_in explorer' -a rehearse -d 'a talk played through without a room, on this kernel'
complete -c bindwalk -n '__bindwalk_in explorer' -a help -d 'the text on a topic, step, code, option or command'
complete -c bindwalk -n '__bindwalk_in explorer' -l netns -x -a '(ls /run/netns 2>/dev/null)' -d 'use another network namespace: a name of `ip netns`, or a process'
complete -c bindwalk -n '__bindwalk_in explorer' -l edit -d 'allow changes of this host: each is confirmed, and undone on exit'
complete -c bindwalk -n '__bindwalk_in explorer' -l color -x -a 'auto always never' -d 'auto by default'
complete -c bindwalk -n '__bindwalk_in explorer' -l ascii -d 'print only ASCII characters'
complete -c bindwalk -n '__bindwalk_in explorer' -l mouse -x -a 'on off' -d 'on by default; off leaves the mouse to the terminal'
complete -c bindwalk -n '__bindwalk_in explorer' -l print-config -d 'print the default settings as a commented config file'
complete -c bindwalk -n '__bindwalk_in explorer' -l version -d 'print the version, and the tier: what Bindwalk can see and do here'
complete -c bindwalk -n '__bindwalk_in explorer' -l help -d 'print this text'
complete -c bindwalk -n '__bindwalk_in lab' -l with -x -a 'host empty anyip router copy' -d 'host by default; what the lab begins with'
complete -c bindwalk -n '__bindwalk_in lab' -l netns -x -a '(ls /run/netns 2>/dev/null)' -d 'use another network namespace: a name of `ip netns`, or a process'
complete -c bindwalk -n '__bindwalk_in lab' -l color -x -a 'auto always never' -d 'auto by default'
complete -c bindwalk -n '__bindwalk_in lab' -l ascii -d 'print only ASCII characters'
complete -c bindwalk -n '__bindwalk_in lab' -l mouse -x -a 'on off' -d 'on by default; off leaves the mouse to the terminal'
complete -c bindwalk -n '__bindwalk_in lab' -l version -d 'print the version, and the tier: what Bindwalk can see and do here'
complete -c bindwalk -n '__bindwalk_in lab' -l help -d 'print this text'
complete -c bindwalk -n '__bindwalk_in explain' -l type -x -a 'stream dgram raw ping' -d 'stream by default'
complete -c bindwalk -n '__bindwalk_in explain' -l proto -x -a 'tcp udp raw icmp udplite mptcp sctp' -d 'tcp by default'
complete -c bindwalk -n '__bindwalk_in explain' -l port -x -d '0 to 65535; the same as ADDRESS:PORT'
complete -c bindwalk -n '__bindwalk_in explain' -l scope -x -a '(__bindwalk_interfaces)' -d 'interface of a link-local address; the same as ADDRESS%IF'
complete -c bindwalk -n '__bindwalk_in explain' -l device -x -a '(__bindwalk_interfaces)' -d 'bind the socket to an interface first; the same as --set device=IF'
complete -c bindwalk -n '__bindwalk_in explain' -l set -x -a '(__bindwalk_set)' -d 'set a socket option, in the order given'
complete -c bindwalk -n '__bindwalk_in explain' -l as -x -d 'bind as that process: with its network, user, groups and capabilities'
complete -c bindwalk -n '__bindwalk_in explain' -l family -x -a 'inet inet6' -d '; the socket'\''s family, if it is not the address'\''s'
complete -c bindwalk -n '__bindwalk_in explain' -l sa-family -x -a 'inet inet6 unspec' -d ' or a number: sa_family, if it is not the address'\''s'
complete -c bindwalk -n '__bindwalk_in explain' -l addrlen -x -d 'the length passed to bind(), instead of the sockaddr'\''s size'
complete -c bindwalk -n '__bindwalk_in explain' -l again -d 'bind twice, and explain the second bind()'
complete -c bindwalk -n '__bindwalk_in explain' -l listen -d 'report what listen() does after the bind'
complete -c bindwalk -n '__bindwalk_in explain' -l connect -x -d 'report what connect() to DEST[:PORT] does after the bind; sends nothing'
complete -c bindwalk -n '__bindwalk_in explain' -l unprivileged -d 'bind as an ordinary user: another uid than root'\''s, no capabilities'
complete -c bindwalk -n '__bindwalk_in explain' -l predict -d 'only predict; do not bind'
complete -c bindwalk -n '__bindwalk_in explain' -l kernel -x -d 'predict what that kernel would do: 5.10 to 7.3'
complete -c bindwalk -n '__bindwalk_in explain' -l witness -d 'show what the kernel'\''s functions returned while bind ran, or at least its lookups; needs root'
complete -c bindwalk -n '__bindwalk_in explain' -l full -d 'read every route, however many there are'
complete -c bindwalk -n '__bindwalk_in explain' -l wait -d 'wait until the bind succeeds, at most SECONDS, and report what changed'
complete -c bindwalk -n '__bindwalk_in explain' -l json -d 'print JSON: one object, or one per line of a script or frame of a recording'
complete -c bindwalk -n '__bindwalk_in explain' -l netns -x -a '(ls /run/netns 2>/dev/null)' -d 'use another network namespace: a name of `ip netns`, or a process'
complete -c bindwalk -n '__bindwalk_in explain' -l color -x -a 'auto always never' -d 'auto by default'
complete -c bindwalk -n '__bindwalk_in explain' -l ascii -d 'print only ASCII characters'
complete -c bindwalk -n '__bindwalk_in explain' -l help -d 'print this text'
complete -c bindwalk -n '__bindwalk_in compare' -l proto -x -a 'tcp udp raw icmp udplite mptcp sctp' -d 'tcp by default'
complete -c bindwalk -n '__bindwalk_in compare' -l device -x -a '(__bindwalk_interfaces)' -d 'bind the socket to an interface first; the same as --set device=IF'
complete -c bindwalk -n '__bindwalk_in compare' -l set -x -a '(__bindwalk_set)' -d 'set a socket option, in the order given'
complete -c bindwalk -n '__bindwalk_in compare' -l unprivileged -d 'bind as an ordinary user: another uid than root'\''s, no capabilities'
complete -c bindwalk -n '__bindwalk_in compare' -l json -d 'print JSON: one object, or one per line of a script or frame of a recording'
complete -c bindwalk -n '__bindwalk_in compare' -l markdown -d 'print Markdown, with tables'
complete -c bindwalk -n '__bindwalk_in compare' -l netns -x -a '(ls /run/netns 2>/dev/null)' -d 'use another network namespace: a name of `ip netns`, or a process'
complete -c bindwalk -n '__bindwalk_in compare' -l color -x -a 'auto always never' -d 'auto by default'
complete -c bindwalk -n '__bindwalk_in compare' -l ascii -d 'print only ASCII characters'
complete -c bindwalk -n '__bindwalk_in compare' -l help -d 'print this text'
complete -c bindwalk -n '__bindwalk_in run' -l json -d 'print JSON: one object, or one per line of a script or frame of a recording'
complete -c bindwalk -n '__bindwalk_in run' -l lab -d 'run in a private lab, where it may change everything'
complete -c bindwalk -n '__bindwalk_in run' -l with -x -a 'host empty anyip router copy' -d 'host by default; what the lab begins with'
complete -c bindwalk -n '__bindwalk_in run' -l netns -x -a '(ls /run/netns 2>/dev/null)' -d 'use another network namespace: a name of `ip netns`, or a process'
complete -c bindwalk -n '__bindwalk_in run' -l edit -d 'allow changes of this host: each is confirmed, and undone on exit'
complete -c bindwalk -n '__bindwalk_in run' -l yes -d 'with --edit: make all changes of the script without asking'
complete -c bindwalk -n '__bindwalk_in run' -l color -x -a 'auto always never' -d 'auto by default'
complete -c bindwalk -n '__bindwalk_in run' -l ascii -d 'print only ASCII characters'
complete -c bindwalk -n '__bindwalk_in run' -l help -d 'print this text'
complete -c bindwalk -n '__bindwalk_in sockets' -l proto -x -a 'tcp udp raw icmp udplite mptcp sctp' -d 'tcp by default'
complete -c bindwalk -n '__bindwalk_in sockets' -l all -d 'list connections as well, which no restart binds'
complete -c bindwalk -n '__bindwalk_in sockets' -l json -d 'print JSON: one object, or one per line of a script or frame of a recording'
complete -c bindwalk -n '__bindwalk_in sockets' -l netns -x -a '(ls /run/netns 2>/dev/null)' -d 'use another network namespace: a name of `ip netns`, or a process'
complete -c bindwalk -n '__bindwalk_in sockets' -l color -x -a 'auto always never' -d 'auto by default'
complete -c bindwalk -n '__bindwalk_in sockets' -l ascii -d 'print only ASCII characters'
complete -c bindwalk -n '__bindwalk_in sockets' -l help -d 'print this text'
complete -c bindwalk -n '__bindwalk_in watch' -l port -x -d 'only binds to that port'
complete -c bindwalk -n '__bindwalk_in watch' -l family -x -a 'inet inet6' -d '; only binds of sockets of that family'
complete -c bindwalk -n '__bindwalk_in watch' -l full -d 'print the walk under each refused bind'
complete -c bindwalk -n '__bindwalk_in watch' -l all -d 'binds that succeed as well'
complete -c bindwalk -n '__bindwalk_in watch' -l pid -s p -x -d 'only binds of that process'
complete -c bindwalk -n '__bindwalk_in watch' -l unit -x -d 'only binds of that systemd unit or container'
complete -c bindwalk -n '__bindwalk_in watch' -l summary -d 'at the end, what was bound and how often, by program, address and errno, instead of each bind'
complete -c bindwalk -n '__bindwalk_in watch' -l count -x -d 'end after N binds that were shown'
complete -c bindwalk -n '__bindwalk_in watch' -l json -d 'print JSON, one object per bind and line'
complete -c bindwalk -n '__bindwalk_in watch' -l output -s o -x -a '(__fish_complete_path)' -d 'write each bind to a new file as well, as JSON, one object per line; also -o FILE'
complete -c bindwalk -n '__bindwalk_in watch' -l netns -x -a '(ls /run/netns 2>/dev/null)' -d 'only binds in that network namespace; its number, as a line shows it, will do as well'
complete -c bindwalk -n '__bindwalk_in watch' -l color -x -a 'auto always never' -d 'auto by default'
complete -c bindwalk -n '__bindwalk_in watch' -l ascii -d 'print only ASCII characters'
complete -c bindwalk -n '__bindwalk_in watch' -l help -d 'print this text'
complete -c bindwalk -n '__bindwalk_in trace' -l full -d 'print whole walks, also of binds that succeed'
complete -c bindwalk -n '__bindwalk_in trace' -l pid -s p -x -d 'trace a process that runs; also -p PID'
complete -c bindwalk -n '__bindwalk_in trace' -l stay -d 'let the command go on when Bindwalk ends; it runs slower'
complete -c bindwalk -n '__bindwalk_in trace' -l user -x -d 'run the command as that user, with every privilege that its file grants; root only'
complete -c bindwalk -n '__bindwalk_in trace' -l failed -d 'only calls that are refused'
complete -c bindwalk -n '__bindwalk_in trace' -l options -d 'what the program set on each socket, in order, with the errors that it ignored'
complete -c bindwalk -n '__bindwalk_in trace' -l summary -d 'at the end, what failed first, what to do, and what else to look at'
complete -c bindwalk -n '__bindwalk_in trace' -l json -d 'print JSON, one object per call and line, as `bindwalk watch FILE` reads it'
complete -c bindwalk -n '__bindwalk_in trace' -l output -s o -x -a '(__fish_complete_path)' -d 'write to a new file instead of standard error; also -o FILE'
complete -c bindwalk -n '__bindwalk_in trace' -l netns -x -a '(ls /run/netns 2>/dev/null)' -d 'use another network namespace: a name of `ip netns`, or a process'
complete -c bindwalk -n '__bindwalk_in trace' -l color -x -a 'auto always never' -d 'auto by default'
complete -c bindwalk -n '__bindwalk_in trace' -l ascii -d 'print only ASCII characters'
complete -c bindwalk -n '__bindwalk_in trace' -l help -d 'print this text'
complete -c bindwalk -n '__bindwalk_in lesson' -l json -d 'print JSON: one object, or one per line of a script or frame of a recording'
complete -c bindwalk -n '__bindwalk_in lesson' -l color -x -a 'auto always never' -d 'auto by default'
complete -c bindwalk -n '__bindwalk_in lesson' -l ascii -d 'print only ASCII characters'
complete -c bindwalk -n '__bindwalk_in lesson' -l mouse -x -a 'on off' -d 'on by default; off leaves the mouse to the terminal'
complete -c bindwalk -n '__bindwalk_in lesson' -l help -d 'print this text'
complete -c bindwalk -n '__bindwalk_in replay' -l json -d 'print JSON: one object, or one per line of a script or frame of a recording'
complete -c bindwalk -n '__bindwalk_in replay' -l to -x -a 'json md html sh bt cast' -d '; print it as a recording, a handout, a shell script, a bpftrace script or an asciinema cast'
complete -c bindwalk -n '__bindwalk_in replay' -l color -x -a 'auto always never' -d 'auto by default'
complete -c bindwalk -n '__bindwalk_in replay' -l ascii -d 'print only ASCII characters'
complete -c bindwalk -n '__bindwalk_in replay' -l mouse -x -a 'on off' -d 'on by default; off leaves the mouse to the terminal'
complete -c bindwalk -n '__bindwalk_in replay' -l help -d 'print this text'
complete -c bindwalk -n '__bindwalk_in stage' -l color -x -a 'auto always never' -d 'auto by default'
complete -c bindwalk -n '__bindwalk_in stage' -l ascii -d 'print only ASCII characters'
complete -c bindwalk -n '__bindwalk_in stage' -l mouse -x -a 'on off' -d 'on by default; off leaves the mouse to the terminal'
complete -c bindwalk -n '__bindwalk_in stage' -l version -d 'print the version, and the tier: what Bindwalk can see and do here'
complete -c bindwalk -n '__bindwalk_in stage' -l help -d 'print this text'
complete -c bindwalk -n '__bindwalk_in notes' -l json -d 'print JSON: one object, or one per line of a script or frame of a recording'
complete -c bindwalk -n '__bindwalk_in notes' -l color -x -a 'auto always never' -d 'auto by default'
complete -c bindwalk -n '__bindwalk_in notes' -l ascii -d 'print only ASCII characters'
complete -c bindwalk -n '__bindwalk_in notes' -l help -d 'print this text'
complete -c bindwalk -n '__bindwalk_in rehearse' -l json -d 'print JSON: one object, or one per line of a script or frame of a recording'
complete -c bindwalk -n '__bindwalk_in rehearse' -l color -x -a 'auto always never' -d 'auto by default'
complete -c bindwalk -n '__bindwalk_in rehearse' -l ascii -d 'print only ASCII characters'
complete -c bindwalk -n '__bindwalk_in rehearse' -l help -d 'print this text'
complete -c bindwalk -n '__bindwalk_in help' -l search -d 'list the names, titles and texts that contain all the words'
complete -c bindwalk -n '__bindwalk_in help' -l color -x -a 'auto always never' -d 'auto by default'
complete -c bindwalk -n '__bindwalk_in help' -l ascii -d 'print only ASCII characters'
complete -c bindwalk -n '__bindwalk_in help' -l help -d 'print this text'
