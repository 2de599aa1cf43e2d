#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
# Records the *.nl files beside it: netlink dumps of a namespace with one of everything that core/observe/nl_parse.c reads.
#   unshare -n python3 tests/data/record.py
# Interface numbers, sizes of tables and the like are what tests/unit/test_nl_parse.c expects.
import os
import socket
import struct
import subprocess
import sys

SETUP = """
link set lo up
link add v0 type veth peer name v1
link add br0 type bridge
link set v1 master br0
link set v0 up
link set v1 up
addr add 10.5.0.1 peer 10.5.0.2/32 dev v0
addr add 192.0.2.1/24 broadcast 192.0.2.255 dev v0 noprefixroute valid_lft 4000000 preferred_lft 3000000
addr add 2001:db8::1/64 dev br0
addr add 2001:db8::2/64 dev v0 nodad
addr add 2001:db8::3/64 dev v0 nodad valid_lft forever preferred_lft 0
route add local 192.168.123.0/24 dev lo
route add blackhole 203.0.113.0/24 metric 77
route add 198.51.100.0/24 nexthop dev v0 nexthop via 10.5.0.2
route add 198.51.101.0/24 dev v0 table 300
route add 198.51.102.0/24 tos 0x10 dev v0
nexthop add id 9 dev v0
nexthop add id 10 blackhole
route add 198.51.103.0/24 nhid 9
route add 198.51.104.0/24 nhid 10
route add default via 10.5.0.2
-6 route add local 2001:db8:123::/64 dev lo
rule add pref 100 from 10.0.0.0/8 to 172.16.0.0/12 iif v0 oif br0 fwmark 0x1/0xff lookup 300
rule add pref 32766 lookup main
-6 rule add pref 5 from 2001:db8::/32 blackhole
"""

RTM = {"links": (18, struct.pack("=BBHiII", 0, 0, 0, 0, 0, 0)),
       "addrs": (22, struct.pack("=BBBBI", 0, 0, 0, 0, 0)),
       "routes": (26, struct.pack("=BBBBBBBBI", 0, 0, 0, 0, 0, 0, 0, 0, 0)),
       "rules": (34, struct.pack("=BBBBBBBBI", 0, 0, 0, 0, 0, 0, 0, 0, 0))}


def dump(protocol, kind, body):
    s = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, protocol)
    s.bind((0, 0))
    s.send(struct.pack("=IHHII", 16 + len(body), kind, 0x301, 1, 0) + body)
    out = b""
    while True:
        part = s.recv(65536)
        out += part
        at = 0
        while at < len(part):
            length, message = struct.unpack_from("=IH", part, at)
            if message in (2, 3):  # error, done
                return out
            at += (length + 3) & ~3


def save(name, data):
    with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), name + ".nl"), "wb") as f:
        f.write(data)


for line in SETUP.strip().splitlines():
    subprocess.run(["ip"] + line.split(), check=True)
# One more than the kernel tells at once: the link below v0 is gone, and it is to be ignored by lookups.
for name in ("all", "v0"):
    with open(f"/proc/sys/net/ipv4/conf/{name}/ignore_routes_with_linkdown", "w") as f:
        f.write("1")
if len(sys.argv) > 1:
    os.execvp(sys.argv[1], sys.argv[1:])
for name, (kind, body) in RTM.items():
    save(name, dump(socket.NETLINK_ROUTE, kind, body))
    if name == "routes":
        subprocess.run(["ip", "link", "set", "v1", "down"], check=True)
        save("routes_linkdown", dump(socket.NETLINK_ROUTE, kind, body))

holders = []
for family, kind, address, v6only in ((socket.AF_INET, socket.SOCK_STREAM, "127.0.0.1", None),
                                      (socket.AF_INET6, socket.SOCK_STREAM, "::", 0),
                                      (socket.AF_INET6, socket.SOCK_STREAM, "::1", 1)):
    s = socket.socket(family, kind)
    if v6only is not None:
        s.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, v6only)
    s.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, b"lo" if address == "::1" else b"")
    s.bind((address, 7000 + len(holders)))
    s.listen()
    holders.append(s)
socks = b""
for family in (socket.AF_INET, socket.AF_INET6):
    socks += dump(4, 20, struct.pack("=BBBxI", family, socket.IPPROTO_TCP, 0, 0xffffffff) + bytes(48))
save("socks", socks)
