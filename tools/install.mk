# make install: the program, its page and its completion below PREFIX, staged in DESTDIR.

PREFIX ?= /usr/local
DESTDIR ?=
bindir ?= $(PREFIX)/bin
mandir ?= $(PREFIX)/share/man
completionsdir ?= $(PREFIX)/share/bash-completion/completions

install: $(O)/umk
	install -D -m 755 $(O)/umk $(DESTDIR)$(bindir)/umk
	install -D -m 644 tools/umk.1 $(DESTDIR)$(mandir)/man1/umk.1
	install -D -m 644 tools/umk.bash $(DESTDIR)$(completionsdir)/umk

uninstall:
	rm -f $(DESTDIR)$(bindir)/umk $(DESTDIR)$(mandir)/man1/umk.1 $(DESTDIR)$(completionsdir)/umk
.PHONY: install uninstall
