// SPDX-License-Identifier: GPL-3.0-or-later
// Lists the bound sockets, and whether each would bind again, without a screen.
#ifndef BINDWALK_SOCKETS_H
#define BINDWALK_SOCKETS_H

// "bindwalk sockets ...": argv[0] is "sockets". Returns the exit status: EXIT_REFUSED when a socket would not bind
// again.
int sockets_main(int argc, char **argv);

#endif
