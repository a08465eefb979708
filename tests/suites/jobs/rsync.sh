# rsync -a of /usr/share: every name, mode, owner, time, link and byte is there; a second run finds nothing to do.
set -e
list() { (cd "$1" && find . -printf '%p %y %m %U:%G %l %T@' \( -type d -printf '\n' -o -printf ' %s\n' \) | sort); }
rsync -aH /usr/share/ copy/
list /usr/share >want
list copy >got
cmp want got
echo "= $(wc -l <got) entries"
(cd /usr/share && find . -type f -print0 | sort -z | xargs -0 md5sum) >want
(cd copy && find . -type f -print0 | sort -z | xargs -0 md5sum) >got
cmp want got
echo "= the bytes $(md5sum <got)"
echo "= again: $(rsync -aH --itemize-changes /usr/share/ copy/ | wc -l) changes"
echo x >>copy/doc/bash/copyright
rm -rf copy/man
echo "= mended: $(rsync -aHc --delete --itemize-changes /usr/share/man /usr/share/doc copy/ | grep -c .)"
