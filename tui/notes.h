// SPDX-License-Identifier: GPL-3.0-or-later
// `bindwalk notes`: the speaker's notes on a second terminal.
#ifndef BINDWALK_NOTES_H
#define BINDWALK_NOTES_H

int notes_main(int argc, char **argv);

#endif
