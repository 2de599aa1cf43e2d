// SPDX-License-Identifier: GPL-3.0-or-later
// Text from outside inside of other languages, where it must stay text. Pure.
#ifndef BINDWALK_QUOTING_H
#define BINDWALK_QUOTING_H

#include <stdbool.h>
#include <stdio.h>

// Does a shell take it as it is, as a word of one's own would be?
bool quote_is_bare(const char *text);
// One word of any POSIX shell, with these very bytes; what can't be shown is printed by the shell itself. (It then
// loses newlines at its end.)
void quote_shell(const char *text, FILE *out);
// The same in pieces.
void quote_shell_pieces(const char *text, void (*put)(const char *piece, void *data), void *data);
// A bytes literal of Python, with these very bytes.
void quote_python(const char *text, FILE *out);
// Text between tags and in the attributes of HTML and XML. What can't be shown is shown as visible.h says.
void quote_html(const char *text, FILE *out);
// The rest of a line that is a comment; never ends the line. What can't be shown, as above.
void quote_comment(const char *text, FILE *out);

#endif
