#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Runs a command in a copy of this root, where the folder is /mnt: copy.sh FOLDER COMMAND... Nothing that it does is there afterwards.
# To be started as enter.sh is.
set -eu

folder=$1
shift
copy=$folder/copy
mkdir "$copy"
mount -t tmpfs copy "$copy"
mkdir "$copy/upper" "$copy/work" "$copy/root"
mount -t overlay -o "lowerdir=/,upperdir=$copy/upper,workdir=$copy/work" overlay "$copy/root"
mount --bind "$folder" "$copy/root/mnt"
exec "$(dirname "$0")/enter.sh" "$copy/root" "$@"
