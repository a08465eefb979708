# Tests by chance: make check-kills, fuzz-diff and fuzz. What is random comes from a seed that is printed.

# KILLS kills of stubs from outside under each backend, and about as many of guests from within.
KILLS ?= 2500
check-kills: $(O)/umk
	@dir=$$(mktemp -d) && cd $$dir && O=$(abspath $(O)) UMK=$(abspath $(O)/umk) TOP=$(CURDIR) KILLS=$(KILLS) KILLS_REPORT=1 \
		TIMEOUT_SCALE=$$(sh $(CURDIR)/tests/time-scale) sh $(CURDIR)/tests/scripts/kill-stubs.sh; \
	status=$$?; rm -rf $$dir; exit $$status
.PHONY: check-kills
