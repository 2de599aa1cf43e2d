// SPDX-License-Identifier: GPL-3.0-or-later
// From the stage to its notes: a Unix socket in a folder of the user's own. Either side may come first, die and come
// back. The stage never waits: a reader that does not read is let go, and finds the present page when it comes back.
// Each page is one message (SOCK_SEQPACKET), so that no half of one is ever read.
#ifndef BINDWALK_NOTES_CHANNEL_H
#define BINDWALK_NOTES_CHANNEL_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "core/change/own_folder.h"
#include "core/lesson/stage_page.h"

enum { NOTES_READERS = 8, NOTES_ERROR = OWN_PATH + 128 };

// The stage's end.
struct notes_sender {
	struct own_folder folder;
	int listener; // -1: none; readable when somebody comes
	int reader[NOTES_READERS];
	unsigned readers;
	dev_t dev; // of the socket's name: another stage may have it by now
	ino_t ino;
	struct stage_page page; // the present one
	int64_t told;           // when, of now_ms(); 0: never
};

// Takes the place of a stage that is there or was killed. 0, or -errno with a sentence in err; then the others do
// nothing.
int notes_sender_open(struct notes_sender *s, char *err, size_t errlen);
// Lets in who has come, up to NOTES_READERS, and gives them the present page.
void notes_sender_accept(struct notes_sender *s);
// Gives everybody a page.
void notes_sender_tell(struct notes_sender *s, const struct stage_page *p);
void notes_sender_close(struct notes_sender *s);

enum notes_event { NOTES_NOTHING = 0, NOTES_PAGE = 1, NOTES_FOUND = 2, NOTES_LOST = 4, NOTES_STRANGE = 8 };

// The notes' end.
struct notes_reader {
	struct own_folder folder; // its path; not open
	int watch;                // inotify, of the folder; -1: none, and a clock does it
	int fd;                   // to the stage, -1: none
	int64_t next;             // when to try again, of now_ms(); -1: the watch tells
	int64_t last;             // when a stage was found
};

// Opens the folder, which is made where it is missing. 0, or -errno with a sentence in err.
int notes_reader_open(struct notes_reader *r, char *err, size_t errlen);
// Does what can be done without waiting: finds a stage, takes what it sent. Set of enum notes_event; *out gets the last
// page, for NOTES_PAGE. To be called when fd or watch is readable, and after notes_reader_patience().
unsigned notes_reader_look(struct notes_reader *r, struct stage_page *out);
// Milliseconds until it must look again, whatever the descriptors say; -1: never.
int notes_reader_patience(const struct notes_reader *r);
void notes_reader_close(struct notes_reader *r);

#endif
