// SPDX-License-Identifier: GPL-3.0-or-later
// A host as an operator has it: 30 interfaces, 200 addresses, 300 routes, 40 sockets, some rules.
#ifndef BINDWALK_BUSY_HOST_H
#define BINDWALK_BUSY_HOST_H

// Furnishes the lab that the process is in; its sockets stay open as long as the process. Ends the test otherwise.
void busy_host_make(void);

// An address in no table; one that an unreachable route hides; and one whose port 443 this process has.
#define VIP_ABSENT "10.20.0.77"
#define VIP_HIDDEN "10.10.5.200"
#define VIP_TAKEN  "10.10.3.7"

#endif
