// SPDX-License-Identifier: GPL-3.0-or-later
// One walk as text or JSON, without a screen.
#ifndef BINDWALK_EXPLAIN_H
#define BINDWALK_EXPLAIN_H

// "bindwalk explain ...": argv[0] is "explain". Returns the exit status.
int explain_main(int argc, char **argv);

#endif
