// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/command/command.h"

#include <stdio.h>
#include <string.h>

#include "core/model/option.h"

#define GIVEN(k, v)                                                                                                    \
	{                                                                                                              \
		.kind = k, .value = v                                                                                  \
	}
#define MAYBE(k, v)                                                                                                    \
	{                                                                                                              \
		.kind = k, .value = v, .optional = true                                                                \
	}
#define AFTER(word, k, v)                                                                                              \
	{                                                                                                              \
		.keyword = word, .kind = k, .value = v                                                                 \
	}
#define MAYBE_AFTER(word, k, v)                                                                                        \
	{                                                                                                              \
		.keyword = word, .kind = k, .value = v, .optional = true                                               \
	}
#define BARE(word, k, v)                                                                                               \
	{                                                                                                              \
		.keyword = word, .kind = k, .value = v, .bare = true                                                   \
	}
#define RARE(word, k, v)                                                                                               \
	{                                                                                                              \
		.keyword = word, .kind = k, .value = v, .optional = true, .rare = true                                 \
	}
#define RARE_WORD(word, group)                                                                                         \
	{                                                                                                              \
		.keyword = word, .optional = true, .rare = true, .one_of = group                                       \
	}
#define WORD(word, group)                                                                                              \
	{                                                                                                              \
		.keyword = word, .optional = true, .one_of = group                                                     \
	}

// What rules have beyond their synopsis: `lookup` or one of the other actions must be there, see command_parse.c.
#define RULE_MORE                                                                                                      \
	RARE("to", ARG_PREFIX, "PREFIX"), RARE("iif", ARG_LINK, "IF"), RARE("oif", ARG_LINK, "IF"),                    \
		RARE("fwmark", ARG_MARK, "MARK"), RARE("tos", ARG_TOS, "N"),                                           \
		RARE("protocol", ARG_PROTOCOL, "PROTOCOL"), RARE_WORD("not", 0), RARE_WORD("l3mdev", 1),               \
		RARE_WORD("blackhole", 1), RARE_WORD("unreachable", 1), RARE_WORD("prohibit", 1)

// The same after each verb.
#define ROUTE_SYNOPSIS " [TYPE] PREFIX [dev IF] [via ADDRESS] [table T] [metric N] [tos N] [nhid N]"
#define ROUTE_PARAMS                                                                                                   \
	MAYBE(ARG_ROUTE_TYPE, "TYPE"), BARE("to", ARG_PREFIX, "PREFIX"), MAYBE_AFTER("dev", ARG_LINK, "IF"),           \
		MAYBE_AFTER("via", ARG_ADDR, "ADDRESS"), MAYBE_AFTER("table", ARG_TABLE, "T"),                         \
		MAYBE_AFTER("metric", ARG_NUMBER, "N"), MAYBE_AFTER("tos", ARG_TOS, "N"),                              \
		MAYBE_AFTER("nhid", ARG_NUMBER, "N"), RARE("src", ARG_ADDR, "ADDRESS"),                                \
		RARE("proto", ARG_PROTOCOL, "PROTOCOL"), RARE("scope", ARG_RANGE, "SCOPE"), RARE_WORD("onlink", 0)

// Lists of words, as synopses write them.
#define TYPES  "stream|dgram|raw|ping"
#define PROTOS "tcp|udp|raw|icmp|udplite|mptcp|sctp"
#define FAMILY "inet|inet6"
#define SHOWN  "interfaces|routes|rules|options|sysctls|sockets|walk|events"
#define PANES  "interfaces|routes|socket|walk"
#define VIEWS  "explore|compare|matrix|sockets|events|binds"
#define THEMES "dark|light|mono"
#define ON_OFF "on|off"
#define WATCH  "on|all|off"
#define BESIDE "other|before|pinned"
#define SIDES  "left|right"
#define SAVED  "walk|compare|matrix|session"
#define GRANTS "on|off|bounding|ambient"
#define WANTED "ok|refused|ERRNO|CODE"

// clang-format off
static const struct command commands[CMD_COUNT] = {
	[CMD_BIND] = {"bind", "bind [ADDRESS[%SCOPE][:PORT] [PORT]]", "bind a real socket, and compare with the prediction",
		GROUP_ATTEMPT, 0, {MAYBE(ARG_ENDPOINT, "ADDRESS"), MAYBE(ARG_PORT, "PORT")},
		{"bind 127.0.0.1 8080", "bind [fe80::2%eth0]:8080"}},
	[CMD_ADDRESS] = {"address", "address [ADDRESS[%SCOPE][:PORT] [PORT]]", "set the address to bind to; without one, ask for it",
		GROUP_ATTEMPT, 0, {MAYBE(ARG_ENDPOINT, "ADDRESS"), MAYBE(ARG_PORT, "PORT")},
		{"address 192.0.2.2:8080", "address ::1 8080"}},
	[CMD_PORT] = {"port", "port [NUMBER]", "set the port to bind to; 0 lets the kernel choose",
		GROUP_ATTEMPT, 0, {MAYBE(ARG_PORT, "NUMBER")}, {"port 8080"}},
	[CMD_SCOPE] = {"scope", "scope IF|none", "set the interface of an IPv6 link-local address",
		GROUP_ATTEMPT, 0, {GIVEN(ARG_DEVICE, "IF")}, {"address fe80::2\nscope eth0"}},
	[CMD_TYPE] = {"type", "type " TYPES, "set the type of the socket",
		GROUP_ATTEMPT, 0, {GIVEN(ARG_TYPE, TYPES)}, {"type dgram"}},
	[CMD_PROTO] = {"proto", "proto [" PROTOS "]", "set the protocol; without one, toggle TCP and UDP", GROUP_ATTEMPT, 0, {MAYBE(ARG_PROTO, PROTOS)},
		{"proto udp"}},
	[CMD_DEVICE] = {"device", "device [IF|none]", "bind the socket to an interface; without a name, cycle through them",
		GROUP_ATTEMPT, 0, {MAYBE(ARG_DEVICE, "IF")}, {"device eth0", "device none"}},
	[CMD_TOGGLE] = {"toggle", "toggle OPTION", "toggle a socket option",
		GROUP_ATTEMPT, 0, {GIVEN(ARG_OPTION, "OPTION")}, {"toggle freebind"}},
	[CMD_TOGGLE_SELECTED] = {"toggle selected", "toggle selected", "toggle or edit the selected item", GROUP_ATTEMPT,
		NEED_SCREEN, {{0}}, {"toggle selected"}},
	[CMD_SET] = {"set", "set OPTION [VALUE]", "set a socket option; OPTION=VALUE works as well",
		GROUP_ATTEMPT, 0, {GIVEN(ARG_SETTING, "OPTION"), MAYBE(ARG_WORD, "VALUE")},
		{"set freebind 1", "set portrange=50000-50010"}},
	[CMD_UNSET] = {"unset", "unset OPTION|all", "do not set a socket option",
		GROUP_ATTEMPT, 0, {GIVEN(ARG_OPTION_ALL, "OPTION")}, {"unset freebind", "unset all"}},
	[CMD_FAMILY] = {"family", "family [" FAMILY "]", "set the family of the socket, if it differs from the address; "
		"alone, the same as the address", GROUP_ATTEMPT, 0, {MAYBE(ARG_FAMILY, FAMILY)},
		{"address 127.0.0.1\nfamily inet6\nbind"}},
	[CMD_SA_FAMILY] = {"sa-family", "sa-family [FAMILY]",
		"set sa_family in the sockaddr: inet, inet6, unspec or a number; alone, the family of the address", GROUP_ATTEMPT, 0,
		{MAYBE(ARG_SA_FAMILY, "FAMILY")}, {"address 0.0.0.0\nsa-family unspec\nbind"}},
	[CMD_ADDRLEN] = {"addrlen", "addrlen [N]", "set the length passed to bind(), in bytes; alone, the size of the sockaddr",
		GROUP_ATTEMPT, 0, {MAYBE(ARG_ADDRLEN, "N")}, {"address ::1\naddrlen 16\nbind"}},
	[CMD_AGAIN] = {"again", "again [" ON_OFF "]", "bind the same socket a second time, and explain the second "
		"bind()", GROUP_ATTEMPT, 0, {MAYBE(ARG_SWITCH, ON_OFF)}, {"again on\nbind 127.0.0.1"}},
	[CMD_LISTEN] = {"listen", "listen", "bind, then listen(): for real in a lab, predicted elsewhere", GROUP_ATTEMPT, 0,
		{{0}}, {"bind 127.0.0.1 8080\nlisten"}},
	[CMD_CONNECT] = {"connect", "connect DEST[%SCOPE][:PORT] [PORT]",
		"bind, then connect() to DEST: for real in a lab or where nothing is sent, predicted elsewhere", GROUP_ATTEMPT, 0,
		{GIVEN(ARG_ENDPOINT, "DEST"), MAYBE(ARG_PORT, "PORT")}, {"bind 127.0.0.1\nconnect 198.51.100.1:80"}},
	[CMD_UNPRIVILEGED] = {"unprivileged", "unprivileged [" GRANTS "]",
		"bind without capabilities, as an ordinary user would; with CAP_NET_BIND_SERVICE in the bounding set only, or "
		"as an ambient capability", GROUP_ATTEMPT, 0, {MAYBE(ARG_PRIVILEGES, GRANTS)},
		{"unprivileged on", "unprivileged bounding\nbind 127.0.0.1:80"}},
	[CMD_WITNESS] = {"witness", "witness [" ON_OFF "]", "witness what the kernel's functions return during a live bind",
		GROUP_ATTEMPT, 0, {MAYBE(ARG_SWITCH, ON_OFF)}, {"witness off"}},
	[CMD_USE] = {"use", "use", "use the selected address, route or socket; open the selected event or bind; use the bind that is open", GROUP_ATTEMPT, NEED_SCREEN,
		{{0}}, {"pane interfaces\nuse"}},

	[CMD_STEP] = {"step", "step N", "go to step N of the walk; in a lesson, \"TITLE\" begins a step", GROUP_WALK, 0, {GIVEN(ARG_STEP, "N")},
		{"bind 192.0.2.2\nstep 3"}},
	[CMD_STEP_NEXT] = {"step next", "step next", "go one step forward in the walk", GROUP_WALK, 0, {{0}},
		{"bind 192.0.2.2\nstep first\nstep next"}},
	[CMD_STEP_PREV] = {"step back", "step back", "go one step back", GROUP_WALK, 0, {{0}}, {"bind 192.0.2.2\nstep back"}},
	[CMD_STEP_FIRST] = {"step first", "step first", "go to the first step", GROUP_WALK, 0, {{0}}, {"bind 192.0.2.2\nstep first"}},
	[CMD_STEP_DECIDING] = {"step deciding", "step deciding", "go to the deciding step", GROUP_WALK, 0, {{0}},
		{"bind 203.0.113.9\nstep deciding"}},
	[CMD_STEP_AT] = {"step at", "step at NAME", "go to the step with this name", GROUP_WALK, 0, {GIVEN(ARG_STEP_NAME, "NAME")},
		{"bind 192.0.2.2\nstep at classify"}},
	[CMD_DETAIL] = {"detail", "detail", "show the details of the selected step, with its inputs", GROUP_WALK, 0, {{0}},
		{"bind 203.0.113.9\ndetail"}},
	[CMD_COVER] = {"cover", "cover [" ON_OFF "]", "cover the answers of the walk, or uncover all of them; step next uncovers one at a time",
		GROUP_WALK, NEED_SCREEN, {MAYBE(ARG_SWITCH, ON_OFF)}, {"cover on\nstep next"}},
	[CMD_ANSWER] = {"answer", "answer [binds|refused|here|none]", "answer a question of ask: it binds, it is refused, or it ends here, at the selected step; "
		"none skips the question", GROUP_WALK, NEED_SCREEN, {MAYBE(ARG_ANSWER, "binds|refused|here|none")}, {"ask\nanswer refused"}},
	[CMD_REMEDY] = {"remedy", "remedy N", "apply the remedy with this number to the attempt or the network; asks before it "
		"changes a host", GROUP_WALK, NEED_SCREEN, {GIVEN(ARG_NUMBER, "N")}, {"address 203.0.113.9\nremedy 1"}},
	[CMD_SHOW] = {"show", "show " SHOWN " [TEXT]",
		"list these; with TEXT, only lines that contain it", GROUP_WALK, 0,
		{GIVEN(ARG_SHOWN, SHOWN),
		 MAYBE(ARG_WORDS, "TEXT")}, {"show routes table local", "bind 192.0.2.2\nshow walk"}},
	[CMD_COMPARE] = {"compare", "compare [live]", "compare the same bind as IPv4 and IPv6, under each change that may "
		"allow it; live also makes real binds", GROUP_WALK, 0, {WORD("live", 0)}, {"address 203.0.113.9\ncompare", "address 203.0.113.9\ncompare live"}},
	[CMD_COMPARE_WITH] = {"compare with", "compare with [" BESIDE " | ADDRESS[%SCOPE][:PORT] [PORT]]", "show a second walk "
		"beside this one: of the counterpart in the other family, before the last change, pinned, or of ADDRESS",
		GROUP_WALK, 0, {MAYBE(ARG_BESIDE, BESIDE), MAYBE(ARG_ENDPOINT, "ADDRESS"), MAYBE(ARG_PORT, "PORT")},
		{"address 192.168.123.123\ncompare with other", "address 127.0.0.1\ncompare with 203.0.113.9"}},
	[CMD_PIN] = {"pin", "pin", "pin the current walk, to compare later walks with it", GROUP_WALK, 0, {{0}},
		{"bind 127.0.0.1\npin\nbind 203.0.113.9\ncompare with pinned"}},
	[CMD_COUNTERPART] = {"counterpart", "counterpart", "switch to the counterpart of the address in the other family; again switches back",
		GROUP_ATTEMPT, 0, {{0}}, {"address 127.0.0.1\ncounterpart\nbind"}},
	[CMD_CELL] = {"cell", "cell [" SIDES "]", "open the walk of the selected matrix cell; left and right select another cell",
		GROUP_WALK, NEED_SCREEN, {MAYBE(ARG_SIDE, SIDES)}, {"view matrix\ncell right\ncell"}},
	[CMD_WRITE] = {"write", "write FILE [" SAVED "] [force]", "save the walk, a comparison, the matrix or the session; the name says "
		"how: .json, .md, of a session also .html, .sh, .bt and .cast; force overwrites",
		GROUP_WALK, 0,
		{GIVEN(ARG_FILE, "FILE"), MAYBE(ARG_WRITTEN, SAVED), WORD("force", 0)},
		{"bind 192.0.2.2\nwrite walk.md force", "bind 192.0.2.2\nwrite talk.json session force"}},

	[CMD_ADDRESS_ADD] = {"address add", "address add ADDRESS/LENGTH dev IF [nodad] [optimistic]",
		"give an interface an address", GROUP_CHANGE, NEED_LAB,
		{GIVEN(ARG_CIDR, "ADDRESS/LENGTH"), AFTER("dev", ARG_LINK, "IF"), WORD("nodad", 0),
		 WORD("optimistic", 0), RARE_WORD("noprefixroute", 0), RARE("brd", ARG_ADDR, "ADDRESS"),
		 RARE("peer", ARG_CIDR, "ADDRESS"), RARE("scope", ARG_RANGE, "SCOPE"),
		 RARE("valid_lft", ARG_SECONDS, "SECONDS"), RARE("preferred_lft", ARG_SECONDS, "SECONDS"),
		 RARE_WORD("home", 0), RARE_WORD("mngtmpaddr", 0), RARE_WORD("autojoin", 0)},
		{"address add 198.51.100.1/24 dev eth0", "ip -6 addr add 2001:db8:1::1/64 dev eth0 nodad"}},
	[CMD_ADDRESS_DEL] = {"address del", "address del ADDRESS/LENGTH dev IF", "remove an address from an interface", GROUP_CHANGE,
		NEED_LAB, {GIVEN(ARG_CIDR, "ADDRESS/LENGTH"), AFTER("dev", ARG_LINK, "IF"),
		RARE("peer", ARG_CIDR, "ADDRESS")},
		{"address del 192.0.2.2/24 dev eth0"}},
	[CMD_ROUTE_ADD] = {"route add", "route add" ROUTE_SYNOPSIS, "add a route; local ones make addresses local (Any-IP)",
		GROUP_CHANGE, NEED_LAB, {ROUTE_PARAMS},
		{"route add local 192.168.123.0/24 dev lo", "ip route add blackhole 203.0.113.0/24 metric 5"}},
	[CMD_ROUTE_APPEND] = {"route append", "route append" ROUTE_SYNOPSIS, "add a route after those with the same prefix "
		"and metric; the first one decides", GROUP_CHANGE, NEED_LAB | ONLY_LAB, {ROUTE_PARAMS},
		{"route add blackhole 198.51.100.0/24 table local\nroute append local 198.51.100.0/24 dev lo"}},
	[CMD_ROUTE_REPLACE] = {"route replace", "route replace" ROUTE_SYNOPSIS, "replace the first route with the same prefix and "
		"metric, or add it", GROUP_CHANGE, NEED_LAB | ONLY_LAB, {ROUTE_PARAMS},
		{"route add local 198.51.100.0/24 dev lo\nroute replace blackhole 198.51.100.0/24 table local"}},
	[CMD_ROUTE_DEL] = {"route del", "route del" ROUTE_SYNOPSIS, "remove a route", GROUP_CHANGE, NEED_LAB, {ROUTE_PARAMS},
		{"route add local 198.51.100.0/24 dev lo\nroute del local 198.51.100.0/24 dev lo"}},
	[CMD_RULE_ADD] = {"rule add", "rule add [pref N] [from PREFIX] lookup T", "add a routing rule, which splits the "
		"tables local and main for good", GROUP_CHANGE, NEED_LAB,
		{MAYBE_AFTER("pref", ARG_NUMBER, "N"), MAYBE_AFTER("from", ARG_PREFIX, "PREFIX"),
		 MAYBE_AFTER("lookup", ARG_TABLE, "T"), RULE_MORE}, {"rule add pref 100 from 192.0.2.0/24 lookup 100"}},
	[CMD_RULE_DEL] = {"rule del", "rule del [pref N] [from PREFIX] lookup T", "remove a routing rule", GROUP_CHANGE,
		NEED_LAB, {MAYBE_AFTER("pref", ARG_NUMBER, "N"), MAYBE_AFTER("from", ARG_PREFIX, "PREFIX"),
		MAYBE_AFTER("lookup", ARG_TABLE, "T"), RULE_MORE},
		{"rule add pref 200 lookup 200\nrule del pref 200 lookup 200"}},
	[CMD_NEXTHOP_ADD] = {"nexthop add", "nexthop add id N dev IF | blackhole", "add a next hop for routes to use", GROUP_CHANGE, NEED_LAB | ONLY_LAB, {AFTER("id", ARG_NUMBER, "N"), MAYBE_AFTER("dev", ARG_LINK, "IF"),
		WORD("blackhole", 0)}, {"nexthop add id 7 dev lo\nroute add 203.0.113.0/24 nhid 7"}},
	[CMD_NEXTHOP_DEL] = {"nexthop del", "nexthop del id N", "remove a next hop", GROUP_CHANGE, NEED_LAB | ONLY_LAB,
		{AFTER("id", ARG_NUMBER, "N")}, {"nexthop add id 8 blackhole\nnexthop del id 8"}},
	[CMD_LINK_ADD] = {"link add", "link add NAME type veth peer NAME | dummy | vrf table N", "add an interface",
		GROUP_CHANGE, NEED_LAB | ONLY_LAB, {BARE("dev", ARG_NEW_LINK, "NAME"), AFTER("type", ARG_LINK_KIND, "KIND"),
		MAYBE_AFTER("peer", ARG_NEW_LINK, "NAME"), MAYBE_AFTER("table", ARG_NUMBER, "N"),
		RARE("netns", ARG_WORD, "neighbour")}, {"link add v0 type veth peer v1",
		"link add eth1 type veth peer eth1 netns neighbour"}},
	[CMD_LINK_SET] = {"link set", "link set NAME [up|down] [master IF|nomaster]", "set an interface up or down, "
		"or put it into a VRF", GROUP_CHANGE, NEED_LAB, {BARE("dev", ARG_LINK, "NAME"), WORD("up", 1),
		WORD("down", 1), {.keyword = "master", .kind = ARG_LINK, .value = "IF", .optional = true, .one_of = 2},
		WORD("nomaster", 2)}, {"link set eth0 down\nlink set eth0 up"}},
	[CMD_LINK_DEL] = {"link del", "link del NAME", "remove an interface", GROUP_CHANGE, NEED_LAB | ONLY_LAB,
		{BARE("dev", ARG_LINK, "NAME")}, {"link add v0 type veth peer v1\nlink del v0"}},
	[CMD_SYSCTL] = {"sysctl", "sysctl NAME [VALUE]", "write a sysctl; without a value, toggle 0 and 1; NAME=VALUE works "
		"as well", GROUP_CHANGE, NEED_LAB, {WORD("-w", 0), GIVEN(ARG_SYSCTL, "NAME"), MAYBE(ARG_WORDS, "VALUE")},
		{"sysctl net.ipv4.ip_nonlocal_bind 1", "sysctl -w net.ipv4.ip_local_port_range=2000 3000"}},
	[CMD_HOLD] = {"hold", "hold ADDRESS[%SCOPE][:PORT] [PORT] [type TYPE|proto P] [device IF] [set OPTION[=VALUE][,OPTION...]] "
		"[listen|time-wait] [name PROGRAM]", "let another process hold this socket in the lab, until release; time-wait leaves "
		"closed connections on the port instead", GROUP_CHANGE, NEED_LAB | ONLY_LAB,
		{GIVEN(ARG_ENDPOINT, "ADDRESS"), MAYBE(ARG_PORT, "PORT"),
		 {.keyword = "type", .kind = ARG_TYPE, .value = "TYPE", .optional = true, .one_of = 1},
		 {.keyword = "proto", .kind = ARG_PROTO, .value = "P", .optional = true, .one_of = 1},
		 MAYBE_AFTER("device", ARG_DEVICE, "IF"), MAYBE_AFTER("set", ARG_SETTINGS, "OPTION[=VALUE]"),
		 WORD("listen", 2), WORD("time-wait", 2), MAYBE_AFTER("name", ARG_WORD, "PROGRAM")},
		{"hold 0.0.0.0:80 listen name nginx\nbind 127.0.0.1:80", "hold 0.0.0.0 67 proto udp device eth0 set reuseaddr"}},
	[CMD_RELEASE] = {"release", "release [N|all]", "end the process of the last hold, of number N or of all of them",
		GROUP_CHANGE, NEED_LAB | ONLY_LAB,
		{{.kind = ARG_NUMBER, .value = "N", .optional = true, .one_of = 1}, WORD("all", 1)},
		{"hold 127.0.0.1:8080 listen\nrelease", "release all"}},
	[CMD_INSERT] = {"insert", "insert [COMMAND]", "open the prompt to add to this pane, or to complete COMMAND",
		GROUP_CHANGE, NEED_LAB | NEED_SCREEN, {MAYBE(ARG_TEXT, "COMMAND")}, {"pane routes\ninsert", "insert rule add"}},
	[CMD_DELETE] = {"delete", "delete", "delete the selected address, interface or route", GROUP_CHANGE,
		NEED_LAB | NEED_SCREEN, {{0}}, {"pane interfaces\nlast\ndelete"}},
	[CMD_UNDO] = {"undo", "undo [all]", "undo the last change, or all of them", GROUP_CHANGE, NEED_LAB,
		{MAYBE(ARG_ALL, "all")}, {"route add local 198.51.100.0/24 dev lo\nundo", "undo all"}},
	[CMD_RESET] = {"reset", "reset", "reset the lab and the bind to their initial state", GROUP_CHANGE, NEED_LAB | ONLY_LAB, {{0}},
		{"reset"}},
	[CMD_KEEP] = {"keep", "keep", "keep the changes of this host after exit; in a lab, undo and reset lead back to here", GROUP_CHANGE, NEED_LAB, {{0}},
		{"route add local 198.51.100.0/24 dev lo\nkeep"}},

	[CMD_UP] = {"up", "up", "move one line up", GROUP_MOVE, NEED_SCREEN, {{0}}, {"up"}},
	[CMD_DOWN] = {"down", "down", "move one line down", GROUP_MOVE, NEED_SCREEN, {{0}}, {"down"}},
	[CMD_PAGE_UP] = {"page-up", "page-up", "move one page up", GROUP_MOVE, NEED_SCREEN, {{0}}, {"page-up"}},
	[CMD_PAGE_DOWN] = {"page-down", "page-down", "move one page down", GROUP_MOVE, NEED_SCREEN, {{0}}, {"page-down"}},
	[CMD_HALF_UP] = {"half-up", "half-up", "move half a page up", GROUP_MOVE, NEED_SCREEN, {{0}}, {"half-up"}},
	[CMD_HALF_DOWN] = {"half-down", "half-down", "move half a page down", GROUP_MOVE, NEED_SCREEN, {{0}}, {"half-down"}},
	[CMD_FIRST] = {"first", "first", "go to the first line", GROUP_MOVE, NEED_SCREEN, {{0}}, {"first"}},
	[CMD_LAST] = {"last", "last", "go to the last line", GROUP_MOVE, NEED_SCREEN, {{0}}, {"last"}},
	[CMD_PANE_NEXT] = {"next-pane", "next-pane", "go to the next pane", GROUP_MOVE, NEED_SCREEN, {{0}}, {"next-pane"}},
	[CMD_PANE_PREV] = {"previous-pane", "previous-pane", "go to the previous pane", GROUP_MOVE, NEED_SCREEN, {{0}},
		{"previous-pane"}},
	[CMD_PANE] = {"pane", "pane " PANES, "go to a pane; show it if it is hidden", GROUP_MOVE,
		NEED_SCREEN, {GIVEN(ARG_PANE, PANES)}, {"pane routes"}},

	[CMD_FILTER] = {"filter", "filter [TEXT]", "show only lines that contain these words", GROUP_VIEW, 0,
		{MAYBE(ARG_TEXT, "TEXT")}, {"filter lo\nfilter"}},
	[CMD_FILTER_ALL] = {"filter all", "filter all [TEXT]", "show only lines that contain these words, in all panes",
		GROUP_VIEW, NEED_SCREEN, {MAYBE(ARG_TEXT, "TEXT")}, {"filter all lo\nback"}},
	[CMD_FILTER_KEEP] = {"filter-keep", "filter-keep", "keep the filter", GROUP_VIEW,
		NEED_KEY | NEED_SCREEN, {{0}}, {NULL}},
	[CMD_FILTER_DROP] = {"filter-drop", "filter-drop", "show all lines again", GROUP_VIEW, 0, {{0}},
		{"filter-drop"}},
	[CMD_SORT] = {"sort", "sort [KEY [PANE]]", "sort a pane by KEY, or by its next key: interfaces by index, name or state; "
		"routes by prefix, device, type or table; sockets by port, address, state or owner; binds by time, program, address or error", GROUP_VIEW, NEED_SCREEN,
		{MAYBE(ARG_WORD, "KEY"), MAYBE(ARG_PANE, "PANE")}, {"pane interfaces\nsort name", "sort device routes"}},
	[CMD_HIDE] = {"hide", "hide [link-local] [" ON_OFF "]", "hide or show link-local addresses and routes", GROUP_VIEW,
		NEED_SCREEN, {WORD("link-local", 0), MAYBE(ARG_SWITCH, ON_OFF)}, {"hide link-local on"}},
	[CMD_VIEW] = {"view", "view " VIEWS, "go to a view", GROUP_VIEW, NEED_SCREEN, {GIVEN(ARG_VIEW, VIEWS)},
		{"view explore"}},
	[CMD_WATCH] = {"watch", "watch [" WATCH "]", "watch the binds of all programs on this host: those that are refused, all, or no "
		"more; alone, the other ones", GROUP_VIEW, NEED_SCREEN, {MAYBE(ARG_WATCHED, WATCH)}, {"watch all", "watch off"}},
	[CMD_TRACE] = {"trace", "trace [COMMAND [ARGUMENT...]|-p PID|stop]", "run a program, or follow process PID, and show each bind "
		"that it makes with its walk; stop ends it; alone, what there is to see of it", GROUP_VIEW, NEED_SCREEN,
		{MAYBE(ARG_COMMAND, "COMMAND")}, {"trace sleep 1"}},
	[CMD_ZOOM] = {"zoom", "zoom", "show only this pane, or all of them again", GROUP_VIEW, NEED_SCREEN, {{0}}, {"zoom"}},
	[CMD_THEME] = {"theme", "theme [" THEMES "]", "use the next theme, or this one", GROUP_VIEW, NEED_SCREEN,
		{MAYBE(ARG_THEME, THEMES)}, {"theme light"}},
	[CMD_MOUSE] = {"mouse", "mouse [" ON_OFF "]", "turn the mouse on or off; off lets the terminal select text", GROUP_VIEW,
		NEED_SCREEN, {MAYBE(ARG_SWITCH, ON_OFF)}, {"mouse off"}},
	[CMD_REDRAW] = {"redraw", "redraw", "redraw the screen and read the sysctls again", GROUP_VIEW, NEED_SCREEN, {{0}},
		{"redraw"}},
	[CMD_KEY] = {"key", "key NAME COMMAND...", "bind a key to a command", GROUP_VIEW, NEED_SCREEN,
		{GIVEN(ARG_KEY, "NAME"), GIVEN(ARG_LINE, "COMMAND")}, {"key F5 bind", "key F6 toggle freebind"}},

	[CMD_SAY] = {"say", "say [TEXT]", "print a line of text", GROUP_SCRIPT, 0, {MAYBE(ARG_TEXT, "TEXT")},
		{"say Now the same address with IP_FREEBIND set."}},
	[CMD_ASK] = {"ask", "ask [TEXT]", "cover the walk, wait for a prediction and keep the score; in a script, print TEXT and wait for "
		"Enter; in a lesson, choices may follow: [binds refused], [step], [+right wrong]", GROUP_SCRIPT, 0,
		{MAYBE(ARG_TEXT, "TEXT")}, {"ask Will this bind succeed?"}},
	[CMD_EXPECT] = {"expect", "expect ok|refused|ERRNO|CODE", "stop a script unless the bind ended this way",
		GROUP_SCRIPT, 0, {GIVEN(ARG_EXPECTED, "ok|refused|ERRNO|CODE")},
		{"bind 192.0.2.2\nexpect ok", "bind 203.0.113.9\nexpect ADDR_NOT_LOCAL"}},
	[CMD_PAUSE] = {"pause", "pause", "wait for Enter if someone is watching", GROUP_SCRIPT, 0, {{0}}, {"pause"}},

	[CMD_LESSON] = {"lesson", "lesson [NAME]", "play a lesson, or return to it; the first line of a lesson's file gives its title",
		GROUP_SCRIPT, 0, {MAYBE(ARG_TEXT, "NAME")}, {"lesson \"IPv6 is different\""}},
	[CMD_LESSON_NEXT] = {"lesson next", "lesson next", "go on in the lesson: run the command, check the goal, or go to the next step",
		GROUP_SCRIPT, NEED_SCREEN, {{0}}, {"lesson next"}},
	[CMD_LESSON_BACK] = {"lesson back", "lesson back", "go back to the beginning of this step, or to the step before",
		GROUP_SCRIPT, NEED_SCREEN, {{0}}, {"lesson back"}},
	[CMD_LESSON_GOTO] = {"lesson goto", "lesson goto N", "go to step N of the lesson, to the next one or the one back", GROUP_SCRIPT,
		NEED_SCREEN, {GIVEN(ARG_LESSON_AT, "N")}, {"lesson goto 3"}},
	[CMD_LESSON_ANSWER] = {"lesson answer", "lesson answer N", "answer a question of the lesson with choice N", GROUP_SCRIPT, NEED_SCREEN,
		{GIVEN(ARG_ORDINAL, "N")}, {"lesson answer 1"}},
	[CMD_LESSON_RECORDING] = {"lesson recording", "lesson recording [" ON_OFF "]", "play on from the recording, or live again",
		GROUP_SCRIPT, NEED_SCREEN, {MAYBE(ARG_SWITCH, ON_OFF)}, {"lesson recording on"}},
	[CMD_GOAL] = {"goal", "goal TEXT", "say in one sentence what a lesson is for", GROUP_SCRIPT, ONLY_FILE, {GIVEN(ARG_TEXT, "TEXT")},
		{"goal See why one route is enough for IPv4 and not for IPv6."}},
	[CMD_TIME] = {"time", "time MINUTES", "say how long a lesson takes", GROUP_SCRIPT, ONLY_FILE, {GIVEN(ARG_MINUTES, "MINUTES")}, {"time 4"}},
	[CMD_LAB] = {"lab", "lab RECIPE", "say which lab a lesson needs", GROUP_SCRIPT, ONLY_FILE, {GIVEN(ARG_RECIPE, "RECIPE")}, {"lab host"}},
	[CMD_NEEDS] = {"needs", "needs FEATURE", "skip a lesson where the kernel does not have this: vrf, ipv6", GROUP_SCRIPT, NEED_LAB | ONLY_FILE,
		{GIVEN(ARG_FEATURE, "FEATURE")}, {"needs ipv6"}},
	[CMD_DO] = {"do", "do COMMAND", "show a command, and run it when the learner says so", GROUP_SCRIPT, ONLY_FILE,
		{GIVEN(ARG_LINE, "COMMAND")}, {"do bind 127.0.0.1"}},
	[CMD_HINT] = {"hint", "hint [TEXT]", "give the next hint; in a lesson's file, the text of one", GROUP_SCRIPT, 0, {MAYBE(ARG_TEXT, "TEXT")},
		{"hint It is a property of the socket, not of the host."}},
	[CMD_SOLUTION] = {"solution", "solution [COMMAND]", "show the solution, after success or the third hint; in a lesson's file, a command of it",
		GROUP_SCRIPT, 0, {MAYBE(ARG_LINE, "COMMAND")}, {"solution set freebind"}},
	[CMD_CHECK] = {"check", "check [bind ENDPOINT] " WANTED " [" WANTED " [" WANTED "]] [proto P]", "stop unless the last real bind ended this way; "
		"with bind, make one of this address and port first", GROUP_SCRIPT, 0,
		{MAYBE_AFTER("bind", ARG_ENDPOINT, "ENDPOINT"), GIVEN(ARG_EXPECTED, WANTED), MAYBE(ARG_EXPECTED, WANTED), MAYBE(ARG_EXPECTED, WANTED),
		 MAYBE_AFTER("proto", ARG_PROTO, "P")},
		{"bind 203.0.113.9\ncheck refused ADDR_NOT_LOCAL", "check bind 127.0.0.1:8080 ok proto tcp"}},
	[CMD_NOTE] = {"note", "note TEXT", "write a note for the speaker", GROUP_SCRIPT, ONLY_FILE, {GIVEN(ARG_TEXT, "TEXT")},
		{"note Ask who has used this before."}},
	[CMD_DONE] = {"done", "done TEXT", "say what was learned, in one line", GROUP_SCRIPT, ONLY_FILE, {GIVEN(ARG_TEXT, "TEXT")},
		{"done For IPv4, a route or an option."}},
	[CMD_READ] = {"read", "read TOPIC...", "name topics of the help to read next", GROUP_SCRIPT, ONLY_FILE, {GIVEN(ARG_WORDS, "TOPIC")},
		{"read anyip ipv6-address-list"}},
	[CMD_SINCE] = {"since", "since VERSION COMMAND", "run a line on kernels from VERSION on only", GROUP_SCRIPT, ONLY_FILE,
		{GIVEN(ARG_VERSION, "VERSION"), GIVEN(ARG_LINE, "COMMAND")}, {"since 6.3 say This kernel has IP_LOCAL_PORT_RANGE."}},
	[CMD_BEFORE] = {"before", "before VERSION COMMAND", "run a line on kernels before VERSION only", GROUP_SCRIPT, ONLY_FILE,
		{GIVEN(ARG_VERSION, "VERSION"), GIVEN(ARG_LINE, "COMMAND")}, {"before 6.3 say This kernel has no IP_LOCAL_PORT_RANGE."}},

	[CMD_COMMAND] = {"command", "command", "type a command; Tab completes", GROUP_PROGRAM,
		NEED_KEY | NEED_SCREEN, {{0}}, {NULL}},
	[CMD_SECTION] = {"section", "section N", "read section N of the help", GROUP_PROGRAM, NEED_SCREEN,
		{GIVEN(ARG_SECTION, "N")}, {"section 2"}},
	[CMD_SECTION_NEXT] = {"section next", "section next", "go to the next section of the help", GROUP_PROGRAM,
		NEED_SCREEN, {{0}}, {"help\nsection next"}},
	[CMD_SECTION_PREV] = {"section back", "section back", "go to the previous section of the help", GROUP_PROGRAM,
		NEED_SCREEN, {{0}}, {"section 2\nsection back"}},
	[CMD_PALETTE] = {"palette", "palette [TEXT]", "find a command by a few letters, and run it", GROUP_PROGRAM, NEED_SCREEN,
		{MAYBE(ARG_TEXT, "TEXT")}, {"palette"}},
	[CMD_PALETTE_RUN] = {"palette-run", "palette-run", "run the selected command", GROUP_PROGRAM, NEED_KEY | NEED_SCREEN,
		{{0}}, {NULL}},
	[CMD_HELP] = {"help", "help [NAME|WORDS|--search WORDS]", "show the keys, the text on a name, or a list of all texts with these words",
		GROUP_PROGRAM, 0, {MAYBE(ARG_SUBJECT, "NAME|WORDS|--search WORDS")},
		{"help freebind", "help --search dad"}},
	[CMD_BACK] = {"back", "back", "close the details, help, filter or view; never quits", GROUP_PROGRAM, NEED_SCREEN,
		{{0}}, {"zoom\nback"}},
	[CMD_SUSPEND] = {"suspend", "suspend", "return to the shell; fg resumes", GROUP_PROGRAM, NEED_SCREEN, {{0}},
		{"suspend"}},
	[CMD_INTERRUPT] = {"interrupt", "interrupt", "cancel, or ask whether to quit", GROUP_PROGRAM,
		NEED_KEY | NEED_SCREEN, {{0}}, {NULL}},
	[CMD_QUIT] = {"quit", "quit", "quit, or end a script", GROUP_PROGRAM, 0, {{0}}, {"quit"}},
	[CMD_QUIT_YES] = {"quit-yes", "quit-yes", "answer yes", GROUP_PROGRAM, NEED_KEY | NEED_SCREEN, {{0}}, {NULL}},
	[CMD_QUIT_NO] = {"quit-no", "quit-no", "answer no", GROUP_PROGRAM, NEED_KEY | NEED_SCREEN, {{0}}, {NULL}},
};

// Other names of commands, and names that they had.
static const struct {
	const char *alias;
	enum command_id id;
} aliases[] = {
	{"next", CMD_STEP_NEXT},   {"previous", CMD_STEP_PREV}, {"step previous", CMD_STEP_PREV},
	{"start", CMD_STEP_FIRST}, {"deciding", CMD_STEP_DECIDING}, {"exit", CMD_QUIT},
	{"flip", CMD_TOGGLE},
};
// clang-format on

bool command_changes(enum command_id id)
{
	return commands[id].group == GROUP_CHANGE && id != CMD_UNDO && id != CMD_RESET && id != CMD_KEEP &&
	       id != CMD_RELEASE;
}

const char command_recorded[] = "this is a recording: nothing is bound, asked or changed here";

bool command_is_live(const struct command_call *call)
{
	switch (call->id) {
	case CMD_BIND:
	case CMD_LISTEN:
	case CMD_CONNECT:
	case CMD_WITNESS:
	case CMD_WATCH:
	case CMD_TRACE:
	case CMD_CHECK:
		return true;
	case CMD_COMPARE: // live
		return call->arg[0] != '\0';
	case CMD_SHOW:
		return strncmp(call->arg, "sockets", strlen("sockets")) == 0;
	case CMD_VIEW:
		return strcmp(call->arg, "sockets") == 0 || strcmp(call->arg, "binds") == 0;
	default:
		return commands[call->id].needs & NEED_LAB;
	}
}

bool command_is_of_lessons(enum command_id id)
{
	return id >= CMD_LESSON && id <= CMD_BEFORE;
}

const char *command_where(enum command_id id)
{
	unsigned needs = commands[id].needs;
	return needs & ONLY_LAB ? "in a lab only" : needs & NEED_LAB ? "in a lab, or with --edit" : "";
}

// What a command does without its argument, where the row's help line tells of both.
static const char *const alone[CMD_COUNT] = {
	[CMD_ADDRESS] = "ask for the address and port to bind to",
	[CMD_UNPRIVILEGED] = "bind without capabilities, as an ordinary user would",
	[CMD_PORT] = "ask for the port to bind to",
	[CMD_PROTO] = "switch between TCP and UDP",
	[CMD_DEVICE] = "bind the socket to the next interface, after the last one to none",
	[CMD_INSERT] = "open the prompt to add an address here, or a route that makes the address local",
	[CMD_UNDO] = "undo the last change",
	[CMD_RELEASE] = "end the process of the last hold",
	[CMD_THEME] = "use the next theme",
	[CMD_WATCH] = "watch all binds of this host, or only those that are refused",
	[CMD_TRACE] = "show the binds of the program that was traced",
	[CMD_FILTER] = "type text: this pane shows only lines that contain it",
	[CMD_COMPARE] = "predict the same bind as IPv4 and IPv6, under each change that may allow it",
	[CMD_FAMILY] = "give the socket the family of the address",
	[CMD_SA_FAMILY] = "give the sockaddr the family of the address",
	[CMD_ADDRLEN] = "pass the size of the sockaddr to bind()",
	[CMD_COMPARE_WITH] = "show a second walk beside this one; again for the next pair",
	[CMD_SORT] = "sort this pane by its next key",
	[CMD_COVER] = "cover the answers of the walk, or uncover all of them",
	[CMD_ANSWER] = "say which keys answer; after the answer, go on",
	[CMD_FILTER_ALL] = "type text: all panes show only lines that contain it",
	[CMD_ASK] = "cover the walk, wait for your prediction, and keep the score",
	[CMD_QUIT] = "quit",
	[CMD_HELP] = "show the help: how to use the screen, its keys and marks",
	[CMD_ZOOM] = "show only this pane, or all of them again",
	[CMD_LESSON] = "return to the lesson",
	[CMD_HINT] = "give the next hint",
	[CMD_SOLUTION] = "show the solution, after success or the third hint",
	[CMD_LESSON_RECORDING] = "play on from the recording, or live again",
};

// What it does with one of these arguments.
static const struct {
	enum command_id id;
	const char *arg, *meaning;
} told[] = {
	{CMD_ANSWER, "binds", "predict that it binds"},
	{CMD_ANSWER, "refused", "predict that it is refused"},
	{CMD_ANSWER, "here", "predict that the selected step ends it"},
	{CMD_ANSWER, "none", "skip the question"},
	{CMD_CELL, "left", "select the walk or cell to the left"},
	{CMD_CELL, "right", "select the walk or cell to the right"},
	{CMD_WATCH, "on", "watch the binds of all programs on this host that are refused"},
	{CMD_WATCH, "all", "watch all binds of all programs on this host"},
	{CMD_WATCH, "off", "watch the binds of this host no more"},
	{CMD_TRACE, "stop", "end the trace: a program that it runs is killed, process PID is let go"},
	{CMD_COMPARE_WITH, "other", "show the counterpart in the other family beside this walk"},
	{CMD_COMPARE_WITH, "before", "show the walk before the last change beside this one"},
	{CMD_COMPARE_WITH, "pinned", "show the pinned walk beside this one"},
	{CMD_HIDE, "link-local", "hide or show link-local addresses and routes"},
};

// What it does with any other: the argument stands between these; without the second one, the first says it all.
static const struct {
	const char *before, *after;
} with[CMD_COUNT] = {
	[CMD_TOGGLE] = {"toggle ", ""},
	[CMD_REMEDY] = {"apply remedy ", ""},
	[CMD_SET] = {"set ", " on the socket"},
	[CMD_UNSET] = {"remove ", " from the socket options"},
	[CMD_SYSCTL] = {"write ", ""},
	[CMD_PROTO] = {"set the protocol to ", ""},
	[CMD_TYPE] = {"set the type of the socket to ", ""},
	[CMD_FAMILY] = {"set the family of the socket to ", ", whatever the address is"},
	[CMD_SHOW] = {"list the ", ""},
	[CMD_COMPARE] = {"really bind as IPv4 and IPv6, under each change that may allow it", NULL},
	[CMD_UNDO] = {"undo all changes", NULL},
	[CMD_HOLD] = {"let another process hold ", " in the lab"},
	[CMD_PANE] = {"go to the ", " pane"},
	[CMD_VIEW] = {"go to the ", " view"},
	[CMD_THEME] = {"use the ", " theme"},
	[CMD_SECTION] = {"read section ", " of the help"},
	[CMD_HELP] = {"read about ", ""},
	[CMD_PALETTE] = {"open the palette with \"", "\""},
	[CMD_INSERT] = {"open the prompt with \"", "\""},
};

// The command that a line to be completed begins with, CMD_COUNT for none.
static enum command_id begun(const char *line)
{
	int id = 0;
	for (; id < CMD_COUNT; id++) {
		size_t len = strlen(commands[id].name);
		if (strncmp(line, commands[id].name, len) == 0 && (line[len] == ' ' || line[len] == '\0'))
			break;
	}
	return (enum command_id)id;
}

char *command_meaning(enum command_id id, const char *arg, char *buf, size_t len)
{
	const char *help = commands[id].help, *before = with[id].before, *after = with[id].after;
	int option = option_find(arg), sysctl = sysctl_find(arg);
	if (option >= 0)
		arg = option_info((enum option_id)option)->symbol;
	for (size_t i = 0; i < sizeof told / sizeof told[0]; i++)
		if (told[i].id == id && strcmp(told[i].arg, arg) == 0) {
			snprintf(buf, len, "%s", told[i].meaning);
			return buf;
		}
	if (id == CMD_SYSCTL && sysctl >= 0 && sysctl_info((enum sysctl_id)sysctl)->toggle)
		before = "toggle ";
	enum command_id to = id == CMD_INSERT && *arg ? begun(arg) : CMD_COUNT;
	if (to != CMD_COUNT)
		snprintf(buf, len, "%.*s: opens the prompt", (int)strcspn(commands[to].help, ";"), commands[to].help);
	else if (!*arg)
		snprintf(buf, len, "%s", alone[id] ? alone[id] : help);
	else if (before)
		snprintf(buf, len, "%s%s%s", before, after ? arg : "", after ? after : "");
	else
		snprintf(buf, len, "%.*s: %s", (int)strcspn(help, ";"), help, arg);
	return buf;
}

const struct command *command_info(enum command_id id)
{
	return &commands[id];
}

const char *command_group_title(enum command_group g)
{
	static const char *const titles[GROUP_COUNT] = {
		[GROUP_ATTEMPT] = "The bind", [GROUP_WALK] = "The walk", [GROUP_CHANGE] = "Changing the network",
		[GROUP_MOVE] = "Moving",      [GROUP_VIEW] = "The view", [GROUP_SCRIPT] = "Scripts and lessons",
		[GROUP_PROGRAM] = "Bindwalk",
	};
	return titles[g];
}

int command_find(const char *name)
{
	for (int i = 0; i < CMD_COUNT; i++)
		if (strcmp(commands[i].name, name) == 0)
			return i;
	for (size_t i = 0; i < sizeof aliases / sizeof aliases[0]; i++)
		if (strcmp(aliases[i].alias, name) == 0)
			return (int)aliases[i].id;
	return -1;
}

unsigned command_params(enum command_id id)
{
	unsigned n = 0;
	while (n < COMMAND_PARAMS && (commands[id].params[n].kind != ARG_NONE || commands[id].params[n].keyword))
		n++;
	return n;
}

const char *command_value(const struct command_call *call, unsigned n)
{
	return n < COMMAND_PARAMS && call->at[n] ? call->text + call->at[n] : NULL;
}
