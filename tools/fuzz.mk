# Tests by chance: make check-kills, fuzz-diff and fuzz. What is random comes from a seed that is printed.

# KILLS kills of stubs from outside under each backend, and about as many of guests from within.
KILLS ?= 2500
check-kills: $(O)/umk
	@dir=$$(mktemp -d) && cd $$dir && O=$(abspath $(O)) UMK=$(abspath $(O)/umk) TOP=$(CURDIR) KILLS=$(KILLS) KILLS_REPORT=1 \
		TIMEOUT_SCALE=$$(sh $(CURDIR)/tests/time-scale) sh $(CURDIR)/tests/scripts/kill-stubs.sh; \
	status=$$?; rm -rf $$dir; exit $$status
.PHONY: check-kills

# ---- sequences of calls on the host and under umk: FUZZ_SEED is the first, FUZZ_COUNT how many, FUZZ_MODE how umk traps ----
FUZZ_SEED ?= 1
FUZZ_COUNT ?= 5000
FUZZ_MODE ?= seccomp
FUZZ_JOBS ?= $(JOBS)
FUZZ_DIFF_C = $(wildcard tests/fuzz/diff*.c)
$(O)/fuzz/diff: $(FUZZ_DIFF_C) tests/fuzz/diff.h
	@mkdir -p $(@D)
	@echo "  GUEST   $@"
	$(Q)$(CC) $(GUEST_FLAGS) -o $@ $(FUZZ_DIFF_C)
fuzz-diff: $(O)/umk $(O)/fuzz/diff
	@echo "fuzz-diff: sequences $(FUZZ_SEED) to $(FUZZ_SEED)+$(FUZZ_COUNT) under $(FUZZ_MODE)"
	@tests/fuzz/run-diff -u $(O)/umk -m $(FUZZ_MODE) -j $(FUZZ_JOBS) $(O)/fuzz/diff $(FUZZ_SEED) $(FUZZ_COUNT)
# The seeds of what was found once, in make check.
check-fuzz-diff: $(O)/umk $(O)/fuzz/diff
	@tests/fuzz/run-diff -u $(O)/umk -m $(FUZZ_MODE) -f tests/fuzz/seeds $(O)/fuzz/diff
.PHONY: fuzz-diff check-fuzz-diff

# ---- every call with any arguments, under sanitizers: FUZZ_TIME seconds in all ----
FUZZ_TIME ?= 1800
$(O)/fuzz/hostile: tests/fuzz/hostile.c
	@mkdir -p $(@D)
	@echo "  GUEST   $@"
	$(Q)$(CC) $(GUEST_FLAGS) -o $@ $<
fuzz: $(O)/fuzz/hostile
	@$(MAKE) --no-print-directory SAN=address,undefined all
	@sh tests/fuzz/run-hostile build/san/umk $(O)/fuzz/hostile $(FUZZ_TIME)
.PHONY: fuzz
